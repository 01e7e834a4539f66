/* SPDX-License-Identifier: MIT
 * cli/track.c - smtpstatus track: what became of each message, from the servers' logs. */
#include "cli/bounces.h"
#include "cli/cli.h"
#include "cli/complaint.h"
#include "cli/delivery.h"
#include "cli/logs.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/spill.h"
#include "cli/settings.h"
#include "cli/sheaf.h"
#include "cli/site.h"
#include "cli/story.h"
#include "cli/story_page.h"
#include "cli/tongue.h"
#include "cli/unknown.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	JSON = 1,
	FORMAT,
	ATTEMPTS,
	TYPE,
	MESSAGE,
	RECIPIENT,
	SENDER,
	FOLLOW,
	POSITION,
	OUTPUT,
	FINISH,
	UNKNOWN,
	PATIENCE,
	PATIENCE_DAYS,
	ZONE,
	SAVE_EVERY,
	BOUNCES,
	JOBS,
	EXPLAIN
};

static const cli_option options[] = {
        {JSON, 'j', "json", NULL, "JSON Lines, one record a line: smtpstatus-json(5)"},
        {FORMAT, 0, "format", "FORMAT", "text, json or tsv; of a story html or markdown, too"},
        {EXPLAIN, 'e', "explain", NULL, "with title, explanation and advice"},
        CLI_ROW_LANG,
        CLI_ROW_FOR,
        {ATTEMPTS, 'a', "attempts", NULL, "every attempt and refusal, not the deliveries"},
        {TYPE, 't', "type", "SERVER", "whose logs they are, where they don't say it"},
        {TYPE, 0, "format-name", "SERVER", "the same"},
        {MESSAGE, 'm', "message", "ID", "the story of one message, by Message-ID or queue id"},
        {RECIPIENT, 'r', "recipient", "ADDRESS", "the story of what was sent to an address"},
        {SENDER, 's', "sender", "ADDRESS", "the story of what an address sent"},
        {FOLLOW, 'f', "follow", NULL, "wait for more, also behind a rename of the log"},
        {POSITION, 'p', "position", "FILE",
         "go on where the last run stopped, and keep it in FILE"},
        {OUTPUT, 'o', "output", "FILE", "append to FILE; with --position nothing comes twice"},
        {FINISH, 0, "finish", NULL, "with --position: what is still queued, too"},
        {SAVE_EVERY, 0, "save-every", "BYTES",
         "with --position: save after so many bytes (8388608)"},
        {BOUNCES, 'b', "bounces", "PATH", "join bounces that came back as mails, below PATH"},
        {UNKNOWN, 'u', "unknown", NULL, "lines that were not understood, one of a shape"},
        {PATIENCE, 0, "patience", "N", "so many temporary answers are final (5)"},
        {PATIENCE_DAYS, 0, "patience-days", "DAYS", "or those of so many days (2)"},
        {ZONE, 0, "zone", "+HH:MM", "for stamps without a zone (the machine's)"},
        {JOBS, 'J', "jobs", "N", "threads; without it as many as there are cores"},
        CLI_ROW_CODES,
        CLI_ROW_RULES,
        CLI_ROW_VOCABULARY,
        {0, 0, NULL, NULL, NULL},
};

static const cli_usage usage = {
        "track",
        "[OPTION...] [LOG...]",
        "Follows every message through the logs of mail servers to its fate, one record for each\n"
        "message and recipient. Rotated sets are read in order; no LOG or '-' is standard input.\n",
        options,
        "  smtpstatus track --json /var/log/mail.log*\n"
        "  smtpstatus track --recipient bob@example.org /var/log/mail.log\n"
        "  smtpstatus track --position pos --output out.json --json /var/log/mail.log*\n",
};

struct track {
	cli_logs logs;
	sst_tracker *tracker;
	position where;
	story_query query;
	unknown_lines unknown;
	const char *position_path, *output_path, *bounces_path;
	cli_bounces *bounces;
	int output;
	bool attempts, explain, finish, show_unknown, output_failed;
	enum { AS_TEXT, AS_JSON, AS_TSV, AS_PAGE } format;
	cli_settings settings;
	const sst_lang *lang;
	story_page page;
	uint32_t patience;
	int64_t patience_time;
	sst_json json;
	cli_text text;
	char buffer[65536];
	/* For several threads: what is set aside now, and sheaves to be used again. */
	cli_sheaf *now, *spare;
	pthread_mutex_t mutex; /* of spare */
};

/* Output
 * ------------------------------------------------------------------------------------------- */

static bool write_output(void *context, const char *bytes, size_t len)
{
	struct track *track = context;

	if (track->output < 0)
		return cli_stdout_write(NULL, bytes, len);
	if (track->output_failed || !cli_write_all(track->output, bytes, len)) {
		if (!track->output_failed)
			cli_complain_errno(track->output_path);
		track->output_failed = true;
		return false;
	}
	track->where.output += len;
	return true;
}

static bool flush(struct track *track)
{
	return sst_json_flush(&track->json) && cli_text_flush(&track->text);
}

/* Opens the output; what a killed run wrote after its position was saved is cut off again. */
static int open_output(struct track *track)
{
	struct stat info;

	track->output = -1;
	if (track->output_path == NULL)
		return EXIT_DONE;
	track->output = open(track->output_path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (track->output < 0 || fstat(track->output, &info) != 0)
		goto done;
	if (track->where.loaded && (uint64_t)info.st_size < track->where.output) {
		fprintf(stderr, "smtpstatus: %s is shorter than %s says: it goes on at its end\n",
		        track->output_path, track->position_path);
		track->where.output = (uint64_t)info.st_size;
	}
	if (!track->where.loaded) /* what is there already stays */
		track->where.output = (uint64_t)info.st_size;
	else if (S_ISREG(info.st_mode) && ftruncate(track->output, (off_t)track->where.output) != 0)
		goto done;
	if (S_ISREG(info.st_mode) && lseek(track->output, (off_t)track->where.output, SEEK_SET) < 0)
		goto done;
	return EXIT_DONE;
done:
	cli_complain_errno(track->output_path);
	return EXIT_SYSTEM;
}

/* Judges a delivery and writes it in its form. `track` is only looked at: several threads may be
 * here. */
static void write_to(struct track *track, const sst_delivery *delivery, const cli_bounce *bounce,
                     sst_json *json, cli_text *text)
{
	char bytes[SST_SAY_ROOM_SIZE];
	sst_say_room room = SST_SAY_ROOM(bytes);
	sst_explanation words;
	cli_verdict verdict;

	cli_delivery_judge(&track->settings, delivery, &verdict);
	verdict.bounce = bounce;
	if (cli_keeps_coming_back(delivery, track->patience, track->patience_time))
		cli_delivery_raise(&verdict);
	if (track->explain) {
		cli_site_explain(&track->settings, track->lang, &verdict.verdict,
		                 delivery->recipient, &room, &words);
		verdict.words = &words;
	}
	if (track->format == AS_JSON)
		cli_delivery_json(json, delivery, &verdict,
		                  cli_logs_name(&track->logs, delivery->file));
	else if (track->format == AS_PAGE)
		story_page_add(&track->page, delivery, &verdict);
	else if (track->format == AS_TSV)
		cli_delivery_tsv(text, delivery, &verdict);
	else
		cli_delivery_text(text, delivery, &verdict, track->settings.columns);
}

static void write_delivery(void *context, const sst_delivery *delivery)
{
	struct track *track = context;
	const cli_bounce *bounce =
	        track->bounces == NULL ? NULL : cli_bounce_of(track->bounces, delivery);
	sst_delivery changed;

	if (track->logs.gathers) {
		cli_sheaf_add(track->now, delivery);
		return;
	}
	if (bounce != NULL) {
		changed = *delivery;
		cli_bounce_apply(bounce, &changed);
		delivery = &changed;
	}
	write_to(track, delivery, bounce, &track->json, &track->text);
}

/* Sheaves
 * ------------------------------------------------------------------------------------------ */

static cli_sheaf *spare_sheaf(struct track *track)
{
	cli_sheaf *sheaf;

	pthread_mutex_lock(&track->mutex);
	sheaf = track->spare;
	if (sheaf != NULL)
		track->spare = sheaf->next;
	pthread_mutex_unlock(&track->mutex);
	return sheaf == NULL ? cli_sheaf_new() : sheaf;
}

static void *bundle(void *context)
{
	struct track *track = context;
	cli_sheaf *done = track->now;

	track->now = spare_sheaf(track);
	return done;
}

static void shape(void *context, void *bundle)
{
	struct track *track = context;
	cli_sheaf *sheaf = bundle;
	char buffer[16384];
	cli_text text;
	sst_json json;

	sst_json_init(&json, buffer, sizeof buffer, cli_sheaf_write, sheaf);
	cli_text_init(&text, cli_sheaf_write, sheaf);
	for (size_t i = 0; i < sheaf->count; i++)
		write_to(track, &sheaf->deliveries[i], NULL, &json, &text);
	sheaf->failed = !sst_json_flush(&json) || !cli_text_flush(&text) || sheaf->failed;
}

static bool deliver(void *context, void *bundle)
{
	struct track *track = context;
	cli_sheaf *sheaf = bundle;
	bool good = !sheaf->failed && flush(track) &&
	            (sheaf->out_len == 0 || write_output(track, sheaf->out, sheaf->out_len));

	cli_sheaf_clear(sheaf);
	pthread_mutex_lock(&track->mutex);
	sheaf->next = track->spare;
	track->spare = sheaf;
	pthread_mutex_unlock(&track->mutex);
	return good;
}

/* Deliveries are written by whichever thread is free. Bounces are joined in the order in which they
 * come. */
static void share_writing(struct track *track)
{
	if (track->bounces != NULL || track->attempts)
		return;
	pthread_mutex_init(&track->mutex, NULL);
	track->now = cli_sheaf_new();
	track->logs.bundle = bundle;
	track->logs.shape = track->now == NULL ? NULL : shape;
	track->logs.deliver = deliver;
}

static void free_sheaves(struct track *track)
{
	cli_sheaf_free(track->now);
	while (track->spare != NULL) {
		cli_sheaf *next = track->spare->next;

		cli_sheaf_free(track->spare);
		track->spare = next;
	}
}

static bool take_events(void *context, const sst_event *events, size_t count)
{
	struct track *track = context;
	sst_delivery delivery;

	if (track->logs.gathers)
		return track->now != NULL && sst_tracker_take_all(track->tracker, events, count);
	if (!track->attempts && !sst_tracker_take_all(track->tracker, events, count))
		return false;
	for (size_t i = 0; track->attempts && i < count; i++) {
		if (events[i].kind != SST_EVENT_ATTEMPT && events[i].kind != SST_EVENT_REFUSED)
			continue;
		cli_delivery_of_event(&events[i], &delivery);
		write_delivery(track, &delivery);
	}
	return !track->json.failed && !track->text.failed;
}

/* The output is on the disk before the position that counts on it. */
static bool rest(void *context, sst_log *log, bool idle)
{
	struct track *track = context;

	if (idle && track->logs.follow && !track->attempts &&
	    !sst_tracker_wait(track->tracker, (int64_t)time(NULL) * 1000000))
		return false;
	if ((track->logs.follow || track->position_path != NULL) && !flush(track))
		return false;
	if (track->position_path == NULL ||
	    (idle && track->where.saved_output == track->where.output))
		return true;
	if (track->output >= 0 && fsync(track->output) != 0 && errno != EINVAL) {
		cli_complain_errno(track->output_path);
		return false;
	}
	track->where.saved_output = track->where.output;
	return position_save(&track->where, log, track->tracker);
}

/* Running
 * ------------------------------------------------------------------------------------------ */

static int load_position(struct track *track)
{
	if (!position_load(&track->where, track->position_path))
		return EXIT_SYSTEM;
	track->logs.where = &track->where;
	if (!track->where.loaded ||
	    sst_tracker_load(track->tracker, track->where.tracker).err == SST_OK)
		return EXIT_DONE;
	cli_complain(track->position_path, "its messages are damaged or another version's", NULL,
	             "take it away to begin anew");
	return EXIT_SYSTEM;
}

/* Without --position the end of the log is the end: what is queued is given out as such. */
static bool finish(struct track *track)
{
	bool last = track->position_path == NULL || track->finish;

	if (last && !sst_tracker_finish(track->tracker))
		return false;
	if (!flush(track))
		return false;
	return track->position_path == NULL || !track->finish || unlink(track->position_path) == 0;
}

static int run(struct track *track)
{
	sst_tracker_options tracker = {.size = sizeof tracker};
	int status = EXIT_DONE;

	tracker.delivery = write_delivery;
	tracker.context = track;
	tracker.spill = cli_spill;
	tracker.unspill = cli_unspill;
	track->tracker = sst_tracker_new(&tracker);
	if (track->tracker == NULL)
		return cli_no_memory();
	if (track->position_path != NULL)
		status = load_position(track);
	if (status == EXIT_DONE)
		status = open_output(track);
	if (status == EXIT_DONE) {
		track->logs.take = take_events;
		if (track->logs.follow || track->position_path != NULL)
			track->logs.rest = rest;
		track->logs.context = track;
		share_writing(track);
		status = cli_logs_read(&track->logs);
		if (status != EXIT_SYSTEM && !finish(track))
			status = EXIT_SYSTEM;
	}
	free_sheaves(track);
	position_free(&track->where);
	sst_tracker_free(track->tracker);
	return status;
}

static int tell(struct track *track)
{
	int status = open_output(track);
	bool lines = track->format == AS_TEXT;

	for (unsigned i = 0; i < track->logs.count; i++)
		if (strcmp(track->logs.files[i].path, "-") == 0)
			return cli_usage_error(&usage,
			                       "a story is read more than once: name files");
	if (track->format == AS_PAGE)
		story_page_open(&track->page, &track->settings, track->lang, write_output, track);
	if (status == EXIT_DONE)
		status = story_tell(&track->logs, &track->query, &track->settings,
		                    lines ? NULL : write_delivery, track,
		                    lines ? &track->text : NULL);
	if (track->format == AS_PAGE)
		story_page_close(&track->page);
	flush(track);
	return status;
}

static bool read_zone(const char *value, int16_t *zone)
{
	size_t len = strlen(value);
	int hours, minutes;

	if (len != 6 || (value[0] != '+' && value[0] != '-') || value[3] != ':')
		return false;
	for (unsigned i = 1; i < 6; i++)
		if (i != 3 && (value[i] < '0' || value[i] > '9'))
			return false;
	hours = (value[1] - '0') * 10 + value[2] - '0';
	minutes = (value[4] - '0') * 10 + value[5] - '0';
	*zone = (int16_t)((value[0] == '-' ? -1 : 1) * (hours * 60 + minutes));
	return hours < 24 && minutes < 60;
}

static int take_format(struct track *track, const char *value)
{
	if (strcmp(value, "json") == 0)
		track->format = AS_JSON;
	else if (strcmp(value, "tsv") == 0)
		track->format = AS_TSV;
	else if (strcmp(value, "text") == 0)
		track->format = AS_TEXT;
	else if (strcmp(value, "html") == 0 || strcmp(value, "markdown") == 0) {
		track->format = AS_PAGE;
		track->settings.format = *value == 'h' ? CLI_AS_HTML : CLI_AS_MARKDOWN;
	} else
		return cli_usage_error(
		        &usage, "--format is text, json, tsv, html or markdown, not '%s'", value);
	return EXIT_DONE;
}

static int take_number(struct track *track, int id, const char *value)
{
	unsigned long number;
	int status;

	if (id == JOBS)
		return cli_take_jobs(&usage, id, value, &track->logs.jobs);
	status = id == SAVE_EVERY ? cli_take_number(&usage, id, value, 1, ULONG_MAX, &number)
	                          : cli_take_number(&usage, id, value, 0, 100000, &number);
	if (status != EXIT_DONE)
		return status;
	if (id == SAVE_EVERY)
		track->logs.rest_bytes = number;
	else if (id == PATIENCE)
		track->patience = (uint32_t)number;
	else
		track->patience_time = (int64_t)number * 86400 * 1000000;
	return EXIT_DONE;
}

static int take_option(struct track *track, int id, const char *value)
{
	sst_text text = {value, value == NULL ? 0 : strlen(value)};

	switch (id) {
	case JSON:
		track->format = AS_JSON;
		break;
	case FORMAT:
		return take_format(track, value);
	case ATTEMPTS:
		track->attempts = true;
		break;
	case TYPE:
		return cli_logs_take_type(&usage, value, &track->logs.options.server);
	case MESSAGE:
		track->query.message_id = text;
		break;
	case RECIPIENT:
		track->query.recipient = text;
		break;
	case SENDER:
		track->query.sender = text;
		break;
	case FOLLOW:
		track->logs.follow = true;
		break;
	case POSITION:
		track->position_path = value;
		break;
	case OUTPUT:
		track->output_path = value;
		break;
	case BOUNCES:
		track->bounces_path = value;
		break;
	case EXPLAIN:
		track->explain = true;
		break;
	case FINISH:
		track->finish = true;
		break;
	case UNKNOWN:
		track->show_unknown = true;
		break;
	case ZONE:
		if (!read_zone(value, &track->logs.options.zone))
			return cli_usage_error(&usage, "--zone: '%s' is not like +02:00", value);
		break;
	default:
		return take_number(track, id, value);
	}
	return EXIT_DONE;
}

/* Stamps without a zone are the machine's. */
static int16_t local_zone(void)
{
	time_t now = time(NULL);
	struct tm local;

	return localtime_r(&now, &local) == NULL ? 0 : (int16_t)(local.tm_gmtoff / 60);
}

static int run_unknown(struct track *track)
{
	track->logs.options.unknown = unknown_take;
	track->logs.options.context = &track->unknown;
	track->logs.take = unknown_events;
	int status = cli_logs_read(&track->logs);

	unknown_write(&track->unknown, &track->logs, &track->text);
	cli_text_flush(&track->text);
	return status;
}

static int start(struct track *track)
{
	int read = EXIT_DONE, status;
	bool story = track->query.message_id.ptr != NULL || track->query.recipient.ptr != NULL ||
	             track->query.sender.ptr != NULL;

	if (track->position_path != NULL && (story || track->show_unknown || track->attempts))
		return cli_usage_error(&usage, "--position goes with deliveries only");
	if (track->bounces_path != NULL && (track->attempts || track->show_unknown))
		return cli_usage_error(&usage, "--bounces goes with deliveries only");
	if (track->logs.follow && (story || track->show_unknown))
		return cli_usage_error(&usage, "--follow does not go with a story or --unknown");
	if (track->format == AS_PAGE && (!story || track->attempts))
		return cli_usage_error(&usage, "html and markdown are for a story: --message, "
		                               "--recipient or --sender");
	sst_json_init(&track->json, track->buffer, sizeof track->buffer, write_output, track);
	cli_text_init(&track->text, write_output, track);
	if (track->show_unknown) {
		track->output = -1;
		return run_unknown(track);
	}
	if (track->bounces_path != NULL) {
		track->bounces = cli_bounces_read(track->bounces_path, &read);
		if (track->bounces == NULL)
			return cli_no_memory();
	}
	status = story ? tell(track) : run(track);
	return status == EXIT_DONE ? read : status;
}

int cli_track(int argc, char **argv)
{
	static struct track track;
	const char *value;
	int id, status = EXIT_DONE;

	track.logs.options.size = sizeof track.logs.options;
	track.logs.options.zone = local_zone();
	track.patience = 5;
	track.patience_time = (int64_t)2 * 86400 * 1000000;
	while ((id = cli_options_next(&usage, argc, argv, &value, &status)) > 0) {
		if (!cli_settings_take(&track.settings, &usage, id, value, &status))
			status = take_option(&track, id, value);
		if (status != EXIT_DONE)
			return status;
	}
	if (id == CLI_OPTIONS_STOP)
		return status;
	cli_settings_ready(&track.settings);
	track.lang = cli_tongue(track.settings.lang);
	track.query.lang = track.explain ? track.lang : NULL;
	if (!cli_logs_list(&track.logs, argv + optind, (unsigned)(argc - optind)))
		return cli_no_memory();
	status = start(&track);
	if (cli_stdout_status() != EXIT_DONE || track.output_failed)
		status = EXIT_SYSTEM;
	else if (status == EXIT_SYSTEM && !cli_has_complained())
		cli_no_memory();
	if (track.output > STDERR_FILENO)
		close(track.output);
	cli_bounces_free(track.bounces);
	cli_logs_free(&track.logs);
	return status;
}
