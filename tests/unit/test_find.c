/* SPDX-License-Identifier: MIT
 * Codes in running text: the traps that real replies and reports set, each with its right reading.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "guard.h"

#include <smtpstatus/words.h>
#include <stdio.h>
#include <string.h>

/* outer, status and inner as text: "550 4.4.7", "5.4.7", "421 4.4.2"; "-" for none. */
struct row {
	const char *text, *outer, *status, *inner;
	sst_notes notes;
};

static void put(char *to, size_t size, uint16_t reply, sst_code code)
{
	char text[SST_CODE_SIZE] = "";

	if (code.cls != 0)
		sst_code_format(code, text, sizeof text);
	if (reply != 0)
		snprintf(to, size, "%u%s%s", reply, text[0] ? " " : "", text);
	else
		snprintf(to, size, "%s", text[0] ? text : "-");
}

static void check(const struct row *row)
{
	sst_text in = guard_string(row->text);
	char outer[32], status[32], inner[32];
	sst_codes codes;

	sst_codes_find(in, &codes);
	put(outer, sizeof outer, codes.outer.reply, codes.outer.code);
	put(status, sizeof status, 0, codes.status);
	put(inner, sizeof inner, codes.inner.reply, codes.inner.code);
	if (strcmp(outer, row->outer) != 0 || strcmp(status, row->status) != 0 ||
	    strcmp(inner, row->inner) != 0 || codes.notes != row->notes)
		print_error("'%s': outer %s, status %s, inner %s, notes %llx\n", row->text, outer,
		            status, inner, (unsigned long long)codes.notes);
	assert_string_equal(outer, row->outer);
	assert_string_equal(status, row->status);
	assert_string_equal(inner, row->inner);
	assert_int_equal(codes.notes, row->notes);
	assert_true(codes.outer.upto <= in.len && codes.outer.from <= codes.outer.upto);
	assert_true(codes.code_upto <= in.len && codes.words <= in.len);
	guard_free(in);
}

#define CHECK_ALL(rows)                                             \
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows)[0]; i++) \
	check(&(rows)[i])

static void codes_are_found_where_servers_put_them(void **state)
{
	static const struct row rows[] = {
	        {"550 5.1.1 no such user", "550 5.1.1", "5.1.1", "-", 0},
	        {"550-5.1.1 no such user\r\n550 5.1.1 here", "550 5.1.1", "5.1.1", "-", 0},
	        {"550 5.1.1", "550 5.1.1", "5.1.1", "-", 0},
	        {"550", "550", "-", "-", 0},
	        {"550 ", "550", "-", "-", 0},
	        {"550 mailbox unavailable", "550", "-", "-", 0},
	        {"553 sorry, relaying is not for you (#5.7.1)", "553 5.7.1", "5.7.1", "-", 0},
	        {"550 sorry, nobody here by that name (#5.1.1 - checkuser)", "550 5.1.1", "5.1.1",
	         "-", 0},
	        {"450 not now [#4.1.9]", "450 4.1.9", "4.1.9", "-", 0},
	        {"553 Mail from 192.0.2.1 refused - 5.7.1 [XY12] listed", "553 5.7.1", "5.7.1", "-",
	         0},
	        {"550 mx.example.com 5.7.1 refused", "550 5.7.1", "5.7.1", "-", 0},
	        {"[5.1.1] unknown", "5.1.1", "5.1.1", "-", 0},
	        {"(5.7.1) rejected", "5.7.1", "5.7.1", "-", 0},
	        {"5.1.1: unknown", "5.1.1", "5.1.1", "-", 0},
	        {"#5.1.0 Address rejected", "5.1.0", "5.1.0", "-", 0},
	        {"5.1.2 - no such host", "5.1.2", "5.1.2", "-", 0},
	        {"452 4.2.2 out of storage space", "452 4.2.2", "4.2.2", "-", 0},
	        {"550 5.7.705 tenant over its threshold", "550 5.7.705", "5.7.705", "-", 0},
	        {"550 5.999.999 odd", "550 5.999.999", "5.999.999", "-", 0},
	        {"585 5.1.1 undeliverable", "585 5.1.1", "5.1.1", "-", 0},
	        {"591 your host is listed", "591", "-", "-", 0},
	        {"400 4.4.7 Message delayed", "400 4.4.7", "4.4.7", "-", 0},
	        {"250 2.3.6 3 accepted with lower priority", "250 2.3.6", "2.3.6", "-", 0},
	        {"smtp; 550 5.1.1 no", "550 5.1.1", "5.1.1", "-", 0},
	        {"smtp;550 5.1.1 no", "550 5.1.1", "5.1.1", "-", 0},
	        {"x-unix; 77", "-", "-", "-", 0},
	        {"", "-", "-", "-", 0},
	        {"Connection timed out", "-", "-", "-", 0},
	};

	(void)state;
	CHECK_ALL(rows);
}

static void codes_are_found_behind_the_words_that_quote_them(void **state)
{
	static const struct row rows[] = {
	        {"SMTP error 451 try later", "451", "-", "-", 0},
	        {"SMTP Error 450 5.2.3 Message size greater than allowed", "450 5.2.3", "4.2.3",
	         "-", SST_NOTE_CLASS_MISMATCH},
	        {"SMTP Error 550 4.7.1", "550 4.7.1", "5.7.1", "-", SST_NOTE_CLASS_MISMATCH},
	        {"SMTP Error (state 13): 503 log in first", "503", "-", "-", 0},
	        {"192.0.2.7 does not like recipient. Remote host said: 501 Invalid Address", "501",
	         "-", "-", 0},
	        {"SMTP error from remote mail server after end of data: host mx.example.org "
	         "[192.0.2.5]: "
	         "451 has recently sent spam",
	         "451", "-", "-", 0},
	        {"The message has been delayed. The reason given for the delay: 450 Host down "
	         "(relay.example.net)",
	         "450", "-", "-", 0},
	        {"host mx.example.org[192.0.2.5] said: 550 5.1.1 <a@example.org> unknown (in reply "
	         "to RCPT "
	         "TO command)",
	         "550 5.1.1", "5.1.1", "-", 0},
	        {"<<< 550 5.1.1 <a@example.org>... User unknown", "550 5.1.1", "5.1.1", "-", 0},
	        {"the server returned '400 4.4.7 Message delayed'", "400 4.4.7", "4.4.7", "-", 0},
	        {"Der Server antwortete \xe2\x80\x9e"
	         "550 kein Postfach\xe2\x80\x9c",
	         "550", "-", "-", 0},
	        {"dsn=5.1.1, stat=User unknown", "5.1.1", "5.1.1", "-", 0},
	        {"\xe3\x82\xa8\xe3\x83\xa9\xe3\x83\xbc\xef\xbc\x9a"
	         "550 5.1.1 unknown",
	         "550 5.1.1", "5.1.1", "-", 0},
	};

	(void)state;
	CHECK_ALL(rows);
}

static void other_numbers_are_no_codes(void **state)
{
	static const struct row rows[] = {
	        {"5.1.1.1", "-", "-", "-", 0},
	        {"listening on [2.5.0.1]", "-", "-", "-", 0},
	        {"550 client 5.1.1.9 rejected", "550", "-", "-", 0},
	        {"250 mx.example.com Hello 5.1.1.7", "250", "-", "-", 0},
	        {"550 rejected by Exim 4.96.2", "550", "-", "-", 0},
	        {"450 rejected by Exim 4.96.2", "450", "-", "-", 0},
	        {"220 mx.example.com ESMTP Mailer v 6.1.2 ready", "220", "-", "-", 0},
	        {"421 Mail Service, Version: 5.0.2195.5600 ready", "421", "-", "-", 0},
	        {"550 Version: 5.0.21 is too old", "550", "-", "-", 0},
	        {"550 account closed on 4.10.2024", "550", "-", "-", 0},
	        {"closed on 2.5.2026", "-", "-", "-", 0},
	        {"4.10.24 15:00 gone", "-", "-", "-", 0},
	        {"550 certificate attribute 2.5.4.3 missing", "550", "-", "-", 0},
	        {"554 30 cannot be delivered (554.30)", "554", "-", "-", 0},
	        {"421 4.7.0 [XY04] deferred - 4.16.55.1; see there", "421 4.7.0", "4.7.0", "-", 0},
	        {"550 5.7.1.2 rejected", "550", "-", "-", 0},
	        {"550 5.1000.1 odd", "550", "-", "-", 0},
	        {"550 5.1 odd", "550", "-", "-", 0},
	        {"550 5 .1.1 odd", "550", "-", "-", 0},
	        {"550 \xef\xbc\x95.1.1 odd", "550", "-", "-", 0},
	        {"550 \xd9\xa5.1.1 odd", "550", "-", "-", 0},
	        {"550 5.1.\xef\xbc\x91 odd", "550", "-", "-", 0},
	        {"334 NS4xLjE= 5.1.1", "334", "-", "-", 0},
	        {"at most 500 recipients a message", "-", "-", "-", 0},
	        {"size limit: 500 KB", "-", "-", "-", 0},
	        {"connect to mx.example.org[192.0.2.5]:25: timed out, port 587", "-", "-", "-", 0},
	        {"Message-ID: <4.0.3.abc@example.com>", "-", "-", "-", 0},
	        {"the peer 2001:db8::450 went away", "-", "-", "-", 0},
	        {"55 0 nothing", "-", "-", "-", 0},
	        {"650 nothing", "-", "-", "-", 0},
	        {"see https://example.com/help/550 for more", "-", "-", "-", 0},
	        {"551 5.7.1 cannot read (#id-5.9.5)", "551 5.7.1", "5.7.1", "-", 0},
	        {"552 5.1.1 over quota. XYZ_417 [417]", "552 5.1.1", "5.1.1", "-", 0},
	};

	(void)state;
	CHECK_ALL(rows);
}

static void careless_forms_are_read_and_flagged(void **state)
{
	static const struct row rows[] = {
	        {"550 #5.1.0 rejected", "550 5.1.0", "5.1.0", "-", SST_NOTE_UNUSUAL_SEPARATOR},
	        {"550#5.1.1", "550 5.1.1", "5.1.1", "-", SST_NOTE_UNUSUAL_SEPARATOR},
	        {"550: 5.1.1 unknown", "550 5.1.1", "5.1.1", "-", SST_NOTE_UNUSUAL_SEPARATOR},
	        {"550 : 5.1.1 unknown", "550 5.1.1", "5.1.1", "-", SST_NOTE_UNUSUAL_SEPARATOR},
	        {"550 5.1.1: unknown", "550 5.1.1", "5.1.1", "-", SST_NOTE_UNUSUAL_SEPARATOR},
	        {"550 5.1.1, unknown", "550 5.1.1", "5.1.1", "-", SST_NOTE_UNUSUAL_SEPARATOR},
	        {"550 5.1.1- unknown", "550 5.1.1", "5.1.1", "-", SST_NOTE_UNUSUAL_SEPARATOR},
	        {"550 5.1.1<a@example.org> unknown", "550 5.1.1", "5.1.1", "-",
	         SST_NOTE_UNUSUAL_SEPARATOR},
	        {"550\t5.1.1 unknown", "550 5.1.1", "5.1.1", "-", SST_NOTE_UNUSUAL_SEPARATOR},
	        {"550  5.1.1 unknown", "550 5.1.1", "5.1.1", "-", SST_NOTE_UNUSUAL_SEPARATOR},
	        {"550\xc2\xa0"
	         "5.1.1 unknown",
	         "550 5.1.1", "5.1.1", "-", SST_NOTE_UNUSUAL_SEPARATOR},
	        {"550 5.7.1. Rejected", "550 5.7.1", "5.7.1", "-", SST_NOTE_UNUSUAL_SEPARATOR},
	        {"554.5.6.2 content rejected", "554 5.6.2", "5.6.2", "-",
	         SST_NOTE_UNUSUAL_SEPARATOR},
	        {"550User unknown", "550", "-", "-", SST_NOTE_UNUSUAL_SEPARATOR},
	        {"550.User unknown", "550", "-", "-", SST_NOTE_UNUSUAL_SEPARATOR},
	        {"550 5.01.1 rejected", "550 5.1.1", "5.1.1", "-", SST_NOTE_LEADING_ZERO},
	        {"550 5.1.01 rejected", "550 5.1.1", "5.1.1", "-", SST_NOTE_LEADING_ZERO},
	        {"5.007.1", "5.7.1", "5.7.1", "-", SST_NOTE_LEADING_ZERO},
	        {"5.01.1", "5.1.1", "5.1.1", "-", SST_NOTE_LEADING_ZERO},
	        {"550 5.0.0 no", "550 5.0.0", "5.0.0", "-", 0},
	        {"550 7.7.1 not authorised", "550 5.7.1", "5.7.1", "-", SST_NOTE_INVALID_CLASS},
	        {"354 2.0.0 go ahead", "354", "-", "-", SST_NOTE_INVALID_CLASS},
	        {"354 go ahead (#5.1.1)", "354", "-", "-", 0},
	        {"550-", "550", "-", "-", SST_NOTE_TRUNCATED},
	        {"551-5.7.1 no forwarding", "551 5.7.1", "5.7.1", "-", SST_NOTE_TRUNCATED},
	};

	(void)state;
	CHECK_ALL(rows);
}

static void the_reply_codes_class_wins(void **state)
{
	static const struct row rows[] = {
	        {"421 5.7.32 not aligned", "421 5.7.32", "4.7.32", "-", SST_NOTE_CLASS_MISMATCH},
	        {"550 4.4.7 expired", "550 4.4.7", "5.4.7", "-", SST_NOTE_CLASS_MISMATCH},
	        {"552 4.2.2 mailbox full", "552 4.2.2", "5.2.2", "-", SST_NOTE_CLASS_MISMATCH},
	        {"550 no (#4.4.7)", "550 4.4.7", "5.4.7", "-", SST_NOTE_CLASS_MISMATCH},
	};

	(void)state;
	CHECK_ALL(rows);
}

static void replies_in_replies_give_an_outer_and_an_inner_code(void **state)
{
	static const struct row rows[] = {
	        {"554 4.4.7 expired: gave up in 840 minutes.<421 4.4.2 Connection timed out>",
	         "554 4.4.7", "5.4.7", "421 4.4.2", SST_NOTE_CLASS_MISMATCH},
	        {"550 5.1.351 the other server said no -> 550 Unknown user", "550 5.1.351",
	         "5.1.351", "550", 0},
	        {"553 5.3.0 xy825 list 521< 192.0.2.1 >_is_blocked. Ask", "553 5.3.0", "5.3.0",
	         "521", 0},
	        {"smtp; 5.1.0 - Unknown address error 550-'5.1.1 <a@example.org>... User unknown'",
	         "5.1.0", "5.1.0", "550 5.1.1", SST_NOTE_UNUSUAL_SEPARATOR},
	        {"#<mx.example.com #5.7.1 smtp;530 5.7.1 Client was not authenticated> #SMTP#",
	         "530 5.7.1", "5.7.1", "530 5.7.1", 0},
	        {"smtp; 220-mx 421 4.2.1 Service refused", "421 4.2.1", "4.2.1", "-", 0},
	        {"250 ok\r\n354 go on\r\n550 5.6.0 no", "550 5.6.0", "5.6.0", "-", 0},
	        {"550 5.1.1 no\r\n221 bye", "550 5.1.1", "5.1.1", "-", 0},
	        {"554 554 5.7.0 Header error", "554", "5.7.0", "554 5.7.0", 0},
	};

	(void)state;
	CHECK_ALL(rows);
}

static void lines_of_one_reply_are_one(void **state)
{
	static const struct row rows[] = {
	        {"550-5.1.1 no such. 550 5.1.1 Learn more", "550 5.1.1", "5.1.1", "-", 0},
	        {"550-5.7.1 first 550 5.1.1 last", "550 5.1.1", "5.1.1", "-", SST_NOTE_MIXED_CODES},
	        {"550-5.7.1 first 550 last", "550 5.7.1", "5.7.1", "-", 0},
	        {"550-first 550 5.1.1 last", "550 5.1.1", "5.1.1", "-", 0},
	        {"smtp; 550-5.1.1 one 550-5.1.1 two 550 5.1.1 end", "550 5.1.1", "5.1.1", "-", 0},
	        {"554-mx.example.net no service 554-No mail 554-Listed. 554 See "
	         "https://example.net/",
	         "554", "-", "-", 0},
	        {"550-5.7.1 [2001:db8::1:2:3.4      13] Our system\n550 5.7.1 says no", "550 5.7.1",
	         "5.7.1", "-", 0},
	        {"450-one\n550 two", "550", "-", "-", SST_NOTE_MIXED_CODES},
	};

	(void)state;
	CHECK_ALL(rows);
}

static void numbers_of_the_operating_system_are_no_replies(void **state)
{
	static const struct {
		const char *text;
		unsigned number;
	} rows[] = {
	        {"SMTP Error 101, Error opening connection", 101},
	        {"SMTP Error 101, cannot open SMTP stream", 101},
	        {"Connection refused, 111 Can\xe2\x80\x99t open SMTP stream", 111},
	        {"[Errno 111] Connection refused", 111},
	        {"Connection timed out (110)", 110},
	        {"socket error # 10061", 10061},
	        {"1.0.1", 101},
	        {"1.1.1", 111},
	        {"550 waited 60 seconds, connection timed out", 0},
	        {"550 5.1.1 line 111", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		sst_text in = guard_string(rows[i].text);
		sst_codes codes;

		sst_codes_find(in, &codes);
		if (codes.outer.os_error != rows[i].number)
			print_error("%s: %u\n", rows[i].text, codes.outer.os_error);
		assert_int_equal(codes.outer.os_error, rows[i].number);
		assert_true(rows[i].number == 0 || (codes.notes & SST_NOTE_ERRNO) != 0);
		assert_true(rows[i].number == 0 || codes.outer.reply == 0);
		guard_free(in);
	}
}

static void squeezed_codes_get_their_dots_back(void **state)
{
	static const struct row rows[] = {
	        {"SMTP Error 523", "523 5.2.3", "5.2.3", "-", SST_NOTE_SQUEEZED},
	        {"SMTP error 471 try later", "471 4.7.1", "4.7.1", "-", SST_NOTE_SQUEEZED},
	        {"Error 441: no answer", "441 4.4.1", "4.4.1", "-", SST_NOTE_SQUEEZED},
	        {"Delivery time expired 447: too late", "447 4.4.7", "4.4.7", "-",
	         SST_NOTE_SQUEEZED},
	        {"511 nobody here (#5.1.2)", "511 5.1.2", "5.1.2", "-", 0},
	        {"432 A password transition is needed", "432", "-", "-", 0},
	        {"523 Encryption needed", "523", "-", "-", 0},
	        {"432 4.3.2 limit exceeded", "432 4.3.2", "4.3.2", "-", 0},
	        {"441 4.4.1 No answer from host", "441 4.4.1", "4.4.1", "-", 0},
	        {"571 5.7.1 refused", "571 5.7.1", "5.7.1", "-", 0},
	};

	(void)state;
	CHECK_ALL(rows);
}

static void dotted_reply_codes_have_two_readings_or_the_sensible_one(void **state)
{
	static const struct {
		const char *text, *outer;
		unsigned dotted;
	} rows[] = {
	        {"5.5.0", "5.5.0", 550},
	        {"5.3.0", "5.3.0", 530},
	        {"2.2.1", "221", 221},
	        {"2.1.4", "214", 214},
	        {"3.5.4", "354", 354},
	        {"5.0.1", "501", 501},
	        {"4.5.2", "452", 452},
	        {"4.2.2", "4.2.2", 0},
	        {"5.1.1", "5.1.1", 0},
	        {"5.7.1", "5.7.1", 0},
	        {"SMTP Reply 2.1.4", "214", 214},
	        {"SMTP Error 5.5.0", "5.5.0", 550},
	        {"550 5.5.0 odd", "550 5.5.0", 0},
	        {"smtp; 5.5.0 no", "5.5.0", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		sst_text in = guard_string(rows[i].text);
		char outer[32];
		sst_codes codes;

		sst_codes_find(in, &codes);
		put(outer, sizeof outer, codes.outer.reply, codes.outer.code);
		if (codes.outer.dotted != rows[i].dotted)
			print_error("%s: %u\n", rows[i].text, codes.outer.dotted);
		assert_string_equal(outer, rows[i].outer);
		assert_int_equal(codes.outer.dotted, rows[i].dotted);
		assert_int_equal((codes.notes & SST_NOTE_SEED_SPELLING) != 0, rows[i].dotted != 0);
		guard_free(in);
	}
}

static void places_are_exact(void **state)
{
	static const char text[] = "smtp; 553 sorry, relaying is not for you (#5.7.1)";
	sst_text in = guard_string(text);
	sst_codes codes;

	(void)state;
	sst_codes_find(in, &codes);
	assert_int_equal(codes.outer.from, 6);
	assert_int_equal(codes.outer.upto, 9);
	assert_memory_equal(text + codes.code_from, "5.7.1", codes.code_upto - codes.code_from);
	assert_int_equal(codes.code_upto - codes.code_from, 5);
	assert_int_equal(codes.words, 10);
	assert_int_equal(codes.count, 2);
	guard_free(in);
}

/* Whatever stands in a text: finds lie in it, in order, and end. */
static void any_bytes_are_walked_through(void **state)
{
	static const char alphabet[] = "0245..5150 -#([<':;,=>smtp error\n\r\xc2\xa0\xef\xbc\x95";
	uint32_t seed = 7;

	(void)state;
	for (unsigned round = 0; round < 30000; round++) {
		char text[64];
		size_t len = round % sizeof text, at = 0, last = 0;
		sst_codes codes;
		sst_found found;
		sst_text in;

		for (size_t i = 0; i < len; i++) {
			seed = seed * 1664525 + 1013904223;
			text[i] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
		}
		in = guard_copy(text, len);
		while (sst_code_find(in, &at, &found) == SST_OK) {
			assert_true(found.from >= last && found.upto > found.from &&
			            found.upto <= len);
			assert_true(at >= found.upto && at <= len && found.certainty <= 100);
			assert_true(found.reply != 0 || found.code.cls != 0 || found.os_error != 0);
			last = found.upto;
		}
		sst_codes_find(in, &codes);
		assert_true(codes.status.cls == 0 || codes.outer.upto > codes.outer.from);
		guard_free(in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(codes_are_found_where_servers_put_them),
	        cmocka_unit_test(codes_are_found_behind_the_words_that_quote_them),
	        cmocka_unit_test(other_numbers_are_no_codes),
	        cmocka_unit_test(careless_forms_are_read_and_flagged),
	        cmocka_unit_test(the_reply_codes_class_wins),
	        cmocka_unit_test(replies_in_replies_give_an_outer_and_an_inner_code),
	        cmocka_unit_test(lines_of_one_reply_are_one),
	        cmocka_unit_test(numbers_of_the_operating_system_are_no_replies),
	        cmocka_unit_test(squeezed_codes_get_their_dots_back),
	        cmocka_unit_test(dotted_reply_codes_have_two_readings_or_the_sensible_one),
	        cmocka_unit_test(places_are_exact),
	        cmocka_unit_test(any_bytes_are_walked_through),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
