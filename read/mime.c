/* SPDX-License-Identifier: MIT
 * read/mime.c - the structure of parts (RFC 2046), followed line by line without recursion. */
#include "read/reader.h"
#include "read/kind.h"

static sst__frame *top(sst_mail *mail)
{
	return mail->depth > 0 ? &mail->frames[mail->depth - 1] : NULL;
}

static bool is_multipart(uint8_t type)
{
	return type >= TYPE_MIXED && type <= TYPE_DIGEST;
}

static void header_start(sst_mail *mail, uint8_t parent)
{
	mail->in_header = true;
	mail->collector.field = FIELD_NONE;
	sst__entity_clear(&mail->entity, parent);
}

void sst__mime_start(sst_mail *mail)
{
	mail->depth = mail->parts = 0;
	mail->level = 0;
	mail->role = ROLE_SKIP;
	mail->first_line = true;
	mail->header_is_mail = true;
	header_start(mail, TYPE_OTHER);
}

static bool push(sst_mail *mail, uint8_t type, uint8_t level)
{
	sst__frame *frame;

	if (mail->depth >= mail->limits.depth) {
		sst__mail_note(mail, SST_NOTE_TOO_DEEP);
		return false;
	}
	frame = &mail->frames[mail->depth++];
	frame->type = type;
	frame->level = level;
	frame->began = frame->found_words = false;
	frame->boundary_len = 0;
	if (type != TYPE_MESSAGE) {
		frame->boundary_len = mail->entity.boundary_len;
		memcpy(frame->boundary, mail->entity.boundary, mail->entity.boundary_len);
	}
	return true;
}

/* Whether the contents of the message at this level matter, and not only its header. */
static bool wanted(const sst_mail *mail)
{
	if (mail->level == 0)
		return true;
	if (mail->locked != 0 && mail->locked <= mail->level)
		return false;
	return mail->entity_wanted[mail->level];
}

/* A message inside starts: its header is read next. */
static void message_start(sst_mail *mail)
{
	mail->role = ROLE_SKIP;
	if (mail->level == 0 && mail->header_done[1])
		sst__finish_forwarded(mail);
	if (mail->level + 1 >= SST__LEVELS || mail->header_done[mail->level + 1])
		return;
	if (!push(mail, TYPE_MESSAGE, mail->level + 1))
		return;
	mail->level++;
	mail->header_is_mail = true;
	header_start(mail, TYPE_OTHER);
}

static uint8_t leaf_role(sst_mail *mail)
{
	sst__frame *frame = top(mail);

	switch (mail->entity.type) {
	case TYPE_HTML:
		return frame && frame->type == TYPE_ALTERNATIVE && frame->found_words ? ROLE_SKIP
		                                                                      : ROLE_WORDS;
	case TYPE_PLAIN:
	case TYPE_TEXT:
	case TYPE_OTHER:
		return ROLE_UNSURE;
	case TYPE_HEADERS:
	case TYPE_MESSAGE:
		return mail->level + 1 < SST__LEVELS && !mail->header_done[mail->level + 1]
		               ? ROLE_HEADERS
		               : ROLE_SKIP;
	default:
		return ROLE_REPORT;
	}
}

static void body_start(sst_mail *mail)
{
	sst__entity *entity = &mail->entity;

	mail->role = ROLE_SKIP;
	mail->decoded = false;
	if (!wanted(mail))
		return;
	if (is_multipart(entity->type)) {
		if (push(mail, entity->type, mail->level))
			mail->role = ROLE_PARTS;
		sst__content_start(mail);
		return;
	}
	if (entity->type == TYPE_MESSAGE && entity->encoding == ENCODING_NONE) {
		message_start(mail);
		return;
	}
	mail->role = leaf_role(mail);
	mail->decoded = entity->encoding != ENCODING_NONE;
	sst__content_start(mail);
}

/* In a person's mail: a list server writes in its own name, and only its Subject tells of a
 * failure. */
static bool is_told_by_subject(sst_mail *mail)
{
	return mail->level == 1 && !mail->entity_wanted[0] && sst__subject_fails(mail, 1);
}

static void header_end(sst_mail *mail)
{
	sst__collect_end(mail);
	mail->in_header = false;
	if (mail->header_is_mail) {
		mail->header_done[mail->level] = true;
		mail->entity_wanted[mail->level] =
		        sst__header_is_report(&mail->headers[mail->level]) ||
		        mail->entity.type == TYPE_REPORT || is_told_by_subject(mail);
	}
	body_start(mail);
}

static void part_end(sst_mail *mail)
{
	if (mail->in_header) /* a header that no blank line ended: it has no body */
		header_end(mail);
	sst__content_end(mail);
	mail->role = ROLE_SKIP;
}

static bool is_boundary(const sst__frame *frame, sst_text line, bool *closes)
{
	sst_text rest;

	if (frame->boundary_len == 0 || line.len < (size_t)frame->boundary_len + 2 ||
	    memcmp(line.ptr + 2, frame->boundary, frame->boundary_len) != 0)
		return false;
	rest = sst__text_part(line, (size_t)frame->boundary_len + 2, line.len);
	if (frame->boundary_len == SST__BOUNDARY_BYTES) /* compared as far as it is known */
		rest = sst__text_ends(rest, SST_TEXT("--")) ? SST_TEXT("--") : SST_TEXT("");
	*closes = sst__text_starts(rest, SST_TEXT("--"));
	if (*closes)
		rest = sst__text_part(rest, 2, rest.len);
	return sst__text_trim(rest).len == 0;
}

/* A multipart that doesn't name its boundary: the first line that looks like one is it. */
static void learn_boundary(sst__frame *frame, sst_text line)
{
	sst_text word = sst__text_trim(sst__text_part(line, 2, line.len));

	if (frame->boundary_len > 0 || word.len < 4 || word.len > 70 ||
	    sst__text_find(word, 0, ' ') < word.len)
		return;
	memcpy(frame->boundary, word.ptr, word.len);
	frame->boundary_len = (uint8_t)word.len;
}

static void boundary_met(sst_mail *mail, uint32_t depth, bool closes)
{
	sst__frame *frame;

	part_end(mail);
	if (mail->depth > depth + 1)
		for (uint32_t i = depth + 1; i < mail->depth; i++)
			mail->unclosed |= mail->frames[i].type != TYPE_MESSAGE;
	mail->depth = depth + 1;
	frame = top(mail);
	frame->began = true;
	mail->level = frame->level;
	if (closes) {
		mail->depth--;
		return;
	}
	if (++mail->parts > mail->limits.parts) {
		sst__mail_note(mail, SST_NOTE_TOO_MANY_PARTS);
		return;
	}
	mail->header_is_mail = false;
	header_start(mail, frame->type);
}

/* The first words of a mail whose header calls them plain text: if a boundary with a part's header
 * follows, the header has lost its Content-Type. Behind an address it may be a returned message's.
 */
static bool may_be_preamble(const sst_mail *mail)
{
	enum { MOST = 400 };
	const sst__segment *segment;

	if (mail->decoded || !mail->segment_live || mail->entity.type != TYPE_PLAIN)
		return false;
	segment = &mail->segments[mail->segment_count - 1];
	return segment->upto - segment->from < MOST &&
	       memchr(mail->window + segment->from, '@', segment->upto - segment->from) == NULL;
}

/* A line of the preamble that looks like a boundary, but not the one that the header names: it is
 * one if a part's header follows. */
static void suspect_boundary(sst_mail *mail, sst_text line)
{
	sst_text word = sst__text_trim(sst__text_part(line, 2, line.len));

	if (word.len < 6 || word.len > SST__BOUNDARY_BYTES ||
	    sst__text_find(word, 0, ' ') < word.len)
		return;
	memcpy(mail->suspect, word.ptr, word.len);
	mail->suspect_len = (uint8_t)word.len;
}

/* The line after a suspected boundary. */
static void judge_suspect(sst_mail *mail, sst_text line)
{
	sst__frame *frame = top(mail);

	if (sst__text_starts(line, SST_TEXT("content-")) &&
	    (frame != NULL ? mail->role == ROLE_PARTS
	                   : may_be_preamble(mail) && push(mail, TYPE_MIXED, mail->level))) {
		if (frame == NULL)
			mail->segments[mail->segment_count - 1].preamble = true;
		frame = top(mail);
		memcpy(frame->boundary, mail->suspect, mail->suspect_len);
		frame->boundary_len = mail->suspect_len;
		mail->unclosed = true;
		boundary_met(mail, mail->depth - 1, false);
	}
	mail->suspect_len = 0;
}

/* True if the line was a boundary of an open multipart. */
static bool take_boundary(sst_mail *mail, sst_text line)
{
	bool closes;

	if (mail->role == ROLE_PARTS)
		learn_boundary(top(mail), line);
	for (uint32_t i = mail->depth; i-- > 0;) {
		if (is_boundary(&mail->frames[i], line, &closes)) {
			boundary_met(mail, i, closes);
			return true;
		}
	}
	if (mail->role == ROLE_PARTS)
		suspect_boundary(mail, line);
	return false;
}

static bool may_be_boundary(const sst__piece *piece)
{
	const char *p = piece->text.ptr;

	return piece->starts && piece->text.len > 2 &&
	       ((p[0] == '-' && p[1] == '-') || (p[0] == ' ' && p[1] == '-' && p[2] == '-'));
}

static void header_line(sst_mail *mail, const sst__piece *piece)
{
	bool first = mail->first_line;

	if (piece->starts && piece->ends && sst__text_is_blank(piece->text)) {
		if (first) /* blank lines before the mail */
			return;
		header_end(mail);
		return;
	}
	if (piece->starts)
		mail->first_line = false;
	if (first && sst__text_starts(piece->text, SST_TEXT("From ")))
		return;
	sst__collect_line(mail, piece, mail->header_is_mail ? PLACE_MAIL | PLACE_PART : PLACE_PART);
}

static void decode(sst_mail *mail, const sst__piece *piece)
{
	char *out = mail->decode_buffer;
	size_t len = mail->entity.encoding == ENCODING_BASE64
	                     ? sst__base64_decode(&mail->decoder, piece->text, out)
	                     : sst__quoted_decode(&mail->decoder, piece, out);
	mail->decoded_from = (uint32_t)sst__lines_feed(&mail->inner, out, len);
	mail->decoded_len = (uint32_t)len;
}

void sst__mime_line(sst_mail *mail, const sst__piece *piece)
{
	if (mail->suspect_len > 0)
		judge_suspect(mail, piece->text);
	if (mail->depth > 0 && may_be_boundary(piece) &&
	    take_boundary(mail,
	                  sst__text_part(piece->text, piece->text.ptr[0] == ' ', piece->text.len)))
		return;
	if (mail->depth == 0 && !mail->in_header && may_be_boundary(piece) && may_be_preamble(mail))
		suspect_boundary(mail, piece->text);
	if (mail->in_header)
		header_line(mail, piece);
	else if (mail->role == ROLE_SKIP)
		return;
	else if (mail->decoded)
		decode(mail, piece);
	else
		sst__content_line(mail, piece);
}

void sst__mime_end(sst_mail *mail)
{
	part_end(mail);
	for (uint32_t i = 0; i < mail->depth; i++)
		mail->unclosed |= mail->frames[i].type != TYPE_MESSAGE;
	if (mail->unclosed)
		sst__mail_note(mail, SST_NOTE_MISSING_BOUNDARY);
}
