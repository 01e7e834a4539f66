/* SPDX-License-Identifier: MIT
 * cli/conveyor.h - events of whole blocks go from the thread that reads lines to one that follows
 * messages, in order. */
#ifndef SST_CLI_CONVEYOR_H
#define SST_CLI_CONVEYOR_H

#include <smtpstatus/track.h>

typedef struct conveyor conveyor;

/* NULL: no memory or no thread; then all is done in one. */
conveyor *conveyor_new(bool (*take)(void *context, const sst_event *event), void *context);

/* A copy of the block that lives until its events have been taken; waits while too many are under
 * way. Feed it to the reader in place of the block. NULL: no memory. */
sst_text conveyor_block(conveyor *belt, sst_text block);

/* Fetches all events of the block that was fed and sends them on. `keep`: some of their texts live
 * in the reader, so that they are taken before this returns. False: taking failed. */
bool conveyor_send(conveyor *belt, sst_log *log, bool keep);

/* Waits until all that was sent has been taken. False: taking failed. */
bool conveyor_drain(conveyor *belt);
void conveyor_free(conveyor *belt);

#endif
