/* SPDX-License-Identifier: MIT
 * The words of HTML: read/html.c. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "read/html.h"

#include <string.h>

static char words[4096], other[4096];

static void assert_words(const char *html, const char *want)
{
	size_t len = strlen(html);

	memcpy(words, html, len);
	len = sst__html_strip(words, len);
	assert_int_equal(len, strlen(want));
	assert_memory_equal(words, want, len);
}

static void tags_go_and_entities_become_letters(void **state)
{
	(void)state;
	assert_words("<p class=\"x\">one<br>two</p>", "\none\ntwo\n");
	assert_words("a &lt;b@example.com&gt;&nbsp;&amp; &#65;&#x42;", "a <b@example.com> & AB");
	assert_words("<style>p { color: red }</style>x<script>if (a < b)</script>y", "xy");
	assert_words("x<!-- <p> -->y", "xy");
	assert_words("1 < 2 and <a@example.com> too", "1 < 2 and <a@example.com> too");
}

static void only_what_shows_as_an_empty_line_is_one(void **state)
{
	(void)state;
	assert_words("<div>a</div><div>b</div><div><br></div><div>c</div>", "\na\nb\n\nc\n");
	assert_words("<tr><td>x</td><td>y</td></tr><p>z</p><p>w</p>", "\nx\ny\n\nz\n\nw\n");
}

/* Squeezed at any place, the words are the same. */
static void squeezing_changes_no_words(void **state)
{
	static const char *const texts[] = {
	        "<p class=\"x\">one<br />two</p><img src='data:image/png;base64,AAAA'>three",
	        "a<style type=\"text/css\">p { x: y }</style>b<SCRIPT>1 < 2</SCRIPT >c",
	        "x<!-- <p> -- > -->y<!---->z",
	        "1 < 2 and <a@example.com> <b c@d.example> e",
	        "<a href=\"mailto:u@example.com\">u@example.com</a>: 550 <b>no</b>",
	        "<br/><hr width=5/><td\nalign=left>t</td\n>"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		size_t len = strlen(texts[i]), want;
		memcpy(words, texts[i], len);
		want = sst__html_strip(words, len);
		for (size_t at = 0; at <= len; at++) {
			size_t got;
			memcpy(other, texts[i], at);
			got = sst__html_squeeze(other, at);
			assert_true(got <= at);
			memcpy(other + got, texts[i] + at, len - at);
			got = sst__html_strip(other, got + len - at);
			assert_int_equal(got, want);
			assert_memory_equal(other, words, want);
		}
	}
}

static void squeezing_leaves_out_what_nobody_sees(void **state)
{
	static const char html[] = "<td style=\"long\">x</td><style>much</style><img src=\"data:";
	static const char want[] = "<td>x</td><style></style><img ";

	(void)state;
	memcpy(other, html, sizeof html);
	assert_int_equal(sst__html_squeeze(other, sizeof html - 1), sizeof want - 1);
	assert_memory_equal(other, want, sizeof want - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(tags_go_and_entities_become_letters),
	        cmocka_unit_test(only_what_shows_as_an_empty_line_is_one),
	        cmocka_unit_test(squeezing_changes_no_words),
	        cmocka_unit_test(squeezing_leaves_out_what_nobody_sees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
