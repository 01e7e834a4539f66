/* SPDX-License-Identifier: MIT
 * track/scan.h - the few moves that reading a log line takes. All compare bytes as they are: what
 * servers print about themselves has one spelling. */
#ifndef SST_TRACK_SCAN_H
#define SST_TRACK_SCAN_H

#include "core/text.h"

#ifdef __SSE2__
#include <emmintrin.h>

/* One bit a byte: it is one of three. */
static inline unsigned sst__like_any3(__m128i bytes, char a, char b, char c)
{
	__m128i hits = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(a));

	if (b != a)
		hits = _mm_or_si128(hits, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(b)));
	if (c != a)
		hits = _mm_or_si128(hits, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)));
	return (unsigned)_mm_movemask_epi8(hits);
}
#endif

/* Starts with a literal. A macro, so that the compiler compares whole words. */
#define SST__STARTS(text, literal)            \
	((text).len >= sizeof(literal) - 1 && \
	 memcmp((text).ptr, (literal), sizeof(literal) - 1) == 0)
#define SST__IS(text, literal)                \
	((text).len == sizeof(literal) - 1 && \
	 memcmp((text).ptr, (literal), sizeof(literal) - 1) == 0)
#define SST__ENDS(text, literal)                                            \
	((text).len >= sizeof(literal) - 1 &&                               \
	 memcmp((text).ptr + (text).len - (sizeof(literal) - 1), (literal), \
	        sizeof(literal) - 1) == 0)
/* Takes a literal off the front; false if it isn't there. */
#define SST__TAKE(text, literal) \
	(SST__STARTS(text, literal) ? sst__drop(&(text), sizeof(literal) - 1) : false)

/* Takes so many bytes off the front: all of them if there are fewer. An absent text stays so. */
static inline bool sst__drop(sst_text *text, size_t count)
{
	count = count > text->len ? text->len : count;
	if (count > 0)
		text->ptr += count;
	text->len -= count;
	return true;
}

/* As sst__text_part where the caller knows that from <= upto <= text.len. */
static inline sst_text sst__cut(sst_text text, size_t from, size_t upto)
{
	return (sst_text){from == 0 ? text.ptr : text.ptr + from, upto - from};
}

static inline sst_text sst__from(sst_text text, size_t from)
{
	sst__drop(&text, from);
	return text;
}

/* Offset of the first `c` at or after `from`, or text.len. */
static inline size_t sst__find(sst_text text, size_t from, char c)
{
	const char *hit;

	if (from >= text.len)
		return text.len;
	hit = memchr(text.ptr + from, c, text.len - from);
	return hit == NULL ? text.len : (size_t)(hit - text.ptr);
}

/* Offset of the first of three bytes at or after `from`, or text.len: for what is found within a
 * few bytes, where a call would cost more than the search. Thirty-two bytes at once, because a loop
 * whose end can't be guessed costs more than looking at bytes in vain. */
static inline size_t sst__find_any3(sst_text text, size_t from, char a, char b, char c)
{
#ifdef __SSE2__
	for (; from + 32 <= text.len; from += 32) {
		const __m128i *at = (const __m128i *)(const void *)(text.ptr + from);
		unsigned hits = sst__like_any3(_mm_loadu_si128(at), a, b, c) |
		                sst__like_any3(_mm_loadu_si128(at + 1), a, b, c) << 16;

		if (hits != 0)
			return from + (size_t)__builtin_ctz(hits);
	}
#elif defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	for (; from + 8 <= text.len; from += 8) {
		uint64_t word, hit;

		memcpy(&word, text.ptr + from, 8);
		hit = sst__bytes_like(word, a) | sst__bytes_like(word, b) |
		      sst__bytes_like(word, c);
		if (hit != 0)
			return from + (size_t)__builtin_ctzll(hit) / 8;
	}
#endif
	while (from < text.len && text.ptr[from] != a && text.ptr[from] != b && text.ptr[from] != c)
		from++;
	return from;
}

/* As sst__find for what is near. */
static inline size_t sst__find_near(sst_text text, size_t from, char c)
{
	return sst__find_any3(text, from, c, c, c);
}

/* Offset of the first `part` at or after `from`, or text.len. */
size_t sst__find_part(sst_text text, size_t from, sst_text part);
#define SST__FIND(text, from, literal) sst__find_part(text, from, SST_TEXT(literal))

/* Offset of the last `part`, or text.len. */
size_t sst__find_last(sst_text text, sst_text part);

/* Takes everything up to `c` off the front, and `c` too. Without `c` it takes all. */
static inline sst_text sst__take_to(sst_text *text, char c)
{
	size_t end = sst__find(*text, 0, c);
	sst_text part = {text->ptr, end};

	sst__drop(text, end < text->len ? end + 1 : end);
	return part;
}

/* Digits from the front: the value, which stops growing at 10^18. */
uint64_t sst__take_number(sst_text *text);

/* "<a@b>" without its brackets; other text as it is. */
sst_text sst__bare_address(sst_text text);

/* "1.25" seconds as milliseconds. */
uint32_t sst__take_seconds(sst_text *text);

/* "1h2m3s", "1d2h", "3m45s", "1.578s", "2w3d" as milliseconds; stops at the first other byte. */
uint32_t sst__take_duration(sst_text *text);

/* "[D+]HH:MM:SS" as milliseconds. */
uint32_t sst__take_clock(sst_text *text);

/* "5.1.1" that fills `text` up to a blank; class 0 if it is none. Any class digit is kept. */
sst_code sst__code_of(sst_text text);

/* The value of `key=` in a text of "key=value, key=value"; absent if it has none. The value ends at
 * ", " that a further "name=" follows, or at the end. */
sst_text sst__value(sst_text text, sst_text key);
#define SST__VALUE(text, literal) sst__value(text, SST_TEXT(literal))

/* A reply or code at the start of a text: "550 5.1.1 ..." */
uint16_t sst__reply_at(sst_text text);
sst_code sst__reply_status(sst_text text);

/* The value of ` key=` where values end at a blank: in quotes, in <>, or bare. */
sst_text sst__word_value(sst_text text, sst_text key);
#define SST__WORD(text, literal) sst__word_value(text, SST_TEXT(literal))

#endif
