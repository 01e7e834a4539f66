/* SPDX-License-Identifier: MIT
 * cli/findings.h - what lint found, in its three forms. */
#ifndef SST_CLI_FINDINGS_H
#define SST_CLI_FINDINGS_H

#include "cli/output.h"
#include "say/json.h"

#include <smtpstatus/lint.h>

typedef enum cli_findings_form { FINDINGS_TEXT, FINDINGS_JSON, FINDINGS_SARIF } cli_findings_form;

typedef struct cli_findings {
	cli_findings_form form;
	sst_lint_severity least; /* less severe ones are left out */
	const char *source;      /* the file at hand */
	sst_text in;
	sst_lint_type type;
	size_t count; /* of those that were shown */
	cli_text text;
	sst_json json;
	char buffer[16384];
} cli_findings;

void cli_findings_open(cli_findings *out);
void cli_findings_show(cli_findings *out, const sst_finding *finding);
void cli_findings_close(cli_findings *out);

/* The word for a type ("postfix"), and its number; SST_LINT_AUTO if there is none such. */
const char *cli_lint_type_word(sst_lint_type type);
sst_lint_type cli_lint_type_find(const char *word);

const char *cli_severity_word(sst_lint_severity severity);
sst_lint_severity cli_severity_find(const char *word); /* 0: there is none such */

#endif
