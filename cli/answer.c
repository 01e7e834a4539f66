/* SPDX-License-Identifier: MIT
 * cli/answer.c - one text or code, judged and put into words, and its JSON record. */
#include "cli/answer.h"

#include "cli/judged.h"
#include "cli/record.h"
#include "cli/site.h"
#include "cli/vocabulary.h"

#include "core/text.h"

#include <smtpstatus/words.h>

/* Longer texts are no code, whatever stands in them. */
#define CODE_MAX 24

/* Digits and dots, and nothing else. */
static bool is_number(sst_text text)
{
	bool digit = false;

	for (size_t i = 0; i < text.len; i++) {
		digit |= sst__is_digit(text.ptr[i]);
		if (!sst__is_digit(text.ptr[i]) && text.ptr[i] != '.')
			return false;
	}
	return digit;
}

/* A code alone: one reply code or one enhanced code, and no other word. What looks like one and is
 * none is a code too: then `broken` says which rule it breaks, and where. */
static bool is_code(sst_text text, sst_found *found, sst_result *broken)
{
	sst_text inner = sst__text_trim(text);
	size_t at = 0;
	unsigned digits;
	sst_code code;

	if (inner.len == 0 || inner.len > CODE_MAX || sst__text_find(inner, 0, ' ') < inner.len)
		return false;
	if (sst_code_find(inner, &at, found) == SST_OK && found->from == 0 &&
	    found->upto == inner.len)
		return true;
	memset(found, 0, sizeof *found);
	if (!is_number(inner))
		return false;
	if (inner.len == 3 && sst__text_number(inner, 0, 3, &digits) >= 200 && digits == 3 &&
	    inner.ptr[0] <= '5') {
		found->reply = (uint16_t)sst__text_number(inner, 0, 3, &digits);
		return true;
	}
	*broken = sst_code_parse(inner, &code);
	broken->at += (size_t)(inner.ptr - text.ptr);
	return true;
}

static void by_words(cli_answer *answer)
{
	answer->title = answer->words.title;
	answer->explanation = answer->words.text;
	answer->advice = answer->words.advice;
}

/* A number that no server sends says more than the words around it. */
static void take_errno(sst_verdict *verdict, const sst_reading *reading)
{
	const sst_reply_entry *entry = sst_reply_entry_find(reading->reply);

	if (reading->category == verdict->category)
		return;
	cli_take_category(verdict, reading->category);
	verdict->status = entry->enhanced;
	verdict->proof_count = 0;
	verdict->confidence = 80;
}

/* What the number means decides: there are no words, or they said nothing. */
static void by_reading(cli_answer *answer)
{
	const sst_reading *first = &answer->readings[0];

	answer->title = first->title;
	if (first->explanation.len > 0)
		answer->explanation = first->explanation;
	if (first->advice.len > 0)
		answer->advice = first->advice;
	answer->words.causes = first->causes;
	if (first->nearness == SST_NEAR_SUBJECT || first->nearness == SST_NEAR_ANY)
		answer->notes |= SST_NOTE_UNREGISTERED;
	if (first->kind == SST_READING_SITE)
		cli_take_category(&answer->verdict, first->category);
	if (first->kind == SST_READING_ERRNO)
		take_errno(&answer->verdict, first);
}

/* Readings are of interest where there is no context that allows only one. */
static bool wants_readings(const cli_answer *answer)
{
	return answer->kind == SST_KIND_CODE ||
	       (answer->verdict.notes &
	        (SST_NOTE_TWO_READINGS | SST_NOTE_SEED_SPELLING | SST_NOTE_SQUEEZED |
	         SST_NOTE_VENDOR_MEANING | SST_NOTE_ERRNO)) != 0;
}

/* A reply whose words said nothing, with a code that the site has explained; or a number that no
 * server sends. */
static bool reading_decides(const cli_answer *answer)
{
	if (answer->reading_count == 0)
		return false;
	if (answer->readings[0].kind == SST_READING_ERRNO)
		return true;
	return answer->readings[0].kind == SST_READING_SITE && cli_code_decides(&answer->verdict);
}

static void find_readings(cli_answer *answer, const cli_settings *settings, const sst_lang *lang)
{
	const sst_verdict *verdict = &answer->verdict;
	sst_audience audience = (sst_audience)settings->audience;

	if (wants_readings(answer))
		answer->reading_count = sst_readings_in(
		        settings->registry, lang, audience, answer->input, verdict->provider,
		        &answer->room, answer->readings, SST_READINGS);
	else if (settings->registry != NULL)
		answer->reading_count =
		        sst_readings(settings->registry, lang, audience, verdict->reply_code,
		                     verdict->reported_status, verdict->provider, &answer->room,
		                     answer->readings, SST_READINGS);
}

void cli_answer_text(cli_answer *answer, const cli_settings *settings, const sst_lang *lang,
                     sst_text input)
{
	sst_evidence evidence = SST_EVIDENCE_INIT;

	memset(answer, 0, offsetof(cli_answer, bytes));
	answer->room = (sst_say_room){answer->bytes, sizeof answer->bytes, 0, false};
	answer->input = evidence.text = input;
	answer->verdict.size = sizeof answer->verdict;
	answer->words = (sst_explanation){0};
	answer->kind =
	        is_code(input, &answer->found, &answer->broken) ? SST_KIND_CODE : SST_KIND_REPLY;
	if (answer->kind == SST_KIND_CODE)
		answer->notes = answer->found.notes;
	sst_judge(settings->rules, &evidence, &answer->verdict);
	cli_site_judge(settings, &answer->verdict);
	sst_explain(lang, (sst_audience)settings->audience, &answer->verdict, SST_NO_TEXT,
	            &answer->room, &answer->words);
	find_readings(answer, settings, lang);
	by_words(answer);
	if (answer->reading_count > 0 && (answer->kind == SST_KIND_CODE || reading_decides(answer)))
		by_reading(answer);
	if (!wants_readings(answer))
		answer->reading_count = 0;
}

void cli_answer_outside(cli_answer *answer, const cli_settings *settings, const sst_lang *lang,
                        sst_text input, const sst_outside *entry)
{
	sst_evidence evidence = SST_EVIDENCE_INIT;

	memset(answer, 0, offsetof(cli_answer, bytes));
	answer->room = (sst_say_room){answer->bytes, sizeof answer->bytes, 0, false};
	answer->input = input;
	answer->verdict.size = sizeof answer->verdict;
	answer->kind = SST_KIND_CODE;
	if (entry != NULL)
		answer->found.code = evidence.status = entry->code;
	sst_judge(settings->rules, &evidence, &answer->verdict);
	if (entry != NULL)
		cli_take_category(&answer->verdict, entry->category);
	sst_explain(lang, (sst_audience)settings->audience, &answer->verdict, SST_NO_TEXT,
	            &answer->room, &answer->words);
	by_words(answer);
}

static sst_text always(sst_text text)
{
	return text.ptr == NULL ? SST_TEXT("") : text;
}

void cli_words_json(sst_json *json, sst_text title, sst_text explanation, sst_text advice)
{
	sst_json_field(json, "title", always(title));
	sst_json_field(json, "explanation", always(explanation));
	sst_json_field(json, "advice", always(advice));
}

static const char *const reading_kinds[] = {
        [SST_READING_REGISTERED] = "registered",
        [SST_READING_REPLY] = "reply",
        [SST_READING_DOTTED] = "dotted-reply",
        [SST_READING_SQUEEZED] = "squeezed",
        [SST_READING_ERRNO] = "errno",
        [SST_READING_VENDOR] = "vendor",
        [SST_READING_SITE] = "site",
};

static void reading_json(sst_json *json, const sst_reading *reading)
{
	const char *kind = reading_kinds[reading->kind];

	sst_json_open(json, '{');
	sst_json_field(json, "reading", (sst_text){kind, strlen(kind)});
	cli_record_code(json, "status", reading->code);
	if (reading->reply != 0)
		sst_json_field_number(json, "reply_code", reading->reply);
	sst_json_field(json, "category", cli_category_word(reading->category));
	cli_words_json(json, reading->title, reading->explanation, reading->advice);
	sst_json_field(json, "how_to_tell", reading->how_to_tell);
	sst_json_field(json, "table_view", reading->table_view);
	sst_json_field(json, "standard_view", reading->standard_view);
	sst_json_field(json, "reference", reading->reference);
	sst_json_field(json, "superseded", reading->superseded);
	sst_json_close(json, '}');
}

void cli_answer_json(const cli_answer *answer, sst_json *json)
{
	cli_record_open(json);
	sst_json_field(json, "input", always(answer->input));
	cli_record_word(json, "kind", SST_VOCABULARY_KIND, answer->kind);
	cli_record_verdict(json, &answer->verdict, answer->input, answer->notes);
	cli_words_json(json, answer->title, answer->explanation, answer->advice);
	if (answer->broken.rule != NULL) {
		const char *rule = answer->broken.rule;
		sst_json_key(json, "error");
		sst_json_open(json, '{');
		sst_json_field(json, "rule", (sst_text){rule, strlen(rule)});
		sst_json_field_number(json, "at", (int64_t)answer->broken.at);
		sst_json_close(json, '}');
	}
	if (answer->reading_count > 1 ||
	    (answer->reading_count == 1 && answer->readings[0].table_view.len > 0)) {
		sst_json_key(json, "readings");
		sst_json_open(json, '[');
		for (size_t i = 0; i < answer->reading_count; i++)
			reading_json(json, &answer->readings[i]);
		sst_json_close(json, ']');
	}
	sst_json_close(json, '}');
	sst_json_line_end(json);
}
