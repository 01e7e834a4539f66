/* SPDX-License-Identifier: MIT
 * core/names.c - host names in running text. */
#include "core/names.h"

/* Top-level domains of more than two letters that are seen in mail; two letters are a country. */
static const char *const tops[] = {
        "com",       "net",      "org",         "edu",     "gov",       "mil",       "int",
        "info",      "biz",      "name",        "mobi",    "arpa",      "asia",      "jobs",
        "tel",       "travel",   "cat",         "coop",    "aero",      "museum",    "pro",
        "cloud",     "email",    "online",      "systems", "host",      "site",      "shop",
        "tech",      "dev",      "app",         "xyz",     "top",       "agency",    "local",
        "lan",       "internal", "localdomain", "corp",    "localhost", "microsoft", "google",
        "home",      "example",  "test",        "invalid", "intra",     "world",     "digital",
        "solutions", "network",  "services",    "space",   "store",     "live",      "one",
        "club",      "link",     "work",        "group",   "center",    "media",     "eu",
        NULL};

static bool known_top(sst_text top)
{
	char first = sst__lower(sst__at(top, 0));

	if (top.len == 2)
		return sst__is_alpha(top.ptr[0]) && sst__is_alpha(top.ptr[1]);
	for (unsigned i = 0; tops[i] != NULL; i++)
		if (tops[i][0] == first && sst__text_same(top, sst__text_constant(tops[i])))
			return true;
	return top.len > 4 && sst__text_starts(top, SST_TEXT("xn--"));
}

bool sst__is_host_name(sst_text name)
{
	size_t last = name.len;
	bool letter = false;

	while (last > 0 && name.ptr[last - 1] != '.')
		last--;
	if (last < 2 || last == name.len)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		if (!sst__is_alpha(c) && !sst__is_digit(c) && c != '.' && c != '-' && c != '_' &&
		    (unsigned char)c < 0x80)
			return false;
		letter |= sst__is_alpha(c);
	}
	return letter && known_top(sst__text_part(name, last, name.len));
}
