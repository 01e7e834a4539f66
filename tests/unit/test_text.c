/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/text.h"
#include "core/words.h"
#include "guard.h"

static void lines_end_in_any_way(void **state)
{
	sst_text copy = guard_string("one\r\ntwo\nthree\rfour"), rest = copy, line;
	const char *const want[] = {"one", "two", "three", "four"};

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		assert_true(sst__text_line(&rest, &line));
		assert_int_equal(line.len, strlen(want[i]));
		assert_memory_equal(line.ptr, want[i], line.len);
	}
	assert_false(sst__text_line(&rest, &line));
	guard_free(copy);
}

static void words_and_numbers_are_each_others_inverse(void **state)
{
	(void)state;
	for (int v = SST_VOCABULARY_CATEGORY; v <= SST_VOCABULARY_NOTE; v++)
		for (unsigned i = 0; i < 256; i++) {
			sst_text word = sst_word((sst_vocabulary)v, i);
			if (word.ptr != NULL)
				assert_int_equal(sst_word_find((sst_vocabulary)v, word), i);
		}
	assert_int_equal(sst_word_find(SST_VOCABULARY_CATEGORY, SST_TEXT("Mailbox-FULL")),
	                 SST_CATEGORY_MAILBOX_FULL);
	assert_int_equal(sst_word_find(SST_VOCABULARY_CATEGORY, SST_TEXT("no-such")), -1);
}

static void every_category_has_an_act(void **state)
{
	(void)state;
	for (unsigned i = 1; sst_word(SST_VOCABULARY_CATEGORY, i).ptr != NULL; i++)
		assert_int_not_equal(sst__categories[i].act, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_end_in_any_way),
		cmocka_unit_test(words_and_numbers_are_each_others_inverse),
		cmocka_unit_test(every_category_has_an_act),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
