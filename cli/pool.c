/* SPDX-License-Identifier: MIT
 * cli/pool.c - a ring of slots. A slot is handed in, taken by a thread, done, and written when all
 * before it have been. What a slot has to say is kept up to KEPT bytes; a job that says more waits
 * until it is its turn and then writes straight on, so that memory stays flat. */
#include "cli/pool.h"

#include "cli/cli.h"
#include "cli/complaint.h"
#include "cli/output.h"
#include "cli/progress.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEPT 1048576
#define BLOCK 65536

struct bytes {
	char *ptr;
	size_t len, size;
};

struct cli_sink {
	cli_pool *pool;
	uint64_t number; /* of the job */
	void *job;
	struct bytes out;
	bool done;
	bool has_turn; /* all before it are written: write straight on */
};

struct cli_pool {
	const cli_pool_calls *calls;
	void *context;
	unsigned threads, slots;
	pthread_t *ids;
	cli_sink *ring;
	uint64_t added, taken, turn; /* numbers of jobs */
	bool writing, closing, partly, failed;
	void *own_worker; /* with one thread */
	pthread_mutex_t lock;
	pthread_cond_t work, room, turned;
};

static void append(struct bytes *bytes, const char *more, size_t len)
{
	if (bytes->size - bytes->len < len) {
		size_t size = bytes->size == 0 ? BLOCK : bytes->size;
		char *grown;
		while (size - bytes->len < len)
			size *= 2;
		grown = realloc(bytes->ptr, size);
		if (grown == NULL)
			cli_end_without_memory(); /* 2 MB at most: the system has no memory left at
			                             all */
		bytes->ptr = grown;
		bytes->size = size;
	}
	memcpy(bytes->ptr + bytes->len, more, len);
	bytes->len += len;
}

/* Writes what the sink has kept. It is its turn, or there is one thread only. */
static bool write_out(cli_sink *sink)
{
	bool done = sink->out.len == 0 || cli_stdout_write(NULL, sink->out.ptr, sink->out.len);

	sink->out.len = 0;
	return done;
}

static void wait_for_turn(cli_sink *sink)
{
	cli_pool *pool = sink->pool;

	if (sink->has_turn)
		return;
	pthread_mutex_lock(&pool->lock);
	while (pool->turn != sink->number || pool->writing)
		pthread_cond_wait(&pool->turned, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
	sink->has_turn = true;
}

static void set_failed(cli_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->failed = true;
	pthread_mutex_unlock(&pool->lock);
}

static bool has_failed(cli_pool *pool)
{
	bool failed;

	if (pool->threads == 1)
		return pool->failed;
	pthread_mutex_lock(&pool->lock);
	failed = pool->failed;
	pthread_mutex_unlock(&pool->lock);
	return failed;
}

bool cli_sink_write(void *context, const char *bytes, size_t len)
{
	cli_sink *sink = context;
	size_t kept = sink->pool->threads == 1 || sink->has_turn ? BLOCK : KEPT;

	append(&sink->out, bytes, len);
	if (sink->out.len < kept)
		return true;
	if (sink->pool->threads > 1)
		wait_for_turn(sink);
	if (write_out(sink))
		return true;
	set_failed(sink->pool);
	return false;
}

/* What was said before comes out before it, on whichever stream. */
void cli_sink_complain(cli_sink *sink, const char *line)
{
	cli_pool *pool = sink->pool;
	bool fine;

	if (pool->threads > 1)
		wait_for_turn(sink);
	fine = write_out(sink);
	cli_progress_clear();
	cli_write_all(STDERR_FILENO, line, strlen(line));
	cli_write_all(STDERR_FILENO, "\n", 1);
	pthread_mutex_lock(&pool->lock);
	pool->partly = true;
	pool->failed |= !fine;
	pthread_mutex_unlock(&pool->lock);
}

/* With the lock held: writes all that is done and whose turn it is. */
static void write_done(cli_pool *pool)
{
	cli_sink *sink = &pool->ring[pool->turn % pool->slots];

	while (!pool->writing && pool->turn < pool->taken && sink->done) {
		bool fine;
		pool->writing = true;
		pthread_mutex_unlock(&pool->lock);
		fine = write_out(sink);
		pthread_mutex_lock(&pool->lock);
		pool->writing = false;
		pool->failed |= !fine;
		sink->done = false;
		pool->turn++;
		sink = &pool->ring[pool->turn % pool->slots];
		pthread_cond_broadcast(&pool->turned);
		pthread_cond_signal(&pool->room);
	}
}

static void *work(void *context)
{
	cli_pool *pool = context;
	void *worker = pool->calls->worker_new(pool->context);

	if (worker == NULL)
		cli_end_without_memory();
	pthread_mutex_lock(&pool->lock);
	for (;;) {
		cli_sink *sink;
		while (pool->taken == pool->added && !pool->closing)
			pthread_cond_wait(&pool->work, &pool->lock);
		if (pool->taken == pool->added)
			break;
		sink = &pool->ring[pool->taken % pool->slots];
		pool->taken++;
		pthread_mutex_unlock(&pool->lock);
		pool->calls->run(worker, sink->job, sink);
		pthread_mutex_lock(&pool->lock);
		sink->done = true;
		write_done(pool);
	}
	pthread_mutex_unlock(&pool->lock);
	pool->calls->worker_free(worker);
	return NULL;
}

static bool start_threads(cli_pool *pool)
{
	unsigned started = 0;

	pool->ids = calloc(pool->threads, sizeof *pool->ids);
	while (pool->ids != NULL && started < pool->threads &&
	       pthread_create(&pool->ids[started], NULL, work, pool) == 0)
		started++;
	pool->threads = started;
	return started > 0;
}

cli_pool *cli_pool_new(unsigned threads, const cli_pool_calls *calls, void *context)
{
	cli_pool *pool = calloc(1, sizeof *pool);

	if (pool == NULL)
		return NULL;
	pool->calls = calls;
	pool->context = context;
	pool->threads = threads == 0 ? 1 : threads;
	pool->slots = 4 * pool->threads;
	pool->ring = calloc(pool->slots, sizeof *pool->ring);
	if (pool->ring == NULL)
		return NULL;
	for (unsigned i = 0; i < pool->slots; i++)
		pool->ring[i].pool = pool;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->work, NULL);
	pthread_cond_init(&pool->room, NULL);
	pthread_cond_init(&pool->turned, NULL);
	if (pool->threads > 1)
		return start_threads(pool) ? pool : NULL;
	pool->own_worker = calls->worker_new(context);
	return pool->own_worker == NULL ? NULL : pool;
}

bool cli_pool_add(cli_pool *pool, void *job)
{
	cli_sink *sink;

	if (pool->own_worker != NULL) {
		pool->calls->run(pool->own_worker, job, &pool->ring[0]);
		return !pool->failed;
	}
	pthread_mutex_lock(&pool->lock);
	while (pool->added - pool->turn >= pool->slots)
		pthread_cond_wait(&pool->room, &pool->lock);
	sink = &pool->ring[pool->added % pool->slots];
	sink->job = job;
	sink->number = pool->added++;
	sink->has_turn = false;
	pthread_cond_signal(&pool->work);
	pthread_mutex_unlock(&pool->lock);
	return !has_failed(pool);
}

int cli_pool_finish(cli_pool *pool)
{
	int status;

	if (pool->own_worker != NULL) {
		write_out(&pool->ring[0]);
		pool->calls->worker_free(pool->own_worker);
	} else {
		pthread_mutex_lock(&pool->lock);
		pool->closing = true;
		pthread_cond_broadcast(&pool->work);
		pthread_mutex_unlock(&pool->lock);
		for (unsigned i = 0; i < pool->threads; i++)
			pthread_join(pool->ids[i], NULL);
		pthread_mutex_lock(&pool->lock);
		write_done(pool);
		pthread_mutex_unlock(&pool->lock);
	}
	status = cli_stdout_status();
	if (status == EXIT_DONE && pool->partly)
		status = EXIT_PARTLY;
	for (unsigned i = 0; i < pool->slots; i++)
		free(pool->ring[i].out.ptr);
	free(pool->ring);
	free(pool->ids);
	free(pool);
	return status;
}
