/* SPDX-License-Identifier: MIT
 * cli/walk.h - the files below a path, in a fixed order: names of a folder sorted by their bytes.
 * In a Maildir, those in cur and new. Symbolic links to files count, those to folders don't, unless
 * they are the path itself: a tree of links has no end. Sockets, pipes and devices in folders are
 * no mail. */
#ifndef SST_CLI_WALK_H
#define SST_CLI_WALK_H

#include <smtpstatus.h>

/* An open folder, shared by all who still need it. */
typedef struct cli_folder {
	char *path;    /* as found, ends in '/'; "" for the arguments themselves */
	int fd;        /* AT_FDCWD for the arguments */
	unsigned uses; /* atomic */
} cli_folder;

cli_folder *cli_folder_keep(cli_folder *folder);
void cli_folder_drop(cli_folder *folder);

typedef struct cli_walk {
	/* Each file. False stops the walk. */
	bool (*file)(void *context, cli_folder *folder, const char *name, uint64_t size);
	/* What can't be read, as a line for people, which is the callee's to free. False stops the
	 * walk. */
	bool (*problem)(void *context, char *line);
	void *context;
	bool sizeless; /* sizes are of no interest: files of folders come with 0, one look less */
} cli_walk;

/* False if it was stopped. */
bool cli_walk_path(const cli_walk *walk, const char *path);

#endif
