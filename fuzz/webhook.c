/* SPDX-License-Identifier: MIT
 * fuzz/webhook.c - whatever is posted to a webhook, each recipient of it becomes one line of JSON
 * in ASCII, and what is wrong is said with its line. Lines are values, parts of values or
 * Mandrill's form, as `explain --from webhook` takes them. */
#include "cli/record.h"
#include "cli/values.h"
#include "cli/webhook.h"
#include "core/text.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct posted {
	cli_webhook hook;
	cli_settings settings;
} posted;

static bool is_plain(void *context, const char *bytes, size_t len)
{
	(void)context;
	for (size_t i = 0; i < len; i++)
		if ((bytes[i] < ' ' && bytes[i] != '\n') || (unsigned char)bytes[i] >= 0x7F)
			abort();
	return true;
}

static void take_event(void *context, const cli_event *event)
{
	char buffer[4096];
	sst_json json;

	(void)context;
	if (event->name.len == 0 || event->report.kind == 0)
		abort();
	if (event->verdict.confidence > 100)
		abort();
	sst_json_init(&json, buffer, sizeof buffer, is_plain, NULL);
	cli_record_open(&json);
	sst_json_field(&json, "input", event->name);
	cli_record_report(&json, &event->report);
	cli_record_verdict(&json, &event->verdict, event->words, event->report.notes);
	sst_json_close(&json, '}');
	sst_json_line_end(&json);
	sst_json_flush(&json);
}

static void complain(void *context, unsigned long line, const char *wrong)
{
	(void)context;
	if (line == 0 || wrong == NULL)
		abort();
}

static void ended(void *context)
{
	(void)context;
}

static void take_value(void *context, sst_text value, unsigned long line, const char *wrong)
{
	posted *all = context;

	if (wrong == NULL)
		cli_webhook_read(&all->hook, value, line);
	else
		complain(context, line, wrong);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	posted all = {0};
	cli_values_in values = {.take = take_value, .context = &all};
	sst_text rest = {(const char *)data, size}, line;

	if (size > 65536)
		return 0;
	all.hook = (cli_webhook){&all.settings, take_event, complain, ended, &all};
	while (sst__text_line(&rest, &line)) {
		if (cli_webhook_form(&all.hook, line, values.line + 1))
			values.line++;
		else
			cli_values_line(&values, line, false);
	}
	cli_values_end(&values);
	return 0;
}
