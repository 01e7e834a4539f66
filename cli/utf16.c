/* SPDX-License-Identifier: MIT
 * cli/utf16.c - UTF-16 becomes UTF-8. */
#include "cli/utf16.h"

#include "core/utf8.h"

#include <string.h>

#define REPLACEMENT 0xfffd

static void make(cli_utf16 *state, uint32_t point)
{
	state->made_len += sst__utf8_put(point, state->made + state->made_len);
}

static void take_unit(cli_utf16 *state, uint16_t unit)
{
	bool is_low = unit >= 0xdc00 && unit <= 0xdfff;
	uint16_t high = state->high;

	state->high = 0;
	if (high != 0 && is_low) {
		make(state, 0x10000 + ((uint32_t)(high - 0xd800) << 10) + (unit - 0xdc00u));
		return;
	}
	if (high != 0)
		make(state, REPLACEMENT);
	if (unit >= 0xd800 && unit <= 0xdbff)
		state->high = unit;
	else
		make(state, is_low ? REPLACEMENT : unit);
}

static void take_byte(cli_utf16 *state, unsigned char byte)
{
	unsigned char first = state->first;

	state->half = !state->half;
	state->first = byte;
	if (state->half)
		return;
	if (state->known) {
		take_unit(state, (uint16_t)(state->big ? first << 8 | byte : byte << 8 | first));
		return;
	}
	state->known = true;
	state->big = first == 0xfe;
}

static void put_out(cli_utf16 *state, char **out, size_t *room)
{
	unsigned len = state->made_len < *room ? state->made_len : (unsigned)*room;

	memcpy(*out, state->made, len);
	memmove(state->made, state->made + len, state->made_len - len);
	state->made_len -= len;
	*out += len;
	*room -= len;
}

bool cli_utf16_run(cli_utf16 *state, sst_text *in, char **out, size_t *room)
{
	put_out(state, out, room);
	while (state->made_len == 0 && in->len > 0) {
		take_byte(state, (unsigned char)*in->ptr);
		in->ptr++;
		in->len--;
		put_out(state, out, room);
	}
	return state->made_len == 0;
}
