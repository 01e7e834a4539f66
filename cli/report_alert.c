/* SPDX-License-Identifier: MIT
 * cli/report_alert.c - thresholds: "provider=google category=rate-limited > 5 %".
 *
 * Conditions, a comparison, a number. One of provider, domain, relay and sender says whose figures
 * are taken (all if none does); category, fate and result what is counted; with % its share of all
 * attempts (of all deliveries for a fate). */
#include "cli/report.h"

#include "cli/vocabulary.h"

#include "core/text.h"

#include <smtpstatus/words.h>

#include <stdlib.h>
#include <string.h>

typedef struct threshold {
	const tally_table *table;
	const tally_row *row;
	int category, fate;
	char result; /* first letter of delivered, deferred, bounced; r: refused; u: unknown lines
	              */
	bool delivered;
	bool nobody; /* the name that was asked for is not in the report: all its figures are 0 */
} threshold;

static bool is(sst_text text, const char *word)
{
	return sst__text_same(text, (sst_text){word, strlen(word)});
}

static const char *condition(const mail_report *report, threshold *alert, sst_text key,
                             sst_text value)
{
	const mail_tally *now = &report->now;

	if (is(key, "category")) {
		alert->category = -1;
		for (int i = 1; i < TALLY_CATEGORIES; i++)
			if (sst__text_same(cli_category_word((sst_category)i), value))
				alert->category = i;
		return alert->category < 0 ? "there is no such category" : NULL;
	}
	if (is(key, "fate")) {
		alert->fate = -1;
		for (int i = 1; i < SST_FATES; i++)
			if (sst__text_same(sst_fate_name((sst_fate)i), value))
				alert->fate = i;
		return alert->fate < 0 ? "there is no such fate" : NULL;
	}
	if (is(key, "result")) {
		static const char *const words[] = {"delivered", "deferred", "bounced"};

		for (int i = 0; i < 3; i++)
			if (is(value, words[i]))
				alert->result = "vfb"[i];
		return alert->result == 0 ? "result is delivered, deferred or bounced" : NULL;
	}
	alert->table = is(key, "provider") ? &now->providers
	               : is(key, "domain") ? &now->domains
	               : is(key, "relay")  ? &now->relays
	               : is(key, "sender") ? &now->senders
	                                   : NULL;
	if (alert->table == NULL)
		return "conditions are provider, domain, relay, sender, category, fate and result";
	alert->row = tally_find(alert->table, value);
	alert->nobody = alert->row == NULL;
	return NULL;
}

static uint64_t row_sum(const uint64_t *fates)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < SST_FATES; i++)
		sum += fates[i];
	return sum;
}

static void measure_row(const threshold *alert, uint64_t *part, uint64_t *whole)
{
	const tally_row *row = alert->row;

	*whole = alert->fate > 0 ? row_sum(row->fates) : row->attempts;
	if (alert->fate > 0)
		*part = row->fates[alert->fate];
	else if (alert->category == SST_CATEGORY_DELIVERED)
		*part = row->delivered;
	else if (alert->category > 0)
		*part = row->categories == NULL ? 0 : row->categories[alert->category];
	else
		*part = alert->result == 'v'   ? row->delivered
		        : alert->result == 'f' ? row->deferred
		        : alert->result == 'b' ? row->bounced
		                               : row->attempts;
}

static void measure_all(const mail_report *report, const threshold *alert, uint64_t *part,
                        uint64_t *whole)
{
	const mail_tally *now = &report->now;

	*whole = alert->fate > 0 ? now->deliveries : now->attempts;
	if (alert->fate == SST_FATE_REFUSED)
		*part = now->refused;
	else if (alert->fate > 0)
		*part = now->fates[alert->fate];
	else if (alert->category > 0)
		*part = now->categories[alert->category];
	else
		*part = alert->result == 'v'   ? now->results[SST_ATTEMPT_DELIVERED]
		        : alert->result == 'f' ? now->results[SST_ATTEMPT_DEFERRED]
		        : alert->result == 'b' ? now->results[SST_ATTEMPT_BOUNCED]
		                               : now->attempts;
}

static sst_text take_word(sst_text *rest)
{
	size_t end = 0;
	sst_text word;

	*rest = sst__text_trim(*rest);
	while (end < rest->len && rest->ptr[end] != ' ')
		end++;
	word = sst__text_part(*rest, 0, end);
	*rest = sst__text_part(*rest, end, rest->len);
	return word;
}

/* "5", "5%", "5 %", "0.5 %" */
static bool take_limit(sst_text rest, double *limit, bool *share)
{
	char digits[32], *end;
	size_t len;

	rest = sst__text_trim(rest);
	*share = rest.len > 0 && rest.ptr[rest.len - 1] == '%';
	if (*share)
		rest = sst__text_trim(sst__text_part(rest, 0, rest.len - 1));
	len = rest.len;
	if (len == 0 || len >= sizeof digits)
		return false;
	memcpy(digits, rest.ptr, len);
	digits[len] = '\0';
	*limit = strtod(digits, &end);
	return *end == '\0' && *limit >= 0;
}

static bool compare(double value, sst_text operator, double limit)
{
	if (is(operator, ">"))
		return value > limit;
	if (is(operator, ">="))
		return value >= limit;
	return is(operator, "<") ? value < limit : value <= limit;
}

int report_alert(const mail_report *report, sst_text text, double *value, const char **advice)
{
	threshold alert = {0};
	sst_text rest = text, word;
	uint64_t part = 0, whole = 0;
	double limit;
	bool share;

	for (;;) {
		size_t equals;

		word = take_word(&rest);
		if (word.len == 0) {
			*advice = "a comparison is missing: '> 5 %'";
			return -1;
		}
		if (word.ptr[0] == '<' || word.ptr[0] == '>')
			break;
		equals = sst__text_find(word, 0, '=');
		*advice = equals == word.len
		                  ? "conditions are NAME=VALUE"
		                  : condition(report, &alert, sst__text_part(word, 0, equals),
		                              sst__text_part(word, equals + 1, word.len));
		if (*advice != NULL)
			return -1;
	}
	if (word.len > 2 || (word.len == 2 && word.ptr[1] != '=') ||
	    !take_limit(rest, &limit, &share)) {
		*advice = "a comparison is >, >=, < or <=, and a number, with % for a share";
		return -1;
	}
	if (alert.row != NULL)
		measure_row(&alert, &part, &whole);
	else if (!alert.nobody)
		measure_all(report, &alert, &part, &whole);
	*value = !share ? (double)part : whole == 0 ? 0 : 100.0 * (double)part / (double)whole;
	return compare(*value, word, limit);
}
