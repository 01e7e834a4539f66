/* SPDX-License-Identifier: MIT
 * bench/judge.c - texts judged a second on one core, from the words to the verdict. */
#include <smtpstatus.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What servers refuse with, short and long, with codes and without. */
static const char *const samples[] = {
        "550 5.1.1 <anna@example.net>: Recipient address rejected: User unknown in local table",
        "552 5.2.2 <boris@example.org>: mailbox is over its quota",
        "450 4.7.1 Greylisting in action, please come back in 00:05:00",
        "554 5.7.1 Service unavailable; client host [192.0.2.10] blocked using dnsbl.example.org",
        "550 No such user here",
        "421 4.7.0 Too many connections from your host, try again later",
        "550-5.7.26 This mail is unauthenticated and was blocked; neither SPF nor DKIM passed for "
        "example.com. See the page on authentication of senders for what to do about it",
        "connect to mx.example.org[198.51.100.7]:25: Connection timed out",
        "552 5.3.4 Message size exceeds fixed limit",
        "Hubo un problema con el destinatario",
};
#define SAMPLES (sizeof samples / sizeof samples[0])
#define SECONDS 1.0

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(void)
{
	double start = now(), spent;
	size_t judged = 0, told = 0;

	do {
		for (unsigned n = 0; n < 100; n++)
			for (size_t i = 0; i < SAMPLES; i++) {
				sst_evidence evidence = SST_EVIDENCE_INIT;
				sst_verdict verdict = {.size = sizeof verdict};

				evidence.text = (sst_text){samples[i], strlen(samples[i])};
				sst_judge(NULL, &evidence, &verdict);
				told += verdict.category > 1;
			}
		judged += 100 * SAMPLES;
	} while ((spent = now() - start) < SECONDS);
	if (told < judged / 2)
		return 1;
	printf("texts judged\t%.0f\ttexts\n", (double)judged / spent);
	return 0;
}
