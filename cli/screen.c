/* SPDX-License-Identifier: MIT
 * cli/screen.c - a page for people, as text, HTML or Markdown. */
#include "cli/screen.h"

#include "core/text.h"

#define LABELS_MAX 24

static const char *const tones[] = {"1", "1;32", "1;33", "1;31"};

void cli_screen_init(cli_screen *screen, cli_text *out, const cli_settings *settings,
                     const sst_lang *lang)
{
	static const char *const keys[] = {"ui.what-happened", "ui.final", "ui.whose-side",
	                                   "ui.what-to-do", "ui.causes"};

	memset(screen, 0, sizeof *screen);
	screen->out = out;
	screen->format = settings->format;
	screen->color = settings->color && settings->format == CLI_AS_TEXT;
	screen->columns = cli_terminal_columns();
	screen->lang = lang;
	screen->labels = 8;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		sst_text label = sst_say_text(lang, (sst_text){keys[i], strlen(keys[i])});
		unsigned columns = cli_columns(label, CLI_OURS);
		if (columns > screen->labels && columns <= LABELS_MAX)
			screen->labels = columns;
	}
}

static void style(cli_screen *screen, const char *sgr)
{
	if (screen->color)
		cli_put_format(screen->out, "\033[%sm", sgr);
}

/* HTML: the five characters that mean something, and nothing that steers. */
static void put_html(cli_screen *screen, sst_text text, cli_author author)
{
	char shown[CLI_SHOWN_SIZE];
	unsigned columns;

	for (size_t at = 0; at < text.len;) {
		size_t len;
		if (text.ptr[at] == '\n') {
			cli_put(screen->out, "<br>");
			at++;
			continue;
		}
		len = cli_show(text, &at, author, shown, &columns);
		if (len == 1 && shown[0] == '<')
			cli_put(screen->out, "&lt;");
		else if (len == 1 && shown[0] == '>')
			cli_put(screen->out, "&gt;");
		else if (len == 1 && shown[0] == '&')
			cli_put(screen->out, "&amp;");
		else if (len == 1 && shown[0] == '"')
			cli_put(screen->out, "&quot;");
		else if (len == 1 && shown[0] == '\'')
			cli_put(screen->out, "&#39;");
		else
			cli_put_text(screen->out, (sst_text){shown, len});
	}
}

static void put_markdown(cli_screen *screen, sst_text text, cli_author author)
{
	char shown[CLI_SHOWN_SIZE];
	unsigned columns;

	for (size_t at = 0; at < text.len;) {
		size_t len = cli_show(text, &at, author, shown, &columns);
		if (author == CLI_FOREIGN && len == 1 && strchr("\\`*_[]<>#|!&~", shown[0]) != NULL)
			cli_put_char(screen->out, '\\');
		cli_put_text(screen->out, (sst_text){shown, len});
	}
}

static void put(cli_screen *screen, sst_text text, cli_author author)
{
	if (screen->format == CLI_AS_HTML)
		put_html(screen, text, author);
	else if (screen->format == CLI_AS_MARKDOWN)
		put_markdown(screen, text, author);
	else
		cli_put_safe(screen->out, text, author);
}

void cli_screen_start(cli_screen *screen)
{
	if (screen->format != CLI_AS_HTML)
		return;
	cli_put(screen->out, "<!DOCTYPE html>\n<html lang=\"");
	cli_put_text(screen->out, sst_lang_tag(screen->lang));
	cli_put(screen->out,
	        sst_lang_is_rtl(screen->lang) ? "\" dir=\"rtl\">\n" : "\" dir=\"ltr\">\n");
	cli_put(screen->out,
	        "<head><meta charset=\"utf-8\"><title>smtpstatus</title></head>\n<body>\n");
}

void cli_screen_finish(cli_screen *screen)
{
	if (screen->format == CLI_AS_HTML)
		cli_put(screen->out, "</body>\n</html>\n");
}

void cli_screen_page(cli_screen *screen)
{
	if (screen->format == CLI_AS_HTML)
		cli_put(screen->out, "<section>\n");
	else if (screen->begun && !screen->spaced)
		cli_put_char(screen->out, '\n');
	screen->begun = true;
}

static void end_rows(cli_screen *screen)
{
	if (screen->rows && screen->format == CLI_AS_HTML)
		cli_put(screen->out, "</dl>\n");
	screen->rows = false;
}

void cli_screen_page_end(cli_screen *screen)
{
	end_rows(screen);
	if (screen->format == CLI_AS_HTML)
		cli_put(screen->out, "</section>\n");
	else if (screen->spaced)
		cli_put_char(screen->out, '\n');
}

/* One line of a quotation, and under it which of its words decided. */
static void quote_line(cli_screen *screen, sst_text text, cli_span line, cli_span marked,
                       unsigned indent)
{
	char shown[CLI_SHOWN_SIZE];
	unsigned columns, before = 0, under = 0;
	bool on = false;

	for (size_t at = line.from; at < line.upto;) {
		bool inside = at >= marked.from && at < marked.upto;
		size_t len;
		if (inside != on)
			style(screen, inside ? "4" : "24");
		on = inside;
		len = cli_show(text, &at, CLI_FOREIGN, shown, &columns);
		cli_put_text(screen->out, (sst_text){shown, len});
		if (inside)
			under += columns;
		else if (under == 0)
			before += columns;
	}
	if (on)
		style(screen, "24");
	cli_put_char(screen->out, '\n');
	if (under == 0 || screen->color)
		return;
	cli_put_blanks(screen->out, indent + before);
	while (under-- > 0)
		cli_put_char(screen->out, '~');
	cli_put_char(screen->out, '\n');
}

static void quote_text(cli_screen *screen, sst_text text, cli_span marked, unsigned indent)
{
	bool first = true;

	for (size_t at = 0; at < text.len;) {
		size_t end = sst__text_find(text, at, '\n');
		size_t stop = end > at && text.ptr[end - 1] == '\r' ? end - 1 : end;
		while (at < stop) {
			size_t upto = cli_wrap(sst__text_part(text, 0, stop), at,
			                       screen->columns - indent, CLI_FOREIGN);
			if (!first)
				cli_put_blanks(screen->out, indent);
			first = false;
			quote_line(screen, text, (cli_span){at, upto}, marked, indent);
			for (at = upto; at < stop && text.ptr[at] == ' '; at++)
				continue;
		}
		at = end + 1;
	}
}

/* HTML and Markdown: the quotation in three parts. */
static void quote_marked(cli_screen *screen, sst_text text, cli_span marked, const char *on,
                         const char *off)
{
	put(screen, sst__text_part(text, 0, marked.from), CLI_FOREIGN);
	if (marked.upto > marked.from) {
		cli_put(screen->out, on);
		put(screen, sst__text_part(text, marked.from, marked.upto), CLI_FOREIGN);
		cli_put(screen->out, off);
	}
	put(screen, sst__text_part(text, marked.upto, text.len), CLI_FOREIGN);
}

void cli_screen_quote(cli_screen *screen, sst_text text, cli_span marked)
{
	if (marked.from >= marked.upto || marked.upto > text.len)
		marked = (cli_span){0, 0};
	if (text.len == 0)
		return;
	if (screen->format == CLI_AS_HTML) {
		cli_put(screen->out, "<blockquote dir=\"auto\">");
		quote_marked(screen, text, marked, "<mark>", "</mark>");
		cli_put(screen->out, "</blockquote>\n");
	} else if (screen->format == CLI_AS_MARKDOWN) {
		cli_put(screen->out, "> ");
		quote_marked(screen, text, marked, "**", "**");
		cli_put(screen->out, "\n\n");
	} else {
		quote_text(screen, text, marked, 0);
		cli_put_char(screen->out, '\n');
	}
}

void cli_screen_source(cli_screen *screen, sst_text path, const char *number)
{
	if (screen->format == CLI_AS_HTML)
		cli_put(screen->out, "<h1>");
	else if (screen->format == CLI_AS_MARKDOWN)
		cli_put(screen->out, "# ");
	style(screen, "2");
	put(screen, path, CLI_FOREIGN);
	cli_put(screen->out, number);
	style(screen, "0");
	if (screen->format == CLI_AS_HTML)
		cli_put(screen->out, "</h1>");
	cli_put(screen->out, screen->format == CLI_AS_MARKDOWN ? "\n\n" : "\n");
}

void cli_screen_heading(cli_screen *screen, sst_text text, cli_tone tone, sst_text beside)
{
	end_rows(screen);
	if (screen->format == CLI_AS_HTML)
		cli_put(screen->out, "<h2>");
	else if (screen->format == CLI_AS_MARKDOWN)
		cli_put(screen->out, "## ");
	if (beside.len > 0) {
		put(screen, beside, CLI_FOREIGN);
		cli_put(screen->out, ": ");
	}
	style(screen, tones[tone]);
	put(screen, text, CLI_OURS);
	style(screen, "0");
	if (screen->format == CLI_AS_HTML)
		cli_put(screen->out, "</h2>");
	cli_put(screen->out, screen->format == CLI_AS_TEXT ? "\n" : "\n\n");
}

/* The label, padded to its columns. */
static void put_label(cli_screen *screen, sst_text label)
{
	unsigned columns = cli_columns(label, CLI_OURS);

	style(screen, "2");
	put(screen, label, CLI_OURS);
	style(screen, "0");
	if (columns > screen->labels) {
		cli_put_char(screen->out, '\n');
		columns = 0;
	}
	cli_put_blanks(screen->out, screen->labels + 2 - columns);
}

static void row_text(cli_screen *screen, sst_text label, sst_text text, cli_author author)
{
	unsigned indent = screen->labels + 2;
	size_t at = 0;

	put_label(screen, label);
	while (at < text.len) {
		sst_text line = text;
		size_t upto;
		if (author == CLI_OURS)
			line = sst__text_part(text, 0, sst__text_find(text, at, '\n'));
		upto = cli_wrap(line, at, screen->columns - indent, author);
		put(screen, sst__text_part(text, at, upto), author);
		cli_put_char(screen->out, '\n');
		for (at = upto; at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\n');
		     at++)
			continue;
		if (at < text.len)
			cli_put_blanks(screen->out, indent);
	}
}

static sst_text label_of(const cli_screen *screen, const char *key)
{
	return sst_say_text(screen->lang, (sst_text){key, strlen(key)});
}

static void open_row(cli_screen *screen, sst_text label)
{
	if (screen->format == CLI_AS_HTML && !screen->rows)
		cli_put(screen->out, "<dl>\n");
	screen->rows = true;
	cli_put(screen->out, screen->format == CLI_AS_HTML ? "<dt>" : "- **");
	put(screen, label, CLI_OURS);
	cli_put(screen->out, screen->format == CLI_AS_HTML ? "</dt><dd><bdi>" : "**: ");
}

static void close_row(cli_screen *screen)
{
	cli_put(screen->out, screen->format == CLI_AS_HTML ? "</bdi></dd>\n" : "\n");
}

void cli_screen_row(cli_screen *screen, const char *key, sst_text text, cli_author author)
{
	if (text.len == 0)
		return;
	if (screen->format == CLI_AS_TEXT) {
		row_text(screen, label_of(screen, key), text, author);
		return;
	}
	open_row(screen, label_of(screen, key));
	put(screen, text, author);
	close_row(screen);
}

void cli_screen_quote_row(cli_screen *screen, const char *key, sst_text text, cli_span marked)
{
	bool markdown = screen->format == CLI_AS_MARKDOWN;

	if (marked.from >= marked.upto || marked.upto > text.len)
		marked = (cli_span){0, 0};
	if (text.len == 0)
		return;
	if (screen->format == CLI_AS_TEXT) {
		put_label(screen, label_of(screen, key));
		quote_text(screen, text, marked, screen->labels + 2);
		return;
	}
	open_row(screen, label_of(screen, key));
	quote_marked(screen, text, marked, markdown ? "**" : "<mark>", markdown ? "**" : "</mark>");
	close_row(screen);
}
