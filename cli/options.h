/* SPDX-License-Identifier: MIT
 * cli/options.h - one table a command: it parses the arguments and writes the --help. */
#ifndef SST_CLI_OPTIONS_H
#define SST_CLI_OPTIONS_H

#include <stdbool.h>

/* One option. A row without a value's name is a switch. */
typedef struct cli_option {
	int id;            /* what cli_options_next returns; above 0 */
	char letter;       /* short form; 0: none */
	const char *name;  /* long form; NULL ends the table */
	const char *value; /* the value's name in the help; NULL: takes none */
	const char *help;  /* one line */
} cli_option;

/* A command as its --help tells it. */
typedef struct cli_usage {
	const char *command;   /* "read" */
	const char *arguments; /* "[OPTION...] [PATH...]" */
	const char *about;     /* a sentence or two, ended by a line end */
	const cli_option *options;
	const char *examples; /* lines at the end; may be NULL */
} cli_usage;

enum {
	CLI_OPTIONS_END = 0,   /* optind is the first argument that is no option */
	CLI_OPTIONS_STOP = -1, /* --help was printed or the usage is wrong: return *status */
};

/* Every command has --help; it needs no row. Takes the next option off argv: its id, with *value
 * set where it takes one. Whatever is wrong has been said on stderr. */
int cli_options_next(const cli_usage *usage, int argc, char **argv, const char **value,
                     int *status);

/* Says on stderr what is wrong with the usage and where help is. Returns EXIT_USAGE. */
__attribute__((format(printf, 2, 3))) int cli_usage_error(const cli_usage *usage,
                                                          const char *format, ...);

/* The value of the option `id`, a number between the two; else an exit status, said on standard
 * error. */
int cli_take_number(const cli_usage *usage, int id, const char *value, unsigned long least,
                    unsigned long most, unsigned long *number);

/* The same of --jobs. */
int cli_take_jobs(const cli_usage *usage, int id, const char *value, unsigned *jobs);

#endif
