/* SPDX-License-Identifier: MIT
 * read/lines.c - cuts bytes into lines. */
#include "read/lines.h"

void sst__lines_init(sst__lines *lines, char *buffer, sst__line_taker *take, void *context)
{
	lines->buffer = buffer;
	lines->take = take;
	lines->context = context;
	sst__lines_clear(lines);
}

void sst__lines_clear(sst__lines *lines)
{
	lines->len = lines->returns = 0;
	lines->base = lines->line_start = 0;
	lines->inside = lines->stopped = false;
}

static void give(sst__lines *lines, const char *bytes, size_t len, bool ends)
{
	sst__piece piece = {{bytes, len}, !lines->inside, ends};

	lines->inside = !ends;
	lines->take(lines->context, &piece);
}

/* Gives out the bytes of one line or of its beginning, but at most one piece's worth is kept back.
 * Returns the bytes taken: fewer than `len`, and the line goes on, if it was stopped at a piece. */
static size_t give_long(sst__lines *lines, const char *bytes, size_t len, bool ends)
{
	const char *at = bytes;

	while (lines->len + len > SST__LINE_BYTES) {
		size_t more = SST__LINE_BYTES - lines->len;
		if (lines->len > 0)
			memcpy(lines->buffer + lines->len, at, more);
		give(lines, lines->len > 0 ? lines->buffer : at, SST__LINE_BYTES, false);
		lines->len = 0;
		at += more;
		len -= more;
		if (lines->stopped)
			return (size_t)(at - bytes);
	}
	if (lines->len == 0 && ends) {
		give(lines, at, len, true);
		return (size_t)(at - bytes) + len;
	}
	if (len > 0)
		memcpy(lines->buffer + lines->len, at, len);
	lines->len += (uint32_t)len;
	if (ends) {
		size_t all = lines->len;
		lines->len = 0;
		give(lines, lines->buffer, all, true);
	}
	return (size_t)(at - bytes) + len;
}

/* CRs stood at the end of the line. Returns the bytes used, which decide how many ends they are. */
static size_t after_returns(sst__lines *lines, char next)
{
	if (next == '\r') {
		lines->returns++;
		return 1;
	}
	if (next == '\n')
		lines->returns = 1;
	while (lines->returns > 0) {
		lines->returns--;
		give_long(lines, "", 0, true);
		if (lines->stopped && lines->returns > 0)
			return 0;
	}
	return next == '\n';
}

/* Nearly every line comes in one piece and has room in one. */
static inline size_t give_short(sst__lines *lines, const char *bytes, size_t len, bool ends)
{
	if (!ends || lines->len > 0 || len > SST__LINE_BYTES)
		return give_long(lines, bytes, len, ends);
	give(lines, bytes, len, true);
	return len;
}

size_t sst__lines_feed(sst__lines *lines, const char *bytes, size_t len)
{
	const char *at = bytes, *end = bytes + len;
	/* The next LF and the next CR, each looked for once. */
	const char *feed = NULL, *back = NULL;

	while (at < end && !lines->stopped) {
		if (lines->returns > 0) {
			at += after_returns(lines, *at);
			continue;
		}
		if (lines->len == 0 && !lines->inside)
			lines->line_start = lines->base + (uint64_t)(at - bytes);
		if (feed == NULL || feed < at) {
			feed = memchr(at, '\n', (size_t)(end - at));
			if (feed == NULL)
				feed = end;
		}
		if (back == NULL || back < at) {
			back = memchr(at, '\r', (size_t)(end - at));
			if (back == NULL)
				back = end;
		}
		const char *stop = back < feed ? back : feed;
		bool pair = back < feed && feed == back + 1 && feed < end;
		at += give_short(lines, at, (size_t)(stop - at),
		                 pair || (feed == stop && stop < end));
		if (at < stop)
			break;
		if (pair) {
			at = feed + 1;
			continue;
		}
		if (back < feed)
			lines->returns = 1;
		at = stop < end ? stop + 1 : stop;
	}
	lines->base += (uint64_t)(at - bytes);
	return (size_t)(at - bytes);
}

void sst__lines_finish(sst__lines *lines)
{
	if (lines->returns > 0) {
		lines->returns = 1;
		give_long(lines, "", 0, true);
		lines->returns = 0;
	} else if (lines->len > 0 || lines->inside) {
		give_long(lines, "", 0, true);
	}
}
