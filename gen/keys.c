/* SPDX-License-Identifier: MIT
 * gen/keys.c - the texts of data/texts, sorted by key. */
#include "keys.h"
#include "tsv.h"

#include <stdlib.h>
#include <string.h>

text_row *texts;
unsigned text_count;

static int compare(const void *a, const void *b)
{
	return strcmp(((const text_row *)a)->key, ((const text_row *)b)->key);
}

static int has_column(const tsv *table, const char *name)
{
	for (unsigned i = 0; i < table->columns; i++)
		if (strcmp(table->names[i], name) == 0)
			return 1;
	return 0;
}

void texts_read(char **paths, int count)
{
	for (int f = 0; f < count; f++) {
		tsv table; /* its cells are kept to the end */
		int plural;
		tsv_read(&table, paths[f]);
		plural = has_column(&table, "plural");
		texts = realloc(texts, (text_count + table.rows + 1) * sizeof *texts);
		if (texts == NULL)
			exit(1);
		for (unsigned i = 0; i < table.rows; i++) {
			const char *form = plural ? tsv_cell(&table, i, "plural") : "-";
			texts[text_count++] = (text_row){
			        tsv_cell(&table, i, "key"), tsv_cell(&table, i, "text"),
			        strcmp(form, "-") == 0 ? NULL : form, paths[f], table.lines[i]};
		}
	}
	qsort(texts, text_count, sizeof *texts, compare);
	for (unsigned i = 1; i < text_count; i++)
		if (compare(&texts[i - 1], &texts[i]) == 0) {
			fprintf(stderr, "%s:%u: the key %s stands twice\n", texts[i].path,
			        texts[i].line, texts[i].key);
			exit(1);
		}
}

int texts_find(const char *key)
{
	text_row wanted = {key, NULL, NULL, NULL, 0};
	text_row *found = bsearch(&wanted, texts, text_count, sizeof *texts, compare);

	return found == NULL ? -1 : (int)(found - texts);
}

/* The next "{name}" at or after `text`, its length in *len; NULL if there is none. */
static const char *next_placeholder(const char *text, size_t *len)
{
	const char *open = strchr(text, '{'), *close = open ? strchr(open, '}') : NULL;

	if (close == NULL)
		return NULL;
	*len = (size_t)(close - open) + 1;
	return open;
}

static const char *missing_in(const char *from, const char *in)
{
	static char name[64];
	size_t len;

	for (const char *at = from; (at = next_placeholder(at, &len)) != NULL; at += len) {
		snprintf(name, sizeof name, "%.*s", (int)len, at);
		if (strstr(in, name) == NULL)
			return name;
	}
	return NULL;
}

const char *placeholder_difference(const char *original, const char *copy, int loose)
{
	const char *name = missing_in(copy, original);

	return name != NULL || loose ? name : missing_in(original, copy);
}

static void write_bytes(FILE *out, const char *text, size_t len)
{
	fputs("\t\"", out);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < 0x20 || c >= 0x7f)
			fprintf(out, "\\%03o", c);
		else
			fputc(c, out);
	}
	fputs("\"\n", out);
}

void write_pool(FILE *out, char **strings, const size_t *lengths, unsigned count)
{
	size_t at = 0;

	fputs("static const char pool[] =\n", out);
	for (unsigned i = 0; i < count; i++)
		if (lengths[i] > 0)
			write_bytes(out, strings[i], lengths[i]);
	fputs("\t\"\";\n\nstatic const uint32_t offsets[] = {\n\t0", out);
	for (unsigned i = 0; i < count; i++) {
		at += lengths[i];
		fprintf(out, ",%s%zu", i % 12 == 11 ? "\n\t" : " ", at);
	}
	fputs("};\n\n", out);
}
