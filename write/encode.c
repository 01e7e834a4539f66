/* SPDX-License-Identifier: MIT
 * write/encode.c - transfer encodings (RFC 2045 section 6) and encoded-words (RFC 2047). */
#include "write/encode.h"
#include "core/text.h"

bool sst__is_ascii(sst_text text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] >= 0x80)
			return false;
	return true;
}

const char *sst__transfer_name(sst__transfer transfer)
{
	static const char *const names[] = {"7bit", "8bit", "quoted-printable", "base64"};

	return names[transfer];
}

void sst__encoder_init(sst__encoder *encoder, sst_out *to, sst__transfer transfer)
{
	*encoder = (sst__encoder){.to = to, .transfer = transfer};
}

static const char hexadecimal[] = "0123456789ABCDEF";
static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum { LINE_MOST = 76 };

static void put_quoted(sst__encoder *encoder, unsigned char c, bool plain)
{
	char code[3] = {'=', hexadecimal[c >> 4], hexadecimal[c & 15]};
	unsigned len;

	if (encoder->column + (plain ? 1 : 3) > LINE_MOST - 1) {
		sst__out_string(encoder->to, "=\r\n");
		encoder->column = 0;
	}
	if (encoder->column == 0 && c == '-')
		plain = false;
	len = plain ? 1 : 3;
	sst__out_bytes(encoder->to, plain ? (const char *)&c : code, len);
	encoder->column += len;
}

static void quoted_printable(sst__encoder *encoder, unsigned char c)
{
	bool blank = c == ' ' || c == '\t';

	if (encoder->held > 0) {
		put_quoted(encoder, encoder->hold[0], c != '\n');
		encoder->held = 0;
	}
	if (c == '\n') {
		sst__out_line_end(encoder->to);
		encoder->column = 0;
	} else if (blank) {
		encoder->hold[encoder->held++] = c;
	} else {
		put_quoted(encoder, c, c > ' ' && c < 0x7F && c != '=');
	}
}

static void put_group(sst_out *to, const unsigned char *in, unsigned len)
{
	char group[4] = {base64[in[0] >> 2], '=', '=', '='};

	group[1] = base64[(in[0] & 3) << 4 | (len > 1 ? in[1] >> 4 : 0)];
	if (len > 1)
		group[2] = base64[(in[1] & 15) << 2 | (len > 2 ? in[2] >> 6 : 0)];
	if (len > 2)
		group[3] = base64[in[2] & 63];
	sst__out_bytes(to, group, 4);
}

static void base64_octet(sst__encoder *encoder, unsigned char c)
{
	encoder->hold[encoder->held++] = c;
	if (encoder->held < 3)
		return;
	put_group(encoder->to, encoder->hold, 3);
	encoder->held = 0;
	encoder->column += 4;
	if (encoder->column < LINE_MOST)
		return;
	sst__out_line_end(encoder->to);
	encoder->column = 0;
}

static void encode(sst__encoder *encoder, unsigned char c)
{
	switch (encoder->transfer) {
	case SST__QUOTED_PRINTABLE:
		quoted_printable(encoder, c);
		break;
	case SST__BASE64: /* text in base64 has CRLF lines too (RFC 2045 section 6.8) */
		if (c == '\n')
			base64_octet(encoder, '\r');
		base64_octet(encoder, c);
		break;
	case SST__SEVEN_BIT:
	case SST__EIGHT_BIT:
		if (c == '\n')
			sst__out_line_end(encoder->to);
		else
			sst__out_bytes(encoder->to, (const char *)&c, 1);
		encoder->column = c == '\n' ? 0 : encoder->column + 1;
	}
}

bool sst__encoder_write(void *context, const char *bytes, size_t len)
{
	sst__encoder *encoder = context;

	for (size_t i = 0; i < len; i++)
		if (bytes[i] != '\r') /* the LF that follows makes a CRLF */
			encode(encoder, (unsigned char)bytes[i]);
	return true;
}

void sst__encoder_end(sst__encoder *encoder)
{
	if (encoder->transfer == SST__BASE64 && encoder->held > 0) {
		put_group(encoder->to, encoder->hold, encoder->held);
		encoder->column += 4;
	} else if (encoder->held > 0) {
		put_quoted(encoder, encoder->hold[0], false);
	}
	encoder->held = 0;
	if (encoder->column > 0)
		sst__out_line_end(encoder->to);
	encoder->column = 0;
}

bool sst__measure_write(void *context, const char *bytes, size_t len)
{
	sst__measure *measure = context;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];

		measure->octets++;
		if (c == '\n') {
			measure->line = 0;
			continue;
		}
		if (c == '\r')
			continue;
		if (measure->line == 0 && c == '-')
			measure->odd = true;
		if ((c < ' ' && c != '\t') || c == 0x7F)
			measure->odd = true;
		if (c >= 0x80)
			measure->high++;
		if (++measure->line > measure->longest)
			measure->longest = measure->line;
	}
	return true;
}

sst__transfer sst__measure_choice(const sst__measure *measure)
{
	if (measure->high == 0 && !measure->odd && measure->longest <= 78)
		return SST__SEVEN_BIT;
	return measure->high * 4 > measure->octets ? SST__BASE64 : SST__QUOTED_PRINTABLE;
}

/* Encoded-words: at most 75 octets each, whole characters only (RFC 2047 sections 2 and 5). */
enum { WORD_MOST = 75, WORD_FRAME = 12 }; /* "=?UTF-8?Q?" and "?=" */

static bool is_plain_in_q(unsigned char c)
{
	return sst__is_digit((char)c) || sst__is_alpha((char)c) || c == '!' || c == '*' ||
	       c == '+' || c == '-' || c == '/';
}

static size_t q_len(sst_text text, size_t at, size_t len)
{
	size_t sum = 0;

	for (size_t i = at; i < at + len; i++)
		sum += text.ptr[i] == ' ' || is_plain_in_q((unsigned char)text.ptr[i]) ? 1 : 3;
	return sum;
}

/* How many octets from `at` fit into one encoded-word of at most `room` octets. */
static size_t word_part(sst_text text, size_t at, bool q, size_t room)
{
	size_t end = at, used = 0;
	size_t most = q ? room - WORD_FRAME : (room - WORD_FRAME) / 4 * 3;

	while (end < text.len) {
		size_t len = sst__utf8_get(text, end, NULL);
		size_t more;

		len = len == 0 ? 1 : len;
		more = q ? q_len(text, end, len) : len;
		if (used + more > most)
			break;
		used += more;
		end += len;
	}
	return end - at;
}

static void out_q(sst_out *out, sst_text part)
{
	for (size_t i = 0; i < part.len; i++) {
		unsigned char c = (unsigned char)part.ptr[i];
		char code[3] = {'=', hexadecimal[c >> 4], hexadecimal[c & 15]};

		if (c == ' ')
			sst__out_string(out, "_");
		else if (is_plain_in_q(c))
			sst__out_bytes(out, part.ptr + i, 1);
		else
			sst__out_bytes(out, code, 3);
	}
}

static void out_b(sst_out *out, sst_text part)
{
	for (size_t i = 0; i < part.len; i += 3)
		put_group(out, (const unsigned char *)part.ptr + i,
		          part.len - i < 3 ? (unsigned)(part.len - i) : 3);
}

static bool needs_encoding(sst_text value)
{
	size_t word = 0;

	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.ptr[i];

		word = c == ' ' || c == '\t' ? 0 : word + 1;
		if (c >= 0x7F || (c < ' ' && c != '\t') || word > 200)
			return true;
		if (c == '=' && sst__at(value, i + 1) == '?') /* would be taken for one */
			return true;
	}
	return false;
}

void sst__out_unstructured_open(sst_out *out, sst_text value, size_t column)
{
	size_t high = 0;
	bool q;

	if (column > 30)
		column = 30;
	value = sst__text_trim(value);
	if (!needs_encoding(value)) {
		(void)sst__out_folded_open(out, value, column);
		return;
	}
	for (size_t i = 0; i < value.len; i++)
		high += (unsigned char)value.ptr[i] >= 0x80;
	q = high * 4 <= value.len;
	for (size_t at = 0; at < value.len;) {
		size_t len = word_part(value, at, q, at == 0 ? WORD_MOST - column : WORD_MOST);
		sst_text part = sst__text_part(value, at, at + len);

		if (at > 0)
			sst__out_string(out, "\r\n ");
		sst__out_string(out, q ? "=?UTF-8?Q?" : "=?UTF-8?B?");
		if (q)
			out_q(out, part);
		else
			out_b(out, part);
		sst__out_string(out, "?=");
		at += len;
	}
}

void sst__out_unstructured(sst_out *out, sst_text value, size_t column)
{
	sst__out_unstructured_open(out, value, column);
	sst__out_line_end(out);
}
