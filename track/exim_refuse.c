/* SPDX-License-Identifier: MIT
 * track/exim_refuse.c - what Exim did not take.
 *
 * H=NAME [ADDR] F=<s> [temporarily ]rejected RCPT <r>: TEXT
 * H=... rejected MAIL <s>: TEXT        rejected EHLO from HOST: TEXT     F=<s> rejected after DATA:
 * TEXT rejected MAIL FROM:<s> H=...: TEXT   ID rejected from <s> H=...: TEXT */
#include "track/exim.h"
#include "track/known.h"
#include <smtpstatus/words.h>

static sst_text in_brackets(sst_text text)
{
	size_t open = sst__find(text, 0, '<'), close = sst__find(text, open, '>');

	return open < text.len ? sst__text_part(text, open + 1, close) : SST_NO_TEXT;
}

/* Where the words begin: ": " after the address or host that was refused. */
static sst_text words_after(sst_text rest)
{
	size_t at = 0;

	for (; (at = sst__find(rest, at, ':')) < rest.len; at++)
		if (sst__at(rest, at + 1) == ' ' && at > 0 && rest.ptr[at - 1] != '"')
			return sst__from(rest, at + 2);
	return SST_NO_TEXT;
}

static void take_target(sst_event *event, sst_text rest)
{
	if (SST__TAKE(rest, "RCPT ")) {
		event->phase = SST_PHASE_RCPT;
		event->recipient = in_brackets(rest);
	} else if (SST__STARTS(rest, "MAIL FROM:") || SST__STARTS(rest, "MAIL ")) {
		event->phase = SST_PHASE_MAIL;
		event->sender = in_brackets(sst__text_part(rest, 0, sst__find(rest, 0, ' ') + 400));
	} else if (SST__STARTS(rest, "after DATA") || SST__STARTS(rest, "from <")) {
		event->phase = SST_PHASE_DATA_END;
		if (SST__STARTS(rest, "from <"))
			event->sender = in_brackets(rest);
	} else if (SST__STARTS(rest, "DATA")) {
		event->phase = SST_PHASE_DATA;
	} else if (SST__STARTS(rest, "EHLO") || SST__STARTS(rest, "HELO")) {
		event->phase = SST_PHASE_EHLO;
	} else if (SST__STARTS(rest, "connection") || SST__STARTS(rest, "in connect")) {
		event->phase = SST_PHASE_CONNECT;
	} else if (SST__STARTS(rest, "STARTTLS")) {
		event->phase = SST_PHASE_STARTTLS;
	} else if (SST__STARTS(rest, "AUTH")) {
		event->phase = SST_PHASE_AUTH;
	}
}

sst__reading sst__exim_refusal(sst_log *log, const sst__line *line, sst_text id, sst_text rest)
{
	size_t at = SST__FIND(rest, 0, "rejected ");
	sst_text before = sst__text_part(rest, 0, at), after = sst__from(rest, at + 9), word;
	bool temporary = SST__ENDS(before, "temporarily ");
	sst_event *event;

	event = sst__event_new(log, line, SST_EVENT_REFUSED, SST_SERVER_EXIM);
	event->queue_id = id;
	while (sst__exim_word(&before, &word)) {
		if (SST__TAKE(word, "H="))
			event->relay = word;
		else if (SST__TAKE(word, "F="))
			event->sender = sst__bare_address(word);
	}
	take_target(event, after);
	if (event->phase == 0) { /* "unqualified sender rejected: <x>", protocol errors */
		sst__event_drop(log);
		return sst__is_known(SST_SERVER_EXIM, line->text) || id.len > 0 ? SST__SKIPPED
		                                                                : SST__UNKNOWN;
	}
	at = SST__FIND(after, 0, " H=");
	if (event->relay.len == 0 && at < after.len) {
		sst_text host = sst__from(after, at);

		if (sst__exim_word(&host, &word))
			event->relay = sst__from(word, 2);
	}
	event->text = words_after(after);
	event->reply = sst__reply_at(event->text);
	event->status = sst__reply_status(event->text);
	event->result = temporary ? SST_ATTEMPT_DEFERRED : SST_ATTEMPT_BOUNCED;
	event->flags |= temporary ? SST_TRACK_TEMPORARY : 0;
	return SST__USED;
}
