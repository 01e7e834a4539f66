/* SPDX-License-Identifier: MIT
 * core/match.h - which rules' words stand in a text. */
#ifndef SST_CORE_MATCH_H
#define SST_CORE_MATCH_H

#include "core/rules.h"
#include "core/scan.h"

enum { SST__MATCHES = 96 };

/* A rule whose words were found. What else it asks for (codes, speaker, phase) is the judge's. */
struct sst__match {
	const struct sst_rules *set;
	const struct sst__rule *rule;
	uint32_t from, upto; /* bytes of the text */
	uint8_t loose;       /* words between its elements */
	bool reason;         /* "because", "due to" stands before it */
	bool advice;         /* it stands in a sentence of advice: "please check whether ..." */
	bool purpose;        /* its start or end stands behind "to protect our users from ..." */
};

struct sst__matches {
	unsigned count;
	struct sst__match list[SST__MATCHES];
};

/* Finds all rules of `set` and its bases whose words stand in a text. */
void sst__match(const struct sst_rules *set, const struct sst__windows *text,
                struct sst__matches *out);

#endif
