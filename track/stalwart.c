/* SPDX-License-Identifier: MIT
 * track/stalwart.c - Stalwart's log as text ("TIME LEVEL Description (event.name) key = value,
 * ...") and as JSON ({"createdAt":..., "type":"event.name", "data":{...}}). */
#include "track/json.h"
#include <smtpstatus/words.h>

/* Where the values are: a JSON object, or a text. */
typedef struct source {
	sst_log *log;
	const sst__json_object *object; /* NULL: text */
	sst_text text;
} source;

/* key = "value", key = 12, key = ["a", "b"] */
static sst_text raw_of(const source *from, const char *key)
{
	sst_text name = {key, strlen(key)};
	size_t at = 0, end;

	if (from->object != NULL)
		return sst__json_raw(from->object, key);
	while ((at = sst__find_part(from->text, at, name)) < from->text.len) {
		sst_text rest = sst__from(from->text, at + name.len);

		if ((at == 0 || from->text.ptr[at - 1] == ' ') && SST__TAKE(rest, " = ")) {
			if (sst__at(rest, 0) == '"')
				end = SST__FIND(rest, 1, "\", ") + 1;
			else if (sst__at(rest, 0) == '[')
				end = sst__find(rest, 0, ']') + 1;
			else
				end = SST__FIND(rest, 0, ", ");
			return sst__text_part(rest, 0, end);
		}
		at++;
	}
	return SST_NO_TEXT;
}

static sst_text text_of(const source *from, const char *key)
{
	sst_text raw = raw_of(from, key);

	return raw.ptr == NULL ? raw : sst__json_value(from->log, raw);
}

static uint64_t number_of(const source *from, const char *key)
{
	sst_text text = text_of(from, key);

	return sst__take_number(&text);
}

static const struct {
	const char *name;
	sst_event_kind kind;
	sst_attempt result;
	sst_phase phase;
} names[] = {
        {"queue.message-queued", SST_EVENT_ACCEPTED, SST_ATTEMPT_NONE, 0},
        {"queue.queue-message", SST_EVENT_ACCEPTED, SST_ATTEMPT_NONE, 0},
        {"queue.authenticated-message-queued", SST_EVENT_ACCEPTED, SST_ATTEMPT_NONE, 0},
        {"queue.dsn-queued", SST_EVENT_ACCEPTED, SST_ATTEMPT_NONE, 0},
        {"delivery.attempt-start", SST_EVENT_QUEUED, SST_ATTEMPT_NONE, 0},
        {"delivery.delivered", SST_EVENT_ATTEMPT, SST_ATTEMPT_DELIVERED, SST_PHASE_DATA_END},
        {"delivery.rcpt-to-rejected", SST_EVENT_ATTEMPT, SST_ATTEMPT_BOUNCED, SST_PHASE_RCPT},
        {"delivery.rcpt-to-failed", SST_EVENT_ATTEMPT, SST_ATTEMPT_DEFERRED, SST_PHASE_RCPT},
        {"delivery.message-rejected", SST_EVENT_ATTEMPT, SST_ATTEMPT_BOUNCED, SST_PHASE_DATA_END},
        {"delivery.mail-from-rejected", SST_EVENT_ATTEMPT, SST_ATTEMPT_BOUNCED, SST_PHASE_MAIL},
        {"delivery.connect-error", SST_EVENT_ATTEMPT, SST_ATTEMPT_DEFERRED, SST_PHASE_CONNECT},
        {"delivery.ehlo-rejected", SST_EVENT_ATTEMPT, SST_ATTEMPT_DEFERRED, SST_PHASE_EHLO},
        {"delivery.mx-lookup-failed", SST_EVENT_ATTEMPT, SST_ATTEMPT_DEFERRED, SST_PHASE_CONNECT},
        {"delivery.null-mx", SST_EVENT_ATTEMPT, SST_ATTEMPT_BOUNCED, SST_PHASE_CONNECT},
        {"delivery.double-bounce", SST_EVENT_REMARK, SST_ATTEMPT_NONE, 0},
        {"delivery.completed", SST_EVENT_REMARK, SST_ATTEMPT_NONE, 0},
        {"queue.rescheduled", SST_EVENT_REMARK, SST_ATTEMPT_NONE, 0},
};

static void fill(const source *from, sst_event *event)
{
	event->queue_id = text_of(from, "queueId");
	event->sender = text_of(from, "from");
	event->size = number_of(from, "size");
	event->message_id = sst__bare_address(text_of(from, "messageId"));
	event->relay = text_of(from, "hostname");
	event->text = text_of(from, "details");
	if (event->text.len == 0)
		event->text = text_of(from, "reason");
	event->reply = (uint16_t)(number_of(from, "code") % 1000);
	if (event->reply < 200 || event->reply > 599)
		event->reply = sst__reply_at(event->text);
	event->status = sst__code_of(event->text);
	/* The code decides: a rejection with a 4yz code is tried again. */
	if (event->result == SST_ATTEMPT_BOUNCED && event->reply / 100 == 4)
		event->result = SST_ATTEMPT_DEFERRED;
	else if (event->result == SST_ATTEMPT_DEFERRED && event->reply / 100 == 5)
		event->result = SST_ATTEMPT_BOUNCED;
}

static unsigned add_recipients(const source *from, const sst__line *line, const sst_event *model)
{
	sst_text raw = raw_of(from, "to"), element;
	sst_event_kind kind =
	        model->kind == SST_EVENT_ATTEMPT ? SST_EVENT_ATTEMPT : SST_EVENT_RECIPIENT;
	unsigned count = 0;

	if (raw.ptr == NULL)
		return 0;
	if (sst__at(raw, 0) == '[')
		sst__drop(&raw, 1);
	while (sst__json_element(&raw, &element)) {
		sst_event *event = sst__event_new(from->log, line, kind, SST_SERVER_STALWART);

		*event = *model;
		event->kind = kind;
		event->recipient = sst__json_value(from->log, element);
		count++;
		if (raw.len == 0)
			break;
	}
	return count;
}

static sst__reading take(const source *from, const sst__line *line, sst_text name)
{
	sst_event *event, model;
	size_t i = 0;
	unsigned count;

	while (i < sizeof names / sizeof *names && (strlen(names[i].name) != name.len ||
	                                            memcmp(names[i].name, name.ptr, name.len) != 0))
		i++;
	if (i == sizeof names / sizeof *names)
		return SST__SKIPPED;
	event = sst__event_new(from->log, line, names[i].kind, SST_SERVER_STALWART);
	event->result = names[i].result;
	event->phase = names[i].phase;
	fill(from, event);
	model = *event;
	if (model.queue_id.len == 0) {
		sst__event_drop(from->log);
		return SST__SKIPPED;
	}
	if (model.kind == SST_EVENT_REMARK)
		return SST__USED;
	if (model.kind == SST_EVENT_ATTEMPT)
		sst__event_drop(from->log);
	count = add_recipients(from, line, &model);
	if (model.kind == SST_EVENT_ATTEMPT && count == 0) { /* for all that are left */
		event = sst__event_new(from->log, line, SST_EVENT_ATTEMPT, SST_SERVER_STALWART);
		*event = model;
		event->flags |= SST_TRACK_GROUP;
	} else if (model.kind == SST_EVENT_ACCEPTED) {
		from->log->events[0].recipients = count;
	}
	return SST__USED;
}

sst__reading sst__stalwart_object(sst_log *log, const sst__line *line,
                                  const sst__json_object *object)
{
	sst__json_object data;
	source from = {log, &data, SST_NO_TEXT};
	sst__line own = *line;

	if (!sst__json_read(sst__json_raw(object, "data"), &data))
		return SST__SKIPPED;
	sst__stamp_rfc3339(sst__json_text(log, object, "createdAt"), &own.time, &own.zone);
	log->time = own.time;
	return take(&from, &own, sst__json_text(log, object, "type"));
}

sst__reading sst__stalwart_line(sst_log *log, const sst__line *line)
{
	size_t open = SST__FIND(line->text, 0, " ("), close = sst__find(line->text, open, ')');
	source from = {log, NULL, sst__text_part(line->text, close + 1, line->text.len)};

	if (close == line->text.len)
		return SST__SKIPPED;
	return take(&from, line, sst__text_part(line->text, open + 2, close));
}
