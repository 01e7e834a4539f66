/* SPDX-License-Identifier: MIT
 * cli/logs.h - log files in the order of their lines, given to a reader block by block. */
#ifndef SST_CLI_LOGS_H
#define SST_CLI_LOGS_H

#include "cli/options.h"
#include "cli/position.h"

#include <smtpstatus/track.h>

/* One file of a set. */
typedef struct cli_log_file {
	const char *path; /* "-": standard input */
	const char *base; /* of the set: "mail.log" of "mail.log.2.gz" */
	size_t base_len;
	int64_t age;    /* within the set: larger is older */
	unsigned given; /* place on the command line */
} cli_log_file;

typedef struct cli_logs {
	cli_log_file *files;
	unsigned count;
	sst_log_options options;
	/* What the lines say, in their order, many at a time; false stops. */
	bool (*take)(void *context, const sst_event *events, size_t count);
	/* The same once more, in order too, but perhaps from another thread while further ones are
	 * taken; may be NULL. */
	void (*note)(void *context, const sst_event *events, size_t count);
	/* `shape` is not NULL: while `gathers` is set, `take` may set work aside, and `bundle`
	 * gives it out as a bundle for each call of take. Shape does the work on any thread, in any
	 * order, and deliver brings it to its end in the order of the log; false stops. */
	void *(*bundle)(void *context);
	void (*shape)(void *context, void *bundle);
	bool (*deliver)(void *context, void *bundle);
	bool gathers;
	void *context;
	position *where;     /* go on where it says, and keep it; NULL: no */
	uint64_t rest_bytes; /* rest() is called each time so many were read; 0: 8 MiB */
	bool silent;         /* nothing is written to standard output meanwhile */
	bool follow;         /* wait for more at the end */
	/* The events so far are those of a whole number of lines: the output may be synced and the
	 * position saved; false stops. `idle`: nothing came for a while. May be NULL. */
	bool (*rest)(void *context, sst_log *log, bool idle);
	unsigned jobs;         /* threads; 0: as many as there are cores */
	sst_log_counts counts; /* when done */
} cli_logs;

/* Takes the paths and puts rotated sets in order, oldest first: mail.log.2.gz, mail.log.1,
 * mail.log; maillog-20260301, maillog. False: no memory. */
bool cli_logs_list(cli_logs *logs, char *const *paths, unsigned count);
void cli_logs_free(cli_logs *logs);

/* Takes the value of --type: a server's name. Else wrong usage, which names all there are. */
int cli_logs_take_type(const cli_usage *usage, const char *value, sst_server *server);

/* The path of a file by the number that events bear. */
sst_text cli_logs_name(const cli_logs *logs, uint32_t file);

/* Reads all of them. EXIT_DONE, EXIT_PARTLY (said on stderr what could not be read), EXIT_SYSTEM.
 */
int cli_logs_read(cli_logs *logs);

#endif
