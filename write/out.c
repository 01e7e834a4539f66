/* SPDX-License-Identifier: MIT
 * write/out.c - bytes, numbers, dates and folded lines. */
#include "write/out.h"
#include "core/calendar.h"
#include "core/text.h"

static void pass_on(sst_out *out)
{
	if (out->write == NULL || out->len == 0)
		return;
	if (!out->failed && !out->write(out->context, out->buffer, out->len))
		out->failed = true;
	out->len = 0;
}

void sst__out_bytes(sst_out *out, const char *bytes, size_t len)
{
	out->total += len;
	if (out->write != NULL && out->size == 0) { /* no buffer: straight on */
		if (!out->failed && len > 0 && !out->write(out->context, bytes, len))
			out->failed = true;
		return;
	}
	while (len > 0) {
		size_t room = out->size - out->len;
		size_t part = len < room ? len : room;

		if (part > 0)
			memcpy(out->buffer + out->len, bytes, part);
		out->len += part;
		bytes += part;
		len -= part;
		if (len == 0)
			return;
		if (out->write == NULL)
			return; /* counted in total: the result says how much is needed */
		pass_on(out);
	}
}

void sst__out_text(sst_out *out, sst_text text)
{
	if (text.len > 0)
		sst__out_bytes(out, text.ptr, text.len);
}

void sst__out_string(sst_out *out, const char *string)
{
	sst__out_bytes(out, string, strlen(string));
}

void sst__out_line_end(sst_out *out)
{
	sst__out_bytes(out, "\r\n", 2);
}

void sst__out_number(sst_out *out, uint32_t number, unsigned digits)
{
	char text[16];
	size_t at = sizeof(text);

	do {
		text[--at] = (char)('0' + number % 10);
		number /= 10;
		if (digits > 0)
			digits--;
	} while (at > 0 && (number > 0 || digits > 0));
	sst__out_bytes(out, text + at, sizeof(text) - at);
}

sst_written sst__out_result(sst_out *out, size_t start)
{
	sst_written written = {SST_OK, out->total - start, NULL, NULL, SST_NO_RECIPIENT};

	if (out->write != NULL) {
		pass_on(out);
		if (out->failed)
			written.err = SST_E_LIMIT;
	} else if (out->total > out->size) {
		written.err = SST_E_SPACE;
		written.at = out->total;
	}
	return written;
}

bool sst__date_is_writable(sst_time time)
{
	/* 1900-01-02 to 9999-12-30, so that no zone leads out of the four digits. */
	return time.known && time.seconds >= -2208902400 && time.seconds <= 253402214400 &&
	       time.zone > -1440 && time.zone < 1440;
}

void sst__out_date(sst_out *out, sst_time time)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int64_t local = time.seconds + (int64_t)time.zone * 60;
	int64_t day = (local >= 0 ? local : local - 86399) / 86400;
	uint32_t second = (uint32_t)(local - day * 86400);
	uint32_t zone = (uint32_t)(time.zone < 0 ? -time.zone : time.zone);
	unsigned week = (unsigned)(((day + 4) % 7 + 7) % 7);
	struct sst__date when = sst__date_of(day);

	sst__out_bytes(out, days + 3 * week, 3);
	sst__out_string(out, ", ");
	sst__out_number(out, when.day, 2);
	sst__out_string(out, " ");
	sst__out_bytes(out, months + 3 * (when.month - 1), 3);
	sst__out_string(out, " ");
	sst__out_number(out, (uint32_t)when.year, 4);
	sst__out_string(out, " ");
	sst__out_number(out, second / 3600, 2);
	sst__out_string(out, ":");
	sst__out_number(out, second / 60 % 60, 2);
	sst__out_string(out, ":");
	sst__out_number(out, second % 60, 2);
	sst__out_string(out, time.zone < 0 ? " -" : " +");
	sst__out_number(out, zone / 60, 2);
	sst__out_number(out, zone % 60, 2);
}

enum { FOLD_AT = 78, BREAK_AT = 900 };

/* One line of a value, no line ends in it. Words are put with the blanks before them. */
static size_t out_words(sst_out *out, sst_text line, size_t column)
{
	size_t at = 0;

	while (at < line.len) {
		size_t word = at, end;

		while (word < line.len && sst__is_blank(line.ptr[word]))
			word++;
		if (word == line.len)
			break; /* blanks at the end would make a fold of blanks only */
		end = word;
		while (end < line.len && !sst__is_blank(line.ptr[end]))
			end++;
		if (at < word && column > 1 && column + (end - at) > FOLD_AT) {
			sst__out_line_end(out);
			column = 0;
		}
		while (column + (end - at) > BREAK_AT) {
			size_t part = column < BREAK_AT ? BREAK_AT - column : 0;

			/* Never inside of a UTF-8 character, which has at most three such octets.
			 */
			for (unsigned back = 0; back < 3 && part > 0; back++)
				part -= ((unsigned char)line.ptr[at + part] & 0xC0) == 0x80;
			sst__out_bytes(out, line.ptr + at, part);
			sst__out_string(out, "\r\n ");
			column = 1;
			at += part;
		}
		sst__out_bytes(out, line.ptr + at, end - at);
		column += end - at;
		at = end;
	}
	return column;
}

size_t sst__out_folded_open(sst_out *out, sst_text value, size_t column)
{
	sst_text rest = sst__text_trim(value), line;
	bool first = true;

	while (sst__text_line(&rest, &line)) {
		line = sst__text_trim(line);
		if (line.len == 0)
			continue;
		if (!first) {
			sst__out_string(out, "\r\n ");
			column = 1;
		}
		column = out_words(out, line, column);
		first = false;
	}
	return column;
}

void sst__out_folded(sst_out *out, sst_text value, size_t column)
{
	(void)sst__out_folded_open(out, value, column);
	sst__out_line_end(out);
}
