/* SPDX-License-Identifier: MIT
 * Dates in records, and texts in columns: cli/record.c, cli/layout.c. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "say/glyph.h"
#include "say/moment.h"
#include "cli/record.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static void assert_time(int64_t seconds, int zone, uint32_t nanoseconds, const char *want)
{
	sst_time time = {.seconds = seconds,
	                 .zone = (int16_t)zone,
	                 .known = true,
	                 .nanoseconds = nanoseconds};
	char text[SST_TIME_SIZE];

	assert_int_equal(sst__time_format(time, text), strlen(want));
	assert_string_equal(text, want);
}

static void dates_are_rfc_3339_in_the_zone_they_were_written_in(void **state)
{
	(void)state;
	assert_time(0, 0, 0, "1970-01-01T00:00:00Z");
	assert_time(0, 60, 0, "1970-01-01T01:00:00+01:00");
	assert_time(0, -90, 0, "1969-12-31T22:30:00-01:30");
	assert_time(951782400, 0, 0, "2000-02-29T00:00:00Z");
	assert_time(1763452740, 60, 500000000, "2025-11-18T08:59:00.500+01:00");
	assert_time(1763452740, 0, 1, "2025-11-18T07:59:00.000000001Z");
	assert_time(-1, 0, 0, "1969-12-31T23:59:59Z");
	assert_time(INT64_MAX, 0, 0, "");
	assert_time(INT64_MIN, 0, 0, "");
}

static void dates_are_those_of_the_c_library(void **state)
{
	(void)state;
	for (int64_t seconds = -5000000000; seconds < 20000000000; seconds += 86399 * 37) {
		time_t moment = (time_t)seconds;
		struct tm parts;
		char want[SST_TIME_SIZE];
		gmtime_r(&moment, &parts);
		strftime(want, sizeof want, "%Y-%m-%dT%H:%M:%SZ", &parts);
		assert_time(seconds, 0, 0, want);
	}
}

static void assert_shown(const char *bytes, size_t len, sst_author author, const char *want)
{
	char shown[SST_SHOWN_SIZE], all[256];
	sst_text text = {bytes, len};
	size_t used = 0;
	unsigned columns;

	for (size_t at = 0; at < len;) {
		size_t got = sst__show(text, &at, author, shown, &columns);
		memcpy(all + used, shown, got);
		used += got;
	}
	assert_int_equal(used, strlen(want));
	assert_memory_equal(all, want, used);
}

static void what_steers_a_terminal_is_shown_as_an_escape(void **state)
{
	(void)state;
	assert_shown("a\033[1m\n\r\t\0b\x7f", 11, SST_THEIRS, "a\\x1b[1m\\n\\r\\t\\x00b\\x7f");
	assert_shown("\xc2\x9b"
	             "1m",
	             4, SST_THEIRS, "\\u009b1m");
	assert_shown("\xe2\x80\xae x", 5, SST_THEIRS, "\\u202e x");
	assert_shown("\xe2\x81\xa8 x", 5, SST_OURS, "\xe2\x81\xa8 x");
	assert_shown("\xff\xc3(\xed\xa0\x80", 6, SST_THEIRS, "\\xff\\xc3(\\xed\\xa0\\x80");
	assert_shown("Gr\xc3\xbc\xc3\x9f"
	             "e",
	             7, SST_THEIRS,
	             "Gr\xc3\xbc\xc3\x9f"
	             "e");
}

static void wide_characters_take_two_columns_and_marks_none(void **state)
{
	(void)state;
	assert_int_equal(sst__columns(SST_TEXT("abc"), SST_OURS), 3);
	assert_int_equal(sst__columns(SST_TEXT("\xe6\x97\xa5\xe6\x9c\xac"), SST_OURS), 4);
	assert_int_equal(sst__columns(SST_TEXT("e\xcc\x81"), SST_OURS), 1);
	assert_int_equal(sst__columns(SST_TEXT("\x01"), SST_THEIRS), 4);
}

static void lines_break_at_blanks_or_between_wide_characters(void **state)
{
	sst_text text = SST_TEXT("one two threefourfive");

	(void)state;
	assert_int_equal(sst__wrap(text, 0, 8, SST_OURS), 7);
	assert_int_equal(sst__wrap(text, 0, 7, SST_OURS), 7);
	assert_int_equal(sst__wrap(text, 8, 5, SST_OURS), 13);
	assert_int_equal(sst__wrap(text, 8, 40, SST_OURS), text.len);
	text = SST_TEXT("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e");
	assert_int_equal(sst__wrap(text, 0, 5, SST_OURS), 6);
	assert_int_equal(sst__wrap(text, 0, 1, SST_OURS), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(dates_are_rfc_3339_in_the_zone_they_were_written_in),
	        cmocka_unit_test(dates_are_those_of_the_c_library),
	        cmocka_unit_test(what_steers_a_terminal_is_shown_as_an_escape),
	        cmocka_unit_test(wide_characters_take_two_columns_and_marks_none),
	        cmocka_unit_test(lines_break_at_blanks_or_between_wide_characters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
