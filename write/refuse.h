/* SPDX-License-Identifier: MIT
 * write/refuse.h - how the checks of this folder say no. */
#ifndef SST_WRITE_REFUSE_H
#define SST_WRITE_REFUSE_H

#include <smtpstatus/write.h>

static inline sst_written sst__accept(void)
{
	return (sst_written){SST_OK, 0, NULL, NULL, SST_NO_RECIPIENT};
}

static inline sst_written sst__refuse(const char *field, size_t at, const char *rule)
{
	return (sst_written){SST_E_SYNTAX, at, field, rule, SST_NO_RECIPIENT};
}

/* A check's result, as the result for `field`. */
static inline sst_written sst__refuse_if(const char *field, sst_result result)
{
	if (result.err == SST_OK)
		return sst__accept();
	return (sst_written){result.err, result.at, field, result.rule, SST_NO_RECIPIENT};
}

#endif
