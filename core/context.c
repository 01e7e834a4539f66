/* SPDX-License-Identifier: MIT
 * core/context.c - what stands around a number. Every look around is bounded, so that the finder
 * stays linear whatever the text holds. */
#include "core/context.h"
#include "core/text.h"

#define LOOK_AROUND 64
#define LOOK_FAR 256

#define EACH(byte) (UINT64_C(0x0101010101010101) * (uint8_t)(byte))

size_t sst__next_digit(sst_text in, size_t at)
{
	uint64_t word;

	/* A byte xor '0' is below ten for digits alone: adding 118 then leaves its top bit clear.
	 */
	for (; at < in.len && in.len - at >= sizeof word; at += sizeof word) {
		memcpy(&word, in.ptr + at, sizeof word);
		word ^= EACH('0');
		if (~(((word & EACH(0x7f)) + EACH(118)) | word) & EACH(0x80))
			break;
	}
	while (at < in.len && !sst__is_digit(in.ptr[at]))
		at++;
	return at;
}

void sst__number_read(sst_text in, size_t at, struct number *number)
{
	*number = (struct number){.from = at};
	for (;;) {
		size_t start = at;
		uint32_t value = 0;

		for (; sst__is_digit(sst__at(in, at)); at++)
			if (at - start < 9)
				value = value * 10 + (uint32_t)(in.ptr[at] - '0');
		if (number->parts < 4) {
			number->len[number->parts] = at - start > 99 ? 99 : (unsigned)(at - start);
			number->value[number->parts] = value;
		}
		if (number->parts < 5)
			number->parts++;
		if (sst__at(in, at) != '.' || !sst__is_digit(sst__at(in, at + 1)))
			break;
		at++;
	}
	number->upto = at;
}

static bool is_word(char c)
{
	return sst__is_alpha(c) || sst__is_digit(c) || (uint8_t)c >= 0x80;
}

/* One of `words`, which are in lower case and parted by blanks. */
static bool one_of(sst_text word, const char *words)
{
	if (word.len == 0 || !sst__is_alpha(word.ptr[0])) /* they all begin with a letter */
		return false;
	for (;; words++) {
		size_t same = 0;

		while (same < word.len && words[same] == sst__lower(word.ptr[same]))
			same++;
		words += same;
		if (same == word.len && (*words == ' ' || *words == '\0'))
			return true;
		while (*words != ' ' && *words != '\0')
			words++;
		if (*words == '\0')
			return false;
	}
}

size_t sst__wide_blank(sst_text in, size_t at)
{
	uint8_t a = (uint8_t)sst__at(in, at), b = (uint8_t)sst__at(in, at + 1);
	uint8_t c = (uint8_t)sst__at(in, at + 2);

	if (a == 0xc2 && b == 0xa0)
		return 2; /* no-break space */
	if (a == 0xe2 && b == 0x80 && ((c >= 0x80 && c <= 0x8b) || c == 0xaf))
		return 3; /* the widths of a blank */
	if (a == 0xe3 && b == 0x80 && c == 0x80)
		return 3; /* ideographic space */
	return 0;
}

size_t sst__folding(sst_text in, size_t at)
{
	size_t end = at;

	if (sst__at(in, end) == '\r')
		end++;
	if (sst__at(in, end) != '\n' || !sst__is_blank(sst__at(in, end + 1)) || end + 2 >= in.len ||
	    sst__is_space(in.ptr[end + 2]))
		return 0;
	return end + 1 - at;
}

/* Without a folding that ends before the blank in front of `at`. */
static size_t before_folding(sst_text in, size_t at)
{
	size_t line;

	if (at < 2 || in.ptr[at - 2] != '\n')
		return at;
	line = at >= 3 && in.ptr[at - 3] == '\r' ? at - 3 : at - 2;
	return line > 0 && sst__folding(in, line) > 0 ? line : at;
}

/* One byte back; a blank and the folding in front of it are one. So what is within reach does not
 * depend on where lines are folded. */
static size_t step_back(sst_text in, size_t at)
{
	size_t folded = before_folding(in, at);

	return folded < at ? folded : at - 1;
}

/* How many bytes a blank that is no ASCII takes in front of `at`; 0: none ends there. */
static unsigned wide_before(sst_text in, size_t at)
{
	for (unsigned bytes = 2; bytes <= 3 && bytes <= at; bytes++)
		if (sst__wide_blank(in, at - bytes) == bytes)
			return bytes;
	return 0;
}

/* Where blanks in front of `at` begin. */
static size_t before_blanks(sst_text in, size_t at)
{
	unsigned steps = 0, wide;

	while (at > 0 && steps < LOOK_AROUND) {
		if (sst__is_blank(in.ptr[at - 1])) {
			at = step_back(in, at);
			steps++;
		} else if ((wide = wide_before(in, at)) > 0) {
			at -= wide;
			steps += wide;
		} else {
			break;
		}
	}
	return at;
}

static bool is_one(char c, const char *marks)
{
	for (; *marks != '\0'; marks++)
		if (*marks == c)
			return true;
	return false;
}

sst_text sst__word_before(sst_text in, size_t at, const char *skip)
{
	unsigned steps = 0;
	size_t end;

	for (; at > 0 && steps < LOOK_AROUND; steps++) {
		if (!sst__is_blank(in.ptr[at - 1]) && !is_one(in.ptr[at - 1], skip))
			break;
		at = step_back(in, at);
	}
	end = at;
	for (; at > 0 && steps < LOOK_AROUND; steps++) {
		if (!is_word(in.ptr[at - 1]) && in.ptr[at - 1] != '_')
			break;
		at--;
	}
	return sst__text_part(in, at, end);
}

/* Words after which a server's answer or a code is quoted. */
static const char introducers[] =
        "error err code reply response status smtp esmtp lmtp dsn said says "
        "returned returns answered answer replied responded result reason "
        "failed failure rejected diagnostic state errorcode fehler "
        "responsecode statuscode replycode "
        "fehlercode erreur errore fout fel feil virhe chyba";
/* The same, but many a plain number comes behind them too. */
static const char weak_introducers[] = "with was is got of";
static const char versions[] = "version ver v release build revision rev exim sendmail postfix php "
                               "java openssl linux kernel port";

/* The last byte of a mark beyond ASCII that ends before `at`: full-width digits are `d`, opening
 * quotes and brackets `"`, a wide colon `:`; other letters are `x`. */
static char foreign_kind(sst_text in, size_t at)
{
	uint8_t a, b, c;

	if (at < 2)
		return 'x';
	a = at >= 3 ? (uint8_t)in.ptr[at - 3] : 0;
	b = (uint8_t)in.ptr[at - 2];
	c = (uint8_t)in.ptr[at - 1];
	if (a == 0xef && b == 0xbc && c >= 0x90 && c <= 0x99)
		return 'd';
	if (b == 0xd9 && c >= 0xa0 && c <= 0xa9)
		return 'd';
	if (a == 0xef && b == 0xbc && c == 0x9a)
		return ':';
	if (a == 0xe2 && b == 0x80 && (c == 0x93 || c == 0x94))
		return '-';
	if ((a == 0xe2 && b == 0x80 && c >= 0x98 && c <= 0x9f) || (b == 0xc2 && c == 0xab) ||
	    (a == 0xef && b == 0xbc && c == 0x88) ||
	    (a == 0xe3 && b == 0x80 && (c == 0x8c || c == 0x8e || c == 0x90)))
		return '"';
	return 'x';
}

/* `c` stands directly in front of the number and makes it part of something longer. */
static bool breaks(sst_text in, size_t at)
{
	char c = in.ptr[at - 1], before = at >= 2 ? in.ptr[at - 2] : '\0';

	if (sst__is_digit(c) || sst__is_alpha(c) || is_one(c, "_/\\@+%&?$~^*|"))
		return true;
	if (c == '.' || c == '-')
		return is_word(before) || before == '_' || (c == '-' && before == '.');
	if (c == ',')
		return sst__is_digit(before);
	if (c == ':')
		return sst__is_digit(before) || before == ':';
	if (c == '=')
		return !one_of(sst__word_before(in, at, "="), introducers);
	return (uint8_t)c >= 0x80 && foreign_kind(in, at) == 'd';
}

/* "error", and "ERROR_CODE" by its last part. */
static bool introduces(sst_text word)
{
	size_t part = word.len;

	while (part > 0 && word.ptr[part - 1] != '_')
		part--;
	return one_of(word, introducers) ||
	       (part > 0 && one_of(sst__text_part(word, part, word.len), introducers));
}

static enum lead lead_of_word(sst_text in, size_t at)
{
	sst_text word = sst__word_before(in, at, "");
	char last = in.ptr[at - 1], before;

	if (introduces(word))
		return LEAD_WORD;
	if (one_of(word, versions))
		return LEAD_BROKEN;
	if (one_of(word, weak_introducers))
		return LEAD_DASH;
	before = word.len < at ? in.ptr[at - word.len - 1] : '\0';
	if (word.len > 0 && !sst__is_digit(last) && is_one(before, ".@"))
		return LEAD_NAME;
	return LEAD_NOTHING;
}

static enum lead lead_of_foreign(sst_text in, size_t at, bool apart)
{
	switch (foreign_kind(in, at)) {
	case ':':
		return LEAD_COLON;
	case '"':
		return LEAD_QUOTE;
	case '-':
		return LEAD_DASH;
	case 'd':
		return LEAD_NOTHING;
	default:
		if (apart)
			return lead_of_word(in, at);
		return LEAD_FOREIGN;
	}
}

enum lead sst__lead_of(sst_text in, size_t at)
{
	size_t mark = before_blanks(in, at);
	char c, before;

	if (mark == 0)
		return LEAD_START;
	c = in.ptr[mark - 1];
	before = mark >= 2 ? in.ptr[mark - 2] : '\0';
	if (c == '\n' || c == '\r')
		return LEAD_START;
	if (mark == at && breaks(in, at))
		return LEAD_BROKEN;
	if ((uint8_t)c >= 0x80)
		return lead_of_foreign(in, mark, mark < at);
	if (c == ':' || c == ';' || c == '=')
		return introduces(sst__word_before(in, mark, ":;="))         ? LEAD_WORD
		       : one_of(sst__word_before(in, mark, ":;="), versions) ? LEAD_BROKEN
		                                                             : LEAD_COLON;
	if (is_one(c, "'\"`<"))
		return LEAD_QUOTE;
	if (c == '>' && (before == '-' || before == '='))
		return LEAD_ARROW;
	if (is_one(c, "([{"))
		return LEAD_BRACKET;
	if (c == '#')
		return mark == at && !is_word(before) ? LEAD_MARK : LEAD_NOTHING;
	if (c == '-')
		return !is_word(before) ? LEAD_DASH : LEAD_NOTHING;
	if (c == ',' && mark < at && is_one(before, "]>")) /* "mx.example.com[192.0.2.1], 550 no" */
		return LEAD_DASH;
	if (is_one(c, ">)],\"'"))
		return LEAD_NAME;
	return is_word(c) || c == '_' ? lead_of_word(in, mark) : LEAD_NOTHING;
}

bool sst__unit_follows(sst_text in, size_t at)
{
	static const char units[] =
	        "b k m g kb mb gb kib mib gib byte bytes kbytes mbytes kilobytes megabytes "
	        "messages recipients connections recipient(s) seconds secs sec minutes mins min "
	        "hours days weeks times mails emails e-mails lines characters chars octets "
	        "per errors attempts users percent items addresses";
	size_t from, upto;

	while (sst__is_blank(sst__at(in, at)) || sst__folding(in, at) > 0)
		at++;
	for (from = upto = at; upto < in.len && upto - from < 16 && is_word(in.ptr[upto]); upto++)
		;
	/* "550 k.baker@example.com" is no size. */
	if (sst__at(in, upto) == '@' ||
	    (sst__at(in, upto) == '.' && is_word(sst__at(in, upto + 1))))
		return false;
	return upto > from && one_of(sst__text_part(in, from, upto), units);
}

#define LITERAL(string)                   \
	{                                 \
		string, sizeof string - 1 \
	}

/* One of `words` stands at most `reach` bytes from `at`. */
static bool any_within(sst_text in, size_t at, size_t reach, const sst_text *words, size_t count)
{
	char unfolded[2 * LOOK_FAR];
	size_t from = at, len = 0, behind = 0;
	sst_text near;

	for (size_t i = 0; i < reach && from > 0; i++)
		from = step_back(in, from);
	while (from < in.len && behind < reach) {
		size_t folding = sst__folding(in, from);
		behind += folding == 0 && from >= at;
		if (folding == 0)
			unfolded[len++] = in.ptr[from++];
		else
			from += folding;
	}
	near = (sst_text){unfolded, len};
	for (size_t i = 0; i < count; i++)
		if (sst__text_search(near, 0, words[i]) < near.len)
			return true;
	return false;
}

bool sst__login_words_near(sst_text in, size_t at)
{
	static const sst_text words[] = {
	        LITERAL("auth"),    LITERAL("tls"),      LITERAL("ssl"),
	        LITERAL("encrypt"), LITERAL("password"), LITERAL("login"),
	};

	return any_within(in, at, LOOK_FAR, words, sizeof words / sizeof words[0]);
}

/* Words of a connection that could not be made. */
static bool network_words_near(sst_text in, size_t at)
{
	static const sst_text words[] = {
	        LITERAL("refused"),  LITERAL("unreachable"), LITERAL("timed out"),
	        LITERAL("no route"), LITERAL("socket"),
	};

	return any_within(in, at, LOOK_AROUND, words, sizeof words / sizeof words[0]);
}

/* The numbers that Linux, BSD and Windows give to connections that could not be made. */
static bool is_common_error(uint32_t value)
{
	static const uint32_t common[] = {51,  60,  61,    101,   104,   110,
	                                  111, 113, 10051, 10060, 10061, 10065};

	for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
		if (value == common[i])
			return true;
	return false;
}

bool sst__is_os_error(sst_text in, const struct number *number)
{
	uint32_t value = number->value[0];
	bool may_be = number->len[0] == 3 && value < 200, common = is_common_error(value);
	sst_text word;
	enum lead lead;

	if (number->parts != 1 || number->len[0] > 5 || value == 0)
		return false;
	word = sst__word_before(in, number->from, "#=:([-,");
	if (one_of(word, "errno"))
		return true;
	if (!may_be && !common) /* nearly all numbers: no need to look around */
		return false;
	lead = sst__lead_of(in, number->from);
	if (lead == LEAD_BROKEN || sst__unit_follows(in, number->upto))
		return false;
	/* "SMTP Error 101": mail programs print the system's number as if it were a reply. */
	if (may_be && one_of(word, "error") &&
	    sst__text_same(sst__word_before(in, (size_t)(word.ptr - in.ptr), ""), SST_TEXT("smtp")))
		return true;
	if (!common || (lead == LEAD_NOTHING && !one_of(word, introducers)))
		return false;
	return network_words_near(in, number->from);
}
