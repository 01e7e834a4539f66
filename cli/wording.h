/* SPDX-License-Identifier: MIT
 * cli/wording.h - server texts that say the same thing, and their verdict. Ids, addresses and
 * counts differ from line to line; without them a busy log has a few hundred texts, and each is
 * judged once. */
#ifndef SST_CLI_WORDING_H
#define SST_CLI_WORDING_H

#include "cli/settings.h"

#include <smtpstatus.h>
#include <smtpstatus/track.h>

typedef struct cli_wording {
	uint64_t hash; /* 0: the place is free */
	uint64_t count;
	sst_category category;
	sst_permanence permanence;
	sst_act act;
	sst_side side;
	uint8_t confidence;
	sst_code status;
	char *sample; /* the first text of its kind */
	uint16_t sample_len;
} cli_wording;

typedef struct cli_wordings {
	const cli_settings *settings;
	cli_wording *places;
	unsigned count;
	uint64_t others; /* texts beyond the limit */
	cli_wording spare;
} cli_wordings;

/* The settings may still change until the first text comes. */
bool cli_wordings_init(cli_wordings *words, const cli_settings *settings);
void cli_wordings_free(cli_wordings *words);

/* The wording of an attempt or refusal, with its verdict; never NULL. Valid until the next call. */
cli_wording *cli_wording_of(cli_wordings *words, const sst_event *event);

/* The most frequent ones first; returns how many there are, at most `max`. */
unsigned cli_wordings_top(const cli_wordings *words, const cli_wording **out, unsigned max);

/* The lines of a reply, which logs join: with blanks (Postfix), or as backslash and n (Exim).
 * Writes the text with line ends into `buffer` and gives it back; a text of one line is given back
 * itself. */
sst_text cli_words_unfold(sst_server server, sst_text text, char *buffer, size_t size);

#endif
