/* SPDX-License-Identifier: MIT
 * tests/property/roundtrip.c - random reports and replies are written, and read back to the same
 * record by our own readers; lint has nothing to say about them.
 *
 * usage: roundtrip COUNT [SEED [dump]]
 * dump prints each mail for another parser: a line of fields, the length of the mail, the mail. */
#include "core/text.h"

#include <smtpstatus/lint.h>
#include <smtpstatus/say.h>
#include <smtpstatus/write.h>

#include <stdio.h>
#include <stdlib.h>

static uint64_t state;

static uint64_t next_random(void)
{
	state += 0x9E3779B97F4A7C15u;
	uint64_t z = state;
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

static unsigned pick(unsigned below)
{
	return (unsigned)(next_random() % below);
}

static char pool[1 << 20];
static size_t used;

static void add(const char *text, size_t len)
{
	memcpy(pool + used, text, len);
	used += len;
}

static void add_from(const char *letters, unsigned least, unsigned most)
{
	size_t len = strlen(letters);

	for (unsigned n = least + pick(most - least + 1); n > 0; n--)
		add(&letters[pick((unsigned)len)], 1);
}

static const char *const wide_letters[] = {"\xC3\xA9",        "\xC3\x9F", "\xD0\xB6",
                                           "\xE6\x9D\xB1",    "\xD7\x90", "\xE0\xA4\x85",
                                           "\xF0\x9F\x98\x80"};

static void add_wide(unsigned least, unsigned most)
{
	for (unsigned n = least + pick(most - least + 1); n > 0; n--) {
		const char *letter = wide_letters[pick(7)];
		add(letter, strlen(letter));
	}
}

static sst_text since(size_t from)
{
	return (sst_text){pool + from, used - from};
}

static const char small[] = "abcdefghijklmnopqrstuvwxyz0123456789";

static sst_text random_host(void)
{
	size_t from = used;

	if (pick(12) == 0) {
		add("[192.0.2.", 9);
		add_from("123456789", 1, 2);
		add("]", 1);
		return since(from);
	}
	for (unsigned labels = 1 + pick(3); labels > 0; labels--) {
		add_from(small, 1, pick(10) == 0 ? 40 : 8);
		add(".", 1);
	}
	add("example", 7);
	return since(from);
}

static sst_text random_address(bool wide)
{
	size_t from = used;

	if (pick(15) == 0) {
		add("\"", 1);
		add_from("abc.@,;:()<>xyz", 1, 10);
		add("\"", 1);
	} else {
		add_from("abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~", 1, 20);
		if (wide)
			add_wide(1, 6);
		if (pick(3) == 0) {
			add(".", 1);
			add_from(small, 1, 9);
		}
	}
	add("@", 1);
	if (wide && pick(2) == 0) {
		add_wide(1, 5);
		add(".", 1);
	}
	add_from(small, 1, 12);
	add(".example", 8);
	return since(from);
}

/* Words with anything between "!" and "~", now and then other letters, long words, many blanks. */
static void add_words(bool wide)
{
	for (unsigned words = pick(5) == 0 ? pick(60) : 1 + pick(10); words > 0; words--) {
		if (pick(40) == 0)
			add_from(small, 80, 800);
		else
			for (unsigned n = 1 + pick(12); n > 0; n--) {
				char c = (char)('!' + pick(94));
				add(&c, 1);
			}
		if (wide && pick(3) == 0)
			add_wide(1, 4);
		add(" ", 1);
	}
	add("end", 3);
}

static sst_time random_time(void)
{
	sst_time time = {0};

	time.known = pick(2) == 0;
	time.seconds = time.known ? (int64_t)(next_random() % 4000000000u) : 0;
	time.zone = time.known ? (int16_t)((int)pick(105) * 15 - 720) : 0;
	return time;
}

static sst_code random_code(unsigned cls)
{
	const sst_entry *entry;
	size_t count = 0;

	while (sst_registry_at(NULL, count) != NULL)
		count++;
	for (;;) {
		entry = sst_registry_at(NULL, pick((unsigned)count));
		if (entry->code.subject <= 999 && entry->code.detail <= 999 &&
		    (entry->classes & 1u << cls) != 0)
			return (sst_code){(uint8_t)cls, entry->code.subject, entry->code.detail};
	}
}

static sst_dsn_recipient random_recipient(bool wide)
{
	sst_dsn_recipient r = SST_DSN_RECIPIENT_INIT;
	size_t from;

	r.recipient = random_address(wide && pick(2) == 0);
	if (pick(3) == 0)
		r.original_recipient = random_address(wide && pick(2) == 0);
	r.action = (sst_action)(SST_ACTION_FAILED + pick(5));
	r.status = random_code(r.action == SST_ACTION_FAILED    ? 4 + pick(2)
	                       : r.action == SST_ACTION_DELAYED ? 4
	                                                        : 2);
	if (pick(4) != 0)
		r.remote_mta = random_host();
	if (pick(4) != 0) {
		char head[32];
		from = used;
		int len = snprintf(head, sizeof head, "%u50%s %u.%u.%u ", r.status.cls, "",
		                   r.status.cls, r.status.subject, r.status.detail);
		add(head, (size_t)len);
		add_words(pick(4) == 0);
		r.diagnostic = since(from);
	}
	r.last_attempt = random_time();
	if (r.action == SST_ACTION_DELAYED)
		r.retry_until = random_time();
	return r;
}

enum { MOST = 8 };

typedef struct record {
	sst_dsn dsn;
	sst_dsn_recipient recipients[MOST];
	char random[16];
} record;

static unsigned language_count(void)
{
	unsigned count = 0;

	while (sst_lang_at(count) != NULL)
		count++;
	return count;
}

static void random_record(record *rec)
{
	bool wide = pick(6) == 0;
	size_t from;

	used = 0;
	rec->dsn = (sst_dsn)SST_DSN_INIT;
	rec->dsn.sender = random_address(wide && pick(4) == 0);
	rec->dsn.reporting_mta = random_host();
	if (pick(3) == 0)
		rec->dsn.received_from_mta = random_host();
	if (pick(3) == 0) {
		from = used;
		add_from("abcdefgh+=0123456789", 1, 38);
		rec->dsn.envelope_id = since(from);
	}
	if (pick(2) == 0) {
		from = used;
		add_from(small, 8, 40);
		add("@example.org", 12);
		rec->dsn.message_id = since(from);
	}
	if (pick(3) == 0) {
		from = used;
		add_from("0123456789ABCDEF", 8, 14);
		rec->dsn.queue_id = since(from);
	}
	if (pick(2) == 0) {
		from = used;
		add("s", 1);
		add_words(pick(2) == 0);
		rec->dsn.subject = since(from);
	}
	rec->dsn.arrival_date = random_time();
	rec->dsn.date = (sst_time){1795516800, 60, true, 0};
	for (unsigned i = 0; i < sizeof rec->random; i++)
		rec->random[i] = (char)pick(256);
	rec->dsn.random = (sst_text){rec->random, sizeof rec->random};
	rec->dsn.recipient_count = 1 + (pick(3) == 0 ? pick(MOST) : 0);
	for (size_t i = 0; i < rec->dsn.recipient_count; i++)
		rec->recipients[i] = random_recipient(wide);
	rec->dsn.recipients = rec->recipients;
	if (pick(2) == 0)
		rec->dsn.lang = sst_lang_tag(sst_lang_at(pick(language_count())));
	if (pick(8) == 0 &&
	    sst_utf8_address_encode(rec->dsn.sender, NULL, 0, &from).at == rec->dsn.sender.len + 1)
		rec->dsn.flags = SST_DSN_SEVEN_BIT;
}

static char mail[1 << 20];
static const char *complaint;

/* Equal, but for runs of blanks; in a narrow report other letters are "?". */
static bool same_words(sst_text a, sst_text b, bool wide)
{
	size_t i = 0, j = 0;

	while (i < a.len && j < b.len) {
		bool blank = sst__is_space(a.ptr[i]);
		if (blank != sst__is_space(b.ptr[j]))
			return false;
		if (blank) {
			while (i < a.len && sst__is_space(a.ptr[i]))
				i++;
			while (j < b.len && sst__is_space(b.ptr[j]))
				j++;
			continue;
		}
		if (a.ptr[i] != b.ptr[j] &&
		    (wide || (unsigned char)a.ptr[i] < 0x80 || b.ptr[j] != '?'))
			return false;
		i++;
		j++;
	}
	return i == a.len && j == b.len;
}

static void expect(const char *name, sst_text want, sst_text got)
{
	if (want.len == got.len && (want.len == 0 || memcmp(want.ptr, got.ptr, want.len) == 0))
		return;
	complaint = name;
	fprintf(stderr, "%s: wanted \"%.*s\", read \"%.*s\"\n", name, (int)want.len,
	        want.len ? want.ptr : "", (int)got.len, got.len ? got.ptr : "");
}

/* The reader gives an address of type utf-8 as it stands: in a 7-bit report with escapes. */
static void expect_address(const char *name, sst_text want, sst_text got)
{
	char plain[4096];
	size_t len = 0;

	if (sst__text_search(got, 0, SST_TEXT("\\x{")) < got.len &&
	    sst_utf8_address_decode(got, plain, sizeof plain, &len).err == SST_OK)
		got = (sst_text){plain, len};
	expect(name, want, got);
}

static void expect_time(const char *name, sst_time want, sst_time got)
{
	if (want.known == got.known &&
	    (!want.known || (want.seconds == got.seconds && want.zone == got.zone)))
		return;
	complaint = name;
	fprintf(stderr, "%s: wanted %lld %d, read %lld %d\n", name, (long long)want.seconds,
	        want.zone, (long long)got.seconds, got.zone);
}

static void compare(const record *rec, const sst_dsn_recipient *want, const sst_report *got,
                    bool wide)
{
	expect_address("recipient", want->recipient, got->recipient);
	expect_address("original_recipient", want->original_recipient, got->original_recipient);
	expect("sender", rec->dsn.sender, got->sender);
	expect("remote_mta", want->remote_mta, got->remote_mta);
	expect("reporting_mta", rec->dsn.reporting_mta, got->reporting_mta);
	expect("received_from_mta", rec->dsn.received_from_mta, got->received_from_mta);
	expect("envelope_id", rec->dsn.envelope_id, got->envelope_id);
	expect("queue_id", rec->dsn.queue_id, got->queue_id);
	sst_text id = got->message_id;
	if (id.len > 1 && id.ptr[0] == '<')
		id = sst__text_part(id, 1, id.len - 1);
	expect("message_id", rec->dsn.message_id, id);
	if (!same_words(rec->dsn.subject, got->subject, true))
		expect("subject", rec->dsn.subject, got->subject);
	/* Without a field the reader takes the best sentence of the human part. */
	if ((want->diagnostic.len > 0 || got->diagnostic_origin == SST_ORIGIN_DSN_FIELD) &&
	    !same_words(want->diagnostic, got->diagnostic, wide))
		expect("diagnostic", want->diagnostic, got->diagnostic);
	expect_time("arrival_date", rec->dsn.arrival_date, got->arrival_date);
	expect_time("last_attempt", want->last_attempt, got->last_attempt);
	expect_time("retry_until", want->retry_until, got->retry_until);
	if (want->action != got->action)
		complaint = "action";
	if (!sst_code_equal(want->status, got->status))
		complaint = "status";
}

static bool is_wide(const sst_dsn *dsn, size_t len)
{
	(void)dsn;
	return sst__text_search((sst_text){mail, len}, 0,
	                        SST_TEXT("report-type=global-delivery-status")) < len;
}

static void read_back(const record *rec, size_t len, sst_mail *reader)
{
	sst_text rest = {mail, len};
	size_t index = 0;
	sst_report report;
	bool wide = is_wide(&rec->dsn, len);

	sst_mail_reset(reader);
	for (;;) {
		report.size = sizeof report;
		sst_err err = sst_mail_next(reader, &report);
		if (err == SST_END)
			break;
		if (err == SST_OK) {
			if (index < rec->dsn.recipient_count)
				compare(rec, &rec->recipients[index], &report, wide);
			index++;
			continue;
		}
		size_t part = rest.len < 700 ? rest.len : 1 + pick(700);
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

	/* Some records name a remote server without its words, which nobody can make up; and "+20"
	 * may be part of an envelope id. */
	if (sst__text_same(rule->id, SST_TEXT("missing-diagnostic")) ||
	    sst__text_same(rule->id, SST_TEXT("xtext-left")))
		return;
	(void)context;
	complaint = "lint";
	fprintf(stderr, "line %u: %.*s: %.*s\n", finding->line, (int)rule->id.len, rule->id.ptr,
	        (int)len, text);
}

static void lint(size_t len, sst_lint_type type)
{
	sst_text in = {mail, len};

	sst_lint(in, type, NULL, show_finding, NULL);
}

static void one_reply(void)
{
	sst_reply_draft draft = SST_REPLY_DRAFT_INIT;
	sst_out out = {.buffer = mail, .size = sizeof mail};
	sst_reply reply;
	sst_written written;
	char words[65536];
	static const uint16_t codes[] = {250, 421, 450, 451, 452, 550, 552, 553, 554};

	used = 0;
	draft.code = codes[pick(9)];
	draft.enhanced = random_code(draft.code / 100);
	draft.utf8 = pick(2) == 0;
	add_words(draft.utf8);
	draft.text = since(0);
	written = sst_reply_write(&draft, &out);
	if (written.err != SST_OK ||
	    sst_reply_parse((sst_text){mail, written.at}, &reply).err != SST_OK) {
		complaint = "reply";
		return;
	}
	if (!draft.utf8)
		lint(written.at, SST_LINT_SESSION);
	if (reply.code != draft.code || !sst_code_equal(reply.enhanced, draft.enhanced))
		complaint = "reply codes";
	if (reply.notes & ~(draft.utf8 ? SST_NOTE_NOT_ASCII : 0))
		complaint = "notes on our own reply";
	sst_text text = {words, sst_reply_text(&reply, words, sizeof words)};
	size_t at = 0;
	for (size_t i = 0; i < draft.text.len; i++) { /* a long word may have been wrapped */
		if (draft.text.ptr[i] == ' ')
			continue;
		while (at < text.len && text.ptr[at] == ' ')
			at++;
		if (at >= text.len || text.ptr[at++] != draft.text.ptr[i])
			complaint = "reply text";
	}
}

int main(int argc, char **argv)
{
	unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : 2000;
	bool dump = argc > 3;
	size_t size = sst_mail_size(NULL);
	void *memory = malloc(size);
	sst_mail *reader = memory == NULL ? NULL : sst_mail_init(memory, size, NULL, NULL, 0);

	if (reader == NULL)
		return 1;
	for (unsigned long i = 0; i < count; i++) {
		static record rec;
		sst_out out = {.buffer = mail, .size = sizeof mail};
		state = (argc > 2 ? strtoul(argv[2], NULL, 10) : 1) * 1000003 + i;
		random_record(&rec);
		sst_written written = sst_dsn_write(&rec.dsn, &out);
		complaint = NULL;
		if (written.err != SST_OK)
			complaint = written.rule;
		if (dump && written.err == SST_OK) {
			printf("%zu %zu\n", written.at, rec.dsn.recipient_count);
			fwrite(mail, 1, written.at, stdout);
			continue;
		}
		if (written.err == SST_OK) {
			check_lines(written.at);
			read_back(&rec, written.at, reader);
			lint(written.at, SST_LINT_MAIL);
		}
		if (complaint == NULL)
			one_reply();
		if (complaint != NULL) {
			fprintf(stderr, "record %lu: %s\n%.*s\n", i, complaint,
			        written.err == SST_OK ? (int)written.at : 0, mail);
			free(memory);
			return 1;
		}
	}
	free(memory);
	return 0;
}
