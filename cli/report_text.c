/* SPDX-License-Identifier: MIT
 * cli/report_text.c - the report for a terminal or a mail: exact numbers, small bars, no more
 * columns than there are. */
#include "cli/report.h"

#include "say/glyph.h"

#include "cli/delivery.h"

#include <smtpstatus/words.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const report_stage_names[REPORT_STAGES] = {"since it came in", "before the queue",
                                                       "in the queue", "connecting", "sending"};

const char *report_number(uint64_t number, char buffer[32])
{
	char digits[24];
	int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number), at = 0;

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			buffer[at++] = ',';
		buffer[at++] = digits[i];
	}
	buffer[at] = '\0';
	return buffer;
}

const char *report_duration(uint32_t milliseconds, char buffer[32])
{
	double seconds = milliseconds / 1000.0;

	if (milliseconds < 1000)
		snprintf(buffer, 32, "%u ms", milliseconds);
	else if (seconds < 60)
		snprintf(buffer, 32, "%.1f s", seconds);
	else if (seconds < 3600)
		snprintf(buffer, 32, "%.1f min", seconds / 60);
	else if (seconds < 2 * 86400)
		snprintf(buffer, 32, "%.1f h", seconds / 3600);
	else
		snprintf(buffer, 32, "%.1f d", seconds / 86400);
	return buffer;
}

sst_text report_time(int64_t time, char buffer[40])
{
	sst_text text = cli_hour_text(cli_moment(time, 0), buffer);

	return text;
}

/* Eighths of a cell make a bar finer than its columns. */
static void put_bar(cli_text *out, uint64_t value, uint64_t most, unsigned width)
{
	static const char *const eighths[] = {"",       "\u258f", "\u258e", "\u258d",
	                                      "\u258c", "\u258b", "\u258a", "\u2589"};
	uint64_t units = most == 0 ? 0 : (value * width * 8 + most / 2) / most;

	if (units == 0 && value > 0)
		units = 1;
	for (uint64_t i = 0; i < units / 8; i++)
		cli_put(out, "\u2588");
	cli_put(out, eighths[units % 8]);
}

static void put_padded(cli_text *out, sst_text text, unsigned width)
{
	for (unsigned shown = cli_put_theirs(out, text, width); shown < width; shown++)
		cli_put_char(out, ' ');
}

static sst_text text_of(const char *string)
{
	return (sst_text){string, strlen(string)};
}

static void heading(cli_text *out, const mail_report *report, const char *title)
{
	cli_put_format(out, report->color ? "\n\033[1m%s\033[0m\n" : "\n%s\n", title);
}

static double percent(uint64_t part, uint64_t whole)
{
	return whole == 0 ? 0 : 100.0 * (double)part / (double)whole;
}

static void put_change(const mail_report *report, cli_text *out, uint64_t now, uint64_t before)
{
	if (!report->compared)
		return;
	if (before == 0)
		cli_put(out, now == 0 ? "" : "  (new)");
	else
		cli_put_format(out, "  (%+.1f%%)",
		               100.0 * ((double)now - (double)before) / (double)before);
}

static void summary_line(const mail_report *report, cli_text *out, const char *name, uint64_t now,
                         uint64_t before)
{
	char number[32];

	cli_put_format(out, "  %-28s %15s", name, report_number(now, number));
	put_change(report, out, now, before);
	cli_put_char(out, '\n');
}

static void put_summary(const mail_report *report, cli_text *out)
{
	const mail_tally *now = &report->now, *before = &report->before;
	char from[40], upto[40];

	cli_put(out, "Mail delivery");
	if (now->first <= now->last) {
		sst_text a = report_time(now->first, from), b = report_time(now->last, upto);

		cli_put(out, ", ");
		cli_put_text(out, a);
		cli_put(out, " to ");
		cli_put_text(out, b);
	}
	cli_put(out, "\n\n");
	summary_line(report, out, "log lines", report->counts.lines, 0 + before->messages * 0);
	summary_line(report, out, "of them not understood", report->counts.unknown, 0);
	summary_line(report, out, "messages", now->messages, before->messages);
	summary_line(report, out, "recipients", now->deliveries, before->deliveries);
	summary_line(report, out, "attempts", now->attempts, before->attempts);
	summary_line(report, out, "refused on the way in", now->refused, before->refused);
	summary_line(report, out, "handed on between own hosts", now->handovers, before->handovers);
	if (now->not_tried > 0)
		summary_line(report, out, "put off without trying", now->not_tried,
		             before->not_tried);
	if (now->possibly > 0)
		summary_line(report, out, "failed, but may have arrived", now->possibly,
		             before->possibly);
}

static void put_fates(const mail_report *report, cli_text *out)
{
	const mail_tally *now = &report->now;
	uint64_t most = 0;
	char number[32];

	heading(out, report, "What became of the recipients");
	for (unsigned i = 1; i < SST_FATES; i++)
		most = now->fates[i] > most ? now->fates[i] : most;
	for (unsigned i = 1; i < SST_FATES; i++) {
		sst_text name = sst_fate_name((sst_fate)i);

		if (now->fates[i] == 0)
			continue;
		cli_put(out, "  ");
		put_padded(out, name, 12);
		cli_put_format(out, "%12s %6.2f%%  ", report_number(now->fates[i], number),
		               percent(now->fates[i], now->deliveries));
		put_bar(out, now->fates[i], most, 24);
		put_change(report, out, now->fates[i], report->before.fates[i]);
		cli_put_char(out, '\n');
	}
}

static void put_categories(const mail_report *report, cli_text *out)
{
	const mail_tally *now = &report->now;
	uint64_t most = 0, failures = 0;
	char number[32];
	bool shown[TALLY_CATEGORIES] = {false};

	shown[SST_CATEGORY_DELIVERED] = true;
	for (unsigned i = 0; i < TALLY_CATEGORIES; i++)
		if (!shown[i]) {
			failures += now->categories[i];
			most = now->categories[i] > most ? now->categories[i] : most;
		}
	if (failures == 0)
		return;
	heading(out, report, "Why attempts failed");
	for (unsigned row = 0; row < report->top; row++) {
		unsigned best = TALLY_CATEGORIES;

		for (unsigned i = 0; i < TALLY_CATEGORIES; i++)
			if (!shown[i] && now->categories[i] > 0 &&
			    (best == TALLY_CATEGORIES ||
			     now->categories[i] > now->categories[best]))
				best = i;
		if (best == TALLY_CATEGORIES)
			break;
		shown[best] = true;
		cli_put(out, "  ");
		put_padded(out, report_word(report, SST_VOCABULARY_CATEGORY, best),
		           report->lang == NULL ? 24 : 48);
		cli_put_format(out, "%12s %6.2f%%  ", report_number(now->categories[best], number),
		               percent(now->categories[best], failures));
		put_bar(out, now->categories[best], most, 24);
		put_change(report, out, now->categories[best], report->before.categories[best]);
		cli_put_char(out, '\n');
	}
}

/* The category that most of a row's failures have. */
static sst_text main_reason(const mail_report *report, const tally_row *row)
{
	unsigned best = 0;

	for (unsigned i = 1; row->categories != NULL && i < TALLY_CATEGORIES; i++)
		if (row->categories[i] > row->categories[best])
			best = i;
	return best == 0 ? (sst_text){NULL, 0} : report_word(report, SST_VOCABULARY_CATEGORY, best);
}

static void put_table(const mail_report *report, cli_text *out, const char *title,
                      const tally_table *table)
{
	const tally_row **rows = malloc((report->top + 1) * sizeof(*rows));
	uint32_t count = rows == NULL ? 0 : tally_top_tried(table, rows, report->top);
	char a[32], b[32], c[32];

	if (count == 0) {
		free(rows);
		return;
	}
	heading(out, report, title);
	cli_put_format(out, "  %-32s %11s %11s %11s  %7s  %s\n", "", "attempts", "deferred",
	               "bounced", "good", "mostly");
	for (uint32_t i = 0; i < count; i++) {
		const tally_row *row = rows[i];

		cli_put(out, "  ");
		put_padded(out, text_of(row->name), 32);
		cli_put_format(out, " %11s %11s %11s  %5.1f%%  ", report_number(row->attempts, a),
		               report_number(row->deferred, b), report_number(row->bounced, c),
		               percent(row->delivered, row->attempts));
		cli_put_text(out, main_reason(report, row));
		cli_put_char(out, '\n');
	}
	free(rows);
}

static void put_senders(const mail_report *report, cli_text *out)
{
	const tally_row **rows = malloc((report->top + 1) * sizeof(*rows));
	uint32_t count = rows == NULL ? 0 : tally_top(&report->now.senders, rows, report->top);
	char a[32], b[32], c[32];

	if (count > 0) {
		heading(out, report, "By sender domain");
		cli_put_format(out, "  %-32s %11s %11s %11s\n", "", "delivered", "bounced",
		               "queued");
	}
	for (uint32_t i = 0; i < count; i++) {
		const tally_row *row = rows[i];

		cli_put(out, "  ");
		put_padded(out, text_of(row->name), 32);
		cli_put_format(
		        out, " %11s %11s %11s\n", report_number(row->fates[SST_FATE_DELIVERED], a),
		        report_number(row->fates[SST_FATE_BOUNCED] + row->fates[SST_FATE_EXPIRED],
		                      b),
		        report_number(row->fates[SST_FATE_QUEUED], c));
	}
	free(rows);
}

/* By hour of the day: a log of a week has more hours than a screen has lines. */
static void put_hours(const mail_report *report, cli_text *out)
{
	uint64_t attempts[24] = {0}, most = 0;
	char number[32];

	for (uint32_t i = 0; i < report->now.hours.count; i++) {
		const tally_row *row = &report->now.hours.rows[i];
		unsigned hour = row->name_len < 13 ? 24
		                                   : (unsigned)(row->name[11] - '0') * 10 +
		                                             (unsigned)(row->name[12] - '0');

		if (hour < 24)
			attempts[hour] += row->attempts;
	}
	for (unsigned i = 0; i < 24; i++)
		most = attempts[i] > most ? attempts[i] : most;
	if (most == 0)
		return;
	heading(out, report, "Attempts by hour of the day (UTC)");
	for (unsigned i = 0; i < 24; i++) {
		cli_put_format(out, "  %02u %15s  ", i, report_number(attempts[i], number));
		put_bar(out, attempts[i], most, 40);
		cli_put_char(out, '\n');
	}
}

static void put_delays(const mail_report *report, cli_text *out)
{
	const mail_tally *now = &report->now;
	char a[32], b[32], c[32], d[32];

	if (now->delays[TALLY_TOTAL].count == 0)
		return;
	heading(out, report, "Delays of attempts");
	cli_put_format(out, "  %-20s %10s %10s %10s %10s\n", "", "half below", "90 %", "99 %",
	               "longest");
	for (unsigned i = 0; i < TALLY_STAGES; i++)
		if (now->delays[i].count > 0)
			cli_put_format(out, "  %-20s %10s %10s %10s %10s\n", report_stage_names[i],
			               report_duration(tally_percentile(now, i, 50), a),
			               report_duration(tally_percentile(now, i, 90), b),
			               report_duration(tally_percentile(now, i, 99), c),
			               report_duration(now->delays[i].longest, d));
}

static void put_wordings(const mail_report *report, cli_text *out, const char *title,
                         const cli_wordings *words)
{
	const cli_wording **list = malloc((report->top + 1) * sizeof(*list));
	unsigned count = list == NULL ? 0 : cli_wordings_top(words, list, report->top);
	size_t width = report->columns > 60 ? report->columns - 6 : 54;
	char number[32], code[SST_CODE_SIZE];

	if (count > 0)
		heading(out, report, title);
	for (unsigned i = 0; i < count; i++) {
		const cli_wording *word = list[i];

		code[0] = '\0';
		if (word->status.cls != 0)
			sst_code_format(word->status, code, sizeof code);
		cli_put_format(out, "  %12s  %s  ", report_number(word->count, number), code);
		cli_put_text(out, report_word(report, SST_VOCABULARY_CATEGORY, word->category));
		cli_put_char(out, ' ');
		cli_put_char(out, '(');
		cli_put_text(out, word->act == 0
		                          ? text_of("?")
		                          : report_word(report, SST_VOCABULARY_ACT, word->act));
		cli_put(out, ")\n      ");
		cli_put_theirs(out, (sst_text){word->sample, word->sample_len}, width);
		cli_put_char(out, '\n');
	}
	free(list);
}

static void put_waits(const mail_report *report, cli_text *out)
{
	const mail_tally *now = &report->now;
	char number[32], time[40];
	unsigned shown = 0;

	if (now->wait_count == 0)
		return;
	heading(out, report, "Still in the queue, by destination and reason");
	for (uint64_t most = UINT64_MAX; shown < report->top;) {
		const tally_wait *best = NULL;

		for (uint32_t i = 0; i < now->wait_count; i++)
			if (now->waits[i].count < most &&
			    (best == NULL || now->waits[i].count > best->count))
				best = &now->waits[i];
		if (best == NULL)
			break;
		most = best->count;
		for (uint32_t i = 0; i < now->wait_count && shown < report->top; i++) {
			const tally_wait *wait = &now->waits[i];

			if (wait->count != most)
				continue;
			shown++;
			cli_put(out, "  ");
			put_padded(out, (sst_text){wait->domain, wait->domain_len}, 32);
			cli_put_format(out, " %9s  ", report_number(wait->count, number));
			cli_put_text(out,
			             report_word(report, SST_VOCABULARY_CATEGORY, wait->category));
			if (wait->oldest != INT64_MAX) {
				cli_put(out, ", since ");
				cli_put_text(out, report_time(wait->oldest, time));
			}
			if (wait->returning > 0)
				cli_put_format(out,
				               ", keeps coming back for %s: ask the other side",
				               report_number(wait->returning, number));
			cli_put_char(out, '\n');
		}
	}
}

void report_text(const mail_report *report, cli_text *out)
{
	put_summary(report, out);
	put_fates(report, out);
	put_categories(report, out);
	put_table(report, out, "By provider or software", &report->now.providers);
	put_table(report, out, "By recipient domain", &report->now.domains);
	put_table(report, out, "By next server", &report->now.relays);
	put_senders(report, out);
	put_hours(report, out);
	put_delays(report, out);
	put_wordings(report, out, "What servers said", &report->now.wordings);
	put_waits(report, out);
	put_wordings(report, out, "Refused on the way in", &report->now.refusals);
}
