/* SPDX-License-Identifier: MIT
 * lint/decode.h - a part of a mail in base64 or quoted-printable, as far as it fits. */
#ifndef SST_LINT_DECODE_H
#define SST_LINT_DECODE_H

#include <smtpstatus.h>

#define LINT_DECODED 16384

/* True if `encoding` is one of the two (RFC 2045 section 6). */
bool lint_is_encoded(sst_text encoding);

/* Decodes into `buffer` and returns what is there; what comes behind it is left out. */
sst_text lint_decode(sst_text in, sst_text encoding, char buffer[LINT_DECODED]);

#endif
