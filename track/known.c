/* SPDX-License-Identifier: MIT
 * track/known.c - looks a line up among those that say nothing about a message. */
#include "track/known.h"

#include <string.h>

bool sst__is_known(sst_server server, sst_text text)
{
	for (unsigned i = 0; i < sst__known_line_count; i++) {
		const struct sst__known *known = &sst__known_lines[i];

		if (known->server == server && text.len >= known->len &&
		    known->start[0] == text.ptr[0] &&
		    memcmp(known->start, text.ptr, known->len) == 0)
			return true;
	}
	return false;
}
