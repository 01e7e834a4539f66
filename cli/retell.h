/* SPDX-License-Identifier: MIT
 * cli/retell.h - what a mail says, for people. Its recipients are kept until it ends, so that those
 * who share a cause are told it once; with very many, they are told a part at a time. */
#ifndef SST_CLI_RETELL_H
#define SST_CLI_RETELL_H

#include "cli/reading.h"
#include "cli/screen.h"

#include <smtpstatus/mail.h>

/* One thread's telling. */
typedef struct cli_retelling {
	const cli_reading *reading;
	cli_text out;
	struct cli_kept *kept; /* of the mail at hand; allocated when the first one comes */
	const char *source;
	uint64_t message; /* of an mbox; 0: none */
	bool named;       /* the mail has been named */
} cli_retelling;

void cli_retell_init(cli_retelling *told, const cli_reading *reading);
void cli_retell_free(cli_retelling *told);

/* A mail starts: `source` must last until it ends; NULL: it has no name. */
void cli_retell_mail(cli_retelling *told, const char *source);

/* One recipient of it. Texts are copied. False: not enough memory. */
bool cli_retell(cli_retelling *told, uint64_t message, const sst_report *report,
                const sst_verdict *verdict, sst_text evidence);

/* The mail has ended. */
void cli_retell_end(cli_retelling *told);

#endif
