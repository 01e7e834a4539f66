/* SPDX-License-Identifier: MIT
 * cli/rules.c - smtpstatus rules: looks into the rules by which verdicts are found. */
#include "cli/rules.h"
#include "cli/cli.h"
#include "cli/complaint.h"
#include "cli/file.h"
#include "cli/settings.h"
#include "core/text.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { OPTION_SAMPLES = 1 };

static const cli_option options[] = {
        {OPTION_SAMPLES, 0, "samples", "PATH", "check: which rules one text of these needs"},
        CLI_ROW_RULES,
        {0, 0, NULL, NULL, NULL},
};

static const cli_usage usage = {
        "rules",
        "check [PATH...] | test TEXT... | list [WORD] |\n"
        "                        coverage PATH... | import FILE...",
        "Looks into the rules by which verdicts are found: smtpstatus-rules(5) tells their form,\n"
        "smtpstatus-rules(7) how they are weighed.\n",
        options,
        "  smtpstatus rules test '550 5.1.1 User unknown'\n"
        "  smtpstatus rules check site.tsv\n"
        "  smtpstatus rules coverage replies.txt ~/Maildir /var/log/mail.log\n",
};

static sst_text cell_of(const cli_rule_reader *reader, const sst_text *cells, const char *name)
{
	for (unsigned i = 0; i < reader->columns; i++)
		if (sst__text_same(reader->names[i], (sst_text){name, strlen(name)})) {
			sst_text cell = sst__text_trim(cells[i]);
			return cell.len == 1 && cell.ptr[0] == '-' ? SST_NO_TEXT : cell;
		}
	return SST_NO_TEXT;
}

static unsigned cut(sst_text line, sst_text *cells)
{
	unsigned n = 0;
	size_t from = 0;

	while (from <= line.len && n < 16) {
		size_t upto = sst__text_find(line, from, '\t');
		cells[n++] = sst__text_part(line, from, upto);
		from = upto + 1;
	}
	return n;
}

void cli_rule_reader_init(cli_rule_reader *reader, sst_text text)
{
	memset(reader, 0, sizeof *reader);
	reader->text = text;
	reader->rest = sst__text_unmarked(text);
}

bool cli_rule_next(cli_rule_reader *reader, cli_rule_row *row)
{
	sst_text line, cells[16];
	unsigned n;

	while (sst__text_line(&reader->rest, &line)) {
		reader->line++;
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		n = cut(line, cells);
		if (sst__text_same(cells[0], SST_TEXT("id")) ||
		    sst__text_same(cells[0], SST_TEXT("concept"))) {
			memcpy(reader->names, cells, sizeof cells);
			reader->columns = n;
			reader->rules = cells[0].len == 2;
			continue;
		}
		if (!reader->rules || n != reader->columns)
			continue;
		*row = (cli_rule_row){
		        cell_of(reader, cells, "id"),     cell_of(reader, cells, "category"),
		        cell_of(reader, cells, "weight"), cell_of(reader, cells, "speaker"),
		        cell_of(reader, cells, "codes"),  cell_of(reader, cells, "words"),
		        cell_of(reader, cells, "set"),    cell_of(reader, cells, "example"),
		        cell_of(reader, cells, "fact"),   reader->line};
		return true;
	}
	return false;
}

/* Whether `word` stands in any of the row's cells. */
static bool row_has(const cli_rule_row *row, const char *word)
{
	sst_text part = {word, strlen(word)};

	return sst__text_search(row->id, 0, part) < row->id.len ||
	       sst__text_search(row->category, 0, part) < row->category.len ||
	       sst__text_search(row->words, 0, part) < row->words.len ||
	       sst__text_search(row->codes, 0, part) < row->codes.len;
}

static int list(const char *word, cli_text *out)
{
	cli_rule_reader reader;
	cli_rule_row row;
	bool any = false;

	cli_rule_reader_init(&reader, (sst_text){cli__rules_text, cli__rules_text_len});
	while (cli_rule_next(&reader, &row)) {
		if (word != NULL && !row_has(&row, word))
			continue;
		any = true;
		cli_put_text(out, row.id);
		cli_put_char(out, '\t');
		cli_put_text(out, row.category);
		cli_put_char(out, '\t');
		cli_put_text(out, row.weight);
		cli_put_char(out, '\t');
		cli_put_text(out, row.words.len > 0 ? row.words : row.codes);
		cli_put_char(out, '\n');
	}
	if (any)
		return EXIT_DONE;
	fprintf(stderr, "smtpstatus rules: nothing about '%s'\n", word);
	return EXIT_PARTLY;
}

typedef struct checked {
	const sst_rules *rules;
	const char *samples;
	cli_text *out;
	unsigned files;
} checked;

static int check_text(const checked *c, sst_text text, const char *name)
{
	return c->samples == NULL ? cli_rules_check(c->rules, text, name, c->out)
	                          : cli_rules_samples(c->rules, text, name, c->samples, c->out);
}

static int check_file(void *context, const char *path)
{
	checked *c = context;
	sst_text text;

	if (!cli_file_load(path, &text)) {
		cli_complain_errno(path);
		return EXIT_SYSTEM;
	}
	c->files++;
	return check_text(c, text, path);
}

/* The files of a folder are held against all of its rules: one may have the concepts of another. */
static int check(const cli_settings *settings, int argc, char **argv, const char *samples,
                 cli_text *out)
{
	checked c = {settings->rules, samples, out, 0};
	int worst = EXIT_DONE;

	if (argc == 0)
		return check_text(&c, (sst_text){cli__rules_text, cli__rules_text_len},
		                  "built-in rules");
	for (int i = 0; i < argc; i++) {
		cli_settings own = *settings;
		int status = EXIT_DONE;
		cli_settings_take(&own, &usage, CLI_RULES, argv[i], &status);
		if (status != EXIT_DONE)
			return status;
		c.rules = own.rules;
		c.files = 0;
		status = cli_each_table(argv[i], check_file, &c);
		if (status == EXIT_DONE && c.files == 0) {
			cli_complain(argv[i], "no rules in this folder", NULL,
			             "give them names that end in .tsv");
			status = EXIT_PARTLY;
		}
		worst = status > worst ? status : worst;
	}
	return worst;
}

static int run(const cli_settings *settings, int argc, char **argv, const char *samples,
               cli_text *out)
{
	int status = EXIT_DONE;

	if (strcmp(argv[0], "check") == 0)
		return check(settings, argc - 1, argv + 1, samples, out);
	if (strcmp(argv[0], "list") == 0)
		return list(argc > 1 ? argv[1] : NULL, out);
	if (strcmp(argv[0], "test") != 0 && strcmp(argv[0], "coverage") != 0 &&
	    strcmp(argv[0], "import") != 0)
		return cli_usage_error(
		        &usage, "there is no '%s': check, test, list, coverage or import", argv[0]);
	if (argc < 2)
		return cli_usage_error(&usage, "%s needs an argument", argv[0]);
	for (int i = 1; i < argc; i++) {
		int one;
		if (strcmp(argv[0], "test") == 0)
			one = cli_rules_test(settings->rules, (sst_text){argv[i], strlen(argv[i])},
			                     out);
		else if (strcmp(argv[0], "coverage") == 0)
			one = cli_rules_coverage(settings->rules, argv[i], out);
		else
			one = cli_rules_import(argv[i], out);
		status = one > status ? one : status;
	}
	return status;
}

int cli_rules(int argc, char **argv)
{
	static cli_settings settings;
	static cli_text out;
	const char *value, *samples = NULL;
	int id, status = EXIT_DONE;

	while ((id = cli_options_next(&usage, argc, argv, &value, &status)) > 0) {
		if (id == OPTION_SAMPLES)
			samples = value;
		else
			cli_settings_take(&settings, &usage, id, value, &status);
		if (status != EXIT_DONE)
			return status;
	}
	if (id == CLI_OPTIONS_STOP)
		return status;
	if (optind == argc)
		return cli_usage_error(&usage, "check, test, list, coverage or import?");
	cli_text_init(&out, cli_stdout_write, NULL);
	status = run(&settings, argc - optind, argv + optind, samples, &out);
	cli_text_flush(&out);
	return status != EXIT_DONE ? status : cli_stdout_status();
}
