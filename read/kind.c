/* SPDX-License-Identifier: MIT
 * read/kind.c - what sort of mail it is. Only bounces are bounces: without signs of a mail system
 * in the header, the words must begin as a report does. */
#include "read/kind.h"

static bool holds(sst_text value, const char *part)
{
	return sst__text_search(value, 0, (sst_text){part, strlen(part)}) < value.len;
}

/* Shops and services write from such addresses, and few mail systems. */
static bool is_mute(sst_text local)
{
	static const char *const names[] = {"noreply", "no-reply", "no_reply", "do-not-reply",
	                                    "donotreply"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (sst__text_starts(local, (sst_text){names[i], strlen(names[i])}))
			return true;
	return false;
}

static bool from_machine(const sst_text *value)
{
	sst_text from = value[FIELD_FROM];

	sst_text local = sst__address_local(sst__address_first(from));

	/* Root sends what cron finds; bounces come from others. */
	if (sst__text_same(local, SST_TEXT("root")) || sst__text_same(local, SST_TEXT("nobody")) ||
	    sst__text_same(local, SST_TEXT("abuse")))
		return false;
	return (!is_mute(local) && sst__address_is_machine(sst__address_first(from))) ||
	       holds(from, "mailer-daemon") || (sst__shapes_in(from) & SHAPE_MACHINE);
}

/* A postmaster's address, with nothing that says that a program wrote. */
static bool by_role(const sst_text *value)
{
	sst_text local = sst__address_local(sst__address_first(value[FIELD_FROM]));

	return sst__text_same(local, SST_TEXT("postmaster")) &&
	       value[FIELD_AUTO_SUBMITTED].ptr == NULL && value[FIELD_RETURN_PATH].ptr == NULL &&
	       !holds(value[FIELD_CONTENT_TYPE], "multipart/report");
}

/* Reports have no sender in the envelope; who gives one that is nobody's machine wants answers. */
static bool is_posed(const sst_text *value)
{
	sst_text from = sst__address_first(value[FIELD_FROM]);
	sst_text path = sst__address_first(value[FIELD_RETURN_PATH]);

	return path.len > 0 && from.len > 0 && !sst__address_is_machine(path) &&
	       !sst__address_is_machine(from) && !holds(value[FIELD_FROM], "mailer-daemon");
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

static sst_text decoded(sst_mail *mail, sst_text subject)
{
	size_t len = sst__words_decode(subject, mail->collector.buffer, mail->collector.size);

	return (sst_text){mail->collector.buffer, len};
}

static unsigned subject_kinds(sst_mail *mail, sst_text subject)
{
	return sst__shapes_in(decoded(mail, subject));
}

bool sst__is_plain_complaint(sst_mail *mail)
{
	const sst_text *value = mail->headers[0].value;

	return mail->header_done[1] && value[FIELD_AUTO_REPLY].ptr == NULL &&
	       value[FIELD_IN_REPLY_TO].ptr == NULL &&
	       (subject_kinds(mail, value[FIELD_SUBJECT]) & SHAPE_COMPLAINT);
}

bool sst__subject_fails(sst_mail *mail, unsigned level)
{
	sst_text subject = decoded(mail, mail->headers[level].value[FIELD_SUBJECT]);

	return sst__subject_about(subject) == 0 &&
	       (sst__shapes_in(subject) & (SHAPE_SUBJECT | SHAPE_FAILED));
}

typedef struct signs {
	unsigned subject; /* kinds of phrases in the Subject */
	unsigned header;  /* how much the header speaks for a report */
	unsigned words;   /* how much the words do */
	bool automatic;   /* the header says that it is an automatic answer */
	bool prefixed;    /* the Subject begins as only programs begin it */
	bool machine;     /* a mail system sent it: not only the Subject says so */
	bool bulk;
	bool personal; /* sent by whom it says it is from, and nothing says that it is a machine */
	bool by_role; /* only the name of a postmaster, who may be a person, speaks for a machine */
	bool posed;   /* only the name beside the address does, and it wants its own bounces */
} signs;

/* The Subject without what gateways put before it: "[EXTERNAL] Undeliverable". */
static sst_text without_tag(sst_text subject)
{
	size_t end = sst__text_find(subject, 0, ']');
	sst_text tag = sst__text_trim(sst__text_part(subject, 1, end));
	sst__hit hit;

	if (sst__at(subject, 0) != '[' || end == subject.len ||
	    sst__shapes_find(tag, 0, 1, &hit, 1) == 0 || !(hit.kinds & SHAPE_TAG))
		return subject;
	if (hit.len != tag.len && !(hit.len + 1u == tag.len && sst__text_ends(tag, SST_TEXT(":"))))
		return subject;
	return sst__text_trim(sst__text_part(subject, end + 1, subject.len));
}

unsigned sst__subject_about(sst_text subject)
{
	sst__hit hit;

	return sst__shapes_find(subject, 0, 1, &hit, 1) > 0
	               ? hit.kinds & (SHAPE_ANSWER | SHAPE_FORWARD)
	               : 0;
}

/* "Re: Undeliverable", "[PROJECT-12] Undelivered mail": somebody writes about a report. */
static bool is_about_another(sst_text subject)
{
	return sst__subject_about(subject) != 0 || sst__at(subject, 0) == '[';
}

bool sst__subject_forwards(sst_mail *mail, unsigned level)
{
	sst_text subject = mail->headers[level].value[FIELD_SUBJECT];

	return (sst__subject_about(without_tag(decoded(mail, subject))) & SHAPE_FORWARD) &&
	       !sst__header_is_report(&mail->headers[level]);
}

/* "Automatic reply: lunch": what programs put in front of the Subject that they answer. */
static bool begins_as_answer(sst_text subject)
{
	enum { BOTH = SHAPE_AUTOMATIC | SHAPE_SUBJECT_AUTOMATIC, REACH = 4 };
	sst__hit hit;
	size_t end;

	if (sst__shapes_find(subject, 0, subject.len < 2 ? subject.len : 2, &hit, 1) == 0 ||
	    hit.at > 0 || (hit.kinds & BOTH) != BOTH)
		return false;
	if (sst__text_trim(subject).len == hit.len)
		return true;
	end = sst__text_find(subject, hit.len, ':');
	return end < subject.len && end - hit.len <= REACH;
}

static void header_signs(sst_mail *mail, const sst_text *value, signs *s)
{
	bool replied = sst__text_starts(value[FIELD_AUTO_SUBMITTED], SST_TEXT("auto-replied"));

	s->subject = subject_kinds(mail, value[FIELD_SUBJECT]);
	s->prefixed = begins_as_answer(without_tag(decoded(mail, value[FIELD_SUBJECT])));
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
	s->machine = s->header > 0;
	s->by_role = s->header == 3 && by_role(value);
	s->posed = s->header == 3 && is_posed(value);
	if ((s->subject & (SHAPE_SUBJECT | SHAPE_FAILED)) && !s->bulk &&
	    !is_about_another(without_tag(value[FIELD_SUBJECT])))
		s->header += 2;
	if (s->header < 2 && is_mute(sst__address_local(sst__address_first(value[FIELD_FROM]))))
		s->header = 2;
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

/* Challenges say more than once what they want, and often only that. */
static bool challenges(const sst__body *body)
{
	unsigned count = 0;

	for (uint32_t i = 0; i < body->line_count; i++)
		for (unsigned n = 0; n < body->lines[i].hits && !body->lines[i].quoted; n++)
			count += (body->hits[body->lines[i].hit + n].kinds & SHAPE_CHALLENGE) != 0;
	return count >= 2;
}

static bool is_answer(const sst_text *value, const signs *s, const sst__body *body)
{
	bool words = (body->early & (SHAPE_AUTOMATIC | SHAPE_CHALLENGE)) != 0;

	if (s->bulk && !s->automatic)
		return false;
	if (s->subject & SHAPE_SUBJECT_AUTOMATIC)
		return words || s->automatic || s->prefixed || null_sender(value) ||
		       sst__text_starts(value[FIELD_SUBJECT], SST_TEXT("auto"));
	if (s->automatic)
		return !(s->subject & SHAPE_SUBJECT) && !from_machine(value);
	if ((body->early & SHAPE_FAILED) || !words)
		return false;
	return value[FIELD_AUTO_SUBMITTED].ptr != NULL || null_sender(value) ||
	       (is_about_another(without_tag(value[FIELD_SUBJECT])) && challenges(body));
}

/* Whether a message came back, or fields or a dialogue tell of one. */
static bool holds_message(const sst_mail *mail, const sst__body *body)
{
	unsigned below = body->level + 1u;

	return body->has_fields || body->transcript > 0 || body->codes > 0 || body->returned ||
	       (below < SST__LEVELS && mail->header_done[below]);
}

/* Whether there is anything that only a mail system tells: without it a mail may be about parcels
 * or payments. */
static bool tells_of_mail(const sst_mail *mail, const sst__body *body)
{
	return holds_message(mail, body) || sst__body_has_code(body);
}

/* Whether an address stands where failed recipients do, for a reason as strong as that. */
static bool names_somebody(const sst__body *body, enum sst__reason reason)
{
	for (uint32_t i = 0; i < body->count; i++)
		if (body->candidates[i].reason >= reason && !body->candidates[i].is_machine &&
		    !body->candidates[i].is_sender)
			return true;
	return false;
}

/* Words of failure other than labels, which only say that recipients follow. */
static bool tells_of_failure(const sst__body *body)
{
	for (uint32_t i = 0; i < body->line_count; i++)
		for (unsigned n = 0; n < body->lines[i].hits && !body->lines[i].quoted; n++)
			if ((body->hits[body->lines[i].hit + n].kinds &
			     (SHAPE_FAILED | SHAPE_RECIPIENTS)) == SHAPE_FAILED)
				return true;
	return false;
}

/* "Sender: <you>" and "Recipient: <another>": the report tells whose mail it was. */
static bool tells_both(const sst_mail *mail, const sst__body *body)
{
	sst_text to = sst__address_first(mail->headers[body->level].value[FIELD_TO]);

	if (to.len == 0 || !names_somebody(body, REASON_LABELLED))
		return false;
	for (uint32_t i = 0; i < body->line_count; i++) {
		const sst__line *line = &body->lines[i];
		sst_text words = sst__text_part(body->text, line->from, line->upto);
		if ((line->kinds & SHAPE_OTHER) && !line->quoted &&
		    body->hits[line->hit].at < line->from + 4 &&
		    sst__text_search(words, 0, to) < words.len)
			return true;
	}
	return false;
}

static sst_kind report_kind(const signs *s, const sst__body *body)
{
	if ((body->kinds & SHAPE_DELAYED) && !(body->kinds & SHAPE_FINAL))
		return SST_KIND_DELAY;
	if ((body->early & SHAPE_SUCCESS) && !(body->kinds & SHAPE_FINAL) &&
	    !(s->subject & SHAPE_FAILED) && body->codes == 0 && !tells_of_failure(body))
		return SST_KIND_DELIVERED;
	return SST_KIND_BOUNCE;
}

/* Postmasters are people too, and write about quotas and holidays. */
static bool says_enough(const sst_mail *mail, const signs *s, const sst__body *body)
{
	return s->header >= 5 || (s->subject & (SHAPE_SUBJECT | SHAPE_FAILED | SHAPE_DELAYED)) ||
	       names_somebody(body, REASON_NEAR) || tells_of_mail(mail, body);
}

sst_kind sst__kind_of_mail(sst_mail *mail, const sst__body *body)
{
	const sst_text *value = mail->headers[body->level].value;
	signs s = {0};

	header_signs(mail, value, &s);
	word_signs(body, &s);
	if (body->forwarded.is == FORWARD_SURE)
		s.header = 5, s.machine = true;
	else if (body->forwarded.is == FORWARD_MAYBE && s.header < 5)
		s.header = 3, s.machine = true, s.posed = s.by_role = false;
	/* A language that nobody knows here: codes are the same in all of them. */
	if (s.header >= 3 && s.words < 2 && body->count > 0 && sst__body_has_code(body))
		s.words += 2;
	if ((s.by_role && !(body->early & SHAPE_RECIPIENTS) &&
	     !names_somebody(body, REASON_PLAIN) && !holds_message(mail, body)) ||
	    (s.posed && !tells_of_mail(mail, body)))
		return SST_KIND_OTHER;
	if (s.header >= 5 && s.words >= 1 &&
	    !(s.automatic && (s.subject & SHAPE_SUBJECT_AUTOMATIC)))
		return report_kind(&s, body);
	/* Programs that refuse mail also say that they reply; but not that somebody is away. */
	if (!s.bulk && !s.prefixed && (body->early & SHAPE_FAILED) && body->quoted_lines == 0 &&
	    value[FIELD_AUTO_REPLY].ptr == NULL && value[FIELD_AUTO_SUBMITTED].ptr != NULL &&
	    !(body->kinds & (SHAPE_AUTOMATIC | SHAPE_CHALLENGE)) &&
	    !is_about_another(without_tag(value[FIELD_SUBJECT])) &&
	    names_somebody(body, REASON_LISTED))
		return report_kind(&s, body);
	if (is_answer(value, &s, body))
		return SST_KIND_AUTO_REPLY;
	if (s.machine && (s.header >= 5 || (s.header >= 3 && s.words >= 2)) &&
	    says_enough(mail, &s, body))
		return report_kind(&s, body);
	/* The Subject is all that the header tells: others fail to deliver things too. */
	if (s.header >= 2 && s.words >= 3 && !s.personal && !s.bulk &&
	    names_somebody(body, REASON_NEAR) &&
	    (names_somebody(body, REASON_LISTED) || tells_of_mail(mail, body)))
		return report_kind(&s, body);
	/* A list server refuses in its own name. */
	if ((body->early & SHAPE_LIST) && (body->early & SHAPE_FAILED) && body->quoted_lines == 0 &&
	    (body->forwarded.is || !holds(value[FIELD_SUBJECT], "re:")))
		return report_kind(&s, body);
	/* Nothing in the header: the words alone must make it plain, and at once. */
	if (!s.bulk && (body->early & SHAPE_FAILED) && body->quoted_lines == 0 &&
	    (body->returned || body->transcript > 0 || body->has_fields ||
	     tells_both(mail, body)) &&
	    (body->forwarded.is ||
	     (!holds(value[FIELD_SUBJECT], "re:") && !holds(value[FIELD_SUBJECT], "fw"))))
		return report_kind(&s, body);
	return SST_KIND_OTHER;
}
