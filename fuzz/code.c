/* SPDX-License-Identifier: MIT
 * fuzz/code.c - whatever the strict parser takes is written back byte for byte. */
#include <smtpstatus.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sst_text in = {(const char *)data, size};
	char text[SST_CODE_SIZE];
	sst_result result;
	sst_code code;

	result = sst_code_parse(in, &code);
	if (result.at > size || (result.err == SST_OK) != (result.rule == NULL))
		abort();
	if (result.err == SST_OK &&
	    (sst_code_format(code, text, sizeof text) != size || memcmp(text, data, size) != 0))
		abort();
	result = sst_code_scan(in, &code);
	if (result.at > size)
		abort();
	if (result.err == SST_OK && (sst_code_format(code, text, sizeof text) != result.at ||
	                             memcmp(text, data, result.at) != 0))
		abort();
	return 0;
}
