/* SPDX-License-Identifier: MIT
 * tests/property/roundtrip.c - random reports and replies are written, and read back to the same
 * record by our own readers; lint has nothing to say about them.
 *
 * usage: roundtrip COUNT [SEED [dump]]
 * dump prints each report for other parsers: a line with the length of the mail, the number of its
 * recipients, the length of the reply beside it and of what is to be read (expected.c), then these
 * three. */
#include "expected.h"
#include "record.h"

#include "core/text.h"

#include <smtpstatus/lint.h>

#include <stdio.h>
#include <stdlib.h>

static char mail[1 << 20], other[1 << 20], want[1 << 20];
static const char *complaint;

enum { KEPT = 4500 }; /* of a server's words at least, whatever stands beside them */

static void expect(const char *name, sst_text wanted, sst_text got)
{
	if (wanted.len == got.len &&
	    (wanted.len == 0 || memcmp(wanted.ptr, got.ptr, wanted.len) == 0))
		return;
	complaint = name;
	fprintf(stderr, "%s: wanted \"%.*s\", read \"%.*s\"\n", name, (int)wanted.len,
	        wanted.len ? wanted.ptr : "", (int)got.len, got.len ? got.ptr : "");
}

/* Folding makes other blanks of blanks; of very long words the reader keeps the beginning. */
static void expect_words(const char *name, sst_text wanted, sst_text got, bool wide)
{
	static char a[1 << 18], b[1 << 18];
	sst_text left = {a, record_words(wanted, wide, a, sizeof a)};
	sst_text right = {b, record_words(got, true, b, sizeof b)};

	if (right.len >= KEPT && left.len > right.len)
		left.len = right.len;
	expect(name, left, right);
}

/* The reader gives an address of type utf-8 as it stands: in a 7-bit report with escapes. */
static void expect_address(const char *name, sst_text wanted, sst_text got)
{
	char plain[4096];
	size_t len = 0;

	if (sst__text_search(got, 0, SST_TEXT("\\x{")) < got.len &&
	    sst_utf8_address_decode(got, plain, sizeof plain, &len).err == SST_OK)
		got = (sst_text){plain, len};
	expect(name, wanted, got);
}

static void expect_time(const char *name, sst_time wanted, sst_time got)
{
	if (wanted.known == got.known &&
	    (!wanted.known || (wanted.seconds == got.seconds && wanted.zone == got.zone)))
		return;
	complaint = name;
	fprintf(stderr, "%s: wanted %lld %d, read %lld %d\n", name, (long long)wanted.seconds,
	        wanted.zone, (long long)got.seconds, got.zone);
}

static void compare_message(const sst_dsn *dsn, const sst_dsn_recipient *wanted,
                            const sst_report *got)
{
	sst_text id = got->message_id;

	expect("sender", dsn->sender, got->sender);
	expect("reporting_mta", dsn->reporting_mta, got->reporting_mta);
	expect("received_from_mta", dsn->received_from_mta, got->received_from_mta);
	expect("envelope_id", dsn->envelope_id, got->envelope_id);
	expect("queue_id", dsn->queue_id.len > 0 ? dsn->queue_id : wanted->final_log_id,
	       got->queue_id);
	if (id.len > 1 && id.ptr[0] == '<')
		id = sst__text_part(id, 1, id.len - 1);
	expect("message_id", dsn->message_id, id);
	expect_words("subject", dsn->subject, got->subject, true);
	expect_time("arrival_date", dsn->arrival_date, got->arrival_date);
}

static void compare(const record *rec, size_t index, const sst_report *got, bool wide)
{
	const sst_dsn_recipient *wanted = &rec->recipients[index];
	bool open = !(rec->dsn.flags & SST_DSN_CONFIDENTIAL);

	compare_message(&rec->dsn, wanted, got);
	expect_address("recipient", wanted->recipient, got->recipient);
	expect_address("original_recipient", wanted->original_recipient, got->original_recipient);
	expect("remote_mta", open ? wanted->remote_mta : SST_NO_TEXT, got->remote_mta);
	expect_words("diagnostic",
	             record_has_words(rec, index) ? wanted->diagnostic : SST_NO_TEXT,
	             got->diagnostic, wide);
	expect_time("last_attempt", wanted->last_attempt, got->last_attempt);
	expect_time("retry_until", wanted->retry_until, got->retry_until);
	if (wanted->action != got->action)
		complaint = "action";
	if (!sst_code_equal(record_status(wanted), got->status))
		complaint = "status";
}

static bool is_wide(size_t len)
{
	return sst__text_search((sst_text){mail, len}, 0,
	                        SST_TEXT("report-type=global-delivery-status")) < len;
}

static void read_back(const record *rec, size_t len, sst_mail *reader)
{
	sst_text rest = {mail, len};
	size_t index = 0;
	sst_report report;
	bool wide = is_wide(len);

	sst_mail_reset(reader);
	for (;;) {
		report.size = sizeof report;
		sst_err err = sst_mail_next(reader, &report);
		if (err == SST_END)
			break;
		if (err == SST_OK) {
			if (index < rec->dsn.recipient_count)
				compare(rec, index, &report, wide);
			index++;
			continue;
		}
		size_t part = rest.len < 700 ? rest.len : 1 + record_pick(700);
		sst_result fed =
		        sst_mail_feed(reader, sst__text_part(rest, 0, part), part == rest.len);
		if (fed.err < 0) {
			complaint = "feed";
			return;
		}
		rest = sst__text_part(rest, fed.at, rest.len);
	}
	if (index != rec->dsn.recipient_count)
		complaint = "number of recipients";
}

/* Lines of a mail: CRLF, at most 998 octets. */
static void check_lines(size_t len)
{
	size_t start = 0;

	for (size_t i = 0; i < len; i++) {
		if (mail[i] == '\r' && (i + 1 == len || mail[i + 1] != '\n'))
			complaint = "a bare CR";
		if (mail[i] != '\n')
			continue;
		if (i == 0 || mail[i - 1] != '\r')
			complaint = "a bare LF";
		if (i - start > 999)
			complaint = "a line of more than 998 octets";
		start = i + 1;
	}
}

static void show_finding(void *context, const sst_finding *finding)
{
	const sst_lint_rule *rule = sst_lint_rule_at(finding->rule);
	char text[400];
	size_t len = sst_finding_text(finding, text, sizeof text);

	(void)context;
	complaint = "lint";
	fprintf(stderr, "line %u: %.*s: %.*s\n", finding->line, (int)rule->id.len, rule->id.ptr,
	        (int)len, text);
}

/* What came with the message, written and read. */
static void parameters(const record *rec)
{
	sst_text rest = {want, expected_make(rec, true, want, sizeof want)}, line;
	sst_dsn_parameters read = {.size = sizeof read};
	char plain[4096];
	size_t index = 0, len;

	while (sst__text_line(&rest, &line)) {
		bool mail_line = sst__text_starts(line, SST_TEXT("MAIL:"));
		sst_text value;

		if (!mail_line && !sst__text_starts(line, SST_TEXT("RCPT:")))
			continue;
		if (sst_dsn_parameters_parse(sst__text_part(line, 5, line.len), &read).err !=
		    SST_OK) {
			complaint = "parameters";
			return;
		}
		value = mail_line ? read.envelope_id : read.original_recipient;
		len = 0;
		if (sst__text_same(read.original_recipient_type, SST_TEXT("utf-8")))
			(void)sst_utf8_address_decode(value, plain, sizeof plain, &len);
		else if (value.len > 0)
			(void)sst_xtext_decode(value, plain, sizeof plain, &len);
		if (mail_line) {
			expect("ENVID", rec->dsn.envelope_id, (sst_text){plain, len});
			if (read.ret != rec->dsn.ret)
				complaint = "RET";
			continue;
		}
		expect("ORCPT", rec->recipients[index].original_recipient, (sst_text){plain, len});
		if (read.notify != rec->notify[index++])
			complaint = "NOTIFY";
	}
}

/* 220 with a code answers STARTTLS, else it is the greeting, which has none. */
static void lint_reply(const sst_reply_draft *draft, size_t len)
{
	static const char command[] = "STARTTLS\r\n";
	static char session[sizeof other + sizeof command];
	size_t head = draft->code == 220 && draft->enhanced.cls != 0 ? sizeof command - 1 : 0;

	memcpy(session, command, head);
	memcpy(session + head, other, len);
	sst_lint((sst_text){session, head + len}, SST_LINT_SESSION, NULL, show_finding, NULL);
}

static void check_reply(const record *rec, size_t len)
{
	const sst_reply_draft *draft = &rec->reply;
	static char words[1 << 18];
	sst_reply reply;

	if (sst_reply_parse((sst_text){other, len}, &reply).err != SST_OK) {
		complaint = "reply";
		return;
	}
	if (!draft->utf8)
		lint_reply(draft, len);
	if (reply.code != draft->code || !sst_code_equal(reply.enhanced, draft->enhanced))
		complaint = "reply codes";
	if (reply.notes & ~(draft->utf8 ? SST_NOTE_NOT_ASCII : 0))
		complaint = "notes on our own reply";
	sst_text text = {words, sst_reply_text(&reply, words, sizeof words)};
	size_t at = 0;
	for (size_t i = 0; i < draft->text.len; i++) { /* a long word may have been wrapped */
		if (sst__is_space(draft->text.ptr[i]))
			continue;
		while (at < text.len && sst__is_space(text.ptr[at]))
			at++;
		if (at >= text.len || text.ptr[at++] != draft->text.ptr[i])
			complaint = "reply text";
	}
}

static void dump(const record *rec, size_t mail_len, size_t reply_len)
{
	size_t len = expected_make(rec, is_wide(mail_len), want, sizeof want);

	printf("%zu %zu %zu %zu\n", mail_len, rec->dsn.recipient_count, reply_len, len);
	fwrite(mail, 1, mail_len, stdout);
	fwrite(other, 1, reply_len, stdout);
	fwrite(want, 1, len, stdout);
}

static void one(const record *rec, sst_mail *reader, bool dumps)
{
	sst_out to_mail = {.buffer = mail, .size = sizeof mail};
	sst_out to_other = {.buffer = other, .size = sizeof other};
	sst_written report = sst_dsn_write(&rec->dsn, &to_mail);
	sst_written reply = sst_reply_write(&rec->reply, &to_other);

	complaint = report.err != SST_OK ? report.rule : reply.err != SST_OK ? reply.rule : NULL;
	if (complaint != NULL)
		return;
	if (dumps) {
		dump(rec, report.at, reply.at);
		return;
	}
	check_lines(report.at);
	read_back(rec, report.at, reader);
	sst_lint((sst_text){mail, report.at}, SST_LINT_MAIL, NULL, show_finding, NULL);
	parameters(rec);
	if (complaint == NULL)
		check_reply(rec, reply.at);
	if (complaint != NULL)
		fprintf(stderr, "%.*s\n%.*s", (int)report.at, mail, (int)reply.at, other);
}

int main(int argc, char **argv)
{
	unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : 2000;
	unsigned long seed = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
	size_t size = sst_mail_size(NULL);
	void *memory = malloc(size);
	sst_mail *reader = memory == NULL ? NULL : sst_mail_init(memory, size, NULL, NULL, 0);
	static record rec;

	if (reader == NULL)
		return 1;
	for (unsigned long i = 0; i < count && complaint == NULL; i++) {
		record_make(&rec, seed * 1000003 + i);
		one(&rec, reader, argc > 3);
		if (complaint != NULL)
			fprintf(stderr, "record %lu: %s\n", i, complaint);
	}
	free(memory);
	return complaint != NULL;
}
