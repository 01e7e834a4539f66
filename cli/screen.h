/* SPDX-License-Identifier: MIT
 * cli/screen.h - a page for people: headings, quotations with the deciding words marked, and rows
 * of label and text; as text (with or without colour), HTML or Markdown. */
#ifndef SST_CLI_SCREEN_H
#define SST_CLI_SCREEN_H

#include "cli/layout.h"
#include "cli/settings.h"

#include <smtpstatus/say.h>

typedef struct cli_screen {
	cli_text *out;
	cli_format format;
	bool color;
	unsigned columns; /* of a line */
	unsigned labels;  /* columns for the labels */
	const sst_lang *lang;
	bool begun;  /* something was written: a blank line goes before the next page */
	bool spaced; /* a blank line goes behind each page instead */
	bool rows;   /* inside a list of rows */
} cli_screen;

/* A part of a text. */
typedef struct cli_span {
	size_t from, upto;
} cli_span;

/* How a heading looks. */
typedef enum cli_tone { CLI_PLAIN, CLI_GOOD, CLI_PASSING, CLI_BAD } cli_tone;

void cli_screen_init(cli_screen *screen, cli_text *out, const cli_settings *settings,
                     const sst_lang *lang);

/* At the start and the end of all output. */
void cli_screen_start(cli_screen *screen);
void cli_screen_finish(cli_screen *screen);

/* A page is what is said of one text or recipient. */
void cli_screen_page(cli_screen *screen);
void cli_screen_page_end(cli_screen *screen);

/* The words of others, with `marked` set off; it may be empty. */
void cli_screen_quote(cli_screen *screen, sst_text text, cli_span marked);

/* The same as a row: wrapped beside its label. */
void cli_screen_quote_row(cli_screen *screen, const char *key, sst_text text, cli_span marked);

/* Names the mail that the next pages are about. */
void cli_screen_source(cli_screen *screen, sst_text path, const char *number);
void cli_screen_heading(cli_screen *screen, sst_text text, cli_tone tone, sst_text beside);

/* A label by its key ("ui.final"), and its text; absent and empty texts are left out. */
void cli_screen_row(cli_screen *screen, const char *key, sst_text text, cli_author author);

#endif
