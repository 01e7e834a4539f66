/* SPDX-License-Identifier: MIT
 * write/address.h - what may stand in the fields that other programs act on. Each check returns the
 * offset of the first bad octet and the rule that it breaks, or SST_OK. */
#ifndef SST_WRITE_ADDRESS_H
#define SST_WRITE_ADDRESS_H

#include <smtpstatus.h>

/* A mailbox (RFC 5321 section 4.1.2, RFC 6531 section 3.3): dot-atom or quoted local part, "@",
 * domain or address literal. A local part alone is let through where `bare` says so (qmail and
 * local deliveries name such recipients). */
sst_result sst__address_check(sst_text address, bool bare);

/* The name of a host: letters of a domain, an address literal, or another name without blanks. */
sst_result sst__host_check(sst_text host);

/* True for a full domain name, which Reporting-MTA's type "dns" demands (RFC 3461 section 9.3).
 */
bool sst__host_is_full(sst_text host);

/* Printable ASCII (and, if `wide`, UTF-8) without white space. `rule` is what to say. */
sst_result sst__word_check(sst_text word, bool wide, const char *rule);

/* One line of text: no controls; UTF-8 only if `wide`. */
sst_result sst__line_check(sst_text line, bool wide);

/* An atom (RFC 5322), such as the type before ";". */
sst_result sst__atom_check(sst_text atom);

#endif
