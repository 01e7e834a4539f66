/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "guard.h"

#include <string.h>

static sst_result parse(const char *string, sst_code *code)
{
	sst_text in = guard_string(string);
	sst_result result = sst_code_parse(in, code);

	guard_free(in);
	return result;
}

static void codes_of_the_grammar_are_read(void **state)
{
	static const struct {
		const char *text;
		sst_code code;
	} rows[] = {
	        {"2.1.23", {2, 1, 23}},       {"5.1.1", {5, 1, 1}},     {"4.0.0", {4, 0, 0}},
	        {"5.999.999", {5, 999, 999}}, {"5.7.705", {5, 7, 705}}, {"4.0.947", {4, 0, 947}},
	        {"5.10.100", {5, 10, 100}},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		sst_code code = {0, 0, 0};
		sst_result result = parse(rows[i].text, &code);

		assert_int_equal(result.err, SST_OK);
		assert_int_equal(result.at, strlen(rows[i].text));
		assert_null(result.rule);
		assert_true(sst_code_equal(code, rows[i].code));
	}
}

static void what_breaks_the_grammar_is_refused_with_place_and_rule(void **state)
{
	static const struct {
		const char *text, *word; /* the word stands in the rule's name */
		size_t at;
		sst_err err;
	} rows[] = {
	        {"", "class", 0, SST_E_SYNTAX},
	        {"x", "class", 0, SST_E_SYNTAX},
	        {"1.1.1", "class", 0, SST_E_RANGE},
	        {"3.5.4", "class", 0, SST_E_RANGE},
	        {"7.7.1", "class", 0, SST_E_RANGE},
	        {"0.0.0", "class", 0, SST_E_RANGE},
	        {"55.1.1", "one digit", 1, SST_E_SYNTAX},
	        {"5", "dots", 1, SST_E_SYNTAX},
	        {"5.", "numbers", 2, SST_E_SYNTAX},
	        {"5.1", "dots", 3, SST_E_SYNTAX},
	        {"5.1.", "numbers", 4, SST_E_SYNTAX},
	        {"5.1.1234", "three digits", 7, SST_E_SYNTAX},
	        {"5.1000.1", "three digits", 5, SST_E_SYNTAX},
	        {"5.01.1", "leading zero", 2, SST_E_SYNTAX},
	        {"5.1.01", "leading zero", 4, SST_E_SYNTAX},
	        {"5.007.1", "leading zero", 2, SST_E_SYNTAX},
	        {"5.00.0", "leading zero", 2, SST_E_SYNTAX},
	        {" 5.1.1", "white space", 0, SST_E_SYNTAX},
	        {"5 .1.1", "white space", 1, SST_E_SYNTAX},
	        {"5. 1.1", "white space", 2, SST_E_SYNTAX},
	        {"5.1.1 ", "white space", 5, SST_E_SYNTAX},
	        {"5.1(bad).1", "comment", 3, SST_E_SYNTAX},
	        {"5.1.1(bad)", "comment", 5, SST_E_SYNTAX},
	        {"5.1.1.", "nothing may follow", 5, SST_E_SYNTAX},
	        {"5.1.1.2", "nothing may follow", 5, SST_E_SYNTAX},
	        {"5,1,1", "dots", 1, SST_E_SYNTAX},
	        {"\xef\xbc\x95.1.1", "class", 0, SST_E_SYNTAX},
	        {"5.\xd9\xa1.1", "numbers", 2, SST_E_SYNTAX},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		sst_code code = {9, 9, 9};
		sst_result result = parse(rows[i].text, &code);

		if (result.err != rows[i].err || result.at != rows[i].at)
			print_error("'%s': %d at %zu\n", rows[i].text, result.err, result.at);
		assert_int_equal(result.err, rows[i].err);
		assert_int_equal(result.at, rows[i].at);
		assert_non_null(strstr(result.rule, rows[i].word));
		assert_int_equal(code.cls, 9);
	}
}

static void scanning_stops_at_a_blank_and_nowhere_else(void **state)
{
	static const struct {
		const char *text;
		sst_err err;
		size_t at;
	} rows[] = {
	        {"5.1.1 no such user", SST_OK, 5}, {"5.1.1", SST_OK, 5},
	        {"5.1.1\r\n", SST_OK, 5},          {"5.1.1\tx", SST_OK, 5},
	        {"5.1.1234 x", SST_E_SYNTAX, 7},   {"5.1.1: x", SST_E_SYNTAX, 5},
	        {"5.1.1.2", SST_E_SYNTAX, 5},      {"5.1.1-x", SST_E_SYNTAX, 5},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		sst_text in = guard_string(rows[i].text);
		sst_code code;
		sst_result result = sst_code_scan(in, &code);

		assert_int_equal(result.err, rows[i].err);
		assert_int_equal(result.at, rows[i].at);
		guard_free(in);
	}
}

static void every_code_is_read_back_as_written(void **state)
{
	(void)state;
	for (unsigned cls = 2; cls <= 5; cls++)
		for (unsigned n = 0; cls != 3 && n < 1000000; n += 7) {
			sst_code code = {(uint8_t)cls, (uint16_t)(n / 1000), (uint16_t)(n % 1000)},
			         back;
			char text[SST_CODE_SIZE];
			size_t len = sst_code_format(code, text, sizeof text);

			assert_true(len < sizeof text && text[len] == '\0');
			assert_int_equal(sst_code_parse((sst_text){text, len}, &back).err, SST_OK);
			assert_true(sst_code_equal(code, back));
		}
}

static void a_buffer_that_is_too_small_stays_as_it_was(void **state)
{
	char text[] = "unchanged";

	(void)state;
	assert_int_equal(sst_code_format((sst_code){5, 1, 10}, text, 6), 6);
	assert_string_equal(text, "unchanged");
	assert_int_equal(sst_code_format((sst_code){5, 1, 10}, text, 7), 6);
	assert_string_equal(text, "5.1.10");
	assert_int_equal(sst_code_format((sst_code){5, 1, 10}, NULL, 0), 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(codes_of_the_grammar_are_read),
	        cmocka_unit_test(what_breaks_the_grammar_is_refused_with_place_and_rule),
	        cmocka_unit_test(scanning_stops_at_a_blank_and_nowhere_else),
	        cmocka_unit_test(every_code_is_read_back_as_written),
	        cmocka_unit_test(a_buffer_that_is_too_small_stays_as_it_was),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
