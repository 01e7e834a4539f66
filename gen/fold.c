/* SPDX-License-Identifier: MIT
 * gen/fold.c - makes the table of letters that are compared as others, and that of what each byte
 * may be.
 *
 * usage: fold FOLDING.tsv TABLE */
#include "core/bytes.h"
#include "tsv.h"

#include <stdlib.h>
#include <string.h>

static int by_number(const void *a, const void *b)
{
	const unsigned *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static unsigned classes_of(unsigned byte)
{
	char c = (char)byte;

	return (sst__is_alpha(c) ? SST__BYTE_LETTER : 0u) |
	       (sst__is_digit(c) ? SST__BYTE_DIGIT : 0u) | (byte >= 0x80 ? SST__BYTE_HIGH : 0u) |
	       (sst__is_space(c) ? SST__BYTE_SPACE : 0u) |
	       (byte != 0 && strchr("._+-=%&/~*#$!", c) != NULL ? SST__BYTE_LOCAL : 0u) |
	       (byte != 0 && strchr(".-_'", c) != NULL ? SST__BYTE_JOINT : 0u) |
	       (byte != 0 && strchr("._-", c) != NULL ? SST__BYTE_HOST : 0u) |
	       (byte != 0 && strchr("_#:-", c) != NULL ? SST__BYTE_TOKEN : 0u);
}

static void write_bytes(FILE *out)
{
	fputs("const uint8_t sst__bytes[256] = {", out);
	for (unsigned i = 0; i < 256; i++)
		fprintf(out, "%s%u,", i % 16 == 0 ? "\n\t" : "", classes_of(i));
	fputs("\n};\n", out);
}

int main(int argc, char **argv)
{
	tsv table;
	unsigned(*rows)[2];
	FILE *out;
	unsigned next = 0;

	if (argc != 3) {
		fputs("usage: fold FOLDING.tsv TABLE\n", stderr);
		return 2;
	}
	tsv_read(&table, argv[1]);
	rows = malloc((table.rows + 1) * sizeof *rows);
	out = fopen(argv[2], "w");
	if (rows == NULL || out == NULL) {
		perror(argv[2]);
		return 1;
	}
	for (unsigned i = 0; i < table.rows; i++) {
		rows[i][0] = (unsigned)strtoul(tsv_cell(&table, i, "from"), NULL, 16);
		rows[i][1] = i;
		if (rows[i][0] < 0x80 || rows[i][0] > 0xffff)
			tsv_fail(&table, i, "only U+0080 to U+FFFF");
		if (strlen(tsv_cell(&table, i, "to")) > 3)
			tsv_fail(&table, i, "at most three bytes can take a letter's place");
	}
	qsort(rows, table.rows, sizeof *rows, by_number);
	fputs("/* Generated from data/folding.tsv. */\n#include \"core/fold.h\"\n\n"
	      "const struct sst__fold_row sst__fold_rows[] = {\n",
	      out);
	for (unsigned i = 0; i < table.rows; i++) {
		if (i > 0 && rows[i][0] == rows[i - 1][0])
			tsv_fail(&table, rows[i][1], "stands twice");
		fprintf(out, "\t{0x%04x, ", rows[i][0]);
		c_string(out, tsv_cell(&table, rows[i][1], "to"));
		fputs("},\n", out);
	}
	fputs("};\nconst uint16_t sst__fold_first[257] = {", out);
	for (unsigned high = 0; high <= 256; high++) {
		while (next < table.rows && rows[next][0] >> 8 < high)
			next++;
		fprintf(out, "%s%u,", high % 16 == 0 ? "\n\t" : "", next);
	}
	fputs("\n};\n", out);
	write_bytes(out);
	if (fclose(out) != 0) {
		perror(argv[2]);
		return 1;
	}
	free(rows);
	tsv_free(&table);
	return 0;
}
