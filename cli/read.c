/* SPDX-License-Identifier: MIT
 * cli/read.c - smtpstatus read: what a bounce says of each recipient. */
#include "cli/cli.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/record.h"
#include "cli/settings.h"

#include <smtpstatus/words.h>
int cli_read(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return 0;
}
