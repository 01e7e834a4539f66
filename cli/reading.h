/* SPDX-License-Identifier: MIT
 * cli/reading.h - reading mails on the threads of a pool. */
#ifndef SST_CLI_READING_H
#define SST_CLI_READING_H

#include "cli/pool.h"
#include "cli/settings.h"
#include "cli/walk.h"

#include <smtpstatus/say.h>

/* What the user wants; shared by all threads and not changed. */
typedef struct cli_reading {
	cli_settings settings;
	const sst_lang *lang;
	bool all;     /* kinds other and read-receipt too */
	bool explain; /* with title, explanation, advice */
} cli_reading;

/* A job: some files of one folder, a part of one mbox, standard input, or a message for people. */
typedef struct cli_job {
	cli_folder *folder;
	char *names; /* `count` names, one after the other, each ended by NUL */
	size_t names_len, names_size;
	unsigned count;
	struct cli_part *part; /* of the one file that is named */
	bool is_stdin;
	char *problem;
} cli_job;

cli_job *cli_job_new(cli_folder *folder);
void cli_job_add(cli_job *job, const char *name);
cli_job *cli_job_stdin(void);
cli_job *cli_job_problem(char *line); /* takes the line over */

cli_pool *cli_reading_pool(unsigned threads, const cli_reading *reading);

/* If the file is a plain mbox, hands it in in parts of about `part` bytes and sets *split. False if
 * nobody wants output any more. */
bool cli_reading_split(cli_pool *pool, cli_folder *folder, const char *name, uint64_t part,
                       bool *split);

#endif
