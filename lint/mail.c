/* SPDX-License-Identifier: MIT
 * lint/mail.c - delivery reports as mails: their header, their parts (RFC 6522, 3464, 3834). Mail
 * of any other kind is let be. */
#include "lint/decode.h"
#include "lint/field.h"
#include "lint/lint.h"
#include "core/text.h"

#define DEPTH 8u

/* What of a header counts here. */
struct header {
	sst_text type, encoding, return_path, auto_submitted, to;
};

struct report {
	sst_lint_run *run;
	const struct header
	        *top;     /* of the mail that is the report; NULL if it is only inside one */
	sst_text subtype; /* report-type */
	unsigned parts;
	bool machine; /* the delivery-status part was there */
};

static sst_text part(sst_text text, size_t from, size_t upto)
{
	return sst__text_part(text, from, upto);
}

static void read_header(sst_text *rest, struct header *header)
{
	lint_field field;

	*header = (struct header){0};
	while (lint_field_next(rest, &field)) {
		if (sst__text_same(field.name, SST_TEXT("Content-Type")))
			header->type = field.value;
		else if (sst__text_same(field.name, SST_TEXT("Content-Transfer-Encoding")))
			header->encoding = lint_field_bare(field.value);
		else if (sst__text_same(field.name, SST_TEXT("Return-Path")))
			header->return_path = field.value;
		else if (sst__text_same(field.name, SST_TEXT("Auto-Submitted")))
			header->auto_submitted = field.value;
		else if (sst__text_same(field.name, SST_TEXT("To")))
			header->to = field.value;
	}
}

/* The type without its parameters. */
static sst_text bare_type(sst_text type)
{
	return sst__text_trim(part(type, 0, sst__text_find(type, 0, ';')));
}

static bool is_type(sst_text type, sst_text name)
{
	return sst__text_same(bare_type(type), name);
}

static bool is_status_type(sst_text type)
{
	return is_type(type, SST_TEXT("message/delivery-status")) ||
	       is_type(type, SST_TEXT("message/global-delivery-status"));
}

static bool is_returned_type(sst_text type)
{
	return is_type(type, SST_TEXT("message/rfc822")) ||
	       is_type(type, SST_TEXT("text/rfc822-headers")) ||
	       is_type(type, SST_TEXT("message/global")) ||
	       is_type(type, SST_TEXT("message/global-headers"));
}

/* Some systems write the null path as the name that it is shown under. */
static bool is_null_path(sst_text path)
{
	path = lint_field_bare(path);
	return path.len == 0 || sst__text_same(path, SST_TEXT("<>")) ||
	       sst__text_starts(path, SST_TEXT("<MAILER-DAEMON")) ||
	       sst__text_starts(path, SST_TEXT("MAILER-DAEMON"));
}

static void check_top(sst_lint_run *run, const struct header *top)
{
	sst_text value = bare_type(lint_field_bare(top->auto_submitted));

	if (top->return_path.ptr != NULL && !is_null_path(top->return_path))
		sst__lint_report(run, SST__LINT_DSN_RETURN_PATH, top->return_path, SST_TEXT("<>"));
	if (top->auto_submitted.ptr == NULL)
		sst__lint_report(run, SST__LINT_AUTO_SUBMITTED_MISSING, part(top->type, 0, 0),
		                 SST_TEXT("Auto-Submitted: auto-replied"));
	else if (!sst__text_same(value, SST_TEXT("auto-replied")))
		sst__lint_report(run, SST__LINT_AUTO_SUBMITTED_WRONG, top->auto_submitted,
		                 SST_TEXT("auto-replied"));
}

/* The returned message went out with the null path itself; the postmaster may be told. */
static void check_returned(const struct report *report, sst_text body)
{
	struct header header;

	if (report->top == NULL ||
	    sst__text_search(report->top->to, 0, SST_TEXT("postmaster")) < report->top->to.len)
		return;
	read_header(&body, &header);
	if (header.return_path.ptr != NULL && lint_field_bare(header.return_path).len == 2 &&
	    is_null_path(header.return_path))
		sst__lint_report(report->run, SST__LINT_DSN_OF_DSN, header.return_path,
		                 SST_NO_TEXT);
}

/* The fields of a part, through its encoding if it has one. */
static void part_fields(sst_lint_run *run, const struct header *header, sst_text body,
                        void (*look)(sst_lint_run *run, sst_text fields))
{
	char buffer[LINT_DECODED];

	if (!lint_is_encoded(header->encoding)) {
		look(run, body);
		return;
	}
	run->decoded_at = (size_t)(body.ptr - run->in.ptr);
	look(run, lint_decode(body, header->encoding, buffer));
	run->decoded_at = 0;
	run->last.what = SST_NO_TEXT; /* the buffer goes */
}

static void look_at_status(sst_lint_run *run, sst_text fields)
{
	sst__lint_dsn(run, fields, false);
}

static void look_at_global(sst_lint_run *run, sst_text fields)
{
	sst__lint_dsn(run, fields, true);
}

static void status_part(struct report *report, const struct header *header, sst_text body)
{
	bool global = is_type(header->type, SST_TEXT("message/global-delivery-status"));
	bool plain =
	        header->encoding.len == 0 || sst__text_same(header->encoding, SST_TEXT("7bit"));

	report->machine = true;
	if (!plain && !global)
		sst__lint_report(report->run, SST__LINT_REPORT_ENCODING, header->encoding,
		                 SST_TEXT("7bit"));
	part_fields(report->run, header, body, global ? look_at_global : look_at_status);
}

static void report_part(struct report *report, const struct header *header, sst_text body)
{
	sst_text type = bare_type(header->type), name;
	unsigned number = report->parts++;

	if (is_status_type(type)) {
		name = part(type, 8, type.len);
		if (number != 1)
			sst__lint_report(report->run, SST__LINT_REPORT_PARTS, type, SST_NO_TEXT);
		else if (!sst__text_same(report->subtype, name))
			sst__lint_report(report->run, SST__LINT_REPORT_TYPE, type, name);
		status_part(report, header, body);
	} else if (number == 2) {
		if (!is_returned_type(type))
			sst__lint_report(report->run, SST__LINT_REPORT_PARTS,
			                 type.ptr == NULL ? part(body, 0, 0) : type, SST_NO_TEXT);
		else
			check_returned(report, body);
	} else if (number > 2) {
		sst__lint_report(report->run, SST__LINT_REPORT_PARTS,
		                 type.ptr == NULL ? part(body, 0, 0) : type, SST_NO_TEXT);
	}
}

/* `line` is the boundary: 1, its closing form: 2, neither: 0. */
static int boundary_of(sst_text line, sst_text boundary)
{
	sst_text rest;

	if (line.len < boundary.len + 2 || line.ptr[0] != '-' || line.ptr[1] != '-' ||
	    memcmp(line.ptr + 2, boundary.ptr, boundary.len) != 0)
		return 0;
	rest = sst__text_trim(part(line, boundary.len + 2, line.len));
	if (rest.len == 0)
		return 1;
	return rest.len == 2 && rest.ptr[0] == '-' && rest.ptr[1] == '-' ? 2 : 0;
}

/* Takes the next part's bytes off `*rest`, whose first line is behind a boundary. False if that was
 * the closing one; `closed` says whether the multipart ends as it should. */
static bool next_part(sst_text *rest, sst_text boundary, sst_text *body, bool *closed)
{
	const char *start = rest->ptr, *end = rest->ptr;
	sst_text line;
	int kind = 0;

	while (kind == 0 && sst__text_line(rest, &line)) {
		kind = boundary_of(line, boundary);
		if (kind == 0)
			end = line.ptr + line.len;
	}
	*body = (sst_text){start, (size_t)(end - start)};
	*closed = kind == 2;
	return kind != 0;
}

static void walk(sst_lint_run *run, const struct header *header, sst_text body,
                 const struct header *top, unsigned depth);

/* A multipart that holds a delivery-status part, of whatever subtype it says it is. */
static bool holds_status(sst_text body, sst_text boundary)
{
	bool closed = false, more;
	sst_text bytes;

	next_part(&body, boundary, &bytes, &closed);
	do {
		struct header header;

		more = !closed && next_part(&body, boundary, &bytes, &closed);
		read_header(&bytes, &header);
		if (is_status_type(header.type))
			return true;
	} while (more);
	return false;
}

static void walk_report(struct report *report, sst_text type, sst_text body, sst_text boundary)
{
	bool closed = false, more;
	sst_text bytes;

	report->run->boundary = boundary;
	report->run->astray = false;
	next_part(&body, boundary, &bytes, &closed);
	do {
		struct header header;

		more = !closed && next_part(&body, boundary, &bytes, &closed);
		if (bytes.len > 0) {
			read_header(&bytes, &header);
			report_part(report, &header, bytes);
		}
	} while (more && !closed);
	if (!closed && !report->run->astray)
		sst__lint_report(report->run, SST__LINT_REPORT_NO_END, bare_type(type),
		                 SST_NO_TEXT);
	if (!report->machine)
		sst__lint_report(report->run, SST__LINT_REPORT_PARTS, bare_type(type), SST_NO_TEXT);
}

static void walk_parts(sst_lint_run *run, sst_text body, sst_text boundary, unsigned depth)
{
	bool closed = false, more;
	sst_text bytes;

	next_part(&body, boundary, &bytes, &closed);
	do {
		struct header header;

		more = !closed && next_part(&body, boundary, &bytes, &closed);
		read_header(&bytes, &header);
		walk(run, &header, bytes, NULL, depth + 1);
	} while (more && !closed);
}

/* A read receipt or a complaint. */
static void walk_other(sst_lint_run *run, const struct header *header, sst_text body,
                       sst_text boundary)
{
	bool closed = false, more, machine = false, returned = false, feedback = false;
	sst_text bytes;

	next_part(&body, boundary, &bytes, &closed);
	do {
		struct header own;

		more = !closed && next_part(&body, boundary, &bytes, &closed);
		read_header(&bytes, &own);
		returned |= machine && is_returned_type(own.type);
		if (is_type(own.type, SST_TEXT("message/disposition-notification")) ||
		    is_type(own.type, SST_TEXT("message/global-disposition-notification"))) {
			machine = true;
			part_fields(run, &own, bytes, sst__lint_mdn);
		} else if (is_type(own.type, SST_TEXT("message/feedback-report"))) {
			machine = feedback = true;
			part_fields(run, &own, bytes, sst__lint_feedback);
		}
	} while (more && !closed);
	if (!machine)
		sst__lint_report(run, SST__LINT_REPORT_PARTS, bare_type(header->type), SST_NO_TEXT);
	if (feedback && !returned)
		sst__lint_report(run, SST__LINT_FEEDBACK_PARTS, bare_type(header->type),
		                 SST_NO_TEXT);
}

static bool is_other_report(sst_text subtype)
{
	return sst__text_same(subtype, SST_TEXT("disposition-notification")) ||
	       sst__text_same(subtype, SST_TEXT("global-disposition-notification")) ||
	       sst__text_same(subtype, SST_TEXT("feedback-report"));
}

/* Whether the boundary stands anywhere. If not, the first line that looks like one is told. */
static bool is_parted(sst_lint_run *run, sst_text type, sst_text body, sst_text boundary)
{
	sst_text line, other = SST_NO_TEXT;

	while (sst__text_line(&body, &line)) {
		if (boundary_of(line, boundary) != 0)
			return true;
		if (other.ptr == NULL && line.len > 2 && sst__text_starts(line, SST_TEXT("--")) &&
		    !sst__is_space(line.ptr[2]))
			other = line;
	}
	if (other.ptr != NULL)
		sst__lint_report(run, SST__LINT_WRONG_BOUNDARY, other, boundary);
	else
		sst__lint_report(run, SST__LINT_REPORT_PARTS, bare_type(type), SST_NO_TEXT);
	return false;
}

static void walk(sst_lint_run *run, const struct header *header, sst_text body,
                 const struct header *top, unsigned depth)
{
	struct report report = {.run = run, .top = top};
	sst_text boundary = lint_field_parameter(header->type, SST_TEXT("boundary"));
	bool is_report = is_type(header->type, SST_TEXT("multipart/report"));

	if (depth > DEPTH || !sst__text_starts(header->type, SST_TEXT("multipart/")))
		return;
	if (boundary.len == 0 && is_report)
		sst__lint_report(run, SST__LINT_MISSING_BOUNDARY, bare_type(header->type),
		                 SST_NO_TEXT);
	if (boundary.len == 0 || (is_report && !is_parted(run, header->type, body, boundary)))
		return;
	report.subtype = lint_field_parameter(header->type, SST_TEXT("report-type"));
	if (is_report && is_other_report(report.subtype))
		walk_other(run, header, body, boundary);
	if (is_report && report.subtype.len > 0 &&
	    !sst__text_ends(report.subtype, SST_TEXT("delivery-status")))
		return;
	if (!holds_status(body, boundary)) {
		if (is_report && report.subtype.len > 0)
			sst__lint_report(run, SST__LINT_REPORT_PARTS, bare_type(header->type),
			                 SST_NO_TEXT);
		else
			walk_parts(run, body, boundary, depth);
		return;
	}
	if (top != NULL)
		check_top(run, top);
	if (!is_report || report.subtype.len == 0) {
		sst__lint_report(run, SST__LINT_REPORT_TYPE, bare_type(header->type),
		                 SST_TEXT("multipart/report; report-type=delivery-status"));
		report.subtype = SST_TEXT("delivery-status");
	}
	walk_report(&report, header->type, body, boundary);
}

/* The end of the mail that begins at rest: the next "From " line behind a blank one, or all of it.
 */
static size_t mail_end(sst_text rest)
{
	size_t at = 0;

	while ((at = sst__text_find(rest, at, '\n')) < rest.len) {
		sst_text next = part(rest, at + 1, at + 7);
		bool blank = at >= 1 &&
		             (rest.ptr[at - 1] == '\n' ||
		              (at >= 2 && rest.ptr[at - 1] == '\r' && rest.ptr[at - 2] == '\n'));

		if (blank && next.len > 5 && memcmp(next.ptr, "From ", 5) == 0)
			return at + 1;
		at++;
	}
	return rest.len;
}

void sst__lint_mail(sst_lint_run *run)
{
	sst_text rest = run->in, line;
	bool mbox = rest.len > 5 && memcmp(rest.ptr, "From ", 5) == 0;

	while (rest.len > 0) {
		sst_text mail = mbox ? part(rest, 0, mail_end(rest)) : rest;
		struct header header;

		rest = part(rest, mail.len, rest.len);
		if (mbox)
			sst__text_line(&mail, &line);
		read_header(&mail, &header);
		walk(run, &header, mail, &header, 0);
	}
}
