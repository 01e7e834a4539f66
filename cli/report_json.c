/* SPDX-License-Identifier: MIT
 * cli/report_json.c - the report as one JSON object: smtpstatus-json(5). */
#include "cli/report.h"

#include "cli/record.h"
#include "cli/vocabulary.h"

#include "say/json.h"

#include <stdlib.h>
#include <string.h>

const char *const report_stage_keys[REPORT_STAGES] = {"total", "before_queue", "in_queue",
                                                      "connection", "transmission"};

static bool write_out(void *context, const char *bytes, size_t len)
{
	cli_put_text(context, (sst_text){bytes, len});
	return true;
}

static sst_text name_of(const tally_row *row)
{
	return (sst_text){row->name, row->name_len};
}

static void key_text(sst_json *json, sst_text key)
{
	/* Names come from logs: they are escaped like any other text. */
	sst_json_key_text(json, key);
}

static void number(sst_json *json, const char *key, uint64_t value)
{
	sst_json_field_number(json, key, value > INT64_MAX ? INT64_MAX : (int64_t)value);
}

/* A number that is zero says nothing in a row. */
static void some(sst_json *json, const char *key, uint64_t value)
{
	if (value > 0)
		number(json, key, value);
}

static void write_fates(sst_json *json, const uint64_t *fates)
{
	for (unsigned i = 1; i < SST_FATES; i++) {
		if (fates[i] == 0)
			continue;
		key_text(json, sst_fate_name((sst_fate)i));
		sst_json_number(json, (int64_t)fates[i]);
	}
}

static void write_categories(sst_json *json, const uint32_t *categories)
{
	for (unsigned i = 0; categories != NULL && i < TALLY_CATEGORIES; i++) {
		if (categories[i] == 0)
			continue;
		key_text(json, cli_category_word((sst_category)i));
		sst_json_number(json, categories[i]);
	}
}

static void write_row(sst_json *json, const tally_row *row)
{
	key_text(json, name_of(row));
	sst_json_open(json, '{');
	some(json, "attempts", row->attempts);
	if (row->attempts > 0) {
		sst_json_key(json, "results");
		sst_json_open(json, '{');
		some(json, "delivered", row->delivered);
		some(json, "deferred", row->deferred);
		some(json, "bounced", row->bounced);
		sst_json_close(json, '}');
	}
	some(json, "refused", row->refused);
	sst_json_key(json, "fates");
	sst_json_open(json, '{');
	write_fates(json, row->fates);
	sst_json_close(json, '}');
	if (row->categories != NULL) {
		sst_json_key(json, "categories");
		sst_json_open(json, '{');
		write_categories(json, row->categories);
		sst_json_close(json, '}');
	}
	sst_json_close(json, '}');
}

static void write_table(sst_json *json, const char *key, const tally_table *table, uint32_t top)
{
	const tally_row **rows = malloc((top + 1) * sizeof(*rows));
	uint32_t count = rows == NULL ? 0 : tally_top(table, rows, top);

	sst_json_key(json, key);
	sst_json_open(json, '{');
	for (uint32_t i = 0; i < count; i++)
		write_row(json, rows[i]);
	sst_json_close(json, '}');
	free(rows);
}

static void write_codes(sst_json *json, const char *key, const tally_table *table)
{
	const tally_row **rows = malloc((table->count + 1) * sizeof(*rows));
	uint32_t count = rows == NULL ? 0 : tally_top(table, rows, table->count);

	sst_json_key(json, key);
	sst_json_open(json, '{');
	for (uint32_t i = 0; i < count; i++) {
		key_text(json, name_of(rows[i]));
		sst_json_number(json, (int64_t)rows[i]->attempts);
	}
	sst_json_close(json, '}');
	free(rows);
}

static void seconds(sst_json *json, const char *key, uint32_t milliseconds)
{
	sst_json_key(json, key);
	sst_json_decimal(json, milliseconds, 3);
}

static void write_delays(sst_json *json, const mail_tally *tally)
{
	sst_json_key(json, "delays");
	sst_json_open(json, '{');
	for (unsigned i = 0; i < TALLY_STAGES; i++) {
		if (tally->delays[i].count == 0)
			continue;
		sst_json_key(json, report_stage_keys[i]);
		sst_json_open(json, '{');
		number(json, "count", tally->delays[i].count);
		seconds(json, "p50", tally_percentile(tally, i, 50));
		seconds(json, "p90", tally_percentile(tally, i, 90));
		seconds(json, "p95", tally_percentile(tally, i, 95));
		seconds(json, "p99", tally_percentile(tally, i, 99));
		seconds(json, "max", tally->delays[i].longest);
		sst_json_close(json, '}');
	}
	sst_json_close(json, '}');
}

static void write_wordings(sst_json *json, const cli_wordings *words, uint32_t top)
{
	const cli_wording **list = malloc((top + 1) * sizeof(*list));
	unsigned count = list == NULL ? 0 : cli_wordings_top(words, list, top);

	sst_json_key(json, "wordings");
	sst_json_open(json, '[');
	for (unsigned i = 0; i < count; i++) {
		const cli_wording *word = list[i];

		sst_json_open(json, '{');
		number(json, "count", word->count);
		cli_record_code(json, "status", word->status);
		sst_json_field(json, "category", cli_category_word(word->category));
		cli_record_word(json, "permanence", SST_VOCABULARY_PERMANENCE, word->permanence);
		cli_record_word(json, "act", SST_VOCABULARY_ACT, word->act);
		cli_record_word(json, "side", SST_VOCABULARY_SIDE, word->side);
		sst_json_field(json, "text", (sst_text){word->sample, word->sample_len});
		sst_json_close(json, '}');
	}
	sst_json_close(json, ']');
	free(list);
}

static void write_refused(sst_json *json, const mail_report *report)
{
	const mail_tally *tally = &report->now;

	sst_json_key(json, "refused");
	sst_json_open(json, '{');
	number(json, "total", tally->refused);
	number(json, "temporary", tally->refused_temporary);
	write_codes(json, "statuses", &tally->refusal_codes);
	sst_json_key(json, "categories");
	sst_json_open(json, '{');
	for (unsigned i = 0; i < TALLY_CATEGORIES; i++)
		if (tally->refused_categories[i] > 0) {
			key_text(json, cli_category_word((sst_category)i));
			sst_json_number(json, (int64_t)tally->refused_categories[i]);
		}
	sst_json_close(json, '}');
	write_wordings(json, &tally->refusals, report->top);
	sst_json_close(json, '}');
}

static int by_count(const void *a, const void *b)
{
	const tally_wait *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return strcmp(x->domain, y->domain);
}

static void write_wait(sst_json *json, const tally_wait *wait)
{
	sst_json_open(json, '{');
	sst_json_field(json, "domain", (sst_text){wait->domain, wait->domain_len});
	sst_json_field(json, "category", cli_category_word(wait->category));
	cli_record_code(json, "status", wait->status);
	cli_record_word(json, "act", SST_VOCABULARY_ACT, wait->act);
	number(json, "deliveries", wait->count);
	some(json, "keeps_coming_back", wait->returning);
	number(json, "attempts", wait->most_attempts);
	if (wait->oldest != INT64_MAX) {
		char buffer[40];

		sst_json_field(json, "oldest", report_time(wait->oldest, buffer));
	}
	sst_json_field(json, "text", (sst_text){wait->sample, wait->sample_len});
	sst_json_close(json, '}');
}

static void write_deferred(sst_json *json, const mail_report *report)
{
	const mail_tally *tally = &report->now;
	tally_wait *waits = malloc((tally->wait_count + 1) * sizeof *waits);

	sst_json_key(json, "deferred");
	sst_json_open(json, '[');
	if (waits != NULL && tally->wait_count > 0) {
		memcpy(waits, tally->waits, tally->wait_count * sizeof *waits);
		qsort(waits, tally->wait_count, sizeof *waits, by_count);
		for (uint32_t i = 0; i < tally->wait_count && i < report->top; i++)
			write_wait(json, &waits[i]);
	}
	sst_json_close(json, ']');
	free(waits);
}

void report_json(const mail_report *report, cli_text *out)
{
	static char buffer[8192];
	const mail_tally *tally = &report->now;
	sst_json json;

	sst_json_init(&json, buffer, sizeof buffer, write_out, out);
	sst_json_open(&json, '{');
	number(&json, "schema", CLI_SCHEMA);
	number(&json, "lines", report->counts.lines);
	number(&json, "unknown_lines", report->counts.unknown);
	number(&json, "messages", tally->messages);
	number(&json, "deliveries", tally->deliveries);
	number(&json, "attempts", tally->attempts);
	sst_json_key(&json, "fates");
	sst_json_open(&json, '{');
	write_fates(&json, tally->fates);
	sst_json_close(&json, '}');
	some(&json, "not_tried", tally->not_tried);
	some(&json, "possibly_delivered", tally->possibly);
	some(&json, "handovers", tally->handovers);
	write_codes(&json, "statuses", &tally->statuses);
	write_codes(&json, "reported_statuses", &tally->reported);
	sst_json_key(&json, "categories");
	sst_json_open(&json, '{');
	for (unsigned i = 0; i < TALLY_CATEGORIES; i++)
		if (tally->categories[i] > 0) {
			key_text(&json, cli_category_word((sst_category)i));
			sst_json_number(&json, (int64_t)tally->categories[i]);
		}
	sst_json_close(&json, '}');
	write_table(&json, "domains", &tally->domains, report->top);
	write_table(&json, "providers", &tally->providers, report->top);
	write_table(&json, "relays", &tally->relays, report->top);
	write_table(&json, "senders", &tally->senders, report->top);
	write_table(&json, "hours", &tally->hours, tally->hours.count);
	write_delays(&json, tally);
	write_wordings(&json, &tally->wordings, report->top);
	write_refused(&json, report);
	write_deferred(&json, report);
	sst_json_close(&json, '}');
	sst_json_line_end(&json);
	sst_json_flush(&json);
}
