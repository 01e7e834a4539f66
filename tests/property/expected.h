/* SPDX-License-Identifier: MIT
 * tests/property/expected.h - what any parser must find in a report. */
#ifndef SST_TESTS_PROPERTY_EXPECTED_H
#define SST_TESTS_PROPERTY_EXPECTED_H

#include "record.h"

/* Lines "Name: value", with a blank line before each recipient's. Values are without type and
 * encoding; a time is its seconds since 1970 and its zone in minutes. First come Reply (code,
 * enhanced code or "-", words without blanks), To, and MAIL, the parameters of the message;
 * each recipient has RCPT too. Returns the length. */
size_t expected_make(const record *rec, bool wide, char *buffer, size_t size);

#endif
