/* SPDX-License-Identifier: MIT
 * bench/judge.c - verdicts a second on one core, on generated texts. */
#include <smtpstatus.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

static const char *const who[] = {"The mailbox",       "User <anna@example.org>",
                                  "Recipient address", "Your IP 192.0.2.7",
                                  "The message",       "Sender domain"};
static const char *const what[] = {
        "is full",    "does not exist",    "was blocked using zen.example.net",
        "is too big", "has been disabled", "frobnicates the gostak"};
static const char *const codes[] = {"550 5.1.1", "452 4.2.2", "554 5.7.1", "550", "421 4.7.0"};
#define COUNT(list) (sizeof list / sizeof *list)

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(void)
{
	static char texts[180][160];
	size_t n = 0, verdicts = 0, sum = 0;
	double start, spent;

	for (size_t a = 0; a < COUNT(who); a++)
		for (size_t b = 0; b < COUNT(what); b++)
			for (size_t c = 0; c < COUNT(codes); c++)
				snprintf(texts[n++], sizeof texts[0], "%s %s %s", codes[c], who[a],
				         what[b]);
	start = now();
	do {
		for (size_t i = 0; i < n; i++) {
			sst_evidence evidence = SST_EVIDENCE_INIT;
			sst_verdict verdict;
			evidence.text = (sst_text){texts[i], strlen(texts[i])};
			sst_judge(NULL, &evidence, &verdict);
			sum += verdict.category;
		}
		verdicts += n;
		spent = now() - start;
	} while (spent < 1.0);
	printf("verdicts on replies of 50 bytes\t%.0f\tverdicts\n", (double)verdicts / spent);
	return sum == 0;
}
