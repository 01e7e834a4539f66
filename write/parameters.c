/* SPDX-License-Identifier: MIT
 * write/parameters.c - the parameters of MAIL and RCPT that ask for reports (RFC 3461 section 4).
 */
#include "core/text.h"
#include "write/encode.h"

enum { ENVID_MOST = 100, ORCPT_MOST = 500 }; /* RFC 3461 section 5.4 */

static sst_result bad(size_t at, const char *rule)
{
	return (sst_result){SST_E_SYNTAX, at, rule};
}

/* Each reader takes a value; .at is an offset in it. */
static sst_result read_notify(sst_text value, sst_dsn_parameters *out)
{
	static const struct {
		sst_text word;
		sst_notify bit;
	} words[] = {
	        {{"NEVER", 5}, SST_NOTIFY_NEVER},
	        {{"SUCCESS", 7}, SST_NOTIFY_SUCCESS},
	        {{"FAILURE", 7}, SST_NOTIFY_FAILURE},
	        {{"DELAY", 5}, SST_NOTIFY_DELAY},
	};
	size_t at = 0;

	if (out->notify != 0)
		return bad(0, "RFC 3461 section 4.5: NOTIFY stands once");
	while (at <= value.len) {
		size_t end = sst__text_find(value, at, ',');
		sst_text word = sst__text_part(value, at, end);
		sst_notify bit = 0;

		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
			if (sst__text_same(word, words[i].word))
				bit = words[i].bit;
		if (bit == 0)
			return bad(at, "RFC 3461 section 4.1: NEVER, SUCCESS, FAILURE or DELAY");
		out->notify |= bit;
		at = end + 1;
	}
	if ((out->notify & SST_NOTIFY_NEVER) && out->notify != SST_NOTIFY_NEVER)
		return bad(0, "RFC 3461 section 4.1: NEVER stands alone");
	return (sst_result){SST_OK, value.len, NULL};
}

static sst_result read_ret(sst_text value, sst_dsn_parameters *out)
{
	if (out->ret != SST_RET_UNSET)
		return bad(0, "RFC 3461 section 4.5: RET stands once");
	if (sst__text_same(value, SST_TEXT("FULL")))
		out->ret = SST_RET_FULL;
	else if (sst__text_same(value, SST_TEXT("HDRS")))
		out->ret = SST_RET_HDRS;
	else
		return bad(0, "RFC 3461 section 4.3: FULL or HDRS");
	return (sst_result){SST_OK, value.len, NULL};
}

static sst_result xtext_check(sst_text value, size_t from)
{
	char scratch[ORCPT_MOST + 1];
	size_t len = 0;
	sst_result result = sst_xtext_decode(sst__text_part(value, from, value.len), scratch,
	                                     sizeof(scratch), &len);

	result.at += from;
	for (size_t i = 0; result.err == SST_OK && i < len; i++)
		if ((unsigned char)scratch[i] < ' ' || scratch[i] == 0x7F)
			return bad(from, "RFC 3461 section 4: xtext hides a control character");
	return result;
}

static sst_result read_envid(sst_text value, sst_dsn_parameters *out)
{
	if (out->envelope_id.ptr != NULL)
		return bad(0, "RFC 3461 section 4.5: ENVID stands once");
	if (value.len > ENVID_MOST)
		return bad(ENVID_MOST, "RFC 3461 section 4.4: ENVID has at most 100 octets");
	if (value.len == 0)
		return bad(0, "RFC 3461 section 4.4: ENVID is not empty");
	out->envelope_id = value;
	return xtext_check(value, 0);
}

static sst_result read_orcpt(sst_text value, sst_dsn_parameters *out)
{
	size_t semicolon = sst__text_find(value, 0, ';');
	char scratch[ORCPT_MOST + 1];
	size_t len;
	sst_result utf8;

	if (out->original_recipient.ptr != NULL)
		return bad(0, "RFC 3461 section 4.5: ORCPT stands once");
	if (value.len > ORCPT_MOST)
		return bad(ORCPT_MOST, "RFC 3461 section 4.2: ORCPT has at most 500 octets");
	if (semicolon == 0 || semicolon + 1 >= value.len)
		return bad(semicolon,
		           "RFC 3461 section 4.2: ORCPT is a type, a semicolon and an address");
	out->original_recipient_type = sst__text_part(value, 0, semicolon);
	out->original_recipient = sst__text_part(value, semicolon + 1, value.len);
	if (!sst__text_same(out->original_recipient_type, SST_TEXT("utf-8")))
		return xtext_check(value, semicolon + 1);
	utf8 = sst_utf8_address_decode(out->original_recipient, scratch, sizeof(scratch), &len);
	utf8.at += semicolon + 1;
	return utf8;
}

static sst_result read_one(sst_text parameter, sst_dsn_parameters *out)
{
	static const struct {
		sst_text keyword;
		sst_result (*read)(sst_text value, sst_dsn_parameters *out);
	} readers[] = {
	        {{"NOTIFY", 6}, read_notify},
	        {{"RET", 3}, read_ret},
	        {{"ENVID", 5}, read_envid},
	        {{"ORCPT", 5}, read_orcpt},
	};
	size_t equal = sst__text_find(parameter, 0, '=');
	sst_text keyword = sst__text_part(parameter, 0, equal);

	for (size_t i = 0; i < sizeof(readers) / sizeof(*readers); i++) {
		sst_result result;

		if (!sst__text_same(keyword, readers[i].keyword))
			continue;
		if (equal == parameter.len)
			return bad(equal, "RFC 3461 section 4: the keyword has a value");
		result = readers[i].read(sst__text_part(parameter, equal + 1, parameter.len), out);
		result.at += equal + 1;
		return result;
	}
	return (sst_result){SST_OK, parameter.len, NULL};
}

sst_result sst_dsn_parameters_parse(sst_text in, sst_dsn_parameters *out)
{
	sst_dsn_parameters read = {.size = sizeof(read)};
	size_t at = 0;

	while (at < in.len) {
		size_t end;
		sst_result result;

		while (at < in.len && in.ptr[at] == ' ')
			at++;
		end = sst__text_find(in, at, ' ');
		result = read_one(sst__text_part(in, at, end), &read);
		if (result.err != SST_OK) {
			result.at += at;
			return result;
		}
		at = end;
	}
	*out = read;
	return (sst_result){SST_OK, in.len, NULL};
}

bool sst_dsn_is_wanted(sst_notify notify, sst_action action, sst_text sender)
{
	if (sender.len == 0 || sst__text_same(sender, SST_TEXT("<>")))
		return false;
	if (notify == 0)
		return action == SST_ACTION_FAILED || action == SST_ACTION_DELAYED;
	if (notify & SST_NOTIFY_NEVER)
		return false;
	if (action == SST_ACTION_FAILED)
		return (notify & SST_NOTIFY_FAILURE) != 0;
	if (action == SST_ACTION_DELAYED)
		return (notify & SST_NOTIFY_DELAY) != 0;
	return (notify & SST_NOTIFY_SUCCESS) != 0;
}
