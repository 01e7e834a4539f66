/* SPDX-License-Identifier: MIT
 * track/stamp.c - the time at the front of a line, in the forms that syslog, journald, multilog and
 * the servers' own files use. Most lines repeat the stamp of the line before, down to the second.
 */
#include "track/log.h"
#include "core/calendar.h"

#define SECOND 1000000

static int year_of(int64_t seconds)
{
	return (int)sst__date_of((seconds >= 0 ? seconds : seconds - 86399) / 86400).year;
}

/* Two digits at `at`, the first of which may be a blank; 100 if there are none. */
static unsigned two(sst_text text, size_t at)
{
	char a = sst__at(text, at), b = sst__at(text, at + 1);

	if ((a != ' ' && !sst__is_digit(a)) || !sst__is_digit(b))
		return 100;
	return (a == ' ' ? 0 : (unsigned)(a - '0') * 10) + (unsigned)(b - '0');
}

/* "hh:mm:ss" at `at` as seconds; -1 if it is none. A leap second counts as the one before. */
static int32_t clock_at(sst_text text, size_t at)
{
	unsigned h = two(text, at), m = two(text, at + 3), s = two(text, at + 6);

	if (sst__at(text, at + 2) != ':' || sst__at(text, at + 5) != ':' || h > 23 || m > 59 ||
	    s > 60)
		return -1;
	return (int32_t)(h * 3600 + m * 60 + (s == 60 ? 59 : s));
}

static unsigned month_at(sst_text text)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (unsigned i = 0; i < 12; i++)
		if (text.len > 3 && memcmp(text.ptr, names + (size_t)3 * i, 3) == 0)
			return i + 1;
	return 0;
}

/* The year of a stamp without one: no line is newer than the file; a month that jumps back by more
 * than half a year is the next year, one that jumps as far ahead a late line of the year before. */
static int settle_year(sst_log *log, unsigned month, unsigned day)
{
	sst__stamps *stamps = &log->stamps;
	int64_t newest = log->options.newest;
	int year = stamps->year;

	if (year == 0) {
		year = newest == 0 ? 1970 : year_of(newest + 86400);
		if (newest != 0 && sst__days_of(year, month, day) * 86400 > newest + 86400)
			year--;
		stamps->year = year;
		stamps->month = (int)month;
		return year;
	}
	if ((int)month - stamps->month > 6)
		return year - 1;
	if (stamps->month - (int)month > 6) {
		if (newest != 0 && sst__days_of(year + 1, month, day) * 86400 > newest + 172800)
			return year;
		stamps->year = ++year;
		stamps->month = (int)month;
	}
	if ((int)month > stamps->month)
		stamps->month = (int)month;
	return year;
}

static void remember(sst_log *log, sst_text text, size_t len, int64_t time)
{
	memcpy(log->stamps.last, text.ptr, len);
	log->stamps.last_len = len;
	log->stamps.last_time = time;
}

static bool same_as_before(const sst_log *log, sst_text text, size_t len)
{
	return log->stamps.last_len == len && text.len > len &&
	       memcmp(log->stamps.last, text.ptr, len) == 0;
}

/* ".123456" in microseconds; the digits are taken off. */
static int64_t take_fraction(sst_text *text)
{
	int64_t value = 0, scale = 100000;

	if (sst__at(*text, 0) != '.' && sst__at(*text, 0) != ',')
		return 0;
	if (!sst__is_digit(sst__at(*text, 1)))
		return 0;
	sst__drop(text, 1);
	while (text->len > 0 && sst__is_digit(*text->ptr)) {
		value += (*text->ptr - '0') * scale;
		scale /= 10;
		sst__drop(text, 1);
	}
	return value;
}

/* "Mmm dd hh:mm:ss", the day padded with a blank or a zero. */
static bool take_traditional(sst_log *log, sst_text *text, sst__line *line)
{
	unsigned month, day;
	int32_t clock;

	if (!same_as_before(log, *text, 15)) {
		month = month_at(*text);
		day = two(*text, 4);
		clock = clock_at(*text, 7);
		if (month == 0 || day < 1 || day > 31 || clock < 0 || sst__at(*text, 3) != ' ' ||
		    sst__at(*text, 6) != ' ')
			return false;
		remember(log, *text, 15,
		         (sst__days_of(settle_year(log, month, day), month, day) * 86400 + clock -
		          (int64_t)log->options.zone * 60) *
		                 SECOND);
	}
	line->time = log->stamps.last_time;
	line->zone = log->options.zone;
	sst__drop(text, 15);
	line->time += take_fraction(text);
	return true;
}

struct zone_name {
	char name[5];
	int16_t minutes;
};
static const struct zone_name zone_names[] = {
        {"UTC", 0},    {"GMT", 0},    {"Z", 0},      {"WET", 0},     {"WEST", 60},  {"BST", 60},
        {"CET", 60},   {"CEST", 120}, {"EET", 120},  {"EEST", 180},  {"MSK", 180},  {"EST", -300},
        {"EDT", -240}, {"CST", -360}, {"CDT", -300}, {"MST", -420},  {"MDT", -360}, {"PST", -480},
        {"PDT", -420}, {"JST", 540},  {"KST", 540},  {"AEST", 600},  {"AEDT", 660}, {"NZST", 720},
        {"SAST", 120}, {"HKT", 480},  {"SGT", 480},  {"AKST", -540}, {"HST", -600},
};

/* "+01:00", "+0100", "+01", "Z"; nothing is taken if there is none. */
static bool take_offset(sst_text *text, int16_t *zone)
{
	char sign = sst__at(*text, 0);
	unsigned h, m = 0;
	size_t len = 3;

	if (sign == 'Z') {
		*zone = 0;
		return sst__drop(text, 1);
	}
	h = two(*text, 1);
	if ((sign != '+' && sign != '-') || h > 23)
		return false;
	if (sst__at(*text, 3) == ':' && two(*text, 4) < 60) {
		m = two(*text, 4);
		len = 6;
	} else if (two(*text, 3) < 60 && sst__is_digit(sst__at(*text, 3))) {
		m = two(*text, 3);
		len = 5;
	}
	*zone = (int16_t)((sign == '-' ? -1 : 1) * (int)(h * 60 + m));
	return sst__drop(text, len);
}

/* " UTC " after a full stamp. */
static bool take_zone_name(sst_text *text, int16_t *zone)
{
	size_t len = sst__find(*text, 0, ' ');

	for (size_t i = 0; i < sizeof zone_names / sizeof *zone_names; i++)
		if (len == strlen(zone_names[i].name) && len < text->len &&
		    memcmp(text->ptr, zone_names[i].name, len) == 0) {
			*zone = zone_names[i].minutes;
			return sst__drop(text, len);
		}
	return false;
}

/* "yyyy-mm-dd" and "T" or a blank and "hh:mm:ss": 19 bytes in seconds, as if in UTC. */
static bool read_date_and_clock(sst_text text, int64_t *seconds)
{
	unsigned digits, month = two(text, 5), day = two(text, 8);
	int year = (int)sst__text_number(text, 0, 4, &digits);
	int32_t clock = clock_at(text, 11);

	if (digits != 4 || sst__at(text, 4) != '-' || sst__at(text, 7) != '-' || month < 1 ||
	    month > 12 || day < 1 || day > 31 || clock < 0)
		return false;
	*seconds = sst__days_of(year, month, day) * 86400 + clock;
	return true;
}

static bool take_iso(sst_log *log, sst_text *text, sst__line *line)
{
	int16_t zone = log->options.zone;
	int64_t seconds;

	if (!same_as_before(log, *text, 19)) {
		if (!read_date_and_clock(*text, &seconds))
			return false;
		remember(log, *text, 19, seconds * SECOND);
	}
	line->time = log->stamps.last_time;
	sst__drop(text, 19);
	line->time += take_fraction(text);
	if (!take_offset(text, &zone) && sst__at(*text, 0) == ' ') {
		/* Exim sets the zone off by a blank; short-full has its name there. */
		sst_text after = sst__from(*text, 1);

		if (take_offset(&after, &zone) || take_zone_name(&after, &zone))
			*text = after;
	}
	line->zone = zone;
	line->time -= (int64_t)zone * 60 * SECOND;
	return true;
}

/* "1795446578.270595": seconds since 1970. */
static bool take_unix(sst_text *text, sst__line *line)
{
	sst_text rest = *text;
	uint64_t seconds = sst__take_number(&rest);

	if (text->len - rest.len < 9 || text->len - rest.len > 11 || sst__at(rest, 0) != '.')
		return false;
	line->time = (int64_t)seconds * SECOND + take_fraction(&rest);
	line->zone = 0;
	*text = rest;
	return true;
}

static int hex(char c)
{
	if (sst__is_digit(c))
		return c - '0';
	c = sst__lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "@" and 24 hexadecimal digits (16: without nanoseconds): TAI, ten seconds ahead of what the
 * clock showed when the label was made (libtai's offset, which multilog's users see undone). */
bool sst__stamp_tai(sst_text *text, int64_t *time)
{
	uint64_t seconds = 0, nano = 0;
	size_t at = 1;

	if (sst__at(*text, 0) != '@')
		return false;
	for (; at < 25 && hex(sst__at(*text, at)) >= 0; at++) {
		uint64_t *into = at <= 16 ? &seconds : &nano;

		*into = *into << 4 | (unsigned)hex(text->ptr[at]);
	}
	if ((at != 25 && at != 17) || seconds < ((uint64_t)1 << 62) ||
	    seconds > ((uint64_t)1 << 62) + ((uint64_t)1 << 40))
		return false;
	*time = ((int64_t)(seconds - ((uint64_t)1 << 62)) - 10) * SECOND + (int64_t)(nano / 1000);
	return sst__drop(text, at);
}

bool sst__stamp_rfc3339(sst_text text, int64_t *time, int16_t *zone)
{
	int64_t seconds;

	if (!read_date_and_clock(text, &seconds))
		return false;
	sst__drop(&text, 19);
	*time = seconds * SECOND + take_fraction(&text);
	*zone = 0;
	if (!take_offset(&text, zone) && sst__at(text, 0) == ' ') {
		sst__drop(&text, 1);
		take_offset(&text, zone);
	}
	*time -= (int64_t)*zone * 60 * SECOND;
	return true;
}

static bool is_weekday(sst_text text)
{
	static const char names[] = "MonTueWedThuFriSatSun";

	for (unsigned i = 0; i < 7; i++)
		if (text.len > 4 && text.ptr[3] == ' ' &&
		    memcmp(text.ptr, names + (size_t)3 * i, 3) == 0)
			return true;
	return false;
}

bool sst__stamp_take(sst_log *log, sst_text *text, sst__line *line)
{
	char first = sst__at(*text, 0);
	bool taken = false;

	if (first >= 'A' && first <= 'Z') {
		if (is_weekday(*text)) {
			sst_text after = sst__from(*text, 4);

			taken = sst__is_digit(sst__at(after, 0)) && take_iso(log, &after, line);
			if (taken)
				*text = after;
		} else {
			taken = take_traditional(log, text, line);
		}
	} else if (sst__is_digit(first)) {
		taken = sst__at(*text, 4) == '-' ? take_iso(log, text, line)
		                                 : take_unix(text, line);
	} else if (first == '@') {
		line->zone = 0;
		taken = sst__stamp_tai(text, &line->time);
	}
	if (taken && sst__at(*text, 0) == ' ')
		sst__drop(text, 1);
	return taken;
}
