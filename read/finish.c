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

/* Whether the local part stands as a word among the report's words. */
static bool is_mentioned(const sst__body *body, sst_text address)
{
	sst_text local = sst__address_local(address);
	sst_text words = sst__text_part(body->text, body->first, body->stop);
	size_t at = 0;

	while (local.len > 1 && (at = sst__text_search(words, at, local)) < words.len) {
		char before = at > 0 ? words.ptr[at - 1] : ' ',
		     after = sst__at(words, at + local.len);
		if (!sst__is_alpha(before) && !sst__is_digit(before) && !sst__is_alpha(after) &&
		    !sst__is_digit(after) && before != '.' && before != '@')
			return true;
		at++;
	}
	return false;
}

/* The one of the returned message's recipients: if there are several, the only one whose name the
 * words mention ("<anna>... User unknown"). Absent: nobody says which. */
static sst_text returned_recipient(const sst__body *body, sst_text list)
{
	enum { MOST = 16 };
	sst_text first = SST_NO_TEXT, mentioned = SST_NO_TEXT;
	sst__address_found found;
	size_t at = 0;
	unsigned count = 0, hits = 0;

	while (count < MOST && sst__address_next(list, &at, &found)) {
		if (count++ == 0)
			first = found.address;
		if (!is_mentioned(body, found.address))
			continue;
		mentioned = found.address;
		hits++;
	}
	return count == 1 ? first : hits == 1 ? mentioned : SST_NO_TEXT;
}

/* "Rejected posting to CHOIR@LISTS.EXAMPLE": the only one whom the Subject names, if it isn't who
 * got the report. */
static sst_text subject_recipient(sst_mail *mail, const sst__body *body)
{
	const sst_text *header = mail->headers[body->level].value;
	sst_text subject = header[FIELD_SUBJECT];
	sst__address_found one, other;
	size_t at = 0;

	if (!sst__address_next(subject, &at, &one) || sst__address_next(subject, &at, &other) ||
	    sst__address_is_machine(one.address) ||
	    sst__address_same(one.address, sst__address_first(header[FIELD_TO])) ||
	    !sst__subject_fails(mail, body->level))
		return SST_NO_TEXT;
	return one.address;
}

/* The recipient, where the words did not name one that is sure. */
static void name_recipient(sst_mail *mail, sst__body *body, sst_report *report)
{
	const sst_text *header = mail->headers[body->level].value;
	sst_text returned = body->level + 1u < SST__LEVELS
	                            ? mail->headers[body->level + 1].value[FIELD_TO]
	                            : SST_NO_TEXT;

	report->recipient = sst__verp_recipient(sst__address_first(header[FIELD_TO]),
	                                        mail->collector.buffer, mail->collector.size);
	report->recipient_origin = SST_ORIGIN_INFERRED;
	if (report->recipient.len == 0) {
		report->recipient = returned_recipient(body, returned);
		report->recipient_origin = SST_ORIGIN_RETURNED;
	}
	if (report->recipient.len == 0) {
		report->recipient = subject_recipient(mail, body);
		report->recipient_origin = SST_ORIGIN_HEADER;
	}
	if (report->recipient.len > 0)
		return;
	report->recipient = SST_NO_TEXT;
	report->recipient_origin = 0;
	report->notes |= SST_NOTE_NO_RECIPIENT;
}

static void template_of(sst_kind kind, sst_report *report)
{
	memset(report, 0, sizeof *report);
	report->size = sizeof *report;
	report->kind = kind;
	report->action = kind == SST_KIND_BOUNCE      ? SST_ACTION_FAILED
	                 : kind == SST_KIND_DELAY     ? SST_ACTION_DELAYED
	                 : kind == SST_KIND_DELIVERED ? SST_ACTION_DELIVERED
	                                              : 0;
	report->notes = SST_NOTE_NO_REPORT_PART;
}

/* Puts reports of the words into the queue until it is full; true if there are more. */
static bool give_words(sst_mail *mail, sst__body *body)
{
	sst_report report;

	template_of(mail->kind, &report);
	while (!mail->queue.flushing && sst__body_report(mail, body, &report)) {
		sst__report_codes(&report);
		sst__queue_add(mail, &report);
		template_of(mail->kind, &report);
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
		*candidate = sst__candidate_of(body, found.address);
		candidate->reason = REASON_HEADER;
		body->count++;
	}
}

static void give_one(sst_mail *mail, sst__body *body)
{
	sst_report report;

	template_of(mail->kind, &report);
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
	uint32_t before = mail->queue.count;

	if (body->has_fields && sst__kind_of_mail(mail, body) != SST_KIND_OTHER) {
		mail->level = (uint8_t)level;
		read_fields(mail, body);
		if (mail->queue.count > before) {
			mail->locked = (uint8_t)(level + 1);
			mail->report_level = (uint8_t)level;
			sst__complete_reports(mail);
			return true;
		}
	}
	mail->kind = sst__kind_of_mail(mail, body);
	mail->report_level = (uint8_t)level;
	if (body->forwarded.is && mail->kind != SST_KIND_OTHER)
		mail->notes |= SST_NOTE_FORWARDED;
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

/* Fills what the returned header tells into the reports that are not settled yet. */
static void settle(sst_mail *mail)
{
	size_t upto = mail->queue.used;
	sst__waiting *waiting;

	for (size_t at = 0; at < upto; at += waiting->bytes) {
		sst_report report;
		waiting = sst__queue_at(&mail->queue, at);
		if (waiting->settled)
			continue;
		waiting->settled = true;
		if (!sst__queue_has_room(&mail->queue))
			continue;
		report = waiting->report;
		report.notes |= SST_NOTE_FORWARDED;
		sst__fill_original(mail, &report);
		sst__queue_add(mail, &report);
		sst__queue_at(&mail->queue, mail->queue.last)->settled = true;
		waiting->replaced = true;
		mail->queue.count--;
	}
}

/* Forgets the message at level 1 and what is in it. */
static void forget_message(sst_mail *mail)
{
	for (unsigned i = 1; i < SST__LEVELS; i++) {
		sst__fields_clear(&mail->headers[i]);
		mail->header_done[i] = mail->entity_wanted[i] = false;
	}
	while (mail->segment_count > 0 && mail->segments[mail->segment_count - 1].level > 0)
		mail->segment_count--;
	mail->window_used =
	        mail->segment_count > 0 ? mail->segments[mail->segment_count - 1].upto : 0;
	for (uint32_t i = 0; i < mail->segment_count; i++)
		if (mail->segments[i].level > 0)
			mail->segments[i].level = SST__LEVELS;
	mail->segment_open = mail->segment_live = false;
	mail->locked = mail->report_type = 0;
	memset(mail->cover + 1, 0, sizeof mail->cover - sizeof *mail->cover);
	mail->report_level = 0;
	mail->groups = 0;
}

/* What the message at level 1 says, if it is a report about deliveries. */
static void read_forwarded(sst_mail *mail)
{
	uint8_t level = mail->level;

	mail->report_level = 1;
	if (mail->locked > 0) {
		sst__complete_reports(mail);
	} else if (mail->entity_wanted[1]) {
		sst_kind kind = sst__kind_of_mail(mail, sst__body_read(mail, 1));
		mail->level = 1;
		if (kind == SST_KIND_BOUNCE || kind == SST_KIND_DELAY || kind == SST_KIND_DELIVERED)
			read_words(mail, 1);
		if (mail->more_words)
			sst__mail_note(mail, SST_NOTE_TOO_MANY_RECIPIENTS);
		mail->more_words = false;
		mail->level = level;
	}
	settle(mail);
}

/* Whether the mail's own part is only a cover for what it holds. */
static bool is_cover(const sst_mail *mail)
{
	size_t words = 0;

	for (uint32_t i = 0; i < mail->segment_count; i++)
		if (mail->segments[i].level == 0)
			words += mail->segments[i].upto - mail->segments[i].from;
	return !mail->entity_wanted[0] || words < 20;
}

void sst__finish_forwarded(sst_mail *mail)
{
	if (!is_cover(mail) || mail->locked == 1 || mail->report_type == TYPE_FEEDBACK ||
	    mail->report_type == TYPE_RECEIPT)
		return;
	if (mail->entity_wanted[1]) {
		read_forwarded(mail);
		mail->forwarded = mail->queue.count > 0;
	} else if (sst__is_plain_complaint(mail)) {
		return;
	}
	forget_message(mail); /* one that is no report must not hide those behind it */
}

/* A report was found in a message inside, but the mail itself is one too and names others that
 * failed: then that message is what came back. */
static bool is_returned_report(sst_mail *mail)
{
	sst__body *body;
	sst__waiting *waiting;
	sst_kind kind;
	uint32_t count = 0;

	if (mail->locked < 2 || !mail->entity_wanted[0])
		return false;
	body = sst__body_read(mail, 0);
	kind = sst__kind_of_mail(mail, body);
	if (kind != SST_KIND_BOUNCE && kind != SST_KIND_DELAY)
		return false;
	sst__body_choose(mail, body);
	if (body->best < REASON_LISTED)
		return false;
	for (size_t at = 0; (waiting = sst__queue_at(&mail->queue, at)) != NULL;
	     at += waiting->bytes, count++)
		if (sst__body_find(body, waiting->report.recipient) != NULL)
			return false;
	return count == mail->queue.count; /* else some are given out already */
}

void sst__finish(sst_mail *mail)
{
	sst_report report;

	if (mail->forwarded) {
		read_forwarded(mail);
		return;
	}
	mail->report_level = mail->locked > 0 ? mail->locked - 1 : 0;
	if (mail->queue.count > 0 && !is_returned_report(mail)) {
		sst__complete_reports(mail);
		return;
	}
	if (mail->queue.count > 0) {
		sst__queue_clear(&mail->queue);
		mail->locked = mail->report_type = 0;
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
	template_of(SST_KIND_OTHER, &report);
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

void sst__finish_report(sst_mail *mail, sst_report *report, bool settled)
{
	report->notes |= mail->notes;
	report->cut_offset = mail->cut_offset;
	if (settled)
		return;
	if (mail->report_level > 0)
		report->notes |= SST_NOTE_FORWARDED;
	sst__fill_original(mail, report);
}
