/* SPDX-License-Identifier: MIT
 * track/csv.c - Exchange's message tracking logs and the message traces of Microsoft 365: which
 * column is what, and one row as fields. exchange.c and m365.c say what a row means. */
#include "track/csv.h"

static const struct {
	const char *name;
	uint8_t column;
} names[] = {
        {"date_time", CSV_TIME},
        {"date_time_utc", CSV_TIME},
        {"origin_timestamp_utc", CSV_TIME},
        {"origin_timestamp", CSV_TIME},
        {"received", CSV_TIME},
        {"date", CSV_TIME},
        {"client_hostname", CSV_CLIENT},
        {"client_ip", CSV_CLIENT_IP},
        {"original_client_ip", CSV_CLIENT_IP},
        {"fromip", CSV_CLIENT_IP},
        {"server_hostname", CSV_SERVER},
        {"server_ip", CSV_SERVER_IP},
        {"toip", CSV_SERVER_IP},
        {"source_context", CSV_CONTEXT},
        {"connector_id", CSV_CONNECTOR},
        {"source", CSV_SOURCE},
        {"event_id", CSV_EVENT},
        {"message_id", CSV_MESSAGE_ID},
        {"messageid", CSV_MESSAGE_ID},
        {"network_message_id", CSV_NETWORK_ID},
        {"messagetraceid", CSV_NETWORK_ID},
        {"recipient_address", CSV_RECIPIENT},
        {"recipientaddress", CSV_RECIPIENT},
        {"recipient_status", CSV_RECIPIENT_STATUS},
        {"status", CSV_STATUS},
        {"total_bytes", CSV_SIZE},
        {"size", CSV_SIZE},
        {"recipient_count", CSV_COUNT},
        {"related_recipient_address", CSV_RELATED},
        {"reference", CSV_REFERENCE},
        {"sender_address", CSV_SENDER},
        {"senderaddress", CSV_SENDER},
        {"return_path", CSV_RETURN_PATH},
};

/* The same name in all its spellings: "Sender-Address", "sender_address", "Sender Address". */
static bool same_name(sst_text text, const char *name)
{
	size_t i;

	for (i = 0; i < text.len && name[i] != '\0'; i++) {
		char c = sst__lower(text.ptr[i]);

		if (c == '-' || c == ' ')
			c = '_';
		if (c != name[i])
			return false;
	}
	return i == text.len && name[i] == '\0';
}

static uint8_t column_of(sst_text text)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (same_name(text, names[i].name))
			return names[i].column;
	return CSV_OTHER;
}

/* Takes one field off the row; doubled quotes in it become one. */
static sst_text take_cell(sst_log *log, sst_text *row)
{
	sst_text cell;
	size_t end = 1, len = 0;
	bool doubled = false;
	char *out;

	if (sst__at(*row, 0) != '"')
		return sst__take_to(row, ',');
	while (end < row->len) {
		if (row->ptr[end] == '"') {
			if (sst__at(*row, end + 1) != '"')
				break;
			doubled = true;
			end++;
		}
		end++;
	}
	cell = sst__text_part(*row, 1, end);
	sst__drop(row, end < row->len ? end + 1 : row->len);
	if (sst__at(*row, 0) == ',')
		sst__drop(row, 1);
	out = doubled ? sst__scratch_take(log, cell.len) : NULL;
	if (out == NULL)
		return cell;
	for (size_t i = 0; i < cell.len; i++) {
		out[len++] = cell.ptr[i];
		i += cell.ptr[i] == '"';
	}
	return (sst_text){out, len};
}

bool sst__csv_header(sst_log *log, sst_text text)
{
	unsigned known = 0, columns = 0;
	uint8_t column_numbers[SST__COLUMNS];
	bool tracking = SST__STARTS(text, "#Fields: "), has_event = false, has_time = false;

	if (text.ptr[0] == '#' && !tracking)
		return log->csv || SST__STARTS(text, "#Software:") ||
		       SST__STARTS(text, "#Version:") || SST__STARTS(text, "#Log-type:") ||
		       SST__STARTS(text, "#Date:") || SST__STARTS(text, "#TYPE ");
	if (tracking)
		sst__drop(&text, 9);
	while (text.len > 0 && columns < SST__COLUMNS) {
		uint8_t column = column_of(sst__text_trim(take_cell(log, &text)));

		column_numbers[columns++] = column;
		known += column != CSV_OTHER;
		has_event = has_event || column == CSV_EVENT;
		has_time = has_time || column == CSV_TIME;
	}
	if (known < 4 || !has_time)
		return false;
	memcpy(log->column_of, column_numbers, columns);
	log->columns = columns;
	log->csv = true;
	log->csv_server = tracking || (has_event && log->options.server == SST_SERVER_EXCHANGE)
	                          ? SST_SERVER_EXCHANGE
	                          : SST_SERVER_M365;
	log->csv_events = has_event;
	return true;
}

static bool read_time(sst_text text, sst__line *line)
{
	int64_t time;
	int16_t zone;

	if (!sst__stamp_rfc3339(text, &time, &zone))
		return false;
	line->time = time;
	line->zone = zone;
	return true;
}

sst__reading sst__csv_line(sst_log *log, sst_text text)
{
	sst__line line = {SST__NO_TIME, 0, SST_NO_TEXT, SST_NO_TEXT, text};
	sst_text cells[CSV_COLUMNS] = {{NULL, 0}};

	for (unsigned i = 0; i < log->columns && text.len > 0; i++) {
		sst_text cell = take_cell(log, &text);

		if (cells[log->column_of[i]].len == 0)
			cells[log->column_of[i]] = cell;
	}
	if (!read_time(cells[CSV_TIME], &line))
		return SST__UNKNOWN;
	log->time = line.time;
	return log->csv_events ? sst__exchange_row(log, &line, cells)
	                       : sst__m365_row(log, &line, cells);
}
