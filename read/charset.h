/* SPDX-License-Identifier: MIT
 * read/charset.h - text of any charset to UTF-8. A name in a mail is looked up in our own list
 * (data/charsets.tsv); the mail's string never reaches iconv. */
#ifndef SST_READ_CHARSET_H
#define SST_READ_CHARSET_H

#include "core/text.h"

typedef uint8_t sst__charset;
enum { CHARSET_UNKNOWN, CHARSET_ASCII, CHARSET_UTF8, CHARSET_LATIN1 };

/* CHARSET_UNKNOWN if the list doesn't have it. */
sst__charset sst__charset_find(sst_text name);

/* What the bytes look like where no charset is named, or ASCII is claimed of other bytes. */
sst__charset sst__charset_guess(sst_text bytes);

/* Whether `bytes` mean the same in UTF-8, so that nothing needs to be done. */
bool sst__charset_plain(sst__charset charset, sst_text bytes);

/* Converts into `out`; bytes that mean nothing become '?'. Returns the length; what does not fit is
 * left out, never in the middle of a character. */
size_t sst__charset_convert(sst__charset charset, sst_text in, char *out, size_t size);

bool sst__utf8_valid(sst_text bytes);

#endif
