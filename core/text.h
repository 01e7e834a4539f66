/* SPDX-License-Identifier: MIT
 * core/text.h - views, numbers: every read of foreign bytes is length-checked here.
 * Nothing here depends on the locale: a Turkish i stays an i. */
#ifndef SST_CORE_TEXT_H
#define SST_CORE_TEXT_H

#include "core/bytes.h"

#include <smtpstatus.h>
#include <string.h>

#define SST_NO_TEXT ((sst_text){NULL, 0})

/* Eight bytes at once, as the machine loads them: those that are `c`, or digits, have their highest
 * bit set. Only the lowest such bit is sure: above a byte that fits others may be marked by
 * mistake. */
static inline uint64_t sst__bytes_like(uint64_t word, char c)
{
	word ^= UINT64_C(0x0101010101010101) * (unsigned char)c;
	return (word - UINT64_C(0x0101010101010101)) & ~word & UINT64_C(0x8080808080808080);
}

/* Where in memory the lowest marked byte of such a word is; at or before it where the machine loads
 * the highest byte first. */
static inline unsigned sst__bytes_first(uint64_t marks)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (unsigned)__builtin_ctzll(marks) / 8;
#else
	(void)marks;
	return 0;
#endif
}

/* How many bytes stand behind the highest marked one, which must be sure; or fewer, as above. */
static inline unsigned sst__bytes_last(uint64_t marks)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (unsigned)__builtin_clzll(marks) / 8;
#else
	(void)marks;
	return 0;
#endif
}

static inline uint64_t sst__bytes_digit(uint64_t word)
{
	word ^= UINT64_C(0x3030303030303030);
	return (word - UINT64_C(0x0a0a0a0a0a0a0a0a)) & ~word & UINT64_C(0x8080808080808080);
}

/* The last eight bytes of a text; all of it if it has fewer. For sums over a text's words of eight:
 * the last one may lie over the one before. */
static inline uint64_t sst__text_tail(sst_text text)
{
	uint64_t value = 0;
	uint32_t low, high;

	if (text.len >= 8) {
		memcpy(&value, text.ptr + text.len - 8, 8);
		return value;
	}
	if (text.len >= 4) {
		memcpy(&low, text.ptr, 4);
		memcpy(&high, text.ptr + text.len - 4, 4);
		return (uint64_t)high << 32 | low;
	}
	for (size_t i = 0; i < text.len; i++)
		value = value << 8 | (unsigned char)text.ptr[i];
	return value;
}

/* As memcmp(a, b, len) == 0 where texts are short, and a call would cost more than the comparison.
 */
static inline bool sst__bytes_same(const char *a, const char *b, size_t len)
{
	uint64_t x, y;
	uint32_t v, w;

	if (len >= 8) {
		for (size_t at = 0; at + 8 < len; at += 8) {
			memcpy(&x, a + at, 8);
			memcpy(&y, b + at, 8);
			if (x != y)
				return false;
		}
		memcpy(&x, a + len - 8, 8);
		memcpy(&y, b + len - 8, 8);
		return x == y;
	}
	if (len >= 4) {
		memcpy(&v, a, 4);
		memcpy(&w, b, 4);
		if (v != w)
			return false;
		memcpy(&v, a + len - 4, 4);
		memcpy(&w, b + len - 4, 4);
		return v == w;
	}
	while (len > 0 && a[len - 1] == b[len - 1])
		len--;
	return len == 0;
}

/* A view of a constant of our own that ends in NUL; strlen is libc's, and core does without. */
static inline sst_text sst__text_constant(const char *constant)
{
	size_t len = 0;

	while (constant[len] != '\0')
		len++;
	return (sst_text){constant, len};
}

/* The byte at `at`, or NUL past the end. */
static inline char sst__at(sst_text text, size_t at)
{
	return at < text.len ? text.ptr[at] : '\0';
}

/* The part from `from` to before `upto`, both clamped to the text. */
static inline sst_text sst__text_part(sst_text text, size_t from, size_t upto)
{
	if (upto > text.len)
		upto = text.len;
	if (from > upto)
		from = upto;
	return (sst_text){text.ptr == NULL ? NULL : text.ptr + from, upto - from};
}

/* Without white space at both ends. */
static inline sst_text sst__text_trim(sst_text text)
{
	while (text.len > 0 && sst__is_space(text.ptr[text.len - 1]))
		text.len--;
	while (text.len > 0 && sst__is_space(text.ptr[0])) {
		text.ptr++;
		text.len--;
	}
	return text;
}

/* No bytes, or white space alone. */
static inline bool sst__text_is_blank(sst_text text)
{
	size_t at = 0;

	while (at < text.len && sst__is_space(text.ptr[at]))
		at++;
	return at == text.len;
}

/* Equal but for ASCII case. */
bool sst__text_same(sst_text a, sst_text b);

/* Starts or ends with `fix`, but for ASCII case. */
bool sst__text_starts(sst_text text, sst_text fix);
bool sst__text_ends(sst_text text, sst_text fix);

/* Offset of the first `c` at or after `from`, or text.len. */
size_t sst__text_find(sst_text text, size_t from, char c);

/* Offset of the first of two bytes at or after `from`, or text.len. */
size_t sst__text_find_either(sst_text text, size_t from, char a, char b);

/* Offset of `part` at or after `from`, ASCII case ignored, or text.len. */
size_t sst__text_search(sst_text text, size_t from, sst_text part);

/* Digits at `at`: their value, and how many there are in `*digits`; at most `max` are read. */
uint32_t sst__text_number(sst_text text, size_t at, unsigned max, unsigned *digits);

/* Takes the next line off `*rest`, without its end (CRLF, LF or CR). False when nothing is left. */
bool sst__text_line(sst_text *rest, sst_text *line);

/* At most so many bytes lie between two places; the line ends of a folding are none. */
bool sst__text_beside(sst_text in, size_t from, size_t upto, size_t most);

/* The text behind the byte order mark that some editors put before UTF-8. */
sst_text sst__text_unmarked(sst_text text);

#endif
