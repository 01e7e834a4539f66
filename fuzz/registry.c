/* SPDX-License-Identifier: MIT
 * fuzz/registry.c - a site's file of codes: made in just the memory that was asked for, or refused
 * with an offset inside it; what was made is in order and answers. */
#include <smtpstatus/say.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void answers(const sst_registry *site)
{
	char bytes[SST_SAY_ROOM_SIZE];

	for (size_t i = 0; sst_registry_at(site, i) != NULL; i++) {
		sst_say_room room = SST_SAY_ROOM(bytes);
		const sst_entry *entry = sst_registry_at(site, i);
		sst_code code = entry->code;
		sst_reading readings[SST_READINGS];
		sst_nearness near;
		if (code.cls == 0)
			code.cls = 5;
		if (sst_registry_find(site, code, &near) == NULL || near > SST_NEAR_CLASS)
			abort();
		if (sst_readings(site, NULL, SST_AUDIENCE_SENDER, 0, code, (sst_text){NULL, 0},
		                 &room, readings, SST_READINGS) == 0)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sst_text tsv = {(const char *)data, size};
	const sst_registry *site = NULL;
	sst_result result = sst_registry_extend(NULL, tsv, NULL, 0, &site);
	void *memory;

	if (result.err == SST_E_SPACE) {
		size_t need = result.at;
		memory = malloc(need);
		if (memory == NULL)
			return 0;
		result = sst_registry_extend(NULL, tsv, memory, need, &site);
		if (result.err == SST_OK)
			answers(site);
		free(memory);
	}
	if (result.err != SST_OK && (result.at > size || result.rule == NULL))
		abort();
	return 0;
}
