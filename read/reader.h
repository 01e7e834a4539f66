/* SPDX-License-Identifier: MIT
 * read/reader.h - the state of one mail being read, shared by the files of read/.
 *
 * The way of a byte: mail.c hands chunks to the outer line cutter; mime.c takes its lines, follows
 * the structure of parts and decodes; content.c takes the decoded lines of a part by its role:
 * words for people go into the window, fields of reports and headers into stores; groups of a
 * report become waiting reports at once. At the mail's end finish.c weighs the rest. */
#ifndef SST_READ_READER_H
#define SST_READ_READER_H

#include "read/charset.h"
#include "read/encoded.h"
#include "read/fields.h"
#include "read/lines.h"

#include <smtpstatus/mail.h>
#include <smtpstatus/words.h>

enum {
	SST__BOUNDARY_BYTES = 128, /* RFC 2046 allows 70; longer ones are compared as far as this */
	SST__SEGMENTS = 32,
	SST__LEVELS = 3, /* headers kept: the mail's, of a mail in it, and of one in that */
	SST__WINDOW_BYTES = 80 * 1024,
	SST__SEGMENT_BYTES =
	        64 * 1024, /* what is kept of the words of one part, before conversion */
	SST__SCRATCH_BYTES = 74 * 1024, /* a copy of a part's words; the reading of a body */
	SST__HEADER_ARENA = 6 * 1024,
	SST__REPORT_ARENA = 6 * 1024,
	SST__RESERVE_BYTES = 40 * 1024 /* for waiting reports when the caller gives no memory */
};

/* What a part is, from its Content-Type. */
enum sst__type {
	TYPE_PLAIN,
	TYPE_HTML,
	TYPE_TEXT, /* any other text */
	TYPE_HEADERS,
	TYPE_MESSAGE,
	TYPE_DELIVERY,
	TYPE_TRACKING,
	TYPE_RECEIPT,
	TYPE_FEEDBACK,
	TYPE_MIXED, /* multiparts from here */
	TYPE_ALTERNATIVE,
	TYPE_REPORT,
	TYPE_DIGEST,
	TYPE_OTHER
};

/* What is done with the lines of a part. */
enum sst__role {
	ROLE_SKIP,
	ROLE_WORDS,   /* into the window */
	ROLE_UNSURE,  /* text whose first line decides between words and a report */
	ROLE_REPORT,  /* fields of a delivery, tracking, receipt or feedback report */
	ROLE_HEADERS, /* a header, as the content of a part */
	ROLE_PARTS    /* a multipart: its lines before the first boundary */
};

/* The header of a part, or a mail's own, as far as it says what follows. */
typedef struct sst__entity {
	uint8_t type, encoding, parent; /* enum sst__type, sst__encoding, sst__type */
	sst__charset charset;
	bool has_charset, attached, has_report_type;
	uint8_t boundary_len;
	char boundary[SST__BOUNDARY_BYTES];
} sst__entity;

/* An open multipart or message. */
typedef struct sst__frame {
	uint8_t type;
	uint8_t level; /* 0 the mail, 1 a message in it, ... */
	uint8_t boundary_len;
	bool began;       /* its boundary was met */
	bool found_words; /* alternative: words were taken from an earlier part */
	char boundary[SST__BOUNDARY_BYTES];
} sst__frame;

/* Words for people, in UTF-8 with LF line ends, inside the window. */
typedef struct sst__segment {
	uint32_t from, upto;
	uint64_t offset; /* in the mail */
	uint8_t level, type;
	bool preamble, attached;
} sst__segment;

/* One header field being unfolded. */
typedef struct sst__collector {
	char *buffer;
	uint32_t size, len;
	enum sst__field field;
	uint8_t place;
	bool cut;
	uint64_t offset;
} sst__collector;

/* A report that waits in memory, followed by its texts. */
typedef struct sst__waiting {
	uint32_t bytes; /* of all */
	uint8_t level;
	bool settled;  /* nothing of it is open any more: it is of a forwarded report that has ended
	                */
	bool replaced; /* by a copy behind it */
	sst_report report;
} sst__waiting;

typedef struct sst__queue {
	char *memory;
	size_t size, used, next; /* next: the one that sst_mail_next gives out */
	size_t last;             /* where the last one begins */
	uint32_t count;          /* of the mail in all, also those given out */
	bool flushing;           /* must be emptied before more is read */
} sst__queue;

struct sst_mail {
	sst_limits limits;
	uint64_t offset;      /* of the line being read */
	uint64_t next_offset; /* of the byte after what was fed */
	sst_notes notes;
	uint64_t cut_offset;
	bool cut, ended, finished, in_header, first_line;
	bool header_is_mail; /* and not that of a part */
	bool unclosed;       /* a multipart that had no end */

	sst__lines outer, inner; /* inner: the lines of a decoded part */
	sst__decoder decoder;
	sst__entity entity; /* whose header is being read, or whose body */
	sst__collector collector;

	sst__frame *frames;
	char suspect[SST__BOUNDARY_BYTES]; /* a line that may be a boundary nobody named */
	uint8_t suspect_len;
	uint32_t depth, parts;
	uint8_t role, level;
	bool decoded;        /* the part goes through the decoder */
	uint8_t locked;      /* level at which a report was found, plus one */
	uint8_t report_type; /* of the report found: enum sst__type */

	sst__segment segments[SST__SEGMENTS];
	uint32_t segment_count, window_used;
	bool segment_open; /* takes more words */
	bool segment_live; /* is the current part's */
	char *window, *scratch;
	uint8_t cover[SST__LEVELS]; /* enum sst__cover */

	sst__fields headers[SST__LEVELS];
	bool header_done[SST__LEVELS];
	bool entity_wanted[SST__LEVELS]; /* the message at that level looks like a report */
	sst__fields message, group;      /* of the report */
	bool group_break;                /* a blank line stood before the next field */
	uint64_t group_offset;
	uint32_t groups; /* taken from this report */
	char *decode_buffer;
	char plain[600];                    /* the sender without what was put around it */
	uint32_t decoded_from, decoded_len; /* what the inner cutter has not taken yet */

	sst_kind kind;           /* of a mail that was read from its words */
	uint8_t report_level;    /* of the message that is the report */
	sst_text complaint_list; /* addresses that a complaint names, and how far they were told */
	size_t complaint_at;
	sst_origin complaint_origin;
	bool complaint_redacted;
	bool more_words; /* reports of the words that did not fit into the queue yet */
	bool forwarded;  /* several reports were forwarded in this mail: some have ended */
	sst__queue queue;
	sst_report out;
};

/* mime.c: lines of the mail as they come. */
void sst__mime_start(sst_mail *mail);
void sst__mime_line(sst_mail *mail, const sst__piece *piece);
void sst__mime_end(sst_mail *mail);

/* entity.c: what Content-Type and its kin say. */
void sst__entity_clear(sst__entity *entity, uint8_t parent);
void sst__entity_field(sst__entity *entity, enum sst__field field, sst_text value);

/* collect.c: unfolds fields line by line; a finished one goes to sst__field_taken. */
void sst__collect_line(sst_mail *mail, const sst__piece *piece, unsigned places);
void sst__collect_end(sst_mail *mail);

/* content.c: the decoded lines of a part. */
void sst__content_start(sst_mail *mail);
void sst__content_line(sst_mail *mail, const sst__piece *piece);
void sst__content_end(sst_mail *mail);
void sst__field_taken(sst_mail *mail, enum sst__field field, unsigned place, sst_text value);

/* dsn.c: fields of delivery reports. */
void sst__dsn_start(sst_mail *mail);
void sst__dsn_field(sst_mail *mail, enum sst__field field, unsigned place, sst_text value);
void sst__dsn_blank(sst_mail *mail);
void sst__dsn_end(sst_mail *mail);
sst_kind sst__kind_of_action(sst_action action);
sst_text sst__mta_name(sst_text value); /* "dns; mx.example.com (192.0.2.1)": the name */

/* queue.c: reports that wait. */
/* Adds a copy of the report and its texts. There is room for one whenever a line is taken: the
 * queue asks to be emptied (`flushing`) as soon as the largest one might not fit. */
void sst__queue_add(sst_mail *mail, const sst_report *report);
void sst__queue_emptied(sst_mail *mail);
/* Copies a further text of a report that is there; absent if there is no room. */
sst_text sst__queue_text(sst_mail *mail, sst_text text);
void sst__queue_clear(sst__queue *queue);
sst__waiting *sst__queue_at(const sst__queue *queue, size_t at); /* NULL: behind the last one */
bool sst__queue_has_room(const sst__queue *queue); /* for a copy of what is there, and more */

/* finish.c: at the mail's end. */
void sst__finish(sst_mail *mail);
/* Another message begins beside the one inside. If both were forwarded, and the one that has ended
 * is a report, all is taken from it and forgotten. */
void sst__finish_forwarded(sst_mail *mail);
bool sst__finish_more(sst_mail *mail); /* false: there are no more reports */
void sst__finish_report(sst_mail *mail, sst_report *report, bool settled);

/* Notes that something was left out, and where. */
void sst__mail_note(sst_mail *mail, sst_notes note);

#endif
