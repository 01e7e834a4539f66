/* SPDX-License-Identifier: MIT
 * bench/replies.c - replies parsed, and texts searched for codes, a second on one core. */
#include <smtpstatus.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What servers answer most, in about the share that a sending host sees. */
static const char *const samples[] = {
        "220 mx.example.org ESMTP ready\r\n",
        "250-mx.example.org\r\n250-PIPELINING\r\n250-SIZE 52428800\r\n250 ENHANCEDSTATUSCODES\r\n",
        "250 2.1.0 Ok\r\n",
        "250 2.1.5 Ok\r\n",
        "354 End data with <CR><LF>.<CR><LF>\r\n",
        "250 2.0.0 Ok: queued as 4TxQ1z2b3Fz9v\r\n",
        "550 5.1.1 <anna@example.org>: Recipient address rejected: User unknown in local table\r\n",
        "450 4.2.0 <anna@example.org>: Recipient address rejected: Greylisted, try again later\r\n",
        "550-5.7.26 This message does not pass authentication checks and was blocked;\r\n"
        "550 5.7.26 see https://mail.example.net/authentication for what to do\r\n",
        "221 2.0.0 Bye\r\n",
};
#define SAMPLES (sizeof samples / sizeof samples[0])
#define COPIES 2000
#define SECONDS 1.0

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double parse_rate(sst_text pipeline, size_t replies)
{
	double start = now(), spent;
	size_t rounds = 0, sum = 0;

	do {
		sst_text rest = pipeline;
		sst_reply reply;
		sst_result result;

		while ((result = sst_reply_parse(rest, &reply)).err == SST_OK) {
			rest.ptr += result.at;
			rest.len -= result.at;
			sum += reply.code;
		}
		if (rest.len != 0)
			exit(1);
		rounds++;
	} while ((spent = now() - start) < SECONDS);
	if (sum == 0)
		exit(1);
	return (double)rounds * (double)replies / spent;
}

static double find_rate(void)
{
	double start = now(), spent;
	size_t rounds = 0, found = 0;

	do {
		for (unsigned n = 0; n < 1000; n++)
			for (size_t i = 0; i < SAMPLES; i++) {
				sst_codes codes;

				sst_codes_find((sst_text){samples[i], strlen(samples[i])}, &codes);
				found += codes.outer.reply != 0;
			}
		rounds += 1000;
	} while ((spent = now() - start) < SECONDS);
	if (found != rounds * SAMPLES)
		exit(1);
	return (double)(rounds * SAMPLES) / spent;
}

int main(void)
{
	size_t one = 0, len = 0;
	char *bytes;

	for (size_t i = 0; i < SAMPLES; i++)
		one += strlen(samples[i]);
	bytes = malloc(one * COPIES);
	if (bytes == NULL)
		return 1;
	for (unsigned n = 0; n < COPIES; n++)
		for (size_t i = 0; i < SAMPLES; i++) {
			memcpy(bytes + len, samples[i], strlen(samples[i]));
			len += strlen(samples[i]);
		}
	printf("replies parsed\t%.0f\treplies\n",
	       parse_rate((sst_text){bytes, len}, SAMPLES * COPIES));
	printf("texts searched for codes\t%.0f\ttexts\n", find_rate());
	free(bytes);
	return 0;
}
