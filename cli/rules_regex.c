/* SPDX-License-Identifier: MIT
 * cli/rules_regex.c - a regular expression as words with gaps, where it is no more than that. */
#include "cli/rules_regex.h"
#include "core/text.h"

#include <stdio.h>
#include <string.h>

typedef struct regex_reader {
	sst_text in;
	size_t at;
	cli_as_words *out;
	bool group; /* inside of "( a | b )" */
	bool failed;
} regex_reader;

static char here(const regex_reader *r, size_t ahead)
{
	return sst__at(r->in, r->at + ahead);
}

static char last(const regex_reader *r)
{
	return r->out->len > 0 ? r->out->words[r->out->len - 1] : ' ';
}

static void put(regex_reader *r, const char *bytes)
{
	size_t len = strlen(bytes);

	if (bytes[0] == ' ' && r->out->len > 0 && last(r) == ' ') {
		bytes++;
		len--;
	}
	if (r->out->len + len >= sizeof r->out->words) {
		r->failed = true;
		return;
	}
	memcpy(r->out->words + r->out->len, bytes, len);
	r->out->len += len;
}

static void put_char(regex_reader *r, char c)
{
	char bytes[2] = {c, '\0'};

	put(r, bytes);
}

/* Any words, where a gap can stand. */
static void put_gap(regex_reader *r)
{
	size_t len = r->out->len;

	if (r->group)
		r->failed = true;
	if (last(r) != ' ')
		put(r, " ");
	if (len < 2 || r->out->words[r->out->len - 2] != '*')
		put(r, "* ");
}

/* "*", "+", "?", "{2,3}", each perhaps with "?" behind; says whether there was one. */
static bool skip_quantifier(regex_reader *r)
{
	size_t at = r->at;

	if (here(r, 0) == '{')
		r->at = sst__text_find(r->in, r->at, '}') + 1;
	else if (here(r, 0) == '*' || here(r, 0) == '+' || here(r, 0) == '?')
		r->at++;
	if (r->at > at && here(r, 0) == '?')
		r->at++;
	return r->at > at;
}

/* [Uu] is a letter; other classes stand for any word if they repeat. */
static void read_class(regex_reader *r)
{
	size_t end = sst__text_find(r->in, r->at + 2, ']');
	char a = here(r, 1), b = here(r, 2);
	bool letter = end == r->at + 3 && sst__is_alpha(a) && (a | 0x20) == (b | 0x20);
	bool blank = end <= r->at + 4 && (a == ' ' || b == ' ') && !sst__is_alpha(a);

	r->at = end + 1;
	if (letter)
		put_char(r, a);
	else if (blank)
		put(r, " ");
	if (skip_quantifier(r) ? letter : !letter && !blank)
		r->failed = true;
	else if (!letter && !blank)
		put_gap(r);
}

static void read_escape(regex_reader *r)
{
	char c = here(r, 1);

	r->at += 2;
	if (c == 'b' || c == 'B' || c == 'A' || c == 'z' || c == 'Z')
		return;
	if (c == 's' || c == 't' || c == 'n' || c == 'r') {
		skip_quantifier(r);
		put(r, " ");
	} else if (c == 'd' || c == 'w' || c == 'S' || c == 'D' || c == 'W') {
		skip_quantifier(r);
		put_gap(r);
	} else if (sst__is_alpha(c) || sst__is_digit(c)) {
		r->failed = true;
	} else {
		skip_quantifier(r);
		put(r, " ");
	}
}

static void read_one(regex_reader *r);

/* ( a | b ), without groups inside. One that may be missing is a gap. */
static void read_group(regex_reader *r)
{
	size_t end = sst__text_find(r->in, r->at, ')'), bar, start = r->out->len;
	bool alternatives;

	r->at += here(r, 1) == '?' && here(r, 2) == ':' ? 3 : 1;
	bar = sst__text_find(r->in, r->at, '|');
	alternatives = bar < end;
	if (end == r->in.len || r->group || here(r, 0) == '?' || last(r) != ' ') {
		r->failed = true;
		return;
	}
	if (alternatives) {
		r->group = true;
		put(r, "( ");
	}
	while (r->at < end && !r->failed) {
		if (here(r, 0) == '|') {
			put(r, " | ");
			r->at++;
		} else {
			read_one(r);
		}
	}
	if (alternatives)
		put(r, " ) ");
	r->group = false;
	r->at = end + 1;
	if (here(r, 0) == '?' || here(r, 0) == '*') {
		r->out->len = start;
		skip_quantifier(r);
		put_gap(r);
	} else if (sst__is_alpha(here(r, 0)) || skip_quantifier(r)) {
		r->failed = true;
	}
}

static bool is_wordy(char c)
{
	return sst__is_alpha(c) || sst__is_digit(c) || (unsigned char)c >= 0x80 || c == '\'';
}

static void read_letter(regex_reader *r)
{
	char c = here(r, 0);

	r->at++;
	if (here(r, 0) == '?' && is_wordy(c) && !is_wordy(here(r, 1)) && last(r) != ' ') {
		r->at++; /* "users?": a word that may go on */
		put(r, "* ");
		return;
	}
	if (is_wordy(c) && skip_quantifier(r))
		r->failed = true;
	else if (!is_wordy(c))
		skip_quantifier(r);
	put_char(r, is_wordy(c) ? c : ' ');
}

static void read_one(regex_reader *r)
{
	switch (here(r, 0)) {
	case '^':
	case '$':
		r->at++;
		break;
	case '.':
		r->at++;
		if (skip_quantifier(r))
			put_gap(r);
		else
			put(r, " ");
		break;
	case '\\':
		read_escape(r);
		break;
	case '[':
		read_class(r);
		break;
	case '(':
		read_group(r);
		break;
	case ')':
	case '{':
	case '*':
	case '+':
	case '?':
		r->failed = true;
		break;
	default:
		read_letter(r);
	}
}

/* Digits and dots, with the dots as a regular expression may have them: "5\.1\.1". */
static unsigned read_code(sst_text in, size_t *at, char *code, size_t room)
{
	size_t i = *at, len = 0;
	unsigned dots = 0;

	while (i < in.len && len + 1 < room) {
		char c = in.ptr[i];
		if (c == '\\' && sst__at(in, i + 1) == '.')
			c = in.ptr[++i];
		if (!sst__is_digit(c) && (c != '.' || !sst__is_digit(sst__at(in, i + 1))))
			break;
		dots += c == '.';
		code[len++] = c;
		i++;
	}
	code[len] = '\0';
	if (is_wordy(sst__at(in, i)) || (dots == 0 ? len != 3 : dots != 2))
		return 0;
	*at = i;
	return dots == 0 ? 1 : 2;
}

/* "\d{3}", "\d\d\d": any reply code, which says nothing; "4\d\d", "5\d{2}": all of a class. */
static bool read_class_code(regex_reader *r, char *code)
{
	static const char *const digits[] = {"\\d\\d\\d", "\\d{3}", "\\d\\d", "\\d{2}"};
	char class = here(r, 0);
	bool classed = class == '4' || class == '5';
	sst_text rest = sst__text_part(r->in, r->at + classed, r->in.len);

	for (unsigned i = classed ? 2 : 0; i < (classed ? 4u : 2u); i++)
		if (sst__text_starts(rest, sst__text_constant(digits[i]))) {
			memcpy(code, classed ? (char[]){class, 'x', 'x', '\0'} : "",
			       classed ? 4 : 1);
			r->at += classed + strlen(digits[i]);
			return true;
		}
	return false;
}

/* "^550 5\.1\.1 " is no words but codes; the longer one says more. */
static void read_codes(regex_reader *r)
{
	char code[24];

	if (sst__text_starts(sst__text_part(r->in, r->at, r->in.len), SST_TEXT("(?i)")))
		r->at += 4;
	if (here(r, 0) == '^')
		r->at++;
	for (unsigned n = 0; n < 2; n++) {
		if ((n > 0 || !read_class_code(r, code)) &&
		    read_code(r->in, &r->at, code, sizeof code) == 0)
			return;
		memcpy(r->out->codes, code, sizeof code);
		while (here(r, 0) == ' ' || here(r, 0) == '-' || here(r, 0) == '#' ||
		       (here(r, 0) == '\\' && here(r, 1) == 's'))
			r->at += here(r, 0) == '\\' ? 2 : 1;
	}
}

/* Gaps and blanks at either end say nothing. */
static void trim(cli_as_words *out)
{
	sst_text words = sst__text_trim((sst_text){out->words, out->len});

	while (sst__text_ends(words, SST_TEXT(" *")))
		words = sst__text_trim(sst__text_part(words, 0, words.len - 2));
	while (sst__text_starts(words, SST_TEXT("* ")))
		words = sst__text_trim(sst__text_part(words, 2, words.len));
	memmove(out->words, words.ptr, words.len);
	out->len = words.len;
}

bool cli_regex_next(sst_text regex, size_t *at, cli_as_words *out)
{
	regex_reader r = {regex, *at, out, false, false};

	out->len = 0;
	out->codes[0] = '\0';
	if (*at >= regex.len)
		return false;
	read_codes(&r);
	while (r.at < regex.len && here(&r, 0) != '|' && !r.failed)
		read_one(&r);
	if (r.failed) {
		out->len = 0;
		out->codes[0] = '\0';
		*at = regex.len; /* where the next alternative begins isn't known */
		return true;
	}
	trim(out);
	*at = r.at + 1;
	return true;
}
