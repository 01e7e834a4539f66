/* SPDX-License-Identifier: MIT
 * cli/record.h - the JSON record of every command; smtpstatus-json(5) describes it. What is not
 * known is left out, but for permanence and side, whose "unknown" is an answer. */
#ifndef SST_CLI_RECORD_H
#define SST_CLI_RECORD_H

#include "say/json.h"

#include <smtpstatus.h>
#include <smtpstatus/mail.h>

#define CLI_SCHEMA 1

/* Opens the record and writes `schema`. Close it with sst_json_close(json, '}') and
 * sst_json_line_end(json). */
void cli_record_open(sst_json *json);

/* A word of a vocabulary by its number; 0 and unknown numbers are left out. */
void cli_record_word(sst_json *json, const char *key, sst_vocabulary vocabulary, unsigned number);

/* A code as "5.1.1"; class 0 is left out. */
void cli_record_code(sst_json *json, const char *key, sst_code code);

/* A moment as RFC 3339, in the zone that it was written in; an unknown one is left out. */
void cli_record_time(sst_json *json, const char *key, sst_time time);

/* The names of all bits. Nothing for none. */
void cli_record_notes(sst_json *json, sst_notes notes);

/* recipient to retry_until: what mail and logs add. */
void cli_record_report(sst_json *json, const sst_report *report);

/* status to notes. `text` is the text that was judged (evidence.text): proofs point into it.
 * `notes` are written with the verdict's own. */
void cli_record_verdict(sst_json *json, const sst_verdict *verdict, sst_text text, sst_notes notes);

#endif
