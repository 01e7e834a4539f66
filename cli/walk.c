/* SPDX-License-Identifier: MIT
 * cli/walk.c - the files below a path, in a fixed order. */
#include "cli/walk.h"

#include "cli/complaint.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH_MAX 256

static cli_folder no_folder = {(char[]){""}, AT_FDCWD, 1};

cli_folder *cli_folder_keep(cli_folder *folder)
{
	__atomic_add_fetch(&folder->uses, 1, __ATOMIC_RELAXED);
	return folder;
}

void cli_folder_drop(cli_folder *folder)
{
	if (__atomic_sub_fetch(&folder->uses, 1, __ATOMIC_ACQ_REL) > 0 || folder == &no_folder)
		return;
	close(folder->fd);
	free(folder->path);
	free(folder);
}

static bool complain(const cli_walk *walk, const cli_folder *folder, const char *name, int error)
{
	return walk->problem(walk->context, cli_complaint(folder->path, name, strerror(error), NULL,
	                                                  cli_advice(error)));
}

/* The names of a folder: one after the other in `bytes`, each with its kind in front. */
struct names {
	char *bytes;
	size_t len, size, count;
	char **sorted;
};

static bool add_name(struct names *names, const char *name, unsigned char kind)
{
	size_t need = strlen(name) + 2;

	if (names->size - names->len < need) {
		size_t size = 2 * names->size + 4096 + need;
		char *more = realloc(names->bytes, size);
		if (more == NULL)
			return false;
		names->bytes = more;
		names->size = size;
	}
	names->bytes[names->len] = (char)kind;
	memcpy(names->bytes + names->len + 1, name, need - 1);
	names->len += need;
	names->count++;
	return true;
}

static int by_bytes(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;

	return strcmp(*left, *right);
}

static bool sort_names(struct names *names)
{
	char *at = names->bytes;

	names->sorted = malloc((names->count + 1) * sizeof *names->sorted);
	if (names->sorted == NULL)
		return false;
	for (size_t i = 0; i < names->count; i++) {
		names->sorted[i] = at + 1;
		at += strlen(at + 1) + 2;
	}
	qsort(names->sorted, names->count, sizeof *names->sorted, by_bytes);
	return true;
}

/* 0, or the errno. */
static int list_folder(int fd, struct names *names)
{
	DIR *dir = fdopendir(dup(fd));
	struct dirent *entry;
	int error;

	if (dir == NULL)
		return errno;
	for (errno = 0; (entry = readdir(dir)) != NULL; errno = 0) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (!add_name(names, entry->d_name, entry->d_type)) {
			errno = ENOMEM;
			break;
		}
	}
	error = errno;
	closedir(dir);
	return error == 0 && !sort_names(names) ? ENOMEM : error;
}

static bool has_name(const struct names *names, const char *name)
{
	return names->count > 0 &&
	       bsearch(&name, names->sorted, names->count, sizeof *names->sorted, by_bytes) != NULL;
}

static bool is_maildir(const struct names *names)
{
	return has_name(names, "cur") && has_name(names, "new") && has_name(names, "tmp");
}

static bool walk_folder(const cli_walk *walk, cli_folder *parent, const char *name, unsigned depth);

/* One name of a folder. */
static bool walk_entry(const cli_walk *walk, cli_folder *folder, const char *name, bool maildir,
                       unsigned depth)
{
	unsigned char kind = (unsigned char)name[-1];
	struct stat found = {0};

	if (kind == DT_DIR && maildir && strcmp(name, "tmp") == 0)
		return true;
	if (kind == DT_DIR)
		return walk_folder(walk, folder, name, depth + 1);
	if (maildir || (kind != DT_REG && kind != DT_LNK && kind != DT_UNKNOWN))
		return true;
	if (kind == DT_REG && walk->sizeless)
		return walk->file(walk->context, folder, name, 0);
	if (fstatat(folder->fd, name, &found, kind == DT_UNKNOWN ? AT_SYMLINK_NOFOLLOW : 0) != 0) {
		/* A link that leads nowhere, or in a circle, is a file that can't be read. */
		return complain(walk, folder, name, errno);
	}
	if (kind == DT_UNKNOWN && S_ISDIR(found.st_mode))
		return walk_folder(walk, folder, name, depth + 1);
	if (kind == DT_UNKNOWN && S_ISLNK(found.st_mode) &&
	    fstatat(folder->fd, name, &found, 0) != 0)
		return complain(walk, folder, name, errno);
	if (!S_ISREG(found.st_mode))
		return true;
	return walk->file(walk->context, folder, name, (uint64_t)found.st_size);
}

static cli_folder *open_folder(cli_folder *parent, const char *name, unsigned depth)
{
	int fd = openat(parent->fd, name,
	                O_RDONLY | O_DIRECTORY | O_CLOEXEC | (depth > 0 ? O_NOFOLLOW : 0));
	size_t before = strlen(parent->path), len = strlen(name);
	cli_folder *folder;

	if (fd < 0)
		return NULL;
	folder = malloc(sizeof *folder);
	if (folder == NULL || (folder->path = malloc(before + len + 2)) == NULL)
		cli_end_without_memory();
	memcpy(folder->path, parent->path, before);
	memcpy(folder->path + before, name, len);
	before += len;
	if (before == 0 || folder->path[before - 1] != '/')
		folder->path[before++] = '/';
	folder->path[before] = '\0';
	folder->fd = fd;
	folder->uses = 1;
	return folder;
}

static bool walk_folder(const cli_walk *walk, cli_folder *parent, const char *name, unsigned depth)
{
	struct names names = {0};
	cli_folder *folder;
	bool goes_on = true, maildir;
	int error;

	if (depth > DEPTH_MAX)
		return complain(walk, parent, name, ELOOP);
	folder = open_folder(parent, name, depth);
	if (folder == NULL)
		return complain(walk, parent, name, errno);
	error = list_folder(folder->fd, &names);
	if (error != 0)
		goes_on = complain(walk, parent, name, error);
	maildir = error == 0 && is_maildir(&names);
	for (size_t i = 0; error == 0 && goes_on && i < names.count; i++)
		goes_on = walk_entry(walk, folder, names.sorted[i], maildir, depth);
	free(names.sorted);
	free(names.bytes);
	cli_folder_drop(folder);
	return goes_on;
}

bool cli_walk_path(const cli_walk *walk, const char *path)
{
	struct stat found;

	if (stat(path, &found) != 0)
		return complain(walk, &no_folder, path, errno);
	if (S_ISDIR(found.st_mode))
		return walk_folder(walk, &no_folder, path, 0);
	return walk->file(walk->context, &no_folder, path,
	                  S_ISREG(found.st_mode) ? (uint64_t)found.st_size : 0);
}
