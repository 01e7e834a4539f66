/* SPDX-License-Identifier: MIT
 * say/code.c - what a code or reply code means, in words. */
#include "say/code.h"
#include "core/text.h"
#include "say/lang.h"

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

	return entry->text.len > 0 || builtin->title.ptr != entry->title.ptr;
}

sst_text sst__code_text(const sst_lang *lang, const sst_registry *registry, sst_code code,
                        const char *what, sst_nearness *nearness)
{
	const sst_entry *entry = sst_registry_find(registry, code, nearness);
	char number[SST_CODE_SIZE], dot[8] = ".";
	sst_text text;

	if (is_own(entry))
		return strcmp(what, "title") == 0 ? entry->title : entry->text;
	memcpy(dot + 1, what, strlen(what) + 1);
	if (*nearness >= SST_NEAR_SUBJECT) {
		char digit = (char)('0' + (*nearness == SST_NEAR_SUBJECT ? entry->code.subject
		                                                         : code.cls));
		text = sst__say3(lang, *nearness == SST_NEAR_SUBJECT ? "subject." : "class.",
		                 (sst_text){&digit, 1}, dot);
		if (text.len > 0)
			return text;
	}
	return sst__say3(lang, "code.X.", subject_and_detail(entry->code, number), dot);
}

sst_text sst__reply_say(const sst_lang *lang, unsigned reply, const char *what, sst_say_room *room)
{
	const char digits[3] = {(char)('0' + reply / 100 % 10), (char)('0' + reply / 10 % 10),
	                        (char)('0' + reply % 10)};

	(void)room;
	return sst__say3(lang, "reply.", (sst_text){digits, 3}, what);
}
