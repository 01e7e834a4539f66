/* SPDX-License-Identifier: MIT
 * cli/file.c - small files that are wanted whole. */
#include "cli/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_FIRST 65536
#define FILE_MOST ((size_t)256 << 20)

static bool read_all(int fd, sst_text *out)
{
	size_t size = FILE_FIRST, len = 0;
	char *bytes = malloc(size);

	for (;;) {
		ssize_t got;
		if (len == FILE_MOST) {
			free(bytes);
			errno = EFBIG;
			return false;
		}
		if (bytes != NULL && len == size)
			bytes = realloc(bytes, size *= 2);
		if (bytes == NULL)
			return false;
		got = read(fd, bytes + len, size - len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			free(bytes);
			return false;
		}
		if (got == 0)
			break;
		len += (size_t)got;
	}
	*out = (sst_text){bytes, len};
	return true;
}

bool cli_file_load(const char *path, sst_text *out)
{
	bool is_stdin = strcmp(path, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	bool done;
	int error;

	if (fd < 0)
		return false;
	done = read_all(fd, out);
	error = errno;
	if (!is_stdin)
		close(fd);
	errno = error;
	return done;
}

unsigned long cli_file_line(sst_text text, size_t at)
{
	unsigned long line = 1;

	for (size_t i = 0; i < at && i < text.len; i++)
		line += text.ptr[i] == '\n';
	return line;
}
