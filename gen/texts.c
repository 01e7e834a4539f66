/* SPDX-License-Identifier: MIT
 * gen/texts.c - makes the table of keys with the English texts, and the list of languages.
 *
 * usage: texts TABLE LANGUAGES.tsv TAGS TEXTS.tsv...
 * TAGS: the languages that are built, with commas, without English. */
#include "keys.h"
#include "tsv.h"

#include <stdlib.h>
#include <string.h>

static void identifier(FILE *out, const char *tag)
{
	for (; *tag != '\0'; tag++)
		fputc(*tag == '-' ? '_' : *tag, out);
}

static void write_keys(FILE *out)
{
	size_t at = 0;

	fputs("static const char keys[] =\n", out);
	for (unsigned i = 0; i < text_count; i++)
		fprintf(out, "\t\"%s\"\n", texts[i].key);
	fputs("\t;\n\nstatic const uint32_t key_offsets[] = {\n\t0", out);
	for (unsigned i = 0; i < text_count; i++) {
		at += strlen(texts[i].key);
		fprintf(out, ",%s%zu", i % 12 == 11 ? "\n\t" : " ", at);
	}
	fprintf(out,
	        "};\n\nconst struct sst_text_keys sst__text_keys = {keys, key_offsets, %u};\n\n",
	        text_count);
}

static void write_english(FILE *out)
{
	char **strings = calloc(text_count, sizeof *strings);
	size_t *lengths = calloc(text_count, sizeof *lengths);

	if (strings == NULL || lengths == NULL)
		exit(1);
	for (unsigned i = 0; i < text_count; i++) {
		size_t one = strlen(texts[i].text);
		size_t more = texts[i].plural != NULL ? strlen(texts[i].plural) + 1 : 0;
		strings[i] = malloc(one + more + 1);
		if (strings[i] == NULL)
			exit(1);
		memcpy(strings[i], texts[i].text, one + 1);
		if (more > 0)
			memcpy(strings[i] + one + 1, texts[i].plural, more);
		lengths[i] = one + more;
	}
	write_pool(out, strings, lengths, text_count);
	fputs("static unsigned plural(unsigned long n)\n{\n\treturn n != 1;\n}\n\n", out);
}

static int is_built(const char *tags, const char *tag)
{
	size_t len = strlen(tag);

	for (const char *at = tags; (at = strstr(at, tag)) != NULL; at += len)
		if ((at == tags || at[-1] == ',') && (at[len] == ',' || at[len] == '\0'))
			return 1;
	return 0;
}

/* A view of a cell with its marks for blanks as blanks; `upto` is where it ends. */
static void spaced(FILE *out, const char *cell, const char *upto)
{
	char text[64] = "";

	for (; cell < upto; cell++) {
		char one[2] = {*cell, '\0'};
		const char *part = *cell == '_' ? "\xc2\xa0" : *cell == '~' ? "\xe2\x80\xaf" : one;

		strncat(text, part, sizeof text - strlen(text) - 1);
	}
	fputs(", SST_STATIC_TEXT(", out);
	c_string(out, text);
	fputs(")", out);
}

/* What stands before and behind the number of a percentage; the colon, and the blank behind one
 * that is not as wide as a letter. */
static void write_signs(FILE *out, const tsv *languages, unsigned row)
{
	const char *percent = tsv_cell(languages, row, "percent");
	const char *colon = tsv_cell(languages, row, "colon");
	const char *number = strchr(percent, 'N');
	char blank[16];

	if (number == NULL)
		tsv_fail(languages, row, "percent \"%s\" has no N", percent);
	spaced(out, percent, number);
	spaced(out, number + 1, number + strlen(number));
	snprintf(blank, sizeof blank, "%s%s", colon, strchr(colon, ':') != NULL ? " " : "");
	spaced(out, blank, blank + strlen(blank));
}

static void write_languages(FILE *out, const tsv *languages, const char *tags)
{
	for (unsigned i = 0; i < languages->rows; i++)
		if (is_built(tags, tsv_cell(languages, i, "tag"))) {
			fputs("extern const struct sst_text_table sst__texts_", out);
			identifier(out, tsv_cell(languages, i, "tag"));
			fputs(";\n", out);
		}
	fputs("\nstatic const struct sst_text_table english = {pool, offsets, 2, plural};\n\n"
	      "const struct sst_lang sst__langs[] = {\n",
	      out);
	for (unsigned i = 0; i < languages->rows; i++) {
		const char *tag = tsv_cell(languages, i, "tag");
		const char *aliases = tsv_cell(languages, i, "aliases");
		if (strcmp(tag, "en") != 0 && !is_built(tags, tag))
			continue;
		fprintf(out, "\t{SST_STATIC_TEXT(\"%s\"), SST_STATIC_TEXT(", tag);
		c_string(out, tsv_cell(languages, i, "name"));
		fprintf(out, "), SST_STATIC_TEXT(\"%s\")",
		        strcmp(aliases, "-") == 0 ? "" : aliases);
		write_signs(out, languages, i);
		fprintf(out, ", %s, &",
		        strcmp(tsv_cell(languages, i, "direction"), "rtl") == 0 ? "true" : "false");
		if (strcmp(tag, "en") == 0)
			fputs("english", out);
		else {
			fputs("sst__texts_", out);
			identifier(out, tag);
		}
		fputs("},\n", out);
	}
	fputs("};\n\nconst size_t sst__lang_count = sizeof sst__langs / sizeof *sst__langs;\n",
	      out);
}

int main(int argc, char **argv)
{
	tsv languages;
	FILE *out;

	if (argc < 5) {
		fputs("usage: texts TABLE LANGUAGES.tsv TAGS TEXTS.tsv...\n", stderr);
		return 2;
	}
	tsv_read(&languages, argv[2]);
	texts_read(argv + 4, argc - 4);
	out = fopen(argv[1], "w");
	if (out == NULL) {
		perror(argv[1]);
		return 1;
	}
	fputs("/* Generated from data/texts and data/languages.tsv. */\n"
	      "#include \"say/lang.h\"\n\n"
	      "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\n",
	      out);
	write_keys(out);
	write_english(out);
	write_languages(out, &languages, argv[3]);
	if (fclose(out) != 0) {
		perror(argv[1]);
		return 1;
	}
	return 0;
}
