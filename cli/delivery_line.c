/* SPDX-License-Identifier: MIT
 * cli/delivery_line.c - a delivery in one line: for people, and with tabs for other programs. */
#include "cli/delivery.h"
#include "cli/vocabulary.h"

#include "say/glyph.h"

#include <smtpstatus/words.h>

/* Tabs and line ends would make other columns and rows of it. */
static void cell(cli_text *out, sst_text text)
{
	size_t from = 0;

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c >= ' ' && c != 0x7f)
			continue;
		cli_put_text(out, (sst_text){text.ptr + from, i - from});
		cli_put_char(out, ' ');
		from = i + 1;
	}
	if (from < text.len)
		cli_put_text(out, (sst_text){text.ptr + from, text.len - from});
}

static void next(cli_text *out, sst_text text)
{
	cli_put_char(out, '\t');
	cell(out, text);
}

static sst_text code_text(sst_code code, char buffer[SST_CODE_SIZE])
{
	return (sst_text){buffer, code.cls == 0 ? 0 : sst_code_format(code, buffer, SST_CODE_SIZE)};
}

void cli_delivery_tsv(cli_text *out, const sst_delivery *delivery, const cli_verdict *verdict)
{
	char code[SST_CODE_SIZE], time[CLI_MOMENT_SIZE];
	const sst_verdict *v = &verdict->verdict;

	cell(out, delivery->host);
	next(out, delivery->queue_id);
	next(out, delivery->recipient);
	next(out, delivery->sender);
	next(out, sst_fate_name(delivery->fate));
	next(out, code_text(v->status, code));
	next(out, cli_category_word(v->category));
	next(out, v->act == 0 ? (sst_text){NULL, 0} : sst_word(SST_VOCABULARY_ACT, v->act));
	cli_put_format(out, "\t%u", delivery->attempts);
	next(out, cli_second_text(cli_moment(delivery->accepted, delivery->zone), time));
	next(out, cli_second_text(cli_moment(delivery->ended, delivery->zone), time));
	next(out, delivery->relay);
	next(out, delivery->message_id);
	next(out, delivery->text);
	if (verdict->words != NULL) {
		next(out, verdict->words->title);
		next(out, verdict->words->text);
		next(out, verdict->words->advice);
	}
	cli_put_char(out, '\n');
}

/* A text of ours in lines that begin with four blanks. */
static void paragraph(cli_text *out, sst_text text, unsigned columns)
{
	for (size_t at = 0; at < text.len;) {
		size_t end = sst__wrap(text, at, columns - 4, SST_OURS);

		cli_put(out, "    ");
		cli_put_text(out, (sst_text){text.ptr + at, end - at});
		cli_put_char(out, '\n');
		for (at = end; at < text.len && text.ptr[at] == ' ';)
			at++;
	}
}

void cli_delivery_text(cli_text *out, const sst_delivery *delivery, const cli_verdict *verdict,
                       unsigned columns)
{
	char code[SST_CODE_SIZE], time[CLI_MOMENT_SIZE];
	const sst_verdict *v = &verdict->verdict;
	sst_text moment = cli_second_text(
	        cli_moment(delivery->ended != INT64_MIN ? delivery->ended : delivery->accepted,
	                   delivery->zone),
	        time);

	cell(out, moment);
	cli_put(out, moment.len > 0 ? "  " : "");
	cell(out, sst_fate_name(delivery->fate));
	cli_put(out, "  ");
	cell(out, code_text(v->status, code));
	cli_put(out, "  ");
	cell(out, delivery->queue_id);
	cli_put(out, "  <");
	cell(out, delivery->sender);
	cli_put(out, "> -> <");
	cell(out, delivery->recipient);
	cli_put(out, ">");
	if (delivery->fate != SST_FATE_DELIVERED) {
		cli_put(out, "  ");
		cell(out, cli_category_word(v->category));
		if (v->act != 0) {
			cli_put(out, " (");
			cell(out, sst_word(SST_VOCABULARY_ACT, v->act));
			cli_put(out, ")");
		}
	}
	if (delivery->text.len > 0) {
		cli_put(out, ": ");
		cell(out, delivery->text);
	}
	cli_put_char(out, '\n');
	if (verdict->words == NULL)
		return;
	paragraph(out, verdict->words->title, columns);
	paragraph(out, verdict->words->text, columns);
	paragraph(out, verdict->words->advice, columns);
}
