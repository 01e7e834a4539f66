/* SPDX-License-Identifier: MIT
 * say/sheet.h - what a rendering is written on: headings, rows and quotations in one of the forms.
 */
#ifndef SST_SAY_SHEET_H
#define SST_SAY_SHEET_H

#include <smtpstatus/say.h>

typedef struct sst_sheet {
	const sst_rendering *how;
	bool failed;
	size_t len;
	char buffer[1024];
} sst_sheet;

/* Bytes as they are. */
void sst__sheet_put(sst_sheet *sheet, const char *text);

/* Our own words: escaped; what stands between U+2068 and U+2069 goes into <bdi>. */
void sst__sheet_ours(sst_sheet *sheet, sst_text text);

/* Words of others: escaped, and without what could steer a terminal, a page or the direction. */
void sst__sheet_theirs(sst_sheet *sheet, sst_text text);

void sst__sheet_open(sst_sheet *sheet, sst_text title);
void sst__sheet_close(sst_sheet *sheet);
void sst__sheet_heading(sst_sheet *sheet, sst_text text);

/* A label (a key such as "ui.final") with a text of ours or of others; nothing if that is absent.
 */
void sst__sheet_row(sst_sheet *sheet, const char *key, sst_text text);
void sst__sheet_row_theirs(sst_sheet *sheet, const char *key, sst_text text);

/* The server's words, with those from `from` to before `upto` set off. */
void sst__sheet_quote(sst_sheet *sheet, sst_text words, size_t from, size_t upto);

/* A list of rows begins and ends. */
void sst__sheet_rows(sst_sheet *sheet);
void sst__sheet_rows_end(sst_sheet *sheet);

bool sst__sheet_flush(sst_sheet *sheet);

#endif
