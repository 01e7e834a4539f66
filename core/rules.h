/* SPDX-License-Identifier: MIT
 * core/rules.h - rules in the form in which they are looked up: constant arrays, offsets instead of
 * pointers, no start-up work. core/compile.c makes them from text, at build for data/rules and at
 * run time for a site's own.
 *
 * A literal is some folded words; a concept is a set of literals ("mailbox": mailbox, inbox,
 * buzon). A rule is a row of concepts with gaps between them. All literals of a set stand in one
 * trie, that is entered at each word and left after at most SST__LITERAL_BYTES: so that a scan is
 * linear. */
#ifndef SST_CORE_RULES_H
#define SST_CORE_RULES_H

#include "core/text.h"

enum {
	SST__LITERAL_BYTES = 96, /* longest literal, folded */
	SST__RULES_AT = 160,     /* most rules that wait for one concept */
	SST__CONCEPTS = 8000,    /* concepts of a set and its bases together */
	SST__ATOMS = 12,         /* elements of a rule */
	SST__ELEMENTS = 8192     /* of all rules of a set */
};

/* A state of the trie: its number is its place in the array. For each byte that leads on there is a
 * state at `value` + byte, whose `check` is the byte plus one; no two states lead on from the same
 * value. Where nothing leads on the state is a leaf, and `value` its first end. Where literals end
 * and others go on, byte 0, which is in no literal, leads to the leaf of the former. */
struct sst__edge {
	uint16_t value; /* 0: nothing leads on */
	uint16_t check; /* SST__EDGE_*; 0: no state is here */
};

enum {
	SST__EDGE_BYTE = 511, /* the byte that leads here, plus one */
	SST__EDGE_LEAF = 512,
	SST__EDGE_ENDS = 1024 /* not a leaf, but literals end here */
};

/* A literal ends here, perhaps after some more bytes that no other literal shares. */
struct sst__end {
	uint32_t tail; /* in `pool` */
	uint16_t outs; /* its concept; if it has several, their place in `outs` */
	uint8_t tail_len;
	uint8_t bits; /* SST__END_* */
};

enum {
	SST__END_COUNT = 63, /* how many concepts it has */
	SST__END_STEM = 64,  /* the word may go on */
	SST__END_MORE = 128  /* the next end is at the same state */
};

enum {
	SST__GAP_START = 255, /* first element of a chain */
	SST__GAP_NOT = 254,   /* the same, and the rule holds only without it */
	SST__GAP_ANY = 253,   /* anywhere after the one before */
	SST__GAP_NEAR = 252,  /* "~": as "*", but in either order */
	SST__GAP_SOME = 8     /* "*": so many words between, at most */
};

/* An element of a rule: one of several concepts. */
struct sst__atom {
	uint16_t first; /* in `alts` */
	uint8_t count;
	uint8_t gap; /* words that may stand between the element before and this one */
};

/* A condition on codes: one of them must hold. */
struct sst__cond {
	uint16_t reply_low, reply_high; /* 0: not asked */
	uint8_t classes;                /* bit n: class n; 0: the enhanced code is not asked */
	uint16_t subject_low, subject_high, detail_low, detail_high;
};

struct sst__rule {
	uint32_t id; /* in `pool` */
	uint8_t id_len;
	uint8_t category; /* 0: tells something else than a category */
	uint8_t weight;
	uint8_t speaker; /* number of the provider that must speak; 0: anyone */
	uint8_t says;    /* number of the provider that is recognised by it */
	uint16_t phases; /* bit n: phase n; 0: any */
	uint8_t atom_count, cond_count;
	uint16_t atoms, conds;
	uint16_t needed; /* bit n: without its element n it cannot hold */
	uint8_t permanence, act, side, scope, check; /* 0: as the category has it */
	sst_code status;                             /* class 0: as the category has it */
};

struct sst_rules {
	const struct sst_rules *base;
	const struct sst__edge *edges;
	const struct sst__end *ends;
	const uint16_t *outs;
	const struct sst__rule *rules;
	const struct sst__atom *atoms;
	const uint16_t *alts;
	const struct sst__cond *conds;
	const uint16_t *waiting_first; /* by concept, of all bases too; one more at the end */
	const uint16_t *waiting;       /* rules, by the concept that they wait for */
	const uint16_t *member_first;  /* by concept, as `waiting_first` */
	const uint16_t *member;        /* elements of rules, by the concepts that they may be */
	const uint16_t *wordless;      /* rules without words */
	/* For each key of codes, a bit for each of these rules that may hold for it. */
	const uint64_t *wordless_bits;
	const uint32_t *names;            /* by own concept: its name in `pool`; 0: it has none */
	const uint8_t *flags;             /* by own concept: SST__CONCEPT_* */
	const char *pool;                 /* NUL-terminated names and ids; tails */
	uint16_t base_concepts, concepts; /* without and with its own */
	uint16_t named;                   /* own concepts before it may have names and flags */
	uint16_t rule_count, wordless_count;
	uint32_t edge_count, end_count, out_count, atom_count, alt_count, cond_count, pool_len;
};

enum {
	SST__CONCEPT_NEGATABLE = 1, /* "not" before it undoes it */
	SST__CONCEPT_NOT = 2,       /* is such a "not" */
	SST__CONCEPT_REASON = 4,    /* "because": what follows is the reason */
	SST__CONCEPT_ADVICE = 8,    /* "please check": what follows may not be so */
	SST__CONCEPT_PURPOSE = 16   /* "to protect you from": what follows is kept out in general */
};

/* Rules without words are looked up by the keys of codes: 128 of them, so that some codes share
 * one: a key for each of 32 reply codes in a row, and for each subject one for every detail that is
 * common and two for the others. */
enum { SST__REPLY_KEYS = 32, SST__SUBJECTS = 8, SST__DETAILS = 10, SST__DETAILS_KNOWN = 40 };
enum { SST__KEYS = SST__REPLY_KEYS + SST__SUBJECTS * (SST__DETAILS + 2) };

static inline unsigned sst__reply_key(unsigned reply)
{
	return reply % SST__REPLY_KEYS;
}

static inline unsigned sst__enhanced_key(unsigned subject, unsigned detail)
{
	unsigned place =
	        detail < SST__DETAILS ? detail : SST__DETAILS + (detail > SST__DETAILS_KNOWN);

	return SST__REPLY_KEYS + subject % SST__SUBJECTS * (SST__DETAILS + 2) + place;
}

/* Words of 64 bits that a key has in `wordless_bits`. */
static inline unsigned sst__key_words(unsigned wordless_count)
{
	return (wordless_count + 63) / 64;
}

#define SST__ROOT 0u

/* The state behind `state` for `byte`; 0 if there is none. Behind the highest base stand as many
 * places as there are bytes. */
static inline uint32_t sst__edge_follow(const struct sst_rules *set, uint32_t state,
                                        unsigned char byte)
{
	const struct sst__edge *edge = set->edges + state;
	uint32_t next = edge->value + (uint32_t)byte;

	if (edge->check & SST__EDGE_LEAF)
		return 0;
	return (set->edges[next].check & SST__EDGE_BYTE) == byte + 1u ? next : 0;
}

/* The first end at a state, plus one; 0 if there is none. */
static inline uint32_t sst__edge_ends(const struct sst_rules *set, uint32_t state)
{
	const struct sst__edge *edge = set->edges + state;

	if (edge->check & SST__EDGE_LEAF)
		return edge->value + 1u;
	return edge->check & SST__EDGE_ENDS ? set->edges[edge->value].value + 1u : 0;
}

/* The concepts of an end, of which there are `bits` & SST__END_COUNT. */
static inline const uint16_t *sst__end_concepts(const struct sst_rules *set,
                                                const struct sst__end *end)
{
	return (end->bits & SST__END_COUNT) == 1 ? &end->outs : set->outs + end->outs;
}

/* Number of a concept by name, in the set or its bases; -1 if there is none. */
int sst__concept_find(const struct sst_rules *set, sst_text name);

sst_text sst__rule_id(const struct sst_rules *set, const struct sst__rule *rule);

#endif
