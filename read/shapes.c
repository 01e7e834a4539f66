/* SPDX-License-Identifier: MIT
 * read/shapes.c - finds the phrases of data/shapes.tsv. Each place where a word may begin is looked
 * up by the hash of its first letters, so that most places cost one look at a small table; a phrase
 * is compared at most once a place, and its length is bounded: linear. */
#include "read/shapes.h"
#include "read/shapes_hash.h"

struct shape {
	uint16_t at; /* in shape_phrases */
	uint8_t len;
	uint32_t kinds;
	uint8_t anchored;
	uint16_t line;         /* in data/shapes.tsv */
	uint8_t fourth, fifth; /* those bytes, where a glance at them is enough; else 0 */
	uint8_t shared;        /* bytes that are those of the phrase before it in the table */
};

#include "read/shapes_table.h"

/* The letter at `at` in lower case: one or two bytes in `out`; returns how many. Cyrillic and the
 * Latin letters of ISO 8859-1 have their case folded, all others are as they are. */
static unsigned fold(sst_text text, size_t at, unsigned char out[2])
{
	unsigned char a = (unsigned char)text.ptr[at];
	unsigned char b = (unsigned char)sst__at(text, at + 1);

	out[0] = a;
	if (a < 0xc2 || a > 0xdf) {
		out[0] = (unsigned char)sst__lower((char)a);
		return 1;
	}
	out[1] = b;
	if (a == 0xc3 && b >= 0x80 && b <= 0x9e)
		out[1] = b + 0x20;
	else if (a == 0xd0 && b >= 0x90 && b <= 0x9f)
		out[1] = b + 0x20;
	else if (a == 0xd0 && b >= 0xa0 && b <= 0xaf)
		out[0] = 0xd1, out[1] = b - 0x20;
	else if (a == 0xd0 && b >= 0x80 && b <= 0x8f)
		out[0] = 0xd1, out[1] = b + 0x10;
	return 2;
}

/* How far the phrases of one hash have been compared with the text. */
struct progress {
	unsigned fitting; /* bytes of the last phrase that stand here; the next one does not */
	size_t at;        /* behind them in the text; NOWHERE: not known */
};

#define NOWHERE ((size_t)-1)

/* Goes on comparing. Length of text that the phrase covers; 0 if it does not stand there. */
static size_t match(const struct shape *shape, sst_text text, size_t from,
                    struct progress *progress)
{
	const unsigned char *phrase = shape_phrases + shape->at;
	size_t at = progress->at;
	unsigned i = progress->fitting, n;

	for (; i < shape->len && at < text.len; i += n) {
		unsigned char letter[2] = {0, 0}, wanted = phrase[i];
		n = 1;
		if (wanted == ' ') {
			if (!sst__is_space(text.ptr[at]))
				break;
			while (at < text.len && at - from < 400 && sst__is_space(text.ptr[at]))
				at++;
		} else if (wanted < 0x80) {
			if ((unsigned char)sst__lower(text.ptr[at]) != wanted)
				break;
			at++;
		} else {
			n = fold(text, at, letter);
			if (letter[0] != wanted)
				break;
			if (n == 2 && letter[1] != phrase[i + 1]) {
				*progress = (struct progress){i + 1, NOWHERE};
				return 0;
			}
			at += n;
		}
	}
	*progress = (struct progress){i, at};
	return i >= shape->len ? at - from : 0;
}

/* A byte to compare with a phrase's: lower case, any white space a blank. */
static unsigned char plain_at(sst_text text, size_t at)
{
	char c = sst__at(text, at);

	return (unsigned char)(sst__is_space(c) ? ' ' : sst__lower(c));
}

static unsigned hash_at(sst_text text, size_t at)
{
	unsigned char p[4] = {0};

	if (fold(text, at, p) == 1) {
		p[1] = plain_at(text, at + 1);
		p[2] = plain_at(text, at + 2);
	}
	return shape_hash(p);
}

static bool is_mark(char c)
{
	return c == ' ' || c == '\t' || (c != '\0' && strchr("*-#=|>+_.~[(\"'", c) != NULL);
}

/* Whether a phrase may begin here: at the first letter of a word, at a mark, at any letter of three
 * bytes and more of UTF-8. */
static inline bool may_begin(char before, unsigned char c)
{
	if (sst__byte_is(before, SST__BYTE_LETTER | SST__BYTE_DIGIT | SST__BYTE_HIGH))
		return c >= 0xe0;
	return c > ' ' && (c < 0x80 || c >= 0xc0);
}

static bool word_begins(sst_text text, size_t at)
{
	return may_begin(at > 0 ? text.ptr[at - 1] : '\n', (unsigned char)text.ptr[at]);
}

static bool at_line_start(sst_text text, size_t floor, size_t at)
{
	size_t i = at;

	while (i > floor && at - i < 80 && is_mark(text.ptr[i - 1]))
		i--;
	return i == floor || text.ptr[i - 1] == '\n';
}

/* Whether the byte behind those that the phrase shares with the last one, and that fit, is another
 * than the text's. If it is a later one, so are those of the next phrases that share as much. */
static bool differs(const struct shape *shape, sst_text text, struct progress *progress)
{
	unsigned i = progress->fitting, wanted, there;

	if (shape->shared != i || i == 0 || i >= shape->len)
		return false;
	wanted = shape_phrases[shape->at + i];
	there = plain_at(text, progress->at);
	if (wanted >= 0x80 || wanted == there)
		return false;
	if (wanted > there)
		*progress = (struct progress){i - 1, NOWHERE};
	return true;
}

/* All phrases that stand at hit->at. They are sorted: what was wrong with one is wrong with the
 * next if it begins alike, and what fitted need not be compared again. */
static void look(sst_text text, size_t from, sst__hit *hit)
{
	size_t at = hit->at;
	unsigned hash = hash_at(text, at), end = shape_first[hash + 1];
	unsigned char fourth, fifth;
	struct progress progress = {0, at};

	if (shape_first[hash] == end)
		return;
	fourth = plain_at(text, at + 3);
	fifth = plain_at(text, at + 4);
	for (unsigned i = shape_first[hash]; i < end; i++) {
		const struct shape *shape = &shapes[i];
		size_t len;
		if (shape->shared > progress.fitting)
			continue;
		if (shape->fourth != 0 && shape->fourth != fourth) {
			progress = (struct progress){3, NOWHERE};
			continue;
		}
		if (shape->fifth != 0 && shape->fifth != fifth) {
			progress = (struct progress){4, NOWHERE};
			continue;
		}
		if (shape->shared < progress.fitting || progress.at == NOWHERE)
			progress = (struct progress){0, at};
		else if (differs(shape, text, &progress))
			continue;
		len = match(shape, text, at, &progress);
		if (len == 0 || (shape->anchored && !at_line_start(text, from, at)))
			continue;
		hit->kinds |= shape->kinds;
		if (len > hit->len)
			hit->len = (uint16_t)len;
	}
}

size_t sst__shapes_find(sst_text text, size_t from, size_t upto, sst__hit *hits, size_t max)
{
	char before = from > 0 ? text.ptr[from - 1] : '\n';
	size_t count = 0;

	if (upto > text.len)
		upto = text.len;
	for (size_t at = from; at < upto && count < max;) {
		char c = text.ptr[at];
		if (may_begin(before, (unsigned char)c)) {
			hits[count] = (sst__hit){.at = (uint32_t)at};
			look(text, from, &hits[count]);
			count += hits[count].kinds != 0;
		}
		before = c;
		at++;
		if (sst__byte_is(c, SST__BYTE_LETTER | SST__BYTE_DIGIT))
			while (at < upto &&
			       sst__byte_is(text.ptr[at], SST__BYTE_LETTER | SST__BYTE_DIGIT))
				at++;
	}
	return count;
}

unsigned sst__shapes_in(sst_text text)
{
	sst__hit hits[32];
	size_t count = sst__shapes_find(text, 0, text.len, hits, 32);
	unsigned kinds = 0;

	for (size_t i = 0; i < count; i++)
		kinds |= hits[i].kinds;
	return kinds;
}

size_t sst__shapes_at(sst_text text, size_t at, bool line_start, uint16_t *lines, size_t max)
{
	size_t count = 0;
	unsigned hash;

	if (!word_begins(text, at))
		return 0;
	hash = hash_at(text, at);
	for (unsigned i = shape_first[hash]; i < shape_first[hash + 1] && count < max; i++) {
		struct progress progress = {0, at};
		if (match(&shapes[i], text, at, &progress) > 0 &&
		    (!shapes[i].anchored || line_start))
			lines[count++] = shapes[i].line;
	}
	return count;
}
