/* SPDX-License-Identifier: MIT
 * read/date.h - dates of headers and reports (RFC 5322 section 3.3), also the obsolete and the odd.
 */
#ifndef SST_READ_DATE_H
#define SST_READ_DATE_H

#include <smtpstatus/mail.h>

/* .known is false where no date can be read. */
sst_time sst__date_parse(sst_text in);

#endif
