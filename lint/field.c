/* SPDX-License-Identifier: MIT
 * lint/field.c - fields, types, parameters, dates: the small grammars of mail headers. */
#include "lint/field.h"
#include "core/text.h"

static sst_text part(sst_text text, size_t from, size_t upto)
{
	return sst__text_part(text, from, upto);
}

static bool is_name_byte(char c)
{
	return c > ' ' && c <= '~' && c != ':';
}

bool lint_field_next(sst_text *rest, lint_field *field)
{
	const char *start = rest->ptr;
	sst_text line;
	size_t colon = 0;

	if (!sst__text_line(rest, &line) || line.len == 0)
		return false;
	field->whole = line;
	while (rest->len > 0 && sst__is_blank(rest->ptr[0]) && sst__text_line(rest, &line))
		field->whole.len = (size_t)(line.ptr + line.len - start);
	while (is_name_byte(sst__at(field->whole, colon)))
		colon++;
	field->name = part(field->whole, 0, colon);
	while (sst__is_blank(sst__at(field->whole, colon)))
		colon++; /* the obsolete form */
	if (sst__at(field->whole, colon) != ':')
		field->name.len = 0;
	field->value = sst__text_trim(part(field->whole, colon + 1, field->whole.len));
	return true;
}

bool lint_field_typed(sst_text value, sst_text *type, sst_text *rest)
{
	size_t end = 0, semicolon;

	while (sst__is_alpha(sst__at(value, end)) || sst__is_digit(sst__at(value, end)) ||
	       sst__at(value, end) == '-')
		end++;
	for (semicolon = end; sst__is_space(sst__at(value, semicolon)); semicolon++)
		;
	if (end == 0 || sst__at(value, semicolon) != ';')
		return false;
	*type = part(value, 0, end);
	*rest = sst__text_trim(part(value, semicolon + 1, value.len));
	return true;
}

sst_text lint_field_parameter(sst_text value, sst_text name)
{
	size_t at = sst__text_find(value, 0, ';'), end;

	for (; at < value.len; at = sst__text_find(value, at, ';')) {
		sst_text rest;

		for (at++; sst__is_space(sst__at(value, at)); at++)
			;
		rest = part(value, at, value.len);
		if (!sst__text_starts(rest, name))
			continue;
		for (end = name.len; sst__is_space(sst__at(rest, end)); end++)
			;
		if (sst__at(rest, end) != '=')
			continue;
		rest = sst__text_trim(part(rest, end + 1, rest.len));
		if (sst__at(rest, 0) == '"')
			return part(rest, 1, sst__text_find(rest, 1, '"'));
		for (end = 0;
		     end < rest.len && rest.ptr[end] != ';' && !sst__is_space(rest.ptr[end]); end++)
			;
		return part(rest, 0, end);
	}
	return SST_NO_TEXT;
}

sst_text lint_field_bare(sst_text value)
{
	size_t depth = 0, end = value.len;

	while (end > 0 && value.ptr[end - 1] == ')') {
		do {
			end--;
			depth += value.ptr[end] == ')';
			depth -= value.ptr[end] == '(';
		} while (end > 0 && depth > 0);
		if (depth > 0)
			return value;
		while (end > 0 && sst__is_space(value.ptr[end - 1]))
			end--;
	}
	return part(value, 0, end);
}

/* The next word: letters or digits in a row, or one other byte. */
static sst_text word(sst_text *rest)
{
	sst_text text = sst__text_trim(*rest);
	size_t end = 0;

	if (sst__is_alpha(sst__at(text, 0)))
		while (sst__is_alpha(sst__at(text, end)))
			end++;
	else if (sst__is_digit(sst__at(text, 0)))
		while (sst__is_digit(sst__at(text, end)))
			end++;
	else
		end = text.len > 0;
	*rest = part(text, end, text.len);
	return part(text, 0, end);
}

static bool number(sst_text *rest, unsigned least, unsigned most, unsigned max)
{
	sst_text digits = word(rest);
	unsigned count;
	uint32_t value = sst__text_number(digits, 0, 4, &count);

	return count == digits.len && count >= least && count <= most && value <= max;
}

static bool month(sst_text *rest)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	sst_text name = word(rest);

	for (size_t i = 0; name.len == 3 && i < 36; i += 3)
		if (sst__text_same(name, (sst_text){names + i, 3}))
			return true;
	return false;
}

static bool mark(sst_text *rest, char c)
{
	sst_text text = sst__text_trim(*rest);

	if (sst__at(text, 0) != c)
		return false;
	*rest = part(text, 1, text.len);
	return true;
}

static bool day_and_time(sst_text *rest)
{
	if (sst__is_alpha(sst__at(*rest, 0))) {
		word(rest);
		if (!mark(rest, ','))
			return false;
	}
	if (!number(rest, 1, 2, 31) || !month(rest) || !number(rest, 4, 4, 9999) ||
	    !number(rest, 2, 2, 23) || !mark(rest, ':') || !number(rest, 2, 2, 59))
		return false;
	return !mark(rest, ':') || number(rest, 2, 2, 60);
}

enum lint_date lint_field_date(sst_text value, sst_text *zone)
{
	sst_text rest = sst__text_trim(lint_field_bare(value));

	if (!day_and_time(&rest))
		return LINT_DATE_BAD;
	rest = sst__text_trim(rest);
	*zone = rest;
	if (rest.len > 0 && rest.len <= 5 && sst__is_alpha(rest.ptr[0]))
		return LINT_DATE_ZONE;
	if (!mark(&rest, '+') && !mark(&rest, '-'))
		return LINT_DATE_BAD;
	return number(&rest, 4, 4, 9999) && rest.len == 0 ? LINT_DATE_GOOD : LINT_DATE_BAD;
}
