/* SPDX-License-Identifier: MIT
 * track/kumomta.c - KumoMTA's log: one JSON object for each thing that befell a message. */
#include "track/json.h"
#include <smtpstatus/words.h>

/* "550 5.1.1 words" from {"code":550,"enhanced_code":{...},"content":"words"}: the content alone is
 * kept as text, the codes as numbers. */
static void add_response(sst_log *log, sst_event *event, const sst__json_object *record)
{
	sst__json_object response, code;

	if (!sst__json_read(sst__json_raw(record, "response"), &response))
		return;
	event->reply = (uint16_t)sst__json_number(&response, "code");
	if (event->reply < 200 || event->reply > 599)
		event->reply = 0;
	event->text = sst__json_text(log, &response, "content");
	if (!sst__json_read(sst__json_raw(&response, "enhanced_code"), &code))
		return;
	event->status.cls = (uint8_t)sst__json_number(&code, "class");
	event->status.subject = (uint16_t)sst__json_number(&code, "subject");
	event->status.detail = (uint16_t)sst__json_number(&code, "detail");
	if (event->status.cls < 2 || event->status.cls > 5)
		event->status = (sst_code){0, 0, 0};
}

static void add_peer(sst_log *log, sst_event *event, const sst__json_object *record)
{
	sst__json_object peer;

	if (sst__json_read(sst__json_raw(record, "peer_address"), &peer))
		event->relay = sst__json_text(log, &peer, "name");
	if (event->relay.len == 0)
		event->relay = sst__json_text(log, record, "site");
}

static sst_text message_id(sst_log *log, const sst__json_object *record)
{
	static const char *const names[] = {"Message-ID", "Message-Id", "message-id"};
	sst__json_object headers;

	if (!sst__json_read(sst__json_raw(record, "headers"), &headers))
		return SST_NO_TEXT;
	for (size_t i = 0; i < 3; i++) {
		sst_text id = sst__json_text(log, &headers, names[i]);

		if (id.len > 0)
			return sst__bare_address(id);
	}
	return SST_NO_TEXT;
}

static const struct {
	const char *type;
	sst_event_kind kind;
	sst_attempt result;
} types[] = {
        {"Reception", SST_EVENT_RECIPIENT, SST_ATTEMPT_NONE},
        {"Delivery", SST_EVENT_ATTEMPT, SST_ATTEMPT_DELIVERED},
        {"Bounce", SST_EVENT_ATTEMPT, SST_ATTEMPT_BOUNCED},
        {"TransientFailure", SST_EVENT_ATTEMPT, SST_ATTEMPT_DEFERRED},
        {"Expiration", SST_EVENT_ATTEMPT, SST_ATTEMPT_EXPIRED},
        {"OOB", SST_EVENT_ATTEMPT, SST_ATTEMPT_BOUNCED},
        {"AdminBounce", SST_EVENT_DELETED, SST_ATTEMPT_NONE},
        {"Rejection", SST_EVENT_REFUSED, SST_ATTEMPT_BOUNCED},
};

/* One event for each recipient: a string, or an array of them. */
static void add_recipients(sst_log *log, const sst__line *line, const sst__json_object *record,
                           const sst_event *model)
{
	sst_text raw = sst__json_raw(record, "recipient"), element;

	if (sst__at(raw, 0) != '[') {
		sst_event *event = sst__event_new(log, line, model->kind, model->server);

		*event = *model;
		event->recipient = sst__json_value(log, raw);
		return;
	}
	sst__drop(&raw, 1);
	while (sst__json_element(&raw, &element)) {
		sst_event *event = sst__event_new(log, line, model->kind, model->server);

		*event = *model;
		event->recipient = sst__json_value(log, element);
	}
}

static int64_t time_of(sst_log *log, const sst__json_object *record, int16_t *zone)
{
	const int64_t most = INT64_C(253402300799); /* the end of the year 9999 */
	sst_text text = sst__json_text(log, record, "event_time");
	int64_t time;

	*zone = 0;
	if (text.len > 0 && sst__stamp_rfc3339(text, &time, zone))
		return time;
	time = sst__json_number(record, "timestamp");
	return time < 0 || time > most ? SST__NO_TIME : time * 1000000;
}

sst__reading sst__kumomta_object(sst_log *log, const sst__line *line,
                                 const sst__json_object *record)
{
	sst_text type = sst__json_text(log, record, "type");
	sst__line own = *line;
	sst_event *first, model;
	size_t i = 0;

	while (i < sizeof types / sizeof *types && (strlen(types[i].type) != type.len ||
	                                            memcmp(types[i].type, type.ptr, type.len) != 0))
		i++;
	if (i == sizeof types / sizeof *types)
		return SST__SKIPPED;
	own.time = time_of(log, record, &own.zone);
	log->time = own.time;
	first = sst__event_new(log, &own, types[i].kind, SST_SERVER_KUMOMTA);
	first->queue_id = sst__json_text(log, record, "id");
	first->sender = sst__json_text(log, record, "sender");
	first->message_id = message_id(log, record);
	first->size = (uint64_t)sst__json_number(record, "size");
	first->result = types[i].result;
	add_response(log, first, record);
	add_peer(log, first, record);
	model = *first;
	sst__event_drop(log);
	if (model.kind == SST_EVENT_RECIPIENT) {
		sst_event *event =
		        sst__event_new(log, &own, SST_EVENT_ACCEPTED, SST_SERVER_KUMOMTA);

		*event = model;
		event->kind = SST_EVENT_ACCEPTED;
		event->recipients = 1;
	}
	add_recipients(log, &own, record, &model);
	return SST__USED;
}
