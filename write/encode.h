/* SPDX-License-Identifier: MIT
 * write/encode.h - what MIME does to text that is not seven bits. */
#ifndef SST_WRITE_ENCODE_H
#define SST_WRITE_ENCODE_H

#include "core/utf8.h"
#include "write/out.h"

bool sst__is_ascii(sst_text text);

/* Content-Transfer-Encodings. */
typedef enum sst__transfer {
	SST__SEVEN_BIT,
	SST__EIGHT_BIT,
	SST__QUOTED_PRINTABLE,
	SST__BASE64
} sst__transfer;

/* "7bit", "quoted-printable", ... */
const char *sst__transfer_name(sst__transfer transfer);

/* A body on its way out, in any chunks, with lines that end in LF or CRLF; out go CRLF lines. In
 * quoted-printable no line starts with "-", so that no boundary can appear. */
typedef struct sst__encoder {
	sst_out *to;
	sst__transfer transfer;
	unsigned column;
	unsigned held; /* octets in hold: an unfinished base64 group, or a blank that may end the
	                  line */
	unsigned char hold[3];
} sst__encoder;

void sst__encoder_init(sst__encoder *encoder, sst_out *to, sst__transfer transfer);
bool sst__encoder_write(void *encoder, const char *bytes, size_t len); /* fits sst_out.write */
void sst__encoder_end(sst__encoder *encoder);                          /* ends the last line */

/* What a body consists of, to choose its encoding. Fits sst_out.write. */
typedef struct sst__measure {
	size_t octets, high, line, longest;
	bool odd; /* has controls, or a line that starts with "-" */
} sst__measure;

bool sst__measure_write(void *measure, const char *bytes, size_t len);
sst__transfer sst__measure_choice(const sst__measure *measure);

#endif
