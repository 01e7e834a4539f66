/* SPDX-License-Identifier: MIT
 * write/boundary.c - a boundary that the returned message does not hold, and the report's own id.
 */
#include "core/text.h"
#include "write/dsn.h"

/* Mixes the caller's randomness down to 64 bits; `salt` gives further ones (splitmix64). */
static uint64_t mix(sst_text random, uint64_t salt)
{
	uint64_t state = 0x9E3779B97F4A7C15u * (salt + 1);

	for (size_t i = 0; i < random.len; i++) {
		state ^= (unsigned char)random.ptr[i];
		state += 0x9E3779B97F4A7C15u;
		state = (state ^ state >> 30) * 0xBF58476D1CE4E5B9u;
		state = (state ^ state >> 27) * 0x94D049BB133111EBu;
		state ^= state >> 31;
	}
	return state;
}

enum { LETTERS = 13 }; /* 64 bits in base 32 */

static void letters(uint64_t number, char text[LETTERS])
{
	for (unsigned i = 0; i < LETTERS; i++) {
		text[i] = "0123456789abcdefghijklmnopqrstuv"[number & 31];
		number >>= 5;
	}
}

void sst__boundary_make(const sst_dsn *dsn, char boundary[SST__BOUNDARY_MOST + 1])
{
	if (dsn->boundary.ptr != NULL) {
		size_t len = dsn->boundary.len < SST__BOUNDARY_MOST ? dsn->boundary.len
		                                                    : SST__BOUNDARY_MOST;

		memcpy(boundary, dsn->boundary.ptr, len);
		boundary[len] = '\0';
		return;
	}
	/* "=_" can't stand in quoted-printable or base64; a returned message is searched. Each
	 * round hits a given message with a chance of 2^-64, so that there is hardly ever a second.
	 */
	memcpy(boundary, "=_sst_", 6);
	for (uint64_t salt = 0; salt < 16; salt++) {
		letters(mix(dsn->random, salt), boundary + 6);
		boundary[6 + LETTERS] = '\0';
		if (!sst__returned_holds(dsn, boundary))
			return;
	}
}

void sst__id_out(const sst_dsn *dsn, sst_out *out)
{
	char text[LETTERS];
	sst_text id = sst__without_brackets(dsn->id);

	sst__out_string(out, "<");
	if (dsn->id.ptr != NULL) {
		sst__out_text(out, id);
	} else {
		letters(mix(dsn->random, (uint64_t)dsn->date.seconds << 8 | 0xFF), text);
		sst__out_bytes(out, text, sizeof(text));
		sst__out_string(out, ".dsn@");
		sst__out_text(out, dsn->reporting_mta);
	}
	sst__out_string(out, ">");
}
