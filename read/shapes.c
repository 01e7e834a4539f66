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
	uint16_t line; /* in data/shapes.tsv */
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

/* Length of text that the phrase covers at `at`; 0 if it does not stand there. */
static size_t match(const struct shape *shape, sst_text text, size_t at)
{
	const unsigned char *phrase = shape_phrases + shape->at;
	size_t from = at;

	for (unsigned i = 0; i < shape->len;) {
		unsigned char letter[2] = {0, 0};
		unsigned n;
		if (at >= text.len)
			return 0;
		if (phrase[i] == ' ') {
			if (!sst__is_space(text.ptr[at]))
				return 0;
			while (at < text.len && at - from < 400 && sst__is_space(text.ptr[at]))
				at++;
			i++;
			continue;
		}
		n = fold(text, at, letter);
		if (letter[0] != phrase[i] || (n == 2 && letter[1] != phrase[i + 1]))
			return 0;
		at += n;
		i += n;
	}
	return at - from;
}

static unsigned hash_at(sst_text text, size_t at)
{
	unsigned char p[4] = {0};
	unsigned n = fold(text, at, p);

	if (n == 1) {
		p[1] = (unsigned char)sst__lower(sst__at(text, at + 1));
		p[2] = (unsigned char)sst__lower(sst__at(text, at + 2));
		for (unsigned i = 1; i < 3; i++)
			if (sst__is_space((char)p[i]))
				p[i] = ' ';
	}
	return shape_hash(p);
}

static bool is_mark(char c)
{
	return c == ' ' || c == '\t' || (c != '\0' && strchr("*-#=|>+_.~[(\"'", c) != NULL);
}

static bool word_begins(sst_text text, size_t at)
{
	unsigned char c = (unsigned char)text.ptr[at];
	unsigned char before = at > 0 ? (unsigned char)text.ptr[at - 1] : '\n';

	if (c <= ' ' || (c & 0xc0) == 0x80)
		return false;
	if (c >= 0xe0)
		return true;
	return before < 0x80 && !sst__is_alpha((char)before) && !sst__is_digit((char)before);
}

static bool at_line_start(sst_text text, size_t floor, size_t at)
{
	size_t i = at;

	while (i > floor && at - i < 80 && is_mark(text.ptr[i - 1]))
		i--;
	return i == floor || text.ptr[i - 1] == '\n';
}

size_t sst__shapes_find(sst_text text, size_t from, size_t upto, sst__hit *hits, size_t max)
{
	size_t count = 0;

	for (size_t at = from; at < upto && at < text.len && count < max; at++) {
		unsigned hash;
		sst__hit hit = {.at = (uint32_t)at};
		if (!word_begins(text, at))
			continue;
		hash = hash_at(text, at);
		for (unsigned i = shape_first[hash]; i < shape_first[hash + 1]; i++) {
			size_t len = match(&shapes[i], text, at);
			if (len == 0 || (shapes[i].anchored && !at_line_start(text, from, at)))
				continue;
			hit.kinds |= shapes[i].kinds;
			if (len > hit.len)
				hit.len = (uint16_t)len;
		}
		if (hit.kinds != 0)
			hits[count++] = hit;
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
	for (unsigned i = shape_first[hash]; i < shape_first[hash + 1] && count < max; i++)
		if (match(&shapes[i], text, at) > 0 && (!shapes[i].anchored || line_start))
			lines[count++] = shapes[i].line;
	return count;
}
