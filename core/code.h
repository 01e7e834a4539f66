/* SPDX-License-Identifier: MIT
 * core/code.h - small questions about codes that several files of core ask. */
#ifndef SST_CORE_CODE_H
#define SST_CORE_CODE_H

#include <smtpstatus.h>

/* The type of a Diagnostic-Code that no server gave. Our reports have it with the status alone
 * where there were no words. */
#define SST__OWN_DIAGNOSTIC "x-smtpstatus"

static inline bool sst__code_is(sst_code code)
{
	return code.cls != 0;
}

/* The same subject and detail in another class. */
static inline sst_code sst__code_with_class(sst_code code, unsigned cls)
{
	return (sst_code){(uint8_t)cls, code.subject, code.detail};
}

#endif
