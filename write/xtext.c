/* SPDX-License-Identifier: MIT
 * write/xtext.c - xtext (RFC 3461 section 4) and the 7-bit form of addresses of type utf-8 (RFC
 * 6533 section 3). */
#include "core/text.h"
#include "write/encode.h"

static const char hexadecimal[] = "0123456789ABCDEF";

/* Counts everything, keeps what fits, and leaves room for the NUL. */
typedef struct sink {
	char *buffer;
	size_t size, len;
} sink;

static void put(sink *to, char c)
{
	if (to->len < to->size)
		to->buffer[to->len] = c;
	to->len++;
}

static int hex_value(char c) /* capitals only, as the grammar says */
{
	return sst__is_digit(c) ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

size_t sst_xtext_encode(sst_text in, char *buffer, size_t size)
{
	size_t len = 0;

	for (size_t i = 0; i < in.len; i++)
		len += in.ptr[i] > ' ' && in.ptr[i] < 0x7F && in.ptr[i] != '+' && in.ptr[i] != '='
		               ? 1
		               : 3;
	if (len >= size)
		return len;
	len = 0;
	for (size_t i = 0; i < in.len; i++) {
		unsigned char c = (unsigned char)in.ptr[i];

		if (c > ' ' && c < 0x7F && c != '+' && c != '=') {
			buffer[len++] = (char)c;
			continue;
		}
		buffer[len++] = '+';
		buffer[len++] = hexadecimal[c >> 4];
		buffer[len++] = hexadecimal[c & 15];
	}
	buffer[len] = '\0';
	return len;
}

sst_result sst_xtext_decode(sst_text in, char *buffer, size_t size, size_t *len)
{
	static const char rule[] =
	        "RFC 3461 section 4: xtext is ! to ~ without + and =, or + and two "
	        "capital hexadecimal digits";
	size_t out = 0;

	if (size <= in.len)
		return (sst_result){SST_E_SPACE, in.len + 1, NULL};
	for (size_t at = 0; at < in.len; at++) {
		unsigned char c = (unsigned char)in.ptr[at];

		if (c == '+') {
			int high = hex_value(sst__at(in, at + 1)),
			    low = hex_value(sst__at(in, at + 2));

			if (high < 0 || low < 0)
				return (sst_result){SST_E_SYNTAX, at, rule};
			c = (unsigned char)(high << 4 | low);
			at += 2;
		} else if (c <= ' ' || c >= 0x7F || c == '=') {
			return (sst_result){SST_E_SYNTAX, at, rule};
		}
		buffer[out++] = (char)c;
	}
	buffer[out] = '\0';
	*len = out;
	return (sst_result){SST_OK, in.len, NULL};
}

/* HEXPOINT has no spelling for NUL, 0A to 0F and 1A to 1F: the printed grammar leaves them out. */
static bool has_spelling(uint32_t point)
{
	return point >= 0x20 || (point >= 1 && point <= 9) || (point >= 0x10 && point <= 0x19);
}

static void put_point(sink *to, uint32_t point)
{
	unsigned digits = 2;

	while (digits < 6 && point >> (4 * digits) != 0)
		digits++;
	put(to, '\\');
	put(to, 'x');
	put(to, '{');
	while (digits-- > 0)
		put(to, hexadecimal[point >> (4 * digits) & 15]);
	put(to, '}');
}

sst_result sst_utf8_address_encode(sst_text in, char *buffer, size_t size, size_t *len)
{
	sink to = {buffer, size, 0};

	for (size_t at = 0; at < in.len;) {
		uint32_t point = 0;
		size_t step = sst__utf8_get(in, at, &point);

		if (step == 0 || !has_spelling(point))
			return (sst_result){
			        SST_E_SYNTAX, at,
			        step == 0 ? "RFC 6533 section 3: not UTF-8"
			                  : "RFC 6533 section 3: a control without a spelling"};
		if (point > 0x20 && point < 0x7F && point != '\\' && point != '+' && point != '=')
			put(&to, (char)point);
		else
			put_point(&to, point);
		at += step;
	}
	if (to.len >= size)
		return (sst_result){SST_E_SPACE, to.len + 1, NULL};
	buffer[to.len] = '\0';
	*len = to.len;
	return (sst_result){SST_OK, in.len, NULL};
}

static void put_utf8(sink *to, uint32_t point)
{
	if (point < 0x80) {
		put(to, (char)point);
		return;
	}
	if (point < 0x800) {
		put(to, (char)(0xC0 | point >> 6));
	} else {
		if (point < 0x10000) {
			put(to, (char)(0xE0 | point >> 12));
		} else {
			put(to, (char)(0xF0 | point >> 18));
			put(to, (char)(0x80 | (point >> 12 & 0x3F)));
		}
		put(to, (char)(0x80 | (point >> 6 & 0x3F)));
	}
	put(to, (char)(0x80 | (point & 0x3F)));
}

/* "\x{1F600}" at `at`: its length, or 0 if it is none that the grammar allows. */
static size_t escape(sst_text in, size_t at, uint32_t *point)
{
	size_t digits = 0;

	*point = 0;
	if (!(sst__at(in, at + 1) == 'x' && sst__at(in, at + 2) == '{'))
		return 0;
	while (digits < 6 && hex_value(sst__at(in, at + 3 + digits)) >= 0)
		*point = *point << 4 | (uint32_t)hex_value(in.ptr[at + 3 + digits++]);
	if (digits < 2 || sst__at(in, at + 3 + digits) != '}')
		return 0;
	if (digits > 2 && in.ptr[at + 3] == '0') /* no leading zeros beyond two digits */
		return 0;
	if (*point > 0x10FFFF || (*point >= 0xD800 && *point < 0xE000) || !has_spelling(*point))
		return 0;
	return digits + 4;
}

sst_result sst_utf8_address_decode(sst_text in, char *buffer, size_t size, size_t *len)
{
	sink to = {buffer, size, 0};

	for (size_t at = 0; at < in.len;) {
		uint32_t point = 0;
		bool escaped = in.ptr[at] == '\\';
		size_t step = escaped ? escape(in, at, &point) : sst__utf8_get(in, at, &point);

		if (step == 0 || (!escaped && (point <= ' ' || point == 0x7F)))
			return (sst_result){
			        SST_E_SYNTAX, at,
			        "RFC 6533 section 3: an address in one of the forms of type utf-8"};
		put_utf8(&to, point);
		at += step;
	}
	if (to.len >= size)
		return (sst_result){SST_E_SPACE, to.len + 1, NULL};
	buffer[to.len] = '\0';
	*len = to.len;
	return (sst_result){SST_OK, in.len, NULL};
}
