/* SPDX-License-Identifier: MIT
 * read/verp.c - addresses inside of addresses: variable envelope return paths, BATV (PRVS) and SRS.
 */
#include "read/kind.h"

static sst_text write_address(sst_text local, sst_text domain, char *out, size_t size)
{
	if (local.len == 0 || domain.len < 3 || local.len + domain.len + 1 > size ||
	    sst__text_find(domain, 0, '.') >= domain.len)
		return SST_NO_TEXT;
	memmove(out, local.ptr, local.len);
	out[local.len] = '@';
	memmove(out + local.len + 1, domain.ptr, domain.len);
	return (sst_text){out, local.len + domain.len + 1};
}

static bool is_host(sst_text text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!sst__is_alpha(text.ptr[i]) && !sst__is_digit(text.ptr[i]) &&
		    text.ptr[i] != '.' && text.ptr[i] != '-')
			return false;
	return text.len > 0;
}

/* The last c of text, or text.len. */
static size_t last(sst_text text, char c)
{
	size_t at = text.len;

	while (at > 0 && text.ptr[at - 1] != c)
		at--;
	return at > 0 ? at - 1 : text.len;
}

/* SRS0=hash=stamp=domain=local and SRS1=hash=host==... (the rewriting of forwarders). */
static sst_text from_srs(sst_text local, char *out, size_t size)
{
	sst_text domain, rest = sst__text_part(local, 5, local.len);
	size_t at;

	if (sst__text_starts(local, SST_TEXT("srs1"))) {
		size_t inner = sst__text_search(rest, 0, SST_TEXT("=="));
		if (inner >= rest.len)
			return SST_NO_TEXT;
		rest = sst__text_part(rest, inner + 1, rest.len);
	}
	for (unsigned i = 0; i < 2; i++) { /* hash, stamp */
		at = sst__text_find(rest, 0, '=');
		rest = sst__text_part(rest, at + (at < rest.len), rest.len);
	}
	at = sst__text_find(rest, 0, '=');
	domain = sst__text_part(rest, 0, at);
	rest = sst__text_part(rest, at + (at < rest.len), rest.len);
	return is_host(domain) ? write_address(rest, domain, out, size) : SST_NO_TEXT;
}

sst_text sst__verp_plain(sst_text address, char *out, size_t size)
{
	sst_text local = sst__address_local(address), plain = SST_NO_TEXT;
	size_t at;

	if (sst__text_starts(local, SST_TEXT("srs0")) ||
	    sst__text_starts(local, SST_TEXT("srs1"))) {
		plain = from_srs(local, out, size);
	} else if (sst__text_starts(local, SST_TEXT("prvs="))) {
		/* prvs=tag=local (BATV), and local=tag of older software */
		at = sst__text_find(local, 5, '=');
		if (at < local.len)
			plain = write_address(sst__text_part(local, at + 1, local.len),
			                      sst__address_domain(address), out, size);
	} else if (sst__text_starts(local, SST_TEXT("btv1=="))) {
		at = sst__text_search(local, 6, SST_TEXT("=="));
		if (at < local.len)
			plain = write_address(sst__text_part(local, at + 2, local.len),
			                      sst__address_domain(address), out, size);
	}
	return plain.len > 0 ? plain : address;
}

sst_text sst__verp_recipient(sst_text address, char *out, size_t size)
{
	sst_text local = sst__address_local(address), user, domain;
	size_t equal = last(local, '='), from = equal;

	if (sst__text_starts(local, SST_TEXT("prvs=")) ||
	    sst__text_starts(local, SST_TEXT("srs")) || sst__text_starts(local, SST_TEXT("btv1")) ||
	    equal >= local.len)
		return SST_NO_TEXT;
	domain = sst__text_part(local, equal + 1, local.len);
	if (!is_host(domain)) /* user=example.com-tag and the like */
		return SST_NO_TEXT;
	/* The user's name begins behind the list's own part: "bounces+user", "list-bounce-user". */
	for (from = 0; from < equal; from++)
		if (local.ptr[from] == '+')
			break;
	if (from == equal) {
		size_t dash = sst__text_search(local, 0, SST_TEXT("bounce"));
		from = dash < equal ? sst__text_find(local, dash, '-')
		                    : last(sst__text_part(local, 0, equal), '-');
	}
	if (from >= equal)
		return SST_NO_TEXT;
	user = sst__text_part(local, from + 1, equal);
	/* "bounce-77-user": the number is the list's or the mail's. */
	for (from = 0; from < user.len && sst__is_digit(user.ptr[from]); from++)
		;
	if (from > 0 && from + 1 < user.len && user.ptr[from] == '-')
		user = sst__text_part(user, from + 1, user.len);
	return write_address(user, domain, out, size);
}
