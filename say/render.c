/* SPDX-License-Identifier: MIT
 * say/render.c - what became of a message, for one recipient or many, grouped by cause. */
#include "core/text.h"
#include "say/lang.h"
#include "say/moment.h"
#include "say/rows.h"

/* So many causes are told once for all their recipients; what comes after them is told one by one.
 * That bounds the work for each case, whatever a mail holds. */
enum { CAUSES = 64 };

typedef struct causes {
	size_t first[CAUSES], size[CAUSES];
	unsigned count;
} causes;

/* Cases of several messages may be told together, but not as one. */
static bool same_message(const sst_case *one, const sst_case *other)
{
	const sst_report *a = one->report, *b = other->report;

	return a == NULL || b == NULL ||
	       (sst__text_same(a->message_id, b->message_id) &&
	        sst__text_same(a->queue_id, b->queue_id));
}

/* All that is told once for all. */
static bool same_cause(const sst_case *one, const sst_case *other)
{
	const sst_verdict *a = one->verdict, *b = other->verdict;

	return same_message(one, other) && a->category == b->category &&
	       a->permanence == b->permanence && a->act == b->act && a->side == b->side &&
	       a->reply_code == b->reply_code && sst_code_equal(a->status, b->status) &&
	       sst_code_equal(a->reported_status, b->reported_status) &&
	       a->detail.limit == b->detail.limit &&
	       a->detail.retry_after == b->detail.retry_after &&
	       a->detail.check == b->detail.check && sst__text_same(a->provider, b->provider) &&
	       sst__text_same(a->detail.list, b->detail.list);
}

/* What the words of each answer can differ in. */
static bool same_words(const sst_case *one, const sst_case *other)
{
	const sst_detail *a = &one->verdict->detail, *b = &other->verdict->detail;

	return sst__text_same(one->words, other->words) && sst__text_same(a->link, b->link) &&
	       sst__text_same(a->new_address, b->new_address) &&
	       sst__text_same(a->provider_code, b->provider_code) &&
	       sst__text_same(a->ticket, b->ticket);
}

static void recipient_row(sst_sheet *sheet, const char *key, const sst_case *one)
{
	if (one->recipient.len > 0)
		sst__sheet_row_theirs(sheet, key, one->recipient);
	else
		sst__sheet_row(sheet, key,
		               sst_say_text(sheet->how->lang, SST_TEXT("ui.not-known")));
}

/* What an answer had of its own: the server's words, and what they give. */
static void answer_rows(sst_sheet *sheet, const sst_case *one)
{
	const sst_verdict *verdict = one->verdict;
	sst_span marked = {0, 0};

	if (verdict->proof_count > 0)
		marked = (sst_span){verdict->proofs[0].from, verdict->proofs[0].upto};
	sst__sheet_quote(sheet, "ui.evidence", one->words, marked);
	if (one->report != NULL &&
	    (sheet->how->audience != SST_AUDIENCE_SENDER || !sheet->how->brief))
		sst__sheet_row_theirs(sheet, "ui.remote-mta", one->report->remote_mta);
	sst__detail_rows(sheet, &verdict->detail);
}

static void time_row(sst_sheet *sheet, const char *key, sst_time time)
{
	char text[SST_TIME_SIZE];

	size_t len = time.known ? sst__time_format(time, text) : 0;

	sst__sheet_row(sheet, key, (sst_text){text, len});
}

/* Where the message was, for those who look into logs. */
static void trace_rows(sst_sheet *sheet, const sst_report *report)
{
	if (report == NULL)
		return;
	time_row(sheet, "ui.retry-until", report->retry_until);
	if (sheet->how->audience == SST_AUDIENCE_SENDER && sheet->how->brief)
		return;
	sst__sheet_row_theirs(sheet, "ui.sender", report->sender);
	sst__sheet_row_theirs(sheet, "ui.reporting-mta", report->reporting_mta);
	sst__sheet_row_theirs(sheet, "ui.message-id", report->message_id);
	sst__sheet_row_theirs(sheet, "ui.queue-id", report->queue_id);
	time_row(sheet, "ui.arrival-date", report->arrival_date);
	time_row(sheet, "ui.last-attempt", report->last_attempt);
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

/* The cases of a cause, those with the same words one after the other as one. */
static void recipients(sst_sheet *sheet, const sst_case *cases, size_t first, size_t count)
{
	const sst_case *one = &cases[first], *last = NULL;
	size_t next;

	for (size_t i = first; i < count && !sheet->failed; i = next) {
		for (next = i + 1; next < count && !same_cause(one, &cases[next]); next++)
			continue;
		recipient_row(sheet,
		              last != NULL ? NULL
		              : next < count && same_words(&cases[i], &cases[next])
		                      ? "ui.recipients"
		                      : "ui.recipient",
		              &cases[i]);
		last = &cases[i];
		if (next < count && same_words(&cases[i], &cases[next]))
			continue;
		answer_rows(sheet, &cases[i]);
		last = NULL;
	}
}

/* All cases from `first` on that share its cause. */
static void render_cause(sst_sheet *sheet, const sst_case *cases, size_t first, size_t count,
                         size_t together)
{
	char bytes[SST_SAY_ROOM_SIZE];
	sst_say_room room = SST_SAY_ROOM(bytes);
	sst_explanation said;
	const sst_case *one = &cases[first];
	sst_text alone = together == 1 ? one->recipient : SST_NO_TEXT;
	sst_tone tone = sst__verdict_tone(one->verdict);

	sst_explain(sheet->how->lang, sheet->how->audience, one->verdict, alone, &room, &said);
	sst__sheet_section(sheet, tone);
	sst__sheet_heading(sheet, alone, heading(sheet, said.title, together, &room), tone);
	sst__cause_rows(sheet, one->verdict, &said);
	if (together > 1)
		recipients(sheet, cases, first, count);
	else
		answer_rows(sheet, one);
	sst__code_rows(sheet, one->verdict, one->report == NULL ? 0 : one->report->notes);
	trace_rows(sheet, one->report);
	sst__sheet_section_end(sheet);
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
	sst_sheet sheet;
	causes known;

	sst__sheet_init(&sheet, how);
	count_causes(&known, cases, count);
	sst__sheet_open(&sheet);
	for (unsigned c = 0; c < known.count && !sheet.failed; c++)
		render_cause(&sheet, cases, known.first[c], count, known.size[c]);
	for (size_t i = 0; known.count == CAUSES && i < count && !sheet.failed; i++)
		if (find_cause(&known, cases, &cases[i]) == CAUSES)
			render_cause(&sheet, cases, i, count, 1);
	sst__sheet_close(&sheet);
	return sst__sheet_flush(&sheet);
}
