/* SPDX-License-Identifier: MIT
 * cli/complaint.h - what is said of a file that can't be read or written:
 * "smtpstatus: FILE: what is wrong (offset N): what to do". */
#ifndef SST_CLI_COMPLAINT_H
#define SST_CLI_COMPLAINT_H

#include <smtpstatus.h>

/* Words of others for one line on a terminal: control characters are shown as escapes, and obeyed
 * by nobody. free() it. */
char *cli_safe_text(sst_text text);

/* The line, without its end; free() it. A path is `folder` and `name` together; control characters
 * in it are shown as escapes, so that it stays one line and steers nobody's terminal. */
char *cli_complaint(const char *folder, const char *name, const char *wrong, const uint64_t *offset,
                    const char *advice);

/* What to do about a file that errno says can't be opened, read or written. */
const char *cli_advice(int error);

/* The same line, said on standard error; `offset` may be NULL. "-" is called standard input. */
void cli_complain(const char *path, const char *wrong, const uint64_t *offset, const char *advice);

/* Says that there is no memory; returns EXIT_SYSTEM. */
int cli_no_memory(void);

/* Whether anything was said by the functions of this file: where work ended early and nothing was,
 * there was no memory. */
bool cli_has_complained(void);

/* The same from where there is no way back, in any thread: ends the process with EXIT_SYSTEM. */
_Noreturn void cli_end_without_memory(void);

/* What errno says of a path, and what to do. */
void cli_complain_errno(const char *path);

#endif
