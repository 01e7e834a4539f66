/* SPDX-License-Identifier: MIT
 * write/check.c - everything that a delivery report is refused for. */
#include "core/text.h"
#include "write/address.h"
#include "write/dsn.h"
#include "write/refuse.h"

sst_text sst__without_brackets(sst_text text)
{
	if (text.len >= 2 && text.ptr[0] == '<' && text.ptr[text.len - 1] == '>')
		return sst__text_part(text, 1, text.len - 1);
	return text;
}

bool sst__dsn_has_wide_address(const sst_dsn *dsn)
{
	if (!sst__is_ascii(dsn->sender))
		return true;
	for (size_t i = 0; i < dsn->recipient_count; i++)
		if (!sst__is_ascii(dsn->recipients[i].recipient) ||
		    !sst__is_ascii(dsn->recipients[i].original_recipient))
			return true;
	return false;
}

/* The code stands in the text, with no digit or dot at its sides. */
static bool quotes(sst_text text, sst_code code)
{
	char buffer[SST_CODE_SIZE];
	size_t len = sst_code_format(code, buffer, sizeof(buffer));
	size_t at = 0;

	while ((at = sst__text_search(text, at, (sst_text){buffer, len})) < text.len) {
		char before = at > 0 ? text.ptr[at - 1] : ' ', after = sst__at(text, at + len);
		bool runs_on = after == '.' && sst__is_digit(sst__at(text, at + len + 1));

		if (!sst__is_digit(before) && before != '.' && !sst__is_digit(after) && !runs_on)
			return true;
		at++;
	}
	return false;
}

/* "550 5.1.1 ..." at the start of the words. */
static void codes_of(sst_text diagnostic, unsigned *reply, sst_code *code)
{
	unsigned digits;
	sst_text text = sst__text_trim(diagnostic);

	*code = (sst_code){0, 0, 0};
	*reply = sst__text_number(text, 0, 3, &digits);
	if (digits != 3 || sst__is_digit(sst__at(text, 3))) {
		*reply = 0;
		return;
	}
	if (sst__at(text, 3) == ' ' || sst__at(text, 3) == '-')
		(void)sst_code_scan(sst__text_part(text, 4, text.len), code);
}

static bool class_fits(sst_action action, unsigned cls)
{
	switch (action) {
	case SST_ACTION_FAILED:
		return cls == 4 || cls == 5;
	case SST_ACTION_DELAYED:
		return cls == 4;
	default:
		return cls == 2;
	}
}

static sst_code nearest(sst_code code)
{
	sst_code subject = {code.cls, code.subject, 0};

	if (sst__is_registered(code))
		return code;
	return sst__is_registered(subject) ? subject : (sst_code){code.cls, 0, 0};
}

/* RFC 3461 section 6.3 g: X.0.0 where nothing better is known. */
static sst_code status_from_words(const sst_dsn_recipient *recipient)
{
	sst_code code;
	unsigned reply;

	codes_of(recipient->diagnostic, &reply, &code);
	if (code.cls != 0 && class_fits(recipient->action, code.cls))
		return nearest(code);
	if (recipient->action == SST_ACTION_FAILED)
		return (sst_code){reply / 100 == 4 ? 4 : 5, 0, 0};
	if (recipient->action == SST_ACTION_DELAYED)
		return (sst_code){4, 0, 0};
	return (sst_code){2, 0, 0};
}

static bool is_status_fine(const sst_dsn_recipient *recipient)
{
	return sst__is_registered(recipient->status) ||
	       quotes(recipient->diagnostic, recipient->status);
}

sst_code sst_dsn_status(const sst_dsn_recipient *recipient)
{
	if (recipient->status.cls == 0)
		return status_from_words(recipient);
	if (!class_fits(recipient->action, recipient->status.cls) || !is_status_fine(recipient))
		return (sst_code){0, 0, 0};
	return nearest(recipient->status);
}

static sst_written check_status(const sst_dsn_recipient *recipient)
{
	static const char *const classes[] = {
	        [SST_ACTION_FAILED] = "RFC 3464 section 2.3.3: failed has a status of class 4 or 5",
	        [SST_ACTION_DELAYED] = "RFC 3464 section 2.3.3: delayed has a status of class 4",
	        [SST_ACTION_DELIVERED] =
	                "RFC 3464 section 2.3.3: delivered has a status of class 2",
	        [SST_ACTION_RELAYED] = "RFC 3464 section 2.3.3: relayed has a status of class 2",
	        [SST_ACTION_EXPANDED] = "RFC 3464 section 2.3.3: expanded has a status of class 2",
	};
	sst_code code = recipient->status;

	if (code.cls == 0)
		return sst__accept();
	if (code.cls != 2 && code.cls != 4 && code.cls != 5)
		return sst__refuse("status", 0, "RFC 3463 section 2: the class is 2, 4 or 5");
	if (code.subject > 999 || code.detail > 999)
		return sst__refuse("status", 0, "RFC 3463 section 2: at most three digits");
	if (!class_fits(recipient->action, code.cls))
		return sst__refuse("status", 0, classes[recipient->action]);
	if (!is_status_fine(recipient))
		return sst__refuse(
		        "status", 0,
		        "RFC 3463 section 2: only registered codes are sent; this one is not, "
		        "and the diagnostic does not quote it");
	return sst__accept();
}

static sst_written check_original(const sst_dsn_recipient *recipient)
{
	sst_text type = recipient->original_recipient_type;
	sst_text address = recipient->original_recipient;

	if (type.ptr != NULL) {
		sst_result atom = sst__atom_check(type);

		if (atom.err != SST_OK)
			return sst__refuse_if("original_recipient_type", atom);
		if (address.ptr == NULL)
			return sst__refuse("original_recipient", 0,
			                   "RFC 3464 section 2.3.1: a type needs an address");
		if (sst__text_same(type, SST_TEXT("rfc822")) && !sst__is_ascii(address))
			return sst__refuse(
			        "original_recipient", 0,
			        "RFC 6533 section 3: outside of ASCII the type is utf-8");
	}
	if (address.ptr == NULL)
		return sst__accept();
	if (type.ptr == NULL || sst__text_same(type, SST_TEXT("rfc822")) ||
	    sst__text_same(type, SST_TEXT("utf-8")))
		return sst__refuse_if("original_recipient", sst__address_check(address, true));
	if (address.len == 0)
		return sst__refuse("original_recipient", 0, "it may not be empty");
	return sst__refuse_if("original_recipient", sst__line_check(address, false));
}

static sst_written check_diagnostic(const sst_dsn_recipient *recipient)
{
	sst_text type = recipient->diagnostic_type;
	sst_text words = sst__text_trim(recipient->diagnostic);
	unsigned digits;

	if (type.ptr == NULL)
		return sst__accept();
	if (sst__atom_check(type).err != SST_OK)
		return sst__refuse_if("diagnostic_type", sst__atom_check(type));
	if (recipient->diagnostic.ptr == NULL)
		return sst__refuse("diagnostic", 0, "RFC 3464 section 2.3.6: a type needs a text");
	(void)sst__text_number(words, 0, 3, &digits);
	if (sst__text_same(type, SST_TEXT("smtp")) &&
	    (digits < 3 || (sst__at(words, 3) != ' ' && sst__at(words, 3) != '-' && words.len > 3)))
		return sst__refuse("diagnostic", 0,
		                   "RFC 3461 section 9.2: type smtp begins with a reply code");
	return sst__accept();
}

static sst_written check_time(const char *field, sst_time time)
{
	if (!time.known || sst__date_is_writable(time))
		return sst__accept();
	return sst__refuse(field, 0,
	                   "RFC 5322 section 3.3: a year from 1900 to 9999 and a zone below "
	                   "24 hours");
}

static sst_written check_host(const char *field, sst_text host)
{
	return host.ptr == NULL ? sst__accept() : sst__refuse_if(field, sst__host_check(host));
}

sst_written sst__dsn_check_recipient(const sst_dsn_recipient *recipient)
{
	sst_written checks[8];

	if (recipient->recipient.ptr == NULL)
		return sst__refuse("recipient", 0,
		                   "RFC 3464 section 2.3.2: Final-Recipient is required");
	if (recipient->action < SST_ACTION_FAILED || recipient->action > SST_ACTION_EXPANDED)
		return sst__refuse("action", 0,
		                   "RFC 3464 section 2.3.3: failed, delayed, delivered, "
		                   "relayed or expanded");
	if (recipient->retry_until.known && recipient->action != SST_ACTION_DELAYED)
		return sst__refuse(
		        "retry_until", 0,
		        "RFC 3464 section 2.3.9: Will-Retry-Until stands with delayed only");
	checks[0] = sst__refuse_if("recipient", sst__address_check(recipient->recipient, true));
	checks[1] = check_original(recipient);
	checks[2] = check_status(recipient);
	checks[3] = check_diagnostic(recipient);
	checks[4] = check_host("remote_mta", recipient->remote_mta);
	checks[5] = check_time("last_attempt", recipient->last_attempt);
	checks[6] = check_time("retry_until", recipient->retry_until);
	checks[7] = sst__refuse_if("final_log_id", sst__line_check(recipient->final_log_id, false));
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++)
		if (checks[i].err != SST_OK)
			return checks[i];
	return sst__accept();
}

/* RFC 2046 section 5.1.1. */
static sst_written check_boundary(const sst_dsn *dsn)
{
	sst_text boundary = dsn->boundary;

	if (boundary.len == 0 || boundary.len > SST__BOUNDARY_MOST)
		return sst__refuse("boundary", 0, "RFC 2046 section 5.1.1: 1 to 70 octets");
	for (size_t at = 0; at < boundary.len; at++) {
		char c = boundary.ptr[at];

		if (!sst__is_alpha(c) && !sst__is_digit(c) &&
		    (c == '\0' || strchr("'()+_,-./:=?", c) == NULL))
			return sst__refuse(
			        "boundary", at,
			        "RFC 2046 section 5.1.1: letters, digits and '()+_,-./:=?");
	}
	return sst__accept();
}

sst_written sst__dsn_check_frame(const sst_dsn *dsn)
{
	if (dsn->recipient_count == 0 || dsn->recipients == NULL)
		return sst__refuse("recipients", 0, "RFC 3464 section 2.1: at least one recipient");
	if (dsn->boundary.ptr != NULL)
		return check_boundary(dsn);
	if (dsn->random.len < 8)
		return sst__refuse("random", dsn->random.len,
		                   "8 octets or more, to make a boundary from");
	return sst__accept();
}

static sst_written check_sender(const sst_dsn *dsn)
{
	sst_text sender = sst__without_brackets(dsn->sender);

	if (dsn->sender.ptr == NULL)
		return sst__refuse("sender", 0,
		                   "RFC 3464 section 2: the sender, to whom the report goes, is "
		                   "required");
	if (sender.len == 0)
		return sst__refuse("sender", 0,
		                   "RFC 3461 section 5.2: no report about a message with a "
		                   "null reverse-path");
	if ((dsn->flags & SST_DSN_SEVEN_BIT) && !sst__is_ascii(sender))
		return sst__refuse("sender", 0,
		                   "RFC 6532 section 3: an address outside of ASCII can't "
		                   "stand in a 7-bit header");
	return sst__refuse_if("sender", sst__address_check(sender, false));
}

static sst_written check_names(const sst_dsn *dsn)
{
	static const char id_rule[] = "RFC 5322 section 3.6.4: no white space or control in a "
	                              "message id";
	sst_text message_id = sst__without_brackets(dsn->message_id);
	sst_text id = sst__without_brackets(dsn->id);

	if (dsn->reporting_mta.ptr == NULL)
		return sst__refuse("reporting_mta", 0,
		                   "RFC 3464 section 2.2.2: Reporting-MTA is required");
	if (sst__host_check(dsn->reporting_mta).err != SST_OK)
		return check_host("reporting_mta", dsn->reporting_mta);
	if (dsn->message_id.ptr != NULL &&
	    sst__word_check(message_id, false, id_rule).err != SST_OK)
		return sst__refuse_if("message_id", sst__word_check(message_id, false, id_rule));
	if (dsn->id.ptr != NULL && sst__word_check(id, false, id_rule).err != SST_OK)
		return sst__refuse_if("id", sst__word_check(id, false, id_rule));
	if (dsn->id.ptr == NULL && dsn->random.len < 8)
		return sst__refuse("random", dsn->random.len,
		                   "8 octets or more, to make a message id from");
	return check_host("received_from_mta", dsn->received_from_mta);
}

static sst_written check_lines(const sst_dsn *dsn)
{
	sst_written written =
	        sst__refuse_if("envelope_id", sst__line_check(dsn->envelope_id, false));

	if (written.err == SST_OK)
		written = sst__refuse_if("queue_id", sst__line_check(dsn->queue_id, false));
	if (written.err == SST_OK)
		written = sst__refuse_if("subject", sst__line_check(dsn->subject, true));
	for (size_t at = 0; written.err == SST_OK && at < dsn->lang.len; at++)
		if (!sst__is_alpha(dsn->lang.ptr[at]) && !sst__is_digit(dsn->lang.ptr[at]) &&
		    dsn->lang.ptr[at] != '-')
			written = sst__refuse("lang", at, "RFC 5646 section 2.1: a language tag");
	if (written.err == SST_OK && sst__utf8_check(dsn->human) < dsn->human.len)
		written = sst__refuse("human", sst__utf8_check(dsn->human), "it is UTF-8");
	return written;
}

sst_written sst__dsn_check_message(const sst_dsn *dsn)
{
	sst_text from = sst__without_brackets(dsn->from);
	sst_written checks[6];

	if (!dsn->date.known)
		return sst__refuse("date", 0, "RFC 5322 section 3.6: Date is required");
	if (dsn->ret > SST_RET_HDRS)
		return sst__refuse("ret", 0, "RFC 3461 section 4.3: FULL or HDRS");
	if (sst__returned_is_report(dsn->returned))
		return sst__refuse("returned", 0, "RFC 3461 section 5.2: no report about a report");
	checks[0] = check_sender(dsn);
	checks[1] = dsn->from.ptr == NULL ? sst__accept()
	                                  : sst__refuse_if("from", sst__address_check(from, false));
	checks[2] = check_names(dsn);
	checks[3] = check_lines(dsn);
	checks[4] = check_time("arrival_date", dsn->arrival_date);
	checks[5] = check_time("date", dsn->date);
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++)
		if (checks[i].err != SST_OK)
			return checks[i];
	if (!sst__is_ascii(from))
		return sst__refuse("from", 0, "RFC 5322 section 3.4: ASCII only");
	return sst__accept();
}
