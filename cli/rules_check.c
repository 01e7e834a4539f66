/* SPDX-License-Identifier: MIT
 * cli/rules_check.c - do the examples hold, and who won and why? */
#include "cli/rules.h"
#include "cli/cli.h"
#include "cli/rules_texts.h"
#include "core/judge.h"
#include "core/text.h"

#include <smtpstatus/words.h>

#include <limits.h>
#include <string.h>

enum { MOST = 48, IDS = 4096 };

typedef struct checking {
	const sst_rules *rules;
	const char *name;
	cli_text *out;
	unsigned rows, examples, wrong, shadowed, unfounded;
} checking;

static void say(checking *c, const cli_rule_row *row, const char *what)
{
	cli_put_format(c->out, "%s:%lu: ", c->name, row->line);
	cli_put_text(c->out, row->id);
	cli_put(c->out, what);
}

/* Whether the rule's words stand in its example. */
static bool matches(const sst_rules *rules, const cli_rule_row *row)
{
	static struct sst__windows text;
	static struct sst__matches found;

	sst__windows_open(&text, row->example, SST_NO_TEXT);
	sst__match(rules == NULL ? sst_rules_builtin() : rules, &text, &found);
	for (unsigned i = 0; i < found.count; i++)
		if (sst__text_same(sst__rule_id(found.list[i].set, found.list[i].rule), row->id))
			return true;
	return false;
}

static void check_example(checking *c, const cli_rule_row *row)
{
	sst_evidence evidence = SST_EVIDENCE_INIT;
	sst_verdict verdict;
	int category = sst_word_find(SST_VOCABULARY_CATEGORY, row->category);

	c->examples++;
	if (row->words.len > 0 && !matches(c->rules, row)) {
		say(c, row, ": the example does not match: ");
		cli_put_text(c->out, row->example);
		cli_put_char(c->out, '\n');
		c->wrong++;
		return;
	}
	if (category <= 0)
		return;
	evidence.text = row->example;
	sst_judge(c->rules, &evidence, &verdict);
	if (verdict.category == category || row->codes.len > 0 || row->speaker.len > 0)
		return;
	c->shadowed++;
	say(c, row, ": shadowed: its example is judged ");
	cli_put_text(c->out, sst_word(SST_VOCABULARY_CATEGORY, verdict.category));
	if (verdict.proof_count > 0 && verdict.proofs[0].rule.len > 0) {
		cli_put(c->out, " by ");
		cli_put_text(c->out, verdict.proofs[0].rule);
	}
	cli_put_char(c->out, '\n');
}

static bool same_conditions(const cli_rule_row *a, const cli_rule_row *b)
{
	return b->words.len > 0 && sst__text_same(a->words, b->words) &&
	       sst__text_same(a->codes, b->codes) && sst__text_same(a->speaker, b->speaker);
}

/* The same words and conditions: with another category a contradiction, else one too many. */
static void compare_rows(checking *c, const cli_rule_row *before, const cli_rule_row *row)
{
	bool same = sst__text_same(before->category, row->category);

	if (sst__text_same(before->id, row->id)) {
		say(c, row, ": stands twice\n");
		c->wrong++;
	}
	if (!same_conditions(before, row))
		return;
	say(c, row, same ? ": shadowed: says the same as " : ": contradicts ");
	cli_put_text(c->out, before->id);
	cli_put_char(c->out, '\n');
	c->shadowed += same;
	c->wrong += !same;
}

static void check_contradictions(checking *c, sst_text text)
{
	static cli_rule_row rows[IDS];
	cli_rule_reader reader;
	unsigned n = 0;

	cli_rule_reader_init(&reader, text);
	while (n < IDS && cli_rule_next(&reader, &rows[n])) {
		for (unsigned i = 0; i < n; i++)
			compare_rows(c, &rows[i], &rows[n]);
		n++;
	}
}

/* How many texts each rule speaks about. */
typedef struct support {
	const sst_rules *rules;
	cli_rule_row rows[IDS];
	unsigned texts[IDS], count;
	unsigned long total;
} support;

static void count_support(void *context, const sst_evidence *evidence)
{
	static sst_proof proofs[MOST];
	support *s = context;
	size_t n = sst_judge_candidates(s->rules, evidence, proofs, MOST);

	s->total++;
	for (size_t i = 0; i < n && i < MOST; i++)
		for (unsigned k = 0; k < s->count && proofs[i].rule.len > 0; k++)
			if (sst__text_same(s->rows[k].id, proofs[i].rule)) {
				s->texts[k]++;
				break;
			}
}

int cli_rules_samples(const sst_rules *rules, sst_text text, const char *name, const char *samples,
                      cli_text *out)
{
	static support s;
	checking c = {.name = name, .out = out};
	cli_rule_reader reader;
	unsigned silent = 0, single = 0;
	int status;

	s.rules = rules;
	s.count = 0;
	s.total = 0;
	memset(s.texts, 0, sizeof s.texts);
	cli_rule_reader_init(&reader, text);
	while (s.count < IDS && cli_rule_next(&reader, &s.rows[s.count]))
		s.count += s.rows[s.count].category.len > 0;
	status = cli_texts_read(samples, count_support, &s);
	for (unsigned i = 0; i < s.count; i++) {
		silent += s.texts[i] == 0;
		if (s.texts[i] != 1)
			continue;
		single++;
		say(&c, &s.rows[i], ": one text of the samples needs it\n");
	}
	cli_put_format(out, "%s: of %u rules %u speak of no text of %lu, %u of one\n", name,
	               s.count, silent, s.total, single);
	return status;
}

int cli_rules_check(const sst_rules *rules, sst_text text, const char *name, cli_text *out)
{
	checking c = {rules, name, out, 0, 0, 0, 0, 0};
	cli_rule_reader reader;
	cli_rule_row row;

	cli_rule_reader_init(&reader, text);
	while (cli_rule_next(&reader, &row)) {
		c.rows++;
		if (row.example.len > 0)
			check_example(&c, &row);
		if (row.fact.len == 0) {
			say(&c, &row, ": rests on its example alone\n");
			c.unfounded++;
		}
	}
	check_contradictions(&c, text);
	cli_put_format(
	        out, "%s: %u rules, %u with an example; %u wrong, %u shadowed, %u on one sample\n",
	        name, c.rows, c.examples, c.wrong, c.shadowed, c.unfounded);
	return c.wrong > 0 ? EXIT_PARTLY : EXIT_DONE;
}

static const char *const kinds[] = {
        "nothing",        "words of a known speaker", "words together with the code",
        "words",          "the status code",          "the code's subject",
        "the reply code", "the first digit",          "the second opinion",
};

static void tell_proof(cli_text *out, sst_text text, const sst_proof *proof, bool won)
{
	cli_put(out, won ? "  * " : "    ");
	cli_put_format(out, "%3u  ", proof->weight);
	cli_put_text(out, sst_word(SST_VOCABULARY_CATEGORY, proof->category));
	cli_put(out, ": ");
	cli_put(out, proof->kind <= SST_PROOF_MODEL ? kinds[proof->kind] : kinds[0]);
	if (proof->upto > proof->from) {
		cli_put(out, " \"");
		cli_put_theirs(out, sst__text_part(text, proof->from, proof->upto), UINT_MAX);
		cli_put(out, "\"");
	}
	if (proof->rule.len > 0) {
		cli_put(out, " (");
		cli_put_text(out, proof->rule);
		cli_put(out, ")");
	}
	cli_put_char(out, '\n');
}

static void tell_verdict(cli_text *out, const sst_verdict *v)
{
	cli_put(out, "  ");
	cli_put_text(out, sst_word(SST_VOCABULARY_CATEGORY, v->category));
	cli_put(out, ", ");
	cli_put_text(out, v->permanence == 0 ? SST_TEXT("final or not: unknown")
	                                     : sst_word(SST_VOCABULARY_PERMANENCE, v->permanence));
	cli_put_format(out, ", %u%% sure", v->confidence);
	if (v->provider.len > 0) {
		cli_put(out, "; said by ");
		cli_put_text(out, v->provider);
	}
	cli_put_char(out, '\n');
}

static void tell_reason(cli_text *out, const sst_proof *proofs, size_t count, const sst_verdict *v)
{
	size_t other = 0;

	if (count == 0) {
		cli_put(out, "  Nothing in it is known: no rule, no code.\n");
		return;
	}
	while (other < count && proofs[other].category == v->category)
		other++;
	if (other == count) {
		cli_put(out, "  All that speaks agrees.\n");
		return;
	}
	cli_put(out, "  Against it stands ");
	cli_put_text(out, sst_word(SST_VOCABULARY_CATEGORY, proofs[other].category));
	cli_put_format(out, " with %u: ", proofs[other].weight);
	cli_put(out, proofs[other].kind > SST_PROOF_PHRASE ? "codes say less than words.\n"
	             : proofs[other].weight + 10 < v->proofs[0].weight
	                     ? "those words are more general.\n"
	                     : "nearly as strong, so the verdict is less sure.\n");
}

int cli_rules_test(const sst_rules *rules, sst_text text, cli_text *out)
{
	static sst_proof proofs[MOST];
	sst_evidence evidence = SST_EVIDENCE_INIT;
	sst_verdict verdict;
	size_t count;
	bool won = false;

	evidence.text = text;
	sst_judge(rules, &evidence, &verdict);
	count = sst_judge_candidates(rules, &evidence, proofs, MOST);
	count = count < MOST ? count : MOST;
	cli_put_theirs(out, text, UINT_MAX);
	cli_put_char(out, '\n');
	tell_verdict(out, &verdict);
	for (size_t i = 0; i < count; i++) {
		bool wins = !won && proofs[i].category == verdict.category;
		tell_proof(out, text, &proofs[i], wins);
		won |= wins;
	}
	tell_reason(out, proofs, count, &verdict);
	return EXIT_DONE;
}
