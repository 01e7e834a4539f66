/* SPDX-License-Identifier: MIT
 * lint/type.c - what kind of input it is, by its name and by votes of its first lines. */
#include "lint/lint.h"
#include "core/text.h"

#define LINES 200u

struct mark {
	sst_text text;
	sst_lint_type type;
};

static bool by_name(sst_text name, sst_lint_type *type)
{
	static const struct mark ends[] = {
	        {{".eml", 4}, SST_LINT_MAIL},
	        {{".mbox", 5}, SST_LINT_MAIL},
	        {{".msg", 4}, SST_LINT_MAIL},
	        {{".sieve", 6}, SST_LINT_SIEVE},
	        {{"main.cf", 7}, SST_LINT_POSTFIX},
	        {{"smtpd.conf", 10}, SST_LINT_SMTPD},
	        {{"exim.conf", 9}, SST_LINT_EXIM},
	        {{"exim4.conf", 10}, SST_LINT_EXIM},
	        {{"header_checks", 13}, SST_LINT_TABLE},
	        {{"body_checks", 11}, SST_LINT_TABLE},
	        {{"_access", 7}, SST_LINT_TABLE},
	        {{"/access", 7}, SST_LINT_TABLE},
	        {{".pcre", 5}, SST_LINT_TABLE},
	        {{".regexp", 7}, SST_LINT_TABLE},
	        {{".log", 4}, SST_LINT_LOG},
	        {{"mainlog", 7}, SST_LINT_LOG},
	};

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (sst__text_ends(name, ends[i].text)) {
			*type = ends[i].type;
			return true;
		}
	return false;
}

static bool is_reply_line(sst_text line)
{
	char apart = sst__at(line, 3);

	return sst__at(line, 0) >= '2' && sst__at(line, 0) <= '5' &&
	       sst__is_digit(sst__at(line, 1)) && sst__is_digit(sst__at(line, 2)) &&
	       (line.len == 3 || apart == ' ' || apart == '-');
}

/* Field names in a row at the start of a text. */
static bool is_mail(sst_text in)
{
	sst_text line;
	unsigned fields = 0;

	if (in.len > 5 && memcmp(in.ptr, "From ", 5) == 0)
		return true;
	while (fields < 3 && sst__text_line(&in, &line)) {
		size_t colon = 0;

		if (line.len > 0 && sst__is_blank(line.ptr[0]) && fields > 0)
			continue;
		while (sst__is_alpha(sst__at(line, colon)) || sst__at(line, colon) == '-')
			colon++;
		if (colon < 2 || sst__at(line, colon) != ':' ||
		    (sst__at(line, colon + 1) != ' ' && line.len > colon + 1))
			return false;
		fields++;
	}
	return fields >= 2;
}

/* One line's vote; SST_LINT_OTHER for none. */
static sst_lint_type vote(sst_text line)
{
	static const struct mark starts[] = {
	        {{"C: ", 3}, SST_LINT_SESSION},         {{"S: ", 3}, SST_LINT_SESSION},
	        {{">>> ", 4}, SST_LINT_SESSION},        {{"<<< ", 4}, SST_LINT_SESSION},
	        {{"EHLO ", 5}, SST_LINT_SESSION},       {{"MAIL FROM:", 10}, SST_LINT_SESSION},
	        {{"smtpd_", 6}, SST_LINT_POSTFIX},      {{"mydestination", 13}, SST_LINT_POSTFIX},
	        {{"myhostname", 10}, SST_LINT_POSTFIX}, {{"unknown_", 8}, SST_LINT_POSTFIX},
	        {{"filter ", 7}, SST_LINT_SMTPD},       {{"listen on ", 10}, SST_LINT_SMTPD},
	        {{"match from ", 11}, SST_LINT_SMTPD},  {{"table ", 6}, SST_LINT_SMTPD},
	        {{"require [", 9}, SST_LINT_SIEVE},     {{"require \"", 9}, SST_LINT_SIEVE},
	        {{"begin acl", 9}, SST_LINT_EXIM},      {{"acl_", 4}, SST_LINT_EXIM},
	        {{"deny ", 5}, SST_LINT_EXIM},          {{"defer ", 6}, SST_LINT_EXIM},
	        {{"message ", 8}, SST_LINT_EXIM},       {{"message=", 8}, SST_LINT_EXIM},
	};
	static const struct mark inside[] = {
	        {{"reject \"", 8}, SST_LINT_SIEVE},      {{"ereject ", 8}, SST_LINT_SIEVE},
	        {{" reject: ", 9}, SST_LINT_LOG},        {{"]: ", 3}, SST_LINT_LOG},
	        {{" rejected RCPT ", 15}, SST_LINT_LOG}, {{" said: ", 7}, SST_LINT_LOG},
	        {{"\tREJECT", 7}, SST_LINT_TABLE},       {{" REJECT", 7}, SST_LINT_TABLE},
	        {{"\tDEFER", 6}, SST_LINT_TABLE},        {{" DEFER", 6}, SST_LINT_TABLE},
	        {{" DISCARD", 8}, SST_LINT_TABLE},       {{"_code = ", 8}, SST_LINT_POSTFIX},
	};
	sst_text text = sst__text_trim(line);

	for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
		if (sst__text_starts(text, starts[i].text))
			return starts[i].type;
	if (is_reply_line(line))
		return SST_LINT_SESSION;
	line = sst__text_part(line, 0, 400);
	for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++)
		if (sst__text_search(line, 0, inside[i].text) < line.len)
			return inside[i].type;
	return SST_LINT_OTHER;
}

sst_lint_type sst_lint_type_of(sst_text in, sst_text name)
{
	unsigned votes[SST_LINT_OTHER + 1] = {0};
	sst_lint_type best = SST_LINT_OTHER;
	sst_text rest = in, line;

	if (by_name(name, &best))
		return best;
	if (is_mail(in))
		return SST_LINT_MAIL;
	for (unsigned lines = 0; lines < LINES && sst__text_line(&rest, &line); lines++)
		if (line.len > 0 && line.ptr[0] != '#')
			votes[vote(line)]++;
	votes[SST_LINT_OTHER] = 0;
	for (unsigned i = 1; i < SST_LINT_OTHER; i++)
		if (votes[i] > votes[best])
			best = (sst_lint_type)i;
	return best;
}
