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

int main(int argc, char **argv)
{
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
		unsigned server = 1;

		while (server < sizeof servers / sizeof *servers &&
		       strcmp(servers[server], tsv_cell(&table, row, "server")) != 0)
			server++;
		if (server == sizeof servers / sizeof *servers)
			tsv_fail(&table, row, "there is no such server");
		if (*start == '\0' || strlen(start) > 255)
			tsv_fail(&table, row, "start is empty or too long");
		fprintf(out, "\t{%u, %zu, ", server, strlen(start));
		c_string(out, start);
		fputs("},\n", out);
	}
	fprintf(out, "};\n\nconst unsigned sst__known_line_count = %u;\n", table.rows);
	tsv_free(&table);
	return fclose(out) == 0 ? 0 : 1;
}
