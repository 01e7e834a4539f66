/* SPDX-License-Identifier: MIT
 * track/postfix.c - what Postfix logs about a queue id. Lines are told apart by their first bytes;
 * none needs its last ones, because Postfix cuts at 2,000 bytes. */
#include "track/log.h"

/* Bits: 1 upper-case hexadecimal, 2 letter or digit, 4 digit. */
enum { HEX = 1, DIGIT = 4 };
static const uint8_t id_bytes[256] = {
        ['0'] = 7, ['1'] = 7, ['2'] = 7, ['3'] = 7, ['4'] = 7, ['5'] = 7, ['6'] = 7, ['7'] = 7,
        ['8'] = 7, ['9'] = 7, ['A'] = 3, ['B'] = 3, ['C'] = 3, ['D'] = 3, ['E'] = 3, ['F'] = 3,
        ['G'] = 2, ['H'] = 2, ['I'] = 2, ['J'] = 2, ['K'] = 2, ['L'] = 2, ['M'] = 2, ['N'] = 2,
        ['O'] = 2, ['P'] = 2, ['Q'] = 2, ['R'] = 2, ['S'] = 2, ['T'] = 2, ['U'] = 2, ['V'] = 2,
        ['W'] = 2, ['X'] = 2, ['Y'] = 2, ['Z'] = 2, ['a'] = 2, ['b'] = 2, ['c'] = 2, ['d'] = 2,
        ['e'] = 2, ['f'] = 2, ['g'] = 2, ['h'] = 2, ['i'] = 2, ['j'] = 2, ['k'] = 2, ['l'] = 2,
        ['m'] = 2, ['n'] = 2, ['o'] = 2, ['p'] = 2, ['q'] = 2, ['r'] = 2, ['s'] = 2, ['t'] = 2,
        ['u'] = 2, ['v'] = 2, ['w'] = 2, ['x'] = 2, ['y'] = 2, ['z'] = 2,
};

/* A short id is upper-case hexadecimal; a long one has digits, is longer than any word that Postfix
 * prints in its place ("warning: ", "fatal: "), and starts with the first digit of the time. */
static bool is_id(sst_text text, size_t *len)
{
	size_t at = 0, most = text.len < 32 ? text.len : 32;
	unsigned any = 0, byte;

	if (most == 0 || !(id_bytes[(unsigned char)text.ptr[0]] & HEX))
		return false;
	while (at < most && (id_bytes[(unsigned char)text.ptr[at]] & HEX))
		at++;
	if (at >= 5 && at + 1 < text.len && text.ptr[at] == ':' && text.ptr[at + 1] == ' ') {
		*len = at;
		return true;
	}
	at = 0;
	while (at < most && (byte = id_bytes[(unsigned char)text.ptr[at]]) != 0) {
		any |= byte;
		at++;
	}
	*len = at;
	if (at < 5 || at + 1 >= text.len || text.ptr[at] != ':' || text.ptr[at + 1] != ' ')
		return false;
	return at >= 10 && (any & DIGIT) != 0;
}

/* Eight upper-case hexadecimal digits. Adding to a byte sets its highest bit if it is large enough;
 * none is so large that the next one is changed. */
static inline bool are_hex(const char *bytes)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones * 0x80;
	uint64_t word, digit, letter;

	memcpy(&word, bytes, 8);
	digit = (word + ones * (0x80 - '0')) & ~(word + ones * (0x7f - '9'));
	letter = (word + ones * (0x80 - 'A')) & ~(word + ones * (0x7f - 'F'));
	return (word & high) == 0 && ((digit | letter) & high) == high;
}

/* The usual case: ten or eleven hexadecimal digits. */
bool sst__is_postfix_id(sst_text text, size_t *len)
{
	if (text.len > 16 && are_hex(text.ptr)) {
		size_t at = sst__find_near(sst__cut(text, 0, 16), 8, ':');

		if (at < 16 && text.ptr[at + 1] == ' ' && are_hex(text.ptr + at - 8)) {
			*len = at;
			return true;
		}
	}
	return is_id(text, len);
}

static sst_attempt attempt_of(sst_text word, uint16_t *flags)
{
	if (SST__IS(word, "sent"))
		return SST_ATTEMPT_DELIVERED;
	if (SST__IS(word, "deferred"))
		return SST_ATTEMPT_DEFERRED;
	if (SST__IS(word, "bounced"))
		return SST_ATTEMPT_BOUNCED;
	if (SST__IS(word, "SOFTBOUNCE")) {
		*flags |= SST_TRACK_SOFT;
		return SST_ATTEMPT_DEFERRED;
	}
	if (SST__IS(word, "deliverable")) {
		*flags |= SST_TRACK_PROBE;
		return SST_ATTEMPT_DELIVERED;
	}
	if (SST__IS(word, "undeliverable")) {
		*flags |= SST_TRACK_PROBE;
		return SST_ATTEMPT_BOUNCED;
	}
	if (SST__IS(word, "expired") || SST__IS(word, "force-expired"))
		return SST_ATTEMPT_EXPIRED;
	return SST_ATTEMPT_NONE;
}

/* "A/B/C/D" */
static void take_delays(sst_event *event, sst_text *rest)
{
	for (unsigned i = 0; i < 4; i++) {
		event->delays[i] = sst__take_seconds(rest);
		if (sst__at(*rest, 0) == '/')
			sst__drop(rest, 1);
	}
	event->delays_known |= 2;
}

static bool is_name(sst_text name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!sst__is_alpha(name.ptr[i]) && name.ptr[i] != '_')
			return false;
	return name.len > 0;
}

/* Takes "NAME=VALUE, " off the front. False: it is none. */
static bool take_field(sst_event *event, sst_text *rest)
{
	size_t comma;

	if (SST__TAKE(*rest, "relay=")) {
		comma = sst__find_near(*rest, 0, ',');
		event->relay = sst__cut(*rest, 0, comma);
		return sst__drop(rest, comma + 2);
	}
	if (SST__TAKE(*rest, "delay=")) {
		event->delay = sst__take_seconds(rest);
		event->delays_known |= 1;
	} else if (SST__TAKE(*rest, "delays=")) {
		take_delays(event, rest);
	} else if (SST__TAKE(*rest, "dsn=")) {
		comma = sst__find_near(*rest, 0, ',');
		event->status = sst__code_of(sst__cut(*rest, 0, comma));
	} else {
		comma = sst__find_near(*rest, 0, '=');
		if (!is_name(sst__cut(*rest, 0, comma)))
			return false;
	}
	return sst__drop(rest, sst__find_near(*rest, 0, ',') + 2);
}

/* An address in <>, which may hold '>' itself: it ends where ">, " and a name follow. */
static sst_text take_address(sst_text *text)
{
	size_t end = 0;
	sst_text address;

	while ((end = sst__find_near(*text, end, '>')) < text->len) {
		sst_text after = sst__from(*text, end + 1);

		if (SST__STARTS(after, ", relay=") || SST__STARTS(after, ", orig_to=<") ||
		    after.len == 0)
			break;
		end++;
	}
	if (end >= text->len)
		end = sst__find(*text, 0, '>');
	address = sst__text_part(*text, 0, end);
	sst__drop(text, end < text->len ? end + 1 : end);
	SST__TAKE(*text, ", ");
	return address;
}

/* "(TEXT)": up to the last parenthesis, which a cut line lacks. */
static sst_text words_in(sst_text rest, uint16_t *flags)
{
	while (sst__at(rest, 0) == ' ')
		sst__drop(&rest, 1);
	if (sst__at(rest, 0) == '(')
		sst__drop(&rest, 1);
	if (rest.len > 0 && rest.ptr[rest.len - 1] == ')')
		rest.len--;
	else
		*flags |= SST_TRACK_CUT;
	return rest;
}

static void look_at_words(sst_event *event)
{
	sst_text text = event->text;

	if (event->result == SST_ATTEMPT_DELIVERED)
		return;
	if (SST__STARTS(text, "delivery temporarily suspended: ")) {
		event->flags |= SST_TRACK_NOT_TRIED;
		return;
	}
	if (SST__ENDS(text, "message may be sent more than once"))
		event->flags |= SST_TRACK_POSSIBLY;
}

static bool is_local_relay(sst_text relay)
{
	size_t open = sst__find_near(relay, 0, '[');
	sst_text place = open < relay.len ? sst__from(relay, open + 1) : SST_NO_TEXT;

	return SST__IS(relay, "local") || SST__IS(relay, "virtual") ||
	       SST__STARTS(place, "private/") || SST__STARTS(place, "/");
}

/* QID: to=<RCPT>[, orig_to=<ORIG>], relay=R[, conn_use=N], delay=D, delays=A/B/C/E[, tls=F],
 * dsn=X.Y.Z, status=WORD (TEXT) */
static sst__reading delivery(sst_log *log, const sst__line *line, sst_text id, sst_text rest)
{
	sst_event *event = sst__event_new(log, line, SST_EVENT_ATTEMPT, SST_SERVER_POSTFIX);

	event->queue_id = id;
	event->recipient = take_address(&rest);
	if (SST__TAKE(rest, "orig_to=<"))
		event->original = take_address(&rest);
	while (rest.len > 0 && !SST__TAKE(rest, "status="))
		if (!take_field(event, &rest)) {
			event->flags |= SST_TRACK_CUT;
			break;
		}
	event->result = attempt_of(sst__take_to(&rest, ' '), &event->flags);
	if (event->result == SST_ATTEMPT_NONE) {
		event->kind = SST_EVENT_REMARK; /* cut before its end: better than nothing */
		event->text = line->text;
		event->flags |= SST_TRACK_CUT;
		return SST__USED;
	}
	event->text = words_in(rest, &event->flags);
	look_at_words(event);
	if (is_local_relay(event->relay) || SST__ENDS(line->program, "/pipe"))
		event->flags |= SST_TRACK_LOCAL;
	return SST__USED;
}

/* QID: client=NAME[ADDR][, sasl_...][, orig_queue_id=Q2][, orig_client=...] */
static sst__reading accepted(sst_log *log, const sst__line *line, sst_text id, sst_text rest)
{
	sst_event *event = sst__event_new(log, line, SST_EVENT_ACCEPTED, SST_SERVER_POSTFIX);
	size_t comma = sst__find_near(rest, 0, ',');

	event->queue_id = id;
	event->relay = sst__text_part(rest, 0, comma);
	if (comma < rest.len) {
		event->other_id = SST__VALUE(rest, "orig_queue_id=");
		event->text = sst__text_part(rest, comma + 2, rest.len);
	}
	return SST__USED;
}

/* QID: uid=N from=<SENDER>[ orig_id=QID0] */
static sst__reading picked_up(sst_log *log, const sst__line *line, sst_text id, sst_text rest)
{
	sst_event *event = sst__event_new(log, line, SST_EVENT_ACCEPTED, SST_SERVER_POSTFIX);
	size_t from = SST__FIND(rest, 0, " from=<"),
	       origin = sst__find_last(rest, SST_TEXT(" orig_id="));

	event->queue_id = id;
	event->relay = SST_TEXT("local");
	if (origin < rest.len) {
		event->other_id = sst__from(rest, origin + 9);
		rest.len = origin;
	}
	if (from < rest.len) {
		event->sender = sst__from(rest, from + 7);
		if (event->sender.len > 0)
			event->sender.len -= event->sender.ptr[event->sender.len - 1] == '>';
	}
	return SST__USED;
}

static sst__reading message_id(sst_log *log, const sst__line *line, sst_text id, sst_text value)
{
	sst_event *event = sst__event_new(log, line, SST_EVENT_HEADER, SST_SERVER_POSTFIX);

	event->queue_id = id;
	event->message_id = sst__bare_address(sst__text_trim(value));
	return SST__USED;
}

/* QID: from=<SENDER>, size=N, nrcpt=N (queue active) | from=<SENDER>, status=expired, ... */
static sst__reading active(sst_log *log, const sst__line *line, sst_text id, sst_text rest)
{
	size_t end = 0;
	sst_event *event;
	sst_text sender, after = SST_NO_TEXT;

	while ((end = sst__find_near(rest, end, '>')) < rest.len) {
		after = sst__from(rest, end + 1);
		if (SST__STARTS(after, ", size=") || SST__STARTS(after, ", status="))
			break;
		end++;
	}
	if (end >= rest.len)
		return SST__UNKNOWN;
	sender = sst__text_part(rest, 0, end);
	if (SST__TAKE(after, ", status=")) {
		if (!SST__STARTS(after, "expired") && !SST__STARTS(after, "force-expired"))
			return SST__UNKNOWN;
		event = sst__event_new(log, line, SST_EVENT_EXPIRED, SST_SERVER_POSTFIX);
	} else {
		event = sst__event_new(log, line, SST_EVENT_QUEUED, SST_SERVER_POSTFIX);
		sst__drop(&after, 7);
		event->size = sst__take_number(&after);
		if (SST__TAKE(after, ", nrcpt="))
			event->recipients = (uint32_t)sst__take_number(&after);
	}
	event->queue_id = id;
	event->sender = sender;
	return SST__USED;
}

static sst__reading plain(sst_log *log, const sst__line *line, sst_event_kind kind, sst_text id,
                          sst_text text)
{
	sst_event *event = sst__event_new(log, line, kind, SST_SERVER_POSTFIX);

	event->queue_id = id;
	event->text = text;
	return SST__USED;
}

/* QID: sender non-delivery notification: QID2, and the other notices. */
static sst__reading notice(sst_log *log, const sst__line *line, sst_text id, sst_text rest)
{
	size_t at = SST__FIND(rest, 0, " notification: ");
	sst_event *event;

	if (at == rest.len)
		return plain(log, line, SST_EVENT_REMARK, id, rest);
	event = sst__event_new(log, line, SST_EVENT_NOTICE, SST_SERVER_POSTFIX);
	event->queue_id = id;
	event->text = sst__text_part(rest, 0, at + 13);
	event->other_id = sst__from(rest, at + 15);
	return SST__USED;
}

/* What postsuper does by an administrator's hand, and the end of a message. */
static sst__reading ended(sst_log *log, const sst__line *line, sst_text id, sst_text rest)
{
	sst_event_kind kind = SST_EVENT_DONE;

	if (SST__ENDS(line->program, "postsuper"))
		kind = SST_EVENT_DELETED;
	else if (SST__IS(rest, "removed (discarded)"))
		kind = SST_EVENT_DISCARDED;
	return plain(log, line, kind, id, SST_NO_TEXT);
}

/* The rest, in the order of likelihood: remarks about a message, and acts of its rules. */
static sst__reading other(sst_log *log, const sst__line *line, sst_text id, sst_text rest)
{
	if (SST__STARTS(rest, "discard: ") || SST__STARTS(rest, "milter-discard: "))
		return plain(log, line, SST_EVENT_DISCARDED, id, rest);
	if (SST__STARTS(rest, "hold: ") || SST__STARTS(rest, "milter-hold: ") ||
	    SST__IS(rest, "placed on hold"))
		return plain(log, line, SST_EVENT_HELD, id, rest);
	if (SST__IS(rest, "released from hold"))
		return plain(log, line, SST_EVENT_RELEASED, id, rest);
	if (SST__STARTS(rest, "reject: ") || SST__STARTS(rest, "milter-reject: ") ||
	    SST__STARTS(rest, "reject_warning: "))
		return sst__postfix_refusal(log, line, id, rest);
	if (SST__STARTS(rest, "resent-message-id="))
		return plain(log, line, SST_EVENT_REMARK, id, rest);
	if (SST__FIND(rest, 0, " notification: ") < rest.len)
		return notice(log, line, id, rest);
	return plain(log, line, SST_EVENT_REMARK, id, rest);
}

static sst__reading about(sst_log *log, const sst__line *line, sst_text id, sst_text rest)
{
	switch (sst__at(rest, 0)) {
	case 't':
		if (SST__TAKE(rest, "to=<"))
			return delivery(log, line, id, rest);
		break;
	case 'c':
		if (SST__TAKE(rest, "client="))
			return accepted(log, line, id, rest);
		break;
	case 'm':
		if (SST__TAKE(rest, "message-id="))
			return message_id(log, line, id, rest);
		break;
	case 'f':
		if (SST__TAKE(rest, "from=<"))
			return active(log, line, id, rest);
		break;
	case 'r':
		if (SST__STARTS(rest, "removed") &&
		    (rest.len == 7 || SST__STARTS(rest, "removed (")))
			return ended(log, line, id, rest);
		break;
	case 'u':
		if (SST__STARTS(rest, "uid="))
			return picked_up(log, line, id, rest);
		break;
	default:
		break;
	}
	return other(log, line, id, rest);
}

static sst_text daemon_of(sst_text program)
{
	size_t at = program.len;

	while (at > 0 && program.ptr[at - 1] != '/')
		at--;
	return sst__from(program, at);
}

sst__reading sst__postfix_line(sst_log *log, const sst__line *line)
{
	sst_text text = line->text;
	size_t id;

	if (SST__TAKE(text, "NOQUEUE: "))
		return sst__postfix_refusal(log, line, SST_NO_TEXT, text);
	if (sst__is_postfix_id(text, &id))
		return about(log, line, sst__cut(text, 0, id), sst__from(text, id + 2));
	if (SST__STARTS(text, "connect from ") || SST__STARTS(text, "disconnect from "))
		return SST__SKIPPED; /* they outnumber the others in many logs */
	return sst__postfix_session(log, line, daemon_of(line->program));
}
