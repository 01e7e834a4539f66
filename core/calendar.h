/* SPDX-License-Identifier: MIT
 * core/calendar.h - dates of the Gregorian calendar as days since 1970-01-01, and back. The years
 * of the reckoning begin in March, so that the leap day is their last. */
#ifndef SST_CORE_CALENDAR_H
#define SST_CORE_CALENDAR_H

#include <stdint.h>

struct sst__date {
	int64_t year;
	unsigned month, day; /* from 1 */
};

static inline int64_t sst__days_of(int64_t year, unsigned month, unsigned day)
{
	int64_t shifted = month <= 2 ? year - 1 : year;
	int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
	int64_t of_era = shifted - era * 400;
	int64_t of_year = (153 * (int64_t)(month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static inline struct sst__date sst__date_of(int64_t days)
{
	int64_t shifted = days + 719468;
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	unsigned of_era = (unsigned)(shifted - era * 146097);
	unsigned year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	unsigned of_year = of_era - (365 * year + year / 4 - year / 100);
	unsigned part = (5 * of_year + 2) / 153;
	struct sst__date date;

	date.day = of_year - (153 * part + 2) / 5 + 1;
	date.month = part < 10 ? part + 3 : part - 9;
	date.year = (int64_t)year + era * 400 + (date.month <= 2);
	return date;
}

#endif
