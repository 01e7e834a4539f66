/* SPDX-License-Identifier: MIT
 * cli/progress.c - how far long work has come. */
#include "cli/progress.h"

#include "cli/output.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static bool wanted;
static const char *what;
static _Atomic uint64_t units_done, bytes_done;
static _Atomic int64_t next_ms; /* when the line is due */
static _Atomic bool shown;

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void cli_progress_start(const char *unit, bool silent)
{
	what = unit;
	wanted = isatty(STDERR_FILENO) && (silent || !isatty(STDOUT_FILENO));
	if (wanted)
		next_ms = now_ms() + 1000;
}

static void show(void)
{
	char units[60] = "", line[120];
	int len;

	if (what != NULL)
		snprintf(units, sizeof units, "%llu %s, ", (unsigned long long)units_done, what);
	len = snprintf(line, sizeof line, "\r%s%.1f MB\033[K", units, (double)bytes_done / 1e6);

	shown = true;
	if (len > 0)
		cli_write_all(STDERR_FILENO, line, (size_t)len);
}

void cli_progress_add(uint64_t units, uint64_t bytes)
{
	int64_t due, now;

	if (!wanted)
		return;
	atomic_fetch_add_explicit(&units_done, units, memory_order_relaxed);
	atomic_fetch_add_explicit(&bytes_done, bytes, memory_order_relaxed);
	due = atomic_load_explicit(&next_ms, memory_order_relaxed);
	now = now_ms();
	/* Of all threads that find the line due, one writes it. */
	if (now >= due && atomic_compare_exchange_strong(&next_ms, &due, now + 250))
		show();
}

void cli_progress_clear(void)
{
	if (atomic_exchange(&shown, false))
		cli_write_all(STDERR_FILENO, "\r\033[K", 4);
}
