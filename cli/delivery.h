/* SPDX-License-Identifier: MIT
 * cli/delivery.h - what `track` writes about one delivery or one attempt. */
#ifndef SST_CLI_DELIVERY_H
#define SST_CLI_DELIVERY_H

#include "cli/output.h"
#include "cli/settings.h"

#include "say/json.h"

#include <smtpstatus.h>
#include <smtpstatus/mail.h>
#include <smtpstatus/say.h>
#include <smtpstatus/track.h>

/* A delivery and what it means. */
typedef struct cli_verdict {
	sst_evidence evidence;
	sst_verdict verdict;
	sst_text said;                   /* what was judged, as it stands in the delivery's text */
	char unfolded[4096];             /* the same line by line, if it had several */
	const struct cli_bounce *bounce; /* that told of it; NULL: the log did */
	const sst_explanation *words;    /* for --explain; NULL: not wanted */
} cli_verdict;

/* Judges the last result of a delivery. What was delivered is not put to the rules: its reply says
 * that it was, and its words nothing more. */
void cli_delivery_judge(const cli_settings *settings, const sst_delivery *delivery,
                        cli_verdict *out);

/* One JSON record. `source` is the file of the line that decided. */
void cli_delivery_json(sst_json *json, const sst_delivery *delivery, const cli_verdict *verdict,
                       sst_text source);

/* An attempt as a delivery of its own, so that both are written by the same code. */
void cli_delivery_of_event(const sst_event *event, sst_delivery *out);

/* Microseconds as a moment. */
sst_time cli_moment(int64_t time, int16_t zone);

/* The host alone of "mx.example.org[192.0.2.1]:25". */
sst_text cli_relay_host(sst_text relay);

/* "2026-03-02T09:00Z" of a moment that is known. */
#define CLI_MOMENT_SIZE 40
sst_text cli_hour_text(sst_time moment, char buffer[CLI_MOMENT_SIZE]);

/* "2026-03-02 09:00:15+01:00" of a moment that is known. */
sst_text cli_second_text(sst_time moment, char buffer[CLI_MOMENT_SIZE]);

/* One line of tab-separated values: host, queue_id, recipient, sender, fate, status, category, act,
 * attempts, accepted, ended, relay, message_id, diagnostic; if wanted, title, explanation, advice.
 */
void cli_delivery_tsv(cli_text *out, const sst_delivery *delivery, const cli_verdict *verdict);

/* One line for people; below it, if wanted, what it means and what to do. */
void cli_delivery_text(cli_text *out, const sst_delivery *delivery, const cli_verdict *verdict,
                       unsigned columns);

/* The verdict of a temporary answer that keeps coming back: somebody has to be asked. */
void cli_delivery_raise(cli_verdict *verdict);

/* A temporary answer that no longer is one: it came so many times, or for so long. */
bool cli_keeps_coming_back(const sst_delivery *delivery, uint32_t attempts, int64_t time);

#endif
