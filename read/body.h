/* SPDX-License-Identifier: MIT
 * read/body.h - the general reading of a report's words: no code knows a vendor.
 *
 * The words in the window are cut into lines up to the returned message. Each line is looked at for
 * phrases (data/shapes.tsv), addresses, reply codes and transcripts; each address becomes a
 * candidate with the reason why it may be a failed recipient; the best reason there is wins, and
 * what stands around the winners becomes their diagnostic. */
#ifndef SST_READ_BODY_H
#define SST_READ_BODY_H

#include "read/address.h"
#include "read/reader.h"
#include "read/shapes.h"

enum {
	BODY_LINES = 1600,
	BODY_FIRST = 600, /* lines of a text that says nothing of failure */
	BODY_HITS = 900,
	BODY_MOST_HITS = 1 << 14, /* more than all */
	BODY_CANDIDATES = 1024,
	BODY_SLOTS = 2048,
	BODY_FEW = 64, /* candidates, for which a few of the slots will do */
	BODY_FEW_SLOTS = 256
};

/* Why an address may be a failed recipient, from the weakest. */
enum sst__reason {
	REASON_NONE,
	REASON_PLAIN,    /* it stands somewhere */
	REASON_NEAR,     /* in a line or sentence with words of failure */
	REASON_CODED,    /* in a line that begins with a reply code, or answered in a transcript */
	REASON_ALONE,    /* alone on a line, below words of failure */
	REASON_LISTED,   /* alone or first on a line where recipients are listed */
	REASON_LABELLED, /* behind a label or sentence that names recipients */
	REASON_HEADED,   /* "<address>:" heads a paragraph */
	REASON_HEADER,   /* the mail's header lists it; its place in the words is not known */
};

/* A report was pasted in, and nothing said about it. */
enum sst__forward {
	FORWARD_NONE,
	FORWARD_WORDS, /* if its words alone say so */
	FORWARD_MAYBE, /* as its Subject or the mail's own says */
	FORWARD_SURE,  /* a mail system sent it */
};

/* The mail around it. */
enum sst__cover {
	COVER_OTHER,
	COVER_PERSON,       /* a person sent it, and its Subject says that it forwards another */
	COVER_QUOTES,       /* and all of its words were quoted, but for an introduction */
	COVER_QUOTES_ALONE, /* without one */
};

typedef struct sst__forwarding {
	uint8_t is;  /* enum sst__forward */
	sst_text to; /* whom the report was sent to; may be absent */
} sst__forwarding;

typedef struct sst__line {
	uint32_t from, upto;
	uint32_t kinds; /* of all of its hits */
	uint16_t hit;   /* the first of them */
	uint16_t hits : 14, blank : 1, quoted : 1;
} sst__line;

typedef struct sst__candidate {
	uint32_t address_at, original_at; /* from the reader's memory on */
	uint32_t from, upto;              /* in the window */
	uint32_t said, said_upto;         /* an answer that belongs to it, elsewhere; equal: none */
	uint16_t address_len, original_len;
	uint16_t line;
	uint8_t reason;
	bool is_sender : 1;  /* it is where the report was sent to */
	bool is_machine : 1; /* nobody's mailbox */
} sst__candidate;

typedef struct sst__body {
	sst_text text;    /* the window as far as it is used */
	const char *base; /* the reader's memory */
	sst__hit hits[BODY_HITS];
	sst__line lines[BODY_LINES];
	sst__candidate candidates[BODY_CANDIDATES];
	uint32_t line_count, hit_count, count;
	uint16_t slots[BODY_SLOTS]; /* candidates by the hash of their address, plus one */
	uint32_t slot_count;        /* of the slots in use: a power of two */
	uint32_t first, stop;       /* the report's words: text[first..stop) */
	uint32_t kinds;             /* of all hits that are not in quotations */
	uint32_t early;             /* of those in the first lines */
	uint32_t said, said_upto;   /* the last refusal in a transcript that names nobody */
	uint32_t codes;             /* lines that begin with a 4yz or 5yz code */
	uint32_t transcript;        /* lines of a dialogue */
	uint32_t quoted_lines;
	uint8_t level;
	bool has_fields; /* Final-Recipient stands among the words */
	bool returned;   /* a returned message was found among them */
	sst__forwarding forwarded;
	uint8_t best;        /* the strongest reason */
	uint32_t given;      /* candidates that went into reports */
	uint16_t shared_len; /* of the words that explain for all: behind the others in the decode
	                        buffer */
	uint8_t shared_worth;
	bool shared_known;
} sst__body;

static inline sst_text sst__candidate_address(const sst__body *body,
                                              const sst__candidate *candidate)
{
	return (sst_text){body->base + candidate->address_at, candidate->address_len};
}

/* Absent if there is none. */
static inline sst_text sst__candidate_original(const sst__body *body,
                                               const sst__candidate *candidate)
{
	return candidate->original_len == 0
	               ? SST_NO_TEXT
	               : (sst_text){body->base + candidate->original_at, candidate->original_len};
}

/* body.c: cuts and looks at the words of the messages at `level`. The result lives in the scratch.
 */
sst__body *sst__body_read(sst_mail *mail, unsigned level);

/* Whether a code of a refusal stands among the words: slower than looking for phrases. */
bool sst__body_has_code(const sst__body *body);

/* forward.c: where a human's reply or forward begins to quote another mail. */
bool sst__begins_quotation(sst_text line);
bool sst__is_quotation(sst_text line); /* "> text" */

/* Where the words of a report begin that is forwarded at `at`: below the line and the fields that a
 * mail program put there. In a person's mail whose Subject says that it forwards one, the fields
 * alone will do. `upto` if none begins. */
size_t sst__forward_words(sst_text text, size_t at, size_t upto, enum sst__cover cover,
                          sst__forwarding *how);

/* Takes the quotation marks away if all of the words are quoted. */
enum sst__cover sst__forward_unquote(sst_mail *mail, sst__segment *segment);

/* body_lines.c: what one line says. */
void sst__body_lines(sst_mail *mail, sst__body *body);

/* A candidate with that address, without anything else. */
sst__candidate sst__candidate_of(const sst__body *body, sst_text address);

/* The candidate with that address; NULL if there is none. */
sst__candidate *sst__body_find(sst__body *body, sst_text address);
void sst__body_index(sst__body *body); /* after candidates have moved */

/* body_reports.c: chooses among the candidates. */
void sst__body_choose(sst_mail *mail, sst__body *body);

/* The next report of the words; false when there is none. */
bool sst__body_report(sst_mail *mail, sst__body *body, sst_report *report);

/* The words around a recipient (NULL: all words) that explain, squeezed, in the decode buffer. */
sst_text sst__body_diagnostic(sst_mail *mail, sst__body *body, const sst__candidate *candidate);

/* How sure the judge is, 1 to 100, of what the words mean without any code; 0: not at all. */
unsigned sst__reason_in(sst_text words);

/* complete.c: the codes and the phase that a report's diagnostic gives; and reports whose fields
 * leave something open. */
void sst__report_codes(sst_report *report);
void sst__complete_reports(sst_mail *mail);

/* original.c: what the returned header tells of the message that was sent. */
void sst__fill_original(sst_mail *mail, sst_report *report);

/* returned.c: whether a header of a returned message begins at `at`; parses it. */
/* `*looked` is where the fields end that were looked at: none of them begins one if the first
 * doesn't. */
bool sst__returned_begins(sst_text text, size_t at, size_t upto, bool announced, size_t *looked);
size_t sst__returned_read(sst_mail *mail, sst_text text, size_t at, size_t upto, unsigned level);

#endif
