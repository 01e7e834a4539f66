/* SPDX-License-Identifier: MIT
 * write/dsn.h - the parts of a delivery report, one file each: check, machine part, human part,
 * returned part. */
#ifndef SST_WRITE_DSN_H
#define SST_WRITE_DSN_H

#include "write/encode.h"

#include <smtpstatus/say.h>

#define SST__BOUNDARY_MOST 70

/* What is decided before the first byte. */
typedef struct sst__plan {
	bool wide;     /* message/global-delivery-status: an address is not ASCII */
	bool failures; /* at least one recipient failed */
	char boundary[SST__BOUNDARY_MOST + 1];
	sst_text header; /* of the returned message, without the empty line; may be absent */
	bool whole;      /* the message goes back with its body */
	bool global;     /* as message/global or message/global-headers (RFC 6532, 6533) */
	sst__transfer returned;
} sst__plan;

/* write/check.c */
sst_written sst__dsn_check_message(const sst_dsn *dsn);
sst_written sst__dsn_check_recipient(const sst_dsn_recipient *recipient);
/* Boundary or random; at least one recipient. Both kinds of report need them. */
sst_written sst__dsn_check_frame(const sst_dsn *dsn);

/* True if an address of the report is not ASCII. */
bool sst__dsn_has_wide_address(const sst_dsn *dsn);

/* write/fields.c: the machine part. `tracking` writes what RFC 3886 wants instead. */
void sst__dsn_message_fields(const sst_dsn *dsn, bool wide, sst_out *out);
void sst__dsn_recipient_fields(const sst_dsn *dsn, const sst_dsn_recipient *recipient, bool wide,
                               sst_out *out);

/* write/human.c */
void sst__human_from(const sst_dsn *dsn, sst_out *out); /* up to the "<" of the address */
void sst__human_part(const sst_dsn *dsn, const sst__plan *plan,
                     sst_out *out); /* with its MIME header */
/* What the diagnostic means, for the sender, in the report's language. */
void sst__human_explain(const sst_dsn *dsn, const sst_dsn_recipient *recipient, sst_say_room *room,
                        sst_explanation *out);
void sst__human_subject(const sst_dsn *dsn, sst_out *out);

/* write/returned.c */
/* Fills header, whole, global, returned; wide and failures are known by then. */
void sst__returned_plan(const sst_dsn *dsn, sst__plan *plan);
bool sst__returned_holds(const sst_dsn *dsn, const char *boundary);
bool sst__returned_is_report(sst_text returned); /* about which no report is written */
/* Writes the third part with its MIME header; false if there is nothing to return. */
bool sst__returned_is_there(const sst_dsn *dsn);
void sst__returned_part(const sst_dsn *dsn, const sst__plan *plan, sst_out *out);

/* write/boundary.c */
void sst__boundary_make(const sst_dsn *dsn, char boundary[SST__BOUNDARY_MOST + 1]);
void sst__id_out(const sst_dsn *dsn, sst_out *out); /* "<...>" of the report itself */

/* Without "<" and ">" around it. */
sst_text sst__without_brackets(sst_text text);

#endif
