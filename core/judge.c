/* SPDX-License-Identifier: MIT
 * core/judge.c - from evidence to verdict. smtpstatus-rules(7) is the manual of this file. */
#include "core/judge.h"
#include "core/code.h"
#include "core/plain.h"
#include "core/providers.h"
#include "core/words.h"

/* What agreeing evidence adds at most, in hundredths. */
enum { MOST_MORE = 300 };

/* More than any sum: what a site's own rules say comes first. */
enum { SITE = 20000 };

/* Below this confidence nobody's address is given up. */
enum { SURE_ENOUGH = 70 };

/* Words of less weight do not say by themselves how final an answer is. */
enum { PLAIN_ENOUGH = 60, NAMES_ENOUGH = 50 };

/* What speaks for a category, in hundredths: its strongest candidate, which is number `first`, and
 * a little for each that agrees. */
static unsigned weight_of(const struct sst__case *c, unsigned first)
{
	unsigned more = 0;

	for (unsigned i = first + 1; i < c->count && more < MOST_MORE; i++)
		if (c->candidates[i].category == c->candidates[first].category)
			more += 4u * c->candidates[i].weight;
	if (more > MOST_MORE)
		more = MOST_MORE;
	if (c->candidates[first].rank > c->candidates[first].weight)
		more += SITE;
	return 100u * c->candidates[first].weight + more;
}

/* The category with the most weight; of two alike the one of the lower number. */
static unsigned pick_category(const struct sst__case *c, unsigned *weight)
{
	unsigned best = 0, most = 0;
	uint64_t seen = 0;

	for (unsigned i = 0; i < c->count; i++) {
		unsigned category = c->candidates[i].category & 63, sum;
		if (seen >> category & 1)
			continue;
		seen |= UINT64_C(1) << category;
		sum = weight_of(c, i);
		if (sum > most || (sum == most && category < best)) {
			most = sum;
			best = category;
		}
	}
	*weight = most % SITE / 100;
	return best;
}

static const struct sst__candidate *strongest(const struct sst__case *c, unsigned category)
{
	for (unsigned i = 0; i < c->count; i++)
		if (c->candidates[i].category == category)
			return &c->candidates[i];
	return NULL;
}

static sst_permanence of_action(sst_action action)
{
	switch (action) {
	case SST_ACTION_FAILED:
		return SST_PERMANENCE_PERMANENT;
	case SST_ACTION_DELAYED:
		return SST_PERMANENCE_TEMPORARY;
	case SST_ACTION_DELIVERED:
	case SST_ACTION_RELAYED:
	case SST_ACTION_EXPANDED:
		return SST_PERMANENCE_SUCCESS;
	default:
		return 0;
	}
}

/* Words such as "try again later" or "will not succeed": rules without a category. */
static sst_permanence of_words(const struct sst__case *c, unsigned *weight)
{
	sst_permanence said = 0;

	*weight = 0;
	for (unsigned i = 0; i < c->matches.count; i++) {
		const struct sst__match *match = &c->matches.list[i];
		if (match->rule->category == 0 && match->rule->permanence != 0 &&
		    match->rule->weight > *weight && sst__rule_holds(c, match->set, match->rule)) {
			*weight = match->rule->weight;
			said = match->rule->permanence;
		}
	}
	return said;
}

static sst_permanence decide_permanence(const struct sst__case *c, unsigned category,
                                        const struct sst__rule *winner)
{
	unsigned weight;
	sst_permanence said = of_action(c->evidence->action), words;
	sst_permanence usual = sst__categories[category].permanence;

	if (said != 0)
		return said;
	if (usual == SST_PERMANENCE_SUCCESS)
		return SST_PERMANENCE_SUCCESS;
	words = of_words(c, &weight);
	if (words != 0 && weight >= 80)
		return words;
	if (winner != NULL && winner->permanence != 0)
		return winner->permanence;
	if (c->cls != 0)
		return c->cls == 2   ? SST_PERMANENCE_SUCCESS
		       : c->cls == 4 ? SST_PERMANENCE_TEMPORARY
		                     : SST_PERMANENCE_PERMANENT;
	/* A bare "refused" or "not delivered" does not make final what usually passes. */
	if (words != 0 && (weight >= PLAIN_ENOUGH || usual == 0))
		return words;
	return usual;
}

/* The code of a message that was given up after attempts. RFC 3463 section 2: class 4 also where a
 * passing condition has caused the abandonment; section 3.5 on X.4.7: better the code of what was
 * in the way, if the answer quotes it. The reply code stays the last hop's. */
static sst_code of_given_up(const struct sst__case *c)
{
	sst_code code = c->evidence->status;

	if (sst__code_is(c->inner) && c->inner.cls == 4)
		return c->inner;
	if (sst__code_is(c->codes.outer.code))
		code = c->codes.outer.code;
	if (!sst__code_is(code) || code.subject == 0)
		code = sst__categories[SST_CATEGORY_MESSAGE_EXPIRED].code;
	code.cls = 4;
	return code;
}

/* Whether attempts had been going on, and no code of class 5 says otherwise. Where no report tells
 * of a failure, the reply's first digit decides. */
static bool was_given_up(const struct sst__case *c, unsigned category)
{
	if (category != SST_CATEGORY_MESSAGE_EXPIRED ||
	    (c->cls == 5 && c->evidence->action != SST_ACTION_FAILED))
		return false;
	if (sst__code_is(c->inner))
		return c->inner.cls == 4;
	return c->evidence->status.cls != 5 && c->codes.outer.code.cls != 5;
}

/* The best code: the reported one, unless it says nothing. One that names its subject alone gives
 * way to words that are `weight` enough. */
static sst_code decide_status(const struct sst__case *c, unsigned category,
                              sst_permanence permanence, unsigned weight)
{
	sst_code code = c->status, usual = sst__categories[category].code;
	unsigned cls = permanence == SST_PERMANENCE_TEMPORARY ? 4
	               : permanence == SST_PERMANENCE_SUCCESS ? 2
	                                                      : 5;
	if (was_given_up(c, category))
		return of_given_up(c);
	if (c->cls != 0)
		cls = c->cls;
	if (!sst__code_is(code) && category == SST_CATEGORY_UNDETERMINED && c->cls == 0)
		return code;
	if (!sst__code_is(code) || code.subject == 0 ||
	    (code.detail == 0 && weight >= NAMES_ENOUGH))
		code = category == SST_CATEGORY_UNDETERMINED && sst__code_is(code) ? code : usual;
	code.cls = (uint8_t)cls;
	return code;
}

static sst_proof proof_of(const struct sst__candidate *candidate)
{
	sst_proof proof = {candidate->kind, candidate->category, candidate->weight,
	                   SST_NO_TEXT,     candidate->from,     candidate->upto};

	if (candidate->match != NULL)
		proof.rule = sst__rule_id(candidate->match->set, candidate->match->rule);
	return proof;
}

static void put_proofs(const struct sst__case *c, const struct sst__candidate *winner,
                       sst_verdict *verdict)
{
	if (winner != NULL)
		verdict->proofs[verdict->proof_count++] = proof_of(winner);
	for (unsigned i = 0; i < c->count && verdict->proof_count < SST_PROOFS; i++)
		if (&c->candidates[i] != winner)
			verdict->proofs[verdict->proof_count++] = proof_of(&c->candidates[i]);
}

/* An address is not given up for an answer that may pass, nor on a guess. */
static sst_act careful(const sst_verdict *verdict)
{
	if (verdict->act != SST_ACT_SUPPRESS || verdict->category == SST_CATEGORY_COMPLAINT)
		return verdict->act;
	if (verdict->permanence == SST_PERMANENCE_TEMPORARY)
		return SST_ACT_RETRY;
	/* A report that says delivered and quotes a refusal contradicts itself. */
	if (verdict->permanence == SST_PERMANENCE_SUCCESS)
		return SST_ACT_ASK;
	/* proofs[0] is what decided: for the model's opinion alone nobody is given up. */
	if (verdict->confidence < SURE_ENOUGH || verdict->proofs[0].kind == SST_PROOF_MODEL)
		return SST_ACT_ASK;
	return verdict->act;
}

static void put_defaults(unsigned category, const struct sst__rule *rule, sst_verdict *verdict)
{
	const struct sst_category_row *row = &sst__categories[category];

	verdict->act = rule != NULL && rule->act != 0 ? rule->act : row->act;
	verdict->act = careful(verdict);
	verdict->side = rule != NULL && rule->side != 0 ? rule->side : row->side;
	verdict->scope = rule != NULL && rule->scope != 0 ? rule->scope : row->scope;
}

/* A report says delivered and quotes a refusal, or failed and quotes an answer that accepts. */
static bool claims_differ(const struct sst__case *c)
{
	sst_permanence said = of_action(c->evidence->action);

	return said == SST_PERMANENCE_SUCCESS ? c->reply >= 400 : said != 0 && c->reply / 100 == 2;
}

/* All but the details; the rule that won, or NULL. With `consult`, the model may speak too. */
static const struct sst__rule *judge(struct sst__case *c, const sst_rules *rules,
                                     const sst_evidence *evidence, bool consult,
                                     sst_verdict *verdict)
{
	const struct sst__candidate *winner;
	const struct sst__rule *rule;
	unsigned category, weight;

	sst__gather(c, rules == NULL ? sst_rules_builtin() : rules, evidence);
	sst__weigh(c);
	if (consult)
		sst__consult(c);
	category = pick_category(c, &weight);
	if (category == 0)
		category = SST_CATEGORY_UNDETERMINED;
	winner = strongest(c, category);
	rule = winner != NULL && winner->match != NULL ? winner->match->rule : NULL;
	memset(verdict, 0, sizeof *verdict);
	verdict->size = sizeof *verdict;
	verdict->category = (sst_category)category;
	verdict->permanence = decide_permanence(c, category, rule);
	verdict->confidence = (uint8_t)sst__confidence(c, category, winner, weight);
	verdict->reply_code = c->reply;
	verdict->reported_status =
	        sst__code_is(evidence->status) ? evidence->status : c->codes.outer.code;
	verdict->status = decide_status(c, category, verdict->permanence, weight);
	verdict->notes = c->codes.notes;
	if (claims_differ(c))
		verdict->notes |= SST_NOTE_UNVERIFIED_MISMATCH;
	verdict->provider = sst__provider_name(c->speaker);
	put_proofs(c, winner, verdict);
	put_defaults(category, rule, verdict);
	return rule;
}

/* How code and verdict stand to each other. Codes that are used for everything, as X.0.0 and 5.7.1
 * are, contradict nothing. */
static sst_notes notes_about(sst_code code, const sst_verdict *verdict,
                             const struct sst__rule *rule)
{
	sst_nearness near;
	const sst_entry *entry;
	sst_notes notes;
	unsigned usual;

	if (!sst__code_is(code) || code.cls > 5)
		return 0;
	entry = sst_registry_find(NULL, code, &near);
	if (near > SST_NEAR_CLASS)
		return SST_NOTE_UNREGISTERED;
	notes = entry->superseded.len > 0 ? SST_NOTE_SUPERSEDED : 0;
	usual = entry->category_of[code.cls];
	if (rule == NULL || usual == verdict->category || usual == SST_CATEGORY_UNDETERMINED)
		return notes;
	if (rule->cond_count > 0 && (rule->speaker != 0 || rule->says != 0))
		return notes | SST_NOTE_VENDOR_MEANING;
	if (rule->atom_count == 0 || code.subject == 0 || code.detail == 0 ||
	    (code.subject == 7 && code.detail <= 2))
		return notes;
	return notes | SST_NOTE_WORDING_OVER_CODE;
}

/* Status and Diagnostic-Code each say something, and not the same. */
static bool status_conflicts(sst_code field, sst_code text)
{
	return sst__code_is(field) && sst__code_is(text) && field.subject != 0 &&
	       text.subject != 0 && !sst_code_equal(field, text);
}

void sst_judge(const sst_rules *rules, const sst_evidence *evidence, sst_verdict *verdict)
{
	struct sst__case c;
	const struct sst__rule *rule = judge(&c, rules, evidence, true, verdict);

	verdict->notes |= notes_about(verdict->reported_status, verdict, rule);
	if (status_conflicts(evidence->status, c.codes.outer.code))
		verdict->notes |= SST_NOTE_CONFLICTING_STATUS;
	sst__detail(&c, rule, verdict);
}

void sst__judge_plainly(const sst_rules *rules, const sst_evidence *evidence, sst_verdict *verdict)
{
	struct sst__case c;

	judge(&c, rules, evidence, false, verdict);
}

size_t sst_judge_candidates(const sst_rules *rules, const sst_evidence *evidence,
                            sst_proof *candidates, size_t max)
{
	struct sst__case c;

	sst__gather(&c, rules == NULL ? sst_rules_builtin() : rules, evidence);
	sst__weigh(&c);
	sst__consult(&c);
	for (unsigned i = 0; i < c.count && i < max; i++)
		candidates[i] = proof_of(&c.candidates[i]);
	return c.count;
}
