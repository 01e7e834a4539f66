/* SPDX-License-Identifier: MIT
 * smtpstatus/write.h - composing SMTP replies, delivery reports and tracking answers.
 *
 * Nothing here can produce an invalid one: whatever breaks a rule is refused before the first byte
 * goes out, with the field and the rule that it broke. Clock and randomness come in as arguments,
 * so the same arguments give the same bytes. Everything is thread-safe; nothing is allocated.
 *
 * Chapters: output; results; replies (RFC 5321, 2034); the DSN extension's parameters (RFC 3461,
 * 6533); delivery reports (RFC 3464, 6533); tracking (RFC 3886).
 */
#ifndef SMTPSTATUS_WRITE_H
#define SMTPSTATUS_WRITE_H

#include <smtpstatus.h>
#include <smtpstatus/mail.h>
#include <smtpstatus/words.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Output --------------------------------------------------------------------------------------- */

/* Where bytes go. Without `write` all of them go into the buffer, and what does not fit is counted:
 * the result is then SST_E_SPACE and .at the size that is needed (also for buffer NULL and size 0,
 * which only asks). With `write` the buffer (256 bytes or more are sensible) is passed on whenever
 * it is full, and at the end of each call. Lines end in CRLF; no NUL is added.
 *
 *	char buffer[4096];
 *	sst_out out = {.buffer = buffer, .size = sizeof(buffer)};
 */
typedef struct sst_out {
	char *buffer;
	size_t size;
	size_t len;   /* bytes in the buffer now */
	size_t total; /* bytes that all calls together produced */
	bool (*write)(void *context, const char *bytes, size_t len); /* false stops the writing */
	void *context;
	bool failed; /* `write` said false: the result is SST_E_LIMIT */
} sst_out;

/* Results -------------------------------------------------------------------------------------- */

#define SST_NO_RECIPIENT ((size_t)-1)

/* What a composer returns. On SST_OK .at is the number of bytes written. SST_E_SPACE: .at is the
 * size that is needed. Otherwise nothing was written: `field` is the name of the member that is at
 * fault ("recipient", "status"; the keys of the JSON records are the same), .at the offset of the
 * bad byte in it, `rule` the rule that it broke, `recipient` the index of the recipient, or
 * SST_NO_RECIPIENT for a field of the whole report. Both texts are constants. */
typedef struct sst_written {
	sst_err err;
	size_t at;
	const char *field;
	const char *rule;
	size_t recipient;
} sst_written;

/* Replies (RFC 5321 section 4.2, RFC 2034) ----------------------------------------------------- */

/* A reply to be sent. Zeros are defaults; set .size with SST_REPLY_DRAFT_INIT. */
typedef struct sst_reply_draft {
	size_t size;
	uint16_t code;     /* a registered reply code, 200 to 599 */
	sst_code enhanced; /* class 0: none; must be absent in 3yz, greetings and answers to EHLO */
	sst_phase phase;   /* what is answered; 0: any command but those two */
	bool utf8;         /* the client asked for SMTPUTF8 (RFC 6531 section 3.7.4) */
	sst_text text;     /* one or more lines, any line ends; absent: the registered title */
} sst_reply_draft;

#define SST_REPLY_DRAFT_INIT                                     \
	{                                                        \
		sizeof(sst_reply_draft), 0, {0, 0, 0}, 0, false, \
		{                                                \
			NULL, 0                                  \
		}                                                \
	}

/* Writes the reply: each line with the same reply code and enhanced code, none longer than 512
 * octets with its CRLF (longer text is wrapped at blanks). Refused: codes that are not registered,
 * a class other than the reply code's first digit, a code where RFC 2034 forbids one, control
 * characters, and octets outside of ASCII unless `utf8` is set and they are UTF-8. */
SST_API sst_written sst_reply_write(const sst_reply_draft *draft, sst_out *out);

/* The DSN extension's parameters (RFC 3461 section 4, RFC 6533 section 3) ---------------------- */

/* xtext: "+XX" for everything outside of "!" to "~" and for "+" and "=". Returns the length;
 * nothing is written if size is not above it, and a NUL follows. Three times the input and one is
 * enough. */
SST_API size_t sst_xtext_encode(sst_text in, char *buffer, size_t size);

/* The inverse; strict: capital hexadecimal digits, no other octets. The buffer must hold in.len + 1
 * bytes. */
SST_API sst_result sst_xtext_decode(sst_text in, char *buffer, size_t size, size_t *len);

/* An address of type utf-8 in 7-bit form (RFC 6533 section 3, utf-8-addr-xtext: "\x{E9}" for
 * everything that is not in ASCII and for CTLs, SP, "\", "+" and "="). SST_E_SYNTAX: not UTF-8, or
 * a control that has no spelling there. Ten times the input and one is enough. */
SST_API sst_result sst_utf8_address_encode(sst_text in, char *buffer, size_t size, size_t *len);
SST_API sst_result sst_utf8_address_decode(sst_text in, char *buffer, size_t size, size_t *len);

/* What the NOTIFY parameter asks for: one bit each. No bit: it was not given. */
typedef uint8_t sst_notify;
#define SST_NOTIFY_NEVER 1
#define SST_NOTIFY_SUCCESS 2
#define SST_NOTIFY_FAILURE 4
#define SST_NOTIFY_DELAY 8

/* RET: how much of the message to return. */
typedef uint8_t sst_ret;
#define SST_RET_UNSET 0
#define SST_RET_FULL 1
#define SST_RET_HDRS 2

/* The parameters of MAIL and RCPT that belong to the extension. The texts are views into the
 * parameters as they came, still in xtext. */
typedef struct sst_dsn_parameters {
	size_t size;
	sst_notify notify;
	sst_ret ret;
	sst_text envelope_id;             /* xtext */
	sst_text original_recipient_type; /* "rfc822", "utf-8" */
	sst_text original_recipient;      /* xtext, or one of the forms of utf-8 */
} sst_dsn_parameters;

/* Reads "NOTIFY=SUCCESS,DELAY ORCPT=rfc822;anna@example.org" or "RET=HDRS ENVID=QQ314159";
 * keywords and values in any case, parameters of other extensions are walked past. An error where
 * RFC 3461 demands 501: a parameter twice, NEVER beside others, bad xtext, ENVID above 100 or
 * ORCPT above 500 octets. `out` is written on success only. */
SST_API sst_result sst_dsn_parameters_parse(sst_text in, sst_dsn_parameters *out);

/* Whether a report is to be sent (RFC 3461 sections 4.1 and 5.2). Never to a null reverse-path. For
 * a parameter that was not given: failed yes, delayed yes, the others no. */
SST_API bool sst_dsn_is_wanted(sst_notify notify, sst_action action, sst_text sender);

/* Delivery reports (RFC 3464, 3461 section 6, 6533) -------------------------------------------- */

/* One recipient group. Set .size with SST_DSN_RECIPIENT_INIT. */
typedef struct sst_dsn_recipient {
	size_t size;
	sst_text recipient;               /* needed; as it was when the reporting MTA accepted it */
	sst_text original_recipient;      /* only if ORCPT was given; decoded */
	sst_text original_recipient_type; /* absent: rfc822, or utf-8 if it has other letters */
	sst_action action;                /* needed */
	/* Class 0: taken from the diagnostic, else X.0.0. One that is not registered is refused
	 * unless the diagnostic quotes it as the remote's own: the nearest registered one is
	 * written then. */
	sst_code status;
	/* The remote server's words, with codes; may be several lines. Where a failure or delay
	 * has none, Diagnostic-Code is "x-smtpstatus; " and the status: the field is asked for
	 * (RFC 3461 section 6.3), and our reader knows that there were no words. */
	sst_text diagnostic;
	sst_text diagnostic_type; /* absent: smtp if it starts with a reply code and remote_mta
	                             is known, else x-smtpstatus */
	sst_text remote_mta;
	sst_time last_attempt;
	sst_time retry_until; /* with SST_ACTION_DELAYED only */
	sst_text final_log_id;
} sst_dsn_recipient;

#define SST_DSN_RECIPIENT_INIT                    \
	{                                         \
		.size = sizeof(sst_dsn_recipient) \
	}

/* How it is written. */
#define SST_DSN_SEVEN_BIT 1      /* the way to the sender knows neither 8BITMIME nor SMTPUTF8 */
#define SST_DSN_NO_RETURN_PATH 2 /* leave out "Return-Path: <>": the envelope says it */
#define SST_DSN_CONFIDENTIAL 4   /* leave out what betrays a forwarding target (RFC 3464 4.2) */

/* One report about one message. Set .size with SST_DSN_INIT. Addresses are without angle brackets,
 * host names are full domain names, address literals ("[192.0.2.1]") or other names. */
typedef struct sst_dsn {
	size_t size;
	sst_text sender;            /* needed: the message's reverse-path, to which the report
	                               goes */
	sst_text from;              /* who writes; absent: MAILER-DAEMON@reporting_mta */
	sst_text reporting_mta;     /* needed */
	sst_text received_from_mta; /* the host that the message came from */
	sst_text envelope_id;       /* only if ENVID was given; decoded */
	sst_text message_id;        /* of the message; with or without angle brackets */
	sst_text queue_id;
	sst_text subject; /* of the message, UTF-8 */
	sst_time arrival_date;
	const sst_dsn_recipient *recipients;
	size_t recipient_count;

	sst_time date;     /* needed: now */
	sst_text random;   /* needed unless boundary and id are given: 8 bytes or more, any
	                      values */
	sst_text boundary; /* absent: made from random */
	sst_text id;       /* of the report itself; absent: made from random and reporting_mta */
	sst_text lang;     /* of the human part, BCP 47: "ja"; absent or unknown: English */
	sst_text human;    /* the human part itself, UTF-8 lines; absent: made in `lang` */
	sst_text returned; /* the message that was sent, or only its header; any line ends */
	sst_ret ret;       /* unset: all for failures, else headers (RFC 3461 section 6.2) */
	uint32_t flags;    /* SST_DSN_* */
} sst_dsn;

#define SST_DSN_INIT                    \
	{                               \
		.size = sizeof(sst_dsn) \
	}

/* Writes a complete mail: multipart/report with a human part in the reader's language, the machine
 * part (message/delivery-status; message/global-delivery-status only where an address needs it,
 * which has Localized-Diagnostic too: what a failure or delay means, in the reader's language),
 * and the returned message or header, if one was given. Send it with MAIL FROM:<>. No report is
 * written about a report, or to a null reverse-path. Octets outside of ASCII in a diagnostic
 * become "?" in message/delivery-status; the human part has them as they were. A returned message
 * that can't go as it is (lines above 998 octets, NULs) is cut to its header. */
SST_API sst_written sst_dsn_write(const sst_dsn *dsn, sst_out *out);

/* Only looks: what sst_dsn_write would refuse. */
SST_API sst_written sst_dsn_check(const sst_dsn *dsn);

/* The status that will be written for a recipient, after the rules above. Class 0: refused. */
SST_API sst_code sst_dsn_status(const sst_dsn_recipient *recipient);

/* Tracking (RFC 3886) -------------------------------------------------------------------------- */

/* Writes the tracking status of one message as multipart/related with one message/tracking-status
 * part, ready to be the answer of MTQP's TRACK command. Of `dsn` these are needed: envelope_id,
 * reporting_mta, arrival_date, and boundary or random; each recipient needs original_recipient
 * and action, and last_attempt once there was an attempt. No human part, nothing returned, no mail
 * header. */
SST_API sst_written sst_tracking_write(const sst_dsn *dsn, sst_out *out);

#ifdef __cplusplus
}
#endif
#endif
