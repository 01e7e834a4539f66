/* SPDX-License-Identifier: MIT
 * smtpstatus/lint.h - replies, delivery reports and server configuration held against the RFCs.
 *
 *     static void show(void *context, const sst_finding *finding)
 *     {
 *             const sst_lint_rule *rule = sst_lint_rule_at(finding->rule);
 *             printf("line %u: %.*s\n", finding->line, (int)rule->id.len, rule->id.ptr);
 *     }
 *     sst_lint(SST_TEXT("550 4.1.1 no such user"), SST_LINT_SESSION, NULL, show, NULL);
 *     // line 1: class-mismatch
 */
#ifndef SMTPSTATUS_LINT_H
#define SMTPSTATUS_LINT_H

#include <smtpstatus.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What an input is. Numbers are never reused. */
typedef uint8_t sst_lint_type;
enum {
	SST_LINT_AUTO = 0,    /* recognised by its words and its name */
	SST_LINT_MAIL = 1,    /* one mail or an mbox; delivery reports in it are looked at */
	SST_LINT_SESSION = 2, /* an SMTP dialogue: lines marked C: and S:, >>> and <<<, or bare */
	SST_LINT_LOG = 3,     /* a mail server's log */
	SST_LINT_POSTFIX = 4, /* main.cf */
	SST_LINT_TABLE = 5,   /* Postfix access(5), header_checks(5), transport(5) */
	SST_LINT_EXIM = 6,
	SST_LINT_SMTPD = 7, /* OpenSMTPD */
	SST_LINT_SIEVE = 8,
	SST_LINT_OTHER = 9 /* nothing that lint knows */
};

typedef uint8_t sst_lint_severity;
enum {
	SST_LINT_INFO = 1,    /* worth knowing */
	SST_LINT_WARNING = 2, /* an RFC advises against it, or it won't do what was meant */
	SST_LINT_ERROR = 3    /* an RFC forbids it */
};

typedef struct sst_lint_rule {
	sst_text id;      /* "class-mismatch" */
	sst_text section; /* "RFC 2034 section 4" */
	sst_text message; /* English; {what} and {better} stand for the finding's */
	sst_lint_severity severity;
} sst_lint_rule;

/* The index-th rule (data/lint.tsv); NULL past the last one. */
SST_API const sst_lint_rule *sst_lint_rule_at(unsigned index);

#define SST_FINDING_BETTER 64

typedef struct sst_finding {
	unsigned rule;                   /* for sst_lint_rule_at */
	uint32_t line;                   /* from 1 */
	size_t from, upto;               /* the bytes of the input that it is about; may be none */
	sst_text what;                   /* the same as text; of a part in base64 or
	                                    quoted-printable decoded, and from and upto are where
	                                    that part begins. Valid during the call. */
	char better[SST_FINDING_BETTER]; /* what should stand there; "" if nothing can be said */
	sst_lint_severity severity;      /* the rule's; SST_LINT_INFO of what is wrong in another
	                                    server's answer, which a report or log only quotes */
} sst_finding;

/* The type of `in`, of which the beginning will do; `name` is its file's name and may be absent. */
SST_API sst_lint_type sst_lint_type_of(sst_text in, sst_text name);

/* Looks through all of `in`, in one pass, and calls `found` for each finding, in the order of lines
 * as far as they can be told (what a group lacks is found at its end). NULL registry is the
 * built-in one. Allocates nothing. Returns how many findings there were. */
SST_API size_t sst_lint(sst_text in, sst_lint_type type, const sst_registry *registry,
                        void (*found)(void *context, const sst_finding *finding), void *context);

/* The finding's message with {what} and {better} put in, in the caller's buffer; bytes that are no
 * printable ASCII become '?', long texts are cut. Returns the length; no NUL is written. */
SST_API size_t sst_finding_text(const sst_finding *finding, char *buffer, size_t size);

#ifdef __cplusplus
}
#endif
#endif
