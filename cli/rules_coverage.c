/* SPDX-License-Identifier: MIT
 * cli/rules_coverage.c - the wordings that no rule knows, the most frequent first. */
#include "cli/complaint.h"
#include "cli/rules.h"
#include "cli/cli.h"
#include "cli/rules_texts.h"
#include "core/text.h"

#include <smtpstatus/words.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GROUPS = 8192, SHOWN = 50, KEY = 200 };

/* Texts that differ in numbers and addresses only. */
typedef struct group {
	unsigned long count;
	size_t key_len, example_len;
	char key[KEY], example[KEY];
} group;

typedef struct coverage {
	const sst_rules *rules;
	unsigned long texts, known, by_code, lost;
	unsigned count;
	group *groups;
} coverage;

/* Digits and addresses stand for any others. */
static size_t make_key(sst_text text, char *key)
{
	size_t len = 0;

	for (size_t i = 0; i < text.len && len < KEY; i++) {
		char c = sst__is_space(text.ptr[i]) ? ' ' : sst__lower(text.ptr[i]);
		if (sst__is_digit(c))
			c = '#';
		if (c == '#' && len > 0 && key[len - 1] == '#')
			continue;
		if (c == '<') {
			while (i < text.len && text.ptr[i] != '>' && !sst__is_space(text.ptr[i]))
				i++;
			c = '@';
		}
		key[len++] = c;
	}
	return len;
}

static void count_group(coverage *c, sst_text text)
{
	char key[KEY];
	size_t len = make_key(text, key);
	group *found;

	for (unsigned i = 0; i < c->count; i++)
		if (c->groups[i].key_len == len && memcmp(c->groups[i].key, key, len) == 0) {
			c->groups[i].count++;
			return;
		}
	if (c->count == GROUPS) {
		c->lost++;
		return;
	}
	found = &c->groups[c->count++];
	found->count = 1;
	found->key_len = len;
	memcpy(found->key, key, len);
	found->example_len = text.len < KEY ? text.len : KEY;
	while (found->example_len < text.len &&
	       ((unsigned char)text.ptr[found->example_len] & 0xc0) == 0x80)
		found->example_len--; /* not within a letter */
	memcpy(found->example, text.ptr, found->example_len);
}

static void take(void *context, const sst_evidence *evidence)
{
	coverage *c = context;
	sst_verdict verdict;

	sst_judge(c->rules, evidence, &verdict);
	c->texts++;
	if (verdict.proof_count > 0 && verdict.proofs[0].kind != SST_PROOF_NONE &&
	    verdict.proofs[0].kind <= SST_PROOF_PHRASE &&
	    verdict.category != SST_CATEGORY_UNDETERMINED) {
		c->known++;
		return;
	}
	c->by_code += verdict.category != SST_CATEGORY_UNDETERMINED;
	count_group(c, evidence->text);
}

static int by_count(const void *a, const void *b)
{
	const group *x = a, *y = b;

	return x->count < y->count ? 1 : x->count > y->count ? -1 : memcmp(x->key, y->key, KEY);
}

static void show(coverage *c, cli_text *out)
{
	qsort(c->groups, c->count, sizeof *c->groups, by_count);
	cli_put_format(out, "%lu texts, %lu known by their words, %lu by code alone, %lu not\n",
	               c->texts, c->known, c->by_code, c->texts - c->known - c->by_code);
	for (unsigned i = 0; i < c->count && i < SHOWN; i++) {
		cli_put_format(out, "%7lu  ", c->groups[i].count);
		cli_put_theirs(out, (sst_text){c->groups[i].example, c->groups[i].example_len},
		               KEY);
		cli_put_char(out, '\n');
	}
	if (c->lost > 0)
		cli_put_format(out, "%lu more texts of further kinds\n", c->lost);
}

int cli_rules_coverage(const sst_rules *rules, const char *path, cli_text *out)
{
	coverage c = {rules, 0, 0, 0, 0, 0, calloc(GROUPS, sizeof(group))};
	int status;

	if (c.groups == NULL) {
		return cli_no_memory();
	}
	status = cli_texts_read(path, take, &c);
	show(&c, out);
	free(c.groups);
	return status;
}
