/* SPDX-License-Identifier: MIT
 * write/paragraph.c - wrapping for people. */
#include "write/paragraph.h"
#include "core/text.h"

enum { WIDTH = 72 };

typedef struct line {
	sst_out *out;
	unsigned indent;
	size_t column; /* 0: nothing stands on the line yet */
} line;

/* Characters that fill two columns and between which a line may end. Hangul has blanks. */
static bool is_ideographic(uint32_t point)
{
	return (point >= 0x2E80 && point < 0xA000) || (point >= 0xF900 && point < 0xFB00) ||
	       (point >= 0xFF00 && point < 0xFF61) || (point >= 0x20000 && point < 0x40000);
}

/* Marks that no line begins with. */
static bool is_closing(uint32_t point)
{
	static const uint16_t marks[] = {0x3001, 0x3002, 0x300D, 0x300F, 0x3011, 0x3015, 0x30FC,
	                                 0xFF01, 0xFF09, 0xFF0C, 0xFF0E, 0xFF1A, 0xFF1B, 0xFF1F};

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (marks[i] == point)
			return true;
	return false;
}

static bool is_gap(uint32_t point)
{
	return point <= ' ' || point == 0x7F || (point >= 0x80 && point < 0xA0) ||
	       point == 0x2028 || point == 0x2029;
}

/* A character, or one octet that is none. */
static size_t step(sst_text text, size_t at, uint32_t *point)
{
	size_t len = sst__utf8_get(text, at, point);

	if (len > 0)
		return len;
	*point = '?';
	return 1;
}

/* What can't be broken, from `at`: its octets and columns. */
static size_t piece(sst_text text, size_t at, size_t *columns)
{
	size_t end = at;
	uint32_t last = 0;

	*columns = 0;
	while (end < text.len) {
		uint32_t point;
		size_t len = step(text, end, &point);

		if (is_gap(point))
			break;
		if (end > at && (is_ideographic(point) || is_ideographic(last)) &&
		    !is_closing(point))
			break;
		*columns += is_ideographic(point) ? 2 : 1;
		last = point;
		end += len;
	}
	return end - at;
}

static void out_piece(sst_out *out, sst_text text)
{
	for (size_t at = 0; at < text.len;) {
		uint32_t point;
		size_t len = step(text, at, &point);

		if (point == '?')
			sst__out_string(out, "?");
		else
			sst__out_bytes(out, text.ptr + at, len);
		at += len;
	}
}

static void put(line *to, sst_text text, size_t columns, bool gap)
{
	if (to->column > 0 && to->column + gap + columns > WIDTH) {
		sst__out_string(to->out, "\n");
		to->column = 0;
	}
	if (to->column == 0) {
		for (unsigned i = 0; i < to->indent; i++)
			sst__out_string(to->out, " ");
		to->column = to->indent;
	} else if (gap) {
		sst__out_string(to->out, " ");
		to->column++;
	}
	out_piece(to->out, text);
	to->column += columns;
}

void sst__out_paragraph(sst_out *out, unsigned indent, sst_text text)
{
	line to = {out, indent, 0};
	bool gap = false;

	for (size_t at = 0; at < text.len;) {
		size_t columns, len = piece(text, at, &columns);
		uint32_t point;

		if (len == 0) {
			at += step(text, at, &point);
			gap = true;
			continue;
		}
		put(&to, sst__text_part(text, at, at + len), columns, gap);
		gap = false;
		at += len;
	}
	if (to.column > 0)
		sst__out_string(out, "\n");
}
