/* SPDX-License-Identifier: MIT
 * cli/lint.c - smtpstatus lint: replies, delivery reports, logs and server configuration against
 * the RFCs. A file is read whole. */
#include "cli/cli.h"
#include "cli/complaint.h"
#include "cli/findings.h"
#include "cli/input.h"
#include "cli/options.h"
#include "cli/settings.h"
#include "cli/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX ((size_t)1 << 31)

enum { OPTION_TYPE = 1, OPTION_FORMAT, OPTION_SEVERITY, OPTION_LIST };

static const cli_option options[] = {
        {OPTION_TYPE, 't', "type", "TYPE",
         "mail, session, log, postfix, table, exim, opensmtpd or sieve; else it is told by itself"},
        CLI_ROW_JSON,
        {OPTION_FORMAT, 0, "format", "FORMAT", "text, json or sarif"},
        {OPTION_SEVERITY, 's', "severity", "LEVEL", "info, warning or error, and what is worse"},
        {OPTION_LIST, 0, "list", NULL, "the rules, with severity and section"},
        CLI_ROW_CODES,
        {0, 0, NULL, NULL, NULL},
};

static const cli_usage usage = {
        "lint",
        "[OPTION...] [PATH...]",
        "Holds replies, delivery reports, logs and server configuration against the RFCs. PATH is "
        "a\n"
        "file, a folder, or '-' for standard input, as it is without a PATH. What is neither mail "
        "nor\n"
        "log, dialogue or configuration of a kind that is known is passed over. Exit status 1 if\n"
        "there was a finding.\n",
        options,
        "  smtpstatus lint /etc/postfix/main.cf /etc/postfix/access\n"
        "  smtpstatus lint --format sarif bounces/ > bounces.sarif\n"
        "  printf '550 4.1.1 no such user\\n' | smtpstatus lint\n",
};

struct lint {
	cli_settings settings;
	cli_findings findings;
	cli_input input;
	sst_lint_type type;
	char *bytes; /* of the file at hand */
	size_t len, size;
	int worst;
};

static void take_finding(void *context, const sst_finding *finding)
{
	struct lint *lint = context;

	cli_findings_show(&lint->findings, finding);
}

/* Adds what the window holds. False if there is no memory for it. */
static bool keep(struct lint *lint)
{
	cli_input *in = &lint->input;
	size_t more = in->upto - in->from;

	if (more > lint->size - lint->len) {
		size_t size = 2 * lint->size + more + 65536;
		char *bytes = size > FILE_MAX ? NULL : realloc(lint->bytes, size);

		if (bytes == NULL)
			return false;
		lint->bytes = bytes;
		lint->size = size;
	}
	if (more > 0)
		memcpy(lint->bytes + lint->len, in->window + in->from, more);
	lint->len += more;
	in->offset += more;
	in->from = in->upto;
	return true;
}

static bool show_problem(void *context, char *line)
{
	struct lint *lint = context;

	fprintf(stderr, "%s\n", line);
	free(line);
	lint->worst = EXIT_PARTLY;
	return true;
}

static void complain(struct lint *lint, const char *name, const char *wrong, const uint64_t *offset,
                     const char *advice)
{
	cli_complain(name, wrong, offset, advice);
	lint->worst = EXIT_PARTLY;
}

static void lint_open_file(struct lint *lint, int fd, const char *name, bool regular, uint64_t size)
{
	cli_findings *findings = &lint->findings;
	sst_text in;

	lint->len = 0;
	cli_input_start(&lint->input, fd, regular, 0, size);
	do {
		if (!keep(lint)) {
			complain(lint, name, "too large", NULL, "split it");
			return;
		}
	} while (cli_input_fill(&lint->input));
	if (lint->input.error != NULL)
		complain(lint, name, lint->input.error, &lint->input.error_offset,
		         lint->input.advice);
	in = (sst_text){lint->bytes, lint->len};
	findings->source = name;
	findings->in = in;
	findings->type = lint->type != SST_LINT_AUTO
	                         ? lint->type
	                         : sst_lint_type_of(in, (sst_text){name, strlen(name)});
	sst_lint(in, findings->type, lint->settings.registry, take_finding, lint);
}

static bool lint_file(void *context, cli_folder *folder, const char *name, uint64_t size)
{
	struct lint *lint = context;
	int fd = openat(folder->fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	size_t len = strlen(folder->path) + strlen(name) + 1;
	char *path = malloc(len);
	struct stat status;

	if (path == NULL)
		cli_end_without_memory();
	snprintf(path, len, "%s%s", folder->path, name);
	if (fd < 0) {
		complain(lint, path, strerror(errno), NULL, cli_advice(errno));
	} else {
		bool regular = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);

		lint_open_file(lint, fd, path, regular, size);
		close(fd);
	}
	free(path);
	return !lint->findings.json.failed && !lint->findings.text.failed;
}

static int list_rules(cli_text *out)
{
	const sst_lint_rule *rule;

	for (unsigned i = 0; (rule = sst_lint_rule_at(i)) != NULL; i++) {
		cli_put_text(out, rule->id);
		cli_put_format(out, "\t%s\t", cli_severity_word(rule->severity));
		cli_put_text(out, rule->section);
		cli_put_char(out, '\t');
		cli_put_text(out, rule->message);
		cli_put_char(out, '\n');
	}
	cli_text_flush(out);
	return cli_stdout_status();
}

static int bad_value(const char *option, const char *words, const char *value)
{
	return cli_usage_error(&usage, "--%s is %s, not '%s'", option, words, value);
}

static int take_option(struct lint *lint, int id, const char *value, bool *list)
{
	static const char *const forms[] = {"text", "json", "sarif"};
	int status = EXIT_DONE;

	switch (id) {
	case OPTION_TYPE:
		lint->type = cli_lint_type_find(value);
		return lint->type == SST_LINT_AUTO ? bad_value("type",
		                                               "mail, session, log, postfix, "
		                                               "table, exim, opensmtpd or sieve",
		                                               value)
		                                   : EXIT_DONE;
	case OPTION_SEVERITY:
		lint->findings.least = cli_severity_find(value);
		return lint->findings.least == 0
		               ? bad_value("severity", "info, warning or error", value)
		               : EXIT_DONE;
	case OPTION_FORMAT:
		for (unsigned i = 0; i < 3; i++)
			if (strcmp(value, forms[i]) == 0) {
				lint->findings.form = (cli_findings_form)i;
				return EXIT_DONE;
			}
		return bad_value("format", "text, json or sarif", value);
	case OPTION_LIST:
		*list = true;
		return EXIT_DONE;
	case CLI_JSON:
		lint->findings.form = FINDINGS_JSON;
		return EXIT_DONE;
	default:
		cli_settings_take(&lint->settings, &usage, id, value, &status);
		return status;
	}
}

static void lint_paths(struct lint *lint, int count, char **paths)
{
	cli_walk walk = {.file = lint_file, .problem = show_problem, .context = lint};

	if (count == 0)
		lint_open_file(lint, STDIN_FILENO, "-", false, 0);
	for (int i = 0; i < count; i++) {
		if (strcmp(paths[i], "-") == 0)
			lint_open_file(lint, STDIN_FILENO, "-", false, 0);
		else if (!cli_walk_path(&walk, paths[i]))
			return;
	}
}

int cli_lint(int argc, char **argv)
{
	static struct lint lint;
	int id, status = EXIT_DONE;
	bool list = false;
	const char *value;

	while ((id = cli_options_next(&usage, argc, argv, &value, &status)) > 0) {
		status = take_option(&lint, id, value, &list);
		if (status != EXIT_DONE)
			return status;
	}
	if (id == CLI_OPTIONS_STOP)
		return status;
	if (list) {
		cli_text_init(&lint.findings.text, cli_stdout_write, NULL);
		return list_rules(&lint.findings.text);
	}
	if (!cli_input_init(&lint.input)) {
		return cli_no_memory();
	}
	cli_findings_open(&lint.findings);
	lint_paths(&lint, argc - optind, argv + optind);
	cli_findings_close(&lint.findings);
	cli_input_free(&lint.input);
	free(lint.bytes);
	status = cli_stdout_status();
	if (status != EXIT_DONE)
		return status;
	return lint.findings.count > 0 ? EXIT_PARTLY : lint.worst;
}
