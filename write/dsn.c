/* SPDX-License-Identifier: MIT
 * write/dsn.c - a delivery report, from its header to the closing boundary. */
#include "write/dsn.h"
#include "core/text.h"
#include "write/refuse.h"

/* In seven bits an address may grow beyond what a line holds. */
static sst_written check_narrow(const sst_dsn_recipient *recipient)
{
	static const char rule[] = "RFC 5322 section 2.1.1: its 7-bit form is longer than a line";
	size_t len = 0;
	sst_result result = sst_utf8_address_encode(recipient->recipient, NULL, 0, &len);

	if (result.at > 900 && result.err == SST_E_SPACE)
		return sst__refuse("recipient", 0, rule);
	result = sst_utf8_address_encode(recipient->original_recipient, NULL, 0, &len);
	if (result.at > 900 && result.err == SST_E_SPACE)
		return sst__refuse("original_recipient", 0, rule);
	return sst__accept();
}

sst_written sst_dsn_check(const sst_dsn *dsn)
{
	sst_written written = sst__dsn_check_frame(dsn);
	char boundary[SST__BOUNDARY_MOST + 1];

	if (written.err == SST_OK)
		written = sst__dsn_check_message(dsn);
	for (size_t i = 0; written.err == SST_OK && i < dsn->recipient_count; i++) {
		written = sst__dsn_check_recipient(&dsn->recipients[i]);
		if (written.err == SST_OK && (dsn->flags & SST_DSN_SEVEN_BIT))
			written = check_narrow(&dsn->recipients[i]);
		written.recipient = i;
	}
	if (written.err != SST_OK)
		return written;
	sst__boundary_make(dsn, boundary);
	if (sst__returned_holds(dsn, boundary))
		return sst__refuse(
		        "boundary", 0,
		        "RFC 2046 section 5.1: the returned message holds this boundary");
	return sst__accept();
}

static sst__plan plan_of(const sst_dsn *dsn)
{
	sst__plan plan = {0};

	plan.wide = !(dsn->flags & SST_DSN_SEVEN_BIT) && sst__dsn_has_wide_address(dsn);
	for (size_t i = 0; i < dsn->recipient_count; i++)
		plan.failures |= dsn->recipients[i].action == SST_ACTION_FAILED;
	sst__boundary_make(dsn, plan.boundary);
	sst__returned_plan(dsn, &plan);
	return plan;
}

static void out_from(const sst_dsn *dsn, sst_out *out)
{
	sst__human_from(dsn, out);
	if (dsn->from.ptr != NULL) {
		sst__out_text(out, sst__without_brackets(dsn->from));
	} else {
		sst__out_string(out, "MAILER-DAEMON@");
		sst__out_text(out, dsn->reporting_mta);
	}
	sst__out_string(out, ">\r\n");
}

static void out_header(const sst_dsn *dsn, const sst__plan *plan, sst_out *out)
{
	bool eight = plan->wide || plan->returned == SST__EIGHT_BIT;

	if (!(dsn->flags & SST_DSN_NO_RETURN_PATH))
		sst__out_string(out, "Return-Path: <>\r\n");
	sst__out_string(out, "Date: ");
	sst__out_date(out, dsn->date);
	sst__out_line_end(out);
	out_from(dsn, out);
	sst__human_subject(dsn, out);
	sst__out_string(out, "To: <");
	sst__out_text(out, sst__without_brackets(dsn->sender));
	sst__out_string(out, ">\r\nMessage-ID: ");
	sst__id_out(dsn, out);
	/* RFC 3834 section 5.2: auto-generated must not be used for reports. */
	sst__out_string(out, "\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
	                     "Content-Type: multipart/report; report-type=");
	sst__out_string(out, plan->wide ? "global-delivery-status" : "delivery-status");
	sst__out_string(out, ";\r\n boundary=\"");
	sst__out_string(out, plan->boundary);
	sst__out_string(out, "\"\r\n");
	if (eight)
		sst__out_string(out, "Content-Transfer-Encoding: 8bit\r\n");
}

static void out_boundary(const sst__plan *plan, bool last, sst_out *out)
{
	sst__out_string(out, "\r\n--");
	sst__out_string(out, plan->boundary);
	sst__out_string(out, last ? "--\r\n" : "\r\n");
}

static void out_machine_part(const sst_dsn *dsn, const sst__plan *plan, sst_out *out)
{
	sst__out_string(out, plan->wide ? "Content-Type: message/global-delivery-status\r\n"
	                                  "Content-Transfer-Encoding: 8bit\r\n\r\n"
	                                : "Content-Type: message/delivery-status\r\n\r\n");
	sst__dsn_message_fields(dsn, plan->wide, out);
	for (size_t i = 0; i < dsn->recipient_count; i++) {
		sst__out_line_end(out);
		sst__dsn_recipient_fields(dsn, &dsn->recipients[i], plan->wide, out);
	}
}

sst_written sst_dsn_write(const sst_dsn *dsn, sst_out *out)
{
	sst_written written = sst_dsn_check(dsn);
	size_t start = out->total;
	sst__plan plan;

	if (written.err != SST_OK)
		return written;
	plan = plan_of(dsn);
	out_header(dsn, &plan, out);
	out_boundary(&plan, false, out);
	sst__human_part(dsn, &plan, out);
	out_boundary(&plan, false, out);
	out_machine_part(dsn, &plan, out);
	if (sst__returned_is_there(dsn)) {
		out_boundary(&plan, false, out);
		sst__returned_part(dsn, &plan, out);
	}
	out_boundary(&plan, true, out);
	return sst__out_result(out, start);
}
