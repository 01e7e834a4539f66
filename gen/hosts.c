/* SPDX-License-Identifier: MIT
 * gen/hosts.c - makes the tables of providers and of their hosts.
 *
 * usage: hosts PROVIDERS.tsv HOSTS.tsv TABLE */
#include "tsv.h"

#include <stdlib.h>
#include <string.h>

static tsv providers, hosts;

static unsigned number_of(unsigned row)
{
	const char *name = tsv_cell(&hosts, row, "provider");

	for (unsigned i = 0; i < providers.rows; i++)
		if (strcmp(tsv_cell(&providers, i, "name"), name) == 0)
			return i + 1;
	tsv_fail(&hosts, row, "data/providers.tsv has no \"%s\"", name);
}

static int by_suffix(const void *a, const void *b)
{
	return strcmp(tsv_cell(&hosts, *(const unsigned *)a, "suffix"),
	              tsv_cell(&hosts, *(const unsigned *)b, "suffix"));
}

int main(int argc, char **argv)
{
	unsigned *order;
	FILE *out;

	if (argc != 4) {
		fputs("usage: hosts PROVIDERS.tsv HOSTS.tsv TABLE\n", stderr);
		return 2;
	}
	tsv_read(&providers, argv[1]);
	tsv_read(&hosts, argv[2]);
	if (providers.rows > 254)
		tsv_fail(&providers, 254, "more than 254 providers");
	order = malloc((hosts.rows + 1) * sizeof *order);
	out = fopen(argv[3], "w");
	if (order == NULL || out == NULL) {
		perror(argv[3]);
		return 1;
	}
	for (unsigned i = 0; i < hosts.rows; i++)
		order[i] = i;
	qsort(order, hosts.rows, sizeof *order, by_suffix);
	fputs("/* Generated from data/providers.tsv and data/hosts.tsv. */\n"
	      "#include \"core/providers.h\"\n\nconst char *const sst__provider_names[] = "
	      "{\n\t\"\",\n",
	      out);
	for (unsigned i = 0; i < providers.rows; i++) {
		fputs("\t", out);
		c_string(out, tsv_cell(&providers, i, "name"));
		fputs(",\n", out);
	}
	fprintf(out, "};\nconst unsigned sst__provider_count = %u;\n\n", providers.rows + 1);
	fputs("const struct sst__host_row sst__host_rows[] = {\n", out);
	for (unsigned i = 0; i < hosts.rows; i++) {
		if (i > 0 && by_suffix(&order[i - 1], &order[i]) == 0)
			tsv_fail(&hosts, order[i], "stands twice");
		fputs("\t{", out);
		c_string(out, tsv_cell(&hosts, order[i], "suffix"));
		fprintf(out, ", %u},\n", number_of(order[i]));
	}
	fprintf(out, "};\nconst unsigned sst__host_count = %u;\n", hosts.rows);
	if (fclose(out) != 0) {
		perror(argv[3]);
		return 1;
	}
	free(order);
	tsv_free(&providers);
	tsv_free(&hosts);
	return 0;
}
