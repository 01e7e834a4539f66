/* SPDX-License-Identifier: MIT
 * fuzz/rules.c - any bytes as a site's rules: an error inside the text, or rules that judge. */
#include <smtpstatus.h>

#include <stdlib.h>

#define SHORT 16384u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sst_text tsv = {(const char *)data, size};
	const sst_rules *rules = NULL;
	sst_evidence evidence = SST_EVIDENCE_INIT;
	sst_verdict verdict;
	sst_result result;
	void *memory;

	if (size > SHORT)
		return 0;
	result = sst_rules_extend(NULL, tsv, NULL, 0, &rules);
	if (result.err != SST_E_SPACE)
		abort();
	memory = malloc(result.at);
	if (memory == NULL)
		return 0;
	result = sst_rules_extend(NULL, tsv, memory, result.at, &rules);
	if (result.err == SST_E_SPACE || result.at > size)
		abort();
	if (result.err == SST_OK) {
		evidence.text = tsv;
		sst_judge(rules, &evidence, &verdict);
	}
	free(memory);
	return 0;
}
