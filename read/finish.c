/* SPDX-License-Identifier: MIT
 * read/finish.c - what is left to say at the mail's end: the words are read where the fields of a
 * report do not say it all, and the kind of the mail is decided. */
#include "read/body.h"
#include "read/kind.h"

/* Fields of a delivery report among the words. */
static void read_fields(sst_mail *mail, sst__body *body)
{
	uint32_t first = 0;

	mail->role = ROLE_REPORT;
	sst__dsn_start(mail);
	mail->collector.field = FIELD_NONE;
	for (uint32_t i = first; i < body->line_count; i++) {
		const sst__line *line = &body->lines[i];
		sst__piece piece = {sst__text_part(body->text, line->from, line->upto), true, true};
		if (line->blank) {
			sst__collect_end(mail);
			sst__dsn_blank(mail);
			continue;
		}
		if (sst__is_blank(piece.text.ptr[0]) && mail->collector.field == FIELD_NONE)
			piece.text = sst__text_trim(piece.text);
		sst__collect_line(mail, &piece, PLACE_MESSAGE | PLACE_GROUP);
	}
	sst__collect_end(mail);
	sst__dsn_end(mail);
	mail->role = ROLE_SKIP;
}

/* The recipient, where the words did not name one that is sure. */
static void name_recipient(sst_mail *mail, sst__body *body, sst_report *report)
{
	const sst_text *header = mail->headers[body->level].value;
	sst_text returned = body->level + 1u < SST__LEVELS
	                            ? mail->headers[body->level + 1].value[FIELD_TO]
	                            : SST_NO_TEXT;
	sst__address_found found;
	size_t at = 0;

	report->recipient = sst__verp_recipient(sst__address_first(header[FIELD_TO]),
	                                        mail->collector.buffer, mail->collector.size);
	report->recipient_origin = SST_ORIGIN_INFERRED;
	if (report->recipient.len == 0 && sst__address_next(returned, &at, &found)) {
		report->recipient = found.address;
		report->recipient_origin = SST_ORIGIN_RETURNED;
		if (sst__address_next(returned, &at, &found)) /* which of them, nobody says */
			report->recipient = SST_NO_TEXT;
	}
	if (report->recipient.len > 0)
		return;
	report->recipient = SST_NO_TEXT;
	report->recipient_origin = 0;
	report->notes |= SST_NOTE_NO_RECIPIENT;
}

static void template_of(sst_mail *mail, sst_kind kind, sst_report *report)
{
	memset(report, 0, sizeof *report);
	report->size = sizeof *report;
	report->kind = kind;
	report->action = kind == SST_KIND_BOUNCE      ? SST_ACTION_FAILED
	                 : kind == SST_KIND_DELAY     ? SST_ACTION_DELAYED
	                 : kind == SST_KIND_DELIVERED ? SST_ACTION_DELIVERED
	                 : kind == SST_KIND_RELAYED   ? SST_ACTION_RELAYED
	                 : kind == SST_KIND_EXPANDED  ? SST_ACTION_EXPANDED
	                                              : 0;
	if (mail->locked == 0)
		report->notes |= SST_NOTE_NO_REPORT_PART;
}

/* Puts reports of the words into the queue until it is full; true if there are more. */
static bool give_words(sst_mail *mail, sst__body *body)
{
	sst_report report;

	template_of(mail, mail->kind, &report);
	while (!mail->queue.flushing && sst__body_report(mail, body, &report)) {
		sst__report_codes(&report);
		sst__queue_add(mail, &report);
		template_of(mail, mail->kind, &report);
	}
	return body->given < body->count;
}

/* The header's list of failed recipients takes the place of the words' candidates. */
static void take_failed_recipients(sst_mail *mail, sst__body *body, sst_text list)
{
	sst__address_found found;
	size_t at = 0;

	body->count = 0;
	while (sst__address_next(list, &at, &found)) {
		sst__candidate *candidate = &body->candidates[body->count];
		if (body->count == BODY_CANDIDATES) {
			sst__mail_note(mail, SST_NOTE_TOO_MANY_RECIPIENTS);
			return;
		}
		memset(candidate, 0, sizeof *candidate);
		candidate->address = found.address;
		candidate->reason = REASON_HEADER;
		body->count++;
	}
}

static void give_one(sst_mail *mail, sst__body *body)
{
	sst_report report;

	template_of(mail, mail->kind, &report);
	name_recipient(mail, body, &report);
	report.diagnostic = sst__body_diagnostic(mail, body, NULL);
	report.diagnostic_origin = report.diagnostic.len > 0 ? SST_ORIGIN_PROSE : 0;
	sst__report_codes(&report);
	sst__queue_add(mail, &report);
}

static void give_bounce(sst_mail *mail, sst__body *body)
{
	sst_text failed = mail->headers[body->level].value[FIELD_FAILED_RECIPIENTS];

	sst__body_choose(mail, body);
	if (body->best >= REASON_LISTED) {
		mail->more_words = give_words(mail, body);
		return;
	}
	if (sst__address_first(failed).len > 0) {
		take_failed_recipients(mail, body, failed);
		mail->more_words = give_words(mail, body);
		return;
	}
	if (body->best >= REASON_NEAR ||
	    (body->count == 1 && !mail->header_done[body->level + 1u])) {
		mail->more_words = give_words(mail, body);
		return;
	}
	give_one(mail, body);
}

/* What the words say of the message at `level`; false if it is no report at all. */
static bool read_words(sst_mail *mail, unsigned level)
{
	sst__body *body = sst__body_read(mail, level);

	if (body->has_fields && sst__kind_of_mail(mail, body) != SST_KIND_OTHER) {
		mail->level = (uint8_t)level;
		read_fields(mail, body);
		if (mail->queue.count > 0) {
			mail->locked = (uint8_t)(level + 1);
			mail->report_level = (uint8_t)level;
			sst__complete_reports(mail);
			return true;
		}
	}
	mail->kind = sst__kind_of_mail(mail, body);
	mail->report_level = (uint8_t)level;
	switch (mail->kind) {
	case SST_KIND_BOUNCE:
	case SST_KIND_DELAY:
	case SST_KIND_DELIVERED:
		give_bounce(mail, body);
		return true;
	case SST_KIND_AUTO_REPLY:
		sst__give_answer(mail, body);
		return true;
	default:
		return false;
	}
}

void sst__finish(sst_mail *mail)
{
	sst_report report;

	mail->report_level = mail->locked > 0 ? mail->locked - 1 : 0;
	if (mail->queue.count > 0) {
		sst__complete_reports(mail);
		return;
	}
	if (mail->report_type == TYPE_FEEDBACK ||
	    (mail->report_type == 0 && sst__is_plain_complaint(mail))) {
		sst__give_complaint(mail);
		return;
	}
	if (mail->report_type == TYPE_RECEIPT) {
		sst__give_receipt(mail);
		return;
	}
	if (read_words(mail, 0))
		return;
	if (mail->header_done[1] && mail->entity_wanted[1] && read_words(mail, 1)) {
		mail->notes |= SST_NOTE_FORWARDED;
		return;
	}
	mail->report_level = 0;
	template_of(mail, SST_KIND_OTHER, &report);
	report.notes = 0;
	sst__queue_add(mail, &report);
}

bool sst__finish_more(sst_mail *mail)
{
	if (mail->more_words)
		mail->more_words = give_words(mail, (sst__body *)(void *)mail->scratch);
	else if (mail->complaint_at < mail->complaint_list.len)
		sst__give_more_complaints(mail);
	return mail->queue.used > 0;
}

void sst__finish_report(sst_mail *mail, sst_report *report)
{
	report->notes |= mail->notes;
	report->cut_offset = mail->cut_offset;
	if (mail->report_level > 0)
		report->notes |= SST_NOTE_FORWARDED;
	sst__fill_original(mail, report);
}
