/* SPDX-License-Identifier: MIT
 * cli/output.c - standard output, buffered, with every write looked at. */
#include "cli/output.h"

#include "cli/cli.h"
#include "cli/complaint.h"
#include "core/text.h"
#include "say/glyph.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int stdout_error; /* errno of the first write that failed */

bool cli_write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t done = write(fd, bytes, len);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		bytes += done;
		len -= (size_t)done;
	}
	return true;
}

bool cli_stdout_write(void *context, const char *bytes, size_t len)
{
	(void)context;
	if (stdout_error != 0)
		return false;
	if (cli_write_all(STDOUT_FILENO, bytes, len))
		return true;
	stdout_error = errno;
	return false;
}

int cli_stdout_status(void)
{
	if (stdout_error == 0)
		return EXIT_DONE;
	if (stdout_error != EPIPE)
		cli_complain("standard output", strerror(stdout_error), NULL,
		             cli_advice(stdout_error));
	return EXIT_SYSTEM;
}

int cli_stdout_printed(void)
{
	if (fflush(stdout) != 0 && stdout_error == 0)
		stdout_error = errno;
	return cli_stdout_status();
}

void cli_text_init(cli_text *out, bool (*write)(void *, const char *, size_t), void *context)
{
	out->write = write;
	out->context = context;
	out->len = 0;
	out->failed = false;
}

bool cli_text_flush(cli_text *out)
{
	if (!out->failed && out->len > 0)
		out->failed = !out->write(out->context, out->buffer, out->len);
	out->len = 0;
	return !out->failed;
}

void cli_put_text(cli_text *out, sst_text text)
{
	while (text.len > 0) {
		size_t part = sizeof out->buffer - out->len;
		if (part > text.len)
			part = text.len;
		memcpy(out->buffer + out->len, text.ptr, part);
		out->len += part;
		text.ptr += part;
		text.len -= part;
		if (out->len == sizeof out->buffer)
			cli_text_flush(out);
	}
}

void cli_put(cli_text *out, const char *text)
{
	cli_put_text(out, (sst_text){text, strlen(text)});
}

void cli_put_char(cli_text *out, char c)
{
	cli_put_text(out, (sst_text){&c, 1});
}

unsigned cli_put_theirs(cli_text *out, sst_text text, unsigned columns)
{
	unsigned used = 0;

	for (size_t at = 0; at < text.len;) {
		char shown[SST_SHOWN_SIZE];
		unsigned width;
		size_t start = at, len = sst__show(text, &at, SST_THEIRS, shown, &width);
		bool last = at == text.len;

		/* Room for the ellipsis, unless all that is left fits. */
		if (used + width > columns - !last &&
		    used + sst__columns(sst__text_part(text, start, text.len), SST_THEIRS) >
		            columns) {
			cli_put(out, "\u2026");
			return used + 1;
		}
		cli_put_text(out, (sst_text){shown, len});
		used += width;
	}
	return used;
}

void cli_put_format(cli_text *out, const char *format, ...)
{
	char text[512];
	va_list arguments;
	int len;

	va_start(arguments, format);
	len = vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	if (len > 0)
		cli_put_text(out, (sst_text){text, (size_t)len < sizeof text ? (size_t)len
		                                                             : sizeof text - 1});
}
