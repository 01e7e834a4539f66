/* SPDX-License-Identifier: MIT
 * examples/short.c - the program of the README. */
#include <smtpstatus.h>
#include <smtpstatus/words.h>
#include <stdio.h>

int main(void)
{
	sst_evidence evidence = SST_EVIDENCE_INIT;
	sst_verdict verdict = {.size = sizeof(verdict)};

	evidence.text = SST_TEXT("552 5.2.2 <boris@example.org>: mailbox is over its quota");
	sst_judge(NULL, &evidence, &verdict); /* NULL: the built-in rules */
	if (verdict.category == SST_CATEGORY_MAILBOX_FULL && verdict.act == SST_ACT_RETRY)
		puts("The mailbox is full: try again later.");
	return 0;
}
