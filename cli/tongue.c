/* SPDX-License-Identifier: MIT
 * cli/tongue.c - the language that the user reads. The locale is only looked at for its name. */
#include "cli/tongue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *locale(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);
		if (value != NULL && *value != '\0')
			return value;
	}
	return "";
}

const sst_lang *cli_tongue(const char *tag)
{
	const char *wanted = tag == NULL ? locale() : tag;
	sst_lang_match match;
	const sst_lang *lang = sst_lang_find((sst_text){wanted, strlen(wanted)}, &match);

	if (tag != NULL && match == SST_LANG_NONE)
		fprintf(stderr, "smtpstatus: there is no language '%s': English is used\n", tag);
	return lang;
}
