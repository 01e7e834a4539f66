/* SPDX-License-Identifier: MIT
 * track/postfix_refuse.c - what Postfix did not take: smtpd, postscreen and milters.
 *
 * WORD: WHERE from NAME[ADDR]: CODE X.Y.Z TEXT; from=<S> to=<R> proto=P helo=<H>
 * postscreen sets the fields off by commas; from, to and helo are missing while they are not known.
 */
#include "track/log.h"
#include <smtpstatus/words.h>

/* The value of `from=<` or `to=<` in the fields after the text. */
static sst_text field(sst_text fields, sst_text name)
{
	size_t at = sst__find_last(fields, name), end;

	if (at == fields.len)
		return SST_NO_TEXT;
	at += name.len;
	/* An address may hold '>': it ends where a blank, a comma or the end follows. */
	for (end = at; (end = sst__find(fields, end, '>')) < fields.len; end++)
		if (end + 1 == fields.len || fields.ptr[end + 1] == ' ' ||
		    fields.ptr[end + 1] == ',')
			break;
	return sst__text_part(fields, at, end);
}

static sst_phase phase_of(sst_text where)
{
	static const struct {
		char name[16];
		sst_phase phase;
	} phases[] = {{"RCPT", SST_PHASE_RCPT},       {"MAIL", SST_PHASE_MAIL},
	              {"CONNECT", SST_PHASE_CONNECT}, {"EHLO", SST_PHASE_EHLO},
	              {"HELO", SST_PHASE_EHLO},       {"DATA", SST_PHASE_DATA},
	              {"BDAT", SST_PHASE_DATA_END},   {"END-OF-MESSAGE", SST_PHASE_DATA_END}};

	for (size_t i = 0; i < sizeof phases / sizeof *phases; i++)
		if (where.len == strlen(phases[i].name) &&
		    memcmp(where.ptr, phases[i].name, where.len) == 0)
			return phases[i].phase;
	return 0;
}

/* Takes "NAME[ADDR]:PORT" off the front. */
static sst_text take_client(sst_text *rest)
{
	size_t end = SST__FIND(*rest, 0, "]: ");
	sst_text client;

	if (end < rest->len) {
		client = sst__text_part(*rest, 0, end + 1);
		sst__drop(rest, end + 3);
		return client;
	}
	end = SST__FIND(*rest, 0, ": ");
	client = sst__text_part(*rest, 0, end);
	sst__drop(rest, end < rest->len ? end + 2 : end);
	if (sst__find(client, 0, ']') < client.len) /* without its port */
		client.len = sst__find(client, 0, ']') + 1;
	return client;
}

static bool is_refusal(sst_text word)
{
	return SST__IS(word, "reject") || SST__IS(word, "milter-reject") || SST__IS(word, "hangup");
}

sst__reading sst__postfix_refusal(sst_log *log, const sst__line *line, sst_text id, sst_text rest)
{
	size_t colon = SST__FIND(rest, 0, ": "), fields;
	sst_text word = sst__text_part(rest, 0, colon), where, tail;
	sst_event *event;

	if (!is_refusal(word) || colon == rest.len) {
		/* client= (before-queue filter), warn, info, hold, reject_warning, ...: not refused
		 */
		return SST__SKIPPED;
	}
	sst__drop(&rest, colon + 2);
	event = sst__event_new(log, line, SST_EVENT_REFUSED, SST_SERVER_POSTFIX);
	event->queue_id = id;
	where = sst__text_part(rest, 0, SST__FIND(rest, 0, " from "));
	event->phase = phase_of(where);
	if (where.len == rest.len) { /* "header ... from ...": the rules of cleanup */
		where = SST_NO_TEXT;
	} else if (event->phase != 0) {
		sst__drop(&rest, where.len + 6);
		event->relay = take_client(&rest);
	}
	fields = sst__find_last(rest, SST_TEXT("; from=<"));
	if (fields == rest.len)
		fields = sst__find_last(rest, SST_TEXT("; to=<"));
	if (fields == rest.len)
		fields = sst__find_last(rest, SST_TEXT("; proto="));
	event->text = sst__text_part(rest, 0, fields);
	if (event->phase == 0) {
		/* "header NAME: VALUE from CLIENT; from=<S> to=<R> proto=P helo=<H>: WORDS" */
		size_t helo = sst__find_last(rest, SST_TEXT(">: "));

		event->phase = SST_PHASE_DATA_END;
		if (helo < rest.len)
			event->text = sst__from(rest, helo + 3);
	}
	tail = sst__text_part(rest, fields, rest.len);
	if (tail.len > 0) {
		event->sender = field(tail, SST_TEXT("from=<"));
		event->recipient = field(tail, SST_TEXT("to=<"));
	}
	event->reply = sst__reply_at(event->text);
	event->status = sst__reply_status(event->text);
	if (event->reply / 100 == 4)
		event->flags |= SST_TRACK_TEMPORARY;
	event->result = event->reply / 100 == 4 ? SST_ATTEMPT_DEFERRED : SST_ATTEMPT_BOUNCED;
	return SST__USED;
}
