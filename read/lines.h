/* SPDX-License-Identifier: MIT
 * read/lines.h - cuts bytes into lines that end in LF, CRLF, CR or CRCRLF, whatever the chunks. */
#ifndef SST_READ_LINES_H
#define SST_READ_LINES_H

#include "core/text.h"

enum { SST__LINE_BYTES = 4096 };

/* A line, or a piece of one that is longer than SST__LINE_BYTES. Pieces are cut at multiples of
 * that size from the line's start, so that the same lines give the same pieces however they arrive.
 */
typedef struct sst__piece {
	sst_text text;
	bool starts; /* the line begins with it */
	bool ends;   /* the line ends with it */
} sst__piece;

typedef void sst__line_taker(void *context, const sst__piece *piece);

typedef struct sst__lines {
	char *buffer; /* SST__LINE_BYTES */
	uint32_t len;
	uint64_t base;       /* bytes fed before */
	uint64_t line_start; /* offset of the current line */
	uint32_t returns;    /* CRs seen after the line: one line end with LF, else that many */
	bool inside;         /* a piece of this line was given out */
	bool stopped;        /* the taker wants no more for now */
	sst__line_taker *take;
	void *context;
} sst__lines;

void sst__lines_init(sst__lines *lines, char *buffer, sst__line_taker *take, void *context);
void sst__lines_clear(sst__lines *lines);

/* Takes bytes until all are used or the taker has set `stopped`; returns how many were used. */
size_t sst__lines_feed(sst__lines *lines, const char *bytes, size_t len);

/* Gives out what is left as a last line. */
void sst__lines_finish(sst__lines *lines);

#endif
