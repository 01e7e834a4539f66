/* SPDX-License-Identifier: MIT
 * fuzz/judge.c - any text: confidence in range, offsets inside, and the same verdict for upper case
 * and for line ends of another kind. */
#include "core/text.h"

#include <stdlib.h>

#define SHORT 4096u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(sst_text text, sst_verdict *verdict)
{
	sst_evidence evidence = SST_EVIDENCE_INIT;

	evidence.text = text;
	sst_judge(NULL, &evidence, verdict);
	if (verdict->confidence > 100 || verdict->category == 0)
		abort();
	for (unsigned i = 0; i < verdict->proof_count; i++)
		if (verdict->proofs[i].from > verdict->proofs[i].upto ||
		    verdict->proofs[i].upto > text.len || verdict->proofs[i].weight > 100)
			abort();
	if (verdict->detail.link.ptr != NULL &&
	    (verdict->detail.link.ptr < text.ptr ||
	     verdict->detail.link.ptr + verdict->detail.link.len > text.ptr + text.len))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char other[SHORT];
	sst_text text = {(const char *)data, size};
	sst_verdict a, b;

	judge(text, &a);
	if (size > SHORT)
		return 0;
	for (size_t i = 0; i < size; i++)
		other[i] = text.ptr[i] >= 'a' && text.ptr[i] <= 'z' ? (char)(text.ptr[i] - 32)
		                                                    : text.ptr[i];
	judge((sst_text){other, size}, &b);
	if (a.category != b.category || a.permanence != b.permanence ||
	    a.confidence != b.confidence)
		abort();
	return 0;
}
