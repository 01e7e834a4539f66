/* SPDX-License-Identifier: MIT
 * smtpstatus/say.h - codes and verdicts in words for people, in their language.
 *
 * Texts are constant tables, one a language, made from po/; the language is an argument of each
 * call, so that one process can answer in many. Nothing depends on the locale, nothing is
 * allocated.
 *
 * Chapters: languages; texts; explaining a verdict; readings of a code; rendering. */
#ifndef SMTPSTATUS_SAY_H
#define SMTPSTATUS_SAY_H

#include <smtpstatus.h>
#include <smtpstatus/mail.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Languages ------------------------------------------------------------------------------------ */

typedef struct sst_lang sst_lang; /* constant; shared by all threads */

/* How a wanted language was met. */
typedef enum sst_lang_match {
	SST_LANG_EXACT,   /* this language ("de", and "de-AT" for which "de" holds) */
	SST_LANG_RELATED, /* a near one: pt-PT is answered in pt-BR */
	SST_LANG_NONE     /* not there: English */
} sst_lang_match;

/* The language for a BCP 47 tag ("pt-BR", "zh-TW") or the name of a locale ("de_AT.UTF-8", "C").
 * Always answers; `match` (may be NULL) says how. An empty tag is English. */
SST_API const sst_lang *sst_lang_find(sst_text tag, sst_lang_match *match);

/* All languages that were built in, English first; NULL past the last one. */
SST_API const sst_lang *sst_lang_at(size_t index);

SST_API sst_text sst_lang_tag(const sst_lang *lang);  /* "pt-BR", good for HTML's lang */
SST_API sst_text sst_lang_name(const sst_lang *lang); /* its own name: "Deutsch" */
SST_API bool sst_lang_is_rtl(const sst_lang *lang);   /* written from right to left */

/* Texts ---------------------------------------------------------------------------------------- */

/* The text with this key (data/texts: "category.mailbox-full.title"), with its placeholders;
 * English where it is not translated; absent if there is no such key. A NULL language is English.
 */
SST_API sst_text sst_say_text(const sst_lang *lang, sst_text key);

/* The form for `n` of a text that has a plural ("ui.n-minutes"); other texts as they are. */
SST_API sst_text sst_say_plural(const sst_lang *lang, sst_text key, unsigned long n);

/* Label of a word of a verdict: sst_say_word(lang, SST_VOCABULARY_ACT, SST_ACT_RETRY) is "send
 * again later". Categories have their title. 0 is "not known" where the list has a text for it. */
SST_API sst_text sst_say_word(const sst_lang *lang, sst_vocabulary vocabulary, unsigned number);

/* What a code or a reply code is called and means, in words for people. A code that is not
 * registered is told by its subject or class; `nearness` (may be NULL) says so. A site's own
 * wording wins. Absent for a reply code that is not known. */
SST_API sst_text sst_say_code_title(const sst_registry *registry, const sst_lang *lang,
                                    sst_code code, sst_nearness *nearness);
SST_API sst_text sst_say_code_text(const sst_registry *registry, const sst_lang *lang,
                                   sst_code code, sst_nearness *nearness);
SST_API sst_text sst_say_reply_title(const sst_lang *lang, uint16_t reply);
SST_API sst_text sst_say_reply_text(const sst_lang *lang, uint16_t reply);

/* What providers mean by a code (of any class if class 0) or reply code that means something else
 * in the registry: the index-th note, absent past the last one. */
SST_API sst_text sst_say_vendor_note(const sst_lang *lang, uint16_t reply, sst_code code,
                                     size_t index);

/* Display name of a provider ("google" is "Gmail (Google)"); the word itself if there is none. */
SST_API sst_text sst_say_provider(sst_text provider);

/* What goes into the placeholders. Absent and zero: not known. Values may hold any bytes: control
 * characters and marks of direction are left out. */
typedef struct sst_say_values {
	sst_text recipient, domain, provider, list, host, date, reply;
	sst_code code;
	uint64_t limit;       /* bytes */
	uint32_t retry_after; /* seconds */
	unsigned long n;
} sst_say_values;

/* Where texts are put together: bytes of the caller. Texts that hold nothing of the caller's stay
 * where they are and take no room. When it is full, texts end early and .full is set. */
typedef struct sst_say_room {
	char *buffer;
	size_t size, used;
	bool full;
} sst_say_room;

#define SST_SAY_ROOM(bytes)                      \
	{                                        \
		(bytes), sizeof(bytes), 0, false \
	}
#define SST_SAY_ROOM_SIZE 8192 /* always enough for one explanation or one list of readings */

/* The text with this key and its placeholders filled. There may be a second wording KEY+NAME that
 * uses the placeholder {NAME}: it is taken when the value is known, so that each sentence reads.
 * A placeholder without a value is left out. In a language that is written from right to left, and
 * where an address or host is, values stand between U+2068 and U+2069, so that addresses and codes
 * keep their order. */
SST_API sst_text sst_say_fill(const sst_lang *lang, sst_text key, const sst_say_values *values,
                              sst_say_room *room);

/* A time span in words ("2 minutes"), and a size ("10 MB"). */
SST_API sst_text sst_say_span(const sst_lang *lang, uint32_t seconds, sst_say_room *room);
SST_API sst_text sst_say_size(uint64_t bytes, sst_say_room *room);

/* Explaining a verdict ------------------------------------------------------------------------- */

typedef enum sst_audience {
	SST_AUDIENCE_SENDER,     /* who wrote the message: plain words */
	SST_AUDIENCE_POSTMASTER, /* administrators of either side */
	SST_AUDIENCE_DEVELOPER   /* who programs the sending */
} sst_audience;

/* "sender", "postmaster", "developer"; -1 for any other word. */
SST_API int sst_audience_find(sst_text word);

/* One explanation. Texts are views into constant tables or into the room; absent where there is
 * nothing to say. */
typedef struct sst_explanation {
	sst_text title;       /* "Mailbox is full" */
	sst_text text;        /* what happened */
	sst_text causes;      /* usual causes */
	sst_text advice;      /* what the audience can do, in one text */
	sst_text own_admin;   /* what the administrator of the sending side can do */
	sst_text other_admin; /* ... and of the receiving side */
	sst_text final;       /* whether it is final */
	sst_text side;        /* where the cause lies */
	sst_text vendor_note; /* what this provider means by the code */
} sst_explanation;

/* Says a verdict. `recipient` (may be absent) is the address that it is about. The code's own
 * meaning is told where the category is not known. */
SST_API void sst_explain(const sst_lang *lang, sst_audience audience, const sst_verdict *verdict,
                         sst_text recipient, sst_say_room *room, sst_explanation *out);

/* Readings of a code --------------------------------------------------------------------------- */

typedef enum sst_reading_kind {
	SST_READING_REGISTERED, /* an enhanced status code as registered */
	SST_READING_REPLY,      /* a reply code */
	SST_READING_DOTTED,     /* a reply code written with dots: 5.5.0 for 550 */
	SST_READING_SQUEEZED,   /* an enhanced code without its dots: 523 for 5.2.3 */
	SST_READING_ERRNO,      /* an error number of the operating system */
	SST_READING_VENDOR,     /* what a provider means by the code */
	SST_READING_SITE        /* a code that the site's own file adds */
} sst_reading_kind;

typedef struct sst_reading {
	sst_reading_kind kind;
	sst_code code;         /* class 0: none */
	uint16_t reply;        /* 0: none */
	sst_category category; /* what this reading suggests */
	sst_nearness nearness; /* of the code, for kinds REGISTERED and SITE */
	sst_text kind_label;   /* "Reply code written with dots" */
	sst_text title;
	sst_text explanation; /* and, where the look-up fell back, that it did */
	sst_text causes;
	sst_text advice;
	sst_text how_to_tell;   /* absent where there is only one reading */
	sst_text table_view;    /* where a widely copied table errs: what it says, */
	sst_text standard_view; /* and what the standards say */
	sst_text reference;     /* "RFC 3463" */
	sst_text superseded;    /* change of meaning, English; absent if none */
} sst_reading;

#define SST_READINGS 4

/* All readings of what was found in a text, the likeliest first: a code alone (`reply` 0), a number
 * alone (class 0 in `code`), or both. `provider` (may be absent) is who speaks, by the verdict:
 * what it means by the code comes first then. `registry` NULL is the built-in one. Returns how many
 * there are; at most `max` are written (SST_READINGS is enough). None for neither code nor reply.
 */
SST_API size_t sst_readings(const sst_registry *registry, const sst_lang *lang,
                            sst_audience audience, uint16_t reply, sst_code code, sst_text provider,
                            sst_say_room *room, sst_reading *out, size_t max);

/* The readings of the first code or number that sst_code_find sees in a text: "5.5.0", "523", "SMTP
 * Error 101", or a whole sentence. A number of three digits alone is a reply code. */
SST_API size_t sst_readings_in(const sst_registry *registry, const sst_lang *lang,
                               sst_audience audience, sst_text text, sst_text provider,
                               sst_say_room *room, sst_reading *out, size_t max);

/* Rendering ------------------------------------------------------------------------------------ */

typedef enum sst_form {
	SST_FORM_TEXT,     /* plain text */
	SST_FORM_HTML,     /* one self-contained page; lang and dir are set */
	SST_FORM_FRAGMENT, /* the same without <html>, <head> and <style>, to go into another page
	                    */
	SST_FORM_MARKDOWN  /* CommonMark */
} sst_form;

/* What is told of one recipient. */
typedef struct sst_case {
	sst_text recipient; /* absent: not known */
	sst_text words;     /* the server's words that were judged; proofs point into them */
	const sst_verdict *verdict; /* never NULL */
	const sst_report *report;   /* the record that it was read from; may be NULL */
} sst_case;

typedef struct sst_rendering {
	const sst_lang *lang; /* NULL: English */
	sst_audience audience;
	sst_form form;
	const sst_registry *registry; /* NULL: built-in */
	/* Without usual causes, and for senders without what only helps to find the message in
	 * logs. */
	bool brief;
	/* Of plain text: labels stand in a column, and lines are no wider than this (at least 40).
	 * 0: one line for each text. */
	unsigned columns;
	bool color; /* plain text with escape sequences for a terminal */
	/* Takes the bytes, UTF-8; false stops the rendering. */
	bool (*write)(void *context, const char *bytes, size_t len);
	void *context;
} sst_rendering;

/* Tells what became of a message, for one recipient or many: recipients of a message that share a
 * cause (the same verdict) are told it once, in the order of their first, and those whose server
 * used the same words are told those once. Whatever the words and addresses hold, it stays text:
 * escaped in HTML and Markdown; control characters and marks of direction are shown as \x1b and
 * \u202e; the deciding words are set off. Time is linear in the number of cases. False: `write`
 * said so.
 *
 *	sst_case one = {.recipient = report.recipient, .words = evidence.text, .verdict = &verdict};
 *	sst_rendering how = {.lang = sst_lang_find(SST_TEXT("ja"), NULL), .form = SST_FORM_HTML,
 *	                     .write = to_file, .context = file};
 *	sst_render(&how, &one, 1);
 */
SST_API bool sst_render(const sst_rendering *how, const sst_case *cases, size_t count);

#ifdef __cplusplus
}
#endif
#endif
