/* SPDX-License-Identifier: MIT
 * read/address.h - mail addresses in fields and in running text (RFC 5321 section 4.1.2, RFC 5322
 * section 3.4, RFC 6531, RFC 6533 section 3), and what is hidden in them (VERP, BATV, SRS). */
#ifndef SST_READ_ADDRESS_H
#define SST_READ_ADDRESS_H

#include "core/text.h"

/* The address in a report's field: "rfc822; <user@example.com>" gives user@example.com. */
sst_text sst__address_field(sst_text value);

/* The first address in a header field's value, without name, comments and brackets. */
sst_text sst__address_first(sst_text value);

/* One address in running text. */
typedef struct sst__address_found {
	sst_text address;  /* without brackets */
	size_t from, upto; /* with brackets */
	bool bracketed;
} sst__address_found;

/* Finds the next address at or after `*at` and moves `*at` behind it. Things with an '@' that are
 * no mail addresses (message ids of the usual forms, user:password@host) are walked past. */
bool sst__address_next(sst_text text, size_t *at, sst__address_found *out);

bool sst__address_looks_real(sst_text address);

/* Equal, domain without regard to case, and local part too, since hosts that tell A from a are
 * rarer than reports that change it. */
bool sst__address_same(sst_text a, sst_text b);

sst_text sst__address_local(sst_text address);
sst_text sst__address_domain(sst_text address);

/* Nobody's mailbox: mailer-daemon, postmaster and the like. */
bool sst__address_is_machine(sst_text address);

#endif
