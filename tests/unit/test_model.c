/* SPDX-License-Identifier: MIT
 * The second opinion: when it is asked, what it may say, and what it must not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/model.h"

#include <smtpstatus/words.h>

/* Words that no rule knows, and that speak of a mailbox's owner. */
#define STRANGE "none of our postboxes goes by marlene"

static sst_verdict judge(const char *text)
{
	sst_evidence evidence = SST_EVIDENCE_INIT;
	sst_verdict verdict;

	evidence.text = sst__text_constant(text);
	sst_judge(NULL, &evidence, &verdict);
	return verdict;
}

static struct sst__opinion ask(const char *text)
{
	static struct sst__features features;
	static struct sst__windows windows;
	struct sst__opinion opinion;

	sst__windows_open(&windows, sst__text_constant(text), SST_NO_TEXT);
	sst__features_read(&windows, 0, (sst_code){0, 0, 0}, &features);
	sst__model_ask(&sst__model_table, &features, &opinion);
	return opinion;
}

static bool speaks(const sst_verdict *verdict)
{
	for (unsigned i = 0; i < verdict->proof_count; i++)
		if (verdict->proofs[i].kind == SST_PROOF_MODEL)
			return true;
	return false;
}

static void it_is_silent_where_a_rule_knows_the_words(void **state)
{
	sst_verdict verdict = judge("550 5.1.1 User unknown");

	(void)state;
	assert_false(speaks(&verdict));
	assert_int_equal(verdict.category, SST_CATEGORY_USER_UNKNOWN);
}

static void it_is_silent_where_there_are_no_words(void **state)
{
	sst_verdict codes = judge("550 5.4.6"), nothing = judge("");

	(void)state;
	assert_false(speaks(&codes));
	assert_int_equal(codes.category, SST_CATEGORY_ROUTING_ERROR);
	assert_false(speaks(&nothing));
}

static void a_code_that_says_much_says_more_than_it(void **state)
{
	sst_verdict verdict = judge("550 5.4.6 " STRANGE);

	(void)state;
	assert_int_equal(verdict.category, SST_CATEGORY_ROUTING_ERROR);
}

static void it_never_guesses_that_a_mail_arrived(void **state)
{
	static const char *const texts[] = {"the parcel of yours has been put into his hands",
	                                    "yours was handed over with thanks", "550 handed over"};

	(void)state;
	for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
		sst_verdict verdict = judge(texts[i]);
		assert_false(speaks(&verdict) && verdict.proofs[0].kind == SST_PROOF_MODEL &&
		             verdict.permanence == SST_PERMANENCE_SUCCESS);
	}
}

static void for_its_opinion_alone_nobody_is_given_up(void **state)
{
	sst_verdict verdict = judge("550 " STRANGE);

	(void)state;
	assert_true(speaks(&verdict));
	assert_int_not_equal(verdict.act, SST_ACT_SUPPRESS);
}

static void its_evidence_names_words_of_the_text(void **state)
{
	struct sst__opinion opinion = ask(STRANGE);

	(void)state;
	assert_true(opinion.from < opinion.upto);
	assert_true(opinion.upto <= sizeof STRANGE - 1);
	assert_true(opinion.next_from == opinion.next_upto || opinion.next_upto <= opinion.from ||
	            opinion.next_from >= opinion.upto);
}

static void upper_case_line_ends_and_marks_change_nothing(void **state)
{
	struct sst__opinion plain = ask("la bo\xc3\xaete n'est plus l\xc3\xa0 du tout, helas");
	struct sst__opinion other = ask("LA  BOITE\r\nN'EST PLUS LA\r\n DU TOUT, HELAS");

	(void)state;
	assert_int_equal(plain.category, other.category);
	assert_int_equal(plain.sure, other.sure);
}

static void it_says_how_sure_it_is_in_percent(void **state)
{
	struct sst__opinion opinion =
	        ask("mailbox full quota exceeded mailbox full quota exceeded");

	(void)state;
	assert_int_equal(opinion.category, SST_CATEGORY_MAILBOX_FULL);
	assert_in_range(opinion.sure, 80, 100);
	assert_true(opinion.second_sure <= 100 - opinion.sure + 1);
}

static void of_text_without_known_words_it_has_no_opinion(void **state)
{
	(void)state;
	assert_int_equal(ask("").category, 0);
	assert_int_equal(ask("xqzv wvkj").category, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(it_is_silent_where_a_rule_knows_the_words),
	        cmocka_unit_test(it_is_silent_where_there_are_no_words),
	        cmocka_unit_test(a_code_that_says_much_says_more_than_it),
	        cmocka_unit_test(it_never_guesses_that_a_mail_arrived),
	        cmocka_unit_test(for_its_opinion_alone_nobody_is_given_up),
	        cmocka_unit_test(its_evidence_names_words_of_the_text),
	        cmocka_unit_test(upper_case_line_ends_and_marks_change_nothing),
	        cmocka_unit_test(it_says_how_sure_it_is_in_percent),
	        cmocka_unit_test(of_text_without_known_words_it_has_no_opinion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
