/* SPDX-License-Identifier: MIT
 * read/charset.c - text of any charset to UTF-8. */
#include "read/charset.h"
#include "core/utf8.h"

#include <iconv.h>

struct charset_name {
	sst_text name;
	sst__charset charset;
};

enum way { WAY_ICONV, WAY_HALF, WAY_ISO2022, WAY_SHIFT, WAY_EUC };

struct charset_target {
	const char *name;     /* for iconv */
	const uint16_t *high; /* WAY_HALF: letters of the bytes from 0x80 up */
	uint8_t way;
};

#include "read/charsets_table.h"

sst__charset sst__charset_find(sst_text name)
{
	for (size_t i = 0; i < sizeof charset_names / sizeof *charset_names; i++)
		if (charset_names[i].name.len == name.len &&
		    sst__text_same(charset_names[i].name, name))
			return charset_names[i].charset;
	return CHARSET_UNKNOWN;
}

bool sst__utf8_valid(sst_text bytes)
{
	return sst__utf8_check(bytes) == bytes.len;
}

static bool is_seven_bit(sst_text bytes)
{
	size_t i = 0;

	for (; i + 8 <= bytes.len; i += 8) {
		uint64_t eight;
		memcpy(&eight, bytes.ptr + i, 8);
		if (eight & UINT64_C(0x8080808080808080))
			return false;
	}
	for (; i < bytes.len; i++)
		if ((unsigned char)bytes.ptr[i] >= 0x80)
			return false;
	return true;
}

bool sst__charset_plain(sst__charset charset, sst_text bytes)
{
	const char *target = charset_targets[charset].name;

	if (!is_seven_bit(bytes))
		return charset == CHARSET_UTF8 && sst__utf8_valid(bytes);
	if (charset <= CHARSET_LATIN1)
		return true;
	if (strcmp(target, "UTF-7") == 0)
		return memchr(bytes.ptr, '+', bytes.len) == NULL;
	if (strcmp(target, "HZ") == 0)
		return memchr(bytes.ptr, '~', bytes.len) == NULL;
	if (strncmp(target, "UTF-16", 6) == 0)
		return false;
	return memchr(bytes.ptr, 033, bytes.len) == NULL;
}

/* Pairs of a lead byte and a trail byte, as the multi-byte charsets of East Asia write them. */
static void count_pairs(sst_text bytes, unsigned *euc, unsigned *shifted, unsigned *odd)
{
	const unsigned char *p = (const unsigned char *)bytes.ptr;

	*euc = *shifted = *odd = 0;
	for (size_t i = 0; i < bytes.len; i++) {
		if (p[i] < 0x80)
			continue;
		if (i + 1 < bytes.len && p[i] >= 0xa1 && p[i + 1] >= 0xa1)
			(*euc)++, i++;
		else if (i + 1 < bytes.len && (p[i] <= 0x9f || p[i] >= 0xe0) && p[i + 1] >= 0x40)
			(*shifted)++, i++;
		else
			(*odd)++;
	}
}

sst__charset sst__charset_guess(sst_text bytes)
{
	unsigned euc, shifted, odd;

	if (memchr(bytes.ptr, 033, bytes.len) != NULL)
		return sst__charset_find(SST_TEXT("iso-2022-jp"));
	if (sst__utf8_valid(bytes))
		return CHARSET_UTF8;
	count_pairs(bytes, &euc, &shifted, &odd);
	/* Kana in EUC-JP are A4 and A5 pairs: a lead that Chinese and Korean text has seldom. */
	if (euc > 4 && euc > 8 * (shifted + odd)) {
		unsigned kana = 0;
		for (size_t i = 0; i + 1 < bytes.len; i++)
			kana += (unsigned char)bytes.ptr[i] == 0xa4 ||
			        (unsigned char)bytes.ptr[i] == 0xa5;
		return sst__charset_find(kana * 5 > euc ? SST_TEXT("euc-jp") : SST_TEXT("gb18030"));
	}
	if (shifted > 4 && shifted > 4 * odd)
		return sst__charset_find(SST_TEXT("shift_jis"));
	return CHARSET_LATIN1;
}

/* Writes a character of the first plane; 0 where it does not fit. */
static size_t put_utf8(unsigned point, char *out, size_t size)
{
	char bytes[4];
	unsigned len = sst__utf8_put(point, bytes);

	if (len > size)
		return 0;
	memcpy(out, bytes, len);
	return len;
}

/* ISO 8859-1, read as windows-1252, which what is called so mostly is. */
static size_t from_latin1(sst_text in, char *out, size_t size)
{
	static const uint16_t high[32] = {0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020,
	                                  0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d,
	                                  0x017d, 0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d,
	                                  0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
	                                  0x0153, 0x9d,   0x017e, 0x0178};
	size_t len = 0;

	for (size_t i = 0; i < in.len; i++) {
		unsigned c = (unsigned char)in.ptr[i];
		size_t n =
		        put_utf8(c >= 0x80 && c < 0xa0 ? high[c - 0x80] : c, out + len, size - len);
		if (n == 0)
			break;
		len += n;
	}
	return len;
}

static size_t from_utf8(sst_text in, char *out, size_t size)
{
	size_t len = 0;

	for (size_t i = 0; i < in.len;) {
		unsigned n = sst__utf8_get(in, i, NULL);
		if (len + (n > 0 ? n : 1) > size)
			break;
		if (n == 0) {
			out[len++] = '?';
			i++;
			continue;
		}
		memcpy(out + len, in.ptr + i, n);
		len += n;
		i += n;
	}
	return len;
}

static size_t from_iconv(const char *charset, sst_text in, char *out, size_t size)
{
	iconv_t converter = iconv_open("UTF-8", charset);
	char *from, *to = out;
	size_t left = in.len, room = size;

	if (converter == (iconv_t)-1)
		return from_latin1(in, out, size);
	memcpy(&from, &in.ptr, sizeof from); /* iconv does not write, but says that it may */
	while (left > 0) {
		if (iconv(converter, &from, &left, &to, &room) != (size_t)-1)
			break;
		if (left == 0 || room < 8)
			break;
		from++;
		left--;
		*to++ = '?';
		room--;
	}
	if (room >= 8)
		iconv(converter, NULL, NULL, &to, &room);
	iconv_close(converter);
	return (size_t)(to - out);
}

static size_t from_half(const uint16_t *high, sst_text in, char *out, size_t size)
{
	size_t len = 0;

	for (size_t i = 0; i < in.len; i++) {
		unsigned c = (unsigned char)in.ptr[i];
		unsigned point = c < 0x80 ? c : high[c - 0x80] != 0 ? high[c - 0x80] : '?';
		size_t n = put_utf8(point, out + len, size - len);
		if (n == 0)
			break;
		len += n;
	}
	return len;
}

/* The letter in row and cell (from 1) of JIS X 0208. */
static unsigned jis_letter(unsigned row, unsigned column)
{
	unsigned point =
	        row - 1 < 94 && column - 1 < 94 ? charset_jis[(row - 1) * 94 + column - 1] : 0;

	return point != 0 ? point : 0x3013; /* the geta mark */
}

/* One letter of Shift_JIS or EUC-JP at in[at]; returns the bytes it takes. */
static size_t shift_letter(sst_text in, size_t at, unsigned *point)
{
	unsigned a = (unsigned char)in.ptr[at], b = (unsigned char)sst__at(in, at + 1);

	if (a >= 0xa1 && a <= 0xdf) {
		*point = 0xff61 + a - 0xa1;
		return 1;
	}
	if (b < 0x40 || b == 0x7f || b > 0xfc || a == 0x80 || a == 0xa0 || a > 0xfc) {
		*point = '?';
		return 1;
	}
	unsigned row = (a < 0xa0 ? a - 0x81 : a - 0xc1) * 2 + 1;
	unsigned column = b < 0x9f ? b - 0x40 + 1 - (b > 0x7f) : b - 0x9f + 1;
	*point = jis_letter(row + (b >= 0x9f), column);
	return 2;
}

static size_t euc_letter(sst_text in, size_t at, unsigned *point)
{
	unsigned a = (unsigned char)in.ptr[at], b = (unsigned char)sst__at(in, at + 1);

	if (b < 0xa1 || (a < 0xa1 && a != 0x8e && a != 0x8f)) {
		*point = '?';
		return 1;
	}
	if (a == 0x8e) {
		*point = 0xff61 + b - 0xa1;
		return 2;
	}
	if (a == 0x8f) {
		*point = 0x3013;
		return (unsigned char)sst__at(in, at + 2) >= 0xa1 ? 3 : 2;
	}
	*point = jis_letter(a - 0xa0, b - 0xa0);
	return 2;
}

static size_t from_japanese(uint8_t way, sst_text in, char *out, size_t size)
{
	size_t len = 0;

	for (size_t at = 0; at < in.len;) {
		unsigned point = (unsigned char)in.ptr[at];
		size_t used = 1, n;
		if (point >= 0x80)
			used = way == WAY_SHIFT ? shift_letter(in, at, &point)
			                        : euc_letter(in, at, &point);
		n = put_utf8(point, out + len, size - len);
		if (n == 0)
			break;
		len += n;
		at += used;
	}
	return len;
}

/* ISO-2022-JP: which letters an escape sequence at `at` switches to; 0 if it is none that is known.
 */
static char escape_at(sst_text in, size_t at, size_t *used)
{
	char a = sst__at(in, at + 1), b = sst__at(in, at + 2);

	*used = 3;
	if (a == '(' && (b == 'B' || b == 'J' || b == 'I'))
		return b == 'I' ? 'I' : 'B';
	if (a == '$' && (b == '@' || b == 'B'))
		return '$';
	*used = 4;
	return a == '$' && b == '(' ? 'D' : 0;
}

static size_t from_iso2022(sst_text in, char *out, size_t size)
{
	size_t len = 0, used, n;
	char set = 'B';

	for (size_t at = 0; at < in.len; at += used) {
		unsigned point = (unsigned char)in.ptr[at];
		char next = point == 033 ? escape_at(in, at, &used) : 0;
		if (next != 0) {
			set = next;
			continue;
		}
		used = 1;
		if (point == '\n')
			set = 'B'; /* RFC 1468: a line ends in ASCII */
		if (set == 'I' && point > ' ' && point < 0x60) {
			point = 0xff61 + point - 0x21;
		} else if ((set == '$' || set == 'D') && point > ' ' && at + 1 < in.len) {
			point = set == 'D' ? 0x3013
			                   : jis_letter(point - 0x20,
			                                (unsigned char)in.ptr[at + 1] - 0x20u);
			used = 2;
		}
		n = put_utf8(point < 0x80 || set != 'B' ? point : '?', out + len, size - len);
		if (n == 0)
			break;
		len += n;
	}
	return len;
}

size_t sst__charset_convert(sst__charset charset, sst_text in, char *out, size_t size)
{
	if (charset == CHARSET_UNKNOWN || (charset == CHARSET_ASCII && in.len > 0))
		charset = sst__charset_guess(in);
	if (charset == CHARSET_UTF8)
		return from_utf8(in, out, size);
	if (charset == CHARSET_LATIN1 || charset == CHARSET_ASCII)
		return from_latin1(in, out, size);
	switch (charset_targets[charset].way) {
	case WAY_HALF:
		return from_half(charset_targets[charset].high, in, out, size);
	case WAY_ISO2022:
		return from_iso2022(in, out, size);
	case WAY_SHIFT:
	case WAY_EUC:
		return from_japanese(charset_targets[charset].way, in, out, size);
	default:
		return from_iconv(charset_targets[charset].name, in, out, size);
	}
}
