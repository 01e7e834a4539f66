/* SPDX-License-Identifier: MIT
 * cli/job.c - what is handed to the threads. */
#include "cli/complaint.h"
#include "cli/part.h"
#include "cli/reading.h"

#include "cli/mails.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Jobs are small: where there is no memory for one, there is none at all. */
static void *need(void *memory)
{
	if (memory == NULL)
		cli_end_without_memory();
	return memory;
}

cli_job *cli_job_new(cli_folder *folder)
{
	cli_job *job = need(calloc(1, sizeof *job));

	job->folder = folder == NULL ? NULL : cli_folder_keep(folder);
	return job;
}

void cli_job_add(cli_job *job, const char *name)
{
	size_t len = strlen(name) + 1;

	if (job->names_size - job->names_len < len) {
		job->names_size = 2 * job->names_size + 256 + len;
		job->names = need(realloc(job->names, job->names_size));
	}
	memcpy(job->names + job->names_len, name, len);
	job->names_len += len;
	job->count++;
}

cli_job *cli_job_stdin(void)
{
	cli_job *job = cli_job_new(NULL);

	job->is_stdin = true;
	return job;
}

cli_job *cli_job_problem(char *line)
{
	cli_job *job = cli_job_new(NULL);

	job->problem = line;
	return job;
}

static struct cli_shared_file *keep_file(struct cli_shared_file *file)
{
	__atomic_add_fetch(&file->uses, 1, __ATOMIC_RELAXED);
	return file;
}

static void drop_file(struct cli_shared_file *file)
{
	if (__atomic_sub_fetch(&file->uses, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	close(file->fd);
	free(file);
}

void cli_job_free(cli_job *job)
{
	if (job->folder != NULL)
		cli_folder_drop(job->folder);
	if (job->part != NULL)
		drop_file(job->part->file);
	free(job->part);
	free(job->names);
	free(job->problem);
	free(job);
}

static bool add_part(cli_pool *pool, cli_folder *folder, const char *name,
                     const struct cli_part *part)
{
	cli_job *job = cli_job_new(folder);

	cli_job_add(job, name);
	job->part = need(malloc(sizeof *job->part));
	*job->part = *part;
	keep_file(part->file);
	return cli_pool_add(pool, job);
}

/* Hands in the parts: goes through all of the file, but only looks for its From lines. */
static bool split_mbox(cli_pool *pool, cli_folder *folder, const char *name, cli_mails *mails,
                       struct cli_part part, uint64_t size)
{
	bool last;

	part.from = mails->in->offset;
	while (cli_mails_next(mails)) {
		while (!mails->over)
			cli_mails_piece(mails, &last);
		part.upto = mails->in->offset;
		part.lengths = mails->lengths;
		if (part.upto - part.from < size)
			continue;
		if (!add_part(pool, folder, name, &part))
			return false;
		part.from = part.upto;
		part.number = mails->number + 1;
	}
	return part.upto <= part.from || add_part(pool, folder, name, &part);
}

/* The open file, if it is a regular one. */
static struct cli_shared_file *open_shared(cli_folder *folder, const char *name, uint64_t *size)
{
	int fd = openat(folder->fd, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct cli_shared_file *file;
	struct stat found;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &found) != 0 || !S_ISREG(found.st_mode)) {
		close(fd);
		return NULL;
	}
	*size = (uint64_t)found.st_size;
	file = need(malloc(sizeof *file));
	*file = (struct cli_shared_file){fd, 1};
	return file;
}

bool cli_reading_split(cli_pool *pool, cli_folder *folder, const char *name, uint64_t part,
                       bool *split)
{
	struct cli_part first = {.number = 1};
	bool goes_on = true;
	uint64_t size = 0;
	cli_mails mails;
	cli_input in;

	*split = false;
	if (cli_is_one_mail(name))
		return true;
	first.file = open_shared(folder, name, &size);
	if (first.file == NULL)
		return true;
	if (!cli_input_init(&in))
		cli_end_without_memory();
	cli_input_start(&in, first.file->fd, true, 0, size);
	cli_mails_start(&mails, &in, 0, false);
	*split = in.decoder == NULL && cli_mails_is_mbox(&mails);
	if (*split)
		goes_on = split_mbox(pool, folder, name, &mails, first, part);
	cli_input_free(&in);
	drop_file(first.file);
	return goes_on;
}
