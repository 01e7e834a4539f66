/* SPDX-License-Identifier: MIT
 * core/find.h - the finder with its memory, for readers that go through a text once. */
#ifndef SST_CORE_FIND_H
#define SST_CORE_FIND_H

#include <smtpstatus.h>

typedef struct sst_finder {
	sst_text in;
	size_t at;        /* where the search goes on */
	uint16_t reply;   /* the last reply code that was found; 0: none yet */
	size_t reply_end; /* where it ended */
	/* Of the find that was given out last: */
	bool line_start; /* it stands first in its line */
	bool more;       /* its reply code is followed by a hyphen: another line is announced */
	size_t code_from, code_upto; /* its enhanced code */
} sst_finder;

/* Starts at `at`; a reply code at the text's start is remembered. */
void sst__finder_init(sst_finder *finder, sst_text in, size_t at);

sst_err sst__finder_next(sst_finder *finder, sst_found *out);

/* Behind blanks and a diagnostic type ("smtp;") at the text's start. */
size_t sst__lead_start(sst_text in);

#endif
