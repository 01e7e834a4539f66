/* SPDX-License-Identifier: MIT
 * core/providers.h - who may speak, and whose a host is. Generated from data/providers.tsv and
 * data/hosts.tsv. */
#ifndef SST_CORE_PROVIDERS_H
#define SST_CORE_PROVIDERS_H

#include "core/text.h"

struct sst__host_row {
	const char *suffix; /* lower case, without a leading dot */
	uint8_t provider;
};

extern const char *const sst__provider_names[];     /* from 1 */
extern const unsigned sst__provider_count;          /* one above the last number */
extern const struct sst__host_row sst__host_rows[]; /* by suffix, as bytes compare */
extern const unsigned sst__host_count;

/* Number of a provider; 0 if there is none of that name. */
unsigned sst__provider_find(sst_text name);

/* Name of a provider; absent for 0. */
sst_text sst__provider_name(unsigned number);

/* Number of the provider whose host this is; 0 if not known. */
unsigned sst__provider_of(sst_text host);

#endif
