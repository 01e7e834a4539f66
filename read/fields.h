/* SPDX-License-Identifier: MIT
 * read/fields.h - the fields of headers and reports that the reader keeps, and a store for them. */
#ifndef SST_READ_FIELDS_H
#define SST_READ_FIELDS_H

#include "core/text.h"
#include "read/fields_enum.h"

enum sst__place {
	PLACE_MAIL = 1,
	PLACE_PART = 2,
	PLACE_MESSAGE = 4,
	PLACE_GROUP = 8,
	PLACE_RECEIPT = 16,
	PLACE_FEEDBACK = 32
};

/* Values of one header or group; they live in `arena`. The first of several equal fields is kept,
 * but for those that are lists of addresses, which are joined. */
typedef struct sst__fields {
	sst_text value[FIELD_COUNT];
	char *arena;
	uint32_t size, used;
	bool any;  /* a field was put */
	bool full; /* one did not fit */
} sst__fields;

/* The field of that name, and in `*place` (may be NULL) where it may stand; FIELD_NONE if not kept.
 */
enum sst__field sst__field_find(sst_text name, unsigned *place);

void sst__fields_clear(sst__fields *fields);

/* Copies the value. False, and nothing kept, if the field stands there already. */
bool sst__fields_put(sst__fields *fields, enum sst__field field, sst_text value);

/* Cuts "Name: value" in two; false if the line is no field. Blanks before the colon are allowed. */
bool sst__field_split(sst_text line, sst_text *name, sst_text *value);

#endif
