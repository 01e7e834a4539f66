/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/text.h"

#include <smtpstatus/say.h>
#include <smtpstatus/words.h>
#include <stdio.h>
#include <stdlib.h>

static char page[400000];
static size_t page_len;

static bool collect(void *context, const char *bytes, size_t len)
{
	(void)context;
	if (page_len + len >= sizeof page)
		return false;
	memcpy(page + page_len, bytes, len);
	page_len += len;
	page[page_len] = '\0';
	return true;
}

static void render(const char *lang, sst_form form, sst_audience audience, const sst_case *cases,
                   size_t count)
{
	sst_rendering how = {.lang = sst_lang_find((sst_text){lang, strlen(lang)}, NULL),
	                     .audience = audience,
	                     .form = form,
	                     .write = collect};

	page_len = 0;
	page[0] = '\0';
	assert_true(sst_render(&how, cases, count));
}

static unsigned times(const char *what)
{
	unsigned count = 0;

	for (const char *at = page; (at = strstr(at, what)) != NULL; at++)
		count++;
	return count;
}

static sst_verdict judge(const char *words)
{
	sst_evidence evidence = SST_EVIDENCE_INIT;
	sst_verdict verdict = {.size = sizeof verdict};

	evidence.text = (sst_text){words, strlen(words)};
	sst_judge(NULL, &evidence, &verdict);
	return verdict;
}

static void one_recipient_reads_as_a_short_letter(void **state)
{
	sst_verdict verdict = judge("552 5.2.2 Mailbox full");
	sst_case one = {SST_TEXT("anna@example.org"), SST_TEXT("552 5.2.2 Mailbox full"), &verdict,
	                NULL};

	(void)state;
	render("en", SST_FORM_TEXT, SST_AUDIENCE_SENDER, &one, 1);
	assert_ptr_equal(strstr(page, "anna@example.org: Mailbox is full\n"
	                              "What happened: The mailbox anna@example.org exists"),
	                 page);
	assert_non_null(strstr(page, "\nStatus code: 5.2.2  Mailbox full (RFC 3463)\n"));
	assert_non_null(strstr(page, "\nReply code: 552  Storage exceeded\n"));
	assert_non_null(strstr(page, "\nWhat the server said: 552 5.2.2 Mailbox full\n"));
}

static void many_recipients_are_grouped_by_cause(void **state)
{
	sst_verdict full = judge("552 5.2.2 Mailbox full"), gone = judge("550 5.1.1 User unknown");
	sst_case cases[] = {
	        {SST_TEXT("a@example.org"), SST_TEXT("552 5.2.2 Mailbox full"), &full, NULL},
	        {SST_TEXT("b@example.org"), SST_TEXT("550 5.1.1 User unknown"), &gone, NULL},
	        {SST_TEXT("c@example.org"), SST_TEXT("552 5.2.2 Mailbox full"), &full, NULL},
	};

	(void)state;
	render("en", SST_FORM_MARKDOWN, SST_AUDIENCE_SENDER, cases, 3);
	assert_int_equal(times("## "), 2);
	assert_non_null(strstr(page, "## Mailbox is full (2 recipients)"));
	assert_non_null(strstr(page, "a@example.org"));
	assert_true(strstr(page, "c@example.org") < strstr(page, "b@example.org"));
	assert_int_equal(times("example.org"), 4); /* b in its sentence, too */
	assert_int_equal(times("**Mailbox full**"), 1);
	assert_non_null(strstr(page, "- **Recipients**: a@example.org\n  - c@example.org\n"));
}

/* What differs between them is told of each. */
static void recipients_of_a_cause_keep_what_is_their_own(void **state)
{
	sst_verdict gone = judge("550 5.1.1 User unknown"), other = gone, gmail = gone;
	sst_case cases[] = {
	        {SST_TEXT("a@example.org"), SST_TEXT("550 5.1.1 User unknown"), &gone, NULL},
	        {SST_TEXT("b@example.org"), SST_TEXT("550 5.1.1 User unknown (b)"), &other, NULL},
	        {SST_TEXT("c@example.org"), SST_TEXT("550 5.1.1 User unknown"), &gmail, NULL},
	};

	(void)state;
	other.detail.ticket = SST_TEXT("b-77");
	gmail.provider = SST_TEXT("google");
	render("en", SST_FORM_TEXT, SST_AUDIENCE_SENDER, cases, 3);
	assert_non_null(strstr(page, "(2 recipients)"));
	assert_non_null(strstr(page, "User unknown (b)\nReference to quote: b-77\n"));
	assert_non_null(strstr(page, "\n\nc@example.org: "));
	assert_int_equal(times("Gmail"), 1);
}

static void html_says_language_and_direction_and_holds_nothing_foreign(void **state)
{
	static const char words[] =
	        "550 5.1.1 <script>alert('x')</script> & \"\x1b[31m\" \xe2\x80\xae\xff\r\n";
	sst_verdict verdict = judge(words);
	sst_case one = {SST_TEXT("<b>@example.org"), {words, sizeof words - 1}, &verdict, NULL};

	(void)state;
	render("en", SST_FORM_HTML, SST_AUDIENCE_POSTMASTER, &one, 1);
	assert_ptr_equal(strstr(page, "<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">"), page);
	assert_null(strstr(page, "<script"));
	assert_null(strstr(page, "<b>"));
	assert_null(strchr(page, '\x1b'));
	assert_null(strstr(page, "\xe2\x80\xae"));
	assert_non_null(strstr(page, "&lt;script&gt;"));
	assert_non_null(strstr(page, "\\x1b[31m&quot; \\u202e\\xff</blockquote>"));
	assert_non_null(strstr(page, "<bdi>&lt;b&gt;@example.org</bdi>"));
	assert_non_null(strstr(page, "</html>\n"));
	render("en", SST_FORM_FRAGMENT, SST_AUDIENCE_SENDER, &one, 1);
	assert_ptr_equal(strstr(page, "<div lang=\"en\" dir=\"ltr\">"), page);
	assert_null(strstr(page, "<style"));
}

static void markdown_of_others_stays_text(void **state)
{
	sst_verdict verdict = judge("550");
	sst_case one = {SST_TEXT("a_b*@example.org"), SST_TEXT("550 [x](http://evil.example) `no`"),
	                &verdict, NULL};

	(void)state;
	render("en", SST_FORM_MARKDOWN, SST_AUDIENCE_DEVELOPER, &one, 1);
	assert_non_null(strstr(page, "a\\_b\\*@example.org"));
	assert_non_null(strstr(page, "\\[x\\](http://evil.example) \\`no\\`"));
	assert_non_null(strstr(page, "- **Category**: "));
}

static void right_to_left_languages_isolate_addresses(void **state)
{
	sst_verdict verdict = judge("552 5.2.2 Mailbox full");
	sst_case one = {SST_TEXT("anna@example.org"), SST_TEXT("552 5.2.2 Mailbox full"), &verdict,
	                NULL};
	sst_lang_match match;

	(void)state;
	sst_lang_find(SST_TEXT("ar"), &match);
	if (match != SST_LANG_EXACT) {
		print_message("Arabic is not built in: skipped\n");
		skip();
	}
	render("ar", SST_FORM_HTML, SST_AUDIENCE_SENDER, &one, 1);
	assert_ptr_equal(strstr(page, "<!DOCTYPE html>\n<html lang=\"ar\" dir=\"rtl\">"), page);
	assert_int_equal(times("<bdi>anna@example.org</bdi>"), 2);
	assert_null(strstr(page, "\xe2\x81\xa8"));
	render("ar", SST_FORM_TEXT, SST_AUDIENCE_SENDER, &one, 1);
	assert_int_equal(times("\xe2\x81\xa8"
	                       "anna@example.org"
	                       "\xe2\x81\xa9"),
	                 2);
}

static void an_address_from_right_to_left_keeps_its_order_in_any_language(void **state)
{
	sst_verdict verdict = judge("552 5.2.2 Mailbox full");
	sst_case one = {SST_TEXT("\xd7\x90\xd7\x91@\xd7\x92.example"),
	                SST_TEXT("552 5.2.2 Mailbox full"), &verdict, NULL};

	(void)state;
	render("en", SST_FORM_HTML, SST_AUDIENCE_SENDER, &one, 1);
	assert_int_equal(times("<bdi>\xd7\x90\xd7\x91@\xd7\x92.example</bdi>"), 2);
	render("en", SST_FORM_TEXT, SST_AUDIENCE_SENDER, &one, 1);
	assert_int_equal(times("\xe2\x81\xa8\xd7\x90"), 2);
	assert_int_equal(times(".example\xe2\x81\xa9"), 2);
}

static void every_language_renders_every_category(void **state)
{
	(void)state;
	for (size_t l = 0; sst_lang_at(l) != NULL; l++)
		for (unsigned c = 1; sst_word(SST_VOCABULARY_CATEGORY, c).ptr != NULL; c++)
			for (int form = SST_FORM_TEXT; form <= SST_FORM_MARKDOWN; form++) {
				sst_verdict verdict = {.size = sizeof verdict,
				                       .category = (sst_category)c,
				                       .act = SST_ACT_RETRY,
				                       .scope = SST_SCOPE_PAIR};
				sst_case one = {SST_NO_TEXT, SST_NO_TEXT, &verdict, NULL};
				char tag[16];
				sst_text name = sst_lang_tag(sst_lang_at(l));
				snprintf(tag, sizeof tag, "%.*s", (int)name.len, name.ptr);
				render(tag, (sst_form)form, SST_AUDIENCE_POSTMASTER, &one, 1);
				assert_true(page_len > 60);
				assert_null(strchr(page, form == SST_FORM_HTML ? '\x01' : '{'));
			}
}

/* More causes than are put together: all recipients are told, each once. */
static void any_number_of_causes_is_told(void **state)
{
	enum { MANY = 200 };
	static sst_verdict verdicts[MANY];
	static sst_case cases[MANY];
	static char names[MANY][24];

	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		snprintf(names[i], sizeof names[i], "r%03u@example.net", i);
		verdicts[i] = (sst_verdict){.size = sizeof *verdicts,
		                            .category = SST_CATEGORY_USER_UNKNOWN,
		                            .status = {5, 9, (uint16_t)(i % 150)}};
		cases[i] =
		        (sst_case){{names[i], strlen(names[i])}, SST_NO_TEXT, &verdicts[i], NULL};
	}
	render("en", SST_FORM_TEXT, SST_AUDIENCE_SENDER, cases, MANY);
	for (unsigned i = 0; i < MANY; i++) {
		char heading[48], row[48];
		snprintf(heading, sizeof heading, "r%03u@example.net: ", i);
		snprintf(row, sizeof row, " r%03u@example.net\n", i);
		assert_int_equal(times(heading) + times(row), 1);
	}
}

static bool refuse(void *context, const char *bytes, size_t len)
{
	(void)bytes;
	(void)len;
	++*(unsigned *)context;
	return false;
}

static void a_failed_write_ends_it(void **state)
{
	sst_verdict verdict = judge("550 no");
	sst_case one = {SST_NO_TEXT, SST_NO_TEXT, &verdict, NULL};
	unsigned calls = 0;
	sst_rendering how = {.form = SST_FORM_HTML, .write = refuse, .context = &calls};

	(void)state;
	assert_false(sst_render(&how, &one, 1));
	assert_int_equal(calls, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(one_recipient_reads_as_a_short_letter),
	        cmocka_unit_test(many_recipients_are_grouped_by_cause),
	        cmocka_unit_test(recipients_of_a_cause_keep_what_is_their_own),
	        cmocka_unit_test(html_says_language_and_direction_and_holds_nothing_foreign),
	        cmocka_unit_test(markdown_of_others_stays_text),
	        cmocka_unit_test(right_to_left_languages_isolate_addresses),
	        cmocka_unit_test(an_address_from_right_to_left_keeps_its_order_in_any_language),
	        cmocka_unit_test(every_language_renders_every_category),
	        cmocka_unit_test(any_number_of_causes_is_told),
	        cmocka_unit_test(a_failed_write_ends_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
