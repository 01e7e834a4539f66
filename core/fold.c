/* SPDX-License-Identifier: MIT
 * core/fold.c - folding of characters outside of ASCII. */
#include "core/fold.h"
#include "core/utf8.h"

/* The row of data/folding.tsv, or NULL. */
static const struct sst__fold_row *find_row(uint32_t n)
{
	unsigned low, high;

	if (n > 0xffff)
		return NULL;
	low = sst__fold_first[n >> 8];
	high = sst__fold_first[(n >> 8) + 1];
	while (low < high) {
		unsigned middle = (low + high) / 2;
		if (sst__fold_rows[middle].from < n)
			low = middle + 1;
		else
			high = middle;
	}
	return low < sst__fold_first[(n >> 8) + 1] && sst__fold_rows[low].from == n
	               ? &sst__fold_rows[low]
	               : NULL;
}

/* Case and variants in scripts where arithmetic does. */
static uint32_t lower(uint32_t n)
{
	if (n >= 0x391 && n <= 0x3a9)
		return n + 0x20; /* Greek */
	if (n >= 0x410 && n <= 0x42f)
		return n + 0x20; /* Cyrillic */
	if (n >= 0x400 && n <= 0x40f)
		n += 0x50;
	if (n == 0x451)
		return 0x435; /* io is written as ie more often than not */
	if (n >= 0x490 && n <= 0x4bf)
		return n | 1;
	if (n == 0x622 || n == 0x623 || n == 0x625)
		return 0x627; /* alef with a mark */
	if (n == 0x649 || n == 0x6cc)
		return 0x64a; /* the two ways to write yeh */
	if (n == 0x6a9)
		return 0x643; /* kaf */
	if (n == 0x629)
		return 0x647; /* teh marbuta */
	return n;
}

static uint8_t kind_of(uint32_t n)
{
	if (n >= 0x3041 && n <= 0xd7ff && n != 0x30fb) /* the most of what comes here */
		return SST__LETTER_IDEOGRAPH;
	if ((n >= 0xe01 && n <= 0xeff) || (n >= 0xff66 && n <= 0xff9d)) /* Thai; narrow kana */
		return SST__LETTER_IDEOGRAPH;
	if (n == 0xff9e || n == 0xff9f)
		return SST__LETTER_NOTHING;
	if ((n >= 0x300 && n <= 0x36f) || n == 0xad || (n >= 0x200b && n <= 0x200f) ||
	    (n >= 0x202a && n <= 0x202e) || n == 0xfeff || n == 0x640 ||
	    (n >= 0x64b && n <= 0x65f) || (n >= 0x2066 && n <= 0x2069) || n == 0x2018 ||
	    n == 0x2019 || n == 0x02bc)
		return SST__LETTER_NOTHING;
	if (n == 0x3002 || n == 0xff61 || n == 0x6d4 || n == 0x964)
		return SST__LETTER_STOP;
	if (n <= 0xbf || (n >= 0x2000 && n <= 0x206f) || (n >= 0x3000 && n <= 0x3003) ||
	    (n >= 0x3008 && n <= 0x301f) || n == 0xd7 || n == 0xf7 || n == 0x60c || n == 0x30fb ||
	    (n >= 0xff62 && n <= 0xff65) ||
	    (n >= 0x20a0 && n <= 0x2bff))
		return SST__LETTER_BLANK;
	if ((n >= 0x2e80 && n <= 0xd7ff) || (n >= 0xf900 && n <= 0xfaff) ||
	    (n >= 0x20000 && n < 0x40000))
		return SST__LETTER_IDEOGRAPH;
	return SST__LETTER_WORD;
}

/* Full-width forms of ASCII are the ASCII that they look like. */
static void fold_wide(char c, struct sst__folded *out)
{
	out->bytes[0] = sst__lower(c);
	out->len = 1;
	if (sst__is_alpha(c) || sst__is_digit(c))
		out->kind = SST__LETTER_WORD;
	else
		out->kind = c == '.' || c == '!' || c == '?' ? SST__LETTER_STOP : SST__LETTER_BLANK;
}

/* Kana whose voice is a character of its own, as in narrow ones and in decomposed text: the letter
 * that both make stands one or two places behind the voiceless one. */
static uint32_t voice(sst_text text, size_t at, uint32_t n, struct sst__folded *out)
{
	uint32_t mark = 0;
	unsigned used = sst__utf8_get(text, at + out->used, &mark);

	if (used == 0 || (mark != 0x3099 && mark != 0x309a && mark != 0xff9e && mark != 0xff9f))
		return n;
	out->used = (uint8_t)(out->used + used);
	return n + (mark == 0x3099 || mark == 0xff9e ? 1u : 2u);
}

static bool may_be_voiced(uint32_t n)
{
	return (n >= 0x304b && n <= 0x307b) || (n >= 0x30ab && n <= 0x30db) ||
	       (n >= 0xff76 && n <= 0xff8e);
}

void sst__fold(sst_text text, size_t at, struct sst__folded *out)
{
	uint32_t n;
	unsigned used = sst__utf8_get(text, at, &n);
	const struct sst__fold_row *row;

	if (used == 0) {
		n = (unsigned char)text.ptr[at];
		used = 1;
	}
	out->used = (uint8_t)used;
	out->len = 0;
	if (n >= 0xff01 && n <= 0xff5e) {
		fold_wide((char)(n - 0xff01 + '!'), out);
		return;
	}
	out->kind = kind_of(n);
	if (out->kind == SST__LETTER_NOTHING || out->kind >= SST__LETTER_BLANK)
		return;
	row = find_row(n);
	if (may_be_voiced(n)) {
		if (row != NULL)
			sst__utf8_get(sst__text_constant(row->to), 0, &n);
		out->len = (uint8_t)sst__utf8_put(voice(text, at, n, out), out->bytes);
		return;
	}
	if (row == NULL && n >= 0x3041) {
		/* Nothing there has case. */
		memcpy(out->bytes, text.ptr + at, used);
		out->len = (uint8_t)used;
		return;
	}
	if (row == NULL) {
		out->len = (uint8_t)sst__utf8_put(lower(n), out->bytes);
		return;
	}
	while (row->to[out->len] != '\0') {
		out->bytes[out->len] = row->to[out->len];
		out->len++;
	}
}
