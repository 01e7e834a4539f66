/* SPDX-License-Identifier: MIT
 * core/measure.c - "in 5 minutes", "limit 20 MB". */
#include "core/measure.h"
#include "core/context.h"
#include "core/details.h"

enum { HOUR = 3600, MINUTE = 60, LONGEST = 30 * 24 * HOUR };

static const struct sst__unit *unit_at(const struct sst__unit *units, sst_text text, size_t at)
{
	sst_text rest = sst__text_part(text, at, text.len);
	char first = sst__lower(sst__at(rest, 0));

	if (!sst__byte_is(first, SST__BYTE_LETTER | SST__BYTE_HIGH))
		return NULL;
	for (; units->word != NULL; units++) {
		sst_text word;
		if (units->word[0] != first)
			continue;
		word = sst__text_constant(units->word);
		if (!sst__text_starts(rest, word))
			continue;
		/* "m" and "in" are short for many things: they must end here. */
		if (word.len > 2 || (unsigned char)word.ptr[0] >= 0x80 ||
		    !sst__is_alpha(sst__at(rest, word.len)))
			return units;
	}
	return NULL;
}

static size_t skip_blanks(sst_text text, size_t at)
{
	while (sst__is_space(sst__at(text, at)) || sst__at(text, at) == '-')
		at++;
	return at;
}

/* Whether one of `words` is among the `reach` words in front of `at`. */
static bool stands_within(sst_text text, size_t at, const char *const *words, unsigned reach)
{
	for (unsigned n = 0; n < reach; n++) {
		size_t end, from;
		while (at > 0 && !sst__is_alpha(text.ptr[at - 1]) &&
		       (unsigned char)text.ptr[at - 1] < 0x80)
			at--;
		end = from = at;
		while (from > 0 && (sst__is_alpha(text.ptr[from - 1]) ||
		                    (unsigned char)text.ptr[from - 1] >= 0x80))
			from--;
		if (from == end)
			return false;
		for (unsigned i = 0; words[i] != NULL; i++)
			if (sst__text_same(sst__text_part(text, from, end),
			                   sst__text_constant(words[i])))
				return true;
		at = from;
	}
	return false;
}

static bool stands_before(sst_text text, size_t at, const char *const *words)
{
	return stands_within(text, at, words, 3);
}

/* hh:mm:ss, or mm:ss; the bytes used, 0 if it is none. */
static size_t clock_at(sst_text text, size_t at, uint32_t *seconds)
{
	unsigned digits;
	size_t start = at;
	uint32_t parts[3];
	unsigned n = 0;

	for (;;) {
		parts[n++] = sst__text_number(text, at, 3, &digits);
		if (digits == 0 || digits > 2)
			return 0;
		at += digits;
		if (n == 3 || sst__at(text, at) != ':')
			break;
		at++;
	}
	if (n < 2 || sst__is_digit(sst__at(text, at)) || sst__at(text, at) == ':')
		return 0;
	*seconds = n == 3 ? parts[0] * HOUR + parts[1] * MINUTE + parts[2]
	                  : parts[0] * MINUTE + parts[1];
	return at - start;
}

/* A number, digits grouped by commas or not; the offset behind it. */
static size_t number_at(sst_text text, size_t at, uint64_t *value)
{
	unsigned digits = 0;

	for (*value = 0; digits < 15; at++) {
		char c = sst__at(text, at);
		if (c == ',' && sst__is_digit(sst__at(text, at + 1)) && digits > 0)
			continue;
		if (!sst__is_digit(c))
			break;
		*value = *value * 10 + (uint64_t)(c - '0');
		digits++;
	}
	return at;
}

/* Whether the digit at `at` is the first of a number. */
static bool starts_number(sst_text text, size_t at)
{
	char before = at == 0 ? ' ' : text.ptr[at - 1];

	return !sst__is_digit(before) && !sst__is_alpha(before) && before != '.' && before != ',' &&
	       before != ':';
}

/* "Try again in 4 hours", but not "undelivered after 4 hours" nor "until it is 4 days old"; `end`
 * is behind the number. */
static bool is_ahead(sst_text text, size_t at, size_t end)
{
	size_t unit = skip_blanks(text, end);

	while (sst__is_alpha(sst__at(text, unit)))
		unit++;
	return stands_before(text, at, sst__wait_words) &&
	       !stands_within(text, at, sst__passed_words, 2) &&
	       !sst__text_starts(sst__text_part(text, skip_blanks(text, unit), text.len),
	                         SST_TEXT("old"));
}

static uint32_t wait_at(sst_text text, size_t at)
{
	static const struct sst__unit second = {"s", 1};
	uint32_t seconds = 0;
	uint64_t value;
	size_t end;
	const struct sst__unit *unit;

	if (clock_at(text, at, &seconds) > 0)
		return is_ahead(text, at, at) ? seconds : 0;
	end = number_at(text, at, &value);
	unit = unit_at(sst__times, text, skip_blanks(text, end));
	if (unit == NULL && sst__at(text, end) == 's')
		unit = &second;
	if (unit == NULL || value == 0 || value > LONGEST ||
	    (!is_ahead(text, at, end) && (unsigned char)unit->word[0] < 0x80))
		return 0;
	value *= unit->factor;
	return value > LONGEST ? 0 : (uint32_t)value;
}

uint32_t sst__measure_wait(sst_text text)
{
	size_t at;

	for (size_t i = sst__next_digit(text, 0); i < text.len; i = sst__next_digit(text, i + 1)) {
		uint32_t seconds = starts_number(text, i) ? wait_at(text, i) : 0;
		if (seconds > 0)
			return seconds;
	}
	at = sst__text_search(text, 0, SST_TEXT(" an hour"));
	if (at < text.len && stands_before(text, at, sst__wait_words))
		return HOUR;
	at = sst__text_search(text, 0, SST_TEXT(" a minute"));
	return at < text.len && stands_before(text, at, sst__wait_words) ? MINUTE : 0;
}

uint64_t sst__measure_limit(sst_text text)
{
	uint64_t found = 0;

	for (size_t i = sst__next_digit(text, 0); i < text.len; i = sst__next_digit(text, i + 1)) {
		uint64_t value;
		const struct sst__unit *unit;
		size_t end;
		bool named;
		if (!starts_number(text, i))
			continue;
		end = number_at(text, i, &value);
		if (sst__at(text, end) == '.' && sst__is_digit(sst__at(text, end + 1))) {
			i = end + 1;
			continue;
		}
		unit = unit_at(sst__sizes, text, skip_blanks(text, end));
		named = stands_before(text, i, sst__limit_words);
		if ((unit == NULL && (value < 1000 || !named)) || value > (uint64_t)1 << 40)
			continue;
		value *= unit == NULL ? 1 : unit->factor;
		/* "size 30000000 exceeds limit 20000000": the last one that is named. */
		if (found == 0 || named)
			found = value;
		i = end;
	}
	return found;
}
