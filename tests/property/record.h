/* SPDX-License-Identifier: MIT
 * tests/property/record.h - random records, for the round trip. */
#ifndef SST_TESTS_PROPERTY_RECORD_H
#define SST_TESTS_PROPERTY_RECORD_H

#include <smtpstatus/say.h>
#include <smtpstatus/write.h>

enum { MOST_RECIPIENTS = 8 };

/* One report's worth, with one reply beside it, and the parameters that the message came with. */
typedef struct record {
	sst_dsn dsn;
	sst_dsn_recipient recipients[MOST_RECIPIENTS];
	sst_notify notify[MOST_RECIPIENTS];
	char random[16];
	sst_reply_draft reply;
} record;

/* All that is random comes from `seed`. The texts live until the next call. */
void record_make(record *rec, uint64_t seed);

/* From 0 to below - 1. */
unsigned record_pick(unsigned below);

/* Whether the record has words to be told: else a report says its status instead. */
bool record_has_words(const record *rec, size_t index);

/* A server's words as a report has them: blanks are one, and what can't stand there is "?". `wide`:
 * the report is in UTF-8. Returns the length. */
size_t record_words(sst_text words, bool wide, char *buffer, size_t size);

/* The status that is written: registered, else the nearest that is. */
sst_code record_status(const sst_dsn_recipient *recipient);

#endif
