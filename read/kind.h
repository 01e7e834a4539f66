/* SPDX-License-Identifier: MIT
 * read/kind.h - what sort of mail it is, by its header. */
#ifndef SST_READ_KIND_H
#define SST_READ_KIND_H

#include "read/fields.h"

/* Whether the header is one that mail systems give to their own reports. */
bool sst__header_is_report(const sst__fields *header);

#endif
