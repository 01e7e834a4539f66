/* SPDX-License-Identifier: MIT
 * examples/verdict.c - what the answer of a server means.
 *
 *     cc verdict.c $(pkg-config --cflags --libs smtpstatus) */
#include <smtpstatus.h>
#include <smtpstatus/words.h>

#include <stdio.h>
#include <string.h>

static void print(const char *name, sst_text text)
{
	printf("%-12s %.*s\n", name, (int)text.len, text.ptr);
}

int main(int argc, char **argv)
{
	sst_evidence evidence = SST_EVIDENCE_INIT;
	sst_verdict verdict = {.size = sizeof(verdict)};

	if (argc != 2)
		return 2;
	evidence.text = (sst_text){argv[1], strlen(argv[1])};
	sst_judge(NULL, &evidence, &verdict); /* NULL: the built-in rules */

	print("category", sst_word(SST_VOCABULARY_CATEGORY, verdict.category));
	print("permanence", sst_word(SST_VOCABULARY_PERMANENCE, verdict.permanence));
	print("act", sst_word(SST_VOCABULARY_ACT, verdict.act));
	if (verdict.act == SST_ACT_SUPPRESS && verdict.scope == SST_SCOPE_ADDRESS)
		puts("Stop mailing this address.");
	return 0;
}
