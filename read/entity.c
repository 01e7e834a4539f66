/* SPDX-License-Identifier: MIT
 * read/entity.c - what Content-Type, Content-Transfer-Encoding and Content-Disposition say
 * (RFC 2045, RFC 2183; parameters in pieces: RFC 2231). */
#include "read/reader.h"

static const struct {
	const char *name; /* a whole type, or with a slash at its end a whole family */
	uint8_t type;
} types[] = {
        {"text/plain", TYPE_PLAIN},
        {"text/html", TYPE_HTML},
        {"text/rfc822-headers", TYPE_HEADERS},
        {"text/rfc822-header", TYPE_HEADERS},
        {"text/rfc822", TYPE_MESSAGE},
        {"text/", TYPE_TEXT},
        {"message/rfc822", TYPE_MESSAGE},
        {"message/global", TYPE_MESSAGE},
        {"message/news", TYPE_MESSAGE},
        {"message/partial", TYPE_MESSAGE},
        {"message/rfc822-headers", TYPE_HEADERS},
        {"message/global-headers", TYPE_HEADERS},
        {"message/delivery-status", TYPE_DELIVERY},
        {"message/global-delivery-status", TYPE_DELIVERY},
        {"application/delivery-status", TYPE_DELIVERY},
        {"text/delivery-status", TYPE_DELIVERY},
        {"message/tracking-status", TYPE_TRACKING},
        {"message/disposition-notification", TYPE_RECEIPT},
        {"message/global-disposition-notification", TYPE_RECEIPT},
        {"message/feedback-report", TYPE_FEEDBACK},
        {"multipart/report", TYPE_REPORT},
        {"multipart/alternative", TYPE_ALTERNATIVE},
        {"multipart/digest", TYPE_DIGEST},
        {"multipart/", TYPE_MIXED},
        {"message/", TYPE_TEXT},
};

void sst__entity_clear(sst__entity *entity, uint8_t parent)
{
	entity->type = parent == TYPE_DIGEST ? TYPE_MESSAGE : TYPE_PLAIN;
	entity->encoding = ENCODING_NONE;
	entity->parent = parent;
	entity->charset = CHARSET_UNKNOWN;
	entity->has_charset = entity->attached = entity->has_report_type = false;
	entity->boundary_len = 0;
}

static uint8_t type_of(sst_text word)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		sst_text name;
		bool family;
		if (types[i].name[0] != sst__lower(sst__at(word, 0)))
			continue;
		name = (sst_text){types[i].name, strlen(types[i].name)};
		family = name.ptr[name.len - 1] == '/';
		if (family ? sst__text_starts(word, name) : sst__text_same(word, name))
			return types[i].type;
	}
	if (sst__text_same(word, SST_TEXT("text")))
		return TYPE_PLAIN;
	return TYPE_OTHER;
}

/* Takes "; name=value" off `*rest`; quotes around the value are taken away. */
static bool next_parameter(sst_text *rest, sst_text *name, sst_text *value)
{
	size_t from = sst__text_find(*rest, 0, ';'), equal, end;

	if (from >= rest->len)
		return false;
	equal = from + 1;
	while (equal < rest->len && rest->ptr[equal] != '=' && rest->ptr[equal] != ';')
		equal++;
	*name = sst__text_trim(sst__text_part(*rest, from + 1, equal));
	if (sst__at(*rest, equal) != '=') {
		*value = SST_NO_TEXT;
		*rest = sst__text_part(*rest, equal, rest->len);
		return true;
	}
	equal++;
	while (equal < rest->len && sst__is_space(rest->ptr[equal]))
		equal++;
	if (sst__at(*rest, equal) == '"') {
		end = sst__text_find(*rest, equal + 1, '"');
		*value = sst__text_part(*rest, equal + 1, end);
	} else {
		end = sst__text_find(*rest, equal, ';');
		*value = sst__text_trim(sst__text_part(*rest, equal, end));
	}
	*rest = sst__text_part(*rest, end, rest->len);
	return true;
}

static void add_boundary(sst__entity *entity, sst_text value)
{
	size_t room = SST__BOUNDARY_BYTES - entity->boundary_len;

	if (value.len > room)
		value.len = room;
	if (value.len > 0)
		memcpy(entity->boundary + entity->boundary_len, value.ptr, value.len);
	entity->boundary_len += (uint8_t)value.len;
	while (entity->boundary_len > 0 && entity->boundary[entity->boundary_len - 1] == ' ')
		entity->boundary_len--;
}

static void content_type(sst__entity *entity, sst_text value)
{
	size_t end = 0;
	sst_text name, rest;

	while (end < value.len && value.ptr[end] != ';' && !sst__is_space(value.ptr[end]))
		end++;
	if (end > 0)
		entity->type = type_of(sst__text_part(value, 0, end));
	rest = value;
	for (unsigned n = 0; n < 64 && next_parameter(&rest, &name, &value); n++) {
		if (sst__text_same(name, SST_TEXT("boundary")) ||
		    sst__text_starts(name, SST_TEXT("boundary*"))) {
			add_boundary(entity, value);
		} else if (sst__text_same(name, SST_TEXT("charset"))) {
			entity->charset = sst__charset_find(sst__text_trim(value));
			entity->has_charset = true;
		} else if (sst__text_same(name, SST_TEXT("report-type"))) {
			entity->has_report_type = true;
		}
	}
}

void sst__entity_field(sst__entity *entity, enum sst__field field, sst_text value)
{
	if (field == FIELD_CONTENT_TYPE && entity->boundary_len == 0)
		content_type(entity, value);
	else if (field == FIELD_ENCODING)
		entity->encoding = (uint8_t)sst__encoding_find(value);
	else if (field == FIELD_DISPOSITION)
		entity->attached = sst__text_starts(value, SST_TEXT("attachment"));
}
