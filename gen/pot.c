/* SPDX-License-Identifier: MIT
 * gen/pot.c - writes the template for translators, po/smtpstatus.pot, from data/texts.
 *
 * usage: pot TEXTS.tsv... > smtpstatus.pot */
#include "keys.h"

#include <string.h>

static void po_string(const char *word, const char *text)
{
	printf("%s \"", word);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			putchar('\\');
		putchar(*text);
	}
	puts("\"");
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fputs("usage: pot TEXTS.tsv... > smtpstatus.pot\n", stderr);
		return 2;
	}
	texts_read(argv + 1, argc - 1);
	puts("# Texts of smtpstatus. po/README.md tells how to translate them.\n"
	     "msgid \"\"\n"
	     "msgstr \"\"\n"
	     "\"Project-Id-Version: smtpstatus\\n\"\n"
	     "\"Language: \\n\"\n"
	     "\"MIME-Version: 1.0\\n\"\n"
	     "\"Content-Type: text/plain; charset=UTF-8\\n\"\n"
	     "\"Content-Transfer-Encoding: 8bit\\n\"\n"
	     "\"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n\"");
	for (unsigned i = 0; i < text_count; i++) {
		const char *name = strstr(texts[i].path, "data/");
		printf("\n#: %s\n", name != NULL ? name : texts[i].path);
		po_string("msgctxt", texts[i].key);
		po_string("msgid", texts[i].text);
		if (texts[i].plural == NULL) {
			puts("msgstr \"\"");
			continue;
		}
		po_string("msgid_plural", texts[i].plural);
		puts("msgstr[0] \"\"\nmsgstr[1] \"\"");
	}
	return fflush(stdout) != 0;
}
