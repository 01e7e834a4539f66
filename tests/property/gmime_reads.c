/* SPDX-License-Identifier: MIT
 * tests/property/gmime_reads.c - random reports are read by GMime, which must find what was
 * written: a report's parts, and in the machine's part a group of fields for each recipient.
 *
 * usage: roundtrip COUNT SEED dump | gmime-reads COUNT */
#include <gmime/gmime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *wrong;

static void expect(int holds, const char *what)
{
	if (!holds && wrong == NULL)
		wrong = what;
}

/* A leaf's content, decoded; to be freed. */
static GByteArray *content(GMimeObject *part)
{
	GMimeStream *memory = g_mime_stream_mem_new();
	GMimeDataWrapper *wrapper = g_mime_part_get_content(GMIME_PART(part));
	GByteArray *bytes;

	if (wrapper != NULL)
		g_mime_data_wrapper_write_to_stream(wrapper, memory);
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(memory), FALSE);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory));
	g_object_unref(memory);
	g_byte_array_append(bytes, (const guint8 *)"", 1);
	return bytes;
}

static int has_field(const char *group, const char *end, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = group; line < end; line++) {
		if (g_ascii_strncasecmp(line, name, len) == 0 && line[len] == ':')
			return 1;
		line = memchr(line, '\n', (size_t)(end - line));
		if (line == NULL)
			return 0;
	}
	return 0;
}

/* Groups of fields, with blank lines between; the first is about the message. */
static size_t groups(char *text)
{
	static const char *const needed[] = {"Final-Recipient", "Action", "Status"};
	size_t count = 0;
	char *end;

	for (char *at = text; *at != '\0'; at = end) {
		while (*at == '\r' || *at == '\n')
			at++;
		if (*at == '\0')
			break;
		end = strstr(at, "\n\r\n");
		end = end == NULL ? at + strlen(at) : end + 1;
		if (count == 0)
			expect(has_field(at, end, "Reporting-MTA"), "no Reporting-MTA");
		for (int i = 0; count > 0 && i < 3; i++)
			expect(has_field(at, end, needed[i]), needed[i]);
		count++;
	}
	return count;
}

static void check_parts(GMimeMultipart *report, size_t recipients)
{
	GMimeObject *human = g_mime_multipart_get_part(report, 0);
	GMimeObject *machine = g_mime_multipart_get_part(report, 1);
	GMimeContentType *type = g_mime_object_get_content_type(machine);
	const char *subtype = g_mime_content_type_get_media_subtype(type);
	const char *named =
	        g_mime_object_get_content_type_parameter(GMIME_OBJECT(report), "report-type");
	GByteArray *fields;
	char *words;

	expect(GMIME_IS_TEXT_PART(human), "the part for people is no text");
	expect(GMIME_IS_PART(machine), "the machine's part is no leaf");
	expect(named != NULL && strcmp(named, subtype) == 0, "report-type");
	if (wrong != NULL)
		return;
	words = g_mime_text_part_get_text(GMIME_TEXT_PART(human));
	expect(words != NULL && *words != '\0' && g_utf8_validate(words, -1, NULL), "words");
	g_free(words);
	fields = content(machine);
	expect(groups((char *)fields->data) == recipients + 1, "number of groups");
	g_byte_array_free(fields, TRUE);
}

static void check_header(GMimeMessage *message)
{
	const char *automatic = g_mime_object_get_header(GMIME_OBJECT(message), "Auto-Submitted");

	expect(automatic != NULL && strcmp(automatic, "auto-replied") == 0, "Auto-Submitted");
	expect(g_mime_message_get_subject(message) != NULL, "Subject");
	expect(g_mime_message_get_message_id(message) != NULL, "Message-ID");
	expect(g_mime_message_get_date(message) != NULL, "Date");
	expect(internet_address_list_length(g_mime_message_get_from(message)) == 1, "From");
	expect(internet_address_list_length(
	               g_mime_message_get_addresses(message, GMIME_ADDRESS_TYPE_TO)) == 1,
	       "To");
}

static void check(const char *bytes, size_t len, size_t recipients)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, len);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	GMimeObject *top = message == NULL ? NULL : g_mime_message_get_mime_part(message);
	int parts = GMIME_IS_MULTIPART(top) ? g_mime_multipart_get_count(GMIME_MULTIPART(top)) : 0;

	expect(parts == 2 || parts == 3, "number of parts");
	if (wrong == NULL)
		check_parts(GMIME_MULTIPART(top), recipients);
	if (wrong == NULL)
		check_header(message);
	if (message != NULL)
		g_object_unref(message);
	g_object_unref(parser);
	g_object_unref(stream);
}

int main(int argc, char **argv)
{
	static char mail[1 << 20];
	size_t len, recipients;
	unsigned long count = 0;

	g_mime_init();
	while (scanf("%zu %zu", &len, &recipients) == 2 && getchar() == '\n' && len < sizeof mail &&
	       fread(mail, 1, len, stdin) == len) {
		count++;
		check(mail, len, recipients);
		if (wrong != NULL) {
			fprintf(stderr, "mail %lu: %s\n%.*s\n", count, wrong, (int)len, mail);
			return 1;
		}
	}
	g_mime_shutdown();
	if (argc < 2 || count != strtoul(argv[1], NULL, 10)) {
		fprintf(stderr, "%lu mails were read\n", count);
		return 1;
	}
	return 0;
}
