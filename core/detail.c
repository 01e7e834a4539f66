/* SPDX-License-Identifier: MIT
 * core/detail.c - what the words give beside the verdict: names, links, numbers, ids. All texts are
 * views into the evidence's text. */
#include "core/details.h"
#include "core/judge.h"
#include "core/measure.h"
#include "core/names.h"
#include "core/rules.h"

#include <smtpstatus/words.h>

static bool is_name_char(char c)
{
	return sst__byte_is(c, SST__BYTE_LETTER | SST__BYTE_DIGIT | SST__BYTE_HOST);
}

/* The next host name at or after `*at`; links are looked into, addresses are not. */
static bool next_host(sst_text text, size_t *at, sst_text *host)
{
	while (*at < text.len) {
		size_t from = *at, end = from;
		if (!is_name_char(text.ptr[from])) {
			++*at;
			continue;
		}
		while (end < text.len && is_name_char(text.ptr[end]))
			end++;
		*at = end;
		if (sst__at(text, end) == '@' || (from > 0 && text.ptr[from - 1] == '@'))
			continue;
		while (end > from && (text.ptr[end - 1] == '.' || text.ptr[end - 1] == '-'))
			end--;
		*host = sst__text_part(text, from, end);
		if (sst__is_host_name(*host))
			return true;
	}
	return false;
}

/* First labels that lists have, and names of those who keep them. */
static bool is_list_name(sst_text host)
{
	for (const char *const *start = sst__list_starts; *start != NULL; start++)
		if (**start == sst__lower(sst__at(host, 0)) &&
		    sst__text_starts(host, sst__text_constant(*start)))
			return true;
	for (const char *const *part = sst__list_parts; *part != NULL; part++)
		if (sst__text_search(host, 0, sst__text_constant(*part)) < host.len)
			return true;
	return false;
}

/* The word at `at`: letters. */
static sst_text word_at(sst_text text, size_t at)
{
	size_t end = at;

	while (sst__byte_is(sst__at(text, end), SST__BYTE_LETTER | SST__BYTE_HIGH))
		end++;
	return sst__text_part(text, at, end);
}

/* A list without a host: "the SORBS list", "Spamhaus SBL". What stands in a host name or an address
 * is none. */
static sst_text find_list_name(sst_text text)
{
	for (size_t at = 0; at < text.len;) {
		sst_text name = word_at(text, at);
		size_t end = at + name.len;
		bool alone =
		        name.len >= 4 &&
		        (at == 0 || (!is_name_char(text.ptr[at - 1]) && text.ptr[at - 1] != '@'));
		if (alone && !is_name_char(sst__at(text, end)) &&
		    sst__may_be(name, sst__name_starts) &&
		    sst__is_among(name, sst__list_names)) {
			sst_text kind = word_at(text, end + 1);
			if (sst__at(text, end) == ' ' && sst__is_among(kind, sst__list_kinds))
				end += 1 + kind.len;
			if (sst__at(text, end) == ' ' && sst__is_digit(sst__at(text, end + 1)) &&
			    !is_name_char(sst__at(text, end + 2)))
				end += 2;
			return sst__text_part(text, at, end);
		}
		at = name.len > 0 ? end : at + 1;
	}
	return SST_NO_TEXT;
}

static bool follows(sst_text text, const char *host, const char *word)
{
	size_t len = sst__text_constant(word).len, at = (size_t)(host - text.ptr);

	while (at > 0 && sst__is_space(text.ptr[at - 1]))
		at--;
	return at >= len &&
	       sst__text_same(sst__text_part(text, at - len, at), (sst_text){word, len});
}

/* The list that is named: a host with a list's name, or the one that "using" and the like announce.
 */
static sst_text find_list(sst_text text)
{
	size_t at = 0;
	sst_text host, announced = SST_NO_TEXT;

	while (next_host(text, &at, &host)) {
		bool link = host.ptr > text.ptr && host.ptr[-1] == '/';
		for (const char *const *word = sst__list_words; *word != NULL; word++)
			if (announced.ptr == NULL && follows(text, host.ptr, *word))
				announced = host;
		if (!link && is_list_name(host))
			return host;
	}
	return announced.ptr != NULL ? announced : find_list_name(text);
}

static sst_text find_link(sst_text text)
{
	size_t colon = sst__text_find(text, 0, ':'), at, end;

	while (colon < text.len &&
	       !(sst__at(text, colon + 1) == '/' && sst__at(text, colon + 2) == '/'))
		colon = sst__text_find(text, colon + 1, ':');
	if (colon >= text.len)
		return SST_NO_TEXT;
	for (at = colon; at > 0 && sst__is_alpha(text.ptr[at - 1]);)
		at--;
	if (!sst__text_starts(sst__text_part(text, at, colon), SST_TEXT("http")))
		return SST_NO_TEXT;
	for (end = at; end < text.len && !sst__is_space(text.ptr[end]); end++)
		if (text.ptr[end] == '>' || text.ptr[end] == '<' || text.ptr[end] == '"' ||
		    text.ptr[end] == ')' || text.ptr[end] == ']')
			break;
	while (end > at && (text.ptr[end - 1] == '.' || text.ptr[end - 1] == ',' ||
	                    text.ptr[end - 1] == ';' || text.ptr[end - 1] == '\''))
		end--;
	return sst__text_part(text, at, end);
}

/* An address behind `from` that is not the recipient. */
static sst_text find_address(sst_text text, size_t from, sst_text recipient)
{
	for (size_t sign = sst__text_find(text, from, '@'); sign < text.len;
	     sign = sst__text_find(text, sign + 1, '@')) {
		size_t start = sign, end = sign + 1;
		sst_text address;
		while (start > from &&
		       (is_name_char(text.ptr[start - 1]) || text.ptr[start - 1] == '+'))
			start--;
		while (end < text.len && is_name_char(text.ptr[end]))
			end++;
		while (end > sign && (text.ptr[end - 1] == '.' || text.ptr[end - 1] == '-'))
			end--;
		address = sst__text_part(text, start, end);
		if (start < sign && end > sign + 1 && !sst__text_same(address, recipient))
			return address;
	}
	return SST_NO_TEXT;
}

static sst_text find_new_address(const struct sst__case *c)
{
	sst_text text = c->evidence->text;

	for (const char *const *word = sst__moved_words; *word != NULL; word++) {
		size_t at = sst__text_search(text, 0, sst__text_constant(*word));
		sst_text found = at < text.len ? find_address(text, at, c->evidence->recipient)
		                               : SST_NO_TEXT;
		if (found.ptr != NULL)
			return found;
	}
	return SST_NO_TEXT;
}

static bool is_token_char(char c)
{
	return sst__byte_is(c, SST__BYTE_LETTER | SST__BYTE_DIGIT | SST__BYTE_TOKEN);
}

/* The provider's own token: what a provider's rule found, if it looks like one. */
static sst_text find_provider_code(const struct sst__case *c)
{
	sst_text text = c->evidence->text;

	for (unsigned i = 0; i < c->matches.count; i++) {
		const struct sst__match *match = &c->matches.list[i];
		size_t from = match->from, upto = match->upto;
		bool digit = false;
		if (match->rule->says == 0 || match->rule->category == 0 ||
		    match->upto <= match->from)
			continue;
		while (upto < text.len && is_token_char(text.ptr[upto]) && text.ptr[upto] != ':')
			upto++;
		for (size_t k = from; k < upto; k++)
			digit |= sst__is_digit(text.ptr[k]) || text.ptr[k] == ':' ||
			         text.ptr[k] == '#';
		if (sst__at(text, upto) == ')' &&
		    sst__text_find(sst__text_part(text, from, upto), 0, '(') < upto - from)
			upto++;
		if (digit && upto - from <= 24 &&
		    sst__text_find(sst__text_part(text, from, upto), 0, ' ') == upto - from)
			return sst__text_part(text, from, upto);
	}
	return SST_NO_TEXT;
}

/* "AS(1450)", "(AS840004)": Microsoft's. */
static sst_text find_as_code(sst_text text)
{
	for (size_t i = sst__text_find(text, 0, 'A'); i + 4 < text.len;
	     i = sst__text_find(text, i + 1, 'A')) {
		unsigned digits = 0;
		size_t at = i + 2 + (text.ptr[i + 2] == '(');
		if (text.ptr[i] != 'A' || text.ptr[i + 1] != 'S' ||
		    (i > 0 && sst__is_alpha(text.ptr[i - 1])))
			continue;
		while (sst__is_digit(sst__at(text, at + digits)))
			digits++;
		if (digits >= 3)
			return sst__text_part(text, i,
			                      at + digits +
			                              (text.ptr[i + 2] == '(' &&
			                               sst__at(text, at + digits) == ')'));
	}
	return SST_NO_TEXT;
}

static size_t id_start(sst_text text, size_t at)
{
	size_t from = at;

	while (from < text.len && from < at + 6 && !sst__is_alpha(text.ptr[from]) &&
	       !sst__is_digit(text.ptr[from]))
		from++;
	return from;
}

/* What stands behind the mark of an id: at least four bytes with a digit, or nothing. */
static sst_text ticket_at(sst_text text, size_t at)
{
	size_t from = id_start(text, at), end;
	sst_text word = word_at(text, from);
	bool digit = false;

	if (sst__is_among(word, sst__number_words))
		from = id_start(text, from + word.len);
	for (end = from; end < text.len && (is_token_char(text.ptr[end]) || text.ptr[end] == '.');
	     end++)
		digit |= sst__is_digit(text.ptr[end]);
	while (end > from && (text.ptr[end - 1] == '.' || text.ptr[end - 1] == ':'))
		end--;
	return digit && end - from >= 4 ? sst__text_part(text, from, end) : SST_NO_TEXT;
}

/* How many bytes of `rest` are `mark`, in which a blank is also "-" or "_"; 0: another word. */
static size_t mark_length(sst_text rest, const char *mark)
{
	size_t i = 0;

	for (; mark[i] != '\0'; i++) {
		char c = sst__lower(sst__at(rest, i));
		if (c != mark[i] && (mark[i] != ' ' || (c != '-' && c != '_')))
			return 0;
	}
	return i;
}

/* "[HOST 2024-05-01T10:00:00.000Z 08DC6A0123456789]": the id that Microsoft asks for. */
static sst_text last_in_brackets(sst_text text)
{
	size_t end = text.len, from;

	while (end > 0 && (sst__is_space(text.ptr[end - 1]) || text.ptr[end - 1] == '.'))
		end--;
	if (end == 0 || text.ptr[--end] != ']')
		return SST_NO_TEXT;
	for (from = end;
	     from > 0 && sst__byte_is(text.ptr[from - 1], SST__BYTE_LETTER | SST__BYTE_DIGIT);)
		from--;
	return end - from == 16 && from > 2 && text.ptr[from - 1] == ' ' &&
	                       text.ptr[from - 2] == 'Z' && sst__is_digit(text.ptr[from - 3])
	               ? sst__text_part(text, from, end)
	               : SST_NO_TEXT;
}

static sst_text before_gsmtp(sst_text text, size_t at)
{
	size_t end = at;

	while (end > 0 && (sst__is_space(text.ptr[end - 1]) || text.ptr[end - 1] == '-'))
		end--;
	for (at = end; at > 0 && !sst__is_space(text.ptr[at - 1]);)
		at--;
	return sst__text_find(sst__text_part(text, at, end), 0, '/') < end - at
	               ? SST_NO_TEXT /* a link, and the id was taken away */
	               : sst__text_part(text, at, end);
}

/* The id behind a mark that starts at `at`: "ticket", "reference" and the like. */
static sst_text ticket_of(sst_text text, size_t at)
{
	sst_text rest = sst__text_part(text, at, text.len);
	char first = sst__lower(rest.ptr[0]), second = sst__lower(sst__at(rest, 1));

	for (const char *const *mark = sst__ticket_words; *mark != NULL; mark++) {
		sst_text found;
		size_t length;
		if ((*mark)[0] != first || (*mark)[1] != second)
			continue;
		length = mark_length(rest, *mark);
		if (length == 0)
			continue;
		found = ticket_at(text, at + length);
		if (found.ptr != NULL)
			return found;
	}
	return SST_NO_TEXT;
}

/* An id to quote: the word before "- gsmtp", or behind a mark. */
static sst_text find_ticket(sst_text text)
{
	for (size_t at = 0; at < text.len; at++) {
		char c = (char)(text.ptr[at] | 0x20);
		sst_text found;
		if (!is_token_char(text.ptr[at]))
			continue;
		if (c == 'g' &&
		    sst__text_starts(sst__text_part(text, at, text.len), SST_TEXT("gsmtp")))
			return before_gsmtp(text, at);
		if (sst__may_be(sst__text_part(text, at, text.len), sst__ticket_starts)) {
			found = ticket_of(text, at);
			if (found.ptr != NULL)
				return found;
		}
		while (at < text.len && is_token_char(text.ptr[at]))
			at++;
	}
	return last_in_brackets(text);
}

/* What failed: as the winning rule says, or what all that agree with it say. Of several DMARC is
 * the one, since it rests on the others; "neither SPF nor DKIM" is no single check. */
static sst_check find_check(const struct sst__case *c, const struct sst__rule *winner,
                            unsigned category)
{
	sst_check found = 0;
	bool several = false;

	if (winner != NULL && winner->check != 0)
		return winner->check;
	for (unsigned i = 0; i < c->matches.count; i++) {
		const struct sst__rule *rule = c->matches.list[i].rule;
		if (rule->check == 0 || rule->category != category)
			continue;
		if (rule->check == SST_CHECK_DMARC)
			return SST_CHECK_DMARC;
		several = several || (found != 0 && found != rule->check);
		found = rule->check;
	}
	return several ? 0 : found;
}

void sst__detail(const struct sst__case *c, const struct sst__rule *winner,
                 struct sst_verdict *verdict)
{
	sst_text text = c->evidence->text;
	sst_detail *detail = &verdict->detail;
	unsigned category = verdict->category;

	detail->check = find_check(c, winner, category);
	detail->link = find_link(text);
	if (category == SST_CATEGORY_IP_BLOCKLISTED ||
	    category == SST_CATEGORY_SENDER_BLOCKLISTED || category == SST_CATEGORY_SPAM_CONTENT ||
	    category == SST_CATEGORY_POOR_REPUTATION)
		detail->list = find_list(text);
	if (verdict->permanence == SST_PERMANENCE_TEMPORARY ||
	    category == SST_CATEGORY_GREYLISTED || category == SST_CATEGORY_RATE_LIMITED)
		detail->retry_after = sst__measure_wait(text);
	if (category == SST_CATEGORY_MESSAGE_TOO_BIG || category == SST_CATEGORY_MAILBOX_FULL)
		detail->limit = sst__measure_limit(text);
	if (category == SST_CATEGORY_MAILBOX_DISABLED || c->reply == 551 || c->reply == 251)
		detail->new_address = find_new_address(c);
	detail->provider_code = find_provider_code(c);
	if (detail->provider_code.ptr == NULL)
		detail->provider_code = find_as_code(text);
	detail->ticket = find_ticket(text);
}
