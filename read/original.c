/* SPDX-License-Identifier: MIT
 * read/original.c - whose mail it was: what the returned header tells of the message that was sent.
 */
#include "read/body.h"
#include "read/kind.h"

static sst_text decoded_subject(sst_mail *mail, sst_text subject)
{
	size_t len;

	if (subject.ptr == NULL)
		return subject;
	len = sst__words_decode(subject, mail->collector.buffer, mail->collector.size);
	if (!sst__utf8_valid((sst_text){mail->collector.buffer, len})) {
		len = sst__charset_convert(CHARSET_ASCII, (sst_text){mail->collector.buffer, len},
		                           mail->decode_buffer, SST__LINE_BYTES);
		return (sst_text){mail->decode_buffer, len};
	}
	return (sst_text){mail->collector.buffer, len};
}

/* The message id, brackets kept as they are, without what stands beside it. */
static sst_text message_id(sst_text value)
{
	size_t open = sst__text_find(value, 0, '<');
	size_t close = sst__text_find(value, open, '>');

	return close < value.len ? sst__text_part(value, open, close + 1) : value;
}

/* The word behind " id " or " for " in a Received field (RFC 5321 section 4.4). */
static sst_text clause(sst_text received, sst_text name)
{
	size_t at = sst__text_search(received, 0, name), end;

	if (at >= received.len)
		return SST_NO_TEXT;
	at += name.len;
	while (at < received.len && sst__is_space(received.ptr[at]))
		at++;
	end = at;
	while (end < received.len && !sst__is_space(received.ptr[end]) && received.ptr[end] != ';')
		end++;
	return sst__text_part(received, at, end);
}

static bool is_id(sst_text word)
{
	for (size_t i = 0; i < word.len; i++)
		if (!sst__is_alpha(word.ptr[i]) && !sst__is_digit(word.ptr[i]) &&
		    word.ptr[i] != '-' && word.ptr[i] != '.' && word.ptr[i] != '_')
			return false;
	return word.len >= 5 && word.len <= 64;
}

/* The host that reports took the message in last: its queue id, and whom it was for then. */
static void from_received(sst_text received, sst_report *report)
{
	sst_text id = clause(received, SST_TEXT(" id ")), address;

	if (report->queue_id.ptr == NULL && is_id(id))
		report->queue_id = id;
	address = sst__address_first(clause(received, SST_TEXT(" for ")));
	if (report->original_recipient.len == 0 && address.len > 0 && report->recipient.len > 0 &&
	    !sst__address_same(address, report->recipient))
		report->original_recipient = address;
}

void sst__fill_original(sst_mail *mail, sst_report *report)
{
	unsigned level = mail->report_level + 1u;
	const sst_text *returned;

	if (level >= SST__LEVELS || report->kind == SST_KIND_OTHER ||
	    report->kind == SST_KIND_AUTO_REPLY)
		return;
	returned = mail->headers[level].value;
	if (report->message_id.ptr == NULL)
		report->message_id = message_id(returned[FIELD_MESSAGE_ID]);
	if (report->subject.ptr == NULL)
		report->subject = decoded_subject(mail, returned[FIELD_SUBJECT]);
	if (report->kind == SST_KIND_BOUNCE || report->kind == SST_KIND_DELAY)
		from_received(returned[FIELD_RECEIVED], report);
	if (report->sender.len == 0)
		report->sender = sst__address_first(returned[FIELD_RETURN_PATH]);
	if (report->sender.len == 0)
		report->sender = sst__address_first(returned[FIELD_FROM]);
	if (report->sender.len == 0)
		report->sender = SST_NO_TEXT;
	else
		report->sender = sst__verp_plain(report->sender, mail->plain, sizeof mail->plain);
}
