/* SPDX-License-Identifier: MIT
 * smtpstatus/track.h - mail logs: what each line says, and what became of each message.
 *
 * Two steps. An sst_log takes the bytes of a log and gives events: one for each thing that a line
 * says about a message ("delivered to bob@example.org by mx.example.org"). An sst_tracker takes
 * events and gives deliveries: all that is known of one message to one recipient, with its fate.
 *
 * Neither opens files, asks for the time or prints. Memory comes from malloc, within the limits
 * that the caller sets; it depends on the messages that are in flight, never on the length of the
 * log.
 */
#ifndef SMTPSTATUS_TRACK_H
#define SMTPSTATUS_TRACK_H

#include <smtpstatus.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Whose log a line is from. Numbers are published and never reused. */
typedef uint8_t sst_server;
enum {
	SST_SERVER_UNKNOWN = 0,
	SST_SERVER_POSTFIX = 1,
	SST_SERVER_EXIM = 2,
	SST_SERVER_SENDMAIL = 3,
	SST_SERVER_OPENSMTPD = 4,
	SST_SERVER_QMAIL = 5,
	SST_SERVER_EXCHANGE = 6, /* message tracking log */
	SST_SERVER_M365 = 7,     /* message trace of Microsoft 365 */
	SST_SERVER_HARAKA = 8,
	SST_SERVER_KUMOMTA = 9,
	SST_SERVER_ZONEMTA = 10,
	SST_SERVER_STALWART = 11,
	SST_SERVERS = 12
};

/* The name of a server ("postfix"), and its number by name, ASCII case ignored; -1 if unknown. */
SST_API sst_text sst_server_name(sst_server server);
SST_API int sst_server_find(sst_text name);

/* What an event tells of. */
typedef uint8_t sst_event_kind;
enum {
	SST_EVENT_NONE = 0,
	SST_EVENT_ACCEPTED = 1,  /* a message came in and has a queue id from now on */
	SST_EVENT_HEADER = 2,    /* its Message-ID became known */
	SST_EVENT_QUEUED = 3,    /* envelope sender, size or number of recipients became known */
	SST_EVENT_RECIPIENT = 4, /* a recipient was accepted; nothing was tried yet */
	SST_EVENT_ATTEMPT = 5,   /* a result for one recipient: see sst_event.result */
	SST_EVENT_EXPIRED = 6,   /* the message was given up: what was deferred is returned */
	SST_EVENT_NOTICE = 7,    /* a notice about it was sent to its sender as message other_id */
	SST_EVENT_HANDOVER = 8,  /* a content filter passed it on: it continues as other_id */
	SST_EVENT_HELD = 9,
	SST_EVENT_RELEASED = 10,
	SST_EVENT_DISCARDED = 11, /* thrown away by the server's own rules */
	SST_EVENT_DELETED = 12,   /* thrown away by the administrator */
	SST_EVENT_DONE = 13,      /* the server is done with the message */
	SST_EVENT_REFUSED = 14,   /* not accepted: before or without a queue id */
	SST_EVENT_REMARK = 15,    /* about the message, without a result ("host x said: ...") */
	SST_EVENT_KINDS = 16
};

/* What came of an attempt, in words that hold for every server. */
typedef uint8_t sst_attempt;
enum {
	SST_ATTEMPT_NONE = 0,
	SST_ATTEMPT_DELIVERED = 1,
	SST_ATTEMPT_DEFERRED = 2,
	SST_ATTEMPT_BOUNCED = 3,
	SST_ATTEMPT_EXPIRED = 4,
	SST_ATTEMPT_DISCARDED = 5,
	SST_ATTEMPT_EXPANDED = 6 /* replaced by other addresses */
};

/* sst_event.flags, sst_delivery.flags */
enum {
	SST_TRACK_NOT_TRIED =
	        1, /* no connection was made: delivery suspended, retry time not reached */
	SST_TRACK_POSSIBLY =
	        2,           /* failed after the final dot: the receiver may have it all the same */
	SST_TRACK_PROBE = 4, /* address verification, not a delivery */
	SST_TRACK_SOFT = 8,  /* a bounce that the server was told to treat as temporary */
	SST_TRACK_CUT = 16,  /* the line was cut */
	SST_TRACK_LOCAL = 32,      /* delivered here: mailbox, pipe, file */
	SST_TRACK_HANDOVER = 64,   /* handed to a next hop that is in these logs */
	SST_TRACK_NO_ACCEPT = 128, /* the message's beginning is not in the log */
	SST_TRACK_NOTICE = 256,    /* the message is a bounce or notice itself */
	SST_TRACK_TEMPORARY = 512, /* a refusal with a 4yz code */
	SST_TRACK_FRESH = 1024,    /* a queue id that surely starts a new message here (qmail) */
	SST_TRACK_GROUP = 2048     /* a result for all recipients of the domain that came as number
	                              `recipients` (0: of all) that have none of their own yet */
};

/* What one line says. Texts are as logged, valid until the next call of sst_log_feed; absent fields
 * are {NULL, 0} or zero. */
typedef struct sst_event {
	sst_event_kind kind;
	sst_server server;
	sst_attempt result;
	uint8_t delays_known; /* bit 0: delay; bit 1: delays */
	uint16_t flags;       /* SST_TRACK_* */
	uint16_t reply;       /* reply code, if the line has one apart from its text */
	sst_code status;      /* the server's own field, such as dsn= */
	sst_phase phase;      /* the command that was answered */
	int16_t zone;         /* minutes east of UTC, as stamped */
	uint32_t repeated;    /* "message repeated N times": N more of the same */
	int64_t time;         /* microseconds since 1970 UTC; INT64_MIN: not known */
	uint64_t line;        /* number of the line in its file, from 1 */
	uint32_t file;        /* as sst_log_file said */
	uint64_t size;        /* bytes of the message */
	uint32_t recipients;  /* how many it has */
	uint32_t delay;       /* milliseconds since the message came in */
	uint32_t delays[4];   /* milliseconds: before the queue, in it, connecting, sending */
	sst_text host;        /* the host that wrote the line */
	sst_text program;     /* with its path: "postfix/smtp" */
	sst_text queue_id;
	sst_text other_id;   /* queue id of a notice, a next hop, or where it came from */
	sst_text sender;     /* envelope sender; empty is <> */
	sst_text recipient;  /* the address delivered to */
	sst_text original;   /* the one before aliases */
	sst_text message_id; /* without <> */
	sst_text relay;      /* next server as logged; ACCEPTED, REFUSED: the client */
	sst_text text;       /* the words: the reply of the other side, or the server's own */
	sst_text raw;        /* the line without stamp, host and program */
} sst_event;

/* Reading lines ----------------------------------------------------------------------------------
 */

typedef struct sst_log sst_log;

/* How many lines there were, and what became of them. lines = used + skipped + unknown. */
typedef struct sst_log_counts {
	uint64_t lines;
	uint64_t used;     /* gave at least one event */
	uint64_t skipped;  /* understood, and of no interest for tracking, or of another program */
	uint64_t unknown;  /* of a mail server, and not understood */
	uint64_t cut;      /* longer than the limit; the rest of the line was left out */
	uint64_t backward; /* stamped more than an hour earlier than the line before */
	uint64_t binary;   /* with NUL or other control bytes */
} sst_log_counts;

/* A line that was not understood, as it came. */
typedef void sst_log_unknown(void *context, uint32_t file, uint64_t line, sst_text text);

typedef struct sst_log_options {
	size_t size;       /* sizeof(sst_log_options) */
	sst_server server; /* whose log it is; 0: find out line by line */
	int64_t newest; /* seconds: no line is newer (the file's time); settles years. 0: none is */
	int16_t zone;   /* minutes east of UTC for stamps without a zone */
	uint32_t line_bytes;      /* longest line that is taken whole; default 64 KiB */
	sst_log_unknown *unknown; /* may be NULL */
	void *context;
} sst_log_options;

/* A new reader; NULL: no memory. NULL options take the defaults. */
SST_API sst_log *sst_log_new(const sst_log_options *options);
SST_API void sst_log_free(sst_log *log);

/* The next bytes come from another file, `file` by the caller's own numbering, whose lines are
 * counted from 1 again and of which none is newer than `newest` (seconds; 0: not known). */
SST_API void sst_log_file(sst_log *log, uint32_t file, int64_t newest);

/* Lends `block` to the reader. It ends with a line end, unless `last`; bytes of a line that is not
 * complete are not used, and stand at the end (.at says where): give them again in front of the
 * next block. SST_MORE: fetch events until SST_END first. A block that holds no line end at all and
 * is longer than options.line_bytes is used: the line is cut. */
SST_API sst_result sst_log_feed(sst_log *log, sst_text block, bool last);

/* The next event of the block: SST_OK, or SST_END when a new block is wanted. The event itself
 * lives until the next call, its texts until the next block. */
SST_API sst_err sst_log_next(sst_log *log, const sst_event **event);

/* Many events at once: those of so many lines of the block that there are `most` or a few more.
 * Returns how many there are; 0: a new block is wanted. They are the caller's to change, and live
 * until the next call. Not after sst_log_next gave a part of a line's events only. */
SST_API size_t sst_log_events(sst_log *log, size_t most, sst_event **events);

/* Whether texts of the block's events so far live in the reader and not in the block (escaped JSON,
 * UTF-16): such events must be used before the next block even if the block itself is kept. */
SST_API bool sst_log_holds_texts(const sst_log *log);

SST_API sst_log_counts sst_log_count(const sst_log *log);

/* The reader's state as bytes, through `write` (false stops), between two blocks; and back into a
 * new reader, which goes on in the middle of the same file: sst_log_resume comes in place of
 * sst_log_file. The texts of events that were fetched are not part of it. */
SST_API bool sst_log_save(const sst_log *log,
                          bool (*write)(void *context, const void *bytes, size_t len),
                          void *context);
SST_API sst_result sst_log_load(sst_log *log, sst_text bytes);
SST_API void sst_log_resume(sst_log *log, uint32_t file, int64_t newest);

/* Blocks of one log on several threads. `ahead`, a reader that is used for nothing else, takes up
 * the log as `log` has found it so far, for one block that comes later and starts and ends with
 * whole lines: feed it and fetch its events. False: lines of this log hang together too much.
 *
 * When `log` has come to the start of that block, sst_log_adopt makes it go on behind the block, as
 * if it had read it itself; `*lines` is to be added to the line numbers of the events. False: what
 * came between changed the meaning of the block (the year of its stamps, a form of another kind):
 * nothing is taken from `ahead`, and `log` has to read the block. */
SST_API bool sst_log_ahead(sst_log *ahead, const sst_log *log);
SST_API bool sst_log_adopt(sst_log *log, sst_log *ahead, uint64_t *lines);

/* Following messages ------------------------------------------------------------------------------
 */

typedef struct sst_tracker sst_tracker;

typedef uint8_t sst_fate;
enum {
	SST_FATE_NONE = 0,
	SST_FATE_DELIVERED = 1,
	SST_FATE_BOUNCED = 2,
	SST_FATE_EXPIRED = 3, /* tried until the queue lifetime ran out */
	SST_FATE_QUEUED = 4,  /* still in the queue at the end of the log */
	SST_FATE_DISCARDED = 5,
	SST_FATE_HELD = 6,
	SST_FATE_DELETED = 7,
	SST_FATE_REFUSED = 8, /* not accepted in the first place */
	SST_FATES = 9
};

SST_API sst_text sst_fate_name(sst_fate fate); /* "delivered" */

/* All that is known of one message to one recipient. Valid inside the call that passes it. */
typedef struct sst_delivery {
	size_t struct_size;
	sst_fate fate;
	sst_server server;
	sst_attempt last_result;
	uint16_t flags;
	uint16_t reply;
	uint8_t delays_known;
	sst_phase phase;
	sst_code status; /* as the server reported it */
	int16_t zone;
	uint32_t attempts;              /* results that were logged, without address probes */
	uint32_t not_tried;             /* results that were given without trying */
	uint32_t temporary;             /* temporary answers among the attempts */
	uint32_t delay, delays[4];      /* of the last attempt, in milliseconds */
	int64_t accepted, first, ended; /* microseconds; INT64_MIN: not known. ended: last result */
	uint64_t line;                  /* of the last result */
	uint32_t file;
	uint64_t size;
	sst_text host, queue_id, sender, recipient, original, message_id;
	sst_text relay, client, text;
	sst_text next_host, next_id; /* where it continues, if that is in the logs too */
	sst_text remote_id; /* the queue id that the next hop said, if its log is not here */
	sst_text notice_id; /* queue id of the bounce that was sent about it */
	sst_text origin_id; /* queue id of the message that this one came from */
} sst_delivery;

typedef struct sst_tracker_options {
	size_t size;     /* sizeof(sst_tracker_options) */
	uint32_t grace;  /* seconds that late lines of a finished message may take; default 10 */
	bool figures;    /* only counts are wanted: clients, and the texts and relays of what was
	                    delivered, are not kept */
	uint64_t memory; /* bytes for messages in flight; default 32 MiB. Above it, messages that
	                    rested longest are spilled, or given out if there is no spill */
	void (*delivery)(void *context, const sst_delivery *delivery);
	/* A message came to its end; may be NULL. `recipients` deliveries were given out for it. */
	void (*message)(void *context, const sst_delivery *any, uint32_t recipients);
	/* Keeps `bytes` elsewhere, and gives them back; may be NULL. Tokens are the caller's. */
	bool (*spill)(void *context, sst_text bytes, uint64_t *token);
	bool (*unspill)(void *context, uint64_t token, char *buffer, size_t size);
	void *context;
} sst_tracker_options;

typedef struct sst_tracker_counts {
	uint64_t messages; /* queue entries that came to their end or are still in flight */
	uint64_t deliveries;
	uint64_t attempts; /* address probes left out */
	uint64_t refused;
	uint64_t late;    /* lines that came after the end of their message */
	uint64_t orphans; /* results without a beginning */
	uint64_t spilled;
	uint64_t dropped; /* given out as queued because memory was short and there is no spill */
	uint64_t in_flight, most_in_flight;
	uint64_t memory; /* bytes in use */
} sst_tracker_counts;

SST_API sst_tracker *sst_tracker_new(const sst_tracker_options *options);
SST_API void sst_tracker_free(sst_tracker *tracker);

/* Takes one event. False: no memory, or the spill failed. */
SST_API bool sst_tracker_take(sst_tracker *tracker, const sst_event *event);

/* Takes `count` events, one after the other: faster than one by one, since the messages of those to
 * come are fetched from memory meanwhile. */
SST_API bool sst_tracker_take_all(sst_tracker *tracker, const sst_event *events, size_t count);

/* The clock has come to `time` (microseconds) without an event: late lines of what ended before are
 * no longer waited for. For logs that are read while they are written. */
SST_API bool sst_tracker_wait(sst_tracker *tracker, int64_t time);

/* Gives out all that has ended, and what is still queued as well. */
SST_API bool sst_tracker_finish(sst_tracker *tracker);

SST_API sst_tracker_counts sst_tracker_count(const sst_tracker *tracker);

/* The tracker's whole state as bytes, through `write` (false stops), to go on later from the same
 * point; and back into a new tracker. */
SST_API bool sst_tracker_save(sst_tracker *tracker,
                              bool (*write)(void *context, const void *bytes, size_t len),
                              void *context);
SST_API sst_result sst_tracker_load(sst_tracker *tracker, sst_text bytes);

/* The evidence that a delivery's last result gives to the judge. */
SST_API void sst_delivery_evidence(const sst_delivery *delivery, sst_evidence *evidence);
SST_API void sst_event_evidence(const sst_event *event, sst_evidence *evidence);

#ifdef __cplusplus
}
#endif
#endif
