/* SPDX-License-Identifier: MIT
 * track/sendmail.c - Sendmail's lines: "QID: name=value, name=value, ...". One to= line may name
 * several recipients of the same transaction. */
#include "track/known.h"
#include "track/log.h"
#include <smtpstatus/words.h>

static sst__reading plain(sst_log *log, const sst__line *line, sst_event_kind kind, sst_text id,
                          sst_text text)
{
	sst_event *event = sst__event_new(log, line, kind, SST_SERVER_SENDMAIL);

	event->queue_id = id;
	event->text = text;
	return SST__USED;
}

/* from=<s>, size=N, class=0, nrcpts=N, msgid=<...>, ..., relay=host [ip] */
static sst__reading arrived(sst_log *log, const sst__line *line, sst_text id, sst_text rest)
{
	sst_text count = SST__VALUE(rest, "nrcpts="), size = SST__VALUE(rest, "size=");
	sst_event *event;

	if (SST__IS(count, "0")) /* nothing was accepted */
		return SST__SKIPPED;
	event = sst__event_new(log, line, SST_EVENT_ACCEPTED, SST_SERVER_SENDMAIL);
	event->queue_id = id;
	event->sender = sst__bare_address(SST__VALUE(rest, "from="));
	event->message_id = sst__bare_address(SST__VALUE(rest, "msgid="));
	event->relay = SST__VALUE(rest, "relay=");
	event->size = sst__take_number(&size);
	event->recipients = (uint32_t)sst__take_number(&count);
	return SST__USED;
}

static sst_attempt attempt_of(sst_text stat)
{
	if (SST__STARTS(stat, "Sent"))
		return SST_ATTEMPT_DELIVERED;
	if (SST__STARTS(stat, "Deferred") || SST__STARTS(stat, "queued"))
		return SST_ATTEMPT_DEFERRED;
	return SST_ATTEMPT_BOUNCED;
}

/* "Sent (WORDS)", "Deferred: WORDS", "User unknown"; reply= has the other side's own words. */
static sst_text words_of(sst_text stat, sst_text reply)
{
	size_t open = sst__find(stat, 0, '(');

	if (reply.len > 0)
		return reply;
	if (SST__STARTS(stat, "Sent"))
		return open + 1 < stat.len ? sst__text_part(stat, open + 1, stat.len - 1)
		                           : SST_TEXT("Sent");
	if (SST__STARTS(stat, "Deferred: "))
		return sst__from(stat, 10);
	return stat;
}

static void fill_delivery(sst_event *event, sst_text rest)
{
	size_t at = sst__find_last(rest, SST_TEXT(", stat="));
	sst_text stat = at < rest.len ? sst__from(rest, at + 7) : SST_NO_TEXT, delay;
	sst_text reply = SST__VALUE(rest, "reply="), mailer = SST__VALUE(rest, "mailer=");
	sst_text control = SST__VALUE(rest, "ctladdr=");

	event->result = attempt_of(stat);
	event->text = words_of(stat, reply);
	event->reply = sst__reply_at(reply);
	event->status = sst__code_of(SST__VALUE(rest, "dsn="));
	/* A failure whose code is of class 4 is the end all the same; one of class 4 with a
	 * mailer's word for "later" is not. */
	if (event->result == SST_ATTEMPT_BOUNCED && event->status.cls == 4)
		event->result = SST_ATTEMPT_DEFERRED;
	delay = SST__VALUE(rest, "delay=");
	event->delay = sst__take_clock(&delay);
	event->delays_known = 1;
	event->relay = SST__VALUE(rest, "relay=");
	if (event->relay.len == 0)
		event->relay = mailer;
	if (SST__IS(mailer, "local") || SST__STARTS(mailer, "*file*") ||
	    SST__STARTS(mailer, "prog"))
		event->flags |= SST_TRACK_LOCAL;
	if (control.len > 0)
		event->sender =
		        sst__bare_address(sst__text_part(control, 0, sst__find(control, 0, ' ')));
	if (SST__IS(stat, "queued"))
		event->flags |= SST_TRACK_NOT_TRIED;
}

/* The end of one address in a list: a comma outside of <> and quotes. */
static size_t address_end(sst_text list)
{
	bool quoted = false, bracket = false;

	for (size_t i = 0; i < list.len; i++) {
		char c = list.ptr[i];

		if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '<' || c == '>'))
			bracket = c == '<';
		else if (c == ',' && !quoted && !bracket)
			return i;
	}
	return list.len;
}

/* to=<a>,<b>, [ctladdr=...,] delay=..., mailer=..., dsn=X.Y.Z, [reply=...,] stat=WORDS */
static sst__reading delivery(sst_log *log, const sst__line *line, sst_text id, sst_text rest)
{
	sst_text list = SST__VALUE(rest, "to=");
	sst_event model;

	if (SST__FIND(rest, 0, ", stat=") == rest.len)
		return plain(log, line, SST_EVENT_REMARK, id, rest); /* cut before its result */
	memset(&model, 0, sizeof model);
	fill_delivery(&model, rest);
	while (list.len > 0) {
		size_t end = address_end(list);
		sst_event *event =
		        sst__event_new(log, line, SST_EVENT_ATTEMPT, SST_SERVER_SENDMAIL);
		sst_event kept = *event;

		*event = model;
		event->kind =
		        model.flags & SST_TRACK_NOT_TRIED ? SST_EVENT_RECIPIENT : SST_EVENT_ATTEMPT;
		event->server = kept.server;
		event->time = kept.time;
		event->zone = kept.zone;
		event->line = kept.line;
		event->file = kept.file;
		event->host = kept.host;
		event->program = kept.program;
		event->raw = kept.raw;
		event->queue_id = id;
		event->recipient = sst__bare_address(sst__text_part(list, 0, end));
		sst__drop(&list, end < list.len ? end + 1 : end);
	}
	return SST__USED;
}

/* ruleset=check_rcpt, arg1=<a>, relay=h [ip], reject=550 5.7.1 <a>... Rejected */
static sst__reading refused(sst_log *log, const sst__line *line, sst_text id, sst_text rest)
{
	size_t at = SST__FIND(rest, 0, "reject=");
	sst_text set = SST__VALUE(rest, "ruleset="), value = SST__VALUE(rest, "arg1=");
	sst_event *event;

	if (SST__FIND(rest, 0, "quarantine=") < rest.len)
		return plain(log, line, SST_EVENT_HELD, id, rest);
	if (at == rest.len)
		return plain(log, line, SST_EVENT_REMARK, id, rest);
	event = sst__event_new(log, line, SST_EVENT_REFUSED, SST_SERVER_SENDMAIL);
	event->queue_id = id;
	event->text = sst__from(rest, at + 7);
	event->relay = SST__VALUE(rest, "relay=");
	event->reply = sst__reply_at(event->text);
	event->status = sst__reply_status(event->text);
	event->result = event->reply / 100 == 4 ? SST_ATTEMPT_DEFERRED : SST_ATTEMPT_BOUNCED;
	event->flags |= event->reply / 100 == 4 ? SST_TRACK_TEMPORARY : 0;
	if (SST__IS(set, "check_rcpt")) {
		event->phase = SST_PHASE_RCPT;
		event->recipient = sst__bare_address(value);
	} else if (SST__IS(set, "check_mail")) {
		event->phase = SST_PHASE_MAIL;
		event->sender = sst__bare_address(value);
	} else if (SST__IS(set, "check_relay")) {
		event->phase = SST_PHASE_CONNECT;
	} else {
		event->phase = SST_PHASE_DATA_END;
	}
	return SST__USED;
}

/* QID2: DSN: REASON | QID2: sender notify: ... | QID2: return to sender: ... */
static sst__reading notice(sst_log *log, const sst__line *line, sst_text id, sst_text other,
                           sst_text rest)
{
	sst_event *event;

	if (SST__STARTS(rest, "sender notify: Cannot send message for") ||
	    SST__STARTS(rest, "return to sender: Cannot send message for") ||
	    SST__STARTS(rest, "DSN: Cannot send message for"))
		plain(log, line, SST_EVENT_EXPIRED, id, rest);
	event = sst__event_new(log, line, SST_EVENT_NOTICE, SST_SERVER_SENDMAIL);
	event->queue_id = id;
	event->other_id = other;
	event->text = rest;
	return SST__USED;
}

static bool is_id(sst_text text, size_t *len)
{
	size_t at = 0;
	unsigned digits = 0;

	for (; at < text.len && at < 24; at++) {
		digits += sst__is_digit(text.ptr[at]);
		if (!sst__is_digit(text.ptr[at]) && !sst__is_alpha(text.ptr[at]))
			break;
	}
	*len = at;
	return at >= 8 && at <= 20 && digits >= 5 && sst__at(text, at) == ':' &&
	       sst__at(text, at + 1) == ' ';
}

sst__reading sst__sendmail_line(sst_log *log, const sst__line *line)
{
	sst_text text = line->text, id, rest;
	size_t len, other;

	if (!is_id(text, &len)) {
		if (SST__FIND(text, 0, "reject=") < text.len)
			return refused(log, line, SST_NO_TEXT, text);
		return sst__is_known(SST_SERVER_SENDMAIL, text) ? SST__SKIPPED : SST__UNKNOWN;
	}
	id = sst__text_part(text, 0, len);
	rest = sst__from(text, len + 2);
	if (SST__STARTS(rest, "from="))
		return arrived(log, line, id, rest);
	if (SST__STARTS(rest, "to="))
		return delivery(log, line, id, rest);
	if (SST__STARTS(rest, "ruleset=") || SST__FIND(rest, 0, ", reject=") < rest.len)
		return refused(log, line, id, rest);
	if (SST__STARTS(rest, "done;"))
		return plain(log, line, SST_EVENT_DONE, id, SST_NO_TEXT);
	if (SST__IS(rest, "discarded") || SST__STARTS(rest, "discarded"))
		return plain(log, line, SST_EVENT_DISCARDED, id, rest);
	if (is_id(rest, &other))
		return notice(log, line, id, sst__text_part(rest, 0, other),
		              sst__from(rest, other + 2));
	return plain(log, line, SST_EVENT_REMARK, id, rest);
}
