/* SPDX-License-Identifier: MIT
 * cli/spill.h - messages that wait for long, kept in a file without a name while a run lasts. */
#ifndef SST_CLI_SPILL_H
#define SST_CLI_SPILL_H

#include <smtpstatus/track.h>

/* The forms that sst_tracker_options wants; the context is not used. */
bool cli_spill(void *context, sst_text bytes, uint64_t *token);
bool cli_unspill(void *context, uint64_t token, char *buffer, size_t size);

#endif
