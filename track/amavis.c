/* SPDX-License-Identifier: MIT
 * track/amavis.c - amavisd's summary of a mail that it passed on: which queue id became which.
 *
 * (02279-04) Passed CLEAN {...}, [ip]:port [ip] <s> -> <r>,<r2>, Queue-ID: Q1, Message-ID: <...>,
 * ..., queued_as: Q2, 80 ms */
#include "track/log.h"

sst__reading sst__amavis_line(sst_log *log, const sst__line *line)
{
	sst_text text = line->text;
	size_t from = SST__FIND(text, 0, "Queue-ID: "), to = SST__FIND(text, 0, "queued_as: ");
	sst_event *event;

	if (from == text.len || to == text.len)
		return SST__SKIPPED;
	event = sst__event_new(log, line, SST_EVENT_HANDOVER, SST_SERVER_POSTFIX);
	event->queue_id = sst__text_part(text, from + 10, sst__find(text, from, ','));
	event->other_id = sst__text_part(text, to + 11, sst__find(text, to, ','));
	event->other_id = sst__text_part(event->other_id, 0, sst__find(event->other_id, 0, '/'));
	return SST__USED;
}
