/* SPDX-License-Identifier: MIT
 * Mails out of files and pipes: cli/mails.c, cli/input.c, cli/decoder.c. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "cli/mails.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define FROM "From anna@example.org Sat Jan  3 01:05:34 1996\n"

/* What was read: each mail, ended by a NUL. */
struct read {
	char *bytes;
	size_t len, size;
	unsigned mails;
	const char *error;
};

static void append(struct read *got, const char *bytes, size_t len)
{
	if (got->size - got->len < len) {
		got->size = 2 * (got->size + len);
		got->bytes = realloc(got->bytes, got->size);
		assert_non_null(got->bytes);
	}
	if (len > 0)
		memcpy(got->bytes + got->len, bytes, len);
	got->len += len;
}

static struct read read_all(int fd, bool regular, uint64_t size)
{
	struct read got = {0};
	cli_input in;
	cli_mails mails;

	assert_true(cli_input_init(&in));
	cli_input_start(&in, fd, regular, 0, size);
	cli_mails_start(&mails, &in, 0, false);
	while (cli_mails_next(&mails)) {
		bool last = false;
		while (!last) {
			sst_text piece = cli_mails_piece(&mails, &last);
			append(&got, piece.ptr, piece.len);
		}
		append(&got, "", 1);
		got.mails++;
		assert_int_equal(mails.number, got.mails);
	}
	got.error = in.error;
	cli_input_free(&in);
	return got;
}

static struct read read_file(const char *bytes, size_t len)
{
	char name[] = "/tmp/smtpstatus-test-XXXXXX";
	int fd = mkstemp(name);
	struct read got;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	got = read_all(fd, true, len);
	close(fd);
	unlink(name);
	return got;
}

/* A child writes, in pieces of `step` bytes. */
static struct read read_pipe(const char *bytes, size_t len, size_t step)
{
	struct read got;
	int ends[2];
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		close(ends[0]);
		for (size_t at = 0; at < len; at += step)
			if (write(ends[1], bytes + at, len - at < step ? len - at : step) < 0)
				_exit(1);
		_exit(0);
	}
	close(ends[1]);
	got = read_all(ends[0], false, 0);
	close(ends[0]);
	waitpid(child, NULL, 0);
	return got;
}

/* From a file and from a pipe, `want` is read: mails with NULs between them. */
static void assert_mails(const char *bytes, size_t len, const char *want, size_t want_len)
{
	const size_t steps[] = {0, 1, 7, 4096, 1 << 20};

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct read got;
		if (steps[i] == 1 && len > 10000)
			continue;
		got = steps[i] == 0 ? read_file(bytes, len) : read_pipe(bytes, len, steps[i]);
		assert_null(got.error);
		assert_int_equal(got.len, want_len);
		assert_memory_equal(got.bytes, want, want_len);
		free(got.bytes);
	}
}

#define ASSERT_MAILS(given, want) assert_mails(given, sizeof(given) - 1, want, sizeof(want))

static void a_file_that_does_not_start_with_from_is_one_mail(void **state)
{
	(void)state;
	ASSERT_MAILS("Subject: x\n\nbody\n\n" FROM "Subject: y\n",
	             "Subject: x\n\nbody\n\n" FROM "Subject: y\n");
	ASSERT_MAILS("", "");
	ASSERT_MAILS("x", "x");
}

static void mails_of_an_mbox_end_before_the_next_from_line(void **state)
{
	(void)state;
	ASSERT_MAILS(FROM "A: 1\n\none\n\n" FROM "A: 2\n\ntwo\n\n", "A: 1\n\none\n\0A: 2\n\ntwo\n");
	ASSERT_MAILS(FROM "A: 1\n\none\n\n" FROM, "A: 1\n\none\n\0");
	ASSERT_MAILS("\xef\xbb\xbf\n" FROM "A: 1\n\none", "A: 1\n\none");
	ASSERT_MAILS("From me\nA: 1\n\none", "A: 1\n\none");
}

static void lines_that_only_start_with_from_are_text(void **state)
{
	(void)state;
	ASSERT_MAILS(FROM "A: 1\n\nFrom now on at 10:00\n\nFrom 1996 on\n",
	             "A: 1\n\nFrom now on at 10:00\n\nFrom 1996 on\n");
	ASSERT_MAILS(FROM "A: 1\n\ntext\n" FROM "no empty line before\n",
	             "A: 1\n\ntext\n" FROM "no empty line before\n");
}

static void a_from_line_without_a_header_behind_it_is_text(void **state)
{
	(void)state;
	ASSERT_MAILS(FROM "A: 1\n\nLook:\n\n" FROM "\nthe end\n\n" FROM "A: 2\n\ntwo\n",
	             "A: 1\n\nLook:\n\n" FROM "\nthe end\n\0A: 2\n\ntwo\n");
	ASSERT_MAILS(FROM "A: 1\n\n" FROM "and then: he said\n",
	             "A: 1\n\n" FROM "and then: he said\n");
	ASSERT_MAILS(FROM "A: 1\n\none\n\n" FROM ">From b@example.org\nA: 2\n",
	             "A: 1\n\none\n\0From b@example.org\nA: 2\n");
}

static void names_tell_files_of_one_mail(void **state)
{
	(void)state;
	assert_true(cli_is_one_mail("a.eml"));
	assert_true(cli_is_one_mail("a.EML.gz"));
	assert_false(cli_is_one_mail("inbox"));
	assert_false(cli_is_one_mail("eml"));
}

static void quoted_from_lines_lose_one_mark(void **state)
{
	(void)state;
	ASSERT_MAILS(FROM "A: 1\n\n>From a\n>>From b\n> From c\nx >From d\n",
	             "A: 1\n\nFrom a\n>From b\n> From c\nx >From d\n");
	ASSERT_MAILS(FROM "A: 1\n\n>" FROM ">" FROM, "A: 1\n\n" FROM FROM);
}

static void crlf_and_cr_are_line_ends_too(void **state)
{
	(void)state;
	ASSERT_MAILS("From a Sat Jan  3 01:05:34 1996\r\nA: 1\r\n\r\none\r\n\r\n"
	             "From a Sat Jan  3 01:05:34 1996\r\nA: 2\r\n\r\ntwo\r\n\r\n",
	             "A: 1\r\n\r\none\r\n\0A: 2\r\n\r\ntwo\r\n");
	ASSERT_MAILS("From a Sat Jan  3 01:05:34 1996\rA: 1\r\rone\r\r"
	             "From a Sat Jan  3 01:05:34 1996\rA: 2\r\rtwo\r\r",
	             "A: 1\r\rone\r\0A: 2\r\rtwo\r");
}

static void content_length_decides_where_the_file_keeps_it_and_it_is_true(void **state)
{
	(void)state;
	/* The body holds a From line behind an empty line: 5 + 47 + 2 bytes. */
	ASSERT_MAILS(FROM "Content-Length: 52\n\nabc\n\n" FROM "\n" FROM "A: 2\n\n",
	             "Content-Length: 52\n\nabc\n\n" FROM "\0A: 2\n");
	/* It is not true: the From line counts. */
	ASSERT_MAILS(FROM "Content-Length: 9999\n\nabc\n\n" FROM "A: 2\n\n",
	             "Content-Length: 9999\n\nabc\n\0A: 2\n");
	/* The first mail has none: one that comes later and would swallow others is not believed.
	 */
	ASSERT_MAILS(FROM "A: 1\n\n\n" FROM "X: y\nContent-Length: 52\n\nabc\n\n" FROM "B: 3\n",
	             "A: 1\n\n\0X: y\nContent-Length: 52\n\nabc\n\0B: 3\n");
}

static void large_mails_pass_through_the_window(void **state)
{
	size_t size = 3000000, len = 0, want_len = 0;
	char *bytes = malloc(size), *want = malloc(size);

	(void)state;
	assert_true(bytes != NULL && want != NULL);
	for (unsigned mail = 0; mail < 7; mail++) {
		len += (size_t)snprintf(bytes + len, size - len, FROM "Number: %u\n\n", mail);
		want_len +=
		        (size_t)snprintf(want + want_len, size - want_len, "Number: %u\n\n", mail);
		for (unsigned line = 0; line < 4000 + 977 * mail; line++) {
			const char *mark = line % 50 == 0 ? ">" : "";
			len += (size_t)snprintf(bytes + len, size - len, "%sFrom line %u of %u\n\n",
			                        mark, line, mail);
			want_len += (size_t)snprintf(want + want_len, size - want_len,
			                             "From line %u of %u\n\n", line, mail);
		}
		want_len--; /* the empty line before From belongs to the mbox */
		want[want_len++] = '\0';
	}
	assert_mails(bytes, len, want, want_len);
	free(bytes);
	free(want);
}

static void what_is_no_packed_data_is_a_mail(void **state)
{
	(void)state;
	ASSERT_MAILS("\x1f\x8b", "\x1f\x8b");
	ASSERT_MAILS("\xfd"
	             "7zX",
	             "\xfd"
	             "7zX");
}

static void damaged_packed_data_is_an_error_with_its_offset(void **state)
{
	const char bytes[] = "\x1f\x8b\x08\0\0\0\0\0\0\3 this is no gzip at all";
	struct read got = read_file(bytes, sizeof bytes);

	(void)state;
	assert_non_null(got.error);
	free(got.bytes);
}

static void from_lines_have_a_date(void **state)
{
	(void)state;
	assert_true(cli_is_from_line(SST_TEXT("From a@example.org Sat Jan  3 01:05:34 1996")));
	assert_true(cli_is_from_line(SST_TEXT("From - Sat Jan 03 01:05:34 1996\n")));
	assert_true(cli_is_from_line(SST_TEXT("From MAILER-DAEMON Sat Jan 3 1:05 MET 1996")));
	assert_false(cli_is_from_line(SST_TEXT("From now on, 1996")));
	assert_false(cli_is_from_line(SST_TEXT("From: a@example.org Sat Jan  3 01:05:34 1996")));
	assert_false(cli_is_from_line(SST_TEXT("From a\nSat Jan  3 01:05:34 1996")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_file_that_does_not_start_with_from_is_one_mail),
	        cmocka_unit_test(mails_of_an_mbox_end_before_the_next_from_line),
	        cmocka_unit_test(lines_that_only_start_with_from_are_text),
	        cmocka_unit_test(a_from_line_without_a_header_behind_it_is_text),
	        cmocka_unit_test(names_tell_files_of_one_mail),
	        cmocka_unit_test(quoted_from_lines_lose_one_mark),
	        cmocka_unit_test(crlf_and_cr_are_line_ends_too),
	        cmocka_unit_test(content_length_decides_where_the_file_keeps_it_and_it_is_true),
	        cmocka_unit_test(large_mails_pass_through_the_window),
	        cmocka_unit_test(what_is_no_packed_data_is_a_mail),
	        cmocka_unit_test(damaged_packed_data_is_an_error_with_its_offset),
	        cmocka_unit_test(from_lines_have_a_date),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
