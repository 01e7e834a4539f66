/* SPDX-License-Identifier: MIT
 * read/complete.c - what the fields of a report leave open, its words may tell. */
#include "read/body.h"
#include "read/phrase.h"

/* The name behind "host " or "talking to " in a sentence that introduces a server's words. */
static sst_text host_in(sst_text lead)
{
	static const char *const before[] = {"host ", "talking to ", "connected to ", "server "};

	for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
		size_t len = strlen(before[i]);
		size_t at = sst__text_search(lead, 0, (sst_text){before[i], len}) + len, end = at;
		while (end < lead.len &&
		       (sst__is_alpha(lead.ptr[end]) || sst__is_digit(lead.ptr[end]) ||
		        lead.ptr[end] == '-' || lead.ptr[end] == '.'))
			end++;
		while (end > at && lead.ptr[end - 1] == '.')
			end--;
		sst_text name = sst__text_part(lead, at, end);
		if (sst__text_find(name, 0, '.') < name.len)
			return name;
	}
	return SST_NO_TEXT;
}

/* "host mx.example.com said: 550 no": the server's words begin behind the colon. */
static void drop_lead(sst_report *report, size_t code)
{
	sst_text lead = sst__text_trim(sst__text_part(report->diagnostic, 0, code));
	char last = lead.len > 0 ? lead.ptr[lead.len - 1] : ' ';

	if (last != ':' && last != '[' && last != '"' && last != '\'')
		return;
	if (report->remote_mta.ptr == NULL && report->recipient_origin != SST_ORIGIN_DSN_FIELD)
		report->remote_mta = host_in(lead);
	report->diagnostic = sst__text_part(report->diagnostic, code, report->diagnostic.len);
}

void sst__report_codes(sst_report *report)
{
	sst_codes codes;
	bool words = report->diagnostic_origin != SST_ORIGIN_DSN_FIELD;

	if (report->diagnostic.len == 0)
		return;
	sst_codes_find(report->diagnostic, &codes);
	if (report->reply_code == 0) {
		report->reply_code = codes.outer.reply != 0 ? codes.outer.reply : codes.inner.reply;
		report->reply_origin = report->reply_code != 0 ? report->diagnostic_origin : 0;
	}
	if (report->status.cls == 0 && codes.status.cls != 0) {
		report->status = codes.status;
		report->status_origin = report->diagnostic_origin;
	}
	if (report->phase == 0)
		report->phase = sst__phase_in(report->diagnostic);
	if (words && codes.outer.reply >= 400)
		drop_lead(report, codes.outer.from);
}

static bool is_address(sst_text recipient)
{
	return recipient.len > 0 && sst__address_looks_real(recipient);
}

/* The report has words, or says in its fields that there were none. */
static bool has_words(const sst_report *report)
{
	return report->diagnostic.len > 0 || report->diagnostic_origin == SST_ORIGIN_DSN_FIELD;
}

/* Whether the report's fields leave something for the words to tell. */
static bool is_incomplete(const sst_report *report)
{
	return !is_address(report->recipient) ||
	       (!has_words(report) &&
	        (report->kind == SST_KIND_BOUNCE || report->kind == SST_KIND_DELAY));
}

/* The words at `level` that come first and hold the text; `*at` is where. Absent: none do. */
static sst_text words_with(const sst_mail *mail, unsigned level, sst_text part, size_t *at)
{
	for (uint32_t i = 0; i < mail->segment_count && part.len > 0; i++) {
		const sst__segment *segment = &mail->segments[i];
		const char *found = segment->level != level ? NULL
		                                            : memmem(mail->window + segment->from,
		                                                     segment->upto - segment->from,
		                                                     part.ptr, part.len);
		if (found == NULL)
			continue;
		*at = (size_t)(found - (mail->window + segment->from));
		return (sst_text){mail->window + segment->from, segment->upto - segment->from};
	}
	return SST_NO_TEXT;
}

/* The paragraph from `at` on, white space squeezed. */
static sst_text paragraph(sst_text text, size_t at, char *out, size_t size)
{
	size_t len = 0;

	for (; at < text.len && len < size; at++) {
		if ((unsigned char)text.ptr[at] > ' ')
			out[len++] = text.ptr[at];
		else if (text.ptr[at] == '\n' && sst__at(text, at + 1) == '\n')
			break;
		else if (len > 0 && out[len - 1] != ' ')
			out[len++] = ' ';
	}
	return (sst_text){out, len};
}

/* The command before the refusal in a dialogue of Sendmail's; a refusal before any is a greeting.
 */
static sst_phase phase_in_dialogue(sst_text words, unsigned reply)
{
	sst_phase phase = 0;
	sst_text line;

	if (memmem(words.ptr, words.len, "\n<<< ", 5) == NULL)
		return 0;
	while (sst__text_line(&words, &line)) {
		if (sst__text_starts(line, SST_TEXT("... while talking to")))
			phase = SST_PHASE_CONNECT;
		else if (sst__text_starts(line, SST_TEXT(">>> ")))
			phase = sst__phase_in(line);
		else if (sst__text_starts(line, SST_TEXT("<<< ")) &&
		         sst__text_number(line, 4, 3, &(unsigned){0}) == reply)
			return phase;
	}
	return 0;
}

/* What was answered: fields hold the answer alone, the words beside them tell the command too
 * ("(in reply to RCPT TO command)"). */
static void find_phase(const sst_mail *mail, sst_report *report)
{
	enum { MOST = 700 };
	char words[MOST];
	size_t at = 0;
	sst_text text;

	if (report->phase != 0 || report->reply_code < 400 ||
	    report->diagnostic_origin != SST_ORIGIN_DSN_FIELD)
		return;
	text = words_with(mail, mail->report_level, report->recipient, &at);
	if (text.ptr != NULL)
		report->phase = sst__phase_in(paragraph(text, at, words, sizeof words));
	if (text.ptr != NULL && report->phase == 0)
		report->phase = phase_in_dialogue(text, report->reply_code);
}

/* Fills what the fields of a report leave open from its words. */
static void complete(sst_mail *mail, sst__body *body, sst_report *report, bool alone)
{
	sst__candidate *candidate = sst__body_find(body, report->recipient);
	sst_text failed =
	        sst__address_first(mail->headers[body->level].value[FIELD_FAILED_RECIPIENTS]);
	sst_text words;

	if (candidate == NULL)
		candidate = sst__body_find(body, report->original_recipient);
	if (candidate == NULL && alone && body->count == 1 && body->best >= REASON_CODED)
		candidate = &body->candidates[0];
	if (!is_address(report->recipient) && alone && is_address(failed)) {
		report->recipient = failed;
		report->recipient_origin = SST_ORIGIN_HEADER;
	} else if (!is_address(report->recipient) && candidate != NULL) {
		report->recipient =
		        sst__candidate_address(body, candidate); /* lives as long as the window */
		report->recipient_origin = SST_ORIGIN_PROSE;
	}
	if (has_words(report) || (candidate == NULL && !alone))
		return;
	words = sst__body_diagnostic(mail, body, candidate);
	report->diagnostic = sst__queue_text(mail, words);
	report->diagnostic_origin = report->diagnostic.len > 0 ? SST_ORIGIN_PROSE : 0;
	sst__report_codes(report);
}

/* Reports that are not settled. */
static uint32_t open_reports(const sst_mail *mail)
{
	uint32_t count = mail->queue.count;
	const sst__waiting *waiting;

	for (size_t at = 0; (waiting = sst__queue_at(&mail->queue, at)) != NULL;
	     at += waiting->bytes)
		count -= waiting->settled && !waiting->replaced;
	return count;
}

void sst__complete_reports(sst_mail *mail)
{
	sst__body *body = NULL;
	sst__waiting *waiting;
	bool alone = open_reports(mail) == 1;

	for (size_t at = 0; (waiting = sst__queue_at(&mail->queue, at)) != NULL;
	     at += waiting->bytes) {
		if (waiting->settled)
			continue;
		find_phase(mail, &waiting->report);
		if (!is_incomplete(&waiting->report))
			continue;
		if (body == NULL) {
			body = sst__body_read(mail, mail->report_level);
			sst__body_choose(mail, body);
		}
		complete(mail, body, &waiting->report, alone);
	}
}
