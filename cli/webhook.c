/* SPDX-License-Identifier: MIT
 * cli/webhook.c - events of sending services, by the rows of data/webhooks.tsv. There is no code
 * for a service. */
#include "cli/webhook.h"

#include "cli/complaint.h"
#include "cli/judged.h"
#include "cli/moment.h"
#include "core/text.h"

#include <smtpstatus/outside.h>
#include <smtpstatus/words.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef SST_HAVE_JANSSON
#include <jansson.h>

extern const char cli__webhooks_text[];
extern const size_t cli__webhooks_text_len;

enum { ROWS = 128, NAME = 256, LOOSE = 1024 };

typedef enum column {
	PROVIDER,
	AT,
	TEST,
	KIND,
	RECIPIENTS,
	ADDRESS,
	STATUS,
	REPLY,
	WORDS,
	NAMES,
	SENDER,
	MESSAGE_ID,
	TIME,
	REMOTE,
	REPORTING,
	SUBJECT,
	FEEDBACK,
	COLUMNS
} column;

typedef struct row {
	sst_text of[COLUMNS];
} row;

/* One posting while it is read. */
typedef struct posting {
	const cli_webhook *hook;
	unsigned long line;
	const row *row;
	const json_t *event, *item; /* the event and the recipient at hand */
	bool known;                 /* a row fits */
	size_t loose_len;
	char loose[LOOSE]; /* numbers as text */
} posting;

/* The table
 * -------------------------------------------------------------------------------------- */

static unsigned read_rows(row *rows)
{
	sst_text rest = {cli__webhooks_text, cli__webhooks_text_len}, line;
	unsigned count = 0;

	while (count < ROWS && sst__text_line(&rest, &line)) {
		if (line.len == 0 || line.ptr[0] == '#' ||
		    sst__text_starts(line, SST_TEXT("provider\t")))
			continue;
		for (unsigned c = 0; c < COLUMNS; c++) {
			size_t end = sst__text_find(line, 0, '\t');
			sst_text cell = sst__text_part(line, 0, end);
			rows[count].of[c] =
			        sst__text_same(cell, SST_TEXT("-")) ? SST_NO_TEXT : cell;
			line = sst__text_part(line, end < line.len ? end + 1 : end, line.len);
		}
		count++;
	}
	return count;
}

/* Takes the part before the next `sign` off `*rest`. False at the end. */
static bool next_part(sst_text *rest, char sign, sst_text *part)
{
	size_t end = sst__text_find(*rest, 0, sign);

	if (rest->len == 0)
		return false;
	*part = sst__text_part(*rest, 0, end);
	*rest = sst__text_part(*rest, end < rest->len ? end + 1 : end, rest->len);
	return true;
}

/* Paths
 * ------------------------------------------------------------------------------------------ */

static const json_t *member(const json_t *at, sst_text key)
{
	char name[64];

	if (!json_is_object(at) || key.len >= sizeof name)
		return NULL;
	memcpy(name, key.ptr, key.len);
	name[key.len] = '\0';
	return json_object_get(at, name);
}

/* The value that a path without [] leads to; NULL if there is none. */
static const json_t *follow(const json_t *at, sst_text path)
{
	sst_text key;

	if (sst__text_same(path, SST_TEXT(".")))
		return at;
	while (at != NULL && next_part(&path, '.', &key))
		at = member(at, key);
	return at;
}

typedef void (*visitor)(posting *in, const json_t *value);

/* All values that a path leads to. */
static void visit(posting *in, const json_t *at, sst_text path, visitor each)
{
	sst_text key;
	const json_t *value;
	size_t index;
	bool list;

	if (path.len == 0 || sst__text_same(path, SST_TEXT("."))) {
		each(in, at);
		return;
	}
	next_part(&path, '.', &key);
	list = sst__text_ends(key, SST_TEXT("[]"));
	at = member(at, list ? sst__text_part(key, 0, key.len - 2) : key);
	if (at == NULL)
		return;
	if (!list || !json_is_array(at)) {
		visit(in, at, path, each);
		return;
	}
	json_array_foreach(at, index, value) visit(in, value, path, each);
}

/* A text, or a number as a text; absent for all else. */
static sst_text text_of(posting *in, const json_t *value)
{
	char *to = in->loose + in->loose_len;
	size_t room = LOOSE - in->loose_len;
	int len = 0;

	if (json_is_string(value))
		return (sst_text){json_string_value(value), json_string_length(value)};
	if (json_is_boolean(value))
		return json_is_true(value) ? SST_TEXT("true") : SST_TEXT("false");
	if (json_is_integer(value))
		len = snprintf(to, room, "%lld", (long long)json_integer_value(value));
	else if (json_is_real(value))
		len = snprintf(to, room, "%.6f", json_real_value(value));
	if (len <= 0 || (size_t)len >= room)
		return SST_NO_TEXT;
	in->loose_len += (size_t)len;
	return (sst_text){to, (size_t)len};
}

static const json_t *value_at(const posting *in, sst_text path)
{
	if (path.len > 1 && path.ptr[0] == '.')
		return follow(in->item, sst__text_part(path, 1, path.len));
	return follow(path.len == 1 && path.ptr[0] == '.' ? in->item : in->event, path);
}

/* The first of alternative paths that holds something. */
static sst_text first_text(posting *in, sst_text paths)
{
	sst_text path, text = SST_NO_TEXT;

	while (text.len == 0 && next_part(&paths, '|', &path))
		text = text_of(in, value_at(in, path));
	return text;
}

static sst_text cell(posting *in, column which)
{
	return first_text(in, in->row->of[which]);
}

/* Tests
 * ------------------------------------------------------------------------------------------ */

static bool is_listed(sst_text list, sst_text word)
{
	sst_text one;

	while (next_part(&list, '|', &one))
		if (sst__text_same(one, word))
			return true;
	return false;
}

/* "path|path" is there, or "path|path=value|value" has one of the values. */
static bool holds(posting *in, sst_text test)
{
	size_t sign = sst__text_find(test, 0, '=');
	sst_text paths = sst__text_part(test, 0, sign), path;

	if (sign < test.len)
		return is_listed(sst__text_part(test, sign + 1, test.len), first_text(in, paths));
	while (next_part(&paths, '|', &path)) {
		const json_t *value = value_at(in, path);
		if (value != NULL && !json_is_null(value))
			return true;
	}
	return false;
}

static bool fits(posting *in)
{
	sst_text tests = in->row->of[TEST], test;

	while (next_part(&tests, '&', &test))
		if (!holds(in, test))
			return false;
	return true;
}

/* One recipient
 * ---------------------------------------------------------------------------------- */

/* "{bounce.bounceType}/{bounce.bounceSubType}" filled in, behind "ses:" unless it says whose it is.
 * 0: something is missing. */
static size_t fill_name(posting *in, sst_text form, char buffer[NAME])
{
	bool whole = sst__text_find(form, 0, ':') < sst__text_find(form, 0, '{');
	sst_text provider = in->row->of[PROVIDER];
	size_t len =
	        whole ? 0
	              : (size_t)snprintf(buffer, NAME, "%.*s:", (int)provider.len, provider.ptr);

	for (size_t at = 0; at < form.len; at++) {
		sst_text piece = sst__text_part(form, at, at + 1);
		if (form.ptr[at] == '{') {
			size_t end = sst__text_find(form, at, '}');
			piece = first_text(in, sst__text_part(form, at + 1, end));
			at = end;
			if (piece.len == 0)
				return 0;
		}
		if (piece.len >= NAME - len)
			return 0;
		memcpy(buffer + len, piece.ptr, piece.len);
		len += piece.len;
	}
	return len;
}

/* The most telling of the names that the row gives. */
static const sst_outside *find_entry(posting *in, char name[NAME], size_t *name_len)
{
	sst_text forms = in->row->of[NAMES], form;
	const sst_outside *best = NULL;
	char buffer[NAME];

	*name_len = 0;
	while (next_part(&forms, '|', &form)) {
		size_t len = fill_name(in, form, buffer);
		const sst_outside *entry = len == 0
		                                   ? NULL
		                                   : sst_code_from_outside(SST_OUTSIDE_WEBHOOK,
		                                                           (sst_text){buffer, len});
		bool better = best == NULL ||
		              (best->category == SST_CATEGORY_UNDETERMINED && entry != NULL &&
		               entry->category != SST_CATEGORY_UNDETERMINED);
		if (len == 0 || (*name_len > 0 && (entry == NULL || !better)))
			continue;
		memcpy(name, buffer, len);
		*name_len = len;
		best = entry;
	}
	return best;
}

/* "smtp; 550 no" and "dns; mx.example.org" without their types. */
static sst_text without_type(sst_text text, sst_text *type)
{
	size_t end = sst__text_find(text, 0, ';');

	if (end > 8 || end == text.len || !sst__is_alpha(text.ptr[0]))
		return text;
	if (type != NULL)
		*type = sst__text_part(text, 0, end);
	return sst__text_trim(sst__text_part(text, end + 1, text.len));
}

static void read_time(posting *in, sst_time *out)
{
	sst_text text = cell(in, TIME);
	char stamp[64] = "@";

	if (text.len == 0 || text.len > sizeof stamp - 2)
		return;
	memcpy(stamp + 1, text.ptr, text.len);
	if (!cli_moment_parse(text, out) &&
	    !cli_moment_parse(
	            (sst_text){stamp, sst__text_find((sst_text){stamp, text.len + 1}, 0, '.')},
	            out))
		out->known = false;
}

static void read_report(posting *in, sst_kind kind, sst_report *report)
{
	static const uint8_t actions[] = {[SST_KIND_BOUNCE] = SST_ACTION_FAILED,
	                                  [SST_KIND_DELAY] = SST_ACTION_DELAYED,
	                                  [SST_KIND_DELIVERED] = SST_ACTION_DELIVERED,
	                                  [SST_KIND_EXPANDED] = SST_ACTION_EXPANDED};
	sst_text reply = cell(in, REPLY), status = cell(in, STATUS);
	unsigned digits;

	*report = (sst_report){.size = sizeof *report, .kind = kind};
	if (kind < sizeof actions / sizeof *actions)
		report->action = actions[kind];
	report->recipient = cell(in, ADDRESS);
	report->sender = cell(in, SENDER);
	report->message_id = cell(in, MESSAGE_ID);
	report->subject = cell(in, SUBJECT);
	report->feedback_type = cell(in, FEEDBACK);
	report->remote_mta = without_type(cell(in, REMOTE), NULL);
	report->reporting_mta = without_type(cell(in, REPORTING), NULL);
	report->diagnostic =
	        without_type(sst__text_trim(cell(in, WORDS)), &report->diagnostic_type);
	if (sst_code_parse(sst__text_trim(status), &report->status).err != SST_OK)
		report->status = (sst_code){0, 0, 0};
	report->reply_code = (uint16_t)sst__text_number(reply, 0, 3, &digits);
	if (digits != reply.len || report->reply_code < 200 || report->reply_code > 599 ||
	    report->reply_code == 499)
		report->reply_code = 0;
	if (kind != SST_KIND_COMPLAINT)
		read_time(in, &report->last_attempt);
}

/* Of a code alone "delivery not permitted" says next to nothing. */
static bool is_told(const sst_verdict *verdict)
{
	unsigned kind = verdict->proof_count > 0 ? verdict->proofs[0].kind : SST_PROOF_MODEL;

	if (verdict->category == SST_CATEGORY_UNDETERMINED)
		return false;
	return kind <= SST_PROOF_PHRASE ||
	       (kind == SST_PROOF_CODE && verdict->category != SST_CATEGORY_POLICY_REJECTED);
}

/* What the event is called says less than a server's sentence or exact code; but what was never
 * sent no server judged. */
static void weigh(const sst_outside *entry, const sst_code *own, sst_verdict *verdict)
{
	if (entry != NULL && verdict->status.cls == 0)
		verdict->status = entry->code;
	if (entry == NULL || entry->category == SST_CATEGORY_UNDETERMINED ||
	    (is_told(verdict) && entry->category != SST_CATEGORY_SUPPRESSED))
		return;
	cli_take_category(verdict, entry->category);
	verdict->proof_count = 0;
	verdict->confidence = 80;
	if (entry->code.cls != 0 && (own->subject | own->detail) == 0)
		verdict->status = entry->code;
}

static void take_recipient(posting *in, const json_t *item)
{
	char name[NAME];
	size_t name_len, loose = in->loose_len;
	const sst_outside *entry;
	sst_evidence evidence;
	cli_event event = {0};
	int kind = sst_word_find(SST_VOCABULARY_KIND, in->row->of[KIND]);

	in->item = item;
	entry = find_entry(in, name, &name_len);
	if (entry != NULL && entry->category == SST_CATEGORY_COMPLAINT)
		kind = SST_KIND_COMPLAINT;
	else if (entry != NULL && entry->category == SST_CATEGORY_AUTO_REPLY)
		kind = SST_KIND_AUTO_REPLY;
	event.name = name_len > 0 ? (sst_text){name, name_len} : in->row->of[PROVIDER];
	read_report(in, (sst_kind)kind, &event.report);
	cli_judge_report(in->hook->settings, &event.report, &evidence, &event.verdict);
	event.words = evidence.text;
	if (kind <= SST_KIND_DELAY)
		weigh(entry, &event.report.status, &event.verdict);
	in->hook->take(in->hook->context, &event);
	in->loose_len = loose;
}

/* Events
 * ----------------------------------------------------------------------------------------- */

static void try_row(posting *in, const json_t *event)
{
	size_t loose = in->loose_len;

	in->event = in->item = event;
	if (fits(in)) {
		in->known = true;
		if (!sst__text_same(in->row->of[KIND], SST_TEXT("other")))
			visit(in, event, in->row->of[RECIPIENTS], take_recipient);
	}
	in->loose_len = loose;
}

static bool read_event(posting *in, const json_t *posted)
{
	static row rows[ROWS];
	static unsigned count;

	if (count == 0)
		count = read_rows(rows);
	in->known = false;
	for (unsigned i = 0; i < count && !in->known; i++) {
		sst_text places = rows[i].of[AT], place;
		in->row = &rows[i];
		while (!in->known && next_part(&places, '|', &place))
			visit(in, posted, place, try_row);
	}
	return in->known;
}

/* SNS puts an event into a text; it is looked into once. */
static void read_posted(posting *in, const json_t *posted)
{
	const json_t *message = member(posted, SST_TEXT("Message"));
	json_error_t error;
	json_t *inner;

	if (!json_is_string(message) || !json_is_string(member(posted, SST_TEXT("Type")))) {
		if (!read_event(in, posted))
			in->hook->complain(in->hook->context, in->line,
			                   "not an event of a service that is known");
		return;
	}
	inner = json_loadb(json_string_value(message), json_string_length(message), 0, &error);
	if (!read_event(in, json_is_object(inner) ? inner : posted))
		in->hook->complain(in->hook->context, in->line,
		                   "its Message is not an event of a service that is known");
	json_decref(inner);
}

void cli_webhook_read(const cli_webhook *hook, sst_text json, unsigned long line)
{
	posting in = {.hook = hook, .line = line};
	json_error_t error;
	json_t *posted = json_loadb(json.ptr, json.len, 0, &error);
	const json_t *event;
	size_t index;

	if (posted == NULL)
		hook->complain(hook->context, line, error.text);
	else if (json_is_array(posted))
		json_array_foreach(posted, index, event) read_posted(&in, event);
	else
		read_posted(&in, posted);
	hook->ended(hook->context);
	json_decref(posted);
}
#else
void cli_webhook_read(const cli_webhook *hook, sst_text json, unsigned long line)
{
	(void)json;
	hook->complain(hook->context, line, "this build reads no JSON (jansson was not there)");
}
#endif

static int hex_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool cli_webhook_form(const cli_webhook *hook, sst_text line, unsigned long number)
{
	static const char name[] = "mandrill_events=";
	size_t len = 0;
	char *plain;

	if (line.len < sizeof name || memcmp(line.ptr, name, sizeof name - 1) != 0)
		return false;
	plain = malloc(line.len);
	if (plain == NULL)
		cli_end_without_memory();
	for (size_t i = sizeof name - 1; i < line.len && line.ptr[i] != '&'; i++) {
		bool coded = line.ptr[i] == '%' && i + 2 < line.len &&
		             hex_of(line.ptr[i + 1]) >= 0 && hex_of(line.ptr[i + 2]) >= 0;
		plain[len] = line.ptr[i] == '+' ? ' ' : line.ptr[i];
		if (coded)
			plain[len] = (char)(hex_of(line.ptr[i + 1]) << 4 | hex_of(line.ptr[i + 2]));
		i += coded ? 2 : 0;
		len++;
	}
	cli_webhook_read(hook, (sst_text){plain, len}, number);
	free(plain);
	return true;
}
