/* SPDX-License-Identifier: MIT
 * cli/vocabulary.c - the names of categories. */
#include "cli/vocabulary.h"

#include <string.h>

static const struct cli_word_list *chosen; /* NULL: ours */

bool cli_vocabulary_choose(const char *name)
{
	const struct cli_word_list *list = cli__vocabularies;

	chosen = NULL;
	if (strcmp(name, "smtpstatus") == 0)
		return true;
	while (list->name != NULL && strcmp(list->name, name) != 0)
		list++;
	if (list->name == NULL)
		return false;
	chosen = list;
	return true;
}

const char *cli_vocabulary_name(unsigned index)
{
	return cli__vocabularies[index].name;
}

sst_text cli_category_word(sst_category category)
{
	const char *theirs =
	        chosen == NULL || category >= CLI_CATEGORIES ? NULL : chosen->words[category];

	if (category == 0)
		return (sst_text){NULL, 0};
	return theirs != NULL ? (sst_text){theirs, strlen(theirs)}
	                      : sst_word(SST_VOCABULARY_CATEGORY, category);
}

sst_category cli_category_first(sst_category category)
{
	sst_text word = cli_category_word(category);

	if (chosen == NULL)
		return category;
	for (sst_category first = 1; first < category; first++) {
		sst_text other = cli_category_word(first);

		if (other.len == word.len && memcmp(other.ptr, word.ptr, word.len) == 0)
			return first;
	}
	return category;
}
