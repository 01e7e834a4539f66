/* SPDX-License-Identifier: MIT
 * cli/cli.h - what the commands share. Each command is one file with one function. */
#ifndef SST_CLI_H
#define SST_CLI_H

#include <smtpstatus.h>

/* Exit status of every command. */
enum {
	EXIT_DONE = 0,
	EXIT_PARTLY = 1, /* done, but some input could not be read, or lint found something */
	EXIT_USAGE = 2,
	EXIT_SYSTEM = 3 /* file, disk, memory */
};

/* argv[0] is the command's own name. Returns the exit status. */
typedef int cli_run(int argc, char **argv);

cli_run cli_codes;
cli_run cli_explain;
cli_run cli_lint;
cli_run cli_read;
cli_run cli_rules;
cli_run cli_write;
cli_run cli_report;
cli_run cli_track;

#endif
