/* SPDX-License-Identifier: MIT
 * cli/rules.h - the parts of smtpstatus rules. */
#ifndef SST_CLI_RULES_H
#define SST_CLI_RULES_H

#include "cli/output.h"

#include <smtpstatus.h>

/* The text of the built-in rules: data/rules, one file behind another. */
extern const char cli__rules_text[];
extern const size_t cli__rules_text_len;

/* A row of a table of rules; "-" is read as absent. */
typedef struct cli_rule_row {
	sst_text id, category, weight, speaker, codes, words, set, example, fact;
	unsigned long line;
} cli_rule_row;

typedef struct cli_rule_reader {
	sst_text text, rest;
	sst_text names[16];
	unsigned columns;
	bool rules;
	unsigned long line;
} cli_rule_reader;

void cli_rule_reader_init(cli_rule_reader *reader, sst_text text);

/* The next rule; rows of concepts are passed over. False at the end. */
bool cli_rule_next(cli_rule_reader *reader, cli_rule_row *row);

/* Each gives an exit status. */
int cli_rules_check(const sst_rules *rules, sst_text text, const char *name, cli_text *out);

/* Which rules speak of no text, or of a single one, of those below the path `samples`. */
int cli_rules_samples(const sst_rules *rules, sst_text text, const char *name, const char *samples,
                      cli_text *out);
int cli_rules_test(const sst_rules *rules, sst_text text, cli_text *out);
int cli_rules_coverage(const sst_rules *rules, const char *path, cli_text *out);
int cli_rules_import(const char *path, cli_text *out);

#endif
