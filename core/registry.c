/* SPDX-License-Identifier: MIT
 * core/registry.c - looking codes up. Always answers, by falling back as RFC 3463 section 2 asks.
 */
#include "core/registry.h"

const sst_registry *sst_registry_builtin(void)
{
	return &sst__registry;
}

static const sst_registry *or_builtin(const sst_registry *registry)
{
	return registry != NULL ? registry : &sst__registry;
}

/* Index of the first entry at or after `key`. */
static size_t lower_bound(const sst_registry *registry, uint64_t key)
{
	size_t low = 0, high = registry->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (sst__code_key(registry->entries[middle].code) < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The entry with just this code, class included; NULL if there is none. */
static const sst_entry *entry_of(const sst_registry *registry, unsigned cls, unsigned subject,
                                 unsigned detail)
{
	uint64_t key = sst__code_key((sst_code){(uint8_t)cls, (uint16_t)subject, (uint16_t)detail});
	size_t at = lower_bound(registry, key);

	if (at < registry->count && sst__code_key(registry->entries[at].code) == key)
		return &registry->entries[at];
	return NULL;
}

static bool has_class(const sst_entry *entry, unsigned cls)
{
	return cls < 8 && (entry->classes & 1u << cls) != 0;
}

/* The entry for subject and detail that fits the class best: its own, one for all classes, any.
 * They stand in a row, in the order of their classes. */
static const sst_entry *detail_of(const sst_registry *registry, sst_code code)
{
	size_t first =
	        lower_bound(registry, sst__code_key((sst_code){0, code.subject, code.detail}));
	size_t at = first;

	for (; at < registry->count; at++) {
		const sst_entry *entry = &registry->entries[at];
		if (entry->code.subject != code.subject || entry->code.detail != code.detail)
			break;
		if (entry->code.cls == code.cls)
			return entry;
	}
	return at > first ? &registry->entries[first] : NULL;
}

const sst_entry *sst_registry_find(const sst_registry *registry, sst_code code,
                                   sst_nearness *nearness)
{
	const sst_registry *set = or_builtin(registry);
	const sst_entry *entry;
	sst_nearness dummy, *near = nearness != NULL ? nearness : &dummy;

	entry = detail_of(set, code);
	if (entry != NULL) {
		*near = has_class(entry, code.cls) ? SST_NEAR_EXACT : SST_NEAR_CLASS;
		return entry;
	}
	*near = SST_NEAR_SUBJECT;
	entry = detail_of(set, (sst_code){code.cls, code.subject, 0});
	if (entry == NULL)
		entry = sst_registry_subject(set, code.subject);
	if (entry != NULL)
		return entry;
	*near = SST_NEAR_ANY;
	return detail_of(set, (sst_code){code.cls, 0, 0});
}

const sst_entry *sst_registry_at(const sst_registry *registry, size_t index)
{
	const sst_registry *set = or_builtin(registry);

	return index < set->details ? &set->entries[index] : NULL;
}

const sst_entry *sst_registry_class(const sst_registry *registry, unsigned cls)
{
	return cls > 9 ? NULL : entry_of(or_builtin(registry), cls, SST_CODE_ANY, SST_CODE_ANY);
}

const sst_entry *sst_registry_subject(const sst_registry *registry, unsigned subject)
{
	return subject > 999 ? NULL : entry_of(or_builtin(registry), 0, subject, SST_CODE_ANY);
}

const sst_reply_entry *sst_reply_entry_find(uint16_t code)
{
	size_t low = 0, high = sst__reply_entry_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (sst__reply_entries[middle].code == code)
			return &sst__reply_entries[middle];
		if (sst__reply_entries[middle].code < code)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const sst_reply_entry *sst_reply_entry_at(size_t index)
{
	return index < sst__reply_entry_count ? &sst__reply_entries[index] : NULL;
}
