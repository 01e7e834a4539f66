/* SPDX-License-Identifier: MIT
 * say/sheet.c - headings, rows and quotations as plain text, HTML or Markdown. */
#include "say/sheet.h"
#include "core/text.h"
#include "say/lang.h"

static bool is_html(const sst_sheet *sheet)
{
	return sheet->how->form == SST_FORM_HTML || sheet->how->form == SST_FORM_FRAGMENT;
}

static bool is_markdown(const sst_sheet *sheet)
{
	return sheet->how->form == SST_FORM_MARKDOWN;
}

bool sst__sheet_flush(sst_sheet *sheet)
{
	if (!sheet->failed && sheet->len > 0)
		sheet->failed = !sheet->how->write(sheet->how->context, sheet->buffer, sheet->len);
	sheet->len = 0;
	return !sheet->failed;
}

static void put(sst_sheet *sheet, const char *bytes, size_t len)
{
	while (len > 0 && !sheet->failed) {
		size_t part = sizeof sheet->buffer - sheet->len;
		if (part > len)
			part = len;
		memcpy(sheet->buffer + sheet->len, bytes, part);
		sheet->len += part;
		bytes += part;
		len -= part;
		if (sheet->len == sizeof sheet->buffer)
			sst__sheet_flush(sheet);
	}
}

void sst__sheet_put(sst_sheet *sheet, const char *text)
{
	put(sheet, text, strlen(text));
}

/* Bytes of the character at `at`, if it is UTF-8 in its shortest form; 0 if it is not. */
static size_t character(sst_text text, size_t at)
{
	unsigned char c = (unsigned char)text.ptr[at], next;
	size_t len = c < 0x80                ? 1
	             : c >= 0xc2 && c < 0xe0 ? 2
	             : c >= 0xe0 && c < 0xf0 ? 3
	             : c >= 0xf0 && c < 0xf5 ? 4
	                                     : 0;

	if (len == 0 || at + len > text.len)
		return 0;
	for (size_t i = 1; i < len; i++)
		if (((unsigned char)text.ptr[at + i] & 0xc0) != 0x80)
			return 0;
	next = len > 1 ? (unsigned char)text.ptr[at + 1] : 0;
	if ((c == 0xe0 && next < 0xa0) || (c == 0xed && next > 0x9f) ||
	    (c == 0xf0 && next < 0x90) || (c == 0xf4 && next > 0x8f))
		return 0;
	return len;
}

/* C0 and C1 control characters, DEL, and marks of direction and line. */
static bool is_steering(const char *c, size_t len)
{
	unsigned char a = (unsigned char)c[0], b = len > 1 ? (unsigned char)c[1] : 0;
	unsigned char d = len > 2 ? (unsigned char)c[2] : 0;

	if (len == 1)
		return a < ' ' || a == 0x7f;
	if (len == 2)
		return (a == 0xc2 && b < 0xa0) || (a == 0xd8 && b == 0x9c);
	return len == 3 && a == 0xe2 &&
	       ((b == 0x80 && (d == 0x8e || d == 0x8f || (d >= 0xa8 && d <= 0xae))) ||
	        (b == 0x81 && d >= 0xa6 && d <= 0xa9));
}

static void put_escaped(sst_sheet *sheet, const char *c, size_t len, bool theirs)
{
	static const struct {
		char c;
		const char *html;
	} escapes[] = {
	        {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};

	if (len == 1 && is_html(sheet))
		for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
			if (*c == escapes[i].c) {
				sst__sheet_put(sheet, escapes[i].html);
				return;
			}
	if (len == 1 && theirs && is_markdown(sheet) && strchr("\\`*_[]<>#|!&~", *c) != NULL)
		put(sheet, "\\", 1);
	put(sheet, c, len);
}

void sst__sheet_ours(sst_sheet *sheet, sst_text text)
{
	for (size_t at = 0; at < text.len;) {
		size_t len = character(text, at);
		bool isolate = len == 3 && text.ptr[at] == '\xe2' && text.ptr[at + 1] == '\x81' &&
		               (text.ptr[at + 2] == '\xa8' || text.ptr[at + 2] == '\xa9');
		if (len == 0)
			put(sheet, "\xef\xbf\xbd", 3);
		else if (isolate && is_html(sheet))
			sst__sheet_put(sheet, text.ptr[at + 2] == '\xa8' ? "<bdi>" : "</bdi>");
		else
			put_escaped(sheet, text.ptr + at, len, false);
		at += len == 0 ? 1 : len;
	}
}

void sst__sheet_theirs(sst_sheet *sheet, sst_text text)
{
	bool blank = false;

	for (size_t at = 0; at < text.len;) {
		size_t len = character(text, at);
		bool space = len == 1 && sst__is_space(text.ptr[at]);
		if (space && !blank)
			put(sheet, " ", 1);
		else if (len == 0)
			put(sheet, "\xef\xbf\xbd", 3);
		else if (!space && !is_steering(text.ptr + at, len))
			put_escaped(sheet, text.ptr + at, len, true);
		blank = space;
		at += len == 0 ? 1 : len;
	}
}

void sst__sheet_open(sst_sheet *sheet, sst_text title)
{
	const sst_lang *lang = sheet->how->lang;

	if (!is_html(sheet))
		return;
	if (sheet->how->form == SST_FORM_HTML)
		sst__sheet_put(sheet, "<!DOCTYPE html>\n<html lang=\"");
	else
		sst__sheet_put(sheet, "<div lang=\"");
	sst__sheet_ours(sheet, sst_lang_tag(lang));
	sst__sheet_put(sheet, sst_lang_is_rtl(lang) ? "\" dir=\"rtl\">\n" : "\" dir=\"ltr\">\n");
	if (sheet->how->form != SST_FORM_HTML)
		return;
	sst__sheet_put(sheet, "<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
	                      "content=\"width=device-width\">\n<title>");
	sst__sheet_ours(sheet, title);
	sst__sheet_put(
	        sheet,
	        "</title>\n<style>\n"
	        "body{font:1rem/1.5 system-ui,sans-serif;max-width:45rem;margin:1rem auto;"
	        "padding:0 1rem}\n"
	        "h2{font-size:1.2rem;margin:1.5rem 0 .5rem}\n"
	        "dt{font-weight:600;margin-block-start:.5rem}\n"
	        "dd{margin-inline-start:1rem}\n"
	        "blockquote{margin:0;padding-inline-start:.8rem;border-inline-start:3px solid "
	        "#888;font-family:monospace;overflow-wrap:anywhere}\n"
	        "</style>\n</head>\n<body>\n");
}

void sst__sheet_close(sst_sheet *sheet)
{
	if (sheet->how->form == SST_FORM_HTML)
		sst__sheet_put(sheet, "</body>\n</html>\n");
	else if (sheet->how->form == SST_FORM_FRAGMENT)
		sst__sheet_put(sheet, "</div>\n");
}

void sst__sheet_heading(sst_sheet *sheet, sst_text text)
{
	sst__sheet_put(sheet, is_html(sheet) ? "<h2>" : is_markdown(sheet) ? "## " : "");
	sst__sheet_ours(sheet, text);
	sst__sheet_put(sheet, is_html(sheet) ? "</h2>\n" : is_markdown(sheet) ? "\n\n" : "\n");
}

void sst__sheet_rows(sst_sheet *sheet)
{
	if (is_html(sheet))
		sst__sheet_put(sheet, "<dl>\n");
}

void sst__sheet_rows_end(sst_sheet *sheet)
{
	sst__sheet_put(sheet, is_html(sheet) ? "</dl>\n" : "\n");
}

static void label(sst_sheet *sheet, const char *key)
{
	sst__sheet_put(sheet, is_html(sheet) ? "<dt>" : is_markdown(sheet) ? "- **" : "");
	sst__sheet_ours(sheet, sst_say_text(sheet->how->lang, (sst_text){key, strlen(key)}));
	sst__sheet_put(sheet, is_html(sheet) ? "</dt><dd>" : is_markdown(sheet) ? "**: " : ": ");
}

static void row_end(sst_sheet *sheet)
{
	sst__sheet_put(sheet, is_html(sheet) ? "</dd>\n" : "\n");
}

void sst__sheet_row(sst_sheet *sheet, const char *key, sst_text text)
{
	if (text.len == 0)
		return;
	label(sheet, key);
	sst__sheet_ours(sheet, text);
	row_end(sheet);
}

/* Foreign text has a direction of its own: <bdi> in HTML, isolating marks where we write from right
 * to left. */
static void isolated(sst_sheet *sheet, sst_text text)
{
	bool marks = !is_html(sheet) && sst_lang_is_rtl(sheet->how->lang);

	sst__sheet_put(sheet, is_html(sheet) ? "<bdi>" : marks ? "\xe2\x81\xa8" : "");
	sst__sheet_theirs(sheet, text);
	sst__sheet_put(sheet, is_html(sheet) ? "</bdi>" : marks ? "\xe2\x81\xa9" : "");
}

void sst__sheet_row_theirs(sst_sheet *sheet, const char *key, sst_text text)
{
	if (text.len == 0)
		return;
	label(sheet, key);
	isolated(sheet, text);
	row_end(sheet);
}

void sst__sheet_quote(sst_sheet *sheet, sst_text words, size_t from, size_t upto)
{
	bool marks = !is_html(sheet) && sst_lang_is_rtl(sheet->how->lang);

	if (words.len == 0)
		return;
	if (from >= upto || upto > words.len)
		from = upto = words.len;
	label(sheet, "ui.evidence");
	sst__sheet_put(sheet, is_html(sheet) ? "<blockquote dir=\"auto\">"
	                      : marks        ? "\xe2\x81\xa8"
	                                     : "");
	sst__sheet_theirs(sheet, sst__text_part(words, 0, from));
	if (from < upto)
		sst__sheet_put(sheet, is_html(sheet) ? "<mark>" : is_markdown(sheet) ? "**" : "");
	sst__sheet_theirs(sheet, sst__text_part(words, from, upto));
	if (from < upto)
		sst__sheet_put(sheet, is_html(sheet) ? "</mark>" : is_markdown(sheet) ? "**" : "");
	sst__sheet_theirs(sheet, sst__text_part(words, upto, words.len));
	sst__sheet_put(sheet, is_html(sheet) ? "</blockquote>" : marks ? "\xe2\x81\xa9" : "");
	row_end(sheet);
}
