/* SPDX-License-Identifier: MIT
 * track/known.c - looks a line up among those that say nothing about a message. */
#include "track/known.h"

#include "core/text.h"

bool sst__is_known(sst_server server, sst_text text)
{
	unsigned first = (unsigned char)sst__at(text, 0);
	unsigned upto = first < 128 ? sst__known_from[first + 1] : 0;

	for (unsigned i = first < 128 ? sst__known_from[first] : 0; i < upto; i++) {
		const struct sst__known *known = &sst__known_lines[i];

		if (known->server == server && text.len >= known->len &&
		    sst__bytes_same(known->start, text.ptr, known->len))
			return true;
	}
	return false;
}
