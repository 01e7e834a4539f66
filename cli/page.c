/* SPDX-License-Identifier: MIT
 * cli/page.c - an answer as a page for people. */
#include "cli/answer.h"

#include "core/text.h"

#include <smtpstatus/words.h>

#include <stdio.h>

cli_tone cli_verdict_tone(const sst_verdict *verdict)
{
	switch (verdict->permanence) {
	case SST_PERMANENCE_SUCCESS:
		return CLI_GOOD;
	case SST_PERMANENCE_TEMPORARY:
		return CLI_PASSING;
	case SST_PERMANENCE_PERMANENT:
		return CLI_BAD;
	default:
		return CLI_PLAIN;
	}
}

static void detail_rows(cli_screen *screen, const sst_detail *detail)
{
	char bytes[256];
	sst_say_room room = SST_SAY_ROOM(bytes);

	cli_screen_row(screen, "ui.list", detail->list, CLI_FOREIGN);
	if (detail->retry_after > 0)
		cli_screen_row(screen, "ui.retry-after",
		               sst_say_span(screen->lang, detail->retry_after, &room), CLI_OURS);
	if (detail->limit > 0)
		cli_screen_row(screen, "ui.limit", sst_say_size(detail->limit, &room), CLI_OURS);
	if (detail->check != 0)
		cli_screen_row(screen, "ui.check",
		               sst_say_word(screen->lang, SST_VOCABULARY_CHECK, detail->check),
		               CLI_OURS);
	cli_screen_row(screen, "ui.link", detail->link, CLI_FOREIGN);
	cli_screen_row(screen, "ui.new-address", detail->new_address, CLI_FOREIGN);
	cli_screen_row(screen, "ui.provider-code", detail->provider_code, CLI_FOREIGN);
	cli_screen_row(screen, "ui.ticket", detail->ticket, CLI_FOREIGN);
}

/* "5.2.2  Mailbox full (RFC 3463)" */
static void code_row(cli_screen *screen, const cli_settings *settings, const char *key,
                     sst_code code)
{
	char digits[SST_CODE_SIZE], line[512];
	sst_text title, reference;

	if (code.cls == 0)
		return;
	sst_code_format(code, digits, sizeof digits);
	title = sst_say_code_title(settings->registry, screen->lang, code, NULL);
	reference = sst_registry_find(settings->registry, code, NULL)->reference;
	snprintf(line, sizeof line, "%s  %.*s%s%.*s%s", digits, (int)title.len, title.ptr,
	         reference.len > 0 ? " (" : "", (int)reference.len,
	         reference.len > 0 ? reference.ptr : "", reference.len > 0 ? ")" : "");
	cli_screen_row(screen, key, (sst_text){line, strlen(line)}, CLI_OURS);
}

static void reply_row(cli_screen *screen, uint16_t code)
{
	sst_text title = sst_say_reply_title(screen->lang, code);
	char line[512];

	if (code == 0)
		return;
	snprintf(line, sizeof line, "%u%s%.*s", code, title.len > 0 ? "  " : "", (int)title.len,
	         title.len > 0 ? title.ptr : "");
	cli_screen_row(screen, "ui.reply-code", (sst_text){line, strlen(line)}, CLI_OURS);
}

/* How sure, and by which rule. */
static void proof_row(cli_screen *screen, const sst_verdict *verdict)
{
	const char *key = verdict->confidence >= 85   ? "ui.sure"
	                  : verdict->confidence >= 60 ? "ui.likely"
	                                              : "ui.unsure";
	sst_text word = sst_say_text(screen->lang, (sst_text){key, strlen(key)});
	char line[256];

	snprintf(line, sizeof line, "%.*s (%u %%)", (int)word.len, word.ptr, verdict->confidence);
	cli_screen_row(screen, "ui.confidence", (sst_text){line, strlen(line)}, CLI_OURS);
	if (verdict->proof_count > 0)
		cli_screen_row(screen, "ui.rule", verdict->proofs[0].rule, CLI_FOREIGN);
}

static void notes_row(cli_screen *screen, sst_notes notes)
{
	char line[512];
	size_t len = 0;

	for (unsigned bit = 0; bit < 64; bit++) {
		sst_text word = notes >> bit & 1
		                        ? sst_say_word(screen->lang, SST_VOCABULARY_NOTE, bit)
		                        : SST_NO_TEXT;
		if (word.len == 0 && (notes >> bit & 1))
			word = sst_word(SST_VOCABULARY_NOTE, bit);
		if (word.len == 0 || word.len + 2 > sizeof line - len)
			continue;
		if (len > 0)
			line[len++] = '\n';
		memcpy(line + len, word.ptr, word.len);
		len += word.len;
	}
	cli_screen_row(screen, "ui.notes", (sst_text){line, len}, CLI_OURS);
}

/* Who runs a mail server reads what either side can do. */
static void advice_rows(cli_screen *screen, const cli_settings *settings,
                        const sst_explanation *words)
{
	if (settings->audience != SST_AUDIENCE_POSTMASTER ||
	    words->own_admin.len + words->other_admin.len == 0) {
		cli_screen_row(screen, "ui.what-to-do", words->advice, CLI_OURS);
		return;
	}
	cli_screen_row(screen, "ui.own-admin", words->own_admin, CLI_OURS);
	cli_screen_row(screen, "ui.other-admin", words->other_admin, CLI_OURS);
}

void cli_verdict_rows(cli_screen *screen, const cli_settings *settings, const sst_verdict *verdict,
                      const sst_explanation *words, sst_text evidence)
{
	const sst_proof *proof = &verdict->proofs[0];

	cli_screen_row(screen, "ui.final", words->final, CLI_OURS);
	cli_screen_row(screen, "ui.whose-side", words->side, CLI_OURS);
	advice_rows(screen, settings, words);
	cli_screen_row(screen, "ui.causes", words->causes, CLI_OURS);
	cli_screen_row(screen, "ui.provider", sst_say_provider(verdict->provider), CLI_OURS);
	cli_screen_row(screen, "ui.vendor-note", words->vendor_note, CLI_OURS);
	detail_rows(screen, &verdict->detail);
	code_row(screen, settings, "ui.status", verdict->status);
	if (verdict->reported_status.cls != 0 &&
	    !sst_code_equal(verdict->status, verdict->reported_status))
		code_row(screen, settings, "ui.reported-status", verdict->reported_status);
	reply_row(screen, verdict->reply_code);
	if (verdict->proof_count > 0 && proof->from < proof->upto && proof->upto <= evidence.len)
		cli_screen_row(screen, "ui.evidence",
		               sst__text_part(evidence, proof->from, proof->upto), CLI_FOREIGN);
	proof_row(screen, verdict);
}

/* "byte 5: RFC 3463 section 2: ..." */
static void broken_row(cli_screen *screen, const sst_result *broken)
{
	char line[256];

	if (broken->rule == NULL)
		return;
	snprintf(line, sizeof line, "[%zu] %s", broken->at, broken->rule);
	cli_screen_row(screen, "ui.notes", (sst_text){line, strlen(line)}, CLI_OURS);
}

/* Where a table that many have copied errs: what it says, and what the standards say. */
static void views_row(cli_screen *screen, const sst_reading *reading)
{
	char line[1024];
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
	cli_screen_row(screen, "ui.two-views", (sst_text){line, len}, CLI_OURS);
}

static void reading_rows(cli_screen *screen, const cli_settings *settings,
                         const sst_reading *reading)
{
	cli_screen_heading(screen, reading->title, CLI_PLAIN,
	                   sst_say_text(screen->lang, SST_TEXT("ui.other-reading")));
	code_row(screen, settings, "ui.status", reading->code);
	reply_row(screen, reading->reply);
	cli_screen_row(screen, "ui.what-happened", reading->explanation, CLI_OURS);
	cli_screen_row(screen, "ui.what-to-do", reading->advice, CLI_OURS);
	cli_screen_row(screen, "ui.how-to-tell", reading->how_to_tell, CLI_OURS);
	views_row(screen, reading);
}

void cli_answer_screen(const cli_answer *answer, const cli_settings *settings, cli_screen *screen)
{
	const sst_verdict *verdict = &answer->verdict;
	const sst_proof *proof = &verdict->proofs[0];
	sst_explanation words = answer->words;
	cli_span marked = {0, 0};

	words.advice = answer->advice;
	if (verdict->proof_count > 0 && answer->kind != SST_KIND_CODE)
		marked = (cli_span){proof->from, proof->upto};
	cli_screen_page(screen);
	cli_screen_quote(screen, answer->input, marked);
	cli_screen_heading(screen, answer->title, cli_verdict_tone(verdict), SST_NO_TEXT);
	cli_screen_row(screen, "ui.what-happened", answer->explanation, CLI_OURS);
	cli_verdict_rows(screen, settings, verdict, &words, SST_NO_TEXT);
	if (answer->reading_count > 0) {
		cli_screen_row(screen, "ui.earlier-meaning", answer->readings[0].superseded,
		               CLI_OURS);
		cli_screen_row(screen, "ui.how-to-tell", answer->readings[0].how_to_tell, CLI_OURS);
		views_row(screen, &answer->readings[0]);
	}
	notes_row(screen, verdict->notes | answer->notes);
	broken_row(screen, &answer->broken);
	for (size_t i = 1; i < answer->reading_count; i++) {
		cli_screen_page(screen);
		reading_rows(screen, settings, &answer->readings[i]);
		cli_screen_page_end(screen);
	}
	cli_screen_page_end(screen);
}
