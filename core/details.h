/* SPDX-License-Identifier: MIT
 * core/details.h - the words of data/details.tsv; each list ends with NULL. */
#ifndef SST_CORE_DETAILS_H
#define SST_CORE_DETAILS_H

#include <stdint.h>

struct sst__unit {
	const char *word; /* as it starts, lower case */
	uint32_t factor;
};

extern const struct sst__unit sst__times[]; /* in seconds; longer words first */
extern const struct sst__unit sst__sizes[]; /* in bytes */
extern const struct sst__unit sst__counts[]; /* numbers in words, in thousandths */
extern const char *const sst__ask_words[];
extern const char *const sst__wait_words[];
extern const char *const sst__passed_words[];
extern const char *const sst__later_words[]; /* behind a time */
extern const char *const sst__ago_words[];
extern const char *const sst__and_words[];
extern const char *const sst__more_words[]; /* between number and unit */
extern const char *const sst__limit_words[];
extern const char *const sst__list_starts[]; /* of a block list's host */
extern const char *const sst__list_parts[];
extern const char *const sst__list_words[];
extern const char *const sst__list_names[]; /* without a host */
extern const char *const sst__list_kinds[]; /* behind such a name */
extern const char *const sst__moved_words[];
extern const char *const sst__ticket_words[];
extern const char *const sst__number_words[]; /* between such a mark and the id */
/* For each first letter of a list's words the second ones, then the third ones: bit 0 for a, bit 26
 * for no letter. */
extern const uint32_t sst__ticket_starts[52], sst__count_starts[52], sst__name_starts[52],
        sst__time_starts[52], sst__size_starts[52];

#endif
