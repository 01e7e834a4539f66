/* SPDX-License-Identifier: MIT
 * track/log.h - the log reader's inside: one framed line, and the readers, one a server. */
#ifndef SST_TRACK_LOG_H
#define SST_TRACK_LOG_H

#include <smtpstatus/track.h>
#include "track/scan.h"

#define SST__NO_TIME INT64_MIN
#define SST__COLUMNS 48   /* of a CSV log */
#define SST__ENDS_MOST 64 /* line ends that are looked for at once */

/* What a reader made of a line. */
typedef enum sst__reading { SST__UNKNOWN, SST__SKIPPED, SST__USED } sst__reading;

/* A line without its framing. */
typedef struct sst__line {
	int64_t time;
	int16_t zone;
	sst_text host;
	sst_text program; /* "postfix/smtp"; absent where the framing has none */
	sst_text text;
} sst__line;

/* Memory for texts that are not in the block as they are (JSON escapes, UTF-16): lives as long as
 * the block does. */
typedef struct sst__scratch {
	struct sst__scratch_block *blocks;
	size_t used;
} sst__scratch;

typedef struct sst__stamps {
	char last[24]; /* the last stamp's text up to its seconds, and its time: most repeat */
	size_t last_len;
	int64_t last_time;
	int year, month; /* of the last stamp without a year; year 0: not settled */
} sst__stamps;

/* Where the next lines of the block end: found many at a time. */
typedef struct sst__ends {
	const char *looked; /* up to here; NULL: nowhere yet */
	unsigned count, at;
	const char *found[SST__ENDS_MOST + 64];
} sst__ends;

struct sst_log {
	sst_log_options options;
	sst_log_counts counts;
	uint64_t line; /* number in its file */
	uint32_t file;
	sst_text rest; /* of the block */
	sst__ends ends;
	bool last;
	bool skipping; /* inside of a line that was longer than the limit */
	bool started;  /* the file's first bytes were seen */
	bool utf16;
	bool odd_end; /* UTF-16: a byte waits for its other half */
	bool has_event;
	bool csv;                        /* rows follow, with the columns below */
	uint8_t column_of[SST__COLUMNS]; /* what column n holds: see csv.c */
	unsigned columns;
	sst_server csv_server;
	bool csv_events;   /* a row an event, not a row a message */
	bool export_entry; /* inside of an entry of journalctl -o export */
	struct sst__export *export;
	int64_t time;    /* of the line before */
	sst_text before; /* that line, for "last message repeated"; in `kept` between blocks */
	char *kept;
	size_t kept_room;
	bool repeats; /* the line at hand is about the one before */
	sst__stamps stamps;
	char host[64]; /* for logs that name their host once */
	size_t host_len;
	sst_event *all;    /* of the lines that were asked for together */
	sst_event *events; /* of the line at hand: a part of all */
	unsigned event_count, event_at, event_room;
	bool leans; /* what came before the first line would have made a difference */
	int guessed_year, guessed_month;
	int64_t first_time; /* of its first line with a stamp */
	sst__scratch scratch;
	struct sst__qmail *qmail; /* deliveries under way */
};

/* log.c */
/* A new event about `line`, to be filled in by the reader. */
sst_event *sst__event_new(sst_log *log, const sst__line *line, sst_event_kind kind,
                          sst_server server);
void sst__event_drop(sst_log *log); /* takes the last one back */
void *sst__scratch_take(sst_log *log, size_t size);
void sst__scratch_reset(sst__scratch *scratch);
void sst__scratch_free(sst__scratch *scratch);
sst__reading sst__log_line(sst_log *log, sst_text text);
/* Copies the line before, so that the block may go. */
void sst__log_keep(sst_log *log);
sst__reading sst__log_framed(sst_log *log, const sst__line *line);
/* A whole line inside of another: a container's log, a message with its own frame. */
sst__reading sst__log_nested(sst_log *log, sst_text text);

/* stamp.c */
/* Reads the time at the front of `text` in any of its forms and takes it off, with one blank. */
bool sst__stamp_take(sst_log *log, sst_text *text, sst__line *line);
bool sst__stamp_rfc3339(sst_text text, int64_t *time, int16_t *zone);
bool sst__stamp_tai(sst_text *text, int64_t *time);

/* ends.c: offset of the next line end, which is given once, or rest.len. */
size_t sst__line_end(sst__ends *ends, sst_text rest);

/* frame.c: stamped more than an hour earlier than the line before. */
bool sst__is_backward(const sst_log *log, int64_t time);

/* frame.c: host, program and text of a line whose stamp was taken off. */
sst__reading sst__frame_line(sst_log *log, sst_text text, sst__line *line);

/* The readers. */
typedef sst__reading sst__reader(sst_log *log, const sst__line *line);
sst__reader sst__postfix_line, sst__exim_line, sst__sendmail_line, sst__opensmtpd_line,
        sst__qmail_line, sst__haraka_line, sst__zonemta_line, sst__stalwart_line, sst__amavis_line;
/* Lines without a queue id: what is known to be of no interest. postfix_session.c */
sst__reading sst__postfix_session(sst_log *log, const sst__line *line, sst_text daemon);
/* NOQUEUE and its kin. postfix_refuse.c */
sst__reading sst__postfix_refusal(sst_log *log, const sst__line *line, sst_text id, sst_text rest);
bool sst__is_postfix_id(sst_text text, size_t *len);
bool sst__is_exim_id(sst_text text, size_t *len);

/* json.c and the logs that are JSON. */
sst__reading sst__json_line(sst_log *log, sst_text text, sst__line *line);
/* csv.c: true if `text` names the columns of a log that is known. */
bool sst__csv_header(sst_log *log, sst_text text);
sst__reading sst__csv_line(sst_log *log, sst_text text);
/* journal.c: journalctl -o export. */
bool sst__export_starts(sst_text text);
sst__reading sst__export_line(sst_log *log, sst_text text);
void sst__export_free(sst_log *log);
size_t sst__export_size(void);
void sst__qmail_free(sst_log *log);
size_t sst__qmail_size(void);

#endif
