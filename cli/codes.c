/* SPDX-License-Identifier: MIT
 * cli/codes.c - smtpstatus codes: the registry of status codes and the reply codes, as a list, by a
 * word, or one by one. */
#include "cli/cli.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/record.h"
#include "cli/screen.h"
#include "cli/settings.h"
#include "cli/tongue.h"
#include "core/text.h"
#include "say/sheet.h"

#include <smtpstatus/words.h>

#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum { CODES_FORMAT = 1 };

static const cli_option options[] = {
        CLI_ROW_JSON,
        {CODES_FORMAT, 0, "format", "FORMAT", "text, tsv (as --codes takes it) or json"},
        CLI_ROW_LANG,
        CLI_ROW_FOR,
        CLI_ROW_CODES,
        CLI_ROW_COLOR,
        {0, 0, NULL, NULL, NULL},
};

static const cli_usage usage = {
        "codes",
        "[OPTION...] [CODE|REPLY|WORD...]",
        "Lists the registered status codes and the reply codes. A code (5.1.1, X.1.1) or a reply\n"
        "code (550) is told in full; any other word is searched for in titles and explanations.\n",
        options,
        "  smtpstatus codes 5.7.26\n"
        "  smtpstatus codes mailbox\n"
        "  smtpstatus codes --format tsv\n",
};

typedef struct codes {
	cli_settings settings;
	const sst_lang *lang;
	bool tsv;
	sst_json json;
	sst_rendering how;
	sst_sheet sheet;
	cli_text out;
	char bytes[SST_SAY_ROOM_SIZE], buffer[16384];
} codes;

/* One row of the list: a class, a subject, a code or a reply code. */
typedef struct item {
	const sst_entry *entry; /* NULL: a reply code */
	const sst_reply_entry *reply;
	char name[16]; /* "X.1.1", "550" */
	sst_text title, text;
	sst_category category;
	sst_nearness near; /* of the code that was asked for */
} item;

/* A class and a subject stand for all of their codes. */
static sst_code example_of(const sst_entry *entry)
{
	sst_code code = entry->code;

	if (code.cls == 0)
		code.cls = entry->classes & 1u << 5 ? 5 : entry->classes & 1u << 4 ? 4 : 2;
	if (entry->classes == 0)
		code.cls = 5;
	return code;
}

static void name_part(char *name, size_t size, unsigned number)
{
	size_t len = strlen(name);

	if (number == SST_CODE_ANY)
		snprintf(name + len, size - len, ".XXX");
	else
		snprintf(name + len, size - len, ".%u", number);
}

static sst_text general_text(const codes *self, const sst_entry *entry, const char *what)
{
	char key[32];

	if (entry->code.cls != 0)
		snprintf(key, sizeof key, "class.%u.%s", entry->code.cls, what);
	else
		snprintf(key, sizeof key, "subject.%u.%s", entry->code.subject, what);
	return sst_say_text(self->lang, (sst_text){key, strlen(key)});
}

static item code_item(const codes *self, const sst_entry *entry)
{
	item made = {.entry = entry, .category = entry->category};
	const sst_registry *registry = self->settings.registry;

	snprintf(made.name, sizeof made.name, "%c",
	         entry->code.cls != 0 ? '0' + entry->code.cls : 'X');
	name_part(made.name, sizeof made.name, entry->code.subject);
	name_part(made.name, sizeof made.name, entry->code.detail);
	if (entry->code.detail == SST_CODE_ANY) {
		made.title = general_text(self, entry, "title");
		made.text = general_text(self, entry, "text");
		if (made.title.len == 0)
			made.title = entry->title;
		return made;
	}
	made.title = sst_say_code_title(registry, self->lang, example_of(entry), NULL);
	made.text = sst_say_code_text(registry, self->lang, example_of(entry), NULL);
	return made;
}

static item reply_item(const codes *self, const sst_reply_entry *reply)
{
	item made = {.reply = reply, .category = reply->category};

	snprintf(made.name, sizeof made.name, "%u", reply->code);
	made.title = sst_say_reply_title(self->lang, reply->code);
	made.text = sst_say_reply_text(self->lang, reply->code);
	return made;
}

/* As JSON ----------------------------------------------------------------------------------------
 */

static void json_classes(sst_json *json, const sst_entry *entry)
{
	sst_json_key(json, "classes");
	sst_json_open(json, '[');
	for (unsigned cls = 2; cls <= 5; cls++)
		if (entry->classes & 1u << cls)
			sst_json_number(json, cls);
	sst_json_close(json, ']');
	if (entry->replies[0] == 0)
		return;
	sst_json_key(json, "replies");
	sst_json_open(json, '[');
	for (unsigned i = 0; entry->replies[i] != 0; i++)
		if (entry->replies[i] >= 100)
			sst_json_number(json, entry->replies[i]);
		else
			sst_json_text(json, entry->replies[i] == 2   ? SST_TEXT("2xx")
			                    : entry->replies[i] == 4 ? SST_TEXT("4xx")
			                                             : SST_TEXT("5xx"));
	sst_json_close(json, ']');
}

/* An answer below 400 is no error: the dialogue goes on. */
static bool is_fine(const item *one)
{
	return one->reply != NULL && one->reply->code >= 200 && one->reply->code < 400;
}

static sst_text advice_of(const codes *self, const item *one)
{
	static const char *const ends[] = {"sender", "own-admin", "sender"};
	sst_text word = sst_word(SST_VOCABULARY_CATEGORY, one->category), text;
	char key[80];

	snprintf(key, sizeof key, "category.%.*s.%s", (int)word.len, word.ptr,
	         ends[self->settings.audience % 3]);
	text = sst_say_text(self->lang, (sst_text){key, strlen(key)});
	return text.len > 0 && !is_fine(one)
	               ? text
	               : sst_say_text(self->lang, SST_TEXT("ui.nothing-to-do"));
}

static void put_json(codes *self, const item *one)
{
	sst_json *json = &self->json;

	cli_record_open(json);
	sst_json_field(json, "kind", one->reply ? SST_TEXT("reply") : SST_TEXT("code"));
	if (one->reply) {
		sst_json_field_number(json, "reply_code", one->reply->code);
		cli_record_code(json, "status", one->reply->enhanced);
		sst_json_key(json, "registered");
		sst_json_bool(json, one->reply->registered);
	} else {
		sst_json_field(json, "code", (sst_text){one->name, strlen(one->name)});
		json_classes(json, one->entry);
	}
	cli_record_word(json, "category", SST_VOCABULARY_CATEGORY, one->category);
	sst_json_field(json, "title", one->title);
	sst_json_field(json, "registered_title",
	               one->reply ? one->reply->title : one->entry->title);
	sst_json_field(json, "explanation", one->text);
	sst_json_field(json, "advice", advice_of(self, one));
	sst_json_field(json, "reference",
	               one->reply ? one->reply->reference : one->entry->reference);
	if (one->entry)
		sst_json_field(json, "superseded", one->entry->superseded);
	if (one->near != SST_NEAR_EXACT)
		cli_record_notes(json, one->near == SST_NEAR_CLASS ? SST_NOTE_CLASS_MISMATCH
		                                                   : SST_NOTE_UNREGISTERED);
	sst_json_close(json, '}');
	sst_json_line_end(json);
}

/* As TSV -----------------------------------------------------------------------------------------
 */

static void tsv_cell(codes *self, sst_text text, char after)
{
	if (text.len > 0)
		cli_put_text(&self->out, text);
	else
		cli_put(&self->out, "-");
	cli_put_char(&self->out, after);
}

static void tsv_list(codes *self, const sst_entry *entry)
{
	const char *comma = "";

	for (unsigned cls = 2; cls <= 5; cls++)
		if (entry->classes & 1u << cls) {
			cli_put_format(&self->out, "%s%u", comma, cls);
			comma = ",";
		}
	cli_put(&self->out, entry->classes == 0 ? "-\t" : "\t");
	for (unsigned i = 0; entry->replies[i] != 0; i++)
		cli_put_format(&self->out, entry->replies[i] < 10 ? "%s%uxx" : "%s%u",
		               i > 0 ? "," : "", entry->replies[i]);
	cli_put(&self->out, entry->replies[0] == 0 ? "-\t" : "\t");
}

/* The columns of data/codes.tsv, with the registered title, so that --codes takes it back. Reply
 * codes are no rows of that table. */
static void put_tsv(codes *self, const item *one)
{
	const sst_entry *entry = one->entry;
	sst_text four, five;

	if (entry == NULL)
		return;
	four = sst_word(SST_VOCABULARY_CATEGORY, entry->category_of[4]);
	five = sst_word(SST_VOCABULARY_CATEGORY, entry->category_of[5]);
	cli_put_format(&self->out, "%s\t", one->name);
	tsv_cell(self, entry->title, '\t');
	tsv_list(self, entry);
	if (entry->category_of[4] != entry->category_of[5])
		cli_put_format(&self->out, "4:%.*s,5:%.*s\t", (int)four.len, four.ptr,
		               (int)five.len, five.ptr);
	else
		tsv_cell(self, five, '\t');
	tsv_cell(self, entry->reference, '\t');
	tsv_cell(self, entry->superseded, '\t');
	tsv_cell(self, one->text, '\n');
}

/* For people -------------------------------------------------------------------------------------
 */

static void put_line(codes *self, const item *one)
{
	char name[32];

	snprintf(name, sizeof name, "%-10s  ", one->name);
	sst__sheet_put(&self->sheet, name);
	sst__sheet_ours(&self->sheet, one->title);
	sst__sheet_put(&self->sheet, "\n");
}

static void numbers_row(codes *self, const sst_entry *entry)
{
	char line[128] = "";
	size_t len = 0;

	for (unsigned i = 0; entry->replies[i] != 0 && len < sizeof line; i++)
		len += (size_t)snprintf(line + len, sizeof line - len,
		                        entry->replies[i] < 10 ? "%s%uxx" : "%s%u",
		                        i > 0 ? ", " : "", entry->replies[i]);
	sst__sheet_row(&self->sheet, "ui.reply-code", (sst_text){line, strlen(line)});
}

static sst_text category_text(const codes *self, sst_category category, const char *what)
{
	sst_text word = sst_word(SST_VOCABULARY_CATEGORY, category);
	char key[80];

	snprintf(key, sizeof key, "category.%.*s.%s", (int)word.len, word.ptr, what);
	return sst_say_text(self->lang, (sst_text){key, strlen(key)});
}

static void vendor_rows(codes *self, const item *one)
{
	sst_code code = one->entry ? one->entry->code : (sst_code){0, 0, 0};
	sst_text note;

	for (size_t i = 0;
	     (note = sst_say_vendor_note(self->lang, one->reply ? one->reply->code : 0, code, i))
	             .ptr != NULL;
	     i++)
		sst__sheet_row(&self->sheet, "ui.vendor-note", note);
}

static sst_text nearness_note(const codes *self, sst_nearness near)
{
	static const char *const keys[] = {"", "ui.near.class", "ui.near.subject", "ui.near.any"};

	return sst_say_text(self->lang, (sst_text){keys[near], strlen(keys[near])});
}

static void put_page(codes *self, const item *one)
{
	sst_sheet *sheet = &self->sheet;
	char code[SST_CODE_SIZE];

	sst__sheet_section(sheet, SST_TONE_PLAIN);
	sst__sheet_heading(sheet, (sst_text){one->name, strlen(one->name)}, one->title,
	                   SST_TONE_PLAIN);
	sst__sheet_row(sheet, "ui.what-happened", one->text);
	sst__sheet_row(sheet, "ui.notes", nearness_note(self, one->near));
	if (one->entry)
		numbers_row(self, one->entry);
	else if (one->reply->enhanced.cls != 0) {
		size_t len = sst_code_format(one->reply->enhanced, code, sizeof code);
		sst__sheet_row(sheet, "ui.status", (sst_text){code, len});
	}
	if (!is_fine(one)) {
		sst__sheet_row(sheet, "ui.category",
		               sst_say_word(self->lang, SST_VOCABULARY_CATEGORY, one->category));
		sst__sheet_row(sheet, "ui.causes", category_text(self, one->category, "cause"));
	}
	sst__sheet_row(sheet, "ui.what-to-do", advice_of(self, one));
	vendor_rows(self, one);
	sst__sheet_row(sheet, "ui.reference",
	               one->reply ? one->reply->reference : one->entry->reference);
	if (one->entry)
		sst__sheet_row_theirs(sheet, "ui.earlier-meaning", one->entry->superseded);
	sst__sheet_section_end(sheet);
}

static void put(codes *self, const item *one, bool full)
{
	if (self->settings.format == CLI_AS_JSON)
		put_json(self, one);
	else if (self->tsv)
		put_tsv(self, one);
	else if (full)
		put_page(self, one);
	else
		put_line(self, one);
}

/* Which are asked for ----------------------------------------------------------------------------
 */

static bool matches(const item *one, sst_text word)
{
	const sst_text places[] = {
	        one->title,
	        one->text,
	        one->reply ? one->reply->title : one->entry->title,
	        sst_word(SST_VOCABULARY_CATEGORY, one->category),
	        {one->name, strlen(one->name)},
	};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (places[i].len > 0 && sst__text_search(places[i], 0, word) < places[i].len)
			return true;
	return false;
}

static bool put_if(codes *self, const item *one, sst_text word)
{
	if (word.len > 0 && !matches(one, word))
		return false;
	put(self, one, false);
	return true;
}

/* All, or all with the word in them. Returns how many. */
static unsigned list(codes *self, sst_text word)
{
	const sst_registry *registry = self->settings.registry;
	unsigned count = 0;
	item one;

	for (unsigned cls = 0; cls < 10; cls++)
		if (sst_registry_class(registry, cls) != NULL) {
			one = code_item(self, sst_registry_class(registry, cls));
			count += put_if(self, &one, word);
		}
	for (unsigned subject = 0; subject < 1000; subject++)
		if (sst_registry_subject(registry, subject) != NULL) {
			one = code_item(self, sst_registry_subject(registry, subject));
			count += put_if(self, &one, word);
		}
	for (size_t i = 0; sst_registry_at(registry, i) != NULL; i++) {
		one = code_item(self, sst_registry_at(registry, i));
		count += put_if(self, &one, word);
	}
	for (size_t i = 0; !self->tsv && sst_reply_entry_at(i) != NULL; i++) {
		one = reply_item(self, sst_reply_entry_at(i));
		count += put_if(self, &one, word);
	}
	return count;
}

/* "5.1.1" or "X.1.1". False if it is none. */
static bool put_code(codes *self, const char *text)
{
	char copy[SST_CODE_SIZE + 8];
	bool any = text[0] == 'X' || text[0] == 'x';
	sst_code code;
	sst_nearness near;
	item one;

	if (strlen(text) >= sizeof copy)
		return false;
	memcpy(copy, text, strlen(text) + 1);
	if (any)
		copy[0] = '5';
	if (sst_code_parse((sst_text){copy, strlen(copy)}, &code).err != SST_OK)
		return false;
	one = code_item(self, sst_registry_find(self->settings.registry, code, &near));
	if (any && near == SST_NEAR_CLASS)
		near = SST_NEAR_EXACT;
	if (near != SST_NEAR_EXACT) {
		one.title = sst_say_code_title(self->settings.registry, self->lang, code, NULL);
		one.text = sst_say_code_text(self->settings.registry, self->lang, code, NULL);
	}
	snprintf(one.name, sizeof one.name, "%s", text);
	one.category = any || code.cls > 5 ? one.category : one.entry->category_of[code.cls];
	one.near = near;
	put(self, &one, true);
	return true;
}

static bool put_reply(codes *self, const char *text)
{
	unsigned digits;
	sst_text view = {text, strlen(text)};
	uint32_t number = sst__text_number(view, 0, 3, &digits);
	const sst_reply_entry *entry = sst_reply_entry_find((uint16_t)number);
	item one;

	if (digits != 3 || view.len != 3 || entry == NULL)
		return false;
	one = reply_item(self, entry);
	put(self, &one, true);
	return true;
}

static int ask(codes *self, const char *text)
{
	if (put_code(self, text) || put_reply(self, text))
		return EXIT_DONE;
	if (list(self, (sst_text){text, strlen(text)}) > 0)
		return EXIT_DONE;
	fprintf(stderr, "smtpstatus codes: nothing about '%s'\n", text);
	return EXIT_PARTLY;
}

static int take_format(codes *self, const char *value)
{
	if (strcmp(value, "json") == 0)
		self->settings.format = CLI_AS_JSON;
	else if (strcmp(value, "tsv") == 0)
		self->tsv = true;
	else if (strcmp(value, "text") != 0)
		return cli_usage_error(&usage, "--format is text, tsv or json, not '%s'", value);
	return EXIT_DONE;
}

int cli_codes(int argc, char **argv)
{
	static codes self;
	const char *value;
	int id, status = EXIT_DONE, worst = EXIT_DONE;

	while ((id = cli_options_next(&usage, argc, argv, &value, &status)) > 0) {
		if (id == CODES_FORMAT)
			status = take_format(&self, value);
		else
			cli_settings_take(&self.settings, &usage, id, value, &status);
		if (status != EXIT_DONE)
			return status;
	}
	if (id == CLI_OPTIONS_STOP)
		return status;
	cli_settings_ready(&self.settings);
	self.lang = cli_tongue(self.settings.lang);
	cli_text_init(&self.out, cli_stdout_write, NULL);
	self.how = cli_screen(&self.settings, self.lang, &self.out);
	sst__sheet_init(&self.sheet, &self.how);
	sst_json_init(&self.json, self.buffer, sizeof self.buffer, cli_stdout_write, NULL);
	if (self.tsv)
		cli_put(&self.out,
		        "code\ttitle\tclasses\treplies\tcategory\treference\tsuperseded\t"
		        "explanation\n");
	if (optind == argc)
		list(&self, SST_NO_TEXT);
	for (int i = optind; i < argc; i++) {
		status = ask(&self, argv[i]);
		if (status > worst)
			worst = status;
	}
	sst__sheet_flush(&self.sheet);
	cli_text_flush(&self.out);
	sst_json_flush(&self.json);
	status = cli_stdout_status();
	return status != EXIT_DONE ? status : worst;
}
