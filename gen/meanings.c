/* SPDX-License-Identifier: MIT
 * gen/meanings.c - makes the tables of second meanings.
 *
 * usage: meanings TABLE CATEGORIES.tsv DOTTED.tsv VENDOR-MEANINGS.tsv PROVIDERS.tsv TEXTS.tsv... */
#include "keys.h"
#include "tsv.h"

#include <stdlib.h>
#include <string.h>

static unsigned word_index(const tsv *table, unsigned row, const char *column,
                           const char *const *words)
{
	const char *cell = tsv_cell(table, row, column);

	for (unsigned i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], cell) == 0)
			return i;
	tsv_fail(table, row, "%s: \"%s\" is none of its words", column, cell);
}

static void text_cell(FILE *out, const char *cell)
{
	if (strcmp(cell, "-") == 0) {
		fputs("{0, 0}", out);
		return;
	}
	fputs("{", out);
	c_string(out, cell);
	fprintf(out, ", %zu}", strlen(cell));
}

static void need_text(const tsv *table, unsigned row, const char *format, const char *name)
{
	char key[128];

	snprintf(key, sizeof key, format, name);
	if (texts_find(key) < 0)
		tsv_fail(table, row, "there is no text %s", key);
}

static void write_dotted(FILE *out, const tsv *table)
{
	static const char *const origins[] = {"rfc", "squeezed", "errno", "groupwise", NULL};
	static const char *const fits[] = {"same",         "near",       "different",
	                                   "unregistered", "impossible", NULL};
	static const char *const likely[] = {"code", "reply", NULL};

	fputs("const struct sst_dotted sst__dotted[] = {\n", out);
	for (unsigned i = 0; i < table->rows; i++) {
		const char *tell = tsv_cell(table, i, "tell"), *view = tsv_cell(table, i, "view");
		need_text(table, i, "tell.%s", tell);
		need_text(table, i, "reply.%s.title", tsv_cell(table, i, "reply"));
		need_text(table, i, "reply.%s.text", tsv_cell(table, i, "reply"));
		if (strcmp(view, "-") != 0) {
			need_text(table, i, "view.%s.table", view);
			need_text(table, i, "view.%s.standard", view);
		}
		fprintf(out, "\t{%u, %u, %u, %s, ", tsv_number(table, i, "reply", 599),
		        word_index(table, i, "origin", origins), word_index(table, i, "fits", fits),
		        word_index(table, i, "likely", likely) ? "true" : "false");
		text_cell(out, tell);
		fputs(", ", out);
		text_cell(out, view);
		fputs(", ", out);
		text_cell(out, tsv_cell(table, i, "vendor"));
		fputs("},\n", out);
	}
	fprintf(out, "};\n\nconst size_t sst__dotted_count = %u;\n\n", table->rows);
}

static unsigned category_number(const tsv *categories, const tsv *table, unsigned row)
{
	for (unsigned i = 0; i < categories->rows; i++)
		if (strcmp(tsv_cell(categories, i, "name"), tsv_cell(table, row, "category")) == 0)
			return tsv_number(categories, i, "number", 255);
	tsv_fail(table, row, "there is no such category");
}

static void write_vendors(FILE *out, const tsv *table, const tsv *categories)
{
	fputs("const struct sst_vendor_meaning sst__vendor_meanings[] = {\n", out);
	for (unsigned i = 0; i < table->rows; i++) {
		const char *code = tsv_cell(table, i, "code");
		unsigned c = 0, s = 0, d = 0, reply = 0;
		need_text(table, i, "%s", tsv_cell(table, i, "text"));
		if (sscanf(code, "X.%u.%u", &s, &d) != 2 &&
		    sscanf(code, "%u.%u.%u", &c, &s, &d) != 3) {
			reply = tsv_number(table, i, "code", 599);
			c = s = d = 0;
		}
		fputs("\t{", out);
		text_cell(out, tsv_cell(table, i, "provider"));
		fprintf(out, ", %u, {%u, %u, %u}, %u, ", reply, c, s, d,
		        category_number(categories, table, i));
		text_cell(out, tsv_cell(table, i, "text"));
		fputs("},\n", out);
	}
	fprintf(out, "};\n\nconst size_t sst__vendor_meaning_count = %u;\n\n", table->rows);
}

/* One name for sentences: "Gmail and Google Workspace" is "Gmail" there. */
static void write_short_name(FILE *out, const char *title)
{
	static const char *const ends[] = {" and ", ", ", " ("};
	char name[128];

	snprintf(name, sizeof name, "%s", title);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		char *end = strstr(name, ends[i]);
		if (end != NULL)
			*end = '\0';
	}
	text_cell(out, name);
}

static void write_providers(FILE *out, const tsv *table)
{
	fputs("const struct sst_provider_title sst__provider_titles[] = {\n", out);
	for (unsigned i = 0; i < table->rows; i++) {
		fputs("\t{", out);
		text_cell(out, tsv_cell(table, i, "name"));
		fputs(", ", out);
		write_short_name(out, tsv_cell(table, i, "title"));
		fprintf(out, ", %d},\n", strcmp(tsv_cell(table, i, "kind"), "software") == 0);
	}
	fprintf(out, "};\n\nconst size_t sst__provider_title_count = %u;\n", table->rows);
}

int main(int argc, char **argv)
{
	tsv categories, dotted, vendors, providers;
	FILE *out;

	if (argc < 7) {
		fputs("usage: meanings TABLE CATEGORIES.tsv DOTTED.tsv VENDOR-MEANINGS.tsv "
		      "PROVIDERS.tsv "
		      "TEXTS.tsv...\n",
		      stderr);
		return 2;
	}
	tsv_read(&categories, argv[2]);
	tsv_read(&dotted, argv[3]);
	tsv_read(&vendors, argv[4]);
	tsv_read(&providers, argv[5]);
	texts_read(argv + 6, argc - 6);
	out = fopen(argv[1], "w");
	if (out == NULL) {
		perror(argv[1]);
		return 1;
	}
	fputs("/* Generated from data/dotted.tsv, vendor-meanings.tsv and providers.tsv. */\n"
	      "#include \"say/meanings.h\"\n\n",
	      out);
	write_dotted(out, &dotted);
	write_vendors(out, &vendors, &categories);
	write_providers(out, &providers);
	if (fclose(out) != 0) {
		perror(argv[1]);
		return 1;
	}
	tsv_free(&categories);
	tsv_free(&dotted);
	tsv_free(&vendors);
	tsv_free(&providers);
	return 0;
}
