/* SPDX-License-Identifier: MIT
 * cli/lines.h - lines of a stream, in bounded memory. */
#ifndef SST_CLI_LINES_H
#define SST_CLI_LINES_H

#include <smtpstatus.h>

#define CLI_LINE_MAX 1048576 /* bytes of one line that are kept */

/* Gives each line, without its LF or CRLF, to `take`; `cut` says that the line was longer than
 * CLI_LINE_MAX. A last line without an end counts if it has any byte. Stops when `take` returns
 * false. Returns EXIT_DONE, or EXIT_PARTLY after saying on stderr what was wrong. */
int cli_lines_read(int fd, const char *name, bool (*take)(void *context, sst_text line, bool cut),
                   void *context);

#endif
