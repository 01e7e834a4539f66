/* SPDX-License-Identifier: MIT
 * cli/vocabulary.c - the names of categories. */
#include "cli/vocabulary.h"

#include <string.h>

bool cli_vocabulary_choose(const char *name)
{
	return strcmp(name, "smtpstatus") == 0;
}

sst_text cli_category_word(sst_category category)
{
	return category == 0 ? (sst_text){NULL, 0} : sst_word(SST_VOCABULARY_CATEGORY, category);
}
