/* SPDX-License-Identifier: MIT
 * core/compile.c - rules from text to tables.
 *
 * The text holds tables one after another: each starts with a line that names its columns. A table
 * with the column `concept` adds words to concepts, one with the column `id` has rules. '#' starts
 * a comment line. */
#include "core/compile.h"
#include "core/providers.h"

enum { COLUMNS = 16, FROM_TEXT = 40 };

struct table {
	sst_text names[COLUMNS], cells[COLUMNS];
	unsigned columns;
	bool rules;
};

bool sst__compile_fail(struct sst__compiler *c, const char *where, const char *rule)
{
	size_t at = c->line;

	if (where >= c->tsv.ptr && where <= c->tsv.ptr + c->tsv.len)
		at = (size_t)(where - c->tsv.ptr);
	if (c->error.err == SST_OK)
		c->error = (sst_result){SST_E_SYNTAX, at, rule};
	return false;
}

void *sst__compile_take(struct sst__compiler *c, size_t size)
{
	char *piece = c->memory;

	size = (size + 15) & ~(size_t)15;
	if (size > c->left) {
		sst__compile_fail(c, NULL, "out of memory");
		return NULL;
	}
	memset(piece, 0, size);
	c->memory += size;
	c->left -= size;
	return piece;
}

size_t sst__compile_size(const struct sst_rules *base, sst_text tsv)
{
	size_t concepts = base == NULL ? 0 : base->concepts;

	/* Each array's room is a part of the text's length: see make_room. The trie has at most two
	 * states for each byte of a literal, and some room more. */
	return tsv.len * FROM_TEXT + concepts * 4 + 65536;
}

static unsigned power_of_two(size_t least)
{
	unsigned n = 16;

	while (n < least)
		n *= 2;
	return n;
}

static bool make_room(struct sst__compiler *c)
{
	size_t n = c->tsv.len;

	c->literal_room = (unsigned)(n / 4 + 16);
	c->pool_room = (uint32_t)(n + n / 2 + 64);
	c->rule_room = (unsigned)(n / 16 + 4);
	c->atom_room = c->cond_room = (unsigned)(n / 8 + 8);
	c->alt_room = (unsigned)(n / 4 + 16);
	c->concept_room = (unsigned)(n / 4 + 16);
	if (c->concept_room > SST__CONCEPTS)
		c->concept_room = SST__CONCEPTS;
	c->seen_mask = power_of_two(c->concept_room * 2) - 1;
	c->literals = sst__compile_take(c, c->literal_room * sizeof *c->literals);
	c->pool = sst__compile_take(c, c->pool_room);
	c->rules = sst__compile_take(c, c->rule_room * sizeof *c->rules);
	c->atoms = sst__compile_take(c, c->atom_room * sizeof *c->atoms);
	c->conds = sst__compile_take(c, c->cond_room * sizeof *c->conds);
	c->alts = sst__compile_take(c, c->alt_room * sizeof *c->alts);
	c->names = sst__compile_take(c, c->concept_room * sizeof *c->names);
	c->flags = sst__compile_take(c, c->concept_room);
	c->seen = sst__compile_take(c, (c->seen_mask + 1) * sizeof *c->seen);
	if (c->error.err != SST_OK)
		return false;
	c->set.pool_len = 1; /* offset 0 is no name */
	c->set.pool = c->pool;
	c->set.rules = c->rules;
	c->set.atoms = c->atoms;
	c->set.conds = c->conds;
	c->set.alts = c->alts;
	c->set.names = c->names;
	c->set.flags = c->flags;
	return true;
}

int sst__concept_find(const struct sst_rules *set, sst_text name)
{
	for (; set != NULL; set = set->base) {
		for (unsigned i = 0; i < set->named; i++) {
			const char *known = set->pool + set->names[i];
			if (set->names[i] != 0 && sst__text_same(name, sst__text_constant(known)))
				return (int)(set->base_concepts + i);
		}
	}
	return -1;
}

sst_text sst__rule_id(const struct sst_rules *set, const struct sst__rule *rule)
{
	return (sst_text){set->pool + rule->id, rule->id_len};
}

static unsigned cut(sst_text line, sst_text *cells)
{
	unsigned n = 0;
	size_t from = 0;

	while (from <= line.len) {
		size_t upto = sst__text_find(line, from, '\t');
		if (n < COLUMNS)
			cells[n] = sst__text_part(line, from, upto);
		n++;
		from = upto + 1;
	}
	return n;
}

static sst_text cell(const struct table *table, sst_text name)
{
	for (unsigned i = 0; i < table->columns; i++)
		if (sst__text_same(table->names[i], name)) {
			sst_text found = sst__text_trim(table->cells[i]);
			return sst__text_same(found, SST_TEXT("-")) ? SST_NO_TEXT : found;
		}
	return SST_NO_TEXT;
}

/* What the sign in front of a concept's name says. */
static unsigned flag_of(char sign)
{
	return sign == '~'   ? SST__CONCEPT_NEGATABLE
	       : sign == '!' ? SST__CONCEPT_NOT
	       : sign == '^' ? SST__CONCEPT_REASON
	       : sign == '?' ? SST__CONCEPT_ADVICE
	       : sign == '>' ? SST__CONCEPT_PURPOSE
	                     : 0;
}

/* concept, words */
static bool add_concept_row(struct sst__compiler *c, const struct table *table)
{
	sst_text name = cell(table, SST_TEXT("concept")), words = cell(table, SST_TEXT("words"));
	unsigned flags = flag_of(sst__at(name, 0));
	size_t from = 0;
	int id;

	if (flags != 0)
		name = sst__text_part(name, 1, name.len);
	if (name.len == 0 || words.len == 0)
		return sst__compile_fail(c, NULL, "a concept needs a name and words");
	id = sst__concept_find(&c->set, name);
	if (id < 0)
		id = sst__concept_add(c, name, flags);
	while (id >= 0 && from <= words.len) {
		size_t upto = sst__text_find(words, from, '|');
		if (!sst__literal_add(c, sst__text_part(words, from, upto), (unsigned)id))
			return false;
		from = upto + 1;
	}
	return id >= 0;
}

static bool read_weight(struct sst__compiler *c, struct sst__rule *rule, sst_text text)
{
	unsigned digits;
	uint32_t weight = sst__text_number(text, 0, 3, &digits);

	if (digits == 0 || digits != text.len || weight > 100)
		return sst__compile_fail(c, text.ptr, "a weight is a number from 0 to 100");
	rule->weight = (uint8_t)weight;
	return true;
}

/* "google": it must speak; "=google": whoever says this is it. */
static bool read_speaker(struct sst__compiler *c, struct sst__rule *rule, sst_text text)
{
	bool says = sst__at(text, 0) == '=';
	unsigned number;

	if (text.len == 0)
		return true;
	number = sst__provider_find(says ? sst__text_part(text, 1, text.len) : text);
	if (number == 0)
		return sst__compile_fail(c, text.ptr, "there is no provider of this name");
	*(says ? &rule->says : &rule->speaker) = (uint8_t)number;
	return true;
}

static bool add_rule_row(struct sst__compiler *c, const struct table *table)
{
	sst_text id = cell(table, SST_TEXT("id")), category = cell(table, SST_TEXT("category"));
	struct sst__rule *rule;
	int number = category.len == 0 ? 0 : sst_word_find(SST_VOCABULARY_CATEGORY, category);

	if (id.len == 0 || id.len > 120)
		return sst__compile_fail(c, NULL, "a rule needs an id of at most 120 bytes");
	if (number < 0)
		return sst__compile_fail(c, category.ptr, "there is no category of this name");
	if (c->set.rule_count >= c->rule_room || c->set.rule_count == 65535)
		return sst__compile_fail(c, NULL, "too many rules");
	rule = &c->rules[c->set.rule_count++];
	rule->id = sst__pool_add(c, id);
	rule->id_len = (uint8_t)id.len;
	rule->category = (uint8_t)number;
	if (!read_weight(c, rule, cell(table, SST_TEXT("weight"))) ||
	    !read_speaker(c, rule, cell(table, SST_TEXT("speaker"))) ||
	    !sst__pattern_words(c, rule, cell(table, SST_TEXT("words"))) ||
	    !sst__pattern_codes(c, rule, cell(table, SST_TEXT("codes"))) ||
	    !sst__pattern_set(c, rule, cell(table, SST_TEXT("set"))))
		return false;
	if (rule->atom_count == 0 && rule->cond_count == 0)
		return sst__compile_fail(c, NULL, "a rule needs words or codes");
	return true;
}

static bool add_line(struct sst__compiler *c, struct table *table, sst_text line)
{
	unsigned n;

	if (line.len == 0 || line.ptr[0] == '#')
		return true;
	n = cut(line, table->cells);
	if (sst__text_same(table->cells[0], SST_TEXT("id")) ||
	    sst__text_same(table->cells[0], SST_TEXT("concept"))) {
		if (n > COLUMNS)
			return sst__compile_fail(c, line.ptr, "too many columns");
		memcpy(table->names, table->cells, n * sizeof *table->cells);
		table->columns = n;
		table->rules = table->cells[0].len == 2;
		return true;
	}
	if (table->columns == 0)
		return sst__compile_fail(c, line.ptr, "the first line must name the columns");
	if (n != table->columns)
		return sst__compile_fail(c, line.ptr, "not as many columns as the heading has");
	return table->rules ? add_rule_row(c, table) : add_concept_row(c, table);
}

static bool add_lines(struct sst__compiler *c)
{
	sst_text rest = sst__text_unmarked(c->tsv), line;
	struct table table;

	memset(&table, 0, sizeof table);
	while (sst__text_line(&rest, &line)) {
		c->line = (size_t)(line.ptr - c->tsv.ptr);
		if (!add_line(c, &table, line))
			return false;
	}
	return c->error.err == SST_OK;
}

sst_result sst__compile(const struct sst_rules *base, sst_text tsv, void *memory, size_t size,
                        const struct sst_rules **out)
{
	size_t need = sst__compile_size(base, tsv);
	struct sst__compiler c;
	struct sst_rules *set;

	if (size < need || memory == NULL)
		return (sst_result){SST_E_SPACE, need, NULL};
	memset(&c, 0, sizeof c);
	c.tsv = tsv;
	c.memory = memory;
	c.left = size;
	c.set.base = base;
	c.set.base_concepts = c.set.concepts = base == NULL ? 0 : base->concepts;
	set = sst__compile_take(&c, sizeof *set);
	if (set == NULL || !make_room(&c) || !add_lines(&c) || !sst__trie_build(&c) ||
	    !sst__waiting_build(&c))
		return c.error;
	*set = c.set;
	*out = set;
	return (sst_result){SST_OK, tsv.len, NULL};
}
