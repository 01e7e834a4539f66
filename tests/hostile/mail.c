/* SPDX-License-Identifier: MIT
 * tests/hostile/mail.c - mails that want to hurt: each is read to its end, within the memory
 * that was given, at no more than 5 times the time a byte of ordinary mail takes.
 *
 * usage: hostile-mail SAMPLES-FOLDER BYTES... */
#include <smtpstatus/mail.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CHUNK = 64 * 1024, MOST_RATIO = 5, MOST_RSS_KB = 8 * 1024, TRIES = 5 };

/* A mail: what stands first, what is repeated, and what ends it. */
struct trap {
	const char *name;
	const char *head;
	const char *unit;
	const char *tail;
	size_t unit_len; /* 0: strlen */
};

#define REPORT                                                                          \
	"From: MAILER-DAEMON@example.net\nTo: a@example.org\nSubject: failure notice\n" \
	"Content-Type: multipart/report; boundary=\"b\"\n\n--b\n\nnot delivered\n--b\n" \
	"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n"
#define BOUNCE                                                                            \
	"From: MAILER-DAEMON@example.net\nTo: a@example.org\nSubject: failure notice\n\n" \
	"Your message could not be delivered to the following recipients:\n\n"
#define HTML "From: MAILER-DAEMON@example.net\nSubject: failure notice\nContent-Type: text/html\n\n"
#define PARTS "From: MAILER-DAEMON@example.net\nContent-Type: multipart/mixed; boundary=\"b\"\n\n"

static const struct trap traps[] = {
        {"one header line", "Subject: ", "a", "\n\nx\n", 0},
        {"one folded header", "Subject: a", "\n a", "\n\nx\n", 0},
        {"many header fields", "", "a: b\n", "\nx\n", 0},
        {"many known fields", "", "To: a@example.com\n", "\nx\n", 0},
        {"failed recipients without end",
         "From: MAILER-DAEMON@example.net\nX-Failed-Recipients: a@example.com", ",\n a@example.com",
         "\n\nnot delivered\n", 0},
        {"addresses in To", "To: a", "@a,", "\n\nx\n", 0},
        {"no line end at all", "", "a", "", 0},
        {"a body of one line", BOUNCE, "a", "", 0},
        {"a body of one line of words", BOUNCE, "user unknown ", "", 0},
        {"parts without end", PARTS, "--b\n\n", "", 0},
        {"parts with headers", PARTS, "--b\nContent-Type: text/plain\n\na\n", "", 0},
        {"boundary look-alikes", PARTS, "--bb\n--b-\n--\n", "--b--\n", 0},
        {"nested multiparts", "", "Content-Type: multipart/mixed; boundary=a\n\n--a\n", "", 0},
        {"nested messages", "", "Content-Type: message/rfc822\n\n", "", 0},
        {"a report's recipients", REPORT,
         "Final-Recipient: rfc822; a@example.com\nAction: failed\nStatus: 5.1.1\n\n", "--b--\n", 0},
        {"recipients of few bytes", REPORT, "Status:5\n\nAction:f\n\n", "--b--\n", 0},
        {"a report's blank lines", REPORT, "\n", "--b--\n", 0},
        {"a report of unknown fields", REPORT, "X-A: b\n", "--b--\n", 0},
        {"one diagnostic without end",
         REPORT "Final-Recipient: rfc822; a@b.example\nDiagnostic-Code: smtp; 550",
         " 550 5.1.1 no\n", "\n--b--\n", 0},
        {"addresses in the words", BOUNCE, "a@example.com\n", "", 0},
        {"different addresses", BOUNCE, "\"@a.bc\" <d@e.f>: 550 x\n", "", 0},
        {"at signs", BOUNCE, "@", "", 0},
        {"at signs and letters", BOUNCE, "a@", "", 0},
        {"quotes and at signs", BOUNCE, "\"@", "", 0},
        {"angle brackets", BOUNCE, "<", "", 0},
        {"headings", BOUNCE, "<a@example.com>:\n", "", 0},
        {"a dialogue without end", BOUNCE, ">>> RCPT TO:<a@example.com>\n<<< 550 no\n", "", 0},
        {"codes without end", BOUNCE, "550 ", "", 0},
        {"lines of codes", BOUNCE, "550 5.1.1 a\n", "", 0},
        {"labels without end", BOUNCE, "Recipient: ", "", 0},
        {"words of failure", BOUNCE, "could not be delivered to ", "", 0},
        {"announcements of the returned message", BOUNCE, "--- below this line is a copy\n",
         "a@b.example\n", 0},
        {"header-like lines", BOUNCE, "a-b: c\n", "", 0},
        {"header-like lines of names", BOUNCE, "From: c\n\n", "", 0},
        {"quotation marks", BOUNCE, "> ", "", 0},
        {"quoted lines", BOUNCE, "> a@example.com user unknown\n", "", 0},
        {"blank lines", BOUNCE, "\n", "", 0},
        {"blanks", BOUNCE, " ", "", 0},
        {"words of blanks", BOUNCE, "could \t", "", 0},
        {"NUL bytes", BOUNCE, "\0a\0\n", "", 4},
        {"NUL bytes in the header", "Subject: \0", "\0\0\0\0", "", 4},
        {"CRs", BOUNCE, "\r", "", 0},
        {"CRs in the header", "A: b", "\r", "", 0},
        {"mixed line ends", BOUNCE, "a\rb\nc\r\nd\r\r\n", "", 0},
        {"bytes above ASCII", BOUNCE, "\xff\xfe\x80\xc0", "", 0},
        {"Cyrillic letters", BOUNCE, "\xd0\x9d\xd0\xb5 ", "", 0},
        {"wide letters", BOUNCE, "\xe4\xb8\x8d\xe5\xad\x98", "", 0},
        {"escapes of ISO-2022-JP", "Content-Type: text/plain; charset=iso-2022-jp\n\n", "\033$B",
         "", 0},
        {"letters of GB 18030",
         "From: MAILER-DAEMON@example.net\nContent-Type: text/plain; charset=gb18030\n\n",
         "\xb2\xbb\xb4\xe6", "", 0},
        {"bad letters of Big5",
         "From: MAILER-DAEMON@example.net\nContent-Type: text/plain; charset=big5\n\n", "\xff\xff",
         "", 0},
        {"HTML of opening brackets", HTML, "<", "", 0},
        {"HTML tags", HTML, "<b>", "", 0},
        {"HTML comments", HTML, "<!--", "", 0},
        {"HTML entities", HTML, "&#x41;&amp", "", 0},
        {"HTML scripts", HTML, "<script>", "", 0},
        {"quoted-printable of equal signs", "Content-Transfer-Encoding: quoted-printable\n\n", "=",
         "", 0},
        {"quoted-printable soft breaks", "Content-Transfer-Encoding: quoted-printable\n\n", "a=\n",
         "", 0},
        {"base64 without end", "Content-Transfer-Encoding: base64\n\n", "YWFh", "", 0},
        {"base64 of nothing", "Content-Transfer-Encoding: base64\n\n", "=", "", 0},
        {"base64 of a report",
         "Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n",
         "U3RhdHVzOjUKCkFjdGlvbjpmCgo=\n", "", 0},
        {"parameters in pieces", "Content-Type: multipart/mixed", ";\n boundary*1=a", "\n\nx\n", 0},
        {"encoded words",
         "From: MAILER-DAEMON@example.net\nSubject: ", "=?utf-8?q?a?= ", "\n\nnot delivered\n", 0},
        {"encoded words that are none", "From: MAILER-DAEMON@example.net\nSubject: ", "=?",
         "\n\nnot delivered\n", 0},
        {"comments", "From: ", "(", "\n\nx\n", 0},
        {"a feedback report's recipients",
         "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\n",
         "Original-Rcpt-To: a@example.com\n", "", 0},
};

struct meal {
	double seconds;
	size_t reports;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static size_t drain(sst_mail *reader, sst_err *err)
{
	sst_report report;
	size_t reports = 0;

	while ((*err = sst_mail_next(reader, &report)) == SST_OK)
		reports++;
	return reports;
}

static size_t feed(sst_mail *reader, const char *bytes, size_t len, bool last)
{
	size_t at = 0, reports = 0;
	sst_err err = SST_MORE;
	sst_result result;

	do {
		sst_text rest = {bytes + at, len - at};
		result = sst_mail_feed(reader, rest, last);
		at += result.at;
		if (result.err == SST_MORE || last)
			reports += drain(reader, &err);
	} while (at < len || (last && err != SST_END));
	return reports;
}

/* Feeds a trap of about `bytes` bytes without ever holding more than a chunk of it. */
static struct meal swallow(sst_mail *reader, const struct trap *trap, size_t bytes)
{
	static char chunk[CHUNK];
	size_t unit = trap->unit_len > 0 ? trap->unit_len : strlen(trap->unit), len = 0, fed = 0;
	struct meal result = {0};

	while (len + unit <= sizeof chunk) {
		memcpy(chunk + len, trap->unit, unit);
		len += unit;
	}
	if (len > bytes)
		len = bytes;
	double from = now();
	sst_mail_reset(reader);
	result.reports += feed(reader, trap->head, strlen(trap->head), false);
	for (; fed < bytes; fed += len)
		result.reports += feed(reader, chunk, len, false);
	result.reports += feed(reader, trap->tail, strlen(trap->tail), true);
	result.seconds = now() - from;
	return result;
}

/* Seconds a byte that the samples take. */
static double ordinary(sst_mail *reader, const char *folder)
{
	static char bytes[1 << 20];
	DIR *dir = opendir(folder);
	struct dirent *entry;
	size_t total = 0, rounds = 0;
	static struct {
		size_t from, len;
	} mails[4096];
	unsigned count = 0;

	if (dir == NULL) {
		perror(folder);
		exit(3);
	}
	while ((entry = readdir(dir)) != NULL && count < 4096) {
		char path[4096];
		FILE *file;
		if (strstr(entry->d_name, ".eml") == NULL)
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		file = fopen(path, "rb");
		if (file == NULL)
			continue;
		mails[count].from = total;
		mails[count].len = fread(bytes + total, 1, sizeof bytes - total, file);
		total += mails[count++].len;
		fclose(file);
	}
	closedir(dir);
	double from = now(), used;
	do {
		for (unsigned i = 0; i < count; i++) {
			sst_mail_reset(reader);
			feed(reader, bytes + mails[i].from, mails[i].len, true);
		}
		rounds++;
		used = now() - from;
	} while (used < 0.3);
	return used / (double)(total * rounds);
}

/* True if the trap behaves at this size. Other programs on the machine must not fail it: the best
 * of some tries counts. */
static bool survives(sst_mail *reader, const struct trap *trap, size_t bytes, const char *folder,
                     const double *usual)
{
	double ratio = 1e9;
	struct meal meal = {0};

	for (unsigned i = 0; i < TRIES && ratio > MOST_RATIO; i++) {
		double normal = i == 0 ? *usual : ordinary(reader, folder), found;
		meal = swallow(reader, trap, bytes);
		for (unsigned more = 0; meal.seconds < 0.002 && more < 8; more++) {
			struct meal again = swallow(reader, trap, bytes);
			if (again.seconds < meal.seconds)
				meal = again;
		}
		found = meal.seconds / (double)bytes / normal;
		if (found < ratio)
			ratio = found;
	}
	printf("%-40s %10zu bytes %8.3f s %6.2f x  %zu reports\n", trap->name, bytes, meal.seconds,
	       ratio, meal.reports);
	if (meal.reports == 0)
		fprintf(stderr, "%s: no report\n", trap->name);
	if (ratio > MOST_RATIO)
		fprintf(stderr, "%s: %.1f times as slow as ordinary mail\n", trap->name, ratio);
	return meal.reports > 0 && ratio <= MOST_RATIO;
}

/* The most memory that this process has had, in kB. getrusage would tell that of the program that
 * started it. */
static long peak(void)
{
	FILE *file = fopen("/proc/self/status", "r");
	char line[256];
	long kb = -1;

	while (file != NULL && fgets(line, sizeof line, file) != NULL)
		if (strncmp(line, "VmHWM:", 6) == 0)
			kb = strtol(line + 6, NULL, 10);
	if (file != NULL)
		fclose(file);
	return kb;
}

int main(int argc, char **argv)
{
	size_t size = sst_mail_size(NULL);
	void *memory = malloc(size);
	sst_mail *reader = memory == NULL ? NULL : sst_mail_init(memory, size, NULL, NULL, 0);
	long kb;
	bool good = true;
	double usual;

	if (argc < 3 || reader == NULL) {
		fputs("usage: hostile-mail SAMPLES-FOLDER BYTES...\n", stderr);
		return 2;
	}
	usual = ordinary(reader, argv[1]);
	for (int i = 2; i < argc; i++)
		for (size_t t = 0; t < sizeof traps / sizeof *traps; t++)
			good &= survives(reader, &traps[t], strtoull(argv[i], NULL, 10), argv[1],
			                 &usual);
#if defined(__SANITIZE_ADDRESS__)
	printf("memory is not measured under a sanitizer\n");
	free(memory);
	return good ? 0 : 1;
#endif
	kb = peak();
	printf("memory of the whole process: %ld kB\n", kb);
	if (kb > MOST_RSS_KB) {
		fprintf(stderr, "more than %d kB\n", MOST_RSS_KB);
		good = false;
	}
	free(memory);
	return good ? 0 : 1;
}
