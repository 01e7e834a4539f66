/* SPDX-License-Identifier: MIT
 * cli/lines.h - lines of a stream, in bounded memory. */
#ifndef SST_CLI_LINES_H
#define SST_CLI_LINES_H

#include <smtpstatus.h>

#define CLI_LINE_MAX 1048576 /* bytes of one line that are kept */

/* What is done with lines. */
typedef struct cli_line_calls {
	bool (*take)(void *context, sst_text line, bool cut); /* false stops the reading */
	void (*idle)(void *context); /* before waiting for more: a good moment to write */
	void *context;
} cli_line_calls;

/* Gives each line, without its LF or CRLF, to `take`; `cut` says that the line was longer than
 * CLI_LINE_MAX. A last line without an end counts if it has any byte. Stops when `take` returns
 * false. Returns EXIT_DONE, or EXIT_PARTLY after saying on stderr what was wrong. */
int cli_lines_read(int fd, const char *name, const cli_line_calls *calls);

#endif
