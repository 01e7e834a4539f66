/* SPDX-License-Identifier: MIT
 * track/postfix_session.c - Postfix's lines without a queue id. They outnumber the others in many
 * logs, so the most frequent are told by their first word. */
#include "track/known.h"
#include "track/log.h"

sst__reading sst__postfix_session(sst_log *log, const sst__line *line, sst_text daemon)
{
	sst_text text = line->text;

	(void)log;
	if (sst__is_known(SST_SERVER_POSTFIX, text))
		return SST__SKIPPED;
	/* Scripts and helpers say all kinds of things, none of them about a message. */
	if (SST__IS(daemon, "postfix-script") || SST__IS(daemon, "master") ||
	    SST__IS(daemon, "postlog") || SST__IS(daemon, "anvil") || SST__IS(daemon, "tlsmgr") ||
	    SST__IS(daemon, "scache") || SST__IS(daemon, "verify") || SST__IS(daemon, "dnsblog") ||
	    SST__IS(daemon, "tlsproxy") || SST__IS(daemon, "proxymap") ||
	    SST__IS(daemon, "trivial-rewrite") || SST__IS(daemon, "postqueue") ||
	    SST__IS(daemon, "postmap") || SST__IS(daemon, "postalias") ||
	    SST__IS(daemon, "sendmail") || SST__IS(daemon, "postdrop") ||
	    SST__IS(daemon, "policyd-spf"))
		return SST__SKIPPED;
	return SST__UNKNOWN;
}
