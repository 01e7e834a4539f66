/* SPDX-License-Identifier: MIT
 * examples/refuse.c - the answer of a server that refuses a recipient.
 *
 *     cc refuse.c $(pkg-config --cflags --libs smtpstatus) */
#include <smtpstatus/write.h>

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	sst_reply_draft draft = SST_REPLY_DRAFT_INIT;
	char buffer[2048];
	sst_out out = {.buffer = buffer, .size = sizeof(buffer)};
	sst_written written;

	if (argc != 2)
		return 2;
	draft.code = 550;
	draft.enhanced = (sst_code){5, 1, 1};
	draft.text = (sst_text){argv[1], strlen(argv[1])};
	written = sst_reply_write(&draft, &out);
	if (written.err != SST_OK) {
		printf("%s, octet %zu: %s\n", written.field, written.at, written.rule);
		return 1;
	}
	fwrite(buffer, 1, written.at, stdout);
	return 0;
}
