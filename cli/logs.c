/* SPDX-License-Identifier: MIT
 * cli/logs.c - log files in the order of their lines, given to a reader block by block. */
#include "cli/logs.h"

#include "cli/cli.h"
#include "cli/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

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
	return (sst_text){logs->files[file].path, strlen(logs->files[file].path)};
}

/* Reading
 * ------------------------------------------------------------------------------------------ */

static bool take_events(cli_logs *logs, sst_log *log)
{
	const sst_event *event;

	while (sst_log_next(log, &event) == SST_OK)
		if (!logs->take(logs->context, event))
			return false;
	return true;
}

static int complain(const char *path)
{
	fprintf(stderr, "smtpstatus: %s: %s\n", path, strerror(errno));
	return EXIT_PARTLY;
}

/* Standard input, or a file, unpacked if it is packed. */
static int read_open(cli_logs *logs, sst_log *log, uint32_t number, int fd, cli_input *in)
{
	const char *path = logs->files[number].path;
	struct stat info;
	int status = EXIT_DONE;
	bool more = true;

	if (fstat(fd, &info) != 0)
		return complain(path);
	if (S_ISDIR(info.st_mode)) {
		errno = EISDIR;
		return complain(path);
	}
	sst_log_file(log, number,
	             S_ISREG(info.st_mode) ? (int64_t)info.st_mtime : (int64_t)time(NULL));
	cli_input_start(in, fd, S_ISREG(info.st_mode), 0,
	                S_ISREG(info.st_mode) ? (uint64_t)info.st_size : 0);
	while (more) {
		sst_text block;
		sst_result result;

		more = cli_input_fill(in);
		block = (sst_text){in->window + in->from, in->upto - in->from};
		result = sst_log_feed(log, block, !more || in->ended);
		if (!take_events(logs, log))
			return EXIT_SYSTEM;
		in->from += result.at;
		in->offset += result.at;
		if (in->ended && in->from == in->upto)
			more = false;
	}
	if (in->error != NULL) {
		fprintf(stderr, "smtpstatus: %s: byte %llu: %s\n", path,
		        (unsigned long long)in->error_offset, in->error);
		status = EXIT_PARTLY;
	}
	return status;
}

static int read_file(cli_logs *logs, sst_log *log, uint32_t number, cli_input *in)
{
	const char *path = logs->files[number].path;
	bool is_input = strcmp(path, "-") == 0;
	int fd = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int status;

	if (fd < 0)
		return complain(path);
	status = read_open(logs, log, number, fd, in);
	if (!is_input)
		close(fd);
	return status;
}

int cli_logs_read(cli_logs *logs)
{
	sst_log *log = sst_log_new(&logs->options);
	cli_input in;
	int worst = log == NULL || !cli_input_init(&in) ? EXIT_SYSTEM : EXIT_DONE;

	if (worst == EXIT_SYSTEM) {
		sst_log_free(log);
		return worst;
	}
	for (uint32_t i = 0; i < logs->count && worst != EXIT_SYSTEM; i++) {
		int status = read_file(logs, log, i, &in);

		worst = status > worst ? status : worst;
	}
	logs->counts = sst_log_count(log);
	sst_log_free(log);
	cli_input_free(&in);
	return worst;
}
