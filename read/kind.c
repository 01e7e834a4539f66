/* SPDX-License-Identifier: MIT
 * read/kind.c - what sort of mail it is, by its header. */
#include "read/kind.h"
#include "read/address.h"

bool sst__header_is_report(const sst__fields *header)
{
	const sst_text *value = header->value;

	if (value[FIELD_FAILED_RECIPIENTS].ptr != NULL || value[FIELD_IS_BOUNCE].ptr != NULL)
		return true;
	if (sst__text_search(value[FIELD_CONTENT_TYPE], 0, SST_TEXT("multipart/report")) <
	    value[FIELD_CONTENT_TYPE].len)
		return true;
	if (sst__text_same(sst__text_trim(value[FIELD_RETURN_PATH]), SST_TEXT("<>")))
		return true;
	return sst__address_is_machine(sst__address_first(value[FIELD_FROM]));
}
