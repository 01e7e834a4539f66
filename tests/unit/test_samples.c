/* SPDX-License-Identifier: MIT
 * Every sample mail of tests/mail is read as tests/mail/expected.tsv says, however it arrives. */
#include "core/text.h"
#include "tests/unit/guard.h"
#include "tests/unit/mail_reading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char whole[65536], other[65536], table[65536], bytes[65536];

static size_t slurp(const char *name, char *into, size_t size)
{
	char path[512];
	FILE *file;
	size_t len;

	snprintf(path, sizeof path, "%s/%s", getenv("SAMPLES"), name);
	file = fopen(path, "rb");
	if (file == NULL) {
		fprintf(stderr, "cannot open %s\n", path);
		fail();
		return 0;
	}
	len = fread(into, 1, size, file);
	fclose(file);
	assert_true(len < size);
	return len;
}

/* Takes the next cell of a row. */
static sst_text cell(sst_text *row)
{
	size_t tab = sst__text_find(*row, 0, '\t');
	sst_text text = sst__text_part(*row, 0, tab);

	*row = sst__text_part(*row, tab + 1, row->len);
	return text;
}

/* Calls `check` once for each sample, with the rows that expect something of it. */
static void each_sample(void (*check)(const char *name, sst_text mail, sst_text rows))
{
	size_t len = slurp("expected.tsv", table, sizeof table);
	sst_text rest = {table, len}, line;

	assert_true(sst__text_line(&rest, &line));
	while (rest.len > 0) {
		sst_text rows = rest, row, name;
		char file[128];
		assert_true(sst__text_line(&rest, &line));
		row = line;
		name = cell(&row);
		snprintf(file, sizeof file, "%.*s", (int)name.len, name.ptr);
		while (sst__text_starts(rest, name))
			sst__text_line(&rest, &line);
		rows.len = (size_t)(rest.ptr - rows.ptr);
		len = slurp(file, bytes, sizeof bytes);
		check(file, (sst_text){bytes, len}, rows);
	}
}

static sst_text word(sst_text *line, char end)
{
	size_t at = sst__text_find(*line, 0, end);
	sst_text text = sst__text_part(*line, 0, at);

	*line = sst__text_part(*line, at + 1, line->len);
	return text;
}

static void compare(const char *name, const char *what, sst_text want, sst_text got)
{
	if (want.len == 0 || sst__text_same(want, got))
		return;
	fprintf(stderr, "%s: %s is %.*s, not %.*s\n", name, what, (int)got.len, got.ptr,
	        (int)want.len, want.ptr);
	fail();
}

static void check_reading(const char *name, sst_text mail, sst_text rows)
{
	sst_text copy = guard_copy(mail.ptr, mail.len), row, got;
	unsigned count = mail_reading(copy, 0, whole, sizeof whole), expected = 0;
	sst_text rest = {whole, strlen(whole)};

	while (sst__text_line(&rows, &row)) {
		assert_true(sst__text_line(&rest, &got));
		cell(&row);
		cell(&row);
		sst_text kind = cell(&row), recipient = cell(&row), status = cell(&row);
		compare(name, "kind",
		        sst__text_same(kind, SST_TEXT("none")) ? SST_TEXT("other") : kind,
		        word(&got, ' '));
		if (!sst__text_same(kind, SST_TEXT("none")))
			compare(name, "recipient", recipient.len > 0 ? recipient : SST_TEXT("-"),
			        word(&got, ' '));
		else
			word(&got, ' ');
		compare(name, "status", status, word(&got, ' '));
		compare(name, "reply code", cell(&row), word(&got, ' '));
		expected++;
	}
	if (count != expected)
		fprintf(stderr, "%s: %u reports\n%s", name, count, whole);
	assert_int_equal(count, expected);
	guard_free(copy);
}

static void samples_are_read_as_expected(void **state)
{
	(void)state;
	each_sample(check_reading);
}

static void check_splits(const char *name, sst_text mail, sst_text rows)
{
	static const size_t steps[] = {1, 2, 7, 61, 1000};

	(void)rows;
	mail_reading(mail, 0, whole, sizeof whole);
	for (unsigned i = 0; i < sizeof steps / sizeof *steps; i++) {
		mail_reading(mail, steps[i], other, sizeof other);
		if (strcmp(whole, other) != 0)
			fprintf(stderr, "%s in steps of %zu\n", name, steps[i]);
		assert_string_equal(whole, other);
	}
}

static void splits_change_nothing(void **state)
{
	(void)state;
	each_sample(check_splits);
}

static void check_line_ends(const char *name, sst_text mail, sst_text rows)
{
	static const char *const ends[] = {"\r\n", "\r"};
	static char changed[131072];

	(void)rows;
	if (strstr(name, "sjis") != NULL) /* made of base64: nothing to see */
		return;
	mail_reading(mail, 0, whole, sizeof whole);
	for (unsigned i = 0; i < 2; i++) {
		size_t len = 0;
		for (size_t at = 0; at < mail.len; at++) {
			if (mail.ptr[at] != '\n') {
				changed[len++] = mail.ptr[at];
				continue;
			}
			memcpy(changed + len, ends[i], strlen(ends[i]));
			len += strlen(ends[i]);
		}
		mail_reading((sst_text){changed, len}, i == 0 ? 0 : 1, other, sizeof other);
		if (strcmp(whole, other) != 0)
			fprintf(stderr, "%s with line ends %u\n", name, i);
		assert_string_equal(whole, other);
	}
}

static void line_ends_change_nothing(void **state)
{
	(void)state;
	each_sample(check_line_ends);
}

static void check_truncation(const char *name, sst_text mail, sst_text rows)
{
	(void)name;
	(void)rows;
	for (size_t len = 0; len < mail.len; len += 13) {
		sst_text copy = guard_copy(mail.ptr, len);
		assert_true(mail_reading(copy, 0, other, sizeof other) >= 1);
		guard_free(copy);
	}
}

static void truncated_samples_are_still_read(void **state)
{
	(void)state;
	each_sample(check_truncation);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(samples_are_read_as_expected),
	        cmocka_unit_test(splits_change_nothing),
	        cmocka_unit_test(line_ends_change_nothing),
	        cmocka_unit_test(truncated_samples_are_still_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
