/* SPDX-License-Identifier: MIT
 * examples/report.c - a delivery report, on standard output. Send it with MAIL FROM:<>.
 *
 *     cc report.c $(pkg-config --cflags --libs smtpstatus) */
#include <smtpstatus/write.h>

#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

static bool to_file(void *file, const char *bytes, size_t len)
{
	return fwrite(bytes, 1, len, file) == len;
}

int main(int argc, char **argv)
{
	sst_dsn_recipient recipient = SST_DSN_RECIPIENT_INIT;
	sst_dsn dsn = SST_DSN_INIT;
	char buffer[1024], random[16];
	sst_out out = {
	        .buffer = buffer, .size = sizeof(buffer), .write = to_file, .context = stdout};
	sst_written written;

	if (argc != 3 || getrandom(random, sizeof(random), 0) != sizeof(random))
		return 2;
	recipient.recipient = (sst_text){argv[1], strlen(argv[1])};
	recipient.action = SST_ACTION_FAILED;
	recipient.diagnostic = (sst_text){argv[2], strlen(argv[2])};
	dsn.sender = SST_TEXT("me@example.net");
	recipient.remote_mta = SST_TEXT("mx.example.org");
	dsn.reporting_mta = SST_TEXT("mx.example.net");
	dsn.lang = SST_TEXT("de");
	dsn.date = (sst_time){.seconds = time(NULL), .known = true};
	dsn.random = (sst_text){random, sizeof(random)};
	dsn.recipients = &recipient;
	dsn.recipient_count = 1;
	written = sst_dsn_write(&dsn, &out);
	if (written.err == SST_OK)
		return 0;
	fprintf(stderr, "%s: %s\n", written.field, written.rule);
	return 1;
}
