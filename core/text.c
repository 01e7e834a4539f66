/* SPDX-License-Identifier: MIT
 * core/text.c - views, ASCII case, numbers. */
#include "core/text.h"

#define EACH(byte) (UINT64_C(0x0101010101010101) * (uint8_t)(byte))

/* Eight bytes that differ in nothing but the bit of case, and in that where letters stand. */
static inline bool same_word(const char *a, const char *b)
{
	uint64_t x, y, differs, low, letters;

	memcpy(&x, a, sizeof x);
	memcpy(&y, b, sizeof y);
	differs = x ^ y;
	if (differs & ~EACH(0x20))
		return false;
	low = (x | EACH(0x20)) & EACH(0x7f);
	letters = (low + EACH(0x80 - 'a')) & ~(low + EACH(0x80 - 'z' - 1)) & ~x;
	return (differs << 2 & ~letters) == 0;
}

static bool same(const char *a, const char *b, size_t len)
{
	size_t at = 0;

	if (len >= 8) {
		for (; at + 8 < len; at += 8)
			if (!same_word(a + at, b + at))
				return false;
		return same_word(a + len - 8, b + len - 8);
	}
	for (; at < len; at++)
		if (a[at] != b[at] && sst__lower(a[at]) != sst__lower(b[at]))
			return false;
	return true;
}

bool sst__text_same(sst_text a, sst_text b)
{
	return a.len == b.len && same(a.ptr, b.ptr, a.len);
}

bool sst__text_starts(sst_text text, sst_text fix)
{
	return text.len >= fix.len && same(text.ptr, fix.ptr, fix.len);
}

bool sst__text_ends(sst_text text, sst_text fix)
{
	return text.len >= fix.len && same(text.ptr + text.len - fix.len, fix.ptr, fix.len);
}

size_t sst__text_find(sst_text text, size_t from, char c)
{
	uint64_t word;

	for (; from < text.len && text.len - from >= sizeof word; from += sizeof word) {
		memcpy(&word, text.ptr + from, sizeof word);
		word = sst__bytes_like(word, c);
		if (word != 0) {
			from += sst__bytes_first(word);
			break;
		}
	}
	while (from < text.len && text.ptr[from] != c)
		from++;
	return from < text.len ? from : text.len;
}

size_t sst__text_find_either(sst_text text, size_t from, char a, char b)
{
	uint64_t word;

	for (; from < text.len && text.len - from >= sizeof word; from += sizeof word) {
		memcpy(&word, text.ptr + from, sizeof word);
		word = sst__bytes_like(word, a) | sst__bytes_like(word, b);
		if (word != 0) {
			from += sst__bytes_first(word);
			break;
		}
	}
	while (from < text.len && text.ptr[from] != a && text.ptr[from] != b)
		from++;
	return from < text.len ? from : text.len;
}

static size_t search_letter(sst_text text, size_t from, char letter)
{
	while (from < text.len && sst__lower(text.ptr[from]) != sst__lower(letter))
		from++;
	return from;
}

/* Whether `first` and `second` stand behind each other at one of eight places; `one` and `two` are
 * the bits that are set in their lower case. */
static bool pair_in_word(const char *at, char first, char second, char one, char two)
{
	const uint64_t each = UINT64_C(0x0101010101010101);
	uint64_t here, next, differs;

	memcpy(&here, at, sizeof here);
	memcpy(&next, at + 1, sizeof next);
	differs = ((here | each * (unsigned char)one) ^ each * (unsigned char)first) |
	          ((next | each * (unsigned char)two) ^ each * (unsigned char)second);
	return ((differs - each) & ~differs & each << 7) != 0;
}

size_t sst__text_search(sst_text text, size_t from, sst_text part)
{
	char first, second, one, two;
	size_t last;

	if (part.len > text.len || from > text.len - part.len)
		return text.len;
	if (part.len < 2)
		return part.len == 0 ? from : search_letter(text, from, part.ptr[0]);
	first = sst__lower(part.ptr[0]);
	second = sst__lower(part.ptr[1]);
	one = sst__is_alpha(first) ? 0x20 : 0;
	two = sst__is_alpha(second) ? 0x20 : 0;
	last = text.len - part.len;
	while (from <= last) {
		size_t end = from + 8;
		if (text.len - from > 8 &&
		    !pair_in_word(text.ptr + from, first, second, one, two)) {
			from = end;
			continue;
		}
		for (; from < end && from <= last; from++)
			if ((text.ptr[from] | one) == first &&
			    (text.ptr[from + 1] | two) == second &&
			    same(text.ptr + from, part.ptr, part.len))
				return from;
	}
	return text.len;
}

uint32_t sst__text_number(sst_text text, size_t at, unsigned max, unsigned *digits)
{
	uint32_t value = 0;
	unsigned n = 0;

	while (n < max && sst__is_digit(sst__at(text, at + n))) {
		value = value * 10 + (uint32_t)(text.ptr[at + n] - '0');
		n++;
	}
	*digits = n;
	return value;
}

sst_text sst__text_unmarked(sst_text text)
{
	bool marked = text.len >= 3 && memcmp(text.ptr, "\xef\xbb\xbf", 3) == 0;

	return marked ? sst__text_part(text, 3, text.len) : text;
}

bool sst__text_line(sst_text *rest, sst_text *line)
{
	size_t end;

	if (rest->len == 0)
		return false;
	end = sst__text_find_either(*rest, 0, '\n', '\r');
	*line = sst__text_part(*rest, 0, end);
	if (sst__at(*rest, end) == '\r' && sst__at(*rest, end + 1) == '\n')
		end++;
	*rest = sst__text_part(*rest, end + 1, rest->len);
	return true;
}

bool sst__text_beside(sst_text in, size_t from, size_t upto, size_t most)
{
	size_t apart = 0;

	for (; from < upto && apart <= most; from++)
		apart += in.ptr[from] != '\r' && in.ptr[from] != '\n';
	return apart <= most;
}
