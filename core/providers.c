/* SPDX-License-Identifier: MIT
 * core/providers.c - whose host is it? */
#include "core/providers.h"

unsigned sst__provider_find(sst_text name)
{
	for (unsigned i = 1; i < sst__provider_count; i++) {
		sst_text known = sst__provider_name(i);
		if (sst__text_same(known, name))
			return i;
	}
	return 0;
}

sst_text sst__provider_name(unsigned number)
{
	const char *name;

	if (number == 0 || number >= sst__provider_count)
		return SST_NO_TEXT;
	name = sst__provider_names[number];
	return sst__text_constant(name);
}

/* Below zero, zero, above zero: as bytes compare, ASCII case ignored. */
static int compare(sst_text host, const char *suffix)
{
	for (size_t i = 0;; i++) {
		unsigned char a = (unsigned char)sst__lower(sst__at(host, i));
		unsigned char b = (unsigned char)suffix[i];
		if (i >= host.len || b == '\0')
			return (i < host.len) - (b != '\0');
		if (a != b)
			return a < b ? -1 : 1;
	}
}

static unsigned find_suffix(sst_text host)
{
	unsigned low = 0, high = sst__host_count;

	while (low < high) {
		unsigned middle = (low + high) / 2;
		int order = compare(host, sst__host_rows[middle].suffix);
		if (order == 0)
			return sst__host_rows[middle].provider;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return 0;
}

unsigned sst__provider_of(sst_text host)
{
	size_t at = 0;

	while (host.len > 0 && host.ptr[host.len - 1] == '.')
		host.len--;
	if (host.len > 255)
		return 0;
	while (at < host.len) {
		unsigned provider = find_suffix(sst__text_part(host, at, host.len));
		if (provider != 0)
			return provider;
		at = sst__text_find(host, at, '.') + 1;
	}
	return 0;
}

sst_text sst_provider_of_host(sst_text host)
{
	return sst__provider_name(sst__provider_of(sst__text_trim(host)));
}
