/* SPDX-License-Identifier: MIT
 * gen/fields.c - makes the table of header and report fields from data/fields.tsv.
 *
 * usage: fields FIELDS.tsv HEADER TABLE */
#include "tsv.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 256, LONGEST = 63 };

static const char *fields[MOST];
static unsigned count;

static unsigned number_of(const char *field)
{
	for (unsigned i = 0; i < count; i++)
		if (strcmp(fields[i], field) == 0)
			return i;
	fields[count] = field;
	return count++;
}

static void write_place(FILE *out, const char *place)
{
	static const char letters[] = "mprgdf";

	fputs("0", out);
	for (; *place != '\0'; place++) {
		const char *at = strchr(letters, *place);
		if (at == NULL)
			continue;
		fprintf(out, " | %d", 1 << (at - letters));
	}
}

static FILE *create(const char *path)
{
	FILE *file = fopen(path, "w");

	if (file == NULL) {
		perror(path);
		exit(1);
	}
	return file;
}

int main(int argc, char **argv)
{
	tsv table;
	FILE *header, *out;
	unsigned written = 0;

	if (argc != 4) {
		fputs("usage: fields FIELDS.tsv HEADER TABLE\n", stderr);
		return 2;
	}
	tsv_read(&table, argv[1]);
	for (unsigned row = 0; row < table.rows; row++)
		if (strlen(tsv_cell(&table, row, "name")) > LONGEST || count == MOST - 1)
			tsv_fail(&table, row, "too long, or too many");
		else
			number_of(tsv_cell(&table, row, "field"));

	header = create(argv[2]);
	fputs("/* Generated from data/fields.tsv. */\nenum sst__field {\n\tFIELD_NONE,\n", header);
	for (unsigned i = 0; i < count; i++) {
		fputs("\t", header);
		c_constant(header, "FIELD_", fields[i]);
		fputs(",\n", header);
	}
	fputs("\tFIELD_COUNT\n};\n", header);

	/* Ordered by length, so that a look-up compares few names. */
	out = create(argv[3]);
	fputs("/* Generated from data/fields.tsv. */\n"
	      "static const struct field_name field_names[] = {\n",
	      out);
	unsigned first[LONGEST + 2];
	for (unsigned len = 0; len <= LONGEST; len++) {
		first[len] = written;
		for (unsigned row = 0; row < table.rows; row++) {
			const char *name = tsv_cell(&table, row, "name");
			if (strlen(name) != len)
				continue;
			fprintf(out, "\t{\"%s\", %u, ", name,
			        1 + number_of(tsv_cell(&table, row, "field")));
			write_place(out, tsv_cell(&table, row, "place"));
			fputs("},\n", out);
			written++;
		}
	}
	first[LONGEST + 1] = written;
	fputs("};\nstatic const unsigned char field_first[] = {\n\t", out);
	for (unsigned len = 0; len <= LONGEST + 1; len++)
		fprintf(out, "%u,%s", first[len], len % 16 == 15 ? "\n\t" : " ");
	fputs("\n};\n", out);
	if (fclose(header) != 0 || fclose(out) != 0) {
		perror("write");
		return 1;
	}
	tsv_free(&table);
	return 0;
}
