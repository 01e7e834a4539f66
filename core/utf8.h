/* SPDX-License-Identifier: MIT
 * core/utf8.h - characters from and to UTF-8 (RFC 3629). */
#ifndef SST_CORE_UTF8_H
#define SST_CORE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <smtpstatus.h>

/* Writes the character `point` (at most 0x10ffff) to `out`. Returns its length, 1 to 4. */
static inline unsigned sst__utf8_put(uint32_t point, char out[static 4])
{
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		out[0] = (char)(0xc0 | point >> 6);
		out[1] = (char)(0x80 | (point & 0x3f));
		return 2;
	}
	if (point < 0x10000) {
		out[0] = (char)(0xe0 | point >> 12);
		out[1] = (char)(0x80 | (point >> 6 & 0x3f));
		out[2] = (char)(0x80 | (point & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | point >> 18);
	out[1] = (char)(0x80 | (point >> 12 & 0x3f));
	out[2] = (char)(0x80 | (point >> 6 & 0x3f));
	out[3] = (char)(0x80 | (point & 0x3f));
	return 4;
}

/* Reads the character at `at` (`point` may be NULL). Returns its length, or 0 where there is none:
 * the end, a stray or cut byte, an overlong form, a surrogate (RFC 3629, section 3). */
static inline unsigned sst__utf8_get(sst_text text, size_t at, uint32_t *point)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char first = at < text.len ? (unsigned char)text.ptr[at] : 0xff;
	unsigned len = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0x80 ? 2 : 1;
	uint32_t value = len == 1 ? first : first & (0x7fu >> len);

	if ((len > 1 && first < 0xc2) || first > 0xf4 || len > text.len - at)
		return 0;
	for (unsigned i = 1; i < len; i++) {
		unsigned char next = (unsigned char)text.ptr[at + i];
		if ((next & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (next & 0x3f);
	}
	if (value < least[len] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
		return 0;
	if (point != NULL)
		*point = value;
	return len;
}

/* Whether the next eight bytes are ASCII, as most of all are. */
static inline bool sst__ascii_ahead(sst_text text, size_t at)
{
	uint64_t eight;

	if (text.len - at < sizeof eight)
		return false;
	memcpy(&eight, text.ptr + at, sizeof eight);
	return (eight & UINT64_C(0x8080808080808080)) == 0;
}

/* Offset of the first byte that is not UTF-8, or text.len. */
static inline size_t sst__utf8_check(sst_text text)
{
	size_t at = 0;

	while (at < text.len) {
		unsigned len = sst__ascii_ahead(text, at) ? 8 : sst__utf8_get(text, at, NULL);
		if (len == 0)
			break;
		at += len;
	}
	return at;
}

#endif
