/* SPDX-License-Identifier: MIT
 * core/trie.c - all literals of a set in one trie, kept as a hash of edges; and the list of rules
 * that wait for each concept. */
#include "core/compile.h"
#include "core/scan.h"

static int compare(const struct sst__compiler *c, const struct sst__literal *a,
                   const struct sst__literal *b)
{
	unsigned len = a->len < b->len ? a->len : b->len;
	int order = memcmp(c->pool + a->at, c->pool + b->at, len);

	if (order != 0)
		return order;
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	if (a->stem != b->stem)
		return a->stem ? 1 : -1;
	return (int)a->concept_id - (int)b->concept_id;
}

/* Heap sort: no recursion, no bad case. */
static void sift(const struct sst__compiler *c, struct sst__literal *list, unsigned from,
                 unsigned n)
{
	for (;;) {
		unsigned child = 2 * from + 1;
		struct sst__literal swap;
		if (child >= n)
			return;
		if (child + 1 < n && compare(c, &list[child], &list[child + 1]) < 0)
			child++;
		if (compare(c, &list[from], &list[child]) >= 0)
			return;
		swap = list[from];
		list[from] = list[child];
		list[child] = swap;
		from = child;
	}
}

static void sort(struct sst__compiler *c)
{
	unsigned n = c->literal_count;
	struct sst__literal *list = c->literals;

	for (unsigned i = n / 2; i-- > 0;)
		sift(c, list, i, n);
	for (unsigned end = n; end-- > 1;) {
		struct sst__literal swap = list[0];
		list[0] = list[end];
		list[end] = swap;
		sift(c, list, 0, end);
	}
}

static bool same_words(const struct sst__compiler *c, const struct sst__literal *a,
                       const struct sst__literal *b)
{
	return a->len == b->len && memcmp(c->pool + a->at, c->pool + b->at, a->len) == 0;
}

/* How many bytes two neighbours share. */
static unsigned shared(const struct sst__compiler *c, unsigned a, unsigned b)
{
	const struct sst__literal *x = &c->literals[a], *y = &c->literals[b];
	unsigned n = 0;

	while (n < x->len && n < y->len && c->pool[x->at + n] == c->pool[y->at + n])
		n++;
	return n;
}

/* A number is any digits in the text, so that it cannot be compared in a tail: behind the last one
 * of a literal. */
static unsigned behind_numbers(const struct sst__compiler *c, const struct sst__literal *literal)
{
	unsigned at = literal->len;

	while (at > 0 && (unsigned char)c->pool[literal->at + at - 1] != SST__PLACE_NUMBER)
		at--;
	return at;
}

/* How many bytes of a literal are edges of the trie: what it shares with its neighbours and one
 * more; the others are its tail. */
static unsigned head_len(const struct sst__compiler *c, unsigned i)
{
	const struct sst__literal *literal = &c->literals[i];
	unsigned before = 0, after = 0, most, twin = i, next = i + 1;
	unsigned least = behind_numbers(c, literal);

	while (twin > 0 && same_words(c, literal, &c->literals[twin - 1]))
		twin--;
	if (twin > 0)
		before = shared(c, twin - 1, i);
	while (next < c->literal_count && same_words(c, literal, &c->literals[next]))
		next++;
	if (next < c->literal_count)
		after = shared(c, i, next);
	most = before > after ? before : after;
	if (most + 1 < least)
		most = least - 1;
	return most + 1 < literal->len ? most + 1 : literal->len;
}

/* Goes along an edge, and makes it when there is none. 0: no room. */
static uint32_t walk(struct sst__compiler *c, struct sst__edge *edges, uint32_t state,
                     unsigned char byte)
{
	uint32_t key = (state + 1) << 8 | byte, slot = sst__edge_slot(&c->set, key);

	for (unsigned probes = 0; probes < SST__PROBES; probes++) {
		if (edges[slot].key == key)
			return slot;
		if (edges[slot].key == 0) {
			if (slot == 0)
				edges[slot].key = 1; /* 0 means none: never used */
			else {
				edges[slot].key = key;
				return slot;
			}
		}
		slot++;
	}
	return 0;
}

static bool add_end(struct sst__compiler *c, struct sst__edge *edge, struct sst__end *ends,
                    uint16_t *outs, unsigned i, unsigned head)
{
	const struct sst__literal *literal = &c->literals[i];
	struct sst__end *end;

	if (edge->first != 0) {
		end = &ends[edge->first - 1];
		/* The newest end of a state stands first; the same words join it. */
		if (end->stem == literal->stem && end->tail_len == literal->len - head &&
		    end->outs + end->count == c->set.out_count && end->count < 255 && i > 0 &&
		    same_words(c, literal, literal - 1)) {
			if (outs[c->set.out_count - 1] != literal->concept_id) {
				outs[c->set.out_count++] = literal->concept_id;
				end->count++;
			}
			return true;
		}
	}
	if (c->set.end_count >= 65535)
		return sst__compile_fail(c, NULL, "too many literals");
	end = &ends[c->set.end_count++];
	end->next = (uint16_t)edge->first;
	edge->first = c->set.end_count;
	end->tail = literal->at + head;
	end->tail_len = (uint8_t)(literal->len - head);
	end->stem = literal->stem;
	end->outs = (uint16_t)c->set.out_count;
	end->count = 1;
	outs[c->set.out_count++] = literal->concept_id;
	return true;
}

static bool fill(struct sst__compiler *c, struct sst__edge *edges, struct sst__end *ends,
                 uint16_t *outs)
{
	for (unsigned i = 0; i < c->literal_count; i++) {
		unsigned head = head_len(c, i);
		const char *bytes = c->pool + c->literals[i].at;
		uint32_t state = SST__ROOT;
		for (unsigned k = 0; k < head; k++) {
			state = walk(c, edges, state, (unsigned char)bytes[k]);
			if (state == 0)
				return false;
		}
		if (!add_end(c, &edges[state], ends, outs, i, head))
			return false;
	}
	return true;
}

/* Where edges crowd too much for the longest search, another number of slots spreads them anew. */
static bool fill_somehow(struct sst__compiler *c, struct sst__edge *edges, struct sst__end *ends,
                         uint16_t *outs)
{
	uint32_t slots = c->set.edge_slots;

	for (unsigned tries = 0; tries < 32 && c->error.err == SST_OK; tries++) {
		c->set.edge_slots = slots - slots / 512 * tries;
		c->set.end_count = c->set.out_count = 0;
		memset(edges, 0, c->set.edge_count * sizeof *edges);
		if (fill(c, edges, ends, outs))
			return true;
	}
	return c->error.err == SST_OK ? sst__compile_fail(c, NULL, "the trie is too crowded")
	                              : false;
}

bool sst__trie_build(struct sst__compiler *c)
{
	struct sst__edge *edges;
	struct sst__end *ends;
	uint16_t *outs;
	size_t want = 16;

	sort(c);
	for (unsigned i = 0; i < c->literal_count; i++) {
		unsigned before = i == 0 ? 0 : shared(c, i - 1, i), head = head_len(c, i);
		want += head > before ? head - before : 0;
	}
	c->set.edge_slots = (uint32_t)(want + want * 5 / 10);
	c->set.edge_count = c->set.edge_slots + SST__PROBES;
	edges = sst__compile_take(c, c->set.edge_count * sizeof *edges);
	ends = sst__compile_take(c, (c->literal_count + 1) * sizeof *ends);
	outs = sst__compile_take(c, (c->literal_count + 1) * sizeof *outs);
	if (c->error.err != SST_OK)
		return false;
	c->set.edges = edges;
	c->set.ends = ends;
	c->set.outs = outs;
	return fill_somehow(c, edges, ends, outs);
}

/* A rule waits for the element that the fewest rules wait for. */
static const struct sst__atom *pick(const struct sst__compiler *c, const struct sst__rule *rule,
                                    const uint16_t *popular)
{
	const struct sst__atom *best = NULL;
	unsigned least = 0;

	for (unsigned i = 0; i < rule->atom_count; i++) {
		const struct sst__atom *atom = &c->atoms[rule->atoms + i];
		unsigned sum = 0;
		if (atom->gap == SST__GAP_NOT)
			while (i + 1 < rule->atom_count &&
			       c->atoms[rule->atoms + i + 1].gap < SST__GAP_NOT)
				i++;
		if (atom->gap == SST__GAP_NOT)
			continue;
		for (unsigned k = 0; k < atom->count; k++)
			sum += popular[c->alts[atom->first + k]];
		if (best == NULL || sum < least) {
			best = atom;
			least = sum;
		}
	}
	return best;
}

static void count_popular(const struct sst__compiler *c, uint16_t *popular)
{
	for (unsigned i = 0; i < c->set.alt_count; i++)
		if (popular[c->alts[i]] < 65535)
			popular[c->alts[i]]++;
}

static uint64_t bit(unsigned key)
{
	return UINT64_C(1) << key;
}

/* The keys of codes that a rule may hold for. */
static uint64_t keys_of(const struct sst__compiler *c, const struct sst__rule *rule)
{
	const uint64_t enhanced = ~(bit(sst__enhanced_key(0, 0)) - 1);
	uint64_t keys = 0;

	for (unsigned i = 0; i < rule->cond_count; i++) {
		const struct sst__cond *cond = &c->conds[rule->conds + i];
		for (unsigned reply = cond->reply_low; reply != 0 && reply <= cond->reply_high;
		     reply++)
			keys |= bit(sst__reply_key(reply));
		if (cond->reply_high != 0)
			continue;
		for (unsigned s = cond->subject_low; s <= cond->subject_high; s++)
			for (unsigned d = cond->detail_low; d <= cond->detail_high; d++)
				if (((keys |= bit(sst__enhanced_key(s, d))) & enhanced) == enhanced)
					return UINT64_MAX;
	}
	return keys;
}

static bool list_wordless(struct sst__compiler *c)
{
	unsigned words = sst__key_words(c->set.wordless_count);
	uint64_t *bits = sst__compile_take(c, (SST__KEYS * words + 1) * sizeof *bits);

	if (bits == NULL)
		return false;
	for (unsigned i = 0; i < c->set.wordless_count; i++) {
		uint64_t keys = keys_of(c, &c->rules[c->set.wordless[i]]);
		for (unsigned key = 0; key < SST__KEYS; key++)
			if (keys & bit(key))
				bits[key * words + i / 64] |= bit(i % 64);
	}
	c->set.wordless_bits = bits;
	return true;
}

/* Counts, or with `waiting` writes down, who waits for what. */
static bool list_rules(struct sst__compiler *c, const uint16_t *popular, uint16_t *first,
                       uint16_t *waiting, uint16_t *wordless)
{
	c->set.wordless_count = 0;
	for (unsigned i = 0; i < c->set.rule_count; i++) {
		const struct sst__atom *atom = pick(c, &c->rules[i], popular);
		if (atom == NULL) {
			if (wordless != NULL)
				wordless[c->set.wordless_count] = (uint16_t)i;
			c->set.wordless_count++;
			continue;
		}
		for (unsigned k = 0; k < atom->count; k++) {
			uint16_t id = c->alts[atom->first + k];
			if (waiting != NULL)
				waiting[first[id]] = (uint16_t)i;
			if (first[id]++ == 65535)
				return sst__compile_fail(c, NULL, "too many rules");
		}
	}
	return true;
}

bool sst__waiting_build(struct sst__compiler *c)
{
	unsigned n = c->set.concepts;
	uint16_t *popular = sst__compile_take(c, (n + 1) * sizeof *popular);
	uint16_t *first = sst__compile_take(c, (n + 2) * sizeof *first);
	uint16_t *waiting = sst__compile_take(c, (c->set.alt_count + 1) * sizeof *waiting);
	uint16_t *wordless = sst__compile_take(c, (c->set.rule_count + 1u) * sizeof *wordless);
	unsigned sum = 0;

	if (c->error.err != SST_OK)
		return false;
	count_popular(c, popular);
	if (!list_rules(c, popular, first, NULL, NULL))
		return false;
	for (unsigned i = 0; i <= n; i++) {
		unsigned here = first[i];
		if (here > SST__RULES_AT)
			return sst__compile_fail(c, NULL, "too many rules wait for one word");
		first[i] = (uint16_t)sum;
		sum += here;
	}
	list_rules(c, popular, first, waiting, wordless);
	for (unsigned i = n; i > 0; i--)
		first[i] = first[i - 1];
	first[0] = 0;
	c->set.waiting_first = first;
	c->set.waiting = waiting;
	c->set.wordless = wordless;
	return list_wordless(c);
}
