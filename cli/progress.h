/* SPDX-License-Identifier: MIT
 * cli/progress.h - how far long work has come: one line on standard error, only if that is a
 * terminal, standard output is none or keeps silent, and the work takes more than a second. */
#ifndef SST_CLI_PROGRESS_H
#define SST_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* `unit` names what is counted ("mails"); NULL: only bytes are. `silent`: nothing is written to
 * standard output before cli_progress_clear(). */
void cli_progress_start(const char *unit, bool silent);

/* So many more units and bytes are done. Any thread; cheap. */
void cli_progress_add(uint64_t units, uint64_t bytes);

/* Takes the line away, before something else is written to standard error and at the end. */
void cli_progress_clear(void);

#endif
