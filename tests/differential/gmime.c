/* SPDX-License-Identifier: MIT
 * tests/differential/gmime.c - what GMime makes of mails, in the form of ours.c. */
#include <gmime/gmime.h>
#include <stdio.h>
#include <string.h>

static void put_string(const char *text)
{
	putchar('"');
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 32 || c == 127)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

static void put_field(const char *name, const char *value)
{
	char *valid;

	if (value == NULL)
		return;
	valid = g_utf8_make_valid(value, -1);
	printf("\"%s\": ", name);
	put_string(valid);
	printf(", ");
	g_free(valid);
}

static void put_header(GMimeMessage *message)
{
	InternetAddressList *from = g_mime_message_get_from(message);
	InternetAddress *first = from != NULL && internet_address_list_length(from) > 0
	                                 ? internet_address_list_get_address(from, 0)
	                                 : NULL;

	put_field("subject", g_mime_message_get_subject(message));
	put_field("message_id", g_mime_message_get_message_id(message));
	if (first != NULL && INTERNET_ADDRESS_IS_MAILBOX(first))
		put_field("from",
		          internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(first)));
	printf("\"end\": \"\"");
}

/* Leaves of a part, not those of messages inside. */
static void walk(GMimeObject *part, GPtrArray *texts, GMimeMessage **returned)
{
	if (GMIME_IS_MULTIPART(part)) {
		GMimeMultipart *multipart = GMIME_MULTIPART(part);
		for (int i = 0; i < g_mime_multipart_get_count(multipart); i++)
			walk(g_mime_multipart_get_part(multipart, i), texts, returned);
	} else if (GMIME_IS_MESSAGE_PART(part)) {
		if (*returned == NULL)
			*returned = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
	} else if (GMIME_IS_TEXT_PART(part)) {
		GMimeContentType *type = g_mime_object_get_content_type(part);
		const char *subtype = g_mime_content_type_get_media_subtype(type);
		if (g_ascii_strcasecmp(subtype, "html") != 0 &&
		    g_ascii_strncasecmp(subtype, "rfc822", 6) != 0)
			g_ptr_array_add(texts, g_mime_text_part_get_text(GMIME_TEXT_PART(part)));
	}
}

static void put_mail(const char *name)
{
	GMimeStream *stream = g_mime_stream_file_open(name, "r", NULL);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message, *returned = NULL;
	GPtrArray *texts = g_ptr_array_new();

	g_mime_parser_set_persist_stream(parser, FALSE);
	message = g_mime_parser_construct_message(parser, NULL);
	printf("{\"file\": ");
	put_string(name);
	printf(", ");
	if (message != NULL) {
		if (g_mime_message_get_mime_part(message) != NULL)
			walk(g_mime_message_get_mime_part(message), texts, &returned);
		printf("\"texts\": [");
		for (guint i = 0; i < texts->len; i++) {
			char *text = g_ptr_array_index(texts, i);
			char *valid = g_utf8_make_valid(text != NULL ? text : "", -1);
			printf(i > 0 ? ", " : "");
			put_string(valid);
			g_free(valid);
			g_free(text);
		}
		printf("], \"returned\": {");
		if (returned != NULL)
			put_header(returned);
		printf("%s}, ", returned == NULL ? "" : "");
		put_header(message);
		g_object_unref(message);
	} else {
		printf("\"broken\": true");
	}
	printf("}\n");
	g_ptr_array_free(texts, TRUE);
	g_object_unref(parser);
	g_object_unref(stream);
}

int main(int argc, char **argv)
{
	g_mime_init();
	for (int i = 1; i < argc; i++)
		put_mail(argv[i]);
	g_mime_shutdown();
	return 0;
}
