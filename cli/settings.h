/* SPDX-License-Identifier: MIT
 * cli/settings.h - the options that several commands share, and what comes of them. */
#ifndef SST_CLI_SETTINGS_H
#define SST_CLI_SETTINGS_H

#include "cli/options.h"

#include <smtpstatus.h>

/* Ids of the shared options; a command's own start at 1. */
enum {
	CLI_JSON = 1000,
	CLI_FORMAT,
	CLI_LANG,
	CLI_FOR,
	CLI_CODES,
	CLI_RULES,
	CLI_VOCABULARY,
	CLI_COLOR
};

/* Rows for a command's table. */
#define CLI_ROW_JSON                                                                             \
	{                                                                                        \
		CLI_JSON, 'j', "json", NULL, "JSON Lines, one record a line: smtpstatus-json(5)" \
	}
#define CLI_ROW_FORMAT                                                            \
	{                                                                         \
		CLI_FORMAT, 0, "format", "FORMAT", "text, json, html or markdown" \
	}
#define CLI_ROW_LANG                                                                      \
	{                                                                                 \
		CLI_LANG, 'l', "lang", "TAG", "language of the words: de, pt-BR, ja, ..." \
	}
#define CLI_ROW_FOR                                                            \
	{                                                                      \
		CLI_FOR, 0, "for", "READER", "sender, postmaster or developer" \
	}
#define CLI_ROW_CODES                                                                             \
	{                                                                                         \
		CLI_CODES, 0, "codes", "FILE", "more status codes, with the columns of codes.tsv" \
	}
#define CLI_ROW_RULES                                                                     \
	{                                                                                 \
		CLI_RULES, 0, "rules", "PATH", "more rules, a file or a folder; they win" \
	}
#define CLI_ROW_VOCABULARY                                                                         \
	{                                                                                          \
		CLI_VOCABULARY, 0, "vocabulary", "NAME", "name categories as another program does" \
	}
#define CLI_ROW_COLOR                                                  \
	{                                                              \
		CLI_COLOR, 0, "color", "WHEN", "auto, always or never" \
	}

typedef enum cli_format { CLI_AS_TEXT, CLI_AS_JSON, CLI_AS_HTML, CLI_AS_MARKDOWN } cli_format;

typedef struct cli_settings {
	cli_format format;
	const char *lang;             /* NULL: as the locale says */
	unsigned audience;            /* 0 sender, 1 postmaster, 2 developer */
	bool color;                   /* decided by cli_settings_ready, */
	unsigned columns;             /* and so are those of a line */
	const sst_registry *registry; /* NULL: built-in */
	const sst_rules *rules;       /* NULL: built-in */
	const char *color_when;
} cli_settings;

/* Takes a shared option. False if the id is none of them. *status stays 0 if all is well. */
bool cli_settings_take(cli_settings *settings, const cli_usage *usage, int id, const char *value,
                       int *status);

/* Gives a file, or all .tsv files of a folder by name, one after another until an exit status from
 * EXIT_USAGE on; the worst is what comes back. */
int cli_each_table(const char *path, int (*each)(void *context, const char *file), void *context);

/* After the last option: whether colour is wanted, and how wide lines are. */
void cli_settings_ready(cli_settings *settings);

#endif
