/* SPDX-License-Identifier: MIT
 * The sentences that the widely copied table of codes quotes, understood as it explains them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/text.h"

#include <smtpstatus/say.h>
#include <smtpstatus/words.h>

#include <stdlib.h>

static const struct quotation {
	const char *text, *category, *permanence; /* NULL: the words leave it open */
	bool open;                                /* not understood so far: told, not counted */
} quotations[] = {
        {"SMTP Error 101, Error opening connection", "network-error", NULL, false},
        {"SMTP Error 101, cannot open SMTP stream", "network-error", NULL, false},
        {"Connection refused, 111 Can\xe2\x80\x99t open SMTP stream", "network-error", NULL, false},
        {"221 Goodbye", "delivered", "success", false},
        {"221 Closing connection", "delivered", "success", false},
        {"221 Bye", "delivered", "success", false},
        {"221 Thank you for your business", "delivered", "success", false},
        {"221 All messages processed successfully in this session, SMTP connection is closing",
         "delivered", "success", false},
        {"420 TCP Write Error", "network-error", "temporary", false},
        {"420 TCP Read Error", "network-error", "temporary", false},
        {"421 Too many concurrent SMTP connections from this IP address; please try again later",
         "rate-limited", "temporary", false},
        {"SMTP Error 450", NULL, "temporary", false},
        {"450 Please try again later", "system-error", "temporary", false},
        {"The message that you sent has been delayed. The reason given for the delay: 450 Host "
         "down "
         "(relay.example.com)",
         "system-error", "temporary", false},
        {"SMTP Error 450 5.2.3 Msg Size greater than allowed by Remote Host", "message-too-big",
         "temporary", false},
        {"SMTP error 451 Unable to complete command, DNS not available or timed out", "dns-failure",
         "temporary", false},
        {"451 Domain of sender address does not resolve", "invalid-sender", "temporary", false},
        {"451 Error getting LDAP results in map", "system-error", "temporary", false},
        {"451 4.7.1 Greylisting in action, please come back in 00:02:00 [minutes]", "greylisted",
         "temporary", false},
        {"The message that you sent has been delayed. The reason given for the delay : 451 "
         "Temporary "
         "local problem - please try later.",
         "system-error", "temporary", false},
        {"SMTP error from remote mail server after end of data, host <host_address>: 451 "
         "<ip_address> "
         "has recently sent spam. If you are not a spammer, please try later.",
         "poor-reputation", "temporary", false},
        {"500 unrecognized command", "protocol-error", "permanent", false},
        {"SMTP Permanent Error: 500 Access Denied By Port Access", "policy-rejected", "permanent",
         false},
        {"<remote-server-ip-address> does not like recipient. Remote host said: 501 Invalid "
         "Address",
         "bad-recipient-syntax", "permanent", false},
        {"SMTP Error (state 13): 503 This mail server requires authentication when attempting to "
         "send "
         "to a non-local e-mail address. Please check your mail client settings or contact your "
         "administrator to verify that the domain or address is defined for this server",
         "smtp-auth-failed", "permanent", false},
        {"504 Need to authenticate first", "smtp-auth-failed", "permanent", false},
        {"5.1.2 - Bad destination host 'DNS Hard Error looking up domain", "bad-domain",
         "permanent", false},
        {"SMTP Error 550 5.1.2 Host unknown \xe2\x80\x93 host cannot be found", "bad-domain",
         "permanent", false},
        {"5.1.2 The message could not be delivered because the recipient's destination email "
         "system is "
         "unknown or invalid. Please check the address and try again, or contact your system "
         "administrator to verify connectivity to the email system of the recipient.",
         "bad-domain", "permanent", false},
};

/* As the explain command reads a text: a number that no server sends says more than the words. */
static void understand(const char *text, sst_verdict *verdict)
{
	static char bytes[SST_SAY_ROOM_SIZE];
	sst_say_room room = SST_SAY_ROOM(bytes);
	sst_reading readings[SST_READINGS];
	sst_evidence evidence = SST_EVIDENCE_INIT;

	memset(verdict, 0, sizeof *verdict);
	verdict->size = sizeof *verdict;
	evidence.text = (sst_text){text, strlen(text)};
	sst_judge(NULL, &evidence, verdict);
	if (sst_readings_in(NULL, NULL, SST_AUDIENCE_SENDER, evidence.text, SST_NO_TEXT, &room,
	                    readings, SST_READINGS) > 0 &&
	    readings[0].kind == SST_READING_ERRNO)
		verdict->category = readings[0].category;
}

static bool is(sst_text word, const char *wanted)
{
	return wanted == NULL || sst__text_same(word, (sst_text){wanted, strlen(wanted)});
}

static void every_quotation_is_understood_as_the_table_says(void **state)
{
	unsigned missed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof quotations / sizeof *quotations; i++) {
		const struct quotation *q = &quotations[i];
		sst_verdict verdict;
		sst_text category, permanence;
		bool right;
		understand(q->text, &verdict);
		category = sst_word(SST_VOCABULARY_CATEGORY, verdict.category);
		permanence = sst_word(SST_VOCABULARY_PERMANENCE, verdict.permanence);
		right = is(category, q->category) && is(permanence, q->permanence);
		if (right == q->open)
			print_message("%s: %s, is %.*s%s\n", q->text, q->category,
			              (int)category.len, category.ptr,
			              right ? " (no longer open)" : "");
		missed += !right && !q->open;
	}
	assert_int_equal(missed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_quotation_is_understood_as_the_table_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
