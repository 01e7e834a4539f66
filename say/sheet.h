/* SPDX-License-Identifier: MIT
 * say/sheet.h - what is written for people: headings, rows of label and text, and quotations with
 * the deciding words set off, in one of the forms. The one place that knows how a form looks. */
#ifndef SST_SAY_SHEET_H
#define SST_SAY_SHEET_H

#include "say/glyph.h"

#include <smtpstatus/say.h>

/* How a heading looks. */
typedef enum sst_tone { SST_TONE_PLAIN, SST_TONE_GOOD, SST_TONE_PASSING, SST_TONE_BAD } sst_tone;

/* Bytes of a text. */
typedef struct sst_span {
	size_t from, upto;
} sst_span;

typedef struct sst_sheet {
	const sst_rendering *how;
	unsigned labels; /* columns of the labels; 0: they don't stand in columns */
	unsigned width;  /* columns of a line */
	bool failed;
	bool begun; /* a section was written */
	bool rows;  /* inside a list of rows */
	size_t len;
	char buffer[1024];
} sst_sheet;

void sst__sheet_init(sst_sheet *sheet, const sst_rendering *how);

/* Hands on what is still here. False: a write failed. */
bool sst__sheet_flush(sst_sheet *sheet);

/* Before and after all output: the page around it. */
void sst__sheet_open(sst_sheet *sheet);
void sst__sheet_close(sst_sheet *sheet);

/* A section is what is said of one cause, text or code. */
void sst__sheet_section(sst_sheet *sheet, sst_tone tone);
void sst__sheet_section_end(sst_sheet *sheet);

/* Names the mail that the next sections are about; `number` (may be empty) is ours. */
void sst__sheet_source(sst_sheet *sheet, sst_text path, const char *number);

/* What a section is about, after words of others (may be absent): "anna@example.org: Mailbox is
 * full". */
void sst__sheet_heading(sst_sheet *sheet, sst_text theirs, sst_text text, sst_tone tone);

/* A label (a key such as "ui.final") with a text of ours or of others; nothing if that is absent.
 * Without a key it is one more text of the row before. */
void sst__sheet_row(sst_sheet *sheet, const char *key, sst_text text);
void sst__sheet_row_theirs(sst_sheet *sheet, const char *key, sst_text text);

/* The words of others with `marked` set off (it may be empty): as a row, or alone if `key` is NULL.
 */
void sst__sheet_quote(sst_sheet *sheet, const char *key, sst_text text, sst_span marked);

/* A text of ours as it stands in the form: escaped; what is between U+2068 and U+2069 goes into
 * <bdi>. */
void sst__sheet_ours(sst_sheet *sheet, sst_text text);

/* Bytes as they are. */
void sst__sheet_put(sst_sheet *sheet, const char *text);

#endif
