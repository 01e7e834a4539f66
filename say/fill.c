/* SPDX-License-Identifier: MIT
 * say/fill.c - placeholders: which wording of a text, and what goes into it. */
#include "core/text.h"
#include "say/glyph.h"
#include "say/lang.h"

#define FSI "\xe2\x81\xa8" /* U+2068: what follows has a direction of its own */
#define PDI "\xe2\x81\xa9" /* U+2069: up to here */

void sst__room_add(sst_say_room *room, sst_text text)
{
	size_t len = text.len;

	if (len > room->size - room->used) {
		room->full = true;
		len = room->size - room->used;
		while (len > 0 && ((unsigned char)text.ptr[len] & 0xc0) == 0x80)
			len--; /* no half character */
	}
	if (len > 0)
		memcpy(room->buffer + room->used, text.ptr, len);
	room->used += len;
}

sst_text sst__room_text(const sst_say_room *room, size_t from)
{
	return (sst_text){room->buffer + from, room->used - from};
}

sst_text sst__room_join(sst_say_room *room, sst_text a, sst_text b)
{
	size_t from = room->used;

	if (a.len == 0 || b.len == 0)
		return a.len > 0 ? a : b;
	sst__room_add(room, a);
	sst__room_add(room, SST_TEXT(" "));
	sst__room_add(room, b);
	return sst__room_text(room, from);
}

/* Marks of direction (U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069) at `at`. */
static bool is_direction_mark(sst_text value, size_t at)
{
	unsigned char b, c;

	if (at + 3 > value.len || value.ptr[at] != '\xe2')
		return false;
	b = (unsigned char)value.ptr[at + 1];
	c = (unsigned char)value.ptr[at + 2];
	return (b == 0x80 && (c == 0x8e || c == 0x8f || (c >= 0xaa && c <= 0xae))) ||
	       (b == 0x81 && c >= 0xa6 && c <= 0xa9);
}

/* A foreign value, without what could change the text around it. */
static void add_value(sst_say_room *room, sst_text value)
{
	size_t from = 0, at = 0;

	while (at < value.len) {
		size_t skip = is_direction_mark(value, at)
		                      ? 3
		                      : (unsigned char)value.ptr[at] < ' ' || value.ptr[at] == 0x7f;
		if (skip == 0) {
			at++;
			continue;
		}
		sst__room_add(room, sst__text_part(value, from, at));
		at += skip;
		from = at;
	}
	sst__room_add(room, sst__text_part(value, from, at));
}

static sst_text number_text(unsigned long number, char *digits, size_t size)
{
	size_t at = size;

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0 && at > 0);
	return (sst_text){digits + at, size - at};
}

sst_text sst_say_size(uint64_t bytes, sst_say_room *room)
{
	static const char *const units[] = {" B", " kB", " MB", " GB", " TB"};
	size_t from = room->used;
	unsigned unit = 0;
	uint64_t step = 1;
	char digits[24];

	while (unit < 4 && bytes / step >= 1024) {
		step *= 1024;
		unit++;
	}
	sst__room_add(room, number_text((unsigned long)(bytes / step), digits, sizeof digits));
	if (bytes / step < 10 && bytes % step * 10 / step > 0) {
		sst__room_add(room, SST_TEXT("."));
		sst__room_add(room, number_text((unsigned long)(bytes % step * 10 / step), digits,
		                                sizeof digits));
	}
	sst__room_add(room, (sst_text){units[unit], strlen(units[unit])});
	return sst__room_text(room, from);
}

sst_text sst_say_span(const sst_lang *lang, uint32_t seconds, sst_say_room *room)
{
	static const struct {
		uint32_t seconds, from; /* the unit holds from this many seconds on */
		const char *key;
	} units[] = {{86400, 86400, "ui.n-days"},
	             {3600, 3600, "ui.n-hours"},
	             {60, 60, "ui.n-minutes"},
	             {1, 0, "ui.n-seconds"}};
	unsigned i = 0;
	sst_say_values values = {0};
	size_t from = room->used;

	/* Rounded up, so that nobody comes too early. 90 minutes stay 90 minutes. */
	while (seconds < units[i].from ||
	       (seconds % units[i].seconds != 0 && seconds < 10 * units[i].seconds && i < 3))
		i++;
	values.n = (seconds + units[i].seconds - 1) / units[i].seconds;
	sst_say_fill(lang, (sst_text){units[i].key, strlen(units[i].key)}, &values, room);
	return sst__room_text(room, from);
}

static bool known(const sst_say_values *values, sst_text name)
{
	const struct {
		const char *name;
		bool known;
	} all[] = {{"recipient", values->recipient.len > 0},
	           {"domain", values->domain.len > 0},
	           {"provider", values->provider.len > 0},
	           {"list", values->list.len > 0},
	           {"host", values->host.len > 0},
	           {"date", values->date.len > 0},
	           {"reply", values->reply.len > 0},
	           {"code", values->code.cls > 0},
	           {"limit", values->limit > 0},
	           {"retry", values->retry_after > 0}};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (sst__text_same(name, (sst_text){all[i].name, strlen(all[i].name)}))
			return all[i].known;
	return false;
}

static void add_code(sst_say_room *room, sst_code code)
{
	char digits[24];

	sst__room_add(room, number_text(code.cls, digits, sizeof digits));
	sst__room_add(room, SST_TEXT("."));
	sst__room_add(room, number_text(code.subject, digits, sizeof digits));
	sst__room_add(room, SST_TEXT("."));
	sst__room_add(room, number_text(code.detail, digits, sizeof digits));
}

static void add_named(const sst_lang *lang, sst_say_room *room, sst_text name,
                      const sst_say_values *values)
{
	char digits[24];

	if (sst__text_same(name, SST_TEXT("recipient")))
		add_value(room, values->recipient);
	else if (sst__text_same(name, SST_TEXT("domain")))
		add_value(room, values->domain);
	else if (sst__text_same(name, SST_TEXT("provider")))
		add_value(room, sst_say_provider(values->provider));
	else if (sst__text_same(name, SST_TEXT("list")))
		add_value(room, values->list);
	else if (sst__text_same(name, SST_TEXT("host")))
		add_value(room, values->host);
	else if (sst__text_same(name, SST_TEXT("date")))
		add_value(room, values->date);
	else if (sst__text_same(name, SST_TEXT("reply")))
		add_value(room, values->reply);
	else if (sst__text_same(name, SST_TEXT("code")) && values->code.cls > 0)
		add_code(room, values->code);
	else if (sst__text_same(name, SST_TEXT("limit")) && values->limit > 0)
		sst_say_size(values->limit, room);
	else if (sst__text_same(name, SST_TEXT("retry")) && values->retry_after > 0)
		sst_say_span(lang, values->retry_after, room);
	else if (sst__text_same(name, SST_TEXT("n")))
		sst__room_add(room, number_text(values->n, digits, sizeof digits));
}

/* Puts `pattern` into the room with its placeholders filled; as it is if it has none. */
static sst_text fill(const sst_lang *lang, sst_text pattern, const sst_say_values *values,
                     sst_say_room *room)
{
	size_t start = room->used, from = 0, open;
	bool rtl = sst_lang_is_rtl(lang);

	if (sst__text_find(pattern, 0, '{') == pattern.len)
		return pattern;
	rtl = rtl || sst__holds_rtl(values->recipient) || sst__holds_rtl(values->domain) ||
	      sst__holds_rtl(values->host);
	while ((open = sst__text_find(pattern, from, '{')) < pattern.len) {
		size_t close = sst__text_find(pattern, open, '}');
		sst_text name = sst__text_part(pattern, open + 1, close);
		bool isolate = rtl && !sst__text_same(name, SST_TEXT("n"));
		sst__room_add(room, sst__text_part(pattern, from, open));
		if (isolate)
			sst__room_add(room, SST_TEXT(FSI));
		add_named(lang, room, name, values);
		if (isolate)
			sst__room_add(room, SST_TEXT(PDI));
		from = close < pattern.len ? close + 1 : close;
	}
	sst__room_add(room, sst__text_part(pattern, from, pattern.len));
	return sst__room_text(room, start);
}

/* Number of the wording KEY+NAME whose value is known, or of KEY. */
static int wording(const sst_text *parts, const sst_say_values *values)
{
	static const char *const names[] = {"list",      "retry",  "limit",
	                                    "recipient", "domain", "provider"};
	int number = sst__text_number_of(parts, 3);

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		sst_text name = {names[i], strlen(names[i])};
		const sst_text longer[5] = {parts[0], parts[1], parts[2], SST_TEXT("+"), name};
		int better = known(values, name) ? sst__text_number_of(longer, 5) : -1;
		if (better >= 0)
			return better;
	}
	return number;
}

static sst_text fill_number(const sst_lang *lang, int number, const sst_say_values *values,
                            sst_say_room *room)
{
	sst_text text = sst__text_of(lang, number);

	return fill(lang, sst__text_part(text, 0, sst__text_find(text, 0, '\0')), values, room);
}

sst_text sst__fill3(const sst_lang *lang, const char *a, sst_text b, const char *c,
                    const sst_say_values *values, sst_say_room *room)
{
	const sst_text parts[3] = {{a, strlen(a)}, b, {c, strlen(c)}};

	return fill_number(lang, wording(parts, values), values, room);
}

sst_text sst_say_fill(const sst_lang *lang, sst_text key, const sst_say_values *values,
                      sst_say_room *room)
{
	const sst_text parts[3] = {key, SST_NO_TEXT, SST_NO_TEXT};
	int number = wording(parts, values);
	sst_text text = sst__text_of(lang, number);

	if (sst__text_find(text, 0, '\0') < text.len)
		return fill(lang, sst_say_plural(lang, key, values->n), values, room);
	return fill_number(lang, number, values, room);
}
