/* SPDX-License-Identifier: MIT
 * cli/sheaf.c - deliveries that were set aside to be judged and written by another thread. */
#include "cli/sheaf.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { TEXTS = 128 * 1024 };

struct sheaf_texts {
	struct sheaf_texts *next;
	size_t size;
	char bytes[];
};

static const uint16_t fields[] = {
        offsetof(sst_delivery, host),      offsetof(sst_delivery, queue_id),
        offsetof(sst_delivery, sender),    offsetof(sst_delivery, recipient),
        offsetof(sst_delivery, original),  offsetof(sst_delivery, message_id),
        offsetof(sst_delivery, relay),     offsetof(sst_delivery, client),
        offsetof(sst_delivery, text),      offsetof(sst_delivery, next_host),
        offsetof(sst_delivery, next_id),   offsetof(sst_delivery, remote_id),
        offsetof(sst_delivery, notice_id), offsetof(sst_delivery, origin_id),
};

cli_sheaf *cli_sheaf_new(void)
{
	return calloc(1, sizeof(cli_sheaf));
}

static void free_texts(struct sheaf_texts *from)
{
	while (from != NULL) {
		struct sheaf_texts *next = from->next;

		free(from);
		from = next;
	}
}

void cli_sheaf_free(cli_sheaf *sheaf)
{
	if (sheaf == NULL)
		return;
	free_texts(sheaf->texts);
	free(sheaf->deliveries);
	free(sheaf->out);
	free(sheaf);
}

void cli_sheaf_clear(cli_sheaf *sheaf)
{
	if (sheaf->texts != NULL) {
		free_texts(sheaf->texts->next);
		sheaf->texts->next = NULL;
	}
	sheaf->count = sheaf->texts_used = sheaf->out_len = 0;
}

static char *take(cli_sheaf *sheaf, size_t len)
{
	struct sheaf_texts *texts = sheaf->texts;

	if (texts == NULL || texts->size - sheaf->texts_used < len) {
		size_t size = len > TEXTS ? len : TEXTS;

		texts = malloc(sizeof *texts + size);
		if (texts == NULL)
			return NULL;
		texts->size = size;
		texts->next = sheaf->texts;
		sheaf->texts = texts;
		sheaf->texts_used = 0;
	}
	sheaf->texts_used += len;
	return texts->bytes + sheaf->texts_used - len;
}

static bool copy_texts(cli_sheaf *sheaf, sst_delivery *delivery)
{
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		sst_text text;
		char *copy;

		memcpy(&text, (char *)delivery + fields[i], sizeof text);
		if (text.ptr == NULL)
			continue;
		copy = take(sheaf, text.len);
		if (copy == NULL)
			return false;
		if (text.len > 0)
			memcpy(copy, text.ptr, text.len);
		text.ptr = copy;
		memcpy((char *)delivery + fields[i], &text, sizeof text);
	}
	return true;
}

void cli_sheaf_add(cli_sheaf *sheaf, const sst_delivery *delivery)
{
	if (sheaf->count == sheaf->room) {
		size_t room = sheaf->room == 0 ? 256 : sheaf->room * 2;
		sst_delivery *more = realloc(sheaf->deliveries, room * sizeof *more);

		if (more == NULL) {
			sheaf->failed = true;
			return;
		}
		sheaf->deliveries = more;
		sheaf->room = room;
	}
	sheaf->deliveries[sheaf->count] = *delivery;
	if (copy_texts(sheaf, &sheaf->deliveries[sheaf->count]))
		sheaf->count++;
	else
		sheaf->failed = true;
}

bool cli_sheaf_write(void *context, const char *bytes, size_t len)
{
	cli_sheaf *sheaf = context;

	if (sheaf->out_room - sheaf->out_len < len) {
		size_t room = (sheaf->out_len + len) * 2;
		char *out = realloc(sheaf->out, room);

		if (out == NULL) {
			sheaf->failed = true;
			return false;
		}
		sheaf->out = out;
		sheaf->out_room = room;
	}
	memcpy(sheaf->out + sheaf->out_len, bytes, len);
	sheaf->out_len += len;
	return true;
}
