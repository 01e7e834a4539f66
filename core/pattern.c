/* SPDX-License-Identifier: MIT
 * core/pattern.c - one rule: its words, the codes it asks for, and what it sets. */
#include "core/compile.h"
#include "core/providers.h"
#include <smtpstatus/words.h>

static bool add_alt(struct sst__compiler *c, struct sst__atom *atom, int id, const char *where)
{
	if (id < 0)
		return false;
	if (c->set.alt_count >= c->alt_room || c->set.alt_count >= UINT16_MAX || atom->count == 255)
		return sst__compile_fail(c, where, "too many alternatives");
	c->alts[c->set.alt_count++] = (uint16_t)id;
	atom->count++;
	return true;
}

/* One alternative: {concept} or words. */
static bool add_element(struct sst__compiler *c, struct sst__atom *atom, sst_text text)
{
	int id;

	text = sst__text_trim(text);
	if (text.len > 2 && text.ptr[0] == '{' && text.ptr[text.len - 1] == '}') {
		id = sst__concept_find(&c->set, sst__text_part(text, 1, text.len - 1));
		if (id < 0)
			return sst__compile_fail(c, text.ptr, "there is no concept of this name");
		return add_alt(c, atom, id, text.ptr);
	}
	return add_alt(c, atom, sst__literal_concept(c, text), text.ptr);
}

static struct sst__atom *open_atom(struct sst__compiler *c, struct sst__rule *rule, unsigned *gap,
                                   const char *where)
{
	struct sst__atom *atom;

	if (c->set.atom_count >= SST__ELEMENTS) {
		sst__compile_fail(c, where, "too many elements of rules");
		return NULL;
	}
	if (c->set.atom_count >= c->atom_room || rule->atom_count >= SST__ATOMS) {
		sst__compile_fail(c, where, "a rule has at most 12 elements");
		return NULL;
	}
	atom = &c->atoms[c->set.atom_count++];
	rule->atom_count++;
	atom->first = (uint16_t)c->set.alt_count;
	atom->gap = (uint8_t)*gap;
	*gap = 0;
	return atom;
}

/* ( a | {b} | c ) */
static bool add_group(struct sst__compiler *c, struct sst__atom *atom, sst_text inside)
{
	size_t from = 0;

	while (from <= inside.len) {
		size_t upto = sst__text_find(inside, from, '|');
		if (!add_element(c, atom, sst__text_part(inside, from, upto)))
			return false;
		from = upto + 1;
	}
	return true;
}

static bool is_special(sst_text cell, size_t at)
{
	char c = sst__at(cell, at);

	return c == '(' || c == '{' || c == '&' || c == '~' ||
	       (c == '*' && at > 0 && cell.ptr[at - 1] == ' ') || (c == '*' && at == 0);
}

/* Bare words stand together up to the next special element or the end of a stem. */
static size_t words_end(sst_text cell, size_t at)
{
	for (; at < cell.len; at++) {
		if (is_special(cell, at))
			break;
		if (cell.ptr[at] == '*')
			return at + 1;
	}
	return at;
}

/* A gap or a joint; returns the bytes used. */
static size_t read_gap(sst_text cell, size_t at, unsigned *gap)
{
	sst_text rest = sst__text_part(cell, at, cell.len);

	if (sst__text_starts(rest, SST_TEXT("&!"))) {
		*gap = SST__GAP_NOT;
		return 2;
	}
	if (rest.ptr[0] == '&') {
		*gap = SST__GAP_START;
		return 1;
	}
	if (rest.ptr[0] == '~') {
		*gap = SST__GAP_NEAR;
		return 1;
	}
	if (sst__text_starts(rest, SST_TEXT("**"))) {
		*gap = SST__GAP_ANY;
		return 2;
	}
	*gap = SST__GAP_SOME;
	return 1;
}

static bool add_bracketed(struct sst__compiler *c, struct sst__atom *atom, sst_text cell,
                          size_t *at)
{
	char close = cell.ptr[*at] == '(' ? ')' : '}';
	size_t end = sst__text_find(cell, *at, close), from = *at;

	if (end == cell.len)
		return sst__compile_fail(c, cell.ptr + *at, "a bracket is not closed");
	*at = end + 1;
	if (close == ')')
		return add_group(c, atom, sst__text_part(cell, from + 1, end));
	return add_element(c, atom, sst__text_part(cell, from, end + 1));
}

bool sst__pattern_words(struct sst__compiler *c, struct sst__rule *rule, sst_text cell)
{
	unsigned gap = SST__GAP_START;
	size_t at = 0;

	rule->atoms = (uint16_t)c->set.atom_count;
	while (at < cell.len) {
		struct sst__atom *atom;
		if (cell.ptr[at] == ' ') {
			at++;
			continue;
		}
		if (cell.ptr[at] == '*' || cell.ptr[at] == '&' || cell.ptr[at] == '~') {
			at += read_gap(cell, at, &gap);
			continue;
		}
		atom = open_atom(c, rule, &gap, cell.ptr + at);
		if (atom == NULL)
			return false;
		if (cell.ptr[at] == '(' || cell.ptr[at] == '{') {
			if (!add_bracketed(c, atom, cell, &at))
				return false;
		} else {
			size_t end = words_end(cell, at);
			if (!add_element(c, atom, sst__text_part(cell, at, end)))
				return false;
			at = end;
		}
	}
	return true;
}

/* A number from `at`, or "x" for any, or "a-b". */
static bool read_range(sst_text text, size_t *at, uint16_t *low, uint16_t *high)
{
	unsigned digits;

	if (sst__lower(sst__at(text, *at)) == 'x') {
		++*at;
		*low = 0;
		*high = 999;
		return true;
	}
	*low = *high = (uint16_t)sst__text_number(text, *at, 3, &digits);
	*at += digits;
	if (digits == 0)
		return false;
	if (sst__at(text, *at) == '-') {
		++*at;
		*high = (uint16_t)sst__text_number(text, *at, 3, &digits);
		*at += digits;
	}
	return digits > 0;
}

/* 550, 55x, 4xx */
static bool read_reply(sst_text word, struct sst__cond *cond)
{
	uint16_t scale = 100;

	if (word.len != 3)
		return false;
	for (unsigned i = 0; i < 3; i++, scale /= 10) {
		char c = sst__lower(word.ptr[i]);
		if (c != 'x' && !sst__is_digit(c))
			return false;
		cond->reply_low = (uint16_t)(cond->reply_low + (c == 'x' ? 0 : c - '0') * scale);
		cond->reply_high = (uint16_t)(cond->reply_high + (c == 'x' ? 9 : c - '0') * scale);
	}
	return true;
}

/* 5.7.1, x.7.500-699, 4.x.x */
static bool read_enhanced(sst_text word, struct sst__cond *cond)
{
	char cls = sst__lower(sst__at(word, 0));
	size_t at = 2;

	if (sst__at(word, 1) != '.' || (cls != 'x' && cls != '2' && cls != '4' && cls != '5'))
		return false;
	cond->classes = (uint8_t)(cls == 'x' ? 0x34 : 1u << (cls - '0'));
	if (!read_range(word, &at, &cond->subject_low, &cond->subject_high) ||
	    sst__at(word, at) != '.')
		return false;
	at++;
	return read_range(word, &at, &cond->detail_low, &cond->detail_high) && at == word.len;
}

/* Takes the next word off `*rest`. */
static sst_text next_word(sst_text *rest)
{
	size_t end;
	sst_text word;

	*rest = sst__text_trim(*rest);
	end = sst__text_find(*rest, 0, ' ');
	word = sst__text_part(*rest, 0, end);
	*rest = sst__text_part(*rest, end, rest->len);
	return word;
}

bool sst__pattern_codes(struct sst__compiler *c, struct sst__rule *rule, sst_text cell)
{
	rule->conds = (uint16_t)c->set.cond_count;
	for (sst_text word = next_word(&cell); word.len > 0; word = next_word(&cell)) {
		struct sst__cond *cond;
		if (c->set.cond_count >= c->cond_room || rule->cond_count == 255)
			return sst__compile_fail(c, word.ptr, "too many codes");
		cond = &c->conds[c->set.cond_count++];
		rule->cond_count++;
		if (!read_reply(word, cond) && !read_enhanced(word, cond))
			return sst__compile_fail(c, word.ptr,
			                         "neither a reply code nor an enhanced code");
	}
	return true;
}

static bool set_word(struct sst__compiler *c, sst_vocabulary vocabulary, sst_text value,
                     uint8_t *to)
{
	int number = sst_word_find(vocabulary, value);

	if (number < 0)
		return sst__compile_fail(c, value.ptr, "the vocabulary has no such word");
	*to = (uint8_t)number;
	return true;
}

static bool set_phases(struct sst__compiler *c, sst_text value, uint16_t *phases)
{
	size_t from = 0;

	while (from <= value.len) {
		size_t upto = sst__text_find(value, from, ',');
		uint8_t phase = 0;
		if (!set_word(c, SST_VOCABULARY_PHASE, sst__text_part(value, from, upto), &phase))
			return false;
		*phases = (uint16_t)(*phases | 1u << (phase & 15));
		from = upto + 1;
	}
	return true;
}

static bool set_one(struct sst__compiler *c, struct sst__rule *rule, sst_text key, sst_text value)
{
	if (sst__text_same(key, SST_TEXT("permanence")))
		return set_word(c, SST_VOCABULARY_PERMANENCE, value, &rule->permanence);
	if (sst__text_same(key, SST_TEXT("act")))
		return set_word(c, SST_VOCABULARY_ACT, value, &rule->act);
	if (sst__text_same(key, SST_TEXT("side")))
		return set_word(c, SST_VOCABULARY_SIDE, value, &rule->side);
	if (sst__text_same(key, SST_TEXT("scope")))
		return set_word(c, SST_VOCABULARY_SCOPE, value, &rule->scope);
	if (sst__text_same(key, SST_TEXT("check")))
		return set_word(c, SST_VOCABULARY_CHECK, value, &rule->check);
	if (sst__text_same(key, SST_TEXT("phase")))
		return set_phases(c, value, &rule->phases);
	if (sst__text_same(key, SST_TEXT("status"))) {
		if (sst_code_parse(value, &rule->status).err == SST_OK)
			return true;
		return sst__compile_fail(c, value.ptr, "not an enhanced status code");
	}
	return sst__compile_fail(c, key.ptr, "there is no such setting");
}

bool sst__pattern_set(struct sst__compiler *c, struct sst__rule *rule, sst_text cell)
{
	for (sst_text word = next_word(&cell); word.len > 0; word = next_word(&cell)) {
		size_t sign = sst__text_find(word, 0, '=');
		if (sign == word.len)
			return sst__compile_fail(c, word.ptr, "a setting is name=value");
		if (!set_one(c, rule, sst__text_part(word, 0, sign),
		             sst__text_part(word, sign + 1, word.len)))
			return false;
	}
	return true;
}
