/* SPDX-License-Identifier: MIT
 * smtpstatus.h - what an SMTP reply, a status code, a bounce or a log line means.
 *
 * Three rules hold for every function of this library:
 *   1. Text comes in as a view (pointer and length), is never written to, and need not end in NUL.
 *   2. What goes out is a value, a view into the caller's input, or bytes in the caller's buffer.
 *      Nothing has to be freed.
 *   3. There is no global state. Any function may run in any thread; one object, one thread at a
 *      time.
 *
 * Chapters: text and results; codes; replies; registry; words of the verdict; evidence, rules and
 * judge. Reading mail is in smtpstatus/mail.h, logs in smtpstatus/track.h, words for people in
 * smtpstatus/say.h, composing replies and reports in smtpstatus/write.h.
 */
#ifndef SMTPSTATUS_H
#define SMTPSTATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SST_VERSION_MAJOR 0
#define SST_VERSION_MINOR 1
#define SST_VERSION_PATCH 0

#if defined(__GNUC__)
#define SST_API __attribute__((visibility("default")))
#else
#define SST_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Text and results ----------------------------------------------------------------------------- */

/* Bytes that belong to somebody else. An absent text is {NULL, 0}; an empty one has a pointer. */
typedef struct sst_text {
	const char *ptr;
	size_t len;
} sst_text;

#ifdef __cplusplus
#define SST_TEXT(literal) (sst_text{(literal), sizeof(literal) - 1})
#else
#define SST_TEXT(literal) ((sst_text){(literal), sizeof(literal) - 1})
#endif

/* Results of parsers. Above zero is not an error. Values never change their meaning. */
typedef int32_t sst_err;
enum {
	SST_OK = 0,
	SST_END = 1,         /* nothing more to read */
	SST_MORE = 2,        /* the input stops inside a unit: come again with more bytes */
	SST_E_SYNTAX = -1,   /* the grammar does not allow the byte at .at */
	SST_E_RANGE = -2,    /* well-formed, but a number that the grammar forbids */
	SST_E_LIMIT = -3,    /* a limit was reached */
	SST_E_SPACE = -4,    /* the caller's buffer is too small; .at is the size needed */
	SST_E_ARGUMENT = -5  /* the caller's mistake */
};

/* What every parser returns. SST_OK: the bytes used. Below zero: the offset of the first bad byte,
 * and `rule`, a constant English text that names the rule that this byte broke ("RFC 3463 section
 * 2: no leading zero"); NULL where there is none. */
typedef struct sst_result {
	sst_err err;
	size_t at;
	const char *rule;
} sst_result;

/* Oddities that a tolerant reader walked past: reported, never thrown away. One bit each; the bits,
 * their names ("class-mismatch") and meanings are listed in data/notes.tsv and generated into
 * smtpstatus/words.h as SST_NOTE_CLASS_MISMATCH and so on. Bits are never reused. */
typedef uint64_t sst_notes;

/* The words that verdicts are made of: SST_CATEGORY_*, SST_PERMANENCE_*, SST_ACT_*, SST_SIDE_*,
 * SST_SCOPE_*, SST_CHECK_*, SST_PHASE_*, SST_ACTION_*, SST_KIND_*, SST_ORIGIN_*, SST_NOTE_*, with
 * their numbers; generated from data/words.tsv, data/categories.tsv and data/notes.tsv. Zero always
 * means "not known". */
typedef uint8_t sst_category;
typedef uint8_t sst_permanence; /* permanent, temporary, success; 0 unknown */
typedef uint8_t sst_act;        /* none, retry, slow-down, suppress, fix, ask */
typedef uint8_t sst_side;       /* recipient, recipient-system, sender, sender-system, network,
                                   content */
typedef uint8_t sst_scope; /* address, pair, domain, host, sender, sending-ip, message, account */
typedef uint8_t sst_check; /* spf, dkim, dmarc, arc, ptr, helo */
typedef uint8_t sst_phase; /* connect, ehlo, starttls, auth, mail, rcpt, data, data-end */
typedef uint8_t sst_action; /* RFC 3464 section 2.3.3: failed, delayed, delivered, relayed,
                               expanded */
typedef uint8_t sst_kind;   /* bounce, delay, delivered, relayed, expanded, complaint, auto-reply,
                               read-receipt, other, reply, code */
typedef uint8_t sst_origin; /* where a field was read: dsn-field, transcript, prose, header,
                               inferred */

/* Which of the word lists above a number belongs to. */
typedef enum sst_vocabulary {
	SST_VOCABULARY_CATEGORY,
	SST_VOCABULARY_PERMANENCE,
	SST_VOCABULARY_ACT,
	SST_VOCABULARY_SIDE,
	SST_VOCABULARY_SCOPE,
	SST_VOCABULARY_CHECK,
	SST_VOCABULARY_PHASE,
	SST_VOCABULARY_ACTION,
	SST_VOCABULARY_KIND,
	SST_VOCABULARY_ORIGIN,
	SST_VOCABULARY_NOTE /* the number is the bit's index */
} sst_vocabulary;

/* The word for a number ("user-unknown"); {NULL, 0} for a number that this version doesn't know. */
SST_API sst_text sst_word(sst_vocabulary vocabulary, unsigned number);

/* The number of a word, ASCII case ignored; -1 if the list has no such word. */
SST_API int sst_word_find(sst_vocabulary vocabulary, sst_text word);

/* The name of a result: "SST_E_SYNTAX"; "SST_E_?" for one that this version doesn't know. */
SST_API sst_text sst_err_name(sst_err err);

/* Codes (RFC 3463) ----------------------------------------------------------------------------- */

/* An enhanced status code, class.subject.detail. All zero means that there is none. */
typedef struct sst_code {
	uint8_t cls;      /* 2, 4 or 5 */
	uint16_t subject; /* 0 to 999 */
	uint16_t detail;  /* 0 to 999 */
} sst_code;

#define SST_CODE_SIZE 10 /* "5.999.999" and its NUL */

/* Reads an enhanced status code that fills all of `in`, by RFC 3463 section 2: class 2, 4 or 5;
 * subject and detail of one to three digits; no leading zero, no white space, no comment. On
 * failure .at is the byte that broke the rule that .rule names. `out` is written on success only.
 */
SST_API sst_result sst_code_parse(sst_text in, sst_code *out);

/* The same at the start of `in`, where a blank, a line end or the end of the text must follow
 * (RFC 2034 section 4): "5.1.1234" is an error, not 5.1.123 with a digit left over. */
SST_API sst_result sst_code_scan(sst_text in, sst_code *out);

/* Writes "5.1.1" and a NUL. Returns the length without the NUL; nothing is written if size is not
 * above it. SST_CODE_SIZE is always enough. */
SST_API size_t sst_code_format(sst_code code, char *buffer, size_t size);

SST_API bool sst_code_equal(sst_code a, sst_code b);

/* One place in running text where a reply code, an enhanced code or both stand. */
typedef struct sst_found {
	uint16_t reply;   /* 0: none here */
	sst_code code;    /* class 0: none here; as printed, its class is not adjusted */
	sst_notes notes;  /* leading-zero, seed-spelling, squeezed, ... */
	size_t from, upto; /* the bytes of both together */
	uint8_t certainty; /* 0 to 100: how sure it is that these are codes and not other numbers */
	uint16_t dotted;   /* with note seed-spelling: the reply code that `code` may stand for
	                      (550 for 5.5.0); where only that makes sense it is in `reply`, and
	                      here too */
	uint16_t os_error; /* with note errno: the operating system's number ("SMTP Error 101");
	                      reply and code are absent then */
} sst_found;

/* Finds the next reply code, enhanced code or pair in real text at or after `*at`, and moves `*at`
 * behind it. Knows `#5.1.1`, `(#5.7.1)`, `[5.1.1]`, `550-5.7.26`, `550 5.1.1:`, `SMTP error 451`,
 * `554.5.6.2` and the like, and walks past IP addresses, versions, dates, sizes and message ids.
 * Returns SST_OK, or SST_END when there is no more. */
SST_API sst_err sst_code_find(sst_text in, size_t *at, sst_found *out);

/* The codes of a whole text, which may be a reply of one or more lines (also unfolded into one
 * line: "550-5.1.1 no such 550 5.1.1 user"), a Diagnostic-Code, a log line's words, or prose that
 * quotes a reply. Replies nest: "554 4.4.7 expired <421 4.4.2 timed out>" is the last hop's word
 * about another hop's word.
 *
 *     sst_codes codes;
 *     sst_codes_find(SST_TEXT("553 sorry, not in my rcpthosts (#5.7.1)"), &codes);
 *     codes.outer.reply == 553; codes.outer.code is 5.7.1; codes.status is 5.7.1
 */
typedef struct sst_codes {
	sst_found outer; /* the last hop's: it decides about retrying. Lines of one reply are
	                    one: the last line's codes count, else the first there are; 2yz lines
	                    in front of a 4yz or 5yz are noise. .from == .upto: the text has no
	                    code */
	sst_found inner; /* the innermost, which explains better; .from == .upto: nothing is
	                    nested */
	sst_code status; /* the enhanced code to go by: the outer one (else the inner one of the
	                    same class), with the class that the outer reply code demands. Class
	                    0: none */
	sst_notes notes; /* of all that was read, class-mismatch and mixed-codes among them */
	size_t code_from, code_upto; /* where outer.code stands; may be apart from
	                                outer.from..upto */
	size_t words; /* where the words begin behind the leading codes (and "smtp;") */
	unsigned count;              /* places with codes */
} sst_codes;

/* Reads all codes of `in` in one pass over it; never fails. */
SST_API void sst_codes_find(sst_text in, sst_codes *out);

/* Replies (RFC 5321 section 4.2, RFC 2034) ----------------------------------------------------- */

typedef struct sst_reply {
	uint16_t code;     /* 200 to 599 */
	sst_code enhanced; /* the code that counts: the last line's, or the first there is */
	sst_notes notes;   /* class-mismatch, mixed-codes, bare-lf, not-ascii, ... */
	unsigned lines;
	sst_text raw; /* every line, as it came */
} sst_reply;

/* Reads one reply, all its lines, at the start of `in`. SST_MORE: the last line has not come yet
 * and `out` is untouched. On SST_OK .at is where the next (pipelined) reply starts. Lines end in
 * CRLF; LF alone is taken with note bare-lf. The reply code may be any from 200 to 599; what is not
 * a reply is SST_E_SYNTAX with the offset and the rule. An enhanced code counts only where RFC 2034
 * section 4 puts it, behind the reply code and one blank or hyphen, and not at all in a 3yz reply.
 */
SST_API sst_result sst_reply_parse(sst_text in, sst_reply *out);

/* The same for a reply that comes in pieces, so that no byte is looked at twice: start with all
 * zero, and after SST_MORE call again with the same bytes and more behind them. */
typedef struct sst_reply_progress {
	size_t at; /* bytes of whole lines that were read */
	size_t scanned; /* bytes that hold no further line end */
	sst_code first, last;
	sst_notes notes;
	unsigned lines;
	uint16_t code;
} sst_reply_progress;

SST_API sst_result sst_reply_continue(sst_text in, sst_reply_progress *progress, sst_reply *out);

/* Reads a reply of which no more will come (a log's, a report's, a broken connection's): the last
 * line may lack its end, and lines that announce another one which is missing get note truncated.
 * SST_END if `in` is empty. */
SST_API sst_result sst_reply_finish(sst_text in, sst_reply *out);

/* The text of line `line` (from 0), without codes and line end. {NULL, 0} past the last line. */
SST_API sst_text sst_reply_line(const sst_reply *reply, unsigned line);

/* All of the reply's words in one line, codes and line ends left out, in the caller's buffer.
 * Returns the length; what did not fit is left out, and a NUL is not written. */
SST_API size_t sst_reply_text(const sst_reply *reply, char *buffer, size_t size);

/* Registry (IANA, generated from data/codes.tsv and data/replies.tsv) -------------------------- */

/* "All of them", in .subject and .detail of the entries for whole classes and subjects. */
#define SST_CODE_ANY 0xffff

typedef struct sst_entry {
	sst_code code;        /* class 0: the entry holds for every class in `classes` */
	uint8_t classes;      /* bit n: class n may carry it; 0: deprecated, never to be sent */
	uint8_t category;     /* the category that the code alone suggests, permanent if it may
	                         be */
	uint16_t replies[16]; /* reply codes that the registry ties to it, ended by 0; 2, 4 or 5
	                         stands for every reply code with that first digit */
	sst_text title;       /* registered title, English; absent for X.6.10 */
	sst_text reference;   /* "RFC 3463" */
	sst_text superseded;  /* what the number meant before, or what replaced it; absent if
	                         neither */
	uint8_t category_of[6]; /* the suggested category by class digit (4.7.1 and 5.7.1 differ) */
	sst_text text; /* a site's own explanation; absent for built-in codes (smtpstatus/say.h) */
} sst_entry;

typedef struct sst_reply_entry {
	uint16_t code;
	uint8_t category;
	bool registered;     /* an RFC defines it; false for vendors' and historic ones */
	sst_code enhanced;   /* the nearest enhanced code */
	sst_text title;      /* short English name */
	sst_text reference;
} sst_reply_entry;

/* How near a look-up came. */
typedef enum sst_nearness {
	SST_NEAR_EXACT,   /* registered with just this class, subject and detail */
	SST_NEAR_CLASS,   /* registered, but not for this class */
	SST_NEAR_SUBJECT, /* unknown detail: the subject's general meaning (X.n.0) */
	SST_NEAR_ANY      /* unknown subject: the class's general meaning (X.0.0) */
} sst_nearness;

/* A set of codes: the built-in one, or one that a site extended. Immutable once made; may be shared
 * between threads. */
typedef struct sst_registry sst_registry;

SST_API const sst_registry *sst_registry_builtin(void);

/* Always answers (RFC 3463 section 2: a client falls back to the subject's general meaning when a
 * detail is unknown) and says how near it came. A NULL registry is the built-in one. */
SST_API const sst_entry *sst_registry_find(const sst_registry *registry, sst_code code,
                                           sst_nearness *nearness);

/* The index-th entry, in numeric order; NULL past the last one. Classes and subjects as such are
 * not among them. */
SST_API const sst_entry *sst_registry_at(const sst_registry *registry, size_t index);

/* What a whole class (2, 4, 5) or subject stands for; NULL: not known. */
SST_API const sst_entry *sst_registry_class(const sst_registry *registry, unsigned cls);
SST_API const sst_entry *sst_registry_subject(const sst_registry *registry, unsigned subject);

SST_API const sst_reply_entry *sst_reply_entry_find(uint16_t code); /* NULL: not known */
SST_API const sst_reply_entry *sst_reply_entry_at(size_t index);    /* NULL: past the last one */

/* Makes a registry that holds all of `base` (NULL: built-in) and the rows of `tsv`, which wins
 * over `base`. The first line that is no comment names the columns, which are those of
 * data/codes.tsv and `text`, in any order; only `code` ("5.7.99", or "X.7.99" for every class) and
 * `title` must be there. The texts of the new registry are views into `tsv` and `base`. Everything
 * lives in `memory`; SST_E_SPACE and .at tell the size needed. A bad row is an error with its
 * offset and .rule. */
SST_API sst_result sst_registry_extend(const sst_registry *base, sst_text tsv, void *memory,
                                       size_t size, const sst_registry **out);

/* Evidence and verdict ------------------------------------------------------------------------- */

/* What is known about one attempt. Fields that are not known stay zero. Set .size with
 * SST_EVIDENCE_INIT. All text is expected in UTF-8; other bytes are walked past. */
typedef struct sst_evidence {
	size_t size;
	sst_text text;          /* the server's words, with or without codes in front; may be
	                           several lines */
	uint16_t reply;         /* if known apart from the text */
	sst_code status;        /* a Status field's code, if there was one */
	sst_action action;      /* a DSN's Action */
	sst_phase phase;        /* the command that was answered */
	sst_text remote_mta;    /* who said it */
	sst_text reporting_mta; /* who tells of it */
	sst_text recipient;     /* so that its own words are not taken for the server's */
	sst_text sending_host;  /* name or address of the sending side */
} sst_evidence;

#define SST_EVIDENCE_INIT                                                                      \
	{sizeof(sst_evidence), {NULL, 0}, 0, {0, 0, 0}, 0, 0, {NULL, 0}, {NULL, 0}, {NULL, 0}, \
	 {NULL, 0}}

/* What the words give beside the verdict. Absent texts and zeros are not known; texts are views
 * into evidence.text. */
typedef struct sst_detail {
	sst_text list;          /* block list that was named: "zen.spamhaus.org" */
	sst_text link;          /* address of a page about it */
	sst_text new_address;   /* where the recipient moved; never to be trusted blindly */
	sst_text provider_code; /* the provider's own token: "TSS04", "S3140", "AS(1450)" */
	sst_text ticket;        /* an id to quote to the other side */
	uint64_t limit;         /* bytes */
	uint32_t retry_after;   /* seconds */
	sst_check check;        /* what failed */
} sst_detail;

/* What a piece of evidence is, from the strongest to the weakest (DESIGN: the judge's order). */
typedef enum sst_proof_kind {
	SST_PROOF_NONE,
	SST_PROOF_PROVIDER, /* a token or phrase of a recognised speaker */
	SST_PROOF_PHRASE_WITH_CODE,
	SST_PROOF_PHRASE,
	SST_PROOF_CODE,    /* exact enhanced code */
	SST_PROOF_SUBJECT, /* only its subject is known */
	SST_PROOF_REPLY,   /* reply code */
	SST_PROOF_CLASS,   /* first digit, or the DSN's Action */
	SST_PROOF_MODEL    /* the statistical second opinion */
} sst_proof_kind;

typedef struct sst_proof {
	uint8_t kind;         /* enum sst_proof_kind */
	sst_category category; /* what it speaks for */
	uint8_t weight;       /* 0 to 100 */
	sst_text rule;        /* id of the deciding rule ("google:over-quota"); absent if a code
	                         decided */
	uint32_t from, upto;  /* the bytes of evidence.text; both 0 where it does not lie in the
	                         text */
} sst_proof;

#define SST_PROOFS 6

typedef struct sst_verdict {
	size_t size;
	sst_category category;
	sst_permanence permanence; /* what the answer means for this message */
	sst_act act;               /* what the sender does next */
	sst_side side;
	sst_scope scope;         /* what the verdict is about, and so what may be acted on */
	uint8_t confidence;      /* 0 to 100; see smtpstatus-rules(7) */
	uint16_t reply_code;     /* 0: none */
	sst_code status;         /* what we hold true */
	sst_code reported_status; /* what the source said; class 0: nothing */
	sst_notes notes;
	sst_text provider; /* who speaks: "google", "microsoft"; absent if not recognised */
	sst_detail detail;
	uint8_t proof_count;
	sst_proof proofs[SST_PROOFS]; /* strongest first; proofs[0] decided */
} sst_verdict;

/* A set of rules. Immutable once made; may be shared between threads. */
typedef struct sst_rules sst_rules;

SST_API const sst_rules *sst_rules_builtin(void);

/* Judges one piece of evidence; NULL rules are the built-in ones. Never fails: evidence that says
 * nothing gets SST_CATEGORY_UNDETERMINED. Allocates nothing; time is linear in the text's length.
 */
SST_API void sst_judge(const sst_rules *rules, const sst_evidence *evidence, sst_verdict *verdict);

/* All candidates, strongest first, for people who ask why. Returns how many there are; at most
 * `max` are written. */
SST_API size_t sst_judge_candidates(const sst_rules *rules, const sst_evidence *evidence,
                                    sst_proof *candidates, size_t max);

/* Compiles the rules in `tsv` (the form of data/rules; smtpstatus-rules(5)) on top of `base` (NULL:
 * built-in), which they win over. Everything lives in `memory`; SST_E_SPACE and .at tell the size
 * needed; a bad row is an error with its offset and .rule. Views go into `tsv`. */
SST_API sst_result sst_rules_extend(const sst_rules *base, sst_text tsv, void *memory, size_t size,
                                    const sst_rules **out);

/* The provider whose mail system a host name or domain belongs to ("google"), by data/hosts.tsv;
 * absent if none is known. */
SST_API sst_text sst_provider_of_host(sst_text host);

#ifdef __cplusplus
}
#endif
#endif
