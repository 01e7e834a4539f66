/* SPDX-License-Identifier: MIT
 * say/explain.c - a verdict in words. */
#include "core/text.h"
#include "say/code.h"
#include "say/lang.h"
#include "say/meanings.h"

#include <smtpstatus/words.h>

int sst_audience_find(sst_text word)
{
	if (sst__text_same(word, SST_TEXT("sender")))
		return SST_AUDIENCE_SENDER;
	if (sst__text_same(word, SST_TEXT("postmaster")))
		return SST_AUDIENCE_POSTMASTER;
	if (sst__text_same(word, SST_TEXT("developer")))
		return SST_AUDIENCE_DEVELOPER;
	return -1;
}

sst_text sst__domain_of(sst_text address)
{
	for (size_t at = address.len; at > 0; at--)
		if (address.ptr[at - 1] == '@')
			return sst__text_part(address, at, address.len);
	return SST_NO_TEXT;
}

sst_text sst__category_text(const sst_lang *lang, sst_category category, const char *what,
                            const sst_say_values *values, sst_say_room *room)
{
	return sst__fill3(lang, "category.", sst_word(SST_VOCABULARY_CATEGORY, category), what,
	                  values, room);
}

sst_text sst__advice(const sst_lang *lang, sst_audience audience, sst_category category,
                     sst_act act, bool final, const sst_say_values *values,
                     sst_say_room *room)
{
	sst_text own, other, advice;

	if (audience == SST_AUDIENCE_DEVELOPER && act == SST_ACT_RETRY && final)
		return sst_say_text(lang, SST_TEXT("act.retry.developer.final"));
	if (audience == SST_AUDIENCE_DEVELOPER && act != 0)
		return sst__say3(lang, "act.", sst_word(SST_VOCABULARY_ACT, act), ".developer");
	own = sst__category_text(lang, category, ".own-admin", values, room);
	other = sst__category_text(lang, category, ".other-admin", values, room);
	if (audience != SST_AUDIENCE_SENDER && (own.len > 0 || other.len > 0))
		return own.len > 0 ? own : other;
	advice = sst__category_text(lang, category, ".sender", values, room);
	return advice.len > 0 ? advice : sst__say3(lang, "ui.", SST_TEXT("nothing-to-do"), "");
}

static bool is_known(sst_category category)
{
	return category != 0 && category != SST_CATEGORY_UNDETERMINED;
}

/* Title and text of the best code there is. */
static void say_code(const sst_lang *lang, const sst_verdict *verdict, sst_explanation *out)
{
	sst_nearness near;

	if (verdict->status.cls != 0 && (verdict->status.subject | verdict->status.detail) != 0) {
		out->title = sst__code_text(lang, NULL, verdict->status, "title", &near);
		out->text = sst__code_text(lang, NULL, verdict->status, "text", &near);
	} else if (verdict->reply_code != 0) {
		out->title = sst__reply_say(lang, verdict->reply_code, ".title");
		out->text = sst__reply_say(lang, verdict->reply_code, ".text");
	}
}

void sst_explain(const sst_lang *lang, sst_audience audience, const sst_verdict *verdict,
                 sst_text recipient, sst_say_room *room, sst_explanation *out)
{
	sst_say_values values = {
	        .recipient = recipient,
	        .domain = sst__domain_of(recipient),
	        .provider = verdict->provider,
	        .list = verdict->detail.list,
	        .limit = verdict->detail.limit,
	        .retry_after = verdict->detail.retry_after,
	};
	sst_category category =
	        verdict->category != 0 ? verdict->category : SST_CATEGORY_UNDETERMINED;
	sst_code reported =
	        verdict->reported_status.cls != 0 ? verdict->reported_status : verdict->status;
	const struct sst_vendor_meaning *vendor;

	memset(out, 0, sizeof *out);
	if (!is_known(category))
		say_code(lang, verdict, out);
	if (out->title.len == 0)
		out->title = sst__category_text(lang, category, ".title", &values, room);
	if (out->text.len == 0)
		out->text = sst__category_text(lang, category, ".text", &values, room);
	out->causes = sst__category_text(lang, category, ".cause", &values, room);
	out->advice = sst__advice(lang, audience, category, verdict->act,
	                          verdict->permanence == SST_PERMANENCE_PERMANENT, &values, room);
	out->own_admin = sst__category_text(lang, category, ".own-admin", &values, room);
	out->other_admin = sst__category_text(lang, category, ".other-admin", &values, room);
	out->final = sst_say_word(lang, SST_VOCABULARY_PERMANENCE, verdict->permanence);
	out->side = sst_say_word(lang, SST_VOCABULARY_SIDE, verdict->side);
	vendor = sst__vendor_meaning_find(verdict->provider, verdict->reply_code, reported);
	if (vendor != NULL)
		out->vendor_note = sst_say_text(lang, vendor->key);
}
