/* SPDX-License-Identifier: MIT
 * core/compile.h - rules from text to tables; shared by its parts, by gen/rules and by tests. */
#ifndef SST_CORE_COMPILE_H
#define SST_CORE_COMPILE_H

#include "core/rules.h"

/* A literal on its way into the trie. */
struct sst__literal {
	uint32_t at; /* in `pool` */
	uint8_t len;
	bool stem;
	uint16_t concept_id;
};

struct sst__compiler {
	struct sst_rules set; /* arrays point to what follows */
	sst_text tsv;
	size_t line;      /* offset of the row at hand */
	sst_result error; /* the first one */

	struct sst__literal *literals;
	unsigned literal_count, literal_room;
	uint32_t *seen; /* hash of literals of nameless concepts: number + 1 */
	unsigned seen_mask;

	char *pool;
	uint32_t pool_room;
	struct sst__rule *rules;
	unsigned rule_room;
	struct sst__atom *atoms;
	uint16_t *alts;
	struct sst__cond *conds;
	unsigned atom_room, alt_room, cond_room;
	uint32_t *names;
	uint8_t *flags;
	unsigned concept_room;

	char *memory; /* the rest of it */
	size_t left;
};

/* Bytes of memory that compiling `tsv` on `base` takes at most. */
size_t sst__compile_size(const struct sst_rules *base, sst_text tsv);

/* Compiles `tsv` on `base` (NULL: on nothing). */
sst_result sst__compile(const struct sst_rules *base, sst_text tsv, void *memory, size_t size,
                        const struct sst_rules **out);

/* Notes the first error, at `at` in the text; returns false. */
bool sst__compile_fail(struct sst__compiler *c, const char *where, const char *rule);

/* A zeroed piece of the memory; NULL and an error if it is used up. */
void *sst__compile_take(struct sst__compiler *c, size_t size);

/* core/pattern.c: the words, codes and settings of a rule. */
bool sst__pattern_words(struct sst__compiler *c, struct sst__rule *rule, sst_text cell);
bool sst__pattern_codes(struct sst__compiler *c, struct sst__rule *rule, sst_text cell);
bool sst__pattern_set(struct sst__compiler *c, struct sst__rule *rule, sst_text cell);

/* core/literal.c: folds words into the pool and adds them to a concept. `more` is set for a stem.
 */
bool sst__literal_add(struct sst__compiler *c, sst_text words, unsigned concept_id);

/* The concept of one literal alone, made when it is not there yet; -1 on error. */
int sst__literal_concept(struct sst__compiler *c, sst_text words);

/* A new concept; -1 on error. */
int sst__concept_add(struct sst__compiler *c, sst_text name, unsigned flags);

uint32_t sst__pool_add(struct sst__compiler *c, sst_text text);

/* core/trie.c: all literals into the trie; who waits for whom. */
bool sst__trie_build(struct sst__compiler *c);
bool sst__waiting_build(struct sst__compiler *c);

#endif
