/* SPDX-License-Identifier: MIT
 * cli/answer.h - one text or code, judged and put into words. */
#ifndef SST_CLI_ANSWER_H
#define SST_CLI_ANSWER_H

#include "cli/screen.h"
#include "cli/settings.h"
#include "say/json.h"
#include "say/sheet.h"

#include <smtpstatus/outside.h>
#include <smtpstatus/say.h>

typedef struct cli_answer {
	sst_text input;
	sst_kind kind; /* reply or code */
	sst_notes notes;
	sst_found found;   /* of a code: what it is */
	sst_result broken; /* of what looks like a code and is none: the rule that it breaks */
	sst_verdict verdict;
	sst_explanation words;
	sst_reading readings[SST_READINGS];
	size_t reading_count;
	sst_text title, explanation, advice; /* always there */
	sst_say_room room;
	char bytes[2 * SST_SAY_ROOM_SIZE];
} cli_answer;

/* Fills `answer`; its texts are views into it and into `input`. */
void cli_answer_text(cli_answer *answer, const cli_settings *settings, const sst_lang *lang,
                     sst_text input);

/* The same for a code from elsewhere: an errno, an exit status, an event. `entry` NULL: not known.
 */
void cli_answer_outside(cli_answer *answer, const cli_settings *settings, const sst_lang *lang,
                        sst_text input, const sst_outside *entry);

/* title, explanation, advice. */
void cli_words_json(sst_json *json, sst_text title, sst_text explanation, sst_text advice);

void cli_answer_json(const cli_answer *answer, sst_json *json);
void cli_answer_page(const cli_answer *answer, sst_sheet *sheet);

#endif
