/* SPDX-License-Identifier: MIT
 * read/fields.c - the fields of headers and reports that the reader keeps. */
#include "read/fields.h"

struct field_name {
	const char *name;
	uint8_t field, place;
};

#include "read/fields_table.h"

enum { LONGEST = sizeof field_first - 2 };

enum sst__field sst__field_find(sst_text name, unsigned *place)
{
	if (name.len == 0 || name.len > LONGEST)
		return FIELD_NONE;
	for (unsigned i = field_first[name.len]; i < field_first[name.len + 1]; i++) {
		const struct field_name *entry = &field_names[i];
		if (sst__lower(name.ptr[0]) != entry->name[0] ||
		    sst__lower(name.ptr[name.len - 1]) != entry->name[name.len - 1] ||
		    !sst__text_same(name, (sst_text){entry->name, name.len}))
			continue;
		if (place != NULL)
			*place = entry->place;
		return (enum sst__field)entry->field;
	}
	return FIELD_NONE;
}

void sst__fields_clear(sst__fields *fields)
{
	memset(fields->value, 0, sizeof fields->value);
	fields->used = 0;
	fields->any = fields->full = false;
}

/* A server's words may be long: they leave room for addresses, dates and names behind them. */
enum { RESERVE = 1024 };

static uint32_t reserve(enum sst__field field)
{
	bool words =
	        field == FIELD_DIAGNOSTIC || field == FIELD_LOCALIZED || field == FIELD_SUPPLEMENT;

	return words ? RESERVE : 0;
}

static char *room(sst__fields *fields, enum sst__field field, size_t *len)
{
	char *at = fields->arena + fields->used;
	uint32_t upto = fields->size - reserve(field);
	uint32_t left = upto > fields->used ? upto - fields->used : 0;

	if (*len > left) {
		*len = left;
		fields->full = true;
	}
	fields->used += (uint32_t)*len;
	return at;
}

/* Joins a further value to the one that is there: possible while that is the last in the arena. */
static bool join(sst__fields *fields, enum sst__field field, sst_text value)
{
	sst_text *old = &fields->value[field];
	size_t len = value.len + 2;
	char *at;

	if (old->ptr + old->len != fields->arena + fields->used)
		return false;
	at = room(fields, field, &len);
	if (len < 2)
		return false;
	at[0] = ',';
	at[1] = ' ';
	memcpy(at + 2, value.ptr, len - 2);
	old->len += len;
	return true;
}

bool sst__fields_put(sst__fields *fields, enum sst__field field, sst_text value)
{
	size_t len = value.len;
	char *at;

	fields->any = true;
	if (fields->value[field].ptr != NULL) {
		if (field == FIELD_FAILED_RECIPIENTS || field == FIELD_ORIGINAL_RCPT_TO ||
		    field == FIELD_REMOVAL_RECIPIENT || field == FIELD_SUPPLEMENT)
			return join(fields, field, value);
		return false;
	}
	at = room(fields, field, &len);
	if (len > 0)
		memcpy(at, value.ptr, len);
	fields->value[field] = (sst_text){at, len};
	return true;
}

/* Anything that prints but a colon (RFC 5322 section 2.2). */
static bool is_name_byte(unsigned char c)
{
	return c - 33u < 94u && c != ':';
}

static size_t name_end(sst_text line)
{
	const uint64_t each = UINT64_C(0x0101010101010101);
	size_t end = 0;
	uint64_t word, other;

	for (; line.len - end >= sizeof word; end += sizeof word) {
		memcpy(&word, line.ptr + end, sizeof word);
		/* Below '!', DEL and above. */
		other = ((word - each * '!') & ~word) | (word + each) | word;
		other = (other & each << 7) | sst__bytes_like(word, ':');
		if (other != 0) {
			end += sst__bytes_first(other);
			break;
		}
	}
	while (end < line.len && is_name_byte((unsigned char)line.ptr[end]))
		end++;
	return end;
}

bool sst__field_split(sst_text line, sst_text *name, sst_text *value)
{
	size_t end = name_end(line), colon = end;

	while (colon < line.len && sst__is_blank(line.ptr[colon]))
		colon++;
	if (end == 0 || colon >= line.len || line.ptr[colon] != ':')
		return false;
	*name = sst__text_part(line, 0, end);
	*value = sst__text_trim(sst__text_part(line, colon + 1, line.len));
	return true;
}
