/* SPDX-License-Identifier: MIT
 * lint/session.c - an SMTP dialogue, marked or bare: what the server answers to what the client
 * said, and the client's DSN parameters (RFC 3461). Commands may be pipelined. */
#include "lint/lint.h"
#include "core/names.h"
#include "core/text.h"

#include <smtpstatus/words.h>

#define QUEUE 64u

struct session {
	sst_lint_run *run;
	sst_phase queue[QUEUE]; /* commands whose answers have not come */
	unsigned first, waiting;
	bool in_data; /* 354 was given: the client sends the message */
	bool started; /* a command or an answer has been seen */
	bool open;    /* a reply has begun */
	bool announced;
	bool marked; /* lines say whose they are: the dialogue is there from its beginning */
	struct lint_place place;
	struct lint_reply reply;
};

enum speaker { NOBODY, CLIENT, SERVER };

/* Whose line it is, and the line without its mark. */
static enum speaker speaker_of(sst_text *line)
{
	static const struct {
		sst_text mark;
		enum speaker speaker;
	} marks[] = {
	        {{"C:", 2}, CLIENT},  {{"S:", 2}, SERVER},     {{">>>", 3}, CLIENT},
	        {{"<<<", 3}, SERVER}, {{"->", 2}, CLIENT},     {{"<-", 2}, SERVER},
	        {{"~>", 2}, CLIENT},  {{"<~", 2}, SERVER},     {{"<**", 3}, SERVER},
	        {{"*>", 2}, CLIENT},  {{"SMTP>>", 6}, CLIENT}, {{"SMTP<<", 6}, SERVER},
	};
	sst_text text = *line;

	while (text.len > 0 && sst__is_blank(text.ptr[0]))
		text = sst__text_part(text, 1, text.len);
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		if (!sst__text_starts(text, marks[i].mark))
			continue;
		text = sst__text_part(text, marks[i].mark.len, text.len);
		while (sst__is_blank(sst__at(text, 0)))
			text = sst__text_part(text, 1, text.len);
		*line = text;
		return marks[i].speaker;
	}
	return NOBODY;
}

static sst_phase phase_of(sst_text command)
{
	static const struct {
		sst_text verb;
		sst_phase phase;
	} verbs[] = {
	        {{"EHLO", 4}, SST_PHASE_EHLO},         {{"HELO", 4}, SST_PHASE_EHLO},
	        {{"LHLO", 4}, SST_PHASE_EHLO},         {{"MAIL", 4}, SST_PHASE_MAIL},
	        {{"RCPT", 4}, SST_PHASE_RCPT},         {{"DATA", 4}, SST_PHASE_DATA},
	        {{"STARTTLS", 8}, SST_PHASE_STARTTLS}, {{"AUTH", 4}, SST_PHASE_AUTH},
	        {{".", 1}, SST_PHASE_DATA_END},        {{"BDAT", 4}, SST_PHASE_DATA_END},
	};

	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (sst__text_starts(command, verbs[i].verb) &&
		    !sst__is_alpha(sst__at(command, verbs[i].verb.len)))
			return verbs[i].phase;
	return SST_PHASE_QUIT;
}

static bool is_orcpt(sst_text value)
{
	size_t semicolon = sst__text_find(value, 0, ';');

	return semicolon > 0 && semicolon + 1 < value.len;
}

/* The value of ENVID, or of ORCPT with its type. With SMTPUTF8 type utf-8 may be as it is read (RFC
 * 6533 section 3), but for what no parameter may have. */
static bool is_xtext(sst_text value)
{
	if (!sst__text_starts(value, SST_TEXT("utf-8;")))
		return sst__lint_is_xtext(value);
	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.ptr[i] <= ' ' || value.ptr[i] == '=' ||
		    value.ptr[i] == '+' || value.ptr[i] == 0x7F)
			return false;
	return true;
}

static bool is_notify(sst_text value)
{
	static const sst_text words[] = {{"SUCCESS", 7}, {"FAILURE", 7}, {"DELAY", 5}};

	if (sst__text_same(value, SST_TEXT("NEVER")))
		return true;
	for (size_t from = 0, comma; from <= value.len; from = comma + 1) {
		bool known = false;

		comma = sst__text_find(value, from, ',');
		for (size_t i = 0; i < 3; i++)
			known |= sst__text_same(sst__text_part(value, from, comma), words[i]);
		if (!known)
			return false;
	}
	return true;
}

/* One ESMTP parameter; `seen` has a bit for each of the four. */
static void parameter(sst_lint_run *run, sst_text whole, unsigned *seen)
{
	static const sst_text names[] = {{"ENVID", 5}, {"ORCPT", 5}, {"NOTIFY", 6}, {"RET", 3}};
	size_t equals = sst__text_find(whole, 0, '=');
	sst_text name = sst__text_part(whole, 0, equals);
	sst_text value = sst__text_part(whole, equals + 1, whole.len);

	for (unsigned i = 0; i < 4; i++) {
		if (!sst__text_same(name, names[i]))
			continue;
		if (*seen & 1u << i)
			sst__lint_report(run, SST__LINT_DSN_PARAMETER_TWICE, whole, SST_NO_TEXT);
		*seen |= 1u << i;
		if (i == 1 && !is_orcpt(value))
			sst__lint_report(run, SST__LINT_BAD_ORCPT, whole,
			                 SST_TEXT("ORCPT=rfc822;a@example.org"));
		else if (i < 2 && !is_xtext(value))
			sst__lint_report(run, SST__LINT_BAD_XTEXT, whole, SST_NO_TEXT);
		else if (i == 2 && !is_notify(value))
			sst__lint_report(run, SST__LINT_BAD_NOTIFY, whole, SST_NO_TEXT);
		else if (i == 3 && !sst__text_same(value, SST_TEXT("FULL")) &&
		         !sst__text_same(value, SST_TEXT("HDRS")))
			sst__lint_report(run, SST__LINT_BAD_RET, whole, SST_NO_TEXT);
	}
}

static void parameters(sst_lint_run *run, sst_text command)
{
	size_t at = sst__text_find(command, 0, '>'), end;
	unsigned seen = 0;

	for (at++; at < command.len; at = end + 1) {
		end = sst__text_find(command, at, ' ');
		if (end > at)
			parameter(run, sst__text_part(command, at, end), &seen);
	}
}

static void end_reply(struct session *session)
{
	if (!session->open)
		return;
	sst__lint_reply_end(session->run, &session->reply);
	session->open = false;
	if (session->reply.reply == 354)
		session->in_data = true;
}

static void client_line(struct session *session, sst_text line)
{
	sst_phase phase;

	end_reply(session);
	session->started = true;
	if (session->in_data && !(line.len == 1 && line.ptr[0] == '.'))
		return;
	phase = session->in_data ? SST_PHASE_DATA_END : phase_of(line);
	session->in_data = false;
	if (phase == SST_PHASE_MAIL || phase == SST_PHASE_RCPT)
		parameters(session->run, line);
	if (session->waiting < QUEUE)
		session->queue[(session->first + session->waiting++) % QUEUE] = phase;
}

/* A greeting names the server in front (RFC 5321 section 4.2); STARTTLS is answered with 220 too.
 */
static bool is_greeting(const struct session *session, sst_text line)
{
	sst_text words = sst__text_part(line, 4, line.len), first;
	sst_code code;

	if (sst__text_starts(line, SST_TEXT("521")))
		return true;
	if (!sst__text_starts(line, SST_TEXT("220")))
		return false;
	if (session->marked)
		return true;
	if (sst_code_scan(words, &code).err == SST_OK)
		words = sst__text_part(words, sst__text_find(words, 0, ' ') + 1, words.len);
	first = sst__text_part(words, 0, sst__text_find(words, 0, ' '));
	return sst__is_host_name(first) ||
	       (sst__at(first, 0) == '[' && sst__text_ends(first, SST_TEXT("]")) &&
	        (sst__is_digit(sst__at(first, 1)) || sst__text_starts(first, SST_TEXT("[IPv6:"))));
}

/* What the reply that begins with `line` answers. */
static void begin_reply(struct session *session, sst_text line)
{
	session->place = (struct lint_place){.wire = true, .announced = session->announced};
	if (session->waiting > 0) {
		session->place.phase = session->queue[session->first % QUEUE];
		session->first++;
		session->waiting--;
	} else if (!session->started && is_greeting(session, line)) {
		session->place.phase = SST_PHASE_CONNECT;
	}
	session->started = true;
	session->in_data = false;
	sst__lint_reply_begin(&session->reply, &session->place);
	session->open = true;
}

static void server_line(struct session *session, sst_text line)
{
	if (!session->open)
		begin_reply(session, line);
	if (session->place.phase == SST_PHASE_EHLO && line.len == 23 &&
	    sst__text_same(sst__text_part(line, 4, line.len), SST_TEXT("ENHANCEDSTATUSCODES")))
		session->announced = true;
	if (!sst__lint_reply_line(session->run, &session->reply, line) || !session->reply.more)
		end_reply(session);
}

static bool looks_like_reply(sst_text line)
{
	char apart = sst__at(line, 3);

	return sst__at(line, 0) >= '2' && sst__at(line, 0) <= '5' &&
	       sst__is_digit(sst__at(line, 1)) && sst__is_digit(sst__at(line, 2)) &&
	       (line.len == 3 || apart == ' ' || apart == '-');
}

void sst__lint_session(sst_lint_run *run)
{
	struct session session = {.run = run};
	sst_text rest = run->in, line;

	while (sst__text_line(&rest, &line)) {
		enum speaker speaker = speaker_of(&line);

		session.marked |= speaker != NOBODY;
		if (speaker == NOBODY && !session.marked)
			speaker = session.in_data && line.len != 1 && !looks_like_reply(line)
			                  ? CLIENT
			          : looks_like_reply(line) ? SERVER
			          : line.len > 0           ? CLIENT
			                                   : NOBODY;
		if (speaker == SERVER)
			server_line(&session, line);
		else if (speaker == CLIENT)
			client_line(&session, line);
	}
	end_reply(&session);
}
