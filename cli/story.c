/* SPDX-License-Identifier: MIT
 * cli/story.c - one message's way through all hosts. The logs are read more than once: first to
 * find the message, then those that it is joined to, then to tell. So nothing but what belongs to
 * it is kept. */
#include "cli/story.h"

#include "cli/cli.h"
#include "cli/complaint.h"
#include "cli/delivery.h"
#include "cli/report.h"
#include "cli/site.h"
#include "cli/spill.h"
#include "cli/vocabulary.h"

#include "core/text.h"

#include <smtpstatus/words.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PASSES = 5, MOST_NAMES = 20000, MOST_LINES = 100000, SENTENCE = 8192 };

/* One queue id that belongs to the story. */
typedef struct story_name {
	char *id, *message_id;
	bool direct; /* it matches itself, not by what it is joined to */
} story_name;

typedef struct story_line {
	int64_t time;
	int16_t zone;
	unsigned place;
	char *text;
} story_line;

typedef struct telling {
	const story_query *query;
	const cli_settings *settings;
	sst_tracker *tracker;
	story_name *names;
	unsigned name_count;
	story_line *lines;
	unsigned line_count, line_room;
	bool telling, too_long;
	void (*delivery)(void *context, const sst_delivery *delivery);
	void *context;
	cli_text *out;
	unsigned given;
} telling;

static char *copy_of(sst_text text)
{
	char *copy = malloc(text.len + 1);

	if (copy != NULL) {
		memcpy(copy, text.len == 0 ? "" : text.ptr, text.len);
		copy[text.len] = '\0';
	}
	return copy;
}

static bool is(const char *string, sst_text text)
{
	return strlen(string) == text.len && memcmp(string, text.ptr, text.len) == 0;
}

static void add_name(telling *story, sst_text id, sst_text message_id, bool direct)
{
	if (id.len == 0 || story->name_count == MOST_NAMES)
		return;
	for (unsigned i = 0; i < story->name_count; i++)
		if (is(story->names[i].id, id)) {
			story->names[i].direct = story->names[i].direct || direct;
			if (story->names[i].message_id[0] == '\0' && message_id.len > 0) {
				free(story->names[i].message_id);
				story->names[i].message_id = copy_of(message_id);
			}
			return;
		}
	story->names[story->name_count].id = copy_of(id);
	story->names[story->name_count].direct = direct;
	story->names[story->name_count].message_id = copy_of(message_id);
	if (story->names[story->name_count].id != NULL &&
	    story->names[story->name_count].message_id != NULL)
		story->name_count++;
}

/* Whether a delivery is part of what is known so far: by its queue id, unless its Message-ID says
 * that the id came back for another message; or by its Message-ID. */
static bool belongs(const telling *story, const sst_delivery *delivery)
{
	for (unsigned i = 0; i < story->name_count; i++) {
		const story_name *name = &story->names[i];
		bool same_message = name->message_id[0] != '\0' && delivery->message_id.len > 0 &&
		                    is(name->message_id, delivery->message_id);

		if (same_message)
			return true;
		if (is(name->id, delivery->queue_id) &&
		    (name->message_id[0] == '\0' || delivery->message_id.len == 0))
			return true;
	}
	return false;
}

static sst_text bare(sst_text id)
{
	if (id.len >= 2 && id.ptr[0] == '<' && id.ptr[id.len - 1] == '>')
		return sst__text_part(id, 1, id.len - 1);
	return id;
}

static bool matches(const story_query *query, const sst_delivery *delivery)
{
	if (query->message_id.ptr != NULL &&
	    !sst__text_same(bare(query->message_id), delivery->message_id) &&
	    !sst__text_same(query->message_id, delivery->queue_id))
		return false;
	if (query->recipient.ptr != NULL &&
	    !sst__text_same(query->recipient, delivery->recipient) &&
	    !sst__text_same(query->recipient, delivery->original))
		return false;
	return query->sender.ptr == NULL || sst__text_same(query->sender, delivery->sender);
}

static void take_delivery(void *context, const sst_delivery *delivery)
{
	telling *story = context;
	static const sst_text none = {NULL, 0};
	bool direct = matches(story->query, delivery);

	if (!direct && !belongs(story, delivery))
		return;
	if (story->telling) {
		story->given++;
		if (story->delivery != NULL)
			story->delivery(story->context, delivery);
		return;
	}
	add_name(story, delivery->queue_id, delivery->message_id, direct);
	add_name(story, delivery->next_id, delivery->message_id, false);
	add_name(story, delivery->origin_id, none, false);
	add_name(story, delivery->notice_id, none, false);
}

/* Telling
 * ------------------------------------------------------------------------------------------ */

typedef struct words {
	char *at;
	size_t len;
} words;

static void say(words *to, const char *more)
{
	size_t len = strlen(more);

	if (to->len + len > SENTENCE)
		return;
	memcpy(to->at + to->len, more, len);
	to->len += len;
}

/* Words of others, without anything that a terminal would obey. */
static void quote(words *to, sst_text text)
{
	for (size_t i = 0; i < text.len && to->len < SENTENCE; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		to->at[to->len++] = c < ' ' || c == 0x7f ? ' ' : (char)c;
	}
}

static void address(words *to, sst_text text)
{
	say(to, "<");
	quote(to, text);
	say(to, ">");
}

static void say_meaning(words *to, const telling *story, sst_text recipient,
                        const sst_verdict *verdict)
{
	char bytes[SST_SAY_ROOM_SIZE];
	sst_say_room room = SST_SAY_ROOM(bytes);
	sst_explanation meaning;

	cli_site_explain(story->settings, story->query->lang, verdict, recipient, &room, &meaning);
	say(to, "\n    ");
	quote(to, meaning.title);
	say(to, "\n    ");
	quote(to, meaning.text);
	say(to, "\n    ");
	quote(to, meaning.advice);
}

static void say_attempt(words *to, const sst_event *event, const telling *story)
{
	sst_delivery delivery;
	cli_verdict verdict;

	switch (event->result) {
	case SST_ATTEMPT_DELIVERED:
		say(to, event->flags & SST_TRACK_LOCAL ? "delivered to " : "handed over for ");
		break;
	case SST_ATTEMPT_DEFERRED:
		say(to, event->flags & SST_TRACK_NOT_TRIED ? "not tried for " : "put off for ");
		break;
	case SST_ATTEMPT_EXPIRED:
		say(to, "given up for ");
		break;
	case SST_ATTEMPT_DISCARDED:
		say(to, "thrown away for ");
		break;
	case SST_ATTEMPT_EXPANDED:
		say(to, "expanded: ");
		break;
	default:
		say(to, "refused for good: ");
		break;
	}
	address(to, event->recipient);
	if (event->relay.len > 0 && !sst__text_same(event->relay, SST_TEXT("none"))) {
		say(to, event->result == SST_ATTEMPT_DELIVERED ? " to " : " by ");
		quote(to, cli_relay_host(event->relay));
	}
	if (event->text.len > 0) {
		say(to, ": ");
		quote(to, event->text);
	}
	if (event->result != SST_ATTEMPT_DEFERRED && event->result != SST_ATTEMPT_BOUNCED)
		return;
	cli_delivery_of_event(event, &delivery);
	cli_delivery_judge(story->settings, &delivery, &verdict);
	say(to, "\n    = ");
	quote(to, cli_category_word(verdict.verdict.category));
	if (verdict.verdict.act != 0) {
		say(to, ", what to do: ");
		quote(to, sst_word(SST_VOCABULARY_ACT, verdict.verdict.act));
	}
	if (event->flags & SST_TRACK_POSSIBLY)
		say(to, " (the receiver may have it all the same)");
	if (story->query->lang != NULL)
		say_meaning(to, story, event->recipient, &verdict.verdict);
}

static void say_event(words *to, const sst_event *event, const telling *story)
{
	char number[32];

	switch (event->kind) {
	case SST_EVENT_ACCEPTED:
		say(to, "accepted from ");
		quote(to, event->relay);
		break;
	case SST_EVENT_HEADER:
		say(to, "its Message-ID is ");
		quote(to, event->message_id);
		break;
	case SST_EVENT_QUEUED:
		say(to, "in the queue, from ");
		address(to, event->sender);
		if (event->size > 0) {
			say(to, ", ");
			say(to, report_number(event->size, number));
			say(to, " bytes");
		}
		break;
	case SST_EVENT_RECIPIENT:
		say(to, "to be delivered to ");
		address(to, event->recipient);
		break;
	case SST_EVENT_ATTEMPT:
		say_attempt(to, event, story);
		break;
	case SST_EVENT_NOTICE:
		quote(to, event->text.len > 0 ? event->text : SST_TEXT("its sender was told"));
		say(to, ", in message ");
		quote(to, event->other_id);
		break;
	case SST_EVENT_EXPIRED:
		say(to, "its time in the queue ran out: returned to the sender");
		break;
	case SST_EVENT_HANDOVER:
		say(to, "goes on as ");
		quote(to, event->other_id);
		break;
	case SST_EVENT_HELD:
		say(to, "held back ");
		quote(to, event->text);
		break;
	case SST_EVENT_RELEASED:
		say(to, "released");
		break;
	case SST_EVENT_DISCARDED:
		say(to, "thrown away by a rule: ");
		quote(to, event->text);
		break;
	case SST_EVENT_DELETED:
		say(to, "deleted by the administrator");
		break;
	case SST_EVENT_DONE:
		say(to, "done");
		break;
	case SST_EVENT_REFUSED:
		say(to, "refused: ");
		address(to, event->recipient);
		say(to, ": ");
		quote(to, event->text);
		break;
	default:
		quote(to, event->text);
		break;
	}
}

static bool refusal_matches(const telling *story, const sst_event *event)
{
	sst_delivery delivery;

	if (event->kind != SST_EVENT_REFUSED || story->query->message_id.ptr != NULL)
		return false;
	cli_delivery_of_event(event, &delivery);
	return matches(story->query, &delivery);
}

static void keep_line(telling *story, const sst_event *event)
{
	char buffer[SENTENCE];
	words sentence = {buffer, 0};
	story_line *entry;

	if (story->line_count == MOST_LINES) {
		story->too_long = true;
		return;
	}
	if (story->line_count == story->line_room) {
		unsigned room = story->line_room == 0 ? 64 : story->line_room * 2;
		story_line *lines = realloc(story->lines, room * sizeof *lines);

		if (lines == NULL)
			return;
		story->lines = lines;
		story->line_room = room;
	}
	quote(&sentence, event->host);
	say(&sentence, event->host.len > 0 ? " " : "");
	quote(&sentence, event->queue_id);
	say(&sentence, event->queue_id.len > 0 ? ": " : "");
	say_event(&sentence, event, story);
	entry = &story->lines[story->line_count];
	entry->time = event->time;
	entry->zone = event->zone;
	entry->place = story->line_count;
	entry->text = copy_of((sst_text){buffer, sentence.len});
	story->line_count += entry->text != NULL;
}

/* Who asks for one recipient is not told of the others of the same message. */
static bool is_another_recipient(const telling *story, const story_name *name,
                                 const sst_event *event)
{
	sst_text asked = story->query->recipient;

	return asked.ptr != NULL && name->direct && event->recipient.len > 0 &&
	       !sst__text_same(asked, event->recipient) && !sst__text_same(asked, event->original);
}

static bool take_event(telling *story, const sst_event *event)
{
	if (story->telling && story->out != NULL) {
		const story_name *named = NULL;

		for (unsigned i = 0; i < story->name_count && named == NULL; i++)
			if (is(story->names[i].id, event->queue_id))
				named = &story->names[i];
		if (named == NULL ? refusal_matches(story, event)
		                  : !is_another_recipient(story, named, event))
			keep_line(story, event);
	}
	return sst_tracker_take(story->tracker, event);
}

static bool take_events(void *context, const sst_event *events, size_t count)
{
	bool good = true;

	for (size_t i = 0; i < count && good; i++)
		good = take_event(context, &events[i]);
	return good;
}

static int by_time(const void *a, const void *b)
{
	const story_line *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static void write_lines(telling *story)
{
	char time[CLI_MOMENT_SIZE];

	if (story->line_count > 0)
		qsort(story->lines, story->line_count, sizeof *story->lines, by_time);
	for (unsigned i = 0; i < story->line_count; i++) {
		story_line *line = &story->lines[i];

		cli_put_text(story->out, cli_second_text(cli_moment(line->time, line->zone), time));
		cli_put(story->out, "  ");
		cli_put(story->out, line->text);
		cli_put_char(story->out, '\n');
		free(line->text);
	}
	if (story->line_count == 0)
		cli_put(story->out, "nothing in these logs matches\n");
	if (story->too_long)
		cli_put(story->out, "(more lines than can be shown)\n");
	free(story->lines);
}

static int read_once(telling *story, cli_logs *logs)
{
	sst_tracker_options options = {.size = sizeof options};
	int status;

	options.delivery = take_delivery;
	options.context = story;
	options.spill = cli_spill;
	options.unspill = cli_unspill;
	story->tracker = sst_tracker_new(&options);
	if (story->tracker == NULL)
		return cli_no_memory();
	logs->take = take_events;
	logs->silent = !story->telling || story->out != NULL;
	logs->context = story;
	status = cli_logs_read(logs);
	if (status != EXIT_SYSTEM && !sst_tracker_finish(story->tracker))
		status = EXIT_SYSTEM;
	sst_tracker_free(story->tracker);
	return status;
}

int story_tell(cli_logs *logs, const story_query *query, const cli_settings *settings,
               void (*delivery)(void *context, const sst_delivery *delivery), void *context,
               cli_text *out)
{
	telling story = {.query = query,
	                 .settings = settings,
	                 .delivery = delivery,
	                 .context = context,
	                 .out = out};
	unsigned before = UINT32_MAX;
	int status = EXIT_DONE;

	story.names = calloc(MOST_NAMES, sizeof *story.names);
	if (story.names == NULL)
		return cli_no_memory();
	for (unsigned pass = 0;
	     pass < PASSES && before != story.name_count && status != EXIT_SYSTEM; pass++) {
		before = pass == 0 ? UINT32_MAX : story.name_count;
		status = read_once(&story, logs);
	}
	story.telling = true;
	if (status != EXIT_SYSTEM)
		status = read_once(&story, logs);
	if (out != NULL && status != EXIT_SYSTEM)
		write_lines(&story);
	for (unsigned i = 0; i < story.name_count; i++) {
		free(story.names[i].id);
		free(story.names[i].message_id);
	}
	free(story.names);
	return status;
}
