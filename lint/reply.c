/* SPDX-License-Identifier: MIT
 * lint/reply.c - one reply: its lines, its codes, its words. */
#include "lint/lint.h"
#include "core/code.h"
#include "core/text.h"

#include <smtpstatus/words.h>

#define REPLY_LINE_MAX 512 /* RFC 5321 section 4.5.3.1.5, with CRLF */

static sst_text slice(sst_text text, size_t from, size_t upto)
{
	return sst__text_part(text, from, upto);
}

/* The judge hears in the words, though the code says never, that a later attempt may do; or a cause
 * that passes by itself. */
static bool judged_passing(sst_text words)
{
	sst_evidence evidence = SST_EVIDENCE_INIT;
	sst_verdict verdict = {.size = sizeof verdict};

	evidence.text = words;
	evidence.reply = 550;
	sst_judge(NULL, &evidence, &verdict);
	/* Not the token of some provider: in other mouths it means nothing. */
	if (verdict.proof_count == 0 || (verdict.proofs[0].kind != SST_PROOF_PHRASE &&
	                                 verdict.proofs[0].kind != SST_PROOF_PHRASE_WITH_CODE))
		return false;
	return verdict.permanence == SST_PERMANENCE_TEMPORARY ||
	       verdict.category == SST_CATEGORY_GREYLISTED ||
	       verdict.category == SST_CATEGORY_RATE_LIMITED ||
	       verdict.category == SST_CATEGORY_DNS_FAILURE;
}

/* Words that put off rather than refuse, and words in front of them that turn the sense. */
bool sst__lint_is_passing(sst_text words)
{
	static const sst_text passing[] = {
	        {"try again", 9},        {"try later", 9},          {"retry later", 11},
	        {"come back", 9},        {"temporarily", 11},       {"temporary failure", 17},
	        {"temporary error", 15}, {"temporary problem", 17}, {"greylist", 8},
	        {"graylist", 8},         {"please wait", 11},       {"again later", 11},
	        {"retry in ", 9},        {"too busy", 8},
	};
	static const sst_text turning[] = {{"not ", 4}, {"n't ", 4}, {"never ", 6}};

	for (size_t i = 0; i < sizeof passing / sizeof passing[0]; i++) {
		size_t at = sst__text_search(words, 0, passing[i]);
		bool turned = false;

		for (size_t t = 0; t < sizeof turning / sizeof turning[0]; t++)
			turned |= sst__text_ends(slice(words, 0, at), turning[t]);
		if (at < words.len && !turned)
			return true;
	}
	return judged_passing(words);
}

void sst__lint_code(sst_lint_run *run, sst_text what, sst_code code, unsigned cls)
{
	sst_nearness near = SST_NEAR_EXACT;

	if (cls != 0 && cls != 3 && code.cls != cls) {
		sst__lint_report_code(run, SST__LINT_CLASS_MISMATCH, what,
		                      sst__code_with_class(code, cls));
		code.cls = (uint8_t)cls;
	}
	sst_registry_find(run->registry, code, &near);
	if (near == SST_NEAR_SUBJECT)
		sst__lint_report_code(run, SST__LINT_UNREGISTERED_CODE, what,
		                      (sst_code){code.cls, code.subject, 0});
	else if (near == SST_NEAR_ANY)
		sst__lint_report_code(run, SST__LINT_UNREGISTERED_CODE, what,
		                      (sst_code){code.cls, 0, 0});
	else if (code.subject == 6 && code.detail == 10)
		sst__lint_report_code(run, SST__LINT_SUPERSEDED_CODE, what,
		                      (sst_code){code.cls, 6, 8});
}

/* The class that the registry has for a condition which it does not have for this one. */
static void check_class(sst_lint_run *run, sst_text what, sst_code code)
{
	sst_nearness near = SST_NEAR_EXACT;
	const sst_entry *entry = sst_registry_find(run->registry, code, &near);

	if (near != SST_NEAR_CLASS || entry == NULL)
		return;
	for (unsigned cls = 5; cls >= 2; cls--)
		if (entry->classes >> cls & 1) {
			sst__lint_report_code(run, SST__LINT_CODE_CLASS, what,
			                      sst__code_with_class(code, cls));
			return;
		}
}

void sst__lint_reply_begin(struct lint_reply *reply, const struct lint_place *place)
{
	*reply = (struct lint_reply){.place = place};
}

static bool is_reply_code(sst_text line)
{
	return sst__at(line, 0) >= '2' && sst__at(line, 0) <= '5' &&
	       sst__is_digit(sst__at(line, 1)) && sst__is_digit(sst__at(line, 2)) &&
	       !sst__is_digit(sst__at(line, 3));
}

static void codes_differ(sst_lint_run *run, struct lint_reply *reply, sst_text what, sst_code code)
{
	if (reply->coded == 0) {
		reply->code = code;
		reply->code_text = what;
	} else if (!sst_code_equal(reply->code, code)) {
		sst__lint_report_code(run, SST__LINT_MIXED_CODES, what, reply->code);
	}
	reply->coded++;
}

/* Says what is wrong with a code that the strict scanner refused but a tolerant reader sees. */
static void careless_code(sst_lint_run *run, struct lint_reply *reply, sst_text line)
{
	sst_codes codes;
	sst_text what;

	sst_codes_find(line, &codes);
	if (!sst__code_is(codes.outer.code) || codes.code_upto == 0 ||
	    (codes.notes & SST_NOTE_SQUEEZED) || codes.outer.from != 0)
		return;
	what = slice(line, codes.code_from, codes.code_upto);
	if (codes.notes & SST_NOTE_LEADING_ZERO)
		sst__lint_report_code(run, SST__LINT_BAD_CODE, what, codes.outer.code);
	else if (codes.notes & SST_NOTE_INVALID_CLASS)
		sst__lint_report_code(run, SST__LINT_BAD_CLASS, what, codes.outer.code);
	else if (codes.code_from > codes.outer.upto)
		sst__lint_report_code(run, SST__LINT_CODE_NOT_FIRST, what, codes.outer.code);
	else
		sst__lint_report_code(run, SST__LINT_CODE_SEPARATOR,
		                      slice(line, 0, codes.code_upto + 1), codes.outer.code);
	codes_differ(run, reply, what, codes.outer.code);
}

static void words_of_line(sst_lint_run *run, struct lint_reply *reply, sst_text line)
{
	sst_text words = slice(line, 4, line.len);
	sst_code code;
	sst_result result = sst_code_scan(words, &code);

	if (result.err == SST_OK)
		codes_differ(run, reply, slice(words, 0, result.at), code);
	else if (reply->reply / 100 != 3)
		careless_code(run, reply, line);
	reply->passing |= sst__lint_is_passing(words);
}

static void bytes_of_line(sst_lint_run *run, const struct lint_reply *reply, sst_text line)
{
	if (reply->place->wire && line.len + 2 > REPLY_LINE_MAX)
		sst__lint_report(run, SST__LINT_LINE_TOO_LONG, slice(line, 0, 60), SST_NO_TEXT);
	for (size_t i = 0; i < line.len; i++)
		if ((uint8_t)line.ptr[i] >= 0x80) {
			sst__lint_report(run, SST__LINT_NOT_ASCII, line, SST_NO_TEXT);
			return;
		}
}

bool sst__lint_reply_line(sst_lint_run *run, struct lint_reply *reply, sst_text line)
{
	uint16_t code;
	char apart;

	if (!is_reply_code(line)) {
		sst__lint_report(run, SST__LINT_BAD_REPLY, slice(line, 0, 40), SST_NO_TEXT);
		return false;
	}
	code = (uint16_t)((line.ptr[0] - '0') * 100 + (line.ptr[1] - '0') * 10 + line.ptr[2] - '0');
	apart = sst__at(line, 3);
	if (reply->lines == 0) {
		reply->reply = code;
		reply->head = slice(line, 0, 3);
	} else if (code != reply->reply) {
		sst__lint_report(run, SST__LINT_MIXED_REPLIES, slice(line, 0, 3), reply->head);
	}
	reply->lines++;
	reply->more = apart == '-';
	bytes_of_line(run, reply, line);
	if (line.len > 3 && apart != ' ' && apart != '-') {
		sst__lint_report(run, SST__LINT_BAD_REPLY, slice(line, 0, 40), SST_NO_TEXT);
		careless_code(run, reply, line);
		return true;
	}
	if (code != 334)
		words_of_line(run, reply, line);
	return true;
}

/* Which answers RFC 5321 section 4.3.2 and the extensions give to a command. */
static bool answers(sst_phase phase, unsigned code)
{
	static const uint16_t any[] = {421, 500, 501, 0};
	static const uint16_t lists[][24] = {
	        [SST_PHASE_CONNECT] = {220, 554, 521, 0},
	        [SST_PHASE_EHLO] = {250, 502, 504, 550, 554, 0},
	        [SST_PHASE_STARTTLS] = {220, 454, 502, 503, 554, 0},
	        [SST_PHASE_AUTH] = {235, 334, 432, 454, 502, 503, 504, 530, 534, 535, 538, 0},
	        [SST_PHASE_MAIL] = {250, 451, 452, 455, 503, 530, 550, 552, 553, 554, 555, 450, 0},
	        [SST_PHASE_RCPT] = {250, 251, 252, 450, 451, 452, 455, 503, 530, 550, 551, 552, 553,
	                            554, 555, 556, 0},
	        [SST_PHASE_DATA] = {354, 451, 450, 452, 503, 530, 550, 554, 0},
	        [SST_PHASE_DATA_END] = {250, 450, 451, 452, 550, 551, 552, 553, 554, 0},
	};
	const uint16_t *list = any;

	for (; *list != 0; list++)
		if (*list == code)
			return true;
	if (phase == 0 || phase >= sizeof lists / sizeof lists[0])
		return true;
	for (list = lists[phase]; *list != 0; list++)
		if (*list == code)
			return true;
	return false;
}

static void check_reply_code(sst_lint_run *run, const struct lint_reply *reply)
{
	const sst_reply_entry *entry = sst_reply_entry_find(reply->reply);

	if (entry == NULL || !entry->registered)
		sst__lint_report(run, SST__LINT_UNKNOWN_REPLY_CODE, reply->head, SST_NO_TEXT);
	else if (!answers(reply->place->phase, reply->reply))
		sst__lint_report(run, SST__LINT_REPLY_TO_COMMAND, reply->head, SST_NO_TEXT);
}

static void check_passing(sst_lint_run *run, const struct lint_reply *reply)
{
	char better[] = "450";

	if (!reply->passing || reply->reply / 100 != 5)
		return;
	if (reply->code.cls == 4)
		return; /* told as a class that doesn't fit */
	if (reply->reply % 100 == 52)
		better[2] = '2';
	sst__lint_report(run, SST__LINT_PERMANENT_FOR_PASSING, reply->head, (sst_text){better, 3});
}

static void check_demanded_class(sst_lint_run *run, const struct lint_reply *reply)
{
	unsigned cls = reply->reply / 100u, due = reply->place->cls;

	if (due == 0 || cls == due)
		return;
	if (cls != 4 && cls != 5)
		sst__lint_report(run, SST__LINT_NO_REFUSAL, reply->head, SST_NO_TEXT);
	else if (due == 4)
		sst__lint_report(run, SST__LINT_PASSING_CLASS, reply->head, SST_TEXT("450"));
	else if (due == 5)
		sst__lint_report(run, SST__LINT_REFUSING_CLASS, reply->head, SST_TEXT("550"));
}

/* No code where none may be; the same on all lines where one is due. False: the codes as such need
 * no further look. */
static bool check_place_of_code(sst_lint_run *run, const struct lint_reply *reply)
{
	const sst_reply_entry *entry = sst_reply_entry_find(reply->reply);
	sst_phase phase = reply->place->phase;
	bool none_here =
	        phase == SST_PHASE_CONNECT || phase == SST_PHASE_EHLO || reply->reply / 100 == 3;

	if (reply->coded == 0) {
		if (reply->place->announced && !none_here && entry != NULL)
			sst__lint_report_code(run, SST__LINT_MISSING_CODE, reply->head,
			                      entry->enhanced);
		return false;
	}
	if (reply->reply / 100 == 3)
		sst__lint_report(run, SST__LINT_CODE_IN_3YZ, reply->code_text, SST_NO_TEXT);
	else if (phase == SST_PHASE_CONNECT)
		sst__lint_report(run, SST__LINT_CODE_IN_GREETING, reply->code_text, SST_NO_TEXT);
	else if (phase == SST_PHASE_EHLO)
		sst__lint_report(run, SST__LINT_CODE_IN_EHLO, reply->code_text, SST_NO_TEXT);
	else if (reply->coded < reply->lines)
		sst__lint_report_code(run, SST__LINT_UNEVEN_CODES, reply->head, reply->code);
	return reply->reply / 100 != 3;
}

void sst__lint_reply_end(sst_lint_run *run, struct lint_reply *reply)
{
	if (reply->lines == 0)
		return;
	if (reply->more && !reply->place->may_be_cut)
		sst__lint_report(run, SST__LINT_REPLY_UNFINISHED, reply->head, SST_NO_TEXT);
	check_reply_code(run, reply);
	check_demanded_class(run, reply);
	check_passing(run, reply);
	if (!check_place_of_code(run, reply))
		return;
	sst__lint_code(run, reply->code_text, reply->code, reply->reply / 100u);
	if (reply->code.cls == reply->reply / 100u)
		check_class(run, reply->code_text, reply->code);
}

/* A status code alone, which the server puts a reply code in front of. */
static void code_and_words(sst_lint_run *run, sst_text text, const struct lint_place *place)
{
	sst_codes codes;
	sst_text what;

	sst_codes_find(text, &codes);
	if (codes.outer.from != 0 || codes.outer.code.cls == 0 || codes.code_from != 0)
		return;
	what = slice(text, 0, codes.code_upto);
	if (codes.notes & SST_NOTE_LEADING_ZERO)
		sst__lint_report_code(run, SST__LINT_BAD_CODE, what, codes.outer.code);
	sst__lint_code(run, what, codes.outer.code, place->cls);
	if (place->cls == 0 || place->cls == codes.outer.code.cls)
		check_class(run, what, codes.outer.code);
}

void sst__lint_words(sst_lint_run *run, sst_text text, const struct lint_place *place)
{
	struct lint_reply reply;

	text = sst__text_trim(text);
	if (is_reply_code(text) && !sst__is_alpha(sst__at(text, 3)) && sst__at(text, 3) != '.') {
		sst__lint_reply_begin(&reply, place);
		sst__lint_reply_line(run, &reply, text);
		sst__lint_reply_end(run, &reply);
		return;
	}
	if (sst__is_digit(sst__at(text, 0)))
		code_and_words(run, text, place);
	if (place->cls == 5 && sst__lint_is_passing(text))
		sst__lint_report(run, SST__LINT_PERMANENT_FOR_PASSING, text, SST_TEXT("450"));
}

bool sst__lint_is_xtext(sst_text text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c < '!' || c > '~' || c == '=')
			return false;
		if (c != '+')
			continue;
		for (unsigned n = 1; n <= 2; n++) {
			char hex = sst__at(text, i + n);

			if (!sst__is_digit(hex) && !(hex >= 'A' && hex <= 'F'))
				return false;
		}
		i += 2;
	}
	return true;
}
