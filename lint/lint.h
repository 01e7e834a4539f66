/* SPDX-License-Identifier: MIT
 * lint/lint.h - what the files of lint share. */
#ifndef SST_LINT_LINT_H
#define SST_LINT_LINT_H

#include "lint/lint_rules.h"

#include <smtpstatus/lint.h>

extern const sst_lint_rule sst__lint_rules[];

typedef struct sst_lint_run {
	sst_text in;
	const sst_registry *registry;
	void (*found)(void *context, const sst_finding *finding);
	void *context;
	size_t count;
	size_t line_at;    /* offset whose line is known */
	sst_text boundary; /* of the report that is looked at */
	bool astray;       /* a line was found that is another boundary than that */
	size_t decoded_at; /* where the part begins that is looked at decoded; 0: none is */
	uint32_t line;
	bool quoted; /* what is looked at now are another server's words: no more than worth knowing
	              */
	sst_finding last;
} sst_lint_run;

/* Reports a finding about `what`, a part of run->in. `better` may be absent. The same rule about
 * the same words of the same line is told once. */
void sst__lint_report(sst_lint_run *run, unsigned rule, sst_text what, sst_text better);
void sst__lint_report_code(sst_lint_run *run, unsigned rule, sst_text what, sst_code better);

/* What a reply answers. */
struct lint_place {
	sst_phase phase; /* 0: not known */
	unsigned cls;    /* the class that the place demands; 0: any */
	bool wire;       /* bytes as they were sent: their length counts */
	bool announced;  /* the server has announced ENHANCEDSTATUSCODES */
	bool may_be_cut; /* the last line may be missing without blame */
};

/* One reply, line by line. */
struct lint_reply {
	const struct lint_place *place;
	unsigned lines, coded; /* lines, and those with a status code */
	uint16_t reply;        /* of the first line */
	sst_code code;         /* the first that there was */
	sst_text head;         /* the first line's reply code as it stands there */
	sst_text code_text;
	bool more;    /* the last line announced another one */
	bool passing; /* words of a passing condition */
};

void sst__lint_reply_begin(struct lint_reply *reply, const struct lint_place *place);
/* A line without its end. False if it is no line of a reply. */
bool sst__lint_reply_line(sst_lint_run *run, struct lint_reply *reply, sst_text line);
void sst__lint_reply_end(sst_lint_run *run, struct lint_reply *reply);

/* A text that a server will send or has sent: with a reply code, with a status code alone, or with
 * none of them. */
void sst__lint_words(sst_lint_run *run, sst_text text, const struct lint_place *place);

/* A code at `what`: is it registered, does it go with reply code `reply` (0: not known)? */
void sst__lint_code(sst_lint_run *run, sst_text what, sst_code code, unsigned cls);

/* The words say that a later attempt may do. */
bool sst__lint_is_passing(sst_text words);

/* RFC 3461 section 4. */
bool sst__lint_is_xtext(sst_text text);

/* Each kind of input. */
void sst__lint_session(sst_lint_run *run);
void sst__lint_log(sst_lint_run *run);
void sst__lint_mail(sst_lint_run *run);
void sst__lint_postfix(sst_lint_run *run);
void sst__lint_table(sst_lint_run *run);
void sst__lint_exim(sst_lint_run *run);
void sst__lint_smtpd(sst_lint_run *run);
void sst__lint_sieve(sst_lint_run *run);

/* The body of a message/delivery-status part. `global`: of message/global-delivery-status. */
void sst__lint_dsn(sst_lint_run *run, sst_text body, bool global);

/* The body of a message/disposition-notification part (RFC 8098), and of a message/feedback-report
 * (RFC 5965). */
void sst__lint_mdn(sst_lint_run *run, sst_text body);
void sst__lint_feedback(sst_lint_run *run, sst_text body);

#endif
