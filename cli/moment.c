/* SPDX-License-Identifier: MIT
 * cli/moment.c - the clock, and RFC 3339. */
#include "cli/moment.h"

#include "core/calendar.h"
#include "core/text.h"

#include <time.h>

static unsigned days_in(unsigned year, unsigned month)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* Takes `count` digits at *at. */
static bool take(sst_text text, size_t *at, unsigned count, unsigned most, unsigned *value)
{
	unsigned digits;

	*value = sst__text_number(text, *at, count, &digits);
	*at += digits;
	return digits == count && *value <= most;
}

static bool take_mark(sst_text text, size_t *at, const char *marks)
{
	char c = sst__at(text, *at);

	if (c == '\0' || strchr(marks, c) == NULL)
		return false;
	(*at)++;
	return true;
}

static void take_fraction(sst_text text, size_t *at, sst_time *out)
{
	uint32_t unit = 100000000;

	if (!take_mark(text, at, "."))
		return;
	while (sst__is_digit(sst__at(text, *at))) {
		out->nanoseconds += (uint32_t)(text.ptr[(*at)++] - '0') * unit;
		unit /= 10;
	}
}

static bool take_zone(sst_text text, size_t *at, sst_time *out)
{
	bool west = sst__at(text, *at) == '-';
	unsigned hours, minutes;

	if (take_mark(text, at, "Zz"))
		return true;
	if (!take_mark(text, at, "+-") || !take(text, at, 2, 23, &hours) ||
	    !take_mark(text, at, ":") || !take(text, at, 2, 59, &minutes))
		return false;
	out->zone = (int16_t)(hours * 60 + minutes);
	if (west)
		out->zone = (int16_t)-out->zone;
	return true;
}

static bool parse_seconds(sst_text text, sst_time *out)
{
	unsigned digits;

	out->seconds = sst__text_number(text, 1, 9, &digits);
	for (size_t at = 1 + digits; at < text.len; at++) {
		if (!sst__is_digit(text.ptr[at]) || at > 12)
			return false;
		out->seconds = out->seconds * 10 + (text.ptr[at] - '0');
	}
	out->known = digits > 0;
	return out->known;
}

bool cli_moment_parse(sst_text text, sst_time *out)
{
	sst_time time = {0};
	unsigned year, month, day, hour, minute, second;
	size_t at = 0;

	*out = time;
	if (sst__at(text, 0) == '@')
		return parse_seconds(text, out);
	if (!take(text, &at, 4, 9999, &year) || !take_mark(text, &at, "-") ||
	    !take(text, &at, 2, 12, &month) || !take_mark(text, &at, "-") ||
	    !take(text, &at, 2, 31, &day) || !take_mark(text, &at, "Tt ") ||
	    !take(text, &at, 2, 23, &hour) || !take_mark(text, &at, ":") ||
	    !take(text, &at, 2, 59, &minute) || !take_mark(text, &at, ":") ||
	    !take(text, &at, 2, 60, &second))
		return false;
	if (month == 0 || day == 0 || day > days_in(year, month))
		return false;
	take_fraction(text, &at, &time);
	if (!take_zone(text, &at, &time) || at != text.len)
		return false;
	time.seconds = sst__days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second -
	               (int64_t)time.zone * 60;
	time.known = true;
	*out = time;
	return true;
}

sst_time cli_moment_now(void)
{
	sst_time now = {.known = true};
	struct timespec clock;
	struct tm local;

	(void)clock_gettime(CLOCK_REALTIME, &clock);
	now.seconds = clock.tv_sec;
	if (localtime_r(&clock.tv_sec, &local) != NULL)
		now.zone = (int16_t)(local.tm_gmtoff / 60);
	return now;
}
