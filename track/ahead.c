/* SPDX-License-Identifier: MIT
 * track/ahead.c - blocks of one log read on several threads: a reader starts in the middle, as if
 * what lies between were like what came before, and is believed only if that was so. */
#include "track/log.h"

/* A line each: no table, no entry over several lines, no numbers that stand for addresses. */
static bool is_plain(const sst_log *log)
{
	return log->started && !log->csv && !log->export_entry && !log->utf16 && !log->skipping &&
	       log->export == NULL && log->qmail == NULL;
}

bool sst_log_ahead(sst_log *ahead, const sst_log *log)
{
	if (!is_plain(log))
		return false;
	sst__export_free(ahead);
	sst__qmail_free(ahead);
	ahead->options = log->options;
	memset(&ahead->counts, 0, sizeof ahead->counts);
	ahead->line = 0;
	ahead->file = log->file;
	ahead->rest = ahead->before = SST_NO_TEXT;
	ahead->started = true;
	ahead->csv = ahead->export_entry = ahead->utf16 = ahead->skipping = false;
	ahead->time = ahead->first_time = SST__NO_TIME;
	ahead->stamps = log->stamps;
	ahead->leans = false;
	ahead->guessed_year = log->stamps.year;
	ahead->guessed_month = log->stamps.month;
	return true;
}

bool sst_log_adopt(sst_log *log, sst_log *ahead, uint64_t *lines)
{
	sst_log_counts more = ahead->counts;

	*lines = log->line;
	if (!is_plain(log) || !is_plain(ahead) || ahead->leans || log->file != ahead->file ||
	    log->stamps.year != ahead->guessed_year || log->stamps.month != ahead->guessed_month)
		return false;
	log->counts.lines += more.lines;
	log->counts.used += more.used;
	log->counts.skipped += more.skipped;
	log->counts.unknown += more.unknown;
	log->counts.cut += more.cut;
	log->counts.binary += more.binary;
	log->counts.backward += more.backward + sst__is_backward(log, ahead->first_time);
	log->line += ahead->line;
	log->stamps = ahead->stamps;
	if (ahead->time != SST__NO_TIME)
		log->time = ahead->time;
	if (ahead->before.len > 0) {
		log->before = ahead->before;
		sst__log_keep(log);
	}
	return true;
}
