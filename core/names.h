/* SPDX-License-Identifier: MIT
 * core/names.h - what looks like the name of a host. */
#ifndef SST_CORE_NAMES_H
#define SST_CORE_NAMES_H

#include "core/text.h"

/* At least two labels, the last of which is a top-level domain, or one that is used inside of
 * organisations: "mx.example.com", "mail.corp"; not "message.Please" or "RESOLVER.ADR.NotFound". */
bool sst__is_host_name(sst_text name);

#endif
