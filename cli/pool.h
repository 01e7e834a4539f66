/* SPDX-License-Identifier: MIT
 * cli/pool.h - work spread over threads, its output in the order in which the work was handed in.
 */
#ifndef SST_CLI_POOL_H
#define SST_CLI_POOL_H

#include <smtpstatus.h>

typedef struct cli_pool cli_pool;

/* Where a piece of work writes. */
typedef struct cli_sink cli_sink;

/* Standard output. Has the form that sst_json_init takes: `sink` is a cli_sink. False when standard
 * output failed: stop. */
bool cli_sink_write(void *sink, const char *bytes, size_t len);

/* A line for standard error. It also makes the exit status EXIT_PARTLY. */
void cli_sink_complain(cli_sink *sink, const char *line);

typedef struct cli_pool_calls {
	void *(*worker_new)(void *context); /* once a thread; NULL: no memory */
	void (*worker_free)(void *worker);
	void (*run)(void *worker, void *job, cli_sink *sink); /* does the job and frees it */
} cli_pool_calls;

/* With one thread, jobs run in cli_pool_add itself. NULL: no memory. */
cli_pool *cli_pool_new(unsigned threads, const cli_pool_calls *calls, void *context);

/* Hands in a job; waits while too many are under way. False if nobody wants output any more. */
bool cli_pool_add(cli_pool *pool, void *job);

/* Waits for the end, frees all. EXIT_DONE, EXIT_PARTLY or EXIT_SYSTEM. */
int cli_pool_finish(cli_pool *pool);

#endif
