/* SPDX-License-Identifier: MIT
 * fuzz/lint.c - any bytes as any kind of input: findings lie in the input, on lines that exist. */
#include <smtpstatus/lint.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static sst_text input;

static void take(void *context, const sst_finding *finding)
{
	uint32_t lines = 1;
	char text[512];

	(void)context;
	if (sst_lint_rule_at(finding->rule) == NULL || finding->from > finding->upto ||
	    finding->upto > input.len)
		abort();
	for (size_t i = 0; i < finding->from; i++)
		lines += input.ptr[i] == '\n';
	if (finding->line != lines)
		abort();
	if (sst_finding_text(finding, text, sizeof text) > sizeof text)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	input = (sst_text){(const char *)data, size};
	sst_lint(input, SST_LINT_AUTO, NULL, take, NULL);
	for (unsigned type = SST_LINT_MAIL; type <= SST_LINT_OTHER; type++)
		sst_lint(input, (sst_lint_type)type, NULL, take, NULL);
	return 0;
}
