/* SPDX-License-Identifier: MIT
 * gen/vocabularies.c - makes the table of what other programs call our categories.
 *
 * usage: vocabularies VOCABULARIES.tsv CATEGORIES.tsv TABLE */
#include "tsv.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 256 };

/* The row of each category, by its number; -1 where the number is not used. */
static int rows_of[MOST];
static unsigned top; /* the highest number, plus one */

static int row_of(const tsv *names, const char *category)
{
	for (unsigned row = 0; row < names->rows; row++)
		if (strcmp(tsv_cell(names, row, "category"), category) == 0)
			return (int)row;
	return -1;
}

static void order(const tsv *names, const tsv *categories)
{
	for (unsigned i = 0; i < MOST; i++)
		rows_of[i] = -1;
	for (unsigned row = 0; row < categories->rows; row++) {
		unsigned number = tsv_number(categories, row, "number", MOST - 1);
		const char *name = tsv_cell(categories, row, "name");
		rows_of[number] = row_of(names, name);
		if (rows_of[number] < 0)
			tsv_fail(categories, row, "vocabularies.tsv has no row for \"%s\"", name);
		if (number >= top)
			top = number + 1;
	}
}

static void write_list(FILE *out, const tsv *names, const char *program)
{
	fputs("\t{", out);
	c_string(out, program);
	fputs(", {\n", out);
	for (unsigned number = 0; number < top; number++) {
		const char *word = rows_of[number] < 0
		                           ? "-"
		                           : tsv_cell(names, (unsigned)rows_of[number], program);
		if (strcmp(word, "-") == 0)
			continue;
		fprintf(out, "\t\t[%u] = ", number);
		c_string(out, word);
		fputs(",\n", out);
	}
	fputs("\t}},\n", out);
}

int main(int argc, char **argv)
{
	tsv names, categories;
	FILE *out;

	if (argc != 4)
		return 2;
	tsv_read(&names, argv[1]);
	tsv_read(&categories, argv[2]);
	order(&names, &categories);
	out = fopen(argv[3], "w");
	if (out == NULL) {
		perror(argv[3]);
		return 1;
	}
	fputs("/* Generated from data/vocabularies.tsv. */\n#include \"cli/vocabulary.h\"\n\n"
	      "const struct cli_word_list cli__vocabularies[] = {\n",
	      out);
	for (unsigned column = 1; column < names.columns; column++)
		write_list(out, &names, names.names[column]);
	fputs("\t{NULL, {NULL}},\n};\n", out);
	return fclose(out) == 0 ? 0 : 1;
}
