/* SPDX-License-Identifier: MIT
 * lint/receipt.c - the fields of read receipts (RFC 8098) and of complaints (RFC 5965). */
#include "lint/field.h"
#include "lint/lint.h"
#include "core/text.h"

static bool is_listed(sst_text word, const sst_text *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (sst__text_same(word, list[i]))
			return true;
	return false;
}

/* Takes the part before `sign` off `*rest`, without blanks. False if the sign is not there. */
static bool cut(sst_text *rest, char sign, sst_text *before)
{
	size_t at = sst__text_find(*rest, 0, sign);

	*before = sst__text_trim(sst__text_part(*rest, 0, at));
	if (at == rest->len)
		return false;
	*rest = sst__text_part(*rest, at + 1, rest->len);
	return true;
}

/* "manual-action/MDN-sent-manually; displayed/error". The types of the older RFC 3798 live on. */
static bool is_disposition(sst_text value)
{
	static const sst_text actions[] = {{"manual-action", 13}, {"automatic-action", 16}};
	static const sst_text sendings[] = {{"MDN-sent-manually", 17},
	                                    {"MDN-sent-automatically", 22}};
	static const sst_text types[] = {{"displayed", 9}, {"deleted", 7}, {"dispatched", 10},
	                                 {"processed", 9}, {"denied", 6},  {"failed", 6}};
	sst_text rest = value, action, sending, type;

	if (!cut(&rest, '/', &action) || !cut(&rest, ';', &sending))
		return false;
	(void)cut(&rest, '/', &type);
	return is_listed(action, actions, 2) && is_listed(sending, sendings, 2) &&
	       is_listed(type, types, sizeof types / sizeof *types);
}

void sst__lint_mdn(sst_lint_run *run, sst_text body)
{
	bool recipient = false, disposition = false;
	sst_text place = sst__text_part(body, 0, 0), rest = body;
	lint_field field;

	while (lint_field_next(&rest, &field)) {
		if (sst__text_same(field.name, SST_TEXT("Final-Recipient")))
			recipient = true;
		if (!sst__text_same(field.name, SST_TEXT("Disposition")))
			continue;
		disposition = true;
		if (!is_disposition(lint_field_bare(field.value)))
			sst__lint_report(run, SST__LINT_BAD_DISPOSITION, field.value,
			                 SST_TEXT("automatic-action/MDN-sent-automatically; "
			                          "displayed"));
	}
	if (!recipient)
		sst__lint_report(run, SST__LINT_MISSING_RECEIPT_RECIPIENT, place, SST_NO_TEXT);
	if (!disposition)
		sst__lint_report(run, SST__LINT_MISSING_DISPOSITION, place, SST_NO_TEXT);
}

void sst__lint_feedback(sst_lint_run *run, sst_text body)
{
	/* The first three are needed; none of them may stand twice. */
	static const sst_text once[] = {
	        {"Feedback-Type", 13},        {"User-Agent", 10},         {"Version", 7},
	        {"Original-Envelope-Id", 20}, {"Original-Mail-From", 18}, {"Arrival-Date", 12},
	        {"Reporting-MTA", 13},        {"Source-IP", 9},           {"Incidents", 9}};
	sst_text place = sst__text_part(body, 0, 0), rest = body;
	lint_field field;
	unsigned have = 0;

	while (lint_field_next(&rest, &field))
		for (unsigned i = 0; i < sizeof once / sizeof *once; i++) {
			if (!sst__text_same(field.name, once[i]))
				continue;
			if (have >> i & 1)
				sst__lint_report(run, SST__LINT_FEEDBACK_FIELD_TWICE, field.name,
				                 SST_NO_TEXT);
			have |= 1u << i;
		}
	for (unsigned i = 0; i < 3; i++)
		if (!(have >> i & 1))
			sst__lint_report(run, SST__LINT_MISSING_FEEDBACK_FIELD, place, once[i]);
}
