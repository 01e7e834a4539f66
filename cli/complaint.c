/* SPDX-License-Identifier: MIT
 * cli/complaint.c - what is said of a file that can't be read. */
#include "cli/complaint.h"

#include "cli/cli.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "say/glyph.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Atomic bool complained;

bool cli_has_complained(void)
{
	return complained;
}

int cli_no_memory(void)
{
	static const char words[] =
	        "smtpstatus: not enough memory: let it have more, or fewer threads (--jobs 1)\n";

	complained = true;
	cli_progress_clear();
	cli_write_all(STDERR_FILENO, words, sizeof words - 1);
	return EXIT_SYSTEM;
}

_Noreturn void cli_end_without_memory(void)
{
	_exit(cli_no_memory());
}

char *cli_safe_text(sst_text text)
{
	char *safe = malloc(text.len * SST_SHOWN_SIZE + 1);
	size_t len = 0;
	unsigned columns;

	if (safe == NULL)
		cli_end_without_memory();
	for (size_t at = 0; at < text.len;)
		len += sst__show(text, &at, SST_THEIRS, safe + len, &columns);
	safe[len] = '\0';
	return safe;
}

static char *safe_path(const char *folder, const char *name)
{
	char *path, *safe;

	if (asprintf(&path, "%s%s", folder, name) < 0)
		cli_end_without_memory();
	safe = cli_safe_text((sst_text){path, strlen(path)});
	free(path);
	return safe;
}

char *cli_complaint(const char *folder, const char *name, const char *wrong, const uint64_t *offset,
                    const char *advice)
{
	bool is_stdin = folder[0] == '\0' && strcmp(name, "-") == 0;
	char *path = safe_path(folder, is_stdin ? "standard input" : name), *line, where[48] = "";

	if (offset != NULL)
		snprintf(where, sizeof where, " (offset %llu)", (unsigned long long)*offset);
	if (asprintf(&line, "smtpstatus: %s: %s%s: %s", path, wrong, where, advice) < 0)
		cli_end_without_memory();
	free(path);
	return line;
}

const char *cli_advice(int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
		return "allow this user to read it, or run as its owner";
	case EROFS:
		return "choose a place that can be written to";
	case ENOSPC:
	case EDQUOT:
		return "make room there, and run it again";
	case EIO:
		return "see whether the disk is in order; what came before has been read";
	case ENOMEM:
		return "let it have more memory";
	case EISDIR:
		return "name its files, not the folder";
	case EFBIG:
		return "see whether it is the right file";
	case EBADF:
		return "connect it to a file or a pipe";
	case EMFILE:
	case ENFILE:
		return "allow more open files (ulimit -n)";
	case ELOOP:
		return "see where its symbolic links lead";
	default:
		return "see whether the path is right";
	}
}

void cli_complain(const char *path, const char *wrong, const uint64_t *offset, const char *advice)
{
	char *line = cli_complaint("", path, wrong, offset, advice);

	complained = true;
	cli_progress_clear();
	fprintf(stderr, "%s\n", line);
	free(line);
}

void cli_complain_errno(const char *path)
{
	int error = errno;

	cli_complain(path, strerror(error), NULL, cli_advice(error));
}
