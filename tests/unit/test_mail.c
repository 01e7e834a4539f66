/* SPDX-License-Identifier: MIT */
#include "tests/unit/guard.h"
#include "tests/unit/mail_reading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char two_recipients[] =
        "Return-Path: <>\n"
        "From: Mail Delivery System <mailer-daemon@mx.example.com>\n"
        "To: sender@example.org\n"
        "Subject: Undelivered mail\n"
        "MIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=delivery-status;\n"
        "\tboundary=\"=_b1\"\n"
        "\n"
        "--=_b1\n"
        "\n"
        "Your message could not be delivered.\n"
        "\n"
        "--=_b1\n"
        "Content-Type: message/delivery-status\n"
        "\n"
        "Reporting-MTA: dns; mx.example.com\n"
        "Arrival-Date: Mon, 4 Mar 2024 10:00:00 +0100\n"
        "\n"
        "Final-Recipient: rfc822; anna@example.net\n"
        "Action: failed\n"
        "Status: 5.1.1\n"
        "Remote-MTA: dns; mail.example.net\n"
        "Diagnostic-Code: smtp; 550-5.1.1 no\n"
        " 550 5.1.1 such user\n"
        "\n"
        "Final-Recipient: rfc822; <bert@example.net>\n"
        "Action: delayed\n"
        "Status: 4.2.2\n"
        "Diagnostic-Code: smtp; 452 4.2.2 mailbox full\n"
        "\n"
        "--=_b1\n"
        "Content-Type: text/rfc822-headers\n"
        "\n"
        "From: sender@example.org\n"
        "Message-ID: <m1@example.org>\n"
        "Subject: a list of\n"
        " things\n"
        "\n"
        "--=_b1--\n";

static const char two_recipients_read[] = "bounce anna@example.net 5.1.1 550 failed|550-5.1.1 no "
                                          "550 5.1.1 such user|<m1@example.org>|a list of things\n"
                                          "delay bert@example.net 4.2.2 452 delayed|452 4.2.2 "
                                          "mailbox full|<m1@example.org>|a list of things\n";

static char out[65536];

static void each_recipient_of_a_delivery_report_is_one_report(void **state)
{
	sst_text mail = guard_string(two_recipients);

	(void)state;
	assert_int_equal(mail_reading(mail, 0, out, sizeof out), 2);
	assert_string_equal(out, two_recipients_read);
	guard_free(mail);
}

static void any_split_gives_the_same_reports(void **state)
{
	sst_text mail = guard_string(two_recipients);

	(void)state;
	for (size_t step = 1; step < mail.len; step += step < 70 ? 1 : 37) {
		mail_reading(mail, step, out, sizeof out);
		assert_string_equal(out, two_recipients_read);
	}
	guard_free(mail);
}

/* The same mail with each LF replaced. */
static sst_text with_line_ends(const char *mail, const char *end)
{
	size_t size = strlen(mail) * 3 + 1, len = 0;
	char *bytes = malloc(size);
	sst_text copy;

	assert_non_null(bytes);
	for (; *mail != '\0'; mail++) {
		if (*mail != '\n') {
			bytes[len++] = *mail;
			continue;
		}
		memcpy(bytes + len, end, strlen(end));
		len += strlen(end);
	}
	copy = guard_copy(bytes, len);
	free(bytes);
	return copy;
}

static void line_ends_do_not_matter(void **state)
{
	static const char *const ends[] = {"\r\n", "\r", "\r\r\n"};

	(void)state;
	for (unsigned i = 0; i < sizeof ends / sizeof *ends; i++) {
		sst_text mail = with_line_ends(two_recipients, ends[i]);
		for (size_t step = 0; step < 4; step++) {
			mail_reading(mail, step, out, sizeof out);
			assert_string_equal(out, two_recipients_read);
		}
		guard_free(mail);
	}
}

static void a_mail_cut_off_anywhere_still_gives_a_report(void **state)
{
	(void)state;
	for (size_t len = 0; len < sizeof two_recipients - 1; len++) {
		sst_text mail = guard_copy(two_recipients, len);
		assert_true(mail_reading(mail, 0, out, sizeof out) >= 1);
		guard_free(mail);
	}
}

/* A report of `count` recipients, freed by the caller. */
static char *report_of(unsigned count)
{
	static const char head[] =
	        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n";
	char *mail = malloc(sizeof head + (size_t)count * 100);
	size_t len = sizeof head - 1;

	assert_non_null(mail);
	memcpy(mail, head, sizeof head);
	for (unsigned i = 0; i < count; i++)
		len += (size_t)snprintf(mail + len, 100,
		                        "Final-Recipient: rfc822; user%u@example.com\nAction: "
		                        "failed\nStatus: 5.1.1\n\n",
		                        i);
	return mail;
}

static void more_recipients_than_memory_holds_are_all_told(void **state)
{
	enum { COUNT = 5000 };
	static char lines[COUNT * 100];
	char *mail = report_of(COUNT), last[64];

	(void)state;
	assert_int_equal(mail_reading((sst_text){mail, strlen(mail)}, 0, lines, sizeof lines),
	                 COUNT);
	for (unsigned i = 0; i < COUNT; i += 7) {
		snprintf(last, sizeof last, " user%u@example.com ", i);
		assert_non_null(strstr(lines, last));
	}
	free(mail);
}

static void a_list_of_failed_recipients_in_the_header_is_told_to_its_end(void **state)
{
	static char mail[8192], lines[65536];
	size_t len = (size_t)snprintf(
	        mail, sizeof mail,
	        "From: MAILER-DAEMON@example.net\nX-Failed-Recipients: user0@example.com");

	(void)state;
	for (unsigned i = 1; i < 100; i++)
		len += (size_t)snprintf(mail + len, sizeof mail - len, ",\n user%u@example.com", i);
	len += (size_t)snprintf(mail + len, sizeof mail - len,
	                        "\n\nYour message could not be delivered.\n");
	assert_int_equal(mail_reading((sst_text){mail, len}, 0, lines, sizeof lines), 100);
	assert_non_null(strstr(lines, " user99@example.com "));
}

/* Guillemets and no-break spaces stand around addresses in many languages, and belong to none. */
static void signs_around_an_address_are_no_part_of_it(void **state)
{
	static const char *const around[] = {
	        "\xc2\xabj\xc3\xbcrgen@example.com\xc2\xbb",
	        "Destinataire :\xc2\xa0j\xc3\xbcrgen@example.com",
	        "\xc2\xa0j\xc3\xbcrgen@example.com\xc2\xa0: non remis",
	        "j\xc3\xbcrgen@example.com\xe2\x80\xaf: non remis",
	};
	char mail[512], lines[512];

	(void)state;
	for (size_t i = 0; i < sizeof around / sizeof around[0]; i++) {
		snprintf(mail, sizeof mail,
		         "From: MAILER-DAEMON@example.net\n"
		         "Content-Type: text/plain; charset=utf-8\n\n"
		         "Your message could not be delivered.\n\n"
		         "%s\n    552 5.2.2 mailbox full\n",
		         around[i]);
		assert_int_equal(
		        mail_reading((sst_text){mail, strlen(mail)}, 0, lines, sizeof lines), 1);
		assert_non_null(strstr(lines, " j\xc3\xbcrgen@example.com "));
	}
}

/* Words that name them, without fields: one below the other, and with a reason each. */
static void a_thousand_recipients_of_words_are_a_thousand_reports(void **state)
{
	static const char *const before[] = {"   ", "<"};
	static const char *const behind[] = {"", ">: 550 5.1.1 no such user"};
	static char mail[64 * 1024], lines[512 * 1024];

	(void)state;
	for (size_t form = 0; form < 2; form++) {
		int len = snprintf(mail, sizeof mail,
		                   "Return-Path: <>\nFrom: mailer-daemon@mx.example.com\n"
		                   "To: sender@example.org\nSubject: Undelivered mail\n\n"
		                   "Your message could not be delivered to:\n\n");
		for (unsigned i = 0; i < 1000; i++)
			len += snprintf(mail + len, sizeof mail - (size_t)len,
			                "%suser%04u@example.com%s\n", before[form], i,
			                behind[form]);
		len += snprintf(mail + len, sizeof mail - (size_t)len,
		                "\nReason: 550 5.1.1 User unknown\n");
		assert_int_equal(
		        mail_reading((sst_text){mail, (size_t)len}, 0, lines, sizeof lines), 1000);
		assert_non_null(strstr(lines, "user0000@example.com"));
		assert_non_null(strstr(lines, "user0999@example.com"));
	}
}

static void the_reader_needs_at_most_256_kilobytes(void **state)
{
	(void)state;
	assert_true(sst_mail_size(NULL) <= 256 * 1024);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_recipient_of_a_delivery_report_is_one_report),
	        cmocka_unit_test(any_split_gives_the_same_reports),
	        cmocka_unit_test(a_thousand_recipients_of_words_are_a_thousand_reports),
	        cmocka_unit_test(line_ends_do_not_matter),
	        cmocka_unit_test(a_mail_cut_off_anywhere_still_gives_a_report),
	        cmocka_unit_test(more_recipients_than_memory_holds_are_all_told),
	        cmocka_unit_test(a_list_of_failed_recipients_in_the_header_is_told_to_its_end),
	        cmocka_unit_test(signs_around_an_address_are_no_part_of_it),
	        cmocka_unit_test(the_reader_needs_at_most_256_kilobytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
