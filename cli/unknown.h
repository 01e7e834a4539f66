/* SPDX-License-Identifier: MIT
 * cli/unknown.h - log lines that were not understood, a sample of each shape. */
#ifndef SST_CLI_UNKNOWN_H
#define SST_CLI_UNKNOWN_H

#include "cli/logs.h"
#include "cli/output.h"

#define UNKNOWN_SHAPES 500

typedef struct unknown_shape {
	uint64_t hash, count, line;
	uint32_t file;
	uint16_t len;
	char sample[300];
} unknown_shape;

typedef struct unknown_lines {
	unknown_shape shapes[UNKNOWN_SHAPES];
	unsigned count;
	uint64_t others; /* lines of more shapes than there is room for */
} unknown_lines;

/* An sst_log_unknown; the context is an unknown_lines. */
void unknown_take(void *context, uint32_t file, uint64_t line, sst_text text);
/* Takes and forgets. */
bool unknown_events(void *context, const sst_event *events, size_t count);

/* The counts of all lines, then the shapes, the most frequent first. */
void unknown_write(unknown_lines *lines, const cli_logs *logs, cli_text *out);

#endif
