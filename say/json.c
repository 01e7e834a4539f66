/* SPDX-License-Identifier: MIT
 * say/json.c - a JSON writer without allocation. */
#include "say/json.h"

#include "core/text.h"
#include "core/utf8.h"

#include <string.h>

void sst_json_init(sst_json *json, char *buffer, size_t size,
                   bool (*write)(void *, const char *, size_t), void *context)
{
	memset(json, 0, sizeof *json);
	json->buffer = buffer;
	json->size = size;
	json->write = write;
	json->context = context;
}

bool sst_json_flush(sst_json *json)
{
	if (!json->failed && json->len > 0)
		json->failed = !json->write(json->context, json->buffer, json->len);
	json->len = 0;
	return !json->failed;
}

/* Makes room for so many bytes at once; false if the whole buffer is too small for them. */
static bool reserve(sst_json *json, size_t len)
{
	if (json->size - json->len > len)
		return true;
	if (json->size <= len)
		return false;
	sst_json_flush(json);
	return true;
}

static void put(sst_json *json, const char *bytes, size_t len)
{
	while (len > 0) {
		size_t part = json->size - json->len;
		if (part > len)
			part = len;
		memcpy(json->buffer + json->len, bytes, part);
		json->len += part;
		bytes += part;
		len -= part;
		if (json->len == json->size)
			sst_json_flush(json);
	}
}

static void put_char(sst_json *json, char c)
{
	json->buffer[json->len++] = c;
	if (json->len == json->size)
		sst_json_flush(json);
}

static void before_value(sst_json *json)
{
	if (json->comma)
		put_char(json, ',');
	json->comma = true;
}

void sst_json_open(sst_json *json, char bracket)
{
	before_value(json);
	put_char(json, bracket);
	json->comma = false;
}

void sst_json_close(sst_json *json, char bracket)
{
	put_char(json, bracket);
	json->comma = true;
}

void sst_json_line_end(sst_json *json)
{
	put_char(json, '\n');
	json->comma = false;
}

/* As memcpy where texts are short: two copies of a fixed size, which may lie over each other. */
static void copy_short(char *to, sst_text text)
{
	if (text.len >= 4 && text.len <= 8) {
		memcpy(to, text.ptr, 4);
		memcpy(to + text.len - 4, text.ptr + text.len - 4, 4);
	} else if (text.len > 8 && text.len <= 16) {
		memcpy(to, text.ptr, 8);
		memcpy(to + text.len - 8, text.ptr + text.len - 8, 8);
	} else {
		memcpy(to, text.ptr, text.len);
	}
}

void sst_json_name(sst_json *json, sst_text name)
{
	if (reserve(json, name.len + 4)) {
		char *at = json->buffer + json->len;

		if (json->comma)
			*at++ = ',';
		*at++ = '"';
		copy_short(at, name);
		memcpy(at + name.len, "\":", 2);
		json->len = (size_t)(at + name.len + 2 - json->buffer);
	} else {
		before_value(json);
		put_char(json, '"');
		put(json, name.ptr, name.len);
		put(json, "\":", 2);
	}
	json->comma = false;
}

static void put_unit(sst_json *json, uint32_t unit)
{
	static const char hex[] = "0123456789abcdef";
	char out[6] = {'\\', 'u'};

	for (int i = 0; i < 4; i++)
		out[2 + i] = hex[unit >> (12 - 4 * i) & 15];
	put(json, out, 6);
}

static void put_rune(sst_json *json, uint32_t rune)
{
	if (rune < 0x10000) {
		put_unit(json, rune);
		return;
	}
	rune -= 0x10000;
	put_unit(json, 0xd800 + (rune >> 10));
	put_unit(json, 0xdc00 + (rune & 0x3ff));
}

static bool is_plain(char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static void put_special(sst_json *json, char c)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *found = c == '\0' ? NULL : strchr(from, c);

	if (found == NULL) {
		put_unit(json, (unsigned char)c);
		return;
	}
	put_char(json, '\\');
	put_char(json, to[found - from]);
}

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* Copies eight bytes; returns how many of them come before one that needs an escape. */
static inline unsigned copy_eight(char *to, const char *from)
{
	uint64_t part, hit;

	memcpy(&part, from, 8);
	memcpy(to, &part, 8);
	/* Below a blank, a quote, a backslash, DEL and above. */
	hit = ((part - UINT64_C(0x2020202020202020)) & ~part) |
	      (part + UINT64_C(0x0101010101010101)) | part;
	hit = (hit & UINT64_C(0x8080808080808080)) | sst__bytes_like(part, '"') |
	      sst__bytes_like(part, '\\');
	return hit == 0 ? 8 : (unsigned)__builtin_ctzll(hit) / 8;
}
#endif

/* Copies what needs no escape; returns how much. Eight bytes more are written than are counted. */
static size_t copy_plain(char *to, sst_text text)
{
	size_t at = 0;

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	for (; at + 8 <= text.len; at += 8) {
		unsigned plain = copy_eight(to + at, text.ptr + at);
		if (plain < 8)
			return at + plain;
	}
	/* The last eight, of which some have been copied. */
	if (text.len >= 8)
		return text.len - 8 + copy_eight(to + text.len - 8, text.ptr + text.len - 8);
#endif
	for (; at < text.len && is_plain(text.ptr[at]); at++)
		to[at] = text.ptr[at];
	return at;
}

static void put_escaped(sst_json *json, sst_text text)
{
	size_t at = 0;

	while (at < text.len) {
		size_t start = at, len = 1;
		uint32_t rune = 0xfffd;

		while (at < text.len && is_plain(text.ptr[at]))
			at++;
		put(json, text.ptr + start, at - start);
		if (at == text.len)
			break;
		if ((unsigned char)text.ptr[at] < 0x80) {
			put_special(json, text.ptr[at]);
		} else {
			len = sst__utf8_get(text, at, &rune);
			put_rune(json, rune == 0 || len == 0 ? 0xfffd : rune);
		}
		at += len == 0 ? 1 : len;
	}
}

void sst_json_text(sst_json *json, sst_text text)
{
	size_t plain = 0;

	before_value(json);
	put_char(json, '"');
	if (reserve(json, text.len + 8)) {
		plain = copy_plain(json->buffer + json->len, text);
		json->len += plain;
	}
	if (plain < text.len)
		put_escaped(json, (sst_text){text.ptr + plain, text.len - plain});
	put_char(json, '"');
}

static void put_digits(sst_json *json, uint64_t number, unsigned least)
{
	char out[24];
	size_t at = sizeof out;

	do {
		out[--at] = (char)('0' + number % 10);
		number /= 10;
		if (least > 0)
			least--;
	} while (number > 0 || least > 0);
	if (!reserve(json, sizeof out)) {
		put(json, out + at, sizeof out - at);
		return;
	}
	for (; at < sizeof out; at++)
		json->buffer[json->len++] = out[at];
}

void sst_json_number(sst_json *json, int64_t number)
{
	before_value(json);
	if (number < 0)
		put_char(json, '-');
	put_digits(json, number < 0 ? 0 - (uint64_t)number : (uint64_t)number, 1);
}

void sst_json_decimal(sst_json *json, int64_t number, unsigned places)
{
	uint64_t size = number < 0 ? 0 - (uint64_t)number : (uint64_t)number, unit = 1;

	for (unsigned i = 0; i < places; i++)
		unit *= 10;
	before_value(json);
	if (number < 0)
		put_char(json, '-');
	put_digits(json, size / unit, 1);
	if (places == 0)
		return;
	put_char(json, '.');
	put_digits(json, size % unit, places);
}

void sst_json_bool(sst_json *json, bool value)
{
	before_value(json);
	if (value)
		put(json, "true", 4);
	else
		put(json, "false", 5);
}

void sst_json_named(sst_json *json, sst_text name, sst_text text)
{
	if (text.ptr == NULL)
		return;
	sst_json_name(json, name);
	sst_json_text(json, text);
}

void sst_json_key_text(sst_json *json, sst_text key)
{
	sst_json_text(json, key);
	put_char(json, ':');
	json->comma = false;
}

void sst_json_named_number(sst_json *json, sst_text name, int64_t number)
{
	sst_json_name(json, name);
	sst_json_number(json, number);
}
