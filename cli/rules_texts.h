/* SPDX-License-Identifier: MIT
 * cli/rules_texts.h - the texts below a path that rules are asked about. */
#ifndef CLI_RULES_TEXTS_H
#define CLI_RULES_TEXTS_H

#include <smtpstatus.h>

/* Gives what the reports of mails say, what logs tell of attempts that failed, and the lines of all
 * other files, packed or not. EXIT_DONE, EXIT_PARTLY after saying what could not be read,
 * EXIT_SYSTEM. */
int cli_texts_read(const char *path, void (*take)(void *context, const sst_evidence *evidence),
                   void *context);

#endif
