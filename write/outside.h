/* SPDX-License-Identifier: MIT
 * write/outside.h - the generated tables of codes from elsewhere. */
#ifndef SST_WRITE_OUTSIDE_H
#define SST_WRITE_OUTSIDE_H

#include <smtpstatus/outside.h>

struct sst__outside_table {
	const sst_outside *rows;
	size_t count;
};

extern const struct sst__outside_table sst__outside_tables[]; /* by sst_outside_kind */

#endif
