/* SPDX-License-Identifier: MIT
 * cli/story_page.h - what became of the messages of a story, as a page for a ticket: recipients are
 * grouped by cause, as those of a bounce. */
#ifndef SST_CLI_STORY_PAGE_H
#define SST_CLI_STORY_PAGE_H

#include "cli/delivery.h"
#include "cli/retell.h"

typedef struct story_page {
	cli_reading reading;
	cli_retelling told;
} story_page;

/* Opens the page; it is written by `write`. */
void story_page_open(story_page *page, const cli_settings *settings, const sst_lang *lang,
                     bool (*write)(void *, const char *, size_t), void *context);
void story_page_add(story_page *page, const sst_delivery *delivery, const cli_verdict *verdict);
void story_page_close(story_page *page);

#endif
