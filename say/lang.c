/* SPDX-License-Identifier: MIT
 * say/lang.c - languages and texts: which table, which entry. */
#include "say/lang.h"
#include "core/text.h"

/* A tag as locales and BCP 47 write it: '_' is '-', and '.' or '@' end it. */
static bool same_subtags(sst_text tag, sst_text full)
{
	if (tag.len < full.len)
		return false;
	for (size_t i = 0; i < full.len; i++)
		if (sst__lower(tag.ptr[i]) != sst__lower(full.ptr[i]) &&
		    !(tag.ptr[i] == '_' && full.ptr[i] == '-'))
			return false;
	return tag.len == full.len || tag.ptr[full.len] == '-' || tag.ptr[full.len] == '_';
}

static bool has_alias(const sst_lang *lang, sst_text tag, size_t *length)
{
	sst_text rest = lang->aliases;

	while (rest.len > 0) {
		size_t comma = sst__text_find(rest, 0, ',');
		sst_text alias = sst__text_part(rest, 0, comma);
		if (same_subtags(tag, alias) && alias.len > *length)
			*length = alias.len;
		rest = sst__text_part(rest, comma + 1, rest.len);
	}
	return *length > 0;
}

const sst_lang *sst_lang_find(sst_text tag, sst_lang_match *match)
{
	const sst_lang *found = &sst__langs[0];
	size_t best = 0;
	sst_lang_match how = SST_LANG_NONE;

	tag = sst__text_part(tag, 0, sst__text_find(tag, 0, '.'));
	tag = sst__text_part(tag, 0, sst__text_find(tag, 0, '@'));
	if (tag.len == 0 || sst__text_same(tag, SST_TEXT("C")) ||
	    sst__text_same(tag, SST_TEXT("POSIX")))
		how = SST_LANG_EXACT;
	for (size_t i = 0; i < sst__lang_count; i++) {
		const sst_lang *lang = &sst__langs[i];
		size_t alias = 0;
		if (same_subtags(tag, lang->tag) && lang->tag.len > best) {
			best = lang->tag.len;
			found = lang;
			how = SST_LANG_EXACT;
		} else if (has_alias(lang, tag, &alias) && alias > best) {
			best = alias;
			found = lang;
			how = SST_LANG_RELATED;
		}
	}
	if (match != NULL)
		*match = how;
	return found;
}

const sst_lang *sst_lang_at(size_t index)
{
	return index < sst__lang_count ? &sst__langs[index] : NULL;
}

static const sst_lang *or_english(const sst_lang *lang)
{
	return lang != NULL ? lang : &sst__langs[0];
}

sst_text sst_lang_tag(const sst_lang *lang)
{
	return or_english(lang)->tag;
}

sst_text sst_lang_name(const sst_lang *lang)
{
	return or_english(lang)->name;
}

bool sst_lang_is_rtl(const sst_lang *lang)
{
	return or_english(lang)->rtl;
}

sst_text sst__colon(const sst_lang *lang)
{
	return or_english(lang)->colon;
}

void sst__room_percent(sst_say_room *room, const sst_lang *lang, unsigned percent)
{
	char digits[10];
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + percent % 10);
		percent /= 10;
	} while (percent > 0);
	sst__room_add(room, or_english(lang)->percent_before);
	sst__room_add(room, (sst_text){digits + at, sizeof digits - at});
	sst__room_add(room, or_english(lang)->percent_behind);
}

/* Compares the key number `index` with the parts in a row. */
static int compare(unsigned index, const sst_text *parts, unsigned count)
{
	const char *key = sst__text_keys.pool + sst__text_keys.offsets[index];
	size_t left = sst__text_keys.offsets[index + 1] - sst__text_keys.offsets[index];

	for (unsigned p = 0; p < count; p++) {
		size_t len = parts[p].len < left ? parts[p].len : left;
		int order = len > 0 ? memcmp(key, parts[p].ptr, len) : 0;
		if (order != 0)
			return order;
		if (len < parts[p].len)
			return -1;
		key += len;
		left -= len;
	}
	return left > 0;
}

int sst__text_number_of(const sst_text *parts, unsigned count)
{
	unsigned low = 0, high = sst__text_keys.count;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		int order = compare(middle, parts, count);
		if (order == 0)
			return (int)middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}

static sst_text entry(const struct sst_text_table *table, int number)
{
	uint32_t from = table->offsets[number], upto = table->offsets[number + 1];

	return (sst_text){table->pool + from, upto - from};
}

sst_text sst__text_of(const sst_lang *lang, int number)
{
	sst_text text;

	if (number < 0)
		return SST_NO_TEXT;
	text = entry(or_english(lang)->texts, number);
	return text.len > 0 ? text : entry(sst__langs[0].texts, number);
}

sst_text sst_say_text(const sst_lang *lang, sst_text key)
{
	sst_text text = sst__text_of(lang, sst__text_number_of(&key, 1));

	return sst__text_part(text, 0, sst__text_find(text, 0, '\0'));
}

sst_text sst__say3(const sst_lang *lang, const char *a, sst_text b, const char *c)
{
	const sst_text parts[3] = {{a, strlen(a)}, b, {c, strlen(c)}};
	sst_text text = sst__text_of(lang, sst__text_number_of(parts, 3));

	return sst__text_part(text, 0, sst__text_find(text, 0, '\0'));
}

sst_text sst_say_plural(const sst_lang *lang, sst_text key, unsigned long n)
{
	const struct sst_text_table *table = or_english(lang)->texts;
	int number = sst__text_number_of(&key, 1);
	sst_text text, form;
	unsigned wanted;

	if (number < 0)
		return SST_NO_TEXT;
	text = entry(table, number);
	if (text.len == 0) {
		table = sst__langs[0].texts;
		text = entry(table, number);
	}
	wanted = table->plural(n);
	for (;;) {
		size_t end = sst__text_find(text, 0, '\0');
		form = sst__text_part(text, 0, end);
		if (wanted == 0 || end == text.len)
			return form;
		text = sst__text_part(text, end + 1, text.len);
		wanted--;
	}
}

sst_text sst_say_word(const sst_lang *lang, sst_vocabulary vocabulary, unsigned number)
{
	static const char *const prefix[] = {"category.", "permanence.", "act.",   "side.",
	                                     "scope.",    "check.",      "phase.", "action.",
	                                     "kind.",     "origin.",     "note."};
	sst_text word = sst_word(vocabulary, number);

	if ((unsigned)vocabulary > SST_VOCABULARY_NOTE)
		return SST_NO_TEXT;
	if (word.ptr == NULL && number == 0)
		word = SST_TEXT("unknown");
	return sst__say3(lang, prefix[vocabulary], word,
	                 vocabulary == SST_VOCABULARY_CATEGORY ? ".title" : "");
}
