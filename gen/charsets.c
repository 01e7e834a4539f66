/* SPDX-License-Identifier: MIT
 * gen/charsets.c - makes the table of charset names from data/charsets.tsv, and of the letters of
 * those that have one byte a letter and of JIS X 0208, so that the reader needs iconv for the rare
 * ones only. The letters come from this machine's iconv.
 *
 * usage: charsets CHARSETS.tsv TABLE */
#include "tsv.h"

#include <iconv.h>
#include <stdbool.h>
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

/* The letter that `len` bytes stand for; 0 if they stand for none, or for more than one. */
static unsigned letter_of(iconv_t converter, const unsigned char *bytes, size_t len)
{
	char in[4], *from = in, *to;
	unsigned char out[8];
	size_t left = len, room = sizeof out;

	memcpy(in, bytes, len);
	to = (char *)out;
	iconv(converter, NULL, NULL, NULL, NULL);
	if (iconv(converter, &from, &left, &to, &room) == (size_t)-1 || room != sizeof out - 4)
		return 0;
	return out[0] == 0 && out[1] == 0 ? (unsigned)out[2] << 8 | out[3] : 0;
}

/* Writes the upper half of a charset with one byte a letter; false if it is none of those. */
static bool write_half(FILE *out, unsigned number)
{
	iconv_t converter = iconv_open("UCS-4BE", targets[number]);
	unsigned known = 0, letters[128];

	if (converter == (iconv_t)-1 || strncmp(targets[number], "UTF", 3) == 0)
		return false;
	for (unsigned i = 0; i < 128; i++) {
		unsigned char byte = (unsigned char)(128 + i);
		letters[i] = letter_of(converter, &byte, 1);
		known += letters[i] != 0;
	}
	iconv_close(converter);
	if (known < 80)
		return false;
	fprintf(out, "static const uint16_t charset_half_%u[128] = { /* %s */", number,
	        targets[number]);
	for (unsigned i = 0; i < 128; i++)
		fprintf(out, "%s%u,", i % 16 == 0 ? "\n\t" : " ", letters[i]);
	fputs("\n};\n", out);
	return true;
}

static void write_jis(FILE *out)
{
	iconv_t converter = iconv_open("UCS-4BE", "EUC-JP-MS");

	if (converter == (iconv_t)-1) {
		fputs("this machine's iconv does not know EUC-JP-MS\n", stderr);
		exit(1);
	}
	fputs("static const uint16_t charset_jis[94 * 94] = {", out);
	for (unsigned i = 0; i < 94 * 94; i++) {
		unsigned char pair[2] = {(unsigned char)(0xa1 + i / 94),
		                         (unsigned char)(0xa1 + i % 94)};
		fprintf(out, "%s%u,", i % 16 == 0 ? "\n\t" : " ", letter_of(converter, pair, 2));
	}
	fputs("\n};\n", out);
	iconv_close(converter);
}

static const char *way_of(const char *target)
{
	if (strncmp(target, "ISO-2022-JP", 11) == 0)
		return "WAY_ISO2022";
	if (strcmp(target, "CP932") == 0)
		return "WAY_SHIFT";
	return strcmp(target, "EUC-JP-MS") == 0 ? "WAY_EUC" : "WAY_ICONV";
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
	fputs("};\n", out);
	static bool halves[MOST];
	for (unsigned i = 3; i < count; i++)
		halves[i] = write_half(out, i);
	write_jis(out);
	fputs("static const struct charset_target charset_targets[] = {\n\t{\"\", NULL, "
	      "WAY_ICONV},\n",
	      out);
	for (unsigned i = 0; i < count; i++)
		if (halves[i])
			fprintf(out, "\t{\"%s\", charset_half_%u, WAY_HALF},\n", targets[i], i);
		else
			fprintf(out, "\t{\"%s\", NULL, %s},\n", targets[i], way_of(targets[i]));
	fputs("};\n", out);
	if (fclose(out) != 0) {
		perror("write");
		return 1;
	}
	tsv_free(&table);
	return 0;
}
