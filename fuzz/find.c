/* SPDX-License-Identifier: MIT
 * fuzz/find.c - finds lie in the text, in order, and the search ends. */
#include <smtpstatus.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sst_text in = {(const char *)data, size};
	size_t at = 0, last = 0;
	sst_codes codes;
	sst_found found;

	while (sst_code_find(in, &at, &found) == SST_OK) {
		if (found.from < last || found.upto <= found.from || found.upto > size ||
		    at < found.upto || at > size || found.certainty == 0 || found.certainty > 100)
			abort();
		if (found.reply == 0 && found.code.cls == 0 && found.os_error == 0)
			abort();
		last = found.upto;
	}
	sst_codes_find(in, &codes);
	if (codes.outer.upto > size || codes.inner.upto > size || codes.code_upto > size ||
	    codes.words > size)
		abort();
	if (codes.status.cls != 0 && codes.status.cls != 2 && codes.status.cls != 4 &&
	    codes.status.cls != 5)
		abort();
	return 0;
}
