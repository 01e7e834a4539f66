/* SPDX-License-Identifier: MIT
 * cli/input.c - the bytes of a file through a window of fixed size. */
#include "cli/input.h"

#include "cli/complaint.h"
#include "cli/decoder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PACKED 65536

/* Packed data may grow to RATIO times its size once FREE_BYTES are out: real mail and logs stay
 * below 100, what is above is made to fill somebody's disk. */
#define RATIO 250
#define FREE_BYTES (UINT64_C(64) << 20)

bool cli_input_init(cli_input *in)
{
	memset(in, 0, sizeof *in);
	in->fd = -1;
	in->window = malloc(CLI_WINDOW);
	in->store = malloc(PACKED);
	return in->window != NULL && in->store != NULL;
}

void cli_input_free(cli_input *in)
{
	cli_decoder_free(in->decoder);
	free(in->window);
	free(in->store);
}

static void fail(cli_input *in, const char *error, const char *advice)
{
	in->error = error;
	in->advice = advice;
	in->error_offset = in->packed;
	in->ended = true;
}

/* Reads up to `size` bytes. 0 at the end and on errors, which are noted. */
static size_t read_some(cli_input *in, char *bytes, size_t size)
{
	ssize_t got;

	if (in->plain && in->size > 0 && in->base + in->packed >= in->size)
		return 0;
	do
		got = in->plain ? pread(in->fd, bytes, size, (off_t)(in->base + in->packed))
		                : read(in->fd, bytes, size);
	while (got < 0 && errno == EINTR);
	if (got < 0) {
		fail(in, strerror(errno), cli_advice(errno));
		return 0;
	}
	in->packed += (uint64_t)got;
	return (size_t)got;
}

static void fail_decoder(cli_input *in, cli_decoded result)
{
	if (result == CLI_DECODED_LIMIT)
		fail(in, "its packed data wants more memory than is allowed",
		     "unpack it with its own program first");
	else
		fail(in, "its packed data is damaged",
		     "get the file again; what came before has been read");
}

static bool is_bomb(const cli_input *in)
{
	uint64_t out = in->offset + (in->upto - in->from);

	return out > FREE_BYTES && out / RATIO > in->packed;
}

static void unpack(cli_input *in)
{
	char *out = in->window + in->upto;
	size_t room = CLI_WINDOW - in->upto;

	while (room > 0 && !in->ended) {
		cli_decoded result;
		size_t before = room, left = in->rest.len;

		if (in->rest.len == 0) {
			in->rest = (sst_text){in->store, read_some(in, in->store, PACKED)};
			in->no_more = in->rest.len == 0;
		}
		if (in->error != NULL)
			break;
		if (in->no_more && in->complete) {
			in->ended = true;
			break;
		}
		left = in->rest.len;
		result = cli_decoder_run(in->decoder, &in->rest, &out, &room);
		in->complete = result == CLI_DECODED_END;
		in->upto = CLI_WINDOW - room;
		if (result == CLI_DECODED_BAD || result == CLI_DECODED_LIMIT)
			fail_decoder(in, result);
		else if (in->no_more && !in->complete && before == room)
			fail(in, "its packed data ends early",
			     "get the file again; what came before has been read");
		else if (is_bomb(in))
			fail(in, "unpacks to more than 250 times its size",
			     "if it is to be trusted, unpack it with its own program first");
		else if (before == room && left == in->rest.len && left > 0 && !in->complete)
			fail_decoder(in, CLI_DECODED_BAD);
	}
}

bool cli_input_fill(cli_input *in)
{
	size_t before = in->upto - in->from;

	if (in->ended)
		return false;
	memmove(in->window, in->window + in->from, before);
	in->from = 0;
	in->upto = before;
	if (in->decoder != NULL) {
		unpack(in);
		return in->upto > before;
	}
	while (in->upto < CLI_WINDOW && !in->ended) {
		size_t got = read_some(in, in->window + in->upto, CLI_WINDOW - in->upto);
		in->upto += got;
		in->ended = got == 0;
	}
	return in->upto > before;
}

void cli_input_trade(cli_input *in, char **window, size_t len)
{
	char *traded = in->window;

	in->from += len;
	in->offset += len;
	memcpy(*window, traded + in->from, in->upto - in->from);
	if (in->from > len)
		memmove(traded, traded + in->from - len, len);
	in->window = *window;
	in->upto -= in->from;
	in->from = 0;
	*window = traded;
}

static void forget(cli_input *in, int fd)
{
	cli_decoder_free(in->decoder);
	in->decoder = NULL;
	in->fd = fd;
	in->from = in->upto = 0;
	in->offset = in->packed = in->base = in->size = 0;
	in->error = in->advice = NULL;
	in->ended = in->no_more = in->complete = false;
	in->rest = (sst_text){NULL, 0};
}

void cli_input_start_at(cli_input *in, int fd, uint64_t base, uint64_t offset)
{
	forget(in, fd);
	in->plain = true;
	in->base = base;
	in->offset = in->packed = offset;
}

static bool is_utf16(const cli_input *in)
{
	return in->upto >= 2 &&
	       (memcmp(in->window, "\xff\xfe", 2) == 0 || memcmp(in->window, "\xfe\xff", 2) == 0);
}

/* The first bytes are read as they are; if they turn out to be packed, they move out of it. */
void cli_input_start(cli_input *in, int fd, bool regular, uint64_t base, uint64_t size)
{
	const char *missing = NULL;
	size_t got;

	forget(in, fd);
	in->plain = regular;
	in->base = base;
	in->size = size;
	do {
		got = read_some(in, in->window + in->upto, PACKED - in->upto);
		in->upto += got;
	} while (got > 0 && in->upto < CLI_DECODER_START);
	in->ended = got == 0 || (regular && size > 0 && base + in->packed >= size);
	if (!in->leave_utf16 || !is_utf16(in))
		in->decoder = cli_decoder_new((sst_text){in->window, in->upto}, &missing);
	if (missing != NULL && strcmp(missing, "memory") == 0)
		fail(in, "no memory to unpack it", "unpack it with its own program first");
	else if (missing != NULL) {
		snprintf(in->about, sizeof in->about,
		         "packed with %s, which this build does not read", missing);
		fail(in, in->about, "unpack it with its own program first");
		in->error_offset = 0;
	}
	if (missing != NULL)
		in->upto = 0;
	if (in->decoder == NULL)
		return;
	memcpy(in->store, in->window, in->upto);
	in->rest = (sst_text){in->store, in->upto};
	in->upto = 0;
	in->ended = false;
}

int cli_input_peek(cli_input *in, uint64_t offset, char *bytes, size_t len)
{
	uint64_t end = in->offset + (in->upto - in->from);
	ssize_t got;

	if (offset >= in->offset && (offset + len <= end || (in->ended && offset <= end))) {
		size_t at = (size_t)(offset - in->offset);
		size_t there = in->upto - in->from - at;
		memcpy(bytes, in->window + in->from + at, there < len ? there : len);
		return (int)(there < len ? there : len);
	}
	if (!in->plain || in->decoder != NULL || offset < in->offset)
		return -1;
	got = pread(in->fd, bytes, len, (off_t)(in->base + offset));
	return got < 0 ? -1 : (int)got;
}
