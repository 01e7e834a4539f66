/* SPDX-License-Identifier: MIT
 * core/text.c - views, ASCII case, numbers. */
#include "core/text.h"

static bool same(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (a[i] != b[i] && sst__lower(a[i]) != sst__lower(b[i]))
			return false;
	return true;
}

bool sst__text_same(sst_text a, sst_text b)
{
	return a.len == b.len && same(a.ptr, b.ptr, a.len);
}

bool sst__text_starts(sst_text text, sst_text fix)
{
	return text.len >= fix.len && same(text.ptr, fix.ptr, fix.len);
}

bool sst__text_ends(sst_text text, sst_text fix)
{
	return text.len >= fix.len && same(text.ptr + text.len - fix.len, fix.ptr, fix.len);
}

size_t sst__text_find(sst_text text, size_t from, char c)
{
	while (from < text.len && text.ptr[from] != c)
		from++;
	return from < text.len ? from : text.len;
}

size_t sst__text_search(sst_text text, size_t from, sst_text part)
{
	char first = part.len > 0 ? sst__lower(part.ptr[0]) : '\0';

	for (; part.len <= text.len && from <= text.len - part.len; from++)
		if (part.len == 0 || (sst__lower(text.ptr[from]) == first &&
		                      same(text.ptr + from, part.ptr, part.len)))
			return from;
	return text.len;
}

uint32_t sst__text_number(sst_text text, size_t at, unsigned max, unsigned *digits)
{
	uint32_t value = 0;
	unsigned n = 0;

	while (n < max && sst__is_digit(sst__at(text, at + n))) {
		value = value * 10 + (uint32_t)(text.ptr[at + n] - '0');
		n++;
	}
	*digits = n;
	return value;
}

bool sst__text_line(sst_text *rest, sst_text *line)
{
	size_t end = 0;

	if (rest->len == 0)
		return false;
	while (end < rest->len && rest->ptr[end] != '\n' && rest->ptr[end] != '\r')
		end++;
	*line = sst__text_part(*rest, 0, end);
	if (sst__at(*rest, end) == '\r' && sst__at(*rest, end + 1) == '\n')
		end++;
	*rest = sst__text_part(*rest, end + 1, rest->len);
	return true;
}
