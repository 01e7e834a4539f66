/* SPDX-License-Identifier: MIT
 * track/evidence.c - what a log line's words give to the judge: the other side's reply alone, who
 * said it, and the command that it answered. */
#include "track/log.h"
#include <smtpstatus/words.h>

/* "RCPT TO command" (Postfix), "RCPT TO:<a@b>" (Exim), "pipelined end of data". */
static sst_phase phase_in(sst_text stage)
{
	static const struct {
		char name[20];
		sst_phase phase;
	} phases[] = {{"RCPT TO", SST_PHASE_RCPT},
	              {"MAIL FROM", SST_PHASE_MAIL},
	              {"end of DATA", SST_PHASE_DATA_END},
	              {"end of data", SST_PHASE_DATA_END},
	              {"sending message body", SST_PHASE_DATA_END},
	              {"DATA", SST_PHASE_DATA},
	              {"BDAT", SST_PHASE_DATA_END},
	              {"STARTTLS", SST_PHASE_STARTTLS},
	              {"TLS ", SST_PHASE_STARTTLS},
	              {"AUTH", SST_PHASE_AUTH},
	              {"EHLO", SST_PHASE_EHLO},
	              {"HELO", SST_PHASE_EHLO},
	              {"initial ", SST_PHASE_CONNECT}};

	for (size_t i = 0; i < sizeof phases / sizeof *phases; i++) {
		sst_text name = {phases[i].name, strlen(phases[i].name)};

		if (sst__find_part(stage, 0, name) < stage.len)
			return phases[i].phase;
	}
	return 0;
}

/* "host NAME[ADDR] said: REPLY (in reply to STAGE)" and the other sentences of Postfix. */
static void from_postfix(sst_evidence *evidence)
{
	sst_text text = evidence->text;
	size_t at;

	SST__TAKE(text, "delivery temporarily suspended: ");
	if (!SST__STARTS(text, "host ")) {
		at = SST__FIND(text, 0, " while ");
		if (at < text.len &&
		    (SST__STARTS(text, "lost connection") || SST__STARTS(text, "conversation")))
			evidence->phase = phase_in(sst__from(text, at));
		else if (SST__STARTS(text, "connect to "))
			evidence->phase = SST_PHASE_CONNECT;
		return;
	}
	at = SST__FIND(text, 0, " said: ");
	if (at < text.len) {
		sst_text host = sst__text_part(text, 5, at);
		size_t reply_end = sst__find_last(text, SST_TEXT(" (in reply to "));

		evidence->remote_mta = sst__text_part(host, 0, sst__find(host, 0, '['));
		if (reply_end < text.len)
			evidence->phase = phase_in(sst__from(text, reply_end + 14));
		evidence->text = sst__text_part(text, at + 7, reply_end);
		return;
	}
	at = SST__FIND(text, 0, " refused to talk to me: ");
	if (at < text.len) {
		sst_text host = sst__text_part(text, 5, at);

		evidence->remote_mta = sst__text_part(host, 0, sst__find(host, 0, '['));
		evidence->phase = SST_PHASE_CONNECT;
		evidence->text = sst__from(text, at + 24);
	}
}

/* "SMTP error from remote mail server after STAGE: REPLY" (older: "remote mailer"). */
static void from_exim(sst_evidence *evidence)
{
	sst_text text = evidence->text;
	size_t at = SST__FIND(text, 0, "SMTP error from remote "), after, end;

	if (at == text.len) {
		at = SST__FIND(text, 0, "closed connection in response to ");
		if (at < text.len)
			evidence->phase = phase_in(sst__from(text, at));
		return;
	}
	after = SST__FIND(text, at, " after ");
	if (after == text.len)
		return;
	/* The reply starts where three digits follow ": "; the stage may hold colons itself. */
	for (end = after; (end = SST__FIND(text, end, ": ")) < text.len; end++)
		if (sst__reply_at(sst__from(text, end + 2)) != 0)
			break;
	evidence->phase = phase_in(sst__text_part(text, after + 7, end));
	if (end < text.len)
		evidence->text = sst__from(text, end + 2);
}

/* "1.2.3.4_does_not_like_recipient./Remote_host_said:_550_...": its reader has made blanks of it.
 */
static void from_qmail(sst_evidence *evidence)
{
	sst_text text = evidence->text;
	size_t at = SST__FIND(text, 0, "Remote host said: ");

	if (SST__FIND(text, 0, "does not like recipient") < text.len)
		evidence->phase = SST_PHASE_RCPT;
	else if (SST__FIND(text, 0, "failed after I sent the message") < text.len)
		evidence->phase = SST_PHASE_DATA_END;
	else if (SST__FIND(text, 0, "greeting failed") < text.len)
		evidence->phase = SST_PHASE_CONNECT;
	if (at < text.len)
		evidence->text =
		        sst__text_part(text, at + 18, SST__FIND(text, at, " Giving up on "));
}

static void complete(sst_server server, sst_evidence *evidence, sst_text relay)
{
	switch (server) {
	case SST_SERVER_POSTFIX:
		from_postfix(evidence);
		break;
	case SST_SERVER_EXIM:
		from_exim(evidence);
		break;
	case SST_SERVER_QMAIL:
		from_qmail(evidence);
		break;
	default:
		break;
	}
	if (evidence->remote_mta.len == 0 && relay.len > 0 && !SST__IS(relay, "none")) {
		size_t end = 0;

		while (end < relay.len && relay.ptr[end] != '[' && relay.ptr[end] != ' ' &&
		       relay.ptr[end] != ':')
			end++;
		while (end > 0 && relay.ptr[end - 1] == '.')
			end--;
		evidence->remote_mta = sst__text_part(relay, 0, end);
	}
	if (evidence->reply == 0)
		evidence->reply = sst__reply_at(evidence->text);
}

static sst_action action_of(sst_attempt result)
{
	switch (result) {
	case SST_ATTEMPT_DELIVERED:
		return SST_ACTION_DELIVERED;
	case SST_ATTEMPT_DEFERRED:
		return SST_ACTION_DELAYED;
	case SST_ATTEMPT_BOUNCED:
	case SST_ATTEMPT_EXPIRED:
		return SST_ACTION_FAILED;
	case SST_ATTEMPT_EXPANDED:
		return SST_ACTION_EXPANDED;
	default:
		return 0;
	}
}

void sst_delivery_evidence(const sst_delivery *delivery, sst_evidence *evidence)
{
	memset(evidence, 0, sizeof *evidence);
	evidence->size = sizeof *evidence;
	evidence->text = delivery->text;
	evidence->reply = delivery->reply;
	evidence->status = delivery->status;
	evidence->phase = delivery->phase;
	evidence->action = action_of(delivery->last_result);
	evidence->recipient = delivery->recipient;
	if (delivery->fate == SST_FATE_REFUSED) {
		evidence->remote_mta = delivery->host;
		return;
	}
	evidence->reporting_mta = delivery->host;
	complete(delivery->server, evidence, delivery->relay);
}

void sst_event_evidence(const sst_event *event, sst_evidence *evidence)
{
	sst_delivery delivery;

	memset(&delivery, 0, sizeof delivery);
	delivery.server = event->server;
	delivery.fate = event->kind == SST_EVENT_REFUSED ? SST_FATE_REFUSED : SST_FATE_NONE;
	delivery.last_result = event->result;
	delivery.text = event->text;
	delivery.reply = event->reply;
	delivery.status = event->status;
	delivery.phase = event->phase;
	delivery.recipient = event->recipient;
	delivery.host = event->host;
	delivery.relay = event->relay;
	sst_delivery_evidence(&delivery, evidence);
}
