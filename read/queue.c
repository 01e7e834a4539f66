/* SPDX-License-Identifier: MIT
 * read/queue.c - reports that wait for the end of the mail, one after the other in fixed memory. */
#include "read/reader.h"

enum {
	ALIGN = 16, /* A line that ends a part may end two groups. */
	LARGEST = 2 * (sizeof(sst__waiting) + 2 * SST__REPORT_ARENA + 64)
};

static void clear(sst__queue *queue)
{
	queue->used = queue->next = queue->last = 0;
	queue->flushing = false;
}

void sst__queue_clear(sst__queue *queue)
{
	clear(queue);
	queue->count = 0;
}

static sst_text keep(char *memory, size_t size, size_t *used, sst_text text)
{
	sst_text copy = {memory + *used, text.len};

	if (text.ptr == NULL)
		return SST_NO_TEXT;
	if (copy.len > size - *used)
		copy.len = size - *used;
	if (copy.len > 0)
		memcpy(memory + *used, text.ptr, copy.len);
	*used += copy.len;
	return copy;
}

void sst__queue_add(sst_mail *mail, const sst_report *report)
{
	sst__queue *queue = &mail->queue;
	size_t used = queue->used + sizeof(sst__waiting);
	sst__waiting *waiting;

	if (used > queue->size)
		return;
	waiting = (sst__waiting *)(void *)(queue->memory + queue->used);
	waiting->report = *report;
	waiting->level = mail->level;
	waiting->settled = waiting->replaced = false;
	sst_text *const texts[] = {
	        &waiting->report.recipient,       &waiting->report.original_recipient,
	        &waiting->report.sender,          &waiting->report.diagnostic,
	        &waiting->report.diagnostic_type, &waiting->report.reporting_mta,
	        &waiting->report.remote_mta,      &waiting->report.received_from_mta,
	        &waiting->report.message_id,      &waiting->report.queue_id,
	        &waiting->report.envelope_id,     &waiting->report.subject,
	        &waiting->report.new_address,     &waiting->report.feedback_type};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*texts[i] = keep(queue->memory, queue->size, &used, *texts[i]);
	used = (used + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (used > queue->size)
		used = queue->size;
	waiting->bytes = (uint32_t)(used - queue->used);
	queue->last = queue->used;
	queue->used = used;
	queue->count++;
	if (queue->size - queue->used < LARGEST) {
		queue->flushing = true;
		mail->outer.stopped = mail->inner.stopped = true;
	}
}

sst__waiting *sst__queue_at(const sst__queue *queue, size_t at)
{
	return at < queue->used ? (sst__waiting *)(void *)(queue->memory + at) : NULL;
}

bool sst__queue_has_room(const sst__queue *queue)
{
	return queue->size - queue->used > queue->used + LARGEST;
}

void sst__queue_emptied(sst_mail *mail)
{
	clear(&mail->queue);
	mail->outer.stopped = mail->inner.stopped = false;
}

sst_text sst__queue_text(sst_mail *mail, sst_text text)
{
	sst__queue *queue = &mail->queue;
	sst__waiting *last = sst__queue_at(queue, queue->last);
	size_t used = queue->used;

	if (last == NULL || text.len + ALIGN > queue->size - used)
		return SST_NO_TEXT;
	text = keep(queue->memory, queue->size, &used, text);
	used = (used + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	last->bytes += (uint32_t)(used - queue->used);
	queue->used = used;
	return text;
}
