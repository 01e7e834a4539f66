/* SPDX-License-Identifier: MIT
 * track/ends.c - where lines end. One search a line costs more than the bytes that it looks at,
 * since nobody can guess how long the next line is: so 64 bytes at a time, and no branch but where
 * two lines end in them. */
#include "track/log.h"

#ifdef __SSE2__
static inline uint64_t sixteen(const char *bytes)
{
	__m128i part = _mm_loadu_si128((const __m128i *)(const void *)bytes);

	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(part, _mm_set1_epi8('\n')));
}

/* One bit a byte of 64: it is a line end. */
static uint64_t ends_in(const char *bytes)
{
	return sixteen(bytes) | sixteen(bytes + 16) << 16 | sixteen(bytes + 32) << 32 |
	       sixteen(bytes + 48) << 48;
}
#else
static uint64_t ends_in(const char *bytes)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < 64; i++)
		bits |= (uint64_t)(bytes[i] == '\n') << i;
	return bits;
}
#endif

static bool find_more(sst__ends *ends, sst_text rest)
{
	const char *at = ends->looked == NULL ? rest.ptr : ends->looked;
	const char *upto = rest.ptr + rest.len;
	unsigned count = 0;

	for (; upto - at >= 64 && count < SST__ENDS_MOST; at += 64) {
		uint64_t bits = ends_in(at);

		/* The place is written whether there is an end or not, and taken if there is. */
		ends->found[count] = at + __builtin_ctzll(bits | UINT64_C(1) << 63);
		count += bits != 0;
		for (bits &= bits - 1; bits != 0; bits &= bits - 1)
			ends->found[count++] = at + __builtin_ctzll(bits);
	}
	for (; upto - at < 64 && at < upto && count < SST__ENDS_MOST; at++)
		if (*at == '\n')
			ends->found[count++] = at;
	ends->looked = at;
	ends->count = count;
	ends->at = 0;
	return count > 0;
}

size_t sst__line_end(sst__ends *ends, sst_text rest)
{
	if (ends->at == ends->count && !find_more(ends, rest))
		return rest.len;
	return (size_t)(ends->found[ends->at++] - rest.ptr);
}
