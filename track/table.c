/* SPDX-License-Identifier: MIT
 * track/table.c - messages by queue id: open addressing, hashed by the id alone, so that the same
 * look-up finds "queued as ID" on whichever host it is. */
#include "track/join.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 4096, FIRST_HOSTS = 8, MOST_HOSTS = 8000 };

static uint64_t mix(uint64_t value)
{
	value ^= value >> 32;
	value *= 0x9e3779b97f4a7c15U;
	value ^= value >> 29;
	value *= 0xbf58476d1ce4e5b9U;
	return value ^ value >> 32;
}

uint64_t sst__hash(sst_text text)
{
	uint64_t hash = text.len * 0x9e3779b97f4a7c15U, part;
	size_t at = 0;

	for (; at + 8 < text.len; at += 8) {
		memcpy(&part, text.ptr + at, 8);
		hash = (hash ^ part) * 0x9e3779b97f4a7c15U;
		hash ^= hash >> 32;
	}
	return mix(hash ^ sst__text_tail(text)) | 1;
}

static bool grow(sst_tracker *tracker)
{
	size_t count = tracker->slot_count == 0 ? FIRST_SLOTS : tracker->slot_count * 2;
	sst__slot *slots = calloc(count, sizeof *slots);

	if (slots == NULL)
		return false;
	for (size_t i = 0; i < tracker->slot_count; i++) {
		size_t at = tracker->slots[i].hash & (count - 1);

		if (tracker->slots[i].message == NULL)
			continue;
		while (slots[at].message != NULL)
			at = (at + 1) & (count - 1);
		slots[at] = tracker->slots[i];
	}
	free(tracker->slots);
	tracker->slots = slots;
	tracker->slot_count = count;
	return true;
}

bool sst__table_add(sst_tracker *tracker, sst__message *message)
{
	size_t at;

	if (tracker->slots_used * 2 >= tracker->slot_count && !grow(tracker))
		return false;
	at = message->hash & (tracker->slot_count - 1);
	while (tracker->slots[at].message != NULL)
		at = (at + 1) & (tracker->slot_count - 1);
	tracker->slots[at] = (sst__slot){message->hash, message};
	tracker->slots_used++;
	return true;
}

/* Closes the gap, so that look-ups never walk over graves. */
void sst__table_remove(sst_tracker *tracker, const sst__message *message)
{
	size_t mask = tracker->slot_count - 1, at = message->hash & mask, next;

	while (tracker->slots[at].message != message)
		at = (at + 1) & mask;
	for (next = (at + 1) & mask; tracker->slots[next].message != NULL;
	     next = (next + 1) & mask) {
		size_t home = tracker->slots[next].hash & mask;

		if (((next - home) & mask) >= ((next - at) & mask)) {
			tracker->slots[at] = tracker->slots[next];
			at = next;
		}
	}
	tracker->slots[at] = (sst__slot){0, NULL};
	tracker->slots_used--;
}

sst__message *sst__table_find(sst_tracker *tracker, uint64_t hash, unsigned host, sst_text id)
{
	size_t mask = tracker->slot_count - 1, at = hash & mask;

	if (tracker->slot_count == 0)
		return NULL;
	for (; tracker->slots[at].message != NULL; at = (at + 1) & mask) {
		sst__message *message = tracker->slots[at].message;

		if (tracker->slots[at].hash == hash && message->host == host &&
		    sst__has_id(message, id))
			return message;
	}
	return NULL;
}

void sst__table_expect(const sst_tracker *tracker, uint64_t hash, unsigned step)
{
#ifdef __GNUC__
	const sst__slot *slot;

	if (tracker->slot_count == 0)
		return;
	slot = &tracker->slots[hash & (tracker->slot_count - 1)];
	if (step == 0) {
		__builtin_prefetch(slot);
	} else if (slot->hash == hash && step == 1) {
		__builtin_prefetch(slot->message, 1);
		__builtin_prefetch((const char *)slot->message + 64, 1);
	} else if (slot->hash == hash) {
		const sst__message *message = slot->message;

		for (size_t at = 0; message->recipients != NULL && at < 192; at += 64)
			__builtin_prefetch((const char *)message->recipients + at, 1);
		__builtin_prefetch(message->older, 1);
		__builtin_prefetch(message->newer, 1);
	}
#else
	(void)tracker;
	(void)hash;
	(void)step;
#endif
}

/* Of two at the same moment the host that came first: what the table's order is must not matter. */
static bool is_later(const sst__message *message, const sst__message *than)
{
	if (message->heard != than->heard)
		return message->heard > than->heard;
	return message->host < than->host;
}

/* Where two hosts have the id, the one that was heard of last. */
sst__message *sst__table_find_any(sst_tracker *tracker, sst_text id, const sst__message *self)
{
	uint64_t hash = sst__hash(id);
	size_t mask = tracker->slot_count - 1, at = hash & mask;
	sst__message *best = NULL;

	if (tracker->slot_count == 0)
		return NULL;
	for (; tracker->slots[at].message != NULL; at = (at + 1) & mask) {
		sst__message *message = tracker->slots[at].message;

		if (tracker->slots[at].hash == hash && message != self &&
		    sst__has_id(message, id) && (best == NULL || is_later(message, best)))
			best = message;
	}
	return best;
}

static bool same_host(const sst_tracker *tracker, unsigned number, sst_text host)
{
	sst__string have = tracker->hosts[number];

	return have.len == host.len && sst__bytes_same(have.ptr, host.ptr, host.len);
}

static int host_new(sst_tracker *tracker, sst_text host)
{
	if (tracker->host_count == tracker->host_room) {
		unsigned room = tracker->host_room == 0 ? FIRST_HOSTS : tracker->host_room * 2;
		sst__string *hosts = realloc(tracker->hosts, room * sizeof *hosts);

		if (hosts == NULL)
			return -1;
		tracker->hosts = hosts;
		tracker->host_room = room;
	}
	tracker->hosts[tracker->host_count] = (sst__string){NULL, 0};
	if (!sst__string_set(&tracker->pool, &tracker->hosts[tracker->host_count], host))
		return -1;
	return (int)tracker->host_count++;
}

int sst__host_number(sst_tracker *tracker, sst_text host)
{
	unsigned *last;
	size_t at;
	int number;

	if (host.len > 255)
		host.len = 255;
	last = &tracker->last_host[host.len == 0 ? 0
	                                         : (unsigned char)host.ptr[host.len - 1] %
	                                                   SST__LAST_HOSTS];
	if (*last < tracker->host_count && same_host(tracker, *last, host))
		return (int)*last;
	at = sst__hash(host) % SST__HOST_SLOTS;
	for (; tracker->host_slots[at] != 0; at = (at + 1) % SST__HOST_SLOTS)
		if (same_host(tracker, tracker->host_slots[at] - 1U, host)) {
			*last = tracker->host_slots[at] - 1U;
			return (int)*last;
		}
	if (tracker->host_count ==
	    MOST_HOSTS) /* no fleet, but a log that is broken: they share one */
		return MOST_HOSTS - 1;
	number = host_new(tracker, host);
	if (number >= 0) {
		tracker->host_slots[at] = (uint16_t)(number + 1);
		*last = (unsigned)number;
	}
	return number;
}

void sst__list_remove(sst_tracker *tracker, sst__message *message)
{
	sst__list *list = &tracker->lists[message->list];

	*(message->older == NULL ? &list->oldest : &message->older->newer) = message->newer;
	*(message->newer == NULL ? &list->newest : &message->newer->older) = message->older;
}

void sst__list_add(sst_tracker *tracker, sst__message *message, unsigned number)
{
	sst__list *list = &tracker->lists[number];

	message->list = (uint8_t)number;
	message->newer = NULL;
	message->older = list->newest;
	*(list->newest == NULL ? &list->oldest : &list->newest->newer) = message;
	list->newest = message;
}
