/* SPDX-License-Identifier: MIT
 * read/shapes.h - finds the phrases of data/shapes.tsv in text, in one pass. */
#ifndef SST_READ_SHAPES_H
#define SST_READ_SHAPES_H

#include "core/text.h"

/* The bits of sst__hit.kinds, in the order of SHAPE_LETTERS; their meanings stand in
 * data/shapes.tsv. */
enum {
	SHAPE_FAILED = 1 << 0,
	SHAPE_DELAYED = 1 << 1,
	SHAPE_SUCCESS = 1 << 2,
	SHAPE_RECIPIENTS = 1 << 3,
	SHAPE_RETURNED = 1 << 4,
	SHAPE_OTHER = 1 << 5,
	SHAPE_ORIGINAL = 1 << 6,
	SHAPE_QUOTES = 1 << 7,
	SHAPE_WORD = 1 << 8,
	SHAPE_AUTOMATIC = 1 << 9,
	SHAPE_CHALLENGE = 1 << 10,
	SHAPE_SUBJECT = 1 << 11,
	SHAPE_SUBJECT_AUTOMATIC = 1 << 12,
	SHAPE_MACHINE = 1 << 13,
	SHAPE_LIST = 1 << 14,
	SHAPE_FINAL = 1 << 15,
	SHAPE_COMPLAINT = 1 << 16,
	SHAPE_FOOTER = 1 << 17,
	SHAPE_BANNER = 1 << 18,
	SHAPE_TAG = 1 << 19,
	SHAPE_ANSWER = 1 << 20,
	SHAPE_FORWARD = 1 << 21
};

typedef struct sst__hit {
	uint32_t at;
	uint32_t kinds; /* of all phrases there */
	uint16_t len;   /* of the longest phrase there */
} sst__hit;

/* Finds phrases in text.ptr[from..upto), each of which must begin there. Returns how many places
 * were written, at most `max`. */
size_t sst__shapes_find(sst_text text, size_t from, size_t upto, sst__hit *hits, size_t max);

/* All kinds that occur in a short text such as a Subject. */
unsigned sst__shapes_in(sst_text text);

/* For tools: the line of data/shapes.tsv of each phrase that matches at `at`; 0 ends. */
size_t sst__shapes_at(sst_text text, size_t at, bool line_start, uint16_t *lines, size_t max);

#endif
