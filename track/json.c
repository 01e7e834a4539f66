/* SPDX-License-Identifier: MIT
 * track/json.c - the fields of one JSON object that is one log line. */
#include "track/json.h"
#include "core/utf8.h"

/* Past the end of the string that starts at `at`. */
static size_t string_end(sst_text text, size_t at)
{
	for (at++; at < text.len; at++) {
		const char *quote = memchr(text.ptr + at, '"', text.len - at);
		size_t slashes = 0;

		if (quote == NULL)
			return text.len;
		at = (size_t)(quote - text.ptr);
		while (text.ptr[at - 1 - slashes] == '\\')
			slashes++;
		if (slashes % 2 == 0)
			return at + 1;
	}
	return text.len;
}

/* Past the end of the value that starts at `at`. */
static size_t value_end(sst_text text, size_t at)
{
	unsigned depth = 0;

	if (sst__at(text, at) == '"')
		return string_end(text, at);
	while (at < text.len) {
		char c = text.ptr[at];

		if (c == '"') {
			at = string_end(text, at);
			continue;
		}
		if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && depth > 0 && --depth == 0)
			return at + 1;
		else if (depth == 0 && (c == ',' || c == '}' || c == ']' || sst__is_space(c)))
			return at;
		at++;
	}
	return at;
}

static size_t skip(sst_text text, size_t at)
{
	while (at < text.len && sst__is_space(text.ptr[at]))
		at++;
	return at;
}

bool sst__json_read(sst_text text, sst__json_object *object)
{
	size_t at = skip(text, 1), end;

	object->count = 0;
	if (sst__at(text, 0) != '{')
		return false;
	while (sst__at(text, at) == '"' && object->count < SST__JSON_FIELDS) {
		end = string_end(text, at);
		object->names[object->count] = sst__text_part(text, at + 1, end - 1);
		at = skip(text, end);
		if (sst__at(text, at) != ':')
			break;
		at = skip(text, at + 1);
		end = value_end(text, at);
		object->values[object->count++] = sst__text_part(text, at, end);
		at = skip(text, end);
		if (sst__at(text, at) != ',')
			break;
		at = skip(text, at + 1);
	}
	return object->count > 0;
}

sst_text sst__json_raw(const sst__json_object *object, const char *name)
{
	size_t len = strlen(name);

	for (unsigned i = 0; i < object->count; i++)
		if (object->names[i].len == len && memcmp(object->names[i].ptr, name, len) == 0)
			return object->values[i];
	return SST_NO_TEXT;
}

int64_t sst__json_number(const sst__json_object *object, const char *name)
{
	sst_text raw = sst__json_raw(object, name);

	if (sst__at(raw, 0) == '"')
		sst__drop(&raw, 1);
	return (int64_t)sst__take_number(&raw);
}

static unsigned hex4(sst_text text, size_t at)
{
	unsigned value = 0;

	for (size_t i = at; i < at + 4; i++) {
		char c = sst__lower(sst__at(text, i));

		value = value << 4 | (unsigned)(sst__is_digit(c)         ? c - '0'
		                                : (c >= 'a' && c <= 'f') ? c - 'a' + 10
		                                                         : 0);
	}
	return value;
}

/* "\u1234", surrogate pairs too; returns the bytes of `in` that were used. */
static size_t put_escape(char *out, size_t *len, sst_text in)
{
	unsigned c = hex4(in, 2), low;

	if (c >= 0xd800 && c < 0xdc00 && sst__at(in, 6) == '\\' && sst__at(in, 7) == 'u') {
		low = hex4(in, 8);
		if (low >= 0xdc00 && low < 0xe000) {
			*len += sst__utf8_put(0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00),
			                      out + *len);
			return 12;
		}
	}
	*len += sst__utf8_put(c >= 0xd800 && c < 0xe000 ? 0xfffd : c, out + *len);
	return 6;
}

static sst_text unescaped(sst_log *log, sst_text in)
{
	char *out = sst__scratch_take(log, in.len);
	size_t len = 0, at = 0;

	if (out == NULL)
		return in;
	while (at < in.len) {
		char c = in.ptr[at], next = sst__at(in, at + 1);

		if (c != '\\' || at + 1 == in.len) {
			out[len++] = c;
			at++;
		} else if (next == 'u' && at + 6 <= in.len) {
			at += put_escape(out, &len, sst__from(in, at));
		} else {
			static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
			const char *known = strchr(from, next);

			out[len++] = known == NULL || next == '\0' ? next : to[known - from];
			at += 2;
		}
	}
	return (sst_text){out, len};
}

bool sst__json_element(sst_text *rest, sst_text *raw)
{
	size_t at = 0, end;

	while (at < rest->len && (sst__is_space(rest->ptr[at]) || rest->ptr[at] == ','))
		at++;
	if (at == rest->len || rest->ptr[at] == ']')
		return false;
	end = value_end(*rest, at);
	if (end == at)
		return false;
	*raw = sst__text_part(*rest, at, end);
	return sst__drop(rest, end);
}

/* [72,105]: bytes that journald could not write as a string; ["a","b"]: a field that came twice. */
static sst_text from_array(sst_log *log, sst_text raw)
{
	sst_text rest = sst__from(raw, 1), element;
	char *out;
	size_t len = 0;

	if (!sst__json_element(&rest, &element))
		return SST_NO_TEXT;
	if (sst__at(element, 0) == '"')
		return sst__json_value(log, element);
	out = sst__scratch_take(log, raw.len);
	if (out == NULL)
		return SST_NO_TEXT;
	do {
		out[len++] = (char)sst__take_number(&element);
	} while (sst__json_element(&rest, &element));
	return (sst_text){out, len};
}

sst_text sst__json_value(sst_log *log, sst_text raw)
{
	char first = sst__at(raw, 0);

	if (first == '[')
		return from_array(log, raw);
	if (first != '"')
		return SST__IS(raw, "null") ? SST_NO_TEXT : raw;
	raw = sst__text_part(raw, 1,
	                     raw.len > 1 && raw.ptr[raw.len - 1] == '"' ? raw.len - 1 : raw.len);
	if (memchr(raw.ptr, '\\', raw.len) == NULL)
		return raw;
	return unescaped(log, raw);
}

sst_text sst__json_text(sst_log *log, const sst__json_object *object, const char *name)
{
	sst_text raw = sst__json_raw(object, name);

	return raw.ptr == NULL ? raw : sst__json_value(log, raw);
}

/* journalctl -o json */
static sst__reading from_journal(sst_log *log, const sst__json_object *object, sst__line *line)
{
	line->time = sst__json_number(object, "__REALTIME_TIMESTAMP");
	line->zone = 0;
	line->host = sst__json_text(log, object, "_HOSTNAME");
	line->program = sst__json_text(log, object, "SYSLOG_IDENTIFIER");
	if (line->program.len == 0)
		line->program = sst__json_text(log, object, "_COMM");
	line->text = sst__text_trim(sst__json_text(log, object, "MESSAGE"));
	log->time = line->time;
	return line->text.len == 0 ? SST__SKIPPED : sst__log_framed(log, line);
}

static sst_text first_of(sst_log *log, const sst__json_object *object, const char *const *names)
{
	for (; *names != NULL; names++) {
		sst_text text = sst__json_text(log, object, *names);

		if (text.len > 0)
			return text;
	}
	return SST_NO_TEXT;
}

/* "postfix/smtp[283]:" */
static sst_text program_of(sst_text tag)
{
	size_t end = 0;

	while (end < tag.len && tag.ptr[end] != '[' && tag.ptr[end] != ':')
		end++;
	return sst__text_part(tag, 0, end);
}

/* What rsyslog, syslog-ng, Logstash and their kin write: the names differ, the parts don't. */
static sst__reading from_syslog(sst_log *log, const sst__json_object *object, sst__line *line)
{
	static const char *const times[] = {"timestamp",    "@timestamp", "time",
	                                    "timereported", "eventtime",  "date",
	                                    "ISODATE",      "ts",         NULL};
	static const char *const hosts[] = {"host",     "hostname",        "logsource", "HOST",
	                                    "fromhost", "syslog_hostname", NULL};
	static const char *const tags[] = {"tag",      "programname",    "program", "syslogtag",
	                                   "app-name", "appname",        "ident",   "PROGRAM",
	                                   "process",  "syslog_program", NULL};
	static const char *const messages[] = {"message", "msg", "MESSAGE", "MSG", NULL};

	line->text = sst__text_trim(first_of(log, object, messages));
	if (line->text.len == 0)
		return SST__UNKNOWN;
	line->host = first_of(log, object, hosts);
	line->program = program_of(first_of(log, object, tags));
	sst__stamp_rfc3339(first_of(log, object, times), &line->time, &line->zone);
	if (line->program.len == 0) /* the whole line is the message */
		return sst__log_nested(log, line->text);
	log->time = line->time;
	return sst__log_framed(log, line);
}

static bool has(const sst__json_object *object, const char *name)
{
	return sst__json_raw(object, name).ptr != NULL;
}

sst__reading sst__json_line(sst_log *log, sst_text text, sst__line *line)
{
	sst__json_object object;

	if (!sst__json_read(text, &object))
		return SST__UNKNOWN;
	line->text = text;
	if (has(&object, "__REALTIME_TIMESTAMP"))
		return from_journal(log, &object, line);
	if (has(&object, "uuid") && has(&object, "origin"))
		return sst__haraka_object(log, line, &object);
	if (has(&object, "createdAt") && has(&object, "type"))
		return sst__stalwart_object(log, line, &object);
	if (has(&object, "type") && has(&object, "queue") && has(&object, "recipient"))
		return sst__kumomta_object(log, line, &object);
	if (has(&object, "log") && has(&object, "stream"))
		return sst__log_nested(log, sst__text_trim(sst__json_text(log, &object, "log")));
	return from_syslog(log, &object, line);
}
