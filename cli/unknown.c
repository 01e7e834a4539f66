/* SPDX-License-Identifier: MIT
 * cli/unknown.c - log lines that were not understood, a sample of each shape: the same letters,
 * whatever the digits and what stands in <> and []. */
#include "cli/unknown.h"

#include "core/text.h"

#include <stdlib.h>
#include <string.h>

static uint64_t shape_of(sst_text text)
{
	uint64_t hash = 0xcbf29ce484222325U;
	unsigned letters = 0;

	for (size_t i = 0; i < text.len && letters < 60; i++) {
		char c = text.ptr[i];

		if (c == '<' || c == '[') {
			size_t end = sst__text_find(text, i, c == '<' ? '>' : ']');

			i = end < text.len ? end : i;
			continue;
		}
		if (sst__is_digit(c) || c == ' ')
			continue;
		hash = (hash ^ (unsigned char)c) * 0x100000001b3U;
		letters++;
	}
	return hash;
}

void unknown_take(void *context, uint32_t file, uint64_t line, sst_text text)
{
	unknown_lines *lines = context;
	uint64_t hash = shape_of(text);
	unknown_shape *shape;

	for (unsigned i = 0; i < lines->count; i++)
		if (lines->shapes[i].hash == hash) {
			lines->shapes[i].count++;
			return;
		}
	if (lines->count == UNKNOWN_SHAPES) {
		lines->others++;
		return;
	}
	shape = &lines->shapes[lines->count++];
	shape->hash = hash;
	shape->count = 1;
	shape->file = file;
	shape->line = line;
	shape->len = (uint16_t)(text.len < sizeof shape->sample ? text.len : sizeof shape->sample);
	memcpy(shape->sample, text.ptr, shape->len);
}

bool unknown_events(void *context, const sst_event *events, size_t count)
{
	(void)context;
	(void)events;
	(void)count;
	return true;
}

static int by_count(const void *a, const void *b)
{
	const unknown_shape *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

void unknown_write(unknown_lines *lines, const cli_logs *logs, cli_text *out)
{
	const sst_log_counts *counts = &logs->counts;

	cli_put_format(out, "%llu lines: %llu used, %llu known and skipped, %llu not understood\n",
	               (unsigned long long)counts->lines, (unsigned long long)counts->used,
	               (unsigned long long)counts->skipped, (unsigned long long)counts->unknown);
	if (counts->cut + counts->binary + counts->backward > 0)
		cli_put_format(out,
		               "%llu cut, %llu binary, %llu stamped an hour or more too early\n",
		               (unsigned long long)counts->cut, (unsigned long long)counts->binary,
		               (unsigned long long)counts->backward);
	if (lines->count > 1)
		qsort(lines->shapes, lines->count, sizeof *lines->shapes, by_count);
	for (unsigned i = 0; i < lines->count; i++) {
		const unknown_shape *shape = &lines->shapes[i];

		cli_put_format(out, "%9llu  ", (unsigned long long)shape->count);
		cli_put_text(out, cli_logs_name(logs, shape->file));
		cli_put_format(out, ":%llu: ", (unsigned long long)shape->line);
		for (unsigned c = 0; c < shape->len; c++)
			cli_put_char(out, (unsigned char)shape->sample[c] < ' ' ? '.'
			                                                        : shape->sample[c]);
		cli_put_char(out, '\n');
	}
	if (lines->others > 0)
		cli_put_format(out, "%9llu  of further shapes\n",
		               (unsigned long long)lines->others);
}
