/* SPDX-License-Identifier: MIT
 * read/dsn.c - delivery reports (RFC 3464, RFC 6533; tracking: RFC 3886), group by group. Fields
 * are told apart by name, not by where they stand, so that a report without blank lines, with too
 * many of them, or with its groups out of order is read all the same. */
#include "read/reader.h"
#include "read/body.h"
#include "read/date.h"
#include "read/phrase.h"
#include "core/code.h"
#include "core/utf8.h"

void sst__dsn_start(sst_mail *mail)
{
	sst__fields_clear(&mail->message);
	sst__fields_clear(&mail->group);
	mail->group_break = false;
	mail->groups = 0;
}

static bool has(const sst_mail *mail, enum sst__field field)
{
	return mail->group.value[field].ptr != NULL;
}

/* Whether this field is the first of another recipient's group. */
static bool begins_group(const sst_mail *mail, enum sst__field field, sst_text value)
{
	bool whole = has(mail, FIELD_FINAL_RECIPIENT) && has(mail, FIELD_ACTION) &&
	             has(mail, FIELD_STATUS);

	if (!mail->group.any)
		return false;
	if (field == FIELD_FINAL_RECIPIENT || field == FIELD_ORIGINAL_RECIPIENT) {
		if (has(mail, field))
			return !sst__text_same(mail->group.value[field], value) ||
			       (mail->group_break && whole);
		return mail->group_break && field == FIELD_ORIGINAL_RECIPIENT &&
		       has(mail, FIELD_FINAL_RECIPIENT) && has(mail, FIELD_STATUS);
	}
	return has(mail, field) && (mail->group_break || (whole && field == FIELD_ACTION));
}

static sst_action action_of(sst_text value)
{
	static const struct {
		const char *begins;
		sst_action action;
	} words[] = {
	        {"fail", SST_ACTION_FAILED},      {"reject", SST_ACTION_FAILED},
	        {"hardfail", SST_ACTION_FAILED},  {"permanent", SST_ACTION_FAILED},
	        {"undeliver", SST_ACTION_FAILED}, {"expire", SST_ACTION_FAILED},
	        {"bounce", SST_ACTION_FAILED},    {"delay", SST_ACTION_DELAYED},
	        {"defer", SST_ACTION_DELAYED},    {"deliver", SST_ACTION_DELIVERED},
	        {"relay", SST_ACTION_RELAYED},    {"expand", SST_ACTION_EXPANDED},
	        {"transfer", SST_ACTION_RELAYED},
	};

	value = sst__text_trim(value);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (sst__text_starts(value, (sst_text){words[i].begins, strlen(words[i].begins)}))
			return words[i].action;
	return 0;
}

sst_kind sst__kind_of_action(sst_action action)
{
	switch (action) {
	case SST_ACTION_DELAYED:
		return SST_KIND_DELAY;
	case SST_ACTION_DELIVERED:
		return SST_KIND_DELIVERED;
	case SST_ACTION_RELAYED:
		return SST_KIND_RELAYED;
	case SST_ACTION_EXPANDED:
		return SST_KIND_EXPANDED;
	default:
		return SST_KIND_BOUNCE;
	}
}

/* "dns; mx.example.com (192.0.2.1)": type and rest. A value without a type has none. */
static sst_text after_type(sst_text value, sst_text *type)
{
	size_t end = 0;

	while (end < value.len && end < 40 && value.ptr[end] != ';' &&
	       !sst__is_space(value.ptr[end]))
		end++;
	while (end < value.len && sst__is_space(value.ptr[end]))
		end++;
	if (sst__at(value, end) != ';' || end == 0) {
		if (type != NULL)
			*type = SST_NO_TEXT;
		return value;
	}
	if (type != NULL)
		*type = sst__text_trim(sst__text_part(value, 0, end));
	return sst__text_trim(sst__text_part(value, end + 1, value.len));
}

sst_text sst__mta_name(sst_text value)
{
	sst_text name = after_type(value, NULL);
	size_t end = 0;

	if (sst__at(name, 0) == '[') /* an address literal */
		return sst__text_part(name, 0, sst__text_find(name, 0, ']') + 1);
	while (end < name.len && !sst__is_space(name.ptr[end]) && name.ptr[end] != '(' &&
	       name.ptr[end] != ';' && name.ptr[end] != ',')
		end++;
	name.len = end;
	return name;
}

/* The code in a Status field, whatever stands beside it. */
static sst_code status_of(sst_text value, sst_notes *notes)
{
	sst_code code = {0};

	for (size_t at = 0; at < value.len && at < 60; at++) {
		sst_text rest = sst__text_part(value, at, at + 12);
		if (!sst__is_digit(rest.ptr[0]) ||
		    (at > 0 && (sst__is_digit(value.ptr[at - 1]) || value.ptr[at - 1] == '.')))
			continue;
		if (sst__code_read(rest, &code, notes))
			return code;
	}
	*notes |= value.len > 0 ? SST_NOTE_BAD_FIELD | SST_NOTE_MISSING_STATUS
	                        : SST_NOTE_MISSING_STATUS;
	return code;
}

static void fill_recipient(sst_mail *mail, sst_report *report)
{
	const sst_text *value = mail->group.value;
	sst_text final = sst__address_field(value[FIELD_FINAL_RECIPIENT]);
	sst_text original = sst__address_field(value[FIELD_ORIGINAL_RECIPIENT]);
	sst_text actual = sst__address_field(value[FIELD_ACTUAL_RECIPIENT]);

	report->recipient_origin = SST_ORIGIN_DSN_FIELD;
	report->recipient = final;
	if (sst__text_find(final, 0, '@') == final.len) {
		if (sst__text_find(original, 0, '@') < original.len)
			report->recipient = original;
		else if (sst__text_find(actual, 0, '@') < actual.len)
			report->recipient = actual;
	}
	report->original_recipient = original;
	if (report->recipient.len == 0) {
		report->recipient = SST_NO_TEXT;
		report->recipient_origin = 0;
	}
}

/* What stands in brackets behind the code of a Status field, if that is a reason. */
static sst_text comment_of(sst_text status)
{
	size_t open = sst__text_find(status, 0, '('), close = status.len;

	while (close > open && status.ptr[close - 1] != ')')
		close--;
	if (close <= open + 1)
		return SST_NO_TEXT;
	status = sst__text_part(status, open + 1, close - 1);
	return sst__reason_in(status) > 0 ? status : SST_NO_TEXT;
}

static void fill_diagnostic(sst_mail *mail, sst_report *report)
{
	const sst_text *value = mail->group.value;
	sst_text type;
	sst_text text = after_type(value[FIELD_DIAGNOSTIC], &type);

	if (text.len == 0 && value[FIELD_LOCALIZED].len > 0)
		text = after_type(value[FIELD_LOCALIZED], NULL);
	if (text.len == 0 && value[FIELD_SUPPLEMENT].len > 0)
		text = value[FIELD_SUPPLEMENT];
	if (text.len == 0)
		text = comment_of(value[FIELD_STATUS]);
	if (text.len == 0)
		return;
	report->diagnostic_origin = SST_ORIGIN_DSN_FIELD;
	/* Our own reports say so that there were no words: the human part's are not those either.
	 */
	if (sst__text_same(type, SST_TEXT(SST__OWN_DIAGNOSTIC)) &&
	    sst__text_same(text, value[FIELD_STATUS]))
		return;
	report->diagnostic = text;
	report->diagnostic_type = type;
	report->phase = sst__phase_in(text);
	report->reply_code = sst__reply_in(text);
	if (report->reply_code != 0)
		report->reply_origin = SST_ORIGIN_DSN_FIELD;
}

/* A value of the message's fields is copied for each recipient: only so much of it. */
static sst_text at_most(sst_text text, size_t most, sst_notes *notes)
{
	if (text.len <= most)
		return text;
	*notes |= SST_NOTE_HEADER_CUT;
	return sst__text_part(text, 0, most);
}

static void fill_message(sst_mail *mail, sst_report *report)
{
	const sst_text *value = mail->message.value;
	sst_notes *notes = &report->notes;

	report->reporting_mta = at_most(sst__mta_name(value[FIELD_REPORTING_MTA]), 255, notes);
	report->received_from_mta =
	        at_most(sst__mta_name(value[FIELD_RECEIVED_FROM_MTA]), 255, notes);
	report->envelope_id = at_most(value[FIELD_ENVELOPE_ID], 255, notes);
	report->queue_id = at_most(value[FIELD_QUEUE_ID], 255, notes);
	report->arrival_date = sst__date_parse(value[FIELD_ARRIVAL_DATE]);
	report->sender = at_most(sst__address_field(value[FIELD_REPORT_SENDER]), 320, notes);
}

static void fill_kind(sst_report *report, sst_text action)
{
	report->action = action_of(action);
	if (report->action == 0) {
		report->notes |= SST_NOTE_MISSING_ACTION;
		if (report->status.cls == 2)
			report->action = SST_ACTION_DELIVERED;
		else if (report->status.cls != 0)
			report->action = SST_ACTION_FAILED;
	}
	report->kind = sst__kind_of_action(report->action);
	if ((report->action == SST_ACTION_DELIVERED && report->status.cls > 2) ||
	    (report->action == SST_ACTION_FAILED && report->status.cls == 2))
		report->notes |= SST_NOTE_CLASS_MISMATCH;
}

static void group_end(sst_mail *mail)
{
	const sst_text *value = mail->group.value;
	sst_report report = {.size = sizeof report};

	if (!has(mail, FIELD_FINAL_RECIPIENT) && !has(mail, FIELD_ORIGINAL_RECIPIENT) &&
	    !has(mail, FIELD_STATUS) && !has(mail, FIELD_DIAGNOSTIC) &&
	    !has(mail, FIELD_ACTUAL_RECIPIENT)) {
		sst__fields_clear(&mail->group);
		return;
	}
	if (mail->queue.count >= mail->limits.recipients) {
		sst__mail_note(mail, SST_NOTE_TOO_MANY_RECIPIENTS);
		sst__fields_clear(&mail->group);
		return;
	}
	report.offset = mail->group_offset;
	fill_recipient(mail, &report);
	report.status = status_of(value[FIELD_STATUS], &report.notes);
	if (report.status.cls != 0)
		report.status_origin = SST_ORIGIN_DSN_FIELD;
	fill_kind(&report, value[FIELD_ACTION]);
	fill_diagnostic(mail, &report);
	fill_message(mail, &report);
	report.remote_mta = sst__mta_name(value[FIELD_REMOTE_MTA]);
	report.last_attempt = sst__date_parse(value[FIELD_LAST_ATTEMPT]);
	report.retry_until = sst__date_parse(value[FIELD_RETRY_UNTIL]);
	if (report.queue_id.ptr == NULL)
		report.queue_id = value[FIELD_FINAL_LOG_ID];
	if (mail->group.full)
		report.notes |= SST_NOTE_HEADER_CUT;
	mail->groups++;
	mail->locked = mail->level + 1;
	sst__queue_add(mail, &report);
	sst__fields_clear(&mail->group);
}

/* The letter that "\x{HEX}" at `at` stands for (RFC 6533 section 3, utf-8-addr-unitext), and where
 * that ends; 0 if it is none. */
static uint32_t escaped(sst_text text, size_t *at)
{
	uint32_t letter = 0;
	size_t i = *at + 3;

	if (!sst__text_starts(sst__text_part(text, *at, text.len), SST_TEXT("\\x{")))
		return 0;
	for (; i < text.len && i - *at < 9 && text.ptr[i] != '}'; i++) {
		char c = sst__lower(text.ptr[i]);
		if (!sst__is_digit(c) && (c < 'a' || c > 'f'))
			return 0;
		letter = letter * 16 + (uint32_t)(sst__is_digit(c) ? c - '0' : c - 'a' + 10);
	}
	if (sst__at(text, i) != '}' || letter <= ' ' || letter == 0x7f || letter > 0x10ffff ||
	    (letter >= 0xd800 && letter < 0xe000))
		return 0;
	*at = i + 1;
	return letter;
}

/* "utf-8; J\x{F6}rg@example.com" in letters: never longer than it was. */
static sst_text unescaped(sst_mail *mail, sst_text value)
{
	char *out = mail->plain;
	size_t len = 0;

	if (!sst__text_starts(value, SST_TEXT("utf-8")) || value.len > sizeof mail->plain ||
	    sst__text_search(value, 0, SST_TEXT("\\x{")) >= value.len)
		return value;
	for (size_t at = 0; at < value.len;) {
		uint32_t letter = escaped(value, &at);
		if (letter != 0)
			len += sst__utf8_put(letter, out + len);
		else
			out[len++] = value.ptr[at++];
	}
	return (sst_text){out, len};
}

void sst__dsn_field(sst_mail *mail, enum sst__field field, unsigned place, sst_text value)
{
	if (field == FIELD_FINAL_RECIPIENT || field == FIELD_ORIGINAL_RECIPIENT)
		value = unescaped(mail, value);
	if (!(place & PLACE_GROUP)) {
		sst__fields_put(&mail->message, field, value);
		return;
	}
	if (begins_group(mail, field, value))
		group_end(mail);
	if (!mail->group.any)
		mail->group_offset = mail->collector.offset;
	mail->group_break = false;
	if (!sst__fields_put(&mail->group, field, value))
		mail->notes |= SST_NOTE_DUPLICATE_FIELD;
}

void sst__dsn_blank(sst_mail *mail)
{
	mail->group_break = true;
}

void sst__dsn_end(sst_mail *mail)
{
	if (mail->message.value[FIELD_FEEDBACK_TYPE].ptr != NULL ||
	    mail->message.value[FIELD_DISPOSITION_TYPE].ptr != NULL) {
		mail->report_type = mail->message.value[FIELD_FEEDBACK_TYPE].ptr != NULL
		                            ? TYPE_FEEDBACK
		                            : TYPE_RECEIPT;
		mail->locked = mail->level + 1;
		return;
	}
	if (mail->group.any)
		group_end(mail);
	if (mail->groups > 0 && mail->report_type == 0)
		mail->report_type = TYPE_DELIVERY;
}
