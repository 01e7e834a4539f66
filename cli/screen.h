/* SPDX-License-Identifier: MIT
 * cli/screen.h - how a command's words for people look: as the options say. say/sheet.h writes. */
#ifndef SST_CLI_SCREEN_H
#define SST_CLI_SCREEN_H

#include "cli/output.h"
#include "cli/settings.h"

#include <smtpstatus/say.h>

/* The rendering that the options ask for, into `out`; not for JSON. */
sst_rendering cli_screen(const cli_settings *settings, const sst_lang *lang, cli_text *out);

#endif
