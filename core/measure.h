/* SPDX-License-Identifier: MIT
 * core/measure.h - durations and sizes in running text. */
#ifndef SST_CORE_MEASURE_H
#define SST_CORE_MEASURE_H

#include "core/text.h"

/* The place of a letter's bit. */
static inline unsigned sst__letter_at(sst_text word, size_t at)
{
	unsigned letter = (unsigned)((sst__at(word, at) | 0x20) - 'a');

	return letter < 26 ? letter : 26;
}

/* Whether `word` may be one of a list: whether it starts with the three letters of one
 * (core/details.h). */
static inline bool sst__may_be(sst_text word, const uint32_t *starts)
{
	unsigned first = sst__letter_at(word, 0);

	return first < 26 && (starts[first] >> sst__letter_at(word, 1) & 1) != 0 &&
	       (starts[26 + first] >> sst__letter_at(word, 2) & 1) != 0;
}

/* Whether `word` is one of `words`, which end with NULL, but for ASCII case. */
bool sst__is_among(sst_text word, const char *const *words);

/* How long to wait, in seconds, where the words say so: "in 300 seconds", "00:02:00", "after an
 * hour", "5 Minuten". 0: they don't. */
uint32_t sst__measure_wait(sst_text text);

/* A size limit in bytes: "maximum size of 20 MB", "limit 10485760". 0: there is none. */
uint64_t sst__measure_limit(sst_text text);

#endif
