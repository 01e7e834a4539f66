/* SPDX-License-Identifier: MIT
 * examples/bounce.c - reads one mail on stdin and says per recipient what to do.
 *
 * All memory is taken before the first byte; a mail of any size and any form needs no more. */
#include <smtpstatus/mail.h>
#include <smtpstatus/words.h>

#include <stdio.h>
#include <stdlib.h>

static void tell(const sst_report *report)
{
	sst_evidence evidence = SST_EVIDENCE_INIT;
	sst_verdict verdict = {.size = sizeof(verdict)};
	sst_text category, act;

	sst_report_evidence(report, &evidence);
	sst_judge(NULL, &evidence, &verdict);
	category = sst_word(SST_VOCABULARY_CATEGORY, verdict.category);
	act = sst_word(SST_VOCABULARY_ACT, verdict.act);
	printf("%.*s: %.*s, so %.*s\n", (int)report->recipient.len, report->recipient.ptr,
	       (int)category.len, category.ptr, (int)act.len, act.ptr);
}

int main(void)
{
	size_t size = sst_mail_size(NULL);
	void *memory = malloc(size);
	sst_mail *mail = memory == NULL ? NULL : sst_mail_init(memory, size, NULL, NULL, 0);
	sst_err err = SST_MORE;

	while (mail != NULL && err != SST_END) {
		char buffer[4096];
		sst_text rest = {buffer, fread(buffer, 1, sizeof(buffer), stdin)};
		sst_report report = {.size = sizeof(report)};

		do { /* a chunk may hold more reports than can wait */
			size_t used = sst_mail_feed(mail, rest, feof(stdin) != 0).at;

			rest = (sst_text){rest.ptr + used, rest.len - used};
			while ((err = sst_mail_next(mail, &report)) == SST_OK)
				if (report.kind != SST_KIND_OTHER)
					tell(&report);
		} while (rest.len > 0);
	}
	free(memory);
	return mail == NULL;
}
