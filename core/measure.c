/* SPDX-License-Identifier: MIT
 * core/measure.c - "in 5 minutes", "2h30m", "half an hour", "limit 20 MB", "1.5 GB". */
#include "core/measure.h"
#include "core/context.h"
#include "core/details.h"

enum { HOUR = 3600, MINUTE = 60, LONGEST = 30 * 24 * HOUR };

/* A number as people write it: 300, 52,428,800, 10.485.760, 1.5. */
struct amount {
	uint64_t whole;
	unsigned thousandths;
	bool dotted; /* grouped by dots: it might be another thing */
};

static const struct sst__unit *unit_at(const struct sst__unit *units, sst_text text, size_t at)
{
	sst_text rest = sst__text_part(text, at, text.len);
	char first = sst__lower(sst__at(rest, 0));
	const uint32_t *starts = units == sst__times ? sst__time_starts : sst__size_starts;

	if ((unsigned char)first < 0x80 && !sst__may_be(rest, starts))
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

static bool is_word_byte(char c)
{
	return sst__byte_is(c, SST__BYTE_LETTER | SST__BYTE_HIGH);
}

bool sst__is_among(sst_text word, const char *const *words)
{
	char first = sst__lower(sst__at(word, 0));

	for (; word.len > 0 && *words != NULL; words++)
		if (**words == first && sst__text_same(word, sst__text_constant(*words)))
			return true;
	return false;
}

/* The word in front of `*at`, which goes to its start; empty if there is none. */
static sst_text word_back(sst_text text, size_t *at)
{
	size_t end;

	while (*at > 0 && !is_word_byte(text.ptr[*at - 1]))
		--*at;
	end = *at;
	while (*at > 0 && is_word_byte(text.ptr[*at - 1]))
		--*at;
	return sst__text_part(text, *at, end);
}

/* Whether one of `words` is among the three words in front of `at`. */
static bool stands_before(sst_text text, size_t at, const char *const *words)
{
	for (unsigned n = 0; n < 3; n++)
		if (sst__is_among(word_back(text, &at), words))
			return true;
	return false;
}

/* hh:mm:ss, or mm:ss; the bytes used, 0 if it is none. */
static size_t clock_at(sst_text text, size_t at, uint32_t *seconds)
{
	unsigned digits;
	size_t start = at;
	uint32_t parts[3];
	unsigned n = 0;

	if (sst__at(text, at + 1) != ':' && sst__at(text, at + 2) != ':')
		return 0; /* as nearly always */
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

static size_t digits_at(sst_text text, size_t at, uint64_t *value)
{
	size_t from = at;

	for (*value = 0; at - from < 15 && sst__is_digit(sst__at(text, at)); at++)
		*value = *value * 10 + (uint64_t)(text.ptr[at] - '0');
	return at;
}

/* The number at `at`; the offset behind it. What has more dots or commas than a number has, such as
 * an address or a status code, is walked past and gives nothing. */
static size_t amount_at(sst_text text, size_t at, struct amount *amount)
{
	size_t end = digits_at(text, at, &amount->whole);
	bool short_start = end - at <= 3, even = true;
	char mark = sst__at(text, end), first = mark;
	unsigned groups = 0;
	uint64_t last = 0, whole = amount->whole;
	size_t width = 0;

	amount->thousandths = 0;
	amount->dotted = false;
	for (; (mark == '.' || mark == ',') && sst__is_digit(sst__at(text, end + 1));
	     mark = sst__at(text, end)) {
		size_t next = digits_at(text, end + 1, &last);
		width = next - end - 1;
		even = even && width == 3 && mark == first;
		whole = groups < 4 ? whole * 1000 + last : 0;
		groups++;
		end = next;
	}
	if (groups == 0)
		return end;
	amount->dotted = first == '.';
	if (even && short_start && groups < 4 && (first == ',' || groups == 2))
		amount->whole = whole;
	else if (groups == 1 && width <= 3)
		amount->thousandths = (unsigned)last * (width == 1 ? 100 : width == 2 ? 10 : 1);
	else
		amount->whole = 0;
	return end;
}

/* `amount` of `factor`; 0 if it is more than `most`. */
static uint64_t times(const struct amount *amount, uint32_t factor, uint64_t most)
{
	uint64_t product;

	if (amount->whole > most / factor)
		return 0;
	product = amount->whole * factor + (uint64_t)amount->thousandths * factor / 1000;
	return product <= most ? product : 0;
}

/* Whether the digit at `at` is the first of a number. */
static bool starts_number(sst_text text, size_t at)
{
	char before = at == 0 ? ' ' : text.ptr[at - 1];

	return !sst__is_digit(before) && !sst__is_alpha(before) && before != '.' && before != ',' &&
	       before != ':';
}

/* "Try again in 4 hours", but not "undelivered after 4 hours" nor "until it is 4 days old"; `end`
 * is behind the unit, and the nearest word that tells decides. */
static bool is_ahead(sst_text text, size_t at, size_t end)
{
	bool ahead = false;
	size_t from, upto;
	sst_text behind;

	while (is_word_byte(sst__at(text, end)))
		end++;
	for (from = upto = skip_blanks(text, end); is_word_byte(sst__at(text, upto));)
		upto++;
	behind = sst__text_part(text, from, upto);
	if (sst__is_among(behind, sst__ago_words))
		return false;
	if (sst__is_among(behind, sst__later_words))
		return true;
	for (unsigned n = 0; n < 3; n++) {
		sst_text word = word_back(text, &at);
		if (sst__is_among(word, sst__ask_words))
			return true;
		if (n < 2 && sst__is_among(word, sst__passed_words))
			return false;
		ahead = ahead || sst__is_among(word, sst__wait_words);
	}
	return ahead;
}

/* Behind one of `words` and blanks, or behind the blanks if none of them stands at `at`. */
static size_t skip_word(sst_text text, size_t at, const char *const *words)
{
	size_t from = skip_blanks(text, at), end = from;

	while (is_word_byte(sst__at(text, end)))
		end++;
	return sst__is_among(sst__text_part(text, from, end), words) ? skip_blanks(text, end)
	                                                             : from;
}

/* The start of the next part of a duration: "1 hour and 30 minutes", "2h30m". */
static size_t next_part(sst_text text, size_t at)
{
	while (is_word_byte(sst__at(text, at)))
		at++;
	return skip_word(text, at + (sst__at(text, at) == ','), sst__and_words);
}

/* A number with a unit and what is added to it, in seconds; 0: none is there. `end` is behind the
 * last unit. */
static uint32_t duration_at(sst_text text, size_t at, size_t *end, bool *high)
{
	uint64_t sum = 0;
	uint32_t smallest = UINT32_MAX;

	while (sst__is_digit(sst__at(text, at))) {
		struct amount amount;
		size_t from = skip_word(text, amount_at(text, at, &amount), sst__more_words);
		const struct sst__unit *unit = unit_at(sst__times, text, from);
		if (unit == NULL || unit->factor >= smallest)
			break;
		smallest = unit->factor;
		sum += times(&amount, unit->factor, LONGEST);
		*high = (unsigned char)unit->word[0] >= 0x80;
		*end = from + sst__text_constant(unit->word).len;
		at = next_part(text, *end);
	}
	return sum > LONGEST ? 0 : (uint32_t)sum;
}

/* "Retry-After: 120": seconds, as in HTTP. */
static uint32_t named_wait(sst_text text, size_t at)
{
	struct amount amount;
	size_t end, back = at;

	while (back > 0 && (sst__is_space(text.ptr[back - 1]) || text.ptr[back - 1] == ':' ||
	                    text.ptr[back - 1] == '='))
		back--;
	if (back == 0 || sst__lower(text.ptr[back - 1]) != 'r')
		return 0;
	end = amount_at(text, at, &amount);
	if (amount.dotted || is_word_byte(sst__at(text, end)) || sst__at(text, end) == '%' ||
	    sst__at(text, end) == ':')
		return 0;
	return sst__text_same(word_back(text, &back), SST_TEXT("after")) &&
	                       sst__text_same(word_back(text, &back), SST_TEXT("retry"))
	               ? (uint32_t)times(&amount, 1, LONGEST)
	               : 0;
}

static uint32_t wait_at(sst_text text, size_t at)
{
	uint32_t seconds = 0;
	size_t end = at;
	bool high = false;

	if (clock_at(text, at, &seconds) > 0)
		return is_ahead(text, at, at) ? seconds : 0;
	seconds = duration_at(text, at, &end, &high);
	if (seconds == 0)
		return named_wait(text, at);
	return high || is_ahead(text, at, end) ? seconds : 0;
}

/* The number that a word stands for, in thousandths, or 0. */
static uint32_t count_of(sst_text word)
{
	for (const struct sst__unit *count = sst__counts; count->word != NULL; count++)
		if (count->word[0] == sst__lower(sst__at(word, 0)) &&
		    sst__text_same(word, sst__text_constant(count->word)))
			return count->factor;
	return 0;
}

/* "In five minutes", "after an hour", "half an hour": numbers in words. */
static uint32_t spelled_wait(sst_text text)
{
	size_t first = 0, end;
	uint64_t count = 0;

	for (size_t at = 0; at < text.len; at = skip_blanks(text, end)) {
		const struct sst__unit *unit;
		uint32_t value;
		for (end = at; end < text.len && is_word_byte(text.ptr[end]);)
			end++;
		if (count == 0 &&
		    (end == at || !sst__may_be(sst__text_part(text, at, end), sst__count_starts))) {
			end += end == at;
			continue;
		}
		unit = count > 0 ? unit_at(sst__times, text, at) : NULL;
		if (unit != NULL && unit->factor >= MINUTE && is_ahead(text, first, end))
			return (uint32_t)(count * unit->factor / 1000);
		value = count_of(sst__text_part(text, at, end));
		first = count > 0 && value > 0 ? first : at;
		count = count > 0 && value > 0 ? count * value / 1000 : value;
		if (end == at)
			end++;
	}
	return 0;
}

uint32_t sst__measure_wait(sst_text text)
{
	for (size_t i = sst__next_digit(text, 0); i < text.len; i = sst__next_digit(text, i + 1)) {
		uint32_t seconds = starts_number(text, i) ? wait_at(text, i) : 0;
		if (seconds > 0)
			return seconds;
	}
	return spelled_wait(text);
}

uint64_t sst__measure_limit(sst_text text)
{
	uint64_t found = 0;

	for (size_t i = sst__next_digit(text, 0); i < text.len; i = sst__next_digit(text, i + 1)) {
		struct amount amount;
		const struct sst__unit *unit;
		size_t end;
		bool named;
		if (!starts_number(text, i))
			continue;
		end = amount_at(text, i, &amount);
		unit = unit_at(sst__sizes, text, skip_blanks(text, end));
		if (unit == NULL && (amount.whole < 1000 || amount.dotted)) {
			i = end;
			continue;
		}
		named = stands_before(text, i, sst__limit_words);
		i = end;
		if (unit == NULL && !named)
			continue;
		/* "size 30000000 exceeds limit 20000000": the last one that is named. */
		if (found == 0 || named)
			found = times(&amount, unit == NULL ? 1 : unit->factor, (uint64_t)1 << 50);
	}
	return found;
}
