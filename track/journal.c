/* SPDX-License-Identifier: MIT
 * track/journal.c - journalctl -o export: "KEY=value" lines, an empty line after each entry. A
 * value with line ends or other control bytes is "KEY", eight bytes of length (little-endian), and
 * the bytes. */
#include "track/log.h"

#include <stdlib.h>

enum { SMALL = 128, LARGE = 16384 };

struct sst__export {
	int64_t time;
	uint64_t binary; /* bytes that are still to come of a binary value */
	size_t host_len, program_len, message_len;
	bool is_binary, keep; /* keep: it is the message */
	unsigned length_bytes;
	char host[SMALL], program[SMALL], message[LARGE];
};

void sst__export_free(sst_log *log)
{
	free(log->export);
	log->export = NULL;
}

size_t sst__export_size(void)
{
	return sizeof(struct sst__export);
}

bool sst__export_starts(sst_text text)
{
	return SST__STARTS(text, "__CURSOR=") || SST__STARTS(text, "__REALTIME_TIMESTAMP=");
}

static size_t keep(char *into, size_t room, sst_text value)
{
	size_t len = value.len < room ? value.len : room;

	memcpy(into, value.ptr, len);
	return len;
}

/* The parts live in the export's own memory; events need them until the block ends. */
static sst_text lent(sst_log *log, const char *bytes, size_t len)
{
	char *copy = sst__scratch_take(log, len);

	if (copy == NULL)
		return SST_NO_TEXT;
	memcpy(copy, bytes, len);
	return (sst_text){copy, len};
}

static sst__reading entry_ends(sst_log *log)
{
	struct sst__export *entry = log->export;
	sst__line line = {entry->time, 0, SST_NO_TEXT, SST_NO_TEXT, SST_NO_TEXT};

	log->export_entry = false;
	if (entry->message_len == 0)
		return SST__SKIPPED;
	line.host = lent(log, entry->host, entry->host_len);
	line.program = lent(log, entry->program, entry->program_len);
	line.text = sst__text_trim(lent(log, entry->message, entry->message_len));
	log->time = line.time;
	return line.text.len == 0 ? SST__SKIPPED : sst__log_framed(log, &line);
}

/* More of a binary value, with the line end that was taken off. */
static sst__reading binary(struct sst__export *entry, sst_text text)
{
	size_t at = 0;

	while (entry->length_bytes < 8 && at <= text.len) {
		unsigned char c = at < text.len ? (unsigned char)text.ptr[at] : '\n';

		entry->binary |= (uint64_t)c << 8 * entry->length_bytes++;
		at++;
	}
	for (; at <= text.len && entry->binary > 0; at++, entry->binary--)
		if (entry->keep && entry->message_len < LARGE)
			entry->message[entry->message_len++] = at < text.len ? text.ptr[at] : ' ';
	entry->is_binary = entry->length_bytes < 8 || entry->binary > 0;
	return SST__SKIPPED;
}

static sst__reading field(struct sst__export *entry, sst_text text)
{
	if (SST__TAKE(text, "MESSAGE=")) {
		entry->message_len = keep(entry->message, LARGE, text);
	} else if (SST__TAKE(text, "_HOSTNAME=")) {
		entry->host_len = keep(entry->host, SMALL, text);
	} else if (SST__TAKE(text, "SYSLOG_IDENTIFIER=")) {
		entry->program_len = keep(entry->program, SMALL, text);
	} else if (SST__TAKE(text, "__REALTIME_TIMESTAMP=")) {
		entry->time = (int64_t)sst__take_number(&text);
	} else if (sst__find(text, 0, '=') == text.len) {
		entry->is_binary = true;
		entry->keep = SST__IS(text, "MESSAGE");
		entry->length_bytes = 0;
		entry->binary = 0;
		entry->message_len = entry->keep ? 0 : entry->message_len;
	}
	return SST__SKIPPED;
}

sst__reading sst__export_line(sst_log *log, sst_text text)
{
	if (log->export == NULL) {
		log->export = calloc(1, sizeof *log->export);
		if (log->export == NULL)
			return SST__UNKNOWN;
	}
	if (!log->export_entry) {
		log->export_entry = true;
		log->export->time = SST__NO_TIME;
		log->export->host_len = log->export->program_len = log->export->message_len = 0;
		log->export->is_binary = false;
	}
	if (log->export->is_binary)
		return binary(log->export, text);
	if (text.len == 0)
		return entry_ends(log);
	return field(log->export, text);
}
