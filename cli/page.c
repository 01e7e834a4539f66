/* SPDX-License-Identifier: MIT
 * cli/page.c - an answer as a page for people. */
#include "cli/answer.h"

#include "core/text.h"
#include "say/rows.h"

#include <smtpstatus/words.h>

#include <stdio.h>

/* "[5] RFC 3463 section 2: ..." */
static void broken_row(sst_sheet *sheet, const sst_result *broken)
{
	char line[256];

	if (broken->rule == NULL)
		return;
	snprintf(line, sizeof line, "[%zu] %s", broken->at, broken->rule);
	sst__sheet_row_theirs(sheet, "ui.notes", (sst_text){line, strlen(line)});
}

/* Where a table that many have copied errs: what it says, and what the standards say. */
static void views_row(sst_sheet *sheet, const sst_reading *reading)
{
	char line[2048];
	size_t len = 0;
	const sst_text views[] = {reading->table_view, reading->standard_view};

	for (size_t i = 0; i < 2; i++) {
		if (views[i].len == 0 || views[i].len + 1 > sizeof line - len)
			continue;
		if (len > 0)
			line[len++] = '\n';
		memcpy(line + len, views[i].ptr, views[i].len);
		len += views[i].len;
	}
	sst__sheet_row(sheet, "ui.two-views", (sst_text){line, len});
}

/* What else is to be said of the reading that was taken. */
static void first_reading_rows(sst_sheet *sheet, const sst_reading *reading)
{
	sst__sheet_row_theirs(sheet, "ui.earlier-meaning", reading->superseded);
	sst__sheet_row(sheet, "ui.how-to-tell", reading->how_to_tell);
	views_row(sheet, reading);
}

static void other_reading(sst_sheet *sheet, const sst_reading *reading)
{
	char line[1024];
	sst_text label = sst_say_text(sheet->how->lang, SST_TEXT("ui.other-reading"));

	snprintf(line, sizeof line, "%.*s: %.*s", (int)label.len, label.ptr,
	         (int)reading->title.len, reading->title.ptr);
	sst__sheet_section(sheet, SST_TONE_PLAIN);
	sst__sheet_heading(sheet, SST_NO_TEXT, (sst_text){line, strlen(line)}, SST_TONE_PLAIN);
	sst__code_row(sheet, "ui.status", reading->code);
	sst__reply_row(sheet, reading->reply);
	sst__sheet_row(sheet, "ui.what-happened", reading->explanation);
	sst__sheet_row(sheet, "ui.what-to-do", reading->advice);
	sst__sheet_row(sheet, "ui.how-to-tell", reading->how_to_tell);
	views_row(sheet, reading);
	sst__sheet_section_end(sheet);
}

void cli_answer_page(const cli_answer *answer, sst_sheet *sheet)
{
	const sst_verdict *verdict = &answer->verdict;
	sst_tone tone = sst__verdict_tone(verdict);
	sst_explanation said = answer->words;
	sst_span marked = {0, 0};

	said.text = answer->explanation;
	said.advice = answer->advice;
	if (verdict->proof_count > 0 && answer->kind != SST_KIND_CODE)
		marked = (sst_span){verdict->proofs[0].from, verdict->proofs[0].upto};
	sst__sheet_section(sheet, tone);
	sst__sheet_quote(sheet, NULL, answer->input, marked);
	sst__sheet_heading(sheet, SST_NO_TEXT, answer->title, tone);
	sst__cause_rows(sheet, verdict, &said);
	sst__detail_rows(sheet, &verdict->detail);
	sst__code_rows(sheet, verdict, answer->notes);
	if (answer->reading_count > 0)
		first_reading_rows(sheet, &answer->readings[0]);
	broken_row(sheet, &answer->broken);
	sst__sheet_section_end(sheet);
	for (size_t i = 1; i < answer->reading_count; i++)
		other_reading(sheet, &answer->readings[i]);
}
