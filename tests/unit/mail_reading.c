/* SPDX-License-Identifier: MIT
 * tests/unit/mail_reading.c - reads a whole mail and writes its reports as lines. */
#include "tests/unit/mail_reading.h"

#include <smtpstatus/words.h>
#include <stdio.h>
#include <stdlib.h>

static size_t write_report(const sst_report *report, char *out, size_t size)
{
	char code[SST_CODE_SIZE] = "-";
	sst_text kind = sst_word(SST_VOCABULARY_KIND, report->kind);
	sst_text action = sst_word(SST_VOCABULARY_ACTION, report->action);
	int len;

	if (report->status.cls != 0)
		sst_code_format(report->status, code, sizeof code);
	len = snprintf(out, size, "%.*s %.*s %s %u %.*s|%.*s|%.*s|%.*s\n", (int)kind.len, kind.ptr,
	               report->recipient.len > 0 ? (int)report->recipient.len : 1,
	               report->recipient.len > 0 ? report->recipient.ptr : "-", code,
	               report->reply_code, (int)action.len, action.ptr, (int)report->diagnostic.len,
	               report->diagnostic.ptr, (int)report->message_id.len, report->message_id.ptr,
	               (int)report->subject.len, report->subject.ptr);
	if (len < 0 || (size_t)len >= size)
		return 0;
	for (int i = 0; i + 1 < len; i++) /* one report, one line */
		if (out[i] == '\n')
			out[i] = '/';
	return (size_t)len;
}

unsigned mail_reading(sst_text mail, size_t step, char *out, size_t size)
{
	size_t need = sst_mail_size(NULL), at = 0, len = 0;
	void *memory = malloc(need);
	sst_mail *reader = memory == NULL ? NULL : sst_mail_init(memory, need, NULL, NULL, 0);
	unsigned count = 0;
	sst_err err = SST_MORE;
	sst_report report;

	if (size > 0)
		out[0] = '\0';
	while (reader != NULL && err != SST_END) {
		size_t n = step == 0 || step > mail.len - at ? mail.len - at : step;
		sst_text chunk = {mail.ptr + at, n};
		at += sst_mail_feed(reader, chunk, at + n == mail.len).at;
		while ((err = sst_mail_next(reader, &report)) == SST_OK) {
			len += write_report(&report, out + len, size - len);
			count++;
		}
	}
	free(memory);
	return count;
}
