/* SPDX-License-Identifier: MIT
 * gen/tsv.c - reading the .tsv files of data/ at build time. */
#include "tsv.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Generators live for a moment and leave their memory to the system; LeakSanitizer asks here. */
const char *__lsan_default_options(void);
const char *__lsan_default_options(void)
{
	return "detect_leaks=0";
}

void tsv_fail(const tsv *table, unsigned row, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s:%u: ", table->path, row < table->rows ? table->lines[row] : 0);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

static void *need(void *memory)
{
	if (memory == NULL) {
		fputs("out of memory\n", stderr);
		exit(1);
	}
	return memory;
}

static char *slurp(const char *path)
{
	FILE *file = fopen(path, "rb");
	size_t size = 0, room = 65536;
	char *bytes = need(malloc(room + 1));

	if (file == NULL) {
		perror(path);
		exit(1);
	}
	for (;;) {
		size += fread(bytes + size, 1, room - size, file);
		if (size < room)
			break;
		room *= 2;
		bytes = need(realloc(bytes, room + 1));
	}
	fclose(file);
	bytes[size] = '\0';
	return bytes;
}

/* Cuts one line into cells; returns how many there are. */
static unsigned cut(char *line, char **cells)
{
	unsigned n = 0;

	for (;;) {
		char *tab = strchr(line, '\t');
		if (n < TSV_COLUMNS)
			cells[n] = line;
		n++;
		if (tab == NULL)
			return n;
		*tab = '\0';
		line = tab + 1;
	}
}

static void add_row(tsv *table, char *line, unsigned number)
{
	char *cells[TSV_COLUMNS];
	unsigned n = cut(line, cells);

	if (table->columns == 0) {
		if (n > TSV_COLUMNS)
			n = TSV_COLUMNS;
		memcpy(table->names, cells, n * sizeof *cells);
		table->columns = n;
		return;
	}
	table->lines[table->rows] = number;
	table->rows++;
	if (n != table->columns)
		tsv_fail(table, table->rows - 1, "%u columns, but the heading has %u", n,
		         table->columns);
	memcpy(table->cells + (size_t)(table->rows - 1) * TSV_COLUMNS, cells, n * sizeof *cells);
}

void tsv_read(tsv *table, const char *path)
{
	char *line;
	unsigned number = 0, room = 1;

	memset(table, 0, sizeof *table);
	table->path = path;
	table->bytes = slurp(path);
	for (line = table->bytes; *line != '\0'; line++)
		room += *line == '\n';
	table->cells = need(malloc((size_t)room * TSV_COLUMNS * sizeof *table->cells));
	table->lines = need(malloc(room * sizeof *table->lines));
	for (line = table->bytes; line != NULL && *line != '\0';) {
		char *end = strchr(line, '\n');
		if (end != NULL)
			*end = '\0';
		number++;
		if (*line != '#' && *line != '\0')
			add_row(table, line, number);
		line = end == NULL ? NULL : end + 1;
	}
}

void tsv_free(tsv *table)
{
	free(table->bytes);
	free(table->cells);
	free(table->lines);
}

const char *tsv_cell(const tsv *table, unsigned row, const char *column)
{
	for (unsigned i = 0; i < table->columns; i++)
		if (strcmp(table->names[i], column) == 0)
			return table->cells[(size_t)row * TSV_COLUMNS + i];
	tsv_fail(table, row, "there is no column \"%s\"", column);
}

unsigned tsv_number(const tsv *table, unsigned row, const char *column, unsigned max)
{
	const char *cell = tsv_cell(table, row, column);
	char *end;
	unsigned long value = strtoul(cell, &end, 10);

	if (*cell < '0' || *cell > '9' || *end != '\0' || value > max)
		tsv_fail(table, row, "%s: \"%s\" is not a number from 0 to %u", column, cell, max);
	return (unsigned)value;
}

void c_string(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < 0x20 || c >= 0x7f)
			fprintf(out, "\\%03o", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

void c_constant(FILE *out, const char *prefix, const char *name)
{
	fputs(prefix, out);
	for (; *name != '\0'; name++) {
		if (*name >= 'a' && *name <= 'z')
			fputc(*name - 'a' + 'A', out);
		else
			fputc(*name == '-' ? '_' : *name, out);
	}
}
