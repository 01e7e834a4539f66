/* SPDX-License-Identifier: MIT
 * say/json.h - writes JSON Lines, ASCII only, into the caller's buffer and on through a function.
 * Bytes that are not UTF-8 become U+FFFD, so that whatever a mail says, the output is valid JSON.
 */
#ifndef SST_SAY_JSON_H
#define SST_SAY_JSON_H

#include <smtpstatus.h>
#include <string.h>

typedef struct sst_json {
	char *buffer;
	size_t size, len;
	/* Called when the buffer is full and by sst_json_flush; false stops the writing. */
	bool (*write)(void *context, const char *bytes, size_t len);
	void *context;
	bool failed; /* a write failed; all later calls do nothing */
	bool comma;  /* the next value needs one */
} sst_json;

void sst_json_init(sst_json *json, char *buffer, size_t size,
                   bool (*write)(void *, const char *, size_t), void *context);
bool sst_json_flush(sst_json *json);

void sst_json_open(sst_json *json, char bracket);  /* '{' or '[' */
void sst_json_close(sst_json *json, char bracket); /* '}' or ']' */
void sst_json_line_end(sst_json *json);
void sst_json_name(sst_json *json, sst_text name);    /* a key that needs no escape */
void sst_json_key_text(sst_json *json, sst_text key); /* any text: it is escaped */
void sst_json_text(sst_json *json, sst_text text);
void sst_json_number(sst_json *json, int64_t number);
void sst_json_decimal(sst_json *json, int64_t number, unsigned places); /* 87, 2: 0.87 */
void sst_json_bool(sst_json *json, bool value);

/* Key and value; an absent text is left out. */
void sst_json_named(sst_json *json, sst_text name, sst_text text);
void sst_json_named_number(sst_json *json, sst_text name, int64_t number);

/* The same with constants as keys, whose length the compiler knows where these are called. */
static inline void sst_json_key(sst_json *json, const char *key)
{
	sst_json_name(json, (sst_text){key, strlen(key)});
}

static inline void sst_json_field(sst_json *json, const char *key, sst_text text)
{
	sst_json_named(json, (sst_text){key, strlen(key)}, text);
}

static inline void sst_json_field_number(sst_json *json, const char *key, int64_t number)
{
	sst_json_named_number(json, (sst_text){key, strlen(key)}, number);
}

#endif
