/* SPDX-License-Identifier: MIT
 * write/outside.c - looking up codes from elsewhere. */
#include "write/outside.h"
#include "core/text.h"

static const sst_text kinds[SST_OUTSIDE_KINDS] = {
        {"errno", 5}, {"sysexits", 8}, {"dns", 3}, {"tls", 3}, {"x400", 4}, {"webhook", 7},
};

int sst_outside_kind_find(sst_text word)
{
	for (int kind = 0; kind < SST_OUTSIDE_KINDS; kind++)
		if (sst__text_same(word, kinds[kind]))
			return kind;
	return -1;
}

const sst_outside *sst_outside_at(sst_outside_kind kind, size_t index)
{
	if ((unsigned)kind >= SST_OUTSIDE_KINDS || index >= sst__outside_tables[kind].count)
		return NULL;
	return &sst__outside_tables[kind].rows[index];
}

/* The same but for case; a hyphen, an underscore and a blank are one. */
static bool same_name(sst_text a, sst_text b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		char x = sst__lower(a.ptr[i]), y = sst__lower(b.ptr[i]);

		if ((x == '_' || x == ' ' ? '-' : x) != (y == '_' || y == ' ' ? '-' : y))
			return false;
	}
	return true;
}

/* The text is one of the aliases, which have "|" between them. */
static bool is_alias(const sst_outside *entry, sst_text text)
{
	size_t from = 0;

	while (from < entry->aliases.len) {
		size_t upto = sst__text_find(entry->aliases, from, '|');

		if (same_name(sst__text_part(entry->aliases, from, upto), text))
			return true;
		from = upto + 1;
	}
	return false;
}

static const sst_outside *find(sst_outside_kind kind, sst_text text)
{
	const sst_outside *entry;

	for (size_t i = 0; (entry = sst_outside_at(kind, i)) != NULL; i++)
		if (same_name(entry->name, text))
			return entry;
	for (size_t i = 0; (entry = sst_outside_at(kind, i)) != NULL; i++)
		if (is_alias(entry, text))
			return entry;
	return NULL;
}

static bool is_number(sst_text text, unsigned most)
{
	unsigned digits;
	uint32_t number = sst__text_number(text, 0, 9, &digits);

	return digits > 0 && digits == text.len && number <= most;
}

const sst_outside *sst_code_from_outside(sst_outside_kind kind, sst_text text)
{
	sst_text trimmed = sst__text_trim(text);
	const sst_outside *entry = trimmed.len == 0 ? NULL : find(kind, trimmed);

	if (entry != NULL)
		return entry;
	if (kind == SST_OUTSIDE_X400) /* an unknown diagnostic: the reason alone (RFC 2156) */
		return find(kind, sst__text_part(trimmed, 0, sst__text_find(trimmed, 0, '/')));
	if (kind == SST_OUTSIDE_SYSEXITS && is_number(trimmed, 255))
		return find(kind, SST_TEXT("other"));
	return NULL;
}
