/* SPDX-License-Identifier: MIT
 * core/find.c - codes in running text. A number is taken for a code by its form, by what stands in
 * front of it and by what follows; core/context.c answers the last two. The strict grammars are in
 * core/code.c and core/reply.c. */
#include "core/find.h"
#include "core/context.h"
#include "core/text.h"

#include <smtpstatus/words.h>

/* Enhanced codes that mail programs and lists write without their dots (423 for 4.2.3). */
static const uint16_t squeezed_codes[] = {422, 431, 432, 441, 442, 446, 447, 449, 465,
                                          471, 510, 511, 512, 513, 523, 541, 571};
/* Of these, the reply codes that RFC 4954 and its kin define: they are meant near words of login.
 */
static const uint16_t login_codes[] = {422, 432, 523};
/* Reply codes that lists for people write with dots (5.5.0 for 550). */
static const uint16_t dotted_codes[] = {211, 214, 220, 221, 250, 251, 252, 354, 420, 421, 450, 451,
                                        452, 500, 501, 502, 503, 504, 530, 550, 551, 552, 553, 554};

#define IS_IN(list, value) is_in(list, sizeof(list) / sizeof(list)[0], value)

static bool is_in(const uint16_t *list, size_t count, unsigned value)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == value)
			return true;
	return false;
}

static bool is_word(char c)
{
	return sst__is_alpha(c) || sst__is_digit(c) || c == '_';
}

/* Parts first, first + 1 and first + 2 have the form of an enhanced code, leading zeros allowed. */
static bool read_parts(const struct number *number, unsigned first, sst_found *out)
{
	const uint32_t *value = number->value + first;
	const unsigned *len = number->len + first;

	if (len[0] != 1 || len[1] > 3 || len[2] > 3)
		return false;
	out->code = (sst_code){(uint8_t)value[0], (uint16_t)value[1], (uint16_t)value[2]};
	for (unsigned i = 1; i < 3; i++)
		if (len[i] > 1 && (value[i] == 0 || value[i] < (len[i] == 3 ? 100 : 10)))
			out->notes |= SST_NOTE_LEADING_ZERO;
	return true;
}

static bool is_class(unsigned cls)
{
	return cls == 2 || cls == 4 || cls == 5;
}

/* What follows a code that stands by itself makes it something else: 4.0.3.abc, 5.1.1@, 5.1.1-rc1.
 */
static bool ends_badly(sst_text in, size_t at)
{
	char c = sst__at(in, at), next = sst__at(in, at + 1);

	if (at >= in.len)
		return false;
	if (is_word(c) || c == '@' || c == '/' || c == '%' || c == '+')
		return true;
	if (c == '.' || c == '-' || c == ':')
		return is_word(next) && (c != ':' || sst__is_digit(next));
	/* A full-width digit. */
	return c == '\xef' && next == '\xbc' && (uint8_t)sst__at(in, at + 2) >= 0x90 &&
	       (uint8_t)sst__at(in, at + 2) <= 0x99;
}

/* Behind a reply code more is forgiven. */
static bool ends_badly_after_reply(sst_text in, size_t at, bool same_class)
{
	char c = sst__at(in, at);

	if (sst__is_alpha(c) || (c == '.' && sst__is_alpha(sst__at(in, at + 1))))
		return !same_class;
	if (c == '-' || c == ':')
		return false;
	return ends_badly(in, at);
}

/* Bytes between a reply code and its enhanced code; 0 if something else stands there. */
static size_t gap_length(sst_text in, size_t at)
{
	size_t from = at, most = 6, wide;

	while (at < in.len && at - from < most && !sst__is_digit(in.ptr[at])) {
		char c = in.ptr[at];
		size_t folding = sst__folding(in, at);

		at += folding;
		most += folding;
		if (folding > 0)
			continue;
		wide = sst__wide_blank(in, at);
		if (wide > 0)
			at += wide;
		else if (sst__is_blank(c) || c == '-' || c == ':' || c == ',' || c == '#' ||
		         c == '(' || c == '[' || c == '\'' || c == '"' || c == '<' || c == ';' ||
		         c == '=')
			at++;
		else
			return 0;
	}
	return sst__is_digit(sst__at(in, at)) ? at - from : 0;
}

/* The enhanced code that belongs to the reply code before `at`. */
static bool read_pair(sst_finder *finder, size_t at, sst_found *out)
{
	sst_text in = finder->in;
	size_t gap = gap_length(in, at);
	sst_found pair = *out;
	struct number number;
	unsigned cls = out->reply / 100u;
	bool plain = gap == 1 && (in.ptr[at] == ' ' || in.ptr[at] == '-');

	plain = plain || (gap > 1 && gap == sst__folding(in, at) + 1);

	if (gap == 0)
		return false;
	sst__number_read(in, at + gap, &number);
	if (number.parts != 3 || !read_parts(&number, 0, &pair) ||
	    ends_badly_after_reply(in, number.upto, pair.code.cls == cls))
		return false;
	if (!is_class(pair.code.cls)) {
		if (!plain || pair.code.subject > 7)
			return false;
		/* "550 7.7.1": the class is read from the reply. */
		pair.code.cls = (uint8_t)cls;
		pair.notes |= SST_NOTE_INVALID_CLASS;
	}
	if (!plain || (number.upto < in.len && !sst__is_space(in.ptr[number.upto])))
		pair.notes |= SST_NOTE_UNUSUAL_SEPARATOR;
	if (cls == 3) {
		pair.code = (sst_code){0, 0, 0};
		pair.notes |= SST_NOTE_INVALID_CLASS;
	} else if (pair.code.cls != cls) {
		pair.notes |= SST_NOTE_CLASS_MISMATCH;
	}
	finder->code_from = number.from;
	finder->code_upto = pair.upto = number.upto;
	*out = pair;
	return true;
}

/* How sure it is that three digits at the start of a text or line are a reply code. */
static unsigned start_certainty(sst_text in, const struct number *number, sst_found *out,
                                bool first)
{
	char c = sst__at(in, number->upto);
	unsigned certainty = first ? 95 : 70;

	if (number->upto == in.len || sst__is_space(c) || c == '-') {
		if (c == '\t')
			out->notes |= SST_NOTE_UNUSUAL_SEPARATOR;
		if (!first && sst__unit_follows(in, number->upto))
			return 0;
		return out->reply / 10 % 10 > 5 ? certainty - 10 : certainty;
	}
	if (c == '/' || c == '%' || c == '+' || c == '@' || c == '*' || c == '_')
		return 0;
	out->notes |= SST_NOTE_UNUSUAL_SEPARATOR;
	return sst__is_alpha(c) || c == '.' ? certainty - 35 : certainty - 15;
}

/* How sure it is in the middle of a line, without an enhanced code behind it. */
static unsigned inner_certainty(const sst_finder *finder, const struct number *number,
                                enum lead lead)
{
	sst_text in = finder->in;
	char next = sst__at(in, number->upto);
	uint32_t value = number->value[0];
	bool apart = number->upto == in.len || sst__is_space(next);

	/* The next line of a reply that was unfolded into one line, or a reply quoted in a reply.
	 */
	if (value == finder->reply && (apart || next == '-') &&
	    (finder->more || sst__text_beside(in, finder->reply_end, number->from, 2)))
		return lead == LEAD_BROKEN ? 0 : 90;
	if (lead == LEAD_BROKEN || sst__unit_follows(in, number->upto))
		return 0;
	if (next == '<' && finder->reply != 0)
		return 55;
	if (ends_badly(in, number->upto) && next != '-')
		return 0;
	switch (lead) {
	case LEAD_WORD:
		return 85;
	case LEAD_QUOTE:
		return number->value[0] / 100 == 3 ? 0 : 75;
	case LEAD_ARROW:
		return 75;
	case LEAD_COLON:
		return apart || next == '-' || next == ':' ? 65 : 0;
	case LEAD_BRACKET:
		if (next == ')' || next == ']' || next == '}')
			return finder->reply == 0 ? 55 : 0;
		return 60;
	case LEAD_MARK:
	case LEAD_DASH:
		return apart && finder->reply == 0 ? 52 : 0;
	case LEAD_FOREIGN:
		return finder->reply == 0 && (uint8_t)next < 0x80 ? 52 : 0;
	case LEAD_NOTHING:
		/* "Delivery time expired 447: ..." */
		return next == ':' && finder->reply == 0 && IS_IN(squeezed_codes, value) ? 52 : 0;
	default:
		return 0;
	}
}

static void squeeze(sst_text in, const struct number *number, sst_found *out)
{
	unsigned value = out->reply;

	if (!IS_IN(squeezed_codes, value) ||
	    (IS_IN(login_codes, value) && sst__login_words_near(in, number->from)))
		return;
	out->code = (sst_code){(uint8_t)(value / 100), (uint16_t)(value / 10 % 10),
	                       (uint16_t)(value % 10)};
	out->notes |= SST_NOTE_SQUEEZED;
}

static bool is_first(const sst_finder *finder, size_t at)
{
	return at <= sst__lead_start(finder->in);
}

static bool take_reply(sst_finder *finder, const struct number *number, sst_found *out)
{
	sst_text in = finder->in;
	enum lead lead = sst__lead_of(in, number->from);
	bool paired;

	out->reply = (uint16_t)number->value[0];
	paired = lead != LEAD_BROKEN && read_pair(finder, number->upto, out);
	if (lead == LEAD_START || is_first(finder, number->from))
		out->certainty =
		        (uint8_t)start_certainty(in, number, out, is_first(finder, number->from));
	else
		out->certainty = (uint8_t)inner_certainty(finder, number, lead);
	if (paired) {
		unsigned sure = !(out->notes & SST_NOTE_CLASS_MISMATCH) ? 92 : 70;

		out->certainty = out->certainty > sure ? out->certainty : (uint8_t)sure;
	} else if (out->certainty > 0) {
		squeeze(in, number, out);
	}
	if (out->certainty == 0)
		return false;
	finder->line_start = lead == LEAD_START;
	finder->more = sst__at(in, number->upto) == '-';
	finder->reply = out->reply;
	finder->reply_end = out->upto;
	return true;
}

/* "554.5.6.2": a reply code and an enhanced code with a dot between them. An address has no number
 * above 255. */
static bool take_dotted_pair(sst_finder *finder, const struct number *number, sst_found *out)
{
	enum lead lead;

	if (number->len[0] != 3 || number->value[0] < 400 || number->value[0] > 599)
		return false;
	lead = sst__lead_of(finder->in, number->from);
	if ((lead != LEAD_START && lead != LEAD_WORD) || !read_parts(number, 1, out) ||
	    out->code.cls != number->value[0] / 100 || ends_badly(finder->in, number->upto))
		return false;
	out->reply = (uint16_t)number->value[0];
	out->notes |= SST_NOTE_UNUSUAL_SEPARATOR;
	out->certainty = 70;
	finder->line_start = lead == LEAD_START;
	finder->more = false;
	finder->reply = out->reply;
	finder->reply_end = number->upto;
	finder->code_from = number->from + 4;
	finder->code_upto = number->upto;
	return true;
}

/* A date with the time behind it: 4.10.24 15:00. */
static bool is_date(sst_text in, const struct number *number)
{
	size_t at = number->upto;
	unsigned digits;

	if (number->value[1] == 0 || number->value[1] > 12 || number->len[2] != 2)
		return false;
	at += sst__folding(in, at);
	if (!sst__is_blank(sst__at(in, at)))
		return false;
	sst__text_number(in, at + 1, 2, &digits);
	return digits == 2 && sst__at(in, at + 3) == ':';
}

/* How sure it is that a dotted number without a reply code beside it is an enhanced code. */
static unsigned code_certainty(const sst_finder *finder, const struct number *number,
                               enum lead lead)
{
	sst_text in = finder->in;
	char next = sst__at(in, number->upto);
	bool alone = finder->reply == 0;
	bool same = finder->reply / 100 == (int)number->value[0];

	if (lead == LEAD_MARK)
		return 92;
	if (lead == LEAD_BROKEN || ends_badly(in, number->upto) || is_date(in, number))
		return 0;
	switch (lead) {
	case LEAD_START:
		return is_first(finder, number->from) ? 90 : alone || same ? 70 : 0;
	case LEAD_WORD:
		return 85;
	case LEAD_BRACKET:
		if (next == '.' || next == ',')
			return 0;
		return same ? 85 : alone ? 70 : 0;
	case LEAD_QUOTE:
	case LEAD_COLON:
		return same ? 75 : alone ? 60 : 0;
	case LEAD_DASH:
		return same ? 75 : alone && sst__is_space(next) ? 52 : 0;
	case LEAD_ARROW:
		return same || alone ? 70 : 0;
	case LEAD_NAME:
		return same ? 65 : 0;
	default:
		return 0;
	}
}

static sst_text undressed(sst_text in)
{
	in = sst__text_trim(in);
	while (in.len > 0 && (in.ptr[0] == '(' || in.ptr[0] == '[' || in.ptr[0] == '#'))
		in = sst__text_part(in, 1, in.len);
	while (in.len > 0 && (in.ptr[in.len - 1] == ')' || in.ptr[in.len - 1] == ']' ||
	                      in.ptr[in.len - 1] == '.' || in.ptr[in.len - 1] == ':'))
		in.len--;
	return in;
}

/* Nothing but the code, or "SMTP Error", "SMTP Reply" in front of it. */
static bool may_be_reply(sst_text in, const struct number *number)
{
	sst_text word, before;

	if (undressed(in).len == number->upto - number->from)
		return true;
	word = sst__word_before(in, number->from, "");
	if (word.len == 0 || word.ptr + word.len == in.ptr + number->from)
		return false;
	before = sst__word_before(in, (size_t)(word.ptr - in.ptr), "");
	return sst__text_same(before, SST_TEXT("smtp")) || sst__text_same(word, SST_TEXT("smtp"));
}

/* The dotted spelling of reply codes. Where the enhanced reading makes no sense, the reply code is
 * taken; else both stay possible. */
static bool read_dotted(const struct number *number, sst_found *out)
{
	uint32_t cls = number->value[0], subject = number->value[1], detail = number->value[2];
	uint16_t value = (uint16_t)(cls * 100 + subject * 10 + detail);
	bool senseless;

	if (number->len[1] != 1 || number->len[2] != 1)
		return is_class(cls);
	if (value == 101 || value == 111) {
		out->os_error = value;
		out->notes |= SST_NOTE_ERRNO | SST_NOTE_SEED_SPELLING;
		out->code = (sst_code){0, 0, 0};
		return true;
	}
	if (!IS_IN(dotted_codes, value))
		return is_class(cls);
	senseless = cls == 2 || cls == 3 || (subject == 0 && detail != 0) || value == 451 ||
	            value == 452;
	out->dotted = value;
	out->notes |= SST_NOTE_SEED_SPELLING | (senseless ? 0 : SST_NOTE_TWO_READINGS);
	if (senseless) {
		out->reply = value;
		out->code = (sst_code){0, 0, 0};
	}
	return true;
}

static bool take_code(sst_finder *finder, const struct number *number, sst_found *out)
{
	enum lead lead;

	if (!read_parts(number, 0, out))
		return false;
	lead = sst__lead_of(finder->in, number->from);
	if (finder->reply == 0 && may_be_reply(finder->in, number)) {
		if (!read_dotted(number, out))
			return false;
	} else if (!is_class(number->value[0])) {
		return false;
	}
	out->certainty = (uint8_t)code_certainty(finder, number, lead);
	if (out->certainty == 0)
		return false;
	finder->line_start = lead == LEAD_START;
	finder->more = false;
	finder->code_from = number->from;
	finder->code_upto = number->upto;
	return true;
}

static bool take_os_error(sst_finder *finder, const struct number *number, sst_found *out)
{
	if (!sst__is_os_error(finder->in, number))
		return false;
	out->reply = 0;
	out->code = (sst_code){0, 0, 0};
	out->os_error = (uint16_t)number->value[0];
	out->notes = SST_NOTE_ERRNO;
	out->certainty = 70;
	finder->line_start = false;
	finder->more = false;
	return true;
}

static bool take(sst_finder *finder, const struct number *number, sst_found *out)
{
	*out = (sst_found){.from = number->from, .upto = number->upto};
	finder->code_from = finder->code_upto = 0;
	if (number->parts == 3)
		return take_code(finder, number, out);
	if (number->parts == 4)
		return take_dotted_pair(finder, number, out);
	if (number->parts != 1)
		return false;
	if (number->len[0] == 3 && number->value[0] >= 200 && number->value[0] <= 599 &&
	    take_reply(finder, number, out))
		return true;
	*out = (sst_found){.from = number->from, .upto = number->upto};
	return take_os_error(finder, number, out);
}

/* Where the line ends that `at` stands in, and not only is folded. */
static size_t line_end(sst_text in, size_t at)
{
	at = sst__text_find(in, at, '\n');
	while (at < in.len && sst__folding(in, at) > 0)
		at = sst__text_find(in, at + 1, '\n');
	return at;
}

sst_err sst__finder_next(sst_finder *finder, sst_found *out)
{
	struct number number;

	for (;;) {
		finder->at = sst__next_digit(finder->in, finder->at);
		if (finder->at >= finder->in.len)
			return SST_END;
		sst__number_read(finder->in, finder->at, &number);
		finder->at = number.upto;
		if (!take(finder, &number, out))
			continue;
		finder->at = out->upto;
		/* The words of 334 are base64 (RFC 4954): whatever looks like a code there is none.
		 */
		if (out->reply == 334 && finder->line_start)
			finder->at = line_end(finder->in, finder->at);
		return SST_OK;
	}
}

size_t sst__lead_start(sst_text in)
{
	size_t at = 0, end;

	while (at < in.len && sst__is_space(in.ptr[at]))
		at++;
	for (end = at; end < in.len && end - at < 16; end++)
		if (!sst__is_alpha(in.ptr[end]) && in.ptr[end] != '-')
			break;
	if (end == at || sst__at(in, end) != ';')
		return at;
	for (at = end + 1; at < in.len && sst__is_space(in.ptr[at]); at++)
		;
	return at;
}

void sst__finder_init(sst_finder *finder, sst_text in, size_t at)
{
	size_t lead = sst__lead_start(in);
	unsigned digits;
	uint32_t value;

	*finder = (sst_finder){.in = in, .at = at};
	if (at <= lead)
		return;
	value = sst__text_number(in, lead, 4, &digits);
	if (digits == 3 && value >= 200 && value <= 599) {
		finder->reply = (uint16_t)value;
		finder->reply_end = lead + 3;
		finder->more = sst__at(in, lead + 3) == '-';
	}
}

sst_err sst_code_find(sst_text in, size_t *at, sst_found *out)
{
	sst_finder finder;
	sst_err err;

	sst__finder_init(&finder, in, *at);
	err = sst__finder_next(&finder, out);
	*at = finder.at;
	return err;
}
