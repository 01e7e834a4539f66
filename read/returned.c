/* SPDX-License-Identifier: MIT
 * read/returned.c - the header of a returned message that was pasted into a report's words. */
#include "read/body.h"

/* The line at `at` without quotation marks; moves `*at` behind it. */
static sst_text next_line(sst_text text, size_t *at, size_t upto)
{
	const char *end = memchr(text.ptr + *at, '\n', upto - *at);
	size_t stop = end != NULL ? (size_t)(end - text.ptr) : upto;
	sst_text line = sst__text_part(text, *at, stop);

	*at = stop < upto ? stop + 1 : upto;
	while (line.len > 1 && line.ptr[0] == '>' && (line.ptr[1] == ' ' || line.ptr[1] == '>'))
		line = sst__text_part(line, line.ptr[1] == ' ' ? 2 : 1, line.len);
	return line;
}

/* Fields that only a real header has, not a report's own list of From, To and Subject. */
static bool is_telling(enum sst__field field)
{
	switch (field) {
	case FIELD_RECEIVED:
	case FIELD_MESSAGE_ID:
	case FIELD_RETURN_PATH:
	case FIELD_DELIVERED_TO:
	case FIELD_REFERENCES:
	case FIELD_IN_REPLY_TO:
		return true;
	default:
		return false;
	}
}

bool sst__returned_begins(sst_text text, size_t at, size_t upto, bool announced, size_t *looked)
{
	unsigned fields = 0, telling = 0, known = 0;

	for (unsigned n = 0; n < 24 && at < upto; n++) {
		sst_text name, value, line = next_line(text, &at, upto);
		unsigned place = 0;
		enum sst__field field;
		if (n > 0 && line.len > 0 && sst__is_blank(line.ptr[0]))
			continue;
		if (sst__text_trim(line).len == 0)
			break;
		if (!sst__field_split(line, &name, &value)) {
			if (announced && fields > 0)
				continue; /* wrapped anew, by who forwarded it */
			break;
		}
		*looked = at;
		field = sst__field_find(name, &place);
		if ((place & (PLACE_MESSAGE | PLACE_GROUP)) && !(place & PLACE_MAIL) &&
		    telling == 0)
			return false; /* a delivery report's field */
		fields++;
		known += field != FIELD_NONE;
		telling += is_telling(field) || sst__text_starts(name, SST_TEXT("dkim-")) ||
		           sst__text_starts(name, SST_TEXT("arc-")) ||
		           sst__text_starts(name, SST_TEXT("x-received")) ||
		           sst__text_starts(name, SST_TEXT("received"));
		if (n == 0 && field == FIELD_NONE && name.len < 4)
			return false;
	}
	return (telling >= 1 && (fields >= 2 || known >= 1 || announced)) ||
	       (announced && known >= 2);
}

static void put(sst_mail *mail, unsigned level, enum sst__field field, char *value, size_t len)
{
	if (field != FIELD_NONE && level < SST__LEVELS)
		sst__fields_put(&mail->headers[level], field,
		                sst__text_trim((sst_text){value, len}));
}

size_t sst__returned_read(sst_mail *mail, sst_text text, size_t at, size_t upto, unsigned level)
{
	enum sst__field field = FIELD_NONE;
	char *value = mail->collector.buffer;
	size_t len = 0, size = mail->collector.size;

	while (at < upto) {
		size_t start = at;
		sst_text name, rest, line = next_line(text, &at, upto);
		if (line.len > 0 && sst__is_blank(line.ptr[0]) && sst__text_trim(line).len > 0) {
			if (field != FIELD_NONE && len + line.len < size) {
				memcpy(value + len, line.ptr, line.len);
				len += line.len;
			}
			continue;
		}
		put(mail, level, field, value, len);
		field = FIELD_NONE;
		if (sst__text_trim(line).len == 0)
			return start;
		if (!sst__field_split(line, &name, &rest))
			continue;
		field = sst__field_find(name, NULL);
		len = rest.len < size ? rest.len : size;
		if (len > 0)
			memcpy(value, rest.ptr, len);
	}
	put(mail, level, field, value, len);
	return at;
}
