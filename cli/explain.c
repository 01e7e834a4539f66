/* SPDX-License-Identifier: MIT
 * cli/explain.c - smtpstatus explain: what a code or a server's words mean. One record a text, in
 * the order of the texts, also for one that says nothing. */
#include "cli/answer.h"
#include "cli/cli.h"
#include "cli/complaint.h"
#include "cli/lines.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/record.h"
#include "cli/retell.h"
#include "cli/settings.h"
#include "cli/site.h"
#include "cli/tongue.h"
#include "cli/values.h"
#include "cli/webhook.h"

#include <smtpstatus/words.h>

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPT_FROM = 1 };

static const cli_option options[] = {
        {OPT_FROM, 'f', "from", "KIND",
         "codes from elsewhere: errno, sysexits, dns, tls, x400, webhook"},
        CLI_ROW_JSON,
        CLI_ROW_FORMAT,
        CLI_ROW_LANG,
        CLI_ROW_FOR,
        CLI_ROW_CODES,
        CLI_ROW_RULES,
        CLI_ROW_VOCABULARY,
        CLI_ROW_COLOR,
        {0, 0, NULL, NULL, NULL},
};

static const cli_usage usage = {
        "explain",
        "[OPTION...] [TEXT|CODE...]",
        "Says what a status code, a reply or a server's sentence means, whose side it is on and\n"
        "what to do. Without arguments, or for '-', each line of standard input is one text.\n",
        options,
        "  smtpstatus explain 5.2.2\n"
        "  smtpstatus explain '550-5.7.26 This mail has been blocked because the sender\n"
        "  is unauthenticated.'\n",
};

struct explain {
	cli_settings settings;
	int from;     /* sst_outside_kind, or -1: replies and status codes */
	bool unknown; /* a code from elsewhere was not known */
	const sst_lang *lang;
	sst_json json;
	sst_rendering how;
	sst_sheet sheet;
	cli_text out;
	cli_answer answer;
	cli_values_in values; /* events that are posted to webhooks */
	cli_webhook hook;
	cli_reading reading;
	cli_retelling told;
	char buffer[16384];
};

static void explain_outside(struct explain *explain, sst_text text)
{
	const sst_outside *entry = sst_code_from_outside((sst_outside_kind)explain->from, text);

	if (entry == NULL) {
		char *safe = cli_safe_text((sst_text){text.ptr, text.len < 80 ? text.len : 80});
		fprintf(stderr,
		        "smtpstatus: explain: '%s' is not known there: smtpstatus-explain(1) says "
		        "what is\n",
		        safe);
		free(safe);
		explain->unknown = true;
	}
	cli_answer_outside(&explain->answer, &explain->settings, explain->lang, text, entry);
}

/* Events
 * ----------------------------------------------------------------------------------------- */

static void event_json(struct explain *explain, const cli_event *event)
{
	char bytes[SST_SAY_ROOM_SIZE];
	sst_say_room room = SST_SAY_ROOM(bytes);
	sst_json *json = &explain->json;
	sst_explanation words;

	cli_site_explain(&explain->settings, explain->lang, &event->verdict,
	                 event->report.recipient, &room, &words);
	cli_record_open(json);
	sst_json_field(json, "input", event->name);
	cli_record_word(json, "kind", SST_VOCABULARY_KIND, event->report.kind);
	cli_record_report(json, &event->report);
	cli_record_verdict(json, &event->verdict, event->words, event->report.notes);
	cli_words_json(json, words.title, words.text, words.advice);
	sst_json_close(json, '}');
	sst_json_line_end(json);
}

static void take_event(void *context, const cli_event *event)
{
	struct explain *explain = context;

	if (explain->settings.format == CLI_AS_JSON)
		event_json(explain, event);
	else if (!cli_retell(&explain->told, 0, &event->report, &event->verdict, event->words))
		cli_end_without_memory();
}

static void complain_of_event(void *context, unsigned long line, const char *wrong)
{
	struct explain *explain = context;

	fprintf(stderr, "smtpstatus: explain: line %lu: %s\n", line, wrong);
	explain->unknown = true;
}

static void end_events(void *context)
{
	struct explain *explain = context;

	sst__sheet_flush(&explain->sheet);
	cli_text_flush(&explain->out);
	cli_retell_end(&explain->told);
	cli_text_flush(&explain->told.out);
}

static void take_value(void *context, sst_text value, unsigned long line, const char *wrong)
{
	struct explain *explain = context;

	if (wrong != NULL)
		complain_of_event(explain, line, wrong);
	else
		cli_webhook_read(&explain->hook, value, line);
}

static bool take_form(struct explain *explain, sst_text line)
{
	if (!cli_webhook_form(&explain->hook, line, explain->values.line + 1))
		return false;
	explain->values.line++;
	return true;
}

static void prepare_events(struct explain *explain)
{
	explain->values.take = take_value;
	explain->values.context = explain;
	explain->hook = (cli_webhook){&explain->settings, take_event, complain_of_event, end_events,
	                              explain};
	explain->reading = (cli_reading){
	        .settings = explain->settings, .lang = explain->lang, .explain = true};
	cli_retell_init(&explain->told, &explain->reading);
	cli_text_init(&explain->told.out, cli_stdout_write, NULL);
}

/* Texts and codes
 * -------------------------------------------------------------------------------- */

static bool explain_line(void *context, sst_text line, bool cut)
{
	struct explain *explain = context;

	if (explain->from == SST_OUTSIDE_WEBHOOK &&
	    (take_form(explain, line) || cli_values_line(&explain->values, line, cut)))
		return !explain->json.failed && !explain->out.failed && !explain->told.out.failed;
	if (explain->from < 0)
		cli_answer_text(&explain->answer, &explain->settings, explain->lang, line);
	else
		explain_outside(explain, line);
	if (cut)
		explain->answer.notes |= SST_NOTE_TRUNCATED;
	if (explain->settings.format == CLI_AS_JSON)
		cli_answer_json(&explain->answer, &explain->json);
	else
		cli_answer_page(&explain->answer, &explain->sheet);
	return !explain->json.failed && !explain->out.failed;
}

/* Whoever feeds us line by line waits for the answer. */
static void write_out(void *context)
{
	struct explain *explain = context;

	sst__sheet_flush(&explain->sheet);
	cli_text_flush(&explain->out);
	sst_json_flush(&explain->json);
}

static int explain_stdin(struct explain *explain)
{
	cli_line_calls calls = {explain_line, write_out, explain};
	int status = cli_lines_read(STDIN_FILENO, "-", &calls);

	cli_values_end(&explain->values);
	return status;
}

/* An event may have lines. */
static void explain_argument(struct explain *explain, sst_text text)
{
	bool event = text.len > 0 && (text.ptr[0] == '{' || text.ptr[0] == '[');

	if (explain->from == SST_OUTSIDE_WEBHOOK && event)
		cli_webhook_read(&explain->hook, text, 1);
	else
		explain_line(explain, text, false);
}

static int take_from(struct explain *explain, const char *value)
{
	explain->from = sst_outside_kind_find((sst_text){value, strlen(value)});
	if (explain->from >= 0)
		return EXIT_DONE;
	return cli_usage_error(&usage, "--from is errno, sysexits, dns, tls, x400 or webhook");
}

int cli_explain(int argc, char **argv)
{
	static struct explain explain;
	const char *value;
	int id, status = EXIT_DONE, worst = EXIT_DONE;

	explain.from = -1;
	while ((id = cli_options_next(&usage, argc, argv, &value, &status)) > 0) {
		if (id == OPT_FROM)
			status = take_from(&explain, value);
		else
			cli_settings_take(&explain.settings, &usage, id, value, &status);
		if (status != EXIT_DONE)
			return status;
	}
	if (id == CLI_OPTIONS_STOP)
		return status;
	cli_settings_ready(&explain.settings);
	explain.lang = cli_tongue(explain.settings.lang);
	cli_text_init(&explain.out, cli_stdout_write, NULL);
	explain.how = cli_screen(&explain.settings, explain.lang, &explain.out);
	sst__sheet_init(&explain.sheet, &explain.how);
	sst__sheet_open(&explain.sheet);
	sst_json_init(&explain.json, explain.buffer, sizeof explain.buffer, cli_stdout_write, NULL);
	prepare_events(&explain);
	if (optind == argc)
		worst = explain_stdin(&explain);
	for (int i = optind; i < argc; i++) {
		status = EXIT_DONE;
		if (strcmp(argv[i], "-") == 0)
			status = explain_stdin(&explain);
		else
			explain_argument(&explain, (sst_text){argv[i], strlen(argv[i])});
		if (status > worst)
			worst = status;
	}
	sst__sheet_close(&explain.sheet);
	write_out(&explain);
	if (explain.unknown && worst == EXIT_DONE)
		worst = EXIT_PARTLY;
	status = cli_stdout_status();
	return status != EXIT_DONE ? status : worst;
}
