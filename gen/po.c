/* SPDX-License-Identifier: MIT
 * gen/po.c - makes a language's table from its .po file. msgctxt is the key, msgid the English
 * text. An entry whose English text has changed, or whose placeholders differ, is an error with its
 * line.
 *
 * usage: po TABLE TAG FILE.po TEXTS.tsv... */
#include "keys.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { FORMS = 6, ROOM = 8192 };

enum field { NONE, CONTEXT, ID, ID_PLURAL, STRING, FIELDS = STRING + FORMS };

static const char *path;
static unsigned line_number;

/* One entry while it is read. */
static struct entry {
	char text[FIELDS][ROOM];
	int has[FIELDS];
	int fuzzy;
	unsigned line;
} entry;

static char **strings;
static size_t *lengths;
static unsigned forms;
static char plural[1024];

__attribute__((noreturn, format(printf, 2, 3))) static void fail(unsigned line, const char *format,
                                                                 ...)
{
	va_list args;

	fprintf(stderr, "%s:%u: ", path, line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

/* Adds the quoted string that starts at `text` to a field. */
static void add_string(enum field field, const char *text)
{
	char *out = entry.text[field];
	size_t len = strlen(out);

	if (*text++ != '"')
		fail(line_number, "a string in quotation marks is missing");
	for (; *text != '"'; text++) {
		char c = *text;
		if (c == '\\') {
			c = *++text;
			c = (char)(c == 'n' ? '\n' : c == 't' ? '\t' : c);
		}
		if (*text == '\0')
			fail(line_number, "the string does not end");
		if (len + 1 >= ROOM)
			fail(line_number, "the string is too long");
		out[len++] = c;
	}
	out[len] = '\0';
	entry.has[field] = 1;
}

static enum field field_of(const char **line)
{
	static const struct {
		const char *word;
		enum field field;
	} words[] = {{"msgctxt ", CONTEXT},
	             {"msgid ", ID},
	             {"msgid_plural ", ID_PLURAL},
	             {"msgstr ", STRING}};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strncmp(*line, words[i].word, strlen(words[i].word)) == 0) {
			*line += strlen(words[i].word);
			return words[i].field;
		}
	if (strncmp(*line, "msgstr[", 7) == 0 && (*line)[7] >= '0' && (*line)[7] < '0' + FORMS &&
	    (*line)[8] == ']' && (*line)[9] == ' ') {
		enum field field = (enum field)(STRING + (*line)[7] - '0');
		*line += 10;
		return field;
	}
	return NONE;
}

/* The header's Plural-Forms: the number of forms, and the expression, which is C: only its own
 * letters are let through. */
static void read_header(const char *header)
{
	const char *at = strstr(header, "nplurals="), *end;

	if (strstr(header, "charset=UTF-8") == NULL && strstr(header, "charset=utf-8") == NULL)
		fail(entry.line, "the charset must be UTF-8");
	if (at == NULL || (forms = (unsigned)(at[9] - '0')) < 1 || forms > FORMS)
		fail(entry.line, "Plural-Forms: nplurals must be 1 to 6");
	at = strstr(at, "plural=");
	end = at != NULL ? strchr(at, ';') : NULL;
	if (end == NULL || (size_t)(end - at) >= sizeof plural)
		fail(entry.line, "Plural-Forms: plural=EXPRESSION; is missing");
	at += strlen("plural=");
	memcpy(plural, at, (size_t)(end - at));
	plural[end - at] = '\0';
	if (strspn(plural, "n0123456789 ()%=!<>&|?:") != strlen(plural) || *plural == '\0')
		fail(entry.line,
		     "Plural-Forms: the expression has a character that may not be in it");
}

static void put(unsigned index, const char *bytes, size_t len)
{
	char *copy = malloc(len + 1);

	if (copy == NULL)
		exit(1);
	memcpy(copy, bytes, len);
	strings[index] = copy;
	lengths[index] = len;
}

static void check_form(const text_row *row, const char *original, const char *form, int loose)
{
	const char *name = placeholder_difference(original, form, loose);

	if (name != NULL)
		fail(entry.line, "%s: the placeholder %s is not in both texts", row->key, name);
	if (strchr(form, '\n') != NULL || strchr(form, '\t') != NULL)
		fail(entry.line, "%s: a line break or tab in the translation", row->key);
}

static void put_plural(unsigned index)
{
	char all[FORMS * ROOM];
	size_t len = 0;

	for (unsigned f = 0; f < forms; f++) {
		const char *form = entry.text[STRING + f];
		if (*form == '\0')
			return; /* not translated */
		check_form(&texts[index], texts[index].plural, form, 1);
		if (f > 0)
			all[len++] = '\0';
		memcpy(all + len, form, strlen(form));
		len += strlen(form);
	}
	if (forms < FORMS && entry.has[STRING + forms])
		fail(entry.line, "%s: more forms than Plural-Forms says", texts[index].key);
	put(index, all, len);
}

static void end_entry(void)
{
	int index;

	if (!entry.has[ID])
		return;
	if (!entry.has[CONTEXT] && entry.text[ID][0] == '\0') {
		read_header(entry.text[STRING]);
		return;
	}
	if (forms == 0)
		fail(entry.line, "the header must come first");
	index = texts_find(entry.text[CONTEXT]);
	if (index < 0)
		fail(entry.line, "there is no text \"%s\"", entry.text[CONTEXT]);
	if (strcmp(texts[index].text, entry.text[ID]) != 0)
		fail(entry.line, "%s: the English text is another by now", texts[index].key);
	if (entry.has[ID_PLURAL] != (texts[index].plural != NULL))
		fail(entry.line, "%s: one of the two has a plural, the other not",
		     texts[index].key);
	if (strings[index] != NULL)
		fail(entry.line, "%s: translated twice", texts[index].key);
	if (entry.fuzzy)
		return;
	if (entry.has[ID_PLURAL]) {
		put_plural((unsigned)index);
		return;
	}
	check_form(&texts[index], texts[index].text, entry.text[STRING],
	           entry.text[STRING][0] == '\0');
	put((unsigned)index, entry.text[STRING], strlen(entry.text[STRING]));
}

static void read_po(FILE *file)
{
	char line[ROOM];
	enum field field = NONE;

	while (fgets(line, sizeof line, file) != NULL) {
		const char *at = line;
		enum field next;
		line_number++;
		line[strcspn(line, "\r\n")] = '\0';
		if (line[0] == '\0' || line[0] == '#') {
			if (field != NONE || line[0] == '\0') {
				end_entry();
				memset(&entry, 0, sizeof entry);
				field = NONE;
			}
			if (strncmp(line, "#,", 2) == 0 && strstr(line, "fuzzy") != NULL)
				entry.fuzzy = 1;
			continue;
		}
		next = field_of(&at);
		if (next == CONTEXT || (next == ID && field != CONTEXT)) {
			int fuzzy = entry.fuzzy;
			if (field != NONE) {
				end_entry();
				fuzzy = 0;
			}
			memset(&entry, 0, sizeof entry);
			entry.fuzzy = fuzzy;
			entry.line = line_number;
		}
		if (next != NONE)
			field = next;
		if (field == NONE)
			fail(line_number, "not a line of a .po file");
		add_string(field, at);
	}
	end_entry();
}

static void write_table(FILE *out, const char *tag)
{
	unsigned missing = 0;

	fprintf(out,
	        "/* Generated from po/%s.po. */\n#include \"say/lang.h\"\n\n"
	        "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\n",
	        tag);
	for (unsigned i = 0; i < text_count; i++)
		missing += lengths[i] == 0;
	if (missing > 0)
		fprintf(stderr, "%s: %u of %u texts are not translated\n", path, missing,
		        text_count);
	write_pool(out, strings, lengths, text_count);
	fprintf(out,
	        "/* Plural-Forms of a .po file is an expression in C. */\n"
	        "#pragma GCC diagnostic ignored \"-Wparentheses\"\n"
	        "static unsigned plural(unsigned long n)\n{\n\t(void)n;\n\treturn "
	        "(unsigned)(%s);\n}\n\n"
	        "extern const struct sst_text_table sst__texts_",
	        plural);
	for (const char *c = tag; *c != '\0'; c++)
		fputc(*c == '-' ? '_' : *c, out);
	fputs(";\nconst struct sst_text_table sst__texts_", out);
	for (const char *c = tag; *c != '\0'; c++)
		fputc(*c == '-' ? '_' : *c, out);
	fprintf(out, " = {pool, offsets, %u, plural};\n", forms);
}

int main(int argc, char **argv)
{
	FILE *in, *out;

	if (argc < 5) {
		fputs("usage: po TABLE TAG FILE.po TEXTS.tsv...\n", stderr);
		return 2;
	}
	path = argv[3];
	texts_read(argv + 4, argc - 4);
	strings = calloc(text_count, sizeof *strings);
	lengths = calloc(text_count, sizeof *lengths);
	in = fopen(path, "r");
	if (in == NULL || strings == NULL || lengths == NULL) {
		perror(path);
		return 1;
	}
	read_po(in);
	fclose(in);
	if (forms == 0)
		fail(line_number, "there is no header");
	out = fopen(argv[1], "w");
	if (out == NULL) {
		perror(argv[1]);
		return 1;
	}
	write_table(out, argv[2]);
	if (fclose(out) != 0) {
		perror(argv[1]);
		return 1;
	}
	return 0;
}
