/* SPDX-License-Identifier: MIT
 * cli/mails.c - the mails of an input. An mbox is told by its first line. A mail ends before the
 * next From line behind an empty line and before a header; where the file keeps Content-Length and
 * there is a From line or the end just where it says, it ends there, whatever its body looks like
 * (mboxcl2). */
#include "cli/mails.h"

#include "core/text.h"

#define FROM SST_TEXT("From ")
#define QUOTES_MAX 64 /* longer runs of > in front of From are left as they are */
/* What is not looked at before more has come: a From line, an empty line and > before it. */
#define HELD 600

static size_t left(const cli_mails *mails)
{
	return mails->in->upto - mails->in->from;
}

static const char *here(const cli_mails *mails)
{
	return mails->in->window + mails->in->from;
}

static void use(cli_mails *mails, size_t len)
{
	mails->in->from += len;
	mails->in->offset += len;
}

static void want(cli_mails *mails, size_t len)
{
	while (left(mails) < len && cli_input_fill(mails->in))
		continue;
}

static bool digits(sst_text text, size_t at, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!sst__is_digit(sst__at(text, at + i)))
			return false;
	return true;
}

bool cli_is_from_line(sst_text line)
{
	bool clock = false, year = false;

	if (line.len < 5 || memcmp(line.ptr, "From ", 5) != 0)
		return false;
	for (size_t i = 5; i < line.len && line.ptr[i] != '\n' && line.ptr[i] != '\r'; i++) {
		if (!sst__is_blank(line.ptr[i - 1]))
			continue;
		clock |= (digits(line, i, 2) && sst__at(line, i + 2) == ':' &&
		          digits(line, i + 3, 2)) ||
		         (digits(line, i, 1) && sst__at(line, i + 1) == ':' &&
		          digits(line, i + 2, 2));
		year |= digits(line, i, 4) && !sst__is_digit(sst__at(line, i + 4));
	}
	return clock && year;
}

void cli_mails_start(cli_mails *mails, cli_input *in, uint64_t number, bool lengths)
{
	memset(mails, 0, sizeof *mails);
	mails->in = in;
	mails->mbox = mails->known = number > 0;
	mails->lengths = lengths;
	mails->over = true;
	mails->number = number > 0 ? number - 1 : 0;
}

bool cli_is_one_mail(const char *name)
{
	static const char *const ends[] = {".eml", ".eml.gz", ".eml.xz", ".eml.zst"};
	size_t len = strlen(name);

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (sst__text_ends((sst_text){name, len}, (sst_text){ends[i], strlen(ends[i])}))
			return true;
	return false;
}

void cli_mails_doubt(cli_mails *mails)
{
	mails->doubtful = true;
}

/* Behind a byte order mark and empty lines, does a From line stand? Any line that starts with "From
 * " and has no colon at once is taken at the start of a file, be its date what it may. */
static bool begins_mbox(cli_mails *mails)
{
	sst_text text;
	size_t at = 0;

	want(mails, HELD);
	text = (sst_text){here(mails), left(mails)};
	if (text.len >= 3 && memcmp(text.ptr, "\xef\xbb\xbf", 3) == 0)
		at = 3;
	while (at < text.len && at < HELD / 2 && (text.ptr[at] == '\n' || text.ptr[at] == '\r'))
		at++;
	if (text.len - at < 5 || memcmp(text.ptr + at, "From ", 5) != 0)
		return false;
	use(mails, at);
	return true;
}

/* Offset behind the line end at `at`; `at` if none is there. */
static size_t skip_line_end(sst_text text, size_t at)
{
	if (sst__at(text, at) == '\r' && at < text.len)
		at++;
	if (at < text.len && text.ptr[at] == '\n')
		at++;
	return at;
}

/* Walks past the From line, however long it is. */
static void skip_from_line(cli_mails *mails)
{
	for (;;) {
		sst_text text = {here(mails), left(mails)};
		size_t at = 0;
		while (at < text.len && text.ptr[at] != '\n' && text.ptr[at] != '\r')
			at++;
		use(mails, at);
		if (at < text.len || !cli_input_fill(mails->in))
			break;
	}
	want(mails, 2);
	use(mails, skip_line_end((sst_text){here(mails), left(mails)}, 0));
}

/* The length of the header with the empty line behind it; 0 if it doesn't end in the window. */
static size_t header_size(sst_text text)
{
	for (size_t at = 0; at < text.len;) {
		size_t next = sst__text_find_either(text, at, '\n', '\r');

		if (next == at)
			return skip_line_end(text, at);
		at = skip_line_end(text, next);
	}
	return 0;
}

static bool content_length(sst_text header, uint64_t *length)
{
	const sst_text name = SST_TEXT("Content-Length:");
	sst_text line;

	while (sst__text_line(&header, &line)) {
		unsigned digits;
		size_t at = name.len;
		if (!sst__text_starts(line, name))
			continue;
		while (sst__is_blank(sst__at(line, at)))
			at++;
		*length = sst__text_number(line, at, 9, &digits);
		return digits > 0 && !sst__is_digit(sst__at(line, at + digits));
	}
	return false;
}

/* Is there a From line, with or without an empty line before it, or the end at `offset`? */
static bool ends_at(cli_mails *mails, uint64_t offset)
{
	char bytes[512];
	int got = cli_input_peek(mails->in, offset, bytes, sizeof bytes);
	sst_text text = {bytes, got < 0 ? 0 : (size_t)got};
	char before;
	size_t at;

	/* Nothing there: is it the end, or behind it? */
	if (got < 0 || (got == 0 && cli_input_peek(mails->in, offset - 1, &before, 1) != 1))
		return false;
	at = skip_line_end(text, 0);
	if (at < text.len && !cli_is_from_line(sst__text_part(text, at, text.len)))
		at = skip_line_end(text, at);
	return at == text.len || cli_is_from_line(sst__text_part(text, at, text.len));
}

/* What Content-Length tells, if the file is one that keeps it and it is true. */
static void find_body_end(cli_mails *mails)
{
	sst_text text;
	uint64_t length = 0;
	size_t header;

	mails->body_end = 0;
	if (!mails->lengths && mails->number > 1)
		return;
	want(mails, CLI_WINDOW);
	text = (sst_text){here(mails), left(mails)};
	header = header_size(text);
	if (header == 0 || !content_length(sst__text_part(text, 0, header), &length) ||
	    !ends_at(mails, mails->in->offset + header + length))
		return;
	mails->body_end = mails->in->offset + header + length;
	mails->lengths = true;
}

/* The first boundary that the header names. */
static void find_boundary(cli_mails *mails)
{
	const sst_text name = SST_TEXT("boundary=");
	sst_text header;
	size_t at, upto;

	mails->boundary_len = 0;
	want(mails, CLI_WINDOW);
	header = (sst_text){here(mails), left(mails)};
	header.len = header_size(header);
	at = sst__text_search(header, 0, name) + name.len;
	if (at >= header.len)
		return;
	at += header.ptr[at] == '"';
	upto = at;
	while (upto < header.len && header.ptr[upto] > ' ' && header.ptr[upto] != '"' &&
	       header.ptr[upto] != ';')
		upto++;
	if (upto - at >= sizeof mails->boundary)
		return;
	mails->boundary_len = (uint8_t)(upto - at);
	memcpy(mails->boundary, header.ptr + at, upto - at);
}

/* What may stand between a body whose length is known and the From line. */
static void skip_empty_lines(cli_mails *mails)
{
	sst_text text;
	size_t at;

	want(mails, HELD);
	text = (sst_text){here(mails), left(mails)};
	for (at = 0; at < text.len && at < 4 && sst__is_space(text.ptr[at]); at++)
		continue;
	use(mails, at);
}

bool cli_mails_is_mbox(cli_mails *mails)
{
	if (!mails->known)
		mails->mbox = begins_mbox(mails);
	mails->known = true;
	return mails->mbox;
}

bool cli_mails_next(cli_mails *mails)
{
	bool last = false;

	while (mails->started && !mails->over)
		cli_mails_piece(mails, &last);
	if (!cli_mails_is_mbox(mails) && mails->started)
		return false;
	if (mails->mbox)
		skip_empty_lines(mails);
	if (mails->mbox && left(mails) == 0)
		return false;
	mails->number++;
	mails->skip = 0;
	mails->started = true;
	mails->over = false;
	if (mails->mbox) {
		skip_from_line(mails);
		find_body_end(mails);
		if (mails->doubtful)
			find_boundary(mails);
	}
	return true;
}

/* At the start of a line? So is the start of the mail, the one place where 0 is looked at. */
static bool starts_line(sst_text text, size_t at)
{
	return at == 0 || text.ptr[at - 1] == '\n' || text.ptr[at - 1] == '\r';
}

/* `at` is the start of a line. Where does the empty line before it start? `at` if there is none. */
static size_t before_empty_line(sst_text text, size_t at)
{
	size_t start = at;

	if (start > 0 && text.ptr[start - 1] == '\n')
		start--;
	if (start > 0 && text.ptr[start - 1] == '\r')
		start--;
	return starts_line(text, start) ? start : at;
}

/* Does a header stand behind the From line at `at`? Someone may have written one into a text. What
 * is not in the window yet has the benefit of the doubt. */
static bool header_follows(sst_text text, size_t at)
{
	size_t from, end;

	while (at < text.len && text.ptr[at] != '\n' && text.ptr[at] != '\r')
		at++;
	from = end = skip_line_end(text, at);
	while (end < text.len && text.ptr[end] > ' ' && text.ptr[end] < 127 && text.ptr[end] != ':')
		end++;
	if (end == text.len || (end > from && text.ptr[end] == ':'))
		return true;
	/* What the first programs that looked at the mail left of older From lines. */
	return sst__text_starts(sst__text_part(text, from, text.len), FROM) ||
	       sst__text_starts(sst__text_part(text, from, text.len), SST_TEXT(">From "));
}

/* What the scan stopped at. */
enum stop { STOP_LIMIT, STOP_QUOTE, STOP_FROM };

struct scan {
	size_t upto; /* the piece ends here */
	size_t next; /* the next piece or From line starts here */
	enum stop stop;
};

/* Looks at one "From " at `at`: is it a From line, or one with > before it? */
static bool look_at(sst_text text, size_t at, struct scan *scan)
{
	size_t start = at;

	while (start > 0 && text.ptr[start - 1] == '>' && at - start < QUOTES_MAX)
		start--;
	if (start < at) {
		if (!starts_line(text, start))
			return false;
		*scan = (struct scan){start, start + 1, STOP_QUOTE};
		return true;
	}
	if (!starts_line(text, at))
		return false;
	start = before_empty_line(text, at);
	if (at > 0 && start == at)
		return false;
	if (!cli_is_from_line(sst__text_part(text, at, at + HELD / 2)) ||
	    !header_follows(sst__text_part(text, 0, at + HELD), at))
		return false;
	*scan = (struct scan){start, at, STOP_FROM};
	return true;
}

/* Up to `limit`, the next place where the piece must end. */
static struct scan scan_for_from(sst_text text, size_t from, size_t limit)
{
	struct scan scan = {limit, limit, STOP_LIMIT};
	size_t at = from;

	while (at < limit) {
		const char *hit = memmem(text.ptr + at, text.len - at, FROM.ptr, FROM.len);
		if (hit == NULL)
			break;
		at = (size_t)(hit - text.ptr);
		if (at >= limit)
			break;
		if (look_at(text, at, &scan))
			return scan;
		at++;
	}
	return scan;
}

/* The line that ends before `upto`, blanks and line ends at its end left out. */
static sst_text line_before(sst_text text, size_t upto)
{
	size_t from;

	while (upto > 0 && sst__is_space(text.ptr[upto - 1]))
		upto--;
	from = upto;
	while (from > 0 && text.ptr[from - 1] != '\n' && text.ptr[from - 1] != '\r')
		from--;
	return sst__text_part(text, from, upto);
}

/* Does the From line that the scan has found belong to the present mail? */
static bool is_inside(const cli_mails *mails, sst_text text, const struct scan *scan)
{
	sst_text line = line_before(text, scan->upto), rest;
	sst_text boundary = {mails->boundary, mails->boundary_len};
	const char *hit;

	if (boundary.len > 0) {
		rest = sst__text_part(text, scan->next, text.len);
		hit = memmem(rest.ptr, rest.len, boundary.ptr, boundary.len);
		return hit != NULL && hit - rest.ptr >= 2 && hit[-1] == '-' && hit[-2] == '-';
	}
	/* "----- Unsent message follows -----" */
	return line.len > 0 && (line.ptr[0] == '-' || line.ptr[line.len - 1] == '-' ||
	                        line.ptr[line.len - 1] == ':');
}

/* A body whose length is known. */
static sst_text counted_piece(cli_mails *mails, bool *last)
{
	uint64_t rest = mails->body_end - mails->in->offset;
	sst_text piece = {here(mails), left(mails)};

	if (rest < piece.len)
		piece.len = (size_t)rest;
	use(mails, piece.len);
	*last = piece.len == rest || (piece.len == 0 && mails->in->ended);
	if (!*last)
		return piece;
	mails->body_end = 0;
	mails->over = true;
	return piece;
}

sst_text cli_mails_piece(cli_mails *mails, bool *last)
{
	sst_text text, piece;
	struct scan scan;
	size_t limit;

	if (left(mails) <= 2 * HELD)
		want(mails, 2 * HELD + 1);
	if (mails->body_end > 0)
		return counted_piece(mails, last);
	piece = text = (sst_text){here(mails), left(mails)};
	if (!mails->mbox) {
		use(mails, text.len);
		*last = mails->over = mails->in->ended;
		return piece;
	}
	limit = mails->in->ended ? text.len : text.len - HELD;
	scan = scan_for_from(text, mails->skip, limit);
	while (mails->doubtful && scan.stop == STOP_FROM && is_inside(mails, text, &scan))
		scan = scan_for_from(text, scan.next + 1, limit);
	mails->skip = scan.stop == STOP_QUOTE ? FROM.len : 0;
	if (scan.stop == STOP_LIMIT && mails->in->ended) {
		scan.upto = before_empty_line(text, text.len);
	} else if (scan.stop == STOP_LIMIT) {
		/* An empty line, or some >, may stand before what comes next. */
		scan.upto = scan.next = limit - QUOTES_MAX - 4;
		mails->skip = limit - scan.next;
	}
	piece.len = scan.upto;
	use(mails, scan.next);
	*last = mails->over =
	        scan.stop == STOP_FROM || (scan.stop == STOP_LIMIT && mails->in->ended);
	return piece;
}
