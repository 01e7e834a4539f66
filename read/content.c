/* SPDX-License-Identifier: MIT
 * read/content.c - the decoded lines of a part: words into the window, fields into stores. */
#include "read/reader.h"
#include "read/html.h"

static void segment_start(sst_mail *mail)
{
	sst__segment *segment;

	mail->segment_open = false;
	if (mail->segment_count == SST__SEGMENTS || mail->window_used >= SST__WINDOW_BYTES)
		return;
	segment = &mail->segments[mail->segment_count++];
	segment->from = segment->upto = mail->window_used;
	segment->offset = mail->offset;
	segment->level = mail->level;
	segment->type = mail->entity.type;
	segment->preamble = mail->role == ROLE_PARTS;
	segment->attached = mail->entity.attached;
	mail->segment_open = mail->segment_live = true;
}

void sst__content_start(sst_mail *mail)
{
	memset(&mail->decoder, 0, sizeof mail->decoder);
	sst__lines_clear(&mail->inner);
	mail->collector.field = FIELD_NONE;
	if (mail->role == ROLE_WORDS || mail->role == ROLE_UNSURE || mail->role == ROLE_PARTS)
		segment_start(mail);
	else if (mail->role == ROLE_REPORT)
		sst__dsn_start(mail);
}

/* Makes room in a long HTML text, if that helps for a while: so all of it takes linear time. */
static bool squeeze(sst_mail *mail)
{
	sst__segment *segment = &mail->segments[mail->segment_count - 1];
	char *words = mail->window + segment->from;
	size_t len = segment->upto - segment->from, left;

	/* Bytes of '<' may be halves of letters behind ESC. */
	if (segment->type != TYPE_HTML || memchr(words, '\x1b', len) != NULL)
		return false;
	left = sst__html_squeeze(words, len);
	segment->upto = segment->from + (uint32_t)left;
	mail->window_used = segment->upto;
	return left < len - len / 4;
}

static size_t room_of(const sst__segment *segment)
{
	size_t room = SST__WINDOW_BYTES - segment->upto;
	size_t most = SST__SEGMENT_BYTES - (segment->upto - segment->from);

	return room < most ? room : most;
}

static void add_words(sst_mail *mail, const char *bytes, size_t len)
{
	sst__segment *segment = &mail->segments[mail->segment_count - 1];
	size_t room = room_of(segment);

	if (len > room && squeeze(mail))
		room = room_of(segment);
	if (len > room) {
		len = room;
		mail->segment_open = false; /* the rest of a long text is the returned message */
		mail->role = ROLE_SKIP;
		sst__mail_note(mail, 0);
	}
	memcpy(mail->window + segment->upto, bytes, len);
	segment->upto += (uint32_t)len;
	mail->window_used = segment->upto;
}

/* A line that there is room for. */
static void add_line(sst_mail *mail, sst_text line)
{
	sst__segment *segment = &mail->segments[mail->segment_count - 1];
	char *at = mail->window + segment->upto;

	if (line.len > 0)
		memcpy(at, line.ptr, line.len);
	at[line.len] = '\n';
	segment->upto += (uint32_t)line.len + 1;
	mail->window_used = segment->upto;
}

static void words_line(sst_mail *mail, const sst__piece *piece)
{
	if (!mail->segment_open)
		return;
	if (piece->ends && piece->text.len < room_of(&mail->segments[mail->segment_count - 1])) {
		add_line(mail, piece->text);
		return;
	}
	if (piece->text.len > 0)
		add_words(mail, piece->text.ptr, piece->text.len);
	if (piece->ends && mail->segment_open)
		add_words(mail, "\n", 1);
}

/* Whether the first line of a text says that it is a report after all. */
static bool begins_report(sst_text line)
{
	sst_text name, value;

	if (!sst__field_split(line, &name, &value))
		return false;
	switch (sst__field_find(name, NULL)) {
	case FIELD_REPORTING_MTA:
	case FIELD_FINAL_RECIPIENT:
	case FIELD_ORIGINAL_RECIPIENT:
	case FIELD_ENVELOPE_ID:
	case FIELD_RECEIVED_FROM_MTA:
	case FIELD_FEEDBACK_TYPE:
	case FIELD_REPORTING_UA:
		return true;
	default:
		return false;
	}
}

static void settle(sst_mail *mail, sst_text line)
{
	if (begins_report(line)) {
		mail->segments[mail->segment_count - 1].upto =
		        mail->segments[mail->segment_count - 1].from;
		mail->role = ROLE_REPORT;
		sst__dsn_start(mail);
	} else {
		mail->role = mail->entity.type == TYPE_OTHER ? ROLE_SKIP : ROLE_WORDS;
	}
}

static void header_line(sst_mail *mail, const sst__piece *piece)
{
	if (piece->starts && piece->ends && sst__text_trim(piece->text).len == 0) {
		sst__collect_end(mail);
		if (mail->headers[mail->level + 1].any)
			mail->role = ROLE_SKIP;
		return;
	}
	sst__collect_line(mail, piece, PLACE_MAIL | PLACE_PART);
}

static void report_line(sst_mail *mail, const sst__piece *piece)
{
	if (piece->starts && piece->ends && sst__text_trim(piece->text).len == 0) {
		sst__collect_end(mail);
		sst__dsn_blank(mail);
		return;
	}
	sst__collect_line(mail, piece,
	                  PLACE_MESSAGE | PLACE_GROUP | PLACE_RECEIPT | PLACE_FEEDBACK);
}

void sst__content_line(sst_mail *mail, const sst__piece *piece)
{
	if (mail->role == ROLE_UNSURE) {
		if (!mail->segment_open)
			mail->role = ROLE_SKIP;
		else if (sst__text_trim(piece->text).len > 0)
			settle(mail, piece->text);
	}
	switch (mail->role) {
	case ROLE_WORDS:
	case ROLE_UNSURE:
	case ROLE_PARTS:
		words_line(mail, piece);
		break;
	case ROLE_REPORT:
		report_line(mail, piece);
		break;
	case ROLE_HEADERS:
		header_line(mail, piece);
		break;
	default:
		break;
	}
}

/* The window holds a part's words as they came: makes them UTF-8, and words of HTML. */
static void segment_end(sst_mail *mail)
{
	sst__segment *segment = &mail->segments[mail->segment_count - 1];
	char *words = mail->window + segment->from;
	size_t len = segment->upto - segment->from;
	sst__charset charset = mail->entity.has_charset ? mail->entity.charset : CHARSET_ASCII;

	if (mail->entity.has_charset && charset == CHARSET_UNKNOWN)
		mail->notes |= SST_NOTE_UNKNOWN_CHARSET;
	if (len > 0 && !sst__charset_plain(charset, (sst_text){words, len})) {
		memcpy(mail->scratch, words, len);
		len = sst__charset_convert(charset, (sst_text){mail->scratch, len}, words,
		                           SST__WINDOW_BYTES - segment->from);
	}
	if (segment->type == TYPE_HTML)
		len = sst__html_strip(words, len);
	segment->upto = segment->from + (uint32_t)len;
	mail->window_used = segment->upto;
	if (mail->depth > 0 && len > 20)
		mail->frames[mail->depth - 1].found_words = true;
}

void sst__content_end(sst_mail *mail)
{
	if (mail->decoded)
		sst__lines_finish(&mail->inner);
	if (mail->decoder.bad)
		mail->notes |= SST_NOTE_BAD_ENCODING;
	mail->decoded = false;
	if (mail->role == ROLE_REPORT) {
		sst__collect_end(mail);
		sst__dsn_end(mail);
	} else if (mail->role == ROLE_HEADERS) {
		sst__collect_end(mail);
	}
	if (mail->segment_count > 0 && mail->segment_live) {
		mail->segment_live = false;
		segment_end(mail);
	}
	mail->segment_open = false;
}

void sst__field_taken(sst_mail *mail, enum sst__field field, unsigned place, sst_text value)
{
	if (mail->in_header) {
		sst__entity_field(&mail->entity, field, value);
		if (mail->header_is_mail)
			sst__fields_put(&mail->headers[mail->level], field, value);
	} else if (mail->role == ROLE_HEADERS) {
		sst__fields_put(&mail->headers[mail->level + 1], field, value);
	} else if (mail->role == ROLE_REPORT) {
		sst__dsn_field(mail, field, place, value);
	}
}
