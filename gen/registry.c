/* SPDX-License-Identifier: MIT
 * gen/registry.c - makes the tables of enhanced codes and reply codes from data/.
 *
 * usage: registry CATEGORIES.tsv CODES.tsv REPLIES.tsv TABLE */
#include "tsv.h"

#include <stdlib.h>
#include <string.h>

enum { ANY = 0xffff, REPLIES = 15 };

typedef struct row {
	unsigned index; /* of the table */
	unsigned cls, subject, detail;
} row;

static tsv categories, codes, replies;

static unsigned number_of_category(const tsv *table, unsigned at, const char *name, size_t len)
{
	for (unsigned i = 0; i < categories.rows; i++) {
		const char *word = tsv_cell(&categories, i, "name");
		if (strlen(word) == len && strncmp(word, name, len) == 0)
			return tsv_number(&categories, i, "number", 255);
	}
	tsv_fail(table, at, "there is no category \"%.*s\"", (int)len, name);
}

static unsigned part(const tsv *table, unsigned at, const char **text)
{
	char *end;
	unsigned long value;

	if (strncmp(*text, "XXX", 3) == 0) {
		*text += 3;
		return ANY;
	}
	value = strtoul(*text, &end, 10);
	if (end == *text || end - *text > 3 || value > 999)
		tsv_fail(table, at, "code is not class.subject.detail");
	*text = end;
	return (unsigned)value;
}

static row read_code(const tsv *table, unsigned at, const char *text)
{
	row out = {at, 0, 0, 0};

	if (strchr("X245", *text) == NULL || text[1] != '.')
		tsv_fail(table, at, "code is not class.subject.detail");
	out.cls = *text == 'X' ? 0 : (unsigned)(*text - '0');
	text += 2;
	out.subject = part(table, at, &text);
	if (*text++ != '.')
		tsv_fail(table, at, "code is not class.subject.detail");
	out.detail = part(table, at, &text);
	if (*text != '\0')
		tsv_fail(table, at, "code is not class.subject.detail");
	return out;
}

/* The order of sst__code_key: details, then subjects, then classes. */
static int compare(const void *a, const void *b)
{
	const row *x = a, *y = b;

	if ((x->detail == ANY) != (y->detail == ANY))
		return x->detail == ANY ? 1 : -1;
	if (x->subject != y->subject)
		return x->subject < y->subject ? -1 : 1;
	if (x->detail != y->detail)
		return x->detail < y->detail ? -1 : 1;
	return x->cls < y->cls ? -1 : x->cls > y->cls;
}

static void write_text(FILE *out, const char *text)
{
	if (strcmp(text, "-") == 0) {
		fputs("{0, 0}", out);
		return;
	}
	fputs("{", out);
	c_string(out, text);
	fprintf(out, ", %zu}", strlen(text));
}

static unsigned class_bits(unsigned at)
{
	unsigned bits = 0;

	for (const char *c = tsv_cell(&codes, at, "classes"); *c != '\0'; c++)
		if (*c >= '2' && *c <= '5')
			bits |= 1u << (*c - '0');
	return bits;
}

static void write_replies(FILE *out, unsigned at)
{
	const char *text = tsv_cell(&codes, at, "replies");
	unsigned n = 0;

	fputs("{", out);
	while (*text >= '0' && *text <= '9') {
		char *end;
		unsigned long value = strtoul(text, &end, 10);
		if (strncmp(end, "xx", 2) == 0)
			end += 2;
		if (++n > REPLIES)
			tsv_fail(&codes, at, "more than %d replies", REPLIES);
		fprintf(out, "%lu, ", value);
		text = *end == ',' ? end + 1 : end;
	}
	fputs("0}", out);
}

/* Reads "NAME" or "4:NAME,5:NAME". */
static void read_categories(unsigned at, unsigned *by_class)
{
	const char *text = tsv_cell(&codes, at, "category");

	by_class[2] = number_of_category(&codes, at, "delivered", 9);
	while (*text != '\0') {
		size_t len = strcspn(text, ",");
		if (text[1] == ':')
			by_class[text[0] - '0'] = number_of_category(&codes, at, text + 2, len - 2);
		else
			by_class[4] = by_class[5] = number_of_category(&codes, at, text, len);
		text += len + (text[len] == ',');
	}
}

static void write_entry(FILE *out, const row *r)
{
	unsigned by_class[6] = {0}, bits = class_bits(r->index);

	read_categories(r->index, by_class);
	fprintf(out, "\t{{%u, %u, %u}, 0x%x, %u, ", r->cls, r->subject, r->detail, bits,
	        by_class[bits & 0x20 || bits == 0 ? 5
	                 : bits & 0x10            ? 4
	                                          : 2]);
	write_replies(out, r->index);
	fputs(", ", out);
	write_text(out, tsv_cell(&codes, r->index, "title"));
	fputs(", ", out);
	write_text(out, tsv_cell(&codes, r->index, "reference"));
	fputs(", ", out);
	write_text(out, tsv_cell(&codes, r->index, "superseded"));
	fprintf(out, ", {0, 0, %u, 0, %u, %u}, {0, 0}},\n", by_class[2], by_class[4], by_class[5]);
}

static void write_codes(FILE *out)
{
	row *rows = calloc(codes.rows + 1, sizeof *rows);
	unsigned details = 0;

	if (rows == NULL)
		exit(1);
	for (unsigned i = 0; i < codes.rows; i++)
		rows[i] = read_code(&codes, i, tsv_cell(&codes, i, "code"));
	qsort(rows, codes.rows, sizeof *rows, compare);
	fputs("static const sst_entry entries[] = {\n", out);
	for (unsigned i = 0; i < codes.rows; i++) {
		if (i > 0 && compare(&rows[i - 1], &rows[i]) == 0)
			tsv_fail(&codes, rows[i].index, "the code stands twice");
		write_entry(out, &rows[i]);
		details += rows[i].detail != ANY;
	}
	fprintf(out, "};\n\nconst struct sst_registry sst__registry = {entries, %u, %u};\n\n",
	        codes.rows, details);
	free(rows);
}

static void write_reply_entries(FILE *out)
{
	unsigned last = 0;

	fputs("const sst_reply_entry sst__reply_entries[] = {\n", out);
	for (unsigned i = 0; i < replies.rows; i++) {
		unsigned code = tsv_number(&replies, i, "reply", 999);
		const char *enhanced = tsv_cell(&replies, i, "enhanced");
		const char *status = tsv_cell(&replies, i, "status");
		const char *category = tsv_cell(&replies, i, "category");
		row r = {0, 0, 0, 0};
		if (code <= last)
			tsv_fail(&replies, i, "the rows must be sorted by reply");
		last = code;
		if (strcmp(enhanced, "-") != 0)
			r = read_code(&replies, i, enhanced);
		fprintf(out, "\t{%u, %u, %s, {%u, %u, %u}, ", code,
		        number_of_category(&replies, i, category, strlen(category)),
		        strcmp(status, "rfc5321") == 0 || strcmp(status, "extension") == 0
		                ? "true"
		                : "false",
		        r.cls, r.subject, r.detail);
		write_text(out, tsv_cell(&replies, i, "title"));
		fputs(", ", out);
		write_text(out, tsv_cell(&replies, i, "reference"));
		fputs("},\n", out);
	}
	fprintf(out, "};\n\nconst size_t sst__reply_entry_count = %u;\n", replies.rows);
}

int main(int argc, char **argv)
{
	FILE *out;

	if (argc != 5) {
		fputs("usage: registry CATEGORIES.tsv CODES.tsv REPLIES.tsv TABLE\n", stderr);
		return 2;
	}
	tsv_read(&categories, argv[1]);
	tsv_read(&codes, argv[2]);
	tsv_read(&replies, argv[3]);
	out = fopen(argv[4], "w");
	if (out == NULL) {
		perror(argv[4]);
		return 1;
	}
	fputs("/* Generated from data/codes.tsv and data/replies.tsv. */\n"
	      "#include \"core/registry.h\"\n\n",
	      out);
	write_codes(out);
	write_reply_entries(out);
	if (fclose(out) != 0) {
		perror(argv[4]);
		return 1;
	}
	tsv_free(&categories);
	tsv_free(&codes);
	tsv_free(&replies);
	return 0;
}
