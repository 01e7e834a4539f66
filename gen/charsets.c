/* SPDX-License-Identifier: MIT
 * gen/charsets.c - makes the table of charset names from data/charsets.tsv.
 *
 * usage: charsets CHARSETS.tsv TABLE */
#include "tsv.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 128 };

static const char *targets[MOST];
static unsigned count;

static unsigned number_of(const char *target)
{
	for (unsigned i = 0; i < count; i++)
		if (strcmp(targets[i], target) == 0)
			return i;
	targets[count] = target;
	return count++;
}

int main(int argc, char **argv)
{
	tsv table;
	FILE *out;

	if (argc != 3) {
		fputs("usage: charsets CHARSETS.tsv TABLE\n", stderr);
		return 2;
	}
	tsv_read(&table, argv[1]);
	/* The three that need no iconv come first: enum sst__charset. */
	number_of("ascii");
	number_of("utf-8");
	number_of("latin1");
	out = fopen(argv[2], "w");
	if (out == NULL) {
		perror(argv[2]);
		return 1;
	}
	fputs("/* Generated from data/charsets.tsv. */\n"
	      "static const struct charset_name charset_names[] = {\n",
	      out);
	for (unsigned row = 0; row < table.rows; row++) {
		const char *name = tsv_cell(&table, row, "name");
		if (count == MOST - 1)
			tsv_fail(&table, row, "too many charsets");
		fprintf(out, "\t{{\"%s\", %zu}, %u},\n", name, strlen(name),
		        1 + number_of(tsv_cell(&table, row, "iconv")));
	}
	fputs("};\nstatic const char *const charset_targets[] = {\n\t\"\",\n", out);
	for (unsigned i = 0; i < count; i++)
		fprintf(out, "\t\"%s\",\n", targets[i]);
	fputs("};\n", out);
	if (fclose(out) != 0) {
		perror("write");
		return 1;
	}
	tsv_free(&table);
	return 0;
}
