/* SPDX-License-Identifier: MIT
 * read/shapes_letters.h - the letters of a phrase's kinds in data/shapes.tsv, in the order of the
 * bits of read/shapes.h. */
#ifndef SST_READ_SHAPES_LETTERS_H
#define SST_READ_SHAPES_LETTERS_H

#define SHAPE_LETTERS "fdstrxoqwacuvmlpkebghn"

#endif
