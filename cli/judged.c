/* SPDX-License-Identifier: MIT
 * cli/judged.c - a report and what it means. */
#include "cli/judged.h"

#include "cli/site.h"

#include "core/words.h"

#include <string.h>

/* The kind alone decides: the category's usual verdict. */
static void by_kind(const sst_report *report, sst_category category, sst_verdict *verdict)
{
	const struct sst_category_row *row = &sst__categories[category];

	verdict->category = category;
	verdict->permanence = row->permanence;
	verdict->act = row->act;
	verdict->side = row->side;
	verdict->scope = row->scope;
	verdict->confidence = 95;
	verdict->status = verdict->reported_status = report->status;
	verdict->reply_code = report->reply_code;
}

void cli_take_category(sst_verdict *verdict, sst_category category)
{
	const struct sst_category_row *row = &sst__categories[category];

	if (category == 0 || category == verdict->category)
		return;
	verdict->category = category;
	verdict->act = row->act;
	verdict->side = row->side;
	verdict->scope = row->scope;
	if (verdict->permanence == 0)
		verdict->permanence = row->permanence;
}

void cli_judge_report(const cli_settings *settings, const sst_report *report,
                      sst_evidence *evidence, sst_verdict *verdict)
{
	memset(verdict, 0, sizeof *verdict);
	memset(evidence, 0, sizeof *evidence);
	verdict->size = sizeof *verdict;
	evidence->size = sizeof *evidence;
	switch (report->kind) {
	case SST_KIND_COMPLAINT:
		by_kind(report, SST_CATEGORY_COMPLAINT, verdict);
		break;
	case SST_KIND_AUTO_REPLY:
		by_kind(report, SST_CATEGORY_AUTO_REPLY, verdict);
		break;
	case SST_KIND_READ_RECEIPT:
	case SST_KIND_OTHER:
		verdict->category = SST_CATEGORY_UNDETERMINED;
		return;
	default:
		sst_report_evidence(report, evidence);
		sst_judge(settings->rules, evidence, verdict);
		cli_site_judge(settings, verdict);
	}
	if (verdict->detail.new_address.len == 0)
		verdict->detail.new_address = report->new_address;
}
