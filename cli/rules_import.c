/* SPDX-License-Identifier: MIT
 * cli/rules_import.c - rules of other programs: KumoMTA's classifier TOML (Label = ["regex", ...])
 * and lists of "regex,category,..." rows, as far as their patterns are words with gaps. What could
 * not be carried over is told on stderr. */
#include "cli/rules.h"
#include "cli/cli.h"
#include "cli/file.h"
#include "core/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Their names, in lower case without punctuation, and ours. */
static const char *const labels[][2] = {
        {"invalidrecipient", "user-unknown"},
        {"badmailbox", "user-unknown"},
        {"inactivemailbox", "mailbox-disabled"},
        {"quotaissues", "mailbox-full"},
        {"baddomain", "bad-domain"},
        {"dnsfailure", "dns-failure"},
        {"routingerrors", "routing-error"},
        {"badconnection", "network-error"},
        {"noanswerfromhost", "network-error"},
        {"messageexpired", "message-expired"},
        {"transientfailure", "system-error"},
        {"badconfiguration", "system-error"},
        {"toomanyrecipients", "too-many-recipients"},
        {"spamblock", "ip-blocklisted"},
        {"spamcontent", "spam-content"},
        {"spamrelated", "spam-content"},
        {"contentrelated", "spam-content"},
        {"virusrelated", "virus-detected"},
        {"prohibitedattachment", "attachment-rejected"},
        {"protocolerrors", "protocol-error"},
        {"authenticationfailed", "auth-failure"},
        {"relaydenied", "relay-denied"},
        {"relayingissues", "relay-denied"},
        {"invalidsender", "invalid-sender"},
        {"policyrelated", "policy-rejected"},
        {"autoreply", "auto-reply"},
        {"rate", "rate-limited"},
        {"blacklist", "ip-blocklisted"},
        {"block", "sender-blocklisted"},
        {"spam", "spam-content"},
        {"message", "malformed-message"},
        {"recipient", "user-unknown"},
        {"capacity", "mailbox-full"},
        {"greylist", "greylisted"},
        {"network", "network-error"},
        {"protocol", "protocol-error"},
        {"auth", "smtp-auth-failed"},
        {"envelope", "invalid-sender"},
        {"policy", "policy-rejected"},
        {"virus", "virus-detected"},
        {"dmarc", "auth-failure"},
        {NULL, NULL},
};

static const char *category_of(sst_text label)
{
	char name[40];
	size_t len = 0;

	for (size_t i = 0; i < label.len && len + 1 < sizeof name; i++)
		if (sst__is_alpha(label.ptr[i]))
			name[len++] = sst__lower(label.ptr[i]);
	name[len] = '\0';
	for (unsigned i = 0; labels[i][0] != NULL; i++)
		if (strcmp(labels[i][0], name) == 0)
			return labels[i][1];
	return NULL;
}

/* A regular expression that is words with gaps, as our words; 0 if it is more than that. */
static size_t to_words(sst_text regex, char *words, size_t room)
{
	size_t len = 0;

	for (size_t i = 0; i < regex.len; i++) {
		char c = regex.ptr[i];
		if (len + 4 > room)
			return 0;
		if (c == '^' || c == '$')
			continue;
		if (c == '.' && sst__at(regex, i + 1) == '*') {
			memcpy(words + len, " * ", 3);
			len += 3;
			i++;
			if (sst__at(regex, i + 1) == '?')
				i++;
		} else if (c == '\\' && sst__at(regex, i + 1) == 's') {
			words[len++] = ' ';
			i += sst__at(regex, i + 2) == '+' || sst__at(regex, i + 2) == '*' ? 2 : 1;
		} else if (c == '\\' && !sst__is_alpha(sst__at(regex, i + 1)) &&
		           !sst__is_digit(sst__at(regex, i + 1))) {
			i++;
			words[len++] = ' ';
		} else if (c == '\\' || c == '[' || c == '(' || c == '|' || c == '{' || c == '?' ||
		           c == '+' || c == '*' || c == ')' || c == '\t') {
			return 0;
		} else {
			words[len++] = sst__is_alpha(c) || sst__is_digit(c) ||
			                               (unsigned char)c >= 0x80 || c == '\''
			                       ? c
			                       : ' ';
		}
	}
	return len;
}

typedef struct importing {
	cli_text *out;
	const char *path;
	unsigned long line;
	unsigned carried, left;
} importing;

static void take_pattern(importing *im, sst_text regex, sst_text label)
{
	char words[400];
	size_t len = to_words(regex, words, sizeof words);
	const char *category = category_of(label);
	bool letters = false;

	for (size_t i = 0; i < len; i++)
		letters |= sst__is_alpha(words[i]) || (unsigned char)words[i] >= 0x80;
	if (!letters || category == NULL) {
		fprintf(stderr, "smtpstatus: %s:%lu: not carried over (%s): %.*s\n", im->path,
		        im->line,
		        category == NULL ? "no such category here" : "more than words with gaps",
		        (int)(regex.len < 120 ? regex.len : 120), regex.ptr);
		im->left++;
		return;
	}
	im->carried++;
	cli_put_format(im->out, "import-%u\t%s\t85\t-\t-\t", im->carried, category);
	cli_put_text(im->out, sst__text_trim((sst_text){words, len}));
	cli_put(im->out, "\t-\t-\t");
	cli_put(im->out, im->path);
	cli_put_char(im->out, '\n');
}

/* All quoted strings of a TOML line; '...' and "..." alike. */
static void take_strings(importing *im, sst_text line, sst_text label)
{
	for (size_t i = 0; i < line.len; i++) {
		char quote = line.ptr[i];
		size_t end = i + 1;
		if (quote == '#')
			return;
		if (quote != '"' && quote != '\'')
			continue;
		while (end < line.len && line.ptr[end] != quote)
			end += line.ptr[end] == '\\' && quote == '"' ? 2 : 1;
		take_pattern(im, sst__text_part(line, i + 1, end), label);
		i = end;
	}
}

static void read_toml(importing *im, sst_text text)
{
	sst_text line, label = SST_NO_TEXT;

	while (sst__text_line(&text, &line)) {
		size_t sign = sst__text_find(line, 0, '='), from = 0;
		im->line++;
		line = sst__text_trim(line);
		sign = sst__text_find(line, 0, '=');
		if (line.len > 0 && (sst__is_alpha(line.ptr[0])) && sign < line.len) {
			label = sst__text_trim(sst__text_part(line, 0, sign));
			from = sign + 1;
		}
		if (label.len > 0)
			take_strings(im, sst__text_part(line, from, line.len), label);
	}
}

static void read_list(importing *im, sst_text text)
{
	sst_text line;

	while (sst__text_line(&text, &line)) {
		size_t comma = sst__text_find(line, 0, ','), end;
		im->line++;
		if (line.len == 0 || line.ptr[0] == '#' || comma == line.len)
			continue;
		end = sst__text_find(line, comma + 1, ',');
		/* pattern,action,category or pattern,category: whichever is a category of theirs */
		if (category_of(sst__text_part(line, comma + 1, end)) == NULL && end < line.len) {
			size_t next = sst__text_find(line, end + 1, ',');
			take_pattern(im, sst__text_part(line, 0, comma),
			             sst__text_part(line, end + 1, next));
		} else {
			take_pattern(im, sst__text_part(line, 0, comma),
			             sst__text_part(line, comma + 1, end));
		}
	}
}

int cli_rules_import(const char *path, cli_text *out)
{
	importing im = {out, path, 0, 0, 0};
	sst_text text;

	if (!cli_file_load(path, &text)) {
		fprintf(stderr, "smtpstatus: %s: %s\n", path, strerror(errno));
		return EXIT_SYSTEM;
	}
	cli_put(out, "id\tcategory\tweight\tspeaker\tcodes\twords\tset\texample\tfact\n");
	if (sst__text_ends((sst_text){path, strlen(path)}, SST_TEXT(".toml")))
		read_toml(&im, text);
	else
		read_list(&im, text);
	fprintf(stderr, "smtpstatus: %s: %u rules carried over, %u not\n", path, im.carried,
	        im.left);
	return im.left > 0 ? EXIT_PARTLY : EXIT_DONE;
}
