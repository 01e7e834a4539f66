/* SPDX-License-Identifier: MIT
 * bench/gmime.c - parses every file of a folder with GMime and does nothing else with it. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <gmime/gmime.h>

static unsigned parse_file(const char *path)
{
	int file = open(path, O_RDONLY);
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeMessage *message;

	if (file < 0)
		return 0;
	stream = g_mime_stream_fs_new(file);
	parser = g_mime_parser_new_with_stream(stream);
	message = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	if (message == NULL)
		return 0;
	g_object_unref(message);
	return 1;
}

int main(int argc, char **argv)
{
	DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
	struct dirent *entry;
	unsigned parsed = 0;

	if (folder == NULL) {
		fprintf(stderr, "usage: bench-gmime FOLDER\n");
		return 2;
	}
	g_mime_init();
	while ((entry = readdir(folder)) != NULL) {
		char path[4096];
		if (entry->d_name[0] != '.' && snprintf(path, sizeof(path), "%s/%s", argv[1],
		                                        entry->d_name) < (int)sizeof(path))
			parsed += parse_file(path);
	}
	closedir(folder);
	g_mime_shutdown();
	printf("%u\n", parsed);
	return 0;
}
