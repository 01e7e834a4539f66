/* SPDX-License-Identifier: MIT
 * cli/vocabulary.h - the names of categories, ours or a peer's (--vocabulary). */
#ifndef SST_CLI_VOCABULARY_H
#define SST_CLI_VOCABULARY_H

#include <smtpstatus.h>

#define CLI_CATEGORIES 64

/* What one program calls them; NULL where it has no name. Made by gen/vocabularies.c; the last
 * row's name is NULL. */
struct cli_word_list {
	const char *name;
	const char *words[CLI_CATEGORIES]; /* by category */
};

extern const struct cli_word_list cli__vocabularies[];

/* From now on categories go by the names of `name` ("sisimai"). False: there is no such list. Set
 * once, before any thread starts. */
bool cli_vocabulary_choose(const char *name);

/* The names of all lists; call with 0, 1, ... until it is NULL. */
const char *cli_vocabulary_name(unsigned index);

/* The category's name in the chosen vocabulary; ours where the peer has none. */
sst_text cli_category_word(sst_category category);

/* The first category that goes by the same name: a peer may have one name for several. */
sst_category cli_category_first(sst_category category);

#endif
