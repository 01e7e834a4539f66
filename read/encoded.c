/* SPDX-License-Identifier: MIT
 * read/encoded.c - base64, quoted-printable, encoded words. */
#include "read/encoded.h"
#include "read/charset.h"

enum sst__encoding sst__encoding_find(sst_text value)
{
	size_t end = 0;

	value = sst__text_trim(value);
	while (end < value.len && (sst__is_alpha(value.ptr[end]) || sst__is_digit(value.ptr[end]) ||
	                           value.ptr[end] == '-'))
		end++;
	value.len = end;
	if (sst__text_same(value, SST_TEXT("base64")))
		return ENCODING_BASE64;
	if (sst__text_same(value, SST_TEXT("quoted-printable")))
		return ENCODING_QUOTED;
	return ENCODING_NONE;
}

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	if (c == '/' || c == '_')
		return 63;
	return -1;
}

size_t sst__base64_decode(sst__decoder *d, sst_text in, char *out)
{
	size_t len = 0;

	for (size_t i = 0; i < in.len; i++) {
		int value = base64_value(in.ptr[i]);
		if (value < 0) {
			if (in.ptr[i] ==
			    '=') /* padding; more may follow where two texts were joined */
				d->count = 0, d->bits = 0;
			else if (!sst__is_space(in.ptr[i]))
				d->bad = true;
			continue;
		}
		d->bits = (d->bits << 6 | (uint32_t)value) & 0xffffff;
		d->count++;
		if (d->count > 1) {
			unsigned left = (4u - d->count) * 2;
			out[len++] = (char)(d->bits >> left & 0xff);
			d->bits &= (1u << left) - 1;
		}
		if (d->count == 4)
			d->count = 0, d->bits = 0;
	}
	return len;
}

static int hex_value(char c)
{
	if (sst__is_digit(c))
		return c - '0';
	c = sst__lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Takes the byte after '='; what was held back comes out when it is no code. */
static size_t quoted_code(sst__decoder *d, char c, char *out)
{
	size_t len = 0;

	if (d->holding == 1 && hex_value(c) >= 0) {
		d->held[d->holding++] = c;
		return 0;
	}
	if (d->holding == 2 && hex_value(c) >= 0) {
		out[0] = (char)(hex_value(d->held[1]) << 4 | hex_value(c));
		d->holding = 0;
		return 1;
	}
	d->bad = true;
	for (unsigned i = 0; i < d->holding; i++)
		out[len++] = d->held[i];
	d->holding = 0;
	if (c == '=') {
		d->held[0] = c;
		d->holding = 1;
		return len;
	}
	out[len++] = c;
	return len;
}

size_t sst__quoted_decode(sst__decoder *d, const sst__piece *piece, char *out)
{
	sst_text in = piece->text;
	size_t len = 0;
	bool soft;

	if (piece->ends)
		while (in.len > 0 && sst__is_blank(in.ptr[in.len - 1]))
			in.len--;
	for (size_t i = 0; i < in.len;) {
		if (d->holding > 0) {
			len += quoted_code(d, in.ptr[i++], out + len);
		} else if (in.ptr[i] == '=') {
			d->held[0] = '=';
			d->holding = 1;
			i++;
		} else {
			size_t end = sst__text_find(in, i, '=');
			memcpy(out + len, in.ptr + i, end - i);
			len += end - i;
			i = end;
		}
	}
	if (!piece->ends)
		return len;
	soft = d->holding == 1;
	if (d->holding > 1) {
		d->bad = true;
		out[len++] = d->held[0];
		out[len++] = d->held[1];
	}
	d->holding = 0;
	if (!soft)
		out[len++] = '\n';
	return len;
}

typedef struct word {
	sst_text charset, body;
	bool base64;
	size_t end; /* behind the word */
} word;

/* An encoded word at the '=' at `at`: =?charset?B?text?= */
static bool word_at(sst_text in, size_t at, word *out)
{
	size_t charset, body, end;

	if (sst__at(in, at + 1) != '?')
		return false;
	charset = sst__text_find(in, at + 2, '?');
	if (charset - at > 60 || sst__at(in, charset + 2) != '?')
		return false;
	body = charset + 3;
	end = sst__text_find(in, body, '?');
	if (sst__at(in, end + 1) != '=')
		return false;
	out->charset = sst__text_part(in, at + 2, charset);
	out->body = sst__text_part(in, body, end);
	out->base64 = sst__lower(in.ptr[charset + 1]) == 'b';
	out->end = end + 2;
	return out->base64 || sst__lower(in.ptr[charset + 1]) == 'q';
}

static size_t word_decode(const word *w, char *out, size_t size)
{
	char raw[1024];
	size_t len = 0, star = sst__text_find(w->charset, 0, '*'); /* RFC 2231 language */
	sst_text charset = sst__text_part(w->charset, 0, star);
	sst__decoder d = {0};

	if (w->base64) {
		len = sst__base64_decode(&d, sst__text_part(w->body, 0, sizeof raw - 8), raw);
	} else {
		for (size_t i = 0; i < w->body.len && len < sizeof raw; i++) {
			char c = w->body.ptr[i];
			int high = hex_value(sst__at(w->body, i + 1));
			int low = hex_value(sst__at(w->body, i + 2));
			if (c == '=' && high >= 0 && low >= 0) {
				c = (char)(high << 4 | low);
				i += 2;
			} else if (c == '_') {
				c = ' ';
			}
			raw[len++] = c;
		}
	}
	return sst__charset_convert(sst__charset_find(charset), (sst_text){raw, len}, out, size);
}

size_t sst__words_decode(sst_text in, char *out, size_t size)
{
	size_t len = 0, at = 0, gap = 0;
	bool after_word = false;

	while (at < in.len && len < size) {
		word w;
		if (in.ptr[at] == '=' && word_at(in, at, &w)) {
			if (after_word)
				len = gap; /* blanks between two words are none */
			len += word_decode(&w, out + len, size - len);
			at = w.end;
			gap = len;
			after_word = true;
			continue;
		}
		if (!sst__is_space(in.ptr[at]))
			after_word = false;
		out[len++] = in.ptr[at++];
	}
	return len;
}
