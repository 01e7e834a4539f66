/* SPDX-License-Identifier: MIT
 * tests/differential/ours.c - what the mail reader makes of mails: header fields, decoded texts,
 * the recipients of a delivery report and the returned message's fields, one JSON line a mail. */
#include "read/address.h"
#include "read/reader.h"
#include "say/json.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAIL_BYTES = 1 << 23 };

static char bytes[MAIL_BYTES], decoded[65536], buffer[65536];

static bool put(void *context, const char *text, size_t len)
{
	(void)context;
	return fwrite(text, 1, len, stdout) == len;
}

static void write_words(sst_json *json, const char *key, sst_text value)
{
	if (value.ptr == NULL)
		return;
	sst_json_field(json, key,
	               (sst_text){decoded, sst__words_decode(value, decoded, sizeof decoded)});
}

static void write_header(sst_json *json, const sst__fields *header)
{
	write_words(json, "subject", header->value[FIELD_SUBJECT]);
	sst_json_field(json, "message_id", header->value[FIELD_MESSAGE_ID]);
	sst_json_field(json, "from", sst__address_first(header->value[FIELD_FROM]));
}

static void write_texts(sst_json *json, const sst_mail *reader)
{
	sst_json_key(json, "texts");
	sst_json_open(json, '[');
	for (uint32_t i = 0; i < reader->segment_count; i++) {
		const sst__segment *segment = &reader->segments[i];
		if (segment->level > 0 || segment->preamble || segment->type == TYPE_HTML)
			continue;
		sst_json_text(json, (sst_text){reader->window + segment->from,
		                               segment->upto - segment->from});
	}
	sst_json_close(json, ']');
}

static void write_mail(sst_json *json, sst_mail *reader, const char *name, size_t len)
{
	sst_err err = SST_MORE;
	sst_report report;
	size_t at = 0;

	sst_mail_reset(reader);
	sst_json_open(json, '{');
	sst_json_field(json, "file", (sst_text){name, strlen(name)});
	sst_json_key(json, "recipients");
	sst_json_open(json, '[');
	while (err != SST_END) {
		at += sst_mail_feed(reader, (sst_text){bytes + at, len - at}, true).at;
		while ((err = sst_mail_next(reader, &report)) == SST_OK)
			if (report.recipient_origin == SST_ORIGIN_DSN_FIELD &&
			    report.kind < SST_KIND_COMPLAINT && reader->report_level == 0)
				sst_json_text(json, report.recipient);
	}
	sst_json_close(json, ']');
	write_header(json, &reader->headers[0]);
	write_texts(json, reader);
	sst_json_key(json, "returned");
	sst_json_open(json, '{');
	write_header(json, &reader->headers[1]);
	sst_json_close(json, '}');
	sst_json_close(json, '}');
	sst_json_line_end(json);
}

int main(int argc, char **argv)
{
	size_t size = sst_mail_size(NULL);
	void *memory = malloc(size);
	sst_mail *reader = memory == NULL ? NULL : sst_mail_init(memory, size, NULL, NULL, 0);
	sst_json json;

	if (reader == NULL)
		return 3;
	sst_json_init(&json, buffer, sizeof buffer, put, NULL);
	for (int i = 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "rb");
		if (file == NULL) {
			perror(argv[i]);
			return 3;
		}
		write_mail(&json, reader, argv[i], fread(bytes, 1, sizeof bytes, file));
		fclose(file);
	}
	free(memory);
	return sst_json_flush(&json) && !json.failed ? 0 : 3;
}
