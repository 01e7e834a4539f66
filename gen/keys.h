/* SPDX-License-Identifier: MIT
 * gen/keys.h - the texts of data/texts, sorted by key. A text's place in this order is its number
 * in every language's table. */
#ifndef SST_GEN_KEYS_H
#define SST_GEN_KEYS_H

#include <stdio.h>

typedef struct text_row {
	const char *key;
	const char *text;
	const char *plural; /* NULL: the text has no plural */
	const char *path;
	unsigned line;
} text_row;

extern text_row *texts;
extern unsigned text_count;

/* Reads the files, sorts, and exits with a message if a key stands twice. */
void texts_read(char **paths, int count);

/* The number of a key, or -1. */
int texts_find(const char *key);

/* Names the first placeholder that one text has and the other has not, or NULL. If `loose`, `copy`
 * may have fewer than `original`. */
const char *placeholder_difference(const char *original, const char *copy, int loose);

/* Writes `static const char pool[]` and `static const uint32_t offsets[]` of `count` strings; the
 * forms of a plural are parted by NUL in `strings[i]`, whose length is `lengths[i]`. */
void write_pool(FILE *out, char **strings, const size_t *lengths, unsigned count);

#endif
