/* SPDX-License-Identifier: MIT
 * track/join.c - joins events to messages: which message an event is about, and what it changes.
 *
 * A queue id alone is no key: Postfix uses its short ids again, qmail at once. An event belongs to
 * a message that is done only if it is stamped no later than that end (lines may be written late).
 */
#include "track/join.h"

#include <stdlib.h>

enum { DAY = 86400, FRESH_LIFE = 3600, QUEUE_LIFE = 15 * DAY };

sst_tracker *sst_tracker_new(const sst_tracker_options *options)
{
	sst_tracker *tracker = calloc(1, sizeof *tracker);
	size_t size = options->size < sizeof *options ? options->size : sizeof *options;

	if (tracker == NULL)
		return NULL;
	memcpy(&tracker->options, options, size);
	if (tracker->options.grace == 0)
		tracker->options.grace = 10;
	if (tracker->options.memory == 0)
		tracker->options.memory = (uint64_t)32 << 20;
	tracker->now = SST__NO_TIME;
	return tracker;
}

void sst_tracker_free(sst_tracker *tracker)
{
	if (tracker == NULL)
		return;
	for (unsigned list = 0; list < SST__LISTS; list++)
		while (tracker->lists[list].oldest != NULL)
			sst__message_free(tracker, tracker->lists[list].oldest);
	for (unsigned i = 0; i < tracker->host_count; i++)
		sst__pool_give(&tracker->pool, tracker->hosts[i].ptr, tracker->hosts[i].len);
	sst__pool_free(&tracker->pool);
	free(tracker->hosts);
	free(tracker->slots);
	free(tracker->spilled);
	free(tracker->buffer);
	free(tracker);
}

sst_tracker_counts sst_tracker_count(const sst_tracker *tracker)
{
	sst_tracker_counts counts = tracker->counts;

	counts.in_flight = tracker->slots_used + tracker->spilled_used;
	counts.memory = tracker->pool.used + tracker->slot_count * sizeof *tracker->slots +
	                tracker->spilled_count * sizeof *tracker->spilled;
	return counts;
}

/* Messages and recipients
 * -------------------------------------------------------------------------- */

sst__message *sst__message_new(sst_tracker *tracker, uint64_t hash, unsigned host, sst_text id)
{
	sst__message *message = sst__pool_take(&tracker->pool, sizeof *message);

	if (message == NULL)
		return NULL;
	memset(message, 0, sizeof *message);
	message->hash = hash;
	message->host = (uint16_t)host;
	message->accepted = message->heard = message->done = SST__NO_TIME;
	if (id.len <= SST__ID_SIZE) {
		memcpy(message->name, id.ptr, id.len);
		message->id.len = (uint32_t)id.len;
	} else if (!sst__string_set(&tracker->pool, &message->id, id)) {
		sst__pool_give(&tracker->pool, message, sizeof *message);
		return NULL;
	}
	if (!sst__table_add(tracker, message)) {
		if (message->id.ptr != NULL)
			sst__pool_give(&tracker->pool, message->id.ptr, message->id.len);
		sst__pool_give(&tracker->pool, message, sizeof *message);
		return NULL;
	}
	sst__list_add(tracker, message, SST__FRESH);
	if (tracker->slots_used > tracker->counts.most_in_flight)
		tracker->counts.most_in_flight = tracker->slots_used;
	return message;
}

static void string_free(sst_tracker *tracker, sst__string string)
{
	sst__pool_give(&tracker->pool, string.ptr, string.len);
}

void sst__message_free(sst_tracker *tracker, sst__message *message)
{
	sst__recipient *recipient = message->recipients;

	while (recipient != NULL) {
		sst__recipient *next = recipient->next;

		string_free(tracker, recipient->original);
		string_free(tracker, recipient->relay);
		string_free(tracker, recipient->text);
		string_free(tracker, recipient->remote_id);
		sst__recipient_free(tracker, recipient);
		recipient = next;
	}
	sst__pool_give(&tracker->pool, message->index, message->index_size * sizeof(sst__place));
	sst__list_remove(tracker, message);
	sst__table_remove(tracker, message);
	if (message->id.ptr != NULL)
		string_free(tracker, message->id);
	string_free(tracker, message->sender);
	string_free(tracker, message->message_id);
	string_free(tracker, message->client);
	string_free(tracker, message->notice_id);
	string_free(tracker, message->origin_id);
	string_free(tracker, message->next_id);
	string_free(tracker, message->text);
	sst__pool_give(&tracker->pool, message, sizeof *message);
}

static bool set(sst_tracker *tracker, sst__string *string, sst_text text)
{
	if (text.ptr == NULL)
		return true;
	if (sst__string_set(&tracker->pool, string, text))
		return true;
	tracker->failed = true;
	return false;
}

/* The recipient of an event: the same address as before, or a new one. */
static sst__recipient *recipient_of(sst_tracker *tracker, sst__message *message,
                                    const sst_event *event)
{
	sst__recipient *recipient = sst__recipient_find(message, event->recipient);

	if (recipient != NULL)
		return recipient;
	recipient = sst__recipient_new(tracker, message, event->recipient);
	if (recipient == NULL) {
		tracker->failed = true;
		return NULL;
	}
	set(tracker, &recipient->original, event->original);
	return recipient;
}

/* Time -------------------------------------------------------------------------------------------
 */

/* The log's clock goes with the newest stamp. A stray stamp (a clock that jumps) must not end the
 * grace of everything at once: a leap over a day counts when eight events in a row say so. */
static void step_clock(sst_tracker *tracker, int64_t time)
{
	if (time == SST__NO_TIME)
		return;
	if (tracker->now == SST__NO_TIME) {
		tracker->now = time;
		return;
	}
	if (time > tracker->now + DAY * SST__SECOND || time < tracker->now - DAY * SST__SECOND) {
		if (++tracker->astray < 8)
			return;
		tracker->now = time;
	} else if (time > tracker->now) {
		tracker->now = time;
	}
	tracker->astray = 0;
}

static void end_message(sst_tracker *tracker, sst__message *message, int64_t time)
{
	if (message->done != SST__NO_TIME)
		return;
	message->done = time == SST__NO_TIME ? 0 : time;
	sst__list_remove(tracker, message);
	sst__list_add(tracker, message, SST__DONE);
}

/* Gives out what has been done long enough, and what nobody speaks of any more. */
static void sweep(sst_tracker *tracker)
{
	int64_t now = tracker->now;
	sst__message *message;

	if (now == SST__NO_TIME)
		return;
	while ((message = tracker->lists[SST__DONE].oldest) != NULL &&
	       (message->done < now - (int64_t)tracker->options.grace * SST__SECOND ||
	        message->done > now + DAY * SST__SECOND))
		sst__emit(tracker, message);
	while ((message = tracker->lists[SST__FRESH].oldest) != NULL &&
	       message->heard < now - FRESH_LIFE * SST__SECOND)
		sst__emit(tracker, message);
	while ((message = tracker->lists[SST__RESTING].oldest) != NULL &&
	       message->heard < now - QUEUE_LIFE * SST__SECOND)
		sst__emit(tracker, message);
}

static void shrink(sst_tracker *tracker)
{
	while (tracker->pool.used > tracker->options.memory) {
		sst__message *message = tracker->lists[SST__RESTING].oldest;

		if (message == NULL)
			message = tracker->lists[SST__FRESH].oldest;
		if (message == NULL)
			message = tracker->lists[SST__DONE].oldest;
		if (message == NULL)
			return;
		if (message->list != SST__DONE && tracker->options.spill != NULL) {
			if (!sst__spill(tracker, message)) {
				tracker->failed = true;
				return;
			}
			continue;
		}
		tracker->counts.dropped += message->list != SST__DONE;
		sst__emit(tracker, message);
	}
}

/* Which message
 * ------------------------------------------------------------------------------------ */

/* Servers whose ids come back; those of the others hold the time, or are random. */
static bool ids_return(sst_server server)
{
	return server == SST_SERVER_POSTFIX || server == SST_SERVER_QMAIL ||
	       server == SST_SERVER_UNKNOWN;
}

/* The event can't be about this message: the id came back. */
static bool is_another(const sst__message *message, const sst_event *event)
{
	if (event->flags & SST_TRACK_FRESH)
		return true;
	if (!ids_return(event->server))
		return false;
	if (event->kind == SST_EVENT_ACCEPTED && (message->state & SST__HAS_CLIENT))
		return event->time > message->accepted || message->done != SST__NO_TIME;
	return message->done != SST__NO_TIME && event->time != SST__NO_TIME &&
	       event->time > message->done && event->kind != SST_EVENT_NOTICE &&
	       event->kind != SST_EVENT_DONE && event->kind != SST_EVENT_REMARK;
}

static bool starts_message(sst_event_kind kind)
{
	return kind == SST_EVENT_ACCEPTED || kind == SST_EVENT_HEADER || kind == SST_EVENT_QUEUED ||
	       kind == SST_EVENT_RECIPIENT || kind == SST_EVENT_ATTEMPT;
}

static sst__message *message_of(sst_tracker *tracker, const sst_event *event, uint64_t hash)
{
	int host = sst__host_number(tracker, event->host);
	sst__message *message;

	if (host < 0) {
		tracker->failed = true;
		return NULL;
	}
	message = sst__table_find(tracker, hash, (unsigned)host, event->queue_id);
	if (message == NULL && tracker->spilled_used > 0)
		message = sst__unspill(tracker, hash, (unsigned)host, event->queue_id);
	if (message != NULL && is_another(message, event)) {
		if (message->done == SST__NO_TIME)
			end_message(tracker, message, event->time);
		sst__emit(tracker, message);
		message = NULL;
	}
	if (message == NULL) {
		if (!starts_message(event->kind))
			return NULL;
		message = sst__message_new(tracker, hash, (unsigned)host, event->queue_id);
		if (message == NULL) {
			tracker->failed = true;
			return NULL;
		}
		tracker->counts.orphans += event->kind == SST_EVENT_ATTEMPT;
	} else if (message->done != SST__NO_TIME) {
		tracker->counts.late++;
	}
	message->server = event->server;
	return message;
}

/* Heard of: goes to the end of its list, which is sorted by that. */
static void hear(sst_tracker *tracker, sst__message *message, const sst_event *event)
{
	unsigned list = message->list;

	if (event->time != SST__NO_TIME && event->time > message->heard)
		message->heard = event->time;
	if (list == SST__DONE)
		return;
	if (event->kind != SST_EVENT_ACCEPTED && event->kind != SST_EVENT_HEADER)
		list = SST__RESTING;
	if (list == message->list && message->newer == NULL)
		return;
	sst__list_remove(tracker, message);
	sst__list_add(tracker, message, list);
}

/* What it changes
 * ----------------------------------------------------------------------------------- */

static void note_accepted(sst_tracker *tracker, sst__message *message, const sst_event *event)
{
	if (!(message->state & SST__HAS_CLIENT)) {
		message->accepted = event->time;
		message->zone = event->zone;
	}
	message->state |= SST__HAS_CLIENT;
	if (message->line == 0) {
		message->line = event->line;
		message->file = event->file;
	}
	if (!tracker->options.figures)
		set(tracker, &message->client, event->relay);
	if (event->other_id.len == 0)
		return;
	set(tracker, &message->origin_id, event->other_id);
	if (SST__STARTS(event->relay, "local") && event->server == SST_SERVER_POSTFIX) {
		/* postsuper -r: the same message under another id */
		sst__message *old = sst__table_find_any(tracker, event->other_id, message);

		if (old != NULL && old->host == message->host && old->done == SST__NO_TIME) {
			old->state |= SST__REQUEUED;
			end_message(tracker, old, event->time);
		}
	}
}

static void note_envelope(sst_tracker *tracker, sst__message *message, const sst_event *event)
{
	if (event->sender.ptr != NULL && !(message->state & SST__HAS_SENDER)) {
		set(tracker, &message->sender, event->sender);
		message->state |= SST__HAS_SENDER;
	}
	if (event->message_id.ptr != NULL && message->message_id.ptr == NULL)
		set(tracker, &message->message_id, event->message_id);
	if (event->size != 0)
		message->size = event->size;
	if (event->recipients != 0 && message->total == 0 && !(event->flags & SST_TRACK_GROUP))
		message->total = event->recipients;
}

static bool is_final(sst_attempt result)
{
	return result != SST_ATTEMPT_NONE && result != SST_ATTEMPT_DEFERRED;
}

/* Servers that log no end, or not always: done when every recipient has its end. */
static bool logs_no_end(sst_server server)
{
	return server != SST_SERVER_POSTFIX && server != SST_SERVER_EXIM &&
	       server != SST_SERVER_QMAIL;
}

static void note_numbers(sst__recipient *recipient, const sst_event *event)
{
	recipient->line = event->line;
	recipient->file = event->file;
	recipient->last = event->time;
	if (recipient->first == SST__NO_TIME)
		recipient->first = event->time;
	recipient->delay = event->delay;
	memcpy(recipient->delays, event->delays, sizeof event->delays);
	recipient->delays_known = event->delays_known;
	recipient->phase = event->phase;
	recipient->zone = event->zone;
}

/* What gives up, or did not try, has no answer of its own. Postfix repeats the answer of another
 * message, and logs it as this one's status. */
static bool keeps_words(const sst_event *event)
{
	if (event->result == SST_ATTEMPT_EXPIRED)
		return false;
	return !(event->flags & SST_TRACK_NOT_TRIED) || event->server == SST_SERVER_POSTFIX;
}

/* Exim's "retry timeout exceeded" and Postfix's expiry are no attempt, and leave the last answer in
 * place: it is the reason. */
static void note_result(sst_tracker *tracker, sst__message *message, sst__recipient *recipient,
                        const sst_event *event)
{
	bool was_final = is_final(recipient->result);

	/* A line that was written late must not undo what came after it. */
	if (was_final && event->time != SST__NO_TIME && event->time < recipient->last)
		return;
	recipient->result = event->result;
	recipient->flags = event->flags;
	note_numbers(recipient, event);
	if (keeps_words(event) || recipient->attempts == 0) {
		recipient->status = event->status;
		recipient->reply = event->reply;
		if (!tracker->options.figures || event->result != SST_ATTEMPT_DELIVERED) {
			set(tracker, &recipient->text, event->text);
			set(tracker, &recipient->relay, event->relay);
		}
	}
	message->final += is_final(event->result) && !was_final;
	message->final -= !is_final(event->result) && was_final;
}

/* An alias that was accepted as a recipient is replaced by the addresses that it stands for. */
static void note_expansion(sst__message *message, const sst_event *event)
{
	sst__recipient *alias;

	if (event->original.len == 0)
		return;
	alias = sst__recipient_find(message, event->original);
	if (alias == NULL || alias->result != SST_ATTEMPT_NONE)
		return;
	alias->result = SST_ATTEMPT_EXPANDED;
	alias->flags |= SST_TRACK_PROBE; /* gives no delivery of its own */
	message->final++;
}

/* It looked done, but a further recipient turned up. */
static void revive(sst_tracker *tracker, sst__message *message)
{
	message->done = SST__NO_TIME;
	sst__list_remove(tracker, message);
	sst__list_add(tracker, message, SST__RESTING);
}

static void note_attempt_of(sst_tracker *tracker, sst__message *message, const sst_event *event,
                            sst__recipient *recipient)
{
	uint32_t times = event->repeated + 1;
	bool not_tried = (event->flags & SST_TRACK_NOT_TRIED) != 0;

	if (recipient == NULL)
		return;
	note_result(tracker, message, recipient, event);
	recipient->not_tried += not_tried ? times : 0;
	if (event->result != SST_ATTEMPT_EXPIRED && !(event->flags & SST_TRACK_PROBE) &&
	    !(not_tried && event->server != SST_SERVER_POSTFIX)) {
		recipient->attempts += times;
		recipient->temporary += event->result == SST_ATTEMPT_DEFERRED ? times : 0;
		tracker->counts.attempts += times;
	}
	if (event->other_id.len > 0 || event->result == SST_ATTEMPT_DELIVERED)
		sst__link_next(tracker, message, recipient,
		               event->other_id.len > 0 ? event->other_id
		                                       : sst__remote_id(event->text));
	note_expansion(message, event);
	if (logs_no_end(event->server) && message->done != SST__NO_TIME && !is_final(event->result))
		revive(tracker, message);
	if (logs_no_end(event->server) && message->total > 0 && message->final >= message->total &&
	    message->final == message->known)
		end_message(tracker, message, event->time);
}

/* A result for a group: those of its recipients who had a line of their own are left out once. */
static void note_group(sst_tracker *tracker, sst__message *message, const sst_event *event)
{
	bool found = false;

	for (sst__recipient *r = message->recipients; r != NULL; r = r->next) {
		if (event->recipients != 0 && r->group != event->recipients)
			continue;
		found = true;
		if (!is_final(r->result) && !r->own)
			note_attempt_of(tracker, message, event, r);
		r->own = false;
	}
	if (!found && message->recipients == NULL) /* the server's own notices name nobody */
		note_attempt_of(tracker, message, event, recipient_of(tracker, message, event));
}

static void note_attempt(sst_tracker *tracker, sst__message *message, const sst_event *event)
{
	sst__recipient *recipient;

	if (event->flags & SST_TRACK_GROUP) {
		sst_event copy = *event;

		copy.flags &= (uint16_t)~SST_TRACK_GROUP;
		copy.recipients = 0;
		if (message->recipients == NULL)
			recipient_of(tracker, message, &copy);
		note_group(tracker, message, event);
		return;
	}
	recipient = recipient_of(tracker, message, event);
	if (recipient != NULL)
		recipient->own = true;
	note_attempt_of(tracker, message, event, recipient);
}

/* A notice QID2 about QID: each knows of the other from now on. */
static void note_notice(sst_tracker *tracker, sst__message *message, const sst_event *event)
{
	sst__message *other = sst__table_find_any(tracker, event->other_id, message);

	set(tracker, &message->notice_id, event->other_id);
	if (other == NULL || other->host != message->host)
		return;
	other->state |= SST__NOTICE;
	if (other->origin_id.len == 0)
		set(tracker, &other->origin_id, sst__message_id(message));
}

/* A filter passed it on under another id. */
static void note_handover(sst_tracker *tracker, sst__message *message, const sst_event *event)
{
	sst__message *next = sst__table_find_any(tracker, event->other_id, message);

	set(tracker, &message->next_id, event->other_id);
	if (next != NULL && next->host == message->host && next->origin_id.len == 0)
		set(tracker, &next->origin_id, sst__message_id(message));
}

static void note_end(sst_tracker *tracker, sst__message *message, const sst_event *event)
{
	if (event->kind == SST_EVENT_DELETED && message->done == SST__NO_TIME)
		message->state |= SST__DELETED;
	if (event->kind == SST_EVENT_DISCARDED)
		message->state |= SST__DISCARDED;
	if (event->text.len > 0)
		set(tracker, &message->text, event->text);
	if (event->kind != SST_EVENT_DISCARDED || event->server != SST_SERVER_POSTFIX)
		end_message(tracker, message, event->time);
	else if (message->total == 0)
		end_message(tracker, message, event->time); /* nothing more will be said */
}

static void note(sst_tracker *tracker, sst__message *message, const sst_event *event)
{
	note_envelope(tracker, message, event);
	switch (event->kind) {
	case SST_EVENT_ACCEPTED:
		note_accepted(tracker, message, event);
		break;
	case SST_EVENT_HEADER: /* the first line of a message that the server made itself */
		if (message->accepted == SST__NO_TIME && message->recipients == NULL) {
			message->accepted = event->time;
			message->zone = event->zone;
		}
		break;
	case SST_EVENT_RECIPIENT:
		recipient_of(tracker, message, event);
		break;
	case SST_EVENT_ATTEMPT:
		note_attempt(tracker, message, event);
		break;
	case SST_EVENT_EXPIRED:
		message->state |= SST__EXPIRED;
		break;
	case SST_EVENT_NOTICE:
		note_notice(tracker, message, event);
		break;
	case SST_EVENT_HANDOVER:
		note_handover(tracker, message, event);
		break;
	case SST_EVENT_HELD:
		message->state |= SST__HELD;
		set(tracker, &message->text, event->text);
		break;
	case SST_EVENT_RELEASED:
		message->state &= (uint16_t)~SST__HELD;
		break;
	case SST_EVENT_DISCARDED:
	case SST_EVENT_DELETED:
	case SST_EVENT_DONE:
		note_end(tracker, message, event);
		break;
	default:
		break;
	}
}

static bool take(sst_tracker *tracker, const sst_event *event, uint64_t hash)
{
	sst__message *message;

	step_clock(tracker, event->time);
	sweep(tracker);
	if (event->kind == SST_EVENT_REFUSED) {
		sst__emit_refusal(tracker, event);
		return !tracker->failed;
	}
	if (event->kind == SST_EVENT_REMARK || event->queue_id.len == 0)
		return true;
	message = message_of(tracker, event, hash);
	if (message != NULL) {
		hear(tracker, message, event);
		note(tracker, message, event);
	}
	if (tracker->pool.used > tracker->options.memory)
		shrink(tracker);
	return !tracker->failed;
}

bool sst_tracker_take(sst_tracker *tracker, const sst_event *event)
{
	return take(tracker, event, sst__hash(event->queue_id));
}

bool sst_tracker_take_all(sst_tracker *tracker, const sst_event *events, size_t count)
{
	enum { TOGETHER = 16 };
	uint64_t hashes[TOGETHER];

	for (size_t from = 0; from < count; from += TOGETHER) {
		const sst_event *next = events + from;
		size_t some = count - from < TOGETHER ? count - from : TOGETHER;

		for (size_t i = 0; i < some; i++) {
			hashes[i] = sst__hash(next[i].queue_id);
			sst__table_expect(tracker, hashes[i], 0);
		}
		for (size_t i = 0; i < some; i++)
			sst__table_expect(tracker, hashes[i], 1);
		for (size_t i = 0; i < some; i++)
			sst__table_expect(tracker, hashes[i], 2);
		for (size_t i = 0; i < some; i++)
			if (!take(tracker, &next[i], hashes[i]))
				return false;
	}
	return true;
}

bool sst_tracker_wait(sst_tracker *tracker, int64_t time)
{
	if (tracker->now != SST__NO_TIME && time > tracker->now &&
	    time < tracker->now + DAY * SST__SECOND)
		tracker->now = time;
	sweep(tracker);
	return !tracker->failed;
}

bool sst_tracker_finish(sst_tracker *tracker)
{
	static const unsigned order[] = {SST__DONE, SST__RESTING, SST__FRESH};

	for (unsigned i = 0; i < SST__LISTS; i++)
		while (tracker->lists[order[i]].oldest != NULL)
			sst__emit(tracker, tracker->lists[order[i]].oldest);
	/* Taking one out may move another to its place. */
	for (size_t i = 0; i < tracker->spilled_count; i++)
		while (tracker->spilled[i].hash != 0) {
			sst__message *message = sst__unspill_at(tracker, i);

			if (message == NULL)
				return false;
			sst__emit(tracker, message);
		}
	return !tracker->failed;
}
