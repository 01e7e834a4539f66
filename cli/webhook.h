/* SPDX-License-Identifier: MIT
 * cli/webhook.h - whole events of sending services, as they are posted to webhooks. */
#ifndef SST_CLI_WEBHOOK_H
#define SST_CLI_WEBHOOK_H

#include "cli/settings.h"

#include <smtpstatus/mail.h>
#include <smtpstatus/say.h>

/* What one event says of one recipient. */
typedef struct cli_event {
	sst_text name; /* "ses:Permanent/NoEmail"; without a name of its own the service's */
	sst_report report;
	sst_verdict verdict;
	sst_text words; /* that were judged; proofs point into them */
} cli_event;

typedef struct cli_webhook {
	const cli_settings *settings;
	void (*take)(void *context, const cli_event *event);
	void (*complain)(void *context, unsigned long line, const char *wrong);
	void (*ended)(void *context); /* all recipients of one posting were given */
	void *context;
} cli_webhook;

/* Reads what was posted: an event, a list of events, or a message of SNS or EventBridge around one.
 * Gives each recipient to `take` and says to `complain` what is no event of a known service. Events
 * that tell nothing of a delivery (opened, clicked, ...) are walked past. */
void cli_webhook_read(const cli_webhook *hook, sst_text json, unsigned long line);

/* Mandrill posts its list as a field of a form: mandrill_events=%5B%7B... False if the line is
 * none. */
bool cli_webhook_form(const cli_webhook *hook, sst_text line, unsigned long number);

#endif
