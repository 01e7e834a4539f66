/* SPDX-License-Identifier: MIT
 * write/paragraph.h - running text in lines of at most 72 columns. */
#ifndef SST_WRITE_PARAGRAPH_H
#define SST_WRITE_PARAGRAPH_H

#include "write/encode.h"

/* One paragraph, each line after `indent` blanks, ended by LF. Broken at blanks, and between
 * characters of Chinese and Japanese; controls count as blanks. Octets that are not UTF-8 become
 * "?". Nothing is written for a text without a letter. */
void sst__out_paragraph(sst_out *out, unsigned indent, sst_text text);

#endif
