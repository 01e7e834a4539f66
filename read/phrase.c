/* SPDX-License-Identifier: MIT
 * read/phrase.c - small readings of a server's words. */
#include "read/phrase.h"

#include <smtpstatus/words.h>

/* A queue that gave up (X.4.7, RFC 3463 section 3.5) speaks for itself, with a number of its own in
 * front: what a server replied is what it quotes behind that. */
static bool gave_up(const sst_codes *codes)
{
	return codes->inner.reply != 0 && codes->outer.code.subject == 4 &&
	       codes->outer.code.detail == 7;
}

uint16_t sst__reply_in(sst_text text)
{
	sst_codes codes;

	sst_codes_find(text, &codes);
	return codes.outer.reply != 0 && !gave_up(&codes) ? codes.outer.reply : codes.inner.reply;
}

bool sst__code_read(sst_text text, sst_code *code, sst_notes *notes)
{
	uint32_t part[3];
	size_t at = 0;

	for (unsigned i = 0; i < 3; i++) {
		unsigned digits;
		part[i] = sst__text_number(text, at, 4, &digits);
		if (digits == 0 || digits > 3)
			return false;
		if (digits > 1 && text.ptr[at] == '0')
			*notes |= SST_NOTE_LEADING_ZERO;
		at += digits;
		if (i < 2 && sst__at(text, at++) != '.')
			return false;
	}
	if (sst__at(text, at) == '.' && sst__is_digit(sst__at(text, at + 1)))
		return false;
	if (part[0] != 2 && part[0] != 4 && part[0] != 5) {
		*notes |= SST_NOTE_INVALID_CLASS;
		return false;
	}
	*code = (sst_code){(uint8_t)part[0], (uint16_t)part[1], (uint16_t)part[2]};
	return true;
}

/* Words that stand before a command in the sentences of mail systems. */
static bool introduces(sst_text text, size_t at)
{
	static const struct {
		const char *words;
		uint8_t len;
		char last; /* before the blank */
	} before[] = {{"reply to ", 9, 'o'}, {"response to ", 12, 'o'}, {"after ", 6, 'r'},
	              {"sending ", 8, 'g'},  {"command: ", 9, ':'},     {"during ", 7, 'g'},
	              {">>> ", 4, '>'},      {"in the ", 7, 'e'},       {"command ", 8, 'd'}};
	char last = at >= 2 ? sst__lower(text.ptr[at - 2]) : ' ';

	for (size_t i = 0; i < sizeof before / sizeof *before; i++)
		if (last == before[i].last && at >= before[i].len &&
		    sst__text_same(sst__text_part(text, at - before[i].len, at),
		                   (sst_text){before[i].words, before[i].len}))
			return true;
	return false;
}

static sst_phase command_at(sst_text text, size_t at)
{
	static const struct {
		const char *word;
		sst_phase phase;
	} commands[] = {{"rcpt", SST_PHASE_RCPT},
	                {"mail from", SST_PHASE_MAIL},
	                {"mail command", SST_PHASE_MAIL},
	                {"end of data", SST_PHASE_DATA_END},
	                {"end of message", SST_PHASE_DATA_END},
	                {"pipelined end of data", SST_PHASE_DATA_END},
	                {"data", SST_PHASE_DATA},
	                {"ehlo", SST_PHASE_EHLO},
	                {"helo", SST_PHASE_EHLO},
	                {"lhlo", SST_PHASE_EHLO},
	                {"starttls", SST_PHASE_STARTTLS},
	                {"auth", SST_PHASE_AUTH},
	                {"initial connection", SST_PHASE_CONNECT},
	                {"connect", SST_PHASE_CONNECT},
	                {"pipelined mail", SST_PHASE_MAIL},
	                {"pipelined rcpt", SST_PHASE_RCPT},
	                {"pipelined data", SST_PHASE_DATA},
	                {"message body", SST_PHASE_DATA_END}};
	sst_text rest = sst__text_part(text, at, at + 24);

	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (sst__text_starts(rest, (sst_text){commands[i].word, strlen(commands[i].word)}))
			return commands[i].phase;
	return 0;
}

/* Sentences of qmail and its kin, and one of Postfix. */
static sst_phase sentence_phase(sst_text text)
{
	static const struct {
		const char *words;
		sst_phase phase;
	} sentences[] = {{"does not like recipient", SST_PHASE_RCPT},
	                 {"but sender was rejected", SST_PHASE_MAIL},
	                 {"but my name was rejected", SST_PHASE_EHLO},
	                 {"but greeting failed", SST_PHASE_CONNECT},
	                 {"after i sent the message", SST_PHASE_DATA_END},
	                 {"failed on data command", SST_PHASE_DATA},
	                 {"refused to talk to me", SST_PHASE_CONNECT},
	                 {"did not like our rcpt", SST_PHASE_RCPT},
	                 {"did not like our mail", SST_PHASE_MAIL},
	                 {"did not like our final data", SST_PHASE_DATA_END},
	                 {"did not like our data", SST_PHASE_DATA}};

	text = sst__text_part(text, 0, 1000);
	for (size_t at = 0; at < text.len; at++) {
		char c;
		if (at > 0 && !sst__is_space(text.ptr[at - 1]))
			continue;
		c = sst__lower(text.ptr[at]);
		if (c != 'd' && c != 'b' && c != 'a' && c != 'f' && c != 'r')
			continue;
		for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
			if (sentences[i].words[0] == c &&
			    sst__text_starts(
			            sst__text_part(text, at, text.len),
			            (sst_text){sentences[i].words, strlen(sentences[i].words)}))
				return sentences[i].phase;
	}
	return 0;
}

/* "... while talking to mx.example.com.: <<< 554 go away": refused before anything was asked. */
static sst_phase greeting_phase(sst_text text)
{
	enum { HOST_MOST = 80 };
	sst_text intro = SST_TEXT("while talking to ");
	size_t host = sst__text_search(text, 0, intro) + intro.len, at = host;

	while (at < text.len && text.ptr[at] != '<' && text.ptr[at] != '>')
		at++;
	return at < host + HOST_MOST && sst__text_starts(sst__text_part(text, at, text.len),
	                                                 SST_TEXT("<<< "))
	               ? SST_PHASE_CONNECT
	               : 0;
}

/* The last place before `at` that a blank stands in front of; 0: there is none. */
static size_t word_before(sst_text text, size_t at)
{
	const uint64_t each = UINT64_C(0x0101010101010101);
	size_t end = at > 0 ? at - 1 : 0; /* the blank stands before it */

	for (; end >= 8; end -= 8) {
		uint64_t word, found;
		memcpy(&word, text.ptr + end - 8, sizeof word);
		word ^= each * ' ';
		found = ~(((word & each * 0x7f) + each * 0x7f) | word) & each << 7;
		if (found != 0) {
			end -= sst__bytes_last(found);
			break;
		}
	}
	while (end > 0 && text.ptr[end - 1] != ' ')
		end--;
	return end;
}

/* Whether a command of command_at() may begin with this letter. */
static bool begins_command(char c)
{
	enum {
		LETTERS = 1 << 18 | 1 << 13 | 1 << 5 | 1 << 4 | 1 << 8 | 1 << 12 | 1 << 19 |
		          1 << 1 | 1 << 9 | 1 << 3 | 1 << 16
	}; /* r m e d h l s a i c p */

	return sst__is_alpha(c) && (LETTERS >> (c & 31) & 1);
}

sst_phase sst__phase_in(sst_text text)
{
	sst_phase sentence;

	/* Postfix's "(in reply to RCPT TO command)" stands at the end: the last one counts. */
	for (size_t at = word_before(text, text.len); at > 0; at = word_before(text, at)) {
		sst_phase phase;
		if (!begins_command(text.ptr[at]))
			continue;
		phase = introduces(text, at) ? command_at(text, at) : 0;
		if (phase == SST_PHASE_DATA &&
		    sst__text_search(text, at, SST_TEXT("end of data")) < text.len)
			phase = SST_PHASE_DATA_END;
		if (phase != 0)
			return phase;
	}
	sentence = sentence_phase(text);
	return sentence != 0 ? sentence : greeting_phase(text);
}
