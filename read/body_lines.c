/* SPDX-License-Identifier: MIT
 * read/body_lines.c - what each line of a report says about addresses. */
#include "read/body.h"
#include "read/phrase.h"

/* What is remembered from line to line. */
typedef struct walk {
	sst_mail *mail;
	sst__body *body;
	unsigned label; /* lines for which an announcement of recipients still holds */
	bool other;     /* the line above ends in "send mail to" or the like */
	bool failed;    /* words of failure have stood somewhere above */
	bool running;   /* the line above is text that goes on here */
	sst_text asked; /* the recipient of the last RCPT in a transcript */
	uint32_t answer, answer_upto, /* the last refusal that names nobody */
	        echo_upto;            /* and where what the sending side made of it ends */
	bool after_blank;
	sst__candidate *heading; /* the candidate whose paragraph this is */
} walk;

static bool is_same_sender(const sst_mail *mail, const sst__body *body, sst_text address)
{
	sst_text to = sst__address_first(mail->headers[body->level].value[FIELD_TO]);

	return sst__address_same(to, address) ||
	       (body->forwarded.is && sst__address_same(body->forwarded.to, address));
}

static unsigned slot_of(const sst__body *body, sst_text address)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < address.len; i++)
		hash = (hash ^ (unsigned char)sst__lower(address.ptr[i])) * 16777619u;
	return hash & (body->slot_count - 1);
}

sst__candidate *sst__body_find(sst__body *body, sst_text address)
{
	for (unsigned slot = slot_of(body, address); body->slots[slot] != 0;
	     slot = (slot + 1) & (body->slot_count - 1))
		if (sst__address_same(
		            sst__candidate_address(body, &body->candidates[body->slots[slot] - 1]),
		            address))
			return &body->candidates[body->slots[slot] - 1];
	return NULL;
}

void sst__body_index(sst__body *body)
{
	body->slot_count = body->count <= BODY_FEW ? BODY_FEW_SLOTS : BODY_SLOTS;
	memset(body->slots, 0, body->slot_count * sizeof *body->slots);
	for (uint32_t i = 0; i < body->count; i++) {
		unsigned slot = slot_of(body, sst__candidate_address(body, &body->candidates[i]));
		while (body->slots[slot] != 0)
			slot = (slot + 1) & (body->slot_count - 1);
		body->slots[slot] = (uint16_t)(i + 1);
	}
}

sst__candidate sst__candidate_of(const sst__body *body, sst_text address)
{
	return (sst__candidate){.address_at = (uint32_t)(address.ptr - body->base),
	                        .address_len = (uint16_t)address.len};
}

static sst__candidate *make(sst__body *body, sst_text address)
{
	sst__candidate *candidate = &body->candidates[body->count++];
	unsigned slot;

	*candidate = sst__candidate_of(body, address);
	if (body->count == BODY_FEW + 1) {
		sst__body_index(body);
		return candidate;
	}
	slot = slot_of(body, address);
	while (body->slots[slot] != 0)
		slot = (slot + 1) & (body->slot_count - 1);
	body->slots[slot] = (uint16_t)body->count;
	return candidate;
}

/* Adds an address, or strengthens the candidate that it is already. */
static sst__candidate *add(walk *w, const sst__address_found *found, uint32_t line, uint8_t reason)
{
	sst__body *body = w->body;
	sst__candidate *candidate = sst__body_find(body, found->address);

	if (candidate == NULL) {
		if (body->count == BODY_CANDIDATES || found->address.len > UINT16_MAX) {
			sst__mail_note(w->mail, SST_NOTE_TOO_MANY_RECIPIENTS);
			return NULL;
		}
		candidate = make(body, found->address);
		candidate->is_sender = is_same_sender(w->mail, body, found->address);
		candidate->is_machine = sst__address_is_machine(found->address);
	} else if (candidate->reason >= reason) {
		return candidate;
	}
	candidate->reason = reason;
	candidate->line = (uint16_t)line;
	candidate->from = (uint32_t)found->from;
	candidate->upto = (uint32_t)found->upto;
	return candidate;
}

/* A 4yz or 5yz reply code at the start of a line; 0 if there is none. */
static unsigned leading_code(sst_text line)
{
	unsigned digits;
	unsigned code = sst__text_number(line, 0, 4, &digits);

	if (digits != 3 || code < 400 || code > 599)
		return 0;
	return line.len == 3 || line.ptr[3] == ' ' || line.ptr[3] == '-' || line.ptr[3] == ':'
	               ? code
	               : 0;
}

static void remember_answer(walk *w, sst_text line, sst_text answer)
{
	sst__body *body = w->body;
	uint32_t from = (uint32_t)(answer.ptr - body->text.ptr);
	sst__address_found found;
	sst__candidate *candidate;

	body->codes++;
	if (w->asked.len == 0) {
		if (body->said == body->said_upto || from > body->said_upto + 200)
			body->said = from;
		body->said_upto = from + (uint32_t)answer.len;
		return;
	}
	found.address = w->asked;
	found.from = (size_t)(line.ptr - body->text.ptr);
	found.upto = found.from;
	candidate = add(w, &found, (uint32_t)(body->line_count), REASON_CODED);
	if (candidate == NULL)
		return;
	if (candidate->said == candidate->said_upto)
		candidate->said = from;
	candidate->said_upto = from + (uint32_t)answer.len;
}

/* Where ">>>" or "<<<" ends near the line's start: "Sent <<< RCPT TO", ">>> 550"; 0 if there is
 * none. */
static size_t marks_end(sst_text line)
{
	for (size_t at = 0; at + 3 < line.len && at < 12; at++) {
		char c = line.ptr[at];
		if ((c == '>' || c == '<') && line.ptr[at + 1] == c && line.ptr[at + 2] == c)
			return at + 3;
	}
	return 0;
}

static bool is_command(sst_text words)
{
	static const char *const commands[] = {"rcpt", "mail", "data", "ehlo", "helo",
	                                       "lhlo", "bdat", "rset", "quit", "starttls",
	                                       "auth", ".",    "noop"};

	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		size_t len = strlen(commands[i]);
		if (sst__text_starts(words, (sst_text){commands[i], len}) &&
		    !sst__is_alpha(sst__at(words, len)))
			return true;
	}
	return false;
}

/* ">>> RCPT TO:<a@b>" and "<<< 550 no", in whatever direction the marks point: a dialogue. True if
 * the line was part of one. */
static bool take_transcript(walk *w, sst_text line)
{
	size_t end = marks_end(line), colon;
	sst_text words = sst__text_trim(sst__text_part(line, end, line.len));

	if (end == 0 || words.len == 0)
		return false;
	if (sst__is_digit(words.ptr[0])) {
		w->body->transcript++;
		if (leading_code(words) != 0)
			remember_answer(w, line, words);
		return true;
	}
	if (!is_command(words))
		return false;
	w->body->transcript++;
	w->asked = SST_NO_TEXT;
	colon = sst__text_find(words, 0, ':');
	if (sst__text_starts(words, SST_TEXT("rcpt")) && colon < words.len)
		w->asked = sst__address_first(sst__text_part(words, colon + 1, words.len));
	return true;
}

/* Letters and digits that are left of a line when its addresses are taken away. */
static size_t letters_beside(sst_text text, const sst__line *line, size_t *before)
{
	size_t letters = 0, at = line->from;
	sst_text part = sst__text_part(text, 0, line->upto);
	sst__address_found found;
	size_t done = line->from;
	bool first = true;

	while (sst__address_next(part, &at, &found) && found.from >= line->from) {
		for (; done < found.from; done++)
			letters += (unsigned char)text.ptr[done] > '/' && text.ptr[done] != '<' &&
			           text.ptr[done] != '>' && text.ptr[done] != '[' &&
			           text.ptr[done] != ':' && text.ptr[done] != ';' &&
			           text.ptr[done] != '=' && text.ptr[done] != '`';
		if (first)
			*before = letters;
		first = false;
		done = found.upto;
	}
	for (; done < line->upto; done++)
		letters += sst__is_alpha(text.ptr[done]) || sst__is_digit(text.ptr[done]) ||
		           (unsigned char)text.ptr[done] >= 0x80;
	return letters;
}

/* The kinds of phrases between the line's start and `upto`, and where the last label ended. */
static unsigned kinds_before(const sst__body *body, const sst__line *line, size_t upto,
                             size_t *label_end, size_t *other_end)
{
	unsigned kinds = 0;

	*label_end = *other_end = 0;
	for (unsigned i = line->hit; i < (unsigned)line->hit + line->hits; i++) {
		const sst__hit *hit = &body->hits[i];
		size_t end = (size_t)hit->at + hit->len;
		if (hit->at >= upto)
			break;
		kinds |= hit->kinds;
		if (hit->kinds & SHAPE_RECIPIENTS && end <= upto + 1)
			*label_end = end;
		if (hit->kinds & SHAPE_OTHER)
			*other_end = end;
	}
	return kinds;
}

static bool is_heading(const sst__body *body, const sst__line *line,
                       const sst__address_found *found, size_t before)
{
	size_t at = found->upto;

	while (at < line->upto && (body->text.ptr[at] == '"' || body->text.ptr[at] == '\'' ||
	                           body->text.ptr[at] == '>' || body->text.ptr[at] == ')'))
		at++;
	if (at + 1 < line->upto && body->text.ptr[at] == ' ' && body->text.ptr[at + 1] == '(')
		at = sst__text_find(sst__text_part(body->text, 0, line->upto), at, ')') + 1;
	return before == 0 && at < line->upto && body->text.ptr[at] == ':';
}

/* "Invalid final delivery userid: user@example.com": the line ends with what it is about. */
static bool is_last_behind_colon(const sst__body *body, const sst__line *line,
                                 const sst__address_found *found)
{
	sst_text behind = sst__text_part(body->text, found->upto, line->upto);
	size_t at = found->from;

	while (at > line->from && sst__is_blank(body->text.ptr[at - 1]))
		at--;
	return sst__text_trim(behind).len == 0 && at > line->from && body->text.ptr[at - 1] == ':';
}

/* The label is that of an SMTP command that a sentence tells of. */
static bool labels_command(const sst__body *body, const sst__line *line, size_t label_end)
{
	for (unsigned i = line->hit; i < (unsigned)line->hit + line->hits; i++)
		if ((size_t)body->hits[i].at + body->hits[i].len == label_end)
			return sst__text_starts(
			        sst__text_part(body->text, body->hits[i].at, label_end),
			        SST_TEXT("rcpt"));
	return false;
}

static uint8_t reason_of(const walk *w, const sst__line *line, const sst__address_found *found,
                         size_t letters, size_t before, bool first)
{
	const sst__body *body = w->body;
	size_t label_end, other_end;
	unsigned kinds = kinds_before(body, line, found->from, &label_end, &other_end);
	sst_text words = sst__text_trim(sst__text_part(body->text, line->from, line->upto));

	if (first && is_heading(body, line, found, before) && !(kinds & SHAPE_OTHER))
		return REASON_HEADED;
	if (label_end > 0 && label_end >= other_end && found->from < label_end + 60)
		return w->heading != NULL && labels_command(body, line, label_end)
		               ? REASON_PLAIN
		               : REASON_LABELLED;
	if (kinds & (SHAPE_OTHER | SHAPE_ORIGINAL))
		return REASON_NONE;
	if (leading_code(words) != 0 && found->from - line->from < 40)
		return REASON_CODED;
	if (letters == 0 && w->label > 0 && !w->other)
		return REASON_LABELLED;
	if (w->other && (letters == 0 || (first && before == 0)))
		return REASON_NONE;
	if (is_last_behind_colon(body, line, found) &&
	    (line->kinds & (SHAPE_FAILED | SHAPE_WORD)) && !(line->kinds & SHAPE_OTHER))
		return REASON_LISTED;
	if (first && before == 0 && w->label > 0 && !w->running)
		return REASON_LISTED;
	if (first && letters == 0 && w->failed)
		return REASON_ALONE;
	if (line->kinds & SHAPE_OTHER)
		return REASON_NONE;
	if ((line->kinds & (SHAPE_FAILED | SHAPE_WORD | SHAPE_DELAYED)) ||
	    sst__reply_in(words) != 0)
		return REASON_NEAR;
	return REASON_PLAIN;
}

/* "(expanded from: <user@example.com>)" below a program that was listed as a recipient. */
static bool stands_for_program(const walk *w, const sst__line *line)
{
	return (line->kinds & SHAPE_ORIGINAL) && w->label > 0 && w->heading == NULL;
}

static void take_original(walk *w, const sst__line *line, const sst__address_found *found)
{
	for (unsigned i = line->hit; i < (unsigned)line->hit + line->hits; i++)
		if ((w->body->hits[i].kinds & SHAPE_ORIGINAL) &&
		    w->body->hits[i].at < found->from && w->heading != NULL &&
		    w->heading->original_len == 0 && found->address.len <= UINT16_MAX) {
			w->heading->original_at = (uint32_t)(found->address.ptr - w->body->base);
			w->heading->original_len = (uint16_t)found->address.len;
		}
}

/* "554 <user@example.com>... Remote protocol error": what the other side said just before is why;
 * the rest is what the sending side calls it, once for each recipient. */
static void answered(walk *w, sst__candidate *candidate, const sst__line *line, sst_text words)
{
	sst__body *body = w->body;
	uint32_t from = (uint32_t)(words.ptr - body->text.ptr), upto = line->upto;

	if (body->said < body->said_upto && body->said_upto < from && from < body->said_upto + 4) {
		w->answer = body->said;
		w->answer_upto = w->echo_upto = body->said_upto;
		body->said = body->said_upto = 0;
	}
	if (w->answer < w->answer_upto && from < w->echo_upto + 4) {
		w->echo_upto = upto;
		from = w->answer;
		upto = w->answer_upto;
	}
	if (candidate->said == candidate->said_upto)
		candidate->said = from;
	candidate->said_upto = upto;
}

static void take_addresses(walk *w, uint32_t index)
{
	sst__body *body = w->body;
	const sst__line *line = &body->lines[index];
	sst_text part = sst__text_part(body->text, 0, line->upto);
	sst_text words = sst__text_trim(sst__text_part(body->text, line->from, line->upto));
	size_t at = line->from, before = 0;
	size_t letters = letters_beside(body->text, line, &before);
	sst__address_found found;
	bool first = true;

	while (sst__address_next(part, &at, &found)) {
		uint8_t reason = reason_of(w, line, &found, letters, before, first);
		sst__candidate *candidate;
		if (stands_for_program(w, line))
			reason = REASON_LISTED;
		else if (line->kinds & SHAPE_ORIGINAL)
			take_original(w, line, &found);
		/* What stands in the paragraph of a recipient is about that recipient. */
		if (w->heading != NULL && reason <= REASON_CODED &&
		    !sst__address_same(sst__candidate_address(body, w->heading), found.address))
			reason = reason > REASON_PLAIN ? REASON_PLAIN : reason;
		first = false;
		if (reason == REASON_NONE)
			continue;
		candidate = add(w, &found, index, reason);
		if (candidate == NULL)
			return;
		if (reason >= REASON_LISTED && candidate->line == index)
			w->heading = candidate;
		if (reason == REASON_CODED || leading_code(words) != 0)
			answered(w, candidate, line, words);
	}
}

/* The last phrase of the line, which may have begun in the line above, is one behind which other
 * people's addresses stand. */
static bool ends_in_other(const sst__body *body, const sst__line *line)
{
	const sst__hit *last;

	if (line->hit + line->hits == 0)
		return false;
	last = &body->hits[line->hit + line->hits - 1];
	return (last->kinds & SHAPE_OTHER) && last->at + last->len + 3u >= line->upto;
}

/* A full line of text without an address: one that begins the next line stands in a sentence. */
static bool runs_on(const sst__line *line, sst_text words)
{
	enum { FULL = 60 };
	char last = words.ptr[words.len - 1];

	return words.len >= FULL && last != ':' && last != '.' && last != ';' &&
	       !(line->kinds & SHAPE_RECIPIENTS) && memchr(words.ptr, '@', words.len) == NULL;
}

static bool begins_field(sst_text line)
{
	return sst__text_starts(line, SST_TEXT("final-recipient:")) ||
	       sst__text_starts(line, SST_TEXT("original-recipient:"));
}

/* Fields of a report that nobody took for a part: they are read as fields, not as words. */
static bool begins_report(sst_text line)
{
	return begins_field(line) || sst__text_starts(line, SST_TEXT("reporting-mta:"));
}

static void take_line(walk *w, uint32_t index)
{
	sst__body *body = w->body;
	const sst__line *line = &body->lines[index];
	sst_text raw = sst__text_part(body->text, line->from, line->upto);
	sst_text words = sst__text_trim(raw);

	if (line->blank) {
		w->after_blank = true;
		w->running = false;
		return;
	}
	if (line->quoted)
		return;
	if (begins_field(words))
		body->has_fields = true;
	if (body->stop > line->from && begins_report(words))
		body->stop = line->from;
	if (take_transcript(w, words)) {
		w->heading = NULL;
		return;
	}
	if (w->after_blank && w->heading != NULL && w->heading->reason == REASON_HEADED)
		w->heading = NULL;
	w->after_blank = false;
	if (leading_code(words) != 0 && memchr(words.ptr, '@', words.len) == NULL) {
		w->asked = SST_NO_TEXT;
		remember_answer(w, words, words);
	} else if (leading_code(words) != 0) {
		body->codes++;
	}
	if (memchr(words.ptr, '@', words.len) != NULL)
		take_addresses(w, index);
	if (line->kinds & SHAPE_RECIPIENTS)
		w->label = 7;
	else if (w->label > 0 && w->heading == NULL)
		w->label--;
	w->other = ends_in_other(body, line);
	w->running = runs_on(line, words);
	w->failed |= (line->kinds & (SHAPE_FAILED | SHAPE_DELAYED)) != 0;
}

void sst__body_lines(sst_mail *mail, sst__body *body)
{
	walk w = {.mail = mail, .body = body};

	for (uint32_t i = 0; i < body->line_count; i++)
		take_line(&w, i);
}
