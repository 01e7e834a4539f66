/* SPDX-License-Identifier: MIT
 * cli/options.c - arguments and --help from one table. */
#include "cli/options.h"

#include "cli/cli.h"
#include "cli/output.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS_MAX 48
enum { LEFT = 26, WIDTH = 79 }; /* columns of --help: where texts begin, and where they end */

#define HELP_ID 256 /* above every letter; rows are counted from here */

/* Words filled up to WIDTH columns; lines behind the first begin at `indent`. */
static void print_filled(const char *text, int column, int indent)
{
	const char *gap = "";

	while (*text != '\0') {
		int len = (int)strcspn(text, " \n");
		if (column + (int)strlen(gap) + len > WIDTH && column > indent) {
			printf("\n%*s", indent, "");
			column = indent;
			gap = "";
		}
		printf("%s%.*s", gap, len, text);
		column += (int)strlen(gap) + len;
		gap = len > 0 ? " " : gap;
		text += len + (text[len] != '\0');
	}
	putchar('\n');
}

static void print_option(const cli_option *row)
{
	int column = printf("  %s%c%s --%s%s%s", row->letter ? "-" : "",
	                    row->letter ? row->letter : ' ', row->letter ? "," : "  ", row->name,
	                    row->value ? " " : "", row->value ? row->value : "");

	column += printf("%*s", column < LEFT - 1 ? LEFT - column : 2, "");
	print_filled(row->help, column, LEFT);
}

static void print_help(const cli_usage *usage)
{
	static const cli_option help = {1, 'h', "help", NULL, "this text"};

	printf("usage: smtpstatus %s %s\n", usage->command, usage->arguments);
	print_filled(usage->about, 0, 0);
	putchar('\n');
	for (const cli_option *row = usage->options; row->name != NULL; row++)
		print_option(row);
	print_option(&help);
	if (usage->examples != NULL)
		printf("\n%s", usage->examples);
	printf("\nMore: man smtpstatus-%s\n", usage->command);
}

int cli_usage_error(const cli_usage *usage, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "smtpstatus %s: ", usage->command);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "\nsmtpstatus %s --help tells what it takes\n", usage->command);
	return EXIT_USAGE;
}

int cli_take_number(const cli_usage *usage, int id, const char *value, unsigned long least,
                    unsigned long most, unsigned long *number)
{
	const cli_option *row = usage->options;
	char *end;

	errno = 0;
	*number = strtoul(value, &end, 10);
	if (*value >= '0' && *value <= '9' && *end == '\0' && errno == 0 && *number >= least &&
	    *number <= most)
		return EXIT_DONE;
	while (row->name != NULL && row->id != id)
		row++;
	return cli_usage_error(usage, "--%s is a number from %lu to %lu, not '%s'", row->name,
	                       least, most, value);
}

int cli_take_jobs(const cli_usage *usage, int id, const char *value, unsigned *jobs)
{
	unsigned long number;
	int status = cli_take_number(usage, id, value, 1, 256, &number);

	if (status == EXIT_DONE)
		*jobs = (unsigned)number;
	return status;
}

/* The table in getopt's form: `letters` is ":ab:", `longs` has one row more, for --help. */
static void for_getopt(const cli_usage *usage, char *letters, struct option *longs)
{
	int count = 0;

	*letters++ = ':';
	*letters++ = 'h';
	for (const cli_option *row = usage->options; row->name != NULL; row++, count++) {
		longs[count] =
		        (struct option){row->name, row->value != NULL, NULL, HELP_ID + 1 + count};
		if (row->letter == 0)
			continue;
		*letters++ = row->letter;
		if (row->value != NULL)
			*letters++ = ':';
	}
	*letters = '\0';
	longs[count++] = (struct option){"help", 0, NULL, HELP_ID};
	longs[count] = (struct option){NULL, 0, NULL, 0};
}

static const cli_option *find_row(const cli_usage *usage, int found)
{
	if (found > HELP_ID)
		return &usage->options[found - HELP_ID - 1];
	for (const cli_option *row = usage->options; row->name != NULL; row++)
		if (row->letter == found)
			return row;
	return NULL;
}

int cli_options_next(const cli_usage *usage, int argc, char **argv, const char **value, int *status)
{
	char letters[2 * OPTIONS_MAX + 3];
	struct option longs[OPTIONS_MAX + 2];
	const cli_option *row;
	int found, before = optind;

	for_getopt(usage, letters, longs);
	opterr = 0;
	found = getopt_long(argc, argv, letters, longs, NULL);
	*value = optarg;
	if (found == -1)
		return CLI_OPTIONS_END;
	if (found == 'h' || found == HELP_ID) {
		print_help(usage);
		*status = cli_stdout_printed();
		return CLI_OPTIONS_STOP;
	}
	row = find_row(usage, found);
	if (row != NULL)
		return row->id;
	const char *word = argv[optind > before ? optind - 1 : before];
	if (found == ':')
		*status = cli_usage_error(usage, "option '%s' needs a value", word);
	else if (optopt > HELP_ID - 1)
		*status = cli_usage_error(usage, "option '%s' takes no value", word);
	else if (optopt != 0)
		*status = cli_usage_error(usage, "there is no option '-%c'", optopt);
	else
		*status = cli_usage_error(usage, "there is no option '%s'", word);
	return CLI_OPTIONS_STOP;
}
