/* SPDX-License-Identifier: MIT
 * core/scan.c - running text to folded words. */
#include "core/scan.h"
#include "core/context.h"
#include "core/fold.h"
#include "core/names.h"

/* Position is advanced by this much between two sentences, and between two clauses. */
enum { SENTENCE = 4, CLAUSE = 1 };

/* A longer run is no name or address of a host or mailbox, and is taken in pieces: to look to its
 * end at each piece would cost the square of its length. */
enum { RUN = 1024 };

/* Letters, digits and bytes beyond ASCII may belong to a word. */
enum { WORDY = SST__BYTE_LETTER | SST__BYTE_DIGIT | SST__BYTE_HIGH, PLAIN_LETTERS = 48 };

struct scanner {
	struct sst__scan *out;
	sst_text text, own;
	size_t at;
	uint16_t position;
	bool full;
	bool ideograph; /* the last word was one, so that no blank is needed after it */
	uint8_t part;   /* ideographs since a word in front of them */
};

/* Any byte that may belong to a word. */
static bool is_wordy(char c)
{
	return sst__byte_is(c, WORDY);
}

static bool is_space_or_end(sst_text text, size_t at)
{
	return at >= text.len || sst__is_space(text.ptr[at]);
}

/* Opens a word that starts at `from`; false if the window is full. */
static bool open_word(struct scanner *s, size_t from)
{
	struct sst__scan *out = s->out;

	if (out->words >= SST__WORDS || out->folded_len + 8 > SST__FOLDED) {
		s->full = true;
		return false;
	}
	out->word[out->words].from = (uint32_t)from;
	out->word[out->words].upto = (uint32_t)from;
	out->word[out->words].at = (uint16_t)out->folded_len;
	out->word[out->words].position = s->position++;
	out->words++;
	return true;
}

static void close_word(struct scanner *s, size_t upto)
{
	struct sst__scan *out = s->out;

	out->word[out->words - 1].upto = (uint32_t)upto;
	out->folded[out->folded_len++] = ' ';
	s->ideograph = false;
}

/* Something that is not a word takes one byte in the folded text. */
static bool put_place(struct scanner *s, int place, size_t from, size_t upto)
{
	if (!open_word(s, from))
		return false;
	s->out->folded[s->out->folded_len++] = (char)place;
	close_word(s, upto);
	return true;
}

/* "host.example[192.0.2.1]" is one host: its address says nothing more. */
static bool is_address_of_host(const struct scanner *s, size_t from)
{
	const struct sst__scan *out = s->out;
	const struct sst__word *before;

	if (out->words == 0 || from == 0 || s->text.ptr[from - 1] != '[')
		return false;
	before = &out->word[out->words - 1];
	return out->folded[before->at] == SST__PLACE_HOST &&
	       sst__text_beside(s->text, before->upto, from, 3);
}

static bool put_ip(struct scanner *s, size_t from, size_t upto)
{
	if (is_address_of_host(s, from)) {
		s->out->word[s->out->words - 1].upto = (uint32_t)upto;
		return true;
	}
	return put_place(s, SST__PLACE_IP, from, upto);
}

/* Keeps the folded bytes of a name, so that rules can look into it. */
static void put_inner(struct scanner *s, int mark, size_t from, size_t upto)
{
	struct sst__scan *out = s->out;
	struct sst__inner *inner = &out->inner[out->inners];

	if (out->words == 0 || out->inners >= SST__INNERS ||
	    upto - from > SST__INNER_BYTES - out->inner_len)
		return;
	inner->at = (uint16_t)out->inner_len;
	inner->len = (uint16_t)(upto - from);
	inner->word = (uint16_t)(out->words - 1);
	inner->mark = (uint8_t)mark;
	for (size_t i = from; i < upto; i++)
		out->inner_bytes[out->inner_len++] = sst__lower(s->text.ptr[i]);
	out->inners++;
}

/* An ideograph is a word, and stands beside its neighbours without a blank. Two of them are as far
 * as one word elsewhere, of letters of Thai four. */
static bool put_ideograph(struct scanner *s, const struct sst__folded *c, size_t from)
{
	struct sst__scan *out = s->out;
	unsigned a_word = (unsigned char)c->bytes[0] == 0xe0 ? 4 : 2;

	if (s->ideograph)
		out->folded_len--; /* takes the blank back */
	s->part = s->ideograph ? (uint8_t)(s->part + 1) : 1;
	if (s->ideograph && s->part % a_word != 1)
		s->position--;
	if (!open_word(s, from))
		return false;
	memcpy(out->folded + out->folded_len, c->bytes, c->len);
	out->folded_len += c->len;
	close_word(s, from + c->used);
	s->ideograph = true;
	return true;
}

static bool room_for_letter(const struct scanner *s)
{
	return s->out->folded_len + 8 <= SST__FOLDED;
}

/* An apostrophe of `used` bytes at `at` with a word of some length behind it: l'adresse,
 * dell'utente; not don't. */
static bool elides(sst_text text, size_t at, unsigned used)
{
	bool apostrophe = text.ptr[at] == '\'' ||
	                  (used == 3 && sst__text_starts(sst__text_part(text, at, text.len),
	                                                 SST_TEXT("\xe2\x80\x99")));

	for (size_t i = at + used; apostrophe && i < at + used + 3; i++)
		apostrophe = sst__is_alpha(sst__at(text, i)) || (uint8_t)sst__at(text, i) >= 0x80;
	return apostrophe;
}

/* The word behind an apostrophe may be looked for with what stands before it and without. */
static void open_part(struct scanner *s, size_t at, size_t from)
{
	struct sst__word *before = &s->out->word[s->out->words - 1];

	before->upto = (uint32_t)at;
	s->position--;
	if (!open_word(s, from))
		s->position++;
}

/* Arabic and Hebrew write "the", "and", "in", "to", "from" together with the word behind: where the
 * word at `at` goes on without one of them; `at` if it has none or would be too short. */
static size_t behind_particle(sst_text text, size_t at)
{
	static const char particles[][5] = {"\xd8\xa7\xd9\x84", "\xd9\x88", "\xd9\x81", "\xd8\xa8",
	                                    "\xd9\x83",         "\xd9\x84", "\xd7\x94", "\xd7\x95",
	                                    "\xd7\x91",         "\xd7\x9b", "\xd7\x9c", "\xd7\x9e",
	                                    "\xd7\xa9"};
	unsigned char first = (unsigned char)sst__at(text, at);

	if (first < 0xd7 || first > 0xd9)
		return at;
	for (unsigned i = 0; i < sizeof particles / sizeof *particles; i++) {
		sst_text particle = {particles[i], particles[i][2] == '\0' ? 2u : 4u};
		size_t end = at + particle.len, third = end + 4;
		if (sst__text_starts(sst__text_part(text, at, text.len), particle) &&
		    (unsigned char)sst__at(text, end) >= 0xd7 &&
		    (unsigned char)sst__at(text, end + 2) >= 0xd7 &&
		    (unsigned char)sst__at(text, third) >= 0xd7)
			return end;
	}
	return at;
}

/* Digits with a unit of bytes directly behind them are two words: their end, or `from`. */
static size_t measure_end(sst_text text, size_t from, size_t upto)
{
	size_t at = from;
	char unit;

	while (at < upto && sst__is_digit(text.ptr[at]))
		at++;
	unit = sst__lower(sst__at(text, at));
	if (at == from || at + 2 > upto || sst__lower(text.ptr[at + 1]) != 'b' ||
	    (unit != 'k' && unit != 'm' && unit != 'g'))
		return from;
	return at + 2 == upto || (uint8_t)text.ptr[at + 2] >= 0x80 ? at : from;
}

/* Folds the letters from `from` to before `upto` to words; anything else separates them. */
static void put_words(struct scanner *s, size_t from, size_t upto)
{
	struct sst__scan *out = s->out;
	bool open = false;
	size_t cut = from;  /* a word ends there, though letters follow */
	size_t stem = from; /* what stands before is a particle of the word */
	struct sst__folded c;

	for (size_t i = from; i < upto; i += c.used) {
		char b = s->text.ptr[i];
		c.used = 1;
		if (open && i == cut) {
			close_word(s, i);
			open = false;
		}
		if ((unsigned char)b >= 0x80) {
			sst__fold(s->text, i, &c);
		} else {
			c.kind = sst__is_alpha(b) || sst__is_digit(b) ? SST__LETTER_WORD
			         : b == '\''                          ? SST__LETTER_NOTHING
			                                              : SST__LETTER_BLANK;
			c.bytes[0] = sst__lower(b);
			c.len = 1;
		}
		if (open && c.kind == SST__LETTER_NOTHING && elides(s->text, i, c.used))
			open_part(s, i, i + c.used);
		if (open && i == stem && c.kind == SST__LETTER_WORD) {
			stem = behind_particle(s->text, i);
			open_part(s, i, i);
		}
		if (c.kind == SST__LETTER_NOTHING)
			continue;
		if (open && (c.kind != SST__LETTER_WORD || !room_for_letter(s))) {
			close_word(s, i);
			open = false;
		}
		if (c.kind == SST__LETTER_STOP)
			s->position += SENTENCE;
		if (c.kind == SST__LETTER_IDEOGRAPH && !put_ideograph(s, &c, i)) {
			s->at = i;
			return;
		}
		if (c.kind != SST__LETTER_WORD)
			continue;
		if (!open && !open_word(s, i)) {
			s->at = i;
			return;
		}
		if (!open) {
			cut = measure_end(s->text, i, upto);
			stem = behind_particle(s->text, i);
		}
		open = true;
		memcpy(out->folded + out->folded_len, c.bytes, c.len);
		out->folded_len += c.len;
	}
	if (open)
		close_word(s, upto);
	s->at = upto;
}

/* A link: from its scheme to the next blank, bracket or quote; a final stop is the sentence's. */
static size_t link_end(sst_text text, size_t at)
{
	while (at < text.len && !sst__is_space(text.ptr[at]) && text.ptr[at] != '<' &&
	       text.ptr[at] != '>' && text.ptr[at] != '"' && text.ptr[at] != ')' &&
	       text.ptr[at] != ']')
		at++;
	while (at > 0 &&
	       (text.ptr[at - 1] == '.' || text.ptr[at - 1] == ',' || text.ptr[at - 1] == ';' ||
	        text.ptr[at - 1] == ':' || text.ptr[at - 1] == '\'' || text.ptr[at - 1] == '!'))
		at--;
	return at;
}

static bool is_local_char(char c)
{
	return sst__byte_is(c, WORDY | SST__BYTE_LOCAL);
}

/* The first '@' in the run of bytes from `at` that might be one address, name or number; 0 if there
 * is none. */
static size_t sign_of_run(sst_text text, size_t at)
{
	size_t end = text.len - at > RUN ? at + RUN : text.len;

	while (at < end && is_local_char(text.ptr[at]))
		at++;
	return at < text.len && text.ptr[at] == '@' ? at : 0;
}

static bool put_address(struct scanner *s, size_t from, size_t sign)
{
	size_t end = sign + 1;

	while (end < s->text.len && (is_wordy(s->text.ptr[end]) || s->text.ptr[end] == '.' ||
	                             s->text.ptr[end] == '-' || s->text.ptr[end] == '_'))
		end++;
	while (end > sign + 1 && !is_wordy(s->text.ptr[end - 1]))
		end--;
	if (!put_place(s, SST__PLACE_ADDRESS, from, end))
		return false;
	put_inner(s, SST__MARK_ADDRESS, from, end);
	s->at = end;
	return true;
}

static bool put_link(struct scanner *s, size_t from)
{
	size_t end = link_end(s->text, from);

	if (!put_place(s, SST__PLACE_LINK, from, end))
		return false;
	put_inner(s, SST__MARK_NAME, from, end);
	s->at = end;
	return true;
}

static bool starts_link(sst_text text, size_t at)
{
	sst_text rest = sst__text_part(text, at, text.len);
	char first = sst__lower(sst__at(text, at));

	char second = sst__lower(sst__at(text, at + 1));

	if ((first != 'h' && first != 'w' && first != 'f') || (second != 't' && second != 'w'))
		return false;
	return sst__text_starts(rest, SST_TEXT("http://")) ||
	       sst__text_starts(rest, SST_TEXT("https://")) ||
	       sst__text_starts(rest, SST_TEXT("ftp://")) ||
	       sst__text_starts(rest, SST_TEXT("www."));
}

/* May stand between two letters of one name or word. */
static bool is_joint(char c)
{
	return sst__byte_is(c, SST__BYTE_JOINT);
}

/* Letters, digits, and single dots, hyphens, underlines and apostrophes between them. */
static size_t name_end(sst_text text, size_t at)
{
	size_t end = text.len - at > RUN ? at + RUN : text.len;

	while (at < end && is_wordy(text.ptr[at])) {
		at++;
		if (at + 1 < end && is_joint(text.ptr[at]) && is_wordy(text.ptr[at + 1]))
			at++;
	}
	if (at == end && end < text.len)
		while ((text.ptr[at] & 0xc0) == 0x80 &&
		       at > end - 4) /* not inside of one character */
			at--;
	return at;
}

/* A reply code before a blank, a hyphen or a line's end: it is told apart from words elsewhere, and
 * here it is as if it were not there, so that a reply reads the same folded and unfolded. */
static size_t reply_code_end(sst_text text, size_t at, size_t end)
{
	char c = text.ptr[at];
	size_t i = at + 3;

	if (end - at < 3 || c < '2' || c > '5' || c == '3' || text.ptr[at + 1] > '7' ||
	    !sst__is_digit(text.ptr[at + 1]) || !sst__is_digit(text.ptr[at + 2]))
		return at;
	if (i == end || text.ptr[i] == '-' || text.ptr[i] == '.')
		return i;
	while (i < end && sst__is_alpha(text.ptr[i]))
		i++;
	return i == end && i - at > 5 ? at + 3 : at; /* 550User */
}

/* The address of a host: four numbers with dots, or an IPv6 address. */
static size_t ip_end(sst_text text, size_t at)
{
	size_t i = at;
	unsigned dots = 0, colons = 0;
	bool pair = false;

	if (!sst__is_digit(text.ptr[at]) && text.ptr[at] != ':' &&
	    (sst__lower(text.ptr[at]) < 'a' || sst__lower(text.ptr[at]) > 'f'))
		return at;

	for (; i < text.len && i - at < 46; i++) {
		char c = sst__lower(text.ptr[i]);
		if (c == '.')
			dots++;
		else if (c == ':') {
			pair |= i > at && text.ptr[i - 1] == ':';
			colons++;
		} else if (!sst__is_digit(c) && (c < 'a' || c > 'f'))
			break;
	}
	if (i < text.len && sst__is_alpha(text.ptr[i]))
		return at;
	if (colons >= 2 && (pair || colons >= 5) && dots <= 3) {
		while (i > at && (text.ptr[i - 1] == '.' || (text.ptr[i - 1] == ':' && !pair)))
			i--;
		return i;
	}
	return at;
}

static bool all_digits_and_dots(sst_text text, size_t from, size_t upto, unsigned *dots)
{
	*dots = 0;
	for (; from < upto; from++) {
		if (text.ptr[from] == '.')
			++*dots;
		else if (!sst__is_digit(text.ptr[from]))
			return false;
	}
	return true;
}

/* 203.0.113.9 is the address of a host; 250.2.1.5 and 550.5.1.1, two codes joined by a dot, can be
 * none: no host has an address from 224 on. */
static bool may_be_host(sst_text text, size_t at)
{
	unsigned digits;

	return sst__text_number(text, at, 3, &digits) < 224;
}

/* Numbers with dots: 5.1.1 is a code and put aside, 192.0.2.1 is the address of a host. */
static bool put_dotted(struct scanner *s, size_t from, size_t upto, unsigned dots)
{
	char first = s->text.ptr[from];

	s->at = upto;
	if (dots == 2 && s->text.ptr[from + 1] == '.' &&
	    (first == '2' || first == '4' || first == '5'))
		return true;
	if (dots == 3 && put_ip(s, from, upto))
		return true;
	if (dots == 3)
		return false;
	return put_place(s, SST__PLACE_NUMBER, from, upto);
}

/* The own name of the recipient, if it could not be a plain word. */
static bool is_own(const struct scanner *s, size_t from, size_t upto)
{
	bool plain = true;

	if (s->own.len < 3 || upto - from != s->own.len ||
	    !sst__text_same(sst__text_part(s->text, from, upto), s->own))
		return false;
	for (size_t i = from; i < upto; i++)
		plain &= sst__is_alpha(s->text.ptr[i]);
	return !plain;
}

/* One run without an '@': a link, a code, a number, a host name or words. */
static void put_name(struct scanner *s, size_t from)
{
	size_t upto = name_end(s->text, from), code;
	unsigned dots;
	bool dotted;

	if (is_own(s, from, upto)) {
		if (put_place(s, SST__PLACE_ADDRESS, from, upto))
			s->at = upto;
		return;
	}
	dotted = all_digits_and_dots(s->text, from, upto, &dots) && dots > 0;
	code = reply_code_end(s->text, from, upto);
	if (code > from && !(dotted && dots == 3 && may_be_host(s->text, from))) {
		s->at = code;
		return;
	}
	if (dotted) {
		put_dotted(s, from, upto, dots);
		return;
	}
	if (sst__is_host_name(sst__text_part(s->text, from, upto))) {
		if (!put_place(s, SST__PLACE_HOST, from, upto))
			return;
		put_inner(s, SST__MARK_NAME, from, upto);
		s->at = upto;
		return;
	}
	put_words(s, from, upto);
}

static void put_run(struct scanner *s)
{
	size_t from = s->at, end, sign, start;

	if (starts_link(s->text, from)) {
		put_link(s, from);
		return;
	}
	end = ip_end(s->text, from);
	if (end > from) {
		if (put_ip(s, from, end))
			s->at = end;
		return;
	}
	sign = sign_of_run(s->text, from);
	if (sign > from && sign + 1 < s->text.len && is_wordy(s->text.ptr[sign + 1])) {
		for (start = sign; start > from && is_local_char(s->text.ptr[start - 1]);)
			start--;
		put_address(s, start, sign);
		return;
	}
	put_name(s, from);
}

/* Whether a row of letters that ends at `at` can be nothing but a word, whatever follows. */
static bool ends_plainly(sst_text text, size_t from, size_t at)
{
	char c = sst__at(text, at);

	if (at >= text.len)
		return true;
	if (c == '.' || c == ':')
		return is_space_or_end(text, at + 1) && at - from != 3; /* www. is a link */
	return c != '@' && !sst__byte_is(c, WORDY | SST__BYTE_LOCAL | SST__BYTE_JOINT);
}

/* The short way for most of all text: a word of letters alone. */
static bool put_plain(struct scanner *s)
{
	struct sst__scan *out = s->out;
	size_t from = s->at, at = from, most = s->text.len;
	char *to = out->folded + out->folded_len;
	struct sst__word *word = &out->word[out->words];

	if (out->words >= SST__WORDS || out->folded_len + PLAIN_LETTERS + 8 > SST__FOLDED)
		return false;
	if (most - from > PLAIN_LETTERS)
		most = from + PLAIN_LETTERS;
	while (at < most && sst__byte_is(s->text.ptr[at], SST__BYTE_LETTER))
		*to++ = (char)(s->text.ptr[at++] | 0x20);
	if (!ends_plainly(s->text, from, at))
		return false;
	*to++ = ' ';
	word->from = (uint32_t)from;
	word->upto = (uint32_t)at;
	word->at = (uint16_t)out->folded_len;
	word->position = s->position++;
	out->words++;
	out->folded_len = (unsigned)(to - out->folded);
	s->ideograph = false;
	s->at = at;
	return true;
}

/* <...> without a blank is an address, a link or a host; never words. Returns the end, or `at`. */
static size_t angle_end(sst_text text, size_t at)
{
	size_t i = at + 1;

	while (i < text.len && i - at < 330 && !sst__is_space(text.ptr[i]) && text.ptr[i] != '<' &&
	       text.ptr[i] != '>')
		i++;
	return i < text.len && text.ptr[i] == '>' ? i + 1 : at;
}

static bool is_tag(sst_text name)
{
	static const char *const tags[] = {"br", "p",   "b",  "i",  "a",  "li",
	                                   "ul", "div", "td", "tr", "br/"};

	if (name.len > 0 && name.ptr[0] == '/')
		return true;
	for (unsigned i = 0; i < sizeof tags / sizeof *tags; i++)
		if (sst__text_same(name, sst__text_constant(tags[i])))
			return true;
	return false;
}

static void put_angle(struct scanner *s)
{
	size_t end = angle_end(s->text, s->at), from = s->at;
	sst_text name = sst__text_part(s->text, from + 1, end - 1);
	int place = SST__PLACE_ADDRESS;

	if (end == from) {
		s->at++;
		return;
	}
	if (is_tag(name)) {
		s->at = end;
		return;
	}
	if (name.len == 0)
		place = SST__PLACE_NULL_SENDER;
	else if (starts_link(name, 0))
		place = SST__PLACE_LINK;
	else if (sst__is_host_name(name))
		place = SST__PLACE_HOST;
	if (!put_place(s, place, from, end))
		return;
	s->at = end;
	if (place != SST__PLACE_NULL_SENDER)
		put_inner(s, place == SST__PLACE_ADDRESS ? SST__MARK_ADDRESS : SST__MARK_NAME,
		          from + 1, end - 1);
}

/* ": 550 ": what a server said begins; who it was is told before. */
static bool answer_follows(sst_text text, size_t at)
{
	char first;

	at += sst__folding(text, at);
	first = sst__at(text, at + 1);
	return sst__at(text, at) == ' ' && (first == '5' || first == '4') &&
	       sst__is_digit(sst__at(text, at + 2)) && sst__is_digit(sst__at(text, at + 3)) &&
	       !sst__is_digit(sst__at(text, at + 4));
}

/* Punctuation and white space; a sentence's end makes what follows farther away. */
static void pass_mark(struct scanner *s)
{
	char c = s->text.ptr[s->at++];

	if ((c == '.' || c == '!' || c == '?') && is_space_or_end(s->text, s->at))
		s->position += SENTENCE;
	else if (c == ':' && answer_follows(s->text, s->at))
		s->position += SENTENCE;
	else if (c == ';')
		s->position += CLAUSE;
}

bool sst__scan_next(sst_text text, size_t *at, sst_text own, struct sst__scan *scan)
{
	struct scanner s = {scan, text, own, *at, 0, false, false, 0};

	scan->words = scan->inners = 0;
	scan->folded_len = scan->inner_len = 0;
	while (!s.full && s.at < text.len) {
		char c = text.ptr[s.at];
		if (c == ' ')
			s.at++;
		else if (sst__byte_is(c, SST__BYTE_LETTER) && put_plain(&s))
			continue;
		else if (c == '<')
			put_angle(&s);
		else if (is_wordy(c) || (c == ':' && ip_end(text, s.at) > s.at))
			put_run(&s);
		else
			pass_mark(&s);
	}
	*at = s.at;
	return scan->words > 0;
}

void sst__windows_open(struct sst__windows *windows, sst_text text, sst_text own)
{
	windows->text = text;
	windows->own = own;
	windows->at = 0;
	sst__scan_next(text, &windows->at, own, &windows->first);
}
