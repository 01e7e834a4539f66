/* SPDX-License-Identifier: MIT
 * bench/mail.c - mails read and judged a second on one core, without files and JSON.
 *
 * usage: bench-mail [MAIL...]; without arguments the sample mails, from the project's folder. */
#include <smtpstatus/mail.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define SECONDS 1.0
#define MAILS_MAX 1000

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static sst_text slurp(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *bytes = malloc(1 << 20);
	size_t len;

	if (file == NULL || bytes == NULL) {
		perror(path);
		exit(1);
	}
	len = fread(bytes, 1, 1 << 20, file);
	fclose(file);
	return (sst_text){bytes, len};
}

static size_t read_one(sst_mail *mail, sst_text bytes)
{
	sst_report report = {.size = sizeof report};
	size_t reports = 0;
	sst_err err = SST_MORE;

	sst_mail_reset(mail);
	while (err != SST_END) {
		size_t used = sst_mail_feed(mail, bytes, true).at;

		bytes = (sst_text){bytes.ptr + used, bytes.len - used};
		while ((err = sst_mail_next(mail, &report)) == SST_OK) {
			sst_evidence evidence;
			sst_verdict verdict = {.size = sizeof verdict};

			sst_report_evidence(&report, &evidence);
			sst_judge(NULL, &evidence, &verdict);
			reports++;
		}
	}
	return reports;
}

int main(int argc, char **argv)
{
	static sst_text mails[MAILS_MAX];
	glob_t found = {.gl_pathc = 0};
	size_t count = 0, read = 0, bytes = 0, size = sst_mail_size(NULL);
	void *memory = malloc(size);
	sst_mail *mail = memory == NULL ? NULL : sst_mail_init(memory, size, NULL, NULL, 0);
	double start, spent;

	for (int i = 1; i < argc && count < MAILS_MAX; i++)
		mails[count++] = slurp(argv[i]);
	if (argc == 1 && glob("samples/mail/*.eml", 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc && count < MAILS_MAX; i++)
			mails[count++] = slurp(found.gl_pathv[i]);
	if (mail == NULL || count == 0)
		return 1;
	start = now();
	do {
		for (size_t i = 0; i < count; i++) {
			if (read_one(mail, mails[i]) == 0)
				return 1;
			bytes += mails[i].len;
		}
		read += count;
	} while ((spent = now() - start) < SECONDS);
	printf("mails read and judged, in memory\t%.0f\tmails\n", (double)read / spent);
	printf("bytes of these mails\t%.0f\tbytes\n", (double)bytes / spent);
	return 0;
}
