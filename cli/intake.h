/* SPDX-License-Identifier: MIT
 * cli/intake.h - records that come in as JSON Lines. */
#ifndef SST_CLI_INTAKE_H
#define SST_CLI_INTAKE_H

#include "cli/draft.h"

/* Gives the values of each line of standard input to `take`, which says with false that it refused
 * them. The texts live as long as the process. Empty lines are walked past; keys that writing has
 * no use for too. Returns EXIT_DONE, EXIT_PARTLY after saying what was wrong (or when `take`
 * refused), EXIT_USAGE if this build has no JSON reader. */
int cli_intake(bool (*take)(void *context, const cli_values *values, unsigned long line),
               void *context);

#endif
