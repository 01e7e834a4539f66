/* SPDX-License-Identifier: MIT
 * cli/position.h - how far logs have been read, kept in a file, so that the next run goes on there.
 *
 * One file holds all that the next run needs: how far each set of logs was read, the reader's and
 * the tracker's state, and how long the output was at that moment. It is written beside, synced and
 * renamed over the old one, after the output was synced. A run that is killed anywhere leaves the
 * old or the new file; the next one cuts the output back to the length that the file names and goes
 * on. */
#ifndef SST_CLI_POSITION_H
#define SST_CLI_POSITION_H

#include <smtpstatus/track.h>

#include <stdio.h>

#define POSITION_SETS 64
#define POSITION_PRINT 4096 /* bytes at the front of a file by which it is known again */

/* How far one set (mail.log, mail.log.1, ...) was read: the file that was read last, known by its
 * first bytes, whatever its name is now. */
typedef struct position_set {
	char base[512];
	uint64_t offset; /* in its unpacked bytes */
	uint64_t print;  /* hash of its first print_len bytes */
	uint32_t print_len;
} position_set;

typedef struct position {
	const char *path;
	position_set sets[POSITION_SETS];
	unsigned count;
	uint64_t output;       /* length of the output */
	uint64_t saved_output; /* the same when the file was written last */
	bool loaded;           /* there was one: log and tracker below are to be loaded */
	sst_text log, tracker;
	char *bytes; /* of the file, they point into it */
} position;

/* Reads the file; none is a beginning. False: it can't be used, said on stderr. */
bool position_load(position *where, const char *path);
void position_free(position *where);

/* Writes the file. False: said on stderr. */
bool position_save(const position *where, const sst_log *log, sst_tracker *tracker);

/* The entry of a set; a new one if there is none; NULL: too many sets. */
position_set *position_of(position *where, const char *base, size_t len);

/* Hash for position_set.print. */
uint64_t position_print(const char *bytes, size_t len);

#endif
