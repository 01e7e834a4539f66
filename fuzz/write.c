/* SPDX-License-Identifier: MIT
 * fuzz/write.c - whatever the options are, what comes out is a legal mail or reply, or nothing.
 * The input is a byte of switches and fields with 0x1F between them. */
#include "core/text.h"

#include <smtpstatus/write.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static char mail[1 << 22];

static sst_text field(sst_text *rest)
{
	size_t end = sst__text_find(*rest, 0, '\x1F');
	sst_text value = sst__text_part(*rest, 0, end);

	*rest = sst__text_part(*rest, end + 1, rest->len);
	return value.len == 0 ? SST_NO_TEXT : value;
}

/* CRLF at every end of a line, no line above `most`, no octet that may not be there. */
static void check_lines(size_t len, size_t most, bool eight)
{
	size_t start = 0;

	for (size_t i = 0; i < len; i++) {
		if (mail[i] == '\0' || (!eight && (unsigned char)mail[i] >= 0x80))
			abort();
		if (mail[i] == '\r' && (i + 1 == len || mail[i + 1] != '\n'))
			abort();
		if (mail[i] != '\n')
			continue;
		if (i == 0 || mail[i - 1] != '\r' || i - start > most + 1)
			abort();
		start = i + 1;
	}
	if (start != len)
		abort();
}

/* The header has the fields that it should, once each, and nothing was smuggled in between. */
static void check_header(size_t len)
{
	static const char *const names[] = {"Return-Path",    "Date",         "From",
	                                    "Subject",        "To",           "Message-ID",
	                                    "Auto-Submitted", "MIME-Version", "Content-Type"};
	sst_text rest = {mail, len}, line;
	size_t next = 0;

	while (sst__text_line(&rest, &line) && line.len > 0) {
		sst_text name = sst__text_part(line, 0, sst__text_find(line, 0, ':'));
		if (sst__is_blank(line.ptr[0]) ||
		    sst__text_same(name, SST_TEXT("Content-Transfer-Encoding")))
			continue;
		if (next == 0 && sst__text_same(name, SST_TEXT("Date")))
			next = 1;
		if (next >= sizeof names / sizeof *names ||
		    !sst__text_same(name, (sst_text){names[next], strlen(names[next])}))
			abort();
		next++;
	}
	if (next != sizeof names / sizeof *names)
		abort();
}

static void one_reply(sst_text rest, unsigned switches)
{
	sst_reply_draft draft = SST_REPLY_DRAFT_INIT;
	sst_out out = {.buffer = mail, .size = sizeof mail};
	sst_reply reply;
	unsigned digits;

	draft.utf8 = switches & 1;
	draft.phase = (sst_phase)(switches >> 1 & 15);
	draft.code = (uint16_t)sst__text_number(field(&rest), 0, 4, &digits);
	(void)sst_code_parse(field(&rest), &draft.enhanced);
	draft.text = rest;
	sst_written written = sst_reply_write(&draft, &out);
	if (written.err != SST_OK)
		return;
	check_lines(written.at, 510, draft.utf8);
	if (sst_reply_parse((sst_text){mail, written.at}, &reply).at != written.at ||
	    reply.code != draft.code)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	sst_text rest = {(const char *)bytes, len};
	sst_dsn dsn = SST_DSN_INIT;
	sst_dsn_recipient r = SST_DSN_RECIPIENT_INIT;
	sst_out out = {.buffer = mail, .size = sizeof mail};
	unsigned switches;

	if (len < 3 || len > 65536)
		return 0;
	switches = bytes[0];
	rest = sst__text_part(rest, 3, rest.len);
	if (switches & 0x80) {
		one_reply(rest, switches);
		return 0;
	}
	dsn.flags = switches & 7;
	dsn.ret = switches >> 3 & 3;
	r.action = bytes[1] & 7;
	dsn.date.known = true;
	dsn.random = SST_TEXT("0123456789abcdef");
	dsn.sender = field(&rest);
	dsn.from = field(&rest);
	dsn.reporting_mta = field(&rest);
	dsn.received_from_mta = field(&rest);
	dsn.envelope_id = field(&rest);
	dsn.message_id = field(&rest);
	dsn.queue_id = field(&rest);
	dsn.subject = field(&rest);
	dsn.lang = field(&rest);
	dsn.boundary = field(&rest);
	dsn.id = field(&rest);
	dsn.human = field(&rest);
	r.recipient = field(&rest);
	r.original_recipient = field(&rest);
	r.original_recipient_type = field(&rest);
	(void)sst_code_parse(field(&rest), &r.status);
	r.diagnostic = field(&rest);
	r.diagnostic_type = field(&rest);
	r.remote_mta = field(&rest);
	r.final_log_id = field(&rest);
	dsn.returned = rest.len > 0 ? rest : SST_NO_TEXT;
	dsn.recipients = &r;
	dsn.recipient_count = 1;
	sst_written written = sst_dsn_write(&dsn, &out);
	if (written.err == SST_E_SPACE)
		return 0;
	if (written.err == SST_OK) {
		check_lines(written.at, 998, !(dsn.flags & SST_DSN_SEVEN_BIT));
		check_header(written.at);
	} else if (out.total != 0 || written.field == NULL || written.rule == NULL) {
		abort();
	}
	out.len = out.total = 0;
	dsn.arrival_date = dsn.date;
	written = sst_tracking_write(&dsn, &out);
	if (written.err == SST_OK)
		check_lines(written.at, 998, false);
	return 0;
}
