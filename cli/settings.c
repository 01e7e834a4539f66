/* SPDX-License-Identifier: MIT
 * cli/settings.c - the options that several commands share. */
#include "cli/settings.h"

#include "cli/cli.h"
#include "cli/complaint.h"
#include "cli/file.h"
#include "cli/vocabulary.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Index of `word` in `list`, which NULL ends; -1 if it isn't there. */
static int choice(const char *const *list, const char *word)
{
	for (int i = 0; list[i] != NULL; i++)
		if (strcmp(list[i], word) == 0)
			return i;
	return -1;
}

static int say_errno(const char *path)
{
	cli_complain_errno(path);
	return EXIT_SYSTEM;
}

/* Says what a table has wrong: file, line, rule, offset. */
static int say_bad_table(const char *path, sst_text text, sst_result result)
{
	if (result.err == SST_E_SPACE || result.err == SST_E_LIMIT) {
		cli_complain(path, "too large", NULL, "keep to the rows that are needed");
		return EXIT_SYSTEM;
	}
	uint64_t offset = result.at;
	char *place;
	if (asprintf(&place, "%s:%lu", path, cli_file_line(text, result.at)) < 0)
		return say_errno(path);
	cli_complain(place, result.rule ? result.rule : "not a row of the table", &offset,
	             "correct that line, or take it out");
	free(place);
	return EXIT_USAGE;
}

/* Adds a table to what the settings have, in memory of the size that it asks for. */
typedef sst_result extend(cli_settings *settings, sst_text text, void *memory, size_t size);

static sst_result extend_codes(cli_settings *settings, sst_text text, void *memory, size_t size)
{
	return sst_registry_extend(settings->registry, text, memory, size, &settings->registry);
}

static sst_result extend_rules(cli_settings *settings, sst_text text, void *memory, size_t size)
{
	return sst_rules_extend(settings->rules, text, memory, size, &settings->rules);
}

static int load_table(cli_settings *settings, const char *path, extend *add)
{
	sst_text text;
	sst_result result;
	void *memory;

	if (!cli_file_load(path, &text))
		return say_errno(path);
	result = add(settings, text, NULL, 0);
	if (result.err != SST_E_SPACE)
		return say_bad_table(path, text, result);
	size_t size = result.at;
	memory = malloc(size);
	if (memory == NULL)
		return say_errno(path);
	result = add(settings, text, memory, size);
	return result.err == SST_OK ? EXIT_DONE : say_bad_table(path, text, result);
}

static int load_rules_file(void *context, const char *path)
{
	return load_table(context, path, extend_rules);
}

static int is_table(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 4 && strcmp(entry->d_name + len - 4, ".tsv") == 0;
}

/* By bytes, whatever the locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int cli_each_table(const char *path, int (*each)(void *context, const char *file), void *context)
{
	struct dirent **names;
	struct stat found;
	int count, status = EXIT_DONE;

	if (stat(path, &found) != 0)
		return say_errno(path);
	if (!S_ISDIR(found.st_mode))
		return each(context, path);
	count = scandir(path, &names, is_table, by_name);
	if (count < 0)
		return say_errno(path);
	for (int i = 0; i < count && status < EXIT_USAGE; i++) {
		char *whole;
		int one;
		if (asprintf(&whole, "%s/%s", path, names[i]->d_name) < 0)
			return say_errno(path);
		one = each(context, whole);
		status = one > status ? one : status;
		free(whole);
	}
	for (int i = 0; i < count; i++)
		free(names[i]);
	free(names);
	return status;
}

static int take_word(cli_settings *settings, const cli_usage *usage, int id, const char *value)
{
	static const char *const formats[] = {"text", "json", "html", "markdown", NULL};
	static const char *const readers[] = {"sender", "postmaster", "developer", NULL};
	static const char *const colors[] = {"auto", "always", "never", NULL};
	int number;

	if (id == CLI_FORMAT) {
		number = choice(formats, value);
		if (number < 0)
			return cli_usage_error(
			        usage, "--format is text, json, html or markdown, not '%s'", value);
		settings->format = (cli_format)number;
	} else if (id == CLI_FOR) {
		number = choice(readers, value);
		if (number < 0)
			return cli_usage_error(
			        usage, "--for is sender, postmaster or developer, not '%s'", value);
		settings->audience = (unsigned)number;
	} else if (choice(colors, value) < 0) {
		return cli_usage_error(usage, "--color is auto, always or never, not '%s'", value);
	} else {
		settings->color_when = value;
	}
	return EXIT_DONE;
}

static int unknown_vocabulary(const cli_usage *usage, const char *value)
{
	char names[256] = "smtpstatus";
	size_t len = strlen(names);

	for (unsigned i = 0; cli_vocabulary_name(i) != NULL && len < sizeof names; i++)
		len += (size_t)snprintf(names + len, sizeof names - len, ", %s",
		                        cli_vocabulary_name(i));
	return cli_usage_error(usage, "there is no vocabulary '%s'; there are %s", value, names);
}

bool cli_settings_take(cli_settings *settings, const cli_usage *usage, int id, const char *value,
                       int *status)
{
	*status = EXIT_DONE;
	switch (id) {
	case CLI_JSON:
		settings->format = CLI_AS_JSON;
		return true;
	case CLI_LANG:
		settings->lang = value;
		return true;
	case CLI_FORMAT:
	case CLI_FOR:
	case CLI_COLOR:
		*status = take_word(settings, usage, id, value);
		return true;
	case CLI_CODES:
		*status = load_table(settings, value, extend_codes);
		return true;
	case CLI_RULES:
		*status = cli_each_table(value, load_rules_file, settings);
		return true;
	case CLI_VOCABULARY:
		if (!cli_vocabulary_choose(value))
			*status = unknown_vocabulary(usage, value);
		return true;
	default:
		return false;
	}
}

/* Columns of the terminal that standard output is; 80 if it is none. */
static unsigned terminal_columns(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 ||
	    size.ws_col == 0)
		return 80;
	return size.ws_col < 40 ? 40 : size.ws_col > 120 ? 120 : size.ws_col;
}

void cli_settings_ready(cli_settings *settings)
{
	const char *when = settings->color_when ? settings->color_when : "auto";
	const char *no_color, *term;

	settings->columns = terminal_columns();
	if (strcmp(when, "auto") != 0) {
		settings->color = strcmp(when, "always") == 0;
		return;
	}
	no_color = getenv("NO_COLOR");
	term = getenv("TERM");
	settings->color = (no_color == NULL || *no_color == '\0') && term != NULL &&
	                  strcmp(term, "dumb") != 0 && isatty(STDOUT_FILENO);
}
