/* SPDX-License-Identifier: MIT
 * tests/unit/test_track.c - log lines to events, events to deliveries. */
#include "guard.h"

#include <smtpstatus/track.h>
#include <smtpstatus/words.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* 2026-06-01: no line below is newer. */
#define NEWEST 1780272000

typedef struct log_run {
	char text[8192]; /* "queue id recipient fate attempts;" for each delivery */
	size_t len;
	unsigned deliveries;
	sst_log_counts counts;
	sst_tracker_counts tracked;
	int64_t accepted;
	uint16_t flags;
} log_run;

static void take(void *context, const sst_delivery *delivery)
{
	log_run *run = context;

	run->deliveries++;
	run->accepted = delivery->accepted;
	run->flags |= delivery->flags;
	if (run->len + 300 < sizeof run->text)
		run->len += (size_t)snprintf(run->text + run->len, sizeof run->text - run->len,
		                             "%.*s %.*s %.*s %u;", (int)delivery->queue_id.len,
		                             delivery->queue_id.ptr, (int)delivery->recipient.len,
		                             delivery->recipient.ptr,
		                             (int)sst_fate_name(delivery->fate).len,
		                             sst_fate_name(delivery->fate).ptr, delivery->attempts);
}

static void run_with(log_run *run, const char *bytes, size_t len, sst_tracker_options options,
                     const sst_log_options *reading)
{
	sst_log *log = sst_log_new(reading);
	sst_text copy = guard_copy(bytes, len);
	const sst_event *event;
	sst_tracker *tracker;

	memset(run, 0, sizeof *run);
	options.size = sizeof options;
	options.delivery = take;
	options.context = run;
	tracker = sst_tracker_new(&options);
	assert_non_null(log);
	assert_non_null(tracker);
	assert_int_equal(sst_log_feed(log, copy, true).at, len);
	while (sst_log_next(log, &event) == SST_OK)
		assert_true(sst_tracker_take(tracker, event));
	assert_true(sst_tracker_finish(tracker));
	run->counts = sst_log_count(log);
	run->tracked = sst_tracker_count(tracker);
	assert_int_equal(run->counts.lines,
	                 run->counts.used + run->counts.skipped + run->counts.unknown);
	sst_tracker_free(tracker);
	sst_log_free(log);
	guard_free(copy);
}

static void run_text(log_run *run, const char *text)
{
	sst_log_options reading = {.size = sizeof reading, .newest = NEWEST};

	run_with(run, text, strlen(text), (sst_tracker_options){0}, &reading);
}

static int64_t time_of(const char *line)
{
	sst_log_options reading = {.size = sizeof reading, .newest = NEWEST};
	sst_log *log = sst_log_new(&reading);
	sst_text copy = guard_string(line);
	const sst_event *event;
	int64_t time = INT64_MIN;

	sst_log_feed(log, copy, true);
	if (sst_log_next(log, &event) == SST_OK)
		time = event->time;
	sst_log_free(log);
	guard_free(copy);
	return time;
}

static void the_same_moment_is_read_from_every_form_of_stamp(void **state)
{
	static const char *const lines[] = {
	        "Mar  2 09:00:15 mx postfix/smtpd[1]: 4A1B2C3D4E: client=a[192.0.2.1]",
	        "Mar 02 09:00:15 mx postfix/smtpd[1]: 4A1B2C3D4E: client=a[192.0.2.1]",
	        "<22>Mar  2 09:00:15 mx postfix/smtpd[1]: 4A1B2C3D4E: client=a[192.0.2.1]",
	        "Mar  2 09:00:15.000000 mx postfix/smtpd[1]: 4A1B2C3D4E: client=a[192.0.2.1]",
	        "2026-03-02T10:00:15+01:00 mx postfix/smtpd[1]: 4A1B2C3D4E: client=a[192.0.2.1]",
	        "2026-03-02T09:00:15.000000Z mx postfix/smtpd[1]: 4A1B2C3D4E: client=a[192.0.2.1]",
	        "2026-03-02T10:00:15+0100 mx postfix/smtpd[1]: 4A1B2C3D4E: client=a[192.0.2.1]",
	        "Mon 2026-03-02 10:00:15 CET mx postfix/smtpd[1]: 4A1B2C3D4E: client=a[192.0.2.1]",
	        "Mon 2026-03-02 09:00:15 UTC mx postfix@-.service[1]: 4A1B2C3D4E: "
	        "client=a[192.0.2.1]",
	        "1772442015.000000 mx postfix/smtpd[1]: 4A1B2C3D4E: client=a[192.0.2.1]",
	        "<22>1 2026-03-02T09:00:15Z mx postfix/smtpd 1 - -  4A1B2C3D4E: "
	        "client=a[192.0.2.1]",
	        "<22>1 2026-03-02T09:00:15Z mx postfix/smtpd 1 - [a b=\"c\\\"]\"] 4A1B2C3D4E: "
	        "client=a[192.0.2.1]",
	        "2026-03-02 10:00:15 +0100 [7] 1tooAA-000001-02 <= a@example.com S=1",
	        "{\"__REALTIME_TIMESTAMP\":\"1772442015000000\",\"SYSLOG_IDENTIFIER\":\"postfix/"
	        "smtpd\","
	        "\"MESSAGE\":\"4A1B2C3D4E: client=a[192.0.2.1]\"}",
	        "2026-03-02T09:00:15Z stdout F Mar  2 09:00:15 mx postfix/smtpd[1]: 4A1B2C3D4E: "
	        "client=a[192.0.2.1]",
	        "Mar  2 09:00:15 h docker[1]: Mar  2 09:00:15 mx postfix/smtpd[1]: 4A1B2C3D4E: "
	        "client=a[192.0.2.1]",
	        "Mar  2 09:00:15 [postfix/smtpd] 4A1B2C3D4E: client=a[192.0.2.1]",
	        "Mar  2 09:00:15 <mail.info> mx postfix/smtpd[1]: 4A1B2C3D4E: client=a[192.0.2.1]",
	        "Mar  2 09:00:15 mx mail-out/smtpd[1]: 4A1B2C3D4E: client=a[192.0.2.1]",
	};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		if (time_of(lines[i]) != (int64_t)1772442015 * 1000000)
			fail_msg("%s gives %lld", lines[i], (long long)time_of(lines[i]));
	}
}

static void stamps_without_a_year_are_read_backwards_from_the_file_and_over_new_year(void **state)
{
	/* The file is of 2 January 2026: its December is that of 2025. */
	sst_log_options reading = {.size = sizeof reading, .newest = 1767312000};
	const char *text = "Dec 31 23:59:59 mx postfix/smtpd[1]: 4A1B2C3D4E: client=a[192.0.2.1]\n"
	                   "Jan  1 00:00:01 mx postfix/smtpd[1]: 4A1B2C3D4F: client=a[192.0.2.1]\n"
	                   "Dec 31 23:59:58 mx postfix/smtpd[1]: 4A1B2C3D50: client=a[192.0.2.1]\n";
	static const int64_t want[] = {1767225599, 1767225601, 1767225598};
	sst_log *log = sst_log_new(&reading);
	const sst_event *event;

	(void)state;
	sst_log_feed(log, (sst_text){text, strlen(text)}, true);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(sst_log_next(log, &event), SST_OK);
		assert_int_equal(event->time / 1000000, want[i]);
	}
	sst_log_free(log);
}

#define QMGR                                                                                     \
	"Mar  2 09:00:00 mx postfix/qmgr[1]: 4A1B2C3D4E: from=<a@example.com>, size=1, nrcpt=1 " \
	"(queue active)\n"
#define TO(time, to, dsn, status, text)                           \
	"Mar  2 " time " mx postfix/smtp[1]: 4A1B2C3D4E: to=<" to \
	">, relay=mx.example.org[192.0.2.2]:25, "                 \
	"delay=1, delays=0/0/0/1, dsn=" dsn ", status=" status " (" text ")\n"

static void a_temporary_answer_and_then_success_is_one_delivery_of_two_attempts(void **state)
{
	log_run run;

	(void)state;
	run_text(&run,
	         QMGR TO("09:00:01", "b@example.org", "4.2.2", "deferred", "host x said: 452 full")
	                 TO("09:10:01", "b@example.org", "2.0.0", "sent", "250 Ok"));
	assert_string_equal(run.text, "4A1B2C3D4E b@example.org delivered 2;");
}

static void addresses_may_hold_brackets_commas_and_blanks(void **state)
{
	log_run run;

	(void)state;
	run_text(&run, TO("09:00:01", "\"a, b> c\"@example.org", "2.0.0", "sent", "250 Ok"));
	assert_string_equal(run.text, "4A1B2C3D4E \"a, b> c\"@example.org delivered 1;");
}

static void a_cut_line_counts_as_far_as_it_goes(void **state)
{
	log_run run;

	(void)state;
	run_text(&run,
	         "Mar  2 09:00:01 mx postfix/smtp[1]: 4A1B2C3D4E: to=<b@example.org>, relay=none, "
	         "delay=1, delays=0/0/0/1, dsn=5.4.4, status=bounced (Host or domain na");
	assert_string_equal(run.text, "4A1B2C3D4E b@example.org bounced 1;");
	assert_true(run.flags & SST_TRACK_CUT);
	run_text(&run,
	         "Mar  2 09:00:01 mx postfix/smtp[1]: 4A1B2C3D4E: to=<b@example.org>, relay=no");
	assert_int_equal(run.deliveries, 0);
	assert_int_equal(run.counts.used, 1);
}

static void a_queue_id_that_comes_back_is_another_message(void **state)
{
	log_run run;

	(void)state;
	run_text(&run, "Mar  2 09:00:00 mx postfix/smtpd[1]: 4A1B2C3D4E: client=a[192.0.2.1]\n" TO(
	                       "09:00:01", "b@example.org", "2.0.0", "sent",
	                       "250 Ok") "Mar  2 09:00:02 mx postfix/qmgr[1]: 4A1B2C3D4E: removed\n"
	                                 "Mar  2 09:00:05 mx postfix/smtpd[1]: 4A1B2C3D4E: "
	                                 "client=a[192.0.2.1]\n" TO(
	                                         "09:00:06", "b@example.org", "5.1.1", "bounced",
	                                         "no") "Mar  2 09:00:07 mx postfix/qmgr[1]: "
	                                               "4A1B2C3D4E: removed\n");
	assert_string_equal(run.text,
	                    "4A1B2C3D4E b@example.org delivered 1;4A1B2C3D4E b@example.org "
	                    "bounced 1;");
}

static void a_line_that_is_written_late_still_belongs_to_its_message(void **state)
{
	log_run run;

	(void)state;
	run_text(&run, "Mar  2 09:00:00 mx postfix/smtpd[1]: 4A1B2C3D4E: client=a[192.0.2.1]\n"
	               "Mar  2 09:00:03 mx postfix/qmgr[1]: 4A1B2C3D4E: removed\n" TO(
	                       "09:00:02", "b@example.org", "2.0.0", "sent", "250 Ok"));
	assert_string_equal(run.text, "4A1B2C3D4E b@example.org delivered 1;");
	assert_int_equal(run.tracked.messages, 1);
	assert_int_equal(run.tracked.late, 1);
}

static void an_expired_message_is_expired_for_those_who_were_waiting(void **state)
{
	log_run run;

	(void)state;
	run_text(&run,
	         QMGR TO("09:00:01", "b@example.org", "4.2.2", "deferred", "full")
	                 TO("09:00:01", "c@example.org", "2.0.0", "sent",
	                    "250 Ok") "Mar  2 10:00:00 mx postfix/qmgr[1]: 4A1B2C3D4E: "
	                              "from=<a@example.com>, "
	                              "status=expired, returned to sender\n"
	                              "Mar  2 10:00:00 mx postfix/qmgr[1]: 4A1B2C3D4E: removed\n");
	assert_string_equal(run.text, "4A1B2C3D4E b@example.org expired 1;4A1B2C3D4E c@example.org "
	                              "delivered 1;");
}

static void what_the_administrator_deletes_holds_or_a_rule_discards_is_called_so(void **state)
{
	log_run run;

	(void)state;
	run_text(&run,
	         QMGR TO("09:00:01", "b@example.org", "4.2.2", "deferred",
	                 "full") "Mar  2 10:00:00 mx postfix/postsuper[1]: 4A1B2C3D4E: removed\n");
	assert_string_equal(run.text, "4A1B2C3D4E b@example.org deleted 1;");
	run_text(&run, QMGR TO("09:00:01", "b@example.org", "4.2.2", "deferred",
	                       "full") "Mar  2 10:00:00 mx postfix/postsuper[1]: 4A1B2C3D4E: "
	                               "placed on hold\n");
	assert_string_equal(run.text, "4A1B2C3D4E b@example.org held 1;");
}

static void address_probes_are_no_deliveries(void **state)
{
	log_run run;

	(void)state;
	run_text(&run, QMGR TO("09:00:01", "b@example.org", "2.1.5", "deliverable", "250 Ok"));
	assert_int_equal(run.deliveries, 0);
	assert_int_equal(run.tracked.attempts, 0);
}

static void a_message_that_may_have_arrived_is_marked(void **state)
{
	log_run run;

	(void)state;
	run_text(&run,
	         TO("09:00:01", "b@example.org", "4.4.2", "deferred",
	            "lost connection with mx.example.org[192.0.2.2] while sending end of data -- "
	            "message may be sent more than once"));
	assert_true(run.flags & SST_TRACK_POSSIBLY);
	assert_false(run.flags & SST_TRACK_NOT_TRIED);
}

static void a_repeated_line_counts_as_often_as_it_says(void **state)
{
	log_run run;

	(void)state;
	run_text(&run,
	         "Mar  2 09:00:01 mx postfix/smtp[1]: message repeated 3 times: [ 4A1B2C3D4E: "
	         "to=<b@example.org>, relay=none, delay=1, delays=0/0/0/1, dsn=4.4.1, "
	         "status=deferred (timed out)]\n");
	assert_string_equal(run.text, "4A1B2C3D4E b@example.org queued 3;");
}

static void many_recipients_take_linear_time_and_each_is_found_again(void **state)
{
	enum { COUNT = 20000 };
	size_t room = (size_t)COUNT * 2 * 200, len = 0;
	char *text = malloc(room);
	sst_log_options reading = {.size = sizeof reading, .newest = NEWEST};
	log_run run;

	(void)state;
	for (unsigned round = 0; round < 2; round++)
		for (unsigned i = 0; i < COUNT; i++)
			len += (size_t)snprintf(text + len, room - len,
			                        "Mar  2 09:0%u:00 mx postfix/smtp[1]: 4A1B2C3D4E: "
			                        "to=<user%u@example.org>, relay=none, delay=1, "
			                        "dsn=4.4.1, status=deferred (x)\n",
			                        round, i);
	run_with(&run, text, len, (sst_tracker_options){0}, &reading);
	assert_int_equal(run.deliveries, COUNT);
	assert_int_equal(run.tracked.attempts, 2 * COUNT);
	free(text);
}

typedef struct shelf {
	char *bytes[4096];
	size_t sizes[4096];
	unsigned count, taken;
} shelf;

static shelf kept;

static bool spill(void *context, sst_text bytes, uint64_t *token)
{
	(void)context;
	if (kept.count == 4096)
		return false;
	kept.bytes[kept.count] = malloc(bytes.len);
	memcpy(kept.bytes[kept.count], bytes.ptr, bytes.len);
	kept.sizes[kept.count] = bytes.len;
	*token = kept.count++;
	return true;
}

static bool unspill(void *context, uint64_t token, char *buffer, size_t size)
{
	(void)context;
	assert_int_equal(size, kept.sizes[token]);
	memcpy(buffer, kept.bytes[token], size);
	kept.taken++;
	return true;
}

static void messages_beyond_the_memory_are_spilled_and_come_back(void **state)
{
	enum { COUNT = 2000 };
	size_t room = (size_t)COUNT * 500, len = 0;
	char *text = malloc(room);
	sst_log_options reading = {.size = sizeof reading, .newest = NEWEST};
	sst_tracker_options options = {.memory = 100000, .spill = spill, .unspill = unspill};
	log_run run;

	(void)state;
	for (unsigned round = 0; round < 2; round++)
		for (unsigned i = 0; i < COUNT; i++)
			len += (size_t)snprintf(text + len, room - len,
			                        "Mar  2 09:0%u:00 mx postfix/smtp[1]: 4A1B%06X: "
			                        "to=<user%u@example.org>, relay=none, delay=1, "
			                        "dsn=4.4.1, status=deferred (x)\n",
			                        round, i, i);
	run_with(&run, text, len, options, &reading);
	assert_int_equal(run.deliveries, COUNT);
	assert_int_equal(run.tracked.attempts, 2 * COUNT);
	assert_true(run.tracked.spilled > 0);
	assert_int_equal(run.tracked.dropped, 0);
	assert_true(kept.taken >= COUNT / 2);
	while (kept.count > 0)
		free(kept.bytes[--kept.count]);
	free(text);
}

static void without_a_spill_the_oldest_are_given_out_and_counted(void **state)
{
	enum { COUNT = 2000 };
	char *text = malloc((size_t)COUNT * 200);
	size_t len = 0;
	sst_log_options reading = {.size = sizeof reading, .newest = NEWEST};
	log_run run;

	(void)state;
	for (unsigned i = 0; i < COUNT; i++)
		len += (size_t)snprintf(
		        text + len, 200,
		        "Mar  2 09:00:00 mx postfix/smtp[1]: 4A1B%06X: to=<u@example.org>, "
		        "relay=none, delay=1, dsn=4.4.1, status=deferred (x)\n",
		        i);
	run_with(&run, text, len, (sst_tracker_options){.memory = 100000}, &reading);
	assert_int_equal(run.deliveries, COUNT);
	assert_true(run.tracked.dropped > 0);
	free(text);
}

static void binary_and_endless_lines_are_counted_and_passed(void **state)
{
	enum { LONG = 300000 };
	char *text = malloc(LONG + 200);
	sst_log_options reading = {.size = sizeof reading, .newest = NEWEST, .line_bytes = 1000};
	log_run run;

	(void)state;
	memset(text, 'x', LONG);
	text[LONG] = '\n';
	memcpy(text + LONG + 1, "\x01\x02\x03garbage\n", 11);
	run_with(&run, text, LONG + 12, (sst_tracker_options){0}, &reading);
	assert_int_equal(run.counts.lines, 2);
	assert_int_equal(run.counts.unknown, 2);
	assert_int_equal(run.counts.cut, 1);
	assert_int_equal(run.counts.binary, 1);
	free(text);
}

static void the_words_of_a_failure_are_the_other_sides_alone(void **state)
{
	static const struct {
		const char *line, *text, *host;
		sst_phase phase;
	} cases[] = {
	        {TO("09:00:01", "b@example.org", "5.1.1", "bounced",
	            "host mx.example.org[192.0.2.2] said: 550 5.1.1 no (really) (in reply to RCPT "
	            "TO command)"),
	         "550 5.1.1 no (really)", "mx.example.org", SST_PHASE_RCPT},
	        {TO("09:00:01", "b@example.org", "4.0.0", "deferred",
	            "host mx.example.org[192.0.2.2] refused to talk to me: 421 busy"),
	         "421 busy", "mx.example.org", SST_PHASE_CONNECT},
	        {"2026-03-02 09:00:01 1tooAA-000001-02 ** b@example.org R=d T=remote_smtp "
	         "H=mx.example.org "
	         "[192.0.2.2]: SMTP error from remote mail server after MAIL FROM:<a@example.com>: "
	         "550 no",
	         "550 no", "mx.example.org", SST_PHASE_MAIL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		sst_log_options reading = {.size = sizeof reading, .newest = NEWEST};
		sst_log *log = sst_log_new(&reading);
		const sst_event *event;
		sst_evidence evidence;

		sst_log_feed(log, (sst_text){cases[i].line, strlen(cases[i].line)}, true);
		assert_int_equal(sst_log_next(log, &event), SST_OK);
		sst_event_evidence(event, &evidence);
		assert_int_equal(evidence.text.len, strlen(cases[i].text));
		assert_memory_equal(evidence.text.ptr, cases[i].text, evidence.text.len);
		assert_int_equal(evidence.remote_mta.len, strlen(cases[i].host));
		assert_memory_equal(evidence.remote_mta.ptr, cases[i].host,
		                    evidence.remote_mta.len);
		assert_int_equal(evidence.phase, cases[i].phase);
		sst_log_free(log);
	}
}

static void a_damaged_state_is_refused(void **state)
{
	log_run run = {0};
	sst_tracker_options options = {.size = sizeof options, .delivery = take, .context = &run};
	sst_tracker *tracker = sst_tracker_new(&options);
	char bytes[400] = {0};

	(void)state;
	assert_int_equal(sst_tracker_load(tracker, (sst_text){bytes, sizeof bytes}).err,
	                 SST_E_SYNTAX);
	sst_tracker_free(tracker);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_same_moment_is_read_from_every_form_of_stamp),
	        cmocka_unit_test(
	                stamps_without_a_year_are_read_backwards_from_the_file_and_over_new_year),
	        cmocka_unit_test(
	                a_temporary_answer_and_then_success_is_one_delivery_of_two_attempts),
	        cmocka_unit_test(addresses_may_hold_brackets_commas_and_blanks),
	        cmocka_unit_test(a_cut_line_counts_as_far_as_it_goes),
	        cmocka_unit_test(a_queue_id_that_comes_back_is_another_message),
	        cmocka_unit_test(a_line_that_is_written_late_still_belongs_to_its_message),
	        cmocka_unit_test(an_expired_message_is_expired_for_those_who_were_waiting),
	        cmocka_unit_test(
	                what_the_administrator_deletes_holds_or_a_rule_discards_is_called_so),
	        cmocka_unit_test(address_probes_are_no_deliveries),
	        cmocka_unit_test(a_message_that_may_have_arrived_is_marked),
	        cmocka_unit_test(a_repeated_line_counts_as_often_as_it_says),
	        cmocka_unit_test(many_recipients_take_linear_time_and_each_is_found_again),
	        cmocka_unit_test(messages_beyond_the_memory_are_spilled_and_come_back),
	        cmocka_unit_test(without_a_spill_the_oldest_are_given_out_and_counted),
	        cmocka_unit_test(binary_and_endless_lines_are_counted_and_passed),
	        cmocka_unit_test(the_words_of_a_failure_are_the_other_sides_alone),
	        cmocka_unit_test(a_damaged_state_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
