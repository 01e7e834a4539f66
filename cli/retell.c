/* SPDX-License-Identifier: MIT
 * cli/retell.c - what a mail says of a recipient, for people: whom it is about and what happened in
 * one line, then what it means, what to do and what the server said. */
#include "cli/retell.h"

#include "cli/answer.h"
#include "cli/record.h"

#include "core/text.h"

#include <stdio.h>

void cli_retell_init(cli_retelling *told, const cli_reading *reading)
{
	told->reading = reading;
	told->last_cause = 0;
	told->named = false;
	cli_screen_init(&told->screen, &told->out, &reading->settings, reading->lang);
	told->screen.spaced = true;
}

void cli_retell_mail(cli_retelling *told)
{
	told->last_cause = 0;
	told->named = false;
}

static uint64_t mix(uint64_t sum, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sum = (sum ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
	return sum;
}

/* Reports that are told the same way have the same number. */
static uint64_t cause(const sst_report *report, const sst_verdict *verdict)
{
	const uint16_t numbers[] = {report->kind,           report->action,
	                            verdict->category,      verdict->permanence,
	                            verdict->status.cls,    verdict->status.subject,
	                            verdict->status.detail, verdict->reply_code};
	uint64_t sum = mix(UINT64_C(14695981039346656037), (const char *)numbers, sizeof numbers);

	sum = mix(sum, report->diagnostic.ptr, report->diagnostic.len);
	return sum == 0 ? 1 : sum;
}

static void name_mail(cli_retelling *told, const char *source, uint64_t message)
{
	char number[32] = "";

	if (told->named)
		return;
	told->named = true;
	if (message > 0)
		snprintf(number, sizeof number, " (%llu)", (unsigned long long)message);
	cli_screen_source(&told->screen, (sst_text){source, strlen(source)}, number);
}

static void time_row(cli_screen *screen, const char *key, sst_time time)
{
	char text[CLI_TIME_SIZE];
	size_t len = time.known ? cli_time_format(time, text) : 0;

	cli_screen_row(screen, key, (sst_text){text, len}, CLI_OURS);
}

/* What only administrators look at. */
static void trace_rows(cli_screen *screen, const sst_report *report)
{
	cli_screen_row(screen, "ui.sender", report->sender, CLI_FOREIGN);
	cli_screen_row(screen, "ui.remote-mta", report->remote_mta, CLI_FOREIGN);
	cli_screen_row(screen, "ui.reporting-mta", report->reporting_mta, CLI_FOREIGN);
	cli_screen_row(screen, "ui.message-id", report->message_id, CLI_FOREIGN);
	time_row(screen, "ui.arrival-date", report->arrival_date);
	time_row(screen, "ui.last-attempt", report->last_attempt);
}

static void rows(cli_retelling *told, const sst_report *report, const sst_verdict *verdict,
                 const sst_explanation *words, sst_text evidence)
{
	cli_screen *screen = &told->screen;
	const sst_proof *proof = &verdict->proofs[0];
	cli_span marked = {0, 0};

	if (verdict->proof_count > 0)
		marked = (cli_span){proof->from, proof->upto};
	cli_screen_quote_row(screen, "ui.evidence", evidence, marked);
	cli_screen_row(screen, "ui.what-happened", words->text, CLI_OURS);
	cli_verdict_rows(screen, &told->reading->settings, verdict, words, SST_NO_TEXT);
	time_row(screen, "ui.retry-until", report->retry_until);
	if (told->reading->explain || told->reading->settings.audience > SST_AUDIENCE_SENDER)
		trace_rows(screen, report);
}

void cli_retell(cli_retelling *told, const char *source, uint64_t message, const sst_report *report,
                const sst_verdict *verdict, sst_text evidence)
{
	char bytes[SST_SAY_ROOM_SIZE];
	sst_say_room room = SST_SAY_ROOM(bytes);
	sst_explanation words = {0};
	uint64_t own = cause(report, verdict);
	cli_screen *screen = &told->screen;
	sst_text whom = report->recipient;

	sst_explain(screen->lang, (sst_audience)told->reading->settings.audience, verdict,
	            report->recipient, &room, &words);
	if (!told->reading->explain)
		words.causes = SST_NO_TEXT;
	name_mail(told, source, message);
	cli_screen_page(screen);
	if (whom.len == 0)
		whom = sst_say_text(screen->lang, SST_TEXT("ui.not-known"));
	cli_screen_heading(screen, words.title, cli_verdict_tone(verdict), whom);
	if (own != told->last_cause)
		rows(told, report, verdict, &words, evidence);
	cli_screen_page_end(screen);
	told->last_cause = own;
}
