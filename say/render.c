/* SPDX-License-Identifier: MIT
 * say/render.c - what became of a message, for one recipient or many, grouped by cause. */
#include "core/text.h"
#include "say/code.h"
#include "say/lang.h"
#include "say/sheet.h"

#include <smtpstatus/words.h>

/* So many causes are told once for all their recipients; what comes after them is told one by one.
 * That bounds the work for each case, whatever a mail holds. */
enum { CAUSES = 64 };

typedef struct causes {
	size_t first[CAUSES], size[CAUSES];
	unsigned count;
} causes;

static bool same_cause(const sst_case *a, const sst_case *b)
{
	return a->verdict->category == b->verdict->category &&
	       a->verdict->permanence == b->verdict->permanence &&
	       sst_code_equal(a->verdict->status, b->verdict->status);
}

/* "5.2.2 Mailbox full" and "552 Storage exceeded" */
static void code_rows(sst_sheet *sheet, const sst_verdict *verdict, sst_say_room *room)
{
	const sst_rendering *how = sheet->how;
	size_t from = room->used;
	char digits[SST_CODE_SIZE];

	if (verdict->status.cls != 0) {
		size_t len = sst_code_format(verdict->status, digits, sizeof digits);
		sst__room_add(room, (sst_text){digits, len});
		sst__room_add(room, SST_TEXT(" "));
		sst__room_add(room,
		              sst_say_code_title(how->registry, how->lang, verdict->status, NULL));
		sst__sheet_row(sheet, "ui.status", sst__room_text(room, from));
	}
	if (verdict->reply_code >= 100 && verdict->reply_code < 1000) {
		const char number[4] = {(char)('0' + verdict->reply_code / 100),
		                        (char)('0' + verdict->reply_code / 10 % 10),
		                        (char)('0' + verdict->reply_code % 10), ' '};
		from = room->used;
		sst__room_add(room, (sst_text){number, 4});
		sst__room_add(room, sst_say_reply_title(how->lang, verdict->reply_code));
		sst__sheet_row(sheet, "ui.reply-code", sst__text_trim(sst__room_text(room, from)));
	}
}

static void detail_rows(sst_sheet *sheet, const sst_verdict *verdict, sst_say_room *room)
{
	const sst_detail *detail = &verdict->detail;

	sst__sheet_row_theirs(sheet, "ui.provider", sst_say_provider(verdict->provider));
	sst__sheet_row_theirs(sheet, "ui.list", detail->list);
	if (detail->retry_after > 0)
		sst__sheet_row(sheet, "ui.retry-after",
		               sst_say_span(sheet->how->lang, detail->retry_after, room));
	if (detail->limit > 0)
		sst__sheet_row(sheet, "ui.limit", sst_say_size(detail->limit, room));
	if (detail->check != 0)
		sst__sheet_row(sheet, "ui.check",
		               sst_say_word(sheet->how->lang, SST_VOCABULARY_CHECK, detail->check));
	sst__sheet_row_theirs(sheet, "ui.link", detail->link);
	sst__sheet_row_theirs(sheet, "ui.provider-code", detail->provider_code);
	sst__sheet_row_theirs(sheet, "ui.ticket", detail->ticket);
}

static void notes_row(sst_sheet *sheet, sst_notes notes, sst_say_room *room)
{
	size_t from = room->used;

	for (unsigned bit = 0; bit < 64; bit++) {
		sst_text note = notes >> bit & 1
		                        ? sst_say_word(sheet->how->lang, SST_VOCABULARY_NOTE, bit)
		                        : SST_NO_TEXT;
		if (note.len == 0)
			continue;
		if (room->used > from)
			sst__room_add(room, SST_TEXT("; "));
		sst__room_add(room, note);
	}
	sst__sheet_row(sheet, "ui.notes", sst__room_text(room, from));
}

/* What a recipient has of its own: the address and the server's words. */
static void recipient_rows(sst_sheet *sheet, const sst_case *one)
{
	const sst_verdict *verdict = one->verdict;
	const sst_proof *proof = &verdict->proofs[0];
	bool marked = verdict->proof_count > 0;

	sst__sheet_row_theirs(sheet, "ui.recipient",
	                      one->recipient.len > 0
	                              ? one->recipient
	                              : sst_say_text(sheet->how->lang, SST_TEXT("ui.not-known")));
	sst__sheet_quote(sheet, one->words, marked ? proof->from : 0, marked ? proof->upto : 0);
	sst__sheet_row_theirs(sheet, "ui.new-address", verdict->detail.new_address);
	if (one->report != NULL && sheet->how->audience != SST_AUDIENCE_SENDER) {
		sst__sheet_row_theirs(sheet, "ui.remote-mta", one->report->remote_mta);
		sst__sheet_row_theirs(sheet, "ui.reporting-mta", one->report->reporting_mta);
		sst__sheet_row_theirs(sheet, "ui.message-id", one->report->message_id);
		sst__sheet_row_theirs(sheet, "ui.queue-id", one->report->queue_id);
	}
}

static void advice_rows(sst_sheet *sheet, const sst_explanation *said)
{
	if (sheet->how->audience != SST_AUDIENCE_POSTMASTER) {
		sst__sheet_row(sheet, "ui.what-to-do", said->advice);
		return;
	}
	sst__sheet_row(sheet, "ui.own-admin", said->own_admin);
	sst__sheet_row(sheet, "ui.other-admin", said->other_admin);
	if (said->own_admin.len == 0 && said->other_admin.len == 0)
		sst__sheet_row(sheet, "ui.what-to-do", said->advice);
}

/* A program reads words, not sentences. */
static void developer_rows(sst_sheet *sheet, const sst_verdict *verdict)
{
	const sst_lang *lang = sheet->how->lang;

	if (sheet->how->audience != SST_AUDIENCE_DEVELOPER)
		return;
	sst__sheet_row(sheet, "ui.category", sst_word(SST_VOCABULARY_CATEGORY, verdict->category));
	sst__sheet_row(sheet, "ui.concerns",
	               sst_say_word(lang, SST_VOCABULARY_SCOPE, verdict->scope));
	if (verdict->proof_count > 0)
		sst__sheet_row_theirs(sheet, "ui.rule", verdict->proofs[0].rule);
}

static void cause_rows(sst_sheet *sheet, const sst_case *one, const sst_explanation *said,
                       sst_say_room *room)
{
	sst__sheet_row(sheet, "ui.what-happened", said->text);
	sst__sheet_row(sheet, "ui.final", said->final);
	sst__sheet_row(sheet, "ui.whose-side", said->side);
	advice_rows(sheet, said);
	sst__sheet_row(sheet, "ui.causes", said->causes);
	sst__sheet_row(sheet, "ui.vendor-note", said->vendor_note);
	detail_rows(sheet, one->verdict, room);
	code_rows(sheet, one->verdict, room);
	developer_rows(sheet, one->verdict);
	notes_row(sheet, one->verdict->notes, room);
}

/* "Mailbox is full (3 recipients)" */
static sst_text heading(const sst_sheet *sheet, sst_text title, size_t count, sst_say_room *room)
{
	const sst_say_values values = {.n = (unsigned long)count};
	size_t from = room->used;

	if (count < 2)
		return title;
	sst__room_add(room, title);
	sst__room_add(room, SST_TEXT(" ("));
	sst_say_fill(sheet->how->lang, SST_TEXT("ui.n-recipients"), &values, room);
	sst__room_add(room, SST_TEXT(")"));
	return sst__room_text(room, from);
}

/* All cases from `first` on that share its cause. */
static void render_cause(sst_sheet *sheet, const sst_case *cases, size_t first, size_t count,
                         size_t together)
{
	char bytes[SST_SAY_ROOM_SIZE];
	sst_say_room room = SST_SAY_ROOM(bytes);
	sst_explanation said;
	const sst_case *one = &cases[first];

	sst_explain(sheet->how->lang, sheet->how->audience, one->verdict,
	            together == 1 ? one->recipient : SST_NO_TEXT, &room, &said);
	sst__sheet_heading(sheet, heading(sheet, said.title, together, &room));
	sst__sheet_rows(sheet);
	cause_rows(sheet, one, &said, &room);
	for (size_t i = first; i < count && !sheet->failed; i++)
		if (i == first || (together > 1 && same_cause(one, &cases[i])))
			recipient_rows(sheet, &cases[i]);
	sst__sheet_rows_end(sheet);
}

/* The cause of `one` among those known so far; .count if it is new. */
static unsigned find_cause(const causes *known, const sst_case *cases, const sst_case *one)
{
	for (unsigned c = 0; c < known->count; c++)
		if (same_cause(&cases[known->first[c]], one))
			return c;
	return known->count;
}

static void count_causes(causes *known, const sst_case *cases, size_t count)
{
	known->count = 0;
	for (size_t i = 0; i < count; i++) {
		unsigned c = find_cause(known, cases, &cases[i]);
		if (c == CAUSES)
			continue;
		if (c == known->count) {
			known->first[known->count] = i;
			known->size[known->count++] = 0;
		}
		known->size[c]++;
	}
}

bool sst_render(const sst_rendering *how, const sst_case *cases, size_t count)
{
	sst_sheet sheet = {.how = how};
	causes known;

	count_causes(&known, cases, count);
	sst__sheet_open(&sheet, sst_say_text(how->lang, SST_TEXT("ui.report-title")));
	for (unsigned c = 0; c < known.count && !sheet.failed; c++)
		render_cause(&sheet, cases, known.first[c], count, known.size[c]);
	for (size_t i = 0; known.count == CAUSES && i < count && !sheet.failed; i++)
		if (find_cause(&known, cases, &cases[i]) == CAUSES)
			render_cause(&sheet, cases, i, count, 1);
	sst__sheet_close(&sheet);
	return sst__sheet_flush(&sheet);
}
