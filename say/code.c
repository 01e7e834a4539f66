/* SPDX-License-Identifier: MIT
 * say/code.c - what a code or reply code means, in words. */
#include "say/code.h"
#include "core/text.h"
#include "say/lang.h"
#include "say/meanings.h"

/* Writes "7.26" into `buffer`, which has room for 8. */
static sst_text subject_and_detail(sst_code code, char *buffer)
{
	char whole[SST_CODE_SIZE];
	size_t len;

	code.cls = 5;
	len = sst_code_format(code, whole, sizeof whole);
	memcpy(buffer, whole + 2, len - 2);
	return (sst_text){buffer, len - 2};
}

/* True if the entry is the site's own wording of a code, or a code of the site. */
static bool is_own(const sst_entry *entry)
{
	const sst_entry *builtin = sst_registry_find(
	        NULL, (sst_code){5, entry->code.subject, entry->code.detail}, NULL);

	return entry->text.len > 0 || !sst__text_same(builtin->title, entry->title);
}

/* Text "subject.7.title" or "class.5.text". */
static sst_text general(const sst_lang *lang, const char *list, unsigned number, const char *dot)
{
	const char digit = (char)('0' + number % 10);

	return number > 9 ? SST_NO_TEXT : sst__say3(lang, list, (sst_text){&digit, 1}, dot);
}

sst_text sst__code_text(const sst_lang *lang, const sst_registry *registry, sst_code code,
                        const char *what, sst_nearness *nearness)
{
	const sst_entry *entry = sst_registry_find(registry, code, nearness);
	char number[SST_CODE_SIZE], dot[8] = ".";
	sst_text text = SST_NO_TEXT;

	if (is_own(entry) && *nearness != SST_NEAR_ANY)
		text = strcmp(what, "title") == 0 ? entry->title : entry->text;
	memcpy(dot + 1, what, strlen(what) + 1);
	if (text.len == 0 && *nearness <= SST_NEAR_CLASS)
		text = sst__say3(lang, "code.X.", subject_and_detail(entry->code, number), dot);
	if (text.len == 0 && *nearness != SST_NEAR_ANY)
		text = general(lang, "subject.", entry->code.subject, dot);
	if (text.len == 0)
		text = general(lang, "class.", code.cls, dot);
	return text;
}

sst_text sst__reply_say(const sst_lang *lang, unsigned reply, const char *what)
{
	const char digits[3] = {(char)('0' + reply / 100 % 10), (char)('0' + reply / 10 % 10),
	                        (char)('0' + reply % 10)};

	return sst__say3(lang, "reply.", (sst_text){digits, 3}, what);
}

sst_text sst_say_code_title(const sst_registry *registry, const sst_lang *lang, sst_code code,
                            sst_nearness *nearness)
{
	sst_nearness unused;

	return sst__code_text(lang, registry, code, "title", nearness != NULL ? nearness : &unused);
}

sst_text sst_say_code_text(const sst_registry *registry, const sst_lang *lang, sst_code code,
                           sst_nearness *nearness)
{
	sst_nearness unused;

	return sst__code_text(lang, registry, code, "text", nearness != NULL ? nearness : &unused);
}

sst_text sst_say_reply_title(const sst_lang *lang, uint16_t reply)
{
	return sst__reply_say(lang, reply, ".title");
}

sst_text sst_say_reply_text(const sst_lang *lang, uint16_t reply)
{
	return sst__reply_say(lang, reply, ".text");
}

sst_text sst_say_vendor_note(const sst_lang *lang, uint16_t reply, sst_code code, size_t index)
{
	for (size_t i = 0; i < sst__vendor_meaning_count; i++) {
		const struct sst_vendor_meaning *row = &sst__vendor_meanings[i];
		bool same = reply != 0 ? row->reply == reply
		                       : row->reply == 0 && row->code.subject == code.subject &&
		                                 row->code.detail == code.detail &&
		                                 (row->code.cls == 0 || code.cls == 0 ||
		                                  row->code.cls == code.cls);
		if (same && index-- == 0)
			return sst_say_text(lang, row->key);
	}
	return SST_NO_TEXT;
}
