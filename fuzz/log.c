/* SPDX-License-Identifier: MIT
 * fuzz/log.c - log lines: whatever they are, each is used, skipped or unknown; cut into blocks
 * anywhere they give the same deliveries, also if blocks are read ahead of their turn; a tracker
 * that is saved and loaded goes on as if nothing had been. */
#include <smtpstatus/track.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct result {
	uint64_t hash, deliveries;
} result;

static void add(uint64_t *hash, sst_text text)
{
	for (size_t i = 0; i < text.len; i++)
		*hash = (*hash ^ (unsigned char)text.ptr[i]) * 0x100000001b3U;
	*hash = (*hash ^ text.len) * 0x100000001b3U;
}

static void take(void *context, const sst_delivery *delivery)
{
	result *sum = context;

	add(&sum->hash, delivery->queue_id);
	add(&sum->hash, delivery->recipient);
	add(&sum->hash, delivery->sender);
	add(&sum->hash, delivery->text);
	add(&sum->hash, delivery->next_id);
	sum->hash = (sum->hash ^ (uint64_t)delivery->ended) * 0x100000001b3U + delivery->line;
	sum->hash = (sum->hash ^ delivery->fate) * 0x100000001b3U + delivery->attempts;
	sum->deliveries++;
}

static sst_tracker *tracker_new(result *into)
{
	sst_tracker_options options = {.size = sizeof options, .delivery = take, .context = into};
	sst_tracker *tracker = sst_tracker_new(&options);

	if (tracker == NULL)
		abort();
	return tracker;
}

typedef struct kept {
	char *at;
	size_t len;
} kept;

static bool keep(void *context, const void *more, size_t len)
{
	kept *to = context;
	char *at = realloc(to->at, to->len + len + 1);

	if (at == NULL)
		return false;
	memcpy(at + to->len, more, len);
	to->at = at;
	to->len += len;
	return true;
}

static sst_tracker *saved_and_loaded(sst_tracker *tracker, result *into)
{
	kept state = {NULL, 0};
	sst_tracker *other = tracker_new(into);

	if (!sst_tracker_save(tracker, keep, &state) ||
	    sst_tracker_load(other, (sst_text){state.at, state.len}).err != SST_OK)
		abort();
	free(state.at);
	sst_tracker_free(tracker);
	return other;
}

/* Reads all in blocks of `step` bytes at most (0: in one). */
static result read_all(const uint8_t *data, size_t size, size_t step, bool interrupted)
{
	sst_log_options options = {.size = sizeof options, .newest = 1772500000};
	sst_log *log = sst_log_new(&options);
	result total = {0, 0};
	sst_tracker *tracker = tracker_new(&total);
	size_t at = 0, end = 0;
	sst_log_counts counts;
	const sst_event *event;

	if (log == NULL)
		abort();
	while (at < size) {
		end = step == 0 || end + step > size ? size : end + step;
		at += sst_log_feed(log, (sst_text){(const char *)data + at, end - at}, end == size)
		              .at;
		while (sst_log_next(log, &event) == SST_OK)
			if (!sst_tracker_take(tracker, event))
				abort();
		if (interrupted)
			tracker = saved_and_loaded(tracker, &total);
		if (at > size || (end == size && at < size))
			abort();
	}
	sst_tracker_finish(tracker);
	counts = sst_log_count(log);
	if (counts.lines != counts.used + counts.skipped + counts.unknown)
		abort();
	sst_tracker_free(tracker);
	sst_log_free(log);
	return total;
}

static sst_log *log_new(void)
{
	sst_log_options options = {.size = sizeof options, .newest = 1772500000};
	sst_log *log = sst_log_new(&options);

	if (log == NULL)
		abort();
	return log;
}

/* Reads a block in its turn with `log`, unless `ahead` has read it and is believed. */
static void read_turn(sst_log *log, sst_log *ahead, sst_text block, sst_tracker *tracker)
{
	sst_event *events;
	size_t count = 0;
	uint64_t lines;

	if (ahead != NULL) {
		if (sst_log_feed(ahead, block, true).at != block.len)
			abort();
		count = sst_log_events(ahead, SIZE_MAX, &events);
		if (sst_log_adopt(log, ahead, &lines)) {
			for (size_t i = 0; i < count; i++)
				events[i].line += lines;
			if (!sst_tracker_take_all(tracker, events, count))
				abort();
			return;
		}
	}
	sst_log_feed(log, block, true);
	while ((count = sst_log_events(log, 7, &events)) > 0)
		if (!sst_tracker_take_all(tracker, events, count))
			abort();
}

/* Reads blocks of whole lines, each as if the one before had not been read yet. */
static result read_ahead(const uint8_t *data, size_t size, size_t step)
{
	sst_log *log = log_new(), *ahead = log_new(), *known = log_new();
	result total = {0, 0};
	sst_tracker *tracker = tracker_new(&total);
	bool fits = false;

	for (size_t at = 0, end; at < size; at = end) {
		const uint8_t *stop =
		        at + step > size ? NULL : memchr(data + at + step, '\n', size - at - step);
		bool was = fits && sst_log_ahead(ahead, known);

		end = stop == NULL ? size : (size_t)(stop - data) + 1;
		fits = sst_log_ahead(known, log);
		read_turn(log, was ? ahead : NULL, (sst_text){(const char *)data + at, end - at},
		          tracker);
	}
	sst_tracker_finish(tracker);
	sst_tracker_free(tracker);
	sst_log_free(log);
	sst_log_free(ahead);
	sst_log_free(known);
	return total;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	result whole, pieces, turns;

	if (size == 0 || size > 60000)
		return 0;
	whole = read_all(data, size, 0, false);
	if (size < 9 || (data[1] == 0 || memcmp(data, "\xff\xfe", 2) == 0))
		return 0; /* the first block tells whether it is UTF-16 */
	pieces = read_all(data, size, 64 + data[0], size < 3000);
	turns = read_ahead(data, size, 64 + data[0]);
	/* A row whose quoted field goes over the end of a line may be parted between blocks. */
	if (memchr(data, '"', size) == NULL &&
	    (whole.hash != pieces.hash || whole.deliveries != pieces.deliveries ||
	     whole.hash != turns.hash || whole.deliveries != turns.deliveries))
		abort();
	return 0;
}
