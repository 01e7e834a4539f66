/* SPDX-License-Identifier: MIT
 * examples/client.c - an SMTP client reads replies as they arrive: in pieces, and several at once.
 *
 * Stdin stands for the connection. */
#include <smtpstatus.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void tell(const sst_reply *reply)
{
	char code[SST_CODE_SIZE] = "-", words[256];
	size_t len = sst_reply_text(reply, words, sizeof(words));

	if (reply->enhanced.cls != 0)
		sst_code_format(reply->enhanced, code, sizeof(code));
	printf("%u %s, %u lines: %.*s\n", reply->code, code, reply->lines, (int)len, words);
}

int main(void)
{
	char buffer[4096];
	size_t have = 0;
	ssize_t got;

	while ((got = read(0, buffer + have, sizeof(buffer) - have)) > 0) {
		sst_reply reply;
		sst_result result;

		have += (size_t)got;
		while ((result = sst_reply_parse((sst_text){buffer, have}, &reply)).err == SST_OK) {
			tell(&reply);
			have -= result.at;
			memmove(buffer, buffer + result.at, have);
		}
		if (result.err < 0) {
			printf("not a reply, at byte %zu: %s\n", result.at, result.rule);
			return 1;
		}
	}
	return 0;
}
