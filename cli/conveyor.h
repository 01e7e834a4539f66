/* SPDX-License-Identifier: MIT
 * cli/conveyor.h - blocks of a log on several threads. Each block is read (its lines become
 * events), taken (its events are given to what follows messages) and noted (they are counted). Any
 * thread reads any block; blocks are taken one after the other, and noted one after the other, so
 * that what comes out does not depend on the number of threads. */
#ifndef SST_CLI_CONVEYOR_H
#define SST_CLI_CONVEYOR_H

#include "cli/input.h"

#include <smtpstatus/track.h>

typedef struct conveyor conveyor;

typedef struct conveyor_work {
	/* In order, one block at a time; may leave events out, and leave work to be done in
	 * *bundle. False stops. */
	bool (*take)(void *context, sst_event *events, size_t *count, void **bundle);
	/* Does the work of a bundle, in any order, on any thread; may be NULL. */
	void (*shape)(void *context, void *bundle);
	/* In order, behind the two and beside them; bundle: NULL if there is none. False stops. */
	bool (*note)(void *context, const sst_event *events, size_t count, void *bundle);
	void *context;
} conveyor_work;

/* `threads`, the caller's among them. `log` is the conveyor's until conveyor_drain. NULL: no memory
 * or no thread. */
conveyor *conveyor_new(const conveyor_work *work, sst_log *log, unsigned threads);

/* Whether the conveyor may take the blocks to come: the lines of some logs hang together, and such
 * are for one thread. After conveyor_drain only. */
bool conveyor_fits(conveyor *belt);

/* Takes the first `len` bytes of the input's window, whole lines, and lends a hand while too many
 * blocks are under way. False: taking failed. */
bool conveyor_send(conveyor *belt, cli_input *in, size_t len);

/* Waits until all that was sent has been taken and noted. False: taking failed. */
bool conveyor_drain(conveyor *belt);
void conveyor_free(conveyor *belt);

#endif
