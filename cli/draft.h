/* SPDX-License-Identifier: MIT
 * cli/draft.h - what is to be written, collected from options and from records, key by key. The
 * keys are those of the JSON records (smtpstatus-json(5)). */
#ifndef SST_CLI_DRAFT_H
#define SST_CLI_DRAFT_H

#include <smtpstatus/write.h>

/* The keys that may be given. Of them the first ones belong to a recipient. */
typedef enum cli_key {
	CLI_KEY_RECIPIENT,
	CLI_KEY_ORIGINAL_RECIPIENT,
	CLI_KEY_ACTION,
	CLI_KEY_KIND,
	CLI_KEY_STATUS,
	CLI_KEY_REPLY_CODE,
	CLI_KEY_DIAGNOSTIC,
	CLI_KEY_TEXT,
	CLI_KEY_PHASE,
	CLI_KEY_REMOTE_MTA,
	CLI_KEY_LAST_ATTEMPT,
	CLI_KEY_RETRY_UNTIL,
	CLI_KEY_FINAL_LOG_ID,
	CLI_KEY_SENDER, /* from here on: of the whole report */
	CLI_KEY_REPORTING_MTA,
	CLI_KEY_RECEIVED_FROM_MTA,
	CLI_KEY_ENVELOPE_ID,
	CLI_KEY_MESSAGE_ID,
	CLI_KEY_QUEUE_ID,
	CLI_KEY_SUBJECT,
	CLI_KEY_ARRIVAL_DATE,
	CLI_KEYS
} cli_key;

/* "remote_mta"; CLI_KEYS for any other word. */
const char *cli_key_name(cli_key key);
cli_key cli_key_find(const char *name);

/* The values of one record; absent ones have a NULL pointer. */
typedef struct cli_values {
	sst_text of[CLI_KEYS];
} cli_values;

/* Fills a recipient, a report or a reply. A value that can't be read is refused like any other. */
sst_written cli_draft_recipient(const cli_values *values, sst_dsn_recipient *out);
sst_written cli_draft_message(const cli_values *values, sst_dsn *out);
sst_written cli_draft_reply(const cli_values *values, sst_reply_draft *out);

#endif
