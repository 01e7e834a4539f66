/* SPDX-License-Identifier: MIT
 * read/shapes.c - finds the phrases of data/shapes.tsv. From each place where a word may begin the
 * text is followed through a trie of the phrases' beginnings; where a phrase shares no more with
 * others, its rest is compared. Phrases are of bounded length: linear. */
#include "read/shapes.h"

struct shape {
	uint16_t at; /* in shape_phrases */
	uint8_t len;
	uint32_t kinds;
	uint8_t anchored;
	uint16_t line; /* in data/shapes.tsv */
	uint8_t head;  /* its first bytes, which are in the trie */
};

/* For each byte that leads on, the state at `base` + byte has `check` byte + 1. */
struct state {
	uint16_t base, check;
	uint16_t first, count; /* the phrases whose heads end here */
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

/* A walk through the trie from one place, and the phrases that are still to be compared there. */
struct walk {
	sst_text text;
	size_t start, at; /* at: behind what has fitted so far */
	unsigned state, next, end;
};

/* White space in the text is one blank of a phrase. */
static size_t skip_space(sst_text text, size_t start, size_t at)
{
	while (at < text.len && at - start < 400 && sst__is_space(text.ptr[at]))
		at++;
	return at;
}

static bool follow(struct walk *w, unsigned byte)
{
	unsigned next = states[w->state].base + byte;

	w->state = next;
	return states[next].check == byte + 1u;
}

/* A letter beyond ASCII on. */
static bool follow_foreign(struct walk *w)
{
	unsigned char letter[2] = {0, 0};
	unsigned n = fold(w->text, w->at, letter);

	w->at += n;
	return follow(w, letter[0]) && (n == 1 || follow(w, letter[1]));
}

/* Letters of ASCII, which are the most of all, up to a state where phrases are to be compared;
 * false if no phrase goes on so. */
static inline bool follow_letters(struct walk *w)
{
	const char *at = w->text.ptr + w->at, *end = w->text.ptr + w->text.len;
	unsigned state = w->state;

	do {
		unsigned byte = (unsigned char)*at | 0x20u;
		state = states[state].base + byte;
		if (states[state].check != byte + 1u)
			return false;
		at++;
	} while (states[state].count == 0 && at < end && sst__byte_is(*at, SST__BYTE_LETTER));
	w->at = (size_t)(at - w->text.ptr);
	w->state = state;
	return true;
}

/* One letter or more on; false if no phrase goes on so. */
static bool step(struct walk *w)
{
	char c;

	if (w->at >= w->text.len || states[w->state].base == 0)
		return false;
	c = w->text.ptr[w->at];
	if (sst__byte_is(c, SST__BYTE_LETTER))
		return follow_letters(w);
	if (sst__is_space(c)) {
		w->at = skip_space(w->text, w->start, w->at);
		return follow(w, ' ');
	}
	if ((unsigned char)c >= 0x80)
		return follow_foreign(w);
	w->at++;
	return follow(w, (unsigned char)c);
}

/* Compares the rest of a phrase. Length of text that it covers; 0 if it does not stand there. */
static size_t compare(const struct walk *w, const struct shape *shape)
{
	const unsigned char *phrase = shape_phrases + shape->at;
	sst_text text = w->text;
	size_t at = w->at;
	unsigned i = shape->head, n;

	for (; i < shape->len && at < text.len; i += n) {
		unsigned char letter[2] = {0, 0}, wanted = phrase[i];
		n = 1;
		if (wanted == ' ') {
			if (!sst__is_space(text.ptr[at]))
				return 0;
			at = skip_space(text, w->start, at);
		} else if (wanted < 0x80) {
			if ((unsigned char)sst__lower(text.ptr[at]) != wanted)
				return 0;
			at++;
		} else {
			n = fold(text, at, letter);
			if (letter[0] != wanted || (n == 2 && letter[1] != phrase[i + 1]))
				return 0;
			at += n;
		}
	}
	return i >= shape->len ? at - w->start : 0;
}

/* The next phrase that stands where the walk began, and its length in the text; NULL: no more. */
static const struct shape *next_phrase(struct walk *w, size_t *len)
{
	for (;;) {
		while (w->next < w->end) {
			const struct shape *shape = &shapes[w->next++];
			*len = compare(w, shape);
			if (*len > 0)
				return shape;
		}
		do {
			if (!step(w))
				return NULL;
		} while (states[w->state].count == 0);
		w->next = states[w->state].first;
		w->end = w->next + states[w->state].count;
	}
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

/* All phrases that stand where a walk began that has made its first step. */
static void look(struct walk *walk, size_t from, sst__hit *hit)
{
	const struct shape *shape;
	size_t len;

	*hit = (sst__hit){.at = (uint32_t)walk->start};
	walk->next = states[walk->state].first;
	walk->end = walk->next + states[walk->state].count;
	while ((shape = next_phrase(walk, &len)) != NULL) {
		if (shape->anchored && !at_line_start(walk->text, from, walk->start))
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
			struct walk walk = {.text = text, .start = at, .at = at};
			bool letter = sst__byte_is(c, SST__BYTE_LETTER);
			if (letter ? follow_letters(&walk) : step(&walk)) {
				look(&walk, from, &hits[count]);
				count += hits[count].kinds != 0;
			}
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
	struct walk walk = {.text = text, .start = at, .at = at};
	const struct shape *shape;
	size_t count = 0, len;

	if (!word_begins(text, at))
		return 0;
	while (count < max && (shape = next_phrase(&walk, &len)) != NULL)
		if (!shape->anchored || line_start)
			lines[count++] = shape->line;
	return count;
}
