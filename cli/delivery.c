/* SPDX-License-Identifier: MIT
 * cli/delivery.c - what `track` writes about one delivery or one attempt. */
#include "cli/delivery.h"

#include "cli/answer.h"
#include "cli/bounces.h"
#include "cli/record.h"
#include "cli/site.h"
#include "cli/wording.h"
#include "say/moment.h"

#include <smtpstatus/words.h>

#include <string.h>

sst_time cli_moment(int64_t time, int16_t zone)
{
	sst_time moment = {0, zone, false, 0};
	int64_t rest;

	if (time == INT64_MIN)
		return moment;
	rest = time % 1000000;
	if (rest < 0)
		rest += 1000000;
	moment.seconds = (time - rest) / 1000000;
	moment.nanoseconds = (uint32_t)rest * 1000;
	moment.known = true;
	return moment;
}

sst_text cli_hour_text(sst_time moment, char buffer[CLI_MOMENT_SIZE])
{
	size_t len = sst__time_format(moment, buffer);

	if (len < 17)
		return (sst_text){buffer, 0};
	buffer[16] = 'Z'; /* seconds are of no interest */
	return (sst_text){buffer, 17};
}

sst_text cli_second_text(sst_time moment, char buffer[CLI_MOMENT_SIZE])
{
	size_t len;

	moment.nanoseconds = 0;
	len = moment.known ? sst__time_format(moment, buffer) : 0;
	if (len > 10)
		buffer[10] = ' ';
	return (sst_text){buffer, len};
}

void cli_delivery_raise(cli_verdict *verdict)
{
	verdict->verdict.notes |= SST_NOTE_KEEPS_COMING_BACK;
	if (verdict->verdict.act == SST_ACT_RETRY || verdict->verdict.act == 0)
		verdict->verdict.act = SST_ACT_ASK;
}

bool cli_keeps_coming_back(const sst_delivery *delivery, uint32_t attempts, int64_t time)
{
	int64_t since = delivery->accepted != INT64_MIN ? delivery->accepted : delivery->first;

	if (delivery->last_result != SST_ATTEMPT_DEFERRED || delivery->temporary == 0)
		return false;
	if (attempts > 0 && delivery->temporary >= attempts)
		return true;
	return time > 0 && since != INT64_MIN && delivery->ended != INT64_MIN &&
	       delivery->ended - since >= time;
}

sst_text cli_relay_host(sst_text relay)
{
	size_t end = 0;

	while (end < relay.len && relay.ptr[end] != '[' && relay.ptr[end] != ' ' &&
	       relay.ptr[end] != ':' && relay.ptr[end] != '(')
		end++;
	while (end > 0 && relay.ptr[end - 1] == '.')
		end--;
	return (sst_text){relay.ptr, end};
}

static void judge_delivered(const sst_delivery *delivery, sst_verdict *verdict)
{
	verdict->category = SST_CATEGORY_DELIVERED;
	verdict->permanence = SST_PERMANENCE_SUCCESS;
	verdict->act = SST_ACT_NONE;
	verdict->side = SST_SIDE_RECIPIENT_SYSTEM;
	verdict->scope = SST_SCOPE_ADDRESS;
	verdict->confidence = 99;
	verdict->status = delivery->status.cls != 0 ? delivery->status : (sst_code){2, 0, 0};
}

/* Without an answer there is nothing to judge: in the queue, held, or thrown away. */
static void judge_nothing(const sst_delivery *delivery, sst_verdict *verdict)
{
	bool waits = delivery->fate == SST_FATE_QUEUED || delivery->fate == SST_FATE_HELD;

	verdict->category = SST_CATEGORY_UNDETERMINED;
	verdict->permanence = waits ? SST_PERMANENCE_TEMPORARY : SST_PERMANENCE_PERMANENT;
	verdict->act = delivery->fate == SST_FATE_QUEUED ? SST_ACT_NONE : SST_ACT_ASK;
	verdict->side =
	        waits || delivery->fate == SST_FATE_DELETED || delivery->fate == SST_FATE_DISCARDED
	                ? SST_SIDE_SENDER_SYSTEM
	                : 0;
	verdict->status = delivery->status;
}

void cli_delivery_judge(const cli_settings *settings, const sst_delivery *delivery,
                        cli_verdict *out)
{
	sst_verdict *verdict = &out->verdict;

	out->bounce = NULL;
	out->words = NULL;
	sst_delivery_evidence(delivery, &out->evidence);
	out->said = out->evidence.text;
	out->evidence.text = cli_words_unfold(delivery->server, out->evidence.text, out->unfolded,
	                                      sizeof out->unfolded);
	memset(verdict, 0, sizeof *verdict);
	verdict->size = sizeof *verdict;
	if (delivery->fate == SST_FATE_DELIVERED)
		judge_delivered(delivery, verdict);
	else if (delivery->last_result == SST_ATTEMPT_NONE && delivery->fate != SST_FATE_REFUSED)
		judge_nothing(delivery, verdict);
	else
		sst_judge(settings->rules, &out->evidence, verdict);
	if (verdict->reply_code == 0)
		verdict->reply_code = out->evidence.reply;
	verdict->reported_status = delivery->status;
	cli_site_judge(settings, verdict);
}

static void field(sst_json *json, const char *key, sst_text text)
{
	if (text.len > 0)
		sst_json_field(json, key, text);
}

static sst_kind kind_of(sst_fate fate)
{
	switch (fate) {
	case SST_FATE_DELIVERED:
		return SST_KIND_DELIVERED;
	case SST_FATE_BOUNCED:
	case SST_FATE_EXPIRED:
	case SST_FATE_REFUSED:
		return SST_KIND_BOUNCE;
	case SST_FATE_QUEUED:
	case SST_FATE_HELD:
		return SST_KIND_DELAY;
	default:
		return SST_KIND_OTHER;
	}
}

static sst_action action_of(sst_fate fate)
{
	switch (kind_of(fate)) {
	case SST_KIND_DELIVERED:
		return SST_ACTION_DELIVERED;
	case SST_KIND_BOUNCE:
		return SST_ACTION_FAILED;
	case SST_KIND_DELAY:
		return SST_ACTION_DELAYED;
	default:
		return 0;
	}
}

static void write_next(sst_json *json, const sst_delivery *delivery)
{
	if (delivery->next_id.len == 0) {
		field(json, "remote_queue_id", delivery->remote_id);
		return;
	}
	sst_json_key(json, "next");
	sst_json_open(json, '{');
	field(json, "host", delivery->next_host);
	field(json, "queue_id", delivery->next_id);
	sst_json_close(json, '}');
}

static void seconds(sst_json *json, const char *key, uint32_t milliseconds)
{
	sst_json_key(json, key);
	sst_json_decimal(json, milliseconds, 3);
}

static void write_delays(sst_json *json, const sst_delivery *delivery)
{
	if (delivery->delays_known & 1)
		seconds(json, "delay", delivery->delay);
	if (!(delivery->delays_known & 2))
		return;
	sst_json_key(json, "delays");
	sst_json_open(json, '{');
	seconds(json, "before_queue", delivery->delays[0]);
	seconds(json, "in_queue", delivery->delays[1]);
	seconds(json, "connection", delivery->delays[2]);
	seconds(json, "transmission", delivery->delays[3]);
	sst_json_close(json, '}');
}

static void write_flags(sst_json *json, const sst_delivery *delivery)
{
	if (delivery->flags & SST_TRACK_POSSIBLY) {
		sst_json_key(json, "possibly_delivered");
		sst_json_bool(json, true);
	}
	if (delivery->flags & SST_TRACK_LOCAL) {
		sst_json_key(json, "local");
		sst_json_bool(json, true);
	}
	if (delivery->flags & SST_TRACK_NO_ACCEPT && delivery->queue_id.len > 0) {
		sst_json_key(json, "beginning_missing");
		sst_json_bool(json, true);
	}
}

static void write_bounce(sst_json *json, const cli_bounce *bounce)
{
	sst_json_key(json, "bounce");
	sst_json_open(json, '{');
	field(json, "source", bounce->source);
	sst_json_field(json, "joined_by", (sst_text){bounce->joined_by, strlen(bounce->joined_by)});
	field(json, "reporting_mta", bounce->reporting_mta);
	sst_json_close(json, '}');
}

static void write_counts(sst_json *json, const sst_delivery *delivery)
{
	if (delivery->fate != SST_FATE_REFUSED && delivery->fate != SST_FATE_NONE) {
		sst_json_field_number(json, "attempts", delivery->attempts);
		if (delivery->not_tried > 0)
			sst_json_field_number(json, "not_tried", delivery->not_tried);
	}
	if (delivery->size > 0)
		sst_json_field_number(json, "size", (int64_t)delivery->size);
}

static void write_identity(sst_json *json, const sst_delivery *delivery)
{
	field(json, "server", sst_server_name(delivery->server));
	field(json, "host", delivery->host);
	field(json, "queue_id", delivery->queue_id);
	field(json, "message_id", delivery->message_id);
	sst_json_field(json, "sender", delivery->sender);
	field(json, "recipient", delivery->recipient);
	field(json, "original_recipient", delivery->original);
	field(json, "client", delivery->client);
	field(json, "relay", delivery->relay);
	field(json, "remote_mta", cli_relay_host(delivery->relay));
	field(json, "origin_queue_id", delivery->origin_id);
	field(json, "notice_queue_id", delivery->notice_id);
}

/* Where byte `at` of the unfolded words stands in the delivery's text. */
static uint32_t place_in_text(const sst_delivery *delivery, const cli_verdict *verdict, uint32_t at)
{
	const char *said = verdict->said.ptr;
	size_t place = 0;

	if (verdict->evidence.text.ptr == said || delivery->server != SST_SERVER_EXIM) {
		place = at; /* a blank became a line end */
	} else {            /* a backslash and n did */
		for (uint32_t i = 0; i < at && place < verdict->said.len; i++, place++)
			place += said[place] == '\\' && place + 1 < verdict->said.len &&
			         said[place + 1] == 'n';
	}
	return (uint32_t)(place + (size_t)(said - delivery->text.ptr));
}

static void write_verdict(sst_json *json, const sst_delivery *delivery, const cli_verdict *verdict)
{
	sst_verdict copy = verdict->verdict;
	sst_notes notes = delivery->flags & SST_TRACK_CUT ? SST_NOTE_TRUNCATED : 0;
	sst_text host = cli_relay_host(delivery->relay);

	if (copy.provider.len == 0 && host.len > 0)
		copy.provider = sst_provider_of_host(host);
	for (unsigned i = 0; i < copy.proof_count && i < SST_PROOFS; i++) {
		sst_proof *proof = &copy.proofs[i];

		if (proof->from == proof->upto)
			continue;
		proof->from = place_in_text(delivery, verdict, proof->from);
		proof->upto = place_in_text(delivery, verdict, proof->upto);
	}
	cli_record_verdict(json, &copy, delivery->text, notes);
}

void cli_delivery_json(sst_json *json, const sst_delivery *delivery, const cli_verdict *verdict,
                       sst_text source)
{
	cli_record_open(json);
	field(json, "source", source);
	if (delivery->line > 0)
		sst_json_field_number(json, "line", (int64_t)delivery->line);
	cli_record_word(json, "kind", SST_VOCABULARY_KIND, kind_of(delivery->fate));
	write_identity(json, delivery);
	if (delivery->fate != SST_FATE_NONE)
		field(json, "fate", sst_fate_name(delivery->fate));
	cli_record_word(json, "action", SST_VOCABULARY_ACTION, action_of(delivery->fate));
	write_counts(json, delivery);
	cli_record_time(json, "accepted", cli_moment(delivery->accepted, delivery->zone));
	cli_record_time(json, "ended", cli_moment(delivery->ended, delivery->zone));
	write_delays(json, delivery);
	write_verdict(json, delivery, verdict);
	if (verdict->words != NULL)
		cli_words_json(json, verdict->words->title, verdict->words->text,
		               verdict->words->advice);
	field(json, "diagnostic", delivery->text);
	write_flags(json, delivery);
	if (verdict->bounce != NULL)
		write_bounce(json, verdict->bounce);
	write_next(json, delivery);
	sst_json_close(json, '}');
	sst_json_line_end(json);
}

static sst_fate fate_of_attempt(sst_attempt result)
{
	static const sst_fate fates[] = {[SST_ATTEMPT_NONE] = SST_FATE_NONE,
	                                 [SST_ATTEMPT_DELIVERED] = SST_FATE_DELIVERED,
	                                 [SST_ATTEMPT_DEFERRED] = SST_FATE_QUEUED,
	                                 [SST_ATTEMPT_BOUNCED] = SST_FATE_BOUNCED,
	                                 [SST_ATTEMPT_EXPIRED] = SST_FATE_EXPIRED,
	                                 [SST_ATTEMPT_DISCARDED] = SST_FATE_DISCARDED,
	                                 [SST_ATTEMPT_EXPANDED] = SST_FATE_DELIVERED};

	return result < sizeof fates / sizeof *fates ? fates[result] : SST_FATE_NONE;
}

void cli_delivery_of_event(const sst_event *event, sst_delivery *out)
{
	memset(out, 0, sizeof *out);
	out->struct_size = sizeof *out;
	out->fate = event->kind == SST_EVENT_REFUSED ? SST_FATE_REFUSED
	                                             : fate_of_attempt(event->result);
	out->server = event->server;
	out->last_result = event->result;
	out->flags = event->flags;
	out->reply = event->reply;
	out->phase = event->phase;
	out->status = event->status;
	out->zone = event->zone;
	out->attempts = event->repeated + 1;
	out->not_tried = event->flags & SST_TRACK_NOT_TRIED ? event->repeated + 1 : 0;
	out->delay = event->delay;
	memcpy(out->delays, event->delays, sizeof out->delays);
	out->delays_known = event->delays_known;
	out->accepted = INT64_MIN;
	out->ended = event->time;
	out->line = event->line;
	out->file = event->file;
	out->host = event->host;
	out->queue_id = event->queue_id;
	out->sender = event->sender;
	out->recipient = event->recipient;
	out->original = event->original;
	out->message_id = event->message_id;
	out->text = event->text;
	*(event->kind == SST_EVENT_REFUSED ? &out->client : &out->relay) = event->relay;
}
