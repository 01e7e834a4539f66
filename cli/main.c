/* SPDX-License-Identifier: MIT
 * cli/main.c - smtpstatus COMMAND ... */
#include "cli/cli.h"
#include "cli/output.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const struct command {
	const char *name;
	cli_run *run;
	const char *help;
} commands[] = {
        {"explain", cli_explain, "what a code or a server's words mean"},
        {"lint", cli_lint, "replies, reports and configuration against the RFCs"},
        {"codes", cli_codes, "the registered status codes and the reply codes"},
        {"read", cli_read, "what bounces, reports and complaints say of each recipient"},
        {"write", cli_write, "delivery reports and replies that keep to the rules"},
        {"report", cli_report, "the figures of mail logs: fates, reasons, providers, delays"},
        {"track", cli_track, "what became of each message, from mail logs"},
        {"rules", cli_rules, "the rules behind the verdicts: check, test, list, coverage"},
        {NULL, NULL, NULL},
};

static void usage(FILE *out)
{
	fputs("usage: smtpstatus COMMAND [OPTION...] [ARGUMENT...]\n"
	      "What became of a message: reads SMTP replies, bounces and logs, and says it.\n\n",
	      out);
	for (const struct command *command = commands; command->name != NULL; command++)
		fprintf(out, "  %-9s %s\n", command->name, command->help);
	fputs("\nsmtpstatus COMMAND --help tells more; so does man smtpstatus.\n", out);
}

/* What this build can do that another may not. */
static const char *const built_in[] = {
#ifdef SST_HAVE_ZLIB
        "gzip",
#endif
#ifdef SST_HAVE_ZSTD
        "zstd",
#endif
#ifdef SST_HAVE_LZMA
        "xz",
#endif
#ifdef SST_HAVE_JANSSON
        "json",
#endif
#ifdef SST_HAVE_PSL
        "psl",
#endif
        NULL,
};

static void version(void)
{
	printf("smtpstatus %d.%d.%d\n", SST_VERSION_MAJOR, SST_VERSION_MINOR, SST_VERSION_PATCH);
	fputs("with", stdout);
	for (unsigned i = 0; built_in[i] != NULL; i++)
		printf(" %s", built_in[i]);
	puts(built_in[0] == NULL ? " nothing that is optional" : "");
}

/* A file that is opened must not get the number of a stream that was closed: output would go into
 * it. What is opened here fails as a closed stream does. */
static void hold_streams(void)
{
	static const int modes[] = {O_WRONLY, O_RDONLY, O_WRONLY};

	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) < 0)
			return;
}

int main(int argc, char **argv)
{
	hold_streams();
	/* Who stops reading our output gets no message, and we an error to end by. */
	signal(SIGPIPE, SIG_IGN);
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		usage(stdout);
		return cli_stdout_printed();
	}
	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		version();
		return cli_stdout_printed();
	}
	for (const struct command *command = commands; argc > 1 && command->name != NULL; command++)
		if (strcmp(argv[1], command->name) == 0)
			return command->run(argc - 1, argv + 1);
	if (argc > 1)
		fprintf(stderr, "smtpstatus: there is no command '%s'\n", argv[1]);
	usage(stderr);
	return EXIT_USAGE;
}
