/* SPDX-License-Identifier: MIT
 * tests/unit/mail_reading.h - reads a whole mail and writes its reports as lines, for comparing. */
#ifndef SST_TESTS_MAIL_READING_H
#define SST_TESTS_MAIL_READING_H

#include <smtpstatus/mail.h>

/* Feeds `mail` in chunks of `step` bytes (0: all at once) and writes one line a report into `out`:
 * kind recipient status reply action|diagnostic|message id|subject. Returns the number of reports.
 */
unsigned mail_reading(sst_text mail, size_t step, char *out, size_t size);

#endif
