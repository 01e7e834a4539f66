/* SPDX-License-Identifier: MIT
 * write/tracking.c - the answer to a tracking query (RFC 3886, RFC 3887 section 4). */
#include "core/text.h"
#include "write/address.h"
#include "write/dsn.h"
#include "write/refuse.h"

static sst_written check_message(const sst_dsn *dsn)
{
	if (dsn->envelope_id.len == 0)
		return sst__refuse("envelope_id", 0,
		                   "RFC 3886 section 3.2.1: Original-Envelope-Id is required");
	if (sst__line_check(dsn->envelope_id, false).err != SST_OK)
		return sst__refuse_if("envelope_id", sst__line_check(dsn->envelope_id, false));
	if (dsn->reporting_mta.ptr == NULL)
		return sst__refuse("reporting_mta", 0,
		                   "RFC 3886 section 3.2.2: Reporting-MTA is required");
	if (sst__host_check(dsn->reporting_mta).err != SST_OK)
		return sst__refuse_if("reporting_mta", sst__host_check(dsn->reporting_mta));
	if (!sst__date_is_writable(dsn->arrival_date))
		return sst__refuse("arrival_date", 0,
		                   "RFC 3886 section 3.2.3: Arrival-Date is required");
	return sst__accept();
}

static sst_written check_recipient(const sst_dsn_recipient *recipient)
{
	sst_code status = recipient->status;
	bool relay_code = status.cls == 2 && status.subject == 1 && status.detail == 9;

	if (recipient->original_recipient.ptr == NULL)
		return sst__refuse("original_recipient", 0,
		                   "RFC 3886 section 3.3.1: Original-Recipient is required");
	if (relay_code && recipient->action != SST_ACTION_RELAYED)
		return sst__refuse("status", 0,
		                   "RFC 3886 section 3.3.4: 2.1.9 stands with relayed only");
	return sst__dsn_check_recipient(recipient);
}

sst_written sst_tracking_write(const sst_dsn *dsn, sst_out *out)
{
	sst_written written = sst__dsn_check_frame(dsn);
	char boundary[SST__BOUNDARY_MOST + 1];
	size_t start = out->total;
	sst_dsn plain;

	if (written.err == SST_OK)
		written = check_message(dsn);
	for (size_t i = 0; written.err == SST_OK && i < dsn->recipient_count; i++) {
		written = check_recipient(&dsn->recipients[i]);
		written.recipient = i;
	}
	if (written.err != SST_OK)
		return written;
	plain = *dsn; /* whom it came from is nothing that a tracking answer tells */
	plain.sender = plain.queue_id = plain.received_from_mta = plain.returned = SST_NO_TEXT;
	sst__boundary_make(&plain, boundary);
	sst__out_string(out,
	                "Content-Type: multipart/related; type=\"message/tracking-status\";\r\n"
	                " boundary=\"");
	sst__out_string(out, boundary);
	sst__out_string(out, "\"\r\n\r\n--");
	sst__out_string(out, boundary);
	sst__out_string(out, "\r\nContent-Type: message/tracking-status\r\n\r\n");
	sst__dsn_message_fields(&plain, false, out);
	for (size_t i = 0; i < dsn->recipient_count; i++) {
		sst__out_line_end(out);
		sst__dsn_recipient_fields(dsn, &dsn->recipients[i], false, out);
	}
	sst__out_string(out, "\r\n--");
	sst__out_string(out, boundary);
	sst__out_string(out, "--\r\n");
	return sst__out_result(out, start);
}
