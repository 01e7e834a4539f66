/* SPDX-License-Identifier: MIT
 * track/exim.h - what the two files of the Exim reader share. */
#ifndef SST_TRACK_EXIM_H
#define SST_TRACK_EXIM_H

#include "track/log.h"

/* Takes the next word; false at the end, or where ": " begins the words of a failure. */
bool sst__exim_word(sst_text *rest, sst_text *word);

/* A line with "rejected" in it. */
sst__reading sst__exim_refusal(sst_log *log, const sst__line *line, sst_text id, sst_text rest);

#endif
