/* SPDX-License-Identifier: MIT
 * lint/field.h - header fields as they stand in a mail, folded. */
#ifndef SST_LINT_FIELD_H
#define SST_LINT_FIELD_H

#include <smtpstatus.h>

typedef struct lint_field {
	sst_text name;  /* empty: the line is no field */
	sst_text value; /* without white space at both ends; may hold folds */
	sst_text whole;
} lint_field;

/* Takes the next field off `*rest`. False at a blank line (which is taken too) or at the end. */
bool lint_field_next(sst_text *rest, lint_field *field);

/* The value's "type; rest". False if no type stands in front. */
bool lint_field_typed(sst_text value, sst_text *type, sst_text *rest);

/* A parameter of a MIME field: boundary="x". Absent if it isn't there. */
sst_text lint_field_parameter(sst_text value, sst_text name);

/* Without comments and white space at the end. */
sst_text lint_field_bare(sst_text value);

enum lint_date { LINT_DATE_GOOD, LINT_DATE_ZONE, LINT_DATE_BAD };

/* RFC 5322 section 3.3; the zone of the obsolete form is LINT_DATE_ZONE. */
enum lint_date lint_field_date(sst_text value, sst_text *zone);

#endif
