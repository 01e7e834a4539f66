/* SPDX-License-Identifier: MIT
 * gen/lint.c - makes the rules of lint from data/lint.tsv.
 *
 * usage: lint LINT.tsv HEADER TABLE */
#include "tsv.h"

#include <stdlib.h>
#include <string.h>

static FILE *create(const char *path)
{
	FILE *file = fopen(path, "w");

	if (file == NULL) {
		perror(path);
		exit(1);
	}
	return file;
}

static const char *severity_of(const tsv *table, unsigned row)
{
	const char *name = tsv_cell(table, row, "severity");

	if (strcmp(name, "error") == 0)
		return "SST_LINT_ERROR";
	if (strcmp(name, "warning") == 0)
		return "SST_LINT_WARNING";
	if (strcmp(name, "info") == 0)
		return "SST_LINT_INFO";
	tsv_fail(table, row, "the severity is error, warning or info, not \"%s\"", name);
}

static void write_header(const tsv *table, FILE *out)
{
	fputs("/* Generated from data/lint.tsv. */\n"
	      "#ifndef SST_LINT_RULES_H\n#define SST_LINT_RULES_H\n\nenum {\n",
	      out);
	for (unsigned row = 0; row < table->rows; row++) {
		fputs("\t", out);
		c_constant(out, "SST__LINT_", tsv_cell(table, row, "id"));
		fputs(",\n", out);
	}
	fputs("\tSST__LINT_RULES\n};\n\n#endif\n", out);
}

static void write_text(FILE *out, const char *name, const char *text)
{
	fprintf(out, ", .%s = {", name);
	c_string(out, text);
	fprintf(out, ", %zu}", strlen(text));
}

static void write_table(const tsv *table, FILE *out)
{
	fputs("/* Generated from data/lint.tsv. */\n#include \"lint/lint.h\"\n\n"
	      "const sst_lint_rule sst__lint_rules[] = {\n",
	      out);
	for (unsigned row = 0; row < table->rows; row++) {
		fprintf(out, "\t{.severity = %s", severity_of(table, row));
		write_text(out, "id", tsv_cell(table, row, "id"));
		write_text(out, "section", tsv_cell(table, row, "section"));
		write_text(out, "message", tsv_cell(table, row, "message"));
		fputs("},\n", out);
	}
	fputs("};\n", out);
}

int main(int argc, char **argv)
{
	FILE *header, *source;
	tsv table;

	if (argc != 4) {
		fputs("usage: lint LINT.tsv HEADER TABLE\n", stderr);
		return 2;
	}
	tsv_read(&table, argv[1]);
	header = create(argv[2]);
	source = create(argv[3]);
	write_header(&table, header);
	write_table(&table, source);
	tsv_free(&table);
	return fclose(header) | fclose(source) ? 1 : 0;
}
