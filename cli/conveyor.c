/* SPDX-License-Identifier: MIT
 * cli/conveyor.c - blocks of a log on several threads, taken in order. */
#include "cli/conveyor.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 8, MOST_THREADS = 8, FEW = 256 };

/* What was done to a block last. */
typedef enum block_state { IDLE, FILLED, READING, READ, TAKEN, SHAPING, SHAPED } block_state;

typedef struct belt_block {
	block_state state;
	char *window; /* CLI_WINDOW bytes */
	size_t len;
	sst_log *log;  /* reads the block ahead of the log */
	bool ahead;    /* and has done so */
	bool is_noted; /* together with being taken */
	sst_event *events;
	size_t count;
	void *bundle;
} belt_block;

struct conveyor {
	conveyor_work work;
	pthread_t threads[MOST_THREADS];
	unsigned thread_count;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	sst_log *log;   /* belongs to who takes */
	sst_log *known; /* how the log stood after the last block that was taken */
	bool fits;      /* and whether it can be read ahead */
	belt_block blocks[BLOCKS];
	unsigned long filled, taken, noted; /* blocks so far */
	bool taking, noting;
	bool ended, failed;
};

static belt_block *block_of(conveyor *belt, unsigned long number)
{
	return &belt->blocks[number % BLOCKS];
}

/* The three things to do. All are called with the mutex held, which is given up meanwhile.
 * ------------------------------------------------------------------------------------------- */

static bool read_one(conveyor *belt)
{
	unsigned long at = belt->taken;
	belt_block *block;

	while (at < belt->filled && block_of(belt, at)->state != FILLED)
		at++;
	if (at == belt->filled)
		return false;
	block = block_of(belt, at);
	block->state = READING;
	block->ahead = belt->fits && sst_log_ahead(block->log, belt->known);
	if (block->ahead) {
		pthread_mutex_unlock(&belt->mutex);
		sst_log_feed(block->log, (sst_text){block->window, block->len}, true);
		block->count = sst_log_events(block->log, SIZE_MAX, &block->events);
		pthread_mutex_lock(&belt->mutex);
	}
	block->state = READ;
	pthread_cond_broadcast(&belt->changed);
	return true;
}

static bool shape_one(conveyor *belt)
{
	unsigned long at = belt->noted;
	belt_block *block;

	while (at < belt->taken && block_of(belt, at)->state != TAKEN)
		at++;
	if (at == belt->taken)
		return false;
	block = block_of(belt, at);
	block->state = SHAPING;
	pthread_mutex_unlock(&belt->mutex);
	belt->work.shape(belt->work.context, block->bundle);
	pthread_mutex_lock(&belt->mutex);
	block->state = SHAPED;
	pthread_cond_broadcast(&belt->changed);
	return true;
}

static bool note(conveyor *belt, const belt_block *block)
{
	return belt->work.note(belt->work.context, block->events, block->count, block->bundle);
}

static bool note_one(conveyor *belt)
{
	const belt_block *block = block_of(belt, belt->noted);
	bool good = true;

	if (belt->noting || belt->noted == belt->taken || block->state != SHAPED)
		return false;
	belt->noting = true;
	if (!block->is_noted) {
		pthread_mutex_unlock(&belt->mutex);
		good = note(belt, block);
		pthread_mutex_lock(&belt->mutex);
	}
	belt->failed = belt->failed || !good;
	belt->noting = false;
	belt->noted++;
	pthread_cond_broadcast(&belt->changed);
	return true;
}

/* The log reads the block itself. Its events may live in the log, so all earlier ones are noted
 * first, and these at once. */
static bool read_again(conveyor *belt, belt_block *block)
{
	bool good = true;

	pthread_mutex_lock(&belt->mutex);
	while (belt->noted < belt->taken)
		if (!note_one(belt) && !shape_one(belt))
			pthread_cond_wait(&belt->changed, &belt->mutex);
	pthread_mutex_unlock(&belt->mutex);
	sst_log_feed(belt->log, (sst_text){block->window, block->len}, true);
	block->is_noted = true;
	while (good && (block->count = sst_log_events(belt->log, FEW, &block->events)) > 0) {
		if (!belt->work.take(belt->work.context, block->events, &block->count,
		                     &block->bundle))
			return false;
		if (block->bundle != NULL)
			belt->work.shape(belt->work.context, block->bundle);
		good = note(belt, block);
		block->bundle = NULL;
	}
	return good;
}

static bool take_block(conveyor *belt, belt_block *block)
{
	uint64_t lines;

	block->is_noted = false;
	if (!block->ahead || !sst_log_adopt(belt->log, block->log, &lines))
		return read_again(belt, block);
	for (size_t i = 0; i < block->count; i++)
		block->events[i].line += lines;
	return belt->work.take(belt->work.context, block->events, &block->count, &block->bundle);
}

static bool take_one(conveyor *belt)
{
	belt_block *block = block_of(belt, belt->taken);
	bool good = !belt->failed;

	if (belt->taking || belt->taken == belt->filled || block->state != READ)
		return false;
	belt->taking = true;
	block->bundle = NULL; /* an earlier block's was delivered, and may be in use again */
	pthread_mutex_unlock(&belt->mutex);
	good = good && take_block(belt, block);
	pthread_mutex_lock(&belt->mutex);
	belt->fits = sst_log_ahead(belt->known, belt->log);
	belt->failed = belt->failed || !good;
	belt->taking = false;
	belt->taken++;
	block->state = block->bundle == NULL ? SHAPED : TAKEN;
	pthread_cond_broadcast(&belt->changed);
	return true;
}

/* Who helps takes rather than reads: the state of all messages stays near its core. */
static bool help(conveyor *belt)
{
	return take_one(belt) || note_one(belt) || shape_one(belt) || read_one(belt);
}

static void *work(void *context)
{
	conveyor *belt = context;

	pthread_mutex_lock(&belt->mutex);
	while (!belt->ended)
		if (!help(belt))
			pthread_cond_wait(&belt->changed, &belt->mutex);
	pthread_mutex_unlock(&belt->mutex);
	return NULL;
}

/* Making
 * ------------------------------------------------------------------------------------------- */

static bool make_blocks(conveyor *belt)
{
	sst_log_options options = {.size = sizeof options};

	belt->known = sst_log_new(&options);
	for (unsigned i = 0; i < BLOCKS; i++) {
		belt->blocks[i].window = malloc(CLI_WINDOW);
		belt->blocks[i].log = sst_log_new(&options);
		if (belt->blocks[i].window == NULL || belt->blocks[i].log == NULL)
			return false;
	}
	return belt->known != NULL;
}

conveyor *conveyor_new(const conveyor_work *with, sst_log *log, unsigned threads)
{
	conveyor *belt = calloc(1, sizeof *belt);

	if (belt == NULL)
		return NULL;
	belt->work = *with;
	belt->log = log;
	pthread_mutex_init(&belt->mutex, NULL);
	pthread_cond_init(&belt->changed, NULL);
	if (make_blocks(belt))
		while (belt->thread_count + 1 < threads && belt->thread_count < MOST_THREADS &&
		       pthread_create(&belt->threads[belt->thread_count], NULL, work, belt) == 0)
			belt->thread_count++;
	if (belt->thread_count > 0)
		return belt;
	conveyor_free(belt);
	return NULL;
}

void conveyor_free(conveyor *belt)
{
	if (belt == NULL)
		return;
	pthread_mutex_lock(&belt->mutex);
	belt->ended = true;
	pthread_cond_broadcast(&belt->changed);
	pthread_mutex_unlock(&belt->mutex);
	for (unsigned i = 0; i < belt->thread_count; i++)
		pthread_join(belt->threads[i], NULL);
	for (unsigned i = 0; i < BLOCKS; i++) {
		free(belt->blocks[i].window);
		sst_log_free(belt->blocks[i].log);
	}
	sst_log_free(belt->known);
	pthread_mutex_destroy(&belt->mutex);
	pthread_cond_destroy(&belt->changed);
	free(belt);
}

/* Use
 * ------------------------------------------------------------------------------------------- */

bool conveyor_fits(conveyor *belt)
{
	bool fits;

	pthread_mutex_lock(&belt->mutex);
	fits = belt->fits = sst_log_ahead(belt->known, belt->log);
	pthread_mutex_unlock(&belt->mutex);
	return fits;
}

bool conveyor_send(conveyor *belt, cli_input *in, size_t len)
{
	belt_block *block = block_of(belt, belt->filled);
	unsigned long waiting = 0;
	bool good;

	pthread_mutex_lock(&belt->mutex);
	while (belt->filled - belt->noted == BLOCKS)
		if (!read_one(belt) && !note_one(belt) && !shape_one(belt) && !take_one(belt))
			pthread_cond_wait(&belt->changed, &belt->mutex);
	pthread_mutex_unlock(&belt->mutex);
	cli_input_trade(in, &block->window, len);
	block->len = len;
	pthread_mutex_lock(&belt->mutex);
	block->state = FILLED;
	belt->filled++;
	pthread_cond_broadcast(&belt->changed);
	/* It is read while it is in the cache, unless there are others who have nothing to do. */
	for (unsigned long at = belt->taken; at < belt->filled; at++)
		waiting += block_of(belt, at)->state == FILLED;
	if (waiting >= belt->thread_count)
		read_one(belt);
	good = !belt->failed;
	pthread_mutex_unlock(&belt->mutex);
	return good;
}

bool conveyor_drain(conveyor *belt)
{
	bool good;

	pthread_mutex_lock(&belt->mutex);
	while (belt->noted != belt->filled)
		if (!help(belt))
			pthread_cond_wait(&belt->changed, &belt->mutex);
	good = !belt->failed;
	pthread_mutex_unlock(&belt->mutex);
	return good;
}
