/* SPDX-License-Identifier: MIT
 * cli/bounces.h - bounces that came back as mails, found by what a log knows of a delivery. */
#ifndef SST_CLI_BOUNCES_H
#define SST_CLI_BOUNCES_H

#include <smtpstatus.h>
#include <smtpstatus/track.h>

/* What one bounce says about one recipient. The texts live as long as the bounces do. */
typedef struct cli_bounce {
	struct cli_bounce *next; /* with the same place in the table */
	uint64_t hash;
	sst_text recipient, id; /* as they were looked up: recipient in lower case */
	const char *joined_by;  /* "queue_id", "message_id", "envelope_id" */
	sst_text source, diagnostic, reporting_mta;
	sst_code status;
	uint16_t reply;
	sst_phase phase;
} cli_bounce;

typedef struct cli_bounces cli_bounces;

/* Reads all mails below a path. NULL: no memory. *status becomes EXIT_PARTLY if something can't be
 * read, which is said on standard error. */
cli_bounces *cli_bounces_read(const char *path, int *status);
void cli_bounces_free(cli_bounces *bounces);

/* The bounce that came back for a delivery: by the queue id, or the next hop's; by the Message-ID;
 * by the envelope id; each together with the recipient, if the bounce names one. NULL: none. */
const cli_bounce *cli_bounce_of(const cli_bounces *bounces, const sst_delivery *delivery);

/* The delivery as the bounce leaves it. */
void cli_bounce_apply(const cli_bounce *bounce, sst_delivery *delivery);

#endif
