/* SPDX-License-Identifier: MIT
 * say/moment.h - points in time as RFC 3339. */
#ifndef SST_SAY_MOMENT_H
#define SST_SAY_MOMENT_H

#include <smtpstatus/mail.h>

/* Writes "2024-05-01T10:00:00+02:00", in the zone that it was written in, and a NUL. Returns the
 * length; 0 if the year is not of four digits. */
#define SST_TIME_SIZE 40
size_t sst__time_format(sst_time time, char buffer[SST_TIME_SIZE]);

#endif
