/* SPDX-License-Identifier: MIT
 * gen/words.c - makes the lists of words (categories, acts, notes, ...) from data/.
 *
 * usage: words WORDS.tsv CATEGORIES.tsv NOTES.tsv HEADER TABLE */
#include "tsv.h"

#include <stdlib.h>
#include <string.h>

/* In the order of enum sst_vocabulary. */
static const char *const vocabularies[] = {"category", "permanence", "act",   "side",
                                           "scope",    "check",      "phase", "action",
                                           "kind",     "origin",     "note"};
enum { COUNT = sizeof vocabularies / sizeof *vocabularies, MOST = 256 };

typedef struct list {
	const char *names[MOST];
	const char *meanings[MOST];
	unsigned top; /* highest number used, plus one */
} list;

static list lists[COUNT];

static void put(const tsv *table, unsigned row, list *into, unsigned number, const char *meaning)
{
	if (into->names[number] != NULL)
		tsv_fail(table, row, "number %u is used twice", number);
	into->names[number] = tsv_cell(table, row, "name");
	into->meanings[number] = meaning;
	if (number >= into->top)
		into->top = number + 1;
}

static list *list_of(const tsv *table, unsigned row)
{
	const char *name = tsv_cell(table, row, "vocabulary");

	for (unsigned i = 0; i < COUNT; i++)
		if (strcmp(vocabularies[i], name) == 0)
			return &lists[i];
	tsv_fail(table, row, "there is no vocabulary \"%s\"", name);
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

static void write_header(FILE *out)
{
	fputs("/* Generated from data/words.tsv, data/categories.tsv and data/notes.tsv. */\n"
	      "#ifndef SMTPSTATUS_WORDS_H\n#define SMTPSTATUS_WORDS_H\n",
	      out);
	for (unsigned v = 0; v < COUNT; v++) {
		fputs("\nenum {\n", out);
		for (unsigned i = 0; i < lists[v].top; i++) {
			if (lists[v].names[i] == NULL)
				continue;
			fputs("\t", out);
			c_constant(out, "SST_", vocabularies[v]);
			c_constant(out, "_", lists[v].names[i]);
			if (v == COUNT - 1)
				fputs("_BIT", out);
			fprintf(out, " = %u, /* %s */\n", i, lists[v].meanings[i]);
		}
		fputs("};\n", out);
	}
	fputs("\n", out);
	for (unsigned i = 0; i < lists[COUNT - 1].top; i++) {
		fputs("#define ", out);
		c_constant(out, "SST_NOTE_", lists[COUNT - 1].names[i]);
		fprintf(out, " ((sst_notes)1 << %u)\n", i);
	}
	fputs("\n#endif\n", out);
}

static void write_table(FILE *out)
{
	fputs("/* Generated from data/words.tsv, data/categories.tsv and data/notes.tsv. */\n"
	      "#include \"core/words.h\"\n\n",
	      out);
	for (unsigned v = 0; v < COUNT; v++) {
		fprintf(out, "static const sst_text words_%s[] = {\n", vocabularies[v]);
		for (unsigned i = 0; i < lists[v].top; i++) {
			if (lists[v].names[i] == NULL) {
				fputs("\t{NULL, 0},\n", out);
				continue;
			}
			fputs("\t{", out);
			c_string(out, lists[v].names[i]);
			fprintf(out, ", %zu},\n", strlen(lists[v].names[i]));
		}
		fputs("};\n", out);
	}
	fputs("\nconst struct sst_word_list sst__word_lists[] = {\n", out);
	for (unsigned v = 0; v < COUNT; v++)
		fprintf(out, "\t{words_%s, %u},\n", vocabularies[v], lists[v].top);
	fputs("};\n\nconst struct sst_category_row sst__categories[] = {\n", out);
}

static unsigned number_of(const tsv *table, unsigned row, unsigned vocabulary, const char *column)
{
	const char *word = tsv_cell(table, row, column);

	if (strcmp(word, "unknown") == 0)
		return 0;
	for (unsigned i = 0; i < lists[vocabulary].top; i++)
		if (lists[vocabulary].names[i] && strcmp(lists[vocabulary].names[i], word) == 0)
			return i;
	tsv_fail(table, row, "%s: there is no \"%s\"", column, word);
}

static void write_categories(FILE *out, const tsv *categories)
{
	for (unsigned row = 0; row < categories->rows; row++) {
		unsigned c, s, d;
		if (sscanf(tsv_cell(categories, row, "code"), "%u.%u.%u", &c, &s, &d) != 3)
			tsv_fail(categories, row, "code is not class.subject.detail");
		fprintf(out, "\t[%u] = {%u, %u, %u, %u, {%u, %u, %u}},\n",
		        tsv_number(categories, row, "number", MOST - 1),
		        number_of(categories, row, 1, "permanence"),
		        number_of(categories, row, 2, "act"), number_of(categories, row, 3, "side"),
		        number_of(categories, row, 4, "scope"), c, s, d);
	}
	fputs("};\n", out);
}

int main(int argc, char **argv)
{
	tsv words, categories, notes;
	FILE *header, *table;

	if (argc != 6) {
		fputs("usage: words WORDS.tsv CATEGORIES.tsv NOTES.tsv HEADER TABLE\n", stderr);
		return 2;
	}
	tsv_read(&words, argv[1]);
	tsv_read(&categories, argv[2]);
	tsv_read(&notes, argv[3]);
	for (unsigned row = 0; row < words.rows; row++)
		put(&words, row, list_of(&words, row), tsv_number(&words, row, "number", MOST - 1),
		    tsv_cell(&words, row, "meaning"));
	for (unsigned row = 0; row < categories.rows; row++)
		put(&categories, row, &lists[0], tsv_number(&categories, row, "number", MOST - 1),
		    tsv_cell(&categories, row, "definition"));
	for (unsigned row = 0; row < notes.rows; row++)
		put(&notes, row, &lists[COUNT - 1], tsv_number(&notes, row, "bit", 63),
		    tsv_cell(&notes, row, "meaning"));
	header = create(argv[4]);
	write_header(header);
	table = create(argv[5]);
	write_table(table);
	write_categories(table, &categories);
	if (fclose(header) != 0 || fclose(table) != 0) {
		perror("write");
		return 1;
	}
	tsv_free(&words);
	tsv_free(&categories);
	tsv_free(&notes);
	return 0;
}
