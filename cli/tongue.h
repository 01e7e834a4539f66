/* SPDX-License-Identifier: MIT
 * cli/tongue.h - the language that the user reads. */
#ifndef SST_CLI_TONGUE_H
#define SST_CLI_TONGUE_H

#include <smtpstatus/say.h>

/* The language of --lang, or of the locale if that is NULL. One that we don't speak becomes
 * English; if it was asked for by --lang, that is said on standard error. */
const sst_lang *cli_tongue(const char *tag);

#endif
