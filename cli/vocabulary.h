/* SPDX-License-Identifier: MIT
 * cli/vocabulary.h - the names of categories, ours or a peer's (--vocabulary). */
#ifndef SST_CLI_VOCABULARY_H
#define SST_CLI_VOCABULARY_H

#include <smtpstatus.h>

/* From now on categories go by the names of `name` ("sisimai"). False: there is no such list. Set
 * once, before any thread starts. */
bool cli_vocabulary_choose(const char *name);

/* The category's name in the chosen vocabulary; ours where the peer has none. */
sst_text cli_category_word(sst_category category);

#endif
