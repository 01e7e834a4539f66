/* SPDX-License-Identifier: MIT
 * say/meanings.c - second meanings: numbers written in another way, and codes that a provider uses
 * for something else. */
#include "say/meanings.h"
#include "core/text.h"

#include <smtpstatus/say.h>

const struct sst_dotted *sst__dotted_find(unsigned reply)
{
	for (size_t i = 0; i < sst__dotted_count; i++)
		if (sst__dotted[i].reply == reply)
			return &sst__dotted[i];
	return NULL;
}

static bool same_code(const struct sst_vendor_meaning *row, sst_code code)
{
	return row->reply == 0 && code.cls != 0 &&
	       (row->code.cls == 0 || row->code.cls == code.cls) &&
	       row->code.subject == code.subject && row->code.detail == code.detail;
}

const struct sst_vendor_meaning *sst__vendor_meaning_find(sst_text provider, uint16_t reply,
                                                          sst_code code)
{
	for (size_t i = 0; provider.len > 0 && i < sst__vendor_meaning_count; i++) {
		const struct sst_vendor_meaning *row = &sst__vendor_meanings[i];
		if (!sst__text_same(row->provider, provider))
			continue;
		if (same_code(row, code) || (code.cls == 0 && reply != 0 && row->reply == reply))
			return row;
	}
	return NULL;
}

bool sst__provider_is_software(sst_text provider)
{
	for (size_t i = 0; i < sst__provider_title_count; i++)
		if (sst__text_same(sst__provider_titles[i].provider, provider))
			return sst__provider_titles[i].software;
	return false;
}

sst_text sst_say_provider(sst_text provider)
{
	for (size_t i = 0; i < sst__provider_title_count; i++)
		if (sst__text_same(sst__provider_titles[i].provider, provider))
			return sst__provider_titles[i].name;
	return provider;
}
