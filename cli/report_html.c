/* SPDX-License-Identifier: MIT
 * cli/report_html.c - the report as one HTML file: charts as inline SVG, each with its table; no
 * script, nothing from the network, readable in print, in the dark and by ear. All that comes from
 * logs is escaped. */
#include "cli/report.h"

#include "cli/vocabulary.h"

#include <smtpstatus/words.h>

#include <stdlib.h>
#include <string.h>

static const char style[] =
        ":root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--soft:#57606a;--line:#d0d7de;"
        "--good:#1a7f37;--wait:#9a6700;--bad:#cf222e;--other:#6e7781;--bar:#0969da}"
        "@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--paper:#0d1117;--soft:#9198a1;"
        "--line:#3d444d;--good:#3fb950;--wait:#d29922;--bad:#f85149;--other:#8b949e;--bar:#58a6ff}}"
        "*{box-sizing:border-box}body{margin:0 auto;max-width:72rem;padding:1.5rem;font:1rem/1.5 "
        "system-ui,sans-serif;color:var(--ink);background:var(--paper)}h1{font-size:1.6rem;margin:"
        "0}"
        "h2{font-size:1.2rem;margin:2.2rem 0 .6rem}p.note{color:var(--soft);margin:.2rem 0 1rem}"
        "ul.cards{list-style:none;display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,"
        "1fr));"
        "gap:.8rem;margin:1.2rem 0;padding:0}ul.cards li{border:1px solid "
        "var(--line);border-radius:.5rem;padding:.6rem .9rem}ul.cards "
        "b{display:block;font-size:1.35rem;"
        "font-variant-numeric:tabular-nums}.scroll{overflow-x:auto}table{border-collapse:collapse;"
        "width:100%;font-size:.92rem}th,td{padding:.3rem .6rem;border-bottom:1px solid "
        "var(--line);text-align:left;vertical-align:top}td.n,th.n{text-align:right;"
        "font-variant-numeric:tabular-nums;white-space:nowrap}td.w{overflow-wrap:anywhere}"
        "thead th{color:var(--soft);font-weight:600}svg{display:block;width:100%;height:auto}"
        "svg text{fill:var(--soft);font:11px "
        "system-ui,sans-serif}.good{fill:var(--good)}.wait{fill:"
        "var(--wait)}.bad{fill:var(--bad)}.other{fill:var(--other)}.bar{fill:var(--bar)}.axis{"
        "stroke:"
        "var(--line)}td:has(.meter){vertical-align:middle}.meter{height:.7rem;min-width:5rem}"
        ".k{display:inline-block;width:.75em;height:.75em;border-radius:.15em;margin-right:.5em}"
        ".k.good{background:var(--good)}.k.wait{background:var(--wait)}.k.bad{background:var(--bad)"
        "}.k.other{background:var(--other)}p.key span{margin-right:1.2rem}p.key .k{margin-right:.4"
        "em}p.key{margin:.2rem 0;font-size:.92rem;color:var(--soft)}"
        "code{font-size:.9em;overflow-wrap:anywhere}"
        "details summary{cursor:pointer;color:var(--soft)}nav "
        "a{margin-right:1rem}a{color:var(--bar)}"
        "@media "
        "print{body{max-width:none;padding:0;font-size:10pt}nav{display:none}h2{break-after:avoid}"
        "tr{break-inside:avoid}details>*{display:block}}";

/* Escaping
 * ----------------------------------------------------------------------------------------- */

/* Bytes that are no UTF-8 become U+FFFD. Returns the length of the sequence, 0 if there is none. */
static size_t sequence(sst_text text, size_t at)
{
	unsigned char c = (unsigned char)text.ptr[at];
	size_t len = c < 0x80                ? 1
	             : c >= 0xc2 && c < 0xe0 ? 2
	             : c >= 0xe0 && c < 0xf0 ? 3
	             : c >= 0xf0 && c < 0xf5 ? 4
	                                     : 0;

	if (len == 0 || at + len > text.len)
		return 0;
	for (size_t i = 1; i < len; i++)
		if (((unsigned char)text.ptr[at + i] & 0xc0) != 0x80)
			return 0;
	return len;
}

static void put(cli_text *out, sst_text text)
{
	for (size_t i = 0; i < text.len;) {
		size_t len = sequence(text, i);
		char c = text.ptr[i];

		if (len == 0)
			cli_put(out, "\ufffd");
		else if (len > 1)
			cli_put_text(out, (sst_text){text.ptr + i, len});
		else if (c == '<')
			cli_put(out, "&lt;");
		else if (c == '>')
			cli_put(out, "&gt;");
		else if (c == '&')
			cli_put(out, "&amp;");
		else if (c == '"')
			cli_put(out, "&quot;");
		else if (c == '\'')
			cli_put(out, "&#39;");
		else
			cli_put_char(out, (unsigned char)c < ' ' || c == 0x7f ? ' ' : c);
		i += len == 0 ? 1 : len;
	}
}

static void put_word(cli_text *out, const mail_report *report, sst_vocabulary vocabulary,
                     unsigned number)
{
	sst_text tag = sst_lang_tag(report->lang);

	if (report->lang != NULL)
		cli_put_format(out, "<bdi lang=%.*s>", (int)tag.len, tag.ptr);
	put(out, report_word(report, vocabulary, number));
	if (report->lang != NULL)
		cli_put(out, "</bdi>");
}

static void put_string(cli_text *out, const char *string)
{
	put(out, (sst_text){string, strlen(string)});
}

static void number_cell(cli_text *out, uint64_t number)
{
	char buffer[32];

	cli_put_format(out, "<td class=n>%s", report_number(number, buffer));
}

static double percent(uint64_t part, uint64_t whole)
{
	return whole == 0 ? 0 : 100.0 * (double)part / (double)whole;
}

/* Parts
 * -------------------------------------------------------------------------------------------- */

static void card(cli_text *out, const char *name, uint64_t number)
{
	char buffer[32];

	cli_put_format(out, "<li><b>%s</b>%s\n", report_number(number, buffer), name);
}

static void put_cards(const mail_report *report, cli_text *out)
{
	const mail_tally *now = &report->now;

	cli_put(out, "<ul class=cards>\n");
	card(out, "recipients", now->deliveries);
	card(out, "messages", now->messages);
	card(out, "attempts", now->attempts);
	card(out, "still in the queue", now->fates[SST_FATE_QUEUED]);
	card(out, "refused on the way in", now->refused);
	card(out, "log lines", report->counts.lines);
	if (report->counts.unknown > 0)
		card(out, "lines not understood", report->counts.unknown);
	cli_put(out, "</ul>\n");
}

static const char *class_of_fate(unsigned fate)
{
	switch (fate) {
	case SST_FATE_DELIVERED:
		return "good";
	case SST_FATE_QUEUED:
	case SST_FATE_HELD:
		return "wait";
	case SST_FATE_BOUNCED:
	case SST_FATE_EXPIRED:
	case SST_FATE_REFUSED:
		return "bad";
	default:
		return "other";
	}
}

/* One bar of all fates side by side, and the table that says the same. */
static void put_fates(const mail_report *report, cli_text *out)
{
	const mail_tally *now = &report->now;
	double at = 0;

	cli_put(out, "<h2 id=fates>What became of the recipients</h2>\n"
	             "<svg viewBox='0 0 1000 34' role=img aria-label='Shares of the fates; the "
	             "table below "
	             "has the numbers'>");
	for (unsigned i = 1; i < SST_FATES; i++) {
		double width = percent(now->fates[i], now->deliveries) * 10;

		if (now->fates[i] == 0)
			continue;
		cli_put_format(out, "<rect class=%s x=%.2f y=2 width=%.2f height=30><title>",
		               class_of_fate(i), at, width > 1 ? width - 0.5 : width);
		put(out, sst_fate_name((sst_fate)i));
		cli_put_format(out, " %.2f%%</title></rect>", width / 10);
		at += width;
	}
	cli_put(out,
	        "</svg>\n<table><thead><tr><th scope=col>fate<th scope=col class=n>recipients<th "
	        "scope=col class=n>share</thead>\n");
	for (unsigned i = 1; i < SST_FATES; i++) {
		if (now->fates[i] == 0)
			continue;
		cli_put_format(out, "<tr><th scope=row><i class='k %s'></i>", class_of_fate(i));
		put(out, sst_fate_name((sst_fate)i));
		number_cell(out, now->fates[i]);
		cli_put_format(out, "<td class=n>%.2f%%\n",
		               percent(now->fates[i], now->deliveries));
	}
	cli_put(out, "</table>\n");
}

static int by_name(const void *a, const void *b)
{
	return strcmp((*(const tally_row *const *)a)->name, (*(const tally_row *const *)b)->name);
}

static uint64_t most_in(const tally_row *const *rows, uint32_t count)
{
	uint64_t most = 1;

	for (uint32_t i = 0; i < count; i++)
		most = rows[i]->attempts > most ? rows[i]->attempts : most;
	return most;
}

static void hour_bar(cli_text *out, const tally_row *row, uint32_t at, uint32_t count,
                     uint64_t most)
{
	double width = 940.0 / count, x = 55 + at * width, y = 180;
	const uint64_t parts[] = {row->delivered, row->deferred, row->bounced};
	static const char *const classes[] = {"good", "wait", "bad"};

	cli_put(out, "<g><title>");
	put_string(out, row->name);
	cli_put_format(out, ": %llu attempts</title>", (unsigned long long)row->attempts);
	for (unsigned i = 0; i < 3; i++) {
		double height = 170.0 * (double)parts[i] / (double)most;

		y -= height;
		if (parts[i] > 0)
			cli_put_format(
			        out, "<rect class=%s x=%.2f y=%.2f width=%.2f height=%.2f></rect>",
			        classes[i], x, y, width > 3 ? width - 1 : width, height);
	}
	cli_put(out, "</g>");
}

static void put_hours(const mail_report *report, cli_text *out)
{
	const tally_table *hours = &report->now.hours;
	const tally_row **rows = malloc((hours->count + 1) * sizeof(*rows));
	uint32_t count = rows == NULL ? 0 : tally_top(hours, rows, hours->count);
	uint64_t most = most_in(rows, count);
	char number[32];

	if (count == 0) {
		free(rows);
		return;
	}
	qsort(rows, count, sizeof(*rows), by_name);
	cli_put(out, "<h2 id=hours>Attempts by hour</h2>\n<svg viewBox='0 0 1000 210' role=img "
	             "aria-label='Attempts in each hour: delivered, deferred, bounced; the table "
	             "below has "
	             "the numbers'><line class=axis x1=55 x2=995 y1=180 y2=180></line>");
	cli_put_format(out,
	               "<text x=50 y=20 text-anchor=end>%s</text><text x=50 y=184 text-anchor=end>0"
	               "</text>",
	               report_number(most, number));
	for (uint32_t i = 0; i < count; i++)
		hour_bar(out, rows[i], i, count, most);
	cli_put(out, "<text x=55 y=200>");
	put_string(out, rows[0]->name);
	cli_put(out, "</text><text x=995 y=200 text-anchor=end>");
	put_string(out, rows[count - 1]->name);
	cli_put(out,
	        "</text></svg>\n<p class=key><span><i class='k good'></i>delivered</span><span><i "
	        "class='k wait'></i>deferred</span><span><i class='k bad'></i>bounced</span></p>"
	        "<details><summary>as a table</summary><div "
	        "class=scroll><table><thead>"
	        "<tr><th scope=col>hour<th scope=col class=n>attempts<th scope=col "
	        "class=n>delivered<th "
	        "scope=col class=n>deferred<th scope=col class=n>bounced<th scope=col "
	        "class=n>refused</thead>\n");
	for (uint32_t i = 0; i < count; i++) {
		cli_put(out, "<tr><th scope=row>");
		put_string(out, rows[i]->name);
		number_cell(out, rows[i]->attempts);
		number_cell(out, rows[i]->delivered);
		number_cell(out, rows[i]->deferred);
		number_cell(out, rows[i]->bounced);
		number_cell(out, rows[i]->refused);
		cli_put_char(out, '\n');
	}
	cli_put(out, "</table></div></details>\n");
	free(rows);
}

static void meter(cli_text *out, const char *class, uint64_t part, uint64_t most)
{
	cli_put_format(out,
	               "<td><svg class=meter viewBox='0 0 100 6' preserveAspectRatio=none "
	               "aria-hidden=true><rect class=%s width=%.1f height=6></rect></svg>",
	               class, percent(part, most));
}

static void put_categories(const mail_report *report, cli_text *out)
{
	const mail_tally *now = &report->now;
	uint64_t most = 1, sum = 0;
	bool shown[TALLY_CATEGORIES] = {false};

	shown[SST_CATEGORY_DELIVERED] = true;
	for (unsigned i = 0; i < TALLY_CATEGORIES; i++)
		if (!shown[i]) {
			sum += now->categories[i];
			most = now->categories[i] > most ? now->categories[i] : most;
		}
	cli_put(out,
	        "<h2 id=reasons>Why attempts failed</h2>\n<div class=scroll><table><thead><tr><th "
	        "scope=col>category<th scope=col class=n>attempts<th scope=col class=n>share<th "
	        "scope=col><span hidden>bar</span></thead>\n");
	for (;;) {
		unsigned best = 0;

		for (unsigned i = 0; i < TALLY_CATEGORIES; i++)
			if (!shown[i] && now->categories[i] > 0 &&
			    (best == 0 || now->categories[i] > now->categories[best]))
				best = i;
		if (best == 0)
			break;
		shown[best] = true;
		cli_put(out, "<tr><th scope=row>");
		put_word(out, report, SST_VOCABULARY_CATEGORY, best);
		number_cell(out, now->categories[best]);
		cli_put_format(out, "<td class=n>%.2f%%", percent(now->categories[best], sum));
		meter(out, "bar", now->categories[best], most);
		cli_put_char(out, '\n');
	}
	cli_put(out, "</table></div>\n");
}

static unsigned main_reason(const tally_row *row)
{
	unsigned best = 0;

	for (unsigned i = 1; row->categories != NULL && i < TALLY_CATEGORIES; i++)
		if (row->categories[i] > row->categories[best])
			best = i;
	return best;
}

static void put_table(const mail_report *report, cli_text *out, const char *id, const char *title,
                      const tally_table *table)
{
	const tally_row **rows = malloc((report->top + 1) * sizeof(*rows));
	uint32_t count = rows == NULL ? 0 : tally_top_tried(table, rows, report->top);

	if (count == 0) {
		free(rows);
		return;
	}
	cli_put_format(
	        out,
	        "<h2 id=%s>%s</h2>\n<div class=scroll><table><thead><tr><th scope=col>name<th "
	        "scope=col class=n>attempts<th scope=col class=n>delivered<th scope=col "
	        "class=n>deferred<th scope=col class=n>bounced<th scope=col class=n>good<th "
	        "scope=col><span hidden>bar</span><th scope=col>mostly</thead>\n",
	        id, title);
	for (uint32_t i = 0; i < count; i++) {
		const tally_row *row = rows[i];

		cli_put(out, "<tr><th scope=row>");
		put_string(out, row->name);
		number_cell(out, row->attempts);
		number_cell(out, row->delivered);
		number_cell(out, row->deferred);
		number_cell(out, row->bounced);
		if (row->attempts > 0)
			cli_put_format(out, "<td class=n>%.1f%%",
			               percent(row->delivered, row->attempts));
		else
			cli_put(out, "<td>");
		meter(out, "good", row->delivered, row->attempts);
		cli_put(out, "<td>");
		if (main_reason(row) != 0)
			put_word(out, report, SST_VOCABULARY_CATEGORY, main_reason(row));
		cli_put_char(out, '\n');
	}
	cli_put(out, "</table></div>\n");
	free(rows);
}

static void put_delays(const mail_report *report, cli_text *out)
{
	const mail_tally *now = &report->now;
	static const unsigned percents[] = {50, 90, 95, 99};
	char buffer[32];

	if (now->delays[TALLY_TOTAL].count == 0)
		return;
	cli_put(out,
	        "<h2 id=delays>Delays</h2>\n<table><thead><tr><th scope=col>stage<th scope=col "
	        "class=n>half below<th scope=col class=n>90 %<th scope=col class=n>95 %<th "
	        "scope=col "
	        "class=n>99 %<th scope=col class=n>longest</thead>\n");
	for (unsigned i = 0; i < TALLY_STAGES; i++) {
		if (now->delays[i].count == 0)
			continue;
		cli_put_format(out, "<tr><th scope=row>%s", report_stage_names[i]);
		for (unsigned p = 0; p < 4; p++)
			cli_put_format(
			        out, "<td class=n>%s",
			        report_duration(tally_percentile(now, i, percents[p]), buffer));
		cli_put_format(out, "<td class=n>%s\n",
		               report_duration(now->delays[i].longest, buffer));
	}
	cli_put(out, "</table>\n");
}

static void put_wordings(const mail_report *report, cli_text *out, const char *id,
                         const char *title, const cli_wordings *words)
{
	const cli_wording **list = malloc((report->top + 1) * sizeof(*list));
	unsigned count = list == NULL ? 0 : cli_wordings_top(words, list, report->top);
	char code[SST_CODE_SIZE];

	if (count > 0)
		cli_put_format(
		        out,
		        "<h2 id=%s>%s</h2>\n<div class=scroll><table><thead><tr><th scope=col "
		        "class=n>times<th scope=col>status<th scope=col>category<th "
		        "scope=col>whose side<th scope=col>what to do<th scope=col>words</thead>\n",
		        id, title);
	for (unsigned i = 0; i < count; i++) {
		const cli_wording *word = list[i];

		cli_put(out, "<tr>");
		number_cell(out, word->count);
		code[0] = '\0';
		if (word->status.cls != 0)
			sst_code_format(word->status, code, sizeof code);
		cli_put_format(out, "<td>%s<td>", code);
		put_word(out, report, SST_VOCABULARY_CATEGORY, word->category);
		cli_put(out, "<td>");
		if (word->side != 0)
			put_word(out, report, SST_VOCABULARY_SIDE, word->side);
		cli_put(out, "<td>");
		if (word->act != 0)
			put_word(out, report, SST_VOCABULARY_ACT, word->act);
		cli_put(out, "<td class=w>");
		put(out, (sst_text){word->sample, word->sample_len});
		cli_put_char(out, '\n');
	}
	if (count > 0)
		cli_put(out, "</table></div>\n");
	free(list);
}

static int by_waiting(const void *a, const void *b)
{
	const tally_wait *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return strcmp(x->domain, y->domain);
}

static void put_wait(const mail_report *report, cli_text *out, const tally_wait *wait)
{
	char buffer[40];

	cli_put(out, "<tr><th scope=row>");
	put(out, (sst_text){wait->domain, wait->domain_len});
	number_cell(out, wait->count);
	cli_put(out, "<td>");
	put_word(out, report, SST_VOCABULARY_CATEGORY, wait->category);
	cli_put(out, "<td>");
	if (wait->oldest != INT64_MAX)
		put(out, report_time(wait->oldest, buffer));
	if (wait->returning > 0)
		cli_put_format(out,
		               "<td>ask the other side: keeps coming back for %llu<td class=w>",
		               (unsigned long long)wait->returning);
	else {
		cli_put(out, "<td>");
		if (wait->act != 0)
			put_word(out, report, SST_VOCABULARY_ACT, wait->act);
		cli_put(out, "<td class=w>");
	}
	put(out, (sst_text){wait->sample, wait->sample_len});
	cli_put_char(out, '\n');
}

static void put_waits(const mail_report *report, cli_text *out)
{
	const mail_tally *now = &report->now;
	tally_wait *waits = malloc((now->wait_count + 1) * sizeof *waits);

	if (waits == NULL || now->wait_count == 0) {
		free(waits);
		return;
	}
	memcpy(waits, now->waits, now->wait_count * sizeof *waits);
	qsort(waits, now->wait_count, sizeof *waits, by_waiting);
	cli_put(out,
	        "<h2 id=queue>Still in the queue</h2>\n<div class=scroll><table><thead><tr><th "
	        "scope=col>destination<th scope=col class=n>recipients<th scope=col>reason<th "
	        "scope=col>since<th scope=col>what to do<th scope=col>words</thead>\n");
	for (uint32_t i = 0; i < now->wait_count && i < report->top; i++)
		put_wait(report, out, &waits[i]);
	cli_put(out, "</table></div>\n");
	free(waits);
}

void report_html(const mail_report *report, cli_text *out)
{
	const mail_tally *now = &report->now;
	char from[40], upto[40];

	cli_put(out, "<!doctype html>\n<html lang=en><head><meta charset=utf-8><meta name=viewport "
	             "content='width=device-width,initial-scale=1'><meta "
	             "http-equiv=Content-Security-Policy "
	             "content=\"default-src 'none';style-src 'unsafe-inline';img-src "
	             "data:\"><title>Mail "
	             "delivery report</title><link rel=icon href='data:,'><style>");
	cli_put(out, style);
	cli_put(out, "</style></head><body>\n<header><h1>Mail delivery</h1><p class=note>");
	if (now->first <= now->last) {
		put(out, report_time(now->first, from));
		cli_put(out, " to ");
		put(out, report_time(now->last, upto));
		cli_put(out, ". ");
	}
	cli_put(out, "A recipient counts once, however many hosts its message passed.</p><nav><a "
	             "href=#fates>fates</a><a href=#hours>hours</a><a href=#reasons>reasons</a><a "
	             "href=#providers>providers</a><a href=#domains>domains</a><a "
	             "href=#delays>delays</a><a href=#words>words</a>");
	if (now->wait_count > 0)
		cli_put(out, "<a href=#queue>queue</a>");
	if (now->refused > 0)
		cli_put(out, "<a href=#refused>refused</a>");
	cli_put(out, "</nav></header>\n<main>\n");
	put_cards(report, out);
	put_fates(report, out);
	put_hours(report, out);
	put_categories(report, out);
	put_table(report, out, "providers", "By provider or software", &now->providers);
	put_table(report, out, "domains", "By recipient domain", &now->domains);
	put_table(report, out, "relays", "By next server", &now->relays);
	put_delays(report, out);
	put_wordings(report, out, "words", "What servers said", &now->wordings);
	put_waits(report, out);
	put_wordings(report, out, "refused", "Refused on the way in", &now->refusals);
	cli_put(out, "</main></body></html>\n");
}
