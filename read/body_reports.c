/* SPDX-License-Identifier: MIT
 * read/body_reports.c - chooses the failed recipients among the addresses of a report's words, and
 * the words that explain. */
#include "read/body.h"
#include "read/phrase.h"

enum { DIAGNOSTIC_MOST = 900 };

static bool usable(const sst__candidate *candidate, bool senders)
{
	return !candidate->is_machine && (senders || !candidate->is_sender);
}

static uint8_t best_of(const sst__body *body, bool senders)
{
	uint8_t best = REASON_NONE;

	for (uint32_t i = 0; i < body->count; i++)
		if (usable(&body->candidates[i], senders) && body->candidates[i].reason > best)
			best = body->candidates[i].reason;
	return best;
}

/* Keeps the candidates from `reason` up, in the order of the text. */
static void keep(sst__body *body, uint8_t reason, bool senders)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < body->count; i++)
		if (usable(&body->candidates[i], senders) && body->candidates[i].reason >= reason)
			body->candidates[kept++] = body->candidates[i];
	body->count = kept;
	for (uint32_t i = 1; i < kept; i++) {
		sst__candidate moved = body->candidates[i];
		uint32_t at = i;
		for (; at > 0 && body->candidates[at - 1].from > moved.from; at--)
			body->candidates[at] = body->candidates[at - 1];
		body->candidates[at] = moved;
	}
}

void sst__body_choose(sst_mail *mail, sst__body *body)
{
	bool senders = false;

	(void)mail;
	body->best = best_of(body, false);
	if (body->best < REASON_CODED && best_of(body, true) >= REASON_LISTED) {
		senders = true; /* somebody wrote to himself */
		body->best = best_of(body, true);
	}
	keep(body, body->best >= REASON_LISTED ? REASON_LISTED : body->best, senders);
}

/* Appends words, white space squeezed. */
static size_t squeeze(sst_text in, char *out, size_t len, size_t size)
{
	for (size_t i = 0; i < in.len && len < size; i++) {
		if (!sst__is_space(in.ptr[i]))
			out[len++] = in.ptr[i];
		else if (len > 0 && out[len - 1] != ' ')
			out[len++] = ' ';
	}
	return len;
}

static size_t cut_at_letter(const char *out, size_t len, size_t size)
{
	/* Never in the middle of a character. */
	if (len == size)
		while (len > 0 && ((unsigned char)out[len - 1] & 0xc0) == 0x80)
			len--;
	return len == size ? len : (len > 0 && (unsigned char)out[len - 1] >= 0xc0 ? len - 1 : len);
}

/* Lines that help the reader but explain nothing. */
static bool is_help(const sst__line *line, sst_text words)
{
	unsigned digits;

	sst__text_number(words, 0, 3, &digits);
	return (line->kinds & SHAPE_OTHER) && digits < 3 &&
	       !(line->kinds & (SHAPE_QUOTES | SHAPE_WORD | SHAPE_FAILED));
}

static size_t region_end(const sst__body *body, const sst__candidate *candidate)
{
	size_t end = body->stop;

	for (uint32_t i = 0; i < body->count; i++)
		if (body->candidates[i].from > candidate->from && body->candidates[i].from < end)
			end = body->candidates[i].from;
	return end;
}

/* The words of text[from..upto), help left out. If they are many: from the first line with a code
 * or a phrase that introduces the server's words, to the end of that paragraph. */
static size_t words_of(const sst__body *body, size_t from, size_t upto, char *out, size_t size)
{
	bool long_one = upto - from > DIAGNOSTIC_MOST, started = !long_one;
	size_t len = 0;

	for (uint32_t i = 0; i < body->line_count; i++) {
		const sst__line *line = &body->lines[i];
		size_t start = line->from > from ? line->from : from;
		size_t stop = line->upto < upto ? line->upto : upto;
		sst_text words;
		if (line->upto <= from || line->from >= upto)
			continue;
		words = sst__text_trim(sst__text_part(body->text, start, stop));
		if (words.len == 0) {
			if (long_one && len > 80)
				break;
			continue;
		}
		if (is_help(line, words))
			continue;
		if (!started && !(line->kinds & (SHAPE_QUOTES | SHAPE_WORD)) &&
		    sst__reply_in(words) == 0)
			continue;
		started = true;
		if (len > 0)
			len = squeeze(SST_TEXT(" "), out, len, size);
		len = squeeze(words, out, len, size);
	}
	return len;
}

/* Marks between a recipient and the words about it. */
static size_t skip_marks(sst_text text, size_t at, size_t upto)
{
	while (at < upto && strchr(" \t\n>:;,.\"')]|=-*", text.ptr[at]) != NULL)
		at++;
	return at;
}

static bool has_letters(const char *out, size_t len)
{
	size_t letters = 0;

	for (size_t i = 0; i < len; i++)
		letters += sst__is_alpha(out[i]) || (unsigned char)out[i] >= 0x80;
	return letters > 5;
}

static bool explains(const char *out, size_t len)
{
	sst_text words = {out, len};
	sst_codes codes;

	if (!has_letters(out, len))
		return false;
	sst_codes_find(words, &codes);
	return codes.outer.reply != 0 || codes.outer.code.cls != 0 ||
	       (sst__shapes_in(words) & (SHAPE_WORD | SHAPE_FAILED | SHAPE_QUOTES)) || len > 40;
}

sst_text sst__body_diagnostic(const sst__body *body, const sst__candidate *candidate, char *out,
                              size_t size)
{
	size_t len = 0, from, upto;

	if (size > DIAGNOSTIC_MOST)
		size = DIAGNOSTIC_MOST;
	if (candidate != NULL) {
		upto = region_end(body, candidate);
		from = skip_marks(body->text, candidate->upto, upto);
		if (candidate->reason != REASON_CODED && candidate->said < candidate->upto)
			len = words_of(body, from, upto, out, size);
		if (!explains(out, len) || sst__reply_in((sst_text){out, len}) == 0) {
			char *own = out + len + (len > 0);
			size_t more = 0;
			if (candidate->said < candidate->said_upto)
				more = words_of(body, candidate->said, candidate->said_upto, own,
				                len + 1 < size ? size - len - 1 : 0);
			else if (body->said < body->said_upto)
				more = words_of(body, body->said, body->said_upto, own,
				                len + 1 < size ? size - len - 1 : 0);
			if (more > 0) { /* the server's own words before the report's */
				memmove(out, own, more);
				len = more;
			}
		}
		if (explains(out, len))
			return (sst_text){out, cut_at_letter(out, len, size)};
	}
	len = words_of(body, body->first, body->stop, out, size);
	return has_letters(out, len) ? (sst_text){out, cut_at_letter(out, len, size)} : SST_NO_TEXT;
}

bool sst__body_report(sst_mail *mail, sst__body *body, sst_report *report)
{
	const sst__candidate *candidate;

	if (body->given >= body->count)
		return false;
	candidate = &body->candidates[body->given++];
	report->recipient = candidate->address;
	report->original_recipient = candidate->original;
	report->recipient_origin =
	        candidate->reason == REASON_CODED ? SST_ORIGIN_TRANSCRIPT : SST_ORIGIN_PROSE;
	report->diagnostic =
	        sst__body_diagnostic(body, candidate, mail->decode_buffer, SST__LINE_BYTES);
	report->diagnostic_origin =
	        candidate->said < candidate->said_upto ? SST_ORIGIN_TRANSCRIPT : SST_ORIGIN_PROSE;
	return true;
}
