/* SPDX-License-Identifier: MIT
 * cli/rules_regex.h - a regular expression as words with gaps. */
#ifndef CLI_RULES_REGEX_H
#define CLI_RULES_REGEX_H

#include <smtpstatus.h>

typedef struct cli_as_words {
	char words[480]; /* as the column of smtpstatus-rules(5) has them */
	size_t len;      /* 0: it is a code alone, or, without codes, more than words with gaps */
	char codes[24];  /* the code that it begins with, or 4xx; "" for none */
} cli_as_words;

/* One alternative of the top level of `regex`, from *at on; moves *at behind it. False when there
 * is none left. What is narrower than words can tell (digits, a class of letters) becomes a gap. */
bool cli_regex_next(sst_text regex, size_t *at, cli_as_words *out);

#endif
