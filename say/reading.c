/* SPDX-License-Identifier: MIT
 * say/reading.c - all that a code, a number or both may mean, the likeliest first. */
#include "core/text.h"
#include "core/words.h"
#include "say/code.h"
#include "say/lang.h"
#include "say/meanings.h"

#include <smtpstatus/words.h>

/* What is asked, and where the answers go. */
typedef struct asked {
	const sst_registry *registry;
	const sst_lang *lang;
	sst_audience audience;
	sst_text provider;
	sst_say_room *room;
	sst_reading *out;
	size_t max, count;
	bool reply_first; /* the words around speak for the reply code */
} asked;

static const char *const kind_keys[] = {"registered", "reply",  "dotted", "squeezed",
                                        "errno",      "vendor", "site"};

static sst_text key_text(const char *key)
{
	return (sst_text){key, strlen(key)};
}

/* The next reading, with what every kind has; NULL when there is no more room. */
static sst_reading *add(asked *in, sst_reading_kind kind, uint16_t reply, sst_code code)
{
	sst_reading *reading;

	if (in->count++ >= in->max)
		return NULL;
	reading = &in->out[in->count - 1];
	memset(reading, 0, sizeof *reading);
	reading->kind = kind;
	reading->reply = reply;
	reading->code = code;
	reading->kind_label = sst__say3(in->lang, "reading.", key_text(kind_keys[kind]), "");
	return reading;
}

/* Causes and advice come from the category that the reading suggests. */
static void say_category(asked *in, sst_reading *reading, sst_category category)
{
	const sst_say_values values = {.provider = in->provider};

	reading->category = category;
	reading->causes = sst__category_text(in->lang, category, ".cause", &values, in->room);
	reading->advice = sst__advice(in->lang, in->audience, category,
	                              sst__categories[category].act,
	                              reading->code.cls == 5 || reading->reply / 100 == 5, &values,
	                              in->room);
}

static void add_code(asked *in, sst_code code)
{
	sst_nearness near;
	const sst_entry *entry = sst_registry_find(in->registry, code, &near);
	sst_reading *reading = add(in, SST_READING_REGISTERED, 0, code);
	static const char *const notes[] = {NULL, "class", "subject", "any"};
	sst_text note = SST_NO_TEXT;

	if (reading == NULL)
		return;
	if (near <= SST_NEAR_CLASS &&
	    !sst__text_same(sst_registry_find(NULL, code, NULL)->title, entry->title)) {
		reading->kind = SST_READING_SITE;
		reading->kind_label = sst__say3(in->lang, "reading.", SST_TEXT("site"), "");
	}
	reading->nearness = near;
	reading->title = sst__code_text(in->lang, in->registry, code, "title", &near);
	reading->explanation = sst__code_text(in->lang, in->registry, code, "text", &near);
	if (near != SST_NEAR_EXACT)
		note = sst__say3(in->lang, "ui.near.", key_text(notes[near]), "");
	reading->explanation = sst__room_join(in->room, reading->explanation, note);
	reading->reference = entry->reference;
	reading->superseded = entry->superseded;
	say_category(in, reading, entry->category_of[code.cls <= 5 ? code.cls : 5]);
}

static void add_reply(asked *in, sst_reading_kind kind, uint16_t reply)
{
	const sst_reply_entry *entry = sst_reply_entry_find(reply);
	sst_reading *reading = add(in, kind, reply, (sst_code){0, 0, 0});
	char digit = (char)('0' + reply / 100 % 10);

	if (reading == NULL)
		return;
	if (entry == NULL) { /* only its first digit tells */
		reading->title = sst__say3(in->lang, "class.", (sst_text){&digit, 1}, ".title");
		reading->explanation =
		        sst__say3(in->lang, "class.", (sst_text){&digit, 1}, ".text");
		say_category(in, reading,
		             digit == '2' ? SST_CATEGORY_DELIVERED : SST_CATEGORY_UNDETERMINED);
		return;
	}
	reading->title = sst__reply_say(in->lang, reply, ".title");
	reading->explanation = sst__reply_say(in->lang, reply, ".text");
	reading->reference = entry->reference;
	say_category(in, reading, entry->category);
	if (reply >= 200 && reply < 400) { /* the dialogue goes on: nothing is wrong */
		reading->causes = SST_NO_TEXT;
		reading->advice = sst__say3(in->lang, "ui.", SST_TEXT("nothing-to-do"), "");
	}
}

/* What this provider means, if it means something else. */
static void add_vendor(asked *in, uint16_t reply, sst_code code)
{
	const struct sst_vendor_meaning *row = sst__vendor_meaning_find(in->provider, reply, code);
	sst_say_values values = {.provider = in->provider};
	sst_reading *reading;

	if (row == NULL)
		return;
	reading = add(in, SST_READING_VENDOR, reply, code);
	if (reading == NULL)
		return;
	say_category(in, reading, row->category);
	reading->title = sst__category_text(in->lang, row->category, ".title", &values, in->room);
	reading->explanation = sst_say_text(in->lang, row->key);
	reading->how_to_tell = sst_say_fill(in->lang, SST_TEXT("tell.vendor"), &values, in->room);
}

static sst_text tell(asked *in, const char *key, const char *digits, sst_code code)
{
	const sst_say_values values = {.reply = {digits, 3}, .code = code};

	return sst__fill3(in->lang, "tell.", key_text(key), "", &values, in->room);
}

/* Both views where the table errs. */
static void say_view(asked *in, sst_reading *reading, const struct sst_dotted *row)
{
	if (row->view.len == 0)
		return;
	reading->table_view = sst__say3(in->lang, "view.", row->view, ".table");
	reading->standard_view = sst__say3(in->lang, "view.", row->view, ".standard");
}

static sst_reading_kind reply_kind(const struct sst_dotted *row, bool dotted)
{
	if (row != NULL && row->origin == SST_DOTTED_ERRNO)
		return SST_READING_ERRNO;
	return dotted ? SST_READING_DOTTED : SST_READING_REPLY;
}

/* A reply code as one of two readings, with how to tell and both views. */
static void add_other_reply(asked *in, const struct sst_dotted *row, sst_code code, bool dotted,
                            const char *digits)
{
	size_t at = in->count;
	const sst_say_values values = {.reply = {digits, 3}, .code = code};

	add_reply(in, reply_kind(row, dotted), row->reply);
	if (at >= in->max)
		return;
	in->out[at].how_to_tell = sst__fill3(in->lang, "tell.", row->tell, "", &values, in->room);
	if (row->fits == SST_FITS_SAME)
		in->out[at].how_to_tell =
		        sst__room_join(in->room, in->out[at].how_to_tell,
		                       sst__say3(in->lang, "tell.", SST_TEXT("same"), ""));
	say_view(in, &in->out[at], row);
}

/* The code of a row: its digits with dots between. */
static sst_code dotted_code(unsigned reply)
{
	return (sst_code){(uint8_t)(reply / 100), (uint16_t)(reply / 10 % 10),
	                  (uint16_t)(reply % 10)};
}

static bool is_class(unsigned cls)
{
	return cls == 2 || cls == 4 || cls == 5;
}

/* A code alone: the registered code, and the reply code that may be spelt so. */
static void read_code(asked *in, sst_code code, const char *digits)
{
	unsigned number = code.subject < 10 && code.detail < 10
	                          ? code.cls * 100u + code.subject * 10u + code.detail
	                          : 0;
	const struct sst_dotted *row = sst__dotted_find(number);
	size_t at;

	if (row != NULL && (row->reply_first || in->reply_first))
		add_other_reply(in, row, code, true, digits);
	at = in->count;
	if (is_class(code.cls))
		add_code(in, code);
	if (row != NULL && is_class(code.cls) && at < in->max)
		in->out[at].how_to_tell = tell(in, "registered", digits, code);
	if (row != NULL && !row->reply_first && !in->reply_first)
		add_other_reply(in, row, code, true, digits);
}

/* A number alone: an enhanced code without its dots, as it usually is where the table has it, and
 * the reply code; or only the reply code. */
static void read_number(asked *in, uint16_t reply, const char *digits)
{
	const struct sst_dotted *row = sst__dotted_find(reply);
	sst_code code = dotted_code(reply);
	const sst_reply_entry *entry = sst_reply_entry_find(reply);
	size_t at = in->count;

	if (row == NULL || row->origin != SST_DOTTED_SQUEEZED || row->fits == SST_FITS_DIFFERENT ||
	    row->fits == SST_FITS_UNREGISTERED) {
		add_reply(in, reply_kind(row, false), reply);
		if (row != NULL && at < in->max) {
			say_view(in, &in->out[at], row);
			if (row->origin == SST_DOTTED_ERRNO)
				in->out[at].how_to_tell = tell(in, "errno", digits, code);
		}
		if (row == NULL || row->origin != SST_DOTTED_SQUEEZED)
			return;
		add_code(in, code);
		if (at + 1 < in->max)
			in->out[at + 1].how_to_tell = tell(in, "squeezed", digits, code);
		return;
	}
	add_code(in, code);
	if (at >= in->max)
		return;
	in->out[at].kind = SST_READING_SQUEEZED;
	in->out[at].kind_label = sst__say3(in->lang, "reading.", SST_TEXT("squeezed"), "");
	in->out[at].reply = reply;
	in->out[at].explanation = sst__room_join(in->room, in->out[at].explanation,
	                                         sst__reply_say(in->lang, reply, ".text"));
	in->out[at].how_to_tell =
	        sst__fill3(in->lang, "tell.", row->tell, "",
	                   &(const sst_say_values){.reply = {digits, 3}, .code = code}, in->room);
	say_view(in, &in->out[at], row);
	if (entry != NULL && entry->registered)
		add_reply(in, SST_READING_REPLY, reply);
}

static size_t read_all(asked *in, uint16_t reply, sst_code code)
{
	unsigned number =
	        reply != 0 ? reply : code.cls * 100u + code.subject % 10 * 10u + code.detail % 10;
	const char digits[3] = {(char)('0' + number / 100 % 10), (char)('0' + number / 10 % 10),
	                        (char)('0' + number % 10)};

	add_vendor(in, reply, code);
	if (code.cls != 0 && reply == 0)
		read_code(in, code, digits);
	else if (code.cls != 0 && is_class(code.cls))
		add_code(in, code);
	else if (reply != 0)
		read_number(in, reply, digits);
	return in->count < in->max ? in->count : in->max;
}

size_t sst_readings(const sst_registry *registry, const sst_lang *lang, sst_audience audience,
                    uint16_t reply, sst_code code, sst_text provider, sst_say_room *room,
                    sst_reading *out, size_t max)
{
	asked in = {registry, lang, audience, provider, room, out, max, 0, false};

	return read_all(&in, reply, code);
}

/* The number that stands at from..upto, dots left out. */
static unsigned digits_in(sst_text text)
{
	unsigned number = 0;

	for (size_t i = 0; i < text.len && number < 1000; i++)
		if (sst__is_digit(text.ptr[i]))
			number = number * 10 + (unsigned)(text.ptr[i] - '0');
	return number;
}

size_t sst_readings_in(const sst_registry *registry, const sst_lang *lang, sst_audience audience,
                       sst_text text, sst_text provider, sst_say_room *room, sst_reading *out,
                       size_t max)
{
	sst_found found = {0};
	size_t at = 0;
	sst_text inner = sst__text_trim(text);
	asked in = {registry, lang, audience, provider, room, out, max, 0, false};
	uint16_t reply;
	sst_code code;

	if (sst_code_find(text, &at, &found) != SST_OK) {
		if (inner.len != 3 || digits_in(inner) < 100 || digits_in(inner) > 599)
			return 0;
		found.reply = (uint16_t)digits_in(inner);
	}
	reply = found.reply;
	code = found.code;
	if (found.notes & SST_NOTE_ERRNO)
		reply = (uint16_t)digits_in(sst__text_part(text, found.from, found.upto));
	if (found.notes & SST_NOTE_SQUEEZED)
		code = (sst_code){0, 0, 0};
	if ((found.notes & SST_NOTE_SEED_SPELLING) && reply != 0 && code.cls == 0) {
		code = dotted_code(reply);
		reply = 0;
		in.reply_first = true;
	}
	return read_all(&in, reply, code);
}
