/* SPDX-License-Identifier: MIT
 * tools/evidence.c - all that speaks for something in each line of the input, for tools/calibrate.
 *
 * Prints a line for each: the verdict's category and confidence in percent, and each candidate as
 * KIND:CATEGORY:WEIGHT:FROM:UPTO in numbers, the strongest first. */
#include <smtpstatus.h>

#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = 1 << 16, CANDIDATES = 48 };

int main(void)
{
	static char line[LINE_BYTES];
	sst_proof proofs[CANDIDATES];
	sst_verdict verdict;

	while (fgets(line, sizeof line, stdin) != NULL) {
		sst_evidence evidence = SST_EVIDENCE_INIT;
		size_t count;
		evidence.text = (sst_text){line, strcspn(line, "\n")};
		sst_judge(NULL, &evidence, &verdict);
		count = sst_judge_candidates(NULL, &evidence, proofs, CANDIDATES);
		printf("%d %u", (int)verdict.category, (unsigned)verdict.confidence);
		for (size_t i = 0; i < count && i < CANDIDATES; i++)
			printf(" %d:%d:%u:%u:%u", (int)proofs[i].kind, (int)proofs[i].category,
			       (unsigned)proofs[i].weight, (unsigned)proofs[i].from,
			       (unsigned)proofs[i].upto);
		putchar('\n');
	}
	return 0;
}
