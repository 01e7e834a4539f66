/* SPDX-License-Identifier: MIT
 * cli/position.c - how far logs have been read, kept in a file. */
#include "cli/position.h"
#include "cli/complaint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC "smtpstatus position 1\n"

typedef struct header {
	char magic[24];
	uint64_t size;                              /* of this struct and the sets */
	uint64_t output, log_len, tracker_len, sum; /* sum: of the bytes that follow the header */
	uint32_t count;
} header;

uint64_t position_print(const char *bytes, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325U ^ len;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001b3U;
	return hash;
}

static bool complain(const char *path)
{
	cli_complain_errno(path);
	return false;
}

static bool complain_format(const char *path)
{
	cli_complain(path, "is no position file of this version", NULL,
	             "take it away to begin anew");
	return false;
}

static char *read_all(int fd, size_t size)
{
	char *bytes = malloc(size == 0 ? 1 : size);
	size_t len = 0;

	while (bytes != NULL && len < size) {
		ssize_t got = read(fd, bytes + len, size - len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			free(bytes);
			return NULL;
		}
		len += (size_t)got;
	}
	return bytes;
}

static bool take_apart(position *where, size_t size)
{
	header head;
	size_t sets;

	if (size < sizeof head)
		return false;
	memcpy(&head, where->bytes, sizeof head);
	sets = (size_t)head.count * sizeof *where->sets;
	if (memcmp(head.magic, MAGIC, sizeof MAGIC - 1) != 0 || head.count > POSITION_SETS ||
	    head.size != sizeof head + sizeof *where->sets ||
	    size != sizeof head + sets + head.log_len + head.tracker_len)
		return false;
	if (head.sum != position_print(where->bytes + sizeof head, size - sizeof head))
		return false;
	memcpy(where->sets, where->bytes + sizeof head, sets);
	where->count = head.count;
	where->output = head.output;
	where->log = (sst_text){where->bytes + sizeof head + sets, head.log_len};
	where->tracker = (sst_text){where->log.ptr + head.log_len, head.tracker_len};
	where->loaded = true;
	return true;
}

bool position_load(position *where, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat info;

	memset(where, 0, sizeof *where);
	where->path = path;
	if (fd < 0)
		return errno == ENOENT || complain(path);
	if (fstat(fd, &info) != 0 || (where->bytes = read_all(fd, (size_t)info.st_size)) == NULL) {
		complain(path);
		close(fd);
		return false;
	}
	close(fd);
	return take_apart(where, (size_t)info.st_size) || complain_format(path);
}

void position_free(position *where)
{
	free(where->bytes);
	where->bytes = NULL;
}

position_set *position_of(position *where, const char *base, size_t len)
{
	position_set *set;

	for (unsigned i = 0; i < where->count; i++)
		if (strlen(where->sets[i].base) == len &&
		    memcmp(where->sets[i].base, base, len) == 0)
			return &where->sets[i];
	if (where->count == POSITION_SETS || len >= sizeof set->base)
		return NULL;
	set = &where->sets[where->count++];
	memset(set, 0, sizeof *set);
	memcpy(set->base, base, len);
	return set;
}

/* Bytes in memory that grow. */
typedef struct bytes {
	char *at;
	size_t len, room;
} bytes;

static bool add(void *context, const void *more, size_t len)
{
	bytes *to = context;

	if (to->room - to->len < len) {
		size_t room = (to->room + len) * 2;
		char *at = realloc(to->at, room);

		if (at == NULL)
			return false;
		to->at = at;
		to->room = room;
	}
	memcpy(to->at + to->len, more, len);
	to->len += len;
	return true;
}

static bool write_all(int fd, const char *from, size_t len)
{
	while (len > 0) {
		ssize_t done = write(fd, from, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		from += done;
		len -= (size_t)done;
	}
	return true;
}

/* The new name must be on the disk as well. */
static bool sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
	int fd = folder == NULL ? -1 : open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool done = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	free(folder);
	return done;
}

static bool replace(const char *path, const bytes *content)
{
	size_t len = strlen(path);
	char *beside = malloc(len + 5);
	int fd = -1;
	bool done;

	if (beside == NULL)
		return false;
	memcpy(beside, path, len);
	memcpy(beside + len, ".new", 5);
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	done = fd >= 0 && write_all(fd, content->at, content->len) && fsync(fd) == 0;
	if (fd >= 0)
		done = close(fd) == 0 && done;
	done = done && rename(beside, path) == 0 && sync_folder(path);
	free(beside);
	return done;
}

bool position_save(const position *where, const sst_log *log, sst_tracker *tracker)
{
	bytes content = {NULL, 0, 0};
	header head;
	size_t sets = (size_t)where->count * sizeof *where->sets, before;
	bool done;

	memset(&head, 0, sizeof head);
	memcpy(head.magic, MAGIC, sizeof MAGIC - 1);
	head.size = sizeof head + sizeof *where->sets;
	head.output = where->output;
	head.count = where->count;
	done = add(&content, &head, sizeof head) && add(&content, where->sets, sets);
	before = content.len;
	done = done && sst_log_save(log, add, &content);
	head.log_len = content.len - before;
	before = content.len;
	done = done && sst_tracker_save(tracker, add, &content);
	head.tracker_len = content.len - before;
	if (done) {
		head.sum = position_print(content.at + sizeof head, content.len - sizeof head);
		memcpy(content.at, &head, sizeof head);
	}
	errno = ENOMEM;
	done = done && replace(where->path, &content);
	if (!done)
		complain(where->path);
	free(content.at);
	return done;
}
