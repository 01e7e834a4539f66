/* SPDX-License-Identifier: MIT
 * gen/lines.c - makes the table of known log lines from data/log-lines.tsv.
 *
 * usage: lines LOG-LINES.tsv TABLE */
#include "tsv.h"

#include <stdlib.h>
#include <string.h>

/* In the order of SST_SERVER_*. */
static const char *const servers[] = {"unknown",   "postfix", "exim",     "sendmail",
                                      "opensmtpd", "qmail",   "exchange", "m365",
                                      "haraka",    "kumomta", "zonemta",  "stalwart"};

static unsigned server_of(const tsv *table, unsigned row)
{
	unsigned server = 1;

	while (server < sizeof servers / sizeof *servers &&
	       strcmp(servers[server], tsv_cell(table, row, "server")) != 0)
		server++;
	if (server == sizeof servers / sizeof *servers)
		tsv_fail(table, row, "there is no such server");
	return server;
}

/* The rows that start with `first`, in their order; returns how many there are. */
static unsigned write_rows(FILE *out, const tsv *table, unsigned first)
{
	unsigned count = 0;

	for (unsigned row = 0; row < table->rows; row++) {
		const char *start = tsv_cell(table, row, "start");

		if ((unsigned char)*start != first)
			continue;
		fprintf(out, "\t{%u, %zu, ", server_of(table, row), strlen(start));
		c_string(out, start);
		fputs("},\n", out);
		count++;
	}
	return count;
}

int main(int argc, char **argv)
{
	unsigned from[129] = {0};
	tsv table;
	FILE *out;

	if (argc != 3) {
		fputs("usage: lines LOG-LINES.tsv TABLE\n", stderr);
		return 2;
	}
	tsv_read(&table, argv[1]);
	out = fopen(argv[2], "w");
	if (out == NULL) {
		perror(argv[2]);
		return 1;
	}
	fputs("/* Generated from data/log-lines.tsv. */\n#include \"track/known.h\"\n\n"
	      "const struct sst__known sst__known_lines[] = {\n",
	      out);
	for (unsigned row = 0; row < table.rows; row++) {
		const char *start = tsv_cell(&table, row, "start");

		if ((unsigned char)*start - 1U >= 127 || strlen(start) > 255)
			tsv_fail(&table, row, "start is empty, too long, or no ASCII");
	}
	for (unsigned first = 0; first < 128; first++)
		from[first + 1] = from[first] + write_rows(out, &table, first);
	fputs("};\n\nconst uint16_t sst__known_from[129] = {", out);
	for (unsigned i = 0; i < 129; i++)
		fprintf(out, "%s%u,", i % 16 == 0 ? "\n\t" : " ", from[i]);
	fputs("\n};\n", out);
	tsv_free(&table);
	return fclose(out) == 0 ? 0 : 1;
}
