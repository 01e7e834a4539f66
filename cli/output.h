/* SPDX-License-Identifier: MIT
 * cli/output.h - standard output, buffered, with every write looked at. A closed pipe ends the
 * program quietly; a full disk is said and ends in EXIT_SYSTEM. */
#ifndef SST_CLI_OUTPUT_H
#define SST_CLI_OUTPUT_H

#include <smtpstatus.h>

/* Writes all of it to file descriptor `fd`. False with errno set if it couldn't. */
bool cli_write_all(int fd, const char *bytes, size_t len);

/* The form that sst_json_init takes; the context is not used. Remembers the first error. */
bool cli_stdout_write(void *context, const char *bytes, size_t len);

/* EXIT_DONE, or EXIT_SYSTEM if a write to standard output failed; says why on stderr, unless the
 * reader has closed the pipe. */
int cli_stdout_status(void);

/* The same after printf(). */
int cli_stdout_printed(void);

/* Bytes for standard output, collected. */
typedef struct cli_text {
	bool (*write)(void *context, const char *bytes, size_t len);
	void *context;
	size_t len;
	bool failed;
	char buffer[8192];
} cli_text;

void cli_text_init(cli_text *out, bool (*write)(void *, const char *, size_t), void *context);
void cli_put(cli_text *out, const char *text);
void cli_put_text(cli_text *out, sst_text text);
void cli_put_char(cli_text *out, char c);

/* Words of others in at most so many columns, cut with an ellipsis: what a terminal would obey is
 * shown as escapes. How many columns they took. */
unsigned cli_put_theirs(cli_text *out, sst_text text, unsigned columns);
__attribute__((format(printf, 2, 3))) void cli_put_format(cli_text *out, const char *format, ...);
bool cli_text_flush(cli_text *out);

#endif
