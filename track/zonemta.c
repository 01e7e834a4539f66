/* SPDX-License-Identifier: MIT
 * track/zonemta.c - ZoneMTA's sender and queue lines:
 *
 * id=SESSION QID.SEQ ACCEPTED|DEFERRED[CATEGORY]|REJECTED[CATEGORY] from=S to=R src=IP mx=HOST[IP]
 * message-id=<...> (REPLY)          id=SESSION QID QUEUED (...) */
#include "track/log.h"

static sst_text words_at_end(sst_text rest)
{
	size_t open = SST__FIND(rest, 0, " (");

	if (open == rest.len)
		return SST_NO_TEXT;
	return sst__text_part(rest, open + 2,
	                      rest.ptr[rest.len - 1] == ')' ? rest.len - 1 : rest.len);
}

/* from=SENDER, from=SENDER[ENVELOPE], from=<> */
static sst_text sender_of(sst_text value)
{
	size_t open = sst__find(value, 0, '[');

	if (open < value.len)
		value = sst__text_part(value, open + 1, sst__find(value, open, ']'));
	return sst__bare_address(value);
}

static sst_attempt attempt_of(sst_text verb)
{
	if (SST__STARTS(verb, "ACCEPTED"))
		return SST_ATTEMPT_DELIVERED;
	if (SST__STARTS(verb, "DEFERRED"))
		return SST_ATTEMPT_DEFERRED;
	if (SST__STARTS(verb, "REJECTED"))
		return SST_ATTEMPT_BOUNCED;
	return SST_ATTEMPT_NONE;
}

static sst__reading result(sst_log *log, const sst__line *line, sst_text id, sst_text verb,
                           sst_text rest)
{
	sst_event *event = sst__event_new(log, line, SST_EVENT_ATTEMPT, SST_SERVER_ZONEMTA);

	event->queue_id = id;
	event->result = attempt_of(verb);
	event->sender = sender_of(SST__WORD(rest, " from="));
	event->recipient = sst__bare_address(SST__WORD(rest, " to="));
	event->relay = SST__WORD(rest, " mx=");
	event->message_id = sst__bare_address(SST__WORD(rest, " message-id="));
	event->text = words_at_end(rest);
	event->reply = sst__reply_at(event->text);
	event->status = sst__reply_status(event->text);
	return SST__USED;
}

static sst__reading about(sst_log *log, const sst__line *line, sst_text id, sst_text verb,
                          sst_text rest)
{
	sst_event_kind kind = SST__IS(verb, "QUEUED") ? SST_EVENT_ACCEPTED
	                      : SST__IS(verb, "DELETED") || SST__IS(verb, "DROP")
	                              ? SST_EVENT_DELETED
	                              : SST_EVENT_REMARK;
	sst_event *event = sst__event_new(log, line, kind, SST_SERVER_ZONEMTA);

	event->queue_id = id;
	event->sender = sender_of(SST__WORD(rest, " from="));
	event->message_id = sst__bare_address(SST__WORD(rest, " message-id="));
	event->text = words_at_end(rest);
	return SST__USED;
}

sst__reading sst__zonemta_line(sst_log *log, const sst__line *line)
{
	size_t at = SST__STARTS(line->text, "id=") ? 0 : SST__FIND(line->text, 0, " id=");
	sst_text rest = sst__from(line->text, at), id, verb;
	size_t dot;

	while (sst__at(rest, 0) == ' ')
		sst__drop(&rest, 1);
	if (!SST__TAKE(rest, "id="))
		return SST__SKIPPED;
	sst__take_to(&rest, ' ');
	id = sst__take_to(&rest, ' ');
	verb = sst__text_part(rest, 0, sst__find(rest, 0, ' '));
	dot = sst__find_last(id, SST_TEXT("."));
	id = sst__text_part(id, 0, dot);
	if (id.len < 8 || verb.len < 4 || verb.ptr[0] < 'A' || verb.ptr[0] > 'Z')
		return SST__SKIPPED;
	if (attempt_of(verb) != SST_ATTEMPT_NONE)
		return result(log, line, id, verb, rest);
	return about(log, line, id, verb, rest);
}
