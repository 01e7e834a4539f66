/* SPDX-License-Identifier: MIT
 * say/lang.h - how the texts lie in memory. Text number i of a language is the bytes from
 * offsets[i] to before offsets[i + 1] of its pool; none: not translated. The forms of a plural are
 * parted by NUL. Offsets instead of pointers: no relocations, so a language costs nothing at start.
 */
#ifndef SST_SAY_LANG_H
#define SST_SAY_LANG_H

#include <smtpstatus/say.h>

#define SST_STATIC_TEXT(literal)               \
	{                                      \
		(literal), sizeof(literal) - 1 \
	}

struct sst_text_keys {
	const char *pool;
	const uint32_t *offsets;
	unsigned count;
};

struct sst_text_table {
	const char *pool;
	const uint32_t *offsets;
	unsigned forms;
	unsigned (*plural)(unsigned long n); /* which form */
};

struct sst_lang {
	sst_text tag, name, aliases; /* aliases: with commas between */
	sst_text percent_before, percent_behind, colon;
	bool rtl;
	const struct sst_text_table *texts;
};

extern const struct sst_text_keys sst__text_keys;
extern const struct sst_lang sst__langs[];
extern const size_t sst__lang_count;

/* Number of the key made of the parts (absent parts add nothing), or -1. */
int sst__text_number_of(const sst_text *parts, unsigned count);

/* Text by number, English if not translated; with all plural forms. */
sst_text sst__text_of(const sst_lang *lang, int number);

/* sst_say_text of the key "a" "b" "c". */
sst_text sst__say3(const sst_lang *lang, const char *a, sst_text b, const char *c);

/* sst_say_fill of the key "a" "b" "c". */
sst_text sst__fill3(const sst_lang *lang, const char *a, sst_text b, const char *c,
                    const sst_say_values *values, sst_say_room *room);

/* Adds bytes to the room; the text since `from` is sst__room_text(room, from). */
void sst__room_add(sst_say_room *room, sst_text text);
sst_text sst__room_text(const sst_say_room *room, size_t from);

/* Adds a number of percent as the language writes it: "50%", "50 %", "%50". */
void sst__room_percent(sst_say_room *room, const sst_lang *lang, unsigned percent);

/* What stands between a label and its value, with its blanks. NULL: English. */
sst_text sst__colon(const sst_lang *lang);

/* Two sentences with a blank between; absent ones add nothing. */
sst_text sst__room_join(sst_say_room *room, sst_text a, sst_text b);

#endif
