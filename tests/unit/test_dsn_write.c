/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/text.h"
#include "guard.h"

#include <smtpstatus/write.h>

static char buffer[65536];

typedef struct sample {
	sst_dsn dsn;
	sst_dsn_recipient recipient;
} sample;

/* A report that is right; each test spoils or changes one thing. */
static void sample_init(sample *s)
{
	s->dsn = (sst_dsn)SST_DSN_INIT;
	s->recipient = (sst_dsn_recipient)SST_DSN_RECIPIENT_INIT;
	s->dsn.sender = SST_TEXT("me@example.net");
	s->dsn.reporting_mta = SST_TEXT("mx.example.net");
	s->dsn.date = (sst_time){1795516800, 60, true, 0};
	s->dsn.random = SST_TEXT("0123456789abcdef");
	s->dsn.recipients = &s->recipient;
	s->dsn.recipient_count = 1;
	s->recipient.recipient = SST_TEXT("anna@example.org");
	s->recipient.action = SST_ACTION_FAILED;
	s->recipient.status = (sst_code){5, 1, 1};
	s->recipient.diagnostic = SST_TEXT("550 5.1.1 no such user");
	s->recipient.remote_mta = SST_TEXT("mx.example.org");
}

static sst_written compose(const sst_dsn *dsn)
{
	sst_out out = {.buffer = buffer, .size = sizeof(buffer) - 1};
	sst_written written = sst_dsn_write(dsn, &out);

	buffer[written.err == SST_OK ? written.at : 0] = '\0';
	return written;
}

static void assert_has(const char *part)
{
	if (strstr(buffer, part) == NULL)
		fail_msg("\"%s\" is not in:\n%s", part, buffer);
}

static void assert_has_not(const char *part)
{
	if (strstr(buffer, part) != NULL)
		fail_msg("\"%s\" is in:\n%s", part, buffer);
}

static void assert_refused(const sst_dsn *dsn, const char *field, const char *rule)
{
	sst_written written = compose(dsn);

	assert_int_equal(written.err, SST_E_SYNTAX);
	assert_string_equal(written.field, field);
	if (strstr(written.rule, rule) == NULL)
		fail_msg("%s: \"%s\" does not name \"%s\"", field, written.rule, rule);
	assert_string_equal(buffer, "");
}

/* What every mail has to keep: CRLF everywhere, lines of at most 998 octets, no fold of blanks. */
static void assert_lines_are_legal(void)
{
	size_t start = 0, len = strlen(buffer);

	for (size_t i = 0; i < len; i++) {
		if (buffer[i] != '\n') {
			assert_true(buffer[i] != '\r' || buffer[i + 1] == '\n');
			continue;
		}
		assert_true(i > 0 && buffer[i - 1] == '\r');
		assert_true(i - 1 - start <= 998);
		start = i + 1;
	}
	assert_int_equal(start, len);
}

static void a_failure_is_a_complete_report(void **state)
{
	sample s;

	(void)state;
	sample_init(&s);
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_lines_are_legal();
	assert_memory_equal(buffer, "Return-Path: <>\r\n", 17);
	assert_has("Date: Tue, 24 Nov 2026 11:40:00 +0100\r\n");
	assert_has("From: Mail Delivery System <MAILER-DAEMON@mx.example.net>\r\n");
	assert_has("To: <me@example.net>\r\n");
	assert_has("Auto-Submitted: auto-replied\r\n");
	assert_has("multipart/report; report-type=delivery-status;");
	assert_has("Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; "
	           "mx.example.net\r\n");
	assert_has("\r\n\r\nFinal-Recipient: rfc822; anna@example.org\r\nAction: failed\r\n"
	           "Status: 5.1.1\r\nRemote-MTA: dns; mx.example.org\r\n"
	           "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n");
	assert_has_not("rfc822-headers");
	assert_has_not("Original-Recipient");
}

static void a_null_reverse_path_gets_no_report(void **state)
{
	sample s;

	(void)state;
	sample_init(&s);
	s.dsn.sender = SST_TEXT("");
	assert_refused(&s.dsn, "sender", "3461");
	s.dsn.sender = SST_TEXT("<>");
	assert_refused(&s.dsn, "sender", "3461");
	s.dsn.sender = SST_NO_TEXT;
	assert_refused(&s.dsn, "sender", "required");
	assert_false(sst_dsn_is_wanted(SST_NOTIFY_FAILURE, SST_ACTION_FAILED, SST_TEXT("<>")));
}

static void no_report_is_written_about_a_report(void **state)
{
	sample s;

	(void)state;
	sample_init(&s);
	s.dsn.returned = SST_TEXT("Return-Path: <>\nSubject: x\n\nbody\n");
	assert_refused(&s.dsn, "returned", "3461");
	s.dsn.returned = SST_TEXT("Subject: x\nContent-Type: multipart/report;\n boundary=a;\n "
	                          "report-type=delivery-status\n\n");
	assert_refused(&s.dsn, "returned", "3461");
	s.dsn.returned =
	        SST_TEXT("Subject: x\n\nContent-Type: multipart/report; delivery-status\n");
	assert_int_equal(compose(&s.dsn).err, SST_OK);
}

static void addresses_and_hosts_cant_bring_lines_of_their_own(void **state)
{
	static const char *const bad[] = {"a@example.org\r\nBcc: b@example.org",
	                                  "a b@example.org",
	                                  "a@exam ple.org",
	                                  "a@example.org\n",
	                                  "\ta@example.org",
	                                  "a@example.org\x7F",
	                                  ""};
	sample s;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		sst_text text = guard_string(bad[i]);

		sample_init(&s);
		s.recipient.recipient = text;
		assert_refused(&s.dsn, "recipient", "");
		sample_init(&s);
		s.recipient.original_recipient = text;
		assert_refused(&s.dsn, "original_recipient", "");
		sample_init(&s);
		s.dsn.sender = text;
		assert_refused(&s.dsn, "sender", "");
		sample_init(&s);
		s.dsn.from = text;
		assert_refused(&s.dsn, "from", "");
		sample_init(&s);
		s.dsn.reporting_mta = text;
		assert_refused(&s.dsn, "reporting_mta", "");
		sample_init(&s);
		s.recipient.remote_mta = text;
		assert_refused(&s.dsn, "remote_mta", "");
		guard_free(text);
	}
	sample_init(&s);
	s.recipient.remote_mta = SST_TEXT("mx.b\xC3\xBC" "cher.example");
	assert_refused(&s.dsn, "remote_mta", "5890");
	sample_init(&s);
	s.dsn.envelope_id = SST_TEXT("x\r\nAction: delivered");
	assert_refused(&s.dsn, "envelope_id", "CR");
	sample_init(&s);
	s.dsn.subject = SST_TEXT("x\r\nBcc: you@example.org");
	assert_refused(&s.dsn, "subject", "CR");
	sample_init(&s);
	s.dsn.message_id = SST_TEXT("<x y@example.org>");
	assert_refused(&s.dsn, "message_id", "5322");
	sample_init(&s);
	s.dsn.lang = SST_TEXT("de\r\nX: y");
	assert_refused(&s.dsn, "lang", "5646");
	sample_init(&s);
	s.recipient.diagnostic_type = SST_TEXT("smtp\r\nX");
	assert_refused(&s.dsn, "diagnostic_type", "atom");
	sample_init(&s);
	s.dsn.boundary = SST_TEXT("a\"b");
	assert_refused(&s.dsn, "boundary", "2046");
}

static void a_diagnostic_stays_inside_of_its_field(void **state)
{
	sample s;
	sst_text hostile = guard_copy("550 a\r\nAction: delivered\r\n\r\n--x\0\x1B[2J \xFF", 38);

	(void)state;
	sample_init(&s);
	s.recipient.diagnostic = hostile;
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_lines_are_legal();
	assert_has("Diagnostic-Code: smtp; 550 a\r\n Action: delivered\r\n --x??[2J ?\r\n");
	guard_free(hostile);
}

static void the_lines_of_a_reply_stay_apart(void **state)
{
	sample s;

	(void)state;
	sample_init(&s);
	s.recipient.diagnostic = SST_TEXT("550-5.1.1 no such user\n550 5.1.1 try again");
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_has("Diagnostic-Code: smtp; 550-5.1.1 no such user\r\n 550 5.1.1 try again\r\n");
	s.recipient.diagnostic = SST_TEXT("550");
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_has("Diagnostic-Code: smtp; 550 \r\n");
	s.recipient.diagnostic = SST_TEXT("mailbox locked");
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_has("Diagnostic-Code: x-smtpstatus; mailbox locked\r\n");
	s.recipient.diagnostic_type = SST_TEXT("smtp");
	assert_refused(&s.dsn, "diagnostic", "3461");
}

static void status_and_action_agree(void **state)
{
	static const struct {
		sst_action action;
		sst_code status;
		bool fine;
	} cases[] = {
	        {SST_ACTION_FAILED, {5, 1, 1}, true},     {SST_ACTION_FAILED, {4, 4, 7}, true},
	        {SST_ACTION_FAILED, {2, 0, 0}, false},    {SST_ACTION_DELAYED, {4, 4, 1}, true},
	        {SST_ACTION_DELAYED, {5, 4, 1}, false},   {SST_ACTION_DELIVERED, {2, 0, 0}, true},
	        {SST_ACTION_DELIVERED, {5, 0, 0}, false}, {SST_ACTION_RELAYED, {2, 1, 9}, true},
	        {SST_ACTION_EXPANDED, {2, 1, 5}, true},   {SST_ACTION_EXPANDED, {4, 0, 0}, false},
	        {SST_ACTION_FAILED, {3, 0, 0}, false},    {SST_ACTION_FAILED, {5, 1, 99}, false},
	        {SST_ACTION_FAILED, {5, 1, 1000}, false},
	};
	sample s;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		sample_init(&s);
		s.recipient.action = cases[i].action;
		s.recipient.status = cases[i].status;
		if (cases[i].fine)
			assert_int_equal(compose(&s.dsn).err, SST_OK);
		else
			assert_refused(&s.dsn, "status", "RFC 346");
	}
	s.recipient.action = 0;
	assert_refused(&s.dsn, "action", "2.3.3");
	s.recipient.action = SST_ACTION_EXPANDED + 1;
	assert_refused(&s.dsn, "action", "2.3.3");
}

static void an_unregistered_status_passes_as_the_remote_servers_own(void **state)
{
	sample s;

	(void)state;
	sample_init(&s);
	s.recipient.status = (sst_code){5, 1, 99};
	assert_refused(&s.dsn, "status", "3463");
	s.recipient.diagnostic = SST_TEXT("550 5.1.99 no such user");
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_has("Status: 5.1.0\r\n");
	assert_has("Diagnostic-Code: smtp; 550 5.1.99 no such user\r\n");
	s.recipient.diagnostic = SST_TEXT("550 15.1.99 or 5.1.99.2 or 5.1.999");
	assert_refused(&s.dsn, "status", "3463");
}

static void without_a_status_the_words_give_it(void **state)
{
	sample s;

	(void)state;
	sample_init(&s);
	s.recipient.status.cls = 0;
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_has("Status: 5.1.1\r\n");
	s.recipient.diagnostic = SST_TEXT("452 come back later");
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_has("Status: 4.0.0\r\n");
	s.recipient.diagnostic = SST_NO_TEXT;
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_has("Status: 5.0.0\r\n");
	s.recipient.action = SST_ACTION_DELIVERED;
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_has("Status: 2.0.0\r\n");
}

static void will_retry_until_belongs_to_delays(void **state)
{
	sample s;

	(void)state;
	sample_init(&s);
	s.recipient.retry_until = s.dsn.date;
	assert_refused(&s.dsn, "retry_until", "2.3.9");
	s.recipient.action = SST_ACTION_DELAYED;
	s.recipient.status = (sst_code){4, 4, 1};
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_has("Will-Retry-Until: Tue, 24 Nov 2026 11:40:00 +0100\r\n");
}

static void only_an_address_outside_of_ascii_makes_the_report_global(void **state)
{
	sample s;

	(void)state;
	sample_init(&s);
	s.recipient.diagnostic = SST_TEXT("550 5.1.1 utilisateur inconnu \xC3\xA0 Besan\xC3\xA7on");
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_has_not("global");
	assert_has("utilisateur inconnu ?? Besan??on\r\n");
	s.recipient.recipient = SST_TEXT("ren\xC3\xA9@example.org");
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_has("report-type=global-delivery-status");
	assert_has(
	        "Content-Type: message/global-delivery-status\r\nContent-Transfer-Encoding: 8bit");
	assert_has("Final-Recipient: utf-8; ren\xC3\xA9@example.org\r\n");
	assert_has("inconnu \xC3\xA0 Besan\xC3\xA7on");
	s.dsn.flags = SST_DSN_SEVEN_BIT;
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_has_not("global");
	assert_has("Final-Recipient: utf-8; ren\\x{E9}@example.org\r\n");
	for (size_t i = 0; buffer[i] != '\0'; i++)
		assert_true((unsigned char)buffer[i] < 0x80);
	s.dsn.sender = s.recipient.recipient;
	assert_refused(&s.dsn, "sender", "6532");
}

static void what_comes_back_depends_on_ret_and_on_failure(void **state)
{
	static const char message[] = "From: me@example.net\nSubject: hello\n\nthe body\n";
	sample s;

	(void)state;
	sample_init(&s);
	s.dsn.returned = SST_TEXT(message);
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_has("Content-Type: message/rfc822\r\n\r\nFrom: me@example.net\r\n");
	assert_has("the body\r\n");
	s.dsn.ret = SST_RET_HDRS;
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_has("Content-Type: text/rfc822-headers\r\n\r\nFrom: me@example.net\r\n");
	assert_has_not("the body");
	s.dsn.ret = SST_RET_FULL;
	s.recipient.action = SST_ACTION_DELIVERED;
	s.recipient.status = (sst_code){2, 1, 5};
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_has_not("the body");
}

static void a_message_that_no_mail_can_carry_comes_back_as_its_header(void **state)
{
	static char message[3000];
	sample s;

	(void)state;
	memset(message, 'x', sizeof(message));
	memcpy(message, "Subject: h\n\n", 12);
	sample_init(&s);
	s.dsn.returned = (sst_text){message, sizeof(message)};
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_lines_are_legal();
	assert_has("text/rfc822-headers\r\n\r\nSubject: h\r\n");
	memcpy(message + 20, "\n\0\n", 3);
	s.dsn.returned.len = 40;
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_has("text/rfc822-headers");
	s.dsn.returned = SST_TEXT("Subject: caf\xE9\n\nbody\n");
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_has("text/rfc822-headers\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
	           "Subject: caf=E9\r\n");
	s.dsn.returned = SST_TEXT("Subject: h\n\ncaf\xC3\xA9\n");
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_has("message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n");
	s.dsn.flags = SST_DSN_SEVEN_BIT;
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_has_not("caf");
}

static void a_boundary_never_stands_in_the_returned_message(void **state)
{
	sample s;

	(void)state;
	sample_init(&s);
	s.dsn.boundary = SST_TEXT("ab");
	s.dsn.returned = SST_TEXT("Subject: x\n\n--abc\n");
	assert_refused(&s.dsn, "boundary", "2046");
	s.dsn.boundary = SST_NO_TEXT;
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	s.dsn.random = SST_TEXT("short");
	assert_refused(&s.dsn, "random", "8 octets");
}

static void what_is_known_of_the_message_comes_back_without_it(void **state)
{
	sample s;

	(void)state;
	sample_init(&s);
	s.dsn.message_id = SST_TEXT("<1@example.net>");
	s.dsn.subject = SST_TEXT("\xE3\x81\x93\xE3\x82\x93\xE3\x81\xAB\xE3\x81\xA1\xE3\x81\xAF");
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_has("text/rfc822-headers\r\n\r\nMessage-ID: <1@example.net>\r\n"
	           "Subject: =?UTF-8?B?44GT44KT44Gr44Gh44Gv?=\r\n");
}

static void a_long_word_is_broken_before_the_line_gets_too_long(void **state)
{
	static char words[5000];
	sample s;

	(void)state;
	memset(words, 'y', sizeof(words));
	memcpy(words, "550 ", 4);
	words[3000] = ' ';
	sample_init(&s);
	s.recipient.diagnostic = (sst_text){words, sizeof(words)};
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_lines_are_legal();
}

static void a_forwarding_target_is_not_betrayed(void **state)
{
	sample s;

	(void)state;
	sample_init(&s);
	s.dsn.flags = SST_DSN_CONFIDENTIAL;
	assert_int_equal(compose(&s.dsn).err, SST_OK);
	assert_has_not("mx.example.org");
	assert_has_not("no such user");
}

static void a_tracking_answer_has_what_rfc_3886_requires(void **state)
{
	sample s;
	sst_out out = {.buffer = buffer, .size = sizeof(buffer) - 1};
	sst_written written;

	(void)state;
	sample_init(&s);
	s.recipient.action = SST_ACTION_RELAYED;
	s.recipient.status = (sst_code){2, 1, 9};
	written = sst_tracking_write(&s.dsn, &out);
	assert_string_equal(written.field, "envelope_id");
	s.dsn.envelope_id = SST_TEXT("QQ314159");
	s.dsn.arrival_date = s.dsn.date;
	written = sst_tracking_write(&s.dsn, &out);
	assert_string_equal(written.field, "original_recipient");
	assert_int_equal(written.recipient, 0);
	s.recipient.original_recipient = s.recipient.recipient;
	written = sst_tracking_write(&s.dsn, &out);
	assert_int_equal(written.err, SST_OK);
	buffer[written.at] = '\0';
	assert_has("type=\"message/tracking-status\"");
	assert_has("Original-Envelope-Id: QQ314159\r\nReporting-MTA: dns; mx.example.net\r\n"
	           "Arrival-Date: ");
	assert_has_not("me@example.net");
	s.recipient.action = SST_ACTION_DELIVERED;
	assert_string_equal(sst_tracking_write(&s.dsn, &out).field, "status");
}

static void too_small_a_buffer_says_how_much_is_needed(void **state)
{
	sample s;
	sst_out none = {0};
	sst_written written;

	(void)state;
	sample_init(&s);
	written = sst_dsn_write(&s.dsn, &none);
	assert_int_equal(written.err, SST_E_SPACE);
	assert_int_equal(compose(&s.dsn).at, written.at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_failure_is_a_complete_report),
	        cmocka_unit_test(a_null_reverse_path_gets_no_report),
	        cmocka_unit_test(no_report_is_written_about_a_report),
	        cmocka_unit_test(addresses_and_hosts_cant_bring_lines_of_their_own),
	        cmocka_unit_test(a_diagnostic_stays_inside_of_its_field),
	        cmocka_unit_test(the_lines_of_a_reply_stay_apart),
	        cmocka_unit_test(status_and_action_agree),
	        cmocka_unit_test(an_unregistered_status_passes_as_the_remote_servers_own),
	        cmocka_unit_test(without_a_status_the_words_give_it),
	        cmocka_unit_test(will_retry_until_belongs_to_delays),
	        cmocka_unit_test(only_an_address_outside_of_ascii_makes_the_report_global),
	        cmocka_unit_test(what_comes_back_depends_on_ret_and_on_failure),
	        cmocka_unit_test(a_message_that_no_mail_can_carry_comes_back_as_its_header),
	        cmocka_unit_test(a_boundary_never_stands_in_the_returned_message),
	        cmocka_unit_test(what_is_known_of_the_message_comes_back_without_it),
	        cmocka_unit_test(a_long_word_is_broken_before_the_line_gets_too_long),
	        cmocka_unit_test(a_forwarding_target_is_not_betrayed),
	        cmocka_unit_test(a_tracking_answer_has_what_rfc_3886_requires),
	        cmocka_unit_test(too_small_a_buffer_says_how_much_is_needed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
