/* SPDX-License-Identifier: MIT
 * core/measure.c - "in 5 minutes", "limit 20 MB". */
#include "core/measure.h"

enum { DAY = 86400, HOUR = 3600, MINUTE = 60, LONGEST = 30 * DAY };

struct unit {
	const char *word; /* as it starts, lower case */
	uint32_t factor;
};

/* The longest of two words that start alike stands first. */
static const struct unit times[] = {
        {"seconds", 1},     {"second", 1},      {"secs", 1},        {"sec", 1},
        {"sekunde", 1},     {"seconde", 1},     {"segundo", 1},     {"secondi", 1},
        {"sekund", 1},      {"sn", 1},          {"секунд", 1},      {"秒", 1},
        {"초", 1},          {"minute", MINUTE}, {"minuut", MINUTE}, {"minuto", MINUTE},
        {"minuti", MINUTE}, {"minut", MINUTE},  {"mins", MINUTE},   {"min", MINUTE},
        {"dakika", MINUTE}, {"минут", MINUTE},  {"хвилин", MINUTE}, {"分钟", MINUTE},
        {"分鐘", MINUTE},   {"分", MINUTE},     {"분", MINUTE},     {"hour", HOUR},
        {"hrs", HOUR},      {"stunde", HOUR},   {"heure", HOUR},    {"hora", HOUR},
        {"ore", HOUR},      {"ora", HOUR},      {"uur", HOUR},      {"uren", HOUR},
        {"godzin", HOUR},   {"hodin", HOUR},    {"saat", HOUR},     {"час", HOUR},
        {"годин", HOUR},    {"小时", HOUR},     {"小時", HOUR},     {"時間", HOUR},
        {"시간", HOUR},     {"days", DAY},      {"day", DAY},       {"tage", DAY},
        {"tag", DAY},       {"jours", DAY},     {"jour", DAY},      {"dias", DAY},
        {"giorni", DAY},    {"дней", DAY},      {"дня", DAY},       {"日", DAY},
        {"天", DAY},        {"일", DAY},        {NULL, 0},
};

static const struct unit sizes[] = {
        {"bytes", 1},       {"byte", 1},           {"octets", 1},
        {"kilobyte", 1024}, {"megabyte", 1048576}, {"gigabyte", 1 << 30},
        {"kbyte", 1024},    {"mbyte", 1048576},    {"kib", 1024},
        {"mib", 1048576},   {"kb", 1024},          {"mb", 1048576},
        {"gb", 1 << 30},    {"ko", 1024},          {"mo", 1048576},
        {"k", 1024},        {"m", 1048576},        {NULL, 0},
};

/* Words in front of a time to wait, and of a limit. */
static const char *const waits[] = {"in",    "after",  "wait",  "another", "for",   "within",
                                    "least", "retry",  "again", "dans",    "nach",  "apres",
                                    "en",    "tra",    "fra",   "em",      "po",    "za",
                                    "через", "please", "later", "back",    "until", "every",
                                    "delay", "about",  "next",  "before",  NULL};
static const char *const limits[] = {"limit",   "limits",   "maximum", "max", "allowed", "exceeds",
                                     "exceed",  "than",     "over",    "of",  "is",      "limite",
                                     "maximal", "maximale", "size",    "to",  NULL};

static const struct unit *unit_at(const struct unit *units, sst_text text, size_t at)
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

/* Whether one of `words` is among the three words in front of `at`. */
static bool stands_before(sst_text text, size_t at, const char *const *words)
{
	for (unsigned n = 0; n < 3; n++) {
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

static bool starts_number(sst_text text, size_t at)
{
	char before = at == 0 ? ' ' : text.ptr[at - 1];

	return sst__is_digit(text.ptr[at]) && !sst__is_digit(before) && !sst__is_alpha(before) &&
	       before != '.' && before != ',' && before != ':';
}

static uint32_t wait_at(sst_text text, size_t at)
{
	uint32_t seconds = 0;
	uint64_t value;
	size_t end;
	const struct unit *unit;

	if (clock_at(text, at, &seconds) > 0)
		return stands_before(text, at, waits) ? seconds : 0;
	end = number_at(text, at, &value);
	unit = unit_at(times, text, skip_blanks(text, end));
	if (unit == NULL && sst__at(text, end) == 's')
		unit = &times[0];
	if (unit == NULL || value == 0 || value > LONGEST ||
	    (!stands_before(text, at, waits) && (unsigned char)unit->word[0] < 0x80))
		return 0;
	value *= unit->factor;
	return value > LONGEST ? 0 : (uint32_t)value;
}

uint32_t sst__measure_wait(sst_text text)
{
	size_t at;

	for (size_t i = 0; i < text.len; i++) {
		uint32_t seconds = starts_number(text, i) ? wait_at(text, i) : 0;
		if (seconds > 0)
			return seconds;
	}
	at = sst__text_search(text, 0, SST_TEXT(" an hour"));
	if (at < text.len && stands_before(text, at, waits))
		return HOUR;
	at = sst__text_search(text, 0, SST_TEXT(" a minute"));
	return at < text.len && stands_before(text, at, waits) ? MINUTE : 0;
}

uint64_t sst__measure_limit(sst_text text)
{
	uint64_t found = 0;

	for (size_t i = 0; i < text.len; i++) {
		uint64_t value;
		const struct unit *unit;
		size_t end;
		bool named;
		if (!starts_number(text, i))
			continue;
		end = number_at(text, i, &value);
		if (sst__at(text, end) == '.' && sst__is_digit(sst__at(text, end + 1))) {
			i = end + 1;
			continue;
		}
		unit = unit_at(sizes, text, skip_blanks(text, end));
		named = stands_before(text, i, limits);
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
