/* SPDX-License-Identifier: MIT
 * gen/shapes.c - makes the table of phrases from data/shapes.tsv, in alphabetical order, and a trie
 * of their beginnings as a double array: see read/shapes.c.
 *
 * usage: shapes SHAPES.tsv TABLE */
#include "tsv.h"
#include "read/shapes_letters.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 4096, STATES = 65536, BYTES = 256 };

typedef struct shape {
	char *phrase;
	unsigned kinds, anchored, line;
	unsigned head; /* bytes that have states of their own */
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
	out->line = table->lines[row];
}

static int in_order(const void *a, const void *b)
{
	const shape *x = a, *y = b;
	int order = strcmp(x->phrase, y->phrase);

	return order != 0 ? order : (int)x->anchored - (int)y->anchored;
}

static unsigned shared(const shape *a, const shape *b)
{
	unsigned n = 0;

	while (a->phrase[n] != '\0' && a->phrase[n] == b->phrase[n])
		n++;
	return n;
}

/* One byte more than a phrase shares with any other, and never a part of a letter. */
static unsigned head_of(unsigned i, unsigned count)
{
	const shape *shape = &shapes[i];
	unsigned before = i > 0 ? shared(shape, shape - 1) : 0;
	unsigned after = i + 1 < count ? shared(shape, shape + 1) : 0;
	unsigned most = before > after ? before : after;
	size_t len = strlen(shape->phrase);

	if (most + 1 > len)
		return (unsigned)len;
	for (most++; most < len && ((unsigned char)shape->phrase[most] & 0xc0) == 0x80;)
		most++;
	return most;
}

static struct state {
	unsigned base, check, first, count;
} states[STATES + BYTES];

static unsigned char used[STATES]; /* as a base */
static unsigned top = 1;           /* states in use end here */

static bool fits(unsigned base, const unsigned char *bytes, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (states[base + bytes[i]].check != 0)
			return false;
	return !used[base];
}

/* Makes the states behind `state`, which is that of the first `depth` bytes of phrase `i`. */
static void put_children(unsigned i, unsigned count, unsigned depth, unsigned state)
{
	unsigned char bytes[BYTES];
	unsigned n = 0, base = 1;

	for (unsigned k = i; k < count && shared(&shapes[i], &shapes[k]) >= depth; k++) {
		unsigned char byte = (unsigned char)shapes[k].phrase[depth];
		if (byte != '\0' && (n == 0 || bytes[n - 1] != byte))
			bytes[n++] = byte;
	}
	while (base < STATES && !fits(base, bytes, n))
		base++;
	if (base == STATES) {
		fputs("shapes: too many phrases\n", stderr);
		exit(1);
	}
	used[base] = 1;
	states[state].base = base;
	for (unsigned k = 0; k < n; k++)
		states[base + bytes[k]].check = bytes[k] + 1u;
	if (top < base + BYTES)
		top = base + BYTES;
}

static void build_trie(unsigned count)
{
	states[0].check = BYTES + 1;
	for (unsigned i = 0; i < count; i++) {
		unsigned state = 0, head = head_of(i, count);
		for (unsigned k = 0; k < head; k++) {
			if (states[state].base == 0)
				put_children(i, count, k, state);
			state = states[state].base + (unsigned char)shapes[i].phrase[k];
		}
		if (states[state].count++ == 0)
			states[state].first = i;
		shapes[i].head = head;
	}
}

static void write_trie(FILE *out)
{
	fputs("};\nstatic const struct state states[] = {\n", out);
	for (unsigned i = 0; i < top; i++)
		fprintf(out, "\t{%u, %u, %u, %u},\n", states[i].base, states[i].check,
		        states[i].first, states[i].count);
	fputs("};\n", out);
}

int main(int argc, char **argv)
{
	tsv table;
	FILE *out;
	unsigned at = 0;

	if (argc != 3) {
		fputs("usage: shapes SHAPES.tsv TABLE\n", stderr);
		return 2;
	}
	tsv_read(&table, argv[1]);
	if (table.rows > MOST)
		tsv_fail(&table, MOST, "too many phrases");
	for (unsigned row = 0; row < table.rows; row++)
		take(&table, row, &shapes[row]);
	qsort(shapes, table.rows, sizeof *shapes, in_order);
	for (unsigned i = 1; i < table.rows; i++)
		if (in_order(&shapes[i - 1], &shapes[i]) == 0) {
			fprintf(stderr, "%s:%u: \"%s\" stands there twice\n", argv[1],
			        shapes[i].line, shapes[i].phrase);
			return 1;
		}
	build_trie(table.rows);
	out = fopen(argv[2], "w");
	if (out == NULL) {
		perror(argv[2]);
		return 1;
	}
	fputs("/* Generated from data/shapes.tsv. */\nstatic const struct shape shapes[] = {\n",
	      out);
	for (unsigned i = 0; i < table.rows; i++) {
		fprintf(out, "\t{%u, %zu, 0x%x, %u, %u, %u},\n", at, strlen(shapes[i].phrase),
		        shapes[i].kinds, shapes[i].anchored, shapes[i].line, shapes[i].head);
		at += (unsigned)strlen(shapes[i].phrase);
	}
	fputs("};\nstatic const unsigned char shape_phrases[] = {\n", out);
	for (unsigned i = 0; i < table.rows; i++) {
		for (const char *p = shapes[i].phrase; *p != '\0'; p++)
			fprintf(out, "%u,", (unsigned char)*p);
		fputs("\n", out);
	}
	write_trie(out);
	if (fclose(out) != 0) {
		perror("write");
		return 1;
	}
	return 0;
}
