/* SPDX-License-Identifier: MIT
 * cli/complaint.h - what is said of a file that can't be read:
 * "smtpstatus: FILE: what is wrong (offset N): what to do". */
#ifndef SST_CLI_COMPLAINT_H
#define SST_CLI_COMPLAINT_H

#include <stddef.h>
#include <stdint.h>

/* The line, without its end; free() it. A path is `folder` and `name` together; control characters
 * in it are shown as escapes, so that it stays one line and steers nobody's terminal. */
char *cli_complaint(const char *folder, const char *name, const char *wrong, const uint64_t *offset,
                    const char *advice);

/* What to do about a file that errno says can't be opened. */
const char *cli_advice(int error);

#endif
