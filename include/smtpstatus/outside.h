/* SPDX-License-Identifier: MIT
 * smtpstatus/outside.h - what codes from elsewhere mean for a delivery: errors of the operating
 * system, exit statuses, name look-ups, TLS, X.400, and the events of sending services.
 *
 * Constant tables (data/mapping-*.tsv); any function in any thread; nothing is allocated. */
#ifndef SMTPSTATUS_OUTSIDE_H
#define SMTPSTATUS_OUTSIDE_H

#include <smtpstatus.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum sst_outside_kind {
	SST_OUTSIDE_ERRNO,    /* "ECONNREFUSED", "111" (numbers of Linux), "connect/EACCES" */
	SST_OUTSIDE_SYSEXITS, /* "EX_TEMPFAIL", "75" */
	SST_OUTSIDE_DNS,      /* "SERVFAIL", "2", "EAI_AGAIN", "null-mx" */
	SST_OUTSIDE_TLS,      /* "certificate-expired"; the result types of RFC 8460 too */
	SST_OUTSIDE_X400,     /* "1/0": reason and diagnostic of RFC 2156; "1" */
	SST_OUTSIDE_WEBHOOK,  /* "ses:Permanent/NoEmail", "postmark:HardBounce", "sparkpost:10" */
	SST_OUTSIDE_KINDS
} sst_outside_kind;

/* One code from elsewhere. */
typedef struct sst_outside {
	sst_code code;         /* the registered code that fits best; class 0: it tells none */
	sst_category category; /* SST_CATEGORY_* */
	sst_text name;         /* "ECONNREFUSED" */
	sst_text aliases;      /* other spellings, with "|" between; may be absent */
	sst_text meaning;      /* English, a few words */
} sst_outside;

/* "errno", "sysexits", "dns", "tls", "x400", "webhook"; -1 for any other word. */
SST_API int sst_outside_kind_find(sst_text word);

/* The entry with this name or alias, NULL if there is none; ASCII case is
 * ignored, and a blank, a hyphen and an underscore are one. X.400 falls back
 * from "1/99" to the reason alone, a webhook event does not fall back.
 *
 *	const sst_outside *refused =
 *		sst_code_from_outside(SST_OUTSIDE_ERRNO, SST_TEXT("ECONNREFUSED"));
 *	// refused->code is 4.4.1, refused->category SST_CATEGORY_NETWORK_ERROR
 */
SST_API const sst_outside *sst_code_from_outside(sst_outside_kind kind, sst_text text);

/* The index-th entry of a kind; NULL past the last one. */
SST_API const sst_outside *sst_outside_at(sst_outside_kind kind, size_t index);

#ifdef __cplusplus
}
#endif
#endif
