/* SPDX-License-Identifier: MIT
 * read/finish.c - what is left to say at the mail's end. */
#include "read/reader.h"
#include "read/address.h"

void sst__finish(sst_mail *mail)
{
	sst_report report = {.size = sizeof report, .kind = SST_KIND_OTHER};

	if (mail->queue.count > 0)
		return;
	if (mail->report_type == TYPE_FEEDBACK)
		report.kind = SST_KIND_COMPLAINT;
	else if (mail->report_type == TYPE_RECEIPT)
		report.kind = SST_KIND_READ_RECEIPT;
	sst__queue_add(mail, &report);
}

bool sst__finish_more(sst_mail *mail)
{
	(void)mail;
	return false;
}

void sst__finish_report(sst_mail *mail, sst_report *report)
{
	unsigned level = mail->locked > 0 ? mail->locked : 1u;
	const sst_text *returned;

	report->notes |= mail->notes;
	report->cut_offset = mail->cut_offset;
	if (level >= SST__LEVELS)
		return;
	returned = mail->headers[level].value;
	if (report->message_id.ptr == NULL)
		report->message_id = returned[FIELD_MESSAGE_ID];
	if (report->subject.ptr == NULL)
		report->subject = returned[FIELD_SUBJECT];
	if (report->sender.ptr == NULL)
		report->sender = sst__address_first(returned[FIELD_FROM]);
}
