/* SPDX-License-Identifier: MIT
 * track/log.c - takes blocks of a log apart into lines, and lines into events. */
#include "track/log.h"
#include "core/utf8.h"

#include <stdlib.h>

enum { SCRATCH_BLOCK = 64 * 1024, EVENTS_FIRST = 8, EVENTS_KEPT = 4096, EVENTS_MOST = 100000 };

struct sst__scratch_block {
	struct sst__scratch_block *next;
	size_t size;
	char bytes[];
};

static const char *const server_names[SST_SERVERS] = {
        "unknown",  "postfix", "exim",   "sendmail", "opensmtpd", "qmail",
        "exchange", "m365",    "haraka", "kumomta",  "zonemta",   "stalwart"};

sst_text sst_server_name(sst_server server)
{
	if (server >= SST_SERVERS)
		return SST_NO_TEXT;
	return (sst_text){server_names[server], strlen(server_names[server])};
}

int sst_server_find(sst_text name)
{
	for (unsigned i = 1; i < SST_SERVERS; i++)
		if (sst__text_same(name, sst_server_name((sst_server)i)))
			return (int)i;
	return -1;
}

sst_log *sst_log_new(const sst_log_options *options)
{
	sst_log *log = calloc(1, sizeof *log);

	if (log == NULL)
		return NULL;
	log->options.size = sizeof log->options;
	if (options != NULL) {
		size_t size = options->size < sizeof *options ? options->size : sizeof *options;

		memcpy(&log->options, options, size);
	}
	if (log->options.line_bytes == 0)
		log->options.line_bytes = 64 * 1024;
	log->time = log->first_time = SST__NO_TIME;
	log->all = log->events = calloc(EVENTS_FIRST, sizeof *log->events);
	log->event_room = EVENTS_FIRST;
	if (log->all == NULL) {
		free(log);
		return NULL;
	}
	return log;
}

void sst_log_free(sst_log *log)
{
	if (log == NULL)
		return;
	sst__scratch_free(&log->scratch);
	sst__export_free(log);
	sst__qmail_free(log);
	free(log->kept);
	free(log->all);
	free(log);
}

void sst_log_file(sst_log *log, uint32_t file, int64_t newest)
{
	log->file = file;
	log->line = 0;
	log->skipping = false;
	log->options.newest = newest;
	log->stamps.year = 0;
	log->stamps.last_len = 0;
	log->started = false;
	log->csv = false;
	log->utf16 = false;
}

void sst_log_resume(sst_log *log, uint32_t file, int64_t newest)
{
	log->file = file;
	log->options.newest = newest;
}

bool sst_log_holds_texts(const sst_log *log)
{
	return log->scratch.blocks != NULL &&
	       (log->scratch.used > 0 || log->scratch.blocks->next != NULL);
}

sst_log_counts sst_log_count(const sst_log *log)
{
	return log->counts;
}

/* Scratch -----------------------------------------------------------------------------------------
 */

void *sst__scratch_take(sst_log *log, size_t size)
{
	sst__scratch *scratch = &log->scratch;
	struct sst__scratch_block *block = scratch->blocks;

	size = (size + 7) & ~(size_t)7;
	if (block == NULL || block->size - scratch->used < size) {
		size_t want = size > SCRATCH_BLOCK ? size : SCRATCH_BLOCK;

		block = malloc(sizeof *block + want);
		if (block == NULL)
			return NULL;
		block->size = want;
		block->next = scratch->blocks;
		scratch->blocks = block;
		scratch->used = 0;
	}
	scratch->used += size;
	return block->bytes + scratch->used - size;
}

/* The first block stays, so that the usual block of a log costs no allocation. */
void sst__scratch_reset(sst__scratch *scratch)
{
	while (scratch->blocks != NULL && scratch->blocks->next != NULL) {
		struct sst__scratch_block *next = scratch->blocks->next;

		free(scratch->blocks);
		scratch->blocks = next;
	}
	scratch->used = 0;
}

void sst__scratch_free(sst__scratch *scratch)
{
	sst__scratch_reset(scratch);
	free(scratch->blocks);
	scratch->blocks = NULL;
}

/* Events ------------------------------------------------------------------------------------------
 */

static bool more_room(sst_log *log)
{
	unsigned room = log->event_room * 2, first = (unsigned)(log->events - log->all);
	sst_event *all = room > EVENTS_MOST ? NULL : realloc(log->all, room * sizeof *all);

	if (all == NULL)
		return false;
	log->all = all;
	log->events = all + first;
	log->event_room = room;
	return true;
}

sst_event *sst__event_new(sst_log *log, const sst__line *line, sst_event_kind kind,
                          sst_server server)
{
	unsigned used = (unsigned)(log->events - log->all) + log->event_count;
	sst_event *event;

	/* The last one is written over: a line with a hundred thousand. */
	if (used == log->event_room && !more_room(log)) {
		log->event_count -= log->event_count > 0;
		log->events -= log->event_count == 0;
	}
	event = &log->events[log->event_count++];
	memset(event, 0, sizeof *event);
	event->kind = kind;
	event->server = server;
	event->time = line->time;
	event->zone = line->zone;
	event->line = log->line;
	event->file = log->file;
	event->host = line->host;
	event->program = line->program;
	event->raw = line->text;
	return event;
}

void sst__event_drop(sst_log *log)
{
	log->event_count--;
}

/* Lines -------------------------------------------------------------------------------------------
 */

static void count(sst_log *log, sst__reading reading, sst_text text)
{
	if (log->event_count > 0) {
		log->counts.used++;
		return;
	}
	if (reading != SST__UNKNOWN) {
		log->counts.skipped++;
		return;
	}
	log->counts.unknown++;
	if (log->options.unknown != NULL)
		log->options.unknown(log->options.context, log->file, log->line, text);
}

static bool has_control(sst_text text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < ' ' && text.ptr[i] != '\t' &&
		    text.ptr[i] != '\x1b')
			return true;
	return false;
}

static void take_line(sst_log *log, sst_text text)
{
	sst__reading reading;

	log->counts.lines++;
	log->line++;
	if (text.len > 0 && text.ptr[text.len - 1] == '\r')
		text.len--;
	log->event_count = log->event_at = 0;
	if (text.len == 0) {
		if (log->export_entry)
			sst__export_line(log, text);
		count(log, SST__SKIPPED, text);
		return;
	}
	log->repeats = false;
	reading = sst__log_line(log, text);
	if (!log->repeats)
		log->before = text;
	if (log->event_count == 0 && reading == SST__UNKNOWN && has_control(text))
		log->counts.binary++;
	count(log, reading, text);
}

/* A quoted CSV field may hold line ends: the row goes on while a quote is open. */
static size_t row_end(sst_text rest)
{
	bool open = false;

	for (size_t i = 0; i < rest.len; i++) {
		if (rest.ptr[i] == '"')
			open = !open;
		else if (rest.ptr[i] == '\n' && !open)
			return i;
	}
	return sst__find(rest, 0, '\n'); /* a quote that is never closed closes at the line's end */
}

static size_t line_end(sst_log *log)
{
	size_t end;

	if (!log->csv)
		return sst__line_end(&log->ends, log->rest);
	end = sst__find(log->rest, 0, '\n');
	if (memchr(log->rest.ptr, '"', end) != NULL) {
		sst_text limited = sst__text_part(log->rest, 0, log->options.line_bytes);

		end = row_end(limited);
		return end == limited.len ? sst__find(log->rest, 0, '\n') : end;
	}
	return end;
}

/* Takes the next line off the block; false when there is none. */
static bool next_line(sst_log *log, sst_text *line)
{
	size_t end;

	if (log->rest.len == 0)
		return false;
	end = line_end(log);
	*line = sst__cut(log->rest, 0, end);
	sst__drop(&log->rest, end < log->rest.len ? end + 1 : end);
	if (line->len > log->options.line_bytes) {
		line->len = log->options.line_bytes;
		log->counts.cut++;
	}
	return true;
}

sst_err sst_log_next(sst_log *log, const sst_event **event)
{
	sst_text line;

	while (log->event_at == log->event_count) {
		log->events = log->all;
		if (!next_line(log, &line))
			return SST_END;
		take_line(log, line);
	}
	*event = &log->events[log->event_at++];
	return SST_OK;
}

size_t sst_log_events(sst_log *log, size_t most, sst_event **events)
{
	sst_text line;
	size_t count = 0;

	log->events = log->all;
	while (count < most && next_line(log, &line)) {
		take_line(log, line);
		log->events += log->event_count;
		count = (size_t)(log->events - log->all);
	}
	log->events = log->all;
	log->event_count = log->event_at = 0;
	*events = log->all;
	return count;
}

/* Blocks ------------------------------------------------------------------------------------------
 */

static bool looks_utf16(sst_text block)
{
	size_t zeros = 0, at = 0;

	if (block.len >= 2 && memcmp(block.ptr, "\xff\xfe", 2) == 0)
		return true;
	for (at = 1; at < block.len && at < 64; at += 2)
		zeros += block.ptr[at] == '\0';
	return at > 8 && zeros * 10 > (at / 2) * 9;
}

/* UTF-16LE to UTF-8, up to the last line end (all of it if last). Returns the bytes used. */
static size_t from_utf16(sst_log *log, sst_text block, bool last, sst_text *out)
{
	size_t end = block.len & ~(size_t)1, at = 0, len = 0;
	char *bytes;

	if (!last) {
		while (end >= 2 && !(block.ptr[end - 2] == '\n' && block.ptr[end - 1] == '\0'))
			end -= 2;
		if (end == 0 && block.len > log->options.line_bytes)
			end = block.len & ~(size_t)1;
	}
	bytes = sst__scratch_take(log, end / 2 * 3 + 4);
	*out = SST_NO_TEXT;
	if (bytes == NULL)
		return last ? block.len : end;
	for (; at < end; at += 2) {
		unsigned c = (unsigned char)block.ptr[at] |
		             (unsigned)(unsigned char)block.ptr[at + 1] << 8;

		if (c == 0xfeff)
			continue;
		/* Half of a pair is shown as U+FFFD: no field that matters holds one. */
		len += sst__utf8_put(c >= 0xd800 && c < 0xe000 ? 0xfffd : c, bytes + len);
	}
	*out = (sst_text){bytes, len};
	return last ? block.len : end;
}

/* Where the last whole line of the block ends. */
static size_t whole_lines(sst_text block)
{
	const char *hit = block.len == 0 ? NULL : memrchr(block.ptr, '\n', block.len);

	return hit == NULL ? 0 : (size_t)(hit - block.ptr) + 1;
}

static void start_file(sst_log *log, sst_text *block)
{
	log->started = true;
	log->utf16 = looks_utf16(*block);
	if (!log->utf16 && SST__STARTS(*block, "\xef\xbb\xbf"))
		sst__drop(block, 3);
}

/* The line before stays when its block goes. Without memory it is forgotten. */
void sst__log_keep(sst_log *log)
{
	size_t len = log->before.len;

	if (len == 0 || log->before.ptr == log->kept)
		return;
	if (log->kept_room < len) {
		free(log->kept);
		log->kept = malloc(len);
		log->kept_room = log->kept == NULL ? 0 : len;
	}
	if (log->kept != NULL)
		memcpy(log->kept, log->before.ptr, len);
	log->before = (sst_text){log->kept, log->kept == NULL ? 0 : len};
}

/* A block of very many events must not hold its memory for all blocks to come. */
static void give_room_back(sst_log *log)
{
	sst_event *all;

	if (log->event_room <= EVENTS_KEPT)
		return;
	all = realloc(log->all, EVENTS_KEPT * sizeof *all);
	if (all == NULL)
		return;
	log->all = log->events = all;
	log->event_room = EVENTS_KEPT;
}

sst_result sst_log_feed(sst_log *log, sst_text block, bool last)
{
	sst_result result = {SST_OK, 0, NULL};
	size_t before = block.len, end;

	if (log->rest.len > 0 || log->event_at < log->event_count) {
		result.err = SST_MORE;
		return result;
	}
	sst__log_keep(log);
	log->ends.looked = NULL;
	log->ends.count = log->ends.at = 0;
	sst__scratch_reset(&log->scratch);
	give_room_back(log);
	if (!log->started && block.len > 0)
		start_file(log, &block);
	result.at = before - block.len;
	if (log->utf16) {
		result.at += from_utf16(log, block, last, &log->rest);
		return result;
	}
	if (log->skipping) {
		end = sst__find(block, 0, '\n');
		log->skipping = end == block.len && !last;
		end += end < block.len ? 1 : 0;
		sst__drop(&block, end);
		result.at += end;
	}
	end = last ? block.len : whole_lines(block);
	if (end == 0 && block.len > log->options.line_bytes) {
		log->skipping = true;
		end = block.len;
	}
	log->rest = sst__text_part(block, 0, end);
	result.at += end;
	return result;
}
