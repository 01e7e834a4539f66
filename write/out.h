/* SPDX-License-Identifier: MIT
 * write/out.h - bytes on their way out, and the four ways to put text into a header or a body. */
#ifndef SST_WRITE_OUT_H
#define SST_WRITE_OUT_H

#include <smtpstatus/write.h>

void sst__out_bytes(sst_out *out, const char *bytes, size_t len);
void sst__out_text(sst_out *out, sst_text text);
void sst__out_string(sst_out *out, const char *string);
void sst__out_number(sst_out *out, uint32_t number, unsigned digits); /* at least `digits` */
void sst__out_line_end(sst_out *out);

/* Passes on what is in the buffer and makes the result: `start` is out->total before the call. */
sst_written sst__out_result(sst_out *out, size_t start);

/* "Tue, 24 Nov 2026 10:15:00 +0100" (RFC 5322 section 3.3). */
void sst__out_date(sst_out *out, sst_time time);
/* True if the date has a year from 1900 to 9999 and a zone below a day. */
bool sst__date_is_writable(sst_time time);

/* A field's value after its name has been put: `column` octets stand on the line already. Lines are
 * folded before blanks that stand between words, at 78 octets where that is possible, so that
 * unfolding gives `value` again; a word without end is broken before octet 990. Line ends in the
 * value become folds with one blank. Ends the line. */
void sst__out_folded(sst_out *out, sst_text value, size_t column);

/* The same without the line end; returns the column that is reached. */
size_t sst__out_folded_open(sst_out *out, sst_text value, size_t column);

/* The same for unstructured text in UTF-8, as encoded-words (RFC 2047) where it is not ASCII. */
void sst__out_unstructured(sst_out *out, sst_text value, size_t column);
void sst__out_unstructured_open(sst_out *out, sst_text value, size_t column);

#endif
