/* SPDX-License-Identifier: MIT
 * cli/judged.h - a report and what it means. */
#ifndef SST_CLI_JUDGED_H
#define SST_CLI_JUDGED_H

#include "cli/settings.h"

#include <smtpstatus.h>
#include <smtpstatus/mail.h>

/* Judges a report. Complaints, automatic answers and mail that is no report are what they are,
 * whatever their words say. Proofs point into evidence->text. */
void cli_judge_report(const cli_settings *settings, const sst_report *report,
                      sst_evidence *evidence, sst_verdict *verdict);

/* Takes another category, with what usually follows from it; 0 changes nothing. */
void cli_take_category(sst_verdict *verdict, sst_category category);

#endif
