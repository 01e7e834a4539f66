/* SPDX-License-Identifier: MIT
 * gen/outside.c - makes the tables of codes from elsewhere.
 *
 * usage: outside TABLE CATEGORIES.tsv MAPPING.tsv... (in the order of sst_outside_kind) */
#include "tsv.h"

#include <stdlib.h>
#include <string.h>

static tsv categories;

static unsigned category_of(const tsv *table, unsigned row)
{
	const char *name = tsv_cell(table, row, "category");

	for (unsigned i = 0; i < categories.rows; i++)
		if (strcmp(tsv_cell(&categories, i, "name"), name) == 0)
			return tsv_number(&categories, i, "number", 255);
	tsv_fail(table, row, "there is no category \"%s\"", name);
}

static void write_text(FILE *out, const char *text)
{
	if (*text == '\0') {
		fputs(", {NULL, 0}", out);
		return;
	}
	fputs(", {", out);
	c_string(out, text);
	fprintf(out, ", %zu}", strlen(text));
}

static void write_row(FILE *out, const tsv *table, unsigned row)
{
	const char *code = tsv_cell(table, row, "code");
	unsigned c = 0, s = 0, d = 0;

	if (strcmp(code, "-") != 0 &&
	    (sscanf(code, "%u.%u.%u", &c, &s, &d) != 3 || (c != 2 && c != 4 && c != 5)))
		tsv_fail(table, row, "\"%s\" is no code", code);
	fprintf(out, "\t{{%u, %u, %u}, %u", c, s, d, category_of(table, row));
	write_text(out, tsv_cell(table, row, "name"));
	write_text(out, tsv_cell(table, row, "aliases"));
	write_text(out, tsv_cell(table, row, "meaning"));
	fputs("},\n", out);
}

int main(int argc, char **argv)
{
	FILE *out;
	unsigned counts[16];

	if (argc < 4 || argc > 18) {
		fputs("usage: outside TABLE CATEGORIES.tsv MAPPING.tsv...\n", stderr);
		return 2;
	}
	tsv_read(&categories, argv[2]);
	out = fopen(argv[1], "w");
	if (out == NULL) {
		perror(argv[1]);
		return 1;
	}
	fputs("/* Generated from data/mapping-*.tsv. */\n#include \"write/outside.h\"\n", out);
	for (int i = 3; i < argc; i++) {
		tsv table;

		tsv_read(&table, argv[i]);
		fprintf(out, "\nstatic const sst_outside rows_%d[] = {\n", i - 3);
		for (unsigned row = 0; row < table.rows; row++)
			write_row(out, &table, row);
		fputs("};\n", out);
		counts[i - 3] = table.rows;
		tsv_free(&table);
	}
	fputs("\nconst struct sst__outside_table sst__outside_tables[] = {\n", out);
	for (int i = 3; i < argc; i++)
		fprintf(out, "\t{rows_%d, %u},\n", i - 3, counts[i - 3]);
	fputs("};\n", out);
	if (fclose(out) != 0) {
		perror(argv[1]);
		return 1;
	}
	tsv_free(&categories);
	return 0;
}
