/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "guard.h"

#include <smtpstatus/words.h>
#include <stdlib.h>
#include <string.h>

static void assert_text(sst_text text, const char *want)
{
	assert_int_equal(text.len, strlen(want));
	assert_memory_equal(text.ptr, want, text.len);
}

static void a_reply_gives_its_codes_and_oddities(void **state)
{
	static const struct {
		const char *text;
		uint16_t code;
		sst_code enhanced;
		sst_notes notes;
		unsigned lines;
	} rows[] = {
	        {"250 OK\r\n", 250, {0, 0, 0}, 0, 1},
	        {"250\r\n", 250, {0, 0, 0}, 0, 1},
	        {"550 \r\n", 550, {0, 0, 0}, 0, 1},
	        {"550 5.1.1\r\n", 550, {5, 1, 1}, 0, 1},
	        {"550 5.1.1 no such user\r\n", 550, {5, 1, 1}, 0, 1},
	        {"551-5.7.1 Forwarding to remote hosts disabled\r\n551 5.7.1 Select another "
	         "host\r\n",
	         551,
	         {5, 7, 1},
	         0,
	         2},
	        {"250-one\r\n250-two\r\n250 three\r\n", 250, {0, 0, 0}, 0, 3},
	        {"550-first\r\n550 5.1.1 last\r\n", 550, {5, 1, 1}, 0, 2},
	        {"550-5.1.1 first\r\n550 last\r\n", 550, {5, 1, 1}, 0, 2},
	        {"550-5.7.1 first\r\n550 5.1.1 last\r\n", 550, {5, 1, 1}, SST_NOTE_MIXED_CODES, 2},
	        {"450-first\r\n550 last\r\n", 550, {0, 0, 0}, SST_NOTE_MIXED_CODES, 2},
	        {"450 5.2.3 too large\r\n", 450, {5, 2, 3}, SST_NOTE_CLASS_MISMATCH, 1},
	        {"550 OK\n", 550, {0, 0, 0}, SST_NOTE_BARE_LF, 1},
	        {"550 caf\xc3\xa9\r\n", 550, {0, 0, 0}, SST_NOTE_NOT_ASCII, 1},
	        {"550 5.01.1 x\r\n", 550, {0, 0, 0}, SST_NOTE_LEADING_ZERO, 1},
	        {"550 7.7.1 x\r\n", 550, {0, 0, 0}, SST_NOTE_INVALID_CLASS, 1},
	        {"354 2.0.0 go ahead\r\n", 354, {0, 0, 0}, SST_NOTE_INVALID_CLASS, 1},
	        {"334 NS4xLjE=\r\n", 334, {0, 0, 0}, 0, 1},
	        {"550 5.7.1.2 x\r\n", 550, {0, 0, 0}, 0, 1},
	        {"550 5.1000.1 x\r\n", 550, {0, 0, 0}, 0, 1},
	        {"250 2.3.6 3 lower priority\r\n", 250, {2, 3, 6}, 0, 1},
	        {"585 5.1.1 undeliverable\r\n", 585, {5, 1, 1}, 0, 1},
	        {"550\tx\r\n", 550, {0, 0, 0}, SST_NOTE_UNUSUAL_SEPARATOR, 1},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		sst_text in = guard_string(rows[i].text);
		sst_reply reply = {0};
		sst_result result = sst_reply_parse(in, &reply);

		if (result.err != SST_OK || reply.notes != rows[i].notes)
			print_error("%s", rows[i].text);
		assert_int_equal(result.err, SST_OK);
		assert_int_equal(result.at, in.len);
		assert_int_equal(reply.code, rows[i].code);
		assert_true(sst_code_equal(reply.enhanced, rows[i].enhanced));
		assert_int_equal(reply.notes, rows[i].notes);
		assert_int_equal(reply.lines, rows[i].lines);
		assert_int_equal(reply.raw.len, in.len);
		guard_free(in);
	}
}

static void what_is_no_reply_is_refused_with_place_and_rule(void **state)
{
	static const struct {
		const char *text;
		size_t at;
	} rows[] = {
	        {"\r\n", 0},
	        {"x50 a\r\n", 0},
	        {"5\r\n", 1},
	        {"55 0 a\r\n", 2},
	        {"150 a\r\n", 0},
	        {"650 a\r\n", 0},
	        {"5500 a\r\n", 3},
	        {"550User\r\n", 3},
	        {"550: a\r\n", 3},
	        {"550.5.6.2 a\r\n", 3},
	        {"250-a\r\nb\r\n", 7},
	        {"250-a\r\n25\r\n", 9},
	        {"250-a\r\n250x\r\n", 10},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		sst_text in = guard_string(rows[i].text);
		sst_reply reply;
		sst_result result = sst_reply_parse(in, &reply);

		assert_int_equal(result.err, SST_E_SYNTAX);
		if (result.at != rows[i].at)
			print_error("%s at %zu\n", rows[i].text, result.at);
		assert_int_equal(result.at, rows[i].at);
		assert_non_null(strstr(result.rule, "RFC 5321"));
		guard_free(in);
	}
}

static const char pipelined[] =
        "220 mx.example.org ESMTP\r\n"
        "250-mx.example.org\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES\r\n"
        "250 2.1.0 sender ok\r\n"
        "550-5.1.1 no such user here,\r\n550 5.1.1 ask postmaster\r\n"
        "354 go ahead\r\n";

static void pipelined_replies_are_read_one_after_another(void **state)
{
	static const uint16_t codes[] = {220, 250, 250, 550, 354};
	sst_text whole = guard_string(pipelined), rest = whole;
	sst_reply reply;

	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		sst_result result = sst_reply_parse(rest, &reply);

		assert_int_equal(result.err, SST_OK);
		assert_int_equal(reply.code, codes[i]);
		rest.ptr += result.at;
		rest.len -= result.at;
	}
	assert_int_equal(rest.len, 0);
	assert_int_equal(sst_reply_parse(rest, &reply).err, SST_MORE);
	guard_free(whole);
}

/* Feeds byte by byte; what comes out must be what whole input gives. */
static void same_in_pieces(sst_text in)
{
	sst_reply whole = {0}, pieces = {0};
	sst_result want = sst_reply_parse(in, &whole), got = {SST_MORE, 0, NULL};
	sst_reply_progress progress = {0};

	for (size_t len = 0; got.err == SST_MORE && len <= in.len; len++)
		got = sst_reply_continue((sst_text){in.ptr, len}, &progress, &pieces);
	assert_int_equal(got.err, want.err);
	assert_int_equal(got.at, want.at);
	assert_ptr_equal(got.rule, want.rule);
	if (want.err != SST_OK)
		return;
	assert_int_equal(pieces.code, whole.code);
	assert_true(sst_code_equal(pieces.enhanced, whole.enhanced));
	assert_int_equal(pieces.notes, whole.notes);
	assert_int_equal(pieces.lines, whole.lines);
	assert_int_equal(pieces.raw.len, whole.raw.len);
}

static void feeding_byte_by_byte_gives_what_feeding_whole_gives(void **state)
{
	static const char alphabet[] = "245501. -\r\n\r\n\xc3x";
	uint32_t seed = 1;

	(void)state;
	same_in_pieces(SST_TEXT(pipelined));
	for (unsigned round = 0; round < 20000; round++) {
		char text[48];
		size_t len = round % sizeof text;

		memcpy(text, "250-2.1.0 a\r\n", 13);
		for (size_t i = round % 3 == 0 ? 13 : 0; i < len; i++) {
			seed = seed * 1664525 + 1013904223;
			text[i] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
		}
		sst_text in = guard_copy(text, len);
		same_in_pieces(in);
		guard_free(in);
	}
}

static void a_reply_that_stops_early_asks_for_more(void **state)
{
	static const char text[] = "550-5.1.1 no\r\n550 5.1.1 user\r\n";

	(void)state;
	for (size_t len = 0; len < sizeof text - 1; len++) {
		sst_text in = guard_copy(text, len);
		sst_reply reply = {.code = 7};

		assert_int_equal(sst_reply_parse(in, &reply).err, SST_MORE);
		assert_int_equal(reply.code, 7);
		guard_free(in);
	}
}

static void what_is_left_of_a_broken_connection_is_read_too(void **state)
{
	sst_reply reply;

	(void)state;
	assert_int_equal(sst_reply_finish(SST_TEXT(""), &reply).err, SST_END);
	assert_int_equal(sst_reply_finish(SST_TEXT("550 5.1.1 no"), &reply).err, SST_OK);
	assert_int_equal(reply.enhanced.detail, 1);
	assert_int_equal(reply.notes, 0);
	assert_int_equal(sst_reply_finish(SST_TEXT("550-5.1.1 no"), &reply).err, SST_OK);
	assert_int_equal(reply.notes, SST_NOTE_TRUNCATED);
	assert_int_equal(sst_reply_finish(SST_TEXT("550-5.1.1 no\r\n"), &reply).err, SST_OK);
	assert_int_equal(reply.code, 550);
	assert_int_equal(reply.notes, SST_NOTE_TRUNCATED);
	assert_int_equal(sst_reply_finish(SST_TEXT("550-a\r\n550 b\r"), &reply).err, SST_OK);
	assert_int_equal(reply.lines, 2);
	assert_int_equal(sst_reply_finish(SST_TEXT("\r"), &reply).err, SST_E_SYNTAX);
	assert_int_equal(sst_reply_finish(SST_TEXT("no"), &reply).err, SST_E_SYNTAX);
}

static void words_come_without_codes(void **state)
{
	sst_text in = guard_string("550-5.1.1 no such\r\n550-\r\n550 5.1.1 user here \r\n");
	char buffer[32];
	sst_reply reply;

	(void)state;
	assert_int_equal(sst_reply_parse(in, &reply).err, SST_OK);
	assert_text(sst_reply_line(&reply, 0), "no such");
	assert_text(sst_reply_line(&reply, 1), "");
	assert_text(sst_reply_line(&reply, 2), "user here ");
	assert_null(sst_reply_line(&reply, 3).ptr);
	assert_text((sst_text){buffer, sst_reply_text(&reply, buffer, sizeof buffer)},
	            "no such user here");
	assert_text((sst_text){buffer, sst_reply_text(&reply, buffer, 9)}, "no such u");
	assert_int_equal(sst_reply_text(&reply, NULL, 0), 0);
	guard_free(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_reply_gives_its_codes_and_oddities),
	        cmocka_unit_test(what_is_no_reply_is_refused_with_place_and_rule),
	        cmocka_unit_test(pipelined_replies_are_read_one_after_another),
	        cmocka_unit_test(feeding_byte_by_byte_gives_what_feeding_whole_gives),
	        cmocka_unit_test(a_reply_that_stops_early_asks_for_more),
	        cmocka_unit_test(what_is_left_of_a_broken_connection_is_read_too),
	        cmocka_unit_test(words_come_without_codes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
