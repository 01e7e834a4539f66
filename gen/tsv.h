/* SPDX-License-Identifier: MIT
 * gen/tsv.h - reading the .tsv files of data/ at build time. Host programs only: they may exit on
 * error. */
#ifndef SST_GEN_TSV_H
#define SST_GEN_TSV_H

#include <stdio.h>

#define TSV_COLUMNS 40

/* A table in memory: '#' starts a comment line, the first other line names the columns. */
typedef struct tsv {
	const char *path;
	char *bytes; /* the file; cells point into it */
	char **cells;
	unsigned *lines; /* line number of each row */
	char *names[TSV_COLUMNS];
	unsigned columns;
	unsigned rows;
} tsv;

/* Reads `path`; says what is wrong, with file and line, and exits 1 on any error. */
void tsv_read(tsv *table, const char *path);
void tsv_free(tsv *table);

/* The cell of a named column; exits 1 if there is no such column. Never NULL. */
const char *tsv_cell(const tsv *table, unsigned row, const char *column);

/* The cell as a number from 0 to max; exits 1 with file and line if it is none. */
unsigned tsv_number(const tsv *table, unsigned row, const char *column, unsigned max);

/* Prints "file:line: message" and exits 1. */
__attribute__((noreturn, format(printf, 3, 4))) void tsv_fail(const tsv *table, unsigned row,
                                                              const char *format, ...);

/* Writes a C string literal, quotes included. */
void c_string(FILE *out, const char *text);

/* Writes a name as a C constant: "too-big" becomes TOO_BIG. */
void c_constant(FILE *out, const char *prefix, const char *name);

#endif
