/* SPDX-License-Identifier: MIT
 * gen/details.c - makes the tables of words by which details are read out.
 *
 * usage: details DETAILS.tsv TABLE */
#include "tsv.h"

#include <stdlib.h>
#include <string.h>

static tsv words;

static const struct {
	const char *list, *table;
	int valued;
} lists[] = {
        {"time", "sst__times", 1},
        {"size", "sst__sizes", 1},
        {"count", "sst__counts", 1},
        {"ask", "sst__ask_words", 0},
        {"wait", "sst__wait_words", 0},
        {"passed", "sst__passed_words", 0},
        {"later", "sst__later_words", 0},
        {"ago", "sst__ago_words", 0},
        {"and", "sst__and_words", 0},
        {"more", "sst__more_words", 0},
        {"limit", "sst__limit_words", 0},
        {"list-start", "sst__list_starts", 0},
        {"list-part", "sst__list_parts", 0},
        {"list-before", "sst__list_words", 0},
        {"list-name", "sst__list_names", 0},
        {"list-kind", "sst__list_kinds", 0},
        {"moved", "sst__moved_words", 0},
        {"ticket", "sst__ticket_words", 0},
        {"ticket-number", "sst__number_words", 0},
};

enum { LISTS = sizeof lists / sizeof *lists };

static unsigned list_of(unsigned row)
{
	const char *name = tsv_cell(&words, row, "list");

	for (unsigned i = 0; i < LISTS; i++)
		if (strcmp(lists[i].list, name) == 0)
			return i;
	tsv_fail(&words, row, "there is no list \"%s\"", name);
}

/* Longer words first, so that "minutes" is not taken for "min"; else as they stand. */
static int by_length(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
	size_t first = strlen(tsv_cell(&words, x, "word"));
	size_t second = strlen(tsv_cell(&words, y, "word"));

	return first != second ? (first < second ? 1 : -1) : (x > y) - (x < y);
}

static void write_word(FILE *out, unsigned row)
{
	char word[64];
	size_t len = strlen(tsv_cell(&words, row, "word"));

	if (len == 0 || len >= sizeof word)
		tsv_fail(&words, row, "a word has 1 to 63 bytes");
	memcpy(word, tsv_cell(&words, row, "word"), len + 1);
	if (word[len - 1] == '_')
		word[len - 1] = ' ';
	c_string(out, word);
}

static void write_list(FILE *out, unsigned list, unsigned *rows)
{
	unsigned n = 0;

	for (unsigned i = 0; i < words.rows; i++)
		if (list_of(i) == list)
			rows[n++] = i;
	if (lists[list].valued)
		qsort(rows, n, sizeof *rows, by_length);
	fprintf(out, "\nconst %s%s[] = {\n",
	        lists[list].valued ? "struct sst__unit " : "char *const ", lists[list].table);
	for (unsigned i = 0; i < n; i++) {
		fputs(lists[list].valued ? "\t{" : "\t", out);
		write_word(out, rows[i]);
		if (lists[list].valued)
			fprintf(out, ", %u}", tsv_number(&words, rows[i], "value", 1u << 30));
		fputs(",\n", out);
	}
	fputs(lists[list].valued ? "\t{0, 0},\n};\n" : "\t0,\n};\n", out);
}

/* The bit of a letter; the one behind 'z' stands for anything else. */
static unsigned letter_bit(char c)
{
	return 1u << (c < 'a' || c > 'z' ? 26 : c - 'a');
}

/* For each letter that the words of a list start with, the letters that come second, and behind
 * those the ones that come third, a bit each. A look at three letters tells most words apart. Words
 * that start with no letter of a to z are not in it. */
static void write_starts(FILE *out, const char *list, const char *table)
{
	unsigned letters[52] = {0};

	for (unsigned i = 0; i < words.rows; i++) {
		const char *word = tsv_cell(&words, i, "word");
		unsigned first = (unsigned)(word[0] - 'a');
		if (strcmp(tsv_cell(&words, i, "list"), list) != 0 || first > 25)
			continue;
		letters[first] |= letter_bit(word[1]);
		/* Behind a word of one or two letters anything may stand. */
		letters[26 + first] |=
		        word[1] == '\0' || word[2] == '\0' ? ~0u : letter_bit(word[2]);
	}
	fprintf(out, "\nconst uint32_t %s[52] = {", table);
	for (unsigned i = 0; i < 52; i++)
		fprintf(out, "%s0x%x,", i % 8 == 0 ? "\n\t" : " ", letters[i]);
	fputs("\n};\n", out);
}

int main(int argc, char **argv)
{
	unsigned *rows;
	FILE *out;

	if (argc != 3) {
		fputs("usage: details DETAILS.tsv TABLE\n", stderr);
		return 2;
	}
	tsv_read(&words, argv[1]);
	rows = malloc((words.rows + 1) * sizeof *rows);
	out = fopen(argv[2], "w");
	if (rows == NULL || out == NULL) {
		perror(argv[2]);
		return 1;
	}
	fputs("/* Generated from data/details.tsv. */\n#include \"core/details.h\"\n", out);
	for (unsigned i = 0; i < LISTS; i++)
		write_list(out, i, rows);
	write_starts(out, "ticket", "sst__ticket_starts");
	write_starts(out, "count", "sst__count_starts");
	write_starts(out, "time", "sst__time_starts");
	write_starts(out, "size", "sst__size_starts");
	write_starts(out, "list-name", "sst__name_starts");
	if (fclose(out) != 0) {
		perror(argv[2]);
		return 1;
	}
	free(rows);
	tsv_free(&words);
	return 0;
}
