/* SPDX-License-Identifier: MIT
 * core/model.h - the statistical second opinion: a linear model over words, beginnings of words,
 * pairs, concepts of the rules and codes, for answers whose words no rule knows. gen/model.c trains
 * it at build on tools/model/texts.tsv; smtpstatus-rules(7) says when it is asked. */
#ifndef SST_CORE_MODEL_H
#define SST_CORE_MODEL_H

#include "core/scan.h"

enum {
	SST__MODEL_CLASSES = 37, /* categories, and nothing as the first */
	SST__MODEL_FEATURES =
	        1024,              /* most that are looked at: a long text is judged by its start */
	SST__MODEL_BUCKETS = 1024, /* of the table, by the high bits of a hash */
	SST__MODEL_UNIT = 16,      /* sums are in so many parts of a natural logarithm */
	SST__MODEL_FAR = 128       /* where a difference of sums counts no more */
};

/* What is told apart in a text. The kinds weigh differently. */
enum sst__feature_kind {
	SST__FEATURE_REPLY,
	SST__FEATURE_CODE,
	SST__FEATURE_CLASS,
	SST__FEATURE_WORD,
	SST__FEATURE_BEGIN,    /* the first letters of a word */
	SST__FEATURE_PAIR,     /* two words, three where each sign is a word */
	SST__FEATURE_CONCEPT,  /* of data/rules, as any language names it */
	SST__FEATURE_CONCEPTS, /* two that stand near each other */
	SST__FEATURE_KINDS
};

struct sst__feature {
	uint32_t hash;
	uint32_t from, upto; /* bytes of the text; equal for codes */
	uint8_t kind;        /* enum sst__feature_kind */
};

struct sst__features {
	unsigned count;
	bool negated; /* "not full" and the like: what full speaks for does not hold */
	struct sst__feature list[SST__MODEL_FEATURES];
};

/* Four times the square of what each kind counts for in a text's length. */
extern const uint8_t sst__feature_squares[SST__FEATURE_KINDS];

/* core/features.c: what stands in a text, and the codes that are known. */
void sst__features_read(const struct sst__windows *text, uint16_t reply, sst_code status,
                        struct sst__features *out);

/* The table that gen/model.c writes. Features lie in the order of their hashes. */
struct sst__model {
	const uint16_t
	        *bucket;       /* by the ten high bits of a hash, and one more: its first feature */
	const uint16_t *mark;  /* by feature: the sixteen bits behind those */
	const uint16_t *first; /* by feature, and one more: its first weight */
	const uint8_t *category; /* by weight */
	const int8_t *weight;
	const int16_t *bias;  /* by category */
	const uint16_t *fall; /* what e is to the power of -n / SST__MODEL_UNIT, times 65535 */
	uint32_t gain;        /* from sums of weights to sums in SST__MODEL_UNIT */
};

extern const struct sst__model sst__model_table;

struct sst__opinion {
	unsigned category, second;  /* the two likeliest; 0: it knows nothing of the text */
	unsigned sure, second_sure; /* percent */
	uint32_t from, upto;        /* the words that weighed most for it, and those after them; */
	uint32_t next_from, next_upto; /* equal: there are none */
};

/* Integer arithmetic only, no allocation; some microseconds. */
void sst__model_ask(const struct sst__model *model, const struct sst__features *features,
                    struct sst__opinion *opinion);

#endif
