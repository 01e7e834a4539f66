/* SPDX-License-Identifier: MIT
 * write/refuse.h - how the checks of this folder say no. */
#ifndef SST_WRITE_REFUSE_H
#define SST_WRITE_REFUSE_H

#include <smtpstatus/write.h>

/* Registered for this class, or for the other class of failures: RFC 3463 calls X.2.2 and X.4.6
 * useful as passing ones only, which is advice; the registry ties 552 to the first, and a mail loop
 * is final to every server. What reports success never becomes a failure, nor the reverse. */
static inline bool sst__is_registered(sst_code code)
{
	sst_nearness nearness;
	const sst_entry *entry = sst_registry_find(NULL, code, &nearness);

	if (nearness == SST_NEAR_CLASS)
		return code.cls != 2 && (entry->classes & (1u << 4 | 1u << 5)) != 0;
	return nearness == SST_NEAR_EXACT;
}

static inline sst_written sst__accept(void)
{
	return (sst_written){SST_OK, 0, NULL, NULL, SST_NO_RECIPIENT};
}

static inline sst_written sst__refuse(const char *field, size_t at, const char *rule)
{
	return (sst_written){SST_E_SYNTAX, at, field, rule, SST_NO_RECIPIENT};
}

/* A check's result, as the result for `field`. */
static inline sst_written sst__refuse_if(const char *field, sst_result result)
{
	if (result.err == SST_OK)
		return sst__accept();
	return (sst_written){result.err, result.at, field, result.rule, SST_NO_RECIPIENT};
}

#endif
