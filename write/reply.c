/* SPDX-License-Identifier: MIT
 * write/reply.c - SMTP replies that keep to RFC 5321 section 4.2 and RFC 2034 section 4. */
#include "core/text.h"
#include "write/address.h"
#include "write/encode.h"
#include "write/refuse.h"

enum { LINE_MOST = 510 }; /* RFC 5321 section 4.5.3.1.5: 512 octets with the CRLF */

static bool no_code_here(sst_phase phase)
{
	return phase == SST_PHASE_CONNECT || phase == SST_PHASE_EHLO;
}

static sst_written check_codes(const sst_reply_draft *draft)
{
	const sst_reply_entry *reply = sst_reply_entry_find(draft->code);

	if (draft->code < 200 || draft->code > 599)
		return sst__refuse("reply_code", 0, "RFC 5321 section 4.2: 200 to 599");
	if (reply == NULL || !reply->registered)
		return sst__refuse("reply_code", 0,
		                   "only reply codes that an RFC defines are sent");
	if (draft->enhanced.cls == 0)
		return sst__accept();
	if (draft->code / 100 == 3)
		return sst__refuse("status", 0, "RFC 2034 section 4: no code in a 3yz reply");
	if (no_code_here(draft->phase))
		return sst__refuse(
		        "status", 0,
		        "RFC 2034 section 4: no code in a greeting or an answer to EHLO");
	if (draft->enhanced.cls != draft->code / 100)
		return sst__refuse("status", 0,
		                   "RFC 2034 section 4: the class is the reply code's first digit");
	if (!sst__is_registered(draft->enhanced))
		return sst__refuse("status", 0,
		                   "RFC 3463 section 2: only registered codes are sent");
	return sst__accept();
}

static sst_text next_line(sst_text *rest)
{
	sst_text line = {"", 0};

	(void)sst__text_line(rest, &line);
	return line;
}

static sst_written check_text(const sst_reply_draft *draft, size_t prefix)
{
	sst_text rest = draft->text;

	do {
		sst_text line = next_line(&rest);
		sst_result result = sst__line_check(line, draft->utf8);

		if (result.err != SST_OK) {
			result.at += (size_t)(line.ptr - draft->text.ptr);
			if (!draft->utf8 && (unsigned char)sst__at(draft->text, result.at) >= 0x80)
				result.rule =
				        "RFC 5321 section 4.2: ASCII only, unless the client asked "
				        "for SMTPUTF8";
			return sst__refuse_if("text", result);
		}
		/* An EHLO keyword can't be wrapped: each line is one. */
		if (no_code_here(draft->phase) && line.len + prefix > LINE_MOST)
			return sst__refuse(
			        "text", (size_t)(line.ptr - draft->text.ptr) + LINE_MOST - prefix,
			        "RFC 5321 section 4.5.3.1.5: a line has at most 512 octets");
	} while (rest.len > 0);
	return sst__accept();
}

/* How much of `text` fits in `most` octets: all, up to a blank, or up to a whole character. */
static size_t wrap(sst_text text, size_t most)
{
	size_t at = most;

	if (text.len <= most)
		return text.len;
	while (at > 0 && !sst__is_blank(text.ptr[at]))
		at--;
	if (at > 0)
		return at;
	at = most;
	while (at > 1 && ((unsigned char)text.ptr[at] & 0xC0) == 0x80)
		at--;
	return at;
}

static void out_line(sst_out *out, const sst_reply_draft *draft, sst_text text, bool last)
{
	char code[SST_CODE_SIZE];
	size_t len = 0;

	sst__out_number(out, draft->code, 3);
	sst__out_string(out, last ? " " : "-");
	if (draft->enhanced.cls != 0) {
		len = sst_code_format(draft->enhanced, code, sizeof(code));
		sst__out_bytes(out, code, len);
		sst__out_string(out, " ");
	}
	sst__out_text(out, text);
	sst__out_line_end(out);
}

static sst_text text_of(const sst_reply_draft *draft)
{
	if (draft->text.len > 0)
		return draft->text;
	if (draft->enhanced.cls != 0)
		return sst_registry_find(NULL, draft->enhanced, NULL)->title;
	return sst_reply_entry_find(draft->code)->title;
}

sst_written sst_reply_write(const sst_reply_draft *draft, sst_out *out)
{
	size_t start = out->total, prefix = draft->enhanced.cls != 0 ? 4 + SST_CODE_SIZE : 4;
	sst_written checked = check_codes(draft);
	sst_text rest;

	if (checked.err == SST_OK)
		checked = check_text(draft, prefix);
	if (checked.err != SST_OK)
		return checked;
	rest = text_of(draft);
	do {
		sst_text line = next_line(&rest);

		do {
			size_t part = wrap(line, LINE_MOST - prefix);
			size_t next = part;

			while (next < line.len && sst__is_blank(line.ptr[next]))
				next++;
			out_line(out, draft, sst__text_part(line, 0, part),
			         next == line.len && rest.len == 0);
			line = sst__text_part(line, next, line.len);
		} while (line.len > 0);
	} while (rest.len > 0);
	return sst__out_result(out, start);
}
