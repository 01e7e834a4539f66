/* SPDX-License-Identifier: MIT
 * cli/site.c - what a site's own codes change about a verdict. */
#include "cli/site.h"

#include "cli/judged.h"

#include <smtpstatus/words.h>

bool cli_code_decides(const sst_verdict *verdict)
{
	return verdict->proof_count == 0 || verdict->proofs[0].kind >= SST_PROOF_CODE;
}

/* True if the site's reading of the code is the one that counts. */
static bool find_reading(const cli_settings *settings, const sst_lang *lang,
                         const sst_verdict *verdict, sst_say_room *room, sst_reading *reading)
{
	if (settings->registry == NULL || verdict->reported_status.cls == 0 ||
	    !cli_code_decides(verdict))
		return false;
	return sst_readings(settings->registry, lang, (sst_audience)settings->audience,
	                    verdict->reply_code, verdict->reported_status, verdict->provider, room,
	                    reading, 1) > 0 &&
	       reading->kind == SST_READING_SITE;
}

void cli_site_judge(const cli_settings *settings, sst_verdict *verdict)
{
	char bytes[SST_SAY_ROOM_SIZE];
	sst_say_room room = SST_SAY_ROOM(bytes);
	sst_nearness near;
	sst_reading reading;

	if (settings->registry == NULL || verdict->reported_status.cls == 0)
		return;
	sst_registry_find(settings->registry, verdict->reported_status, &near);
	if (near <= SST_NEAR_CLASS)
		verdict->notes &= ~(sst_notes)SST_NOTE_UNREGISTERED;
	if (find_reading(settings, NULL, verdict, &room, &reading))
		cli_take_category(verdict, reading.category);
}

void cli_site_explain(const cli_settings *settings, const sst_lang *lang,
                      const sst_verdict *verdict, sst_text recipient, sst_say_room *room,
                      sst_explanation *out)
{
	sst_reading reading;

	sst_explain(lang, (sst_audience)settings->audience, verdict, recipient, room, out);
	if (!find_reading(settings, lang, verdict, room, &reading))
		return;
	out->title = reading.title;
	if (reading.explanation.len > 0)
		out->text = reading.explanation;
	if (reading.advice.len > 0)
		out->advice = reading.advice;
	out->causes = reading.causes;
}
