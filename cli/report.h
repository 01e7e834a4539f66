/* SPDX-License-Identifier: MIT
 * cli/report.h - one report, and the forms that it is written in. */
#ifndef SST_CLI_REPORT_H
#define SST_CLI_REPORT_H

#include "cli/output.h"
#include "cli/tally.h"

#include <smtpstatus/say.h>
#include <smtpstatus/track.h>

typedef struct mail_report {
	mail_tally now;
	mail_tally before; /* the period to compare with */
	bool compared;
	sst_log_counts counts;
	sst_tracker_counts tracked;
	uint32_t top;         /* rows of a table */
	const sst_lang *lang; /* in which reasons and acts are named; NULL: their own names */
	bool color;
	unsigned columns; /* of the terminal */
} mail_report;

typedef void report_writer(const mail_report *report, cli_text *out);
report_writer report_text, report_csv, report_prometheus, report_html;

/* One JSON object in one line. */
void report_json(const mail_report *report, cli_text *out);

/* A word of a verdict: its own name, or a label in the reader's language. */
sst_text report_word(const mail_report *report, sst_vocabulary vocabulary, unsigned number);

/* Reads and tests an alert: "provider=google category=rate-limited > 5 %". 1: crossed, and *value
 * is what was measured; 0: not; -1: the text is no alert, and *advice says why. */
int report_alert(const mail_report *report, sst_text alert, double *value, const char **advice);

/* "2026-03-02 09:00" of microseconds. */
sst_text report_time(int64_t time, char buffer[40]);

/* 1,234,567 in `buffer`. */
const char *report_number(uint64_t number, char buffer[32]);

/* Milliseconds for people: "350 ms", "1.2 s", "3 min", "5.1 h". */
const char *report_duration(uint32_t milliseconds, char buffer[32]);

#define REPORT_STAGES 5
extern const char *const report_stage_keys[REPORT_STAGES];
extern const char *const report_stage_names[REPORT_STAGES];

#endif
