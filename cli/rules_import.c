/* SPDX-License-Identifier: MIT
 * cli/rules_import.c - rules of other programs: KumoMTA's classifier TOML (Label = ["regex", ...])
 * and lists of "regex,category,..." rows, as far as their patterns are words with gaps. What could
 * not be carried over is told on stderr. */
#include "cli/complaint.h"
#include "cli/rules.h"
#include "cli/cli.h"
#include "cli/file.h"
#include "cli/rules_regex.h"
#include "core/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
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

typedef struct importing {
	cli_text *out;
	const char *path;
	unsigned long line;
	unsigned carried, left;
} importing;

static void refuse(importing *im, sst_text regex, const char *why, sst_text what)
{
	char *safe = cli_safe_text((sst_text){regex.ptr, regex.len < 120 ? regex.len : 120});
	char *about = cli_safe_text((sst_text){what.ptr, what.len < 40 ? what.len : 40});

	fprintf(stderr, "smtpstatus: %s:%lu: not carried over (%s%s): %s\n", im->path, im->line,
	        why, about, safe);
	free(about);
	free(safe);
	im->left++;
}

/* The file's name without folders and ending, so that rules of two files can stand side by side. */
static sst_text stem_of(const char *path)
{
	const char *name = strrchr(path, '/') == NULL ? path : strrchr(path, '/') + 1;
	size_t len = strcspn(name, ".");

	return len == 0 || len > 40 || name[strcspn(name, " \t")] != '\0' ? SST_TEXT("import")
	                                                                  : (sst_text){name, len};
}

/* Whether the words are a rule that compiles: a stray gap or a long group may not. */
static bool compiles(const cli_as_words *as)
{
	static char memory[1 << 18];
	char row[640];
	const sst_rules *rules = NULL;
	int len = snprintf(row, sizeof row,
	                   "id\tcategory\tweight\tcodes\twords\nx\tspam-content\t50\t%s\t%.*s\n",
	                   as->codes[0] != '\0' ? as->codes : "-", as->len == 0 ? 1 : (int)as->len,
	                   as->len == 0 ? "-" : as->words);

	return len > 0 && (size_t)len < sizeof row &&
	       sst_rules_extend(NULL, (sst_text){row, (size_t)len}, memory, sizeof memory, &rules)
	                       .err == SST_OK;
}

static bool has_letters(const cli_as_words *as)
{
	for (size_t i = 0; i < as->len; i++)
		if (sst__is_alpha(as->words[i]) || (unsigned char)as->words[i] >= 0x80)
			return true;
	return false;
}

static void take_pattern(importing *im, sst_text regex, sst_text label)
{
	const char *category = category_of(label);
	cli_as_words as;
	size_t at = 0;

	if (regex.len == 0)
		return;
	if (category == NULL) {
		refuse(im, regex, "no category here is ", label);
		return;
	}
	while (cli_regex_next(regex, &at, &as)) {
		bool code_alone = as.len == 0 && as.codes[0] != '\0';
		if ((!code_alone && !has_letters(&as)) || !compiles(&as)) {
			refuse(im, regex, "more than words with gaps", SST_NO_TEXT);
			return;
		}
		im->carried++;
		cli_put_text(im->out, stem_of(im->path));
		cli_put_format(im->out, "-%u\t%s\t85\t-\t%s\t", im->carried, category,
		               as.codes[0] != '\0' ? as.codes : "-");
		cli_put_text(im->out, code_alone ? SST_TEXT("-") : (sst_text){as.words, as.len});
		cli_put(im->out, "\t-\t-\t");
		cli_put(im->out, im->path);
		cli_put_char(im->out, '\n');
	}
}

/* "\\\\d" in a string in double quotes is "\\d". */
static sst_text unescaped(sst_text string, char *bytes, size_t room)
{
	size_t len = 0;

	for (size_t i = 0; i < string.len && len < room; i++) {
		if (string.ptr[i] == '\\' && i + 1 < string.len &&
		    (string.ptr[i + 1] == '\\' || string.ptr[i + 1] == '"'))
			i++;
		bytes[len++] = string.ptr[i];
	}
	return (sst_text){bytes, len};
}

/* All quoted strings of a TOML line; '...' and "..." alike. */
static void take_strings(importing *im, sst_text line, sst_text label)
{
	char bytes[512];
	sst_text string;

	for (size_t i = 0; i < line.len; i++) {
		char quote = line.ptr[i];
		size_t end = i + 1;
		if (quote == '#')
			return;
		if (quote != '"' && quote != '\'')
			continue;
		while (end < line.len && line.ptr[end] != quote)
			end += line.ptr[end] == '\\' && quote == '"' ? 2 : 1;
		string = sst__text_part(line, i + 1, end);
		take_pattern(im, quote == '"' ? unescaped(string, bytes, sizeof bytes) : string,
		             label);
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

/* The next cell of a row; one in double quotes, or an expression between slashes, may hold commas.
 */
static sst_text next_cell(sst_text line, size_t *at)
{
	sst_text rest = sst__text_part(line, *at, line.len);
	size_t end, close = 1;

	if (rest.len > 0 && rest.ptr[0] == '"') {
		end = sst__text_find(rest, 1, '"');
		*at += sst__text_find(rest, end, ',') + 1;
		return sst__text_part(rest, 1, end);
	}
	if (rest.len > 0 && rest.ptr[0] == '/')
		while (close < rest.len && rest.ptr[close] != '/')
			close += rest.ptr[close] == '\\' ? 2 : 1;
	end = sst__text_find(rest, close < rest.len && close > 1 ? close : 0, ',');
	*at += end + 1;
	return sst__text_trim(sst__text_part(rest, 0, end));
}

/* /pattern/i, as a script writes it. */
static sst_text without_slashes(sst_text pattern)
{
	size_t end = pattern.len;

	while (end > 1 && pattern.ptr[end - 1] != '/')
		end--;
	return pattern.len > 2 && pattern.ptr[0] == '/' && end > 2
	               ? sst__text_part(pattern, 1, end - 1)
	               : pattern;
}

/* pattern,action,category,... or pattern,category,...: whichever is a category of theirs. */
static void read_list(importing *im, sst_text text)
{
	sst_text line;

	while (sst__text_line(&text, &line)) {
		size_t at = 0;
		sst_text pattern, second, third;
		im->line++;
		if (line.len == 0 || line.ptr[0] == '#' || sst__text_find(line, 0, ',') == line.len)
			continue;
		pattern = without_slashes(next_cell(line, &at));
		second = next_cell(line, &at);
		third = at < line.len ? next_cell(line, &at) : SST_NO_TEXT;
		take_pattern(im, pattern,
		             category_of(second) == NULL && third.len > 0 ? third : second);
	}
}

int cli_rules_import(const char *path, cli_text *out)
{
	importing im = {out, path, 0, 0, 0};
	sst_text text;

	if (!cli_file_load(path, &text)) {
		cli_complain_errno(path);
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
