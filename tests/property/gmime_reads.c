/* SPDX-License-Identifier: MIT
 * tests/property/gmime_reads.c - random reports are read by GMime, which must find what was
 * written: a report's parts, and in the machine's part every value as it was in the record.
 *
 * usage: roundtrip COUNT SEED dump | gmime-reads COUNT */
#include <gmime/gmime.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *wrong;

static void expect(int holds, const char *what)
{
	if (!holds && wrong == NULL)
		wrong = what;
}

static void fail(const char *name, const char *want, const char *got)
{
	if (wrong == NULL)
		fprintf(stderr, "%s: wanted \"%s\", read \"%s\"\n", name, want, got);
	expect(0, "a field");
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

/* Blanks at the ends go, those inside become one. */
static void squeeze(char *text)
{
	char *to = text;

	for (const char *at = text; *at != '\0'; at++) {
		bool blank = g_ascii_isspace(*at);

		if (!blank)
			*to++ = *at;
		else if (to > text && to[-1] != ' ')
			*to++ = ' ';
	}
	while (to > text && to[-1] == ' ')
		to--;
	*to = '\0';
}

/* "\x{E9}" becomes the letter that it stands for (RFC 6533 section 3). */
static void unescape(char *text)
{
	char *to = text, *end;

	for (char *at = text; *at != '\0';) {
		if (strncmp(at, "\\x{", 3) == 0) {
			to += g_unichar_to_utf8((gunichar)strtoul(at + 3, &end, 16), to);
			at = end + 1;
		} else {
			*to++ = *at++;
		}
	}
	*to = '\0';
}

enum { DATE_SIZE = 24 }; /* a date in words is longer than in numbers */

/* A date as seconds and zone in minutes. */
static void read_date(char *text)
{
	GDateTime *date = g_mime_utils_header_decode_date(text);

	expect(date != NULL, "a date");
	if (date == NULL)
		return;
	g_snprintf(text, DATE_SIZE, "%lld %d", (long long)g_date_time_to_unix(date),
	        (int)(g_date_time_get_utc_offset(date) / 60000000));
	g_date_time_unref(date);
}

static bool is_one_of(const char *name, const char *const *names)
{
	while (*names != NULL && strcmp(name, *names) != 0)
		names++;
	return *names != NULL;
}

static const char *const typed[] = {"Original-Recipient", "Final-Recipient", "Reporting-MTA",
                                    "Received-From-MTA",  "Remote-MTA",      "Diagnostic-Code",
                                    NULL};
static const char *const dates[] = {"Arrival-Date", "Last-Attempt-Date", "Will-Retry-Until", NULL};

/* The value as it was in the record. */
static char *plain(const char *name, char *value)
{
	char *semicolon;

	squeeze(value);
	if (is_one_of(name, dates))
		read_date(value);
	if (!is_one_of(name, typed))
		return value;
	semicolon = strchr(value, ';');
	expect(semicolon != NULL, "a type");
	if (semicolon == NULL)
		return value;
	if (strncmp(value, "utf-8", 5) == 0)
		unescape(semicolon);
	return semicolon[1] == ' ' ? semicolon + 2 : semicolon + 1;
}

/* Unfolds the group's fields in place: each is a line then. */
static void unfold(char *group)
{
	char *to = group;

	for (const char *at = group; *at != '\0'; at++) {
		if (*at == '\r' || (*at == '\n' && (at[1] == ' ' || at[1] == '\t')))
			continue;
		*to++ = *at;
	}
	*to = '\0';
}

/* The value of a field, with a NUL behind it; it is taken out of the group. */
static char *take_field(char *group, const char *name)
{
	size_t len = strlen(name);

	for (char *line = group; line != NULL && *line != '\0';) {
		char *end = strchr(line, '\n');

		if (g_ascii_strncasecmp(line, name, len) == 0 && line[len] == ':') {
			if (end != NULL)
				*end = '\0';
			line[0] = '!'; /* once */
			return line + len + 1;
		}
		line = end == NULL ? NULL : end + 1;
		while (line != NULL && *line == '\0')
			line++;
	}
	return NULL;
}

/* Each line of `want` is a field of the group. */
static void check_group(char *group, const char *want)
{
	static const char *const others[] = {"Reply", "To", "MAIL", "RCPT", NULL};
	static char copy[1 << 20];

	unfold(group);
	while (*want != '\0' && wrong == NULL) {
		const char *colon = strchr(want, ':'), *end = strchr(want, '\n');
		char *name = g_strndup(want, (gsize)(colon - want));
		char *value = g_strndup(colon + 2, (gsize)(end > colon + 1 ? end - colon - 2 : 0));

		want = end + 1;
		if (!is_one_of(name, others)) {
			char *found;

			g_strlcpy(copy, group, sizeof copy);
			found = take_field(copy, name);
			if (found == NULL)
				fail(name, value, "nothing");
			else if (strcmp(plain(name, found), value) != 0)
				fail(name, value, found);
		}
		g_free(name);
		g_free(value);
	}
}

/* Cuts the next group off: what is behind its blank line, or NULL. */
static char *cut_group(char *text, const char *blank)
{
	char *end = strstr(text, blank);

	if (end == NULL)
		return NULL;
	*strchr(end, '\n') = '\0';
	return end + strlen(blank);
}

static size_t check_groups(char *text, char *want)
{
	size_t count = 0;

	while (text != NULL && *text != '\0' && want != NULL && wrong == NULL) {
		char *next = cut_group(text, "\n\r\n"), *next_want = cut_group(want, "\n\n");
		char *lines = g_strconcat(want, next_want != NULL ? "\n" : "", NULL);

		check_group(text, lines);
		g_free(lines);
		text = next;
		want = next_want;
		count++;
	}
	expect(want == NULL, "fewer groups than recipients");
	return count;
}

static void check_parts(GMimeMultipart *report, size_t recipients, char *want)
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
	expect(check_groups((char *)fields->data, want) == recipients + 1, "number of groups");
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

static void check(const char *bytes, size_t len, size_t recipients, char *want)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, len);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	GMimeObject *top = message == NULL ? NULL : g_mime_message_get_mime_part(message);
	int parts = GMIME_IS_MULTIPART(top) ? g_mime_multipart_get_count(GMIME_MULTIPART(top)) : 0;

	expect(parts == 2 || parts == 3, "number of parts");
	if (wrong == NULL)
		check_parts(GMIME_MULTIPART(top), recipients, want);
	if (wrong == NULL)
		check_header(message);
	if (message != NULL)
		g_object_unref(message);
	g_object_unref(parser);
	g_object_unref(stream);
}

int main(int argc, char **argv)
{
	static char mail[1 << 20], reply[1 << 20], want[1 << 20];
	size_t len, recipients, reply_len, want_len;
	unsigned long count = 0;

	g_mime_init();
	while (scanf("%zu %zu %zu %zu", &len, &recipients, &reply_len, &want_len) == 4 &&
	       getchar() == '\n' && len < sizeof mail && reply_len < sizeof reply &&
	       want_len < sizeof want && fread(mail, 1, len, stdin) == len &&
	       fread(reply, 1, reply_len, stdin) == reply_len &&
	       fread(want, 1, want_len, stdin) == want_len) {
		count++;
		want[want_len] = '\0';
		check(mail, len, recipients, want);
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
