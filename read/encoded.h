/* SPDX-License-Identifier: MIT
 * read/encoded.h - base64 and quoted-printable, piece by piece (RFC 2045), and encoded words in
 * headers (RFC 2047). Broken encodings are read as far as they go, and said so. */
#ifndef SST_READ_ENCODED_H
#define SST_READ_ENCODED_H

#include "read/lines.h"

enum sst__encoding { ENCODING_NONE, ENCODING_BASE64, ENCODING_QUOTED, ENCODING_UUENCODE };

typedef struct sst__decoder {
	uint32_t bits; /* base64: bits that are not yet a byte */
	uint8_t count; /* how many base64 letters they are */
	bool ended;    /* base64: '=' was met */
	bool bad;      /* something broke the rules */
	char held[4];  /* quoted-printable: '=' and what follows, or blanks that may be line-end
	                  padding */
	uint8_t holding;
} sst__decoder;

enum sst__encoding sst__encoding_find(sst_text value);

/* Decodes one piece of a line into `out`, which has room for the piece and 8 bytes; returns the
 * length. A line's end is put out as LF. */
size_t sst__base64_decode(sst__decoder *decoder, sst_text in, char *out);
size_t sst__quoted_decode(sst__decoder *decoder, const sst__piece *piece, char *out);

/* Decodes encoded words into UTF-8. Returns the length; what does not fit is left out. */
size_t sst__words_decode(sst_text in, char *out, size_t size);

#endif
