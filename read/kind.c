/* SPDX-License-Identifier: MIT
 * read/kind.c - what sort of mail it is. Only bounces are bounces: without signs of a mail system
 * in the header, the words must begin as a report does. */
#include "read/kind.h"

static bool holds(sst_text value, const char *part)
{
	return sst__text_search(value, 0, (sst_text){part, strlen(part)}) < value.len;
}

static bool from_machine(const sst_text *value)
{
	sst_text from = value[FIELD_FROM];

	sst_text local = sst__address_local(sst__address_first(from));

	/* Root sends what cron finds; bounces come from others. */
	if (sst__text_same(local, SST_TEXT("root")) || sst__text_same(local, SST_TEXT("nobody")) ||
	    sst__text_same(local, SST_TEXT("abuse")))
		return false;
	return sst__address_is_machine(sst__address_first(from)) || holds(from, "mailer-daemon") ||
	       (sst__shapes_in(from) & SHAPE_MACHINE);
}

static bool null_sender(const sst_text *value)
{
	return sst__text_same(sst__text_trim(value[FIELD_RETURN_PATH]), SST_TEXT("<>")) ||
	       sst__text_same(sst__text_trim(value[FIELD_FROM]), SST_TEXT("<>"));
}

bool sst__header_is_report(const sst__fields *header)
{
	const sst_text *value = header->value;

	return value[FIELD_FAILED_RECIPIENTS].ptr != NULL || value[FIELD_IS_BOUNCE].ptr != NULL ||
	       holds(value[FIELD_CONTENT_TYPE], "multipart/report") || null_sender(value) ||
	       from_machine(value);
}

static unsigned subject_kinds(sst_mail *mail, sst_text subject)
{
	size_t len = sst__words_decode(subject, mail->collector.buffer, mail->collector.size);

	return sst__shapes_in((sst_text){mail->collector.buffer, len});
}

bool sst__is_plain_complaint(sst_mail *mail)
{
	const sst_text *value = mail->headers[0].value;

	return mail->header_done[1] && value[FIELD_AUTO_REPLY].ptr == NULL &&
	       value[FIELD_IN_REPLY_TO].ptr == NULL &&
	       (subject_kinds(mail, value[FIELD_SUBJECT]) & SHAPE_COMPLAINT);
}

typedef struct signs {
	unsigned subject; /* kinds of phrases in the Subject */
	unsigned header;  /* how much the header speaks for a report */
	unsigned words;   /* how much the words do */
	bool automatic;   /* the header says that it is an automatic answer */
	bool bulk;
	bool personal; /* sent by whom it says it is from, and nothing says that it is a machine */
} signs;

static void header_signs(sst_mail *mail, const sst_text *value, signs *s)
{
	bool replied = sst__text_starts(value[FIELD_AUTO_SUBMITTED], SST_TEXT("auto-replied"));

	s->subject = subject_kinds(mail, value[FIELD_SUBJECT]);
	s->automatic = value[FIELD_AUTO_REPLY].ptr != NULL || replied ||
	               holds(value[FIELD_PRECEDENCE], "auto_reply") ||
	               holds(value[FIELD_PRECEDENCE], "auto-reply");
	s->bulk = value[FIELD_LIST_ID].ptr != NULL || value[FIELD_LIST_POST].ptr != NULL ||
	          value[FIELD_LIST_UNSUBSCRIBE].ptr != NULL;
	if (value[FIELD_FAILED_RECIPIENTS].ptr != NULL || value[FIELD_IS_BOUNCE].ptr != NULL)
		s->header += 5;
	if (holds(value[FIELD_CONTENT_TYPE], "delivery-status"))
		s->header += 4;
	if (from_machine(value))
		s->header += 3;
	if (null_sender(value))
		s->header += 2;
	if ((s->subject & (SHAPE_SUBJECT | SHAPE_FAILED)) && !s->bulk)
		s->header += 2;
	s->personal =
	        s->header <= 2 && sst__address_same(sst__address_first(value[FIELD_RETURN_PATH]),
	                                            sst__address_first(value[FIELD_FROM]));
	if (value[FIELD_AUTO_SUBMITTED].ptr != NULL &&
	    !sst__text_same(value[FIELD_AUTO_SUBMITTED], SST_TEXT("no")))
		s->header += 1;
}

static void word_signs(const sst__body *body, signs *s)
{
	if (body->has_fields)
		s->words += 4;
	if (body->early & (SHAPE_FAILED | SHAPE_DELAYED))
		s->words += 3;
	else if (body->kinds & (SHAPE_FAILED | SHAPE_DELAYED))
		s->words += 2;
	if (body->transcript > 0)
		s->words += 3;
	if (body->codes > 0)
		s->words += 2;
	if (body->returned)
		s->words += 1;
	for (uint32_t i = 0; i < body->count; i++)
		if (body->candidates[i].reason >= REASON_LISTED &&
		    !body->candidates[i].is_machine) {
			s->words += 2;
			break;
		}
}

static bool is_answer(const sst_text *value, const signs *s, const sst__body *body)
{
	bool words = (body->early & (SHAPE_AUTOMATIC | SHAPE_CHALLENGE)) != 0;

	if (s->bulk && !s->automatic)
		return false;
	if (s->subject & SHAPE_SUBJECT_AUTOMATIC)
		return words || s->automatic || null_sender(value) ||
		       sst__text_starts(value[FIELD_SUBJECT], SST_TEXT("auto"));
	if (s->automatic)
		return !(s->subject & SHAPE_SUBJECT) && !from_machine(value);
	return words && (value[FIELD_AUTO_SUBMITTED].ptr != NULL || null_sender(value)) &&
	       !(body->early & SHAPE_FAILED);
}

static sst_kind report_kind(const signs *s, const sst__body *body)
{
	if ((body->kinds & SHAPE_DELAYED) && !(body->kinds & SHAPE_FINAL))
		return SST_KIND_DELAY;
	if ((body->early & SHAPE_SUCCESS) && !(body->kinds & (SHAPE_FAILED | SHAPE_FINAL)) &&
	    !(s->subject & SHAPE_FAILED))
		return SST_KIND_DELIVERED;
	return SST_KIND_BOUNCE;
}

sst_kind sst__kind_of_mail(sst_mail *mail, const sst__body *body)
{
	const sst_text *value = mail->headers[body->level].value;
	signs s = {0};

	header_signs(mail, value, &s);
	word_signs(body, &s);
	if (body->forwarded)
		s.header = 5;
	/* A language that nobody knows here: codes are the same in all of them. */
	if (s.header >= 3 && s.words < 2 && body->count > 0 && sst__body_has_code(body))
		s.words += 2;
	if (s.header >= 5 && s.words >= 1 &&
	    !(s.automatic && (s.subject & SHAPE_SUBJECT_AUTOMATIC)))
		return report_kind(&s, body);
	if (is_answer(value, &s, body))
		return SST_KIND_AUTO_REPLY;
	if (s.header >= 5 || (s.header >= 3 && s.words >= 2) ||
	    (s.header >= 2 && s.words >= 3 && !s.personal))
		return report_kind(&s, body);
	/* A list server refuses in its own name. */
	if ((body->early & SHAPE_LIST) && (body->early & SHAPE_FAILED) && body->quoted_lines == 0 &&
	    !holds(value[FIELD_SUBJECT], "re:"))
		return report_kind(&s, body);
	/* Nothing in the header: the words alone must make it plain, and at once. */
	if (!s.bulk && (body->early & SHAPE_FAILED) && body->quoted_lines == 0 &&
	    (body->returned || body->transcript > 0 || body->has_fields) &&
	    !holds(value[FIELD_SUBJECT], "re:") && !holds(value[FIELD_SUBJECT], "fw"))
		return report_kind(&s, body);
	return SST_KIND_OTHER;
}
