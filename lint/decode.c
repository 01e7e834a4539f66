/* SPDX-License-Identifier: MIT
 * lint/decode.c - base64 and quoted-printable (RFC 2045 section 6), tolerantly. */
#include "lint/decode.h"
#include "core/text.h"

bool lint_is_encoded(sst_text encoding)
{
	return sst__text_same(encoding, SST_TEXT("base64")) ||
	       sst__text_same(encoding, SST_TEXT("quoted-printable"));
}

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (sst__is_digit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static size_t decode_base64(sst_text in, char *buffer)
{
	uint32_t bits = 0;
	unsigned count = 0;
	size_t len = 0;

	for (size_t i = 0; i < in.len && in.ptr[i] != '=' && len < LINT_DECODED; i++) {
		int value = base64_value(in.ptr[i]);
		if (value < 0)
			continue;
		bits = (bits << 6 | (unsigned)value) & 0xffffff;
		count += 6;
		if (count >= 8) {
			count -= 8;
			buffer[len++] = (char)(bits >> count & 0xff);
		}
	}
	return len;
}

static int hex_value(char c)
{
	if (sst__is_digit(c))
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Length of a soft line break at `at`, where a '=' stands; 0 if it is none. */
static size_t soft_break(sst_text in, size_t at)
{
	size_t end = at + 1;

	while (end < in.len && (in.ptr[end] == ' ' || in.ptr[end] == '\t' || in.ptr[end] == '\r'))
		end++;
	return end < in.len && in.ptr[end] == '\n' ? end + 1 - at : 0;
}

static size_t decode_quoted(sst_text in, char *buffer)
{
	size_t len = 0;

	for (size_t i = 0; i < in.len && len < LINT_DECODED;) {
		size_t soft = in.ptr[i] == '=' ? soft_break(in, i) : 0;
		int high = in.ptr[i] == '=' ? hex_value(sst__at(in, i + 1)) : -1;
		int low = high >= 0 ? hex_value(sst__at(in, i + 2)) : -1;
		if (soft == 0)
			buffer[len++] = low < 0 ? in.ptr[i] : (char)(high << 4 | low);
		i += soft > 0 ? soft : low < 0 ? 1 : 3;
	}
	return len;
}

sst_text lint_decode(sst_text in, sst_text encoding, char buffer[LINT_DECODED])
{
	bool base64 = sst__text_same(encoding, SST_TEXT("base64"));

	return (sst_text){buffer, base64 ? decode_base64(in, buffer) : decode_quoted(in, buffer)};
}
