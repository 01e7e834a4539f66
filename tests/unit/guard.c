/* SPDX-License-Identifier: MIT */
#include "guard.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static size_t pages_for(size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (len + page - 1) / page * page;
}

sst_text guard_copy(const void *bytes, size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), room = pages_for(len);
	char *start =
	        mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (start == MAP_FAILED || mprotect(start + room, page, PROT_NONE) != 0)
		abort();
	if (len > 0)
		memcpy(start + room - len, bytes, len);
	return (sst_text){start + room - len, len};
}

sst_text guard_string(const char *string)
{
	return guard_copy(string, strlen(string));
}

void guard_free(sst_text copy)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), room = pages_for(copy.len);
	union {
		const char *constant;
		char *start;
	} memory = {copy.ptr};

	munmap(memory.start + copy.len - room, room + page);
}
