/* SPDX-License-Identifier: MIT
 * cli/report.c - smtpstatus report: the figures of the mail servers' logs. */
#include "cli/report.h"

#include "cli/cli.h"
#include "cli/complaint.h"
#include "cli/file.h"
#include "cli/logs.h"
#include "cli/options.h"
#include "cli/settings.h"
#include "cli/spill.h"
#include "cli/tongue.h"
#include "cli/vocabulary.h"

#include <smtpstatus/words.h>

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#ifdef SST_HAVE_PSL
#include <libpsl.h>
#endif

enum { JSON = 1, FORMAT, TYPE, TOP, COMPARE, ALERT, ATTEMPTS, DAYS, JOBS, MOST_ALERTS = 64 };

static const cli_option options[] = {
        {JSON, 'j', "json", NULL, "one JSON object: smtpstatus-json(5)"},
        {FORMAT, 'f', "format", "FORMAT", "text, json, csv, prometheus or html"},
        {TYPE, 't', "type", "SERVER", "whose logs they are, where they don't say it"},
        {TOP, 'n', "top", "N", "rows of a table (20; json and csv: 1000)"},
        {COMPARE, 'c', "compare", "LOG", "show the change since LOG; may be given again"},
        {ALERT, 'a', "alert", "RULE", "exit 1 if crossed: 'category=rate-limited > 5 %'"},
        {ATTEMPTS, 0, "patience", "N", "so many temporary answers are final (5)"},
        {DAYS, 0, "patience-days", "DAYS", "or those of so many days (2)"},
        {JOBS, 'J', "jobs", "N", "threads; without it as many as there are cores"},
        CLI_ROW_LANG,
        CLI_ROW_CODES,
        CLI_ROW_RULES,
        CLI_ROW_VOCABULARY,
        {0, 0, NULL, NULL, NULL},
};

static const cli_usage usage = {
        "report",
        "[OPTION...] [LOG...]",
        "The figures of mail logs: volume, fates, reasons, providers, delays, what waits and what\n"
        "was refused. A recipient counts once, however many hosts a message passes.\n",
        options,
        "  smtpstatus report /var/log/mail.log*\n"
        "  smtpstatus report --format html /var/log/mail.log > report.html\n",
};

struct state {
	mail_report report;
	cli_settings settings;
	sst_tracker *tracker;
	mail_tally *into, *fates; /* what was tried, and what became of it */
	sst_server server;
	unsigned jobs;
	report_writer *writer;
	bool top_given;
	const char *alerts[MOST_ALERTS];
	unsigned alert_count;
	char *earlier[256];
	unsigned earlier_count;
};

static bool take_events(void *context, const sst_event *events, size_t count)
{
	return sst_tracker_take_all(((struct state *)context)->tracker, events, count);
}

static void note_events(void *context, const sst_event *events, size_t count)
{
	tally_events(((struct state *)context)->into, events, count);
}

static void take_delivery(void *context, const sst_delivery *delivery)
{
	tally_delivery(((struct state *)context)->fates, delivery);
}

static void take_message(void *context, const sst_delivery *any, uint32_t recipients)
{
	(void)recipients;
	tally_message(((struct state *)context)->fates, any);
}

#ifdef SST_HAVE_PSL
/* mail.example.co.uk is example.co.uk's. */
static sst_text organisation(sst_text domain)
{
	static _Thread_local char name[256];
	const char *found;

	if (domain.len == 0 || domain.len >= sizeof name || domain.ptr[0] == '(')
		return domain;
	memcpy(name, domain.ptr, domain.len);
	name[domain.len] = '\0';
	found = psl_registrable_domain(psl_builtin(), name);
	return found == NULL ? domain : (sst_text){found, strlen(found)};
}
#endif

/* Attempts and deliveries are counted apart, because two threads may be at it, and put together in
 * the end. */
static int read_logs(struct state *state, char *const *paths, unsigned count, mail_tally *into)
{
	static mail_tally fates;
	sst_tracker_options options_for = {.size = sizeof options_for};
	cli_logs logs = {0};
	int status;

	options_for.delivery = take_delivery;
	options_for.message = take_message;
	options_for.context = state;
	options_for.figures = true;
	options_for.spill = cli_spill;
	options_for.unspill = cli_unspill;
	state->into = into;
	state->fates = &fates;
	if (!tally_init(&fates, &state->settings))
		return EXIT_SYSTEM;
	/* Organisations are found in the end, once for each domain. */
	fates.patience_attempts = into->patience_attempts;
	fates.patience_time = into->patience_time;
	state->tracker = sst_tracker_new(&options_for);
	logs.options.size = sizeof logs.options;
	logs.options.server = state->server;
	logs.take = take_events;
	logs.note = note_events;
	logs.context = state;
	logs.jobs = state->jobs;
	logs.silent = true;
	if (state->tracker == NULL || !cli_logs_list(&logs, paths, count))
		return cli_no_memory();
	status = cli_logs_read(&logs);
	if (status != EXIT_SYSTEM && !sst_tracker_finish(state->tracker))
		status = EXIT_SYSTEM;
	state->report.counts = logs.counts;
	state->report.tracked = sst_tracker_count(state->tracker);
	sst_tracker_free(state->tracker);
	cli_logs_free(&logs);
	tally_add_deliveries(into, &fates);
	tally_free(&fates);
	return status;
}

static bool choose_format(struct state *state, const char *name)
{
	static const struct {
		const char *name;
		report_writer *writer;
		uint32_t top;
	} formats[] = {{"text", report_text, 20},
	               {"json", report_json, 1000},
	               {"csv", report_csv, 1000},
	               {"prometheus", report_prometheus, 0},
	               {"html", report_html, 50}};

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (strcmp(formats[i].name, name) == 0) {
			state->writer = formats[i].writer;
			if (!state->top_given)
				state->report.top = formats[i].top;
			return true;
		}
	return false;
}

static int take_option(struct state *state, int id, const char *value)
{
	unsigned long number = 0;
	int status;

	switch (id) {
	case JSON:
		choose_format(state, "json");
		return EXIT_DONE;
	case FORMAT:
		if (!choose_format(state, value))
			return cli_usage_error(
			        &usage, "--format is text, json, csv, prometheus or html, not '%s'",
			        value);
		return EXIT_DONE;
	case TYPE:
		return cli_logs_take_type(&usage, value, &state->server);
	case COMPARE:
		if (state->earlier_count == 256)
			return cli_usage_error(&usage, "--compare: too many");
		state->earlier[state->earlier_count] = strdup(value);
		return state->earlier[state->earlier_count++] == NULL ? EXIT_SYSTEM : EXIT_DONE;
	case JOBS:
		return cli_take_jobs(&usage, id, value, &state->jobs);
	case ALERT:
		if (state->alert_count == MOST_ALERTS)
			return cli_usage_error(&usage, "--alert: at most %d", MOST_ALERTS);
		state->alerts[state->alert_count++] = value;
		return EXIT_DONE;
	default:
		break;
	}
	status = cli_take_number(&usage, id, value, 0, 100000, &number);
	if (status != EXIT_DONE)
		return status;
	if (id == TOP) {
		state->report.top = (uint32_t)number;
		state->top_given = true;
	} else if (id == ATTEMPTS) {
		state->report.now.patience_attempts = (uint32_t)number;
	} else {
		state->report.now.patience_time = (int64_t)number * 86400 * 1000000;
	}
	return EXIT_DONE;
}

/* Alerts that are wrong are found before hours of logs are read. */
static int check_alerts(const struct state *state)
{
	const char *advice;
	double value;

	for (unsigned i = 0; i < state->alert_count; i++)
		if (report_alert(&state->report,
		                 (sst_text){state->alerts[i], strlen(state->alerts[i])}, &value,
		                 &advice) < 0)
			return cli_usage_error(&usage, "--alert '%s': %s", state->alerts[i],
			                       advice);
	return EXIT_DONE;
}

static bool alarm_crossed(const struct state *state)
{
	bool crossed = false;
	const char *advice;
	double value;

	for (unsigned i = 0; i < state->alert_count; i++)
		if (report_alert(&state->report,
		                 (sst_text){state->alerts[i], strlen(state->alerts[i])}, &value,
		                 &advice) == 1) {
			fprintf(stderr, "smtpstatus: alert: %s (it is %.2f)\n", state->alerts[i],
			        value);
			crossed = true;
		}
	return crossed;
}

sst_text report_word(const mail_report *report, sst_vocabulary vocabulary, unsigned number)
{
	if (report->lang != NULL)
		return sst_say_word(report->lang, vocabulary, number);
	return vocabulary == SST_VOCABULARY_CATEGORY ? cli_category_word((sst_category)number)
	                                             : sst_word(vocabulary, number);
}

static void find_terminal(mail_report *report)
{
	struct winsize size;

	report->columns = 100;
	report->color = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		report->columns = size.ws_col;
}

static int run(struct state *state, char *const *paths, unsigned count)
{
	static cli_text out;
	int status = EXIT_DONE, worst;

	if (state->earlier_count > 0) {
		state->report.compared = true;
		status = read_logs(state, state->earlier, state->earlier_count,
		                   &state->report.before);
	}
	if (status == EXIT_SYSTEM)
		return status;
	worst = read_logs(state, paths, count, &state->report.now);
	worst = worst > status ? worst : status;
	if (worst == EXIT_SYSTEM)
		return cli_has_complained() ? worst : cli_no_memory();
	find_terminal(&state->report);
	cli_text_init(&out, cli_stdout_write, NULL);
	state->writer(&state->report, &out);
	cli_text_flush(&out);
	if (cli_stdout_status() != EXIT_DONE)
		return EXIT_SYSTEM;
	return alarm_crossed(state) && worst == EXIT_DONE ? EXIT_PARTLY : worst;
}

int cli_report(int argc, char **argv)
{
	static struct state state;
	const char *value;
	int id, status = EXIT_DONE;

	if (!tally_init(&state.report.now, &state.settings) ||
	    !tally_init(&state.report.before, &state.settings))
		return cli_no_memory();
#ifdef SST_HAVE_PSL
	state.report.now.organisation = state.report.before.organisation = organisation;
#endif
	choose_format(&state, "text");
	while ((id = cli_options_next(&usage, argc, argv, &value, &status)) > 0) {
		if (!cli_settings_take(&state.settings, &usage, id, value, &status))
			status = take_option(&state, id, value);
		if (status != EXIT_DONE)
			return status;
	}
	if (id == CLI_OPTIONS_STOP)
		return status;
	if (state.settings.lang != NULL)
		state.report.lang = cli_tongue(state.settings.lang);
	status = check_alerts(&state);
	if (status == EXIT_DONE)
		status = run(&state, argv + optind, (unsigned)(argc - optind));
	tally_free(&state.report.now);
	tally_free(&state.report.before);
	for (unsigned i = 0; i < state.earlier_count; i++)
		free(state.earlier[i]);
	return status;
}
