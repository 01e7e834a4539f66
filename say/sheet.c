/* SPDX-License-Identifier: MIT
 * say/sheet.c - headings, rows and quotations as plain text, HTML or Markdown. */
#include "say/sheet.h"

#include "core/text.h"
#include "say/lang.h"

#define FSI "\xe2\x81\xa8" /* U+2068: what follows has a direction of its own */
#define PDI "\xe2\x81\xa9" /* U+2069: up to here */

enum { LABELS_LEAST = 8, LABELS_MOST = 24, WIDTH_LEAST = 40, HANGING = 2 };

/* For terminals. */
static const char *const colors[] = {"1", "1;32", "1;33", "1;31"};
/* For HTML. */
static const char *const classes[] = {"", " class=\"good\"", " class=\"passing\"",
                                      " class=\"bad\""};

static bool is_html(const sst_sheet *sheet)
{
	return sheet->how->form == SST_FORM_HTML || sheet->how->form == SST_FORM_FRAGMENT;
}

static bool is_markdown(const sst_sheet *sheet)
{
	return sheet->how->form == SST_FORM_MARKDOWN;
}

static bool is_text(const sst_sheet *sheet)
{
	return sheet->how->form == SST_FORM_TEXT;
}

/* The one of three that the form takes. */
static const char *pick(const sst_sheet *sheet, const char *html, const char *markdown,
                        const char *text)
{
	return is_html(sheet) ? html : is_markdown(sheet) ? markdown : text;
}

static sst_text label_of(const sst_sheet *sheet, const char *key)
{
	return sst_say_text(sheet->how->lang, (sst_text){key, strlen(key)});
}

/* The labels that nearly every section has. */
static unsigned label_columns(const sst_sheet *sheet)
{
	static const char *const keys[] = {"ui.what-happened", "ui.final",      "ui.whose-side",
	                                   "ui.what-to-do",    "ui.causes",     "ui.status",
	                                   "ui.reply-code",    "ui.confidence", "ui.evidence"};
	unsigned most = LABELS_LEAST;

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		unsigned columns = sst__columns(label_of(sheet, keys[i]), SST_OURS);
		if (columns > most && columns <= LABELS_MOST)
			most = columns;
	}
	return most;
}

void sst__sheet_init(sst_sheet *sheet, const sst_rendering *how)
{
	*sheet = (sst_sheet){.how = how, .width = UINT32_MAX};
	if (how->form != SST_FORM_TEXT || how->columns == 0)
		return;
	sheet->width = how->columns < WIDTH_LEAST ? WIDTH_LEAST : how->columns;
	sheet->labels = label_columns(sheet);
}

/* Bytes
 * ------------------------------------------------------------------------------------------ */

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

static void blanks(sst_sheet *sheet, unsigned count)
{
	while (count-- > 0)
		put(sheet, " ", 1);
}

static void style(sst_sheet *sheet, const char *sgr)
{
	if (!sheet->how->color || !is_text(sheet))
		return;
	sst__sheet_put(sheet, "\033[");
	sst__sheet_put(sheet, sgr);
	sst__sheet_put(sheet, "m");
}

static void put_escaped(sst_sheet *sheet, const char *c, size_t len, sst_author author)
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
	if (len == 1 && author == SST_THEIRS && is_markdown(sheet) &&
	    strchr("\\`*_[]<>#|!&~", *c) != NULL)
		put(sheet, "\\", 1);
	put(sheet, c, len);
}

/* One character of ours that is no mere character: a line end, or a mark of direction. */
static size_t put_ours(sst_sheet *sheet, sst_text text, size_t at)
{
	bool opens = at + 3 <= text.len && memcmp(text.ptr + at, FSI, 3) == 0;
	bool closes = at + 3 <= text.len && memcmp(text.ptr + at, PDI, 3) == 0;

	if (text.ptr[at] == '\n') {
		sst__sheet_put(sheet, is_html(sheet) ? "<br>\n" : "\n  ");
		return 1;
	}
	if (!is_html(sheet) || !(opens || closes))
		return 0;
	sst__sheet_put(sheet, opens ? "<bdi>" : "</bdi>");
	return 3;
}

static void put_text(sst_sheet *sheet, sst_text text, sst_author author)
{
	char shown[SST_SHOWN_SIZE];
	unsigned columns;

	for (size_t at = 0; at < text.len && !sheet->failed;) {
		size_t done = author == SST_OURS ? put_ours(sheet, text, at) : 0, len;
		at += done;
		if (done > 0)
			continue;
		len = sst__show(text, &at, author, shown, &columns);
		/* What is shown for a byte that can't be, "\x1b", is not markup either. */
		for (size_t i = 0; i < len && columns == len; i++)
			put_escaped(sheet, shown + i, 1, author);
		if (columns != len)
			put_escaped(sheet, shown, len, author);
	}
}

void sst__sheet_ours(sst_sheet *sheet, sst_text text)
{
	put_text(sheet, text, SST_OURS);
}

/* Foreign text has a direction of its own: <bdi> in HTML, isolating marks where one of us writes
 * from right to left. */
static void put_isolated(sst_sheet *sheet, sst_text text)
{
	bool marks = !is_html(sheet) && (sst_lang_is_rtl(sheet->how->lang) || sst__holds_rtl(text));

	sst__sheet_put(sheet, is_html(sheet) ? "<bdi>" : marks ? FSI : "");
	put_text(sheet, text, SST_THEIRS);
	sst__sheet_put(sheet, is_html(sheet) ? "</bdi>" : marks ? PDI : "");
}

/* The page
 * --------------------------------------------------------------------------------------- */

static const char page_style[] =
        "<style>\n"
        ":root{color-scheme:light dark}\n"
        "body{font:1rem/1.5 sans-serif;max-width:48rem;margin:1.5rem auto;"
        "padding:0 1rem}\n"
        "h1{font-size:.95rem;font-weight:400;opacity:.75;overflow-wrap:anywhere}\n"
        "h2{font-size:1.25rem;line-height:1.3;margin:0 0 .6rem;overflow-wrap:anywhere}\n"
        "section{margin:0 0 1.5rem;padding-inline-start:1rem;border-inline-start:.3rem solid "
        "#888}\n"
        ".good{border-color:#2b8a3e}.passing{border-color:#d9940a}.bad{border-color:#c92a2a}\n"
        "dl{display:grid;grid-template-columns:minmax(7rem,13rem) 1fr;gap:.35rem 1rem;"
        "margin:.6rem 0}\n"
        "dt{opacity:.75}\n"
        "dd{margin:0;grid-column:2;overflow-wrap:anywhere;text-wrap:pretty}\n"
        "blockquote{margin:0;width:fit-content;font-family:ui-monospace,monospace;font-size:.93em;"
        "overflow-wrap:anywhere}\n"
        "section>blockquote{margin:0 0 .8rem}\n"
        "@media(max-width:32rem){dl{display:block}dt{margin-block-start:.5rem}}\n"
        "</style>\n";

static void put_direction(sst_sheet *sheet)
{
	const sst_lang *lang = sheet->how->lang;

	sst__sheet_ours(sheet, sst_lang_tag(lang));
	sst__sheet_put(sheet, sst_lang_is_rtl(lang) ? "\" dir=\"rtl\">\n" : "\" dir=\"ltr\">\n");
}

void sst__sheet_open(sst_sheet *sheet)
{
	if (sheet->how->form == SST_FORM_FRAGMENT) {
		sst__sheet_put(sheet, "<div lang=\"");
		put_direction(sheet);
	}
	if (sheet->how->form != SST_FORM_HTML)
		return;
	sst__sheet_put(sheet, "<!DOCTYPE html>\n<html lang=\"");
	put_direction(sheet);
	sst__sheet_put(sheet, "<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
	                      "content=\"width=device-width\">\n<title>");
	sst__sheet_ours(sheet, label_of(sheet, "ui.report-title"));
	sst__sheet_put(sheet, "</title>\n");
	sst__sheet_put(sheet, page_style);
	sst__sheet_put(sheet, "</head>\n<body>\n");
}

static void end_rows(sst_sheet *sheet)
{
	if (sheet->rows && is_html(sheet))
		sst__sheet_put(sheet, "</dl>\n");
	sheet->rows = false;
}

void sst__sheet_close(sst_sheet *sheet)
{
	if (sheet->how->form == SST_FORM_HTML)
		sst__sheet_put(sheet, "</body>\n</html>\n");
	else if (sheet->how->form == SST_FORM_FRAGMENT)
		sst__sheet_put(sheet, "</div>\n");
}

void sst__sheet_section(sst_sheet *sheet, sst_tone tone)
{
	if (is_html(sheet)) {
		sst__sheet_put(sheet, "<section");
		sst__sheet_put(sheet, classes[tone]);
		sst__sheet_put(sheet, ">\n");
	} else if (sheet->begun) {
		sst__sheet_put(sheet, "\n");
	}
	sheet->begun = true;
}

void sst__sheet_section_end(sst_sheet *sheet)
{
	end_rows(sheet);
	if (is_html(sheet))
		sst__sheet_put(sheet, "</section>\n");
}

void sst__sheet_source(sst_sheet *sheet, sst_text path, const char *number)
{
	sst__sheet_put(sheet, pick(sheet, "<h1>", "# ", ""));
	style(sheet, "2");
	put_isolated(sheet, path);
	sst__sheet_put(sheet, number);
	style(sheet, "0");
	sst__sheet_put(sheet, pick(sheet, "</h1>\n", "\n\n", "\n"));
}

void sst__sheet_heading(sst_sheet *sheet, sst_text theirs, sst_text text, sst_tone tone)
{
	end_rows(sheet);
	sst__sheet_put(sheet, pick(sheet, "<h2>", "## ", ""));
	if (theirs.len > 0) {
		put_isolated(sheet, theirs);
		put_text(sheet, sst__colon(sheet->how->lang), SST_OURS);
	}
	style(sheet, colors[tone]);
	put_text(sheet, text, SST_OURS);
	style(sheet, "0");
	sst__sheet_put(sheet, pick(sheet, "</h2>\n", "\n\n", "\n"));
}

/* Rows
 * ------------------------------------------------------------------------------------------- */

/* In columns; a label that is too long has a line of its own. */
static void put_label(sst_sheet *sheet, sst_text label)
{
	unsigned columns = sst__columns(label, SST_OURS);

	style(sheet, "2");
	put_text(sheet, label, SST_OURS);
	style(sheet, "0");
	if (columns > sheet->labels) {
		sst__sheet_put(sheet, "\n");
		columns = 0;
	}
	blanks(sheet, sheet->labels + 2 - columns);
}

static void open_row(sst_sheet *sheet, const char *key)
{
	if (is_html(sheet) && !sheet->rows)
		sst__sheet_put(sheet, "<dl>\n");
	sheet->rows = true;
	if (key == NULL) {
		sst__sheet_put(sheet, pick(sheet, "<dd>", "  - ", "  "));
		blanks(sheet, sheet->labels);
	} else if (sheet->labels > 0) {
		put_label(sheet, label_of(sheet, key));
	} else {
		sst__sheet_put(sheet, pick(sheet, "<dt>", "- **", ""));
		put_text(sheet, label_of(sheet, key), SST_OURS);
		sst__sheet_put(sheet, pick(sheet, "</dt><dd>", "**", ""));
		if (!is_html(sheet))
			put_text(sheet, sst__colon(sheet->how->lang), SST_OURS);
	}
}

static void close_row(sst_sheet *sheet)
{
	sst__sheet_put(sheet, is_html(sheet) ? "</dd>\n" : "\n");
}

/* A text in its column. */
static void put_wrapped(sst_sheet *sheet, sst_text text, sst_author author)
{
	unsigned indent = sheet->labels + 2;

	for (size_t at = 0; at < text.len && !sheet->failed;) {
		size_t end = author == SST_OURS ? sst__text_find(text, at, '\n') : text.len;
		size_t upto =
		        sst__wrap(sst__text_part(text, 0, end), at, sheet->width - indent, author);
		put_text(sheet, sst__text_part(text, at, upto), author);
		for (at = upto; at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\n');
		     at++)
			continue;
		if (at < text.len) {
			sst__sheet_put(sheet, "\n");
			blanks(sheet, indent);
		}
	}
}

void sst__sheet_row(sst_sheet *sheet, const char *key, sst_text text)
{
	if (text.len == 0)
		return;
	open_row(sheet, key);
	if (sheet->labels > 0)
		put_wrapped(sheet, text, SST_OURS);
	else
		put_text(sheet, text, SST_OURS);
	close_row(sheet);
}

void sst__sheet_row_theirs(sst_sheet *sheet, const char *key, sst_text text)
{
	if (text.len == 0)
		return;
	open_row(sheet, key);
	if (sheet->labels > 0 && !sst_lang_is_rtl(sheet->how->lang))
		put_wrapped(sheet, text, SST_THEIRS);
	else
		put_isolated(sheet, text);
	close_row(sheet);
}

/* Quotations
 * ------------------------------------------------------------------------------------- */

/* One line of a quotation in plain text, and under it which of its words decided. */
static void quote_line(sst_sheet *sheet, sst_text text, sst_span line, sst_span marked,
                       unsigned indent)
{
	char shown[SST_SHOWN_SIZE];
	unsigned columns, before = 0, under = 0;
	bool on = false;

	for (size_t at = line.from; at < line.upto;) {
		bool inside = at >= marked.from && at < marked.upto;
		size_t len;
		if (inside != on)
			style(sheet, inside ? "4" : "24");
		on = inside;
		len = sst__show(text, &at, SST_THEIRS, shown, &columns);
		put(sheet, shown, len);
		if (inside)
			under += columns;
		else if (under == 0)
			before += columns;
	}
	if (on)
		style(sheet, "24");
	if (under == 0 || sheet->how->color || sheet->how->columns == 0)
		return;
	sst__sheet_put(sheet, "\n");
	blanks(sheet, indent + before);
	while (under-- > 0)
		sst__sheet_put(sheet, "~");
}

/* Line by line, as the server said it. */
static void quote_text(sst_sheet *sheet, sst_text text, sst_span marked, unsigned indent)
{
	bool first = true;

	for (size_t at = 0; at < text.len && !sheet->failed;) {
		size_t end = sst__text_find(text, at, '\n');
		size_t stop = end > at && text.ptr[end - 1] == '\r' ? end - 1 : end;
		while (at < stop) {
			size_t upto = sst__wrap(sst__text_part(text, 0, stop), at,
			                        sheet->width - indent, SST_THEIRS);
			if (!first) {
				sst__sheet_put(sheet, "\n");
				blanks(sheet, indent);
			}
			first = false;
			quote_line(sheet, text, (sst_span){at, upto}, marked, indent);
			for (at = upto; at < stop && text.ptr[at] == ' '; at++)
				continue;
		}
		at = end + 1;
	}
}

/* HTML and Markdown: a part of a quotation; its lines stay lines. */
static void quote_part(sst_sheet *sheet, sst_text text, const char *line_end)
{
	while (text.len > 0 && !sheet->failed) {
		size_t end = sst__text_find(text, 0, '\n');
		size_t stop =
		        end > 0 && end < text.len && text.ptr[end - 1] == '\r' ? end - 1 : end;
		put_text(sheet, sst__text_part(text, 0, stop), SST_THEIRS);
		if (end == text.len)
			return;
		sst__sheet_put(sheet, line_end);
		text = sst__text_part(text, end + 1, text.len);
	}
}

static void quote_marked(sst_sheet *sheet, sst_text text, sst_span marked, const char *line_end)
{
	quote_part(sheet, sst__text_part(text, 0, marked.from), line_end);
	if (marked.upto > marked.from) {
		sst__sheet_put(sheet, is_html(sheet) ? "<mark>" : "**");
		quote_part(sheet, sst__text_part(text, marked.from, marked.upto), line_end);
		sst__sheet_put(sheet, is_html(sheet) ? "</mark>" : "**");
	}
	quote_part(sheet, sst__text_part(text, marked.upto, text.len), line_end);
}

/* Without the line end that is behind the words. */
static sst_text without_end(sst_text text)
{
	while (text.len > 0 && (text.ptr[text.len - 1] == '\n' || text.ptr[text.len - 1] == '\r'))
		text.len--;
	return text;
}

/* What the quotation stands in, where it is alone and where it is a row. The language of foreign
 * words is not known: lang="" says so to those who read aloud. */
static void quote(sst_sheet *sheet, const char *key, sst_text text, sst_span marked)
{
	bool marks = sst_lang_is_rtl(sheet->how->lang) && key != NULL;

	if (is_html(sheet)) {
		sst__sheet_put(sheet, "<blockquote lang=\"\" dir=\"auto\">");
		quote_marked(sheet, text, marked, "<br>\n");
		sst__sheet_put(sheet, "</blockquote>");
	} else if (is_markdown(sheet)) {
		sst__sheet_put(sheet, key == NULL ? "> " : marks ? FSI : "");
		quote_marked(sheet, text, marked, key == NULL ? "\\\n> " : "\\\n  ");
		sst__sheet_put(sheet, marks ? PDI : "");
	} else {
		sst__sheet_put(sheet, marks ? FSI : "");
		quote_text(sheet, text, marked, key == NULL ? 0 : sheet->labels + HANGING);
		sst__sheet_put(sheet, marks ? PDI : "");
	}
}

void sst__sheet_quote(sst_sheet *sheet, const char *key, sst_text text, sst_span marked)
{
	text = without_end(text);
	if (text.len == 0)
		return;
	if (marked.upto > text.len)
		marked.upto = text.len;
	if (marked.from >= marked.upto)
		marked = (sst_span){0, 0};
	if (key != NULL)
		open_row(sheet, key);
	quote(sheet, key, text, marked);
	if (key != NULL)
		close_row(sheet);
	else
		sst__sheet_put(sheet, is_html(sheet) ? "\n" : "\n\n");
}
