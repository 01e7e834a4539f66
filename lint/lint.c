/* SPDX-License-Identifier: MIT
 * lint/lint.c - findings: where they are, and what they say. */
#include "lint/lint.h"
#include "core/text.h"

const sst_lint_rule *sst_lint_rule_at(unsigned index)
{
	return index < SST__LINT_RULES ? &sst__lint_rules[index] : NULL;
}

/* Findings come nearly in order, so that the way from the last one is short. */
static uint32_t line_of(sst_lint_run *run, size_t at)
{
	for (; run->line_at < at; run->line_at++)
		if (run->in.ptr[run->line_at] == '\n')
			run->line++;
	while (run->line_at > at)
		if (run->in.ptr[--run->line_at] == '\n')
			run->line--;
	return run->line;
}

static bool told_before(const sst_lint_run *run, const sst_finding *finding)
{
	const sst_finding *last = &run->last;

	return run->count > 0 && last->rule == finding->rule && last->line == finding->line &&
	       last->what.len == finding->what.len &&
	       (last->what.len == 0 ||
	        memcmp(last->what.ptr, finding->what.ptr, last->what.len) == 0);
}

static bool is_inside(sst_text in, sst_text part)
{
	uintptr_t at = (uintptr_t)part.ptr, start = (uintptr_t)in.ptr;

	return part.ptr != NULL && at >= start && at <= start + in.len;
}

void sst__lint_report(sst_lint_run *run, unsigned rule, sst_text what, sst_text better)
{
	sst_finding finding = {.rule = rule};
	size_t len = better.len < sizeof finding.better ? better.len : sizeof finding.better - 1;

	if (is_inside(run->in, what)) {
		finding.from = (size_t)(what.ptr - run->in.ptr);
		finding.upto = finding.from + what.len;
	} else { /* none, or of a part that was decoded */
		finding.from = finding.upto = run->decoded_at > 0 ? run->decoded_at : run->line_at;
	}
	finding.what = what;
	finding.severity = run->quoted ? SST_LINT_INFO : sst_lint_rule_at(rule)->severity;
	finding.line = line_of(run, finding.from);
	if (len > 0)
		memcpy(finding.better, better.ptr, len);
	if (told_before(run, &finding))
		return;
	run->last = finding;
	run->count++;
	if (run->found != NULL)
		run->found(run->context, &finding);
}

void sst__lint_report_code(sst_lint_run *run, unsigned rule, sst_text what, sst_code better)
{
	char text[SST_CODE_SIZE];
	sst_text written = {text, 0};

	if (better.cls != 0)
		written.len = sst_code_format(better, text, sizeof text);
	sst__lint_report(run, rule, what, written);
}

size_t sst_lint(sst_text in, sst_lint_type type, const sst_registry *registry,
                void (*found)(void *context, const sst_finding *finding), void *context)
{
	sst_lint_run run = {
	        .in = in, .registry = registry, .found = found, .context = context, .line = 1};

	if (type == SST_LINT_AUTO)
		type = sst_lint_type_of(in, SST_NO_TEXT);
	switch (type) {
	case SST_LINT_MAIL:
		sst__lint_mail(&run);
		break;
	case SST_LINT_SESSION:
		sst__lint_session(&run);
		break;
	case SST_LINT_LOG:
		sst__lint_log(&run);
		break;
	case SST_LINT_POSTFIX:
		sst__lint_postfix(&run);
		break;
	case SST_LINT_TABLE:
		sst__lint_table(&run);
		break;
	case SST_LINT_EXIM:
		sst__lint_exim(&run);
		break;
	case SST_LINT_SMTPD:
		sst__lint_smtpd(&run);
		break;
	case SST_LINT_SIEVE:
		sst__lint_sieve(&run);
		break;
	default:
		break;
	}
	return run.count;
}

struct writer {
	char *buffer;
	size_t size, len;
};

static void put(struct writer *out, sst_text text, size_t most)
{
	bool cut = text.len > most;

	if (cut)
		text.len = most;
	for (size_t i = 0; i < text.len && out->len < out->size; i++) {
		char c = text.ptr[i];

		if (sst__is_space(c))
			c = ' ';
		out->buffer[out->len++] = c >= ' ' && c <= '~' ? c : '?';
	}
	for (unsigned i = 0; cut && i < 3 && out->len < out->size; i++)
		out->buffer[out->len++] = '.';
}

size_t sst_finding_text(const sst_finding *finding, char *buffer, size_t size)
{
	const sst_lint_rule *rule = sst_lint_rule_at(finding->rule);
	struct writer out = {buffer, size, 0};
	sst_text rest, better = {finding->better, 0};

	if (rule == NULL)
		return 0;
	while (better.len < sizeof finding->better && finding->better[better.len] != '\0')
		better.len++;
	for (rest = rule->message; rest.len > 0;) {
		if (sst__text_starts(rest, SST_TEXT("{what}"))) {
			put(&out, sst__text_trim(finding->what), 80);
			rest = sst__text_part(rest, 6, rest.len);
		} else if (sst__text_starts(rest, SST_TEXT("{better}"))) {
			put(&out, better.len > 0 ? better : SST_TEXT("another one"),
			    sizeof finding->better);
			rest = sst__text_part(rest, 8, rest.len);
		} else {
			put(&out, sst__text_part(rest, 0, 1), 1);
			rest = sst__text_part(rest, 1, rest.len);
		}
	}
	if (finding->severity != 0 && finding->severity < rule->severity)
		put(&out, SST_TEXT(" (in another server's answer)"), 40);
	return out.len;
}
