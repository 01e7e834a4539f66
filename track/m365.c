/* SPDX-License-Identifier: MIT
 * track/m365.c - Microsoft 365's message trace: a row for each message (or message and recipient),
 * whose recipient_status is "a@b##Receive, Send;c@d##Receive, Fail", or which has a Status column.
 */
#include "track/csv.h"

/* What came of it, by the last word of a recipient's list, or by the status of Get-MessageTrace. */
static sst_attempt attempt_of(sst_text word)
{
	if (SST__IS(word, "Deliver") || SST__IS(word, "Send") || SST__IS(word, "Delivered") ||
	    SST__IS(word, "FilteredAsSpam") || SST__IS(word, "SpamDelivered"))
		return SST_ATTEMPT_DELIVERED;
	if (SST__IS(word, "Fail") || SST__IS(word, "Failed"))
		return SST_ATTEMPT_BOUNCED;
	if (SST__IS(word, "Defer") || SST__IS(word, "Pending") || SST__IS(word, "Deferred"))
		return SST_ATTEMPT_DEFERRED;
	if (SST__IS(word, "Expand") || SST__IS(word, "Expanded"))
		return SST_ATTEMPT_EXPANDED;
	if (SST__IS(word, "Drop") || SST__IS(word, "Dropped") || SST__STARTS(word, "Quarantine"))
		return SST_ATTEMPT_DISCARDED;
	return SST_ATTEMPT_NONE;
}

static void add_result(sst_event *event, sst_text words)
{
	size_t last = sst__find_last(words, SST_TEXT(", "));
	sst_text word = last < words.len ? sst__from(words, last + 2) : words;

	event->result = attempt_of(sst__text_trim(word));
	/* "Receive, Fail" is the trace's word for the result; no server has said it. */
	if (event->result == SST_ATTEMPT_NONE) {
		event->text = words;
		event->kind = SST_EVENT_RECIPIENT;
	}
}

sst__reading sst__m365_row(sst_log *log, const sst__line *line, const sst_text *cells)
{
	sst_text list = cells[CSV_RECIPIENT_STATUS];
	sst_event *event = sst__csv_event(log, line, cells, SST_EVENT_ACCEPTED);

	event->relay = cells[CSV_CLIENT_IP];
	if (event->queue_id.len == 0) {
		sst__event_drop(log);
		return SST__UNKNOWN;
	}
	if (list.len == 0) {
		event = sst__csv_event(log, line, cells, SST_EVENT_ATTEMPT);
		event->recipient = cells[CSV_RECIPIENT];
		event->relay = cells[CSV_SERVER_IP];
		add_result(event, cells[CSV_STATUS]);
		return SST__USED;
	}
	while (list.len > 0) {
		sst_text item = sst__text_trim(sst__take_to(&list, ';'));
		size_t mark = SST__FIND(item, 0, "##");

		event = sst__csv_event(log, line, cells, SST_EVENT_ATTEMPT);
		event->recipient = sst__text_part(item, 0, mark);
		add_result(event, sst__text_part(item, mark + 2, item.len));
	}
	return SST__USED;
}
