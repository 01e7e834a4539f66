/* SPDX-License-Identifier: MIT
 * cli/report_flat.c - the report for other programs: CSV (table,name,measure,value) and the text
 * format of Prometheus. */
#include "cli/report.h"

#include "cli/vocabulary.h"

#include <smtpstatus/words.h>

#include <stdlib.h>
#include <string.h>

/* CSV
 * ---------------------------------------------------------------------------------------------- */

/* In quotes, doubled inside. A leading = + - @ would be a formula to a spreadsheet: it gets a
 * quote. */
static void csv_text(cli_text *out, sst_text text)
{
	cli_put_char(out, '"');
	if (text.len > 0 && strchr("=+-@\t", text.ptr[0]) != NULL)
		cli_put_char(out, '\'');
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == '"')
			cli_put_char(out, '"');
		cli_put_char(out, (unsigned char)c < ' ' ? ' ' : c);
	}
	cli_put_char(out, '"');
}

static void csv_row(cli_text *out, const char *table, sst_text name, const char *measure,
                    uint64_t value)
{
	cli_put(out, table);
	cli_put_char(out, ',');
	csv_text(out, name);
	cli_put_format(out, ",%s,%llu\n", measure, (unsigned long long)value);
}

static sst_text text_of(const char *string)
{
	return (sst_text){string, strlen(string)};
}

static void csv_table(const mail_report *report, cli_text *out, const char *name,
                      const tally_table *table)
{
	const tally_row **rows = malloc((report->top + 1) * sizeof(*rows));
	uint32_t count = rows == NULL ? 0 : tally_top(table, rows, report->top);

	for (uint32_t i = 0; i < count; i++) {
		const tally_row *row = rows[i];
		sst_text key = {row->name, row->name_len};

		csv_row(out, name, key, "attempts", row->attempts);
		csv_row(out, name, key, "delivered", row->delivered);
		csv_row(out, name, key, "deferred", row->deferred);
		csv_row(out, name, key, "bounced", row->bounced);
		for (unsigned c = 1; row->categories != NULL && c < TALLY_CATEGORIES; c++)
			if (row->categories[c] > 0) {
				char measure[64] = "category:";
				sst_text word = cli_category_word((sst_category)c);

				memcpy(measure + 9, word.ptr, word.len < 50 ? word.len : 50);
				csv_row(out, name, key, measure, row->categories[c]);
			}
	}
	free(rows);
}

void report_csv(const mail_report *report, cli_text *out)
{
	const mail_tally *now = &report->now;
	static const sst_text all = {"all", 3};

	cli_put(out, "table,name,measure,value\n");
	csv_row(out, "total", all, "lines", report->counts.lines);
	csv_row(out, "total", all, "unknown_lines", report->counts.unknown);
	csv_row(out, "total", all, "messages", now->messages);
	csv_row(out, "total", all, "deliveries", now->deliveries);
	csv_row(out, "total", all, "attempts", now->attempts);
	csv_row(out, "total", all, "refused", now->refused);
	for (unsigned i = 1; i < SST_FATES; i++)
		if (now->fates[i] > 0)
			csv_row(out, "fate", sst_fate_name((sst_fate)i), "deliveries",
			        now->fates[i]);
	for (unsigned i = 1; i < TALLY_CATEGORIES; i++)
		if (now->categories[i] > 0)
			csv_row(out, "category", cli_category_word((sst_category)i), "attempts",
			        now->categories[i]);
	csv_table(report, out, "status", &now->statuses);
	csv_table(report, out, "reported_status", &now->reported);
	csv_table(report, out, "provider", &now->providers);
	csv_table(report, out, "domain", &now->domains);
	csv_table(report, out, "relay", &now->relays);
	csv_table(report, out, "hour", &now->hours);
	for (unsigned i = 0; i < TALLY_STAGES; i++)
		if (now->delays[i].count > 0) {
			sst_text key = text_of(report_stage_keys[i]);

			csv_row(out, "delay_ms", key, "p50", tally_percentile(now, i, 50));
			csv_row(out, "delay_ms", key, "p90", tally_percentile(now, i, 90));
			csv_row(out, "delay_ms", key, "p99", tally_percentile(now, i, 99));
		}
}

/* Prometheus
 * --------------------------------------------------------------------------------------- */

static void label(cli_text *out, const char *name, sst_text value)
{
	cli_put(out, name);
	cli_put(out, "=\"");
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];

		if (c == '"' || c == '\\')
			cli_put_char(out, '\\');
		if (c == '\n')
			cli_put(out, "\\n");
		else
			cli_put_char(out, c);
	}
	cli_put_char(out, '"');
}

static void metric(cli_text *out, const char *name, const char *help)
{
	cli_put_format(out, "# HELP smtpstatus_%s %s\n# TYPE smtpstatus_%s gauge\n", name, help,
	               name);
}

static void sample(cli_text *out, const char *name, const char *key, sst_text value,
                   uint64_t number)
{
	cli_put_format(out, "smtpstatus_%s", name);
	if (key != NULL) {
		cli_put_char(out, '{');
		label(out, key, value);
		cli_put_char(out, '}');
	}
	cli_put_format(out, " %llu\n", (unsigned long long)number);
}

static void provider_attempts(cli_text *out, const tally_row *row, const char *result,
                              uint64_t number)
{
	cli_put(out, "smtpstatus_provider_attempts{");
	label(out, "provider", (sst_text){row->name, row->name_len});
	cli_put_char(out, ',');
	label(out, "result", text_of(result));
	cli_put_format(out, "} %llu\n", (unsigned long long)number);
}

/* Labels are words of ours and providers, never addresses or domains: their number stays small. */
static void put_providers(const mail_report *report, cli_text *out)
{
	const mail_tally *now = &report->now;

	metric(out, "provider_attempts", "Attempts by provider and result.");
	for (uint32_t i = 0; i < now->providers.count; i++) {
		const tally_row *row = &now->providers.rows[i];

		provider_attempts(out, row, "delivered", row->delivered);
		provider_attempts(out, row, "deferred", row->deferred);
		provider_attempts(out, row, "bounced", row->bounced);
	}
	metric(out, "provider_failures", "Attempts without success, by provider and category.");
	for (uint32_t i = 0; i < now->providers.count; i++) {
		const tally_row *row = &now->providers.rows[i];

		for (unsigned c = 1; row->categories != NULL && c < TALLY_CATEGORIES; c++) {
			if (row->categories[c] == 0)
				continue;
			cli_put(out, "smtpstatus_provider_failures{");
			label(out, "provider", (sst_text){row->name, row->name_len});
			cli_put_char(out, ',');
			label(out, "category", cli_category_word((sst_category)c));
			cli_put_format(out, "} %u\n", row->categories[c]);
		}
	}
}

static void put_delays(const mail_report *report, cli_text *out)
{
	static const unsigned percents[] = {50, 90, 99};

	metric(out, "delay_seconds", "Delay of attempts by stage.");
	for (unsigned i = 0; i < TALLY_STAGES; i++)
		for (unsigned p = 0; report->now.delays[i].count > 0 && p < 3; p++)
			cli_put_format(
			        out,
			        "smtpstatus_delay_seconds{stage=\"%s\",quantile=\"0.%u\"} %.3f\n",
			        report_stage_keys[i], percents[p],
			        tally_percentile(&report->now, i, percents[p]) / 1000.0);
}

void report_prometheus(const mail_report *report, cli_text *out)
{
	const mail_tally *now = &report->now;

	metric(out, "log_lines", "Lines of the logs that were read.");
	sample(out, "log_lines", NULL, text_of(""), report->counts.lines);
	metric(out, "unknown_lines", "Lines of mail servers that were not understood.");
	sample(out, "unknown_lines", NULL, text_of(""), report->counts.unknown);
	metric(out, "messages", "Messages that were accepted.");
	sample(out, "messages", NULL, text_of(""), now->messages);
	metric(out, "attempts", "Attempts to deliver.");
	sample(out, "attempts", NULL, text_of(""), now->attempts);
	metric(out, "refused", "Recipients and clients that were refused on the way in.");
	sample(out, "refused", NULL, text_of(""), now->refused);
	metric(out, "deliveries", "Recipients by fate.");
	for (unsigned i = 1; i < SST_FATES; i++)
		sample(out, "deliveries", "fate", sst_fate_name((sst_fate)i), now->fates[i]);
	metric(out, "category_attempts", "Attempts by what was said.");
	for (unsigned i = 1; i < TALLY_CATEGORIES; i++)
		if (now->categories[i] > 0)
			sample(out, "category_attempts", "category",
			       cli_category_word((sst_category)i), now->categories[i]);
	put_providers(report, out);
	put_delays(report, out);
}
