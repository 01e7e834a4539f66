/* SPDX-License-Identifier: MIT
 * cli/sheaf.h - deliveries that were set aside to be judged and written by another thread: copies,
 * with their texts, and what is to be written of them. */
#ifndef SST_CLI_SHEAF_H
#define SST_CLI_SHEAF_H

#include <smtpstatus/track.h>

typedef struct cli_sheaf {
	struct cli_sheaf *next; /* in a list of the owner's */
	sst_delivery *deliveries;
	size_t count, room;
	struct sheaf_texts *texts;
	size_t texts_used; /* of the first ones */
	char *out;
	size_t out_len, out_room;
	bool failed; /* no memory */
} cli_sheaf;

cli_sheaf *cli_sheaf_new(void);
void cli_sheaf_free(cli_sheaf *sheaf);
void cli_sheaf_clear(cli_sheaf *sheaf); /* keeps the usual memory */

/* Sets a copy aside. */
void cli_sheaf_add(cli_sheaf *sheaf, const sst_delivery *delivery);

/* For an sst_json or cli_text: what is written comes to sheaf->out. */
bool cli_sheaf_write(void *sheaf, const char *bytes, size_t len);

#endif
