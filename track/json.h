/* SPDX-License-Identifier: MIT
 * track/json.h - the fields of one JSON object that is one log line.
 *
 * A scanner of our own: journald writes JSON for each line of a log, millions a second are wanted,
 * and no more than the values of some named fields. It takes what is well-formed and walks past the
 * rest; a value is handed out as it stands until its text is asked for. */
#ifndef SST_TRACK_JSON_H
#define SST_TRACK_JSON_H

#include "track/log.h"

#define SST__JSON_FIELDS 96

typedef struct sst__json_object {
	unsigned count;
	sst_text names[SST__JSON_FIELDS];
	sst_text values[SST__JSON_FIELDS]; /* raw: with quotes or brackets */
} sst__json_object;

/* Reads the object at the start of `text`; false if it isn't one. One that is cut gives what there
 * is. */
bool sst__json_read(sst_text text, sst__json_object *object);

/* The value of a field as text: a string without quotes and escapes, a number as written, an array
 * of byte numbers (journald's form for what is not UTF-8) as bytes. Absent if there is no such
 * field. */
sst_text sst__json_text(sst_log *log, const sst__json_object *object, const char *name);

/* The value as it stands; absent if there is none. */
sst_text sst__json_raw(const sst__json_object *object, const char *name);
int64_t sst__json_number(const sst__json_object *object, const char *name);

/* A raw value as text. */
sst_text sst__json_value(sst_log *log, sst_text raw);

/* Takes the next value off the inside of an array ("a","b"]); false at its end. */
bool sst__json_element(sst_text *rest, sst_text *raw);

/* The logs that are JSON. */
typedef sst__reading sst__json_reader(sst_log *log, const sst__line *line,
                                      const sst__json_object *object);
sst__json_reader sst__kumomta_object, sst__haraka_object, sst__stalwart_object;

#endif
