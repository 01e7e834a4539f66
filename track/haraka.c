/* SPDX-License-Identifier: MIT
 * track/haraka.c - Haraka's log in its three forms (default, logfmt, JSON), brought to one: the
 * connection's id, who speaks (core, outbound), and the words with their key=value pairs.
 *
 * A message is CONNECTION.TRANSACTION; outbound adds the number of the recipients' domain, in the
 * order in which the recipients came. Its results name the domain's number, not the recipients. */
#include "track/json.h"
#include <smtpstatus/words.h>

typedef struct saying {
	const sst__line *line;
	sst_text id;     /* uuid with transaction and group */
	sst_text origin; /* core, outbound, ... */
	sst_text words;
} saying;

static sst_event *event_new(sst_log *log, const saying *entry, sst_event_kind kind, sst_text id)
{
	sst_event *event = sst__event_new(log, entry->line, kind, SST_SERVER_HARAKA);

	event->queue_id = id;
	return event;
}

/* The three numbers of rcpts=ok/deferred/bounced, added up. */
static uint32_t count_of(sst_text value)
{
	uint64_t sum = 0;

	while (value.len > 0 && sst__is_digit(value.ptr[0])) {
		sum += sst__take_number(&value);
		if (sst__at(value, 0) == '/')
			sst__drop(&value, 1);
	}
	return (uint32_t)sum;
}

static void add_text(sst_event *event, sst_text text)
{
	SST__TAKE(text, "Upstream error: ");
	event->text = text;
	event->reply = sst__reply_at(text);
	event->status = sst__reply_status(text);
}

/* recipient <r> code=OK|DENY... msg="..." sender=s */
static sst__reading recipient(sst_log *log, const saying *entry)
{
	sst_text words = entry->words, code = SST__WORD(words, " code=");
	size_t close = SST__FIND(words, 0, "> ");
	bool good = SST__STARTS(code, "OK") || SST__STARTS(code, "CONT");
	sst_event *event =
	        event_new(log, entry, good ? SST_EVENT_RECIPIENT : SST_EVENT_REFUSED, entry->id);

	event->recipient = sst__text_part(words, 11, close);
	event->sender = SST__WORD(words, " sender=");
	if (good)
		return SST__USED;
	event->phase = SST_PHASE_RCPT;
	add_text(event, SST__WORD(words, " msg="));
	event->result =
	        SST__FIND(code, 0, "SOFT") < code.len ? SST_ATTEMPT_DEFERRED : SST_ATTEMPT_BOUNCED;
	event->flags |= event->result == SST_ATTEMPT_DEFERRED ? SST_TRACK_TEMPORARY : 0;
	return SST__USED;
}

static sst__reading core(sst_log *log, const saying *entry)
{
	sst_text words = entry->words;
	sst_event *event;

	if (SST__STARTS(words, "recipient <"))
		return recipient(log, entry);
	if (SST__STARTS(words, "sender <")) {
		event = event_new(log, entry, SST_EVENT_ACCEPTED, entry->id);
		event->sender = sst__text_part(words, 8, SST__FIND(words, 0, "> "));
		return SST__USED;
	}
	if (SST__STARTS(words, "message ")) {
		sst_text size = SST__WORD(words, " size=");

		event = event_new(log, entry, SST_EVENT_QUEUED, entry->id);
		event->message_id = sst__bare_address(SST__WORD(words, " mid="));
		event->size = sst__take_number(&size);
		event->recipients = count_of(SST__WORD(words, " rcpts="));
		return SST__USED;
	}
	return SST__SKIPPED;
}

/* delivered file=... domain=d host=h ip=a port=25 ... response="..." delay=0.1 rcpts=1/0/0 */
static void delivered(sst_log *log, const saying *entry, sst_event *event)
{
	sst_text words = entry->words, delay = SST__WORD(words, " delay=");
	sst_text host = SST__WORD(words, " host="), ip = SST__WORD(words, " ip=");
	char *relay = sst__scratch_take(log, host.len + ip.len + 2);

	event->result = SST_ATTEMPT_DELIVERED;
	event->text = SST__WORD(words, " response=");
	event->reply = 250;
	event->status = sst__code_of(event->text);
	event->delay = sst__take_seconds(&delay);
	event->delays_known = 1;
	event->relay = host;
	if (relay == NULL)
		return;
	if (host.len > 0)
		memcpy(relay, host.ptr, host.len);
	relay[host.len] = '[';
	if (ip.len > 0)
		memcpy(relay + host.len + 1, ip.ptr, ip.len);
	relay[host.len + ip.len + 1] = ']';
	event->relay = (sst_text){relay, host.len + ip.len + 2};
}

/* recipient <r> deferred: 450 ... | recipient <r> rejected: 550 ... */
static sst__reading one_recipient(sst_log *log, const saying *entry, sst_text id)
{
	sst_text words = entry->words;
	size_t close = SST__FIND(words, 0, "> ");
	sst_text rest = sst__text_part(words, close + 2, words.len);
	sst_event *event = event_new(log, entry, SST_EVENT_ATTEMPT, id);

	event->recipient = sst__text_part(words, 11, close);
	event->phase = SST_PHASE_RCPT;
	event->result = SST__TAKE(rest, "deferred: ")   ? SST_ATTEMPT_DEFERRED
	                : SST__TAKE(rest, "rejected: ") ? SST_ATTEMPT_BOUNCED
	                                                : SST_ATTEMPT_NONE;
	add_text(event, rest);
	if (event->result == SST_ATTEMPT_NONE)
		event->kind = SST_EVENT_REMARK;
	return SST__USED;
}

/* A result for all of a group; those of single recipients have lines of their own. */
static sst__reading group(sst_log *log, const saying *entry, sst_text id, uint32_t number)
{
	sst_text words = entry->words;
	size_t colon = SST__FIND(words, 0, ": ");
	sst_text rest = sst__text_part(words, colon + 2, words.len);
	sst_event *event = event_new(log, entry, SST_EVENT_ATTEMPT, id);

	event->flags |= SST_TRACK_GROUP;
	event->recipients = number;
	if (SST__STARTS(words, "delivered file=") || SST__STARTS(words, "\"delivered file\"="))
		delivered(log, entry, event);
	else if (SST__STARTS(rest, "Some recipients"))
		event->kind = SST_EVENT_REMARK;
	else if (SST__STARTS(words, "Temp failing ")) {
		event->result = SST_ATTEMPT_DEFERRED;
		add_text(event, rest);
	} else if (SST__STARTS(words, "bouncing mail: ")) {
		event->result = SST__STARTS(rest, "Too many failures") ? SST_ATTEMPT_EXPIRED
		                                                       : SST_ATTEMPT_BOUNCED;
		add_text(event, rest);
	} else {
		event->kind = SST_EVENT_REMARK;
	}
	return SST__USED;
}

static sst__reading outbound(sst_log *log, const saying *entry)
{
	size_t dot = sst__find_last(entry->id, SST_TEXT("."));
	sst_text number = sst__text_part(entry->id, dot + 1, entry->id.len);
	sst_text id = sst__text_part(entry->id, 0, dot);
	sst_event *event;

	if (entry->id.len < 36)
		return SST__SKIPPED;
	if (SST__STARTS(entry->words, "recipient <"))
		return one_recipient(log, entry, id);
	if (SST__STARTS(entry->words, "Double bounce")) {
		event = event_new(log, entry, SST_EVENT_DONE, id);
		event->text = entry->words;
		return SST__USED;
	}
	return group(log, entry, id, (uint32_t)sst__take_number(&number));
}

static sst__reading take(sst_log *log, const saying *entry)
{
	if (entry->id.len < 36)
		return SST__SKIPPED;
	if (SST__IS(entry->origin, "core"))
		return core(log, entry);
	if (SST__IS(entry->origin, "outbound"))
		return outbound(log, entry);
	return SST__SKIPPED;
}

/* [LEVEL] [UUID] [origin] words */
static bool read_default(sst_text text, saying *entry)
{
	if (!SST__TAKE(text, "["))
		return false;
	sst__take_to(&text, ']');
	if (!SST__TAKE(text, " ["))
		return false;
	entry->id = sst__take_to(&text, ']');
	if (!SST__TAKE(text, " ["))
		return false;
	entry->origin = sst__take_to(&text, ']');
	entry->words = sst__text_trim(text);
	return true;
}

/* level=L uuid=U origin=O message="..." key=value: the message and what follows make the words */
static bool read_logfmt(sst_log *log, sst_text text, saying *entry)
{
	size_t at = SST__FIND(text, 0, " message=");
	sst_text message = SST__WORD(text, " message="), rest;
	char *out;

	if (at == text.len)
		return false;
	entry->id = SST__WORD(text, " uuid=");
	entry->origin = SST__WORD(text, " origin=");
	rest = sst__from(text, at + 9);
	rest = sst__text_part(rest, message.len + (sst__at(rest, 0) == '"' ? 2 : 0), rest.len);
	out = sst__scratch_take(log, message.len + rest.len);
	if (out == NULL)
		return false;
	memcpy(out, message.ptr, message.len);
	memcpy(out + message.len, rest.ptr, rest.len);
	entry->words = sst__text_trim((sst_text){out, message.len + rest.len});
	return true;
}

sst__reading sst__haraka_line(sst_log *log, const sst__line *line)
{
	saying entry = {line, SST_NO_TEXT, SST_NO_TEXT, SST_NO_TEXT};

	if (read_default(line->text, &entry))
		return take(log, &entry);
	if (SST__STARTS(line->text, "level=") && read_logfmt(log, line->text, &entry))
		return take(log, &entry);
	return SST__SKIPPED; /* what it says at its start */
}

/* The fields that are no word of the entry's own follow the message as key="value". */
sst__reading sst__haraka_object(sst_log *log, const sst__line *line, const sst__json_object *object)
{
	saying entry = {line, SST_NO_TEXT, SST_NO_TEXT, SST_NO_TEXT};
	sst_text message = sst__json_text(log, object, "message");
	size_t room = message.len + line->text.len + (size_t)object->count * 4, len = 0;
	char *out = sst__scratch_take(log, room);

	if (out == NULL)
		return SST__SKIPPED;
	entry.id = sst__json_text(log, object, "uuid");
	entry.origin = sst__json_text(log, object, "origin");
	if (message.len > 0)
		memcpy(out, message.ptr, message.len);
	len = message.len;
	for (unsigned i = 0; i < object->count; i++) {
		sst_text name = object->names[i], value;

		if (SST__IS(name, "message") || SST__IS(name, "level") || SST__IS(name, "uuid") ||
		    SST__IS(name, "origin"))
			continue;
		value = sst__json_value(log, object->values[i]);
		if (len + name.len + value.len + 4 > room)
			break;
		out[len++] = ' ';
		memcpy(out + len, name.ptr, name.len);
		len += name.len;
		out[len++] = '=';
		out[len++] = '"';
		if (value.len > 0)
			memcpy(out + len, value.ptr, value.len);
		len += value.len;
		out[len++] = '"';
	}
	entry.words = sst__text_trim((sst_text){out, len});
	return take(log, &entry);
}
