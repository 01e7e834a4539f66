/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/text.h"
#include "guard.h"

#include <smtpstatus/write.h>

static char buffer[8192];

static sst_written compose(sst_reply_draft draft)
{
	sst_out out = {.buffer = buffer, .size = sizeof(buffer) - 1};
	sst_written written = sst_reply_write(&draft, &out);

	buffer[written.err == SST_OK ? written.at : 0] = '\0';
	return written;
}

static sst_reply_draft draft(uint16_t code, const char *enhanced, const char *text)
{
	sst_reply_draft result = SST_REPLY_DRAFT_INIT;

	result.code = code;
	if (enhanced != NULL)
		(void)sst_code_parse((sst_text){enhanced, strlen(enhanced)}, &result.enhanced);
	if (text != NULL)
		result.text = (sst_text){text, strlen(text)};
	return result;
}

static void assert_refused(sst_reply_draft wrong, const char *field, const char *section)
{
	sst_written written = compose(wrong);

	assert_int_equal(written.err, SST_E_SYNTAX);
	assert_string_equal(written.field, field);
	assert_non_null(strstr(written.rule, section));
	assert_string_equal(buffer, "");
}

static void every_line_carries_both_codes(void **state)
{
	(void)state;
	assert_int_equal(compose(draft(550, "5.1.1", "No such user.\nAsk the postmaster.")).err,
	                 SST_OK);
	assert_string_equal(buffer, "550-5.1.1 No such user.\r\n550 5.1.1 Ask the postmaster.\r\n");
}

static void without_text_the_registered_title_is_said(void **state)
{
	(void)state;
	assert_int_equal(compose(draft(452, "4.2.2", NULL)).err, SST_OK);
	assert_string_equal(buffer, "452 4.2.2 Mailbox full\r\n");
	assert_int_equal(compose(draft(552, "5.2.2", NULL)).err, SST_OK);
	assert_int_equal(compose(draft(354, NULL, "")).err, SST_OK);
	assert_memory_equal(buffer, "354 ", 4);
	assert_true(strlen(buffer) > 8);
}

static void a_code_stands_where_rfc_2034_allows_it(void **state)
{
	sst_reply_draft greeting = draft(554, "5.7.1", "no"), ehlo = draft(250, "2.0.0", "mx");

	(void)state;
	greeting.phase = SST_PHASE_CONNECT;
	ehlo.phase = SST_PHASE_EHLO;
	assert_refused(greeting, "status", "2034");
	assert_refused(ehlo, "status", "2034");
	assert_refused(draft(354, "2.0.0", "go on"), "status", "2034");
	assert_refused(draft(550, "4.1.1", "?"), "status", "2034");
	assert_refused(draft(550, "5.1.99", "?"), "status", "3463");
	assert_refused(draft(599, "5.1.1", "?"), "reply_code", "RFC");
	assert_refused(draft(199, NULL, "?"), "reply_code", "5321");
	ehlo.enhanced.cls = 0;
	ehlo.text = SST_TEXT("mx.example.net\nSIZE 1000\nENHANCEDSTATUSCODES");
	assert_int_equal(compose(ehlo).err, SST_OK);
	assert_string_equal(buffer,
	                    "250-mx.example.net\r\n250-SIZE 1000\r\n250 ENHANCEDSTATUSCODES\r\n");
}

static void nothing_can_be_smuggled_into_a_reply(void **state)
{
	sst_reply_draft wrong = draft(550, "5.1.1", NULL);
	sst_text nul = guard_copy("a\0b", 3), utf8 = guard_string("caf\xC3\xA9"),
	         broken = guard_string("caf\xC3");

	(void)state;
	wrong.text = nul;
	assert_refused(wrong, "text", "5322");
	wrong.text = utf8;
	assert_refused(wrong, "text", "SMTPUTF8");
	wrong.utf8 = true;
	assert_int_equal(compose(wrong).err, SST_OK);
	wrong.text = broken;
	assert_refused(wrong, "text", "6532");
	/* A line end makes another line of the same reply, not another reply. */
	assert_int_equal(compose(draft(550, "5.1.1", "a\r\n250 ok")).err, SST_OK);
	assert_string_equal(buffer, "550-5.1.1 a\r\n550 5.1.1 250 ok\r\n");
	guard_free(nul);
	guard_free(utf8);
	guard_free(broken);
}

static void no_line_is_longer_than_512_octets(void **state)
{
	char text[4000];
	sst_reply_draft long_one = draft(550, "5.7.999", NULL);

	(void)state;
	long_one = draft(550, "5.7.1", NULL);
	for (size_t step = 1; step < 1500; step += 113) {
		sst_text rest = {buffer, 0}, line;
		size_t words = 0;
		sst_written written;

		for (size_t i = 0; i < sizeof(text); i++)
			text[i] = i % step == step - 1 ? ' ' : 'x';
		long_one.text = (sst_text){text, sizeof(text)};
		written = compose(long_one);
		assert_int_equal(written.err, SST_OK);
		rest.len = written.at;
		while (sst__text_line(&rest, &line)) {
			assert_true(line.len + 2 <= 512);
			assert_memory_equal(line.ptr, rest.len > 0 ? "550-5.7.1 " : "550 5.7.1 ",
			                    10);
			for (size_t i = 10; i < line.len; i++)
				words += line.ptr[i] == 'x';
		}
		assert_int_equal(words, sizeof(text) - sizeof(text) / step);
	}
}

static bool collect(void *context, const char *bytes, size_t len)
{
	size_t *at = context;

	memcpy(buffer + *at, bytes, len);
	*at += len;
	return true;
}

static bool refuse(void *context, const char *bytes, size_t len)
{
	(void)context;
	(void)bytes;
	(void)len;
	return false;
}

static void output_goes_to_a_buffer_a_function_or_nowhere(void **state)
{
	sst_reply_draft reply = draft(250, "2.0.0", "fine and dandy, thank you");
	char small[7];
	size_t collected = 0;
	sst_out ask = {0};
	sst_out through = {
	        .buffer = small, .size = sizeof(small), .write = collect, .context = &collected};
	sst_out broken = {.buffer = small, .size = sizeof(small), .write = refuse};
	sst_written written = sst_reply_write(&reply, &ask);

	(void)state;
	assert_int_equal(written.err, SST_E_SPACE);
	assert_int_equal(sst_reply_write(&reply, &through).err, SST_OK);
	assert_int_equal(collected, written.at);
	assert_memory_equal(buffer, "250 2.0.0 fine and dandy, thank you\r\n", collected);
	assert_int_equal(sst_reply_write(&reply, &broken).err, SST_E_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_line_carries_both_codes),
	        cmocka_unit_test(without_text_the_registered_title_is_said),
	        cmocka_unit_test(a_code_stands_where_rfc_2034_allows_it),
	        cmocka_unit_test(nothing_can_be_smuggled_into_a_reply),
	        cmocka_unit_test(no_line_is_longer_than_512_octets),
	        cmocka_unit_test(output_goes_to_a_buffer_a_function_or_nowhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
