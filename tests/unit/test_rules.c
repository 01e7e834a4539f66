/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/measure.h"
#include "core/rules.h"
#include "core/scan.h"
#include "guard.h"

#include <smtpstatus/words.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

static sst_verdict judge(const char *text)
{
	sst_evidence evidence = SST_EVIDENCE_INIT;
	sst_verdict verdict;

	evidence.text = guard_string(text);
	sst_judge(NULL, &evidence, &verdict);
	guard_free(evidence.text);
	return verdict;
}

static void folded_is(const char *text, const char *want)
{
	sst_text in = guard_string(text);
	static struct sst__scan scan;
	size_t at = 0;

	assert_true(sst__scan_next(in, &at, SST_NO_TEXT, &scan));
	assert_int_equal(scan.folded_len, strlen(want));
	assert_memory_equal(scan.folded, want, scan.folded_len);
	guard_free(in);
}

static void other_ways_to_write_a_letter_are_the_same(void **state)
{
	(void)state;
	/* Narrow kana, and kana whose voice mark is a character of its own. */
	folded_is("\xef\xbe\x92\xef\xbd\xb0\xef\xbe\x99", "\xe3\x83\xa1\xe3\x83\xbc\xe3\x83\xab ");
	folded_is("\xef\xbe\x8e\xef\xbe\x9e", "\xe3\x83\x9c ");
	folded_is("\xe3\x81\xaf\xe3\x82\x9a", "\xe3\x81\xb1 ");
	/* The traditional form of a Chinese character; an accent and a last sigma in Greek. */
	folded_is("\xe6\xbb\xbf", "\xe6\xbb\xa1 ");
	folded_is("\xce\x86\xce\xb3\xcf\x82", "\xce\xb1\xce\xb3\xcf\x83 ");
	/* Thai has no blanks between words: each letter is a word of its own. */
	folded_is("\xe0\xb9\x84\xe0\xb8\xa1", "\xe0\xb9\x84\xe0\xb8\xa1 ");
	folded_is("34MB", "34 mb ");
	folded_is("34MBit", "34mbit ");
}

static void a_word_behind_an_apostrophe_starts_a_word(void **state)
{
	struct sst__scan scan;
	size_t at = 0;

	(void)state;
	assert_true(sst__scan_next(SST_TEXT("l'adresse don't"), &at, SST_NO_TEXT, &scan));
	assert_int_equal(scan.words, 3);
	assert_int_equal(scan.word[1].at, 1);
	assert_int_equal(scan.word[0].position, scan.word[1].position);
	assert_int_equal(scan.word[2].position, scan.word[1].position + 1);
}

/* "And the sender" is one word in both; words of two letters and "full" have no particle. */
static void a_word_behind_arabic_and_hebrew_particles_starts_a_word(void **state)
{
	static const char *const texts[] = {
	        "\xd9\x88\xd8\xa7\xd9\x84\xd9\x85\xd8\xb1\xd8\xb3\xd9\x84",
	        "\xd7\x95\xd7\x94\xd7\xa9\xd7\x95\xd7\x9c\xd7\x97", "\xd9\x81\xd9\x8a",
	        "\xd7\x9e\xd7\x9c\xd7\x90"};
	static const unsigned words[] = {3, 4, 1, 1};

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct sst__scan scan;
		size_t at = 0;
		assert_true(sst__scan_next(sst__text_constant(texts[i]), &at, SST_NO_TEXT, &scan));
		assert_int_equal(scan.words, words[i]);
		assert_int_equal(scan.word[0].position, scan.word[scan.words - 1].position);
	}
}

static void letters_are_folded_in_every_script(void **state)
{
	(void)state;
	folded_is("Empf\xc3\xa4nger  UNBEKANNT", "empfanger unbekannt ");
	folded_is("\xd0\xaf\xd0\xa9\xd0\x98\xd0\x9a", "\xd1\x8f\xd1\x89\xd0\xb8\xd0\xba ");
	folded_is("doesn't exist", "doesnt exist ");
	folded_is("\xef\xbc\xa6\xef\xbd\x95\xef\xbd\x8c\xef\xbd\x8c", "full ");
}

static void codes_addresses_and_hosts_are_not_words(void **state)
{
	(void)state;
	folded_is("550-5.1.1 <mailbox-full@example.com> unknown", "\x01 unknown ");
	folded_is("blocked using bl.example.net", "blocked using \x03 ");
	folded_is("host mx.example.net[192.0.2.1] said", "host \x03 said ");
}

static void an_address_is_not_evidence(void **state)
{
	(void)state;
	assert_int_equal(judge("550 <mailbox-full@example.com>: User unknown").category,
	                 SST_CATEGORY_USER_UNKNOWN);
}

static void not_undoes_what_it_stands_before(void **state)
{
	(void)state;
	assert_int_equal(judge("the mailbox is full").category, SST_CATEGORY_MAILBOX_FULL);
	assert_int_not_equal(judge("the mailbox is not full").category, SST_CATEGORY_MAILBOX_FULL);
}

static void upper_case_and_folding_change_nothing(void **state)
{
	sst_verdict a = judge("550-5.2.2 The mailbox you write to\r\n550 5.2.2 is over quota\r\n");
	sst_verdict b = judge("550-5.2.2 THE MAILBOX YOU WRITE TO 550 5.2.2 IS OVER QUOTA");

	(void)state;
	assert_int_equal(a.category, b.category);
	assert_int_equal(a.confidence, b.confidence);
	assert_int_equal(a.permanence, b.permanence);
}

static void a_reply_to_mail_is_about_the_sender(void **state)
{
	sst_evidence evidence = SST_EVIDENCE_INIT;
	sst_verdict verdict;

	(void)state;
	evidence.text = SST_TEXT("550 No such domain");
	evidence.phase = SST_PHASE_MAIL;
	sst_judge(NULL, &evidence, &verdict);
	assert_int_equal(verdict.category, SST_CATEGORY_INVALID_SENDER);
	evidence.phase = SST_PHASE_RCPT;
	sst_judge(NULL, &evidence, &verdict);
	assert_int_equal(verdict.category, SST_CATEGORY_BAD_DOMAIN);
}

static void a_failed_action_is_permanent_even_with_class_four(void **state)
{
	sst_evidence evidence = SST_EVIDENCE_INIT;
	sst_verdict verdict;

	(void)state;
	evidence.text = SST_TEXT("451 4.4.1 connection timed out");
	evidence.action = SST_ACTION_FAILED;
	sst_judge(NULL, &evidence, &verdict);
	assert_int_equal(verdict.permanence, SST_PERMANENCE_PERMANENT);
}

static void an_address_is_kept_while_the_answer_may_pass(void **state)
{
	(void)state;
	assert_int_equal(judge("550 5.1.1 User unknown").act, SST_ACT_SUPPRESS);
	assert_int_equal(judge("450 4.1.1 User unknown").act, SST_ACT_RETRY);
}

static void the_words_beat_a_code_that_says_nothing(void **state)
{
	sst_verdict v = judge("450 5.2.3 Msg Size greater than allowed by Remote Host");

	(void)state;
	assert_int_equal(v.category, SST_CATEGORY_MESSAGE_TOO_BIG);
	assert_true(v.notes & SST_NOTE_CLASS_MISMATCH);
	assert_int_equal(judge("").category, SST_CATEGORY_UNDETERMINED);
}

static void vendors_mean_something_else_by_some_codes(void **state)
{
	sst_evidence evidence = SST_EVIDENCE_INIT;
	sst_verdict verdict;

	(void)state;
	evidence.text = SST_TEXT("550 5.1.10 failed");
	sst_judge(NULL, &evidence, &verdict);
	assert_int_equal(verdict.category, SST_CATEGORY_BAD_DOMAIN);
	evidence.remote_mta = SST_TEXT("example-com.mail.protection.outlook.com");
	sst_judge(NULL, &evidence, &verdict);
	assert_int_equal(verdict.category, SST_CATEGORY_USER_UNKNOWN);
	assert_int_equal(verdict.provider.len, strlen("microsoft"));
}

static void waiting_times_and_limits_are_read(void **state)
{
	(void)state;
	assert_int_equal(sst__measure_wait(SST_TEXT("come back in 00:02:00")), 120);
	assert_int_equal(sst__measure_wait(SST_TEXT("deferred, retry in 5 minutes")), 300);
	assert_int_equal(sst__measure_wait(SST_TEXT("still undelivered after 4 hours")), 0);
	assert_int_equal(sst__measure_wait(SST_TEXT("until the message is 5 days old")), 0);
	assert_int_equal(sst__measure_wait(SST_TEXT("retry after 300 seconds")), 300);
	assert_int_equal(sst__measure_wait(SST_TEXT("try again in 1 hour")), 3600);
	assert_int_equal(sst__measure_wait(SST_TEXT("bitte in 5 Minuten erneut")), 300);
	assert_int_equal(sst__measure_wait(SST_TEXT("5 messages in the queue")), 0);
	assert_int_equal(sst__measure_wait(SST_TEXT("retry after 2h30m")), 9000);
	assert_int_equal(sst__measure_wait(SST_TEXT("try in 1 hour and 30 minutes")), 5400);
	assert_int_equal(sst__measure_wait(SST_TEXT("try again in five minutes")), 300);
	assert_int_equal(sst__measure_wait(SST_TEXT("try again in half an hour")), 1800);
	assert_int_equal(sst__measure_wait(SST_TEXT("try again in 1.5 hours")), 5400);
	assert_int_equal(sst__measure_wait(SST_TEXT("lütfen 5 dakika sonra")), 300);
	assert_int_equal(sst__measure_wait(SST_TEXT("wait 60 more seconds")), 60);
	assert_int_equal(sst__measure_wait(SST_TEXT("Retry-After: 120")), 120);
	assert_int_equal(sst__measure_wait(SST_TEXT("retry after 5.7.1")), 0);
	assert_int_equal(sst__measure_wait(SST_TEXT("timeout exceeded after 300 seconds")), 0);
	assert_int_equal(sst__measure_wait(SST_TEXT("timed out after 2 minutes")), 0);
	assert_int_equal(sst__measure_wait(SST_TEXT("try again, after a second look")), 0);
	assert_int_equal(sst__measure_limit(SST_TEXT("at most 1.5 GB")), 1610612736);
	assert_int_equal(sst__measure_limit(SST_TEXT("limit of 10.485.760 Bytes")), 10485760);
	assert_int_equal(sst__measure_limit(SST_TEXT("limit 52,428,800")), 52428800);
	assert_int_equal(sst__measure_limit(SST_TEXT("limit for 10.100.200.1 is low")), 0);
	assert_int_equal(sst__measure_limit(SST_TEXT("maximum size of 20 MB")), 20971520);
	assert_int_equal(sst__measure_limit(SST_TEXT("size 30000 exceeds limit 10485760")),
	                 10485760);
}

static void a_site_rule_needs_the_memory_that_it_names(void **state)
{
	sst_text tsv = SST_TEXT("id\tcategory\tweight\twords\n"
	                        "mine\tspam-content\t99\t{mailbox} * purple\n");
	const sst_rules *rules = NULL;
	sst_result result = sst_rules_extend(NULL, tsv, NULL, 0, &rules);
	sst_evidence evidence = SST_EVIDENCE_INIT;
	sst_verdict verdict;
	void *memory;

	(void)state;
	assert_int_equal(result.err, SST_E_SPACE);
	memory = malloc(result.at);
	assert_non_null(memory);
	result = sst_rules_extend(NULL, tsv, memory, result.at, &rules);
	assert_int_equal(result.err, SST_OK);
	evidence.text = SST_TEXT("550 the inbox is purple");
	sst_judge(rules, &evidence, &verdict);
	assert_int_equal(verdict.category, SST_CATEGORY_SPAM_CONTENT);
	assert_int_equal(verdict.proofs[0].rule.len, 4);
	free(memory);
}

/* A trie's state keeps the rest of a literal that no other shares as bytes: not so with numbers. */
static void a_number_is_met_where_no_other_words_go_on_the_same_way(void **state)
{
	static char memory[1 << 20];
	sst_text tsv = SST_TEXT("id\tcategory\tweight\twords\n"
	                        "mine\tspam-content\t99\tzork most <number> plums\n");
	const sst_rules *rules = NULL;
	sst_evidence evidence = SST_EVIDENCE_INIT;
	sst_verdict verdict;

	(void)state;
	assert_int_equal(sst_rules_extend(NULL, tsv, memory, sizeof memory, &rules).err, SST_OK);
	evidence.text = SST_TEXT("550 zork most 50 plums");
	sst_judge(rules, &evidence, &verdict);
	assert_int_equal(verdict.category, SST_CATEGORY_SPAM_CONTENT);
}

static void a_bad_rule_is_an_error_with_its_offset(void **state)
{
	static char memory[1 << 20];
	sst_text tsv = SST_TEXT("id\tcategory\tweight\twords\nx\tspam-content\t99\t{nothing}\n");
	const sst_rules *rules = NULL;
	sst_result result = sst_rules_extend(NULL, tsv, memory, sizeof memory, &rules);

	(void)state;
	assert_int_equal(result.err, SST_E_SYNTAX);
	assert_int_equal(tsv.ptr[result.at], '{');
	assert_non_null(result.rule);
}

static void hosts_belong_to_providers(void **state)
{
	sst_text name = sst_provider_of_host(SST_TEXT("gmail-smtp-in.l.GOOGLE.com."));

	(void)state;
	assert_int_equal(name.len, 6);
	assert_null(sst_provider_of_host(SST_TEXT("notgoogle.com")).ptr);
}

static void notes_tell_how_code_and_verdict_stand(void **state)
{
	sst_evidence evidence = SST_EVIDENCE_INIT;
	sst_verdict verdict;

	(void)state;
	assert_true(judge("550 5.1.1 Mailbox full").notes & SST_NOTE_WORDING_OVER_CODE);
	assert_false(judge("550 5.1.1 User unknown").notes & SST_NOTE_WORDING_OVER_CODE);
	assert_false(judge("550 5.7.1 User unknown").notes & SST_NOTE_WORDING_OVER_CODE);
	assert_true(judge("550 5.1.10 not found (x.prod.outlook.com)").notes &
	            SST_NOTE_VENDOR_MEANING);
	assert_true(judge("551 5.1.6 User has moved").notes & SST_NOTE_SUPERSEDED);
	evidence.text = SST_TEXT("550 5.1.1 User unknown");
	evidence.status = (sst_code){5, 2, 1};
	sst_judge(NULL, &evidence, &verdict);
	assert_true(verdict.notes & SST_NOTE_CONFLICTING_STATUS);
	evidence.status = (sst_code){5, 0, 0};
	sst_judge(NULL, &evidence, &verdict);
	assert_false(verdict.notes & SST_NOTE_CONFLICTING_STATUS);
}

static void what_was_refused_was_not_delivered(void **state)
{
	(void)state;
	assert_int_not_equal(judge("550 message not accepted for delivery").category,
	                     SST_CATEGORY_DELIVERED);
	assert_int_not_equal(judge("450 Message accepted for delivery later").category,
	                     SST_CATEGORY_DELIVERED);
	assert_int_equal(judge("250 Message accepted for delivery").category,
	                 SST_CATEGORY_DELIVERED);
}

static void a_bare_refusal_does_not_make_final_what_passes(void **state)
{
	(void)state;
	assert_int_equal(judge("The server did not accept our requests to connect").permanence,
	                 SST_PERMANENCE_TEMPORARY);
	assert_int_equal(judge("550 5.7.1 Message refused by policy").permanence,
	                 SST_PERMANENCE_PERMANENT);
}

static void who_spoke_is_not_what_was_said(void **state)
{
	(void)state;
	assert_int_equal(
	        judge("550 account does not exist (in reply to end of DATA command)").category,
	        SST_CATEGORY_USER_UNKNOWN);
	assert_int_equal(judge("500 command not known (in reply to EHLO command)").category,
	                 SST_CATEGORY_PROTOCOL_ERROR);
	assert_int_equal(judge("host mx.example.net [192.0.2.1]: 553 5.1.1 unknown or illegal user")
	                         .category,
	                 SST_CATEGORY_USER_UNKNOWN);
}

static double seconds_of(const char *piece, size_t len)
{
	sst_evidence evidence = SST_EVIDENCE_INIT;
	size_t part = strlen(piece);
	char *text = malloc(len);
	sst_verdict verdict;
	clock_t start;

	assert_non_null(text);
	for (size_t i = 0; i < len; i++)
		text[i] = piece[i % part];
	evidence.text = (sst_text){text, len};
	start = clock();
	sst_judge(NULL, &evidence, &verdict);
	free(text);
	return (double)(clock() - start) / CLOCKS_PER_SEC;
}

/* What is looked at again for each piece of a long word would make it the square of its length. */
static void a_long_word_costs_no_more_than_many_short_ones(void **state)
{
	(void)state;
	double short_ones = seconds_of("user ", 2000000);

	assert_true(seconds_of("x", 2000000) < 5 * short_ones + 0.05);
	assert_true(seconds_of("a.b-c_", 2000000) < 5 * short_ones + 0.05);
	assert_true(seconds_of("\xe3\x81\x82", 2000000) < 5 * short_ones + 0.05);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(other_ways_to_write_a_letter_are_the_same),
	        cmocka_unit_test(a_word_behind_an_apostrophe_starts_a_word),
	        cmocka_unit_test(a_word_behind_arabic_and_hebrew_particles_starts_a_word),
	        cmocka_unit_test(letters_are_folded_in_every_script),
	        cmocka_unit_test(codes_addresses_and_hosts_are_not_words),
	        cmocka_unit_test(an_address_is_not_evidence),
	        cmocka_unit_test(not_undoes_what_it_stands_before),
	        cmocka_unit_test(upper_case_and_folding_change_nothing),
	        cmocka_unit_test(a_reply_to_mail_is_about_the_sender),
	        cmocka_unit_test(a_failed_action_is_permanent_even_with_class_four),
	        cmocka_unit_test(an_address_is_kept_while_the_answer_may_pass),
	        cmocka_unit_test(the_words_beat_a_code_that_says_nothing),
	        cmocka_unit_test(vendors_mean_something_else_by_some_codes),
	        cmocka_unit_test(waiting_times_and_limits_are_read),
	        cmocka_unit_test(a_site_rule_needs_the_memory_that_it_names),
	        cmocka_unit_test(a_number_is_met_where_no_other_words_go_on_the_same_way),
	        cmocka_unit_test(a_bad_rule_is_an_error_with_its_offset),
	        cmocka_unit_test(hosts_belong_to_providers),
	        cmocka_unit_test(notes_tell_how_code_and_verdict_stand),
	        cmocka_unit_test(what_was_refused_was_not_delivered),
	        cmocka_unit_test(a_bare_refusal_does_not_make_final_what_passes),
	        cmocka_unit_test(a_long_word_costs_no_more_than_many_short_ones),
	        cmocka_unit_test(who_spoke_is_not_what_was_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
