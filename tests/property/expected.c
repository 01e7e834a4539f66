/* SPDX-License-Identifier: MIT
 * tests/property/expected.c - a record as other parsers are to find it. */
#include "expected.h"

#include "core/text.h"

#include <smtpstatus/words.h>

#include <stdio.h>
#include <stdlib.h>

typedef struct sink {
	char *buffer;
	size_t size, len;
} sink;

static void put(sink *to, const char *bytes, size_t len)
{
	if (to->size - to->len < len)
		abort();
	memcpy(to->buffer + to->len, bytes, len);
	to->len += len;
}

static void put_string(sink *to, const char *string)
{
	put(to, string, strlen(string));
}

static void field(sink *to, const char *name, sst_text value)
{
	if (value.len == 0)
		return;
	put_string(to, name);
	put_string(to, ": ");
	put(to, value.ptr, value.len);
	put_string(to, "\n");
}

static void field_time(sink *to, const char *name, sst_time time)
{
	char text[48];
	int len = snprintf(text, sizeof text, "%lld %d", (long long)time.seconds, time.zone);

	if (time.known)
		field(to, name, (sst_text){text, (size_t)len});
}

static void field_code(sink *to, const char *name, sst_code code)
{
	char text[SST_CODE_SIZE];

	field(to, name, (sst_text){text, sst_code_format(code, text, sizeof text)});
}

static void reply(sink *to, const sst_reply_draft *draft)
{
	char text[SST_CODE_SIZE + 8], code[SST_CODE_SIZE] = "-";

	if (draft->enhanced.cls != 0)
		code[sst_code_format(draft->enhanced, code, sizeof code)] = '\0';
	(void)snprintf(text, sizeof text, "%u %s ", draft->code, code);
	put_string(to, "Reply: ");
	put_string(to, text);
	for (size_t i = 0; i < draft->text.len; i++)
		if (!sst__is_space(draft->text.ptr[i]))
			put(to, draft->text.ptr + i, 1);
	put_string(to, "\n");
}

/* The parameters that the message came with, in the forms of RFC 3461 section 4. */
static void mail_parameters(sink *to, const sst_dsn *dsn)
{
	char text[400];

	put_string(to, "MAIL:");
	if (dsn->ret != SST_RET_UNSET)
		put_string(to, dsn->ret == SST_RET_FULL ? " RET=FULL" : " RET=HDRS");
	if (dsn->envelope_id.len > 0) {
		put_string(to, " ENVID=");
		put(to, text, sst_xtext_encode(dsn->envelope_id, text, sizeof text));
	}
	put_string(to, "\n");
}

static void rcpt_parameters(sink *to, const sst_dsn_recipient *recipient, sst_notify notify)
{
	static const char *const words[] = {"NEVER", "SUCCESS", "FAILURE", "DELAY"};
	sst_text original = recipient->original_recipient;
	const char *between = " NOTIFY=";
	char text[4096];
	size_t len;

	put_string(to, "RCPT:");
	for (unsigned i = 0; i < 4; i++) {
		if (!(notify & 1u << i))
			continue;
		put_string(to, between);
		put_string(to, words[i]);
		between = ",";
	}
	if (original.len > 0) {
		bool ascii = true;

		for (size_t i = 0; i < original.len; i++)
			ascii &= (unsigned char)original.ptr[i] < 0x80;
		put_string(to, ascii ? " ORCPT=rfc822;" : " ORCPT=utf-8;");
		if (ascii)
			len = sst_xtext_encode(original, text, sizeof text);
		else if (sst_utf8_address_encode(original, text, sizeof text, &len).err != SST_OK)
			abort();
		put(to, text, len);
	}
	put_string(to, "\n");
}

static void recipient_fields(sink *to, const record *rec, size_t index, bool wide)
{
	static char words[1 << 18];
	const sst_dsn_recipient *recipient = &rec->recipients[index];
	bool open = !(rec->dsn.flags & SST_DSN_CONFIDENTIAL);

	put_string(to, "\n");
	field(to, "Original-Recipient", recipient->original_recipient);
	field(to, "Final-Recipient", recipient->recipient);
	field(to, "Action", sst_word(SST_VOCABULARY_ACTION, recipient->action));
	field_code(to, "Status", record_status(recipient));
	if (open)
		field(to, "Remote-MTA", recipient->remote_mta);
	if (record_has_words(rec, index))
		field(to, "Diagnostic-Code",
		      (sst_text){words, record_words(recipient->diagnostic, wide, words,
		                                     sizeof words)});
	else if (recipient->action == SST_ACTION_FAILED ||
	         recipient->action == SST_ACTION_DELAYED)
		field_code(to, "Diagnostic-Code", record_status(recipient));
	field_time(to, "Last-Attempt-Date", recipient->last_attempt);
	field(to, "Final-Log-ID", recipient->final_log_id);
	field_time(to, "Will-Retry-Until", recipient->retry_until);
	rcpt_parameters(to, recipient, rec->notify[index]);
}

size_t expected_make(const record *rec, bool wide, char *buffer, size_t size)
{
	sink to = {buffer, size, 0};

	reply(&to, &rec->reply);
	field(&to, "To", rec->dsn.sender);
	mail_parameters(&to, &rec->dsn);
	field(&to, "Original-Envelope-Id", rec->dsn.envelope_id);
	field(&to, "Reporting-MTA", rec->dsn.reporting_mta);
	field(&to, "Received-From-MTA", rec->dsn.received_from_mta);
	field_time(&to, "Arrival-Date", rec->dsn.arrival_date);
	field(&to, "X-Queue-ID", rec->dsn.queue_id);
	for (size_t i = 0; i < rec->dsn.recipient_count; i++)
		recipient_fields(&to, rec, i, wide);
	return to.len;
}
