/* SPDX-License-Identifier: MIT
 * lint/exim.c - Exim's and OpenSMTPD's configuration, and sieve scripts: the texts that they answer
 * a sender with. */
#include "lint/lint.h"
#include "core/text.h"

#include <smtpstatus/words.h>

static sst_text part(sst_text text, size_t from, size_t upto)
{
	return sst__text_part(text, from, upto);
}

/* A value without the quotes around it. */
static sst_text unquoted(sst_text text)
{
	text = sst__text_trim(text);
	if (text.len >= 2 && text.ptr[0] == '"')
		return part(text, 1, sst__text_find(text, 1, '"'));
	return text;
}

/* The class that an ACL verb or a redirection asks for; 0: it refuses nothing. */
static unsigned class_of_verb(sst_text line, unsigned before)
{
	static const struct {
		sst_text verb;
		unsigned cls;
	} verbs[] = {
	        {{"deny", 4}, 5},   {{"drop", 4}, 5}, {{"require", 7}, 5}, {{"defer", 5}, 4},
	        {{"accept", 6}, 0}, {{"warn", 4}, 0}, {{"discard", 7}, 0},
	};

	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (sst__text_starts(line, verbs[i].verb) &&
		    !sst__is_alpha(sst__at(line, verbs[i].verb.len)) &&
		    sst__at(line, verbs[i].verb.len) != '_')
			return verbs[i].cls;
	return before;
}

/* The value of "name = value", where the line holds one; a verb may stand in front. */
static bool value_of(sst_text line, sst_text name, sst_text *value)
{
	size_t at = sst__text_search(line, 0, name), end = at + name.len;

	if (at == line.len || (at > 0 && !sst__is_blank(line.ptr[at - 1])))
		return false;
	while (sst__is_blank(sst__at(line, end)))
		end++;
	if (sst__at(line, end) != '=')
		return false;
	*value = unquoted(part(line, end + 1, line.len));
	return true;
}

static void redirection(sst_lint_run *run, sst_text line, sst_text mark, unsigned cls)
{
	struct lint_place place = {.cls = cls, .may_be_cut = true};
	size_t at = sst__text_search(line, 0, mark);
	sst_text text = part(line, at + mark.len, line.len);

	if (at == line.len)
		return;
	sst__lint_words(run, part(text, 0, sst__text_find(text, 0, '"')), &place);
}

void sst__lint_exim(sst_lint_run *run)
{
	sst_text rest = run->in, line, value;
	unsigned cls = 0;

	while (sst__text_line(&rest, &line)) {
		line = sst__text_trim(line);
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		cls = class_of_verb(line, cls);
		redirection(run, line, SST_TEXT(":fail:"), 5);
		redirection(run, line, SST_TEXT(":defer:"), 4);
		if (value_of(line, SST_TEXT("message"), &value)) {
			struct lint_place place = {.cls = cls, .may_be_cut = true};

			sst__lint_words(run, value, &place);
		} else if (value_of(line, SST_TEXT("smtp_banner"), &value)) {
			struct lint_place place = {.phase = SST_PHASE_CONNECT, .may_be_cut = true};

			if (sst__is_digit(sst__at(value, 0)))
				sst__lint_words(run, value, &place);
		}
	}
}

/* The quoted string at or after `at`; moves `at` behind it. */
static bool next_string(sst_text in, size_t *at, sst_text *string)
{
	size_t from = sst__text_find(in, *at, '"'), upto;

	if (from == in.len)
		return false;
	for (upto = from + 1; upto < in.len && in.ptr[upto] != '"'; upto++)
		if (in.ptr[upto] == '\\')
			upto++;
	*string = part(in, from + 1, upto);
	*at = upto + 1;
	return true;
}

void sst__lint_smtpd(sst_lint_run *run)
{
	static const sst_text words[] = {{"reject", 6}, {"disconnect", 10}};
	sst_text rest = run->in, line, string;

	while (sst__text_line(&rest, &line)) {
		struct lint_place place = {.may_be_cut = true};

		line = sst__text_trim(line);
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		for (size_t i = 0; i < 2; i++) {
			size_t at = sst__text_search(line, 0, words[i]) + words[i].len;

			if (at > line.len || !sst__is_blank(sst__at(line, at)))
				continue;
			if (!next_string(line, &at, &string))
				continue;
			if (!sst__is_digit(sst__at(string, 0)) || sst__at(string, 0) < '4' ||
			    sst__at(string, 0) > '5')
				sst__lint_report(run, SST__LINT_NO_REFUSAL, string, SST_NO_TEXT);
			else
				sst__lint_words(run, string, &place);
		}
	}
}

/* The first line of "text:" and the lines up to the dot. */
static sst_text multi_line(sst_text in, size_t at)
{
	size_t from = sst__text_find(in, at, '\n') + 1;

	return part(in, from, sst__text_find(in, from, '\n'));
}

static bool is_name(char c)
{
	return sst__is_alpha(c) || sst__is_digit(c) || c == '_';
}

/* Behind a comment that begins at `at`; `at` itself if none does. */
static size_t skip_comment(sst_text in, size_t at)
{
	if (in.ptr[at] == '#')
		return sst__text_find(in, at, '\n');
	if (in.ptr[at] == '/' && sst__at(in, at + 1) == '*') {
		for (at += 2; at < in.len; at++)
			if (in.ptr[at] == '*' && sst__at(in, at + 1) == '/')
				return at + 2;
	}
	return at;
}

static size_t sieve_word(sst_lint_run *run, sst_text in, size_t at)
{
	struct lint_place place = {.cls = 5, .may_be_cut = true};
	size_t end = at;
	sst_text word, reason;

	while (is_name(sst__at(in, end)))
		end++;
	word = part(in, at, end);
	if (!sst__text_same(word, SST_TEXT("reject")) && !sst__text_same(word, SST_TEXT("ereject")))
		return end;
	while (sst__is_space(sst__at(in, end)))
		end++;
	if (sst__at(in, end) == '"' && next_string(in, &end, &reason)) {
		sst__lint_words(run, part(reason, 0, sst__text_find(reason, 0, '\n')), &place);
	} else if (sst__text_starts(part(in, end, in.len), SST_TEXT("text:"))) {
		reason = multi_line(in, end);
		sst__lint_words(run, reason, &place);
	}
	return end;
}

void sst__lint_sieve(sst_lint_run *run)
{
	sst_text in = run->in, string;

	for (size_t at = 0; at < in.len;) {
		size_t behind = skip_comment(in, at);

		if (behind > at)
			at = behind;
		else if (is_name(in.ptr[at]))
			at = sieve_word(run, in, at);
		else if (in.ptr[at] != '"' || !next_string(in, &at, &string))
			at++;
	}
}
