/* SPDX-License-Identifier: MIT
 * track/log_state.c - a log reader's state as bytes, to go on at the same place in another run. */
#include "track/csv.h"
#include "track/log.h"

#include <stdlib.h>

#define LOG_MAGIC 0x33474f4c545353U /* changes with the form */

typedef struct header {
	uint64_t magic, sizes;
	sst_log_counts counts;
	uint64_t line, before_len;
	int64_t time;
	sst__stamps stamps;
	uint8_t column_of[SST__COLUMNS];
	uint32_t columns;
	sst_server csv_server;
	bool csv, csv_events, export_entry, skipping, started, utf16, has_export, has_qmail;
} header;

static uint64_t struct_sizes(void)
{
	return (uint64_t)sizeof(header) << 40 | (uint64_t)sst__export_size() << 20 |
	       sst__qmail_size() >> 4;
}

bool sst_log_save(const sst_log *log, bool (*write)(void *context, const void *bytes, size_t len),
                  void *context)
{
	header head;

	memset(&head, 0, sizeof head);
	head.magic = LOG_MAGIC;
	head.sizes = struct_sizes();
	head.counts = log->counts;
	head.line = log->line;
	head.time = log->time;
	head.stamps = log->stamps;
	memcpy(head.column_of, log->column_of, sizeof head.column_of);
	head.columns = log->columns;
	head.csv_server = log->csv_server;
	head.csv = log->csv;
	head.csv_events = log->csv_events;
	head.export_entry = log->export_entry;
	head.skipping = log->skipping;
	head.started = log->started;
	head.utf16 = log->utf16;
	head.has_export = log->export != NULL;
	head.has_qmail = log->qmail != NULL;
	head.before_len = log->before.len;
	return write(context, &head, sizeof head) &&
	       (!head.has_export || write(context, log->export, sst__export_size())) &&
	       (!head.has_qmail || write(context, log->qmail, sst__qmail_size())) &&
	       (head.before_len == 0 || write(context, log->before.ptr, log->before.len));
}

static void *take_copy(sst_text *from, size_t size)
{
	void *copy = from->len < size ? NULL : malloc(size);

	if (copy != NULL) {
		memcpy(copy, from->ptr, size);
		sst__drop(from, size);
	}
	return copy;
}

sst_result sst_log_load(sst_log *log, sst_text bytes)
{
	sst_result bad = {SST_E_SYNTAX, 0, "the state of another version"};
	sst_text from = bytes;
	header head;

	if (bytes.len < sizeof head)
		return bad;
	memcpy(&head, bytes.ptr, sizeof head);
	sst__drop(&from, sizeof head);
	if (head.magic != LOG_MAGIC || head.sizes != struct_sizes() || head.columns > SST__COLUMNS)
		return bad;
	bad.rule = "the state is damaged";
	if (head.has_export && (log->export = take_copy(&from, sst__export_size())) == NULL)
		return bad;
	if (head.has_qmail && (log->qmail = take_copy(&from, sst__qmail_size())) == NULL)
		return bad;
	if (head.before_len > from.len)
		return bad;
	log->before = sst__text_part(from, 0, head.before_len);
	sst__log_keep(log);
	sst__drop(&from, head.before_len);
	log->counts = head.counts;
	log->line = head.line;
	log->time = head.time;
	log->stamps = head.stamps;
	if (log->stamps.last_len > sizeof log->stamps.last)
		log->stamps.last_len = 0;
	memcpy(log->column_of, head.column_of, sizeof head.column_of);
	for (unsigned i = 0; i < SST__COLUMNS; i++)
		log->column_of[i] %= CSV_COLUMNS; /* damage must not reach outside */
	log->columns = head.columns;
	log->csv_server = head.csv_server;
	log->csv = head.csv;
	log->csv_events = head.csv_events;
	log->export_entry = head.export_entry && log->export != NULL;
	log->skipping = head.skipping;
	log->started = head.started;
	log->utf16 = head.utf16;
	return (sst_result){SST_OK, bytes.len - from.len, NULL};
}
