/* SPDX-License-Identifier: MIT
 * core/features.c - a text as the model sees it. */
#include "core/code.h"
#include "core/model.h"
#include "core/rules.h"

enum {
	BEGIN_LEAST = 2, /* letters of a word's beginning */
	BEGIN_MOST = 4,
	NEAR = 8,  /* words between two concepts that are a pair */
	RECENT = 6 /* concepts before one that it is paired with */
};

/* Concepts and codes say more than a word, beginnings and pairs less: tried out by
 * cross-validation. */
const uint8_t sst__feature_squares[SST__FEATURE_KINDS] = {
        [SST__FEATURE_REPLY] = 16,   [SST__FEATURE_CODE] = 16,    [SST__FEATURE_CLASS] = 4,
        [SST__FEATURE_WORD] = 4,     [SST__FEATURE_BEGIN] = 1,    [SST__FEATURE_PAIR] = 1,
        [SST__FEATURE_CONCEPT] = 16, [SST__FEATURE_CONCEPTS] = 4,
};

static const uint32_t EMPTY = 2166136261u;

static uint32_t mix(uint32_t hash, uint32_t value)
{
	return (hash ^ value) * 16777619u;
}

static uint32_t mix_bytes(uint32_t hash, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		hash = mix(hash, (unsigned char)bytes[i]);
	return hash;
}

static void add(struct sst__features *out, enum sst__feature_kind kind, uint32_t hash,
                uint32_t from, uint32_t upto)
{
	if (out->count >= SST__MODEL_FEATURES)
		return;
	/* The high bits are looked up, so that they must depend on all of the others. */
	hash = mix(hash, (uint32_t)kind * 0x9e3779b9u);
	hash ^= hash >> 15;
	hash *= 0x2c1b3c6du;
	hash ^= hash >> 12;
	hash *= 0x297a2d39u;
	hash ^= hash >> 15;
	out->list[out->count++] = (struct sst__feature){hash, from, upto, (uint8_t)kind};
}

/* Endings change from case to case in many languages, beginnings don't. */
static void add_begins(struct sst__features *out, const char *bytes, size_t len,
                       const struct sst__word *word)
{
	unsigned letters = 0;
	uint32_t hash = EMPTY;

	for (size_t i = 1; i < len && letters < BEGIN_MOST; i++) {
		hash = mix(hash, (unsigned char)bytes[i - 1]);
		if (((unsigned char)bytes[i] & 0xc0) != 0x80 && ++letters >= BEGIN_LEAST)
			add(out, SST__FEATURE_BEGIN, hash, word->from, word->upto);
	}
}

/* Bytes of a word: up to the blank or, between signs that stand without one, to the next word. */
static size_t length_of(const struct sst__scan *scan, unsigned word)
{
	size_t from = scan->word[word].at, at = from;
	size_t end = word + 1 < scan->words ? scan->word[word + 1].at : scan->folded_len;

	while (at < end && scan->folded[at] != ' ')
		at++;
	return at - from;
}

/* A walk through the built-in rules' literals, and the concepts that were seen on it. */
struct walk {
	const struct sst_rules *rules;
	const struct sst__scan *scan;
	struct sst__features *out;
	unsigned seen;
	/* Behind a "not", at once or after one more word. */
	bool negated[SST__WORDS + 2];
	struct {
		uint32_t hash;
		unsigned word;
	} recent[RECENT];
};

static void add_concept(struct walk *w, unsigned id, unsigned first, unsigned last)
{
	const struct sst__word *words = w->scan->word;
	uint32_t hash, upto = words[last].upto;
	sst_text name;

	if (id >= w->rules->named || w->rules->names[id] == 0) /* a literal of one rule alone */
		return;
	name = sst__text_constant(w->rules->pool + w->rules->names[id]);
	hash = mix_bytes(EMPTY, name.ptr, name.len);
	if (w->rules->flags[id] & SST__CONCEPT_NOT)
		w->negated[last + 1] = w->negated[last + 2] = true;
	if ((w->rules->flags[id] & SST__CONCEPT_NEGATABLE) && w->negated[first]) {
		w->out->negated = true;
		hash = mix(hash, 1);
	}
	add(w->out, SST__FEATURE_CONCEPT, hash, words[first].from, upto);
	for (unsigned i = 0; i < RECENT && i < w->seen; i++)
		if (w->recent[i].word + NEAR >= first && w->recent[i].hash != hash)
			add(w->out, SST__FEATURE_CONCEPTS, mix(w->recent[i].hash, hash),
			    words[w->recent[i].word].from, upto);
	w->recent[w->seen % RECENT].hash = hash;
	w->recent[w->seen++ % RECENT].word = first;
}

static bool is_boundary(const struct sst__scan *scan, unsigned at)
{
	unsigned char c = at < scan->folded_len ? (unsigned char)scan->folded[at] : ' ';

	return c == ' ' || (c >= 0xe3 && c <= 0xed);
}

/* The literals that end in the state behind `at`. */
static void add_ends(struct walk *w, uint32_t next, unsigned word, unsigned at)
{
	const struct sst_rules *set = w->rules;
	const struct sst__scan *scan = w->scan;

	for (bool more = true; more; next++) {
		const struct sst__end *end = &set->ends[next - 1];
		const uint16_t *concepts = sst__end_concepts(set, end);
		unsigned upto = at + end->tail_len, last = word;
		more = end->bits & SST__END_MORE;
		if (upto > scan->folded_len ||
		    (!(end->bits & SST__END_STEM) && !is_boundary(scan, upto)))
			continue;
		if (end->tail_len != 0 &&
		    memcmp(scan->folded + at, set->pool + end->tail, end->tail_len) != 0)
			continue;
		while (last + 1 < scan->words && scan->word[last + 1].at < upto)
			last++;
		for (unsigned i = 0; i < (end->bits & SST__END_COUNT); i++)
			add_concept(w, concepts[i], word, last);
	}
}

static void add_concepts(struct walk *w)
{
	const struct sst__scan *scan = w->scan;

	for (unsigned word = 0; word < scan->words; word++) {
		uint32_t state = SST__ROOT;
		for (unsigned at = scan->word[word].at; at < scan->folded_len;) {
			state = sst__edge_follow(w->rules, state,
			                         (unsigned char)scan->folded[at++]);
			if (state == 0)
				break;
			if (w->rules->edges[state].check > SST__EDGE_BYTE)
				add_ends(w, sst__edge_ends(w->rules, state), word, at);
		}
	}
}

static void add_words(struct walk *w)
{
	const struct sst__scan *scan = w->scan;
	struct sst__features *out = w->out;
	uint32_t before = 0, second = 0;

	for (unsigned i = 0; i < scan->words; i++) {
		const struct sst__word *word = &scan->word[i];
		const char *bytes = scan->folded + word->at;
		size_t len = length_of(scan, i);
		uint32_t hash = mix_bytes(w->negated[i] ? EMPTY + 1 : EMPTY, bytes, len);
		add(out, SST__FEATURE_WORD, hash, word->from, word->upto);
		if (i > 0)
			add(out, SST__FEATURE_PAIR, mix(before, hash), word[-1].from, word->upto);
		if (i > 1 && (unsigned char)bytes[0] >= 0x80)
			add(out, SST__FEATURE_PAIR, mix(mix(second, before), hash), word[-2].from,
			    word->upto);
		if (len > BEGIN_LEAST && !w->negated[i])
			add_begins(out, bytes, len, word);
		second = before;
		before = hash;
	}
}

void sst__features_read(const struct sst__windows *text, uint16_t reply, sst_code status,
                        struct sst__features *out)
{
	struct sst__scan next;
	const struct sst__scan *scan = &text->first;
	uint32_t code = sst__code_is(status) ? status.subject * 1000u + status.detail : 1000000u;
	size_t at = text->at;

	out->count = 0;
	out->negated = false;
	add(out, SST__FEATURE_REPLY, reply, 0, 0);
	add(out, SST__FEATURE_CODE, code, 0, 0);
	add(out, SST__FEATURE_CLASS, reply != 0 ? reply / 100u : status.cls, 0, 0);
	for (bool any = scan->words > 0; any && out->count < SST__MODEL_FEATURES;) {
		struct walk walk = {.rules = sst_rules_builtin(), .scan = scan, .out = out};
		add_concepts(&walk);
		add_words(&walk);
		any = sst__scan_next(text->text, &at, text->own, &next);
		scan = &next;
	}
}
