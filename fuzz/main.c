/* SPDX-License-Identifier: MIT
 * fuzz/main.c - runs a fuzz target on files and folders, without a fuzzer.
 *
 * Each file is handed over in a copy that ends at a guard page; of a short one every beginning too,
 * so that input cut at any byte is tried. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/unit/guard.h"

#define SHORT_INPUT 2048u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned long inputs;

static void run_bytes(const char *bytes, size_t size)
{
	sst_text copy = guard_copy(bytes, size);

	LLVMFuzzerTestOneInput((const uint8_t *)copy.ptr, copy.len);
	guard_free(copy);
	inputs++;
}

static bool run_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *bytes = NULL;
	size_t size = 0, got;

	if (file == NULL) {
		perror(path);
		return false;
	}
	do {
		char *more = realloc(bytes, size + 65536);
		if (more == NULL)
			abort();
		bytes = more;
		got = fread(bytes + size, 1, 65536, file);
		size += got;
	} while (got > 0);
	fclose(file);
	run_bytes(bytes, size);
	for (size_t cut = 0; size <= SHORT_INPUT && cut < size; cut++)
		run_bytes(bytes, cut);
	free(bytes);
	return true;
}

static bool run_path(const char *path)
{
	struct stat status;
	struct dirent *entry;
	bool good = true;
	DIR *folder;

	if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
		return run_file(path);
	folder = opendir(path);
	if (folder == NULL) {
		perror(path);
		return false;
	}
	while ((entry = readdir(folder)) != NULL) {
		char name[4096];
		if (entry->d_name[0] == '.')
			continue;
		if (snprintf(name, sizeof(name), "%s/%s", path, entry->d_name) < (int)sizeof(name))
			good = run_file(name) && good;
	}
	closedir(folder);
	return good;
}

int main(int argc, char **argv)
{
	bool good = true;

	for (int i = 1; i < argc; i++)
		good = run_path(argv[i]) && good;
	if (inputs == 0)
		fprintf(stderr, "usage: %s FILE|FOLDER...\nno input was run\n", argv[0]);
	printf("%lu inputs run\n", inputs);
	return good && inputs > 0 ? 0 : 1;
}
