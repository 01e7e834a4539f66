/* SPDX-License-Identifier: MIT
 * cli/story_page.c - what became of the messages of a story, as a page. */
#include "cli/story_page.h"
#include "cli/complaint.h"

#include "say/sheet.h"

#include <stdlib.h>

static void frame(story_page *page, void (*part)(sst_sheet *sheet))
{
	sst_rendering how =
	        cli_screen(&page->reading.settings, page->reading.lang, &page->told.out);
	sst_sheet sheet;

	sst__sheet_init(&sheet, &how);
	part(&sheet);
	sst__sheet_flush(&sheet);
}

void story_page_open(story_page *page, const cli_settings *settings, const sst_lang *lang,
                     bool (*write)(void *, const char *, size_t), void *context)
{
	page->reading = (cli_reading){.settings = *settings, .lang = lang, .explain = true};
	cli_retell_init(&page->told, &page->reading);
	cli_text_init(&page->told.out, write, context);
	frame(page, sst__sheet_open);
}

void story_page_add(story_page *page, const sst_delivery *delivery, const cli_verdict *verdict)
{
	sst_report report = {
	        .size = sizeof report,
	        .recipient = delivery->recipient,
	        .sender = delivery->sender,
	        .remote_mta = cli_relay_host(delivery->relay),
	        .reporting_mta = delivery->host,
	        .message_id = delivery->message_id,
	        .queue_id = delivery->queue_id,
	        .arrival_date = cli_moment(delivery->accepted, delivery->zone),
	        .last_attempt = cli_moment(delivery->ended, delivery->zone),
	};

	if (!cli_retell(&page->told, 0, &report, &verdict->verdict, verdict->evidence.text))
		cli_end_without_memory();
}

void story_page_close(story_page *page)
{
	cli_retell_end(&page->told);
	frame(page, sst__sheet_close);
	cli_text_flush(&page->told.out);
	cli_retell_free(&page->told);
}
