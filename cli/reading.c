/* SPDX-License-Identifier: MIT
 * cli/reading.c - one mail after the other on one thread: input, reader, judge, record. */
#include "cli/reading.h"

#include "cli/answer.h"
#include "cli/complaint.h"
#include "cli/input.h"
#include "cli/judged.h"
#include "cli/mails.h"
#include "cli/part.h"
#include "cli/progress.h"
#include "cli/record.h"
#include "cli/retell.h"
#include "cli/site.h"

#include <smtpstatus/mail.h>
#include <smtpstatus/words.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define WAITING                                                                           \
	(4u << 20) /* for reports that wait for the returned message; touched when needed \
	            */
#define BUFFER 32768

struct worker {
	const cli_reading *reading;
	cli_sink *sink;
	cli_input in;
	cli_mails mails;
	sst_mail *mail;
	void *mail_memory, *waiting;
	sst_json json;
	cli_retelling told;
	char *buffer;
	char *source; /* of the file at hand: the path as found */
	size_t source_size;
};

static void worker_free(void *context)
{
	struct worker *worker = context;

	cli_input_free(&worker->in);
	cli_retell_free(&worker->told);
	if (worker->waiting != NULL)
		munmap(worker->waiting, WAITING);
	free(worker->mail_memory);
	free(worker->buffer);
	free(worker->source);
	free(worker);
}

static bool worker_memory(struct worker *worker)
{
	size_t size = sst_mail_size(NULL);

	worker->mail_memory = malloc(size);
	worker->buffer = malloc(BUFFER);
	worker->waiting = mmap(NULL, WAITING, PROT_READ | PROT_WRITE,
	                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (worker->waiting == MAP_FAILED)
		worker->waiting = NULL;
	if (worker->mail_memory == NULL || worker->buffer == NULL || worker->waiting == NULL ||
	    !cli_input_init(&worker->in))
		return false;
	worker->mail = sst_mail_init(worker->mail_memory, size, NULL, worker->waiting, WAITING);
	return worker->mail != NULL;
}

static void *worker_new(void *context)
{
	struct worker *worker = calloc(1, sizeof *worker);

	if (worker == NULL)
		return NULL;
	worker->reading = context;
	cli_retell_init(&worker->told, worker->reading);
	if (worker_memory(worker))
		return worker;
	worker_free(worker);
	return NULL;
}

static void write_out(struct worker *worker)
{
	sst_json_flush(&worker->json);
	cli_text_flush(&worker->told.out);
}

static void complain(struct worker *worker, const char *wrong, const uint64_t *offset,
                     const char *advice)
{
	char *line = cli_complaint("", worker->source, wrong, offset, advice);

	/* What was read before comes before. */
	write_out(worker);
	cli_sink_complain(worker->sink, line);
	free(line);
}

/* title, explanation and advice, for --explain. */
static void write_words(struct worker *worker, const sst_report *report, const sst_verdict *verdict)
{
	char bytes[SST_SAY_ROOM_SIZE];
	sst_say_room room = SST_SAY_ROOM(bytes);
	sst_explanation words = {0};

	cli_site_explain(&worker->reading->settings, worker->reading->lang, verdict,
	                 report->recipient, &room, &words);
	cli_words_json(&worker->json, words.title, words.text, words.advice);
}

static void write_json(struct worker *worker, const sst_report *report, const sst_verdict *verdict,
                       sst_text evidence)
{
	sst_json *json = &worker->json;

	cli_record_open(json);
	sst_json_field(json, "source", (sst_text){worker->source, strlen(worker->source)});
	if (worker->mails.mbox)
		sst_json_field_number(json, "message", (int64_t)worker->mails.number);
	cli_record_word(json, "kind", SST_VOCABULARY_KIND, report->kind);
	cli_record_report(json, report);
	cli_record_verdict(json, verdict, evidence, report->notes);
	if (worker->reading->explain)
		write_words(worker, report, verdict);
	sst_json_close(json, '}');
	sst_json_line_end(json);
}

static void take_report(struct worker *worker, const sst_report *report)
{
	uint64_t message = worker->mails.mbox ? worker->mails.number : 0;
	sst_evidence evidence;
	sst_verdict verdict;

	if (!worker->reading->all &&
	    (report->kind == SST_KIND_OTHER || report->kind == SST_KIND_READ_RECEIPT))
		return;
	cli_judge_report(&worker->reading->settings, report, &evidence, &verdict);
	if (worker->reading->settings.format == CLI_AS_JSON)
		write_json(worker, report, &verdict, evidence.text);
	else if (!cli_retell(&worker->told, message, report, &verdict, evidence.text))
		cli_end_without_memory();
}

static bool has_failed(const struct worker *worker)
{
	return worker->json.failed || worker->told.out.failed;
}

static void take_reports(struct worker *worker)
{
	sst_report report = {.size = sizeof report};

	while (sst_mail_next(worker->mail, &report) == SST_OK)
		take_report(worker, &report);
}

/* Feeds all of the piece. */
static void feed(struct worker *worker, sst_text piece, bool last)
{
	for (;;) {
		sst_result result = sst_mail_feed(worker->mail, piece, last);
		take_reports(worker);
		if (result.err != SST_MORE)
			return;
		piece.ptr += result.at;
		piece.len -= result.at;
	}
}

static void read_mail(struct worker *worker)
{
	bool last = false;

	sst_mail_reset(worker->mail);
	cli_retell_mail(&worker->told, worker->source);
	while (!last && !has_failed(worker)) {
		sst_text piece = cli_mails_piece(&worker->mails, &last);
		feed(worker, piece, last);
		cli_progress_add(last, piece.len);
	}
	cli_retell_end(&worker->told);
}

static void read_mails(struct worker *worker, uint64_t upto)
{
	while (worker->in.offset < upto && !has_failed(worker) && cli_mails_next(&worker->mails))
		read_mail(worker);
	if (worker->in.error != NULL)
		complain(worker, worker->in.error, &worker->in.error_offset, worker->in.advice);
}

static void name_source(struct worker *worker, const char *folder, const char *name)
{
	size_t size = strlen(folder) + strlen(name) + 1;

	if (worker->source_size < size) {
		worker->source = realloc(worker->source, size + 256);
		worker->source_size = size + 256;
	}
	if (worker->source == NULL)
		cli_end_without_memory();
	memcpy(worker->source, folder, strlen(folder));
	memcpy(worker->source + strlen(folder), name, strlen(name) + 1);
}

/* `one`: it should be one mail. */
static void read_from(struct worker *worker, int fd, bool regular, uint64_t place, uint64_t size,
                      bool one)
{
	cli_input_start(&worker->in, fd, regular, place, size);
	cli_mails_start(&worker->mails, &worker->in, 0, false);
	if (one)
		cli_mails_doubt(&worker->mails);
	read_mails(worker, UINT64_MAX);
}

static void read_fd(struct worker *worker, int fd, bool one)
{
	off_t place = 0;
	struct stat found;
	bool regular;

	if (fstat(fd, &found) != 0) {
		complain(worker, strerror(errno), NULL, cli_advice(errno));
		return;
	}
	regular = S_ISREG(found.st_mode);
	if (regular && fd == STDIN_FILENO)
		place = lseek(fd, 0, SEEK_CUR);
	read_from(worker, fd, regular && place >= 0, place > 0 ? (uint64_t)place : 0,
	          (uint64_t)found.st_size, one);
}

static void read_file(struct worker *worker, cli_folder *folder, const char *name)
{
	int fd = openat(folder->fd, name, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	name_source(worker, folder->path, name);
	if (fd < 0) {
		complain(worker, strerror(errno), NULL, cli_advice(errno));
		return;
	}
	if (folder->fd == AT_FDCWD)
		read_fd(worker, fd, cli_is_one_mail(name));
	else /* the walk gives regular files only: to read to the end costs less than to ask */
		read_from(worker, fd, true, 0, 0, cli_is_one_mail(name));
	close(fd);
}

static void read_part(struct worker *worker, const cli_job *job)
{
	const struct cli_part *part = job->part;

	name_source(worker, job->folder->path, job->names);
	cli_input_start_at(&worker->in, part->file->fd, 0, part->from);
	cli_mails_start(&worker->mails, &worker->in, part->number, part->lengths);
	read_mails(worker, part->upto);
}

static void run(void *context, void *what, cli_sink *sink)
{
	struct worker *worker = context;
	cli_job *job = what;
	const char *name = job->names;

	worker->sink = sink;
	sst_json_init(&worker->json, worker->buffer, BUFFER, cli_sink_write, sink);
	cli_text_init(&worker->told.out, cli_sink_write, sink);
	if (job->problem != NULL) {
		cli_sink_complain(sink, job->problem);
	} else if (job->is_stdin) {
		name_source(worker, "", "-");
		read_fd(worker, STDIN_FILENO, false);
	} else if (job->part != NULL) {
		read_part(worker, job);
	} else {
		for (unsigned i = 0; i < job->count; i++, name += strlen(name) + 1)
			read_file(worker, job->folder, name);
	}
	write_out(worker);
	cli_job_free(job);
}

cli_pool *cli_reading_pool(unsigned threads, const cli_reading *reading)
{
	static const cli_pool_calls calls = {worker_new, worker_free, run};
	union {
		const cli_reading *given;
		void *taken;
	} context = {.given = reading}; /* the pool hands it on without looking at it */

	return cli_pool_new(threads, &calls, context.taken);
}
