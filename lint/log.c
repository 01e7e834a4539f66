/* SPDX-License-Identifier: MIT
 * lint/log.c - replies in a mail server's log: those it gave and those it got. */
#include "lint/lint.h"
#include "core/code.h"
#include "core/text.h"

#include <smtpstatus/words.h>

/* Behind these the reply begins; the longest way of a daemon to say it comes first. */
static const struct {
	sst_text mark;
	bool own; /* the server's own word */
} marks[] = {
        {{": reject: ", 10}, true},
        {{": reject_warning: ", 18}, true},
        {{" said: ", 7}, false},
        {{" refused to talk to me: ", 24}, false},
        {{"SMTP error from remote mail server ", 35}, false},
        {{" rejected ", 10}, true},
        {{"reply=", 6}, false},
        {{" result=\"", 9}, false},
        {{"stat=", 5}, false},
        {{"reject=", 7}, true},
};

/* Where a reply begins at or after `from`: three digits behind a blank, a mark or the start. */
static size_t reply_start(sst_text line, size_t from)
{
	size_t at = from;
	sst_found found;

	while (sst_code_find(line, &at, &found) == SST_OK)
		if (found.from >= from && found.reply >= 400 && found.certainty >= 60)
			return found.from;
	return line.len;
}

/* A reply in a log has been unfolded into one line: what follows it is the log's own. */
static void logged_reply(sst_lint_run *run, sst_text line, size_t from, bool own)
{
	sst_text rest = sst__text_part(line, from, line.len), what;
	sst_codes codes;

	sst_codes_find(rest, &codes);
	if (codes.outer.from != 0 || codes.outer.reply < 400)
		return;
	run->quoted = !own;
	if (codes.code_upto == 0 || codes.code_from > codes.outer.upto)
		what = sst__text_part(rest, 0, 3);
	else
		what = sst__text_part(rest, codes.code_from, codes.code_upto);
	if (codes.notes & SST_NOTE_MIXED_CODES)
		sst__lint_report(run, SST__LINT_MIXED_CODES, what, SST_NO_TEXT);
	if (codes.code_upto != 0 && codes.code_from <= codes.outer.upto &&
	    sst__code_is(codes.outer.code) && !(codes.outer.notes & SST_NOTE_SQUEEZED)) {
		if (codes.outer.notes & SST_NOTE_LEADING_ZERO)
			sst__lint_report_code(run, SST__LINT_BAD_CODE, what, codes.outer.code);
		if (codes.outer.notes & SST_NOTE_INVALID_CLASS)
			sst__lint_report_code(run, SST__LINT_BAD_CLASS, what, codes.outer.code);
		sst__lint_code(run, what, codes.outer.code, codes.outer.reply / 100u);
	}
	if (own && codes.outer.reply >= 500 && sst__lint_is_passing(rest))
		sst__lint_report(run, SST__LINT_PERMANENT_FOR_PASSING, sst__text_part(rest, 0, 3),
		                 SST_TEXT("450"));
	run->quoted = false;
}

void sst__lint_log(sst_lint_run *run)
{
	sst_text rest = run->in, line;

	while (sst__text_line(&rest, &line)) {
		for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
			size_t at = sst__text_search(line, 0, marks[i].mark);

			if (at == line.len)
				continue;
			at = reply_start(line, at + marks[i].mark.len);
			if (at < line.len)
				logged_reply(run, line, at, marks[i].own);
			break;
		}
	}
}
