/* SPDX-License-Identifier: MIT
 * track/opensmtpd.c - OpenSMTPD: "SESSION smtp|mta|mda EVENT key=value ...". An envelope's id is
 * the message's id and eight digits more; the message's id is the queue id here. */
#include "track/known.h"
#include "track/log.h"
#include <smtpstatus/words.h>

static void add_text(sst_event *event, sst_text text)
{
	event->text = text;
	event->reply = sst__reply_at(text);
	event->status = sst__reply_status(text);
}

static sst_attempt attempt_of(sst_text word)
{
	if (SST__IS(word, "Ok"))
		return SST_ATTEMPT_DELIVERED;
	if (SST__IS(word, "TempFail"))
		return SST_ATTEMPT_DEFERRED;
	if (SST__IS(word, "PermFail") || SST__IS(word, "Loop"))
		return SST_ATTEMPT_BOUNCED;
	if (SST__IS(word, "Expire"))
		return SST_ATTEMPT_EXPIRED;
	if (SST__IS(word, "Remove"))
		return SST_ATTEMPT_DISCARDED;
	return SST_ATTEMPT_NONE;
}

/* "192.0.2.1 (mx.example.org)" as "mx.example.org [192.0.2.1]", so that the name comes first. */
static sst_text relay_of(sst_log *log, sst_text relay)
{
	size_t open = SST__FIND(relay, 0, " (");
	sst_text name;
	char *out;

	if (open == relay.len || relay.ptr[relay.len - 1] != ')')
		return relay;
	name = sst__text_part(relay, open + 2, relay.len - 1);
	out = sst__scratch_take(log, name.len + open + 3);
	if (out == NULL)
		return relay;
	memcpy(out, name.ptr, name.len);
	out[name.len] = ' ';
	out[name.len + 1] = '[';
	memcpy(out + name.len + 2, relay.ptr, open);
	out[name.len + open + 2] = ']';
	return (sst_text){out, name.len + open + 3};
}

static void add_original(sst_event *event, sst_text original)
{
	if (original.len > 0 && !SST__IS(original, "-") &&
	    !sst__text_same(original, event->recipient))
		event->original = original;
}

static sst__reading delivery(sst_log *log, const sst__line *line, sst_text rest, bool local)
{
	sst_text id = SST__WORD(rest, "evpid="), delay = SST__WORD(rest, " delay=");
	size_t at = SST__FIND(rest, 0, " stat=");
	sst_event *event;
	sst_text stat = at < rest.len ? sst__from(rest, at + 6) : SST_NO_TEXT;

	event = sst__event_new(log, line, SST_EVENT_ATTEMPT, SST_SERVER_OPENSMTPD);
	event->queue_id = sst__text_part(id, 0, 8);
	event->sender = SST__WORD(rest, " from=");
	event->recipient = SST__WORD(rest, " to=");
	add_original(event, SST__WORD(rest, " rcpt="));
	event->result = attempt_of(SST__WORD(rest, " result="));
	event->delay = sst__take_duration(&delay);
	event->delays_known = 1;
	event->relay = relay_of(log, SST__WORD(rest, " relay="));
	if (local) {
		event->flags |= SST_TRACK_LOCAL;
		event->relay = SST_TEXT("local");
	} else if (stat.len > 1 && stat.ptr[0] == '"') {
		stat = sst__text_part(stat, 1,
		                      stat.ptr[stat.len - 1] == '"' ? stat.len - 1 : stat.len);
	}
	add_text(event, stat);
	if (event->result == SST_ATTEMPT_NONE)
		event->kind = SST_EVENT_REMARK;
	return SST__USED;
}

static sst__reading accepted(sst_log *log, const sst__line *line, sst_text rest)
{
	sst_event *event = sst__event_new(log, line, SST_EVENT_ACCEPTED, SST_SERVER_OPENSMTPD);
	sst_text size = SST__WORD(rest, " size="), count = SST__WORD(rest, " nrcpt=");

	event->queue_id = SST__WORD(rest, "msgid=");
	event->size = sst__take_number(&size);
	event->recipients = (uint32_t)sst__take_number(&count);
	return SST__USED;
}

static sst__reading envelope(sst_log *log, const sst__line *line, sst_text rest)
{
	sst_event *event = sst__event_new(log, line, SST_EVENT_RECIPIENT, SST_SERVER_OPENSMTPD);

	event->queue_id = sst__text_part(SST__WORD(rest, "evpid="), 0, 8);
	event->sender = SST__WORD(rest, " from=");
	event->recipient = SST__WORD(rest, " to=");
	return SST__USED;
}

/* failed-command command="RCPT TO:<a>" result="550 ..." */
static sst__reading refused(sst_log *log, const sst__line *line, sst_text rest)
{
	sst_text command = SST__WORD(rest, "command="), result = SST__WORD(rest, " result=");
	size_t open = sst__find(command, 0, '<'), close = sst__find(command, open, '>');
	bool rcpt = SST__STARTS(command, "RCPT TO:"), mail = SST__STARTS(command, "MAIL FROM:");
	sst_event *event;

	if (!rcpt && !mail)
		return SST__SKIPPED;
	event = sst__event_new(log, line, SST_EVENT_REFUSED, SST_SERVER_OPENSMTPD);
	event->phase = rcpt ? SST_PHASE_RCPT : SST_PHASE_MAIL;
	*(rcpt ? &event->recipient : &event->sender) = sst__text_part(command, open + 1, close);
	add_text(event, result);
	event->result = event->reply / 100 == 4 ? SST_ATTEMPT_DEFERRED : SST_ATTEMPT_BOUNCED;
	event->flags |= event->reply / 100 == 4 ? SST_TRACK_TEMPORARY : 0;
	return SST__USED;
}

/* Until 5.9: "relay: Ok for EVPID: session=..., from=<..>, to=<..>, rcpt=<..>, relay=..., stat=..."
 */
static sst__reading older(sst_log *log, const sst__line *line, sst_text rest)
{
	sst_text word = sst__take_to(&rest, ' '), id;
	sst_event *event;

	if (!SST__TAKE(rest, "for ") || attempt_of(word) == SST_ATTEMPT_NONE)
		return SST__UNKNOWN;
	id = sst__take_to(&rest, ':');
	event = sst__event_new(log, line, SST_EVENT_ATTEMPT, SST_SERVER_OPENSMTPD);
	event->queue_id = sst__text_part(id, 0, 8);
	event->result = attempt_of(word);
	event->sender = sst__bare_address(SST__VALUE(rest, "from="));
	event->recipient = sst__bare_address(SST__VALUE(rest, "to="));
	add_original(event, sst__bare_address(SST__VALUE(rest, "rcpt=")));
	event->relay = relay_of(log, SST__VALUE(rest, "relay="));
	add_text(event, SST__VALUE(rest, "stat="));
	return SST__USED;
}

sst__reading sst__opensmtpd_line(sst_log *log, const sst__line *line)
{
	sst_text rest = line->text, word;

	if (SST__TAKE(rest, "relay: ") || SST__TAKE(rest, "delivery: "))
		return older(log, line, rest);
	if (sst__is_known(SST_SERVER_OPENSMTPD, rest))
		return SST__SKIPPED;
	word = sst__take_to(&rest, ' ');
	if (word.len != 16)
		return SST__UNKNOWN;
	if (SST__TAKE(rest, "smtp message "))
		return accepted(log, line, rest);
	if (SST__TAKE(rest, "smtp envelope "))
		return envelope(log, line, rest);
	if (SST__TAKE(rest, "mta delivery "))
		return delivery(log, line, rest, false);
	if (SST__TAKE(rest, "mda delivery "))
		return delivery(log, line, rest, true);
	if (SST__TAKE(rest, "smtp failed-command "))
		return refused(log, line, rest);
	if (SST__STARTS(rest, "smtp ") || SST__STARTS(rest, "mta ") || SST__STARTS(rest, "mda "))
		return SST__SKIPPED;
	return SST__UNKNOWN;
}
