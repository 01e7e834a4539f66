/* SPDX-License-Identifier: MIT
 * fuzz/mail.c - a mail fed whole gives what it gives in pieces; every report's texts can be read,
 * and every mail gives at least one. The first byte chooses the size of the pieces. */
#include <smtpstatus/mail.h>

#include <stdlib.h>
#include <string.h>

enum { REPORTS = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A number that changes when any byte of a text does. */
static uint64_t mix(uint64_t sum, sst_text text)
{
	for (size_t i = 0; i < text.len; i++)
		sum = (sum ^ (unsigned char)text.ptr[i]) * UINT64_C(1099511628211);
	return (sum ^ text.len) * UINT64_C(1099511628211);
}

static uint64_t digest(const sst_report *r)
{
	uint64_t sum = UINT64_C(14695981039346656037) ^ r->kind ^ (uint64_t)r->action << 8 ^
	               (uint64_t)r->reply_code << 16 ^ r->notes ^ r->offset << 3 ^
	               (uint64_t)r->status.cls << 40 ^ (uint64_t)r->status.detail << 24;
	const sst_text texts[] = {r->recipient,   r->original_recipient, r->sender,
	                          r->diagnostic,  r->diagnostic_type,    r->reporting_mta,
	                          r->remote_mta,  r->received_from_mta,  r->message_id,
	                          r->queue_id,    r->envelope_id,        r->subject,
	                          r->new_address, r->feedback_type};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		sum = mix(sum, texts[i]);
	return sum;
}

static size_t read_mail(sst_mail *reader, sst_text mail, size_t step, uint64_t *sums)
{
	size_t at = 0, count = 0, idle = 0;
	sst_err err = SST_MORE;
	sst_report report;

	sst_mail_reset(reader);
	while (err != SST_END) {
		size_t n = step < mail.len - at ? step : mail.len - at;
		size_t used =
		        sst_mail_feed(reader, (sst_text){mail.ptr + at, n}, at + n == mail.len).at;
		size_t before = count;
		if (used > n)
			abort();
		at += used;
		while ((err = sst_mail_next(reader, &report)) == SST_OK) {
			if (report.kind == 0 || report.size != sizeof report)
				abort();
			if (count < REPORTS)
				sums[count] = digest(&report);
			count++;
		}
		idle = used == 0 && count == before ? idle + 1 : 0;
		if (idle > 3)
			abort(); /* it neither takes nor gives */
	}
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint64_t whole[REPORTS], pieces[REPORTS];
	size_t step = size > 0 ? (size_t)data[0] + 1 : 1, need = sst_mail_size(NULL), count;
	void *memory = malloc(need);
	sst_mail *reader = memory == NULL ? NULL : sst_mail_init(memory, need, NULL, NULL, 0);
	sst_text mail = {(const char *)data, size};

	if (reader == NULL)
		abort();
	count = read_mail(reader, mail, size + 1, whole);
	if (count == 0 || read_mail(reader, mail, step, pieces) != count)
		abort();
	if (memcmp(whole, pieces, (count < REPORTS ? count : REPORTS) * sizeof *whole) != 0)
		abort();
	free(memory);
	return 0;
}
