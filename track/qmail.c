/* SPDX-License-Identifier: MIT
 * track/qmail.c - qmail-send's lines, also of s/qmail, notqmail and indimail. A message is named by
 * its inode, which is used again at once; a delivery by a number, which this file remembers. */
#include "track/known.h"
#include "track/log.h"

#include <stdlib.h>

enum { DELIVERIES = 1024 }; /* more than qmail runs at a time */

struct sst__qmail {
	struct delivery {
		uint64_t number;
		uint16_t message_len, recipient_len;
		bool local;
		char message[32], recipient[286];
	} deliveries[DELIVERIES];
};

static struct delivery *place_of(sst_log *log, uint64_t number)
{
	if (log->qmail == NULL)
		log->qmail = calloc(1, sizeof *log->qmail);
	return log->qmail == NULL ? NULL : &log->qmail->deliveries[number % DELIVERIES];
}

void sst__qmail_free(sst_log *log)
{
	free(log->qmail);
	log->qmail = NULL;
}

size_t sst__qmail_size(void)
{
	return sizeof(struct sst__qmail);
}

static sst_text number_text(sst_text *rest)
{
	size_t end = 0;

	while (end < rest->len && sst__is_digit(rest->ptr[end]))
		end++;
	sst_text number = {rest->ptr, end};
	sst__drop(rest, end);
	return number;
}

static sst_event *event_about(sst_log *log, const sst__line *line, sst_event_kind kind, sst_text id)
{
	sst_event *event = sst__event_new(log, line, kind, SST_SERVER_QMAIL);

	event->queue_id = id;
	return event;
}

/* "virt.example-user@virt.example": a virtual domain's user stands in front of its address. */
static sst_text without_prefix(sst_text address)
{
	size_t at = sst__find_last(address, SST_TEXT("@"));
	sst_text domain = at < address.len ? sst__from(address, at + 1) : SST_NO_TEXT;

	if (domain.len > 0 && domain.len < at && address.ptr[domain.len] == '-' &&
	    memcmp(address.ptr, domain.ptr, domain.len) == 0)
		return sst__from(address, domain.len + 1);
	return address;
}

/* starting delivery D: msg M to local|remote ADDRESS */
static sst__reading starting(sst_log *log, const sst__line *line, sst_text rest)
{
	uint64_t number = sst__take_number(&rest);
	struct delivery *delivery = place_of(log, number);
	sst_text message, recipient;
	sst_event *event;
	bool local;

	if (!SST__TAKE(rest, ": msg "))
		return SST__UNKNOWN;
	message = number_text(&rest);
	local = SST__STARTS(rest, " to local ");
	if (!SST__TAKE(rest, " to local ") && !SST__TAKE(rest, " to remote "))
		return SST__UNKNOWN;
	recipient = sst__text_part(rest, 0, sst__find(rest, 0, ' '));
	if (local)
		recipient = without_prefix(recipient);
	event = event_about(log, line, SST_EVENT_RECIPIENT, message);
	event->recipient = recipient;
	if (delivery == NULL || message.len > sizeof delivery->message)
		return SST__USED;
	delivery->number = number;
	delivery->local = local;
	delivery->message_len = (uint16_t)message.len;
	delivery->recipient_len =
	        (uint16_t)(recipient.len > sizeof delivery->recipient ? sizeof delivery->recipient
	                                                              : recipient.len);
	memcpy(delivery->message, message.ptr, message.len);
	memcpy(delivery->recipient, recipient.ptr, delivery->recipient_len);
	return SST__USED;
}

/* A slash that stands for a line end: the last byte, after a sentence, or before a reply's next
 * line. */
static bool is_line_end(sst_text text, size_t at)
{
	sst_text next = sst__from(text, at + 1);

	return next.len == 0 || SST__STARTS(next, "Remote_host_said:") ||
	       SST__STARTS(next, "Giving_up_on_") || sst__reply_at(next) != 0 ||
	       (next.len > 3 && next.ptr[3] == '_' &&
	        sst__reply_at(sst__text_part(next, 0, 3)) != 0) ||
	       (at > 0 && (text.ptr[at - 1] == '.' || text.ptr[at - 1] == ')'));
}

/* Blanks are written as "_" and line ends as "/". */
static sst_text words_of(sst_log *log, sst_text text)
{
	char *out = sst__scratch_take(log, text.len);

	if (out == NULL)
		return text;
	for (size_t i = 0; i < text.len; i++) {
		bool ends = text.ptr[i] == '/' && is_line_end(text, i);

		out[i] = ends || text.ptr[i] == '_' ? ' ' : text.ptr[i];
		if (ends && sst__reply_at(sst__text_part(text, i + 1, i + 5)) != 0)
			out[i] = '\n';
	}
	return sst__text_trim((sst_text){out, text.len});
}

static sst_code code_in(sst_text text)
{
	size_t at = sst__find_last(text, SST_TEXT("(#"));

	return at < text.len ? sst__code_of(sst__from(text, at + 2)) : (sst_code){0, 0, 0};
}

/* "203.0.113.25_accepted_message./..." */
static sst_text relay_in(sst_text text)
{
	sst_text first = sst__text_part(text, 0, sst__find(text, 0, ' '));
	size_t connected = SST__FIND(text, 0, "Connected to ");

	if (connected < text.len) {
		sst_text host = sst__from(text, connected + 13);

		return sst__text_part(host, 0, SST__FIND(host, 0, " but"));
	}
	return first.len > 0 && sst__is_digit(first.ptr[0]) ? first : SST_NO_TEXT;
}

static void add_words(sst_log *log, sst_event *event, sst_text text, bool local)
{
	size_t said;

	event->text = words_of(log, text);
	said = SST__FIND(event->text, 0, "Remote host said: ");
	if (said < event->text.len) {
		event->reply = sst__reply_at(sst__from(event->text, said + 18));
		event->status = sst__reply_status(sst__from(event->text, said + 18));
	} else {
		event->status = code_in(event->text);
	}
	event->relay = local ? SST_TEXT("local") : relay_in(event->text);
	if (local)
		event->flags |= SST_TRACK_LOCAL;
	if (SST__FIND(event->text, 0, "Possible duplicate") < event->text.len)
		event->flags |= SST_TRACK_POSSIBLY;
}

/* delivery D: success|deferral|failure: TEXT */
static sst__reading result(sst_log *log, const sst__line *line, sst_text rest)
{
	uint64_t number = sst__take_number(&rest);
	struct delivery *delivery = place_of(log, number);
	sst_attempt attempt = SST_ATTEMPT_NONE;
	sst_event *event;
	char *copy;

	if (SST__TAKE(rest, ": success: "))
		attempt = SST_ATTEMPT_DELIVERED;
	else if (SST__TAKE(rest, ": deferral: "))
		attempt = SST_ATTEMPT_DEFERRED;
	else if (SST__TAKE(rest, ": failure: "))
		attempt = SST_ATTEMPT_BOUNCED;
	if (attempt == SST_ATTEMPT_NONE)
		return SST__UNKNOWN;
	if (delivery == NULL || delivery->message_len == 0 || delivery->number != number)
		return SST__SKIPPED; /* it began before the log does */
	copy = sst__scratch_take(log, sizeof delivery->message + sizeof delivery->recipient);
	if (copy == NULL)
		return SST__SKIPPED;
	memcpy(copy, delivery->message, delivery->message_len);
	memcpy(copy + sizeof delivery->message, delivery->recipient, delivery->recipient_len);
	event = event_about(log, line, SST_EVENT_ATTEMPT, (sst_text){copy, delivery->message_len});
	event->recipient = (sst_text){copy + sizeof delivery->message, delivery->recipient_len};
	event->result = attempt;
	add_words(log, event, rest, delivery->local);
	if (SST__FIND(event->text, 0, "been in the queue too long") < event->text.len)
		event->result = SST_ATTEMPT_EXPIRED;
	return SST__USED;
}

/* info msg M: bytes B from <s> qp Q uid U */
static sst__reading info(sst_log *log, const sst__line *line, sst_text rest)
{
	sst_event *event = event_about(log, line, SST_EVENT_QUEUED, number_text(&rest));
	size_t from, end;

	if (!SST__TAKE(rest, ": bytes ")) {
		sst__event_drop(log);
		return SST__UNKNOWN;
	}
	event->size = sst__take_number(&rest);
	from = SST__FIND(rest, 0, " from <");
	end = sst__find_last(rest, SST_TEXT("> qp "));
	if (from < rest.len)
		event->sender = sst__text_part(rest, from + 7, end);
	return SST__USED;
}

static sst__reading about(sst_log *log, const sst__line *line, sst_text rest, sst_event_kind kind)
{
	sst_text id = number_text(&rest);
	sst_event *event;

	if (id.len == 0)
		return SST__UNKNOWN;
	event = event_about(log, line, kind, id);
	if (kind == SST_EVENT_ACCEPTED)
		event->flags |= SST_TRACK_FRESH;
	return SST__USED;
}

sst__reading sst__qmail_line(sst_log *log, const sst__line *line)
{
	sst__line inner = *line;

	/* splogger puts the time in front: "1276913534.111512 new msg 1" */
	if (sst__is_digit(sst__at(inner.text, 0)))
		sst__stamp_take(log, &inner.text, &inner);
	if (SST__TAKE(inner.text, "starting delivery "))
		return starting(log, &inner, inner.text);
	if (SST__TAKE(inner.text, "delivery "))
		return result(log, &inner, inner.text);
	if (SST__TAKE(inner.text, "info msg "))
		return info(log, &inner, inner.text);
	if (SST__TAKE(inner.text, "new msg "))
		return about(log, &inner, inner.text, SST_EVENT_ACCEPTED);
	if (SST__TAKE(inner.text, "end msg "))
		return about(log, &inner, inner.text, SST_EVENT_DONE);
	if (SST__TAKE(inner.text, "bounce msg "))
		return about(log, &inner, inner.text, SST_EVENT_REMARK);
	if (SST__TAKE(inner.text, "triple bounce: discarding "))
		return about(log, &inner, inner.text, SST_EVENT_DISCARDED);
	return sst__is_known(SST_SERVER_QMAIL, inner.text) ? SST__SKIPPED : SST__UNKNOWN;
}
