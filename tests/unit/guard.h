/* SPDX-License-Identifier: MIT
 * tests/unit/guard.h - copies of inputs that end where the readable memory ends, so that a parser
 * that looks one byte too far stops the test. */
#ifndef SST_TESTS_GUARD_H
#define SST_TESTS_GUARD_H

#include <smtpstatus.h>

/* A copy of `len` bytes whose end is a guard page. Freed by guard_free. */
sst_text guard_copy(const void *bytes, size_t len);
sst_text guard_string(const char *string); /* without its NUL */
void guard_free(sst_text copy);

#endif
