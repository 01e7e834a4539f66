/* SPDX-License-Identifier: MIT
 * tests/unit/test_ahead.c - blocks that are read before those in front of them. */
#include "guard.h"

#include <smtpstatus/track.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define DAY1 "Mar  2 09:00:00 mx postfix/smtpd[1]: "
#define DAY2 "Mar  2 09:00:01 mx postfix/smtpd[1]: "
#define CLIENT(id) id ": client=a.example[192.0.2.1]\n"
#define DECEMBER "Dec 31 23:59:59 mx postfix/smtpd[1]: "
#define JANUARY "Jan  1 00:00:01 mx postfix/smtpd[1]: "

#define NEWEST 1772600000

static sst_log *new_log(int64_t newest)
{
	sst_log_options options = {.size = sizeof options, .newest = newest};
	sst_log *log = sst_log_new(&options);

	assert_non_null(log);
	sst_log_file(log, 0, newest);
	return log;
}

/* Reads a block and says what its events are: "line:queue id:seconds;". */
static void read_block(sst_log *log, const char *text, uint64_t lines, char *out, size_t size)
{
	sst_event *events;
	size_t count, len = strlen(out);

	sst_log_feed(log, (sst_text){text, strlen(text)}, true);
	count = sst_log_events(log, SIZE_MAX, &events);
	for (size_t i = 0; i < count; i++)
		len += (size_t)snprintf(out + len, size - len, "%llu:%.*s:%lld:%u;",
		                        (unsigned long long)(events[i].line + lines),
		                        (int)events[i].queue_id.len, events[i].queue_id.ptr,
		                        (long long)(events[i].time / 1000000), events[i].repeated);
}

/* Three blocks, the third read when only the first was known. Whether it was believed; what was
 * read is that of reading in order in any case. */
static bool read_ahead(const char *const blocks[3], int64_t newest)
{
	sst_log *log = new_log(newest), *ahead = new_log(0), *straight = new_log(newest);
	char want[1000] = "", got[1000] = "", third[1000] = "";
	uint64_t lines;
	bool believed;

	for (unsigned i = 0; i < 3; i++)
		read_block(straight, blocks[i], 0, want, sizeof want);
	read_block(log, blocks[0], 0, got, sizeof got);
	assert_true(sst_log_ahead(ahead, log));
	read_block(log, blocks[1], 0, got, sizeof got);
	read_block(ahead, blocks[2], sst_log_count(log).lines, third, sizeof third);
	believed = sst_log_adopt(log, ahead, &lines);
	assert_int_equal(lines, sst_log_count(straight).lines - sst_log_count(ahead).lines);
	if (believed)
		strncat(got, third, sizeof got - strlen(got) - 1);
	else
		read_block(log, blocks[2], 0, got, sizeof got);
	assert_string_equal(got, want);
	assert_int_equal(sst_log_count(log).lines, sst_log_count(straight).lines);
	assert_int_equal(sst_log_count(log).used, sst_log_count(straight).used);
	assert_int_equal(sst_log_count(log).skipped, sst_log_count(straight).skipped);
	assert_int_equal(sst_log_count(log).unknown, sst_log_count(straight).unknown);
	assert_int_equal(sst_log_count(log).backward, sst_log_count(straight).backward);
	sst_log_free(log);
	sst_log_free(ahead);
	sst_log_free(straight);
	return believed;
}

static void a_block_that_was_read_ahead_is_as_if_read_in_order(void **state)
{
	static const char *const usual[3] = {
	        DAY1 CLIENT("4A1B2C3D4E"), DAY1 "connect from a.example[192.0.2.1]\n",
	        DAY2 CLIENT("4A1B2C3D4F") DAY2 "no such line\n" DAY2
	                                       "disconnect from a.example[192.0.2.1]\n"};
	static const char *const backward[3] = {
	        DAY1 CLIENT("4A1B2C3D4E"), "Mar  2 19:00:00 mx postfix/smtpd[1]: x\n",
	        DAY2 CLIENT("4A1B2C3D4F") "Mar  2 07:00:00 mx postfix/smtpd[1]: x\n"};

	(void)state;
	assert_true(read_ahead(usual, NEWEST));
	assert_true(read_ahead(backward, NEWEST));
}

static void a_block_behind_new_year_is_not_believed(void **state)
{
	static const char *const blocks[3] = {DECEMBER CLIENT("4A1B2C3D4E"),
	                                      JANUARY CLIENT("4A1B2C3D4F"),
	                                      DECEMBER CLIENT("4A1B2C3D50")};

	(void)state;
	assert_false(read_ahead(blocks, 1767312000));
}

static void a_block_that_leans_on_the_line_before_is_not_believed(void **state)
{
	static const char *const blocks[3] = {
	        DAY1 CLIENT("4A1B2C3D4E"), DAY1 CLIENT("4A1B2C3D4F"),
	        "Mar  2 09:00:05 mx last message repeated 3 times\n" DAY2 CLIENT("4A1B2C3D50")};

	(void)state;
	assert_false(read_ahead(blocks, NEWEST));
}

static void a_log_whose_lines_hang_together_is_not_read_ahead(void **state)
{
	static const char *const logs[] = {
	        "@4000000065e2e5c71dcd6500 starting delivery 1: msg 1 to remote b@example.org\n",
	        "#Fields: date-time,client-hostname,server-hostname,event-id,recipient-address\n",
	        "__CURSOR=1\n__REALTIME_TIMESTAMP=1772442015000000\n"};
	sst_log *ahead = new_log(0);

	(void)state;
	for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
		sst_log *log = new_log(NEWEST);
		char out[1000] = "";

		read_block(log, logs[i], 0, out, sizeof out);
		assert_false(sst_log_ahead(ahead, log));
		sst_log_free(log);
	}
	sst_log_free(ahead);
}

static void take(void *context, const sst_delivery *delivery)
{
	char *out = context;
	size_t len = strlen(out);

	snprintf(out + len, 2000 - len, "%.*s %.*s %u;", (int)delivery->queue_id.len,
	         delivery->queue_id.ptr, (int)delivery->recipient.len, delivery->recipient.ptr,
	         delivery->attempts);
}

static void many_events_at_once_are_taken_as_one_by_one(void **state)
{
	char text[8000] = "", one[2000] = "", all[2000] = "";
	sst_tracker_options options = {.size = sizeof options, .delivery = take};
	sst_log *log = new_log(NEWEST);
	sst_tracker *single, *together;
	sst_event *events;
	size_t count;

	(void)state;
	for (unsigned i = 0; i < 40; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text),
		         DAY1 "4A1B2C3D%02u: to=<b%u@example.org>, relay=none, delay=1, "
		              "delays=0/0/1/0, dsn=4.4.1, status=deferred (timed out)\n",
		         10 + i % 9, i % 3);
	options.context = one;
	single = sst_tracker_new(&options);
	options.context = all;
	together = sst_tracker_new(&options);
	sst_log_feed(log, (sst_text){text, strlen(text)}, true);
	assert_int_equal(sst_log_events(log, 30, &events), 30);
	assert_int_equal(sst_log_events(log, 30, &events), 10);
	assert_int_equal(sst_log_events(log, 30, &events), 0);
	sst_log_feed(log, (sst_text){text, strlen(text)}, true);
	count = sst_log_events(log, SIZE_MAX, &events);
	assert_int_equal(count, 40);
	for (size_t i = 0; i < count; i++)
		assert_true(sst_tracker_take(single, &events[i]));
	assert_true(sst_tracker_take_all(together, events, count));
	assert_true(sst_tracker_finish(single) && sst_tracker_finish(together));
	assert_string_equal(one, all);
	assert_true(strlen(one) > 200);
	sst_tracker_free(single);
	sst_tracker_free(together);
	sst_log_free(log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_block_that_was_read_ahead_is_as_if_read_in_order),
	        cmocka_unit_test(a_block_behind_new_year_is_not_believed),
	        cmocka_unit_test(a_block_that_leans_on_the_line_before_is_not_believed),
	        cmocka_unit_test(a_log_whose_lines_hang_together_is_not_read_ahead),
	        cmocka_unit_test(many_events_at_once_are_taken_as_one_by_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
