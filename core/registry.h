/* SPDX-License-Identifier: MIT
 * core/registry.h - how a set of codes lies in memory. */
#ifndef SST_CORE_REGISTRY_H
#define SST_CORE_REGISTRY_H

#include <smtpstatus.h>

/* Sorted by sst__entry_key: details first, then whole subjects, then whole classes. */
struct sst_registry {
	const sst_entry *entries;
	size_t count;   /* details and groups */
	size_t details; /* the first so many are details */
};

extern const struct sst_registry sst__registry; /* generated from data/codes.tsv */

extern const sst_reply_entry sst__reply_entries[]; /* generated from data/replies.tsv, by code */
extern const size_t sst__reply_entry_count;

static inline uint64_t sst__code_key(sst_code code)
{
	uint64_t group = code.detail == SST_CODE_ANY ? 1 : 0;

	return group << 40 | (uint64_t)code.subject << 24 | (uint64_t)code.detail << 8 | code.cls;
}

#endif
