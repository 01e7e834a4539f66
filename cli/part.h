/* SPDX-License-Identifier: MIT
 * cli/part.h - a part of one mbox, read by one thread. */
#ifndef SST_CLI_PART_H
#define SST_CLI_PART_H

#include "cli/reading.h"

/* An open file that several jobs read. */
struct cli_shared_file {
	int fd;
	unsigned uses; /* atomic */
};

struct cli_part {
	struct cli_shared_file *file;
	uint64_t from, upto; /* whole mails, from their From lines on */
	uint64_t number;     /* of the first mail */
	bool lengths;        /* the file keeps Content-Length */
};

void cli_job_free(cli_job *job);

#endif
