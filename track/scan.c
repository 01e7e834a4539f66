/* SPDX-License-Identifier: MIT
 * track/scan.c - the few moves that reading a log line takes. */
#include "track/scan.h"

size_t sst__find_part(sst_text text, size_t from, sst_text part)
{
	while (from + part.len <= text.len) {
		const char *hit =
		        memchr(text.ptr + from, part.ptr[0], text.len - from - part.len + 1);

		if (hit == NULL)
			return text.len;
		if (memcmp(hit, part.ptr, part.len) == 0)
			return (size_t)(hit - text.ptr);
		from = (size_t)(hit - text.ptr) + 1;
	}
	return text.len;
}

size_t sst__find_last(sst_text text, sst_text part)
{
	size_t end = text.len < part.len ? 0 : text.len - part.len + 1;

	while (end > 0) {
		const char *hit = memrchr(text.ptr, part.ptr[0], end);

		if (hit == NULL)
			return text.len;
		if (memcmp(hit, part.ptr, part.len) == 0)
			return (size_t)(hit - text.ptr);
		end = (size_t)(hit - text.ptr);
	}
	return text.len;
}

uint64_t sst__take_number(sst_text *text)
{
	uint64_t value = 0;
	size_t at = 0;

	for (; at < text->len && sst__is_digit(text->ptr[at]); at++)
		if (value < 100000000000000000U)
			value = value * 10 + (uint64_t)(text->ptr[at] - '0');
	if (at > 0)
		sst__drop(text, at);
	return value;
}

sst_text sst__bare_address(sst_text text)
{
	if (text.len >= 2 && text.ptr[0] == '<' && text.ptr[text.len - 1] == '>')
		return (sst_text){text.ptr + 1, text.len - 2};
	return text;
}

static uint32_t clamp(uint64_t value)
{
	return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

uint32_t sst__take_seconds(sst_text *text)
{
	const char *at = text->ptr, *end;
	unsigned scale = 100;
	uint64_t value = 0;

	if (text->len == 0)
		return 0;
	end = at + text->len;
	for (; at < end && sst__is_digit(*at); at++)
		if (value < 100000000000000U)
			value = value * 10 + (uint64_t)(*at - '0');
	value *= 1000;
	if (at < end && *at == '.')
		for (at++; at < end && sst__is_digit(*at); at++) {
			value += (uint64_t)(*at - '0') * scale;
			scale /= 10;
		}
	text->len = (size_t)(end - at);
	text->ptr = at;
	return clamp(value);
}

static unsigned unit_seconds(char unit)
{
	switch (unit) {
	case 'w':
		return 604800;
	case 'd':
		return 86400;
	case 'h':
		return 3600;
	case 'm':
		return 60;
	case 's':
		return 1;
	default:
		return 0;
	}
}

uint32_t sst__take_duration(sst_text *text)
{
	uint64_t total = 0;

	while (text->len > 0 && sst__is_digit(*text->ptr)) {
		uint64_t part = sst__take_seconds(text);
		unsigned seconds = unit_seconds(sst__at(*text, 0));

		total += part * (seconds == 0 ? 1 : seconds);
		if (seconds == 0)
			break;
		sst__drop(text, 1);
	}
	return clamp(total);
}

uint32_t sst__take_clock(sst_text *text)
{
	uint64_t days = 0, value = sst__take_number(text);

	if (sst__at(*text, 0) == '+') {
		sst__drop(text, 1);
		days = value;
		value = sst__take_number(text);
	}
	while (sst__at(*text, 0) == ':') {
		sst__drop(text, 1);
		value = value * 60 + sst__take_number(text) % 60;
	}
	return clamp((days % 10000 * 86400 + value % 8640000) * 1000);
}

sst_code sst__code_of(sst_text text)
{
	sst_code code = {0, 0, 0};
	char cls = sst__at(text, 0);
	unsigned digits;
	uint32_t subject, detail;

	if (text.len < 5 || text.ptr[1] != '.' || cls < '2' || cls > '5')
		return code;
	subject = sst__text_number(text, 2, 3, &digits);
	if (digits == 0 || sst__at(text, 2 + digits) != '.')
		return code;
	sst__drop(&text, 3 + digits);
	detail = sst__text_number(text, 0, 3, &digits);
	if (digits == 0 || sst__is_digit(sst__at(text, digits)))
		return code;
	code.cls = (uint8_t)(cls - '0');
	code.subject = (uint16_t)subject;
	code.detail = (uint16_t)detail;
	return code;
}

/* ", " that "name=" follows: the end of a value, where commas may stand in values too. */
static bool value_ends(sst_text text, size_t at)
{
	if (text.ptr[at] != ',' || sst__at(text, at + 1) != ' ')
		return false;
	for (at += 2; at < text.len; at++) {
		char c = text.ptr[at];

		if (c == '=')
			return true;
		if (!sst__is_alpha(c) && !sst__is_digit(c) && c != '_' && c != '-')
			return false;
	}
	return false;
}

sst_text sst__value(sst_text text, sst_text key)
{
	size_t at = 0;

	while ((at = sst__find_part(text, at, key)) < text.len) {
		size_t start = at + key.len, end = start;

		if (at > 0 && text.ptr[at - 1] != ' ' && text.ptr[at - 1] != ',') {
			at++;
			continue;
		}
		while ((end = sst__find(text, end, ',')) < text.len && !value_ends(text, end))
			end++;
		return sst__text_part(text, start, end);
	}
	return SST_NO_TEXT;
}

uint16_t sst__reply_at(sst_text text)
{
	unsigned digits;
	uint32_t code = sst__text_number(text, 0, 3, &digits);

	if (digits != 3 || code < 200 || code > 599 || sst__is_digit(sst__at(text, 3)))
		return 0;
	return sst__at(text, 3) == ' ' || sst__at(text, 3) == '-' || text.len == 3 ? (uint16_t)code
	                                                                           : 0;
}

sst_code sst__reply_status(sst_text text)
{
	return sst__reply_at(text) != 0 && text.len > 4 ? sst__code_of(sst__from(text, 4))
	                                                : sst__code_of(text);
}

sst_text sst__word_value(sst_text text, sst_text key)
{
	size_t at = sst__find_part(text, 0, key), end;

	if (at == text.len)
		return SST_NO_TEXT;
	at += key.len;
	if (sst__at(text, at) == '"') {
		end = SST__FIND(text, at + 1, "\" ");
		if (end == text.len && text.len > at + 1 && text.ptr[text.len - 1] == '"')
			end = text.len - 1;
		return sst__text_part(text, at + 1, end);
	}
	if (sst__at(text, at) == '<') {
		end = SST__FIND(text, at, "> ");
		return sst__text_part(text, at + 1,
		                      end == text.len && text.ptr[text.len - 1] == '>' ? end - 1
		                                                                       : end);
	}
	return sst__text_part(text, at, sst__find(text, at, ' '));
}
