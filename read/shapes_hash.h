/* SPDX-License-Identifier: MIT
 * read/shapes_hash.h - the hash of a phrase's first letters, for the reader and its generator. */
#ifndef SST_READ_SHAPES_HASH_H
#define SST_READ_SHAPES_HASH_H

#define SHAPE_LETTERS "fdstrxoqwacuvmlpk"
#define SHAPE_HASHES 2048

/* Of three bytes; of the first two where they are one letter, which may be in either case. */
static inline unsigned shape_hash(const unsigned char *p)
{
	unsigned word = p[0] | (unsigned)p[1] << 8;

	if (p[0] < 0xc2 || p[0] > 0xdf)
		word |= (unsigned)p[2] << 16;
	return (word * 2654435761u) >> 21;
}

#endif
