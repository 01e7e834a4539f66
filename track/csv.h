/* SPDX-License-Identifier: MIT
 * track/csv.h - the columns of Microsoft's logs that tell something. */
#ifndef SST_TRACK_CSV_H
#define SST_TRACK_CSV_H

#include "track/log.h"

enum {
	CSV_OTHER,
	CSV_TIME,
	CSV_CLIENT,
	CSV_CLIENT_IP,
	CSV_SERVER,
	CSV_SERVER_IP,
	CSV_CONTEXT,
	CSV_CONNECTOR,
	CSV_SOURCE,
	CSV_EVENT,
	CSV_MESSAGE_ID,
	CSV_NETWORK_ID,
	CSV_RECIPIENT,
	CSV_RECIPIENT_STATUS,
	CSV_STATUS,
	CSV_SIZE,
	CSV_COUNT,
	CSV_RELATED,
	CSV_REFERENCE,
	CSV_SENDER,
	CSV_RETURN_PATH,
	CSV_COLUMNS
};

/* A row with an event-id: one thing that a server did. */
sst__reading sst__exchange_row(sst_log *log, const sst__line *line, const sst_text *cells);
/* A row that sums a message up. */
sst__reading sst__m365_row(sst_log *log, const sst__line *line, const sst_text *cells);

/* A new event with what every row has: ids, sender, size. */
sst_event *sst__csv_event(sst_log *log, const sst__line *line, const sst_text *cells,
                          sst_event_kind kind);

#endif
