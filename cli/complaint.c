/* SPDX-License-Identifier: MIT
 * cli/complaint.c - what is said of a file that can't be read. */
#include "cli/complaint.h"

#include "say/glyph.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *safe_path(const char *folder, const char *name)
{
	sst_text parts[] = {{folder, strlen(folder)}, {name, strlen(name)}};
	char *path = malloc((parts[0].len + parts[1].len) * SST_SHOWN_SIZE + 1);
	size_t len = 0;

	if (path == NULL)
		abort();
	for (int i = 0; i < 2; i++) {
		unsigned columns;
		for (size_t at = 0; at < parts[i].len;)
			len += sst__show(parts[i], &at, SST_THEIRS, path + len, &columns);
	}
	path[len] = '\0';
	return path;
}

char *cli_complaint(const char *folder, const char *name, const char *wrong, const uint64_t *offset,
                    const char *advice)
{
	char *path = safe_path(folder, name), *line, where[48] = "";

	if (offset != NULL)
		snprintf(where, sizeof where, " (offset %llu)", (unsigned long long)*offset);
	if (asprintf(&line, "smtpstatus: %s: %s%s: %s", path, wrong, where, advice) < 0)
		abort();
	free(path);
	return line;
}

const char *cli_advice(int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
		return "allow this user to read it, or run as its owner";
	case EMFILE:
	case ENFILE:
		return "allow more open files (ulimit -n)";
	case ELOOP:
		return "see where its symbolic links lead";
	default:
		return "see whether the path is right";
	}
}
