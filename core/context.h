/* SPDX-License-Identifier: MIT
 * core/context.h - what stands around a number in running text: is it a code or a size, a date, a
 * version, an address? */
#ifndef SST_CORE_CONTEXT_H
#define SST_CORE_CONTEXT_H

#include <smtpstatus.h>

/* Digits and dots: 550, 5.1.1, 192.0.2.1, 4.96. */
struct number {
	size_t from, upto;
	unsigned parts; /* 5 stands for five or more */
	unsigned len[4];
	uint32_t value[4]; /* of the first ten digits of each part */
};

/* What stands in front of a number, the strongest thing that can be said of it. */
enum lead {
	LEAD_NOTHING, /* plain words: no reason to take the number for a code */
	LEAD_BROKEN,  /* the number is part of a longer word, address, version or sum */
	LEAD_START,   /* the text or a line begins here */
	LEAD_WORD,    /* "error", "code", "said", "smtp;" */
	LEAD_COLON,
	LEAD_QUOTE,   /* an opening quotation mark or '<' */
	LEAD_ARROW,   /* -> or => */
	LEAD_BRACKET, /* ( [ { */
	LEAD_MARK,    /* # that does not end a word */
	LEAD_DASH,    /* a hyphen by itself */
	LEAD_NAME,    /* a host name, an address, a closing bracket */
	LEAD_FOREIGN  /* a letter beyond ASCII, without a blank */
};

size_t sst__next_digit(sst_text in, size_t at);
void sst__number_read(sst_text in, size_t at, struct number *number);
enum lead sst__lead_of(sst_text in, size_t at);

/* The word in front of `at`, blanks and the marks `skip` between them passed over. */
sst_text sst__word_before(sst_text in, size_t at, const char *skip);

/* The word behind `at` counts things: "500 messages", "450 KB". */
bool sst__unit_follows(sst_text in, size_t at);

/* Words of logging in or encryption stand near `at`. */
bool sst__login_words_near(sst_text in, size_t at);

/* A header field is folded in front of a blank (RFC 5322 section 2.2.3): how many bytes of a line's
 * end stand at `at` that are to be read as nothing, since exactly one blank follows. Lines that are
 * set in further begin anew. 0: none. */
size_t sst__folding(sst_text in, size_t at);

/* How many bytes a blank that is no ASCII takes at `at` (NBSP and its kin); 0: none there. */
size_t sst__wide_blank(sst_text in, size_t at);

/* An operating system's error number is shown here, not a reply. */
bool sst__is_os_error(sst_text in, const struct number *number);

#endif
