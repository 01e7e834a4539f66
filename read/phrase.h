/* SPDX-License-Identifier: MIT
 * read/phrase.h - small readings of a server's words: codes, and the command that was answered. */
#ifndef SST_READ_PHRASE_H
#define SST_READ_PHRASE_H

#include "core/text.h"

/* The reply code that the words give; 0 if none. */
uint16_t sst__reply_in(sst_text text);

/* An enhanced code at the start of `text`, also with leading zeros or with something behind it. */
bool sst__code_read(sst_text text, sst_code *code, sst_notes *notes);

/* The SMTP command that the words say was answered; 0 if they don't. */
sst_phase sst__phase_in(sst_text text);

#endif
