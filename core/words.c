/* SPDX-License-Identifier: MIT
 * core/words.c - numbers to words and back. */
#include "core/words.h"
#include "core/text.h"

sst_text sst_word(sst_vocabulary vocabulary, unsigned number)
{
	if ((unsigned)vocabulary > SST_VOCABULARY_NOTE ||
	    number >= sst__word_lists[vocabulary].count)
		return SST_NO_TEXT;
	return sst__word_lists[vocabulary].words[number];
}

int sst_word_find(sst_vocabulary vocabulary, sst_text word)
{
	const struct sst_word_list *list;

	if ((unsigned)vocabulary > SST_VOCABULARY_NOTE || word.len == 0)
		return -1;
	list = &sst__word_lists[vocabulary];
	for (unsigned i = 0; i < list->count; i++)
		if (sst__text_same(list->words[i], word))
			return (int)i;
	return -1;
}

sst_text sst_err_name(sst_err err)
{
	switch (err) {
	case SST_OK:
		return SST_TEXT("SST_OK");
	case SST_END:
		return SST_TEXT("SST_END");
	case SST_MORE:
		return SST_TEXT("SST_MORE");
	case SST_E_SYNTAX:
		return SST_TEXT("SST_E_SYNTAX");
	case SST_E_RANGE:
		return SST_TEXT("SST_E_RANGE");
	case SST_E_LIMIT:
		return SST_TEXT("SST_E_LIMIT");
	case SST_E_SPACE:
		return SST_TEXT("SST_E_SPACE");
	case SST_E_ARGUMENT:
		return SST_TEXT("SST_E_ARGUMENT");
	default:
		return SST_TEXT("SST_E_?");
	}
}
