/* SPDX-License-Identifier: MIT
 * say/moment.c - points in time as RFC 3339. */
#include "say/moment.h"
#include "core/calendar.h"

static char *put_number(char *at, unsigned number, unsigned digits)
{
	for (unsigned i = digits; i-- > 0; number /= 10)
		at[i] = (char)('0' + number % 10);
	return at + digits;
}

static char *put_fraction(char *at, uint32_t nanoseconds)
{
	if (nanoseconds == 0 || nanoseconds >= 1000000000)
		return at;
	*at++ = '.';
	if (nanoseconds % 1000000 == 0)
		return put_number(at, nanoseconds / 1000000, 3);
	if (nanoseconds % 1000 == 0)
		return put_number(at, nanoseconds / 1000, 6);
	return put_number(at, nanoseconds, 9);
}

static char *put_zone(char *at, int zone)
{
	if (zone == 0) {
		*at++ = 'Z';
		return at;
	}
	*at++ = zone < 0 ? '-' : '+';
	if (zone < 0)
		zone = -zone;
	at = put_number(at, (unsigned)zone / 60, 2);
	*at++ = ':';
	return put_number(at, (unsigned)zone % 60, 2);
}

size_t sst__time_format(sst_time time, char buffer[SST_TIME_SIZE])
{
	int zone = time.zone > -1440 && time.zone < 1440 ? time.zone : 0;
	int64_t local, days;
	unsigned rest;
	struct sst__date date;
	char *at = buffer;

	buffer[0] = '\0';
	if (time.seconds < -62135596800 + 86400 || time.seconds > 253402300799 - 86400)
		return 0;
	local = time.seconds + (int64_t)zone * 60;
	days = local / 86400 - (local % 86400 < 0);
	rest = (unsigned)(local - days * 86400);
	date = sst__date_of(days);
	at = put_number(at, (unsigned)date.year, 4);
	*at++ = '-';
	at = put_number(at, date.month, 2);
	*at++ = '-';
	at = put_number(at, date.day, 2);
	*at++ = 'T';
	at = put_number(at, rest / 3600, 2);
	*at++ = ':';
	at = put_number(at, rest / 60 % 60, 2);
	*at++ = ':';
	at = put_number(at, rest % 60, 2);
	at = put_fraction(at, time.nanoseconds);
	at = put_zone(at, zone);
	*at = '\0';
	return (size_t)(at - buffer);
}
