/* SPDX-License-Identifier: MIT
 * cli/moment.h - the clock, and moments as people and records write them. */
#ifndef SST_CLI_MOMENT_H
#define SST_CLI_MOMENT_H

#include <smtpstatus/mail.h>

/* Reads RFC 3339 ("2024-05-01T10:00:00+02:00", a blank for the T and Z for the zone too) or "@" and
 * seconds since 1970. False if it is neither. */
bool cli_moment_parse(sst_text text, sst_time *out);

/* Now, in the local zone. */
sst_time cli_moment_now(void);

#endif
