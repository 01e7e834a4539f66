/* SPDX-License-Identifier: MIT
 * cli/lines.c - lines of a stream, in bounded memory. */
#include "cli/lines.h"

#include "cli/cli.h"
#include "cli/complaint.h"
#include "cli/utf16.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK 65536

struct lines {
	char *bytes; /* the line so far, then what has been read behind it */
	size_t size, len;
	bool cut;  /* the line is longer than what is kept: the rest is thrown away */
	char *raw; /* what was read, while it is UTF-16; NULL: it is none */
	cli_utf16 utf16;
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

/* Room for a chunk, and for twice of it, which is what UTF-16 may become. */
static bool make_room(struct lines *lines)
{
	size_t size = lines->len + 2 * (size_t)CHUNK + lines->size / 2;
	char *more;

	if (lines->size - lines->len >= 2 * (size_t)CHUNK)
		return true;
	more = realloc(lines->bytes, size);
	if (more == NULL)
		return false;
	lines->size = size;
	lines->bytes = more;
	return true;
}

static ssize_t read_some(int fd, char *bytes, size_t room)
{
	ssize_t got;

	do
		got = read(fd, bytes, room);
	while (got < 0 && errno == EINTR);
	return got;
}

/* The first bytes tell whether it is UTF-16, as Windows writes files, or starts with the mark that
 * UTF-8 may start with. */
static bool start(struct lines *lines)
{
	const unsigned char *bytes = (const unsigned char *)lines->bytes;

	if (lines->len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		memmove(lines->bytes, lines->bytes + 3, lines->len -= 3);
		return true;
	}
	if (lines->len < 2 || bytes[0] + bytes[1] != 0xff + 0xfe || bytes[0] < 0xfe)
		return true;
	lines->raw = malloc(CHUNK);
	if (lines->raw == NULL)
		return false;
	memcpy(lines->raw, lines->bytes, lines->len);
	return true;
}

/* UTF-16 that was read becomes what the lines are cut of. */
static void convert(struct lines *lines, size_t got)
{
	sst_text in = {lines->raw, got};
	char *out = lines->bytes + lines->len;
	size_t room = lines->size - lines->len;

	cli_utf16_run(&lines->utf16, &in, &out, &room);
	lines->len = (size_t)(out - lines->bytes);
}

static int say_error(const char *name, uint64_t offset)
{
	int error = errno;

	cli_complain(name, strerror(error), &offset, cli_advice(error));
	return error == ENOMEM ? EXIT_SYSTEM : EXIT_PARTLY;
}

/* Reads on; bytes read, 0 at the end, -1 with errno. */
static ssize_t fill(struct lines *lines, int fd, bool first)
{
	ssize_t got, more = 1;

	if (lines->raw != NULL) {
		got = read_some(fd, lines->raw, CHUNK);
		if (got > 0)
			convert(lines, (size_t)got);
		return got;
	}
	got = read_some(fd, lines->bytes + lines->len, CHUNK);
	/* A mark has up to three bytes; what starts like none is not waited for. */
	while (first && got > 0 && got < 3 && more > 0 && (unsigned char)lines->bytes[0] >= 0xef) {
		more = read_some(fd, lines->bytes + got, CHUNK - (size_t)got);
		got += more > 0 ? more : 0;
	}
	if (got <= 0)
		return got;
	lines->len += (size_t)got;
	if (!first)
		return got;
	if (!start(lines))
		return -1;
	if (lines->raw != NULL) {
		lines->len = 0;
		convert(lines, (size_t)got);
	}
	return got;
}

int cli_lines_read(int fd, const char *name, const cli_line_calls *calls)
{
	struct lines lines = {.calls = calls};
	uint64_t offset = 0;
	int status = EXIT_DONE;
	bool more = true;

	while (more) {
		size_t before = lines.len;
		ssize_t got = -1;
		if (make_room(&lines)) {
			calls->idle(calls->context);
			got = fill(&lines, fd, offset == 0);
		}
		if (got < 0)
			status = say_error(name, offset);
		if (got <= 0)
			break;
		offset += (uint64_t)got;
		more = split(&lines, before);
	}
	if (more && lines.len > 0)
		give(&lines, lines.bytes, lines.len);
	free(lines.raw);
	free(lines.bytes);
	return status;
}
