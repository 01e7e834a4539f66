/* SPDX-License-Identifier: MIT
 * read/forward.c - a report that somebody pasted into a mail of his own, with the fields above it
 * that mail programs show, in whatever language, and quoted or not. */
#include "read/kind.h"

enum { LABEL_MOST = 24, COLON = 3 }; /* a full-width colon is three bytes of UTF-8 */

static sst_text line_of(sst_text text, size_t at, size_t upto, size_t *next)
{
	const char *end = at < upto ? memchr(text.ptr + at, '\n', upto - at) : NULL;
	size_t stop = end != NULL ? (size_t)(end - text.ptr) : upto;

	*next = stop < upto ? stop + 1 : upto;
	return sst__text_trim(sst__text_part(text, at, stop));
}

/* "> text" quotes; ">>> RCPT" and ">address" do not. */
bool sst__is_quotation(sst_text line)
{
	return line.len > 0 && line.ptr[0] == '>' &&
	       (line.len == 1 || line.ptr[1] == ' ' ||
	        (line.ptr[1] == '>' && sst__at(line, 2) == ' '));
}

static bool ends_in_colon(sst_text line)
{
	return sst__text_ends(line, SST_TEXT(":")) || sst__text_ends(line, SST_TEXT("\uff1a"));
}

/* "________________________________", as Outlook draws it. */
static bool is_rule(sst_text line, char mark)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.ptr[i] != mark)
			return false;
	return line.len >= 10;
}

/* "-------- Weitergeleitete Nachricht --------": that, in whatever language. */
static bool is_dashed(sst_text line)
{
	return line.len >= 16 && sst__text_starts(line, SST_TEXT("-----")) &&
	       sst__text_ends(line, SST_TEXT("-----")) && !is_rule(line, '-');
}

bool sst__begins_quotation(sst_text line)
{
	static const char *const marks[] = {
	        "-----original message-----", "---- original message ----",
	        "begin forwarded message",    "---------- forwarded message",
	        "-------- forwarded message", "-------- original message"};

	char first = sst__lower(sst__at(line, 0));

	if (first != '-' && first != 'b' && first != 'o')
		return false;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (sst__text_starts(line, (sst_text){marks[i], strlen(marks[i])}))
			return true;
	return sst__text_starts(line, SST_TEXT("on ")) && sst__text_ends(line, SST_TEXT("wrote:"));
}

/* "Betreff: ...", "*From:* ...", "De : ...": where the value begins; 0 if it is no such line. */
static size_t value_at(sst_text line)
{
	size_t i = 0, from;

	while (sst__at(line, i) == '*')
		i++;
	for (from = i; i < line.len && i - from <= LABEL_MOST; i++) {
		if (line.ptr[i] == ':' ||
		    sst__text_starts(sst__text_part(line, i, i + COLON), SST_TEXT("\uff1a")))
			break;
		if (sst__is_digit(line.ptr[i]) || strchr("@<>./\"", line.ptr[i]) != NULL)
			return 0;
	}
	if (i == from || i >= line.len || i - from > LABEL_MOST)
		return 0;
	if (line.ptr[i] != ':')
		return i + COLON;
	while (sst__at(line, i + 1) == '*')
		i++;
	return i + 1 == line.len || sst__is_blank(line.ptr[i + 1]) ? i + 1 : 0;
}

static bool names_machine(sst_text line)
{
	sst__address_found found;
	size_t at = 0;

	return (sst__shapes_in(line) & SHAPE_MACHINE) || sst__text_ends(line, SST_TEXT(" <>")) ||
	       (sst__address_next(line, &at, &found) && sst__address_is_machine(found.address));
}

/* The Subject of a report. */
static bool tells_of_failure(sst_text value)
{
	return memchr(value.ptr, '@', value.len) == NULL && sst__subject_about(value) == 0 &&
	       (sst__shapes_in(value) & (SHAPE_SUBJECT | SHAPE_FAILED | SHAPE_DELAYED));
}

typedef struct block {
	size_t end; /* behind the blank line */
	unsigned fields;
	bool machine; /* who sent it, who stands first, is a mail system */
	bool failure; /* at least the Subject tells of one */
	sst_text to;  /* the last address, if there are two */
} block;

/* The first lines of HTML have a blank line between them where its source has a line's end. */
static bool goes_on(sst_text text, size_t at, size_t upto, const block *b)
{
	enum { ALL = 4 };
	size_t next;
	sst_text line = line_of(text, at, upto, &next);
	size_t value = value_at(line);

	return b->fields > 0 && b->fields < ALL && value > 0 && value < line.len;
}

/* Fields of a forwarded mail's header; long ones may be folded. */
static block read_block(sst_text text, size_t at, size_t upto)
{
	enum { LINES_MOST = 14 };
	block b = {.end = upto};
	bool sent = false;

	for (unsigned n = 0; n < LINES_MOST && at < upto; n++) {
		sst_text line = line_of(text, at, upto, &at);
		size_t value = value_at(line);
		if (line.len == 0 && goes_on(text, at, upto, &b))
			continue;
		if (line.len == 0) {
			b.end = at;
			return b;
		}
		if (value == 0 && b.fields == 0)
			return b;
		b.fields += value > 0;
		b.machine = b.machine || (!sent && names_machine(line));
		if (sent && memchr(line.ptr, '@', line.len) != NULL)
			b.to = sst__address_first(sst__text_part(line, value, line.len));
		sent = sent || memchr(line.ptr, '@', line.len) != NULL;
		b.failure = b.failure ||
		            tells_of_failure(sst__text_trim(sst__text_part(line, value, line.len)));
	}
	b.fields = 0;
	return b;
}

/* "On Tue, 4 Mar 2025, Mail Delivery System <mailer-daemon@mx.example> wrote:", in one line or two.
 */
static bool is_attribution(sst_text text, size_t at, size_t upto, bool quoted, size_t *next)
{
	enum { MOST = 200 };
	size_t behind;
	sst_text line = line_of(text, at, upto, &behind);

	if (!ends_in_colon(line))
		line = line_of(text, behind, upto, &behind);
	if (!ends_in_colon(line) || behind - at > MOST)
		return false;
	line = sst__text_part(text, at, behind);
	*next = behind;
	return (quoted || memchr(line.ptr, '@', line.len) != NULL) && names_machine(line);
}

size_t sst__forward_words(sst_text text, size_t at, size_t upto, enum sst__cover cover,
                          sst__forwarding *how)
{
	enum { MOST = 12, FEW = 2, ENOUGH = 3 };
	bool marked = false, unmarked = cover != COVER_OTHER;
	size_t last = upto; /* where the words of the last forwarded mail begin */

	*how = (sst__forwarding){FORWARD_SURE, SST_NO_TEXT};
	for (unsigned n = 0; n < MOST && at < upto; n++) {
		size_t next;
		sst_text line = line_of(text, at, upto, &next);
		block b;
		if (line.len == 0) {
			at = next;
			continue;
		}
		if (unmarked && is_attribution(text, at, upto, cover >= COVER_QUOTES, &next))
			return next;
		if (sst__begins_quotation(line) || is_dashed(line) || is_rule(line, '_') ||
		    (unmarked && ends_in_colon(line) && !marked)) {
			marked = true;
			at = next;
			continue;
		}
		if (!marked && !unmarked)
			break;
		b = read_block(text, at, upto);
		if (b.fields < (marked ? FEW : ENOUGH)) {
			if (marked && cover >= COVER_QUOTES && last == upto) {
				last = at; /* "Kim wrote:", and then Kim's words alone tell */
				how->is = FORWARD_WORDS;
			}
			break;
		}
		*how = (sst__forwarding){b.machine ? FORWARD_SURE : FORWARD_MAYBE, b.to};
		if (b.machine || b.failure)
			return b.end;
		at = last = b.end; /* somebody may have forwarded what was forwarded */
		how->is = FORWARD_WORDS;
		marked = false;
	}
	return last;
}

/* What stands above a quotation, and is not its author's. */
static bool introduces(sst_text line)
{
	return ends_in_colon(line) || is_dashed(line) || is_rule(line, '_') ||
	       sst__begins_quotation(line) || (sst__shapes_in(line) & SHAPE_FOOTER);
}

/* Whether all of a text but what introduces it stands in quotation marks. */
static bool is_quoted(sst_text text, size_t at, size_t upto, bool *introduced)
{
	enum { INTRODUCTION = 3 };
	unsigned quoted = 0, others = 0;
	bool open = false; /* an introduction may be of two lines */

	while (at < upto) {
		sst_text line = line_of(text, at, upto, &at);
		if (sst__is_quotation(line)) {
			if (open)
				return false;
			quoted++;
		} else if (quoted > 0 && sst__text_same(line, SST_TEXT("--"))) {
			break;
		} else if (line.len > 0) {
			if (quoted > 0 || ++others > INTRODUCTION)
				return false;
			if (open && !ends_in_colon(line))
				return false;
			open = !introduces(line);
		}
	}
	*introduced = others > 0;
	return quoted > 0;
}

enum sst__cover sst__forward_unquote(sst_mail *mail, sst__segment *segment)
{
	enum { DEPTH = 4 };
	enum sst__cover found = COVER_PERSON;
	bool introduced;

	for (unsigned n = 0; n < DEPTH; n++) {
		sst_text text = {mail->window, segment->upto};
		size_t at = segment->from, out = segment->from;
		if (!is_quoted(text, at, segment->upto, &introduced))
			break;
		found = introduced ? COVER_QUOTES : COVER_QUOTES_ALONE;
		while (at < segment->upto) {
			const char *end = memchr(text.ptr + at, '\n', segment->upto - at);
			size_t stop = end != NULL ? (size_t)(end - text.ptr) + 1 : segment->upto;
			if (text.ptr[at] == '>')
				at += sst__at(text, at + 1) == ' ' ? 2 : 1;
			memmove(mail->window + out, text.ptr + at, stop - at);
			out += stop - at;
			at = stop;
		}
		segment->upto = (uint32_t)out;
	}
	return found;
}
