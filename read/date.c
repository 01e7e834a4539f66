/* SPDX-License-Identifier: MIT
 * read/date.c - dates of headers and reports. */
#include "read/date.h"
#include "core/calendar.h"
#include "core/text.h"

typedef struct parts {
	unsigned year, month, day, hour, minute, second;
	int zone;
	bool has_time, has_zone;
} parts;

static unsigned month_of(sst_text word)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	if (word.len < 3)
		return 0;
	for (unsigned i = 0; i < 12; i++)
		if (names[(size_t)3 * i] == sst__lower(word.ptr[0]) &&
		    sst__text_same((sst_text){word.ptr, 3}, (sst_text){names + (size_t)3 * i, 3}))
			return i + 1;
	return 0;
}

static bool zone_of(sst_text word, int *minutes)
{
	static const struct {
		char name[5];
		int16_t minutes;
	} zones[] = {{"utc", 0},    {"gmt", 0},    {"ut", 0},     {"z", 0},      {"est", -300},
	             {"edt", -240}, {"cst", -360}, {"cdt", -300}, {"mst", -420}, {"mdt", -360},
	             {"pst", -480}, {"pdt", -420}, {"cet", 60},   {"cest", 120}, {"met", 60},
	             {"mest", 120}, {"bst", 60},   {"wet", 0},    {"west", 60},  {"eet", 120},
	             {"eest", 180}, {"msk", 180},  {"jst", 540},  {"kst", 540}};
	unsigned digits;

	if (word.len == 5 && (word.ptr[0] == '+' || word.ptr[0] == '-')) {
		uint32_t value = sst__text_number(word, 1, 4, &digits);
		*minutes = (int)(value / 100 * 60 + value % 100) * (word.ptr[0] == '-' ? -1 : 1);
		return digits == 4 && value % 100 < 60 && value / 100 <= 14;
	}
	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
		if (zones[i].name[0] == sst__lower(sst__at(word, 0)) &&
		    sst__text_same(word, sst__text_constant(zones[i].name))) {
			*minutes = zones[i].minutes;
			return true;
		}
	return false;
}

static void take_clock(parts *p, sst_text word, size_t at)
{
	unsigned digits;

	p->hour = sst__text_number(word, at, 2, &digits);
	at += digits + 1;
	p->minute = sst__text_number(word, at, 2, &digits);
	at += digits;
	if (sst__at(word, at) == ':')
		p->second = sst__text_number(word, at + 1, 2, &digits);
	p->has_time = true;
}

/* 2024-03-01T10:00:00Z and the like. */
static bool take_iso(parts *p, sst_text word)
{
	unsigned digits;

	p->year = sst__text_number(word, 0, 4, &digits);
	p->month = sst__text_number(word, 5, 2, &digits);
	p->day = sst__text_number(word, 8, 2, &digits);
	if (word.len < 16)
		return true;
	take_clock(p, word, 11);
	sst_text rest = sst__text_part(word, 19, word.len);
	if (sst__at(rest, 3) == ':' && rest.len == 6) {
		char zone[5] = {rest.ptr[0], rest.ptr[1], rest.ptr[2], rest.ptr[4], rest.ptr[5]};
		p->has_zone = zone_of((sst_text){zone, 5}, &p->zone);
	} else {
		p->has_zone = zone_of(rest, &p->zone);
	}
	return true;
}

static void take_number(parts *p, sst_text word)
{
	unsigned digits;
	uint32_t value = sst__text_number(word, 0, 4, &digits);

	if (digits == 4)
		p->year = value;
	else if (p->day == 0)
		p->day = value;
	else if (p->year == 0 && digits == 2)
		p->year = value + (value < 70 ? 2000 : 1900);
}

static void take_word(parts *p, sst_text word)
{
	if (word.len >= 10 && sst__is_digit(word.ptr[0]) && word.ptr[4] == '-' &&
	    word.ptr[7] == '-') {
		take_iso(p, word);
	} else if (sst__is_digit(word.ptr[0]) && sst__text_find(word, 0, ':') < word.len) {
		take_clock(p, word, 0);
	} else if (sst__is_digit(word.ptr[0])) {
		take_number(p, word);
	} else if (p->month == 0 && month_of(word) != 0) {
		p->month = month_of(word);
	} else if (!p->has_zone) {
		p->has_zone = zone_of(word, &p->zone);
	}
}

sst_time sst__date_parse(sst_text in)
{
	parts p = {0};
	sst_time time = {0};
	size_t at = 0;
	unsigned words = 0;

	in = sst__text_part(in, 0, 80);
	while (at < in.len && words++ < 12) {
		while (at < in.len && (sst__is_space(in.ptr[at]) || in.ptr[at] == ','))
			at++;
		if (sst__at(in, at) == '(')
			break;
		size_t from = at;
		while (at < in.len && !sst__is_space(in.ptr[at]) && in.ptr[at] != ',')
			at++;
		if (at > from)
			take_word(&p, sst__text_part(in, from, at));
	}
	if (p.year < 1970 || p.month < 1 || p.month > 12 || p.day < 1 || p.day > 31 ||
	    p.hour > 23 || p.minute > 59 || p.second > 60)
		return time;
	time.seconds = sst__days_of(p.year, p.month, p.day) * 86400 + (int64_t)p.hour * 3600 +
	               (int64_t)p.minute * 60 + p.second - (int64_t)p.zone * 60;
	time.zone = (int16_t)p.zone;
	time.known = true;
	return time;
}
