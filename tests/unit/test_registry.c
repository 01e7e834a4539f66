/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/registry.h"
#include "core/text.h"
#include "core/words.h"
#include "guard.h"

#include <stdio.h>
#include <stdlib.h>

#define assert_text(text, want)                                      \
	do {                                                         \
		assert_int_equal((text).len, strlen(want));          \
		assert_memory_equal((text).ptr, want, strlen(want)); \
	} while (0)

static const sst_entry *find(unsigned c, unsigned s, unsigned d, sst_nearness *near)
{
	return sst_registry_find(NULL, (sst_code){(uint8_t)c, (uint16_t)s, (uint16_t)d}, near);
}

static void a_registered_code_is_found_exactly(void **state)
{
	sst_nearness near;
	const sst_entry *entry = find(5, 1, 1, &near);

	(void)state;
	assert_int_equal(near, SST_NEAR_EXACT);
	assert_text(entry->title, "Bad destination mailbox address");
	assert_text(entry->reference, "RFC 3463");
	assert_int_equal(entry->category, SST_CATEGORY_USER_UNKNOWN);
	assert_int_equal(entry->replies[0], 451);
	assert_int_equal(entry->replies[1], 550);
	assert_int_equal(entry->replies[2], 0);
	entry = find(5, 7, 10, &near);
	assert_text(entry->title, "Encryption Needed");
}

static void a_class_that_the_registry_does_not_admit_is_said(void **state)
{
	sst_nearness near;

	(void)state;
	assert_text(find(4, 1, 1, &near)->title, "Bad destination mailbox address");
	assert_int_equal(near, SST_NEAR_CLASS);
	assert_int_equal(find(5, 6, 10, &near)->classes, 0); /* deprecated */
	assert_int_equal(near, SST_NEAR_CLASS);
}

static void an_unknown_detail_falls_back_to_its_subject_then_to_the_class(void **state)
{
	sst_nearness near;

	(void)state;
	assert_text(find(5, 7, 999, &near)->title, "Other or undefined security status");
	assert_int_equal(near, SST_NEAR_SUBJECT);
	assert_text(find(5, 99, 1, &near)->title, "Other undefined Status");
	assert_int_equal(near, SST_NEAR_ANY);
	assert_non_null(find(0, 0, 0, &near));
	assert_non_null(find(255, 65535, 65535, NULL));
}

static void classes_and_subjects_have_titles(void **state)
{
	(void)state;
	assert_text(sst_registry_class(NULL, 4)->title, "Persistent Transient Failure");
	assert_text(sst_registry_subject(NULL, 7)->title, "Security or Policy Status");
	assert_null(sst_registry_class(NULL, 3));
	assert_null(sst_registry_subject(NULL, 8));
	assert_null(sst_registry_subject(NULL, 65535));
}

static void the_category_may_depend_on_the_class(void **state)
{
	const sst_entry *entry = find(5, 1, 2, NULL);

	(void)state;
	assert_int_equal(entry->category_of[5], SST_CATEGORY_BAD_DOMAIN);
	assert_int_equal(entry->category_of[4], SST_CATEGORY_DNS_FAILURE);
	assert_int_equal(entry->category_of[2], SST_CATEGORY_DELIVERED);
}

static void entries_stand_in_numeric_order(void **state)
{
	size_t n = 0;
	const sst_entry *last = NULL, *entry;

	(void)state;
	for (; (entry = sst_registry_at(NULL, n)) != NULL; n++) {
		if (last != NULL)
			assert_true(sst__code_key(last->code) < sst__code_key(entry->code));
		assert_int_not_equal(entry->category, 0);
		last = entry;
	}
	assert_int_equal(n, 81);
}

static void reply_codes_have_names_and_a_nearest_code(void **state)
{
	const sst_reply_entry *entry = sst_reply_entry_find(552), *last = NULL;

	(void)state;
	assert_true(entry->registered);
	assert_true(sst__code_key(entry->enhanced) == sst__code_key((sst_code){5, 2, 2}));
	assert_int_equal(entry->category, SST_CATEGORY_MAILBOX_FULL);
	assert_false(sst_reply_entry_find(420)->registered);
	assert_int_equal(sst_reply_entry_find(354)->enhanced.cls, 0);
	assert_null(sst_reply_entry_find(999));
	assert_null(sst_reply_entry_find(0));
	for (size_t i = 0; (entry = sst_reply_entry_at(i)) != NULL; i++) {
		sst_nearness near = SST_NEAR_EXACT;
		if (last != NULL)
			assert_true(last->code < entry->code);
		if (entry->enhanced.cls != 0)
			sst_registry_find(NULL, entry->enhanced, &near);
		assert_true(near <= SST_NEAR_CLASS);
		assert_int_not_equal(entry->category, 0);
		last = entry;
	}
}

static const sst_registry *extend(const char *tsv, sst_result *result, void **memory,
                                  sst_text *copy)
{
	const sst_registry *made = NULL;

	*copy = guard_string(tsv);
	*result = sst_registry_extend(NULL, *copy, NULL, 0, &made);
	*memory = NULL;
	if (result->err != SST_E_SPACE)
		return NULL;
	*memory = malloc(result->at);
	*result = sst_registry_extend(NULL, *copy, *memory, result->at, &made);
	return made;
}

static void a_site_adds_codes_without_a_rebuild(void **state)
{
	sst_result result;
	void *memory;
	sst_text copy;
	sst_nearness near;
	const sst_registry *site = extend("# ours\n"
	                                  "code\ttitle\ttext\treplies\n"
	                                  "5.7.99\tSubscription has ended\tRenew it.\t550,5xx\n"
	                                  "X.1.1\tNobody here of that name\t\t-\n"
	                                  "X.8.0\tBilling\t-\t-\r\n",
	                                  &result, &memory, &copy);
	const sst_entry *entry;

	(void)state;
	assert_int_equal(result.err, SST_OK);
	entry = sst_registry_find(site, (sst_code){5, 7, 99}, &near);
	assert_int_equal(near, SST_NEAR_EXACT);
	assert_text(entry->title, "Subscription has ended");
	assert_text(entry->text, "Renew it.");
	assert_int_equal(entry->category, SST_CATEGORY_POLICY_REJECTED); /* its subject's */
	assert_int_equal(entry->replies[1], 5);
	sst_registry_find(site, (sst_code){4, 7, 99}, &near);
	assert_int_equal(near, SST_NEAR_CLASS);
	entry = sst_registry_find(site, (sst_code){5, 1, 1}, &near);
	assert_text(entry->title, "Nobody here of that name");
	entry = sst_registry_find(site, (sst_code){5, 8, 3}, &near);
	assert_text(entry->title, "Billing");
	assert_int_equal(near, SST_NEAR_SUBJECT);
	entry = sst_registry_find(site, (sst_code){5, 7, 30}, &near);
	assert_text(entry->title, "REQUIRETLS support required");
	assert_text(sst_registry_class(site, 5)->title, "Permanent Failure");
	assert_non_null(sst_registry_at(site, 82));
	assert_null(sst_registry_at(site, 83));
	free(memory);
	guard_free(copy);
}

static void a_site_file_may_do_without_a_heading(void **state)
{
	sst_result result;
	void *memory;
	sst_text copy;
	sst_nearness near;
	const sst_registry *site = extend("# ours\n"
	                                  "5.7.99\tSubscription has ended\tRenew it.\n"
	                                  "X.8.0\tBilling\t-\n",
	                                  &result, &memory, &copy);
	const sst_entry *entry;

	(void)state;
	assert_int_equal(result.err, SST_OK);
	entry = sst_registry_find(site, (sst_code){5, 7, 99}, &near);
	assert_int_equal(near, SST_NEAR_EXACT);
	assert_text(entry->title, "Subscription has ended");
	assert_text(entry->text, "Renew it.");
	assert_text(sst_registry_find(site, (sst_code){5, 8, 3}, &near)->title, "Billing");
	free(memory);
	guard_free(copy);
}

static void a_bad_row_is_an_error_with_its_place(void **state)
{
	static const struct {
		const char *tsv;
		size_t at;
	} bad[] = {
	        {"title\nx\n", 0},
	        {"5.7.99 x\n", 0},
	        {"5.7.99\tx\n5.7.y\tz\n", 9},
	        {"code\ttitle\n5.7.099\tx\n", 11},
	        {"code\ttitle\n5.7.1234\tx\n", 11},
	        {"code\ttitle\n3.7.1\tx\n", 11},
	        {"code\ttitle\n5.7\tx\n", 11},
	        {"code\ttitle\n5.7.99\t\n", 11},
	        {"code\ttitle\n5.7.99\n", 11},
	        {"code\ttitle\n5.7.99\tx\ty\n", 11},
	        {"code\ttitle\n5.7.99\tx\n5.7.99\ty\n", 27},
	        {"code\ttitle\tclasses\n5.7.99\tx\t3\n", 28},
	        {"code\ttitle\tcategory\nX.7.99\tx\t4:no-such\n", 29},
	        {"code\ttitle\treplies\nX.7.99\tx\t550,55\n", 32},
	        {"code\ttitle\n5.XXX.1\tx\n", 11},
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		sst_result result;
		void *memory;
		sst_text copy;
		extend(bad[i].tsv, &result, &memory, &copy);
		assert_int_equal(result.err, SST_E_SYNTAX);
		assert_non_null(result.rule);
		if (i != 10) /* either of the two may be named */
			assert_int_equal(result.at, bad[i].at);
		free(memory);
		guard_free(copy);
	}
}

static void an_empty_or_cut_site_file_does_no_harm(void **state)
{
	const char whole[] = "code\ttitle\tclasses\n5.7.99\tx\t5\nX.XXX.XXX\n";
	sst_result result;
	void *memory;
	sst_text copy;

	(void)state;
	for (size_t len = 0; len < sizeof whole; len++) {
		char cut[sizeof whole];
		memcpy(cut, whole, len);
		cut[len] = '\0';
		extend(cut, &result, &memory, &copy);
		free(memory);
		guard_free(copy);
	}
	assert_int_equal(result.err, SST_E_SYNTAX);
}

static void the_shipped_table_is_itself_a_site_file(void **state)
{
	const char *path = "../data/codes.tsv";
	FILE *file = fopen(path, "rb");
	const sst_registry *made = NULL;
	static char bytes[100000], memory[100000];
	size_t len;
	sst_result result;

	(void)state;
	if (file == NULL)
		file = fopen("data/codes.tsv", "rb");
	if (file == NULL)
		skip();
	len = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	result = sst_registry_extend(NULL, (sst_text){bytes, len}, memory + 1, sizeof memory - 1,
	                             &made);
	assert_int_equal(result.err, SST_OK);
	for (size_t i = 0; sst_registry_at(NULL, i) != NULL; i++) {
		const sst_entry *a = sst_registry_at(NULL, i), *b = sst_registry_at(made, i);
		assert_int_equal(a->classes, b->classes);
		assert_memory_equal(a->replies, b->replies, sizeof a->replies);
		assert_int_equal(a->category, b->category);
		assert_memory_equal(a->category_of + 4, b->category_of + 4, 2);
		assert_int_equal(a->title.len, b->title.len);
	}
}

/* Optional: the facts that the tables were made from, when they lie beside the project. */
static void nothing_of_the_iana_registry_is_missing(void **state)
{
	FILE *file = fopen("../../shared/facts/enhanced-codes.tsv", "r");
	char line[4096];
	unsigned rows = 0;

	(void)state;
	if (file == NULL)
		file = fopen("../shared/facts/enhanced-codes.tsv", "r");
	if (file == NULL) {
		print_message("facts are not there: skipped\n");
		skip();
	}
	while (fgets(line, sizeof line, file) != NULL) {
		unsigned s, d;
		char title[256];
		sst_nearness near;
		const sst_entry *entry;
		if (sscanf(line, "detail\tX.%u.%u\t%255[^\t]", &s, &d, title) != 3)
			continue;
		rows++;
		entry = find(5, s, d, &near);
		assert_true(near <= SST_NEAR_CLASS);
		if (entry->title.ptr != NULL)
			assert_text(entry->title, title);
		else
			assert_int_equal(d, 10);
	}
	fclose(file);
	assert_int_equal(rows, 81);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_registered_code_is_found_exactly),
	        cmocka_unit_test(a_class_that_the_registry_does_not_admit_is_said),
	        cmocka_unit_test(an_unknown_detail_falls_back_to_its_subject_then_to_the_class),
	        cmocka_unit_test(classes_and_subjects_have_titles),
	        cmocka_unit_test(the_category_may_depend_on_the_class),
	        cmocka_unit_test(entries_stand_in_numeric_order),
	        cmocka_unit_test(reply_codes_have_names_and_a_nearest_code),
	        cmocka_unit_test(a_site_adds_codes_without_a_rebuild),
	        cmocka_unit_test(a_site_file_may_do_without_a_heading),
	        cmocka_unit_test(a_bad_row_is_an_error_with_its_place),
	        cmocka_unit_test(an_empty_or_cut_site_file_does_no_harm),
	        cmocka_unit_test(the_shipped_table_is_itself_a_site_file),
	        cmocka_unit_test(nothing_of_the_iana_registry_is_missing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
