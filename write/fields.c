/* SPDX-License-Identifier: MIT
 * write/fields.c - the machine part, in the order of the grammar in RFC 3464 section 2. */
#include "core/code.h"
#include "core/text.h"
#include "write/address.h"
#include "write/dsn.h"

static void field_text(sst_out *out, const char *name, sst_text value)
{
	if (value.ptr == NULL || sst__text_trim(value).len == 0)
		return;
	sst__out_string(out, name);
	sst__out_string(out, ": ");
	sst__out_folded(out, value, strlen(name) + 2);
}

static void field_time(sst_out *out, const char *name, sst_time time)
{
	if (!time.known)
		return;
	sst__out_string(out, name);
	sst__out_string(out, ": ");
	sst__out_date(out, time);
	sst__out_line_end(out);
}

/* Type "dns" is for full domain names and literals only (RFC 3461 section 9.3). */
static void field_host(sst_out *out, const char *name, sst_text host)
{
	const char *type = sst__host_is_full(host) ? ": dns; " : ": x-local-hostname; ";

	if (host.ptr == NULL)
		return;
	sst__out_string(out, name);
	sst__out_string(out, type);
	sst__out_folded(out, host, strlen(name) + strlen(type));
}

/* In message/delivery-status only the 7-bit form of type utf-8 may stand (RFC 6533 section 3). */
static void out_narrow(sst_out *out, sst_text address)
{
	for (size_t at = 0; at < address.len;) {
		size_t step = sst__utf8_get(address, at, NULL), len = 0;
		char buffer[16];

		step = step == 0 ? 1 : step;
		(void)sst_utf8_address_encode(sst__text_part(address, at, at + step), buffer,
		                              sizeof(buffer), &len);
		sst__out_bytes(out, buffer, len);
		at += step;
	}
}

static void field_address(sst_out *out, const char *name, sst_text type, sst_text address,
                          bool wide)
{
	bool ascii = sst__is_ascii(address);

	if (address.ptr == NULL)
		return;
	if (type.ptr == NULL)
		type = ascii ? SST_TEXT("rfc822") : SST_TEXT("utf-8");
	sst__out_string(out, name);
	sst__out_string(out, ": ");
	sst__out_text(out, type);
	sst__out_string(out, "; ");
	if (ascii || wide) {
		sst__out_folded(out, address, strlen(name) + 4 + type.len);
		return;
	}
	out_narrow(out, address);
	sst__out_line_end(out);
}

/* An envelope id that looks as if it were still xtext stands in that form too, so that nobody
 * decodes it twice. */
static void field_envelope_xtext(sst_out *out, sst_text id)
{
	char one[4];

	if (id.len > 300 || (sst__text_search(id, 0, SST_TEXT("+2B")) == id.len &&
	                     sst__text_search(id, 0, SST_TEXT("+3D")) == id.len))
		return;
	sst__out_string(out, "X-Envelope-Id-Xtext: ");
	for (size_t at = 0; at < id.len; at++)
		sst__out_bytes(out, one,
		               sst_xtext_encode(sst__text_part(id, at, at + 1), one, sizeof(one)));
	sst__out_line_end(out);
}

void sst__dsn_message_fields(const sst_dsn *dsn, bool wide, sst_out *out)
{
	field_text(out, "Original-Envelope-Id", dsn->envelope_id);
	field_host(out, "Reporting-MTA", dsn->reporting_mta);
	field_host(out, "Received-From-MTA", dsn->received_from_mta);
	field_time(out, "Arrival-Date", dsn->arrival_date);
	field_envelope_xtext(out, dsn->envelope_id);
	field_text(out, "X-Queue-ID", dsn->queue_id);
	field_address(out, "X-Mail-From", SST_NO_TEXT, sst__without_brackets(dsn->sender), wide);
}

/* A server's words on their way into a field: what can't stand there becomes "?". */
typedef struct filter {
	sst_out *to;
	bool wide;
} filter;

static bool filter_write(void *context, const char *bytes, size_t len)
{
	filter *through = context;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];
		bool passes = (c >= ' ' && c < 0x7F) || c == '\t' || c == '\r' || c == '\n';

		if (passes || (c >= 0x80 && through->wide))
			sst__out_bytes(through->to, bytes + i, 1);
		else
			sst__out_string(through->to, "?");
	}
	return true;
}

static bool starts_with_reply(sst_text words)
{
	unsigned digits;

	(void)sst__text_number(words, 0, 3, &digits);
	return digits == 3 && (words.len == 3 || words.ptr[3] == ' ' || words.ptr[3] == '-');
}

static bool is_trouble(const sst_dsn_recipient *recipient)
{
	return recipient->action == SST_ACTION_FAILED || recipient->action == SST_ACTION_DELAYED;
}

/* RFC 3461 section 6.3 i asks for the field also where no words were kept, or where they are kept
 * back: the status alone, in a type of our own, which our reader takes for no words. */
static void field_no_diagnostic(sst_out *out, sst_text status)
{
	sst__out_string(out, "Diagnostic-Code: " SST__OWN_DIAGNOSTIC "; ");
	sst__out_text(out, status);
	sst__out_line_end(out);
}

static void field_diagnostic(sst_out *out, const sst_dsn_recipient *recipient, bool wide)
{
	static const char name[] = "Diagnostic-Code: ";
	sst_text words = sst__text_trim(recipient->diagnostic), type = recipient->diagnostic_type;
	filter through = {out, wide && sst__utf8_check(words) == words.len};
	sst_out filtered = {.write = filter_write, .context = &through};

	if (type.ptr == NULL)
		type = recipient->remote_mta.ptr != NULL && starts_with_reply(words)
		               ? SST_TEXT("smtp")
		               : SST_TEXT(SST__OWN_DIAGNOSTIC);
	sst__out_string(out, name);
	sst__out_text(out, type);
	sst__out_string(out, "; ");
	if (words.len == 3 && starts_with_reply(words)) {
		sst__out_text(out, words);
		sst__out_string(out, " \r\n"); /* the grammar of RFC 3461 section 9.2 has a blank */
		return;
	}
	sst__out_folded(&filtered, words, sizeof(name) + 1 + type.len);
}

/* Beside the server's words what they mean, for those who read no English (RFC 6533 section 4.1).
 * Only message/global-delivery-status has it. */
static void field_localized(const sst_dsn *dsn, const sst_dsn_recipient *recipient, bool wide,
                            sst_out *out)
{
	static const char name[] = "Localized-Diagnostic: ";
	sst_text tag = sst_lang_tag(sst_lang_find(dsn->lang, NULL));
	char buffer[SST_SAY_ROOM_SIZE];
	sst_say_room room = SST_SAY_ROOM(buffer);
	sst_explanation explanation;

	if (!wide || !is_trouble(recipient))
		return;
	sst__human_explain(dsn, recipient, &room, &explanation);
	if (explanation.text.len == 0)
		return;
	sst__out_string(out, name);
	sst__out_text(out, tag);
	sst__out_string(out, "; ");
	sst__out_folded(out, explanation.text, sizeof(name) + 1 + tag.len);
}

void sst__dsn_recipient_fields(const sst_dsn *dsn, const sst_dsn_recipient *recipient, bool wide,
                               sst_out *out)
{
	bool open = !(dsn->flags & SST_DSN_CONFIDENTIAL);
	char code[SST_CODE_SIZE];
	sst_text status = {code, sst_code_format(sst_dsn_status(recipient), code, sizeof(code))};
	bool words = open && sst__text_trim(recipient->diagnostic).len > 0;

	field_address(out, "Original-Recipient", recipient->original_recipient_type,
	              recipient->original_recipient, wide);
	field_address(out, "Final-Recipient", SST_NO_TEXT, recipient->recipient, wide);
	field_text(out, "Action", sst_word(SST_VOCABULARY_ACTION, recipient->action));
	field_text(out, "Status", status);
	if (open)
		field_host(out, "Remote-MTA", recipient->remote_mta);
	if (words)
		field_diagnostic(out, recipient, wide);
	else if (is_trouble(recipient))
		field_no_diagnostic(out, status);
	if (words)
		field_localized(dsn, recipient, wide, out);
	field_time(out, "Last-Attempt-Date", recipient->last_attempt);
	field_text(out, "Final-Log-ID", recipient->final_log_id);
	field_time(out, "Will-Retry-Until", recipient->retry_until);
}
