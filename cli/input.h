/* SPDX-License-Identifier: MIT
 * cli/input.h - the bytes of a file, a pipe or standard input, unpacked if they are gzip, zstd or
 * xz, through a window of fixed size. */
#ifndef SST_CLI_INPUT_H
#define SST_CLI_INPUT_H

#include <smtpstatus.h>

#define CLI_WINDOW 131072

struct cli_decoder;

typedef struct cli_input {
	int fd;
	char *window;          /* CLI_WINDOW bytes */
	char *store;           /* packed bytes */
	size_t from, upto;     /* what of the window has not been used yet */
	uint64_t offset;       /* of window[from] in the unpacked bytes */
	bool ended;            /* nothing comes behind window[upto] */
	bool leave_utf16;      /* UTF-16 is left to the reader: set it before the start */
	bool plain;            /* a regular file, not packed: read with pread */
	uint64_t base;         /* plain: the place in the file where offset 0 is */
	uint64_t size;         /* plain: bytes of the file; 0 if not known */
	const char *error;     /* what went wrong, NULL if nothing */
	const char *advice;    /* what to do about it */
	char about[80];        /* room for .error */
	uint64_t error_offset; /* where, in the bytes of the file */
	uint64_t packed;       /* bytes of the file that were read */
	struct cli_decoder *decoder;
	sst_text rest; /* packed bytes that have been read and not been unpacked */
	bool no_more;  /* the file has no more packed bytes */
	bool complete; /* the packed data may end here */
} cli_input;

/* Gets the memory. False if there is none. */
bool cli_input_init(cli_input *in);
void cli_input_free(cli_input *in);

/* Starts on an open file, which stays the caller's. `regular`: a file that can be read out of
 * order, of `size` bytes (0: not known), from byte `base`. Looks at the first bytes for a packed
 * format. */
void cli_input_start(cli_input *in, int fd, bool regular, uint64_t base, uint64_t size);

/* Starts in the middle of a plain file that was looked at before. */
void cli_input_start_at(cli_input *in, int fd, uint64_t base, uint64_t offset);

/* Moves what is left to the front of the window and reads until it is full or the input ends. False
 * when there is nothing new. */
bool cli_input_fill(cli_input *in);

/* Exchanges the window for another one: the first `len` bytes that are left in it go with it, and
 * are at its front; what follows them is carried over. */
void cli_input_trade(cli_input *in, char **window, size_t len);

/* Copies `len` bytes from `offset` of the unpacked bytes, if they are in the window or the file is
 * plain. Returns how many there were; -1 if it can't be known. */
int cli_input_peek(cli_input *in, uint64_t offset, char *bytes, size_t len);

#endif
