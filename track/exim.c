/* SPDX-License-Identifier: MIT
 * track/exim.c - Exim's main log: arrivals, deliveries, failures, deferrals, ends. */
#include "track/exim.h"
#include "track/known.h"

static bool is_base62(sst_text text, size_t from, size_t upto)
{
	if (upto > text.len)
		return false;
	for (; from < upto; from++)
		if (!sst__is_alpha(text.ptr[from]) && !sst__is_digit(text.ptr[from]))
			return false;
	return true;
}

/* 6-6-2 until 4.96, 6-11-4 since 4.97; a blank or the end follows. */
bool sst__is_exim_id(sst_text text, size_t *len)
{
	size_t middle = sst__at(text, 13) == '-' ? 6 : 11, end = middle == 6 ? 16 : 23;

	if (text.len < 16 || text.ptr[6] != '-' || sst__at(text, 7 + middle) != '-')
		return false;
	if (text.len < end || (text.len > end && text.ptr[end] != ' '))
		return false;
	*len = end;
	return is_base62(text, 0, 6) && is_base62(text, 7, 7 + middle) &&
	       is_base62(text, 8 + middle, end);
}

/* The end of a word that may be quoted: C="...", with \" inside. */
static size_t quoted_end(sst_text text, size_t at)
{
	for (at++; at < text.len && text.ptr[at] != '"'; at++)
		at += text.ptr[at] == '\\';
	return at < text.len ? at + 1 : text.len;
}

/* A host: NAME (HELO) [ADDR]:PORT*, each part optional. */
static size_t host_end(sst_text text, size_t at)
{
	size_t close = sst__find(text, at, ']');

	if (close == text.len)
		return sst__find(text, at, ' ');
	for (at = close + 1; at < text.len; at++) {
		char c = text.ptr[at];
		bool port = c == ':' && sst__is_digit(sst__at(text, at + 1));

		if (!sst__is_digit(c) && c != '*' && !port)
			break;
	}
	return at;
}

/* Takes the next word; false at the end, or where ": " or " : " begins the words of a failure. */
bool sst__exim_word(sst_text *rest, sst_text *word)
{
	size_t end = 0;

	while (sst__at(*rest, 0) == ' ')
		sst__drop(rest, 1);
	if (rest->len == 0 || rest->ptr[0] == ':')
		return false;
	if (SST__STARTS(*rest, "H=")) {
		end = host_end(*rest, 2);
	} else {
		while (end < rest->len && rest->ptr[end] != ' ') {
			if (rest->ptr[end] == ':' &&
			    (end + 1 == rest->len || rest->ptr[end + 1] == ' '))
				break;
			if (rest->ptr[end] == '"' && end > 0 && rest->ptr[end - 1] == '=') {
				end = quoted_end(*rest, end);
				break;
			}
			end++;
		}
	}
	*word = sst__text_part(*rest, 0, end);
	sst__drop(rest, end);
	return true;
}

/* FINAL [(PARENT)...] [<ORIGINAL>]: what is no address (a mailbox, a file, a pipe) gives way to the
 * address it stands for. */
static void take_address(sst_text *rest, sst_event *event)
{
	sst_text word, original = SST_NO_TEXT;
	bool has_at;

	event->recipient = SST_NO_TEXT;
	if (sst__at(*rest, 0) == '|' || sst__at(*rest, 0) == '/') { /* a command may hold blanks */
		size_t end = SST__FIND(*rest, 0, " <");

		event->recipient = sst__text_part(*rest, 0, end);
		sst__drop(rest, end);
	} else if (sst__exim_word(rest, &word)) {
		event->recipient = word;
	}
	while (SST__STARTS(*rest, " (")) {
		size_t end = sst__find(*rest, 0, ')');

		sst__drop(rest, end < rest->len ? end + 1 : end);
	}
	if (SST__STARTS(*rest, " <")) {
		size_t end = sst__find(*rest, 0, '>');

		original = sst__text_part(*rest, 2, end);
		sst__drop(rest, end < rest->len ? end + 1 : end);
	}
	event->recipient = sst__bare_address(event->recipient);
	if (original.len == 0)
		return;
	has_at = sst__find(event->recipient, 0, '@') < event->recipient.len &&
	         sst__at(event->recipient, 0) != '|' && sst__at(event->recipient, 0) != '/' &&
	         sst__at(event->recipient, 0) != '>';
	if (!has_at)
		event->recipient = original;
	else if (!sst__text_same(original, event->recipient))
		event->original = original;
}

static sst_text unquoted(sst_text text)
{
	if (text.len >= 2 && text.ptr[0] == '"')
		return sst__text_part(text, 1, text.len - 1);
	return text;
}

static void take_field(sst_event *event, sst_text word)
{
	if (SST__TAKE(word, "H="))
		event->relay = word;
	else if (SST__TAKE(word, "C="))
		event->text = unquoted(word);
	else if (SST__TAKE(word, "F="))
		event->sender = sst__bare_address(word);
	else if (SST__TAKE(word, "S="))
		event->size = sst__take_number(&word);
	else if (SST__TAKE(word, "QT=")) {
		event->delay = sst__take_duration(&word);
		event->delays_known |= 1;
	} else if (SST__TAKE(word, "DT=")) {
		event->delays[3] = sst__take_duration(&word);
	} else if (SST__TAKE(word, "T=") && event->relay.len == 0)
		event->relay = word; /* the transport, where there is no host */
}

static bool is_local(const sst_event *event)
{
	return sst__find(event->relay, 0, '[') == event->relay.len;
}

/* Without the times that stand behind the words in newer versions. */
static sst_text without_times(sst_event *event, sst_text text)
{
	for (;;) {
		size_t blank = text.len;
		sst_text last;

		while (blank > 0 && text.ptr[blank - 1] != ' ')
			blank--;
		last = sst__from(text, blank);
		if (blank == 0 || (!SST__STARTS(last, "DT=") && !SST__STARTS(last, "QT=")))
			return text;
		take_field(event, last);
		text.len = blank - 1;
	}
}

static sst_text text_of(sst_event *event, sst_text rest)
{
	while (rest.len > 0 && (rest.ptr[0] == ':' || rest.ptr[0] == ' '))
		sst__drop(&rest, 1);
	return without_times(event, rest);
}

static sst__reading delivered(sst_log *log, const sst__line *line, sst_text id, sst_text rest,
                              bool real)
{
	sst_event *event = sst__event_new(log, line, SST_EVENT_ATTEMPT, SST_SERVER_EXIM);
	bool black = SST__STARTS(rest, "discarded") || SST__STARTS(rest, ":blackhole:") ||
	             SST__STARTS(rest, "blackhole");
	sst_text word;

	event->queue_id = id;
	event->result = black ? SST_ATTEMPT_DISCARDED : SST_ATTEMPT_DELIVERED;
	event->flags |= real ? 0 : SST_TRACK_PROBE;
	if (SST__STARTS(rest, "blackhole (")) { /* the ACL threw all recipients away */
		event->kind = SST_EVENT_DISCARDED;
		event->text = sst__from(rest, 10);
		return SST__USED;
	}
	take_address(&rest, event);
	while (sst__exim_word(&rest, &word))
		take_field(event, word);
	if (is_local(event))
		event->flags |= SST_TRACK_LOCAL;
	return SST__USED;
}

static sst__reading failed(sst_log *log, const sst__line *line, sst_text id, sst_text rest)
{
	sst_event *event = sst__event_new(log, line, SST_EVENT_ATTEMPT, SST_SERVER_EXIM);
	sst_text word;

	event->queue_id = id;
	event->result = SST_ATTEMPT_BOUNCED;
	take_address(&rest, event);
	while (sst__exim_word(&rest, &word))
		take_field(event, word);
	event->text = text_of(event, rest);
	if (SST__ENDS(event->text, "retry timeout exceeded"))
		event->result = SST_ATTEMPT_EXPIRED;
	return SST__USED;
}

/* defer (ERRNO)[: STRERROR][ H=...][ DT=...][: TEXT] */
static void take_defer(sst_text *rest, sst_event *event)
{
	size_t end;

	if (sst__at(*rest, 0) != ':')
		return;
	end = SST__FIND(*rest, 0, " H=");
	if (end == rest->len)
		end = SST__FIND(*rest, 0, " DT=");
	event->text = sst__text_trim(sst__text_part(*rest, 1, end));
	sst__drop(rest, end);
}

/* "SMTP timeout after end of data", "Remote host closed connection in response to end of data": the
 * final dot was sent, and nobody answered. */
static bool breaks_at_end(sst_text text)
{
	return (SST__FIND(text, 0, "after end of data") < text.len &&
	        SST__FIND(text, 0, "timeout") < text.len) ||
	       SST__FIND(text, 0, "closed connection in response to end of data") < text.len;
}

static sst__reading deferred(sst_log *log, const sst__line *line, sst_text id, sst_text rest)
{
	sst_event *event = sst__event_new(log, line, SST_EVENT_ATTEMPT, SST_SERVER_EXIM);
	sst_text word, text;

	event->queue_id = id;
	event->result = SST_ATTEMPT_DEFERRED;
	take_address(&rest, event);
	while (sst__exim_word(&rest, &word)) {
		if (SST__STARTS(word, "("))
			take_defer(&rest, event);
		else if (!SST__IS(word, "defer") && !SST__IS(word, "routing"))
			take_field(event, word);
	}
	text = text_of(event, rest);
	if (text.len > 0)
		event->text = text;
	if (SST__STARTS(event->text, "retry time not reached"))
		event->flags |= SST_TRACK_NOT_TRIED;
	if (breaks_at_end(event->text))
		event->flags |= SST_TRACK_POSSIBLY;
	return SST__USED;
}

static void take_arrival_field(sst_event *event, sst_text word)
{
	if (SST__TAKE(word, "id=") || SST__TAKE(word, "id*="))
		event->message_id = word;
	else if (SST__TAKE(word, "H="))
		event->relay = word;
	else if (SST__TAKE(word, "S="))
		event->size = sst__take_number(&word);
	else if (SST__TAKE(word, "R="))
		event->other_id = word;
	else if (SST__TAKE(word, "U=") && event->relay.len == 0)
		event->relay = word;
}

/* SENDER H=... P=... S=... id=MESSAGE-ID T="..." from <s> for r1 r2; a bounce has R=PARENT */
static sst__reading arrived(sst_log *log, const sst__line *line, sst_text id, sst_text rest)
{
	sst_event *event = sst__event_new(log, line, SST_EVENT_ACCEPTED, SST_SERVER_EXIM);
	sst_text word;
	sst_event *notice;

	event->queue_id = id;
	/* An empty sender may be written as nothing at all: two blanks. */
	event->sender = sst__text_part(rest, 0, 0);
	if (sst__at(rest, 0) != ' ' && sst__exim_word(&rest, &word))
		event->sender = sst__bare_address(word);
	while (sst__exim_word(&rest, &word)) {
		if (!SST__IS(word, "for")) {
			take_arrival_field(event, word);
			continue;
		}
		while (sst__exim_word(&rest, &word))
			event->recipients++;
		break;
	}
	if (event->other_id.len == 0 || event->sender.len > 0)
		return SST__USED;
	word = event->other_id; /* the event may move when another one is made */
	notice = sst__event_new(log, line, SST_EVENT_NOTICE, SST_SERVER_EXIM);
	notice->queue_id = word;
	notice->other_id = id;
	return SST__USED;
}

static sst__reading plain(sst_log *log, const sst__line *line, sst_event_kind kind, sst_text id,
                          sst_text text)
{
	sst_event *event = sst__event_new(log, line, kind, SST_SERVER_EXIM);

	event->queue_id = id;
	event->text = text;
	return SST__USED;
}

/* Words after the id that are no flag. */
static sst__reading other(sst_log *log, const sst__line *line, sst_text id, sst_text rest)
{
	if (SST__STARTS(rest, "Completed"))
		return plain(log, line, SST_EVENT_DONE, id, SST_NO_TEXT);
	if (SST__STARTS(rest, "removed by ") || SST__STARTS(rest, "cancelled by "))
		return plain(log, line, SST_EVENT_DELETED, id, rest);
	if (SST__STARTS(rest, "Unfrozen") || SST__STARTS(rest, "unfrozen"))
		return plain(log, line, SST_EVENT_RELEASED, id, rest);
	if (SST__IS(rest, "Message is frozen") || SST__STARTS(rest, "Frozen") ||
	    SST__STARTS(rest, "frozen by "))
		return plain(log, line, SST_EVENT_HELD, id, rest);
	if (SST__STARTS(rest, "rejected ") || SST__FIND(rest, 0, " rejected ") < rest.len)
		return sst__exim_refusal(log, line, id, rest);
	return plain(log, line, SST_EVENT_REMARK, id, rest);
}

static sst__reading about(sst_log *log, const sst__line *line, sst_text id, sst_text rest)
{
	if (SST__TAKE(rest, "<= ") || SST__TAKE(rest, "(= "))
		return arrived(log, line, id, rest);
	if (SST__TAKE(rest, "=> ") || SST__TAKE(rest, "-> ") || SST__TAKE(rest, ">> "))
		return delivered(log, line, id, rest, true);
	if (SST__TAKE(rest, "*> "))
		return delivered(log, line, id, rest, false);
	if (SST__TAKE(rest, "** "))
		return failed(log, line, id, rest);
	if (SST__TAKE(rest, "== "))
		return deferred(log, line, id, rest);
	return other(log, line, id, rest);
}

/* "[123] " and, through syslog, "[1/5] " of a line that was split: only its first piece counts. */
static bool take_brackets(sst_text *text, bool *is_rest)
{
	size_t end = sst__find(*text, 0, ']'), slash;

	if (sst__at(*text, 0) != '[' || end > 12 || end == text->len)
		return false;
	for (slash = 1; slash < end && sst__is_digit(text->ptr[slash]); slash++)
		;
	if (slash == 1)
		return false;
	if (slash < end && (text->ptr[slash] == '/' || text->ptr[slash] == '\\'))
		*is_rest = *is_rest || slash != 2 || text->ptr[1] != '1';
	sst__drop(text, end + 1);
	while (sst__at(*text, 0) == ' ')
		sst__drop(text, 1);
	return true;
}

sst__reading sst__exim_line(sst_log *log, const sst__line *line)
{
	sst__line inner = *line;
	bool is_rest = false;
	size_t id;

	take_brackets(&inner.text, &is_rest);
	if (is_rest)
		return SST__SKIPPED;
	if (sst__is_digit(sst__at(inner.text, 0)) && sst__at(inner.text, 4) == '-')
		sst__stamp_take(log, &inner.text, &inner); /* its own stamp, behind syslog's */
	take_brackets(&inner.text, &is_rest);
	if (SST__STARTS(inner.text, "Ci=")) {
		sst__take_to(&inner.text, ' ');
	}
	if (sst__is_exim_id(inner.text, &id))
		return about(log, &inner, sst__text_part(inner.text, 0, id),
		             sst__text_part(inner.text, id + 1, inner.text.len));
	if (inner.text.len == 0 || sst__at(inner.text, 0) == ' ')
		return SST__SKIPPED; /* what follows a line: advice, headers */
	if (SST__STARTS(inner.text, "rejected ") ||
	    SST__FIND(inner.text, 0, " rejected ") < inner.text.len)
		return sst__exim_refusal(log, &inner, SST_NO_TEXT, inner.text);
	return sst__is_known(SST_SERVER_EXIM, inner.text) ? SST__SKIPPED : SST__UNKNOWN;
}
