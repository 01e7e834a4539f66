/* SPDX-License-Identifier: MIT
 * cli/spill.c - messages that wait for long, kept in a file without a name while a run lasts. It
 * only grows: a message that is taken out and spilled again is written again. */
#include "cli/spill.h"
#include "cli/complaint.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int file = -1;
static uint64_t end;

static bool open_file(void)
{
	const char *folder = getenv("TMPDIR");
	char path[4096];

	if (file >= 0)
		return true;
	snprintf(path, sizeof path, "%s/smtpstatus.XXXXXX", folder == NULL ? "/tmp" : folder);
	file = mkstemp(path);
	if (file < 0) {
		cli_complain(path, strerror(errno), NULL,
		             "name a folder for temporary files with TMPDIR");
		return false;
	}
	unlink(path);
	return true;
}

bool cli_spill(void *context, sst_text bytes, uint64_t *token)
{
	size_t done = 0;

	(void)context;
	if (!open_file())
		return false;
	*token = end;
	while (done < bytes.len) {
		ssize_t got = pwrite(file, bytes.ptr + done, bytes.len - done, (off_t)(end + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			cli_complain_errno("temporary file");
			return false;
		}
		done += (size_t)got;
	}
	end += bytes.len;
	return true;
}

bool cli_unspill(void *context, uint64_t token, char *buffer, size_t size)
{
	size_t done = 0;

	(void)context;
	while (done < size) {
		ssize_t got = pread(file, buffer + done, size - done, (off_t)(token + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		done += (size_t)got;
	}
	return true;
}
