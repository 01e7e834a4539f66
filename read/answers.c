/* SPDX-License-Identifier: MIT
 * read/answers.c - automatic answers, read receipts (RFC 8098) and complaints (RFC 5965). */
#include "read/date.h"
#include "read/kind.h"

static sst_report report_of(sst_kind kind)
{
	sst_report report = {.size = sizeof report, .kind = kind};

	return report;
}

void sst__give_answer(sst_mail *mail, sst__body *body)
{
	const sst_text *value = mail->headers[body->level].value;
	sst_report report = report_of(SST_KIND_AUTO_REPLY);

	report.recipient = sst__address_first(value[FIELD_FROM]);
	report.recipient_origin = SST_ORIGIN_HEADER;
	if (report.recipient.len == 0) {
		report.recipient_origin = 0;
		report.recipient = SST_NO_TEXT;
		report.notes |= SST_NOTE_NO_RECIPIENT;
	}
	report.sender = sst__address_first(value[FIELD_TO]);
	report.diagnostic = sst__body_diagnostic(mail, body, NULL);
	report.diagnostic_origin = SST_ORIGIN_PROSE;
	report.message_id = value[FIELD_IN_REPLY_TO];
	sst__queue_add(mail, &report);
}

/* A filter that was told to refuse says so in the form of a receipt (RFC 5429, action "reject"):
 * the words give the reason. */
static bool is_refusal(const sst_mail *mail, const sst__body *body)
{
	sst_text answer = mail->headers[mail->report_level].value[FIELD_AUTO_SUBMITTED];
	sst_text disposition = mail->message.value[FIELD_DISPOSITION_TYPE];

	return sst__text_search(answer, 0, SST_TEXT("rejected")) < answer.len ||
	       ((body->early & SHAPE_FAILED) &&
	        sst__text_search(disposition, 0, SST_TEXT("deleted")) < disposition.len);
}

void sst__give_receipt(sst_mail *mail)
{
	const sst_text *value = mail->message.value;
	sst__body *body = sst__body_read(mail, mail->report_level);
	bool refused = is_refusal(mail, body);
	sst_report report = report_of(refused ? SST_KIND_BOUNCE : SST_KIND_READ_RECEIPT);

	report.recipient = sst__address_field(mail->group.value[FIELD_FINAL_RECIPIENT]);
	report.original_recipient = sst__address_field(mail->group.value[FIELD_ORIGINAL_RECIPIENT]);
	report.recipient_origin = SST_ORIGIN_DSN_FIELD;
	report.message_id = value[FIELD_ORIGINAL_MESSAGE_ID];
	report.diagnostic = value[FIELD_DISPOSITION_TYPE];
	report.diagnostic_origin = SST_ORIGIN_DSN_FIELD;
	if (refused) {
		report.action = SST_ACTION_FAILED;
		report.diagnostic = sst__body_diagnostic(mail, body, NULL);
		report.diagnostic_origin = report.diagnostic.len > 0 ? SST_ORIGIN_PROSE : 0;
		sst__report_codes(&report);
	}
	sst__queue_add(mail, &report);
}

/* Whether the reporter has taken the address out. */
static bool is_redacted(sst_text address)
{
	sst_text local = sst__address_local(address);

	return sst__text_same(local, SST_TEXT("redacted")) ||
	       sst__text_starts(local, SST_TEXT("redacted-")) ||
	       sst__text_find(local, 0, '*') < local.len ||
	       sst__text_starts(local, SST_TEXT("xxx"));
}

static void complain(sst_mail *mail, sst_text recipient, sst_origin origin)
{
	const sst_text *value = mail->message.value;
	sst_report report = report_of(SST_KIND_COMPLAINT);

	report.recipient = recipient;
	report.recipient_origin = origin;
	if (recipient.len == 0) {
		report.recipient = SST_NO_TEXT;
		report.recipient_origin = 0;
		report.notes |= SST_NOTE_NO_RECIPIENT;
	} else if (is_redacted(recipient)) {
		report.notes |= SST_NOTE_REDACTED;
	}
	report.sender = sst__address_field(value[FIELD_REPORT_SENDER]);
	report.feedback_type = value[FIELD_FEEDBACK_TYPE];
	report.reporting_mta = sst__mta_name(value[FIELD_REPORTING_MTA]);
	report.envelope_id = value[FIELD_ENVELOPE_ID];
	report.arrival_date = sst__date_parse(value[FIELD_ARRIVAL_DATE]);
	sst__queue_add(mail, &report);
}

void sst__give_more_complaints(sst_mail *mail)
{
	sst__address_found found;

	while (!mail->queue.flushing &&
	       sst__address_next(mail->complaint_list, &mail->complaint_at, &found))
		if (mail->complaint_redacted || !is_redacted(found.address))
			complain(mail, found.address, mail->complaint_origin);
}

/* One complaint for each address of a list; false if it has none to tell of. */
static bool complain_all(sst_mail *mail, sst_text list, sst_origin origin, bool redacted)
{
	uint32_t before = mail->queue.count;

	mail->complaint_list = list;
	mail->complaint_at = 0;
	mail->complaint_origin = origin;
	mail->complaint_redacted = redacted;
	sst__give_more_complaints(mail);
	return mail->queue.count > before;
}

/* The address that the complained-about mail's own headers carry. */
static sst_text hidden_recipient(sst_mail *mail, const sst_text *header)
{
	char *out = mail->collector.buffer;
	size_t size = mail->collector.size;
	sst_text found = sst__address_first(header[FIELD_ENVELOPE_RCPT]);

	if (found.len > 0)
		return found;
	found = sst__verp_recipient(sst__address_first(header[FIELD_RETURN_PATH]), out, size);
	if (found.len == 0)
		found = sst__verp_recipient(
		        sst__address_field(mail->message.value[FIELD_REPORT_SENDER]), out, size);
	if (found.len == 0)
		found = sst__verp_recipient(sst__address_first(header[FIELD_ERRORS_TO]), out, size);
	if (found.len == 0)
		found = sst__verp_recipient(sst__address_first(header[FIELD_LIST_UNSUBSCRIBE]), out,
		                            size);
	if (found.len == 0)
		found = sst__verp_recipient(sst__address_first(header[FIELD_SENDER]), out, size);
	return found;
}

void sst__give_complaint(sst_mail *mail)
{
	const sst_text *value = mail->message.value;
	unsigned level = mail->report_level + 1u;
	const sst_text *header = mail->headers[level < SST__LEVELS ? level : 0].value;
	sst_text hidden;

	if (mail->message.full)
		sst__mail_note(mail, SST_NOTE_TOO_MANY_RECIPIENTS);
	if (complain_all(mail, value[FIELD_ORIGINAL_RCPT_TO], SST_ORIGIN_DSN_FIELD, false) ||
	    complain_all(mail, value[FIELD_REMOVAL_RECIPIENT], SST_ORIGIN_DSN_FIELD, false))
		return;
	hidden = hidden_recipient(mail, header);
	if (hidden.len > 0) {
		complain(mail, hidden, SST_ORIGIN_RETURNED);
		return;
	}
	if (complain_all(mail, header[FIELD_TO], SST_ORIGIN_RETURNED, false) ||
	    complain_all(mail, header[FIELD_DELIVERED_TO], SST_ORIGIN_RETURNED, false) ||
	    complain_all(mail, value[FIELD_ORIGINAL_RCPT_TO], SST_ORIGIN_DSN_FIELD, true) ||
	    complain_all(mail, header[FIELD_TO], SST_ORIGIN_RETURNED, true))
		return;
	complain(mail, SST_NO_TEXT, 0);
}
