/* SPDX-License-Identifier: MIT
 * cli/story.h - one message's way through all hosts, as a help desk reads it. */
#ifndef SST_CLI_STORY_H
#define SST_CLI_STORY_H

#include "cli/logs.h"
#include "cli/output.h"
#include "cli/settings.h"

#include <smtpstatus/say.h>

/* What is looked for; absent ones are not asked. Addresses match but for ASCII case. */
typedef struct story_query {
	sst_text message_id, recipient, sender;
	const sst_lang *lang; /* in which each refusal is explained; NULL: it isn't */
} story_query;

/* Reads the logs until the messages that match, and those that they became on other hosts, in
 * filters and in notices, are all known. Then each of their deliveries goes to `delivery`, and with
 * `out` the timeline is written. Returns an exit status. */
int story_tell(cli_logs *logs, const story_query *query, const cli_settings *settings,
               void (*delivery)(void *context, const sst_delivery *delivery), void *context,
               cli_text *out);

#endif
