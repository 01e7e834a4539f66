/* SPDX-License-Identifier: MIT
 * read/mail.c - the reader's calls: make one, feed it, fetch reports. */
#include "read/reader.h"

enum { ALIGN = 16, SLACK = 16 };

static void defaults(sst_limits *out, const sst_limits *in)
{
	sst_limits limits = {.size = sizeof limits};

	if (in != NULL)
		memcpy(&limits, in, in->size < sizeof limits ? in->size : sizeof limits);
	limits.size = sizeof limits;
	if (limits.header_bytes == 0)
		limits.header_bytes = 8 * 1024;
	if (limits.depth == 0)
		limits.depth = 24;
	if (limits.parts == 0)
		limits.parts = 10000;
	if (limits.recipients == 0)
		limits.recipients = 1000000;
	if (limits.waiting_bytes == 0)
		limits.waiting_bytes = 4 * 1024 * 1024;
	*out = limits;
}

static char *carve(char *memory, size_t *used, size_t bytes)
{
	char *at = memory == NULL ? NULL : memory + *used;

	*used += (bytes + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	return at;
}

/* Lays the reader out in `memory`; with NULL only counts. */
static size_t layout(sst_mail *mail, char *memory, const sst_limits *limits)
{
	sst_mail nowhere;
	size_t used = 0;

	if (mail == NULL)
		mail = &nowhere;
	carve(memory, &used, sizeof(sst_mail));
	mail->frames =
	        (sst__frame *)(void *)carve(memory, &used, limits->depth * sizeof(sst__frame));
	mail->outer.buffer = carve(memory, &used, SST__LINE_BYTES);
	mail->inner.buffer = carve(memory, &used, SST__LINE_BYTES);
	mail->decode_buffer = carve(memory, &used, SST__LINE_BYTES + SLACK);
	mail->collector.buffer = carve(memory, &used, limits->header_bytes);
	mail->window = carve(memory, &used, SST__WINDOW_BYTES);
	mail->scratch = carve(memory, &used, SST__SCRATCH_BYTES);
	for (unsigned i = 0; i < SST__LEVELS; i++)
		mail->headers[i].arena = carve(memory, &used, SST__HEADER_ARENA);
	mail->message.arena = carve(memory, &used, SST__REPORT_ARENA);
	mail->group.arena = carve(memory, &used, SST__REPORT_ARENA);
	mail->queue.memory = carve(memory, &used, SST__RESERVE_BYTES);
	return used;
}

size_t sst_mail_size(const sst_limits *limits)
{
	sst_limits filled;

	defaults(&filled, limits);
	return layout(NULL, NULL, &filled);
}

static void outer_line(void *context, const sst__piece *piece)
{
	sst_mail *mail = (sst_mail *)context;

	mail->offset = mail->outer.line_start;
	sst__mime_line(mail, piece);
}

static void inner_line(void *context, const sst__piece *piece)
{
	sst__content_line((sst_mail *)context, piece);
}

sst_mail *sst_mail_init(void *memory, size_t size, const sst_limits *limits, void *waiting,
                        size_t waiting_size)
{
	sst_mail *mail = (sst_mail *)memory;
	sst_limits filled;

	defaults(&filled, limits);
	if (memory == NULL || size < layout(NULL, NULL, &filled))
		return NULL;
	memset(mail, 0, sizeof *mail);
	mail->limits = filled;
	layout(mail, (char *)memory, &filled);
	mail->collector.size = filled.header_bytes;
	for (unsigned i = 0; i < SST__LEVELS; i++)
		mail->headers[i].size = SST__HEADER_ARENA;
	mail->message.size = mail->group.size = SST__REPORT_ARENA;
	mail->queue.size = SST__RESERVE_BYTES;
	if (waiting_size > filled.waiting_bytes)
		waiting_size = filled.waiting_bytes;
	if (waiting != NULL && waiting_size > SST__RESERVE_BYTES) {
		mail->queue.memory = (char *)waiting;
		mail->queue.size = waiting_size;
	}
	sst_mail_reset(mail);
	return mail;
}

void sst_mail_reset(sst_mail *mail)
{
	memset(mail->cover, 0, sizeof mail->cover);
	sst__lines_init(&mail->outer, mail->outer.buffer, outer_line, mail);
	sst__lines_init(&mail->inner, mail->inner.buffer, inner_line, mail);
	sst__queue_clear(&mail->queue);
	for (unsigned i = 0; i < SST__LEVELS; i++) {
		sst__fields_clear(&mail->headers[i]);
		mail->header_done[i] = mail->entity_wanted[i] = false;
	}
	sst__fields_clear(&mail->message);
	sst__fields_clear(&mail->group);
	mail->offset = 0;
	mail->notes = 0;
	mail->cut_offset = 0;
	mail->cut = mail->ended = mail->finished = mail->unclosed = false;
	mail->segment_count = mail->window_used = 0;
	mail->segment_open = mail->segment_live = false;
	mail->decoded = mail->group_break = false;
	mail->locked = 0;
	mail->report_type = 0;
	mail->report_level = 0;
	mail->more_words = mail->forwarded = false;
	mail->complaint_list = SST_NO_TEXT;
	mail->complaint_at = 0;
	mail->suspect_len = 0;
	mail->groups = 0;
	mail->decoded_from = mail->decoded_len = 0;
	sst__mime_start(mail);
}

void sst__mail_note(sst_mail *mail, sst_notes note)
{
	mail->notes |= note | SST_NOTE_TRUNCATED;
	if (!mail->cut)
		mail->cut_offset = mail->offset;
	mail->cut = true;
}

/* Gives the inner cutter what it has not taken. False if it is stopped again. */
static bool drain(sst_mail *mail)
{
	if (mail->decoded_from < mail->decoded_len)
		mail->decoded_from += (uint32_t)sst__lines_feed(
		        &mail->inner, mail->decode_buffer + mail->decoded_from,
		        mail->decoded_len - mail->decoded_from);
	return !mail->queue.flushing;
}

sst_result sst_mail_feed(sst_mail *mail, sst_text chunk, bool last)
{
	sst_result result = {SST_OK, 0, NULL};

	if (mail->queue.flushing || !drain(mail)) {
		result.err = SST_MORE;
		return result;
	}
	result.at = sst__lines_feed(&mail->outer, chunk.ptr, chunk.len);
	if (mail->queue.flushing) {
		result.err = SST_MORE;
		return result;
	}
	if (!last || mail->ended)
		return result;
	sst__lines_finish(&mail->outer);
	if (!drain(mail)) {
		result.err = SST_MORE;
		return result;
	}
	sst__mime_end(mail);
	mail->ended = true;
	sst__finish(mail);
	return result;
}

sst_err sst_mail_next(sst_mail *mail, sst_report *report)
{
	sst__waiting *waiting;

	if (!mail->ended && !mail->queue.flushing)
		return SST_MORE;
	while ((waiting = sst__queue_at(&mail->queue, mail->queue.next)) != NULL &&
	       waiting->replaced)
		mail->queue.next += waiting->bytes;
	if (waiting == NULL) {
		sst__queue_emptied(mail);
		if (!mail->ended)
			return SST_MORE;
		if (!sst__finish_more(mail))
			return SST_END;
		waiting = sst__queue_at(&mail->queue, 0);
	}
	mail->queue.next += waiting->bytes;
	mail->out = waiting->report;
	sst__finish_report(mail, &mail->out, waiting->settled);
	if (!mail->ended)
		mail->out.notes |= SST_NOTE_RETURNED_PART_LATE;
	*report = mail->out;
	return SST_OK;
}

void sst_report_evidence(const sst_report *report, sst_evidence *evidence)
{
	*evidence = (sst_evidence)SST_EVIDENCE_INIT;
	evidence->text = report->diagnostic;
	evidence->reply = report->reply_code;
	evidence->status = report->status;
	evidence->action = report->action;
	evidence->phase = report->phase;
	evidence->remote_mta = report->remote_mta;
	evidence->reporting_mta = report->reporting_mta;
	evidence->recipient = report->recipient;
}
