/* SPDX-License-Identifier: MIT
 * tools/shapes.c - which rows of data/shapes.tsv stand on how many sample mails: a row that only
 * one mail needs may have been made for it.
 *
 * usage: shapes [--all | --others] FOLDER...
 *
 * Prints line, number of mails, and one mail's name for each row that exactly one mail of all
 * folders has (--all: for every row; --others: if that mail is not in the first folder, which holds
 * our own, and then fails). Words that stand nowhere are no fault: they wait for other mail. */
#include "read/body.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 8192, MAIL_BYTES = 1 << 22 };

static unsigned counts[ROWS];
static char names[ROWS][80];
static unsigned last_mail[ROWS], first_mail[ROWS];

static void note(unsigned line, unsigned mail, const char *name)
{
	if (line >= ROWS || last_mail[line] == mail)
		return;
	last_mail[line] = mail;
	if (counts[line] == 0)
		first_mail[line] = mail;
	if (counts[line]++ == 0)
		snprintf(names[line], sizeof names[line], "%s", name);
}

static void look(sst_text text, unsigned mail, const char *name)
{
	uint16_t lines[16];

	for (size_t at = 0; at < text.len; at++) {
		size_t count = sst__shapes_at(text, at, true, lines, 16);
		for (size_t i = 0; i < count; i++)
			note(lines[i], mail, name);
	}
}

static void read_mail(sst_mail *reader, const char *path, const char *name, unsigned number)
{
	static char bytes[MAIL_BYTES], subject[8192];
	FILE *file = fopen(path, "rb");
	sst_report report;
	size_t len, at = 0;
	sst_err err = SST_MORE;

	if (file == NULL) {
		perror(path);
		return;
	}
	len = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	sst_mail_reset(reader);
	while (err != SST_END) {
		at += sst_mail_feed(reader, (sst_text){bytes + at, len - at}, true).at;
		while ((err = sst_mail_next(reader, &report)) == SST_OK)
			continue;
	}
	look((sst_text){reader->window, reader->window_used}, number, name);
	look((sst_text){subject, sst__words_decode(reader->headers[0].value[FIELD_SUBJECT], subject,
	                                           sizeof subject)},
	     number, name);
	look(reader->headers[0].value[FIELD_FROM], number, name);
}

static int usage(void)
{
	fputs("usage: shapes [--all | --others] FOLDER...\n", stderr);
	return 2;
}

/* Reads all mails of a folder; false if there is none. */
static bool read_folder(sst_mail *reader, const char *folder, unsigned *number)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	if (dir == NULL) {
		perror(folder);
		return false;
	}
	while ((entry = readdir(dir)) != NULL) {
		char path[4096];
		if (strstr(entry->d_name, ".eml") == NULL)
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		read_mail(reader, path, entry->d_name, ++*number);
	}
	closedir(dir);
	return true;
}

int main(int argc, char **argv)
{
	size_t size = sst_mail_size(NULL);
	void *memory = malloc(size);
	sst_mail *reader = memory == NULL ? NULL : sst_mail_init(memory, size, NULL, NULL, 0);
	bool all = argc > 1 && strcmp(argv[1], "--all") == 0;
	bool others = argc > 1 && strcmp(argv[1], "--others") == 0;
	unsigned number = 0, own = 0, found = 0;
	int first = 1 + (all || others);

	if (argc <= first || reader == NULL)
		return usage();
	for (int i = first; i < argc; i++) {
		if (!read_folder(reader, argv[i], &number))
			return 1;
		if (i == first && others)
			own = number;
	}
	for (unsigned line = 1; line < ROWS; line++) {
		if (counts[line] == 0 || (!all && counts[line] > 1) || first_mail[line] <= own)
			continue;
		found++;
		printf("data/shapes.tsv:%u\t%u\t%s\n", line, counts[line], names[line]);
	}
	free(memory);
	return others && found > 0;
}
