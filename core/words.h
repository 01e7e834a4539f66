/* SPDX-License-Identifier: MIT
 * core/words.h - the generated lists of words, and what each category means by default. */
#ifndef SST_CORE_WORDS_H
#define SST_CORE_WORDS_H

#include <smtpstatus.h>
#include <smtpstatus/words.h>

struct sst_word_list {
	const sst_text *words;
	unsigned count;
};

struct sst_category_row {
	sst_permanence permanence;
	sst_act act;
	sst_side side;
	sst_scope scope;
	sst_code code;
};

extern const struct sst_word_list sst__word_lists[];    /* by enum sst_vocabulary */
extern const struct sst_category_row sst__categories[]; /* by category number */

#endif
