/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/text.h"
#include "guard.h"
#include "say/lang.h"
#include "say/meanings.h"

#include <smtpstatus/words.h>
#include <stdio.h>
#include <stdlib.h>

#define assert_text(text, want)                                    \
	do {                                                       \
		sst_text got_ = (text);                            \
		assert_int_equal(got_.len, strlen(want));          \
		assert_memory_equal(got_.ptr, want, strlen(want)); \
	} while (0)

static char bytes[SST_SAY_ROOM_SIZE];

static sst_lang_match match_of(const char *tag, const char *want)
{
	sst_text copy = guard_string(tag);
	sst_lang_match match;

	assert_text(sst_lang_tag(sst_lang_find(copy, &match)), want);
	guard_free(copy);
	return match;
}

static void a_language_is_found_by_tag_or_by_locale(void **state)
{
	(void)state;
	assert_int_equal(match_of("", "en"), SST_LANG_EXACT);
	assert_int_equal(match_of("C", "en"), SST_LANG_EXACT);
	assert_int_equal(match_of("en-GB", "en"), SST_LANG_EXACT);
	assert_int_equal(match_of("EN_us.UTF-8", "en"), SST_LANG_EXACT);
	assert_int_equal(match_of("xx", "en"), SST_LANG_NONE);
	assert_int_equal(match_of("eng", "en"), SST_LANG_NONE);
	assert_int_equal(match_of("d", "en"), SST_LANG_NONE);
	assert_text(sst_lang_tag(sst_lang_at(0)), "en");
	assert_null(sst_lang_at(1000));
	assert_text(sst_lang_name(NULL), "English");
}

static bool is_built(const char *tag)
{
	for (size_t i = 0; sst_lang_at(i) != NULL; i++)
		if (sst__text_same(sst_lang_tag(sst_lang_at(i)), (sst_text){tag, strlen(tag)}))
			return true;
	return false;
}

static void a_near_language_stands_in(void **state)
{
	(void)state;
	if (is_built("de"))
		assert_int_equal(match_of("de_AT.UTF-8@euro", "de"), SST_LANG_EXACT);
	if (is_built("pt-BR"))
		assert_int_equal(match_of("pt-PT", "pt-BR"), SST_LANG_RELATED);
	if (is_built("zh-Hant"))
		assert_int_equal(match_of("zh-TW", "zh-Hant"), SST_LANG_RELATED);
	if (is_built("zh-Hans")) {
		assert_int_equal(match_of("zh_CN.UTF-8", "zh-Hans"), SST_LANG_RELATED);
		assert_int_equal(match_of("zh-Hans-SG", "zh-Hans"), SST_LANG_EXACT);
	}
}

static void every_text_of_a_verdict_and_a_code_is_there(void **state)
{
	static const char *const parts[] = {".title", ".text"};
	sst_text word;
	char digits[16];

	(void)state;
	for (unsigned v = 0; v <= SST_VOCABULARY_NOTE; v++)
		for (unsigned i = v < SST_VOCABULARY_NOTE;
		     (word = sst_word((sst_vocabulary)v, i)).ptr != NULL; i++)
			assert_true(sst_say_word(NULL, (sst_vocabulary)v, i).len > 0);
	for (unsigned p = 0; p < 2; p++) {
		for (size_t i = 0; sst_registry_at(NULL, i) != NULL; i++) {
			sst_code code = sst_registry_at(NULL, i)->code;
			snprintf(digits, sizeof digits, "%u.%u", code.subject, code.detail);
			assert_true(sst__say3(NULL, "code.X.", (sst_text){digits, strlen(digits)},
			                      parts[p])
			                    .len > 0);
		}
		for (size_t i = 0; sst_reply_entry_at(i) != NULL; i++) {
			snprintf(digits, sizeof digits, "%u", sst_reply_entry_at(i)->code);
			assert_true(sst__say3(NULL, "reply.", (sst_text){digits, strlen(digits)},
			                      parts[p])
			                    .len > 0);
		}
		for (unsigned i = 1; (word = sst_word(SST_VOCABULARY_CATEGORY, i)).ptr != NULL; i++)
			assert_true(sst__say3(NULL, "category.", word, parts[p]).len > 0);
	}
	for (unsigned i = 1; (word = sst_word(SST_VOCABULARY_CATEGORY, i)).ptr != NULL; i++)
		assert_true(sst__say3(NULL, "category.", word, ".sender").len > 0);
}

/* In every language: a text that stands for two codes or replies explains neither. */
static void no_two_codes_share_an_explanation(void **state)
{
	(void)state;
	for (size_t l = 0; sst_lang_at(l) != NULL; l++)
		for (unsigned i = 0; i < sst__text_keys.count; i++)
			for (unsigned j = i + 1; j < sst__text_keys.count; j++) {
				const char *a = sst__text_keys.pool + sst__text_keys.offsets[i];
				const char *b = sst__text_keys.pool + sst__text_keys.offsets[j];
				sst_text x = sst__text_of(sst_lang_at(l), (int)i);
				sst_text y = sst__text_of(sst_lang_at(l), (int)j);
				bool codes =
				        (memcmp(a, "code", 4) == 0 || memcmp(a, "repl", 4) == 0) &&
				        (memcmp(b, "code", 4) == 0 || memcmp(b, "repl", 4) == 0);
				size_t len =
				        sst__text_keys.offsets[i + 1] - sst__text_keys.offsets[i];
				if (!codes || memcmp(a + len - 5, ".text", 5) != 0 ||
				    x.len != y.len)
					continue;
				if (memcmp(x.ptr, y.ptr, x.len) == 0)
					fail_msg("%.*s twice", (int)x.len, x.ptr);
			}
}

static void placeholders_are_filled_or_another_wording_is_taken(void **state)
{
	sst_say_room room = SST_SAY_ROOM(bytes);
	sst_say_values none = {0}, some = {.recipient = SST_TEXT("anna@example.org"),
	                                   .limit = 10485760,
	                                   .list = SST_TEXT("zen.example.net"),
	                                   .retry_after = 120};

	(void)state;
	assert_text(sst_say_fill(NULL, SST_TEXT("category.user-unknown.text"), &none, &room),
	            "There is no mailbox with this address.");
	assert_text(sst_say_fill(NULL, SST_TEXT("category.user-unknown.text"), &some, &room),
	            "There is no mailbox with the address anna@example.org.");
	assert_text(sst_say_fill(NULL, SST_TEXT("category.message-too-big.text"), &some, &room),
	            "The message is larger than the receiver permits; the limit is 10 MB.");
	assert_text(sst_say_fill(NULL, SST_TEXT("category.greylisted.text"), &some, &room),
	            "The receiver asks every unknown sender to come back later (greylisting), here "
	            "after 2 minutes.");
	assert_null(sst_say_fill(NULL, SST_TEXT("no.such.key"), &none, &room).ptr);
}

static void spans_and_sizes_read_well(void **state)
{
	static const struct {
		uint32_t seconds;
		const char *text;
	} spans[] = {{1, "1 second"},      {59, "59 seconds"}, {60, "1 minute"},
	             {90, "90 seconds"},   {120, "2 minutes"}, {3600, "1 hour"},
	             {5400, "90 minutes"}, {7200, "2 hours"},  {86400, "1 day"},
	             {172800, "2 days"},   {0, "0 seconds"}};
	sst_say_room room = SST_SAY_ROOM(bytes);

	(void)state;
	for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
		assert_text(sst_say_span(NULL, spans[i].seconds, &room), spans[i].text);
	assert_text(sst_say_size(0, &room), "0 B");
	assert_text(sst_say_size(1536, &room), "1.5 kB");
	assert_text(sst_say_size(26214400, &room), "25 MB");
	assert_text(sst_say_size(UINT64_MAX, &room), "16777215 TB");
}

static void hostile_values_and_a_full_room_do_no_harm(void **state)
{
	char small[40];
	sst_say_room room = SST_SAY_ROOM(bytes), tiny = SST_SAY_ROOM(small);
	sst_say_values values = {
	        .recipient = SST_TEXT("a\xe2\x80\xae\x1b[31m\r\n\xe2\x81\xa9{domain}\xe2")};

	(void)state;
	assert_text(sst_say_fill(NULL, SST_TEXT("category.user-unknown.text"), &values, &room),
	            "There is no mailbox with the address a[31m{domain}\xe2.");
	assert_text(sst_say_fill(NULL, SST_TEXT("category.user-unknown.text"), &values, &tiny),
	            "There is no mailbox with the address a[3");
	assert_true(tiny.full);
}

static void a_verdict_is_said_to_each_audience(void **state)
{
	sst_verdict verdict = {.size = sizeof verdict,
	                       .category = SST_CATEGORY_MAILBOX_FULL,
	                       .permanence = SST_PERMANENCE_TEMPORARY,
	                       .act = SST_ACT_RETRY,
	                       .side = SST_SIDE_RECIPIENT};
	sst_say_room room = SST_SAY_ROOM(bytes);
	sst_explanation said;

	(void)state;
	sst_explain(NULL, SST_AUDIENCE_SENDER, &verdict, SST_TEXT("anna@example.org"), &room,
	            &said);
	assert_text(said.title, "Mailbox is full");
	assert_text(said.text,
	            "The mailbox anna@example.org exists, but has no room for the message.");
	assert_text(said.final, "not final: a later attempt may succeed");
	assert_text(said.side, "the recipient");
	sst_explain(NULL, SST_AUDIENCE_DEVELOPER, &verdict, SST_NO_TEXT, &room, &said);
	assert_text(said.advice,
	            "Keep the message queued and try again at growing intervals. Do not "
	            "suppress the address.");
	assert_int_equal(sst_audience_find(SST_TEXT("postmaster")), SST_AUDIENCE_POSTMASTER);
	assert_int_equal(sst_audience_find(SST_TEXT("king")), -1);
}

static size_t readings(unsigned reply, sst_code code, const char *provider, sst_reading *out)
{
	static sst_say_room room;

	room = (sst_say_room)SST_SAY_ROOM(bytes);
	return sst_readings(NULL, NULL, SST_AUDIENCE_SENDER, (uint16_t)reply, code,
	                    (sst_text){provider, strlen(provider)}, &room, out, SST_READINGS);
}

static void a_dotted_reply_code_has_both_readings(void **state)
{
	sst_reading out[SST_READINGS];

	(void)state;
	assert_int_equal(readings(0, (sst_code){5, 5, 0}, "", out), 2);
	assert_int_equal(out[0].kind, SST_READING_REGISTERED);
	assert_text(out[0].title, "About the mail protocol");
	assert_true(out[0].how_to_tell.len > 0);
	assert_int_equal(out[1].kind, SST_READING_DOTTED);
	assert_int_equal(out[1].reply, 550);
	assert_text(out[1].how_to_tell,
	            "Where it stands alone, or with words like \"SMTP Error 550\", "
	            "the reply code 550 may be meant.");
	assert_true(out[1].table_view.len > 0 && out[1].standard_view.len > 0);
	assert_int_equal(readings(0, (sst_code){5, 0, 1}, "", out),
	                 2); /* X.0.1 is not registered */
	assert_int_equal(out[0].kind, SST_READING_DOTTED);
	assert_int_equal(readings(0, (sst_code){3, 5, 4}, "", out), 1);
	assert_int_equal(out[0].reply, 354);
	assert_int_equal(readings(550, (sst_code){5, 5, 0}, "", out), 1); /* in context only one */
}

static void a_squeezed_code_is_read_as_the_code(void **state)
{
	sst_reading out[SST_READINGS];

	(void)state;
	assert_int_equal(readings(523, (sst_code){0, 0, 0}, "", out), 2);
	assert_int_equal(out[0].kind, SST_READING_SQUEEZED);
	assert_int_equal(out[0].category, SST_CATEGORY_MESSAGE_TOO_BIG);
	assert_int_equal(out[0].code.detail, 3);
	assert_int_equal(out[1].kind, SST_READING_REPLY);
	assert_int_equal(readings(441, (sst_code){0, 0, 0}, "", out), 1);
	assert_int_equal(readings(111, (sst_code){0, 0, 0}, "", out), 1);
	assert_int_equal(out[0].kind, SST_READING_ERRNO);
	assert_int_equal(readings(599, (sst_code){0, 0, 0}, "", out), 1);
	assert_text(out[0].title, "Permanent failure");
	assert_int_equal(readings(0, (sst_code){0, 0, 0}, "", out), 0);
}

static void a_recognised_provider_speaks_first(void **state)
{
	sst_reading out[SST_READINGS];

	(void)state;
	assert_int_equal(readings(450, (sst_code){4, 2, 1}, "google", out), 2);
	assert_int_equal(out[0].kind, SST_READING_VENDOR);
	assert_int_equal(out[0].category, SST_CATEGORY_RATE_LIMITED);
	assert_int_equal(readings(554, (sst_code){0, 0, 0}, "domino", out), 2);
	assert_int_equal(out[0].category, SST_CATEGORY_SYSTEM_ERROR);
	assert_int_equal(readings(420, (sst_code){0, 0, 0}, "groupwise", out), 2);
}

static void an_unknown_detail_is_told_by_its_subject(void **state)
{
	sst_reading out[SST_READINGS];

	(void)state;
	assert_int_equal(readings(0, (sst_code){5, 7, 999}, "", out), 1);
	assert_int_equal(out[0].nearness, SST_NEAR_SUBJECT);
	assert_text(out[0].title, "Security or policy");
	assert_int_equal(readings(0, (sst_code){5, 99, 999}, "", out), 1);
	assert_text(out[0].title, "Permanent failure");
}

static void a_site_s_own_code_is_explained_by_the_site(void **state)
{
	sst_text tsv = SST_TEXT("code\ttitle\n5.7.99\tSubscription has ended\n");
	const sst_registry *site;
	static char memory[60000];
	sst_reading out[SST_READINGS];
	sst_say_room room = SST_SAY_ROOM(bytes);

	(void)state;
	assert_int_equal(sst_registry_extend(NULL, tsv, memory, sizeof memory, &site).err, SST_OK);
	assert_int_equal(sst_readings(site, NULL, SST_AUDIENCE_SENDER, 0, (sst_code){5, 7, 99},
	                              SST_NO_TEXT, &room, out, SST_READINGS),
	                 1);
	assert_int_equal(out[0].kind, SST_READING_SITE);
	assert_text(out[0].title, "Subscription has ended");
	assert_true(out[0].advice.len > 0);
}

/* Every row of the widely copied table, in both spellings: title, explanation, causes, advice. */
static void every_row_of_the_table_is_explained(void **state)
{
	(void)state;
	for (size_t i = 0; i < sst__dotted_count; i++) {
		unsigned n = sst__dotted[i].reply;
		sst_code code = {(uint8_t)(n / 100), (uint16_t)(n / 10 % 10), (uint16_t)(n % 10)};
		for (int dotted = 0; dotted < 2; dotted++) {
			sst_reading out[SST_READINGS];
			bool seen = false;
			size_t count = dotted ? readings(0, code, "", out)
			                      : readings(n, (sst_code){0, 0, 0}, "", out);
			assert_true(count >= 1);
			for (size_t r = 0; r < count; r++) {
				assert_true(out[r].title.len > 0);
				assert_true(out[r].explanation.len > 0);
				assert_true(out[r].advice.len > 0);
				assert_true(out[r].kind_label.len > 0);
				if (count > 1 && dotted)
					assert_true(out[r].how_to_tell.len > 0);
				if (out[r].reply == n)
					seen = true;
			}
			assert_true(seen);
		}
	}
}

static size_t readings_in(const char *text, sst_reading *out)
{
	static sst_say_room room;
	sst_text copy = guard_string(text);
	size_t count;

	room = (sst_say_room)SST_SAY_ROOM(bytes);
	count = sst_readings_in(NULL, NULL, SST_AUDIENCE_SENDER, copy, SST_NO_TEXT, &room, out,
	                        SST_READINGS);
	guard_free(copy);
	return count;
}

static void a_text_is_read_by_the_code_in_it(void **state)
{
	sst_reading out[SST_READINGS];

	(void)state;
	assert_int_equal(readings_in("5.5.0", out), 2);
	assert_int_equal(out[0].kind, SST_READING_REGISTERED);
	assert_int_equal(readings_in("SMTP Error 523", out), 2);
	assert_int_equal(out[0].kind, SST_READING_SQUEEZED);
	assert_int_equal(readings_in("SMTP Reply 2.1.4", out), 2); /* the words speak for 214 */
	assert_int_equal(out[0].kind, SST_READING_DOTTED);
	assert_int_equal(out[0].reply, 214);
	assert_int_equal(readings_in("1.0.1", out), 1);
	assert_int_equal(out[0].kind, SST_READING_ERRNO);
	assert_int_equal(readings_in("Connection refused, 111", out), 1);
	assert_int_equal(out[0].reply, 111);
	assert_int_equal(readings_in("101", out), 1);
	assert_int_equal(readings_in("450 4.5.0 later", out), 1); /* in context */
	assert_int_equal(readings_in("", out), 0);
	assert_int_equal(readings_in("Hello, world", out), 0);
	assert_int_equal(readings_in("999", out), 0);
}

/* Whatever the language's rule, there is a form for each number, and it says the number where the
 * language has no word for it. */
static void every_number_has_its_plural_form(void **state)
{
	static const char *const keys[] = {"ui.and-others", "ui.n-recipients", "ui.n-messages",
	                                   "ui.n-seconds",  "ui.n-minutes",    "ui.n-hours",
	                                   "ui.n-days"};

	(void)state;
	for (size_t l = 0; sst_lang_at(l) != NULL; l++)
		for (unsigned long n = 0; n < 1205; n++)
			for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
				sst_text form = sst_say_plural(
				        sst_lang_at(l), (sst_text){keys[k], strlen(keys[k])}, n);
				assert_true(sst_lang_at(l)->texts->plural(n) <
				            sst_lang_at(l)->texts->forms);
				assert_true(form.len > 0);
				if (n > 2)
					assert_true(sst__text_search(form, 0, SST_TEXT("{n}")) <
					            form.len);
			}
	assert_text(sst_say_plural(NULL, SST_TEXT("ui.n-days"), 1), "{n} day");
	assert_text(sst_say_plural(NULL, SST_TEXT("ui.n-days"), 0), "{n} days");
	if (is_built("pl"))
		assert_false(sst_say_plural(sst_lang_find(SST_TEXT("pl"), NULL),
		                            SST_TEXT("ui.n-hours"), 2)
		                     .ptr == sst_say_plural(sst_lang_find(SST_TEXT("pl"), NULL),
		                                            SST_TEXT("ui.n-hours"), 5)
		                                     .ptr);
}

/* The rule of placeholders: what may be unknown stands only in a second wording KEY+NAME, and there
 * is a first one. What tell.*, dsn.* and the numbers hold is always known there. */
static void a_text_with_a_placeholder_has_one_without(void **state)
{
	(void)state;
	for (unsigned i = 0; i < sst__text_keys.count; i++) {
		sst_text key = {sst__text_keys.pool + sst__text_keys.offsets[i],
		                sst__text_keys.offsets[i + 1] - sst__text_keys.offsets[i]};
		sst_text text = sst__text_of(NULL, (int)i);
		size_t plus = sst__text_find(key, 0, '+'), open = sst__text_find(text, 0, '{');
		if (plus < key.len) {
			sst_text name = sst__text_part(key, plus + 1, key.len),
			         base = sst__text_part(key, 0, plus);
			assert_true(open < text.len);
			assert_true(
			        sst__text_starts(sst__text_part(text, open + 1, text.len), name));
			assert_true(sst__text_number_of(&base, 1) >= 0);
		} else if (open < text.len) {
			assert_true(sst__text_starts(key, SST_TEXT("tell.")) ||
			            sst__text_starts(key, SST_TEXT("dsn.")) ||
			            sst__text_starts(key, SST_TEXT("ui.n-")) ||
			            sst__text_starts(key, SST_TEXT("ui.and-others")));
		}
	}
}

static FILE *facts(const char *name)
{
	char path[256];

	for (int up = 1; up <= 3; up++) {
		FILE *file;
		snprintf(path, sizeof path, "%sshared/facts/%s",
		         up == 1   ? "../"
		         : up == 2 ? "../../"
		                   : "../../../",
		         name);
		file = fopen(path, "r");
		if (file != NULL)
			return file;
	}
	print_message("facts are not there: skipped\n");
	return NULL;
}

/* Every row of the table as it was collected: its number, its dotted spelling, whether it collides.
 */
static void no_row_of_the_collected_table_is_missing(void **state)
{
	FILE *file = facts("seed-table.tsv");
	char line[8192];
	unsigned rows = 0;

	(void)state;
	if (file == NULL)
		skip();
	while (fgets(line, sizeof line, file) != NULL) {
		unsigned n, at, c, s, d, reply;
		char origin[32];
		const struct sst_dotted *row;
		if (sscanf(line, "%u\t%u\t%u.%u.%u\t%u\t%31[a-z-]", &n, &at, &c, &s, &d, &reply,
		           origin) != 7)
			continue;
		rows++;
		assert_int_equal(c * 100 + s * 10 + d, reply);
		row = sst__dotted_find(reply);
		assert_non_null(row);
		assert_int_equal(row->origin == SST_DOTTED_SQUEEZED,
		                 strcmp(origin, "enhanced-squeezed") == 0);
		assert_int_equal(row->origin == SST_DOTTED_ERRNO, strcmp(origin, "errno") == 0);
		if (strstr(line, "\tunregistered\t"))
			assert_int_equal(row->fits, SST_FITS_UNREGISTERED);
		if (strstr(line, "\tsame\t"))
			assert_int_equal(row->fits, SST_FITS_SAME);
		if (strstr(line, "\tdifferent\t"))
			assert_int_equal(row->fits, SST_FITS_DIFFERENT);
	}
	fclose(file);
	assert_int_equal(rows, 46);
}

/* The codes that the document lists by X.n.n: all are registered; where its title is another one,
 * the registry tells of the change. */
static void no_code_of_the_collected_list_is_missing(void **state)
{
	FILE *file = facts("seed-collected-list.tsv");
	char line[1024];
	unsigned rows = 0;

	(void)state;
	if (file == NULL)
		skip();
	while (fgets(line, sizeof line, file) != NULL) {
		unsigned at, s, d;
		sst_nearness near;
		const sst_entry *entry;
		if (sscanf(line, "%u\tX.%u.%u", &at, &s, &d) != 3)
			continue;
		rows++;
		entry = sst_registry_find(NULL, (sst_code){5, (uint16_t)s, (uint16_t)d}, &near);
		assert_true(near <= SST_NEAR_CLASS);
		if (strstr(line, "\ttitle differs") && strstr(line, "onversion failed") == NULL)
			assert_true(entry->superseded.len > 0);
	}
	fclose(file);
	assert_int_equal(rows, 47);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_language_is_found_by_tag_or_by_locale),
	        cmocka_unit_test(a_near_language_stands_in),
	        cmocka_unit_test(every_text_of_a_verdict_and_a_code_is_there),
	        cmocka_unit_test(no_two_codes_share_an_explanation),
	        cmocka_unit_test(placeholders_are_filled_or_another_wording_is_taken),
	        cmocka_unit_test(spans_and_sizes_read_well),
	        cmocka_unit_test(hostile_values_and_a_full_room_do_no_harm),
	        cmocka_unit_test(a_verdict_is_said_to_each_audience),
	        cmocka_unit_test(a_dotted_reply_code_has_both_readings),
	        cmocka_unit_test(a_squeezed_code_is_read_as_the_code),
	        cmocka_unit_test(a_recognised_provider_speaks_first),
	        cmocka_unit_test(an_unknown_detail_is_told_by_its_subject),
	        cmocka_unit_test(a_site_s_own_code_is_explained_by_the_site),
	        cmocka_unit_test(every_row_of_the_table_is_explained),
	        cmocka_unit_test(a_text_is_read_by_the_code_in_it),
	        cmocka_unit_test(every_number_has_its_plural_form),
	        cmocka_unit_test(a_text_with_a_placeholder_has_one_without),
	        cmocka_unit_test(no_row_of_the_collected_table_is_missing),
	        cmocka_unit_test(no_code_of_the_collected_list_is_missing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
