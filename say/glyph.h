/* SPDX-License-Identifier: MIT
 * say/glyph.h - text for people in columns: width of characters, wrapping, and foreign bytes made
 * safe for a terminal. */
#ifndef SST_SAY_GLYPH_H
#define SST_SAY_GLYPH_H

#include <smtpstatus.h>

/* Who wrote a text: ours may hold marks of direction; in a foreign one they are shown, not obeyed.
 */
typedef enum sst_author { SST_OURS, SST_THEIRS } sst_author;

/* The next character of `text` at `*at`, as it is to be printed: its bytes in `shown` (not
 * NUL-ended), how many there are as the result, its columns in `*columns`. Control characters and
 * what is not UTF-8 come as \n, \x1b, \u202e. Moves *at behind it. */
#define SST_SHOWN_SIZE 12
size_t sst__show(sst_text text, size_t *at, sst_author author, char shown[SST_SHOWN_SIZE],
                 unsigned *columns);

/* True if letters of the text are written from right to left. */
bool sst__holds_rtl(sst_text text);

/* Columns that the text takes on one line. */
unsigned sst__columns(sst_text text, sst_author author);

/* The end of the part of `text` from `at` on that fits `columns`: at a blank where there is one. */
size_t sst__wrap(sst_text text, size_t at, unsigned columns, sst_author author);

#endif
