/* SPDX-License-Identifier: MIT
 * cli/conveyor.c - events of whole blocks go from one thread to another, in order. */
#include "cli/conveyor.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BATCHES = 4 };

typedef struct belt_batch {
	char *block;
	size_t block_room;
	sst_event *events;
	size_t count, room;
} belt_batch;

struct conveyor {
	bool (*take)(void *context, const sst_event *event);
	void *context;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	belt_batch batches[BATCHES];
	unsigned long sent, taken; /* batches so far */
	bool ended, failed;
};

static void *work(void *context)
{
	conveyor *belt = context;

	pthread_mutex_lock(&belt->mutex);
	for (;;) {
		belt_batch *batch;
		bool good;

		while (belt->taken == belt->sent && !belt->ended)
			pthread_cond_wait(&belt->changed, &belt->mutex);
		if (belt->taken == belt->sent)
			break;
		batch = &belt->batches[belt->taken % BATCHES];
		good = !belt->failed;
		pthread_mutex_unlock(&belt->mutex);
		for (size_t i = 0; i < batch->count && good; i++)
			good = belt->take(belt->context, &batch->events[i]);
		pthread_mutex_lock(&belt->mutex);
		belt->failed = belt->failed || !good;
		belt->taken++;
		pthread_cond_broadcast(&belt->changed);
	}
	pthread_mutex_unlock(&belt->mutex);
	return NULL;
}

conveyor *conveyor_new(bool (*take)(void *context, const sst_event *event), void *context)
{
	conveyor *belt = calloc(1, sizeof *belt);

	if (belt == NULL)
		return NULL;
	belt->take = take;
	belt->context = context;
	pthread_mutex_init(&belt->mutex, NULL);
	pthread_cond_init(&belt->changed, NULL);
	if (pthread_create(&belt->thread, NULL, work, belt) != 0) {
		free(belt);
		return NULL;
	}
	return belt;
}

sst_text conveyor_block(conveyor *belt, sst_text block)
{
	belt_batch *batch = &belt->batches[belt->sent % BATCHES];

	pthread_mutex_lock(&belt->mutex);
	while (belt->sent - belt->taken == BATCHES)
		pthread_cond_wait(&belt->changed, &belt->mutex);
	pthread_mutex_unlock(&belt->mutex);
	if (batch->block_room < block.len) {
		free(batch->block);
		batch->block = malloc(block.len);
		batch->block_room = batch->block == NULL ? 0 : block.len;
	}
	if (batch->block == NULL)
		return (sst_text){NULL, 0};
	memcpy(batch->block, block.ptr, block.len);
	return (sst_text){batch->block, block.len};
}

static bool add(belt_batch *batch, const sst_event *event)
{
	if (batch->count == batch->room) {
		size_t room = batch->room == 0 ? 1024 : batch->room * 2;
		sst_event *events = realloc(batch->events, room * sizeof *events);

		if (events == NULL)
			return false;
		batch->events = events;
		batch->room = room;
	}
	batch->events[batch->count++] = *event;
	return true;
}

bool conveyor_send(conveyor *belt, sst_log *log, bool keep)
{
	belt_batch *batch = &belt->batches[belt->sent % BATCHES];
	const sst_event *event;
	bool good = true;

	batch->count = 0;
	while (sst_log_next(log, &event) == SST_OK)
		good = good && add(batch, event);
	pthread_mutex_lock(&belt->mutex);
	belt->sent++;
	belt->failed = belt->failed || !good;
	good = !belt->failed;
	pthread_cond_broadcast(&belt->changed);
	pthread_mutex_unlock(&belt->mutex);
	return keep ? conveyor_drain(belt) : good;
}

bool conveyor_drain(conveyor *belt)
{
	bool good;

	pthread_mutex_lock(&belt->mutex);
	while (belt->taken != belt->sent)
		pthread_cond_wait(&belt->changed, &belt->mutex);
	good = !belt->failed;
	pthread_mutex_unlock(&belt->mutex);
	return good;
}

void conveyor_free(conveyor *belt)
{
	if (belt == NULL)
		return;
	pthread_mutex_lock(&belt->mutex);
	belt->ended = true;
	pthread_cond_broadcast(&belt->changed);
	pthread_mutex_unlock(&belt->mutex);
	pthread_join(belt->thread, NULL);
	for (unsigned i = 0; i < BATCHES; i++) {
		free(belt->batches[i].block);
		free(belt->batches[i].events);
	}
	pthread_mutex_destroy(&belt->mutex);
	pthread_cond_destroy(&belt->changed);
	free(belt);
}
