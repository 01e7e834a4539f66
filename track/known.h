/* SPDX-License-Identifier: MIT
 * track/known.h - lines that say nothing about a message: data/log-lines.tsv as a table. */
#ifndef SST_TRACK_KNOWN_H
#define SST_TRACK_KNOWN_H

#include <smtpstatus/track.h>

struct sst__known {
	uint8_t server, len;
	const char *start;
};
extern const struct sst__known sst__known_lines[];
extern const uint16_t sst__known_from[129]; /* the rows that start with an ASCII byte */

/* Begins like a line of this server that is known to be of no interest. */
bool sst__is_known(sst_server server, sst_text text);

#endif
