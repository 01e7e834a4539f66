/* SPDX-License-Identifier: MIT
 * core/confidence.c - how often verdicts on such evidence were right. */
#include "core/judge.h"

#include <smtpstatus/words.h>

enum { OF_NOTHING = 45 };

/* Of the verdicts with this much weight, so many in a hundred were right, as tools/calibrate counts
 * it; between two steps there is a straight line. */
struct step {
	uint8_t weight, right;
};

/* Words of a rule, a known speaker's token among them. */
static const struct step of_words[] = {{0, 30},  {40, 40}, {52, 58}, {58, 66}, {68, 74}, {74, 80},
                                       {78, 90}, {82, 94}, {86, 97}, {90, 99}, {100, 99}};

/* The same, where words for something else stand beside them: with at least six tenths of their
 * weight, and with nine tenths. */
static const struct step of_rivalled[] = {{0, 30},  {60, 50}, {74, 66}, {80, 84},
                                          {86, 92}, {92, 94}, {100, 95}};
static const struct step of_tied[] = {{0, 30},  {60, 50}, {75, 62}, {82, 68},
                                      {87, 82}, {92, 92}, {100, 92}};

/* A code alone. */
static const struct step of_code[] = {{0, 35},  {20, 45}, {30, 60}, {45, 62}, {50, 68},
                                      {57, 80}, {70, 83}, {80, 92}, {97, 97}, {100, 97}};

/* The model: its weight is two fifths of how sure it is. */
static const struct step of_model[] = {{0, 20},  {16, 48}, {20, 52}, {24, 62}, {28, 74},
                                       {32, 82}, {36, 87}, {40, 95}, {100, 95}};

static unsigned read_off(const struct step *step, unsigned weight)
{
	unsigned span;

	while (step[1].weight < weight)
		step++;
	span = (unsigned)(step[1].weight - step[0].weight);
	return step[0].right + (unsigned)(step[1].right - step[0].right) *
	                               (weight - step[0].weight) / span;
}

unsigned sst__confidence(unsigned category, const struct sst__candidate *winner, unsigned weight,
                         unsigned second)
{
	if (category == SST_CATEGORY_UNDETERMINED || winner == NULL)
		return OF_NOTHING;
	if (weight > 100)
		weight = 100;
	if (winner->kind == SST_PROOF_MODEL)
		return read_off(of_model, weight);
	if (second * 10 > weight * 9)
		return read_off(of_tied, weight);
	if (winner->kind >= SST_PROOF_CODE)
		return read_off(of_code, weight);
	return read_off(second * 10 > weight * 6 ? of_rivalled : of_words, weight);
}
