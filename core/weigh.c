/* SPDX-License-Identifier: MIT
 * core/weigh.c - what speaks for which category, and how strongly. */
#include "core/code.h"
#include "core/judge.h"
#include "core/words.h"

#include <smtpstatus/words.h>

/* A site's own rule wins over built-in ones from this weight on: it may be a mere hint in advice.
 */
enum { SITE_SPEAKS = 50 };

/* What an answer to MAIL says about a mailbox or domain, it says about the sender's; and what one
 * to EHLO says about a domain, about the name that was given there. Who may write to a recipient is
 * not told before one was named. */
static unsigned of_phase(const struct sst__case *c, unsigned category)
{
	if (c->phase == SST_PHASE_EHLO && category == SST_CATEGORY_BAD_DOMAIN)
		return SST_CATEGORY_BAD_RDNS_OR_HELO;
	if ((c->phase == SST_PHASE_CONNECT || c->phase == SST_PHASE_EHLO ||
	     c->phase == SST_PHASE_MAIL) &&
	    category == SST_CATEGORY_RECIPIENT_RESTRICTED)
		return SST_CATEGORY_POLICY_REJECTED;
	if (c->phase != SST_PHASE_MAIL)
		return category;
	if (category == SST_CATEGORY_USER_UNKNOWN || category == SST_CATEGORY_BAD_DOMAIN ||
	    category == SST_CATEGORY_BAD_RECIPIENT_SYNTAX)
		return SST_CATEGORY_INVALID_SENDER;
	return category;
}

/* Before a recipient was named, no code can speak of one. */
static bool is_too_early(const struct sst__case *c, unsigned category)
{
	return c->cls >= 4 && (c->phase == SST_PHASE_CONNECT || c->phase == SST_PHASE_EHLO) &&
	       sst__categories[category].scope == SST_SCOPE_ADDRESS &&
	       category != SST_CATEGORY_UNDETERMINED;
}

static void add(struct sst__case *c, unsigned kind, unsigned category, unsigned weight,
                const struct sst__match *match)
{
	struct sst__candidate *candidate;

	if (c->count >= SST__CANDIDATES || weight == 0)
		return;
	/* What a server refused was not delivered, nor answered or complained about by a reader,
	 * whatever else its words hold. */
	if (c->cls >= 4 && sst__categories[category].permanence == SST_PERMANENCE_SUCCESS)
		return;
	if (kind >= SST_PROOF_CODE && is_too_early(c, category))
		return;
	candidate = &c->candidates[c->count++];
	candidate->match = match;
	candidate->kind = (uint8_t)kind;
	candidate->category = (uint8_t)of_phase(c, category);
	candidate->weight = (uint8_t)(weight > 100 ? 100 : weight);
	candidate->rank = candidate->weight;
	if (match != NULL && match->set->base != NULL && weight >= SITE_SPEAKS)
		candidate->rank = (uint8_t)(candidate->rank + 100);
	candidate->from = match != NULL ? match->from : 0;
	candidate->upto = match != NULL ? match->upto : 0;
}

static unsigned kind_of(const struct sst__rule *rule)
{
	if (rule->speaker != 0 || rule->says != 0)
		return SST_PROOF_PROVIDER;
	if (rule->atom_count == 0)
		return SST_PROOF_CODE;
	return rule->cond_count != 0 ? SST_PROOF_PHRASE_WITH_CODE : SST_PROOF_PHRASE;
}

/* "To protect our users from spam": what mail is kept out for says nothing of this one. */
static bool is_mere_purpose(const struct sst__match *match)
{
	unsigned category = match->rule->category;

	return match->purpose &&
	       (category == SST_CATEGORY_SPAM_CONTENT || category == SST_CATEGORY_POOR_REPUTATION ||
	        category == SST_CATEGORY_VIRUS_DETECTED);
}

/* A rule's weight at this place: less for words far apart, for advice and for a purpose, more for a
 * reason. */
static unsigned weight_of(const struct sst__match *match)
{
	unsigned weight = match->rule->weight, less = match->loose < 10 ? match->loose : 10;

	if (match->advice)
		less += 15;
	if (is_mere_purpose(match))
		less += 40;
	if (match->reason)
		weight += 4;
	return weight > less + 10 ? weight - less : 10;
}

static void weigh_words(struct sst__case *c)
{
	for (unsigned i = 0; i < c->matches.count; i++) {
		const struct sst__match *match = &c->matches.list[i];
		const struct sst__rule *rule = match->rule;
		if (rule->category != 0 && sst__rule_holds(c, match->set, rule))
			add(c, kind_of(rule), rule->category, weight_of(match), match);
	}
}

/* The keys of all that the codes may be asked for; how many. */
static unsigned keys_of(const struct sst__case *c, unsigned *keys)
{
	unsigned n = 0;

	if (c->reply != 0)
		keys[n++] = sst__reply_key(c->reply);
	if (c->codes.inner.reply != 0)
		keys[n++] = sst__reply_key(c->codes.inner.reply);
	if (sst__code_is(c->status))
		keys[n++] = sst__enhanced_key(c->status.subject, c->status.detail);
	if (sst__code_is(c->inner))
		keys[n++] = sst__enhanced_key(c->inner.subject, c->inner.detail);
	return n;
}

static void add_wordless(struct sst__case *c, const struct sst_rules *set,
                         const struct sst__rule *rule)
{
	struct sst__match *match;

	if (!sst__rule_holds(c, set, rule) || c->matches.count >= SST__MATCHES)
		return;
	match = &c->matches.list[c->matches.count++];
	match->set = set;
	match->rule = rule;
	match->from = (uint32_t)c->codes.outer.from;
	match->upto = (uint32_t)c->codes.outer.upto;
	match->loose = 0;
	match->reason = match->advice = match->purpose = false;
	add(c, kind_of(rule), rule->category, rule->weight, match);
}

/* Rules that ask for codes alone. They are few for each code; the matches' list keeps them. */
static void weigh_wordless(struct sst__case *c)
{
	unsigned keys[4], n = keys_of(c, keys);

	for (const struct sst_rules *set = c->rules; set != NULL; set = set->base) {
		unsigned words = sst__key_words(set->wordless_count);
		for (unsigned w = 0; w < words; w++) {
			uint64_t bits = 0;
			for (unsigned k = 0; k < n; k++)
				bits |= set->wordless_bits[keys[k] * words + w];
			for (; bits != 0; bits &= bits - 1) {
				unsigned i = w * 64 + (unsigned)__builtin_ctzll(bits);
				add_wordless(c, set, &set->rules[set->wordless[i]]);
			}
		}
	}
}

/* How much a code alone is worth: most say little, X.0.0 nothing. */
static unsigned code_weight(sst_code code, sst_nearness near)
{
	if (code.subject == 0)
		return 4;
	if (near == SST_NEAR_ANY)
		return 5;
	if (near == SST_NEAR_SUBJECT || code.detail == 0)
		return code.subject == 7 ? 14 : 22;
	if (code.subject == 7 && code.detail <= 2)
		return 20;
	return 45;
}

static void weigh_code(struct sst__case *c, sst_code code, unsigned less)
{
	sst_nearness near;
	const sst_entry *entry;
	sst_category category;
	unsigned weight;

	if (!sst__code_is(code))
		return;
	entry = sst_registry_find(NULL, code, &near);
	weight = code_weight(code, near);
	category = code.cls <= 5 ? entry->category_of[code.cls] : entry->category;
	if (category != SST_CATEGORY_UNDETERMINED && weight > less)
		add(c, near <= SST_NEAR_CLASS ? SST_PROOF_CODE : SST_PROOF_SUBJECT, category,
		    weight - less, NULL);
}

/* Whether the text holds nothing but codes. */
static bool is_bare(const struct sst__case *c)
{
	return sst__text_trim(
	               sst__text_part(c->evidence->text, c->codes.words, c->evidence->text.len))
	               .len == 0;
}

/* A reply code in front of words, or beside a status code that names a subject, says less than
 * these, and nothing where 550 and 554 are used for everything. */
static void weigh_reply(struct sst__case *c)
{
	const sst_reply_entry *entry = c->reply == 0 ? NULL : sst_reply_entry_find(c->reply);
	bool vague = c->reply == 550 || c->reply == 554 || c->reply == 450 || c->reply == 553;
	bool alone = is_bare(c) && (!sst__code_is(c->status) || c->status.subject == 0);

	if (entry != NULL && entry->category != SST_CATEGORY_UNDETERMINED && (!vague || alone))
		add(c, SST_PROOF_REPLY, entry->category, alone ? 40 : 12, NULL);
	if (c->cls == 2)
		add(c, SST_PROOF_CLASS, SST_CATEGORY_DELIVERED, 60, NULL);
}

void sst__sort(struct sst__case *c)
{
	for (unsigned i = 1; i < c->count; i++) {
		struct sst__candidate moved = c->candidates[i];
		unsigned k = i;
		for (; k > 0 && c->candidates[k - 1].rank < moved.rank; k--)
			c->candidates[k] = c->candidates[k - 1];
		c->candidates[k] = moved;
	}
}

void sst__weigh(struct sst__case *c)
{
	weigh_words(c);
	weigh_wordless(c);
	weigh_code(c, c->status, 0);
	if (!sst_code_equal(c->inner, c->status))
		weigh_code(c, c->inner, 2);
	weigh_reply(c);
	sst__sort(c);
}
