/* SPDX-License-Identifier: MIT
 * cli/record.c - the JSON record of every command. */
#include "cli/record.h"

#include "cli/vocabulary.h"
#include "say/moment.h"

#include <stdio.h>
#include <string.h>

void cli_record_open(sst_json *json)
{
	sst_json_open(json, '{');
	sst_json_field_number(json, "schema", CLI_SCHEMA);
}

void cli_record_word(sst_json *json, const char *key, sst_vocabulary vocabulary, unsigned number)
{
	if (number != 0)
		sst_json_field(json, key, sst_word(vocabulary, number));
}

/* The same where the lack of an answer is an answer. */
static void word_or_unknown(sst_json *json, const char *key, sst_vocabulary vocabulary,
                            unsigned number)
{
	sst_text word = number == 0 ? SST_TEXT("unknown") : sst_word(vocabulary, number);

	sst_json_field(json, key, word);
}

void cli_record_code(sst_json *json, const char *key, sst_code code)
{
	char text[SST_CODE_SIZE];
	size_t len;

	if (code.cls == 0)
		return;
	len = sst_code_format(code, text, sizeof text);
	sst_json_field(json, key, (sst_text){text, len});
}

void cli_record_time(sst_json *json, const char *key, sst_time time)
{
	char text[SST_TIME_SIZE];
	size_t len = time.known ? sst__time_format(time, text) : 0;

	if (len > 0)
		sst_json_field(json, key, (sst_text){text, len});
}

void cli_record_notes(sst_json *json, sst_notes notes)
{
	if (notes == 0)
		return;
	sst_json_key(json, "notes");
	sst_json_open(json, '[');
	for (unsigned bit = 0; bit < 64; bit++) {
		sst_text name =
		        notes >> bit & 1 ? sst_word(SST_VOCABULARY_NOTE, bit) : (sst_text){NULL, 0};
		if (name.ptr != NULL)
			sst_json_text(json, name);
	}
	sst_json_close(json, ']');
}

/* As sst_json_field, but an empty text says nothing either. */
static inline void field(sst_json *json, const char *key, sst_text text)
{
	if (text.len > 0)
		sst_json_field(json, key, text);
}

void cli_record_report(sst_json *json, const sst_report *report)
{
	field(json, "recipient", report->recipient);
	field(json, "original_recipient", report->original_recipient);
	field(json, "sender", report->sender);
	cli_record_word(json, "action", SST_VOCABULARY_ACTION, report->action);
	field(json, "diagnostic", report->diagnostic);
	field(json, "reporting_mta", report->reporting_mta);
	field(json, "remote_mta", report->remote_mta);
	field(json, "message_id", report->message_id);
	field(json, "queue_id", report->queue_id);
	field(json, "envelope_id", report->envelope_id);
	field(json, "subject", report->subject);
	field(json, "feedback_type", report->feedback_type);
	cli_record_time(json, "arrival_date", report->arrival_date);
	cli_record_time(json, "last_attempt", report->last_attempt);
	cli_record_time(json, "retry_until", report->retry_until);
}

static bool has_detail(const sst_detail *detail)
{
	return detail->list.len > 0 || detail->link.len > 0 || detail->new_address.len > 0 ||
	       detail->provider_code.len > 0 || detail->ticket.len > 0 || detail->limit > 0 ||
	       detail->retry_after > 0 || detail->check > 0;
}

static void write_detail(sst_json *json, const sst_detail *detail)
{
	if (!has_detail(detail))
		return;
	sst_json_key(json, "detail");
	sst_json_open(json, '{');
	field(json, "list", detail->list);
	field(json, "link", detail->link);
	if (detail->retry_after > 0)
		sst_json_field_number(json, "retry_after", detail->retry_after);
	cli_record_word(json, "check", SST_VOCABULARY_CHECK, detail->check);
	if (detail->limit > 0)
		sst_json_field_number(json, "limit",
		                      detail->limit > INT64_MAX ? INT64_MAX
		                                                : (int64_t)detail->limit);
	field(json, "new_address", detail->new_address);
	field(json, "provider_code", detail->provider_code);
	field(json, "ticket", detail->ticket);
	sst_json_close(json, '}');
}

static const char *const proof_kinds[] = {
        [SST_PROOF_PROVIDER] = "provider", [SST_PROOF_PHRASE_WITH_CODE] = "phrase-with-code",
        [SST_PROOF_PHRASE] = "phrase",     [SST_PROOF_CODE] = "code",
        [SST_PROOF_SUBJECT] = "subject",   [SST_PROOF_REPLY] = "reply",
        [SST_PROOF_CLASS] = "class",       [SST_PROOF_MODEL] = "model",
};

static void write_proof(sst_json *json, const sst_proof *proof, sst_text text)
{
	const char *kind = proof->kind < sizeof proof_kinds / sizeof *proof_kinds
	                           ? proof_kinds[proof->kind]
	                           : NULL;

	sst_json_open(json, '{');
	if (kind != NULL)
		sst_json_field(json, "kind", (sst_text){kind, strlen(kind)});
	field(json, "rule", proof->rule);
	field(json, "category", cli_category_word(proof->category));
	sst_json_key(json, "weight");
	sst_json_decimal(json, proof->weight, 2);
	if (proof->from < proof->upto && proof->upto <= text.len) {
		sst_json_field_number(json, "from", proof->from);
		sst_json_field_number(json, "upto", proof->upto);
		sst_json_field(json, "text",
		               (sst_text){text.ptr + proof->from, proof->upto - proof->from});
	}
	sst_json_close(json, '}');
}

static void write_evidence(sst_json *json, const sst_verdict *verdict, sst_text text)
{
	if (verdict->proof_count == 0)
		return;
	sst_json_key(json, "evidence");
	sst_json_open(json, '[');
	for (unsigned i = 0; i < verdict->proof_count && i < SST_PROOFS; i++)
		write_proof(json, &verdict->proofs[i], text);
	sst_json_close(json, ']');
}

void cli_record_verdict(sst_json *json, const sst_verdict *verdict, sst_text text, sst_notes notes)
{
	cli_record_code(json, "status", verdict->status);
	cli_record_code(json, "reported_status", verdict->reported_status);
	if (verdict->reply_code != 0)
		sst_json_field_number(json, "reply_code", verdict->reply_code);
	field(json, "category", cli_category_word(verdict->category));
	word_or_unknown(json, "permanence", SST_VOCABULARY_PERMANENCE, verdict->permanence);
	cli_record_word(json, "act", SST_VOCABULARY_ACT, verdict->act);
	word_or_unknown(json, "side", SST_VOCABULARY_SIDE, verdict->side);
	cli_record_word(json, "scope", SST_VOCABULARY_SCOPE, verdict->scope);
	field(json, "provider", verdict->provider);
	sst_json_key(json, "confidence");
	sst_json_decimal(json, verdict->confidence > 100 ? 100 : verdict->confidence, 2);
	write_detail(json, &verdict->detail);
	write_evidence(json, verdict, text);
	cli_record_notes(json, verdict->notes | notes);
}
