/* SPDX-License-Identifier: MIT
 * core/consult.c - when the model is asked, and what becomes of its opinion. */
#include "core/judge.h"
#include "core/model.h"
#include "core/words.h"

#include <smtpstatus/words.h>

enum {
	SURE_ENOUGH = 40, /* percent; below it the words are undetermined */
	SURE_OF_NOT = 60, /* the same where a "not" turns something round, which sums cannot see */
	WORTH_TELLING = 10
};

/* Whether the words of the text were known to any rule that names a category. */
static bool words_decided(const struct sst__case *c)
{
	return c->count > 0 && c->candidates[0].kind < SST_PROOF_CODE;
}

/* A candidate of the model's. It weighs two fifths of how sure it is: words that a rule knows weigh
 * more, and so does a code that says much. */
static void propose(struct sst__case *c, unsigned category, unsigned sure, uint32_t from,
                    uint32_t upto)
{
	struct sst__candidate *candidate;

	if (c->count >= SST__CANDIDATES || sure < WORTH_TELLING)
		return;
	candidate = &c->candidates[c->count++];
	candidate->match = NULL;
	candidate->from = from;
	candidate->upto = upto;
	candidate->kind = SST_PROOF_MODEL;
	candidate->category = (uint8_t)category;
	candidate->weight = candidate->rank = (uint8_t)(sure * 2 / 5);
}

/* More than names of hosts, addresses and numbers. */
static bool has_words(const struct sst__windows *text)
{
	const struct sst__scan *scan = &text->first;

	for (unsigned i = 0; i < scan->words; i++)
		if ((unsigned char)scan->folded[scan->word[i].at] > ' ')
			return true;
	return text->at < text->text.len; /* nobody looked at the rest */
}

void sst__consult(struct sst__case *c)
{
	sst_text words = sst__text_part(c->evidence->text, c->codes.words, c->evidence->text.len);
	struct sst__features features;
	struct sst__opinion opinion;
	unsigned least;

	if (words_decided(c) || sst__text_trim(words).len == 0 || !has_words(&c->text))
		return;
	sst__features_read(&c->text, c->reply, c->status, &features);
	sst__model_ask(&sst__model_table, &features, &opinion);
	if (opinion.category == 0)
		return;
	/* That a mail arrived is never guessed. */
	if (sst__categories[opinion.category].permanence == SST_PERMANENCE_SUCCESS && c->cls != 2)
		opinion.sure = 0;
	least = features.negated ? SURE_OF_NOT : SURE_ENOUGH;
	if (c->count > 0 && (opinion.sure < least || opinion.category == SST_CATEGORY_UNDETERMINED))
		return; /* a code says more */
	if (opinion.sure < least) /* nobody is believed, but what it may be is told */
		propose(c, SST_CATEGORY_UNDETERMINED, 100, 0, 0);
	if (opinion.sure >= least || opinion.category != SST_CATEGORY_UNDETERMINED)
		propose(c, opinion.category, opinion.sure, opinion.from, opinion.upto);
	if (opinion.sure >= least && opinion.next_from < opinion.next_upto)
		propose(c, opinion.category, opinion.sure / 2, opinion.next_from,
		        opinion.next_upto);
	propose(c, opinion.second, opinion.second_sure, 0, 0);
	sst__sort(c);
}
