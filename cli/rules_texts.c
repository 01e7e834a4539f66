/* SPDX-License-Identifier: MIT
 * cli/rules_texts.c - the texts below a path that rules are asked about: what the reports of mails
 * say, what logs tell of attempts that failed, and the lines of all other files. */
#include "cli/rules_texts.h"
#include "cli/cli.h"
#include "cli/complaint.h"
#include "cli/input.h"
#include "cli/mails.h"
#include "cli/walk.h"
#include "core/text.h"

#include <smtpstatus/mail.h>
#include <smtpstatus/track.h>
#include <smtpstatus/words.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WAITING = 1 << 20 };

typedef struct source {
	cli_input in;
	cli_mails mails;
	sst_mail *mail;
	void *mail_memory, *waiting;
	void (*take)(void *context, const sst_evidence *evidence);
	void *context;
	int status;
} source;

static void take_text(source *s, sst_text text)
{
	sst_evidence evidence = SST_EVIDENCE_INIT;

	evidence.text = sst__text_trim(text);
	if (evidence.text.len > 0)
		s->take(s->context, &evidence);
}

static void take_reports(source *s)
{
	sst_report report = {.size = sizeof report};
	sst_evidence evidence = SST_EVIDENCE_INIT;

	while (sst_mail_next(s->mail, &report) == SST_OK) {
		if ((report.kind != SST_KIND_BOUNCE && report.kind != SST_KIND_DELAY) ||
		    report.diagnostic.len == 0)
			continue;
		sst_report_evidence(&report, &evidence);
		s->take(s->context, &evidence);
	}
}

static void feed_mail(source *s, sst_text piece, bool last)
{
	for (;;) {
		sst_result result = sst_mail_feed(s->mail, piece, last);
		take_reports(s);
		if (result.err != SST_MORE)
			return;
		piece = sst__text_part(piece, result.at, piece.len);
	}
}

static void read_mails(source *s)
{
	while (cli_mails_next(&s->mails)) {
		bool last = false;
		sst_mail_reset(s->mail);
		while (!last) {
			sst_text piece = cli_mails_piece(&s->mails, &last);
			feed_mail(s, piece, last);
		}
	}
}

static void take_events(source *s, sst_log *log)
{
	const sst_event *event;

	while (sst_log_next(log, &event) == SST_OK)
		if (event->kind == SST_EVENT_REFUSED || event->result == SST_ATTEMPT_DEFERRED ||
		    event->result == SST_ATTEMPT_BOUNCED)
			take_text(s, event->text);
}

/* What is in the window, up to its last line end. */
static sst_text whole_lines(const cli_input *in)
{
	sst_text text = {in->window + in->from, in->upto - in->from};
	size_t end = text.len;

	while (end > 0 && text.ptr[end - 1] != '\n')
		end--;
	return in->ended || end == 0 ? text : sst__text_part(text, 0, end);
}

static bool is_log(const cli_input *in)
{
	sst_log *log = sst_log_new(NULL);
	sst_text text = whole_lines(in);
	const sst_event *event;
	bool found;

	if (log == NULL)
		return false;
	sst_log_feed(log, sst__text_part(text, 0, text.len < 65536 ? text.len : 65536), true);
	while (sst_log_next(log, &event) == SST_OK)
		;
	found = sst_log_count(log).used > 0;
	sst_log_free(log);
	return found;
}

/* A field of a header: the first line is "Name: ...", and the second one goes on with it or is
 * another. */
static bool is_header(const cli_input *in)
{
	sst_text text = {in->window + in->from, in->upto - in->from}, line;

	for (unsigned lines = 0; lines < 2; lines++) {
		size_t at = 0;
		if (!sst__text_line(&text, &line) || line.len == 0)
			return false;
		if (lines > 0 && sst__is_blank(line.ptr[0]))
			return true;
		while (at < line.len && (sst__is_alpha(line.ptr[at]) || line.ptr[at] == '-'))
			at++;
		if (at == 0 || sst__at(line, at) != ':')
			return false;
	}
	return true;
}

static void read_log(source *s)
{
	sst_log *log = sst_log_new(NULL);
	bool more = true;

	while (log != NULL && more) {
		sst_text text = whole_lines(&s->in);
		sst_result result = sst_log_feed(log, text, s->in.ended);
		take_events(s, log);
		s->in.from += result.err == SST_MORE ? result.at : text.len;
		more = cli_input_fill(&s->in) || s->in.from < s->in.upto;
		if (s->in.ended && s->in.from >= s->in.upto)
			more = false;
	}
	sst_log_free(log);
}

static void read_lines(source *s)
{
	for (;;) {
		sst_text text = whole_lines(&s->in), rest = text, line;
		while (sst__text_line(&rest, &line))
			take_text(s, line);
		s->in.from += text.len;
		if (!cli_input_fill(&s->in) && s->in.from >= s->in.upto)
			return;
	}
}

static void complain(source *s, const char *folder, const char *name, const uint64_t *offset,
                     const char *what, const char *advice)
{
	char *line = cli_complaint(folder, name, what, offset, advice);

	fprintf(stderr, "%s\n", line);
	free(line);
	s->status = EXIT_PARTLY;
}

static void read_fd(source *s, int fd, const char *folder, const char *name)
{
	cli_input_start(&s->in, fd, false, 0, 0);
	cli_input_fill(&s->in);
	cli_mails_start(&s->mails, &s->in, 0, false);
	if (cli_is_one_mail(name)) {
		cli_mails_doubt(&s->mails);
		read_mails(s);
	} else if (cli_mails_is_mbox(&s->mails) || is_header(&s->in)) {
		read_mails(s);
	} else if (is_log(&s->in)) {
		read_log(s);
	} else {
		read_lines(s);
	}
	if (s->in.error != NULL)
		complain(s, folder, name, &s->in.error_offset, s->in.error, s->in.advice);
}

static bool read_file(void *context, cli_folder *folder, const char *name, uint64_t size)
{
	source *s = context;
	int fd = openat(folder->fd, name, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	(void)size;
	if (fd < 0) {
		complain(s, folder->path, name, NULL, strerror(errno), cli_advice(errno));
		return true;
	}
	read_fd(s, fd, folder->path, name);
	close(fd);
	return true;
}

static bool tell_problem(void *context, char *line)
{
	source *s = context;

	fprintf(stderr, "%s\n", line);
	free(line);
	s->status = EXIT_PARTLY;
	return true;
}

static bool get_memory(source *s)
{
	size_t size = sst_mail_size(NULL);

	s->mail_memory = malloc(size);
	s->waiting = malloc(WAITING);
	if (s->mail_memory == NULL || s->waiting == NULL || !cli_input_init(&s->in))
		return false;
	s->mail = sst_mail_init(s->mail_memory, size, NULL, s->waiting, WAITING);
	return s->mail != NULL;
}

int cli_texts_read(const char *path, void (*take)(void *context, const sst_evidence *evidence),
                   void *context)
{
	source s = {.take = take, .context = context, .status = EXIT_DONE};
	cli_walk walk = {read_file, tell_problem, &s, true};

	if (!get_memory(&s)) {
		s.status = cli_no_memory();
	} else if (strcmp(path, "-") == 0) {
		read_fd(&s, STDIN_FILENO, "", path);
	} else {
		cli_walk_path(&walk, path);
	}
	cli_input_free(&s.in);
	free(s.mail_memory);
	free(s.waiting);
	return s.status;
}
