/* SPDX-License-Identifier: MIT
 * say/glyph.c - text for people in columns. Widths are ours and not the locale's: East Asian wide
 * characters take two columns, marks that combine take none. */
#include "say/glyph.h"
#include "core/utf8.h"

#include <stdint.h>
#include <string.h>

struct range {
	uint32_t from, upto;
};

/* Unicode 15: wide and full-width blocks, coarsely. */
static const struct range wide[] = {
        {0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0x33ff}, {0x3400, 0x4dbf},
        {0x4e00, 0x9fff},   {0xa000, 0xa4cf},   {0xac00, 0xd7a3}, {0xf900, 0xfaff},
        {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6}, {0x1f300, 0x1f64f},
        {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};

/* Marks of the scripts that our languages use, and joiners. */
static const struct range narrow[] = {
        {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x05bf, 0x05c7}, {0x0610, 0x061a},
        {0x064b, 0x065f}, {0x0900, 0x0902}, {0x093c, 0x093c}, {0x0941, 0x0948}, {0x094d, 0x094d},
        {0x200b, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x2069}, {0x20d0, 0x20f0}, {0x3099, 0x309a},
        {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff},
};

/* What steers the terminal or turns the reading direction around. */
static const struct range steering[] = {
        {0x0000, 0x001f}, {0x007f, 0x009f}, {0x061c, 0x061c}, {0x200b, 0x200f},   {0x2028, 0x202e},
        {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
};

static const struct range hangul[] = {
        {0x1100, 0x115f},
        {0xac00, 0xd7a3},
};

static const struct range closing[] = {
        {0x3001, 0x3002}, {0x3009, 0x3009}, {0x300b, 0x300b}, {0x300d, 0x300d},
        {0x300f, 0x300f}, {0x3011, 0x3011}, {0xff01, 0xff01}, {0xff09, 0xff09},
        {0xff0c, 0xff0c}, {0xff1a, 0xff1b}, {0xff1f, 0xff1f},
};

/* Hebrew, Arabic, Syriac, Thaana, N'Ko and their neighbours, with presentation forms. */
static const struct range leftward[] = {{0x0590, 0x08ff},
                                        {0xfb1d, 0xfdff},
                                        {0xfe70, 0xfefe},
                                        {0x10800, 0x10fff},
                                        {0x1e800, 0x1efff}};

#define LISTED(list, rune) listed(list, sizeof(list) / sizeof *(list), rune)

static bool listed(const struct range *list, size_t count, uint32_t rune)
{
	for (size_t i = 0; i < count; i++)
		if (rune >= list[i].from && rune <= list[i].upto)
			return true;
	return false;
}

static size_t escape(uint32_t rune, bool is_byte, char *shown)
{
	static const char hex[] = "0123456789abcdef";
	unsigned digits = is_byte ? 2 : rune > 0xffff ? 8 : 4;
	size_t len = 0;

	shown[len++] = '\\';
	if (rune == '\n' || rune == '\r' || rune == '\t') {
		shown[len++] = rune == '\n' ? 'n' : rune == '\r' ? 'r' : 't';
		return len;
	}
	shown[len++] = is_byte ? 'x' : digits == 4 ? 'u' : 'U';
	while (digits-- > 0)
		shown[len++] = hex[rune >> (4 * digits) & 15];
	return len;
}

size_t sst__show(sst_text text, size_t *at, sst_author author, char shown[SST_SHOWN_SIZE],
                 unsigned *columns)
{
	uint32_t rune;
	size_t len = sst__utf8_get(text, *at, &rune);

	*columns = 1;
	if (len == 1 && rune >= 0x20 && rune < 0x7f) {
		shown[0] = text.ptr[(*at)++];
		return 1;
	}
	if (len == 0 || rune < 0xa0 || (author == SST_THEIRS && LISTED(steering, rune))) {
		if (len == 0)
			rune = (unsigned char)text.ptr[*at];
		*at += len == 0 ? 1 : len;
		*columns = (unsigned)escape(rune, len < 2, shown);
		return *columns;
	}
	memcpy(shown, text.ptr + *at, len);
	*at += len;
	if (LISTED(narrow, rune))
		*columns = 0;
	else if (LISTED(wide, rune))
		*columns = 2;
	return len;
}

bool sst__holds_rtl(sst_text text)
{
	uint32_t rune;

	for (size_t at = 0, len; at < text.len; at += len == 0 ? 1 : len) {
		len = sst__utf8_get(text, at, &rune);
		if (len > 1 && LISTED(leftward, rune))
			return true;
	}
	return false;
}

unsigned sst__columns(sst_text text, sst_author author)
{
	char shown[SST_SHOWN_SIZE];
	unsigned all = 0, columns;

	for (size_t at = 0; at < text.len;) {
		sst__show(text, &at, author, shown, &columns);
		all += columns;
	}
	return all;
}

/* A line may end before a wide character, but Korean words stay whole, and no line begins with a
 * mark that closes something. */
static bool breaks_before(sst_text text, size_t at)
{
	uint32_t rune;

	return at < text.len && sst__utf8_get(text, at, &rune) > 1 && LISTED(wide, rune) &&
	       !LISTED(hangul, rune) && !LISTED(closing, rune);
}

size_t sst__wrap(sst_text text, size_t at, unsigned columns, sst_author author)
{
	char shown[SST_SHOWN_SIZE];
	unsigned used = 0, own;
	size_t start = at, best = at;

	while (at < text.len) {
		size_t before = at;
		if (text.ptr[at] == ' ' || (at > start && breaks_before(text, at)))
			best = at;
		sst__show(text, &at, author, shown, &own);
		if (used + own > columns && before > start)
			return best > start ? best : before;
		used += own;
	}
	return text.len;
}
