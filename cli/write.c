/* SPDX-License-Identifier: MIT
 * cli/write.c - smtpstatus write: delivery reports, replies and tracking answers from records. */
#include "cli/cli.h"
#include "cli/complaint.h"
#include "cli/draft.h"
#include "cli/file.h"
#include "cli/intake.h"
#include "cli/moment.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/settings.h"
#include "cli/tongue.h"
#include "core/text.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

enum {
	OPT_RETURNED = 1,
	OPT_RET,
	OPT_FROM,
	OPT_BOUNDARY,
	OPT_ID,
	OPT_DATE,
	OPT_SEVEN_BIT,
	OPT_CONFIDENTIAL,
	OPT_NO_RETURN_PATH,
	OPT_UTF8,
	OPT_LF,
	OPT_KEY = 100 /* and the keys of records, in their order */
};

static const cli_option options[] = {
        CLI_ROW_LANG,
        {OPT_RETURNED, 'r', "returned", "FILE", "the message that was sent, or its header"},
        {OPT_RET, 0, "ret", "WHAT", "full or hdrs: how much of it to return"},
        {OPT_FROM, 0, "from", "ADDRESS", "who writes; default MAILER-DAEMON@ the reporting MTA"},
        {OPT_DATE, 0, "date", "TIME", "RFC 3339, or @ and seconds since 1970; default now"},
        {OPT_BOUNDARY, 0, "boundary", "TEXT", "between the parts; default random"},
        {OPT_ID, 0, "id", "TEXT", "message id of the report; default random"},
        {OPT_SEVEN_BIT, 0, "seven-bit", NULL, "for a way that knows no 8BITMIME or SMTPUTF8"},
        {OPT_CONFIDENTIAL, 0, "confidential", NULL, "leave out what betrays a forwarding target"},
        {OPT_NO_RETURN_PATH, 0, "no-return-path", NULL, "leave out Return-Path: <>"},
        {OPT_UTF8, 0, "utf8", NULL, "reply: the client asked for SMTPUTF8"},
        {OPT_LF, 0, "lf", NULL, "end lines with LF, not CRLF"},
        {OPT_KEY + CLI_KEY_RECIPIENT, 0, "recipient", "ADDRESS",
         "field of a record, like all below"},
        {OPT_KEY + CLI_KEY_ORIGINAL_RECIPIENT, 0, "original-recipient", "ADDRESS",
         "ORCPT, decoded"},
        {OPT_KEY + CLI_KEY_ACTION, 0, "action", "WORD",
         "failed, delayed, delivered, relayed or expanded"},
        {OPT_KEY + CLI_KEY_STATUS, 0, "status", "CODE", "enhanced status code"},
        {OPT_KEY + CLI_KEY_REPLY_CODE, 0, "reply-code", "CODE", "reply: three digits"},
        {OPT_KEY + CLI_KEY_TEXT, 0, "text", "TEXT", "reply: its words"},
        {OPT_KEY + CLI_KEY_PHASE, 0, "phase", "WORD", "reply: the command that is answered"},
        {OPT_KEY + CLI_KEY_DIAGNOSTIC, 0, "diagnostic", "TEXT", "what the remote server said"},
        {OPT_KEY + CLI_KEY_REMOTE_MTA, 0, "remote-mta", "HOST", "who said it"},
        {OPT_KEY + CLI_KEY_LAST_ATTEMPT, 0, "last-attempt", "TIME", "when it was last tried"},
        {OPT_KEY + CLI_KEY_RETRY_UNTIL, 0, "retry-until", "TIME", "with delayed only"},
        {OPT_KEY + CLI_KEY_FINAL_LOG_ID, 0, "final-log-id", "TEXT", "what the final log calls it"},
        {OPT_KEY + CLI_KEY_SENDER, 0, "sender", "ADDRESS", "reverse-path of the message"},
        {OPT_KEY + CLI_KEY_REPORTING_MTA, 0, "reporting-mta", "HOST", "who tells of it"},
        {OPT_KEY + CLI_KEY_RECEIVED_FROM_MTA, 0, "received-from-mta", "HOST", "who sent it"},
        {OPT_KEY + CLI_KEY_ENVELOPE_ID, 0, "envelope-id", "TEXT", "ENVID, decoded"},
        {OPT_KEY + CLI_KEY_MESSAGE_ID, 0, "message-id", "ID", "of the message"},
        {OPT_KEY + CLI_KEY_QUEUE_ID, 0, "queue-id", "ID", "of the message"},
        {OPT_KEY + CLI_KEY_SUBJECT, 0, "subject", "TEXT", "of the message"},
        {OPT_KEY + CLI_KEY_ARRIVAL_DATE, 0, "arrival-date", "TIME", "when the message came"},
        {0, 0, NULL, NULL, NULL},
};

static const cli_usage usage = {
        "write",
        "dsn|reply|tracking [OPTION...]",
        "Writes a delivery report (RFC 3464), an SMTP reply or a tracking answer (RFC 3886), or "
        "says\n"
        "why it would break a rule. Records are JSON Lines on standard input, one recipient of "
        "the\n"
        "same message a line, with the keys of 'smtpstatus read --json'; or the fields are "
        "options.\n",
        options,
        "  smtpstatus write reply --reply-code 550 --status 5.1.1 --text 'No such user'\n"
        "  smtpstatus read --json bounce.eml | smtpstatus write dsn --lang ja\n",
};

typedef enum what { WRITE_DSN, WRITE_REPLY, WRITE_TRACKING } what;

typedef struct job {
	what what;
	bool lf, utf8, by_option;
	unsigned long records;
	cli_values values; /* of the options */
	sst_dsn dsn;
	sst_dsn_recipient *recipients;
	size_t room;
	sst_text message[CLI_KEYS]; /* of the whole report, as the first line that has it says */
	unsigned long *lines;       /* where each recipient was given */
	char random[16];
} job;

static bool said(sst_written written, unsigned long line)
{
	if (written.err == SST_OK)
		return true;
	if (written.err == SST_E_LIMIT && written.field == NULL)
		return false; /* standard output failed: its status says so */
	fputs("smtpstatus: write: ", stderr);
	if (line > 0)
		fprintf(stderr, "line %lu: ", line);
	fprintf(stderr, "%s: %s", written.field == NULL ? "output" : written.field,
	        written.rule == NULL ? "can't be written" : written.rule);
	if (written.at > 0)
		fprintf(stderr, " (octet %zu)", written.at + 1);
	fputc('\n', stderr);
	return false;
}

/* Standard output, with LF lines if those are wanted. */
static bool to_stdout(void *context, const char *bytes, size_t len)
{
	const job *writing = context;

	if (!writing->lf)
		return cli_stdout_write(NULL, bytes, len);
	for (size_t i = 0; i < len;) {
		size_t part = sst__text_find((sst_text){bytes, len}, i, '\r');

		if (part > i && !cli_stdout_write(NULL, bytes + i, part - i))
			return false;
		i = part + 1; /* the writer puts CR before LF only */
	}
	return true;
}

static bool write_reply(job *writing, const cli_values *values, unsigned long line)
{
	sst_reply_draft draft = SST_REPLY_DRAFT_INIT;
	char buffer[1024];
	sst_out out = {buffer, sizeof buffer, 0, 0, to_stdout, writing, false};

	draft.utf8 = writing->utf8;
	return said(cli_draft_reply(values, &draft), line) &&
	       said(sst_reply_write(&draft, &out), line);
}

static void *grown(void *array, size_t count, size_t size)
{
	void *larger = realloc(array, count * size);

	if (larger == NULL) {
		cli_end_without_memory();
	}
	return larger;
}

/* What belongs to the message is said once, or each time the same. */
static bool merge_message(job *writing, const cli_values *values, unsigned long line)
{
	for (unsigned key = CLI_KEY_SENDER; key < CLI_KEYS; key++) {
		sst_text value = values->of[key], *kept = &writing->message[key];
		bool same = value.len == kept->len &&
		            (value.len == 0 || memcmp(value.ptr, kept->ptr, value.len) == 0);

		if (value.ptr == NULL)
			continue;
		if (kept->ptr != NULL && !same)
			return said(
			        (sst_written){
			                SST_E_SYNTAX, 0, cli_key_name((cli_key)key),
			                "RFC 3464 section 2: one report is about one message, "
			                "and an earlier line says otherwise",
			                SST_NO_RECIPIENT},
			        line);
		*kept = value;
	}
	return true;
}

static bool add_recipient(job *writing, const cli_values *values, unsigned long line)
{
	size_t count = writing->dsn.recipient_count;

	if (count == writing->room) {
		writing->room = count == 0 ? 16 : 2 * count;
		writing->recipients =
		        grown(writing->recipients, writing->room, sizeof *writing->recipients);
		writing->lines = grown(writing->lines, writing->room, sizeof *writing->lines);
	}
	writing->lines[count] = line;
	writing->dsn.recipient_count++;
	return merge_message(writing, values, line) &&
	       said(cli_draft_recipient(values, &writing->recipients[count]), line);
}

static bool take(void *context, const cli_values *values, unsigned long line)
{
	job *writing = context;

	writing->records++;
	if (writing->what == WRITE_REPLY)
		return write_reply(writing, values, line);
	return add_recipient(writing, values, line);
}

/* Fields of the whole report that an option gives hold for every line. */
static int write_report(job *writing)
{
	cli_values message = {0};
	char buffer[16384];
	sst_out out = {buffer, sizeof buffer, 0, 0, to_stdout, writing, false};
	sst_written written;

	for (unsigned key = CLI_KEY_SENDER; key < CLI_KEYS; key++)
		message.of[key] = writing->message[key];
	if (!said(cli_draft_message(&message, &writing->dsn), 0))
		return EXIT_PARTLY;
	writing->dsn.recipients = writing->recipients;
	written = writing->what == WRITE_DSN ? sst_dsn_write(&writing->dsn, &out)
	                                     : sst_tracking_write(&writing->dsn, &out);
	return said(written, written.recipient == SST_NO_RECIPIENT
	                             ? writing->by_option ? 0 : 1
	                             : writing->lines[written.recipient])
	               ? EXIT_DONE
	               : EXIT_PARTLY;
}

static int take_flag(job *writing, int id, sst_text value)
{
	switch (id) {
	case OPT_RET:
		writing->dsn.ret = sst__text_same(value, SST_TEXT("full"))   ? SST_RET_FULL
		                   : sst__text_same(value, SST_TEXT("hdrs")) ? SST_RET_HDRS
		                                                             : 0;
		return writing->dsn.ret != 0 ? EXIT_DONE
		                             : cli_usage_error(&usage, "--ret is full or hdrs");
	case OPT_DATE:
		return cli_moment_parse(value, &writing->dsn.date)
		               ? EXIT_DONE
		               : cli_usage_error(&usage, "--date is like 2024-05-01T10:00:00Z");
	case OPT_FROM:
		writing->dsn.from = value;
		break;
	case OPT_BOUNDARY:
		writing->dsn.boundary = value;
		break;
	case OPT_ID:
		writing->dsn.id = value;
		break;
	case OPT_SEVEN_BIT:
		writing->dsn.flags |= SST_DSN_SEVEN_BIT;
		break;
	case OPT_CONFIDENTIAL:
		writing->dsn.flags |= SST_DSN_CONFIDENTIAL;
		break;
	case OPT_NO_RETURN_PATH:
		writing->dsn.flags |= SST_DSN_NO_RETURN_PATH;
		break;
	case OPT_UTF8:
		writing->utf8 = true;
		break;
	case OPT_LF:
		writing->lf = true;
		break;
	default:
		break;
	}
	return EXIT_DONE;
}

static int take_option(job *writing, int id, const char *value)
{
	sst_text text = {value, value == NULL ? 0 : strlen(value)};

	if (id >= OPT_KEY && id < OPT_KEY + CLI_KEYS) {
		writing->values.of[id - OPT_KEY] = text;
		if (id - OPT_KEY >= CLI_KEY_SENDER)
			writing->message[id - OPT_KEY] = text;
		return EXIT_DONE;
	}
	if (id != OPT_RETURNED)
		return take_flag(writing, id, text);
	if (cli_file_load(value, &writing->dsn.returned))
		return EXIT_DONE;
	cli_complain_errno(value);
	return EXIT_SYSTEM;
}

static int find_what(int argc, char **argv, what *out)
{
	static const char *const words[] = {"dsn", "reply", "tracking"};

	if (argc - optind != 1)
		return cli_usage_error(&usage, "one of dsn, reply and tracking is needed");
	for (unsigned i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(argv[optind], words[i]) == 0) {
			*out = (what)i;
			return EXIT_DONE;
		}
	}
	return cli_usage_error(&usage, "there is no '%s' to write: dsn, reply or tracking",
	                       argv[optind]);
}

/* Whether the options are a record of their own: of a reply any field, since it has no others; of a
 * report the recipient, since fields of the message hold for the records on standard input. */
static bool is_record(const job *writing)
{
	const sst_text *of = writing->values.of;

	if (writing->what != WRITE_REPLY)
		return of[CLI_KEY_RECIPIENT].ptr != NULL;
	return of[CLI_KEY_REPLY_CODE].ptr != NULL || of[CLI_KEY_STATUS].ptr != NULL ||
	       of[CLI_KEY_TEXT].ptr != NULL || of[CLI_KEY_PHASE].ptr != NULL;
}

static int run(job *writing)
{
	int status = EXIT_DONE, output;

	writing->by_option = is_record(writing);
	if (writing->by_option)
		status = take(writing, &writing->values, 0) ? EXIT_DONE : EXIT_PARTLY;
	else
		status = cli_intake(take, writing);
	if (status == EXIT_DONE && writing->records == 0) {
		fputs("smtpstatus: write: there is no record on standard input\n", stderr);
		return EXIT_PARTLY;
	}
	if (status == EXIT_DONE && writing->what != WRITE_REPLY)
		status = write_report(writing);
	output = cli_stdout_status();
	return output != EXIT_DONE ? output : status;
}

int cli_write(int argc, char **argv)
{
	static job writing;
	cli_settings settings = {0};
	const char *value;
	int id, status = EXIT_DONE;

	writing.dsn = (sst_dsn)SST_DSN_INIT;
	writing.dsn.date = cli_moment_now();
	while ((id = cli_options_next(&usage, argc, argv, &value, &status)) > 0) {
		if (!cli_settings_take(&settings, &usage, id, value, &status))
			status = take_option(&writing, id, value);
		if (status != EXIT_DONE)
			return status;
	}
	if (id < 0)
		return status;
	status = find_what(argc, argv, &writing.what);
	if (status != EXIT_DONE)
		return status;
	if (getrandom(writing.random, sizeof writing.random, 0) != (ssize_t)sizeof writing.random) {
		perror("smtpstatus: write");
		return EXIT_SYSTEM;
	}
	writing.dsn.random = (sst_text){writing.random, sizeof writing.random};
	writing.dsn.lang = sst_lang_tag(cli_tongue(settings.lang));
	return run(&writing);
}
