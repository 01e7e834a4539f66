/* SPDX-License-Identifier: MIT
 * track/recipient.c - a message's recipients. Few are searched one by one, many through an index,
 * so that a message to a million costs no more for each than one to ten. */
#include "track/join.h"

enum { SEARCHED = 4, FIRST_INDEX = 16 };

static bool is_same(const sst__recipient *recipient, sst_text address)
{
	return recipient->address.len == address.len &&
	       sst__bytes_same(recipient->address.ptr, address.ptr, address.len);
}

static void index_put(sst__message *message, sst__recipient *recipient)
{
	uint32_t hash = (uint32_t)sst__hash(sst__string_text(recipient->address));
	uint32_t at = hash & (message->index_size - 1);

	while (message->index[at].recipient != NULL)
		at = (at + 1) & (message->index_size - 1);
	message->index[at] = (sst__place){hash, recipient};
}

/* Makes the index twice as large, and puts everybody in. */
static bool index_grow(sst__pool *pool, sst__message *message)
{
	uint32_t size = message->index_size == 0 ? FIRST_INDEX : message->index_size * 2;
	sst__place *index = sst__pool_take(pool, size * sizeof(*index));

	if (index == NULL)
		return false;
	memset(index, 0, size * sizeof(*index));
	sst__pool_give(pool, message->index, message->index_size * sizeof(*index));
	message->index = index;
	message->index_size = size;
	for (sst__recipient *r = message->recipients; r != NULL; r = r->next)
		index_put(message, r);
	return true;
}

sst__recipient *sst__recipient_find(const sst__message *message, sst_text address)
{
	uint32_t hash, at;

	if (message->index == NULL) {
		for (sst__recipient *r = message->recipients; r != NULL; r = r->next)
			if (is_same(r, address))
				return r;
		return NULL;
	}
	hash = (uint32_t)sst__hash(address);
	for (at = hash & (message->index_size - 1); message->index[at].recipient != NULL;
	     at = (at + 1) & (message->index_size - 1))
		if (message->index[at].hash == hash &&
		    is_same(message->index[at].recipient, address))
			return message->index[at].recipient;
	return NULL;
}

static sst_text domain_of(sst__string address)
{
	size_t at = address.len;

	while (at > 0 && address.ptr[at - 1] != '@')
		at--;
	return (sst_text){address.ptr + at, address.len - at};
}

/* The number of its domain, in the order in which domains came (Haraka counts so). Looked for among
 * the first ones only: more domains than that in one message have no group. */
static uint32_t group_of(const sst__message *message, const sst__recipient *recipient)
{
	sst_text domain = domain_of(recipient->address);
	uint32_t most = 0, seen = 0;

	if (message->server != SST_SERVER_HARAKA)
		return 0;
	for (const sst__recipient *r = message->recipients; r != recipient && seen < 1000;
	     r = r->next) {
		if (r->group > 0 && sst__text_same(domain_of(r->address), domain))
			return r->group;
		most = r->group > most ? r->group : most;
		seen++;
	}
	return seen == 1000 ? 0 : most + 1;
}

void sst__recipient_free(sst_tracker *tracker, sst__recipient *recipient)
{
	sst__pool_give(&tracker->pool, recipient, sizeof *recipient + recipient->address.len);
}

sst__recipient *sst__recipient_new(sst_tracker *tracker, sst__message *message, sst_text address)
{
	size_t len = address.len > 65535 ? 65535 : address.len;
	sst__recipient *recipient = sst__pool_take(&tracker->pool, sizeof *recipient + len);

	if (recipient == NULL)
		return NULL;
	memset(recipient, 0, sizeof *recipient);
	recipient->address = (sst__string){(char *)(recipient + 1), (uint32_t)len};
	if (len > 0)
		memcpy(recipient->address.ptr, address.ptr, len);
	recipient->first = recipient->last = SST__NO_TIME;
	*(message->last_recipient == NULL ? &message->recipients : &message->last_recipient->next) =
	        recipient;
	message->last_recipient = recipient;
	recipient->group = group_of(message, recipient);
	message->known++;
	if (message->known <= SEARCHED)
		return recipient;
	if (message->known * 2 <= message->index_size)
		index_put(message, recipient);
	else if (!index_grow(&tracker->pool, message))
		return NULL;
	return recipient;
}
