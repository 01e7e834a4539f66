/* SPDX-License-Identifier: MIT
 * track/pool.c - memory for messages in flight. Sizes are rounded up to classes; what is given back
 * is used again for the same class, so that a log of any length needs what its peak needed. */
#include "track/join.h"

#include <stdlib.h>

enum { BLOCK = 64 * 1024, LINE = 64, FIRST_LINES = 6 /* the class */ };

struct sst__pool_block {
	struct sst__pool_block *next;
	max_align_t bytes[];
};

static const uint16_t class_sizes[SST__POOL_CLASSES] = {16,  32,  48,  64,  80,  96,   128,  192,
                                                        256, 320, 384, 512, 768, 1024, 1536, 2048};

/* By the size in steps of 16 bytes, up to 512. */
static const uint8_t classes[33] = {0, 0, 1, 2, 3,  4,  5,  6,  6,  7,  7,  7,  7,  8,  8,  8, 8,
                                    9, 9, 9, 9, 10, 10, 10, 10, 11, 11, 11, 11, 11, 11, 11, 11};

/* Above the largest class: malloc of its own. */
static inline unsigned class_of(size_t size)
{
	unsigned class = 11;

	if (size <= 512)
		return classes[(size + 15) / 16];
	while (class < SST__POOL_CLASSES && class_sizes[class] < size)
		class++;
	return class;
}

static void *carve(sst__pool *pool, unsigned class)
{
	unsigned part = class >= FIRST_LINES;
	size_t size = class_sizes[class];
	void *memory;

	if (pool->at[part] == NULL || (size_t)(pool->end[part] - pool->at[part]) < size) {
		struct sst__pool_block *block = malloc(sizeof *block + BLOCK + LINE);

		if (block == NULL)
			return NULL;
		block->next = pool->blocks;
		pool->blocks = block;
		pool->at[part] = (char *)block->bytes;
		pool->at[part] += -(uintptr_t)pool->at[part] % LINE;
		pool->end[part] = pool->at[part] + BLOCK;
	}
	memory = pool->at[part];
	pool->at[part] += size;
	return memory;
}

void *sst__pool_take(sst__pool *pool, size_t size)
{
	unsigned class = class_of(size);
	void *memory;

	if (class == SST__POOL_CLASSES) {
		memory = malloc(size);
		pool->used += memory == NULL ? 0 : size;
		return memory;
	}
	memory = pool->free[class];
	if (memory != NULL)
		memcpy(&pool->free[class], memory, sizeof(void *));
	else
		memory = carve(pool, class);
	pool->used += memory == NULL ? 0 : class_sizes[class];
	return memory;
}

void sst__pool_give(sst__pool *pool, void *memory, size_t size)
{
	unsigned class = class_of(size);

	if (memory == NULL)
		return;
	if (class == SST__POOL_CLASSES) {
		pool->used -= size;
		free(memory);
		return;
	}
	pool->used -= class_sizes[class];
	memcpy(memory, &pool->free[class], sizeof(void *));
	pool->free[class] = memory;
}

void sst__pool_free(sst__pool *pool)
{
	while (pool->blocks != NULL) {
		struct sst__pool_block *next = pool->blocks->next;

		free(pool->blocks);
		pool->blocks = next;
	}
	memset(pool, 0, sizeof *pool);
}

bool sst__string_set(sst__pool *pool, sst__string *string, sst_text text)
{
	uint32_t len = text.len > 65535 ? 65535 : (uint32_t)text.len;

	if (string->ptr == NULL || class_of(string->len) != class_of(len) || len > 2048) {
		char *ptr = sst__pool_take(pool, len);

		if (ptr == NULL)
			return false;
		sst__pool_give(pool, string->ptr, string->len);
		string->ptr = ptr;
	}
	if (len > 0)
		memcpy(string->ptr, text.ptr, len);
	string->len = len;
	return true;
}
