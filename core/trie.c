/* SPDX-License-Identifier: MIT
 * core/trie.c - all literals of a set in one trie, kept as a double array; and the list of rules
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

/* How many bytes of a literal have states of their own: one more than it shares with any other, and
 * all up to a number. What is behind them is its tail. */
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

/* The array while it is made. */
struct builder {
	struct sst__compiler *c;
	struct sst__edge *edges;
	uint8_t *used;  /* bit n: some state has base n */
	uint32_t room;  /* places, of which the last BYTES are left free */
	uint32_t first; /* no place before it is worth a look */
	uint32_t top;   /* no place from here on is taken */
};

enum { BYTES = 256, LOOKS = 1000 };

static bool base_fits(const struct builder *b, uint32_t base, const uint8_t *bytes, unsigned n)
{
	if (b->used[base / 8] >> base % 8 & 1)
		return false;
	for (unsigned i = 0; i < n; i++)
		if (b->edges[base + bytes[i]].check != 0)
			return false;
	return true;
}

/* A base for a state that these bytes lead on from: the lowest that fits, unless that takes long;
 * 0: no room. */
static uint32_t find_base(struct builder *b, const uint8_t *bytes, unsigned n)
{
	uint32_t at = b->first > bytes[0] ? b->first : bytes[0] + 1u, looks = 0;

	for (; at < b->top && looks < LOOKS; at++)
		if (b->edges[at].check == 0) {
			if (base_fits(b, at - bytes[0], bytes, n))
				return at - bytes[0];
			looks++;
		}
	if (looks == LOOKS && n == 1)
		b->first = at;
	for (at = at < b->top ? b->top : at; at - bytes[0] + BYTES <= b->room; at++)
		if (base_fits(b, at - bytes[0], bytes, n))
			return at - bytes[0];
	return 0;
}

/* Makes the states behind `state`, which is that of the first `depth` bytes of literal `i`. */
static bool put_children(struct builder *b, unsigned i, unsigned depth, uint32_t state)
{
	const struct sst__compiler *c = b->c;
	const struct sst__literal *literal = &c->literals[i];
	uint8_t bytes[BYTES];
	struct sst__edge *edge = &b->edges[state];
	bool ends = edge->check & SST__EDGE_LEAF;
	unsigned n = 0;
	uint32_t base;

	if (ends)
		bytes[n++] = 0;

	for (unsigned k = i; k < c->literal_count; k++) {
		const struct sst__literal *other = &c->literals[k];
		const char *words = c->pool + other->at;
		if (other->len <= depth || memcmp(words, c->pool + literal->at, depth) != 0)
			break;
		if (n == 0 || bytes[n - 1] != (uint8_t)words[depth])
			bytes[n++] = (uint8_t)words[depth];
	}
	base = find_base(b, bytes, n);
	if (base == 0 || base > UINT16_MAX)
		return sst__compile_fail(b->c, NULL, "the trie is too crowded");
	b->used[base / 8] |= (uint8_t)(1u << base % 8);
	for (unsigned k = 0; k < n; k++)
		b->edges[base + bytes[k]].check = (uint16_t)(bytes[k] + 1u);
	if (ends) {
		b->edges[base] = (struct sst__edge){edge->value, SST__EDGE_LEAF | 1};
		edge->check = (uint16_t)(edge->check ^ (SST__EDGE_LEAF | SST__EDGE_ENDS));
	}
	edge->value = (uint16_t)base;
	if (base + bytes[n - 1] >= b->top)
		b->top = base + bytes[n - 1] + 1u;
	if (base + BYTES > b->c->set.edge_count)
		b->c->set.edge_count = base + BYTES;
	while (b->first < b->top && b->edges[b->first].check != 0)
		b->first++;
	return true;
}

/* One more concept for the newest end, which keeps a single one in itself. */
static bool join_end(struct sst__compiler *c, struct sst__end *end, uint16_t *outs,
                     unsigned concept_id)
{
	unsigned count = end->bits & SST__END_COUNT;

	if ((count == 1 ? end->outs : outs[c->set.out_count - 1]) == concept_id)
		return true;
	if (c->set.out_count >= UINT16_MAX)
		return sst__compile_fail(c, NULL, "too many literals");
	if (count == 1) {
		outs[c->set.out_count] = end->outs;
		end->outs = (uint16_t)c->set.out_count++;
	}
	outs[c->set.out_count++] = (uint16_t)concept_id;
	end->bits++;
	return true;
}

/* Literals of one state have the same words, and so come behind each other. */
static bool add_end(struct sst__compiler *c, struct sst__edge *edge, struct sst__end *ends,
                    uint16_t *outs, unsigned i, unsigned head)
{
	const struct sst__literal *literal = &c->literals[i];
	unsigned stem = literal->stem ? SST__END_STEM : 0;
	struct sst__end *end = NULL;

	if (edge->check & SST__EDGE_LEAF)
		end = &ends[c->set.end_count - 1];
	if (end != NULL && (end->bits & SST__END_STEM) == stem &&
	    (end->bits & SST__END_COUNT) < SST__END_COUNT)
		return join_end(c, end, outs, literal->concept_id);
	if (c->set.end_count >= UINT16_MAX)
		return sst__compile_fail(c, NULL, "too many literals");
	if (end != NULL)
		end->bits |= SST__END_MORE;
	edge->check |= SST__EDGE_LEAF;
	if (end == NULL)
		edge->value = (uint16_t)c->set.end_count;
	end = &ends[c->set.end_count++];
	end->tail = literal->at + head;
	end->tail_len = (uint8_t)(literal->len - head);
	end->bits = (uint8_t)(stem + 1);
	end->outs = literal->concept_id;
	return true;
}

/* The literals come in order, so that the states do too: near each other in memory are those that
 * are walked through behind each other. */
static bool fill(struct builder *b, struct sst__end *ends, uint16_t *outs)
{
	struct sst__compiler *c = b->c;

	for (unsigned i = 0; i < c->literal_count; i++) {
		unsigned head = head_len(c, i);
		const char *bytes = c->pool + c->literals[i].at;
		uint32_t state = SST__ROOT;
		for (unsigned k = 0; k < head; k++) {
			bool bare = b->edges[state].value == 0 ||
			            b->edges[state].check & SST__EDGE_LEAF;
			if (bare && !put_children(b, i, k, state))
				return false;
			state = sst__edge_follow(&c->set, state, (unsigned char)bytes[k]);
		}
		if (!add_end(c, &b->edges[state], ends, outs, i, head))
			return false;
	}
	return true;
}

bool sst__trie_build(struct sst__compiler *c)
{
	struct builder b = {.c = c, .first = 1, .top = 1};
	struct sst__end *ends;
	uint16_t *outs;
	size_t want = 0;

	sort(c);
	for (unsigned i = 0; i < c->literal_count; i++) {
		unsigned before = i == 0 ? 0 : shared(c, i - 1, i), head = head_len(c, i);
		want += head > before ? head - before : 0;
	}
	b.room = (uint32_t)(want + want / 4 + 3 * BYTES);
	b.edges = sst__compile_take(c, b.room * sizeof *b.edges);
	b.used = sst__compile_take(c, b.room / 8 + 1);
	ends = sst__compile_take(c, (c->literal_count + 1) * sizeof *ends);
	outs = sst__compile_take(c, (c->literal_count + 1) * sizeof *outs);
	if (c->error.err != SST_OK)
		return false;
	b.edges[SST__ROOT].check = SST__EDGE_BYTE; /* no byte leads there */
	c->set.edge_count = BYTES;
	c->set.edges = b.edges;
	c->set.ends = ends;
	c->set.outs = outs;
	return fill(&b, ends, outs);
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

/* Rule number `i` of those without words may hold for codes of this key. */
static void mark_key(uint64_t *bits, unsigned words, unsigned i, unsigned key)
{
	bits[key * words + i / 64] |= UINT64_C(1) << i % 64;
}

/* Eight subjects in a row have all the keys that there are, and so have the common details and one
 * more. */
static void mark_condition(uint64_t *bits, unsigned words, unsigned i, const struct sst__cond *cond)
{
	for (unsigned reply = cond->reply_low; reply != 0 && reply <= cond->reply_high; reply++)
		mark_key(bits, words, i, sst__reply_key(reply));
	if (cond->reply_high != 0)
		return;
	for (unsigned s = cond->subject_low, n = 0; s <= cond->subject_high && n < SST__SUBJECTS;
	     s++, n++)
		for (unsigned d = cond->detail_low; d <= cond->detail_high; d++) {
			mark_key(bits, words, i, sst__enhanced_key(s, d));
			if (d > SST__DETAILS_KNOWN)
				break;
		}
}

static bool list_wordless(struct sst__compiler *c)
{
	unsigned words = sst__key_words(c->set.wordless_count);
	uint64_t *bits = sst__compile_take(c, (SST__KEYS * words + 1) * sizeof *bits);

	if (bits == NULL)
		return false;
	for (unsigned i = 0; i < c->set.wordless_count; i++) {
		const struct sst__rule *rule = &c->rules[c->set.wordless[i]];
		for (unsigned k = 0; k < rule->cond_count; k++)
			mark_condition(bits, words, i, &c->conds[rule->conds + k]);
	}
	c->set.wordless_bits = bits;
	return true;
}

/* The elements that a rule cannot do without: all but those of chains that must not be found. */
static uint16_t needed_by(const struct sst__compiler *c, const struct sst__rule *rule)
{
	unsigned needed = 0;
	bool wanted = true;

	for (unsigned i = 0; i < rule->atom_count; i++) {
		unsigned gap = c->atoms[rule->atoms + i].gap;
		if (gap >= SST__GAP_NOT)
			wanted = gap != SST__GAP_NOT;
		if (wanted)
			needed |= 1u << i;
	}
	return (uint16_t)needed;
}

/* Turns numbers of entries by concept into where each begins. */
static void add_up(uint16_t *first, unsigned n)
{
	unsigned sum = 0;

	for (unsigned i = 0; i <= n; i++) {
		unsigned here = first[i];
		first[i] = (uint16_t)sum;
		sum += here;
	}
}

/* Once each list has been written, `first` is where the next one begins. */
static void move_up(uint16_t *first, unsigned n)
{
	for (unsigned i = n; i > 0; i--)
		first[i] = first[i - 1];
	first[0] = 0;
}

static bool list_members(struct sst__compiler *c)
{
	unsigned n = c->set.concepts;
	uint16_t *first = sst__compile_take(c, (n + 2) * sizeof *first);
	uint16_t *member = sst__compile_take(c, (c->set.alt_count + 1) * sizeof *member);

	if (first == NULL || member == NULL)
		return false;
	for (unsigned i = 0; i < c->set.alt_count; i++)
		first[c->alts[i]]++;
	add_up(first, n);
	for (unsigned i = 0; i < c->set.atom_count; i++)
		for (unsigned k = 0; k < c->atoms[i].count; k++)
			member[first[c->alts[c->atoms[i].first + k]]++] = (uint16_t)i;
	move_up(first, n);
	c->set.member_first = first;
	c->set.member = member;
	for (unsigned i = 0; i < c->set.rule_count; i++)
		c->rules[i].needed = needed_by(c, &c->rules[i]);
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

	if (c->error.err != SST_OK)
		return false;
	count_popular(c, popular);
	if (!list_rules(c, popular, first, NULL, NULL))
		return false;
	for (unsigned i = 0; i <= n; i++)
		if (first[i] > SST__RULES_AT)
			return sst__compile_fail(c, NULL, "too many rules wait for one word");
	add_up(first, n);
	list_rules(c, popular, first, waiting, wordless);
	move_up(first, n);
	c->set.waiting_first = first;
	c->set.waiting = waiting;
	c->set.wordless = wordless;
	return list_wordless(c) && list_members(c);
}
