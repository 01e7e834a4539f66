/* SPDX-License-Identifier: MIT
 * track/frame.c - finds out how a line is framed, line by line, because one file may hold several
 * forms: RFC 3164 and 5424, ISO stamps, journald's short forms, containers, and servers' own files.
 */
#include "track/known.h"
#include "track/log.h"

enum { NESTING = 3 };

static sst__reading log_line(sst_log *log, sst_text text, unsigned depth);
static sst__reading framed(sst_log *log, const sst__line *line, unsigned depth);

/* Which reader a program's lines go to. */
static sst__reader *reader_of(const sst__line *line)
{
	sst_text program = line->program, text = line->text;

	if (SST__STARTS(program, "postfix"))
		return sst__postfix_line;
	if (SST__STARTS(program, "exim"))
		return sst__exim_line;
	if (SST__STARTS(program, "sendmail") || SST__STARTS(program, "sm-mta") ||
	    SST__STARTS(program, "sm-msp") || SST__IS(program, "sm-que"))
		return sst__sendmail_line;
	if (SST__IS(program, "smtpd") || SST__STARTS(program, "opensmtpd"))
		return sst__opensmtpd_line;
	if (SST__STARTS(program, "qmail"))
		return sst__qmail_line;
	if (SST__STARTS(program, "amavis"))
		return sst__amavis_line;
	if (SST__STARTS(program, "haraka"))
		return sst__haraka_line;
	if (SST__STARTS(program, "zone-mta") || SST__STARTS(program, "zonemta"))
		return sst__zonemta_line;
	if (SST__STARTS(program, "stalwart"))
		return sst__stalwart_line;
	(void)text;
	return NULL;
}

static sst__reader *const readers[SST_SERVERS] = {
        [SST_SERVER_POSTFIX] = sst__postfix_line,   [SST_SERVER_EXIM] = sst__exim_line,
        [SST_SERVER_SENDMAIL] = sst__sendmail_line, [SST_SERVER_OPENSMTPD] = sst__opensmtpd_line,
        [SST_SERVER_QMAIL] = sst__qmail_line,       [SST_SERVER_HARAKA] = sst__haraka_line,
        [SST_SERVER_ZONEMTA] = sst__zonemta_line,   [SST_SERVER_STALWART] = sst__stalwart_line};

/* A program with a name of its own: "mx-out/smtp" where syslog_name was changed, or a tag that says
 * nothing. What Postfix, Exim and Sendmail write about a queue id is told apart by its form. */
static sst__reader *reader_by_text(const sst__line *line)
{
	sst_text text = line->text;
	size_t id;

	if (sst__is_exim_id(text, &id))
		return sst__exim_line;
	if (sst__is_postfix_id(text, &id)) {
		sst_text rest = sst__from(text, id + 2);

		if (SST__STARTS(rest, "to=<") || SST__STARTS(rest, "client=") ||
		    SST__STARTS(rest, "message-id=") || SST__STARTS(rest, "from=<") ||
		    SST__IS(rest, "removed") || SST__STARTS(rest, "uid="))
			return SST__FIND(rest, 0, ", class=") < rest.len ||
			                       SST__FIND(rest, 0, ", stat=") < rest.len
			               ? sst__sendmail_line
			               : sst__postfix_line;
		if (SST__STARTS(rest, "to=") && SST__FIND(rest, 0, ", stat=") < rest.len)
			return sst__sendmail_line;
	}
	if (SST__STARTS(text, "NOQUEUE: reject: "))
		return sst__postfix_line;
	return NULL;
}

/* Postfix's daemons, by what follows the last slash of the program. */
static bool is_postfix_daemon(sst_text program)
{
	static const char names[] =
	        " smtp smtpd lmtp local virtual pipe error retry discard cleanup "
	        "qmgr pickup bounce postscreen trivial-rewrite anvil verify "
	        "scache tlsmgr tlsproxy dnsblog postsuper ";
	size_t slash = program.len;

	while (slash > 0 && program.ptr[slash - 1] != '/')
		slash--;
	if (slash == 0)
		return false;
	program = sst__from(program, slash);
	for (const char *at = names + 1; *at != '\0'; at = strchr(at, ' ') + 1)
		if (strlen(at) > program.len && at[program.len] == ' ' &&
		    memcmp(at, program.ptr, program.len) == 0)
			return true;
	return false;
}

static sst__reading repeated(sst_log *log, const sst__line *line, unsigned depth)
{
	sst__line inner = *line;
	sst__reading reading;
	uint64_t times;

	sst__drop(&inner.text, sizeof "message repeated " - 1);
	times = sst__take_number(&inner.text);
	if (!SST__TAKE(inner.text, " times: [ "))
		return SST__SKIPPED;
	if (inner.text.len > 0 && inner.text.ptr[inner.text.len - 1] == ']')
		inner.text.len--;
	reading = framed(log, &inner, depth + 1);
	for (unsigned i = 0; i < log->event_count; i++)
		log->events[i].repeated = times > 100000 ? 100000
		                          : times == 0   ? 0
		                                         : (uint32_t)times - 1;
	return reading;
}

/* "last message repeated N times": the line before, if the same host wrote it, N times more. */
static sst__reading last_repeated(sst_log *log, const sst__line *line, unsigned depth)
{
	sst_text text = line->text;
	int64_t time = log->time;
	uint64_t times;

	log->repeats = true;
	log->leans = log->leans || log->before.len == 0;
	sst__drop(&text, sizeof "message repeated " - 1);
	times = sst__take_number(&text);
	if (log->before.len == 0 || depth > 0 || times == 0)
		return SST__SKIPPED;
	log_line(log, log->before, NESTING);
	log->time = time;
	for (unsigned i = 0; i < log->event_count; i++) {
		if (!sst__text_same(log->events[i].host, line->host)) {
			log->event_count = 0;
			break;
		}
		log->events[i].time = line->time;
		log->events[i].repeated = times > 100000 ? 100000 : (uint32_t)times - 1;
	}
	return SST__SKIPPED;
}

static sst__reading framed(sst_log *log, const sst__line *line, unsigned depth)
{
	sst__reader *reader = reader_of(line);
	sst__line inner;
	sst__reading reading;

	if (depth < NESTING && SST__STARTS(line->text, "message repeated "))
		return SST__IS(line->program, "last") ? last_repeated(log, line, depth)
		                                      : repeated(log, line, depth);
	if (reader != NULL)
		return reader(log, line);
	if (log->options.server != 0 && readers[log->options.server] != NULL)
		return readers[log->options.server](log, line);
	if (is_postfix_daemon(line->program))
		return sst__postfix_line(log, line);
	reader = reader_by_text(line);
	if (reader != NULL)
		return reader(log, line);
	/* A container's log inside of the host's: the message has a frame of its own. */
	inner = *line;
	if (depth < NESTING && sst__stamp_take(log, &inner.text, &inner)) {
		reading = log_line(log, line->text, depth + 1);
		if (log->event_count > 0)
			return reading;
	}
	return SST__SKIPPED; /* another program's */
}

sst__reading sst__log_framed(sst_log *log, const sst__line *line)
{
	return framed(log, line, 0);
}

/* "program[pid]: text", "program: text" or "program text". */
static void take_tag(sst_text *text, sst__line *line)
{
	size_t end = 0;

	while (end < text->len && text->ptr[end] != ':' && text->ptr[end] != '[' &&
	       text->ptr[end] != ' ')
		end++;
	line->program = (sst_text){text->ptr, end};
	sst__drop(text, end);
	if (sst__at(*text, 0) == '[') {
		end = sst__find(*text, 0, ']');
		sst__drop(text, end < text->len ? end + 1 : end);
	}
	if (sst__at(*text, 0) == ':')
		sst__drop(text, 1);
	while (sst__at(*text, 0) == ' ')
		sst__drop(text, 1);
	line->text = *text;
}

/* RFC 5424 after its time: HOST APP PROCID MSGID SD MSG. */
static bool take_5424(sst_text text, sst__line *line)
{
	line->host = sst__take_to(&text, ' ');
	line->program = sst__take_to(&text, ' ');
	sst__take_to(&text, ' ');
	sst__take_to(&text, ' ');
	if (sst__at(text, 0) == '-') {
		sst__drop(&text, 1);
	} else {
		while (sst__at(text, 0) == '[') {
			size_t end = 1;
			bool quoted = false;

			for (; end < text.len && (quoted || text.ptr[end] != ']'); end++) {
				if (text.ptr[end] == '\\' && end + 1 < text.len)
					end++;
				else if (text.ptr[end] == '"')
					quoted = !quoted;
			}
			sst__drop(&text, end < text.len ? end + 1 : end);
		}
	}
	while (sst__at(text, 0) == ' ')
		sst__drop(&text, 1);
	SST__TAKE(text, "\xef\xbb\xbf");
	while (sst__at(text, 0) == ' ')
		sst__drop(&text, 1);
	line->text = text;
	return line->program.len > 0;
}

static bool is_level(sst_text text)
{
	return SST__STARTS(text, "INFO ") || SST__STARTS(text, "DEBUG ") ||
	       SST__STARTS(text, "WARN ") || SST__STARTS(text, "ERROR ") ||
	       SST__STARTS(text, "TRACE ");
}

static bool is_qmail(sst_text text)
{
	return SST__STARTS(text, "new msg ") || SST__STARTS(text, "info msg ") ||
	       SST__STARTS(text, "starting delivery ") || SST__STARTS(text, "delivery ") ||
	       SST__STARTS(text, "status: ") || SST__STARTS(text, "end msg ") ||
	       SST__STARTS(text, "bounce msg ") || SST__STARTS(text, "triple bounce: ");
}

/* Files that a server writes itself: no host, no program. */
static sst__reader *own_file(sst_text stamp, sst_text text)
{
	char first = sst__at(text, 0);

	if (stamp.ptr[0] == '@' || is_qmail(text))
		return sst__qmail_line;
	if (first == '[' && (sst__is_digit(sst__at(text, 1))))
		return sst__exim_line;
	if (sst__at(stamp, 4) == '-' && sst__at(stamp, 10) == ' ')
		return sst__exim_line;
	if ((first == '[' && sst__at(stamp, 10) == 'T') || SST__STARTS(text, "level="))
		return sst__haraka_line;
	if (is_level(text))
		return sst__stalwart_line;
	return NULL;
}

/* "host program[pid]: text", with the oddities of some syslog daemons. */
static void take_host_and_tag(sst_text text, sst__line *line)
{
	size_t blank;

	if (sst__at(text, 0) == '<') { /* FreeBSD's syslogd -v -v: <mail.info> */
		size_t end = sst__find(text, 0, '>');

		if (end + 2 < text.len)
			sst__drop(&text, end + 2);
	}
	if (sst__at(text, 0) == '[') { /* metalog: [program] */
		size_t end = sst__find(text, 0, ']');

		line->program = sst__text_part(text, 1, end);
		line->text = sst__text_trim(sst__text_part(text, end + 1, text.len));
		return;
	}
	blank = sst__find(text, 0, ' ');
	if (blank > 0 && text.ptr[blank - 1] != ':' && blank < text.len) {
		line->host = (sst_text){text.ptr, blank};
		sst__drop(&text, blank + 1);
	}
	take_tag(&text, line);
}

sst__reading sst__frame_line(sst_log *log, sst_text text, sst__line *line)
{
	take_host_and_tag(text, line);
	return framed(log, line, 0);
}

bool sst__is_backward(const sst_log *log, int64_t time)
{
	return log->time != SST__NO_TIME && time != SST__NO_TIME &&
	       time < log->time - (int64_t)3600 * 1000000;
}

static void note_time(sst_log *log, int64_t time)
{
	if (log->time == SST__NO_TIME)
		log->first_time = time;
	log->counts.backward += sst__is_backward(log, time);
	log->time = time;
}

static sst__reading stamped(sst_log *log, sst_text stamp, sst_text text, sst__line *line,
                            unsigned depth)
{
	sst__reader *reader = own_file(stamp, text);

	note_time(log, line->time);
	if (reader != NULL) {
		line->text = text;
		return reader(log, line);
	}
	if (SST__STARTS(text, "{") && depth < NESTING)
		return sst__json_line(log, text, line);
	if (SST__STARTS(text, "stdout ") || SST__STARTS(text, "stderr ")) { /* CRI: stream, tag */
		sst_text inner = text;

		sst__take_to(&inner, ' ');
		sst__take_to(&inner, ' ');
		return depth < NESTING ? log_line(log, inner, depth + 1) : SST__UNKNOWN;
	}
	take_host_and_tag(text, line);
	return framed(log, line, depth);
}

/* "<22>" off the front. */
static bool take_priority(sst_text *text)
{
	size_t end = 1;

	if (sst__at(*text, 0) != '<')
		return false;
	while (end < 5 && sst__is_digit(sst__at(*text, end)))
		end++;
	return end > 1 && sst__at(*text, end) == '>' && sst__drop(text, end + 1);
}

/* Lines without a time of their own. */
static sst__reading bare(sst_log *log, sst_text text, sst__line *line)
{
	line->time = log->time;
	line->text = text;
	log->leans = log->leans || log->time == SST__NO_TIME;
	if (SST__STARTS(text, "level=") || SST__STARTS(text, "["))
		return sst__haraka_line(log, line);
	if (SST__STARTS(text, "id=") || SST__FIND(text, 0, " id=") < text.len)
		return sst__zonemta_line(log, line);
	/* Continuations of a line before (rejected headers, advice), rulers, banners of a start. */
	if (sst__is_space(text.ptr[0]) || SST__STARTS(text, "--") ||
	    sst__is_known(SST_SERVER_EXIM, text) || sst__is_known(SST_SERVER_HARAKA, text))
		return SST__SKIPPED;
	if (log->options.server != 0 && readers[log->options.server] != NULL)
		return readers[log->options.server](log, line);
	return SST__UNKNOWN;
}

static sst__reading log_line(sst_log *log, sst_text text, unsigned depth)
{
	sst__line line = {SST__NO_TIME, 0, SST_NO_TEXT, SST_NO_TEXT, SST_NO_TEXT};
	sst_text rest = text;

	if (sst__at(rest, 0) == '<' && take_priority(&rest) && SST__TAKE(rest, "1 ") &&
	    sst__stamp_take(log, &rest, &line)) {
		log->time = line.time;
		return take_5424(rest, &line) ? framed(log, &line, depth) : SST__UNKNOWN;
	}
	text = rest;
	if (sst__stamp_take(log, &rest, &line))
		return rest.len == 0 ? SST__UNKNOWN : stamped(log, text, rest, &line, depth);
	if (sst__at(text, 0) == '{' && depth < NESTING)
		return sst__json_line(log, text, &line);
	return text.len == 0 ? SST__UNKNOWN : bare(log, text, &line);
}

sst__reading sst__log_nested(sst_log *log, sst_text text)
{
	return text.len == 0 ? SST__SKIPPED : log_line(log, text, NESTING);
}

/* The time of a stamp of RFC 3164 that stands in the same minute as the last one that was read. */
static bool take_same_minute(const sst_log *log, sst_text text, int64_t *time)
{
	const sst__stamps *stamps = &log->stamps;
	const char *last = stamps->last;
	int tens = text.ptr[13] - '0', ones = text.ptr[14] - '0';

	if (memcmp(text.ptr, last, 13) != 0 || text.ptr[15] != ' ')
		return false;
	if (tens < 0 || tens > 5 || ones < 0 || ones > 9 || last[13] < '0' || last[13] > '5')
		return false;
	*time = stamps->last_time +
	        ((tens * 10 + ones) - ((last[13] - '0') * 10 + last[14] - '0')) * (int64_t)1000000;
	return true;
}

/* Where the host starts behind a stamp like those before; 0: the stamp is of another form. */
static size_t skip_usual_stamp(sst_log *log, sst_text text, sst__line *line)
{
	sst_text rest = text;

	line->zone = log->options.zone;
	if (log->stamps.last_len == 15)
		return take_same_minute(log, text, &line->time) ? 16 : 0;
	if (log->stamps.last_len != 19 || text.ptr[10] != 'T' || !sst__stamp_take(log, &rest, line))
		return 0;
	return (size_t)(rest.ptr - text.ptr);
}

/* The usual case: a stamp of the same form as before, a host, and Postfix. */
static bool take_usual(sst_log *log, sst_text text, sst__line *line)
{
	size_t at = text.len < 48 ? 0 : skip_usual_stamp(log, text, line), start = at;

	if (at == 0)
		return false;
	at = sst__find_near(text, at, ' ');
	line->host = sst__cut(text, start, at);
	start = ++at;
	if (at + 9 > text.len || memcmp(text.ptr + at, "postfix/", 8) != 0)
		return false;
	at = sst__find_any3(text, at + 8, '[', ' ', ':');
	if (at == text.len || text.ptr[at] != '[')
		return false;
	line->program = sst__cut(text, start, at);
	at = sst__find_near(text, at + 1, ']');
	if (at + 3 >= text.len || memcmp(text.ptr + at, "]: ", 3) != 0 || text.ptr[at + 3] == ' ')
		return false;
	line->text = sst__from(text, at + 3);
	return !SST__STARTS(line->text, "message repeated ");
}

sst__reading sst__log_line(sst_log *log, sst_text text)
{
	sst__line line;

	if (!log->csv && !log->export_entry && take_usual(log, text, &line)) {
		note_time(log, line.time);
		return sst__postfix_line(log, &line);
	}
	if (log->csv || text.ptr[0] == '#' || text.ptr[0] == '"' || !log->stamps.last_len) {
		if (text.ptr[0] == '#' || !log->csv) {
			if (sst__csv_header(log, text))
				return SST__SKIPPED;
		}
		if (log->csv)
			return sst__csv_line(log, text);
	}
	if (log->export_entry || (text.ptr[0] >= '_' && sst__export_starts(text)))
		return sst__export_line(log, text);
	return log_line(log, text, 0);
}
