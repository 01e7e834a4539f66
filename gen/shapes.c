/* SPDX-License-Identifier: MIT
 * gen/shapes.c - makes the table of phrases from data/shapes.tsv, ordered by the hash of their
 * first letters (read/shapes.h has the same hash).
 *
 * usage: shapes SHAPES.tsv TABLE */
#include "tsv.h"
#include "read/shapes_hash.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 4096 };

typedef struct shape {
	char *phrase;
	unsigned kinds, anchored, hash, line;
} shape;

static shape shapes[MOST];

static unsigned kinds_of(const tsv *table, unsigned row)
{
	static const char letters[] = SHAPE_LETTERS;
	unsigned kinds = 0;

	for (const char *p = tsv_cell(table, row, "kinds"); *p != '\0'; p++) {
		const char *at = strchr(letters, *p);
		if (at == NULL)
			tsv_fail(table, row, "there is no kind '%c'", *p);
		kinds |= 1u << (at - letters);
	}
	return kinds;
}

static void take(const tsv *table, unsigned row, shape *out)
{
	const char *cell = tsv_cell(table, row, "phrase");
	size_t len;

	out->anchored = *cell == '^';
	out->phrase = strdup(cell + out->anchored);
	if (out->phrase == NULL)
		exit(1);
	len = strlen(out->phrase);
	if (len > 0 && out->phrase[len - 1] == '_')
		out->phrase[len - 1] = ' ';
	if (len < 3 || len > 120)
		tsv_fail(table, row, "a phrase has 3 to 120 bytes");
	for (size_t i = 0; i < len; i++)
		if (out->phrase[i] >= 'A' && out->phrase[i] <= 'Z')
			tsv_fail(table, row, "phrases are in lower case");
	out->kinds = kinds_of(table, row);
	out->hash = shape_hash((const unsigned char *)out->phrase);
	out->line = table->lines[row];
}

/* The byte of the phrase at `at` where a glance at the text's byte there is enough; else 0. A blank
 * may stand for several, so that what is behind one is not where it seems. */
static unsigned plain_at(const shape *shape, size_t at)
{
	if (strlen(shape->phrase) <= at || memchr(shape->phrase, ' ', at) != NULL ||
	    (unsigned char)shape->phrase[at] >= 0x80)
		return 0;
	return (unsigned char)shape->phrase[at];
}

/* How many bytes the phrase shares with the one before it that has the same hash. */
static unsigned shared_at(unsigned i)
{
	unsigned n = 0;

	if (i == 0 || shapes[i].hash != shapes[i - 1].hash)
		return 0;
	while (shapes[i].phrase[n] != '\0' && shapes[i].phrase[n] == shapes[i - 1].phrase[n])
		n++;
	return n;
}

static int by_hash(const void *a, const void *b)
{
	const shape *x = a, *y = b;

	return x->hash != y->hash ? (x->hash < y->hash ? -1 : 1) : strcmp(x->phrase, y->phrase);
}

int main(int argc, char **argv)
{
	tsv table;
	FILE *out;
	unsigned at = 0, next = 0;

	if (argc != 3) {
		fputs("usage: shapes SHAPES.tsv TABLE\n", stderr);
		return 2;
	}
	tsv_read(&table, argv[1]);
	if (table.rows > MOST)
		tsv_fail(&table, MOST, "too many phrases");
	for (unsigned row = 0; row < table.rows; row++)
		take(&table, row, &shapes[row]);
	qsort(shapes, table.rows, sizeof *shapes, by_hash);
	for (unsigned i = 1; i < table.rows; i++)
		if (by_hash(&shapes[i - 1], &shapes[i]) == 0 &&
		    shapes[i - 1].anchored == shapes[i].anchored) {
			fprintf(stderr, "%s:%u: \"%s\" stands there twice\n", argv[1],
			        shapes[i].line, shapes[i].phrase);
			return 1;
		}
	out = fopen(argv[2], "w");
	if (out == NULL) {
		perror(argv[2]);
		return 1;
	}
	fputs("/* Generated from data/shapes.tsv. */\nstatic const struct shape shapes[] = {\n",
	      out);
	for (unsigned i = 0; i < table.rows; i++) {
		fprintf(out, "\t{%u, %zu, 0x%x, %u, %u, %u, %u, %u},\n", at,
		        strlen(shapes[i].phrase), shapes[i].kinds, shapes[i].anchored,
		        shapes[i].line, plain_at(&shapes[i], 3), plain_at(&shapes[i], 4),
		        shared_at(i));
		at += (unsigned)strlen(shapes[i].phrase);
	}
	fputs("};\nstatic const unsigned char shape_phrases[] = {\n", out);
	for (unsigned i = 0; i < table.rows; i++) {
		for (const char *p = shapes[i].phrase; *p != '\0'; p++)
			fprintf(out, "%u,", (unsigned char)*p);
		fputs("\n", out);
	}
	fputs("};\nstatic const unsigned short shape_first[] = {\n", out);
	for (unsigned hash = 0; hash <= SHAPE_HASHES; hash++) {
		while (next < table.rows && shapes[next].hash < hash)
			next++;
		fprintf(out, "%u,%c", next, hash % 16 == 15 ? '\n' : ' ');
	}
	fputs("};\n", out);
	if (fclose(out) != 0) {
		perror("write");
		return 1;
	}
	return 0;
}
