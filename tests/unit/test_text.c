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

/* Eight bytes are looked at at once: every place, length and neighbour must do. */
static void a_search_finds_what_a_plain_one_finds(void **state)
{
	static const char *const parts[] = {"ab", "aB", "a", " a ", "b@", "[a", "aaab", "\xc3\xa9"};
	char bytes[40];

	(void)state;
	for (unsigned seed = 1; seed < 4000; seed++) {
		unsigned random = seed * 2654435761u;
		size_t len = seed % sizeof bytes;
		sst_text text, part;
		for (size_t i = 0; i < len; i++) {
			random = random * 1664525u + 1013904223u;
			bytes[i] = "aAbB @[{`\xc3\xa9"[(random >> 24) % 11];
		}
		text = guard_copy(bytes, len);
		part = sst__text_constant(parts[seed % 8]);
		for (size_t from = 0; from <= len; from++) {
			size_t want = from;
			while (want < len &&
			       !sst__text_starts(sst__text_part(text, want, len), part))
				want++;
			assert_int_equal(sst__text_search(text, from, part), want);
		}
		guard_free(text);
	}
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
	        cmocka_unit_test(a_search_finds_what_a_plain_one_finds),
	        cmocka_unit_test(words_and_numbers_are_each_others_inverse),
	        cmocka_unit_test(every_category_has_an_act),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
