/* SPDX-License-Identifier: MIT
 * write/human.c - the part for people: what happened to whom, why, and what the server said. */
#include "core/text.h"
#include "write/dsn.h"

/* Which of the texts a report gets: that of its gravest action. */
typedef enum tone { TONE_FAILED, TONE_DELAYED, TONE_SUCCESS } tone;

static const struct {
	const char *subject, *introduction;
} texts[] = {
        [TONE_FAILED] = {"Your message could not be delivered",
                         "Your message could not be delivered to the following recipients. "
                         "No further attempts are made."},
        [TONE_DELAYED] = {"Your message is delayed",
                          "Your message has not been delivered to the following recipients yet. "
                          "Delivery is still being tried; there is no need to send it again."},
        [TONE_SUCCESS] = {"Your message was delivered",
                          "Your message was passed on successfully for the following recipients."},
};

static tone tone_of(const sst_dsn *dsn)
{
	tone result = TONE_SUCCESS;

	for (size_t i = 0; i < dsn->recipient_count; i++) {
		if (dsn->recipients[i].action == SST_ACTION_FAILED)
			return TONE_FAILED;
		if (dsn->recipients[i].action == SST_ACTION_DELAYED)
			result = TONE_DELAYED;
	}
	return result;
}

enum { WIDTH = 72 };

static size_t columns_of(sst_text word)
{
	size_t columns = 0;

	for (size_t i = 0; i < word.len; i++)
		columns += ((unsigned char)word.ptr[i] & 0xC0) != 0x80;
	return columns;
}

/* One paragraph, wrapped at blanks. Control characters become blanks. */
static void out_paragraph(sst_out *out, const char *indent, sst_text text)
{
	size_t column = 0, at = 0;

	while (at < text.len) {
		size_t end, wide;
		sst_text word;

		while (at < text.len && (unsigned char)text.ptr[at] <= ' ')
			at++;
		end = at;
		while (end < text.len && (unsigned char)text.ptr[end] > ' ' &&
		       text.ptr[end] != 0x7F)
			end++;
		word = sst__text_part(text, at, end);
		wide = columns_of(word);
		at = end == at ? at + 1 : end;
		if (word.len == 0)
			continue;
		if (column > 0 && column + 1 + wide > WIDTH) {
			sst__out_string(out, "\n");
			column = 0;
		}
		sst__out_string(out, column == 0 ? indent : " ");
		column += wide + (column == 0 ? strlen(indent) : 1);
		sst__out_text(out, word);
	}
	if (column > 0)
		sst__out_string(out, "\n");
}

/* A server's words: as UTF-8 if they are, else with "?" for what is not ASCII. */
static void out_quoted(sst_out *out, sst_text words)
{
	sst_text rest = words, line;
	bool valid = sst__utf8_check(words) == words.len;

	while (sst__text_line(&rest, &line)) {
		char ascii[256];
		size_t len = 0;

		if (valid) {
			out_paragraph(out, "    ", line);
			continue;
		}
		for (size_t i = 0; i < line.len; i++) {
			ascii[len++] = (unsigned char)line.ptr[i] < 0x80 ? line.ptr[i] : '?';
			if (len < sizeof(ascii) && i + 1 < line.len)
				continue;
			out_paragraph(out, "    ", (sst_text){ascii, len});
			len = 0;
		}
	}
}

static void out_recipient(sst_out *out, const sst_dsn *dsn, const sst_dsn_recipient *recipient)
{
	sst_code status = sst_dsn_status(recipient);
	const sst_entry *entry = sst_registry_find(NULL, status, NULL);
	char code[SST_CODE_SIZE];
	size_t len = sst_code_format(status, code, sizeof(code));
	bool open = !(dsn->flags & SST_DSN_CONFIDENTIAL);

	sst__out_string(out, "\n<");
	sst__out_text(out, recipient->recipient);
	sst__out_string(out, ">\n");
	sst__out_string(out, "    ");
	sst__out_bytes(out, code, len);
	sst__out_string(out, " ");
	sst__out_text(out, entry->title);
	sst__out_string(out, "\n");
	if (!open || sst__text_trim(recipient->diagnostic).len == 0)
		return;
	if (recipient->remote_mta.ptr != NULL) {
		sst__out_string(out, "    ");
		sst__out_text(out, recipient->remote_mta);
		sst__out_string(out, ":\n");
	}
	out_quoted(out, recipient->diagnostic);
}

static void out_body(sst_out *out, const sst_dsn *dsn)
{
	if (dsn->human.ptr != NULL) {
		sst_text rest = dsn->human, line;

		while (sst__text_line(&rest, &line)) {
			sst__out_text(out, line);
			sst__out_string(out, "\n");
		}
		return;
	}
	const char *introduction = texts[tone_of(dsn)].introduction;

	out_paragraph(out, "", (sst_text){introduction, strlen(introduction)});
	for (size_t i = 0; i < dsn->recipient_count; i++)
		out_recipient(out, dsn, &dsn->recipients[i]);
	sst__out_string(out, "\n-- \n");
	sst__out_text(out, dsn->reporting_mta);
	sst__out_string(out, "\n");
}

void sst__human_subject(const sst_dsn *dsn, sst_out *out)
{
	const char *subject = texts[tone_of(dsn)].subject;

	sst__out_string(out, "Subject: ");
	sst__out_unstructured(out, (sst_text){subject, strlen(subject)}, 9);
}

void sst__human_part(const sst_dsn *dsn, sst_out *out)
{
	sst__measure measure = {0};
	sst_out counted = {.write = sst__measure_write, .context = &measure};
	sst__encoder encoder;
	sst_out encoded = {.write = sst__encoder_write, .context = &encoder};

	out_body(&counted, dsn);
	sst__encoder_init(&encoder, out, sst__measure_choice(&measure));
	sst__out_string(out, "Content-Type: text/plain; charset=utf-8\r\n");
	if (encoder.transfer != SST__SEVEN_BIT) {
		sst__out_string(out, "Content-Transfer-Encoding: ");
		sst__out_string(out, sst__transfer_name(encoder.transfer));
		sst__out_string(out, "\r\n");
	}
	sst__out_string(out, "Content-Language: en\r\n\r\n");
	out_body(&encoded, dsn);
	sst__encoder_end(&encoder);
}
