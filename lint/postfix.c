/* SPDX-License-Identifier: MIT
 * lint/postfix.c - main.cf(5) and the tables of access(5), header_checks(5), transport(5). */
#include "lint/lint.h"
#include "core/text.h"

#include <smtpstatus/words.h>

static sst_text part(sst_text text, size_t from, size_t upto)
{
	return sst__text_part(text, from, upto);
}

/* "unknown_local_recipient_reject_code = 450" */
static void code_parameter(sst_lint_run *run, sst_text name, sst_text value)
{
	const sst_reply_entry *entry;
	unsigned digits;
	uint32_t code = sst__text_number(value, 0, 4, &digits);

	if (value.len == 0 || value.ptr[0] == '$')
		return;
	if (digits != 3 || value.len != 3 || code < 400 || code > 599) {
		sst__lint_report(run, SST__LINT_NO_REFUSAL, value, SST_NO_TEXT);
		return;
	}
	if (sst__text_ends(name, SST_TEXT("defer_code")) && code >= 500)
		sst__lint_report(run, SST__LINT_PASSING_CLASS, value, SST_TEXT("450"));
	entry = sst_reply_entry_find((uint16_t)code);
	if (entry == NULL || !entry->registered)
		sst__lint_report(run, SST__LINT_UNKNOWN_REPLY_CODE, value, SST_NO_TEXT);
}

static void parameter(sst_lint_run *run, sst_text name, sst_text value)
{
	struct lint_place place = {.may_be_cut = true};

	if (sst__text_ends(name, SST_TEXT("_code")) &&
	    !sst__text_ends(name, SST_TEXT("_status_code"))) {
		code_parameter(run, name, value);
	} else if (sst__text_same(name, SST_TEXT("smtpd_banner"))) {
		sst_code code;
		size_t blank = sst__text_find(value, 0, ' ');
		sst_text words = sst__text_trim(part(value, blank, value.len));
		sst_result result = sst_code_scan(words, &code);

		if (result.err == SST_OK)
			sst__lint_report(run, SST__LINT_CODE_IN_GREETING, part(words, 0, result.at),
			                 SST_NO_TEXT);
	} else if (sst__text_ends(name, SST_TEXT("_reject_reason"))) {
		place.cls = 5;
		sst__lint_words(run, value, &place);
	} else if (sst__text_ends(name, SST_TEXT("_reply"))) {
		/* "$rbl_code 5.7.1 Service unavailable" */
		size_t blank = sst__text_find(value, 0, ' ');

		if (sst__at(value, 0) == '$')
			value = part(value, blank, value.len);
		sst__lint_words(run, value, &place);
	}
}

void sst__lint_postfix(sst_lint_run *run)
{
	sst_text rest = run->in, line;

	while (sst__text_line(&rest, &line)) {
		size_t equals = sst__text_find(line, 0, '=');

		if (line.len == 0 || line.ptr[0] == '#' || sst__is_blank(line.ptr[0]) ||
		    equals == line.len)
			continue;
		parameter(run, sst__text_trim(part(line, 0, equals)),
		          sst__text_trim(part(line, equals + 1, line.len)));
	}
}

/* Behind the pattern, which is /regular/ or one word. */
static sst_text action_of(sst_text line)
{
	char mark = sst__at(line, 0);
	size_t at = 0;

	if (mark == '/' || mark == '!' || mark == '|') {
		char end = mark == '!' ? '/' : mark;

		for (at = mark == '!' ? 2 : 1; at < line.len && line.ptr[at] != end; at++)
			if (line.ptr[at] == '\\')
				at++;
	}
	while (at < line.len && !sst__is_blank(line.ptr[at]))
		at++;
	return sst__text_trim(part(line, at, line.len));
}

static void action(sst_lint_run *run, sst_text text)
{
	static const struct {
		sst_text word;
		unsigned cls;
	} words[] = {
	        {{"REJECT", 6}, 5},           {{"DEFER", 5}, 4},  {{"DEFER_IF_PERMIT", 15}, 4},
	        {{"DEFER_IF_REJECT", 15}, 4}, {{"error:", 6}, 5}, {{"retry:", 6}, 4},
	        {{"BOUNCE", 6}, 5},
	};
	struct lint_place place = {.may_be_cut = true};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		sst_text word = words[i].word, reason;
		char next = sst__at(text, word.len);

		if (!sst__text_starts(text, word) ||
		    (word.ptr[word.len - 1] != ':' && next != '\0' && !sst__is_blank(next)))
			continue;
		place.cls = words[i].cls;
		reason = sst__text_trim(part(text, word.len, text.len));
		sst__lint_words(run, reason, &place);
		return;
	}
	if (sst__is_digit(sst__at(text, 0)) && sst__is_digit(sst__at(text, 1)) &&
	    sst__is_digit(sst__at(text, 2)) && !sst__is_digit(sst__at(text, 3)) &&
	    (sst__at(text, 0) == '4' || sst__at(text, 0) == '5'))
		sst__lint_words(run, text, &place);
}

void sst__lint_table(sst_lint_run *run)
{
	sst_text rest = run->in, line;

	while (sst__text_line(&rest, &line)) {
		if (line.len == 0 || line.ptr[0] == '#' || sst__is_blank(line.ptr[0]))
			continue;
		action(run, action_of(line));
	}
}
