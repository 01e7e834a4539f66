/* SPDX-License-Identifier: MIT
 * cli/track.c - smtpstatus track: what became of each message, from the servers' logs. */
#include "cli/cli.h"
#include "cli/delivery.h"
#include "cli/logs.h"
#include "cli/options.h"
#include "cli/output.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTION_JSON = 1, OPTION_ATTEMPTS, OPTION_TYPE };

static const cli_option options[] = {
        {OPTION_JSON, 'j', "json", NULL, "JSON Lines, one record a line: smtpstatus-json(5)"},
        {OPTION_ATTEMPTS, 'a', "attempts", NULL, "every attempt, not the deliveries"},
        {OPTION_TYPE, 't', "type", "SERVER", "whose logs they are, where they don't say it"},
        {0, 0, NULL, NULL, NULL},
};

static const cli_usage usage = {
        "track",
        "[OPTION...] [LOG...]",
        "Follows every message through the logs of mail servers to its fate, one record for each\n"
        "message and recipient. Rotated sets are read in order; no LOG or '-' is standard input.\n",
        options,
        "  smtpstatus track --json /var/log/mail.log*\n",
};

struct track {
	cli_logs logs;
	sst_tracker *tracker;
	bool attempts;
	sst_json json;
	char buffer[65536];
};

static void write_delivery(void *context, const sst_delivery *delivery)
{
	struct track *track = context;
	cli_verdict verdict;

	cli_delivery_judge(NULL, delivery, &verdict);
	cli_delivery_json(&track->json, delivery, &verdict,
	                  cli_logs_name(&track->logs, delivery->file));
}

static bool take_event(void *context, const sst_event *event)
{
	struct track *track = context;
	sst_delivery delivery;

	if (!track->attempts)
		return sst_tracker_take(track->tracker, event) && !track->json.failed;
	if (event->kind != SST_EVENT_ATTEMPT && event->kind != SST_EVENT_REFUSED)
		return true;
	cli_delivery_of_event(event, &delivery);
	write_delivery(track, &delivery);
	return !track->json.failed;
}

static int run(struct track *track)
{
	sst_tracker_options tracker = {.size = sizeof tracker};
	int status;

	tracker.delivery = write_delivery;
	tracker.context = track;
	track->tracker = sst_tracker_new(&tracker);
	if (track->tracker == NULL)
		return EXIT_SYSTEM;
	track->logs.take = take_event;
	track->logs.context = track;
	sst_json_init(&track->json, track->buffer, sizeof track->buffer, cli_stdout_write, NULL);
	status = cli_logs_read(&track->logs);
	if (status != EXIT_SYSTEM && !sst_tracker_finish(track->tracker))
		status = EXIT_SYSTEM;
	sst_json_flush(&track->json);
	if (cli_stdout_status() != EXIT_DONE)
		status = EXIT_SYSTEM;
	sst_tracker_free(track->tracker);
	return status;
}

int cli_track(int argc, char **argv)
{
	static struct track track;
	const char *value;
	int id, status = EXIT_DONE, server;

	track.logs.options.size = sizeof track.logs.options;
	while ((id = cli_options_next(&usage, argc, argv, &value, &status)) > 0) {
		if (id == OPTION_ATTEMPTS)
			track.attempts = true;
		if (id != OPTION_TYPE)
			continue;
		server = sst_server_find((sst_text){value, strlen(value)});
		if (server < 0)
			return cli_usage_error(&usage, "--type: there is no server '%s'", value);
		track.logs.options.server = (sst_server)server;
	}
	if (id == CLI_OPTIONS_STOP)
		return status;
	if (!cli_logs_list(&track.logs, argv + optind, (unsigned)(argc - optind)))
		return EXIT_SYSTEM;
	status = run(&track);
	cli_logs_free(&track.logs);
	return status;
}
