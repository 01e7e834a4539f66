/* SPDX-License-Identifier: MIT
 * write/address.c - checks of addresses, hosts, words and lines. */
#include "write/address.h"
#include "core/text.h"
#include "write/encode.h"

static const char no_space[] = "RFC 5321 section 4.1.2: no white space, CR, LF or control";
static const char not_utf8[] = "RFC 6532 section 3.1: octets outside of ASCII are UTF-8";
static const char empty[] = "it may not be empty";
static const char not_ascii[] = "RFC 5322 section 2.2: ASCII only";

enum { LOCAL_MOST = 64, DOMAIN_MOST = 255, NAME_MOST = 255, LABEL_MOST = 63 };

static sst_result fine(sst_text text)
{
	return (sst_result){SST_OK, text.len, NULL};
}

static sst_result bad(size_t at, const char *rule)
{
	return (sst_result){SST_E_SYNTAX, at, rule};
}

static bool is_control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7F;
}

static bool is_atom_char(char c)
{
	return sst__is_alpha(c) || sst__is_digit(c) ||
	       (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* A step over one character that is not ASCII: 0 if it may not stand in a name. C1 controls and the
 * line separators would break lines in some readers. */
static size_t wide_step(sst_text text, size_t at)
{
	uint32_t point = 0;
	size_t len = sst__utf8_get(text, at, &point);

	if (point < 0xA0 || point == 0x2028 || point == 0x2029 || point == 0x3000)
		return 0;
	return len;
}

sst_result sst__word_check(sst_text word, bool wide, const char *rule)
{
	size_t at = 0;

	while (at < word.len) {
		char c = word.ptr[at];
		size_t step = 1;

		if (c == ' ' || is_control(c))
			return bad(at, rule);
		if ((unsigned char)c >= 0x80)
			step = wide ? wide_step(word, at) : 0;
		if (step == 0)
			return bad(at, wide ? not_utf8 : not_ascii);
		at += step;
	}
	return word.len == 0 ? bad(0, empty) : fine(word);
}

sst_result sst__line_check(sst_text line, bool wide)
{
	for (size_t at = 0; at < line.len;) {
		char c = line.ptr[at];
		size_t step = 1;

		if (is_control(c) && c != '\t')
			return bad(at, "RFC 5322 section 2.2: no CR, LF or control in a field");
		if ((unsigned char)c >= 0x80)
			step = wide ? sst__utf8_get(line, at, NULL) : 0;
		if (step == 0)
			return bad(at, wide ? not_utf8 : not_ascii);
		at += step;
	}
	return fine(line);
}

sst_result sst__atom_check(sst_text atom)
{
	for (size_t at = 0; at < atom.len; at++)
		if (!is_atom_char(atom.ptr[at]))
			return bad(at, "RFC 3464 section 2.1.2: a type is an atom");
	return atom.len == 0 ? bad(0, empty) : fine(atom);
}

/* A quoted local part with its quotes; .at is behind it. */
static sst_result quoted_check(sst_text text)
{
	static const char open[] = "RFC 5321 section 4.1.2: a quoted local part ends in a quote";
	size_t at = 1;

	while (at < text.len && text.ptr[at] != '"') {
		char c = text.ptr[at];
		size_t step = 1;

		if (is_control(c))
			return bad(at, no_space);
		if (c == ' ')
			return bad(
			        at,
			        "white space in an address is not written, though RFC 5321 lets it "
			        "stand in quotes");
		if (c == '\\') {
			at++;
			if (at >= text.len || (unsigned char)text.ptr[at] >= 0x80 ||
			    text.ptr[at] == ' ' || is_control(text.ptr[at]))
				return bad(
				        at,
				        "RFC 5321 section 4.1.2: a backslash quotes one printable");
		} else if ((unsigned char)c >= 0x80) {
			step = wide_step(text, at);
		}
		if (step == 0)
			return bad(at, not_utf8);
		at += step;
	}
	return at < text.len ? (sst_result){SST_OK, at + 1, NULL} : bad(text.len, open);
}

/* An unquoted local part; .at is behind it. */
static sst_result dot_atom_check(sst_text text)
{
	size_t at = 0;

	while (at < text.len && text.ptr[at] != '@') {
		char c = text.ptr[at];
		size_t step = 1;

		if (c == ' ' || is_control(c))
			return bad(at, no_space);
		if ((unsigned char)c >= 0x80)
			step = wide_step(text, at);
		else if (c == '.' ? at == 0 || text.ptr[at - 1] == '.' : !is_atom_char(c))
			return bad(
			        at,
			        "RFC 5321 section 4.1.2: a local part is a dot-string or quoted");
		if (step == 0)
			return bad(at, not_utf8);
		at += step;
	}
	if (at == 0)
		return bad(0, "RFC 5321 section 4.1.2: an address has a local part");
	if (text.ptr[at - 1] == '.')
		return bad(at - 1, "RFC 5321 section 4.1.2: a local part does not end in a dot");
	return (sst_result){SST_OK, at, NULL};
}

static sst_result literal_check(sst_text domain)
{
	for (size_t at = 1; at + 1 < domain.len; at++) {
		char c = domain.ptr[at];

		if (c == ' ' || is_control(c))
			return bad(at, no_space);
		if ((unsigned char)c >= 0x7F || c == '[' || c == ']' || c == '\\')
			return bad(at, "RFC 5321 section 4.1.3: not an address literal");
	}
	if (domain.len < 3 || domain.ptr[domain.len - 1] != ']')
		return bad(domain.len, "RFC 5321 section 4.1.3: an address literal ends in ]");
	return fine(domain);
}

/* Labels of letters, digits, hyphens and underscores (which stand in many host names). */
static sst_result domain_check(sst_text domain)
{
	size_t label = 0;

	if (sst__at(domain, 0) == '[')
		return literal_check(domain);
	for (size_t at = 0; at < domain.len;) {
		char c = domain.ptr[at];
		size_t step = 1;

		if (c == ' ' || is_control(c))
			return bad(at, no_space);
		if ((unsigned char)c >= 0x80)
			step = wide_step(domain, at);
		else if (c != '.' && c != '-' && c != '_' && !sst__is_alpha(c) && !sst__is_digit(c))
			return bad(at, "RFC 5321 section 4.1.2: not a letter of a domain");
		if (step == 0)
			return bad(at, not_utf8);
		if (c == '.' && label == 0)
			return bad(at, "RFC 1034 section 3.5: a label is not empty");
		label = c == '.' ? 0 : label + step;
		if (label > LABEL_MOST && (unsigned char)c < 0x80)
			return bad(at, "RFC 1035 section 2.3.4: a label has at most 63 octets");
		at += step;
	}
	if (domain.len == 0 || label == 0)
		return bad(domain.len, "RFC 1034 section 3.5: a label is not empty");
	if (domain.len > DOMAIN_MOST)
		return bad(DOMAIN_MOST,
		           "RFC 5321 section 4.5.3.1.2: a domain has at most 255 octets");
	return fine(domain);
}

sst_result sst__address_check(sst_text address, bool bare)
{
	sst_result local, domain;

	if (address.len == 0)
		return bad(0, empty);
	local = address.ptr[0] == '"' ? quoted_check(address) : dot_atom_check(address);
	if (local.err != SST_OK)
		return local;
	if (local.at > LOCAL_MOST && local.at < address.len)
		return bad(LOCAL_MOST,
		           "RFC 5321 section 4.5.3.1.1: a local part has at most 64 octets");
	if (local.at == address.len && bare && address.len <= NAME_MOST)
		return fine(address);
	if (sst__at(address, local.at) != '@')
		return bad(local.at,
		           "RFC 5321 section 4.1.2: an address has a local part, @ and a domain");
	domain = domain_check(sst__text_part(address, local.at + 1, address.len));
	domain.at += local.at + 1;
	return domain;
}

sst_result sst__host_check(sst_text host)
{
	if (host.len > NAME_MOST)
		return bad(NAME_MOST,
		           "RFC 5321 section 4.5.3.1.2: a domain has at most 255 octets");
	if (sst__at(host, 0) == '[')
		return literal_check(host);
	for (size_t at = 0; at < host.len; at++)
		if ((unsigned char)host.ptr[at] >= 0x80)
			return bad(at, "RFC 5890 section 2.3.2.1: a host name outside of ASCII is "
			               "written in A-labels (xn--)");
	return sst__word_check(host, false, no_space);
}

bool sst__host_is_full(sst_text host)
{
	return sst__at(host, 0) == '[' ||
	       (domain_check(host).err == SST_OK && sst__text_find(host, 0, '.') < host.len);
}
