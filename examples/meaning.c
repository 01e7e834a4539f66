/* SPDX-License-Identifier: MIT
 * examples/meaning.c - a code in the registry, and what it means in a language.
 *
 *     cc meaning.c $(pkg-config --cflags --libs smtpstatus) */
#include <smtpstatus/say.h>

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	char bytes[SST_SAY_ROOM_SIZE];
	sst_say_room room = SST_SAY_ROOM(bytes);
	const sst_entry *entry;
	sst_nearness nearness;
	sst_result result;
	sst_reading reading;
	sst_code code;

	if (argc != 3)
		return 2;
	result = sst_code_parse((sst_text){argv[2], strlen(argv[2])}, &code);
	if (result.err != SST_OK) {
		printf("byte %zu: %s\n", result.at, result.rule);
		return 1;
	}
	entry = sst_registry_find(NULL, code, &nearness);
	printf("%.*s (%.*s)%s\n", (int)entry->title.len, entry->title.ptr,
	       (int)entry->reference.len, entry->reference.ptr,
	       nearness == SST_NEAR_EXACT ? "" : ", the nearest there is");
	if (sst_readings(NULL, sst_lang_find((sst_text){argv[1], strlen(argv[1])}, NULL),
	                 SST_AUDIENCE_SENDER, 0, code, (sst_text){NULL, 0}, &room, &reading, 1) > 0)
		printf("%.*s\n", (int)reading.title.len, reading.title.ptr);
	return 0;
}
