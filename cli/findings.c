/* SPDX-License-Identifier: MIT
 * cli/findings.c - what lint found: text for people and editors, JSON Lines, or SARIF 2.1.0 for
 * code review. */
#include "cli/findings.h"

#include "cli/record.h"

#include <string.h>

static const char *const types[] = {NULL,    "mail", "session",   "log",  "postfix",
                                    "table", "exim", "opensmtpd", "sieve"};
static const char *const severities[] = {NULL, "info", "warning", "error"};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static unsigned find(const char *const *list, size_t count, const char *word)
{
	for (unsigned i = 1; i < count; i++)
		if (strcmp(list[i], word) == 0)
			return i;
	return 0;
}

const char *cli_lint_type_word(sst_lint_type type)
{
	return type < COUNT(types) ? types[type] : NULL;
}

sst_lint_type cli_lint_type_find(const char *word)
{
	return (sst_lint_type)find(types, COUNT(types), word);
}

const char *cli_severity_word(sst_lint_severity severity)
{
	return severity < COUNT(severities) ? severities[severity] : NULL;
}

sst_lint_severity cli_severity_find(const char *word)
{
	return (sst_lint_severity)find(severities, COUNT(severities), word);
}

static sst_text text_of(const char *string)
{
	return (sst_text){string, strlen(string)};
}

static void field(sst_json *json, const char *key, const char *string)
{
	sst_json_key(json, key);
	sst_json_text(json, text_of(string));
}

/* {"text": ...}, the form of every message in SARIF. */
static void sarif_message(sst_json *json, const char *key, sst_text text)
{
	sst_json_key(json, key);
	sst_json_open(json, '{');
	sst_json_field(json, "text", text);
	sst_json_close(json, '}');
}

static const char *sarif_level(sst_lint_severity severity)
{
	return severity == SST_LINT_INFO ? "note" : cli_severity_word(severity);
}

static void sarif_rule(sst_json *json, const sst_lint_rule *rule)
{
	sst_json_open(json, '{');
	sst_json_field(json, "id", rule->id);
	sarif_message(json, "shortDescription", rule->message);
	sarif_message(json, "help", rule->section);
	sst_json_key(json, "defaultConfiguration");
	sst_json_open(json, '{');
	field(json, "level", sarif_level(rule->severity));
	sst_json_close(json, '}');
	sst_json_close(json, '}');
}

static void sarif_open(sst_json *json)
{
	const sst_lint_rule *rule;

	sst_json_open(json, '{');
	field(json, "version", "2.1.0");
	field(json, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	sst_json_key(json, "runs");
	sst_json_open(json, '[');
	sst_json_open(json, '{');
	sst_json_key(json, "tool");
	sst_json_open(json, '{');
	sst_json_key(json, "driver");
	sst_json_open(json, '{');
	field(json, "name", "smtpstatus");
	sst_json_key(json, "rules");
	sst_json_open(json, '[');
	for (unsigned i = 0; (rule = sst_lint_rule_at(i)) != NULL; i++)
		sarif_rule(json, rule);
	sst_json_close(json, ']');
	sst_json_close(json, '}');
	sst_json_close(json, '}');
	sst_json_key(json, "results");
	sst_json_open(json, '[');
}

/* A path as a relative or absolute URI reference: all but unreserved bytes and '/' in %XX. */
static void sarif_uri(sst_json *json, const char *path)
{
	static const char plain[] =
	        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
	static const char hex[] = "0123456789ABCDEF";
	char uri[4096];
	size_t len = 0;

	for (; *path != '\0' && len + 3 < sizeof uri; path++) {
		if (strchr(plain, *path) != NULL) {
			uri[len++] = *path;
			continue;
		}
		uri[len++] = '%';
		uri[len++] = hex[(unsigned char)*path >> 4];
		uri[len++] = hex[(unsigned char)*path & 15];
	}
	sst_json_field(json, "uri", (sst_text){uri, len});
}

static void sarif_result(cli_findings *out, const sst_finding *finding, const sst_lint_rule *rule,
                         sst_text message)
{
	sst_json *json = &out->json;

	sst_json_open(json, '{');
	sst_json_field(json, "ruleId", rule->id);
	sst_json_field_number(json, "ruleIndex", finding->rule);
	field(json, "level", sarif_level(finding->severity));
	sarif_message(json, "message", message);
	sst_json_key(json, "locations");
	sst_json_open(json, '[');
	sst_json_open(json, '{');
	sst_json_key(json, "physicalLocation");
	sst_json_open(json, '{');
	sst_json_key(json, "artifactLocation");
	sst_json_open(json, '{');
	sarif_uri(json, out->source);
	sst_json_close(json, '}');
	sst_json_key(json, "region");
	sst_json_open(json, '{');
	sst_json_field_number(json, "startLine", finding->line);
	sst_json_close(json, '}');
	sst_json_close(json, '}');
	sst_json_close(json, '}');
	sst_json_close(json, ']');
	sst_json_close(json, '}');
}

static void json_record(cli_findings *out, const sst_finding *finding, const sst_lint_rule *rule,
                        sst_text message)
{
	sst_json *json = &out->json;
	sst_text what = finding->what;

	cli_record_open(json);
	field(json, "source", out->source);
	sst_json_field_number(json, "line", finding->line);
	field(json, "type", cli_lint_type_word(out->type));
	field(json, "severity", cli_severity_word(finding->severity));
	sst_json_field(json, "rule", rule->id);
	sst_json_field(json, "section", rule->section);
	sst_json_field(json, "message", message);
	if (what.len > 0)
		sst_json_field(json, "text", what);
	if (finding->better[0] != '\0')
		field(json, "better", finding->better);
	sst_json_close(json, '}');
	sst_json_line_end(json);
}

static void text_line(cli_findings *out, const sst_finding *finding, const sst_lint_rule *rule,
                      sst_text message)
{
	/* A file's name must not steer the terminal. */
	for (const char *c = out->source; *c != '\0'; c++)
		cli_put_char(&out->text, (unsigned char)*c < ' ' || *c == 127 ? '?' : *c);
	cli_put_format(&out->text, ":%u: %s: ", finding->line,
	               cli_severity_word(finding->severity));
	cli_put_text(&out->text, message);
	cli_put(&out->text, " [");
	cli_put_text(&out->text, rule->id);
	cli_put(&out->text, ", ");
	cli_put_text(&out->text, rule->section);
	cli_put(&out->text, "]\n");
}

void cli_findings_open(cli_findings *out)
{
	cli_text_init(&out->text, cli_stdout_write, NULL);
	sst_json_init(&out->json, out->buffer, sizeof out->buffer, cli_stdout_write, NULL);
	if (out->form == FINDINGS_SARIF)
		sarif_open(&out->json);
}

void cli_findings_show(cli_findings *out, const sst_finding *finding)
{
	const sst_lint_rule *rule = sst_lint_rule_at(finding->rule);
	char buffer[1024];
	sst_text message = {buffer, sst_finding_text(finding, buffer, sizeof buffer)};

	if (rule == NULL || finding->severity < out->least)
		return;
	out->count++;
	if (out->form == FINDINGS_JSON)
		json_record(out, finding, rule, message);
	else if (out->form == FINDINGS_SARIF)
		sarif_result(out, finding, rule, message);
	else
		text_line(out, finding, rule, message);
}

void cli_findings_close(cli_findings *out)
{
	if (out->form == FINDINGS_SARIF) {
		sst_json_close(&out->json, ']');
		sst_json_close(&out->json, '}');
		sst_json_close(&out->json, ']');
		sst_json_close(&out->json, '}');
		sst_json_line_end(&out->json);
	}
	sst_json_flush(&out->json);
	cli_text_flush(&out->text);
}
