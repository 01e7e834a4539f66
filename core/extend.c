/* SPDX-License-Identifier: MIT
 * core/extend.c - a site's own codes on top of a registry, in the caller's memory. */
#include "core/registry.h"
#include "core/text.h"

enum column {
	COLUMN_CODE,
	COLUMN_TITLE,
	COLUMN_CLASSES,
	COLUMN_REPLIES,
	COLUMN_CATEGORY,
	COLUMN_REFERENCE,
	COLUMN_SUPERSEDED,
	COLUMN_TEXT,
	COLUMNS
};

#define NAME(string)                      \
	{                                 \
		string, sizeof string - 1 \
	}

static const sst_text column_names[COLUMNS] = {
        NAME("code"),     NAME("title"),     NAME("classes"),    NAME("replies"),
        NAME("category"), NAME("reference"), NAME("superseded"), NAME("text"),
};

#undef NAME

enum { CELLS = 32 };

typedef struct reader {
	sst_text tsv, rest;
	const sst_registry *base;
	int where[COLUMNS]; /* cell of each column, -1: not there */
	unsigned cells;     /* cells of the heading */
	sst_result result;
} reader;

static bool fail(reader *in, const char *at, const char *rule)
{
	in->result = (sst_result){SST_E_SYNTAX, (size_t)(at - in->tsv.ptr), rule};
	return false;
}

/* The next line that is no comment and not empty. */
static bool next_row(reader *in, sst_text *line)
{
	while (sst__text_line(&in->rest, line))
		if (sst__text_trim(*line).len > 0 && line->ptr[0] != '#')
			return true;
	return false;
}

static unsigned cut(sst_text line, sst_text *cells)
{
	unsigned n = 0;
	size_t from = 0;

	for (;;) {
		size_t tab = sst__text_find(line, from, '\t');
		if (n < CELLS)
			cells[n] = sst__text_part(line, from, tab);
		n++;
		if (tab == line.len)
			return n;
		from = tab + 1;
	}
}

/* Without a heading a row is a code, its title and perhaps a text. */
static bool take_no_heading(reader *in, sst_text row)
{
	in->where[COLUMN_CODE] = 0;
	in->where[COLUMN_TITLE] = 1;
	if (in->cells > 2)
		in->where[COLUMN_TEXT] = 2;
	in->rest = (sst_text){row.ptr, (size_t)(in->tsv.ptr + in->tsv.len - row.ptr)};
	return true;
}

static bool read_heading(reader *in)
{
	sst_text line, cells[CELLS];

	for (unsigned c = 0; c < COLUMNS; c++)
		in->where[c] = -1;
	if (!next_row(in, &line))
		return true; /* an empty file adds nothing */
	in->cells = cut(line, cells);
	if ((in->cells == 2 || in->cells == 3) && sst__at(cells[0], 1) == '.')
		return take_no_heading(in, line);
	if (in->cells > CELLS)
		return fail(in, line.ptr, "too many columns");
	for (unsigned i = 0; i < in->cells; i++)
		for (unsigned c = 0; c < COLUMNS; c++)
			if (sst__text_same(sst__text_trim(cells[i]), column_names[c]))
				in->where[c] = (int)i;
	if (in->where[COLUMN_CODE] < 0 || in->where[COLUMN_TITLE] < 0)
		return fail(in, line.ptr, "the heading must name the columns code and title");
	return true;
}

/* One number of a code, or XXX, at *at. */
static bool read_part(sst_text cell, size_t *at, uint16_t *out)
{
	unsigned digits;
	uint32_t value;

	if (sst__text_starts(sst__text_part(cell, *at, cell.len), SST_TEXT("XXX"))) {
		*at += 3;
		*out = SST_CODE_ANY;
		return true;
	}
	value = sst__text_number(cell, *at, 3, &digits);
	if (digits == 0 || (digits > 1 && sst__at(cell, *at) == '0'))
		return false;
	*at += digits;
	*out = (uint16_t)value;
	return true;
}

static bool read_code(reader *in, sst_text cell, sst_code *out)
{
	static const char rule[] = "code: not class.subject.detail with class X, 2, 4 or 5";
	char c = sst__at(cell, 0);
	size_t at = 2;

	if (c != '2' && c != '4' && c != '5' && sst__lower(c) != 'x')
		return fail(in, cell.ptr, rule);
	out->cls = (uint8_t)(sst__is_digit(c) ? c - '0' : 0);
	if (sst__at(cell, 1) != '.' || !read_part(cell, &at, &out->subject) ||
	    sst__at(cell, at++) != '.' || !read_part(cell, &at, &out->detail) || at != cell.len)
		return fail(in, cell.ptr, rule);
	if (out->subject == SST_CODE_ANY && (out->detail != SST_CODE_ANY || out->cls == 0))
		return fail(in, cell.ptr, rule);
	if (out->subject != SST_CODE_ANY && out->detail == SST_CODE_ANY && out->cls != 0)
		return fail(in, cell.ptr, rule);
	return true;
}

/* Takes the next item off a list with commas. */
static bool next_item(sst_text *list, sst_text *item)
{
	size_t comma;

	if (list->len == 0)
		return false;
	comma = sst__text_find(*list, 0, ',');
	*item = sst__text_trim(sst__text_part(*list, 0, comma));
	*list = sst__text_part(*list, comma + 1, list->len);
	return true;
}

static bool read_classes(reader *in, sst_text cell, sst_entry *entry)
{
	sst_text item;

	entry->classes = 0;
	while (next_item(&cell, &item)) {
		char c = sst__at(item, 0);
		if (item.len != 1 || (c != '2' && c != '4' && c != '5'))
			return fail(in, item.ptr, "classes: a list of 2, 4 and 5");
		entry->classes |= (uint8_t)(1u << (c - '0'));
	}
	return true;
}

static bool read_replies(reader *in, sst_text cell, sst_entry *entry)
{
	sst_text item;
	unsigned n = 0, digits;

	while (next_item(&cell, &item)) {
		uint32_t value = sst__text_number(item, 0, 3, &digits);
		bool all = digits == 1 &&
		           sst__text_same(sst__text_part(item, 1, item.len), SST_TEXT("xx"));
		if (all ? value < 2 || value > 5
		        : digits != 3 || item.len != 3 || value < 200 || value > 599)
			return fail(in, item.ptr,
			            "replies: a list of reply codes, 200 to 599, or 5xx");
		if (n + 1 >= sizeof entry->replies / sizeof *entry->replies)
			return fail(in, item.ptr, "replies: at most 15");
		entry->replies[n++] = (uint16_t)value;
	}
	return true;
}

/* "NAME" for every class, or "4:NAME,5:NAME". */
static bool read_category(reader *in, sst_text cell, sst_entry *entry)
{
	sst_text item;

	while (next_item(&cell, &item)) {
		unsigned digits;
		uint32_t cls = sst__text_number(item, 0, 1, &digits);
		size_t from = digits == 1 && sst__at(item, 1) == ':' ? 2 : 0;
		int number = sst_word_find(SST_VOCABULARY_CATEGORY,
		                           sst__text_part(item, from, item.len));
		if (number < 0 || (from > 0 && (cls < 2 || cls > 5)))
			return fail(in, item.ptr, "category: there is no such category");
		if (from == 0)
			entry->category_of[4] = entry->category_of[5] = (uint8_t)number;
		else
			entry->category_of[cls] = (uint8_t)number;
	}
	return true;
}

/* What a row leaves out comes from the general meaning of its subject. */
static void set_defaults(const reader *in, sst_entry *entry)
{
	sst_code general = {entry->code.cls != 0 ? entry->code.cls : 5, entry->code.subject, 0};
	const sst_entry *like = sst_registry_find(in->base, general, NULL);

	entry->classes = (uint8_t)(entry->code.cls != 0 ? 1u << entry->code.cls : 0x34);
	if (like != NULL)
		memcpy(entry->category_of, like->category_of, sizeof entry->category_of);
}

static sst_text value_of(const reader *in, const sst_text *cells, enum column column)
{
	sst_text cell;

	if (in->where[column] < 0)
		return SST_NO_TEXT;
	cell = sst__text_trim(cells[in->where[column]]);
	if (cell.len == 0 || (cell.len == 1 && cell.ptr[0] == '-'))
		return SST_NO_TEXT;
	return cell;
}

static bool read_entry(reader *in, sst_text line, sst_entry *entry)
{
	sst_text cells[CELLS], cell;

	if (cut(line, cells) != in->cells)
		return fail(in, line.ptr, "the row has not as many columns as the heading");
	memset(entry, 0, sizeof *entry);
	cell = value_of(in, cells, COLUMN_CODE);
	if (cell.ptr == NULL)
		return fail(in, line.ptr, "code: missing");
	if (!read_code(in, cell, &entry->code))
		return false;
	set_defaults(in, entry);
	entry->title = value_of(in, cells, COLUMN_TITLE);
	if (entry->title.ptr == NULL &&
	    !(entry->code.cls == 0 && entry->code.subject == 6 && entry->code.detail == 10))
		return fail(in, line.ptr, "title: missing"); /* only X.6.10 has none */
	if (in->where[COLUMN_CLASSES] >= 0 &&
	    !read_classes(in, value_of(in, cells, COLUMN_CLASSES), entry))
		return false;
	if (!read_replies(in, value_of(in, cells, COLUMN_REPLIES), entry) ||
	    !read_category(in, value_of(in, cells, COLUMN_CATEGORY), entry))
		return false;
	entry->category = entry->category_of[(entry->classes & 1u << 5) || !entry->classes ? 5
	                                     : entry->classes & 1u << 4                    ? 4
	                                                                                   : 2];
	entry->reference = value_of(in, cells, COLUMN_REFERENCE);
	entry->superseded = value_of(in, cells, COLUMN_SUPERSEDED);
	entry->text = value_of(in, cells, COLUMN_TEXT);
	return true;
}

static size_t count_rows(const reader *in)
{
	reader copy = *in;
	sst_text line;
	size_t rows = 0;

	while (next_row(&copy, &line))
		rows++;
	return rows;
}

static void sink(sst_entry *heap, size_t count, size_t at)
{
	for (;;) {
		size_t child = 2 * at + 1;
		sst_entry swap = heap[at];

		if (child < count - 1 &&
		    sst__code_key(heap[child].code) < sst__code_key(heap[child + 1].code))
			child++;
		if (child >= count || sst__code_key(heap[child].code) <= sst__code_key(swap.code))
			return;
		heap[at] = heap[child];
		heap[child] = swap;
		at = child;
	}
}

/* Heap sort: in place, and a hostile file can't make it slow. */
static void sort(sst_entry *entries, size_t count)
{
	for (size_t i = count / 2; i-- > 0;)
		sink(entries, count, i);
	for (size_t n = count; n-- > 1;) {
		sst_entry swap = entries[0];
		entries[0] = entries[n];
		entries[n] = swap;
		sink(entries, n, 0);
	}
}

/* Merges base's entries with the rows, which stand behind room for them; a row replaces its like.
 * What is written never overtakes the rows that are still to be read. */
static size_t merge(const sst_registry *base, sst_entry *all, size_t rows)
{
	const sst_entry *row = all + base->count, *end = row + rows;
	size_t out = 0, i = 0;

	while (i < base->count || row < end) {
		uint64_t theirs = row < end ? sst__code_key(row->code) : UINT64_MAX;
		uint64_t ours = i < base->count ? sst__code_key(base->entries[i].code) : UINT64_MAX;
		if (ours == theirs)
			i++;
		if (theirs <= ours)
			all[out++] = *row++;
		else
			all[out++] = base->entries[i++];
	}
	return out;
}

static bool read_all(reader *in, sst_entry *rows, size_t count)
{
	sst_text line;

	for (size_t i = 0; i < count && next_row(in, &line); i++)
		if (!read_entry(in, line, &rows[i]))
			return false;
	sort(rows, count);
	for (size_t i = 1; i < count; i++)
		if (sst__code_key(rows[i - 1].code) == sst__code_key(rows[i].code))
			return fail(in, rows[i].title.ptr, "the code stands twice in the file");
	return true;
}

sst_result sst_registry_extend(const sst_registry *base, sst_text tsv, void *memory, size_t size,
                               const sst_registry **out)
{
	reader in = {.tsv = tsv,
	             .rest = sst__text_unmarked(tsv),
	             .base = base != NULL ? base : &sst__registry};
	union {
		void *memory;
		uintptr_t number;
	} address = {memory};
	size_t rows, need, skip = (0 - address.number) & (_Alignof(sst_entry) - 1);
	struct sst_registry *made;
	sst_entry *entries;

	if (out == NULL)
		return (sst_result){SST_E_ARGUMENT, 0, NULL};
	if (!read_heading(&in))
		return in.result;
	rows = count_rows(&in);
	need = _Alignof(sst_entry) + sizeof *made + (in.base->count + rows) * sizeof *entries;
	if (memory == NULL || size < need)
		return (sst_result){SST_E_SPACE, need, NULL};
	made = (struct sst_registry *)(void *)((char *)memory + skip);
	entries = (sst_entry *)(void *)(made + 1);
	if (!read_all(&in, entries + in.base->count, rows))
		return in.result;
	made->entries = entries;
	made->count = merge(in.base, entries, rows);
	made->details = 0;
	while (made->details < made->count && entries[made->details].code.detail != SST_CODE_ANY)
		made->details++;
	*out = made;
	return (sst_result){SST_OK, tsv.len, NULL};
}
