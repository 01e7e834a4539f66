/* SPDX-License-Identifier: MIT
 * cli/mails.h - the mails of an input: one, or those of an mbox in any of its four dialects (mboxo,
 * mboxrd, mboxcl, mboxcl2), piece by piece as they pass through the window. */
#ifndef SST_CLI_MAILS_H
#define SST_CLI_MAILS_H

#include "cli/input.h"

typedef struct cli_mails {
	cli_input *in;
	bool mbox;
	bool lengths; /* the file keeps Content-Length: its first mail's leads to the second */
	bool known;   /* whether it is an mbox has been looked at */
	bool started, over; /* the present mail has begun, has been given whole */
	uint64_t number;    /* of the present mail, from 1 */
	uint64_t body_end;  /* offset of the end that Content-Length tells; 0: none */
	size_t skip;        /* bytes at the front that have been looked at already */
	bool doubtful;      /* the name speaks for one mail: a From line is looked at twice */
	uint8_t boundary_len;
	char boundary[72]; /* doubtful: of the present mail's parts */
} cli_mails;

/* Starts at the beginning of the input, or, with `number` above 0, at the From line of that mail of
 * an mbox whose `lengths` is known. */
void cli_mails_start(cli_mails *mails, cli_input *in, uint64_t number, bool lengths);

/* Whether a file of that name should be one mail: *.eml, packed or not. */
bool cli_is_one_mail(const char *name);

/* After the start: the input should be one mail. If it is an mbox all the same, From lines inside
 * of its parts or behind the announcement of a returned message are text. */
void cli_mails_doubt(cli_mails *mails);

/* Before the first mail: is the input an mbox? */
bool cli_mails_is_mbox(cli_mails *mails);

/* Goes to the next mail. False after the last one. An input without any byte is one empty mail. */
bool cli_mails_next(cli_mails *mails);

/* The next piece of the present mail, valid until the next call; may be empty. `*last` says that
 * the mail ends with it. */
sst_text cli_mails_piece(cli_mails *mails, bool *last);

/* Whether these bytes, which start a line, are a From line: "From anna@example.org Sat Jan  3
 * 01:05:34 1996". */
bool cli_is_from_line(sst_text line);

#endif
