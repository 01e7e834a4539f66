/* SPDX-License-Identifier: MIT
 * read/address.c - mail addresses in fields and in running text. */
#include "read/address.h"

/* What may stand in a local part or domain outside quotes: RFC 5322's atext, dots, and UTF-8. */
static bool is_local(char c)
{
	return sst__is_alpha(c) || sst__is_digit(c) || (unsigned char)c >= 0x80 ||
	       (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

static bool is_domain(char c)
{
	return sst__is_alpha(c) || sst__is_digit(c) || (unsigned char)c >= 0x80 || c == '-' ||
	       c == '.' || c == '_';
}

/* A character that stands around addresses and in none, Latin and Greek letters apart: U+2000 and
 * above (ideographs, full-width marks, curly quotes), and the signs of Latin-1 (no-break space,
 * guillemets) but the three of them that are letters. */
static size_t outside_mark(sst_text text, size_t at)
{
	unsigned char lead = (unsigned char)sst__at(text, at);
	unsigned char next = (unsigned char)sst__at(text, at + 1);

	if (lead == 0xc2)
		return next != 0xaa && next != 0xb5 && next != 0xba ? 1 : 0;
	return lead >= 0xe2 ? 1 : 0;
}

sst_text sst__address_local(sst_text address)
{
	size_t at = address.len;

	while (at > 0 && address.ptr[at - 1] != '@')
		at--;
	return sst__text_part(address, 0, at > 0 ? at - 1 : address.len);
}

sst_text sst__address_domain(sst_text address)
{
	size_t at = address.len;

	while (at > 0 && address.ptr[at - 1] != '@')
		at--;
	return at > 0 ? sst__text_part(address, at, address.len) : SST_NO_TEXT;
}

bool sst__address_same(sst_text a, sst_text b)
{
	return a.len > 0 && sst__text_same(a, b);
}

bool sst__address_looks_real(sst_text address)
{
	sst_text domain = sst__address_domain(address);
	size_t local = domain.ptr == NULL ? address.len : address.len - domain.len - 1;

	return local > 0 && local <= 256 && domain.len > 0 && domain.len <= 255 &&
	       domain.ptr[0] != '.' && domain.ptr[0] != '-';
}

bool sst__address_is_machine(sst_text address)
{
	static const char *const names[] = {"mailer-daemon",
	                                    "mail-daemon",
	                                    "mailerdaemon",
	                                    "mailer_daemon",
	                                    "postmaster",
	                                    "mail-delivery",
	                                    "maildelivery",
	                                    "mail.delivery",
	                                    "mdaemon",
	                                    "mailadm",
	                                    "mailsystem",
	                                    "mail-system",
	                                    "mailersystem",
	                                    "exim",
	                                    "bounce",
	                                    "bounces",
	                                    "double-bounce",
	                                    "daemon",
	                                    "root",
	                                    "mailer",
	                                    "nobody",
	                                    "noreply",
	                                    "no-reply",
	                                    "do-not-reply",
	                                    "donotreply",
	                                    "smtpd",
	                                    "postmast",
	                                    "ndr",
	                                    "microsoftexchange",
	                                    "mmdf",
	                                    "uucp",
	                                    "abuse"};
	sst_text local = sst__address_local(address);

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		sst_text name;
		if (local.len == 0 || sst__lower(local.ptr[0]) != names[i][0])
			continue;
		name = (sst_text){names[i], strlen(names[i])};
		if (sst__text_starts(local, name) &&
		    (local.len == name.len || !sst__is_alpha(local.ptr[name.len]) || name.len > 11))
			return true;
	}
	return false;
}

/* Where the quotation that a text begins with ends: at its quote, or behind the text. */
static size_t quotation_end(sst_text text)
{
	size_t at = 1;

	while (at < text.len && text.ptr[at] != '"')
		at += text.ptr[at] == '\\' ? 2 : 1;
	return at < text.len ? at : text.len;
}

/* <address>, or the same with a name in front; the angle brackets' content. */
static sst_text in_angles(sst_text value)
{
	/* A quoted local part or name may hold angle brackets of its own. */
	size_t quoted = sst__at(value, 0) == '"' ? quotation_end(value) : 0;
	size_t open = sst__text_find(value, quoted, '<'), close;

	if (open >= value.len)
		return value;
	close = sst__text_find(value, open, '>');
	return sst__text_trim(sst__text_part(value, open + 1, close));
}

/* Takes a source route, "@a,@b:user@c" (RFC 5321 appendix C), and "mailto:" away. */
static sst_text without_prefix(sst_text address)
{
	size_t colon;
	char first = sst__lower(sst__at(address, 0));

	if (first != 'm' && first != 's' && first != 'r' && first != '@')
		return address;
	if (sst__text_starts(address, SST_TEXT("mailto:")))
		return sst__text_part(address, 7, address.len);
	if (sst__text_starts(address, SST_TEXT("smtp:")) ||
	    sst__text_starts(address, SST_TEXT("smtp=")) ||
	    sst__text_starts(address, SST_TEXT("rcpt=")))
		return sst__text_part(address, 5, address.len);
	if (sst__at(address, 0) != '@')
		return address;
	colon = sst__text_find(address, 0, ':');
	return colon < address.len ? sst__text_part(address, colon + 1, address.len) : address;
}

sst_text sst__address_field(sst_text value)
{
	size_t semicolon = sst__text_find(value, 0, ';');
	size_t at = sst__text_find(value, 0, '@');
	sst_text address = value;

	if (semicolon < at)
		address = sst__text_trim(sst__text_part(value, semicolon + 1, value.len));
	address = without_prefix(in_angles(address));
	if (sst__at(address, 0) == '"' && sst__text_find(address, 0, '@') < address.len) {
		size_t close = quotation_end(address);
		if (close + 1 >= address.len || sst__text_find(address, close, '@') >= address.len)
			address = sst__text_part(address, 1, close); /* quotes around all of it */
		return address;
	}
	for (size_t i = 0; i < address.len; i++) /* a comment or a second word */
		if (sst__is_space(address.ptr[i])) {
			if (sst__text_find(address, 0, '@') < i)
				address.len = i;
			break;
		}
	while (address.len > 0 &&
	       (address.ptr[address.len - 1] == ',' || address.ptr[address.len - 1] == ';'))
		address.len--;
	return address;
}

sst_text sst__address_first(sst_text value)
{
	sst__address_found found;
	size_t at = 0;

	return sst__address_next(value, &at, &found) ? found.address : SST_NO_TEXT;
}

/* Where the local part before the '@' at `sign` begins. */
static size_t local_start(sst_text text, size_t floor, size_t sign)
{
	size_t from = sign;

	if (from > floor && text.ptr[from - 1] == '"') { /* a quoted local part */
		for (size_t i = from - 1; i-- > floor && from - i < 80;)
			if (text.ptr[i] == '"' && (i == floor || text.ptr[i - 1] != '\\'))
				return i;
	}
	while (from > floor && sign - from < 256 && is_local(text.ptr[from - 1]) &&
	       !outside_mark(text, from - 1)) {
		/* The tail bytes of such a character belong to it. */
		if (((unsigned char)text.ptr[from - 1] & 0xc0) == 0x80) {
			size_t lead = from - 1;
			while (lead > floor && ((unsigned char)text.ptr[lead] & 0xc0) == 0x80)
				lead--;
			if (outside_mark(text, lead))
				break;
		}
		from--;
	}
	while (from < sign && strchr("'`=*.", text.ptr[from]) != NULL)
		if ((text.ptr[from] == '=' && sst__at(text, from + 1) == '?') ||
		    (text.ptr[from] == '.' && from > floor && text.ptr[from - 1] == '<'))
			break; /* an encoded word as a local part; a carrier's address with dots */
		else
			from++;
	return from;
}

static size_t domain_end(sst_text text, size_t at)
{
	size_t end = at;

	if (sst__at(text, at) == '[') { /* an address literal */
		end = sst__text_find(sst__text_part(text, 0, at + 50), at, ']');
		return sst__at(text, end) == ']' ? end + 1 : at;
	}
	while (end < text.len && end - at < 255 && is_domain(text.ptr[end]) &&
	       !outside_mark(text, end))
		end++;
	while (end > at &&
	       (text.ptr[end - 1] == '.' || text.ptr[end - 1] == '-' || text.ptr[end - 1] == '_'))
		end--;
	return end;
}

static bool has_dot_or_literal(sst_text domain)
{
	return sst__text_find(domain, 0, '.') < domain.len || sst__at(domain, 0) == '[';
}

bool sst__address_next(sst_text text, size_t *at, sst__address_found *out)
{
	size_t floor = *at;

	while (floor < text.len) {
		const char *hit = memchr(text.ptr + floor, '@', text.len - floor);
		size_t sign, from, upto;
		if (hit == NULL)
			break;
		sign = (size_t)(hit - text.ptr);
		from = local_start(text, floor, sign);
		upto = domain_end(text, sign + 1);
		floor = sign + 1;
		if (from == sign || upto == sign + 1)
			continue;
		out->address = sst__text_part(text, from, upto);
		out->bracketed = from > 0 && text.ptr[from - 1] == '<';
		if (!out->bracketed && !has_dot_or_literal(sst__address_domain(out->address)))
			continue;
		if (!sst__address_looks_real(out->address))
			continue;
		out->address = without_prefix(out->address);
		out->from = from - out->bracketed;
		out->upto = upto + (out->bracketed && sst__at(text, upto) == '>');
		*at = upto;
		return true;
	}
	*at = text.len;
	return false;
}
