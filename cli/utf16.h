/* SPDX-License-Identifier: MIT
 * cli/utf16.h - files that are in UTF-16, as Windows writes them, become UTF-8 piece by piece. */
#ifndef SST_CLI_UTF16_H
#define SST_CLI_UTF16_H

#include <smtpstatus.h>

typedef struct cli_utf16 {
	bool known, big; /* the byte order mark has been read; the high byte comes first */
	bool half;       /* `first` is the first byte of a unit */
	unsigned char first;
	uint16_t high; /* a surrogate that waits for its second one; 0: none */
	char made[8];  /* UTF-8 that had no room yet */
	unsigned made_len;
} cli_utf16;

/* Takes bytes from *in and puts bytes into *out; both are moved behind what was used. False while
 * something is still to be put out. */
bool cli_utf16_run(cli_utf16 *state, sst_text *in, char **out, size_t *room);

#endif
