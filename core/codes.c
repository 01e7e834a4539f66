/* SPDX-License-Identifier: MIT
 * core/codes.c - the codes of a whole text: which are the last hop's, which are quoted inside. */
#include "core/code.h"
#include "core/find.h"
#include "core/text.h"

#include <smtpstatus/words.h>

/* Less sure finds don't count for a text as a whole. */
#define SURE_ENOUGH 50

struct reading {
	sst_codes *codes;
	sst_finder finder;
	bool have; /* codes->outer is set */
	bool open; /* the outer reply announced another line */
};

static void set_outer(struct reading *reading, const sst_found *found)
{
	sst_codes *codes = reading->codes;

	codes->outer = *found;
	codes->code_from = reading->finder.code_from;
	codes->code_upto = reading->finder.code_upto;
	reading->have = true;
	reading->open = found->reply != 0 && reading->finder.more;
}

static void set_outer_code(struct reading *reading, const sst_found *found)
{
	sst_codes *codes = reading->codes;

	codes->outer.code = found->code;
	codes->outer.notes &= ~SST_NOTE_SQUEEZED;
	codes->notes &= ~SST_NOTE_SQUEEZED;
	codes->code_from = reading->finder.code_from;
	codes->code_upto = reading->finder.code_upto;
}

/* The outer reply has a code of its own, not only one read out of its digits. */
static bool outer_has_code(const sst_codes *codes)
{
	return sst__code_is(codes->outer.code) && !(codes->outer.notes & SST_NOTE_SQUEEZED);
}

/* Another line of the outer reply: the last line's code counts. */
static void add_line(struct reading *reading, const sst_found *found)
{
	sst_codes *codes = reading->codes;

	reading->open = reading->finder.more;
	if (!sst__code_is(found->code) || (found->notes & SST_NOTE_SQUEEZED))
		return;
	if (outer_has_code(codes) && !sst_code_equal(codes->outer.code, found->code))
		codes->notes |= SST_NOTE_MIXED_CODES;
	set_outer_code(reading, found);
}

/* Another line of the reply that is quoted, or its end: what code it had stays. */
static bool continues_inner(const sst_codes *codes, const sst_found *found)
{
	return found->reply == codes->inner.reply && sst__code_is(codes->inner.code) &&
	       !sst__code_is(found->code);
}

static void add_reply(struct reading *reading, const sst_found *found)
{
	sst_codes *codes = reading->codes;
	sst_found *outer = &codes->outer;
	bool line_start = reading->finder.line_start;

	if (found->reply == outer->reply && (reading->open || line_start)) {
		add_line(reading, found);
	} else if (outer->reply == 0 && outer->os_error == 0) {
		/* "#5.1.1 smtp; 550 5.1.1 ...": the same thing, once without the reply code. */
		if (sst_code_equal(outer->code, found->code))
			outer->reply = found->reply;
		codes->inner = *found;
	} else if (outer->reply < 400 && found->reply >= 400) {
		codes->notes &= ~(SST_NOTE_CLASS_MISMATCH | SST_NOTE_INVALID_CLASS);
		set_outer(reading, found); /* what stood before was greeting and success */
	} else if (line_start && reading->open) {
		codes->notes |= SST_NOTE_MIXED_CODES;
		set_outer(reading, found);
	} else if (!line_start && !continues_inner(codes, found)) {
		codes->inner = *found;
	}
}

static void add_code(struct reading *reading, const sst_found *found)
{
	sst_codes *codes = reading->codes;

	if (codes->outer.reply / 100 == 3)
		return; /* RFC 2034 section 4 gives 3yz replies none: it is something else */
	if (codes->inner.reply != 0 && !sst__code_is(codes->inner.code))
		codes->inner.code = found->code;
	else if (codes->outer.reply != 0 && !outer_has_code(codes))
		set_outer_code(reading, found);
	else if (!sst_code_equal(codes->outer.code, found->code) && codes->inner.reply == 0)
		codes->inner = *found;
}

static void add(struct reading *reading, const sst_found *found)
{
	sst_codes *codes = reading->codes;
	sst_notes notes = found->notes;

	codes->count++;
	if (!reading->have)
		set_outer(reading, found);
	else if (found->reply != 0)
		add_reply(reading, found);
	else if (sst__code_is(found->code))
		add_code(reading, found);
	/* Whether classes agree is asked of the outer codes at the end. */
	codes->notes |= notes & ~SST_NOTE_CLASS_MISMATCH;
}

/* In front of the first code there may be no more than a mark or two: [5.1.1] */
static bool only_marks(sst_text in, size_t from, size_t upto)
{
	unsigned marks = 0;

	for (; from < upto && marks <= 2; from++) {
		if (sst__is_alpha(in.ptr[from]) || sst__is_digit(in.ptr[from]))
			return false;
		marks += !sst__is_space(in.ptr[from]);
	}
	return marks <= 2;
}

static void conclude(struct reading *reading, sst_text in)
{
	sst_codes *codes = reading->codes;
	unsigned cls = codes->outer.reply / 100u;
	size_t lead = sst__lead_start(in), at;

	if (reading->open)
		codes->notes |= SST_NOTE_TRUNCATED;
	if (!outer_has_code(codes))
		codes->notes |= codes->outer.notes & SST_NOTE_SQUEEZED;
	codes->status = codes->outer.code;
	if (cls != 3 && !sst__code_is(codes->status) && (cls == 0 || codes->inner.code.cls == cls))
		codes->status = codes->inner.code;
	if (sst__code_is(codes->status) && cls != 0 && codes->status.cls != cls) {
		codes->notes |= SST_NOTE_CLASS_MISMATCH;
		codes->outer.notes |= SST_NOTE_CLASS_MISMATCH;
		codes->status.cls = (uint8_t)cls;
	}
	at = codes->outer.upto > lead && only_marks(in, lead, codes->outer.from) ? codes->outer.upto
	                                                                         : lead;
	while (at > lead && at < in.len &&
	       (sst__is_space(in.ptr[at]) || in.ptr[at] == '-' || in.ptr[at] == ':' ||
	        in.ptr[at] == ')' || in.ptr[at] == ']'))
		at++;
	codes->words = at;
}

void sst_codes_find(sst_text in, sst_codes *out)
{
	struct reading reading = {.codes = out};
	sst_found found;

	*out = (sst_codes){0};
	sst__finder_init(&reading.finder, in, 0);
	while (sst__finder_next(&reading.finder, &found) == SST_OK)
		if (found.certainty >= SURE_ENOUGH)
			add(&reading, &found);
	conclude(&reading, in);
}
