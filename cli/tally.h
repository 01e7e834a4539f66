/* SPDX-License-Identifier: MIT
 * cli/tally.h - what `report` counts: by domain, provider, relay, sender, hour, code and reason.
 * Every table has a limit; what comes beyond it is counted together as "(others)". */
#ifndef SST_CLI_TALLY_H
#define SST_CLI_TALLY_H

#include "cli/wording.h"

#include <smtpstatus.h>
#include <smtpstatus/track.h>

#define TALLY_CATEGORIES 64
#define TALLY_STEPS 160 /* of a histogram: 16 for each power of ten of milliseconds */
#define TALLY_HINTS 232 /* where to look for a number's step, by its first four bits */

/* One thing that is counted by name. */
typedef struct tally_row {
	/* What each attempt touches stands together. */
	uint64_t attempts, delivered, deferred, bounced; /* attempts by result */
	uint64_t delay_sum, delay_count;
	uint32_t *categories; /* attempts without success; NULL: none so far */
	uint32_t provider;    /* number + 1 of its row in tally.providers; 0: none */
	uint32_t name_len;
	uint64_t hash;
	char *name;
	uint64_t fates[SST_FATES]; /* deliveries */
	uint64_t refused;
} tally_row;

typedef struct tally_table {
	tally_row *rows;
	uint32_t *slots; /* number + 1 */
	uint32_t count, room, slot_count, most;
} tally_table;

/* Deliveries that wait, by destination and reason. */
typedef struct tally_wait {
	char *domain;
	uint32_t domain_len;
	sst_category category;
	sst_act act;
	sst_code status;
	uint64_t hash, count, returning; /* returning: a temporary answer that keeps coming back */
	int64_t oldest;
	uint32_t most_attempts;
	char sample[200];
	uint16_t sample_len;
} tally_wait;

/* Which row a name as it is written belongs to: organisations are looked up once. */
typedef struct tally_name {
	uint32_t row; /* number + 1; 0: the place is free */
	uint32_t hash;
	uint8_t len;
	char name[55];
} tally_name;

/* Grows up to a limit; then new names take the place of others. */
typedef struct tally_names {
	tally_name *places;
	uint32_t size, used; /* size: a power of two */
} tally_names;

/* Which row a code belongs to. */
typedef struct tally_code {
	uint32_t code, row; /* number + 1 */
} tally_code;

#define TALLY_CODES 256

typedef struct tally_delays {
	uint64_t steps[TALLY_STEPS];
	uint64_t count;
	uint32_t longest;
} tally_delays;

enum { TALLY_TOTAL, TALLY_BEFORE, TALLY_QUEUE, TALLY_CONNECT, TALLY_SEND, TALLY_STAGES };

typedef struct mail_tally {
	cli_wordings wordings, refusals;
	tally_table domains, providers, relays, senders, hours, statuses, reported, refusal_codes;
	uint64_t fates[SST_FATES];
	uint64_t categories[TALLY_CATEGORIES], refused_categories[TALLY_CATEGORIES];
	uint64_t results[8];
	uint64_t attempts, not_tried, possibly, deliveries, handovers, messages, continued, refused;
	uint64_t refused_temporary;
	tally_delays delays[TALLY_STAGES];
	uint32_t limits[TALLY_STEPS];
	uint8_t hints[TALLY_HINTS];
	int64_t last_hour;
	uint32_t last_hour_row;
	tally_wait *waits;
	uint32_t wait_count, wait_room, wait_slots[8192];
	int64_t first, last; /* time of the first and last event */
	/* When a temporary answer is taken for one that stays. */
	uint32_t patience_attempts;
	int64_t patience_time; /* microseconds */
	tally_names domain_names, relay_names, sender_names;
	tally_code status_cache[TALLY_CODES], reported_cache[TALLY_CODES],
	        refusal_cache[TALLY_CODES];
	sst_text (*organisation)(sst_text domain); /* NULL: the domain itself */
} mail_tally;

bool tally_init(mail_tally *tally, const cli_settings *settings);
void tally_free(mail_tally *tally);

void tally_events(mail_tally *tally, const sst_event *events, size_t count);
void tally_delivery(mail_tally *tally, const sst_delivery *delivery);
void tally_message(mail_tally *tally, const sst_delivery *any);

/* Adds the deliveries that another tally counted, to one that counted attempts only. */
void tally_add_deliveries(mail_tally *tally, mail_tally *more);

/* The rows with the most attempts first, then those with the most deliveries and refusals; returns
 * how many, at most `max`. */
uint32_t tally_top(const tally_table *table, const tally_row **out, uint32_t max);

/* The same without those that were never tried. */
uint32_t tally_top_tried(const tally_table *table, const tally_row **out, uint32_t max);

/* The delay in milliseconds that so many of a hundred attempts did not exceed. */
uint32_t tally_percentile(const mail_tally *tally, unsigned stage, unsigned percent);

/* The row of a name; the last one, "(others)", when the table is full. */
tally_row *tally_row_of(tally_table *table, sst_text name);
tally_row *tally_find(const tally_table *table, sst_text name);

#endif
