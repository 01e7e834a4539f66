/* SPDX-License-Identifier: MIT
 * cli/logs.c - log files in the order of their lines, given to a reader block by block. */
#include "cli/logs.h"

#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Order
 * -------------------------------------------------------------------------------------------- */

static size_t without_ending(const char *path)
{
	static const char *const endings[] = {".gz", ".xz", ".zst", ".bz2", ".lzma"};
	size_t len = strlen(path);

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		size_t end = strlen(endings[i]);

		if (len > end && strcmp(path + len - end, endings[i]) == 0)
			return len - end;
	}
	return len;
}

/* The digits that end path[0..len), and where they start. */
static size_t digits_before(const char *path, size_t len)
{
	while (len > 0 && path[len - 1] >= '0' && path[len - 1] <= '9')
		len--;
	return len;
}

/* ".2" counts up into the past; "-20260301" and ".20260301-000000" count up to now. */
static void find_place(cli_log_file *file)
{
	size_t len = without_ending(file->path), start = digits_before(file->path, len);
	size_t digits = len - start;

	file->base = file->path;
	file->base_len = len;
	file->age = 0;
	if (digits == 0 || start == 0)
		return;
	if (digits <= 5 && file->path[start - 1] == '.') {
		file->age = strtoll(file->path + start, NULL, 10);
		file->base_len = start - 1;
		return;
	}
	if (digits == 6 && start > 9 && file->path[start - 1] == '-') { /* date-time */
		size_t date = digits_before(file->path, start - 1);

		if (start - 1 - date == 8 && date > 0) {
			file->age =
			        INT64_MAX / 2 - (strtoll(file->path + date, NULL, 10) * 1000000 +
			                         strtoll(file->path + start, NULL, 10));
			file->base_len = date - 1;
		}
		return;
	}
	if ((digits == 8 || digits == 10) &&
	    (file->path[start - 1] == '-' || file->path[start - 1] == '.')) {
		file->age = INT64_MAX / 2 - strtoll(file->path + start, NULL, 10) * 1000000;
		file->base_len = start - 1;
	}
}

/* Sets stay where their first file was named. */
static void join_sets(cli_logs *logs)
{
	for (unsigned i = 0; i < logs->count; i++)
		for (unsigned j = 0; j < i; j++)
			if (logs->files[i].base_len == logs->files[j].base_len &&
			    memcmp(logs->files[i].base, logs->files[j].base,
			           logs->files[i].base_len) == 0) {
				logs->files[i].given = logs->files[j].given;
				break;
			}
}

static int compare(const void *a, const void *b)
{
	const cli_log_file *x = a, *y = b;

	if (x->given != y->given)
		return x->given < y->given ? -1 : 1;
	if (x->age != y->age)
		return x->age > y->age ? -1 : 1;
	return strcmp(x->path, y->path);
}

bool cli_logs_list(cli_logs *logs, char *const *paths, unsigned count)
{
	static const char input[] = "-";

	logs->files = calloc(count == 0 ? 1 : count, sizeof *logs->files);
	if (logs->files == NULL)
		return false;
	logs->count = count == 0 ? 1 : count;
	for (unsigned i = 0; i < logs->count; i++) {
		logs->files[i].path = count == 0 ? input : paths[i];
		logs->files[i].given = i;
		find_place(&logs->files[i]);
	}
	join_sets(logs);
	qsort(logs->files, logs->count, sizeof *logs->files, compare);
	return true;
}

void cli_logs_free(cli_logs *logs)
{
	free(logs->files);
	logs->files = NULL;
}

sst_text cli_logs_name(const cli_logs *logs, uint32_t file)
{
	if (file >= logs->count)
		return (sst_text){NULL, 0};
	if (logs->where != NULL) /* names change from run to run; the set's stays */
		return (sst_text){logs->files[file].base, logs->files[file].base_len};
	return (sst_text){logs->files[file].path, strlen(logs->files[file].path)};
}

int cli_logs_take_type(const cli_usage *usage, const char *value, sst_server *server)
{
	int found = sst_server_find((sst_text){value, strlen(value)});
	char names[256];
	size_t len = 0;

	if (found >= 0) {
		*server = (sst_server)found;
		return EXIT_DONE;
	}
	for (int i = 1; i < SST_SERVERS && len < sizeof names; i++) {
		sst_text name = sst_server_name((sst_server)i);

		len += (size_t)snprintf(names + len, sizeof names - len, "%s%.*s",
		                        i > 1 ? ", " : "", (int)name.len, name.ptr);
	}
	return cli_usage_error(usage, "--type is one of %s, not '%s'", names, value);
}
