/* SPDX-License-Identifier: MIT
 * core/gather.c - what is known of the case: codes, words, who speaks, and what was answered. */
#include "core/code.h"
#include "core/judge.h"
#include "core/providers.h"

#include <smtpstatus/words.h>

sst_text sst__local_part(sst_text address)
{
	size_t sign = address.len;

	while (sign > 0 && address.ptr[sign - 1] != '@')
		sign--;
	return sign == 0 ? address : sst__text_part(address, 0, sign - 1);
}

static void gather_codes(struct sst__case *c)
{
	const struct sst_evidence *evidence = c->evidence;

	sst_codes_find(evidence->text, &c->codes);
	c->reply = evidence->reply != 0 ? evidence->reply : c->codes.outer.reply;
	if (c->reply < 200 || c->reply > 599)
		c->reply = 0;
	c->status = sst__code_is(c->codes.status) ? c->codes.status : evidence->status;
	/* A Status field with more to say than the text's own code. */
	if (sst__code_is(evidence->status) && c->status.subject == 0)
		c->status = evidence->status;
	c->cls = c->reply != 0 ? c->reply / 100 : c->status.cls;
	if (c->cls == 3 || c->cls == 1)
		c->cls = 0;
	if (sst__code_is(c->status) && c->cls != 0 && c->status.cls != 2)
		c->status.cls = (uint8_t)c->cls;
	if (c->codes.inner.from < c->codes.inner.upto)
		c->inner = c->codes.inner.code;
}

/* The provider that the words, or the hosts that are named in them, give away. */
static unsigned speaker_of(const struct sst__case *c)
{
	unsigned speaker = sst__provider_of(c->evidence->remote_mta), best = 0;

	for (unsigned i = 0; i < c->matches.count; i++) {
		const struct sst__rule *rule = c->matches.list[i].rule;
		if (rule->says != 0 && rule->weight > best) {
			best = rule->weight;
			speaker = rule->says;
		}
	}
	if (speaker == 0)
		speaker = sst__provider_of(c->evidence->reporting_mta);
	return speaker;
}

/* The phase that the words tell: rules of no category may set one. */
static sst_phase phase_of(const struct sst__case *c)
{
	if (c->evidence->phase != 0)
		return c->evidence->phase;
	for (unsigned i = 0; i < c->matches.count; i++) {
		const struct sst__rule *rule = c->matches.list[i].rule;
		if (rule->category == 0 && rule->phases != 0)
			for (unsigned phase = 1; phase < 10; phase++)
				if (rule->phases == 1u << phase)
					return (sst_phase)phase;
	}
	return 0;
}

void sst__gather(struct sst__case *c, const struct sst_rules *rules,
                 const struct sst_evidence *evidence)
{
	c->rules = rules;
	c->evidence = evidence;
	c->inner = (sst_code){0, 0, 0};
	c->count = 0;
	gather_codes(c);
	sst__windows_open(&c->text, evidence->text, sst__local_part(evidence->recipient));
	sst__match(rules, &c->text, &c->matches);
	c->speaker = speaker_of(c);
	c->phase = phase_of(c);
}

static bool cond_holds(const struct sst__cond *cond, uint16_t reply, sst_code code)
{
	if (cond->reply_high != 0)
		return reply >= cond->reply_low && reply <= cond->reply_high;
	return code.cls < 8 && (cond->classes >> code.cls & 1) &&
	       code.subject >= cond->subject_low && code.subject <= cond->subject_high &&
	       code.detail >= cond->detail_low && code.detail <= cond->detail_high;
}

bool sst__rule_holds(const struct sst__case *c, const struct sst_rules *set,
                     const struct sst__rule *rule)
{
	if (rule->speaker != 0 && rule->speaker != c->speaker)
		return false;
	if (rule->phases != 0 && rule->category != 0 && !(rule->phases >> c->phase & 1))
		return false;
	if (rule->cond_count == 0)
		return true;
	for (unsigned i = 0; i < rule->cond_count; i++) {
		const struct sst__cond *cond = &set->conds[rule->conds + i];
		if (cond_holds(cond, c->reply, c->status) ||
		    (sst__code_is(c->inner) && cond_holds(cond, c->codes.inner.reply, c->inner)))
			return true;
	}
	return false;
}
