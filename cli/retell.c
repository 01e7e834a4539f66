/* SPDX-License-Identifier: MIT
 * cli/retell.c - what a mail says, for people: whom it is about and what happened in one line, then
 * what it means, what to do and what the server said. */
#include "cli/retell.h"

#include "core/text.h"
#include "say/sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of one mail; more recipients than that are told in several parts. */
enum { CASES = 256, BYTES = 262144 };

struct cli_kept {
	unsigned count;
	size_t used;
	bool full; /* a text had no room */
	sst_case cases[CASES];
	sst_verdict verdicts[CASES];
	sst_report reports[CASES];
	char bytes[BYTES];
};

void cli_retell_init(cli_retelling *told, const cli_reading *reading)
{
	memset(told, 0, sizeof *told);
	told->reading = reading;
}

void cli_retell_free(cli_retelling *told)
{
	free(told->kept);
}

void cli_retell_mail(cli_retelling *told, const char *source)
{
	told->source = source;
	told->message = 0;
	told->named = false;
}

static sst_text keep(struct cli_kept *kept, sst_text text)
{
	size_t room = BYTES - kept->used;
	char *place = kept->bytes + kept->used;

	if (text.len > room) {
		kept->full = true;
		text.len = room;
	}
	if (text.len == 0)
		return SST_NO_TEXT;
	memcpy(place, text.ptr, text.len);
	kept->used += text.len;
	return (sst_text){place, text.len};
}

/* Those texts that are shown. */
static void keep_report(struct cli_kept *kept, sst_report *report)
{
	report->recipient = keep(kept, report->recipient);
	report->sender = keep(kept, report->sender);
	report->remote_mta = keep(kept, report->remote_mta);
	report->reporting_mta = keep(kept, report->reporting_mta);
	report->message_id = keep(kept, report->message_id);
	report->queue_id = keep(kept, report->queue_id);
}

static void keep_verdict(struct cli_kept *kept, sst_verdict *verdict)
{
	sst_detail *detail = &verdict->detail;

	detail->list = keep(kept, detail->list);
	detail->link = keep(kept, detail->link);
	detail->new_address = keep(kept, detail->new_address);
	detail->provider_code = keep(kept, detail->provider_code);
	detail->ticket = keep(kept, detail->ticket);
}

static void take(struct cli_kept *kept, const sst_report *report, const sst_verdict *verdict,
                 sst_text evidence)
{
	unsigned i = kept->count++;

	kept->verdicts[i] = *verdict;
	kept->reports[i] = *report;
	kept->cases[i] = (sst_case){.verdict = &kept->verdicts[i], .report = &kept->reports[i]};
	keep_report(kept, &kept->reports[i]);
	keep_verdict(kept, &kept->verdicts[i]);
	kept->cases[i].recipient = kept->reports[i].recipient;
	kept->cases[i].words = keep(kept, evidence);
}

static void name_mail(cli_retelling *told, const sst_rendering *how)
{
	char number[32] = "";
	sst_sheet sheet;

	if (told->named || told->source == NULL)
		return;
	told->named = true;
	if (told->message > 0)
		snprintf(number, sizeof number, " (%llu)", (unsigned long long)told->message);
	sst__sheet_init(&sheet, how);
	sst__sheet_source(&sheet, (sst_text){told->source, strlen(told->source)}, number);
	sst__sheet_flush(&sheet);
}

void cli_retell_end(cli_retelling *told)
{
	const cli_reading *reading = told->reading;
	struct cli_kept *kept = told->kept;
	sst_rendering how = cli_screen(&reading->settings, reading->lang, &told->out);

	if (kept == NULL || kept->count == 0)
		return;
	how.brief = !reading->explain;
	if (how.form == SST_FORM_HTML)
		how.form = SST_FORM_FRAGMENT; /* the page is around all mails */
	name_mail(told, &how);
	sst_render(&how, kept->cases, kept->count);
	if (how.form != SST_FORM_FRAGMENT)
		cli_put_char(&told->out, '\n');
	kept->count = 0;
	kept->used = 0;
	kept->full = false;
}

bool cli_retell(cli_retelling *told, uint64_t message, const sst_report *report,
                const sst_verdict *verdict, sst_text evidence)
{
	unsigned before;

	if (told->kept == NULL)
		told->kept = calloc(1, sizeof *told->kept);
	if (told->kept == NULL)
		return false;
	told->message = message;
	if (told->kept->count == CASES)
		cli_retell_end(told);
	before = told->kept->count;
	take(told->kept, report, verdict, evidence);
	if (!told->kept->full || before == 0)
		return true;
	told->kept->count = before;
	cli_retell_end(told);
	take(told->kept, report, verdict, evidence);
	return true;
}
