/* SPDX-License-Identifier: MIT
 * cli/decoder.c - one row a packed format. */
#include "cli/decoder.h"

#include "cli/utf16.h"

#include <stdlib.h>
#include <string.h>

#ifdef SST_HAVE_ZLIB
#include <zlib.h>
#endif
#ifdef SST_HAVE_ZSTD
#include <zstd.h>
#endif
#ifdef SST_HAVE_LZMA
#include <lzma.h>
#endif

/* xz -9 needs 65 MB; zstd's own programs stop at a window of 128 MB too. */
#define XZ_MEMORY (80u << 20)
#define ZSTD_WINDOW_LOG 27

struct format {
	const char *name;
	sst_text magic;
	sst_text more; /* stands at byte 4, if it isn't empty */
	bool (*start)(cli_decoder *decoder);
	cli_decoded (*run)(cli_decoder *decoder, sst_text *in, char **out, size_t *room);
	void (*stop)(cli_decoder *decoder);
};

struct cli_decoder {
	const struct format *format;
	bool between; /* a member has ended: another one, padding or nothing may follow */
	cli_utf16 utf16;
#ifdef SST_HAVE_ZLIB
	z_stream zlib;
#endif
#ifdef SST_HAVE_ZSTD
	ZSTD_DStream *zstd;
#endif
#ifdef SST_HAVE_LZMA
	lzma_stream lzma;
#endif
};

#ifdef SST_HAVE_ZLIB
static bool gzip_start(cli_decoder *decoder)
{
	return inflateInit2(&decoder->zlib, 15 + 16) == Z_OK;
}

/* gzip files may be several members one after the other, and be padded with NULs. */
static bool gzip_again(cli_decoder *decoder, sst_text *in)
{
	while (in->len > 0 && *in->ptr == '\0') {
		in->ptr++;
		in->len--;
	}
	if (in->len == 0)
		return false;
	decoder->between = false;
	inflateReset(&decoder->zlib);
	return true;
}

static cli_decoded gzip_run(cli_decoder *decoder, sst_text *in, char **out, size_t *room)
{
	z_stream *stream = &decoder->zlib;
	int result;

	if (decoder->between && !gzip_again(decoder, in))
		return CLI_DECODED_END;
	/* zlib's interface takes the input as writable, and does not write to it. */
	memcpy(&stream->next_in, &in->ptr, sizeof stream->next_in);
	stream->avail_in = (uInt)in->len;
	stream->next_out = (Bytef *)*out;
	stream->avail_out = (uInt)*room;
	result = inflate(stream, Z_NO_FLUSH);
	in->ptr += in->len - stream->avail_in;
	in->len = stream->avail_in;
	*out = (char *)stream->next_out;
	*room = stream->avail_out;
	if (result == Z_STREAM_END) {
		decoder->between = true;
		return CLI_DECODED_END;
	}
	if (result == Z_MEM_ERROR)
		return CLI_DECODED_LIMIT;
	return result == Z_OK || result == Z_BUF_ERROR ? CLI_DECODED_MORE : CLI_DECODED_BAD;
}

static void gzip_stop(cli_decoder *decoder)
{
	inflateEnd(&decoder->zlib);
}
#else
#define gzip_start NULL
#define gzip_run NULL
#define gzip_stop NULL
#endif

#ifdef SST_HAVE_ZSTD
static bool zstd_start(cli_decoder *decoder)
{
	decoder->zstd = ZSTD_createDStream();
	if (decoder->zstd == NULL)
		return false;
	ZSTD_DCtx_setParameter(decoder->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG);
	return true;
}

static cli_decoded zstd_run(cli_decoder *decoder, sst_text *in, char **out, size_t *room)
{
	ZSTD_inBuffer input = {in->ptr, in->len, 0};
	ZSTD_outBuffer output = {*out, *room, 0};
	size_t result;

	if (decoder->between && in->len == 0)
		return CLI_DECODED_END;
	result = ZSTD_decompressStream(decoder->zstd, &output, &input);
	in->ptr += input.pos;
	in->len -= input.pos;
	*out += output.pos;
	*room -= output.pos;
	if (ZSTD_isError(result))
		return CLI_DECODED_BAD;
	decoder->between = result == 0;
	return result == 0 ? CLI_DECODED_END : CLI_DECODED_MORE;
}

static void zstd_stop(cli_decoder *decoder)
{
	ZSTD_freeDStream(decoder->zstd);
}
#else
#define zstd_start NULL
#define zstd_run NULL
#define zstd_stop NULL
#endif

#ifdef SST_HAVE_LZMA
static bool xz_start(cli_decoder *decoder)
{
	lzma_stream fresh = LZMA_STREAM_INIT;

	decoder->lzma = fresh;
	return lzma_stream_decoder(&decoder->lzma, XZ_MEMORY, 0) == LZMA_OK;
}

/* Streams may follow each other, padded with NULs. */
static cli_decoded xz_run(cli_decoder *decoder, sst_text *in, char **out, size_t *room)
{
	lzma_stream *stream = &decoder->lzma;
	lzma_ret result;

	while (decoder->between && in->len > 0 && *in->ptr == '\0') {
		in->ptr++;
		in->len--;
	}
	if (decoder->between && in->len == 0)
		return CLI_DECODED_END;
	if (decoder->between && lzma_stream_decoder(stream, XZ_MEMORY, 0) != LZMA_OK)
		return CLI_DECODED_LIMIT;
	decoder->between = false;
	stream->next_in = (const uint8_t *)in->ptr;
	stream->avail_in = in->len;
	stream->next_out = (uint8_t *)*out;
	stream->avail_out = *room;
	result = lzma_code(stream, LZMA_RUN);
	in->ptr += in->len - stream->avail_in;
	in->len = stream->avail_in;
	*out = (char *)stream->next_out;
	*room = stream->avail_out;
	decoder->between = result == LZMA_STREAM_END;
	if (result == LZMA_STREAM_END)
		return CLI_DECODED_END;
	if (result == LZMA_MEMLIMIT_ERROR || result == LZMA_MEM_ERROR)
		return CLI_DECODED_LIMIT;
	return result == LZMA_OK || result == LZMA_BUF_ERROR ? CLI_DECODED_MORE : CLI_DECODED_BAD;
}

static void xz_stop(cli_decoder *decoder)
{
	lzma_end(&decoder->lzma);
}
#else
#define xz_start NULL
#define xz_run NULL
#define xz_stop NULL
#endif

static bool utf16_start(cli_decoder *decoder)
{
	memset(&decoder->utf16, 0, sizeof decoder->utf16);
	return true;
}

static cli_decoded utf16_run(cli_decoder *decoder, sst_text *in, char **out, size_t *room)
{
	return cli_utf16_run(&decoder->utf16, in, out, room) ? CLI_DECODED_END : CLI_DECODED_MORE;
}

static void utf16_stop(cli_decoder *decoder)
{
	(void)decoder;
}

#define MAGIC(bytes)                     \
	{                                \
		bytes, sizeof(bytes) - 1 \
	}

/* Those without functions are only known by name. */
static const struct format formats[] = {
        {"gzip", MAGIC("\x1f\x8b\x08"), MAGIC(""), gzip_start, gzip_run, gzip_stop},
        {"zstd", MAGIC("\x28\xb5\x2f\xfd"), MAGIC(""), zstd_start, zstd_run, zstd_stop},
        {"xz", MAGIC("\xfd\x37zXZ\0"), MAGIC(""), xz_start, xz_run, xz_stop},
        {"UTF-16", MAGIC("\xff\xfe"), MAGIC(""), utf16_start, utf16_run, utf16_stop},
        {"UTF-16", MAGIC("\xfe\xff"), MAGIC(""), utf16_start, utf16_run, utf16_stop},
        {"bzip2", MAGIC("BZh"), MAGIC("1AY&SY"), NULL, NULL, NULL},
        {"bzip2", MAGIC("BZh"), MAGIC("\x17rE8P\x90"), NULL, NULL, NULL},
        {"compress", MAGIC("\x1f\x9d"), MAGIC(""), NULL, NULL, NULL},
        {"lz4", MAGIC("\x04\x22\x4d\x18"), MAGIC(""), NULL, NULL, NULL},
        {"lzip", MAGIC("LZIP\x01"), MAGIC(""), NULL, NULL, NULL},
        {"zip", MAGIC("PK\x03\x04"), MAGIC(""), NULL, NULL, NULL},
};

static bool stands_at(sst_text start, size_t at, sst_text bytes)
{
	return bytes.len == 0 ||
	       (start.len >= at + bytes.len && memcmp(start.ptr + at, bytes.ptr, bytes.len) == 0);
}

static const struct format *find_format(sst_text start)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (stands_at(start, 0, formats[i].magic) && stands_at(start, 4, formats[i].more))
			return &formats[i];
	return NULL;
}

cli_decoder *cli_decoder_new(sst_text start, const char **missing)
{
	const struct format *format = find_format(start);
	cli_decoder *decoder;

	*missing = NULL;
	if (format == NULL)
		return NULL;
	*missing = format->name;
	if (format->start == NULL)
		return NULL;
	*missing = "memory";
	decoder = calloc(1, sizeof *decoder);
	if (decoder == NULL)
		return NULL;
	decoder->format = format;
	if (!format->start(decoder)) {
		free(decoder);
		return NULL;
	}
	*missing = NULL;
	return decoder;
}

cli_decoded cli_decoder_run(cli_decoder *decoder, sst_text *in, char **out, size_t *room)
{
	return decoder->format->run(decoder, in, out, room);
}

const char *cli_decoder_name(const cli_decoder *decoder)
{
	return decoder->format->name;
}

void cli_decoder_free(cli_decoder *decoder)
{
	if (decoder == NULL)
		return;
	decoder->format->stop(decoder);
	free(decoder);
}
