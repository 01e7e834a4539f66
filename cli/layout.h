/* SPDX-License-Identifier: MIT
 * cli/layout.h - text for people in columns: width of characters, wrapping, and foreign bytes made
 * safe for a terminal. */
#ifndef SST_CLI_LAYOUT_H
#define SST_CLI_LAYOUT_H

#include "cli/output.h"

/* Who wrote a text: ours may hold marks of direction; in a foreign one they are shown, not obeyed.
 */
typedef enum cli_author { CLI_OURS, CLI_FOREIGN } cli_author;

/* The next character of `text` at `*at`, as it is to be printed: its bytes in `shown` (not
 * NUL-ended), how many there are as the result, its columns in `*columns`. Control characters and
 * what is not UTF-8 come as \n, \x1b, \u202e. Moves *at behind it. */
#define CLI_SHOWN_SIZE 12
size_t cli_show(sst_text text, size_t *at, cli_author author, char shown[CLI_SHOWN_SIZE],
                unsigned *columns);

/* Columns that the text takes on one line. */
unsigned cli_columns(sst_text text, cli_author author);

/* The end of the part of `text` from `at` on that fits `columns`: at a blank where there is one. */
size_t cli_wrap(sst_text text, size_t at, unsigned columns, cli_author author);

/* Writes the text, safe. */
void cli_put_safe(cli_text *out, sst_text text, cli_author author);

void cli_put_blanks(cli_text *out, unsigned count);

/* Columns of the terminal that standard output is; 80 if it is none. */
unsigned cli_terminal_columns(void);

#endif
