/* SPDX-License-Identifier: MIT
 * write/returned.c - the third part: the message that was sent, or its header (RFC 6522 section 3).
 *
 * What can go as it is does; a header with other octets goes in quoted-printable, which RFC 6522
 * allows for text/rfc822-headers; a message whose lines no mail may have goes without its body. */
#include "core/text.h"
#include "write/dsn.h"

/* The header: all before the first empty line. */
static sst_text header_of(sst_text message)
{
	sst_text rest = message, line;

	while (sst__text_line(&rest, &line))
		if (line.len == 0)
			return sst__text_part(message, 0, (size_t)(line.ptr - message.ptr));
	return message;
}

/* The next header field with its name, unfolded lines included. */
static bool next_field(sst_text *rest, sst_text *name, sst_text *value)
{
	sst_text line, more, start;
	size_t colon;

	if (!sst__text_line(rest, &line))
		return false;
	start = line;
	while (rest->len > 0 && sst__is_blank(rest->ptr[0]) && sst__text_line(rest, &more))
		start.len = (size_t)(more.ptr + more.len - start.ptr);
	colon = sst__text_find(start, 0, ':');
	*name = sst__text_trim(sst__text_part(start, 0, colon));
	*value = sst__text_trim(sst__text_part(start, colon + 1, start.len));
	return true;
}

bool sst__returned_is_report(sst_text returned)
{
	sst_text rest = header_of(returned), name, value;

	while (next_field(&rest, &name, &value)) {
		if (sst__text_same(name, SST_TEXT("return-path")) &&
		    sst__text_same(value, SST_TEXT("<>")))
			return true;
		if (sst__text_same(name, SST_TEXT("content-type")) &&
		    sst__text_starts(value, SST_TEXT("multipart/report")) &&
		    sst__text_search(value, 0, SST_TEXT("delivery-status")) < value.len)
			return true;
	}
	return false;
}

/* What a text consists of. */
typedef struct shape {
	bool high, nul, bad_line;
} shape;

static shape shape_of(sst_text text)
{
	sst_text rest = text, line;
	shape found = {false, false, false};

	while (sst__text_line(&rest, &line)) {
		if (line.len > 998)
			found.bad_line = true;
		for (size_t i = 0; i < line.len; i++) {
			found.high |= (unsigned char)line.ptr[i] >= 0x80;
			found.nul |= line.ptr[i] == '\0';
		}
	}
	return found;
}

/* text/rfc822-headers needs at least one field; a message without a header is no message. */
static bool is_header(sst_text header)
{
	size_t colon = sst__text_find(header, 0, ':');

	return colon > 0 && colon < header.len && !sst__is_blank(header.ptr[0]);
}

void sst__returned_plan(const sst_dsn *dsn, sst__plan *plan)
{
	sst_text header = header_of(dsn->returned);
	bool has_body = header.len < dsn->returned.len;
	shape whole = shape_of(dsn->returned), top = shape_of(header);
	bool narrow = (dsn->flags & SST_DSN_SEVEN_BIT) != 0;

	plan->header = is_header(header) ? header : SST_NO_TEXT;
	/* A header in UTF-8 makes it message/global, which goes with a wide report only. */
	plan->global = plan->wide && top.high && sst__utf8_check(header) == header.len;
	plan->whole = plan->header.ptr != NULL && has_body && plan->failures &&
	              dsn->ret != SST_RET_HDRS && !whole.nul && !whole.bad_line &&
	              !(whole.high && narrow) && (!top.high || plan->global);
	if (plan->whole)
		plan->returned = whole.high ? SST__EIGHT_BIT : SST__SEVEN_BIT;
	else if (plan->global && !top.nul && !top.bad_line)
		plan->returned = SST__EIGHT_BIT;
	else
		plan->returned = top.high || top.nul || top.bad_line ? SST__QUOTED_PRINTABLE
		                                                     : SST__SEVEN_BIT;
}

bool sst__returned_holds(const sst_dsn *dsn, const char *boundary)
{
	sst_text rest = dsn->returned, line, search = {boundary, strlen(boundary)};

	while (sst__text_line(&rest, &line))
		if (sst__text_starts(line, SST_TEXT("--")) &&
		    sst__text_starts(sst__text_part(line, 2, line.len), search))
			return true;
	return false;
}

bool sst__returned_is_there(const sst_dsn *dsn)
{
	return is_header(header_of(dsn->returned)) || dsn->message_id.len > 0 ||
	       sst__text_trim(dsn->subject).len > 0;
}

static void part_header(sst_out *out, const char *type, sst__transfer transfer)
{
	sst__out_string(out, "Content-Type: ");
	sst__out_string(out, type);
	sst__out_string(out, "\r\n");
	if (transfer != SST__SEVEN_BIT) {
		sst__out_string(out, "Content-Transfer-Encoding: ");
		sst__out_string(out, sst__transfer_name(transfer));
		sst__out_string(out, "\r\n");
	}
	sst__out_line_end(out);
}

/* What is known of a message whose header is not at hand. */
static void out_known(const sst_dsn *dsn, sst_out *out)
{
	if (dsn->message_id.len > 0) {
		sst__out_string(out, "Message-ID: <");
		sst__out_text(out, sst__without_brackets(dsn->message_id));
		sst__out_string(out, ">\r\n");
	}
	if (sst__text_trim(dsn->subject).len > 0) {
		sst__out_string(out, "Subject: ");
		sst__out_unstructured(out, dsn->subject, 9);
	}
}

void sst__returned_part(const sst_dsn *dsn, const sst__plan *plan, sst_out *out)
{
	sst_text rest = plan->whole ? dsn->returned : plan->header, line;
	sst__encoder encoder;
	const char *type = plan->whole ? "message/rfc822" : "text/rfc822-headers";

	if (plan->global)
		type = plan->whole ? "message/global" : "message/global-headers";
	part_header(out, type, plan->header.ptr != NULL ? plan->returned : SST__SEVEN_BIT);
	if (plan->header.ptr == NULL) {
		out_known(dsn, out);
		return;
	}
	sst__encoder_init(&encoder, out, plan->returned);
	while (sst__text_line(&rest, &line)) {
		sst__encoder_write(&encoder, line.ptr, line.len);
		sst__encoder_write(&encoder, "\n", 1);
	}
	sst__encoder_end(&encoder);
}
