/* SPDX-License-Identifier: MIT
 * cli/values.h - JSON values in a stream of lines: one a line, over many lines, or behind each
 * other. What is broken is given up at the end of its line, and the next value is found again. */
#ifndef SST_CLI_VALUES_H
#define SST_CLI_VALUES_H

#include <smtpstatus.h>

#define CLI_VALUE_MAX 16777216 /* bytes of one value */

typedef struct cli_values_in {
	char *bytes; /* of the value so far */
	size_t len, size;
	unsigned depth;   /* brackets that are open */
	unsigned long at; /* the line where it began */
	unsigned long line;
	/* A whole object or array as it was written; or, with `wrong` set, why there is none. */
	void (*take)(void *context, sst_text value, unsigned long line, const char *wrong);
	void *context;
} cli_values_in;

/* The next line, without its end. False if it is no part of a value: it is the caller's. */
bool cli_values_line(cli_values_in *in, sst_text line, bool cut);

/* There are no more lines. */
void cli_values_end(cli_values_in *in);

#endif
