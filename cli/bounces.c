/* SPDX-License-Identifier: MIT
 * cli/bounces.c - bounces that came back as mails, found by what a log knows of a delivery. */
#include "cli/bounces.h"

#include "cli/cli.h"
#include "cli/complaint.h"
#include "cli/mails.h"
#include "cli/walk.h"
#include "core/text.h"

#include <smtpstatus/mail.h>
#include <smtpstatus/words.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PLACES = 65536, WAITING = 1 << 20 };

struct cli_bounces {
	cli_bounce *places[PLACES];
	sst_mail *mail;
	void *memory, *waiting;
	cli_input in;
	int status;
};

static uint64_t hash_of(sst_text recipient, sst_text id)
{
	uint64_t hash = 0xcbf29ce484222325U;

	for (size_t i = 0; i < recipient.len; i++)
		hash = (hash ^ (unsigned char)sst__lower(recipient.ptr[i])) * 0x100000001b3U;
	hash = (hash ^ '\n') * 0x100000001b3U;
	for (size_t i = 0; i < id.len; i++)
		hash = (hash ^ (unsigned char)id.ptr[i]) * 0x100000001b3U;
	return hash;
}

static sst_text bare(sst_text text)
{
	if (text.len >= 2 && text.ptr[0] == '<' && text.ptr[text.len - 1] == '>')
		return sst__text_part(text, 1, text.len - 1);
	return text;
}

/* Copies behind the bounce that they belong to. */
static sst_text keep(char **at, sst_text text)
{
	char *place = *at;

	if (text.len > 0)
		memcpy(place, text.ptr, text.len);
	*at += text.len;
	return (sst_text){place, text.len};
}

static bool add(cli_bounces *bounces, const sst_report *report, sst_text recipient, sst_text id,
                const char *joined_by, sst_text source)
{
	cli_bounce *bounce;
	uint64_t hash;
	char *at;

	id = bare(id);
	if (id.len == 0)
		return true;
	bounce = malloc(sizeof *bounce + recipient.len + id.len + source.len +
	                report->diagnostic.len + report->reporting_mta.len + 1);
	if (bounce == NULL)
		return false;
	memset(bounce, 0, sizeof *bounce);
	at = (char *)(bounce + 1);
	hash = hash_of(recipient, id);
	bounce->hash = hash;
	bounce->recipient = keep(&at, recipient);
	bounce->id = keep(&at, id);
	bounce->source = keep(&at, source);
	bounce->diagnostic = keep(&at, report->diagnostic);
	bounce->reporting_mta = keep(&at, report->reporting_mta);
	bounce->joined_by = joined_by;
	bounce->status = report->status;
	bounce->reply = report->reply_code;
	bounce->phase = report->phase;
	bounce->next = bounces->places[hash % PLACES];
	bounces->places[hash % PLACES] = bounce;
	return true;
}

static bool take_report(cli_bounces *bounces, const sst_report *report, sst_text source)
{
	const struct {
		const char *name;
		sst_text id;
	} ids[] = {{"queue_id", report->queue_id},
	           {"message_id", report->message_id},
	           {"envelope_id", report->envelope_id}};
	sst_text original = report->original_recipient;
	bool good = true;

	if (report->kind != SST_KIND_BOUNCE)
		return true;
	for (size_t i = 0; i < sizeof ids / sizeof *ids && good; i++) {
		good = add(bounces, report, report->recipient, ids[i].id, ids[i].name, source);
		if (good && original.len > 0 && !sst__text_same(original, report->recipient))
			good = add(bounces, report, original, ids[i].id, ids[i].name, source);
	}
	return good;
}

static bool read_mail(cli_bounces *bounces, cli_mails *mails, sst_text source)
{
	sst_report report = {.size = sizeof report};
	bool last = false, good = true;

	sst_mail_reset(bounces->mail);
	while (!last && good) {
		sst_text piece = cli_mails_piece(mails, &last);
		sst_result result;

		do {
			result = sst_mail_feed(bounces->mail, piece, last);
			while (good && sst_mail_next(bounces->mail, &report) == SST_OK)
				good = take_report(bounces, &report, source);
			piece = sst__text_part(piece, result.at, piece.len);
		} while (good && result.err == SST_MORE);
	}
	return good;
}

static bool complain(cli_bounces *bounces, sst_text source, const uint64_t *offset,
                     const char *what, const char *advice)
{
	cli_complain(source.ptr, what, offset, advice);
	bounces->status = EXIT_PARTLY;
	return true;
}

static bool take_file(void *context, cli_folder *folder, const char *name, uint64_t size)
{
	cli_bounces *bounces = context;
	int fd = openat(folder->fd, name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char path[4096];
	sst_text source = {path, 0};
	cli_mails mails;
	bool good = true;

	(void)size;
	snprintf(path, sizeof path, "%s%s", folder->path, name);
	source.len = strlen(path);
	if (fd < 0)
		return complain(bounces, source, NULL, strerror(errno), cli_advice(errno));
	cli_input_start(&bounces->in, fd, false, 0, 0);
	cli_mails_start(&mails, &bounces->in, 0, false);
	if (cli_is_one_mail(name))
		cli_mails_doubt(&mails);
	while (good && cli_mails_next(&mails))
		good = read_mail(bounces, &mails, source);
	if (bounces->in.error != NULL)
		complain(bounces, source, &bounces->in.error_offset, bounces->in.error,
		         bounces->in.advice);
	close(fd);
	return good;
}

static bool take_problem(void *context, char *line)
{
	cli_bounces *bounces = context;

	fprintf(stderr, "%s\n", line);
	free(line);
	bounces->status = EXIT_PARTLY;
	return true;
}

cli_bounces *cli_bounces_read(const char *path, int *status)
{
	cli_bounces *bounces = calloc(1, sizeof *bounces);
	cli_walk walk = {take_file, take_problem, bounces, true};
	size_t size = sst_mail_size(NULL);

	if (bounces == NULL)
		return NULL;
	bounces->memory = malloc(size);
	bounces->waiting = malloc(WAITING);
	if (bounces->memory == NULL || bounces->waiting == NULL || !cli_input_init(&bounces->in))
		goto done;
	bounces->mail = sst_mail_init(bounces->memory, size, NULL, bounces->waiting, WAITING);
	if (bounces->mail == NULL || !cli_walk_path(&walk, path))
		goto done;
	if (bounces->status > *status)
		*status = bounces->status;
	return bounces;
done:
	cli_bounces_free(bounces);
	return NULL;
}

void cli_bounces_free(cli_bounces *bounces)
{
	if (bounces == NULL)
		return;
	for (unsigned i = 0; i < PLACES; i++)
		while (bounces->places[i] != NULL) {
			cli_bounce *next = bounces->places[i]->next;

			free(bounces->places[i]);
			bounces->places[i] = next;
		}
	cli_input_free(&bounces->in);
	free(bounces->memory);
	free(bounces->waiting);
	free(bounces);
}

static const cli_bounce *find(const cli_bounces *bounces, sst_text recipient, sst_text id,
                              const char *joined_by)
{
	uint64_t hash = hash_of(recipient, id);
	const cli_bounce *bounce = id.len == 0 ? NULL : bounces->places[hash % PLACES];

	for (; bounce != NULL; bounce = bounce->next)
		if (bounce->hash == hash && sst__text_same(bounce->recipient, recipient) &&
		    bounce->id.len == id.len && memcmp(bounce->id.ptr, id.ptr, id.len) == 0 &&
		    strcmp(bounce->joined_by, joined_by) == 0)
			return bounce;
	return NULL;
}

const cli_bounce *cli_bounce_of(const cli_bounces *bounces, const sst_delivery *delivery)
{
	const struct {
		sst_text id;
		const char *joined_by;
	} ids[] = {{delivery->remote_id, "queue_id"},
	           {delivery->queue_id, "queue_id"},
	           {delivery->message_id, "message_id"},
	           {delivery->queue_id, "envelope_id"},
	           {delivery->message_id, "envelope_id"}};
	const sst_text recipients[] = {delivery->recipient, delivery->original, SST_NO_TEXT};

	/* What went on to another host of these logs has its fate there. */
	if (delivery->fate != SST_FATE_DELIVERED || delivery->next_id.len > 0)
		return NULL;
	for (size_t r = 0; r < sizeof recipients / sizeof *recipients; r++)
		for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
			const cli_bounce *bounce =
			        find(bounces, recipients[r], ids[i].id, ids[i].joined_by);

			if (bounce != NULL)
				return bounce;
		}
	return NULL;
}

void cli_bounce_apply(const cli_bounce *bounce, sst_delivery *delivery)
{
	delivery->fate = SST_FATE_BOUNCED;
	delivery->last_result = SST_ATTEMPT_BOUNCED;
	delivery->status = bounce->status;
	delivery->reply = bounce->reply;
	delivery->phase = bounce->phase;
	delivery->text = bounce->diagnostic;
	delivery->remote_id = SST_NO_TEXT;
}
