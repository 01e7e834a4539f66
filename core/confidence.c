/* SPDX-License-Identifier: MIT
 * core/confidence.c - how often verdicts on such evidence were right. */
#include "core/judge.h"

#include <smtpstatus/words.h>

/* A weight or odds, and what is read off there; between two steps there is a straight line. */
struct step {
	int16_t at, is;
};

/* Odds are hundredfold logarithms. Words of a rule (a known speaker's token among them), codes and
 * the model have the odds of their weight; beside words much else counts:
 *
 *   BACKED        an exact code says the same
 *   CONTRADICTED  it says something else, and no other agrees
 *   TWO ...       so many rules find the same in the words
 *   RIVALLED      words for something else, with six tenths of the weight at least
 *   PRESSED       with nine tenths
 *   TIED          with as much
 *   SOME_LEFT     some of the text stands outside of those words: who knows what it says
 *   MUCH_LEFT     much */
#include "core/odds.h"

enum {
	EXACT = 45, /* a code of less weight contradicts nothing, */
	PLAIN = 60, /* and adds nothing to words of less weight */
	SOME = 12,  /* bytes that are no blanks */
	MUCH = 25
};

/* From odds to percent. */
static const struct step of_odds[] = {{-400, 3}, {-200, 12}, {-100, 27}, {0, 50},   {50, 62},
                                      {100, 73}, {150, 82},  {200, 88},  {250, 92}, {300, 95},
                                      {350, 97}, {400, 98},  {460, 99},  {1000, 99}};

static int read_off(const struct step *step, int at)
{
	if (at <= step[0].at)
		return step[0].is;
	while (step[1].at < at)
		step++;
	return step[0].is +
	       (step[1].is - step[0].is) * (at - step[0].at) / (step[1].at - step[0].at);
}

static int of_codes(const struct sst__case *c, const struct sst__candidate *winner)
{
	bool backed = false, contradicted = false;

	for (unsigned i = 0; i < c->count; i++) {
		const struct sst__candidate *other = &c->candidates[i];
		bool same = other->category == winner->category;
		if (other->kind != SST_PROOF_CODE)
			continue;
		backed |= same && (other->weight >= EXACT || winner->weight >= PLAIN);
		contradicted |= !same && other->weight >= EXACT;
	}
	return backed ? BACKED : contradicted ? CONTRADICTED : 0;
}

/* What stands before `from` and behind `upto`. Blanks don't count: a folded line says what an
 * unfolded one says. */
static int of_the_rest(sst_text text, size_t from, size_t upto)
{
	unsigned left = 0;

	for (size_t i = 0; i < text.len && left < MUCH; i++) {
		if (i == from && upto > from)
			i = upto;
		left += i < text.len && (uint8_t)text.ptr[i] > ' ';
	}
	return left >= MUCH ? MUCH_LEFT : left >= SOME ? SOME_LEFT : 0;
}

/* What other words add to the odds of those that won. */
static int of_words(const struct sst__case *c, const struct sst__candidate *winner)
{
	unsigned rival = 0, alike = 0, from = winner->from, upto = winner->upto;
	int sum;

	for (unsigned i = 0; i < c->count; i++) {
		const struct sst__candidate *other = &c->candidates[i];
		bool same = other->category == winner->category;
		if (other->kind >= SST_PROOF_CODE)
			continue;
		if (same) {
			alike++;
			from = other->from < from ? other->from : from;
			upto = other->upto > upto ? other->upto : upto;
		}
		/* What the site has not said does not speak against what it has. */
		if (!same && other->weight > rival &&
		    other->rank - other->weight == winner->rank - winner->weight)
			rival = other->weight;
	}
	rival = rival * 100 / winner->weight;
	sum = alike >= 4 ? MORE : alike == 3 ? THREE : alike == 2 ? TWO : 0;
	sum += rival >= 98 ? TIED : rival >= 90 ? PRESSED : rival >= 60 ? RIVALLED : 0;
	return sum + of_the_rest(c->evidence->text, from, upto);
}

unsigned sst__confidence(const struct sst__case *c, unsigned category,
                         const struct sst__candidate *winner, unsigned weight)
{
	int at;

	if (category == SST_CATEGORY_UNDETERMINED || winner == NULL)
		return OF_NOTHING;
	at = weight > 100 ? 100 : (int)weight;
	if (winner->kind == SST_PROOF_MODEL)
		return (unsigned)read_off(of_odds, read_off(odds_of_model, at));
	if (winner->kind == SST_PROOF_REPLY) /* 550 by itself is said of everything */
		at /= 2;
	if (winner->kind >= SST_PROOF_CODE)
		return (unsigned)read_off(of_odds, read_off(odds_of_codes, at));
	at = read_off(odds_of_words, winner->weight) + of_codes(c, winner) + of_words(c, winner);
	return (unsigned)read_off(of_odds, at);
}
