/* SPDX-License-Identifier: MIT
 * core/match.c - literals to concepts, concepts to rules. */
#include "core/match.h"

enum { HITS = 255, PER_CONCEPT = 12 };

/* A concept that stands in the text. */
struct hit {
	uint16_t concept_id, first, last; /* first and last word */
	uint8_t next;                     /* the next one of the concept, plus one */
};

/* From one word to another. */
struct span {
	unsigned first, last;
	unsigned loose; /* words between the elements */
};

enum { SIGNS = 16, REASON_REACH = 6, PURPOSE_REACH = 8 };

struct finder {
	const struct sst_rules *set;
	const struct sst__scan *scan;
	struct sst__matches *out;
	unsigned hits;
	struct hit hit[HITS];
	/* Bit n: head[n] is set. To clear these is a tenth of the work of clearing the heads. */
	uint64_t known[SST__CONCEPTS / 64 + 1];
	uint8_t head[SST__CONCEPTS];    /* by concept: its first hit, plus one */
	bool not_after[SST__WORDS + 1]; /* a "not" ends at this word */
	bool any_not;
	/* Where "because", "please check" and "to protect you from" end. */
	unsigned reasons, advices, purposes;
	uint16_t reason[SIGNS], advice[SIGNS], purpose[SIGNS];
	bool present[SST__ELEMENTS]; /* by element of a set's rules: it is in the text */
};

/* The first hit of a concept, plus one; 0: none. */
static unsigned head_of(const struct finder *f, unsigned concept_id)
{
	return f->known[concept_id / 64] >> concept_id % 64 & 1 ? f->head[concept_id] : 0u;
}

static void add_hit(struct finder *f, unsigned concept_id, unsigned first, unsigned last)
{
	uint8_t *head = &f->head[concept_id];
	struct hit *hit;

	if (f->hits >= HITS)
		return;
	if (head_of(f, concept_id) == 0)
		*head = 0;
	f->known[concept_id / 64] |= UINT64_C(1) << concept_id % 64;
	if (*head != 0 && f->hit[*head - 1].first == first && f->hit[*head - 1].last == last)
		return;
	hit = &f->hit[f->hits++];
	hit->concept_id = (uint16_t)concept_id;
	hit->first = (uint16_t)first;
	hit->last = (uint16_t)last;
	hit->next = *head;
	*head = (uint8_t)f->hits;
}

/* A run of bytes that literals are looked for in: the folded words, or the inside of a name. */
struct run {
	const char *bytes;
	unsigned len, word;
	bool inner;
};

static bool is_boundary(const struct run *run, unsigned at)
{
	unsigned char c;

	if (at >= run->len)
		return true;
	c = (unsigned char)run->bytes[at];
	if (!run->inner)
		return c == ' ' || (c >= 0xe3 && c <= 0xed);
	return !(sst__is_alpha((char)c) || sst__is_digit((char)c) || c >= 0x80);
}

/* The word that the byte before `upto` belongs to. */
static unsigned last_word(const struct finder *f, const struct run *run, unsigned upto)
{
	unsigned word = run->word;

	if (run->inner)
		return word;
	while (word + 1 < f->scan->words && f->scan->word[word + 1].at < upto)
		word++;
	return word;
}

/* Whether the words of an end stand behind `at`. */
static bool end_fits(const struct sst_rules *set, const struct run *run, const struct sst__end *end,
                     unsigned at)
{
	unsigned upto = at + end->tail_len;

	if (upto > run->len ||
	    (end->tail_len != 0 &&
	     (run->bytes[at] != set->pool[end->tail] ||
	      memcmp(run->bytes + at, set->pool + end->tail, end->tail_len) != 0)))
		return false;
	return end->bits & SST__END_STEM || is_boundary(run, upto);
}

/* All literals that end in the state behind `at`. */
static void take_ends(struct finder *f, const struct sst_rules *set, const struct run *run,
                      uint32_t first, unsigned at)
{
	const struct sst__end *end = set->ends + first - 1;

	if (first == 0)
		return;
	for (;; end++) {
		const uint16_t *concepts = sst__end_concepts(set, end);
		if (end_fits(set, run, end, at)) {
			unsigned count = end->bits & SST__END_COUNT;
			unsigned last = last_word(f, run, at + end->tail_len);
			for (unsigned i = 0; i < count; i++)
				add_hit(f, concepts[i], run->word, last);
		}
		if (!(end->bits & SST__END_MORE))
			return;
	}
}

/* Digits at the start of a word may stand for <number>: their end, or `at` if they are part of a
 * word. */
static unsigned number_end(const struct run *run, unsigned at)
{
	unsigned end = at;

	while (end < run->len && sst__is_digit(run->bytes[end]))
		end++;
	return end < run->len && run->bytes[end] == ' ' ? end : at;
}

static void walk(struct finder *f, const struct sst_rules *set, const struct run *run,
                 uint32_t state, unsigned at, unsigned depth);

static void walk_number(struct finder *f, const struct sst_rules *set, const struct run *run,
                        uint32_t state, unsigned at, unsigned depth)
{
	unsigned end = number_end(run, at);
	uint32_t other = end > at ? sst__edge_follow(set, state, SST__PLACE_NUMBER) : 0;

	if (other == 0)
		return;
	take_ends(f, set, run, sst__edge_ends(set, other), end);
	walk(f, set, run, other, end, depth + 1);
}

static void walk(struct finder *f, const struct sst_rules *set, const struct run *run,
                 uint32_t state, unsigned at, unsigned depth)
{
	bool starts = true; /* `at` is the start of a word */

	while (at < run->len) {
		char c = run->bytes[at];
		if (starts && sst__is_digit(c) && depth < 3)
			walk_number(f, set, run, state, at, depth);
		starts = c == ' ';
		state = sst__edge_follow(set, state, (unsigned char)c);
		if (state == 0)
			return;
		at++;
		if (set->edges[state].check > SST__EDGE_BYTE)
			take_ends(f, set, run, sst__edge_ends(set, state), at);
	}
}

static void walk_inner(struct finder *f, const struct sst_rules *set,
                       const struct sst__inner *inner)
{
	struct run run = {f->scan->inner_bytes + inner->at, inner->len, inner->word, true};
	uint32_t start = sst__edge_follow(set, SST__ROOT, inner->mark);

	if (start == 0)
		return;
	for (unsigned at = 0; at < run.len; at++) {
		if (at == 0 || is_boundary(&run, at - 1))
			walk(f, set, &run, start, at, 9);
		if (inner->mark == SST__MARK_ADDRESS)
			return;
	}
}

/* From the last word to the first, so that the hits of a concept come in order. */
static void find_hits(struct finder *f)
{
	const struct sst__scan *scan = f->scan;
	unsigned inner = scan->inners;

	for (unsigned w = scan->words; w-- > 0;) {
		for (const struct sst_rules *set = f->set; set != NULL; set = set->base) {
			struct run run = {scan->folded, scan->folded_len, w, false};
			walk(f, set, &run, SST__ROOT, scan->word[w].at, 0);
			for (unsigned i = inner; i > 0 && scan->inner[i - 1].word == w; i--)
				walk_inner(f, set, &scan->inner[i - 1]);
		}
		while (inner > 0 && scan->inner[inner - 1].word == w)
			inner--;
	}
}

static unsigned flags_of(const struct finder *f, unsigned concept_id)
{
	const struct sst_rules *set = f->set;

	while (set->base != NULL && concept_id < set->base_concepts)
		set = set->base;
	concept_id -= set->base_concepts;
	return concept_id < set->named ? set->flags[concept_id] : 0;
}

static bool is_negated(const struct finder *f, const struct hit *hit)
{
	unsigned first = hit->first;

	return (first > 0 && f->not_after[first - 1]) || (first > 1 && f->not_after[first - 2]);
}

/* Notes where words stand that say something about what follows them. */
static void find_signs(struct finder *f)
{
	f->any_not = false;
	f->reasons = f->advices = f->purposes = 0;
	memset(f->not_after, 0, f->scan->words);
	for (unsigned i = 0; i < f->hits; i++) {
		unsigned flags = flags_of(f, f->hit[i].concept_id);
		if (flags & SST__CONCEPT_NOT)
			f->any_not = f->not_after[f->hit[i].last] = true;
		if ((flags & SST__CONCEPT_REASON) && f->reasons < SIGNS)
			f->reason[f->reasons++] = f->hit[i].last;
		if ((flags & SST__CONCEPT_ADVICE) && f->advices < SIGNS)
			f->advice[f->advices++] = f->hit[i].last;
		if ((flags & SST__CONCEPT_PURPOSE) && f->purposes < SIGNS)
			f->purpose[f->purposes++] = f->hit[i].last;
	}
}

/* Takes the hits that a "not" stands before out of their concepts' lists. */
static void drop_negated(struct finder *f)
{
	if (!f->any_not)
		return;
	for (unsigned i = 0; i < f->hits; i++) {
		unsigned id = f->hit[i].concept_id;
		uint8_t *link = &f->head[id];
		if (!(flags_of(f, id) & SST__CONCEPT_NEGATABLE) || !is_negated(f, &f->hit[i]))
			continue;
		while (*link != 0 && *link != i + 1)
			link = &f->hit[*link - 1].next;
		if (*link != 0)
			*link = f->hit[i].next;
	}
}

/* How many words, and sentence ends, lie between two words. Neighbours may share a position. */
static unsigned distance(const struct finder *f, unsigned before, unsigned after)
{
	unsigned from = f->scan->word[before].position, upto = f->scan->word[after].position;

	return upto > from ? upto - from - 1 : 0;
}

static bool gap_fits(const struct finder *f, const struct sst__atom *atom,
                     const struct span *so_far, const struct hit *hit)
{
	if (hit->first > so_far->last)
		return atom->gap == SST__GAP_ANY ||
		       (atom->gap == 0
		                ? hit->first == so_far->last + 1u
		                : distance(f, so_far->last, hit->first) <=
		                          (atom->gap == SST__GAP_NEAR ? SST__GAP_SOME : atom->gap));
	return atom->gap == SST__GAP_NEAR && hit->last < so_far->first &&
	       distance(f, hit->last, so_far->first) <= SST__GAP_SOME;
}

/* The first hit of an element that fits what was found so far. */
static const struct hit *nearest(const struct finder *f, const struct sst_rules *set,
                                 const struct sst__atom *atom, const struct span *so_far)
{
	const struct hit *best = NULL;

	for (unsigned a = 0; a < atom->count; a++) {
		unsigned next = head_of(f, set->alts[atom->first + a]);
		for (unsigned n = 0; next != 0 && n < PER_CONCEPT; n++) {
			const struct hit *hit = &f->hit[next - 1];
			next = hit->next;
			if (!gap_fits(f, atom, so_far, hit))
				continue;
			if (best == NULL || hit->first < best->first ||
			    (hit->first == best->first && hit->last < best->last))
				best = hit;
			break;
		}
	}
	return best;
}

/* The elements after the first, from one of its hits. */
static bool follow_chain(const struct finder *f, const struct sst_rules *set,
                         const struct sst__atom *atoms, unsigned count, struct span *span)
{
	for (unsigned i = 1; i < count; i++) {
		const struct hit *hit = nearest(f, set, &atoms[i], span);
		if (hit == NULL)
			return false;
		span->loose += hit->first > span->last ? distance(f, span->last, hit->first)
		                                       : distance(f, hit->last, span->first);
		if (hit->last > span->last)
			span->last = hit->last;
		if (hit->first < span->first)
			span->first = hit->first;
	}
	return true;
}

/* One chain: its elements in order. The first place in the text counts. */
static bool find_chain(const struct finder *f, const struct sst_rules *set,
                       const struct sst__atom *atoms, unsigned count, struct span *out)
{
	bool found = false;

	for (unsigned a = 0; a < atoms->count; a++) {
		unsigned next = head_of(f, set->alts[atoms->first + a]);
		for (unsigned n = 0; next != 0 && n < PER_CONCEPT; n++) {
			const struct hit *hit = &f->hit[next - 1];
			struct span span = {hit->first, hit->last, 0};
			next = hit->next;
			if (!follow_chain(f, set, atoms, count, &span))
				continue;
			if (!found || span.first < out->first)
				*out = span;
			found = true;
			break;
		}
	}
	return found;
}

/* Whether all elements that a rule cannot do without are somewhere in the text. */
static bool all_present(const struct finder *f, const struct sst__rule *rule)
{
	const bool *present = f->present + rule->atoms;
	unsigned needed = rule->needed;

	for (; needed != 0; needed >>= 1, present++)
		if ((needed & 1) && !*present)
			return false;
	return true;
}

/* All chains of a rule. */
static bool find_rule(const struct finder *f, const struct sst_rules *set,
                      const struct sst__rule *rule, struct span *span)
{
	const struct sst__atom *atoms = set->atoms + rule->atoms;
	bool any = false;

	for (unsigned i = 0, n; i < rule->atom_count; i += n) {
		struct span here;
		bool found;
		for (n = 1; i + n < rule->atom_count && atoms[i + n].gap < SST__GAP_NOT;)
			n++;
		found = find_chain(f, set, atoms + i, n, &here);
		if (found == (atoms[i].gap == SST__GAP_NOT))
			return false;
		if (!found)
			continue;
		if (!any)
			*span = here;
		else
			span->loose += here.loose;
		if (here.first < span->first)
			span->first = here.first;
		if (here.last > span->last)
			span->last = here.last;
		any = true;
	}
	return any;
}

/* Whether a sign stands in front of word `first`, in its sentence and within `reach`. */
static bool stands_before(const struct finder *f, const uint16_t *signs, unsigned count,
                          unsigned first, unsigned reach)
{
	const struct sst__word *words = f->scan->word;

	for (unsigned i = 0; i < count; i++)
		if (signs[i] < first && first - signs[i] <= reach &&
		    (unsigned)(words[first].position - words[signs[i]].position) <
		            first - signs[i] + 3u)
			return true;
	return false;
}

static void add_match(struct finder *f, const struct sst_rules *set, const struct sst__rule *rule,
                      const struct span *span)
{
	struct sst__matches *out = f->out;
	struct sst__match *match;

	for (unsigned i = 0; i < out->count; i++)
		if (out->list[i].rule == rule)
			return;
	if (out->count >= SST__MATCHES)
		return;
	match = &out->list[out->count++];
	match->set = set;
	match->rule = rule;
	match->from = f->scan->word[span->first].from;
	match->upto = f->scan->word[span->last].upto;
	match->loose = (uint8_t)(span->loose < 255 ? span->loose : 255);
	match->reason = stands_before(f, f->reason, f->reasons, span->first, REASON_REACH);
	match->advice = stands_before(f, f->advice, f->advices, span->first, SST__WORDS);
	match->purpose =
	        stands_before(f, f->purpose, f->purposes, span->first, PURPOSE_REACH) ||
	        stands_before(f, f->purpose, f->purposes, span->last, PURPOSE_REACH);
}

/* The rules of `set` that wait for a concept that was found. */
static void try_rules(struct finder *f, const struct sst_rules *set, unsigned concept_id)
{
	const uint16_t *waiting = set->waiting + set->waiting_first[concept_id];
	const uint16_t *end = set->waiting + set->waiting_first[concept_id + 1];

	for (; waiting < end; waiting++) {
		const struct sst__rule *rule = &set->rules[*waiting];
		struct span span;
		if (all_present(f, rule) && find_rule(f, set, rule, &span))
			add_match(f, set, rule, &span);
	}
}

/* Marks the elements of rules of `set` that a concept may be. */
static void mark_members(struct finder *f, const struct sst_rules *set, unsigned concept_id)
{
	const uint16_t *member = set->member + set->member_first[concept_id];
	const uint16_t *end = set->member + set->member_first[concept_id + 1];

	for (; member < end; member++)
		f->present[*member] = true;
}

/* A concept that was found is looked at once, by its first hit. */
static bool is_head(const struct finder *f, const struct sst_rules *set, unsigned i)
{
	unsigned id = f->hit[i].concept_id;

	return f->head[id] == i + 1 && id < set->concepts;
}

static void match_window(struct finder *f)
{
	f->hits = 0;
	memset(f->known, 0, (f->set->concepts / 64 + 1u) * sizeof *f->known);
	find_hits(f);
	find_signs(f);
	drop_negated(f);
	for (const struct sst_rules *set = f->set; set != NULL; set = set->base) {
		memset(f->present, 0, set->atom_count);
		for (unsigned i = 0; i < f->hits; i++)
			if (is_head(f, set, i))
				mark_members(f, set, f->hit[i].concept_id);
		for (unsigned i = 0; i < f->hits; i++)
			if (is_head(f, set, i))
				try_rules(f, set, f->hit[i].concept_id);
	}
}

void sst__match(const struct sst_rules *set, const struct sst__windows *text,
                struct sst__matches *out)
{
	struct sst__scan next;
	struct finder f;
	size_t at = text->at;

	out->count = 0;
	f.set = set;
	f.scan = &text->first;
	f.out = out;
	for (bool any = f.scan->words > 0; any;) {
		match_window(&f);
		any = sst__scan_next(text->text, &at, text->own, &next);
		f.scan = &next;
	}
}
