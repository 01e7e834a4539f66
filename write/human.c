/* SPDX-License-Identifier: MIT
 * write/human.c - the part for people, in their language: what happened to whom, why, what the
 * server said, and what can be done. The words are those of say (data/texts/report.tsv). */
#include "core/text.h"
#include "write/dsn.h"
#include "write/paragraph.h"

#include <smtpstatus/say.h>

static const sst_say_values none; /* for texts without placeholders */

/* The action that all recipients share; 0 if there are several. */
static sst_action common_action(const sst_dsn *dsn)
{
	sst_action action = dsn->recipients[0].action;

	for (size_t i = 1; i < dsn->recipient_count; i++)
		if (dsn->recipients[i].action != action)
			return 0;
	return action;
}

/* The one that counts most: that of the subject. */
static sst_action gravest_action(const sst_dsn *dsn)
{
	sst_action action = dsn->recipients[0].action;

	for (size_t i = 1; i < dsn->recipient_count; i++)
		if (dsn->recipients[i].action < action)
			action = dsn->recipients[i].action;
	return action;
}

/* A text whose key ends in the word of an action. */
static sst_text action_text(const sst_lang *lang, const char *prefix, sst_action action,
                            const sst_say_values *values, sst_say_room *room)
{
	char key[40];
	size_t len = strlen(prefix);
	sst_text word = action == 0 ? SST_TEXT("mixed") : sst_word(SST_VOCABULARY_ACTION, action);

	memcpy(key, prefix, len);
	memcpy(key + len, word.ptr, word.len);
	return sst_say_fill(lang, (sst_text){key, len + word.len}, values, room);
}

static void say(sst_out *out, unsigned indent, const sst_lang *lang, sst_text key,
                const sst_say_values *values)
{
	char buffer[2048];
	sst_say_room room = SST_SAY_ROOM(buffer);

	sst__out_paragraph(out, indent, sst_say_fill(lang, key, values, &room));
}

/* The server's words, line by line. */
static void out_words(sst_out *out, const sst_lang *lang, const sst_dsn_recipient *recipient)
{
	sst_say_values values = {.host = recipient->remote_mta};
	sst_text rest = recipient->diagnostic, words;

	if (sst__text_trim(rest).len == 0)
		return;
	say(out, 4, lang,
	    recipient->remote_mta.ptr != NULL ? SST_TEXT("dsn.server-said")
	                                      : SST_TEXT("dsn.no-server"),
	    &values);
	while (sst__text_line(&rest, &words))
		sst__out_paragraph(out, 8, words);
}

void sst__human_explain(const sst_dsn *dsn, const sst_dsn_recipient *recipient, sst_say_room *room,
                        sst_explanation *out)
{
	sst_evidence evidence = SST_EVIDENCE_INIT;
	sst_verdict verdict;

	evidence.text = recipient->diagnostic;
	evidence.status = sst_dsn_status(recipient);
	evidence.action = recipient->action;
	evidence.remote_mta = recipient->remote_mta;
	evidence.reporting_mta = dsn->reporting_mta;
	evidence.recipient = recipient->recipient;
	sst_judge(NULL, &evidence, &verdict);
	sst_explain(sst_lang_find(dsn->lang, NULL), SST_AUDIENCE_SENDER, &verdict,
	            recipient->recipient, room, out);
}

static void out_reason(sst_out *out, const sst_lang *lang, const sst_dsn *dsn,
                       const sst_dsn_recipient *recipient)
{
	sst_explanation explanation;
	char buffer[SST_SAY_ROOM_SIZE];
	sst_say_room room = SST_SAY_ROOM(buffer);

	sst__human_explain(dsn, recipient, &room, &explanation);
	sst__out_paragraph(out, 4, explanation.text);
	if (!(dsn->flags & SST_DSN_CONFIDENTIAL))
		out_words(out, lang, recipient);
	if (explanation.advice.len == 0)
		return;
	say(out, 4, lang, SST_TEXT("dsn.advice"), &none);
	sst__out_paragraph(out, 8, explanation.advice);
}

static void out_recipient(sst_out *out, const sst_lang *lang, const sst_dsn *dsn,
                          const sst_dsn_recipient *recipient)
{
	char buffer[2048], date[40];
	sst_say_room room = SST_SAY_ROOM(buffer);
	sst_say_values values = {.recipient = recipient->recipient};
	sst_out to_date = {.buffer = date, .size = sizeof(date)};

	sst__out_string(out, "\n");
	sst__out_paragraph(out, 0,
	                   action_text(lang, "dsn.one.", recipient->action, &values, &room));
	if (recipient->action == SST_ACTION_FAILED || recipient->action == SST_ACTION_DELAYED)
		out_reason(out, lang, dsn, recipient);
	if (!recipient->retry_until.known)
		return;
	sst__out_date(&to_date, recipient->retry_until);
	values.date = (sst_text){date, to_date.len};
	say(out, 4, lang, SST_TEXT("dsn.retry-until"), &values);
}

static void out_body(sst_out *out, const sst_lang *lang, const sst_dsn *dsn, const sst__plan *plan)
{
	char buffer[2048];
	sst_say_room room = SST_SAY_ROOM(buffer);
	sst_say_values values = {.host = dsn->reporting_mta};
	sst_text rest = dsn->human, line;

	if (dsn->human.ptr != NULL) {
		while (sst__text_line(&rest, &line)) {
			sst__out_text(out, line);
			sst__out_string(out, "\n");
		}
		return;
	}
	say(out, 0, lang, SST_TEXT("dsn.host"), &values);
	sst__out_string(out, "\n");
	sst__out_paragraph(out, 0,
	                   action_text(lang, "dsn.intro.", common_action(dsn), &values, &room));
	for (size_t i = 0; i < dsn->recipient_count; i++)
		out_recipient(out, lang, dsn, &dsn->recipients[i]);
	sst__out_string(out, "\n");
	say(out, 0, lang, SST_TEXT("dsn.technical"), &none);
	if (plan->header.ptr != NULL)
		say(out, 0, lang,
		    plan->whole ? SST_TEXT("dsn.returned-message")
		                : SST_TEXT("dsn.returned-header"),
		    &none);
}

void sst__human_from(const sst_dsn *dsn, sst_out *out)
{
	sst_text name = sst_say_text(sst_lang_find(dsn->lang, NULL), SST_TEXT("dsn.from"));

	sst__out_string(out, "From: ");
	sst__out_unstructured_open(out, name, 6);
	sst__out_string(out, sst__is_ascii(name) ? " <" : "\r\n <");
}

void sst__human_subject(const sst_dsn *dsn, sst_out *out)
{
	char buffer[1024];
	sst_say_room room = SST_SAY_ROOM(buffer);
	const sst_lang *lang = sst_lang_find(dsn->lang, NULL);
	sst_say_values values = {0};

	sst__out_string(out, "Subject: ");
	sst__out_unstructured(
	        out, action_text(lang, "dsn.subject.", gravest_action(dsn), &values, &room), 9);
}

void sst__human_part(const sst_dsn *dsn, const sst__plan *plan, sst_out *out)
{
	const sst_lang *lang = sst_lang_find(dsn->lang, NULL);
	sst__measure measure = {0};
	sst_out counted = {.write = sst__measure_write, .context = &measure};
	sst__encoder encoder;
	sst_out encoded = {.write = sst__encoder_write, .context = &encoder};

	out_body(&counted, lang, dsn, plan);
	sst__encoder_init(&encoder, out, sst__measure_choice(&measure));
	sst__out_string(out, "Content-Type: text/plain; charset=utf-8\r\n");
	if (encoder.transfer != SST__SEVEN_BIT) {
		sst__out_string(out, "Content-Transfer-Encoding: ");
		sst__out_string(out, sst__transfer_name(encoder.transfer));
		sst__out_line_end(out);
	}
	if (dsn->human.ptr == NULL) {
		sst__out_string(out, "Content-Language: ");
		sst__out_text(out, sst_lang_tag(lang));
		sst__out_line_end(out);
	}
	sst__out_line_end(out);
	out_body(&encoded, lang, dsn, plan);
	sst__encoder_end(&encoder);
}
