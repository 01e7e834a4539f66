/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/text.h"
#include "guard.h"
#include "write/refuse.h"

#include <smtpstatus/outside.h>
#include <smtpstatus/words.h>

static void assert_means(sst_outside_kind kind, const char *text, const char *code,
                         sst_category category)
{
	sst_text copy = guard_string(text);
	const sst_outside *entry = sst_code_from_outside(kind, copy);
	char buffer[SST_CODE_SIZE];

	if (entry == NULL)
		fail_msg("%s is not known", text);
	(void)sst_code_format(entry->code, buffer, sizeof(buffer));
	assert_string_equal(buffer, code);
	assert_int_equal(entry->category, category);
	guard_free(copy);
}

static void names_numbers_and_places_are_found(void **state)
{
	(void)state;
	assert_means(SST_OUTSIDE_ERRNO, "ECONNREFUSED", "4.4.1", SST_CATEGORY_NETWORK_ERROR);
	assert_means(SST_OUTSIDE_ERRNO, "111", "4.4.1", SST_CATEGORY_NETWORK_ERROR);
	assert_means(SST_OUTSIDE_ERRNO, "session/etimedout", "4.4.2", SST_CATEGORY_NETWORK_ERROR);
	assert_means(SST_OUTSIDE_SYSEXITS, "75", "4.3.0", SST_CATEGORY_SYSTEM_ERROR);
	assert_means(SST_OUTSIDE_SYSEXITS, "EX_NOUSER", "5.1.1", SST_CATEGORY_USER_UNKNOWN);
	assert_means(SST_OUTSIDE_SYSEXITS, "200", "5.3.0", SST_CATEGORY_SYSTEM_ERROR);
	assert_means(SST_OUTSIDE_DNS, "SERVFAIL", "4.4.3", SST_CATEGORY_DNS_FAILURE);
	assert_means(SST_OUTSIDE_DNS, "NXDOMAIN", "5.1.2", SST_CATEGORY_BAD_DOMAIN);
	assert_means(SST_OUTSIDE_DNS, "null-mx", "5.1.10", SST_CATEGORY_BAD_DOMAIN);
	assert_means(SST_OUTSIDE_TLS, "certificate-expired", "4.7.5", SST_CATEGORY_TLS_FAILED);
	assert_means(SST_OUTSIDE_X400, "1/0", "5.1.1", SST_CATEGORY_USER_UNKNOWN);
	assert_means(SST_OUTSIDE_X400, "1/99", "5.0.0", SST_CATEGORY_UNDETERMINED);
	assert_means(SST_OUTSIDE_WEBHOOK, "ses:Permanent/NoEmail", "5.1.1",
	             SST_CATEGORY_USER_UNKNOWN);
	assert_means(SST_OUTSIDE_WEBHOOK, "postmark:hardbounce", "5.1.1",
	             SST_CATEGORY_USER_UNKNOWN);
	assert_means(SST_OUTSIDE_WEBHOOK, "sparkpost:22", "4.2.2", SST_CATEGORY_MAILBOX_FULL);
}

static void what_is_not_known_is_not_guessed(void **state)
{
	(void)state;
	assert_null(sst_code_from_outside(SST_OUTSIDE_ERRNO, SST_TEXT("ENOTHING")));
	assert_null(sst_code_from_outside(SST_OUTSIDE_ERRNO, SST_TEXT("")));
	assert_null(sst_code_from_outside(SST_OUTSIDE_WEBHOOK, SST_TEXT("ses")));
	assert_null(sst_code_from_outside(SST_OUTSIDE_SYSEXITS, SST_TEXT("256")));
	assert_null(sst_code_from_outside(SST_OUTSIDE_KINDS, SST_TEXT("75")));
	assert_int_equal(sst_outside_kind_find(SST_TEXT("errno")), SST_OUTSIDE_ERRNO);
	assert_int_equal(sst_outside_kind_find(SST_TEXT("http")), -1);
}

static void every_code_is_registered_and_every_name_finds_its_entry(void **state)
{
	const sst_outside *entry;

	(void)state;
	for (int kind = 0; kind < SST_OUTSIDE_KINDS; kind++)
		for (size_t i = 0; (entry = sst_outside_at((sst_outside_kind)kind, i)) != NULL;
		     i++) {
			assert_ptr_equal(sst_code_from_outside((sst_outside_kind)kind, entry->name),
			                 entry);
			assert_true(entry->meaning.len > 0);
			if (entry->code.cls == 0)
				continue;
			if (!sst__is_registered(entry->code))
				fail_msg("%.*s", (int)entry->name.len, entry->name.ptr);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(names_numbers_and_places_are_found),
	        cmocka_unit_test(what_is_not_known_is_not_guessed),
	        cmocka_unit_test(every_code_is_registered_and_every_name_finds_its_entry),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
