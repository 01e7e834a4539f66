/* SPDX-License-Identifier: MIT
 * cli/read.c - smtpstatus read: what bounces say, a record for each recipient. This file finds the
 * mails and spreads them over the threads; cli/reading.c reads one. */
#include "cli/cli.h"
#include "cli/complaint.h"
#include "cli/options.h"
#include "cli/pool.h"
#include "cli/progress.h"
#include "cli/reading.h"
#include "cli/screen.h"
#include "cli/settings.h"
#include "cli/tongue.h"
#include "cli/walk.h"
#include "say/sheet.h"

#include <fcntl.h>
#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTION_ALL = 1, OPTION_EXPLAIN, OPTION_JOBS };

static const cli_option options[] = {
        CLI_ROW_JSON,
        CLI_ROW_FORMAT,
        {OPTION_ALL, 'a', "all", NULL, "read receipts and ordinary mail too"},
        {OPTION_EXPLAIN, 'e', "explain", NULL, "with title, explanation and advice"},
        CLI_ROW_LANG,
        CLI_ROW_FOR,
        {OPTION_JOBS, 'J', "jobs", "N", "threads; without it as many as there are cores"},
        CLI_ROW_CODES,
        CLI_ROW_RULES,
        CLI_ROW_VOCABULARY,
        CLI_ROW_COLOR,
        {0, 0, NULL, NULL, NULL},
};

static const cli_usage usage = {
        "read",
        "[OPTION...] [PATH...]",
        "Reads bounces, delivery reports, complaints and automatic answers, and says for each\n"
        "recipient what happened and what to do. PATH is a mail, an mbox, a Maildir, any folder, "
        "or\n"
        "'-' for standard input, as it is without a PATH; gzip, zstd and xz are unpacked.\n",
        options,
        "  smtpstatus read bounce.eml\n"
        "  smtpstatus read --json ~/Maildir /var/mail/bounces.gz\n",
};

/* Files of one job: few enough to share the work out evenly, enough to make the sharing cheap. */
#define BATCH_FILES 32
#define BATCH_BYTES 262144
/* An mbox from this size on is split between the threads, in parts of about this size. */
#define PART_BYTES 1048576

struct gathering {
	cli_pool *pool;
	cli_job *batch; /* not handed in yet */
	uint64_t batch_bytes;
	unsigned jobs;
};

static bool hand_in(struct gathering *gathering)
{
	cli_job *job = gathering->batch;

	gathering->batch = NULL;
	gathering->batch_bytes = 0;
	return job == NULL || cli_pool_add(gathering->pool, job);
}

static bool add_file(void *context, cli_folder *folder, const char *name, uint64_t size)
{
	struct gathering *gathering = context;
	cli_job *job = gathering->batch;

	if (gathering->jobs > 1 && size >= 2 * PART_BYTES) {
		bool split;
		if (!hand_in(gathering))
			return false;
		if (!cli_reading_split(gathering->pool, folder, name, PART_BYTES, &split))
			return false;
		if (split)
			return true;
	}
	if (job != NULL && job->folder != folder && !hand_in(gathering))
		return false;
	if (gathering->batch == NULL)
		gathering->batch = cli_job_new(folder);
	cli_job_add(gathering->batch, name);
	gathering->batch_bytes += size;
	if (gathering->jobs > 1 && gathering->batch_bytes < BATCH_BYTES &&
	    gathering->batch->count < BATCH_FILES)
		return true;
	return hand_in(gathering);
}

static bool add_problem(void *context, char *line)
{
	struct gathering *gathering = context;

	return hand_in(gathering) && cli_pool_add(gathering->pool, cli_job_problem(line));
}

static bool add_stdin(struct gathering *gathering)
{
	return hand_in(gathering) && cli_pool_add(gathering->pool, cli_job_stdin());
}

/* What stands around all of the output. */
static void frame(const cli_reading *reading, void (*part)(sst_sheet *sheet))
{
	cli_text out;
	sst_rendering how = cli_screen(&reading->settings, reading->lang, &out);
	sst_sheet sheet;

	cli_text_init(&out, cli_stdout_write, NULL);
	sst__sheet_init(&sheet, &how);
	part(&sheet);
	sst__sheet_flush(&sheet);
	cli_text_flush(&out);
}

static int run(const cli_reading *reading, unsigned jobs, int count, char **paths)
{
	struct gathering gathering = {.jobs = jobs};
	cli_walk walk = {add_file, add_problem, &gathering, .sizeless = jobs == 1};
	bool goes_on = true;
	int status;

	gathering.pool = cli_reading_pool(jobs, reading);
	if (gathering.pool == NULL) {
		return cli_no_memory();
	}
	frame(reading, sst__sheet_open);
	cli_progress_start("mails", false);
	if (count == 0)
		goes_on = add_stdin(&gathering);
	for (int i = 0; i < count && goes_on; i++)
		goes_on = strcmp(paths[i], "-") == 0 ? add_stdin(&gathering)
		                                     : cli_walk_path(&walk, paths[i]);
	hand_in(&gathering);
	status = cli_pool_finish(gathering.pool);
	cli_progress_clear();
	frame(reading, sst__sheet_close);
	return status == EXIT_DONE ? cli_stdout_status() : status;
}

static unsigned cores(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof set, &set) != 0)
		return 1;
	return (unsigned)CPU_COUNT(&set);
}

int cli_read(int argc, char **argv)
{
	cli_reading reading = {0};
	unsigned jobs = 0;
	const char *value;
	int id, status = EXIT_DONE;

	while ((id = cli_options_next(&usage, argc, argv, &value, &status)) > 0) {
		if (id == OPTION_ALL)
			reading.all = true;
		else if (id == OPTION_EXPLAIN)
			reading.explain = true;
		else if (id == OPTION_JOBS)
			status = cli_take_jobs(&usage, id, value, &jobs);
		else
			cli_settings_take(&reading.settings, &usage, id, value, &status);
		if (status != EXIT_DONE)
			return status;
	}
	if (id == CLI_OPTIONS_STOP)
		return status;
	cli_settings_ready(&reading.settings);
	reading.lang = cli_tongue(reading.settings.lang);
	if (jobs == 0)
		jobs = cores();
	return run(&reading, jobs, argc - optind, argv + optind);
}
