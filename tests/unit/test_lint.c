/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "guard.h"

#include "core/text.h"

#include <smtpstatus/lint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct list {
	char text[4096];
	size_t len;
	sst_text in;
};

/* "LINE:RULE" of each finding, with " =BETTER" where there is one, parted by blanks. */
static void take(void *context, const sst_finding *finding)
{
	struct list *list = context;
	const sst_lint_rule *rule = sst_lint_rule_at(finding->rule);

	assert_non_null(rule);
	assert_true(finding->from <= finding->upto && finding->upto <= list->in.len);
	list->len += (size_t)snprintf(list->text + list->len, sizeof list->text - list->len,
	                              "%s%u:%.*s%s%s", list->len > 0 ? " " : "", finding->line,
	                              (int)rule->id.len, rule->id.ptr,
	                              finding->better[0] ? "=" : "", finding->better);
	assert_true(list->len < sizeof list->text);
}

struct row {
	const char *text, *want;
};

static void check(sst_lint_type type, const struct row *row)
{
	struct list list = {.in = guard_string(row->text)};

	sst_lint(list.in, type, NULL, take, &list);
	if (strcmp(list.text, row->want) != 0)
		print_error("%s\n-> %s\n", row->text, list.text);
	assert_string_equal(list.text, row->want);
	guard_free(list.in);
}

#define CHECK_ALL(type, rows)                                       \
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows)[0]; i++) \
	check(type, &(rows)[i])

static void replies_are_held_against_the_rfcs(void **state)
{
	static const struct row rows[] = {
	        {"550 5.1.1 no such user\r\n", ""},
	        {"250 2.1.5 ok\r\n", ""},
	        {"550 4.1.1 no such user\r\n", "1:class-mismatch=5.1.1"},
	        {"550 5.9.1 odd\r\n", "1:unregistered-code=5.0.0"},
	        {"550 5.7.99 odd\r\n", "1:unregistered-code=5.7.0"},
	        {"550 5.01.1 odd\r\n", "1:bad-code=5.1.1"},
	        {"550 7.7.1 odd\r\n", "1:bad-class=5.7.1"},
	        {"550 5.1.1: no such user\r\n", "1:code-separator=5.1.1"},
	        {"550 no such user (#5.1.1)\r\n", "1:code-not-first=5.1.1"},
	        {"550-5.1.1 no\r\n550 5.7.1 such\r\n", "2:mixed-codes=5.1.1"},
	        {"550-5.1.1 no\r\n550 such\r\n", "1:uneven-codes=5.1.1"},
	        {"450-no\r\n550 such\r\n", "2:mixed-replies=450"},
	        {"550-5.1.1 no\r\n", "1:reply-unfinished"},
	        {"354 2.0.0 go ahead\r\n", "1:code-in-3yz"},
	        {"220 2.0.0 mx.example.org\r\n", "1:code-in-greeting"},
	        {"S: 220 2.0.0 welcome\r\n", "1:code-in-greeting"},
	        {"220 2.0.0 Ready to start TLS\r\n", ""},
	        {"585 5.1.1 no\r\n", "1:unknown-reply-code"},
	        {"550 5.6.10 odd\r\n", "1:superseded-code=5.6.8"},
	        {"550 5.7.1 caf\xc3\xa9\r\n", "1:not-ascii"},
	        {"550 5.7.1 try again later\r\n", "1:permanent-for-passing=450"},
	        {"550 5.7.1 do not try again\r\n", ""},
	        {"552 5.2.2 full, try again later\r\n",
	         "1:permanent-for-passing=452 1:code-class=4.2.2"},
	};

	(void)state;
	CHECK_ALL(SST_LINT_SESSION, rows);
}

static void a_line_of_more_than_512_bytes_is_too_long(void **state)
{
	char text[600];
	struct row row = {text, "1:line-too-long"};

	(void)state;
	memset(text, 'x', sizeof text);
	memcpy(text, "250 2.0.0 ", 10);
	memcpy(text + 511, "\r\n", 3);
	check(SST_LINT_SESSION, &row);
	memcpy(text + 510, "\r\n", 3);
	row.want = "";
	check(SST_LINT_SESSION, &row);
}

static void dialogues_are_followed(void **state)
{
	static const struct row rows[] = {
	        {"S: 220 mx.example.org ESMTP\nC: EHLO a.example.com\nS: 250-mx.example.org\n"
	         "S: 250 ENHANCEDSTATUSCODES\nC: MAIL FROM:<a@example.com>\nS: 250 2.1.0 ok\n"
	         "C: RCPT TO:<b@example.org>\nS: 250 2.1.5 ok\nC: DATA\nS: 354 go\nC: Subject: x\n"
	         "C:\nC: 550 5.9.9 in the message\nC: .\nS: 250 2.0.0 ok\nC: QUIT\nS: 221 2.0.0 "
	         "bye\n",
	         ""},
	        {"S: 220 mx\nC: EHLO a\nS: 250-2.0.0 mx\nS: 250 ENHANCEDSTATUSCODES\n",
	         "3:code-in-ehlo"},
	        {"S: 220 mx\nC: EHLO a\nS: 250-mx\nS: 250 ENHANCEDSTATUSCODES\nC: MAIL FROM:<>\nS: "
	         "250 ok\n",
	         "6:missing-code=2.0.0"},
	        {">>> RCPT TO:<a@example.org> ORCPT=rfc822;a+b@example.org\n<<< 250 2.1.5 ok\n",
	         "1:bad-xtext"},
	        {">>> RCPT TO:<a@example.org> ORCPT=rfc822;a+2Bb@example.org NOTIFY=NEVER\n<<< 250 "
	         "2.1.5 ok\n",
	         ""},
	        {">>> RCPT TO:<\xC3\xA9@example.org> ORCPT=utf-8;\xC3\xA9@example.org\n<<< 250 "
	         "2.1.5 ok\n",
	         ""},
	        {">>> RCPT TO:<a@example.org> ORCPT=utf-8;a+2B@example.org\n<<< 250 2.1.5 ok\n",
	         "1:bad-xtext"},
	        {">>> RCPT TO:<a@example.org> NOTIFY=NEVER,DELAY\n<<< 501 5.5.4 no\n",
	         "1:bad-notify"},
	        {">>> MAIL FROM:<> RET=ALL RET=FULL\n<<< 501 5.5.4 no\n",
	         "1:bad-ret 1:dsn-parameter-twice"},
	        {"C: DATA\nC: EHLO x\nS: 354 go\n", ""},
	        {"C: RCPT TO:<a@example.org>\nS: 235 2.7.0 odd\n", "2:reply-to-command"},
	};

	(void)state;
	CHECK_ALL(SST_LINT_SESSION, rows);
}

static void configuration_that_refuses_is_looked_at(void **state)
{
	static const struct row postfix[] = {
	        {"# x\nunknown_local_recipient_reject_code = 450\n", ""},
	        {"unverified_recipient_defer_code = 550\n", "1:passing-class=450"},
	        {"reject_code = 250\n", "1:no-refusal"},
	        {"reject_code = 599\n", "1:unknown-reply-code"},
	        {"default_rbl_reply = $rbl_code 5.7.99 listed\n", "1:unregistered-code=5.7.0"},
	        {"smtpd_banner = $myhostname 2.0.0 ESMTP\n", "1:code-in-greeting"},
	};
	static const struct row table[] = {
	        {"example.com REJECT 5.7.1 no\nexample.net\t550 5.1.1 gone\n", ""},
	        {"example.com REJECT 4.7.1 no\n", "1:class-mismatch=5.7.1"},
	        {"/^Subject: a b/ DEFER 5.7.1 later\n", "1:class-mismatch=4.7.1"},
	        {"example.com REJECT busy, try again later\n", "1:permanent-for-passing=450"},
	        {"example.com 450 5.7.1 no\n", "1:class-mismatch=4.7.1"},
	        {"example.com OK\nexample.net DUNNO\n", ""},
	};
	static const struct row exim[] = {
	        {"  deny message = 550 5.7.1 no\n", ""},
	        {"  deny\n    message = 450 4.3.0 no\n", "2:refusing-class=550"},
	        {"  defer message = 550 5.7.1 no\n", "1:passing-class=450"},
	        {"  data = :fail: 5.1.1x no\n", ""},
	        {"  data = \":fail: 550 5.9.1 no\"\n", "1:unregistered-code=5.0.0"},
	};
	static const struct row smtpd[] = {
	        {"filter x phase connect match rdns disconnect \"550 5.7.25 no\"\n", ""},
	        {"filter x phase connect match rdns disconnect \"550 4.7.25 no\"\n",
	         "1:class-mismatch=5.7.25"},
	        {"filter x phase mail-from match all reject \"no\"\n", "1:no-refusal"},
	};
	static const struct row sieve[] = {
	        {"require [\"reject\"];\nreject \"5.7.1 no\";\n", ""},
	        {"ereject \"550 4.7.1 no\";\n", "1:class-mismatch=5.7.1"},
	        {"# reject \"550 4.7.1 no\";\nkeep;\n", ""},
	        {"reject text:\n450 4.3.0 no\n.\n;\n", "2:refusing-class=550"},
	};

	(void)state;
	CHECK_ALL(SST_LINT_POSTFIX, postfix);
	CHECK_ALL(SST_LINT_TABLE, table);
	CHECK_ALL(SST_LINT_EXIM, exim);
	CHECK_ALL(SST_LINT_SMTPD, smtpd);
	CHECK_ALL(SST_LINT_SIEVE, sieve);
}

static void replies_in_logs_are_looked_at(void **state)
{
	static const struct row rows[] = {
	        {"Jan  1 00:00:00 mx postfix/smtpd[1]: NOQUEUE: reject: RCPT from "
	         "a.example.com[192.0.2.1]: "
	         "550 5.1.1 <b@example.org>: unknown; from=<> to=<b@example.org>\n",
	         ""},
	        {"Jan  1 00:00:00 mx postfix/smtpd[1]: NOQUEUE: reject: RCPT from "
	         "a.example.com[192.0.2.1]: "
	         "550 4.1.1 <b@example.org>: unknown; from=<>\n",
	         "1:class-mismatch=5.1.1"},
	        {"Jan  1 00:00:00 mx postfix/smtp[1]: 1A: to=<b@example.org>, dsn=5.7.999, "
	         "status=bounced "
	         "(host mx.example.org[192.0.2.2] said: 550 5.7.999 no (in reply to RCPT TO "
	         "command))\n",
	         "1:unregistered-code=5.7.0"},
	};

	(void)state;
	CHECK_ALL(SST_LINT_LOG, rows);
}

#define TOP                                                                                   \
	"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\nAuto-Submitted: auto-replied\n" \
	"MIME-Version: 1.0\n"                                                                 \
	"Content-Type: multipart/report; report-type=delivery-status;\n boundary=\"b\"\n\n"   \
	"--b\n\nIt failed.\n\n--b\nContent-Type: message/delivery-status\n\n"
#define BOTTOM "\n--b\nContent-Type: message/rfc822\n\nSubject: x\n\nx\n--b--\n"
#define MESSAGE \
	"Reporting-MTA: dns; mx.example.org\nArrival-Date: Mon, 1 Jan 2024 00:00:00 +0000\n\n"
#define RECIPIENT                                                                            \
	"Original-Recipient: rfc822;a@example.net\nFinal-Recipient: rfc822; a@example.net\n" \
	"Action: failed\nStatus: 5.1.1\nRemote-MTA: dns; mx.example.net\n"                   \
	"Diagnostic-Code: smtp; 550-5.1.1 no such\n 550 5.1.1 user\n"

#define DELIVERED "Action: delivered\nStatus: 2.0.0\n"

static void a_sound_report_has_no_findings(void **state)
{
	static const struct row rows[] = {
	        {TOP MESSAGE RECIPIENT BOTTOM, ""},
	        {TOP MESSAGE RECIPIENT "\n" RECIPIENT BOTTOM, ""},
	        /* A plus sign and digits are part of many addresses and ids. */
	        {TOP "Original-Envelope-Id: QQ+2024\n" MESSAGE
	             "Original-Recipient: rfc822; a+2024@example.net\n"
	             "Final-Recipient: rfc822; a@example.net\n" DELIVERED BOTTOM,
	         ""},
	        {TOP "Original-Envelope-Id: QQ+3D1\nX-Envelope-Id-Xtext: QQ+2B3D1\n" MESSAGE
	             "Final-Recipient: rfc822; a@example.net\n" DELIVERED BOTTOM,
	         ""},
	        /* What a remote server says that is not registered becomes the nearest code. */
	        {TOP MESSAGE "Final-Recipient: rfc822; a@example.net\nAction: failed\n"
	                     "Status: 5.1.0\nRemote-MTA: dns; mx.example.net\n"
	                     "Diagnostic-Code: smtp; 550 5.1.99 no\n" BOTTOM,
	         ""},
	        {"From x Mon Jan  1 00:00:00 2024\n" TOP MESSAGE RECIPIENT BOTTOM
	         "\nFrom y Mon Jan  1 00:00:00 2024\nSubject: 550 4.1.1\n\nx\n",
	         ""},
	        {"Subject: nothing\n\n550 4.1.1 quoted\n", ""},
	        {"Content-Type: multipart/report; report-type=disposition-notification; "
	         "boundary=b\n\n"
	         "--b\n\nx\n--b\nContent-Type: message/disposition-notification\n\n"
	         "Final-Recipient: rfc822; a@example.org\n"
	         "Disposition: manual-action/MDN-sent-manually; displayed\n\n--b--\n",
	         ""},
	};

	(void)state;
	CHECK_ALL(SST_LINT_MAIL, rows);
}

static void reports_are_held_against_the_rfcs(void **state)
{
	static const struct row rows[] = {
	        {TOP "Arrival-Date: Mon, 1 Jan 2024 00:00:00 GMT\n\n" RECIPIENT BOTTOM,
	         "15:date-zone=+0000 15:missing-reporting-mta"},
	        {TOP "Reporting-MTA: dns; mx.example.org\n" RECIPIENT BOTTOM,
	         "16:missing-blank-line"},
	        {TOP "Reporting-MTA: mx.example.org\nReporting-MTA: dns; mx\n\n" RECIPIENT BOTTOM,
	         "15:missing-type=dns; mx.example.org 16:duplicate-field "
	         "16:mta-name=x-local-hostname; mail"},
	        {TOP MESSAGE BOTTOM, "15:missing-recipient-group"},
	        {TOP MESSAGE "Final-Recipient: a@example.net\nAction: failure\nStatus: 5.1.1 gone\n"
	                     "Remote-MTA: dns; x.example.net\nDiagnostic-Code: 550 no\n" BOTTOM,
	         "18:missing-type=rfc822; a@example.net 19:bad-action=failed 20:status-comment "
	         "22:missing-type=smtp; 550 no"},
	        {TOP MESSAGE
	         "Final-Recipient: rfc822; a@example.net\nAction: delivered\nStatus: 5.01.1\n"
	         "Will-Retry-Until: Mon, 1 Jan 24 00:00:00 +0000\n" BOTTOM,
	         "20:bad-status=5.1.1 21:bad-date 20:action-status=delivered 21:retry-until"},
	        {TOP MESSAGE
	         "Final-Recipient: rfc822; a@example.net\nAction: failed\nStatus: 5.0.0\n"
	         "Diagnostic-Code: smtp; 550 4.7.1 no\n" BOTTOM,
	         "21:class-mismatch=5.7.1 21:missing-remote-mta 20:diagnostic-status=5.7.1"},
	        {TOP MESSAGE "Original-Recipient: rfc822;a+2Bb@example.net\n"
	                     "Final-Recipient: rfc822; a+b@example.net\n" DELIVERED BOTTOM,
	         "18:xtext-left=a+b@example.net"},
	        {TOP "Original-Envelope-Id: QQ+3D1\n" MESSAGE RECIPIENT BOTTOM,
	         "15:xtext-left=QQ=1"},
	        {TOP MESSAGE "Original-Recipient: rfc822;a@example.net\n" RECIPIENT BOTTOM,
	         "19:duplicate-field"},
	        {TOP MESSAGE "Action: failed\n" BOTTOM,
	         "18:missing-final-recipient 18:missing-status 18:missing-diagnostic"},
	        {"Return-Path: <a@example.org>\nAuto-Submitted: auto-generated\n"
	         "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b\n"
	         "Content-Type: message/delivery-status\n\n" MESSAGE RECIPIENT "\n--b\n",
	         "1:dsn-return-path=<> 2:auto-submitted-wrong=auto-replied "
	         "3:report-type=multipart/report; report-type=delivery-status 3:report-no-end"},
	};

	(void)state;
	CHECK_ALL(SST_LINT_MAIL, rows);
}

#define FROM_US "Return-Path: <>\nAuto-Submitted: auto-replied\n"
#define STATUS_PART "Content-Type: message/delivery-status\n\n"

static void a_boundary_that_is_not_there_is_named(void **state)
{
	static const struct row rows[] = {
	        {FROM_US "Content-Type: multipart/report; report-type=delivery-status\n\n"
	                 "--b\n\nx\n--b\n" STATUS_PART MESSAGE RECIPIENT "\n--b--\n",
	         "3:missing-boundary"},
	        {FROM_US "Content-Type: multipart/report; report-type=delivery-status; boundary=a\n"
	                 "\n--b\n\nx\n--b\n" STATUS_PART MESSAGE RECIPIENT "\n--b--\n",
	         "5:wrong-boundary=a"},
	        {FROM_US "Content-Type: multipart/report; report-type=delivery-status; boundary=a\n"
	                 "\nThere are no parts.\n-- \nus\n",
	         "3:report-parts"},
	        /* The text for people and the fields are set off as they should be. */
	        {FROM_US "Content-Type: multipart/report; report-type=delivery-status; boundary=a\n"
	                 "\n--a\n\nx\n--a\n" STATUS_PART MESSAGE RECIPIENT
	                 "\n--b\nContent-Type: message/rfc822\n\nSubject: x\n\n--b--\n",
	         "22:wrong-boundary=a"},
	};

	(void)state;
	CHECK_ALL(SST_LINT_MAIL, rows);
}

static void the_kind_of_input_is_recognised(void **state)
{
	static const struct {
		const char *name, *text;
		sst_lint_type type;
	} rows[] = {
	        {"-", TOP, SST_LINT_MAIL},
	        {"-", "550 5.1.1 no\n", SST_LINT_SESSION},
	        {"-", "S: 220 mx\nC: EHLO x\n", SST_LINT_SESSION},
	        {"-", "Jan  1 00:00:00 mx postfix/smtpd[1]: NOQUEUE: reject: x\n", SST_LINT_LOG},
	        {"/etc/postfix/main.cf", "", SST_LINT_POSTFIX},
	        {"-", "myhostname = mx\nsmtpd_banner = x\n", SST_LINT_POSTFIX},
	        {"-", "example.com REJECT no\nexample.net OK\n", SST_LINT_TABLE},
	        {"-", "begin acl\nacl_check_rcpt:\n  deny message = x\n", SST_LINT_EXIM},
	        {"-", "listen on eth0\nmatch from any for local action x\n", SST_LINT_SMTPD},
	        {"-", "require [\"reject\"];\nif header :is \"x\" \"y\" { reject \"no\"; }\n",
	         SST_LINT_SIEVE},
	        {"-",
	         "\x7f"
	         "ELF",
	         SST_LINT_OTHER},
	        {"-", "", SST_LINT_OTHER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		sst_text in = guard_string(rows[i].text);
		sst_lint_type type =
		        sst_lint_type_of(in, (sst_text){rows[i].name, strlen(rows[i].name)});

		if (type != rows[i].type)
			print_error("%s: %u\n", rows[i].text, type);
		assert_int_equal(type, rows[i].type);
		guard_free(in);
	}
}

static void messages_tell_what_and_better(void **state)
{
	sst_text in = guard_string("550 4.1.1 no");
	sst_finding finding = {.line = 1, .from = 4, .upto = 9, .better = "5.1.1"};
	char buffer[256];
	size_t len = 0;

	(void)state;
	finding.what = sst__text_part(in, 4, 9);
	for (finding.rule = 0; sst_lint_rule_at(finding.rule) != NULL; finding.rule++) {
		const sst_lint_rule *rule = sst_lint_rule_at(finding.rule);

		len = sst_finding_text(&finding, buffer, sizeof buffer);
		assert_true(len > 10 && len < sizeof buffer);
		assert_null(memchr(buffer, '{', len > 60 ? 8 : len));
		assert_true(rule->severity >= SST_LINT_INFO && rule->severity <= SST_LINT_ERROR);
		assert_memory_equal(rule->section.ptr, "RFC ", 4);
	}
	assert_int_equal(sst_finding_text(&finding, buffer, sizeof buffer), 0);
	guard_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(replies_are_held_against_the_rfcs),
	        cmocka_unit_test(a_line_of_more_than_512_bytes_is_too_long),
	        cmocka_unit_test(dialogues_are_followed),
	        cmocka_unit_test(configuration_that_refuses_is_looked_at),
	        cmocka_unit_test(replies_in_logs_are_looked_at),
	        cmocka_unit_test(a_sound_report_has_no_findings),
	        cmocka_unit_test(reports_are_held_against_the_rfcs),
	        cmocka_unit_test(a_boundary_that_is_not_there_is_named),
	        cmocka_unit_test(the_kind_of_input_is_recognised),
	        cmocka_unit_test(messages_tell_what_and_better),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
