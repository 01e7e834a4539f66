/* SPDX-License-Identifier: MIT
 * smtpstatus/mail.h - reading bounces, delivery reports and their kin: one mail in, one report a
 * recipient out, in one pass and with memory that is fixed before the first byte.
 *
 * RFC 3464 and 6533 (delivery reports), 3886 (tracking), 8098 (read receipts), 5965 (complaints),
 * 3834 (automatic replies), and bounces of no standard.
 */
#ifndef SMTPSTATUS_MAIL_H
#define SMTPSTATUS_MAIL_H

#include <smtpstatus.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A moment as a mail or log states it. */
typedef struct sst_time {
	int64_t seconds;       /* since 1970-01-01 00:00 UTC */
	int16_t zone;          /* minutes east of UTC, as written */
	bool known;            /* false: no date, or one that could not be read */
	uint32_t nanoseconds;
} sst_time;

/* What one source said about one recipient; nothing is interpreted in it. Texts are UTF-8 and valid
 * until the next call that takes the reader. Absent fields are {NULL, 0}. */
typedef struct sst_report {
	size_t size;
	sst_kind kind;
	sst_action action;
	sst_notes notes;
	uint64_t offset;     /* where in the mail this recipient stands */
	uint64_t cut_offset; /* where the first thing was cut, if a note says so */

	sst_text recipient;          /* whom it is about; absent if that can't be named */
	sst_text original_recipient; /* before aliases */
	sst_text sender;             /* envelope sender of the message that was sent */
	sst_code status;             /* the Status field, or the code in the text */
	uint16_t reply_code; /* of the last server that answered; a queue that gave up and quotes an
	                        answer (X.4.7 of its own) is not one */
	sst_phase phase;
	sst_text diagnostic;      /* the remote server's words, unfolded, or the best sentence
	                             there is */
	sst_text diagnostic_type; /* "smtp", "x-unix", ... */
	sst_text reporting_mta, remote_mta, received_from_mta;
	sst_text message_id, queue_id, envelope_id, subject; /* of the message that was sent */
	sst_text new_address;
	sst_text feedback_type;                                      /* RFC 5965: "abuse" */
	sst_time arrival_date, last_attempt, retry_until;

	/* Where each was read (SST_ORIGIN_*). */
	sst_origin recipient_origin, status_origin, reply_origin, diagnostic_origin;
} sst_report;

/* What a mail may cost. Zero fields take the default; later versions append fields. */
typedef struct sst_limits {
	size_t size;            /* sizeof(sst_limits) */
	uint32_t header_bytes;  /* of one unfolded header field that is kept */
	uint32_t depth;         /* nested parts */
	uint32_t parts;         /* parts in all */
	uint32_t recipients;    /* recipient groups of one mail */
	uint32_t waiting_bytes; /* what may wait for the returned part: default 4 MB */
} sst_limits;

typedef struct sst_mail sst_mail;

/* Bytes of memory, aligned as for malloc, that a reader needs; at most 256 kB at default limits.
 * NULL takes the defaults. */
SST_API size_t sst_mail_size(const sst_limits *limits);

/* Makes a reader in `memory`. NULL if size is below sst_mail_size(limits). `waiting` (may be NULL)
 * is further memory for reports that wait for the returned part; with less of it than many
 * recipients need, reports are given out early with the note returned-part-late. */
SST_API sst_mail *sst_mail_init(void *memory, size_t size, const sst_limits *limits, void *waiting,
                                size_t waiting_size);

/* Ready for the next mail, as after init. Cheap. */
SST_API void sst_mail_reset(sst_mail *mail);

/* Takes the next bytes of the mail; any split gives the same reports. Returns SST_OK with .at bytes
 * used; SST_MORE when reports wait to be fetched before the rest of `chunk` is taken. `last` says
 * that the mail ends with this chunk. */
SST_API sst_result sst_mail_feed(sst_mail *mail, sst_text chunk, bool last);

/* The next report: SST_OK, SST_MORE (feed first), or SST_END (after the last one). Every mail gives
 * at least one report, of kind `other` if it is none of the others. */
SST_API sst_err sst_mail_next(sst_mail *mail, sst_report *report);

/* The evidence that a report gives to the judge. */
SST_API void sst_report_evidence(const sst_report *report, sst_evidence *evidence);

#ifdef __cplusplus
}
#endif
#endif
