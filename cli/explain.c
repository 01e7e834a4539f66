/* SPDX-License-Identifier: MIT
 * cli/explain.c - smtpstatus explain: what a code or a server's words mean. One record a text, in
 * the order of the texts, also for one that says nothing. */
#include "cli/cli.h"
#include "cli/lines.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/record.h"
#include "cli/settings.h"

#include "core/text.h"

#include <smtpstatus/words.h>

#include <getopt.h>
#include <string.h>
#include <unistd.h>

static const cli_option options[] = {
        CLI_ROW_JSON,       CLI_ROW_FORMAT, CLI_ROW_LANG,
        CLI_ROW_FOR,        CLI_ROW_CODES,  CLI_ROW_RULES,
        CLI_ROW_VOCABULARY, CLI_ROW_COLOR,  {0, 0, NULL, NULL, NULL},
};

static const cli_usage usage = {
        "explain",
        "[OPTION...] [TEXT|CODE...]",
        "Says what a status code, a reply or a server's sentence means, whose side it is on and\n"
        "what to do. Without arguments, or for '-', each line of standard input is one text.\n",
        options,
        "  smtpstatus explain 5.2.2\n"
        "  smtpstatus explain '550-5.7.26 This mail has been blocked because the sender is\n"
        "  unauthenticated.'\n",
};

struct explain {
	cli_settings settings;
	sst_json json;
	char buffer[16384];
};

/* A code alone: nothing but one reply code, enhanced code or pair. */
static bool is_code(sst_text text)
{
	sst_text inner = sst__text_trim(text);
	sst_found found;
	size_t at = 0;

	return inner.len > 0 && inner.len < 20 && sst_code_find(inner, &at, &found) == SST_OK &&
	       found.from == 0 && found.upto == inner.len;
}

static void write_json(struct explain *explain, sst_text input, sst_notes notes)
{
	sst_evidence evidence = SST_EVIDENCE_INIT;
	sst_verdict verdict = {.size = sizeof verdict};
	sst_json *json = &explain->json;

	evidence.text = input;
	sst_judge(explain->settings.rules, &evidence, &verdict);
	cli_record_open(json);
	sst_json_field(json, "input", input);
	cli_record_word(json, "kind", SST_VOCABULARY_KIND,
	                is_code(input) ? SST_KIND_CODE : SST_KIND_REPLY);
	cli_record_verdict(json, &verdict, input, notes);
	sst_json_close(json, '}');
	sst_json_line_end(json);
}

static bool explain_line(void *context, sst_text line, bool cut)
{
	struct explain *explain = context;

	write_json(explain, line, cut ? SST_NOTE_TRUNCATED : 0);
	return !explain->json.failed;
}

static int explain_stdin(struct explain *explain)
{
	return cli_lines_read(STDIN_FILENO, "standard input", explain_line, explain);
}

int cli_explain(int argc, char **argv)
{
	static struct explain explain;
	const char *value;
	int id, status = EXIT_DONE, worst = EXIT_DONE;

	while ((id = cli_options_next(&usage, argc, argv, &value, &status)) > 0) {
		cli_settings_take(&explain.settings, &usage, id, value, &status);
		if (status != EXIT_DONE)
			return status;
	}
	if (id == CLI_OPTIONS_STOP)
		return status;
	cli_settings_ready(&explain.settings);
	sst_json_init(&explain.json, explain.buffer, sizeof explain.buffer, cli_stdout_write, NULL);
	if (optind == argc)
		worst = explain_stdin(&explain);
	for (int i = optind; i < argc; i++) {
		status = EXIT_DONE;
		if (strcmp(argv[i], "-") == 0)
			status = explain_stdin(&explain);
		else
			explain_line(&explain, (sst_text){argv[i], strlen(argv[i])}, false);
		if (status > worst)
			worst = status;
	}
	sst_json_flush(&explain.json);
	status = cli_stdout_status();
	return status != EXIT_DONE ? status : worst;
}
