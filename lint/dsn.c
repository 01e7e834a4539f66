/* SPDX-License-Identifier: MIT
 * lint/dsn.c - the fields of a delivery status notification (RFC 3464, RFC 3461 section 6.3, RFC
 * 6533). */
#include "lint/field.h"
#include "lint/lint.h"
#include "core/code.h"
#include "core/text.h"

#include <smtpstatus/words.h>

enum field {
	FIELD_ENVELOPE_ID,
	FIELD_REPORTING_MTA,
	FIELD_GATEWAY,
	FIELD_RECEIVED_FROM,
	FIELD_ARRIVAL,
	FIELD_ENVELOPE_XTEXT,
	FIELD_ORIGINAL_RECIPIENT, /* from here on about one recipient */
	FIELD_FINAL_RECIPIENT,
	FIELD_ACTION,
	FIELD_STATUS,
	FIELD_REMOTE_MTA,
	FIELD_DIAGNOSTIC,
	FIELD_LAST_ATTEMPT,
	FIELD_LOG_ID,
	FIELD_RETRY_UNTIL,
	FIELD_REMOTE_RECIPIENT,
	FIELD_LOCALIZED,
	FIELDS
};

static const sst_text names[FIELDS] = {
        {"Original-Envelope-Id", 20},
        {"Reporting-MTA", 13},
        {"DSN-Gateway", 11},
        {"Received-From-MTA", 17},
        {"Arrival-Date", 12},
        {"X-Envelope-Id-Xtext", 19},
        {"Original-Recipient", 18},
        {"Final-Recipient", 15},
        {"Action", 6},
        {"Status", 6},
        {"Remote-MTA", 10},
        {"Diagnostic-Code", 15},
        {"Last-Attempt-Date", 17},
        {"Final-Log-ID", 12},
        {"Will-Retry-Until", 16},
        {"SMTP-Remote-Recipient", 21},
        {"Localized-Diagnostic", 20},
};

struct group {
	sst_lint_run *run;
	bool message;   /* about the message, not about a recipient */
	bool global;    /* UTF-8 is allowed */
	unsigned have;  /* a bit for each field */
	sst_text place; /* the group's first field */
	sst_text envelope_id, envelope_xtext, original, final;
	sst_text retry_until, status_text, action_text, diagnostic_text;
	sst_action action;
	sst_code status, remote;
	bool smtp; /* the diagnostic is an SMTP reply */
};

static sst_text part(sst_text text, size_t from, size_t upto)
{
	return sst__text_part(text, from, upto);
}

static bool has(const struct group *group, enum field field)
{
	return group->have >> field & 1;
}

/* "better" for a value that lacks its type: type, semicolon, value. */
static void report_type(struct group *group, sst_text value, sst_text type)
{
	char better[SST_FINDING_BETTER];
	size_t len = type.len, more = value.len;

	memcpy(better, type.ptr, type.len);
	if (more > sizeof better - len - 1)
		more = sizeof better - len - 1;
	if (more > 0)
		memcpy(better + len, value.ptr, more);
	sst__lint_report(group->run, SST__LINT_MISSING_TYPE, value, (sst_text){better, len + more});
}

static void mta(struct group *group, sst_text value)
{
	sst_text type, name;

	if (!lint_field_typed(value, &type, &name)) {
		report_type(group, value, SST_TEXT("dns; "));
		return;
	}
	if (!sst__text_same(type, SST_TEXT("dns")))
		return;
	name = part(name, 0, sst__text_find(name, 0, ' '));
	if (sst__text_find(name, 0, '.') == name.len && sst__at(name, 0) != '[')
		sst__lint_report(group->run, SST__LINT_MTA_NAME, value,
		                 SST_TEXT("x-local-hostname; mail"));
}

static unsigned hex_of(char c)
{
	return sst__is_digit(c) ? (unsigned)(c - '0') : (unsigned)(c - 'A' + 10);
}

/* What xtext stands for, as far as it fits. */
static sst_text decoded(sst_text xtext, char *buffer, size_t size)
{
	size_t len = 0;

	for (size_t i = 0; i < xtext.len && len < size; i++) {
		char c = xtext.ptr[i];

		if (c == '+' && i + 2 < xtext.len) {
			c = (char)(hex_of(xtext.ptr[i + 1]) * 16 + hex_of(xtext.ptr[i + 2]));
			i += 2;
		}
		buffer[len++] = c;
	}
	return (sst_text){buffer, len};
}

static void report_xtext(struct group *group, sst_text value)
{
	char better[SST_FINDING_BETTER];

	sst__lint_report(group->run, SST__LINT_XTEXT_LEFT, value,
	                 decoded(value, better, sizeof better));
}

/* An envelope id is still in the form that ENVID had: no other program writes a plus sign so, or an
 * equals sign. Our own reports have the other form beside it where it only looks so. */
static void check_envelope_id(struct group *group)
{
	sst_text value = group->envelope_id, beside = group->envelope_xtext;
	char plain[SST_FINDING_BETTER];
	sst_text other;

	if (value.ptr == NULL || !sst__lint_is_xtext(value) ||
	    (sst__text_search(value, 0, SST_TEXT("+2B")) == value.len &&
	     sst__text_search(value, 0, SST_TEXT("+3D")) == value.len))
		return;
	other = decoded(beside, plain, sizeof plain);
	if (other.len > 0 && other.len <= value.len && memcmp(other.ptr, value.ptr, other.len) == 0)
		return;
	report_xtext(group, value);
}

/* "anna+20" may be an address of its own; but not if the decoded one is where the message went. */
static void check_original_recipient(struct group *group)
{
	sst_text value = group->original, final = group->final;
	char plain[1024];
	sst_text other;

	if (sst__text_find(value, 0, '+') == value.len || !sst__lint_is_xtext(value) ||
	    value.len > sizeof plain)
		return;
	other = decoded(value, plain, sizeof plain);
	if (other.len == final.len && sst__text_same(other, final))
		report_xtext(group, value);
}

static bool is_ascii(sst_text text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((uint8_t)text.ptr[i] >= 0x80)
			return false;
	return true;
}

static void address(struct group *group, sst_text value, sst_text *bare)
{
	sst_text type, rest;

	if (!lint_field_typed(value, &type, &rest)) {
		report_type(group, value, SST_TEXT("rfc822; "));
		return;
	}
	if (!is_ascii(rest) && (!group->global || !sst__text_same(type, SST_TEXT("utf-8"))))
		sst__lint_report(group->run, SST__LINT_UTF8_ADDRESS, value, SST_NO_TEXT);
	if (bare->ptr == NULL)
		*bare = rest;
}

static void date(struct group *group, sst_text value)
{
	sst_text zone;

	switch (lint_field_date(value, &zone)) {
	case LINT_DATE_BAD:
		sst__lint_report(group->run, SST__LINT_BAD_DATE, value, SST_NO_TEXT);
		break;
	case LINT_DATE_ZONE:
		sst__lint_report(group->run, SST__LINT_DATE_ZONE, value, SST_TEXT("+0000"));
		break;
	default:
		break;
	}
}

static void action(struct group *group, sst_text value)
{
	sst_text bare = lint_field_bare(value), better = SST_TEXT("failed");
	int number = sst_word_find(SST_VOCABULARY_ACTION, bare);

	group->action_text = value;
	group->action = number > 0 ? (sst_action)number : 0;
	if (number > 0)
		return;
	for (unsigned i = SST_ACTION_FAILED; i <= SST_ACTION_EXPANDED; i++) {
		sst_text known = sst_word(SST_VOCABULARY_ACTION, i);

		if (sst__text_starts(bare, part(known, 0, 4)))
			better = known;
	}
	sst__lint_report(group->run, SST__LINT_BAD_ACTION, value, better);
}

static void status(struct group *group, sst_text value)
{
	sst_text token = value, rest;
	size_t end = 0;
	sst_codes codes;

	while (end < value.len && !sst__is_space(value.ptr[end]) && value.ptr[end] != '(')
		end++;
	token = part(value, 0, end);
	rest = sst__text_trim(part(value, end, value.len));
	group->status_text = value;
	if (sst_code_parse(token, &group->status).err != SST_OK) {
		sst_codes_find(value, &codes);
		group->status = codes.status;
		sst__lint_report_code(group->run, SST__LINT_BAD_STATUS, value,
		                      sst__code_is(codes.status) ? codes.status
		                                                 : (sst_code){5, 0, 0});
		return;
	}
	if (rest.len > 0 && lint_field_bare(rest).len > 0)
		sst__lint_report(group->run, SST__LINT_STATUS_COMMENT, value, SST_NO_TEXT);
	sst__lint_code(group->run, token, group->status, 0);
}

static bool starts_with_reply(sst_text text)
{
	unsigned digits;
	uint32_t number = sst__text_number(text, 0, 3, &digits);

	return digits == 3 && number >= 200 && number < 600 &&
	       (sst__at(text, 3) == ' ' || sst__at(text, 3) == '-');
}

/* The remote server's code is none that is registered, and Status has the nearest that is: RFC 3463
 * section 2 asks for no more. */
static bool is_nearest(const struct group *group)
{
	sst_nearness near = SST_NEAR_EXACT;
	sst_code nearest = group->remote;

	sst_registry_find(group->run->registry, nearest, &near);
	if (near != SST_NEAR_SUBJECT && near != SST_NEAR_ANY)
		return false;
	nearest.detail = 0;
	if (near == SST_NEAR_ANY)
		nearest.subject = 0;
	return sst_code_equal(group->status, nearest);
}

/* The remote server's answer: "smtp; 550-5.1.1 one 550 5.1.1 two". */
static void diagnostic(struct group *group, sst_text value)
{
	sst_text type, rest, code;
	sst_codes codes;

	group->diagnostic_text = value;
	if (!lint_field_typed(value, &type, &rest)) {
		report_type(group, value,
		            sst__is_digit(sst__at(value, 0)) ? SST_TEXT("smtp; ")
		                                             : SST_TEXT("x-local; "));
		return;
	}
	if (!sst__text_same(type, SST_TEXT("smtp")))
		return;
	sst_codes_find(rest, &codes);
	if (!starts_with_reply(rest)) {
		sst__lint_report(group->run, SST__LINT_DIAGNOSTIC_FORM, value, SST_NO_TEXT);
		return;
	}
	group->smtp = true;
	if (!sst__code_is(codes.outer.code) || (codes.outer.notes & SST_NOTE_SQUEEZED) ||
	    codes.code_from > codes.outer.upto)
		return;
	code = part(rest, codes.code_from, codes.code_upto);
	group->remote = codes.status;
	group->run->quoted = true;
	if (codes.notes & SST_NOTE_MIXED_CODES)
		sst__lint_report(group->run, SST__LINT_MIXED_CODES, code, SST_NO_TEXT);
	if (codes.outer.notes & SST_NOTE_LEADING_ZERO)
		sst__lint_report_code(group->run, SST__LINT_BAD_CODE, code, codes.outer.code);
	else if (codes.outer.notes & SST_NOTE_INVALID_CLASS)
		sst__lint_report_code(group->run, SST__LINT_BAD_CLASS, code, codes.outer.code);
	else if (!is_nearest(group))
		sst__lint_code(group->run, code, codes.outer.code, codes.outer.reply / 100u);
	group->run->quoted = false;
}

static void known_field(struct group *group, enum field id, const lint_field *field)
{
	sst_lint_run *run = group->run;

	switch (id) {
	case FIELD_ENVELOPE_ID:
		group->envelope_id = field->value;
		break;
	case FIELD_ENVELOPE_XTEXT:
		group->envelope_xtext = field->value;
		break;
	case FIELD_REPORTING_MTA:
	case FIELD_GATEWAY:
	case FIELD_RECEIVED_FROM:
	case FIELD_REMOTE_MTA:
		mta(group, field->value);
		break;
	case FIELD_ARRIVAL:
	case FIELD_LAST_ATTEMPT:
		date(group, field->value);
		break;
	case FIELD_RETRY_UNTIL:
		group->retry_until = field->whole;
		date(group, field->value);
		break;
	case FIELD_ORIGINAL_RECIPIENT:
		address(group, field->value, &group->original);
		break;
	case FIELD_FINAL_RECIPIENT:
		address(group, field->value, &group->final);
		break;
	case FIELD_ACTION:
		action(group, field->value);
		break;
	case FIELD_STATUS:
		status(group, field->value);
		break;
	case FIELD_DIAGNOSTIC:
		diagnostic(group, field->value);
		break;
	case FIELD_LOCALIZED:
		if (!group->global)
			sst__lint_report(run, SST__LINT_LOCALIZED_DIAGNOSTIC, field->name,
			                 SST_NO_TEXT);
		break;
	default:
		break;
	}
}

static bool action_allows(sst_action action, unsigned cls)
{
	switch (action) {
	case SST_ACTION_FAILED:
		return cls == 4 || cls == 5;
	case SST_ACTION_DELAYED:
		return cls == 4;
	case 0:
		return true;
	default:
		return cls == 2;
	}
}

/* What the group says as a whole. */
static void end_group(struct group *group)
{
	sst_lint_run *run = group->run;
	bool trouble = group->action == SST_ACTION_FAILED || group->action == SST_ACTION_DELAYED;

	if (group->message) {
		if (!has(group, FIELD_REPORTING_MTA))
			sst__lint_report(run, SST__LINT_MISSING_REPORTING_MTA, group->place,
			                 SST_NO_TEXT);
		check_envelope_id(group);
		return;
	}
	if (group->have >> FIELD_ORIGINAL_RECIPIENT == 0)
		return;
	if (!has(group, FIELD_FINAL_RECIPIENT))
		sst__lint_report(run, SST__LINT_MISSING_FINAL_RECIPIENT, group->place, SST_NO_TEXT);
	if (!has(group, FIELD_ACTION))
		sst__lint_report(run, SST__LINT_MISSING_ACTION, group->place, SST_NO_TEXT);
	if (!has(group, FIELD_STATUS))
		sst__lint_report(run, SST__LINT_MISSING_STATUS, group->place, SST_NO_TEXT);
	if (sst__code_is(group->status) && !action_allows(group->action, group->status.cls))
		sst__lint_report(run, SST__LINT_ACTION_STATUS, group->status_text,
		                 sst_word(SST_VOCABULARY_ACTION, group->action));
	if (group->retry_until.ptr != NULL && group->action != 0 &&
	    group->action != SST_ACTION_DELAYED)
		sst__lint_report(run, SST__LINT_RETRY_UNTIL, group->retry_until, SST_NO_TEXT);
	if (trouble && group->smtp && !has(group, FIELD_REMOTE_MTA))
		sst__lint_report(run, SST__LINT_MISSING_REMOTE_MTA, group->diagnostic_text,
		                 SST_NO_TEXT);
	if (trouble && !has(group, FIELD_DIAGNOSTIC))
		sst__lint_report(run, SST__LINT_MISSING_DIAGNOSTIC, group->place, SST_NO_TEXT);
	check_original_recipient(group);
	if (sst__code_is(group->status) && sst__code_is(group->remote) && !is_nearest(group) &&
	    (group->status.subject != group->remote.subject ||
	     group->status.detail != group->remote.detail))
		sst__lint_report_code(run, SST__LINT_DIAGNOSTIC_STATUS, group->status_text,
		                      group->remote);
}

static int field_of(sst_text name)
{
	for (int i = 0; i < FIELDS; i++)
		if (sst__text_same(name, names[i]))
			return i;
	return -1;
}

static void start_group(struct group *group, bool message)
{
	sst_lint_run *run = group->run;
	bool global = group->global;

	*group = (struct group){.run = run, .message = message, .global = global};
}

static void take_field(struct group *group, const lint_field *field)
{
	int id = field_of(field->name);

	if (field->name.len == 0 && sst__text_starts(field->whole, SST_TEXT("--"))) {
		sst__lint_report(group->run, SST__LINT_WRONG_BOUNDARY, field->whole,
		                 group->run->boundary);
		group->run->astray = true;
		return;
	}
	if (field->name.len == 0) {
		sst__lint_report(group->run, SST__LINT_BAD_FIELD, field->whole, SST_NO_TEXT);
		return;
	}
	if (id >= FIELD_ORIGINAL_RECIPIENT && group->message) {
		/* No blank line was in between: the recipient's fields begin here all the same. */
		sst__lint_report(group->run, SST__LINT_MISSING_BLANK_LINE, field->name,
		                 SST_NO_TEXT);
		end_group(group);
		start_group(group, false);
	} else if ((id == FIELD_FINAL_RECIPIENT || id == FIELD_ORIGINAL_RECIPIENT) &&
	           has(group, FIELD_FINAL_RECIPIENT) && has(group, FIELD_ACTION) &&
	           has(group, FIELD_STATUS)) {
		/* So do those of the next recipient. */
		sst__lint_report(group->run, SST__LINT_MISSING_BLANK_LINE, field->name,
		                 SST_NO_TEXT);
		end_group(group);
		start_group(group, false);
	} else if (id >= 0 && id < FIELD_ORIGINAL_RECIPIENT && !group->message) {
		sst__lint_report(group->run, SST__LINT_MISPLACED_FIELD, field->name, SST_NO_TEXT);
	}
	if (group->place.ptr == NULL)
		group->place = field->name;
	if (id < 0) {
		if (!sst__text_starts(field->name, SST_TEXT("X-")))
			sst__lint_report(group->run, SST__LINT_UNKNOWN_FIELD, field->name,
			                 SST_NO_TEXT);
		return;
	}
	if (has(group, (enum field)id) && id != FIELD_LOCALIZED)
		sst__lint_report(group->run, SST__LINT_DUPLICATE_FIELD, field->name, SST_NO_TEXT);
	group->have |= 1u << id;
	known_field(group, (enum field)id, field);
}

static void check_bytes(sst_lint_run *run, sst_text body)
{
	sst_text rest = body, line;

	while (sst__text_line(&rest, &line))
		if (!is_ascii(line)) {
			sst__lint_report(run, SST__LINT_REPORT_NOT_ASCII, line, SST_NO_TEXT);
			return;
		}
}

void sst__lint_dsn(sst_lint_run *run, sst_text body, bool global)
{
	struct group group = {.run = run, .message = true, .global = global};
	sst_text rest = body;
	unsigned recipients = 0;
	lint_field field;

	if (!global)
		check_bytes(run, body);
	while (rest.len > 0) {
		bool any = false;

		while (lint_field_next(&rest, &field)) {
			any = true;
			take_field(&group, &field);
			/* A boundary that is none of this mail's: what follows is another part. */
			if (field.name.len == 0 && sst__text_starts(field.whole, SST_TEXT("--")))
				rest = SST_NO_TEXT;
		}
		if (!any)
			continue; /* more than one blank line */
		end_group(&group);
		recipients += !group.message && group.have >> FIELD_ORIGINAL_RECIPIENT != 0;
		start_group(&group, false);
	}
	if (recipients == 0)
		sst__lint_report(run, SST__LINT_MISSING_RECIPIENT_GROUP, part(body, 0, 0),
		                 SST_NO_TEXT);
}
