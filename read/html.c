/* SPDX-License-Identifier: MIT
 * read/html.c - the words of an HTML part. */
#include "read/html.h"
#include "core/utf8.h"

typedef struct scan {
	sst_text in;
	size_t at;
	char *out;
	size_t len;
} scan;

static bool tag_is(sst_text tag, const char *name)
{
	size_t len = strlen(name);

	return sst__text_starts(tag, (sst_text){name, len}) && !sst__is_alpha(sst__at(tag, len)) &&
	       !sst__is_digit(sst__at(tag, len));
}

static bool is_block(sst_text tag)
{
	static const char *const blocks[] = {
	        "br", "p",  "div", "tr",  "li",    "h1", "h2", "h3",         "h4",    "hr",  "dt",
	        "dd", "ul", "ol",  "pre", "table", "td", "th", "blockquote", "title", "body"};

	if (sst__at(tag, 0) == '/')
		tag = sst__text_part(tag, 1, tag.len);
	for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
		if (blocks[i][0] == sst__lower(sst__at(tag, 0)) && tag_is(tag, blocks[i]))
			return true;
	return false;
}

static void put(scan *s, char c)
{
	/* Never ahead of what was read. */
	if (s->len < s->at)
		s->out[s->len++] = c;
}

/* Moves to "</name", which must come; to the end of the text where it doesn't. */
static void skip_element(scan *s, const char *name)
{
	size_t len = strlen(name);

	while (s->at < s->in.len) {
		s->at = sst__text_find(s->in, s->at, '<') + 1;
		sst_text rest = sst__text_part(s->in, s->at, s->at + len + 1);
		if (sst__at(rest, 0) == '/' && tag_is(sst__text_part(rest, 1, rest.len), name)) {
			s->at--;
			return;
		}
	}
	s->at = s->in.len;
}

static bool is_address_tag(sst_text tag)
{
	bool at_sign = false;

	for (size_t i = 0; i < tag.len; i++) {
		if (tag.ptr[i] == '@')
			at_sign = true;
		if (tag.ptr[i] == '=' || tag.ptr[i] == '"' || sst__is_space(tag.ptr[i]))
			return false;
	}
	return at_sign;
}

/* A '<' inside ends the search, so that a text of '<' alone is read in one pass. */
static size_t tag_end(const scan *s)
{
	return sst__text_find_either(s->in, s->at + 1, '>', '<');
}

static bool begins_tag(char c)
{
	return sst__is_alpha(c) || c == '/' || c == '!' || c == '?';
}

/* A block begins or ends: a new line, but no empty one except where a reader sees one. */
static void break_line(scan *s, sst_text tag)
{
	enum { LOOK_BACK = 32 };
	size_t end = s->len, floor = end > LOOK_BACK ? end - LOOK_BACK : 0;
	unsigned breaks = 0, most = sst__lower(sst__at(tag, sst__at(tag, 0) == '/')) == 'p' ? 2 : 1;

	while (end > floor && breaks < most && (s->out[end - 1] == '\n' || s->out[end - 1] == ' '))
		breaks += s->out[--end] == '\n';
	if (breaks < most || tag_is(tag, "br"))
		put(s, '\n');
}

/* At '<'. */
static void take_tag(scan *s)
{
	size_t end;
	sst_text tag;

	if (sst__text_starts(sst__text_part(s->in, s->at, s->at + 4), SST_TEXT("<!--"))) {
		const char *close = memmem(s->in.ptr + s->at + 4, s->in.len - s->at - 4, "-->", 3);
		s->at = close != NULL ? (size_t)(close - s->in.ptr) + 3 : s->in.len;
		return;
	}
	end = tag_end(s);
	tag = sst__text_part(s->in, s->at + 1, end);
	if (sst__at(s->in, end) != '>' || !begins_tag(sst__at(tag, 0))) {
		s->at++;
		put(s, '<');
		return;
	}
	if (is_address_tag(tag)) {
		s->at = end + 1;
		put(s, '<');
		for (size_t i = 0; i < tag.len; i++)
			put(s, tag.ptr[i]);
		put(s, '>');
		return;
	}
	s->at = end + 1;
	if (tag_is(tag, "style"))
		skip_element(s, "style");
	else if (tag_is(tag, "script"))
		skip_element(s, "script");
	else if (is_block(tag))
		break_line(s, tag);
}

static void put_point(scan *s, unsigned point)
{
	char bytes[4];
	unsigned len = point < 0x110000 ? sst__utf8_put(point == 0xa0 ? ' ' : point, bytes) : 0;

	for (unsigned i = 0; i < len; i++)
		put(s, bytes[i]);
}

static unsigned entity_number(sst_text name)
{
	unsigned value = 0, base = 10;
	size_t i = 1;

	if (sst__lower(sst__at(name, 1)) == 'x') {
		base = 16;
		i = 2;
	}
	for (; i < name.len && value < 0x110000; i++) {
		char c = sst__lower(name.ptr[i]);
		if (sst__is_digit(c))
			value = value * base + (unsigned)(c - '0');
		else if (base == 16 && c >= 'a' && c <= 'f')
			value = value * base + (unsigned)(c - 'a' + 10);
		else
			return 0;
	}
	return value < 0x20 || (value >= 0xd800 && value < 0xe000) ? ' ' : value;
}

static void take_entity(scan *s)
{
	static const struct {
		const char *name;
		unsigned point;
	} names[] = {{"lt", '<'},      {"gt", '>'},      {"amp", '&'},      {"quot", '"'},
	             {"apos", '\''},   {"nbsp", ' '},    {"auml", 0xe4},    {"ouml", 0xf6},
	             {"uuml", 0xfc},   {"Auml", 0xc4},   {"Ouml", 0xd6},    {"Uuml", 0xdc},
	             {"szlig", 0xdf},  {"eacute", 0xe9}, {"egrave", 0xe8},  {"agrave", 0xe0},
	             {"aacute", 0xe1}, {"iacute", 0xed}, {"oacute", 0xf3},  {"uacute", 0xfa},
	             {"ntilde", 0xf1}, {"ccedil", 0xe7}, {"atilde", 0xe3},  {"otilde", 0xf5},
	             {"ecirc", 0xea},  {"acirc", 0xe2},  {"ocirc", 0xf4},   {"copy", 0xa9},
	             {"laquo", 0xab},  {"raquo", 0xbb},  {"rsquo", 0x2019}, {"lsquo", 0x2018}};
	sst_text name = sst__text_part(s->in, s->at + 1, s->at + 12);
	size_t end = sst__text_find(name, 0, ';');
	unsigned point = 0;

	if (end < name.len) {
		name.len = end;
		if (sst__at(name, 0) == '#')
			point = entity_number(name);
		for (size_t i = 0; point == 0 && i < sizeof names / sizeof *names; i++)
			if (strlen(names[i].name) == name.len &&
			    memcmp(names[i].name, name.ptr, name.len) == 0)
				point = names[i].point;
	}
	if (point == 0) {
		s->at++;
		put(s, '&');
		return;
	}
	s->at += end + 2;
	put_point(s, point);
}

size_t sst__html_strip(char *text, size_t len)
{
	scan s = {{text, len}, 0, text, 0};

	while (s.at < len) {
		size_t from = s.at;
		s.at = sst__text_find_either(s.in, from, '<', '&');
		memmove(s.out + s.len, text + from, s.at - from);
		s.len += s.at - from;
		if (s.at == len)
			break;
		if (text[s.at] == '<')
			take_tag(&s);
		else
			take_entity(&s);
	}
	return s.len;
}

static void copy(scan *s, size_t upto)
{
	memmove(s->out + s->len, s->in.ptr + s->at, upto - s->at);
	s->len += upto - s->at;
	s->at = upto;
}

/* Copies the first bytes of what is left, and the end from `mark` on, if that stands in the last
 * `most` bytes: the beginning of what would close an element. */
static void copy_ends(scan *s, size_t first, char mark, size_t most)
{
	size_t at;

	copy(s, s->at + first);
	at = s->in.len - s->at > most ? s->in.len - most : s->at;
	while (at < s->in.len && s->in.ptr[at] != mark)
		at++;
	s->at = at;
	copy(s, s->in.len);
}

/* The tag at '<' without its attributes. False: the text ends inside of it. */
static bool squeeze_tag(scan *s)
{
	sst_text rest = sst__text_part(s->in, s->at, s->in.len), tag;
	size_t end, name = 1;

	if (sst__text_starts(rest, SST_TEXT("<!--"))) {
		size_t close = sst__text_search(rest, 4, SST_TEXT("-->"));
		if (close < rest.len)
			s->at += close + 3;
		else
			copy_ends(s, 4, '-', 2);
		return close < rest.len;
	}
	end = tag_end(s);
	tag = sst__text_part(s->in, s->at + 1, end);
	if (!begins_tag(sst__at(tag, 0)) || sst__at(s->in, end) == '<') {
		copy(s, s->at + 1);
		return true;
	}
	if (end < s->in.len && is_address_tag(tag)) {
		copy(s, end + 1);
		return true;
	}
	while (name < tag.len && !sst__is_space(tag.ptr[name]) && tag.ptr[name] != '/')
		name++;
	if (end == s->in.len && name == tag.len) /* its name may go on */
		return copy(s, end), false;
	copy(s, s->at + 1 + name);
	s->out[s->len++] = end < s->in.len ? '>' : ' ';
	s->at = end + 1;
	if (end < s->in.len && (tag_is(tag, "style") || tag_is(tag, "script"))) {
		size_t from = s->at;
		skip_element(s, tag_is(tag, "style") ? "style" : "script");
		if (s->at >= s->in.len) {
			s->at = from;
			copy_ends(s, 0, '<', 8);
		}
	}
	return end < s->in.len;
}

size_t sst__html_squeeze(char *text, size_t len)
{
	scan s = {{text, len}, 0, text, 0};

	while (s.at < len) {
		copy(&s, sst__text_find(s.in, s.at, '<'));
		if (s.at < len && !squeeze_tag(&s))
			break;
	}
	return s.len;
}
