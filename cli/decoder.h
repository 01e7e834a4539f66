/* SPDX-License-Identifier: MIT
 * cli/decoder.h - unpacking of gzip, zstd and xz, each only if its library was there at build; and
 * UTF-16, which becomes UTF-8. */
#ifndef SST_CLI_DECODER_H
#define SST_CLI_DECODER_H

#include <smtpstatus.h>

/* So many bytes of the start tell all formats apart. */
#define CLI_DECODER_START 10

typedef struct cli_decoder cli_decoder;

typedef enum cli_decoded {
	CLI_DECODED_MORE,  /* give it more packed bytes, or more room */
	CLI_DECODED_END,   /* the packed data is complete */
	CLI_DECODED_BAD,   /* the packed data is damaged */
	CLI_DECODED_LIMIT, /* it wants more memory than we give */
} cli_decoded;

/* A decoder for data that starts with these bytes. NULL if it isn't packed, or if the build can't
 * unpack it: then *missing names the format. NULL with *missing "memory" if there is none. */
cli_decoder *cli_decoder_new(sst_text start, const char **missing);

/* Takes bytes from *in and puts bytes into *out; both are moved behind what was used. */
cli_decoded cli_decoder_run(cli_decoder *decoder, sst_text *in, char **out, size_t *room);

const char *cli_decoder_name(const cli_decoder *decoder); /* "gzip" */
void cli_decoder_free(cli_decoder *decoder);

#endif
