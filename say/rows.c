/* SPDX-License-Identifier: MIT
 * say/rows.c - a verdict as rows of a sheet. */
#include "say/rows.h"

#include "core/text.h"
#include "say/lang.h"
#include "say/meanings.h"

#include <smtpstatus/words.h>

#define FSI SST_TEXT("\xe2\x81\xa8") /* U+2068 */
#define PDI SST_TEXT("\xe2\x81\xa9") /* U+2069 */

enum { LINE = 2048, SURE = 85, LIKELY = 60 };

sst_tone sst__verdict_tone(const sst_verdict *verdict)
{
	switch (verdict->permanence) {
	case SST_PERMANENCE_SUCCESS:
		return SST_TONE_GOOD;
	case SST_PERMANENCE_TEMPORARY:
		return SST_TONE_PASSING;
	case SST_PERMANENCE_PERMANENT:
		return SST_TONE_BAD;
	default:
		return SST_TONE_PLAIN;
	}
}

/* Who runs a mail server reads what either side can do. */
static void advice_rows(sst_sheet *sheet, const sst_explanation *said)
{
	if (sheet->how->audience != SST_AUDIENCE_POSTMASTER ||
	    said->own_admin.len + said->other_admin.len == 0) {
		sst__sheet_row(sheet, "ui.what-to-do", said->advice);
		return;
	}
	sst__sheet_row(sheet, "ui.own-admin", said->own_admin);
	sst__sheet_row(sheet, "ui.other-admin", said->other_admin);
}

void sst__cause_rows(sst_sheet *sheet, const sst_verdict *verdict, const sst_explanation *said)
{
	sst__sheet_row(sheet, "ui.what-happened", said->text);
	sst__sheet_row(sheet, "ui.final", said->final);
	sst__sheet_row(sheet, "ui.whose-side", said->side);
	advice_rows(sheet, said);
	if (!sheet->how->brief)
		sst__sheet_row(sheet, "ui.causes", said->causes);
	sst__sheet_row_theirs(sheet,
	                      sst__provider_is_software(verdict->provider) ? "ui.software"
	                                                                   : "ui.provider",
	                      sst_say_provider(verdict->provider));
	sst__sheet_row(sheet, "ui.vendor-note", said->vendor_note);
}

void sst__detail_rows(sst_sheet *sheet, const sst_detail *detail)
{
	const sst_lang *lang = sheet->how->lang;
	char bytes[256];
	sst_say_room room = SST_SAY_ROOM(bytes);

	sst__sheet_row_theirs(sheet, "ui.list", detail->list);
	if (detail->retry_after > 0)
		sst__sheet_row(sheet, "ui.retry-after",
		               sst_say_span(lang, detail->retry_after, &room));
	if (detail->limit > 0)
		sst__sheet_row(sheet, "ui.limit", sst_say_size(detail->limit, &room));
	if (detail->check != 0)
		sst__sheet_row(sheet, "ui.check",
		               sst_say_word(lang, SST_VOCABULARY_CHECK, detail->check));
	sst__sheet_row_theirs(sheet, "ui.link", detail->link);
	sst__sheet_row_theirs(sheet, "ui.new-address", detail->new_address);
	sst__sheet_row_theirs(sheet, "ui.provider-code", detail->provider_code);
	sst__sheet_row_theirs(sheet, "ui.ticket", detail->ticket);
}

/* Digits, isolated where we write from right to left, and what they are called. */
static void add_named(const sst_sheet *sheet, sst_say_room *room, sst_text digits, sst_text title)
{
	bool rtl = sst_lang_is_rtl(sheet->how->lang);

	if (rtl)
		sst__room_add(room, FSI);
	sst__room_add(room, digits);
	if (rtl)
		sst__room_add(room, PDI);
	if (title.len > 0)
		sst__room_add(room, SST_TEXT("  "));
	sst__room_add(room, title);
}

void sst__code_row(sst_sheet *sheet, const char *key, sst_code code)
{
	const sst_rendering *how = sheet->how;
	char line[LINE], digits[SST_CODE_SIZE];
	sst_say_room room = SST_SAY_ROOM(line);
	sst_text reference;

	if (code.cls == 0)
		return;
	add_named(sheet, &room, (sst_text){digits, sst_code_format(code, digits, sizeof digits)},
	          sst_say_code_title(how->registry, how->lang, code, NULL));
	reference = sst_registry_find(how->registry, code, NULL)->reference;
	if (reference.len > 0) {
		sst__room_add(&room, SST_TEXT(" ("));
		sst__room_add(&room, reference);
		sst__room_add(&room, SST_TEXT(")"));
	}
	sst__sheet_row(sheet, key, sst__room_text(&room, 0));
}

void sst__reply_row(sst_sheet *sheet, uint16_t reply)
{
	const char digits[3] = {(char)('0' + reply / 100 % 10), (char)('0' + reply / 10 % 10),
	                        (char)('0' + reply % 10)};
	char line[LINE];
	sst_say_room room = SST_SAY_ROOM(line);

	if (reply == 0)
		return;
	add_named(sheet, &room, (sst_text){digits, sizeof digits},
	          sst_say_reply_title(sheet->how->lang, reply));
	sst__sheet_row(sheet, "ui.reply-code", sst__room_text(&room, 0));
}

/* "sure (96%)" */
static void confidence_row(sst_sheet *sheet, unsigned percent)
{
	const sst_lang *lang = sheet->how->lang;
	const char *key = percent >= SURE     ? "ui.sure"
	                  : percent >= LIKELY ? "ui.likely"
	                                      : "ui.unsure";
	bool rtl = sst_lang_is_rtl(lang);
	char line[256];
	sst_say_room room = SST_SAY_ROOM(line);

	sst__room_add(&room, sst_say_text(lang, (sst_text){key, strlen(key)}));
	sst__room_add(&room, SST_TEXT(" ("));
	if (rtl)
		sst__room_add(&room, FSI);
	sst__room_percent(&room, lang, percent > 100 ? 100 : percent);
	if (rtl)
		sst__room_add(&room, PDI);
	sst__room_add(&room, SST_TEXT(")"));
	sst__sheet_row(sheet, "ui.confidence", sst__room_text(&room, 0));
}

static void notes_row(sst_sheet *sheet, sst_notes notes)
{
	char line[LINE];
	sst_say_room room = SST_SAY_ROOM(line);

	for (unsigned bit = 0; bit < 64; bit++) {
		sst_text note = notes >> bit & 1
		                        ? sst_say_word(sheet->how->lang, SST_VOCABULARY_NOTE, bit)
		                        : SST_NO_TEXT;
		if (note.len == 0 && (notes >> bit & 1))
			note = sst_word(SST_VOCABULARY_NOTE, bit);
		if (note.len > 0 && room.used > 0)
			sst__room_add(&room, SST_TEXT("\n"));
		sst__room_add(&room, note);
	}
	sst__sheet_row(sheet, "ui.notes", sst__room_text(&room, 0));
}

/* A program reads words, not sentences. */
static void developer_rows(sst_sheet *sheet, const sst_verdict *verdict)
{
	const sst_lang *lang = sheet->how->lang;

	sst__sheet_row_theirs(sheet, "ui.category",
	                      sst_word(SST_VOCABULARY_CATEGORY, verdict->category));
	sst__sheet_row(sheet, "ui.concerns",
	               sst_say_word(lang, SST_VOCABULARY_SCOPE, verdict->scope));
}

void sst__code_rows(sst_sheet *sheet, const sst_verdict *verdict, sst_notes notes)
{
	sst_audience audience = sheet->how->audience;

	sst__code_row(sheet, "ui.status", verdict->status);
	if (!sst_code_equal(verdict->status, verdict->reported_status))
		sst__code_row(sheet, "ui.reported-status", verdict->reported_status);
	sst__reply_row(sheet, verdict->reply_code);
	if (audience == SST_AUDIENCE_DEVELOPER)
		developer_rows(sheet, verdict);
	confidence_row(sheet, verdict->confidence);
	if (audience != SST_AUDIENCE_SENDER && verdict->proof_count > 0)
		sst__sheet_row_theirs(sheet, "ui.rule", verdict->proofs[0].rule);
	if (audience != SST_AUDIENCE_SENDER || !sheet->how->brief)
		notes_row(sheet, verdict->notes | notes);
}
