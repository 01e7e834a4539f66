/* SPDX-License-Identifier: MIT
 * fuzz/reply.c - replies fed byte by byte are the replies fed whole; their words lie inside them.
 */
#include <smtpstatus.h>

#include <stdlib.h>
#include <string.h>

#define SHORT 4096u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same_in_pieces(sst_text in, const sst_reply *whole, sst_result want)
{
	sst_reply_progress progress = {0};
	sst_result got = {SST_MORE, 0, NULL};
	sst_reply pieces = {0};

	for (size_t len = 0; got.err == SST_MORE && len <= in.len; len++)
		got = sst_reply_continue((sst_text){in.ptr, len}, &progress, &pieces);
	if (got.err != want.err || got.at != want.at || got.rule != want.rule)
		abort();
	if (want.err == SST_OK &&
	    (pieces.code != whole->code || pieces.notes != whole->notes ||
	     pieces.lines != whole->lines || pieces.raw.len != whole->raw.len ||
	     !sst_code_equal(pieces.enhanced, whole->enhanced)))
		abort();
}

static void words_lie_inside(const sst_reply *reply)
{
	char text[256];

	for (unsigned line = 0; line < reply->lines && line < 16; line++) {
		sst_text words = sst_reply_line(reply, line);

		if (words.ptr < reply->raw.ptr ||
		    words.ptr + words.len > reply->raw.ptr + reply->raw.len)
			abort();
	}
	if (sst_reply_text(reply, text, sizeof text) > sizeof text)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sst_text rest = {(const char *)data, size};
	sst_reply reply;

	for (;;) {
		sst_result result = sst_reply_parse(rest, &reply);

		if (result.at > rest.len)
			abort();
		if (rest.len <= SHORT)
			same_in_pieces(rest, &reply, result);
		if (result.err != SST_OK)
			break;
		if (reply.code < 200 || reply.code > 599 || reply.lines == 0 || result.at == 0)
			abort();
		words_lie_inside(&reply);
		rest.ptr += result.at;
		rest.len -= result.at;
	}
	if (sst_reply_finish(rest, &reply).err == SST_OK)
		words_lie_inside(&reply);
	return 0;
}
