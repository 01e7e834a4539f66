/* SPDX-License-Identifier: MIT
 * read/body.c - cuts a report's words into lines, up to the returned message. */
#include "read/body.h"
#include "read/kind.h"

_Static_assert(sizeof(sst__body) <= SST__SCRATCH_BYTES, "the reading lives in the scratch");

/* Whether nobody has said anything yet: signatures and banners don't count. */
static bool says_nothing(const sst__body *body)
{
	for (uint32_t i = 0; i < body->line_count; i++)
		if (!body->lines[i].blank && !(body->lines[i].kinds & SHAPE_FOOTER))
			return false;
	return true;
}

/* Whether no more lines are looked at: only reports may be long. */
static bool is_enough(const sst__body *body)
{
	if (body->line_count == BODY_FIRST)
		for (uint32_t i = 0; i < body->hit_count; i++)
			if (body->hits[i].kinds & (SHAPE_FAILED | SHAPE_DELAYED | SHAPE_RECIPIENTS))
				return false;
	return body->line_count == BODY_FIRST || body->line_count == BODY_LINES;
}

static bool add_line(sst__body *body, size_t from, size_t upto)
{
	sst__line *line;
	sst_text text = sst__text_part(body->text, from, upto);

	if (body->line_count >= BODY_FIRST && is_enough(body))
		return false;
	line = &body->lines[body->line_count++];
	memset(line, 0, sizeof *line);
	line->from = (uint32_t)from;
	line->upto = (uint32_t)upto;
	line->blank = sst__text_trim(text).len == 0;
	line->quoted = sst__is_quotation(text);
	line->hit = (uint16_t)body->hit_count;
	if (!line->blank)
		line->hits = sst__shapes_find(body->text, from, upto, body->hits + body->hit_count,
		                              BODY_HITS - body->hit_count) &
		             (BODY_MOST_HITS - 1);
	body->hit_count += line->hits;
	for (unsigned i = 0; i < line->hits; i++)
		line->kinds |= body->hits[line->hit + i].kinds;
	if (line->kinds & SHAPE_BANNER) {
		body->hit_count -= line->hits;
		line->kinds = line->hits = 0;
		line->blank = true;
	}
	return true;
}

/* Whether a signature ("-- ", RFC 3676 section 4.3) or a footer begins here, below a report. */
static bool begins_footer(const sst__body *body, sst_text line)
{
	const sst__line *last = &body->lines[body->line_count - 1];
	unsigned kinds = 0;

	if (!(last->kinds & SHAPE_FOOTER) && !sst__text_same(line, SST_TEXT("--")))
		return false;
	for (uint32_t i = 0; i + 1 < body->line_count; i++)
		kinds |= body->lines[i].kinds;
	return kinds != 0;
}

static void drop_line(sst__body *body)
{
	body->line_count--;
	body->hit_count -= body->lines[body->line_count].hits;
}

/* Whether the line may be the first of a header: cheap, before the closer look. */
static bool may_be_header(sst_text line)
{
	size_t i = 0;

	while (i < line.len && i < 40 && (sst__is_alpha(line.ptr[i]) || line.ptr[i] == '-'))
		i++;
	return i > 1 && sst__at(line, i) == ':';
}

/* A phrase that announces the returned message stands for one if it fills the line's beginning and
 * what follows looks like one, or nothing does. */
static bool announces(const sst__body *body, const sst__line *line, size_t upto)
{
	size_t at = line->upto, looked;
	bool announced = false;

	for (unsigned i = line->hit; i < (unsigned)line->hit + line->hits; i++)
		announced |= (body->hits[i].kinds & SHAPE_RETURNED) &&
		             body->hits[i].at < line->from + 30;
	if (!announced)
		return false;
	for (unsigned n = 0; n < 5 && at < upto; n++) {
		const char *end =
		        memchr(body->text.ptr + at + 1, '\n', upto > at + 1 ? upto - at - 1 : 0);
		size_t stop = end != NULL ? (size_t)(end - body->text.ptr) : upto;
		if (sst__returned_begins(body->text, at + 1 < upto ? at + 1 : upto, upto, true,
		                         &looked))
			return true;
		at = stop;
	}
	/* Nothing follows: at least nobody is named there. */
	return memrchr(body->text.ptr + line->upto, '@', upto - line->upto) == NULL;
}

static void read_returned(sst_mail *mail, sst__body *body, size_t at, size_t upto)
{
	sst_text text = body->text;

	body->returned = true;
	for (unsigned n = 0; n < 12 && at < upto; n++) {
		const char *end;
		size_t looked;
		if (sst__returned_begins(text, at, upto, true, &looked)) {
			if (body->level + 1 < SST__LEVELS && !mail->header_done[body->level + 1])
				sst__returned_read(mail, text, at, upto, body->level + 1u);
			return;
		}
		end = memchr(text.ptr + at, '\n', upto - at);
		at = end != NULL ? (size_t)(end - text.ptr) + 1 : upto;
	}
}

/* More lines than are looked at: what follows is left out. */
static void note_cut(sst_mail *mail, const sst__segment *segment, size_t at)
{
	uint64_t here = mail->offset;

	mail->offset = segment->offset + (at - segment->from); /* as it stands there, undecoded */
	sst__mail_note(mail, 0);
	mail->offset = here;
}

/* Whether a report begins at `at` that somebody forwarded, and said nothing about. */
static bool begins_forward(const sst_mail *mail, sst__body *body, const sst__segment *segment,
                           size_t at)
{
	enum sst__cover cover = (enum sst__cover)mail->cover[body->level];
	size_t words = sst__forward_words(body->text, at, segment->upto, cover, &body->forwarded);

	if (words == segment->upto && cover == COVER_QUOTES_ALONE) {
		words = at;
		body->forwarded.is = FORWARD_MAYBE;
	}
	if (words == segment->upto) {
		body->forwarded.is = FORWARD_NONE;
		return false;
	}
	body->line_count = body->hit_count = 0;
	body->first = (uint32_t)words;
	return true;
}

/* Adds the lines of one segment; returns false when the returned message was met. */
static bool add_segment(sst_mail *mail, sst__body *body, const sst__segment *segment)
{
	size_t at = segment->from, looked = 0;
	bool over = false; /* only the returned message can follow */
	bool silent = body->forwarded.is == FORWARD_NONE && says_nothing(body);

	while (at < segment->upto) {
		const char *end = memchr(body->text.ptr + at, '\n', segment->upto - at);
		size_t upto = end != NULL ? (size_t)(end - body->text.ptr) : segment->upto;
		sst_text line = sst__text_trim(sst__text_part(body->text, at, upto));
		bool header = at >= looked && may_be_header(line) &&
		              line.ptr == body->text.ptr + at &&
		              sst__returned_begins(body->text, at, segment->upto, false, &looked);
		if (header) {
			read_returned(mail, body, at, segment->upto);
			return false;
		}
		if (silent && line.len > 0 && begins_forward(mail, body, segment, at)) {
			at = body->first;
			silent = false;
			continue;
		}
		if (sst__begins_quotation(line))
			return false;
		if (!add_line(body, at, upto)) {
			note_cut(mail, segment, at);
			return false;
		}
		silent = silent && says_nothing(body);
		if (line.len > 8 &&
		    announces(body, &body->lines[body->line_count - 1], segment->upto)) {
			drop_line(body);
			read_returned(mail, body, at, segment->upto);
			return false;
		}
		over = over || begins_footer(body, line);
		if (over)
			drop_line(body);
		at = upto + 1;
	}
	return true;
}

static void sum_up(sst__body *body)
{
	for (uint32_t i = 0; i < body->line_count; i++) {
		const sst__line *line = &body->lines[i];
		if (line->quoted) {
			body->quoted_lines++;
			continue;
		}
		body->kinds |= line->kinds;
		if (line->from - body->first < 700)
			body->early |= line->kinds;
	}
}

static bool has_words(const sst_mail *mail, unsigned level, bool preamble)
{
	for (uint32_t i = 0; i < mail->segment_count; i++) {
		const sst__segment *segment = &mail->segments[i];
		if (segment->level == level && segment->preamble == preamble &&
		    segment->upto > segment->from)
			return true;
	}
	return false;
}

/* At the first words: somebody may have forwarded them, and quoted them. */
static void begin(sst_mail *mail, sst__body *body, sst__segment *segment)
{
	uint8_t *cover = &mail->cover[body->level];

	body->first = segment->from;
	if (*cover == COVER_OTHER && sst__subject_forwards(mail, body->level))
		*cover = (uint8_t)sst__forward_unquote(mail, segment);
}

sst__body *sst__body_read(sst_mail *mail, unsigned level)
{
	sst__body *body = (sst__body *)(void *)mail->scratch;
	bool preamble = !has_words(mail, level, false);
	bool first = true;

	memset(body, 0, offsetof(sst__body, hits));
	body->line_count = body->hit_count = body->count = 0;
	memset(&body->slot_count, 0, sizeof *body - offsetof(sst__body, slot_count));
	sst__body_index(body);
	body->text = (sst_text){mail->window, mail->window_used};
	body->base = (const char *)mail;
	body->level = (uint8_t)level;
	for (uint32_t i = 0; i < mail->segment_count; i++) {
		const sst__segment *segment = &mail->segments[i];
		if (segment->level != level || segment->preamble != preamble ||
		    segment->from == segment->upto)
			continue;
		if (first)
			begin(mail, body, &mail->segments[i]);
		first = false;
		if (!add_segment(mail, body, segment))
			break;
	}
	body->stop = body->line_count > 0 ? body->lines[body->line_count - 1].upto : body->first;
	sum_up(body);
	sst__body_lines(mail, body);
	return body;
}
