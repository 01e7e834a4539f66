/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/text.h"
#include "guard.h"

#include <smtpstatus/write.h>

static void xtext_of_any_octets_comes_back(void **state)
{
	char all[256], encoded[800], decoded[800];
	size_t len, back = 0;

	(void)state;
	for (unsigned i = 0; i < 256; i++)
		all[i] = (char)i;
	len = sst_xtext_encode((sst_text){all, 256}, encoded, sizeof(encoded));
	assert_true(len < 769);
	assert_int_equal(encoded[len], '\0');
	assert_int_equal(
	        sst_xtext_decode((sst_text){encoded, len}, decoded, sizeof(decoded), &back).err,
	        SST_OK);
	assert_int_equal(back, 256);
	assert_memory_equal(decoded, all, 256);
	assert_int_equal(sst_xtext_encode(SST_TEXT("a+b=c d"), encoded, sizeof(encoded)), 13);
	assert_string_equal(encoded, "a+2Bb+3Dc+20d");
}

static void bad_xtext_is_refused_at_its_octet(void **state)
{
	static const struct {
		const char *text;
		size_t at;
	} cases[] = {{"ab+2b", 2}, {"a+", 1},    {"a+2", 1}, {"a b", 1},
	             {"=", 0},     {"a\x80", 1}, {"+G0", 0}};
	char decoded[32];
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		sst_text text = guard_string(cases[i].text);
		sst_result result = sst_xtext_decode(text, decoded, sizeof(decoded), &len);

		assert_int_equal(result.err, SST_E_SYNTAX);
		assert_int_equal(result.at, cases[i].at);
		assert_non_null(strstr(result.rule, "RFC 3461"));
		guard_free(text);
	}
}

static void utf_8_addresses_have_a_seven_bit_form(void **state)
{
	sst_text address = guard_string("ren\xC3\xA9+\xF0\x9F\x98\x80@b\xC3\xBC"
	                                "cher.example");
	char encoded[200], decoded[200];
	size_t len, back;

	(void)state;
	assert_int_equal(sst_utf8_address_encode(address, encoded, sizeof(encoded), &len).err,
	                 SST_OK);
	assert_string_equal(encoded, "ren\\x{E9}\\x{2B}\\x{1F600}@b\\x{FC}cher.example");
	assert_int_equal(
	        sst_utf8_address_decode((sst_text){encoded, len}, decoded, sizeof(decoded), &back)
	                .err,
	        SST_OK);
	assert_int_equal(back, address.len);
	assert_memory_equal(decoded, address.ptr, back);
	guard_free(address);
	assert_int_equal(
	        sst_utf8_address_encode(SST_TEXT("a\nb"), encoded, sizeof(encoded), &len).err,
	        SST_E_SYNTAX);
}

static void escapes_that_the_grammar_lacks_are_refused(void **state)
{
	static const char *const bad[] = {"\\x{D800}",   "\\x{0E9}", "\\x{}",   "\\x{E9", "\\xE9",
	                                  "\\x{110000}", "\\x{0A}",  "\\x{e9}", "\\",     "\xC3"};
	char decoded[32];
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		sst_text text = guard_string(bad[i]);

		assert_int_equal(sst_utf8_address_decode(text, decoded, sizeof(decoded), &len).err,
		                 SST_E_SYNTAX);
		guard_free(text);
	}
}

static void parameters_are_read_in_any_case(void **state)
{
	sst_text in =
	        guard_string("SIZE=1000 notify=success,Failure ORCPT=rfc822;a+2Bb@example.org");
	sst_dsn_parameters out;

	(void)state;
	assert_int_equal(sst_dsn_parameters_parse(in, &out).err, SST_OK);
	assert_int_equal(out.notify, SST_NOTIFY_SUCCESS | SST_NOTIFY_FAILURE);
	assert_memory_equal(out.original_recipient.ptr, "a+2Bb@example.org", 17);
	assert_int_equal(out.original_recipient.len, 17);
	guard_free(in);
	assert_int_equal(sst_dsn_parameters_parse(SST_TEXT("RET=HDRS ENVID=QQ314159"), &out).err,
	                 SST_OK);
	assert_int_equal(out.ret, SST_RET_HDRS);
	assert_int_equal(out.envelope_id.len, 8);
	assert_int_equal(out.notify, 0);
}

static void parameters_that_deserve_501_are_errors(void **state)
{
	static const struct {
		const char *text;
		size_t at;
	} cases[] = {
	        {"NOTIFY=NEVER,DELAY", 7},
	        {"NOTIFY=SUCCESS,", 15},
	        {"NOTIFY=", 7},
	        {"NOTIFY", 6},
	        {"RET=ALL", 4},
	        {"RET=FULL RET=FULL", 13},
	        {"ENVID=a+2x", 7},
	        {"ENVID=", 6},
	        {"ENVID=a+0D+0Ab", 6},
	        {"ORCPT=rfc822", 12},
	        {"ORCPT=;a", 6},
	        {"ORCPT=rfc822;a=b", 14},
	        {"NOTIFY=DELAY NOTIFY=DELAY", 20},
	};
	sst_dsn_parameters out;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		sst_text text = guard_string(cases[i].text);
		sst_result result = sst_dsn_parameters_parse(text, &out);

		assert_int_equal(result.err, SST_E_SYNTAX);
		if (result.at != cases[i].at)
			fail_msg("%s: %zu", cases[i].text, result.at);
		guard_free(text);
	}
}

static void notify_decides_who_hears_what(void **state)
{
	sst_text sender = SST_TEXT("me@example.net");

	(void)state;
	assert_true(sst_dsn_is_wanted(0, SST_ACTION_FAILED, sender));
	assert_true(sst_dsn_is_wanted(0, SST_ACTION_DELAYED, sender));
	assert_false(sst_dsn_is_wanted(0, SST_ACTION_DELIVERED, sender));
	assert_false(sst_dsn_is_wanted(SST_NOTIFY_NEVER, SST_ACTION_FAILED, sender));
	assert_false(sst_dsn_is_wanted(SST_NOTIFY_FAILURE, SST_ACTION_DELAYED, sender));
	assert_true(sst_dsn_is_wanted(SST_NOTIFY_SUCCESS, SST_ACTION_RELAYED, sender));
	assert_false(sst_dsn_is_wanted(SST_NOTIFY_SUCCESS, SST_ACTION_FAILED, sender));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(xtext_of_any_octets_comes_back),
	        cmocka_unit_test(bad_xtext_is_refused_at_its_octet),
	        cmocka_unit_test(utf_8_addresses_have_a_seven_bit_form),
	        cmocka_unit_test(escapes_that_the_grammar_lacks_are_refused),
	        cmocka_unit_test(parameters_are_read_in_any_case),
	        cmocka_unit_test(parameters_that_deserve_501_are_errors),
	        cmocka_unit_test(notify_decides_who_hears_what),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
