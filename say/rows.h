/* SPDX-License-Identifier: MIT
 * say/rows.h - a verdict as rows of a sheet: the same for a text, a mail and a code. */
#ifndef SST_SAY_ROWS_H
#define SST_SAY_ROWS_H

#include "say/sheet.h"

sst_tone sst__verdict_tone(const sst_verdict *verdict);

/* What is told once, however many recipients it is about: what happened, final, side, advice,
 * causes, who speaks. */
void sst__cause_rows(sst_sheet *sheet, const sst_verdict *verdict, const sst_explanation *said);

/* What the words of one answer give: list, limit, page, new address, reference, ... */
void sst__detail_rows(sst_sheet *sheet, const sst_detail *detail);

/* Codes, certainty, the words of a program, remarks (`notes` with the verdict's own). */
void sst__code_rows(sst_sheet *sheet, const sst_verdict *verdict, sst_notes notes);

/* "5.2.2  Mailbox full (RFC 3463)"; "552  Storage exceeded". Nothing for class 0 and for 0. */
void sst__code_row(sst_sheet *sheet, const char *key, sst_code code);
void sst__reply_row(sst_sheet *sheet, uint16_t reply);

#endif
