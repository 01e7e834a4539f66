/* SPDX-License-Identifier: MIT
 * cli/draft.c - values of a record into what the library writes. */
#include "cli/draft.h"

#include "cli/moment.h"
#include "core/text.h"

static const char *const names[CLI_KEYS] = {
        "recipient",         "original_recipient", "action",       "kind",     "status",
        "reply_code",        "diagnostic",         "text",         "phase",    "remote_mta",
        "last_attempt",      "retry_until",        "final_log_id", "sender",   "reporting_mta",
        "received_from_mta", "envelope_id",        "message_id",   "queue_id", "subject",
        "arrival_date",
};

const char *cli_key_name(cli_key key)
{
	return names[key];
}

cli_key cli_key_find(const char *name)
{
	unsigned key = 0;

	while (key < CLI_KEYS && strcmp(names[key], name) != 0)
		key++;
	return (cli_key)key;
}

static sst_written accept(void)
{
	return (sst_written){SST_OK, 0, NULL, NULL, SST_NO_RECIPIENT};
}

static sst_written refuse(cli_key key, size_t at, const char *rule)
{
	return (sst_written){SST_E_SYNTAX, at, names[key], rule, SST_NO_RECIPIENT};
}

static sst_written read_time(const cli_values *values, cli_key key, sst_time *out)
{
	if (values->of[key].ptr == NULL || cli_moment_parse(values->of[key], out))
		return accept();
	return refuse(key, 0, "RFC 3339 section 5.6: not a date like 2024-05-01T10:00:00+02:00");
}

static sst_written read_code(const cli_values *values, sst_code *out)
{
	sst_result result;

	if (values->of[CLI_KEY_STATUS].ptr == NULL)
		return accept();
	result = sst_code_parse(values->of[CLI_KEY_STATUS], out);
	return result.err == SST_OK ? accept() : refuse(CLI_KEY_STATUS, result.at, result.rule);
}

/* The action, or what the kind of a record says of it. */
static sst_written read_action(const cli_values *values, sst_action *out)
{
	static const struct {
		uint8_t kind, action;
	} kinds[] = {
	        {SST_KIND_BOUNCE, SST_ACTION_FAILED},       {SST_KIND_DELAY, SST_ACTION_DELAYED},
	        {SST_KIND_DELIVERED, SST_ACTION_DELIVERED}, {SST_KIND_RELAYED, SST_ACTION_RELAYED},
	        {SST_KIND_EXPANDED, SST_ACTION_EXPANDED},
	};
	sst_text word = values->of[CLI_KEY_ACTION], kind = values->of[CLI_KEY_KIND];
	int number = word.ptr == NULL ? 0 : sst_word_find(SST_VOCABULARY_ACTION, word);
	int of_kind = kind.ptr == NULL ? 0 : sst_word_find(SST_VOCABULARY_KIND, kind);

	if (number < 0)
		return refuse(CLI_KEY_ACTION, 0,
		              "RFC 3464 section 2.3.3: failed, delayed, delivered, relayed or "
		              "expanded");
	*out = (sst_action)number;
	for (size_t i = 0; *out == 0 && i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kinds[i].kind == of_kind)
			*out = kinds[i].action;
	return accept();
}

/* "smtp; 550 no" as it stands in a report, or the words alone, as in a record. */
static void read_diagnostic(sst_text text, sst_dsn_recipient *out)
{
	sst_text type = sst__text_part(text, 0, sst__text_find(text, 0, ';'));
	bool known =
	        sst__text_same(type, SST_TEXT("smtp")) || sst__text_same(type, SST_TEXT("lmtp")) ||
	        sst__text_same(type, SST_TEXT("x400")) || sst__text_starts(type, SST_TEXT("x-"));

	out->diagnostic = text;
	if (type.len == text.len || !known)
		return;
	for (size_t i = 0; i < type.len; i++)
		if (!sst__is_alpha(type.ptr[i]) && !sst__is_digit(type.ptr[i]) &&
		    type.ptr[i] != '-')
			return;
	out->diagnostic_type = type;
	out->diagnostic = sst__text_trim(sst__text_part(text, type.len + 1, text.len));
}

sst_written cli_draft_recipient(const cli_values *values, sst_dsn_recipient *out)
{
	sst_written written;

	*out = (sst_dsn_recipient)SST_DSN_RECIPIENT_INIT;
	out->recipient = values->of[CLI_KEY_RECIPIENT];
	out->original_recipient = values->of[CLI_KEY_ORIGINAL_RECIPIENT];
	out->remote_mta = values->of[CLI_KEY_REMOTE_MTA];
	out->final_log_id = values->of[CLI_KEY_FINAL_LOG_ID];
	if (values->of[CLI_KEY_DIAGNOSTIC].ptr != NULL)
		read_diagnostic(values->of[CLI_KEY_DIAGNOSTIC], out);
	written = read_action(values, &out->action);
	if (written.err == SST_OK)
		written = read_code(values, &out->status);
	if (written.err == SST_OK)
		written = read_time(values, CLI_KEY_LAST_ATTEMPT, &out->last_attempt);
	if (written.err == SST_OK)
		written = read_time(values, CLI_KEY_RETRY_UNTIL, &out->retry_until);
	return written;
}

sst_written cli_draft_message(const cli_values *values, sst_dsn *out)
{
	out->sender = values->of[CLI_KEY_SENDER];
	out->reporting_mta = values->of[CLI_KEY_REPORTING_MTA];
	out->received_from_mta = values->of[CLI_KEY_RECEIVED_FROM_MTA];
	out->envelope_id = values->of[CLI_KEY_ENVELOPE_ID];
	out->message_id = values->of[CLI_KEY_MESSAGE_ID];
	out->queue_id = values->of[CLI_KEY_QUEUE_ID];
	out->subject = values->of[CLI_KEY_SUBJECT];
	return read_time(values, CLI_KEY_ARRIVAL_DATE, &out->arrival_date);
}

sst_written cli_draft_reply(const cli_values *values, sst_reply_draft *out)
{
	sst_text code = values->of[CLI_KEY_REPLY_CODE], phase = values->of[CLI_KEY_PHASE];
	int number = phase.ptr == NULL ? 0 : sst_word_find(SST_VOCABULARY_PHASE, phase);
	unsigned digits;

	out->code = (uint16_t)sst__text_number(code, 0, 3, &digits);
	if (digits != 3 || code.len != 3)
		return refuse(CLI_KEY_REPLY_CODE, digits, "RFC 5321 section 4.2: three digits");
	if (number < 0)
		return refuse(CLI_KEY_PHASE, 0,
		              "connect, ehlo, starttls, auth, mail, rcpt, data, "
		              "data-end or quit");
	out->phase = (sst_phase)number;
	out->text = values->of[CLI_KEY_TEXT].ptr != NULL ? values->of[CLI_KEY_TEXT]
	                                                 : values->of[CLI_KEY_DIAGNOSTIC];
	return read_code(values, &out->enhanced);
}
