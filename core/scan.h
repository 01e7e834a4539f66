/* SPDX-License-Identifier: MIT
 * core/scan.h - running text as the matcher sees it: folded words, one blank between two, with
 * addresses, host names, links and numbers put aside so that their own words aren't taken for the
 * speaker's. Text of any length is looked at window by window. */
#ifndef SST_CORE_SCAN_H
#define SST_CORE_SCAN_H

#include "core/text.h"

enum {
	SST__WORDS = 224,       /* words of a window */
	SST__FOLDED = 2048,     /* bytes of folded words of a window */
	SST__INNERS = 24,       /* names, links and addresses of a window that are looked into */
	SST__INNER_BYTES = 1024 /* and their bytes */
};

/* What stands in the folded text in place of things that are not words. Rules name them <address>
 * and so on. */
enum {
	SST__PLACE_ADDRESS = 1,
	SST__PLACE_IP,
	SST__PLACE_HOST,
	SST__PLACE_LINK,
	SST__PLACE_NUMBER,
	SST__PLACE_NULL_SENDER,
	SST__MARK_NAME,   /* starts a literal that is looked for in host names and links: //word */
	SST__MARK_ADDRESS /* starts one that is looked for at the start of addresses: @word */
};

struct sst__word {
	uint32_t from, upto; /* bytes of the text */
	uint16_t at;         /* in `folded` */
	uint16_t position;   /* counts words; a new sentence counts more */
};

struct sst__inner {
	uint16_t at, len; /* in `inner_bytes` */
	uint16_t word;    /* the word whose place it takes */
	uint8_t mark;
};

/* One window. Words are separated by one blank each; `folded` ends in a blank. */
struct sst__scan {
	unsigned words, inners;
	unsigned folded_len, inner_len;
	struct sst__word word[SST__WORDS];
	struct sst__inner inner[SST__INNERS];
	char folded[SST__FOLDED];
	char inner_bytes[SST__INNER_BYTES];
};

/* Reads the next window from `*at`, and moves `*at` behind it. `own` is a name that is not to be
 * taken for words (the local part of the recipient), or absent. False when there is nothing left.
 */
bool sst__scan_next(sst_text text, size_t *at, sst_text own, struct sst__scan *scan);

/* A text that is looked at more than once. Its first window, which as a rule is all of it, is kept;
 * the next one begins at `at`. */
struct sst__windows {
	sst_text text, own;
	size_t at;
	struct sst__scan first;
};

void sst__windows_open(struct sst__windows *windows, sst_text text, sst_text own);

#endif
