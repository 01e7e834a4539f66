/* SPDX-License-Identifier: MIT
 * cli/intake.c - JSON Lines, read with jansson. */
#include "cli/intake.h"

#include "cli/cli.h"
#include "cli/lines.h"
#include "core/text.h"

#include <stdio.h>
#include <unistd.h>

#ifdef SST_HAVE_JANSSON
#include <jansson.h>

typedef struct intake {
	bool (*take)(void *context, const cli_values *values, unsigned long line);
	void *context;
	unsigned long line;
	int status;
} intake;

static void complain(intake *in, const char *what, const char *about)
{
	fprintf(stderr, "smtpstatus: write: line %lu: %s%s\n", in->line, about, what);
	in->status = EXIT_PARTLY;
}

/* A number stands for its digits: "reply_code":550. */
static bool value_of(const json_t *value, sst_text *out)
{
	if (json_is_string(value)) {
		*out = (sst_text){json_string_value(value), json_string_length(value)};
		return true;
	}
	if (json_is_integer(value) && json_integer_value(value) >= 0) {
		char *digits = json_dumps(value, JSON_ENCODE_ANY);

		*out = (sst_text){digits, digits == NULL ? 0 : strlen(digits)};
		return digits != NULL;
	}
	return false;
}

static bool take_object(intake *in, const json_t *object)
{
	cli_values values = {0};

	for (unsigned key = 0; key < CLI_KEYS; key++) {
		const char *name = cli_key_name((cli_key)key);
		const json_t *value = json_object_get(object, name);

		if (value == NULL || json_is_null(value))
			continue;
		if (!value_of(value, &values.of[key])) {
			complain(in, ": not a text", name);
			return false;
		}
	}
	if (in->take(in->context, &values, in->line))
		return true;
	in->status = EXIT_PARTLY;
	return false;
}

static bool take_line(void *context, sst_text line, bool cut)
{
	intake *in = context;
	json_error_t error;
	json_t *object;

	in->line++;
	if (sst__text_trim(line).len == 0)
		return true;
	if (cut) {
		complain(in, "longer than a record may be", "");
		return false;
	}
	object = json_loadb(line.ptr, line.len, JSON_REJECT_DUPLICATES, &error);
	if (!json_is_object(object)) {
		complain(in, object == NULL ? error.text : "not a JSON object", "");
		json_decref(object);
		return false;
	}
	return take_object(in, object); /* the texts stay in use: the object is kept */
}

/* A report is written when its last recipient is known. */
static void write_nothing(void *context)
{
	(void)context;
}

int cli_intake(bool (*take)(void *context, const cli_values *values, unsigned long line),
               void *context)
{
	intake in = {take, context, 0, EXIT_DONE};
	cli_line_calls calls = {take_line, write_nothing, &in};
	int status = cli_lines_read(STDIN_FILENO, "-", &calls);

	return in.status != EXIT_DONE ? in.status : status;
}
#else
int cli_intake(bool (*take)(void *context, const cli_values *values, unsigned long line),
               void *context)
{
	(void)take;
	(void)context;
	fputs("smtpstatus: write: this build reads no JSON (jansson was not there): give the "
	      "fields as "
	      "options\n",
	      stderr);
	return EXIT_USAGE;
}
#endif
