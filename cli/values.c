/* SPDX-License-Identifier: MIT
 * cli/values.c - JSON values in a stream of lines. Only brackets and strings are looked at. */
#include "cli/values.h"

#include "core/text.h"

#include <stdlib.h>

static void forget(cli_values_in *in)
{
	in->len = 0;
	in->depth = 0;
}

static void give_up(cli_values_in *in, const char *wrong)
{
	in->take(in->context, SST_NO_TEXT, in->at, wrong);
	forget(in);
}

static bool add(cli_values_in *in, const char *bytes, size_t len)
{
	if (len + 1 > CLI_VALUE_MAX - in->len) {
		give_up(in, "longer than an event may be (16 MB)");
		return false;
	}
	if (in->len + len + 1 > in->size) {
		size_t size = in->size * 2 > in->len + len + 1 ? in->size * 2 : in->len + len + 1;
		char *more = realloc(in->bytes, size);
		if (more == NULL) {
			give_up(in, "not enough memory");
			return false;
		}
		in->bytes = more;
		in->size = size;
	}
	memcpy(in->bytes + in->len, bytes, len);
	in->len += len;
	return true;
}

/* The quote that ends the string which begins at `at`, or the end of the line. */
static size_t string_end(sst_text line, size_t at)
{
	for (at++; at < line.len && line.ptr[at] != '"'; at++)
		if (line.ptr[at] == '\\')
			at++;
	return at < line.len ? at : line.len;
}

static bool opens(char c)
{
	return c == '{' || c == '[';
}

/* A line that starts with a bracket begins a new value, unless one could stand here. */
static bool is_broken(const cli_values_in *in, sst_text line)
{
	size_t end = in->len;

	while (end > 0 && sst__is_space(in->bytes[end - 1]))
		end--;
	return in->depth > 0 && line.len > 0 && opens(line.ptr[0]) && end > 0 &&
	       strchr(":,[", in->bytes[end - 1]) == NULL;
}

/* Takes what belongs to the value that is open, and gives it away if it ends. Returns where it
 * stopped. */
static size_t take_part(cli_values_in *in, sst_text line, size_t from)
{
	size_t at = from;

	for (; at < line.len; at++) {
		char c = line.ptr[at];
		if (c == '"')
			at = string_end(line, at);
		if (at == line.len) {
			give_up(in, "a text does not end on its line");
			return at;
		}
		in->depth += opens(c);
		if ((c == '}' || c == ']') && --in->depth == 0)
			break;
	}
	at += at < line.len;
	if (!add(in, line.ptr + from, at - from))
		return line.len;
	if (in->depth > 0) {
		if (!add(in, "\n", 1))
			return line.len;
		return at;
	}
	in->take(in->context, (sst_text){in->bytes, in->len}, in->at, NULL);
	forget(in);
	return at;
}

static bool is_between(char c)
{
	return sst__is_space(c) || c == ',';
}

bool cli_values_line(cli_values_in *in, sst_text line, bool cut)
{
	size_t at = 0;

	in->line++;
	if (is_broken(in, line))
		give_up(in, "the value before does not end");
	while (at < line.len) {
		while (in->depth == 0 && at < line.len && is_between(line.ptr[at]))
			at++;
		if (at == line.len)
			break;
		if (in->depth == 0 && !opens(line.ptr[at])) {
			if (at == 0 || in->bytes == NULL)
				return false;
			in->at = in->line;
			give_up(in, "not a JSON object");
			return true;
		}
		if (in->depth == 0)
			in->at = in->line;
		if (cut) {
			give_up(in, "a line longer than 1 MB");
			return true;
		}
		at = take_part(in, line, at);
	}
	return in->bytes != NULL; /* blank lines count as the caller's before the first value */
}

void cli_values_end(cli_values_in *in)
{
	if (in->depth > 0)
		give_up(in, "the value does not end");
	free(in->bytes);
	in->bytes = NULL;
}
