/* SPDX-License-Identifier: MIT
 * track/state.c - messages as bytes: for the spill, and for going on where a run stopped. The form
 * is for the same machine and version: a leading word says which, and all else is refused. */
#include "track/join.h"

#include <stdlib.h>

#define STATE_MAGIC 0x3254533354535353U /* changes with the form */

typedef struct packer {
	sst_tracker *tracker;
	size_t len;
	bool failed;
} packer;

static void put(packer *to, const void *bytes, size_t len)
{
	sst_tracker *tracker = to->tracker;

	if (tracker->buffer_size - to->len < len) {
		size_t size = (tracker->buffer_size + len) * 2;
		char *buffer = realloc(tracker->buffer, size);

		if (buffer == NULL) {
			to->failed = true;
			return;
		}
		tracker->buffer = buffer;
		tracker->buffer_size = size;
	}
	if (len > 0)
		memcpy(tracker->buffer + to->len, bytes, len);
	to->len += len;
}

static void put_string(packer *to, sst__string string)
{
	uint32_t len = string.ptr == NULL ? UINT32_MAX : string.len;

	put(to, &len, sizeof len);
	if (string.ptr != NULL)
		put(to, string.ptr, string.len);
}

static void put_recipient(packer *to, const sst__recipient *recipient)
{
	put(to, recipient, sizeof *recipient);
	put_string(to, recipient->address);
	put_string(to, recipient->original);
	put_string(to, recipient->relay);
	put_string(to, recipient->text);
	put_string(to, recipient->remote_id);
}

static size_t pack(sst_tracker *tracker, const sst__message *message, bool *failed)
{
	packer to = {tracker, 0, false};

	put(&to, message, sizeof *message);
	put_string(&to,
	           (sst__string){(char *)(uintptr_t)sst__message_id(message).ptr, message->id.len});
	put_string(&to, message->sender);
	put_string(&to, message->message_id);
	put_string(&to, message->client);
	put_string(&to, message->notice_id);
	put_string(&to, message->origin_id);
	put_string(&to, message->next_id);
	put_string(&to, message->text);
	for (const sst__recipient *r = message->recipients; r != NULL; r = r->next)
		put_recipient(&to, r);
	*failed = to.failed;
	return to.len;
}

static bool get(sst_text *from, void *bytes, size_t len)
{
	if (from->len < len)
		return false;
	memcpy(bytes, from->ptr, len);
	return sst__drop(from, len);
}

static bool get_string(sst_tracker *tracker, sst_text *from, sst__string *string)
{
	uint32_t len;

	*string = (sst__string){NULL, 0};
	if (!get(from, &len, sizeof len))
		return false;
	if (len == UINT32_MAX)
		return true;
	if (len > from->len || len > 65535)
		return false;
	if (!sst__string_set(&tracker->pool, string, (sst_text){from->ptr, len})) {
		tracker->failed = true;
		return false;
	}
	return sst__drop(from, len);
}

static bool get_recipient(sst_tracker *tracker, sst_text *from, sst__message *message)
{
	sst__recipient copy, *recipient;
	sst__string address;

	if (!get(from, &copy, sizeof copy) || !get_string(tracker, from, &address))
		return false;
	recipient = sst__recipient_new(tracker, message, sst__string_text(address));
	sst__pool_give(&tracker->pool, address.ptr, address.len);
	if (recipient == NULL)
		return false;
	copy.next = NULL;
	copy.address = recipient->address;
	copy.original = copy.relay = copy.text = copy.remote_id = (sst__string){NULL, 0};
	if (copy.next_host > tracker->host_count)
		copy.next_host = 0;
	*recipient = copy;
	return get_string(tracker, from, &recipient->original) &&
	       get_string(tracker, from, &recipient->relay) &&
	       get_string(tracker, from, &recipient->text) &&
	       get_string(tracker, from, &recipient->remote_id);
}

static bool get_strings(sst_tracker *tracker, sst_text *from, sst__message *message)
{
	return get_string(tracker, from, &message->sender) &&
	       get_string(tracker, from, &message->message_id) &&
	       get_string(tracker, from, &message->client) &&
	       get_string(tracker, from, &message->notice_id) &&
	       get_string(tracker, from, &message->origin_id) &&
	       get_string(tracker, from, &message->next_id) &&
	       get_string(tracker, from, &message->text);
}

static sst__message *unpack(sst_tracker *tracker, sst_text from)
{
	sst__message copy, *message;
	sst__string id;
	uint32_t known;

	if (!get(&from, &copy, sizeof copy) || !get_string(tracker, &from, &id))
		return NULL;
	if (copy.host >= tracker->host_count || copy.list >= SST__LISTS)
		return NULL;
	message = sst__message_new(tracker, sst__hash(sst__string_text(id)), copy.host,
	                           sst__string_text(id));
	sst__pool_give(&tracker->pool, id.ptr, id.len);
	if (message == NULL)
		return NULL;
	known = copy.known;
	copy.hash = message->hash;
	copy.newer = message->newer;
	copy.older = message->older;
	copy.id = message->id;
	memcpy(copy.name, message->name, sizeof copy.name);
	copy.recipients = copy.last_recipient = NULL;
	copy.index = NULL;
	copy.index_size = copy.known = 0;
	copy.sender = copy.message_id = copy.client = (sst__string){NULL, 0};
	copy.notice_id = copy.origin_id = copy.next_id = copy.text = (sst__string){NULL, 0};
	sst__list_remove(tracker, message);
	*message = copy;
	sst__list_add(tracker, message, copy.list);
	if (!get_strings(tracker, &from, message))
		return NULL;
	while (known-- > 0)
		if (!get_recipient(tracker, &from, message))
			return NULL;
	return message;
}

/* Spill
 * --------------------------------------------------------------------------------------------- */

static uint64_t spill_hash(uint64_t hash, unsigned host)
{
	return (hash ^ (uint64_t)(host + 1) * 0x9e3779b97f4a7c15U) | 1;
}

static bool spilled_grow(sst_tracker *tracker)
{
	size_t count = tracker->spilled_count == 0 ? 4096 : tracker->spilled_count * 2;
	sst__spilled *spilled = calloc(count, sizeof *spilled);

	if (spilled == NULL)
		return false;
	for (size_t i = 0; i < tracker->spilled_count; i++) {
		size_t at = tracker->spilled[i].hash & (count - 1);

		if (tracker->spilled[i].hash == 0)
			continue;
		while (spilled[at].hash != 0)
			at = (at + 1) & (count - 1);
		spilled[at] = tracker->spilled[i];
	}
	free(tracker->spilled);
	tracker->spilled = spilled;
	tracker->spilled_count = count;
	return true;
}

static void spilled_remove(sst_tracker *tracker, size_t at)
{
	size_t mask = tracker->spilled_count - 1;

	for (size_t next = (at + 1) & mask; tracker->spilled[next].hash != 0;
	     next = (next + 1) & mask) {
		size_t home = tracker->spilled[next].hash & mask;

		if (((next - home) & mask) >= ((next - at) & mask)) {
			tracker->spilled[at] = tracker->spilled[next];
			at = next;
		}
	}
	tracker->spilled[at] = (sst__spilled){0, 0, 0};
	tracker->spilled_used--;
}

bool sst__spill(sst_tracker *tracker, sst__message *message)
{
	bool failed;
	size_t len = pack(tracker, message, &failed), at;
	sst__spilled entry = {spill_hash(message->hash, message->host), 0, len};

	if (failed ||
	    (tracker->spilled_used * 2 >= tracker->spilled_count && !spilled_grow(tracker)))
		return false;
	if (!tracker->options.spill(tracker->options.context, (sst_text){tracker->buffer, len},
	                            &entry.token))
		return false;
	at = entry.hash & (tracker->spilled_count - 1);
	while (tracker->spilled[at].hash != 0)
		at = (at + 1) & (tracker->spilled_count - 1);
	tracker->spilled[at] = entry;
	tracker->spilled_used++;
	tracker->counts.spilled++;
	sst__message_free(tracker, message);
	return true;
}

sst__message *sst__unspill_at(sst_tracker *tracker, size_t at)
{
	sst__spilled entry = tracker->spilled[at];
	sst__message *message;
	char *copy = malloc(entry.size);

	if (copy == NULL ||
	    !tracker->options.unspill(tracker->options.context, entry.token, copy, entry.size)) {
		free(copy);
		tracker->failed = true;
		return NULL;
	}
	message = unpack(tracker, (sst_text){copy, entry.size});
	free(copy);
	spilled_remove(tracker, at);
	if (message == NULL)
		tracker->failed = true;
	return message;
}

/* Another message may have the same hash: it is looked at, and spilled again by the next shortage.
 */
sst__message *sst__unspill(sst_tracker *tracker, uint64_t hash, unsigned host, sst_text id)
{
	uint64_t wanted = spill_hash(hash, host);
	size_t mask = tracker->spilled_count - 1, at = wanted & mask;

	for (; tracker->spilled[at].hash != 0; at = (at + 1) & mask) {
		sst__message *message;

		if (tracker->spilled[at].hash != wanted)
			continue;
		message = sst__unspill_at(tracker, at);
		if (message == NULL)
			return NULL;
		if (message->host == host && sst__has_id(message, id))
			return message;
		at = (at - 1) & mask; /* another one moved to this place */
	}
	return NULL;
}

/* Save and load
 * -------------------------------------------------------------------------------------- */

typedef struct header {
	uint64_t magic;
	uint64_t sizes; /* of the structs: another build may lay them out otherwise */
	sst_tracker_counts counts;
	int64_t now;
	uint32_t astray, hosts;
	uint64_t messages;
} header;

typedef bool writer(void *context, const void *bytes, size_t len);

static uint64_t struct_sizes(void)
{
	return sizeof(sst__message) << 32 | sizeof(sst__recipient);
}

static bool save_text(writer *write, void *context, sst_text text)
{
	uint32_t len = (uint32_t)text.len;

	return write(context, &len, sizeof len) && (len == 0 || write(context, text.ptr, len));
}

static bool save_message(sst_tracker *tracker, const sst__message *message, writer *write,
                         void *context)
{
	bool failed;
	size_t len = pack(tracker, message, &failed);

	return !failed && save_text(write, context, (sst_text){tracker->buffer, len});
}

static bool save_spilled(sst_tracker *tracker, const sst__spilled *entry, writer *write,
                         void *context)
{
	char *copy = malloc(entry->size);
	bool done = copy != NULL &&
	            tracker->options.unspill(tracker->options.context, entry->token, copy,
	                                     entry->size) &&
	            save_text(write, context, (sst_text){copy, entry->size});

	free(copy);
	return done;
}

bool sst_tracker_save(sst_tracker *tracker,
                      bool (*write)(void *context, const void *bytes, size_t len), void *context)
{
	header head;

	memset(&head, 0, sizeof head);
	head.magic = STATE_MAGIC;
	head.sizes = struct_sizes();
	head.counts = tracker->counts;
	head.now = tracker->now;
	head.astray = tracker->astray;
	head.hosts = tracker->host_count;
	head.messages = tracker->slots_used + tracker->spilled_used;
	if (!write(context, &head, sizeof head))
		return false;
	for (unsigned i = 0; i < tracker->host_count; i++)
		if (!save_text(write, context, sst__string_text(tracker->hosts[i])))
			return false;
	for (unsigned list = 0; list < SST__LISTS; list++)
		for (sst__message *m = tracker->lists[list].oldest; m != NULL; m = m->newer)
			if (!save_message(tracker, m, write, context))
				return false;
	for (size_t i = 0; i < tracker->spilled_count; i++)
		if (tracker->spilled[i].hash != 0 &&
		    !save_spilled(tracker, &tracker->spilled[i], write, context))
			return false;
	return true;
}

static bool load_text(sst_text *from, sst_text *text)
{
	uint32_t len;

	if (!get(from, &len, sizeof len) || len > from->len)
		return false;
	*text = sst__text_part(*from, 0, len);
	return sst__drop(from, len);
}

sst_result sst_tracker_load(sst_tracker *tracker, sst_text bytes)
{
	sst_result bad = {SST_E_SYNTAX, 0, "the state of another version"};
	sst_text from = bytes, text;
	header head;

	if (!get(&from, &head, sizeof head) || head.magic != STATE_MAGIC ||
	    head.sizes != struct_sizes())
		return bad;
	bad.rule = "the state is damaged";
	tracker->counts = head.counts;
	tracker->now = head.now;
	tracker->astray = head.astray;
	for (uint32_t i = 0; i < head.hosts; i++)
		if (!load_text(&from, &text) || sst__host_number(tracker, text) < 0)
			return bad;
	for (uint64_t i = 0; i < head.messages; i++)
		if (!load_text(&from, &text) || unpack(tracker, text) == NULL)
			return bad;
	return (sst_result){SST_OK, bytes.len - from.len, NULL};
}
