/* SPDX-License-Identifier: MIT
 * cli/lines.c - lines of a stream, in bounded memory. */
#include "cli/lines.h"

#include "cli/cli.h"
#include "cli/complaint.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK 65536

struct lines {
	char *bytes; /* the line so far, then what has been read behind it */
	size_t size, len;
	bool cut; /* the line is longer than what is kept: the rest is thrown away */
	const cli_line_calls *calls;
};

static bool give(struct lines *lines, const char *bytes, size_t len)
{
	bool cut = lines->cut || len > CLI_LINE_MAX;

	if (len > CLI_LINE_MAX)
		len = CLI_LINE_MAX;
	if (!cut && len > 0 && bytes[len - 1] == '\r')
		len--;
	lines->cut = false;
	return lines->calls->take(lines->calls->context, (sst_text){bytes, len}, cut);
}

/* Takes the whole lines off the buffer. `from` is where the new bytes start. */
static bool split(struct lines *lines, size_t from)
{
	size_t start = 0, at = from;
	char *end;

	while (at < lines->len &&
	       (end = memchr(lines->bytes + at, '\n', lines->len - at)) != NULL) {
		size_t upto = (size_t)(end - lines->bytes);
		if (!give(lines, lines->bytes + start, upto - start))
			return false;
		start = at = upto + 1;
	}
	memmove(lines->bytes, lines->bytes + start, lines->len - start);
	lines->len -= start;
	if (lines->len > CLI_LINE_MAX) {
		lines->len = CLI_LINE_MAX;
		lines->cut = true;
	}
	return true;
}

static bool make_room(struct lines *lines)
{
	char *more;

	if (lines->size - lines->len >= CHUNK)
		return true;
	more = realloc(lines->bytes, lines->len + 2 * (size_t)CHUNK + lines->size / 2);
	if (more == NULL)
		return false;
	lines->size = lines->len + 2 * (size_t)CHUNK + lines->size / 2;
	lines->bytes = more;
	return true;
}

static int say_error(const char *name, uint64_t offset)
{
	int error = errno;

	cli_complain(name, strerror(error), &offset, cli_advice(error));
	return error == ENOMEM ? EXIT_SYSTEM : EXIT_PARTLY;
}

int cli_lines_read(int fd, const char *name, const cli_line_calls *calls)
{
	struct lines lines = {.calls = calls};
	uint64_t offset = 0;
	int status = EXIT_DONE;
	ssize_t got;

	for (;;) {
		if (!make_room(&lines)) {
			status = say_error(name, offset);
			break;
		}
		calls->idle(calls->context);
		got = read(fd, lines.bytes + lines.len, CHUNK);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			status = say_error(name, offset);
		if (got <= 0)
			break;
		offset += (uint64_t)got;
		lines.len += (size_t)got;
		if (!split(&lines, lines.len - (size_t)got)) {
			free(lines.bytes);
			return status;
		}
	}
	if (lines.len > 0)
		give(&lines, lines.bytes, lines.len);
	free(lines.bytes);
	return status;
}
