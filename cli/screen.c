/* SPDX-License-Identifier: MIT
 * cli/screen.c - how a command's words for people look. */
#include "cli/screen.h"

static const sst_form forms[] = {
        [CLI_AS_TEXT] = SST_FORM_TEXT,
        [CLI_AS_JSON] = SST_FORM_TEXT,
        [CLI_AS_HTML] = SST_FORM_HTML,
        [CLI_AS_MARKDOWN] = SST_FORM_MARKDOWN,
};

static bool take(void *context, const char *bytes, size_t len)
{
	cli_text *out = context;

	cli_put_text(out, (sst_text){bytes, len});
	return !out->failed;
}

sst_rendering cli_screen(const cli_settings *settings, const sst_lang *lang, cli_text *out)
{
	return (sst_rendering){
	        .lang = lang,
	        .audience = (sst_audience)settings->audience,
	        .form = forms[settings->format],
	        .registry = settings->registry,
	        .columns = settings->columns,
	        .color = settings->color,
	        .write = take,
	        .context = out,
	};
}
