/* SPDX-License-Identifier: MIT
 * core/fold.h - letters in the form in which words are compared: lower case, without marks, the
 * same in every locale. UTF-8 in, UTF-8 out. */
#ifndef SST_CORE_FOLD_H
#define SST_CORE_FOLD_H

#include "core/text.h"

struct sst__fold_row {
	uint16_t from;
	char to[4]; /* UTF-8, NUL at the end */
};

extern const struct sst__fold_row sst__fold_rows[]; /* in numeric order */
extern const uint16_t sst__fold_first[257]; /* by the high byte of `from`: its first row */

/* What kind of character stands at some place. */
enum sst__letter {
	SST__LETTER_WORD,      /* part of a word */
	SST__LETTER_IDEOGRAPH, /* a script without blanks between words: each is a word of its own
	                        */
	SST__LETTER_NOTHING,   /* a mark or an invisible character: as if it were not there */
	SST__LETTER_BLANK,     /* white space or punctuation */
	SST__LETTER_STOP       /* punctuation that ends a sentence */
};

struct sst__folded {
	char bytes[4];
	uint8_t len;  /* bytes written to `bytes` */
	uint8_t used; /* bytes of the text */
	uint8_t kind; /* enum sst__letter */
};

/* Folds the character at `at`, which is not an ASCII byte. A byte that is not UTF-8 is taken as
 * Latin-1. */
void sst__fold(sst_text text, size_t at, struct sst__folded *out);

#endif
