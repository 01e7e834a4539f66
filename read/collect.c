/* SPDX-License-Identifier: MIT
 * read/collect.c - unfolds the fields of headers and reports, line by line (RFC 5322
 * section 2.2.3). */
#include "read/reader.h"

static void append(sst_mail *mail, sst_text bytes)
{
	sst__collector *c = &mail->collector;
	size_t room = c->size - c->len;

	if (bytes.len > room) {
		bytes.len = room;
		c->cut = true;
	}
	if (bytes.len > 0)
		memcpy(c->buffer + c->len, bytes.ptr, bytes.len);
	c->len += (uint32_t)bytes.len;
}

static sst_text without_blanks(sst_text text)
{
	while (text.len > 0 && sst__is_blank(text.ptr[0]))
		text = sst__text_part(text, 1, text.len);
	return text;
}

void sst__collect_end(sst_mail *mail)
{
	sst__collector *c = &mail->collector;
	enum sst__field field = c->field;

	if (field == FIELD_NONE)
		return;
	c->field = FIELD_NONE;
	if (c->cut) {
		uint64_t here = mail->offset;
		mail->offset = c->offset;
		sst__mail_note(mail, SST_NOTE_HEADER_CUT);
		mail->offset = here;
	}
	sst__field_taken(mail, field, c->place, sst__text_trim((sst_text){c->buffer, c->len}));
}

void sst__collect_line(sst_mail *mail, const sst__piece *piece, unsigned places)
{
	sst__collector *c = &mail->collector;
	sst_text name, value;
	unsigned place = 0;

	if (!piece->starts) {
		if (c->field != FIELD_NONE)
			append(mail, piece->text);
		return;
	}
	if (piece->text.len > 0 && sst__is_blank(piece->text.ptr[0])) {
		if (c->field == FIELD_NONE)
			return;
		append(mail, SST_TEXT(" "));
		append(mail, without_blanks(piece->text));
		return;
	}
	if (!sst__field_split(piece->text, &name, &value)) {
		/* A reply's later lines that somebody forgot to fold. */
		if (c->field == FIELD_DIAGNOSTIC || c->field == FIELD_SUPPLEMENT) {
			append(mail, SST_TEXT(" "));
			append(mail, piece->text);
		}
		return;
	}
	sst__collect_end(mail);
	c->field = sst__field_find(name, &place);
	if ((place & places) == 0)
		c->field = FIELD_NONE;
	if (c->field == FIELD_NONE)
		return;
	c->place = (uint8_t)(place & places);
	c->len = 0;
	c->cut = false;
	c->offset = mail->offset;
	append(mail, value);
}
