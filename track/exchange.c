/* SPDX-License-Identifier: MIT
 * track/exchange.c - Exchange's message tracking log: a row for each event. The network-message-id
 * stays the same on every server and copy: it is the queue id here, and the host is left open. */
#include "track/csv.h"

sst_event *sst__csv_event(sst_log *log, const sst__line *line, const sst_text *cells,
                          sst_event_kind kind)
{
	sst_event *event = sst__event_new(log, line, kind, log->csv_server);
	sst_text size = cells[CSV_SIZE], sender = cells[CSV_RETURN_PATH];

	event->message_id = sst__bare_address(cells[CSV_MESSAGE_ID]);
	event->queue_id = cells[CSV_NETWORK_ID].len > 0 ? cells[CSV_NETWORK_ID] : event->message_id;
	if (sender.len == 0)
		sender = cells[CSV_SENDER];
	event->sender = sst__bare_address(sender);
	event->size = sst__take_number(&size);
	return event;
}

/* Takes one item off a list with semicolons, which [..] and {..} may hold too. */
static sst_text take_item(sst_text *list)
{
	size_t end = 0;
	int depth = 0;
	sst_text item;

	for (; end < list->len; end++) {
		char c = list->ptr[end];

		depth += c == '[' || c == '{';
		depth -= (c == ']' || c == '}') && depth > 0;
		if (c == ';' && depth == 0)
			break;
	}
	item = sst__text_part(*list, 0, end);
	sst__drop(list, end < list->len ? end + 1 : end);
	return sst__text_trim(item);
}

/* "[{LRT=...};{LED=451 4.7.0 ...};{FQDN=...};{IP=...}]": the words alone, or all as it stands. */
static sst_text words_in(sst_text status, sst_text *relay)
{
	size_t at = SST__FIND(status, 0, "{LED="), host = SST__FIND(status, 0, "{FQDN=");

	if (host < status.len)
		*relay = sst__text_part(status, host + 6, sst__find(status, host, '}'));
	if (at == status.len)
		return status;
	return sst__text_part(status, at + 5, SST__FIND(status, at, "};"));
}

static void add_words(sst_event *event, const sst_text *cells, sst_text status)
{
	sst_text relay = SST_NO_TEXT, text = words_in(status, &relay);

	/* Where the status says nothing, the context does: "250 2.6.0 Queued mail for delivery;..."
	 */
	if (text.len == 0)
		text = sst__text_part(cells[CSV_CONTEXT], 0, sst__find(cells[CSV_CONTEXT], 0, ';'));
	event->text = text;
	event->reply = sst__reply_at(text);
	event->status = sst__reply_status(text);
	if (relay.len > 0)
		event->relay = relay;
}

static sst__reading attempts(sst_log *log, const sst__line *line, const sst_text *cells,
                             sst_attempt result, bool local)
{
	sst_text recipients = cells[CSV_RECIPIENT], statuses = cells[CSV_RECIPIENT_STATUS];

	while (recipients.len > 0) {
		sst_event *event = sst__csv_event(log, line, cells, SST_EVENT_ATTEMPT);

		event->recipient = take_item(&recipients);
		event->result = result;
		event->relay = local ? SST_TEXT("local") : cells[CSV_SERVER];
		event->flags |= local ? SST_TRACK_LOCAL : 0;
		add_words(event, cells, take_item(&statuses));
	}
	return SST__USED;
}

static sst__reading arrived(sst_log *log, const sst__line *line, const sst_text *cells)
{
	sst_event *event = sst__csv_event(log, line, cells, SST_EVENT_ACCEPTED);
	sst_text recipients = cells[CSV_RECIPIENT], count = cells[CSV_COUNT];

	event->relay = cells[CSV_CLIENT].len > 0 ? cells[CSV_CLIENT] : cells[CSV_CLIENT_IP];
	event->recipients = (uint32_t)sst__take_number(&count);
	while (recipients.len > 0) {
		event = sst__csv_event(log, line, cells, SST_EVENT_RECIPIENT);
		event->recipient = take_item(&recipients);
	}
	return SST__USED;
}

/* A group or a changed address: the related one goes, the listed ones come. */
static sst__reading replaced(sst_log *log, const sst__line *line, const sst_text *cells,
                             bool is_group)
{
	sst_text recipients = cells[CSV_RECIPIENT];
	sst_event *event = sst__csv_event(log, line, cells, SST_EVENT_ATTEMPT);

	event->recipient = cells[CSV_RELATED];
	event->result = SST_ATTEMPT_EXPANDED;
	event->flags |= is_group ? 0 : SST_TRACK_PROBE;
	event->text = SST_TEXT("expanded");
	while (recipients.len > 0) {
		event = sst__csv_event(log, line, cells, SST_EVENT_RECIPIENT);
		event->recipient = take_item(&recipients);
		event->original = cells[CSV_RELATED];
	}
	return SST__USED;
}

/* Exchange tests itself all day. */
static bool is_probe(const sst_text *cells)
{
	return SST__FIND(cells[CSV_SENDER], 0, "HealthMailbox") < cells[CSV_SENDER].len ||
	       SST__FIND(cells[CSV_RECIPIENT], 0, "HealthMailbox") < cells[CSV_RECIPIENT].len ||
	       SST__STARTS(cells[CSV_SENDER], "inboundproxy@") ||
	       SST__FIND(cells[CSV_MESSAGE_ID], 0, "-MSExchangeTransport") <
	               cells[CSV_MESSAGE_ID].len;
}

sst__reading sst__exchange_row(sst_log *log, const sst__line *line, const sst_text *cells)
{
	sst_text event = cells[CSV_EVENT];
	bool inside = SST__STARTS(cells[CSV_CONNECTOR], "Intra-Organization");

	if (is_probe(cells) || SST__STARTS(event, "HA"))
		return SST__SKIPPED;
	if (cells[CSV_NETWORK_ID].len == 0 && cells[CSV_MESSAGE_ID].len == 0)
		return SST__SKIPPED;
	if (SST__STARTS(event, "RECEIVE") || SST__STARTS(event, "DSN"))
		return arrived(log, line, cells);
	if (SST__IS(event, "DELIVER"))
		return attempts(log, line, cells, SST_ATTEMPT_DELIVERED, true);
	if (SST__IS(event, "SEND") || SST__IS(event, "SENDEXTERNAL"))
		return inside ? SST__SKIPPED
		              : attempts(log, line, cells, SST_ATTEMPT_DELIVERED, false);
	if (SST__IS(event, "DEFER"))
		return attempts(log, line, cells, SST_ATTEMPT_DEFERRED, false);
	if (SST__IS(event, "FAIL") || SST__IS(event, "BADMAIL"))
		return attempts(log, line, cells, SST_ATTEMPT_BOUNCED, false);
	if (SST__IS(event, "DROP") || SST__IS(event, "POISONMESSAGE"))
		return attempts(log, line, cells, SST_ATTEMPT_DISCARDED, false);
	if (SST__IS(event, "EXPAND") && cells[CSV_RELATED].len > 0)
		return replaced(log, line, cells, true);
	if ((SST__IS(event, "REDIRECT") || SST__IS(event, "RESOLVE")) && cells[CSV_RELATED].len > 0)
		return replaced(log, line, cells, false);
	return SST__SKIPPED;
}
