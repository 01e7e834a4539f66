/* SPDX-License-Identifier: MIT
 * core/literal.c - the words of concepts and rules, folded as core/scan.c folds text. */
#include "core/compile.h"
#include "core/fold.h"
#include "core/scan.h"

static const struct {
	const char *name;
	char place;
} places[] = {
        {"<address>", SST__PLACE_ADDRESS}, {"<ip>", SST__PLACE_IP},
        {"<host>", SST__PLACE_HOST},       {"<link>", SST__PLACE_LINK},
        {"<number>", SST__PLACE_NUMBER},   {"<>", SST__PLACE_NULL_SENDER},
};

struct folding {
	char bytes[SST__LITERAL_BYTES];
	unsigned len;
	bool stem, ideograph, too_long;
};

static void put(struct folding *f, const char *bytes, unsigned len)
{
	if (f->len + len > sizeof f->bytes) {
		f->too_long = true;
		return;
	}
	memcpy(f->bytes + f->len, bytes, len);
	f->len += len;
}

static void put_blank(struct folding *f)
{
	if (f->len > 0 && f->bytes[f->len - 1] != ' ')
		put(f, " ", 1);
}

/* A <place> at `at`; returns the bytes used. */
static size_t put_place(struct folding *f, sst_text words, size_t at)
{
	sst_text rest = sst__text_part(words, at, words.len);

	for (unsigned i = 0; i < sizeof places / sizeof *places; i++) {
		sst_text name = sst__text_constant(places[i].name);
		if (sst__text_starts(rest, name)) {
			put_blank(f);
			put(f, &places[i].place, 1);
			put(f, " ", 1);
			f->ideograph = false;
			return name.len;
		}
	}
	return 0;
}

static void put_letter(struct folding *f, sst_text words, size_t at, struct sst__folded *c)
{
	char b = words.ptr[at];

	if ((unsigned char)b >= 0x80) {
		sst__fold(words, at, c);
	} else {
		c->used = c->len = 1;
		c->bytes[0] = sst__lower(b);
		c->kind = sst__is_alpha(b) || sst__is_digit(b) ? SST__LETTER_WORD
		          : b == '\''                          ? SST__LETTER_NOTHING
		                                               : SST__LETTER_BLANK;
	}
	if (c->kind >= SST__LETTER_BLANK) {
		put_blank(f);
	} else if (c->kind != SST__LETTER_NOTHING) {
		bool ideograph = c->kind == SST__LETTER_IDEOGRAPH;
		if (ideograph && f->ideograph && f->len > 0 && f->bytes[f->len - 1] == ' ')
			f->len--;
		else if (ideograph != f->ideograph)
			put_blank(f);
		put(f, c->bytes, c->len);
		f->ideograph = ideograph;
	}
}

/* Names and addresses are kept with their dots. */
static void fold_name(struct folding *f, sst_text words, char mark)
{
	put(f, &mark, 1);
	for (size_t i = 0; i < words.len; i++) {
		char c = sst__lower(words.ptr[i]);
		put(f, &c, 1);
	}
}

static void fold_words(struct folding *f, sst_text words)
{
	struct sst__folded c;

	for (size_t i = 0; i < words.len;) {
		size_t used = words.ptr[i] == '<' ? put_place(f, words, i) : 0;
		if (used == 0) {
			put_letter(f, words, i, &c);
			used = c.used;
		}
		i += used;
	}
	if (f->len > 0 && f->bytes[f->len - 1] == ' ')
		f->len--;
	/* Scripts without blanks between words have no other end than the literal's. */
	f->stem |= f->ideograph;
}

static bool fold(struct sst__compiler *c, sst_text words, struct folding *f)
{
	memset(f, 0, sizeof *f);
	words = sst__text_trim(words);
	if (words.len > 0 && words.ptr[words.len - 1] == '*') {
		words.len--;
		f->stem = true;
	}
	if (sst__text_find(words, 0, '*') < words.len)
		return sst__compile_fail(c, words.ptr,
		                         "a star stands at the end of a literal only");
	if (sst__text_starts(words, SST_TEXT("//")))
		fold_name(f, sst__text_part(words, 2, words.len), SST__MARK_NAME);
	else if (sst__text_starts(words, SST_TEXT("@")))
		fold_name(f, sst__text_part(words, 1, words.len), SST__MARK_ADDRESS);
	else
		fold_words(f, words);
	if (f->too_long)
		return sst__compile_fail(c, words.ptr, "a literal is at most 96 bytes long");
	if (f->len == 0)
		return sst__compile_fail(c, words.ptr, "there are no words here");
	return true;
}

uint32_t sst__pool_add(struct sst__compiler *c, sst_text text)
{
	uint32_t at = c->set.pool_len;

	if (text.len + 1 > c->pool_room - at) {
		sst__compile_fail(c, text.ptr, "out of memory for words");
		return 0;
	}
	memcpy(c->pool + at, text.ptr, text.len);
	c->pool[at + text.len] = '\0';
	c->set.pool_len += (uint32_t)text.len + 1;
	return at;
}

int sst__concept_add(struct sst__compiler *c, sst_text name, unsigned flags)
{
	unsigned own = (unsigned)(c->set.concepts - c->set.base_concepts);

	if (own >= c->concept_room || c->set.concepts >= SST__CONCEPTS) {
		sst__compile_fail(c, name.ptr, "too many concepts");
		return -1;
	}
	c->names[own] = name.len == 0 ? 0 : sst__pool_add(c, name);
	c->flags[own] = (uint8_t)flags;
	if (name.len != 0)
		c->set.named = (uint16_t)(own + 1);
	return c->set.concepts++;
}

static bool add_folded(struct sst__compiler *c, const struct folding *f, unsigned concept_id,
                       const char *where)
{
	struct sst__literal *literal;

	if (c->literal_count >= c->literal_room)
		return sst__compile_fail(c, where, "too many literals");
	literal = &c->literals[c->literal_count++];
	literal->at = sst__pool_add(c, (sst_text){f->bytes, f->len});
	literal->len = (uint8_t)f->len;
	literal->stem = f->stem;
	literal->concept_id = (uint16_t)concept_id;
	return c->error.err == SST_OK;
}

bool sst__literal_add(struct sst__compiler *c, sst_text words, unsigned concept_id)
{
	struct folding f;

	return fold(c, words, &f) && add_folded(c, &f, concept_id, words.ptr);
}

static uint32_t hash_of(const struct folding *f)
{
	uint32_t hash = f->stem ? 77u : 5381u;

	for (unsigned i = 0; i < f->len; i++)
		hash = hash * 33u ^ (unsigned char)f->bytes[i];
	return hash * 2654435761u;
}

int sst__literal_concept(struct sst__compiler *c, sst_text words)
{
	struct folding f;
	unsigned slot;
	int id;

	if (!fold(c, words, &f))
		return -1;
	slot = hash_of(&f) & c->seen_mask;
	while (c->seen[slot] != 0) {
		const struct sst__literal *literal = &c->literals[c->seen[slot] - 1];
		if (literal->len == f.len && literal->stem == f.stem &&
		    memcmp(c->pool + literal->at, f.bytes, f.len) == 0)
			return literal->concept_id;
		slot = (slot + 1) & c->seen_mask;
	}
	id = sst__concept_add(c, SST_NO_TEXT, 0);
	if (id < 0 || !add_folded(c, &f, (unsigned)id, words.ptr))
		return -1;
	c->seen[slot] = c->literal_count;
	return id;
}
