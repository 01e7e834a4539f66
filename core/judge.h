/* SPDX-License-Identifier: MIT
 * core/judge.h - the case at hand, shared by the judge's parts. */
#ifndef SST_CORE_JUDGE_H
#define SST_CORE_JUDGE_H

#include "core/match.h"

enum { SST__CANDIDATES = 48 };

/* Something that speaks for a category. */
struct sst__candidate {
	const struct sst__match *match; /* NULL: a code speaks */
	uint32_t from, upto;
	uint8_t kind; /* enum sst_proof_kind */
	uint8_t category;
	uint8_t weight;
	uint8_t rank; /* weight, and 100 more for a site's own rule, which wins */
};

/* Everything that is known, before it is weighed. */
struct sst__case {
	const struct sst_rules *rules;
	const struct sst_evidence *evidence;
	sst_codes codes;
	uint16_t reply; /* 0: none */
	sst_code
	        status; /* what the source said, its class as the reply demands; class 0: nothing */
	sst_code inner; /* the code of a quoted reply */
	unsigned cls;   /* 2, 4, 5; 0: not known */
	unsigned speaker;
	sst_phase phase;
	struct sst__windows text;
	struct sst__matches matches;
	unsigned count;
	struct sst__candidate candidates[SST__CANDIDATES];
};

/* core/gather.c: reads codes, words, speaker and phase into `c`. */
void sst__gather(struct sst__case *c, const struct sst_rules *rules,
                 const struct sst_evidence *evidence);

/* Whether a rule's conditions beside its words hold. */
bool sst__rule_holds(const struct sst__case *c, const struct sst_rules *set,
                     const struct sst__rule *rule);

/* An address without its domain. */
sst_text sst__local_part(sst_text address);

/* core/weigh.c: candidates from what was gathered, the strongest first. */
void sst__weigh(struct sst__case *c);
void sst__sort(struct sst__case *c);

/* core/consult.c: asks the model where the rules are silent, and adds what it says to the
 * candidates. */
void sst__consult(struct sst__case *c);

/* core/confidence.c: percent, from the winner, the weight of its category and what stands beside
 * it. */
unsigned sst__confidence(const struct sst__case *c, unsigned category,
                         const struct sst__candidate *winner, unsigned weight);

/* core/detail.c: what the words give beside the verdict. */
void sst__detail(const struct sst__case *c, const struct sst__rule *winner,
                 struct sst_verdict *verdict);

#endif
