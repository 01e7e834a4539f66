/* SPDX-License-Identifier: MIT
 * tests/property/record.c - random records: addresses of every kind and script, words of servers
 * with anything in them, every registered status and action, every language, returned messages. */
#include "record.h"

#include "core/text.h"
#include "write/encode.h"

#include <stdio.h>

static uint64_t state;

static uint64_t next_random(void)
{
	state += 0x9E3779B97F4A7C15u;
	uint64_t z = state;
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

unsigned record_pick(unsigned below)
{
	return (unsigned)(next_random() % below);
}

static bool one_in(unsigned many)
{
	return record_pick(many) == 0;
}

static char pool[1 << 20];
static size_t used;

static void add(const char *text, size_t len)
{
	memcpy(pool + used, text, len);
	used += len;
}

static void add_string(const char *text)
{
	add(text, strlen(text));
}

static void add_from(const char *letters, unsigned least, unsigned most)
{
	size_t len = strlen(letters);

	for (unsigned n = least + record_pick(most - least + 1); n > 0; n--)
		add(&letters[record_pick((unsigned)len)], 1);
}

static void add_wide(unsigned least, unsigned most)
{
	static const char *const letters[] = {
	        "\xC3\xA9",     "\xC3\x9F",     "\xD0\xB6",         "\xE6\x9D\xB1",
	        "\xD7\x90",     "\xE0\xA4\x85", "\xF0\x9F\x98\x80", "\xD8\xB9",
	        "\xED\x95\x9C", "\xCE\xA9",     "\xE1\xBA\xBF",     "\xF0\xA0\x80\x80",
	};

	for (unsigned n = least + record_pick(most - least + 1); n > 0; n--)
		add_string(letters[record_pick(sizeof letters / sizeof *letters)]);
}

static sst_text since(size_t from)
{
	return (sst_text){pool + from, used - from};
}

static const char small[] = "abcdefghijklmnopqrstuvwxyz0123456789";
static const char atom[] = "abcXYZ0123456789!#$%&'*+-/=?^_`{|}~";

static sst_text random_host(void)
{
	size_t from = used;

	if (one_in(12)) {
		add_string(one_in(3) ? "[IPv6:2001:db8::" : "[192.0.2.");
		add_from("123456789", 1, 2);
		add_string("]");
		return since(from);
	}
	if (one_in(12)) { /* no full name */
		add_from(small, 1, 15);
		return since(from);
	}
	for (unsigned labels = 1 + record_pick(3); labels > 0; labels--) {
		add_from(small, 1, one_in(10) ? 40 : 8);
		add_string(".");
	}
	add_string("example");
	return since(from);
}

static void add_quoted(bool wide)
{
	add_string("\"");
	for (unsigned n = 1 + record_pick(10); n > 0; n--) {
		if (one_in(8))
			add_string("\\");
		else if (wide && one_in(6)) {
			add_wide(1, 1);
			continue;
		} else {
			add_from("abc.@,;:()<>[]xyz", 1, 1);
			continue;
		}
		add_from("\"\\a;", 1, 1); /* what the backslash quotes */
	}
	add_string("\"");
}

static void add_local(bool wide)
{
	if (one_in(15)) {
		add_quoted(wide);
		return;
	}
	add_from(atom, 1, 20);
	if (wide)
		add_wide(1, 6);
	if (one_in(20)) /* what looks like xtext, or like RFC 6533's escapes */
		add_string(one_in(2) ? "+2B" : one_in(2) ? "+3D" : "+20");
	if (one_in(3)) {
		add_string(".");
		add_from(small, 1, 9);
	}
}

static sst_text random_address(bool wide)
{
	size_t from = used;

	add_local(wide);
	add_string("@");
	if (one_in(25)) {
		add_string("[192.0.2.7]");
		return since(from);
	}
	if (wide && one_in(2)) {
		add_wide(1, 5);
		add_string(".");
	}
	add_from(small, 1, 12);
	add_string(".example");
	return since(from);
}

/* Words with anything between "!" and "~", now and then other letters, long words, many blanks,
 * controls, octets that are no UTF-8. */
static void add_words(bool wide, bool odd)
{
	for (unsigned words = one_in(5) ? record_pick(60) : 1 + record_pick(10); words > 0;
	     words--) {
		if (one_in(40))
			add_from(small, 80, 860);
		else
			for (unsigned n = 1 + record_pick(12); n > 0; n--) {
				char c = (char)('!' + record_pick(94));
				add(&c, 1);
			}
		if (wide && one_in(3))
			add_wide(1, 4);
		if (odd && one_in(6))
			add_from("\x01\x1B\x7F\xE9\xFF\xC3\xA0", 1, 3);
		add_string(one_in(15) ? "   " : one_in(30) ? "\t" : " ");
	}
	add_string("end");
}

static sst_time random_time(void)
{
	sst_time time = {0};

	time.known = one_in(2);
	time.seconds = time.known ? (int64_t)(86400 + next_random() % 4000000000u) : 0;
	time.zone = time.known ? (int16_t)((int)record_pick(105) * 15 - 720) : 0;
	return time;
}

static sst_code random_code(unsigned cls)
{
	const sst_entry *entry;
	size_t count = 0;

	while (sst_registry_at(NULL, count) != NULL)
		count++;
	for (;;) {
		entry = sst_registry_at(NULL, record_pick((unsigned)count));
		if (entry->code.subject <= 999 && entry->code.detail <= 999 &&
		    (entry->classes & 1u << cls) != 0)
			return (sst_code){(uint8_t)cls, entry->code.subject, entry->code.detail};
	}
}

static bool is_trouble(sst_action action)
{
	return action == SST_ACTION_FAILED || action == SST_ACTION_DELAYED;
}

static unsigned class_of(sst_action action)
{
	if (action == SST_ACTION_FAILED)
		return 4 + record_pick(2);
	return action == SST_ACTION_DELAYED ? 4 : 2;
}

/* "550-5.1.1 some words", once or on several lines, or the words of no server. */
static sst_text random_words(const sst_dsn_recipient *r)
{
	size_t from = used;
	bool wide = one_in(4), odd = one_in(10);
	unsigned lines = one_in(5) ? 1 + record_pick(4) : 1;
	char head[32];

	if (one_in(12)) {
		add_string("mailbox locked; ");
		add_words(wide, odd);
		return since(from);
	}
	for (; lines > 0; lines--) {
		int len = snprintf(head, sizeof head, "%u50%s%u.%u.%u ", r->status.cls,
		                   lines > 1 ? "-" : " ", r->status.cls, r->status.subject,
		                   r->status.detail);
		add(head, (size_t)len);
		for (unsigned more = one_in(100) ? 10 : 1; more > 0; more--) {
			add_words(wide, odd);
			add_string(more > 1 ? " " : "");
		}
		if (lines > 1)
			add_string(one_in(2) ? "\r\n" : "\n");
	}
	return since(from);
}

static sst_dsn_recipient random_recipient(bool wide)
{
	sst_dsn_recipient r = SST_DSN_RECIPIENT_INIT;
	size_t from = used;

	r.recipient = random_address(wide && one_in(2));
	if (one_in(3))
		r.original_recipient =
		        one_in(3) ? r.recipient : random_address(wide && one_in(2));
	r.action = (sst_action)(SST_ACTION_FAILED + record_pick(5));
	r.status = random_code(class_of(r.action));
	if (!one_in(4))
		r.remote_mta = random_host();
	if (is_trouble(r.action) && one_in(20)) /* the remote's own: its words quote it */
		r.status.detail = (uint16_t)(800 + record_pick(199));
	if (r.status.detail >= 800 || !one_in(4))
		r.diagnostic = random_words(&r);
	if (r.status.detail >= 800 && r.diagnostic.ptr[0] == 'm')
		r.status.detail = 0;
	if (one_in(10)) {
		from = used;
		add_from("0123456789ABCDEF", 8, 14);
		r.final_log_id = since(from);
	}
	r.last_attempt = random_time();
	if (r.action == SST_ACTION_DELAYED)
		r.retry_until = random_time();
	return r;
}

static unsigned language_count(void)
{
	unsigned count = 0;

	while (sst_lang_at(count) != NULL)
		count++;
	return count;
}

/* A message as it may have been sent; its header says what the record says. */
static sst_text random_message(const sst_dsn *dsn)
{
	size_t from = used;
	bool odd = one_in(5);

	add_string("Received: from client.example by mx.example; Tue, 24 Nov 2026 10:00:00 +0000\n"
	           "From: <me@example.net>\nMessage-ID: <");
	add(dsn->message_id.ptr, dsn->message_id.len);
	add_string(">\nSubject: two words\n");
	if (one_in(4)) { /* 8-bit where it ought not to be */
		add_string("X-Note: ");
		add_string(one_in(2) ? "caf\xE9" : "caf\xC3\xA9");
		add_string("\n");
	}
	if (one_in(6))
		return since(from); /* the header alone */
	add_string("\n");
	for (unsigned lines = 1 + record_pick(12); lines > 0; lines--) {
		if (one_in(4))
			add_from("--=_.>From ", 0, 8);
		add_words(one_in(3), odd);
		if (one_in(50))
			add("", 1); /* a NUL */
		add_string(one_in(2) ? "\r\n" : "\n");
	}
	return since(from);
}

static sst_text random_line(bool wide)
{
	size_t from = used;

	add_string("s");
	add_words(wide, false);
	return since(from);
}

static void random_names(sst_dsn *dsn)
{
	size_t from = used;

	if (one_in(3)) {
		add_from("abcdefgh+=BDF0123456789!()", 1, 38);
		if (one_in(10))
			add_string("+2Bz");
		dsn->envelope_id = since(from);
	}
	if (one_in(2)) {
		from = used;
		add_from(small, 8, 40);
		add_string("@example.org");
		dsn->message_id = since(from);
	}
	if (one_in(3)) {
		from = used;
		add_from("0123456789ABCDEF", 8, 14);
		dsn->queue_id = since(from);
	}
	if (one_in(2))
		dsn->subject = random_line(one_in(2));
	if (dsn->message_id.ptr != NULL && one_in(3)) {
		dsn->returned = random_message(dsn);
		dsn->subject = SST_TEXT("two words");
	}
}

static void random_reply(sst_reply_draft *draft)
{
	static const uint16_t codes[] = {211, 214, 220, 221, 250, 251, 252, 334, 354, 421, 450,
	                                 451, 452, 454, 455, 500, 501, 502, 503, 504, 530, 535,
	                                 550, 551, 552, 553, 554, 555, 556};
	size_t from = used;

	*draft = (sst_reply_draft)SST_REPLY_DRAFT_INIT;
	draft->code = codes[record_pick(sizeof codes / sizeof *codes)];
	if (draft->code / 100 != 3 && !one_in(20))
		draft->enhanced = random_code(draft->code / 100);
	draft->utf8 = one_in(2);
	for (unsigned lines = one_in(4) ? 1 + record_pick(5) : 1; lines > 0; lines--) {
		add_words(draft->utf8, false);
		if (lines > 1)
			add_string(one_in(2) ? "\r\n" : "\n");
	}
	draft->text = since(from);
}

static void random_way(sst_dsn *dsn)
{
	size_t len;

	if (one_in(8) &&
	    sst_utf8_address_encode(dsn->sender, NULL, 0, &len).at == dsn->sender.len + 1)
		dsn->flags |= SST_DSN_SEVEN_BIT;
	if (one_in(10))
		dsn->flags |= SST_DSN_NO_RETURN_PATH;
	if (one_in(20))
		dsn->flags |= SST_DSN_CONFIDENTIAL;
	dsn->ret = (sst_ret)record_pick(3);
	if (one_in(20))
		dsn->human = random_line(true);
}

void record_make(record *rec, uint64_t seed)
{
	bool wide;

	state = seed;
	used = 0;
	wide = one_in(4);
	rec->dsn = (sst_dsn)SST_DSN_INIT;
	rec->dsn.sender = random_address(wide && one_in(4));
	rec->dsn.reporting_mta = random_host();
	if (one_in(3))
		rec->dsn.received_from_mta = random_host();
	random_names(&rec->dsn);
	rec->dsn.arrival_date = random_time();
	rec->dsn.date = (sst_time){1795516800, 60, true, 0};
	for (unsigned i = 0; i < sizeof rec->random; i++)
		rec->random[i] = (char)record_pick(256);
	rec->dsn.random = (sst_text){rec->random, sizeof rec->random};
	rec->dsn.recipient_count = 1 + (one_in(3) ? record_pick(MOST_RECIPIENTS) : 0);
	for (size_t i = 0; i < rec->dsn.recipient_count; i++) {
		rec->recipients[i] = random_recipient(wide);
		rec->notify[i] = one_in(4) ? SST_NOTIFY_NEVER : (sst_notify)(2 * record_pick(8));
	}
	rec->dsn.recipients = rec->recipients;
	if (!one_in(4))
		rec->dsn.lang = sst_lang_tag(sst_lang_at(record_pick(language_count())));
	random_way(&rec->dsn);
	random_reply(&rec->reply);
}

bool record_has_words(const record *rec, size_t index)
{
	return rec->recipients[index].diagnostic.len > 0 &&
	       !(rec->dsn.flags & SST_DSN_CONFIDENTIAL);
}

size_t record_words(sst_text words, bool wide, char *buffer, size_t size)
{
	bool high = wide && sst__utf8_check(words) == words.len;
	size_t len = 0;

	words = sst__text_trim(words);
	for (size_t i = 0; i < words.len && len < size; i++) {
		unsigned char c = (unsigned char)words.ptr[i];

		if (sst__is_space((char)c)) {
			if (len > 0 && buffer[len - 1] != ' ')
				buffer[len++] = ' ';
			continue;
		}
		buffer[len++] = (char)(c < ' ' || c == 0x7F || (c >= 0x80 && !high) ? '?' : c);
	}
	return len;
}

sst_code record_status(const sst_dsn_recipient *recipient)
{
	sst_code code = recipient->status;

	if (code.detail >= 800)
		code.detail = 0;
	return code;
}
