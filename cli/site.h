/* SPDX-License-Identifier: MIT
 * cli/site.h - what a site's own codes (--codes) change about a verdict. */
#ifndef SST_CLI_SITE_H
#define SST_CLI_SITE_H

#include "cli/settings.h"

#include <smtpstatus/say.h>

/* No words decided: what the code means does. */
bool cli_code_decides(const sst_verdict *verdict);

/* Where the code decides and the site says what it means, its category is taken. A code that the
 * site knows is not called unregistered. */
void cli_site_judge(const cli_settings *settings, sst_verdict *verdict);

/* As sst_explain; where the code decides and the site says what it means, in the site's words. */
void cli_site_explain(const cli_settings *settings, const sst_lang *lang,
                      const sst_verdict *verdict, sst_text recipient, sst_say_room *room,
                      sst_explanation *out);

#endif
