/* SPDX-License-Identifier: MIT
 * track/emit.c - a message has come to its end: the fate of each recipient, and where it went on.
 */
#include "track/join.h"

/* A queue id and nothing else: letters, digits, and the dashes of Exim's. */
static bool is_id(sst_text id)
{
	unsigned digits = 0;

	for (size_t i = 0; i < id.len; i++) {
		char c = id.ptr[i];

		digits += sst__is_digit(c);
		if (!sst__is_digit(c) && !sst__is_alpha(c) && c != '-')
			return false;
	}
	return id.len >= 5 && id.len <= 32 && digits > 0;
}

static sst_text word_at(sst_text text, size_t at)
{
	size_t end = at;

	while (end < text.len && text.ptr[end] != ' ' && text.ptr[end] != ')' &&
	       text.ptr[end] != ',' && text.ptr[end] != '"' && text.ptr[end] != '/')
		end++;
	while (end > at && text.ptr[end - 1] == '.')
		end--;
	return sst__text_part(text, at, end);
}

/* Offset of the first `part`, or text.len. Its byte at `place` is a rare one, so that the
 * search rarely stops for nothing. */
static size_t find_rare(sst_text text, sst_text part, size_t place)
{
	size_t at = place;

	while ((at = sst__find(text, at, part.ptr[place])) < text.len) {
		if (at - place + part.len <= text.len &&
		    memcmp(text.ptr + at - place, part.ptr, part.len) == 0)
			return at - place;
		at++;
	}
	return text.len;
}

/* The word before `at`. */
static sst_text word_before(sst_text text, size_t at)
{
	size_t start = at;

	while (start > 0 && text.ptr[start - 1] != ' ')
		start--;
	return sst__text_part(text, start, at);
}

/* The queue id that the next hop said in its last reply: "250 2.0.0 Ok: queued as ID" (Postfix),
 * "250 OK id=ID" (Exim), "2.0.0 ID Message accepted for delivery" (Sendmail, OpenSMTPD),
 * "forwarded as ID" (Postfix's local). Absent if it said none. */
sst_text sst__remote_id(sst_text text)
{
	sst_text id = SST_NO_TEXT;
	size_t at;

	if ((at = find_rare(text, SST_TEXT("queued as "), 0)) < text.len)
		id = word_at(text, at + 10);
	else if ((at = find_rare(text, SST_TEXT(" id="), 3)) < text.len)
		id = word_at(text, at + 4);
	else if (SST__STARTS(text, "forwarded as "))
		id = word_at(text, 13);
	else if ((at = find_rare(text, SST_TEXT(" Message accepted for delivery"), 1)) < text.len)
		id = word_before(text, at);
	return id.len > 0 && is_id(id) ? id : SST_NO_TEXT;
}

/* The message that `id` names on another host (or a filter's on the same), if its log is here. */
static sst__message *next_message(sst_tracker *tracker, const sst__message *message, sst_text id)
{
	sst__message *next = sst__table_find_any(tracker, id, message);

	if (next == NULL)
		return NULL;
	if (next->message_id.len > 0 && message->message_id.len > 0 &&
	    (next->message_id.len != message->message_id.len ||
	     memcmp(next->message_id.ptr, message->message_id.ptr, next->message_id.len) != 0))
		return NULL;
	return next;
}

void sst__link_next(sst_tracker *tracker, sst__message *message, sst__recipient *recipient,
                    sst_text id)
{
	sst__message *next;

	if (id.len == 0)
		return;
	if (!sst__string_set(&tracker->pool, &recipient->remote_id, id)) {
		tracker->failed = true;
		return;
	}
	recipient->next_host = 0;
	next = next_message(tracker, message, id);
	if (next == NULL)
		return;
	recipient->next_host = (uint16_t)(next->host + 1);
	if (next->origin_id.len == 0 &&
	    !sst__string_set(&tracker->pool, &next->origin_id, sst__message_id(message)))
		tracker->failed = true;
}

static sst_fate fate_of(const sst__message *message, const sst__recipient *recipient)
{
	switch (recipient == NULL ? SST_ATTEMPT_NONE : recipient->result) {
	case SST_ATTEMPT_DELIVERED:
	case SST_ATTEMPT_EXPANDED:
		return SST_FATE_DELIVERED;
	case SST_ATTEMPT_BOUNCED:
		return SST_FATE_BOUNCED;
	case SST_ATTEMPT_EXPIRED:
		return SST_FATE_EXPIRED;
	case SST_ATTEMPT_DISCARDED:
		return SST_FATE_DISCARDED;
	default:
		break;
	}
	if (message->state & SST__EXPIRED)
		return SST_FATE_EXPIRED;
	if (message->state & SST__DELETED)
		return SST_FATE_DELETED;
	if (message->state & SST__DISCARDED)
		return SST_FATE_DISCARDED;
	if (message->state & SST__HELD)
		return SST_FATE_HELD;
	if (message->done != SST__NO_TIME && recipient != NULL)
		return message->notice_id.len > 0 ? SST_FATE_EXPIRED : SST_FATE_DELETED;
	return SST_FATE_QUEUED;
}

static void fill_message(const sst_tracker *tracker, const sst__message *message,
                         sst_delivery *delivery)
{
	memset(delivery, 0, sizeof *delivery);
	delivery->struct_size = sizeof *delivery;
	delivery->server = message->server;
	delivery->accepted = message->accepted;
	delivery->first = delivery->ended = SST__NO_TIME;
	delivery->zone = message->zone;
	delivery->line = message->line;
	delivery->file = message->file;
	delivery->size = message->size;
	delivery->host = sst__string_text(tracker->hosts[message->host]);
	delivery->queue_id = sst__message_id(message);
	if (message->state & SST__HAS_SENDER)
		delivery->sender = sst__string_text(message->sender);
	delivery->message_id = sst__string_text(message->message_id);
	delivery->client = sst__string_text(message->client);
	delivery->notice_id = sst__string_text(message->notice_id);
	delivery->origin_id = sst__string_text(message->origin_id);
	delivery->text = sst__string_text(message->text);
	if (message->accepted == SST__NO_TIME)
		delivery->flags |= SST_TRACK_NO_ACCEPT;
	if (message->state & SST__NOTICE)
		delivery->flags |= SST_TRACK_NOTICE;
}

static void fill_next(sst_tracker *tracker, const sst__message *message, sst__recipient *recipient,
                      sst_delivery *delivery)
{
	sst_text id = sst__string_text(recipient->remote_id);

	if (id.len == 0) /* a filter said it of the whole message */
		id = sst__string_text(message->next_id);
	if (recipient->result != SST_ATTEMPT_DELIVERED || id.len == 0)
		return;
	if (recipient->next_host == 0) { /* its first line came later than ours */
		sst__message *next = next_message(tracker, message, id);

		recipient->next_host = next == NULL ? 0 : (uint16_t)(next->host + 1);
	}
	if (recipient->next_host == 0) {
		delivery->remote_id = id;
		return;
	}
	delivery->next_id = id;
	delivery->next_host = sst__string_text(tracker->hosts[recipient->next_host - 1]);
	delivery->flags |= SST_TRACK_HANDOVER;
}

static void fill_recipient(sst_tracker *tracker, const sst__message *message,
                           sst__recipient *recipient, sst_delivery *delivery)
{
	delivery->last_result = recipient->result;
	delivery->flags |= recipient->flags;
	delivery->reply = recipient->reply;
	delivery->delays_known = recipient->delays_known;
	delivery->phase = recipient->phase;
	delivery->status = recipient->status;
	delivery->attempts = recipient->attempts;
	delivery->not_tried = recipient->not_tried;
	delivery->temporary = recipient->temporary;
	delivery->delay = recipient->delay;
	memcpy(delivery->delays, recipient->delays, sizeof delivery->delays);
	delivery->first = recipient->first;
	delivery->ended = recipient->last;
	if (recipient->first != SST__NO_TIME)
		delivery->zone = recipient->zone;
	if (recipient->line != 0) {
		delivery->line = recipient->line;
		delivery->file = recipient->file;
	}
	delivery->recipient = sst__string_text(recipient->address);
	delivery->original = sst__string_text(recipient->original);
	delivery->relay = sst__string_text(recipient->relay);
	if (recipient->text.ptr != NULL)
		delivery->text = sst__string_text(recipient->text);
	fill_next(tracker, message, recipient, delivery);
}

static void give(sst_tracker *tracker, sst_delivery *delivery)
{
	tracker->counts.deliveries++;
	if (tracker->options.delivery != NULL)
		tracker->options.delivery(tracker->options.context, delivery);
}

/* A queue id whose recipients were not named so far: a record without recipient while it is in the
 * queue, or was thrown away; one that came and went without a trace gives none. */
static bool says_something(const sst__message *message)
{
	if (message->state & (SST__DELETED | SST__DISCARDED | SST__HELD))
		return true;
	return message->done == SST__NO_TIME && (message->state & SST__HAS_SENDER);
}

void sst__emit(sst_tracker *tracker, sst__message *message)
{
	sst_delivery about, delivery;
	uint32_t given = 0;

	fill_message(tracker, message, &about);
	for (sst__recipient *r = message->recipients; r != NULL; r = r->next) {
		if ((r->flags & SST_TRACK_PROBE) ||
		    ((message->state & SST__REQUEUED) &&
		     (r->result == SST_ATTEMPT_NONE || r->result == SST_ATTEMPT_DEFERRED)))
			continue;
		delivery = about;
		fill_recipient(tracker, message, r, &delivery);
		delivery.fate = fate_of(message, r);
		give(tracker, &delivery);
		given++;
	}
	about.fate = fate_of(message, NULL);
	if (message->recipients == NULL && says_something(message)) {
		give(tracker, &about);
		given++;
	}
	tracker->counts.messages++;
	if (tracker->options.message != NULL)
		tracker->options.message(tracker->options.context, &about, given);
	sst__message_free(tracker, message);
}

void sst__emit_refusal(sst_tracker *tracker, const sst_event *event)
{
	sst_delivery delivery = {0};

	delivery.struct_size = sizeof delivery;
	delivery.fate = SST_FATE_REFUSED;
	delivery.server = event->server;
	delivery.last_result = event->result;
	delivery.flags = event->flags;
	delivery.reply = event->reply;
	delivery.phase = event->phase;
	delivery.status = event->status;
	delivery.zone = event->zone;
	delivery.accepted = SST__NO_TIME;
	delivery.first = delivery.ended = event->time;
	delivery.line = event->line;
	delivery.file = event->file;
	delivery.host = event->host;
	delivery.queue_id = event->queue_id;
	delivery.sender = event->sender;
	delivery.recipient = event->recipient;
	delivery.original = event->original;
	delivery.message_id = event->message_id;
	delivery.client = event->relay;
	delivery.text = event->text;
	tracker->counts.refused += event->repeated + 1U;
	give(tracker, &delivery);
}

static const char *const fate_names[SST_FATES] = {"unknown", "delivered", "bounced",
                                                  "expired", "queued",    "discarded",
                                                  "held",    "deleted",   "refused"};

sst_text sst_fate_name(sst_fate fate)
{
	if (fate >= SST_FATES)
		return SST_NO_TEXT;
	return (sst_text){fate_names[fate], strlen(fate_names[fate])};
}
