/* SPDX-License-Identifier: MIT
 * core/confidence.c - how often verdicts on such evidence were right. */
#include "core/judge.h"

#include <smtpstatus/words.h>

enum { OF_NOTHING = 45 };

/* Of the verdicts with this much weight, so many in a hundred were right; between two steps there
 * is a straight line. tools/calibrate counts it again. */
struct step {
	int16_t at, is;
};

/* Words of a rule, a known speaker's token among them: their weight gives the odds of being right,
 * as a hundredfold logarithm. The steps, and what is added to them, are a logistic regression over
 * the labelled answers that the rules were made with and about as many, in other words, that they
 * were not made with. */
static const struct step odds_of_words[] = {{0, -30},  {50, 0},   {60, 20},  {66, 30},  {72, 120},
                                            {79, 178}, {85, 254}, {90, 318}, {95, 380}, {100, 416}};
enum {
	BACKED = 142,       /* an exact code says the same */
	CONTRADICTED = -85, /* it says something else, and no other agrees */
	TWO = 59,           /* two rules find the same in the words */
	THREE = 86,
	MORE = 167,
	RIVALLED = -64, /* words for something else, with six tenths of the weight at least */
	PRESSED = -170, /* with nine tenths */
	TIED = -234,    /* with as much */
	EXACT = 45,     /* a code of less weight contradicts nothing, */
	PLAIN = 60      /* and adds nothing to words of less weight */
};

/* From odds to percent. */
static const struct step of_odds[] = {{-400, 3}, {-200, 12}, {-100, 27}, {0, 50},   {50, 62},
                                      {100, 73}, {150, 82},  {200, 88},  {250, 92}, {300, 95},
                                      {350, 97}, {400, 98},  {460, 99},  {1000, 99}};

/* A code alone. */
static const struct step of_code[] = {{0, 35},  {20, 45}, {30, 60}, {45, 62}, {50, 68},
                                      {57, 80}, {70, 83}, {80, 92}, {97, 97}, {100, 97}};

/* The model: its weight is two fifths of how sure it is. */
static const struct step of_model[] = {{0, 20},  {16, 48}, {20, 52}, {24, 62}, {28, 74},
                                       {32, 82}, {36, 87}, {40, 95}, {100, 95}};

static int read_off(const struct step *step, int at)
{
	if (at <= step[0].at)
		return step[0].is;
	while (step[1].at < at)
		step++;
	return step[0].is +
	       (step[1].is - step[0].is) * (at - step[0].at) / (step[1].at - step[0].at);
}

/* What the other words and the codes add to the odds of the words that won. */
static int beside(const struct sst__case *c, const struct sst__candidate *winner)
{
	unsigned rival = 0, alike = 0;
	bool backed = false, contradicted = false;
	int sum;

	for (unsigned i = 0; i < c->count; i++) {
		const struct sst__candidate *other = &c->candidates[i];
		bool same = other->category == winner->category;
		if (other->kind < SST_PROOF_CODE) {
			alike += same;
			/* What the site has not said does not speak against what it has. */
			if (!same && other->weight > rival &&
			    other->rank - other->weight == winner->rank - winner->weight)
				rival = other->weight;
		} else if (other->kind == SST_PROOF_CODE) {
			backed |= same && (other->weight >= EXACT || winner->weight >= PLAIN);
			contradicted |= !same && other->weight >= EXACT;
		}
	}
	sum = backed ? BACKED : contradicted ? CONTRADICTED : 0;
	sum += alike >= 4 ? MORE : alike == 3 ? THREE : alike == 2 ? TWO : 0;
	rival = rival * 100 / winner->weight;
	sum += rival >= 98 ? TIED : rival >= 90 ? PRESSED : rival >= 60 ? RIVALLED : 0;
	return sum;
}

unsigned sst__confidence(const struct sst__case *c, unsigned category,
                         const struct sst__candidate *winner, unsigned weight)
{
	int at;

	if (category == SST_CATEGORY_UNDETERMINED || winner == NULL)
		return OF_NOTHING;
	at = weight > 100 ? 100 : (int)weight;
	if (winner->kind == SST_PROOF_MODEL)
		return (unsigned)read_off(of_model, at);
	if (winner->kind == SST_PROOF_REPLY) /* 550 by itself is said of everything */
		at /= 2;
	if (winner->kind >= SST_PROOF_CODE)
		return (unsigned)read_off(of_code, at);
	at = read_off(odds_of_words, winner->weight) + beside(c, winner);
	return (unsigned)read_off(of_odds, at);
}
