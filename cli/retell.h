/* SPDX-License-Identifier: MIT
 * cli/retell.h - what a mail says of a recipient, for people. */
#ifndef SST_CLI_RETELL_H
#define SST_CLI_RETELL_H

#include "cli/reading.h"
#include "cli/screen.h"

#include <smtpstatus/mail.h>

/* One thread's telling: recipients of one mail that share a cause are told it once. */
typedef struct cli_retelling {
	const cli_reading *reading;
	cli_screen screen;
	cli_text out;
	uint64_t last_cause; /* of the same mail; 0: none so far */
	bool named;          /* the mail has been named */
} cli_retelling;

void cli_retell_init(cli_retelling *told, const cli_reading *reading);

/* The next report is of another mail. */
void cli_retell_mail(cli_retelling *told);

void cli_retell(cli_retelling *told, const char *source, uint64_t message, const sst_report *report,
                const sst_verdict *verdict, sst_text evidence);

#endif
