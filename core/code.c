/* SPDX-License-Identifier: MIT
 * core/code.c - enhanced status codes by the letter of RFC 3463 section 2. The tolerant reader of
 * running text is core/find.c. */
#include "core/code.h"
#include "core/text.h"

static const char rule_class[] = "RFC 3463 section 2: the class is 2, 4 or 5";
static const char rule_one_digit[] = "RFC 3463 section 2: the class is one digit";
static const char rule_three_parts[] =
        "RFC 3463 section 2: class, subject and detail are parted by dots";
static const char rule_number[] = "RFC 3463 section 2: subject and detail are numbers";
static const char rule_digits[] =
        "RFC 3463 section 2: subject and detail have at most three digits";
static const char rule_zero[] = "RFC 3463 section 2: no leading zero";
static const char rule_blank[] = "RFC 3463 section 2: no white space within a status code";
static const char rule_comment[] = "RFC 3463 section 2: no comment within a status code";
static const char rule_end[] = "RFC 3463 section 2: nothing may follow the detail";
static const char rule_apart[] = "RFC 2034 section 4: a blank or the line's end follows the code";

static sst_result fail(sst_err err, size_t at, const char *rule)
{
	return (sst_result){err, at, rule};
}

/* The rule that the byte at `at` broke, where `otherwise` was due. */
static sst_result fail_at(sst_text in, size_t at, const char *otherwise)
{
	char c = sst__at(in, at);

	if (at < in.len && sst__is_space(c))
		return fail(SST_E_SYNTAX, at, rule_blank);
	if (c == '(')
		return fail(SST_E_SYNTAX, at, rule_comment);
	return fail(SST_E_SYNTAX, at, otherwise);
}

static sst_result number(sst_text in, size_t at, uint16_t *value)
{
	unsigned digits;
	uint32_t read = sst__text_number(in, at, 3, &digits);

	if (digits == 0)
		return fail_at(in, at, rule_number);
	if (digits > 1 && in.ptr[at] == '0')
		return fail(SST_E_SYNTAX, at, rule_zero);
	if (sst__is_digit(sst__at(in, at + digits)))
		return fail(SST_E_SYNTAX, at + digits, rule_digits);
	*value = (uint16_t)read;
	return (sst_result){SST_OK, at + digits, NULL};
}

/* Reads class, subject and detail; what follows them is the caller's affair. */
static sst_result read_code(sst_text in, sst_code *code)
{
	sst_result result;
	char c = sst__at(in, 0);

	if (!sst__is_digit(c))
		return fail_at(in, 0, rule_class);
	if (c != '2' && c != '4' && c != '5')
		return fail(SST_E_RANGE, 0, rule_class);
	code->cls = (uint8_t)(c - '0');
	if (sst__at(in, 1) != '.')
		return fail_at(in, 1,
		               sst__is_digit(sst__at(in, 1)) ? rule_one_digit : rule_three_parts);
	result = number(in, 2, &code->subject);
	if (result.err != SST_OK)
		return result;
	if (sst__at(in, result.at) != '.')
		return fail_at(in, result.at, rule_three_parts);
	return number(in, result.at + 1, &code->detail);
}

sst_result sst_code_parse(sst_text in, sst_code *out)
{
	sst_code code = {0, 0, 0};
	sst_result result = read_code(in, &code);

	if (result.err != SST_OK)
		return result;
	if (result.at < in.len)
		return fail_at(in, result.at, rule_end);
	*out = code;
	return result;
}

sst_result sst_code_scan(sst_text in, sst_code *out)
{
	sst_code code = {0, 0, 0};
	sst_result result = read_code(in, &code);

	if (result.err != SST_OK)
		return result;
	if (result.at < in.len && !sst__is_space(in.ptr[result.at]))
		return fail(SST_E_SYNTAX, result.at, rule_apart);
	*out = code;
	return result;
}

static size_t put_number(char *to, unsigned value)
{
	size_t len = value >= 100 ? 3 : value >= 10 ? 2 : 1;

	for (size_t i = len; i-- > 0; value /= 10)
		to[i] = (char)('0' + value % 10);
	return len;
}

size_t sst_code_format(sst_code code, char *buffer, size_t size)
{
	char text[SST_CODE_SIZE];
	size_t len = 0;

	/* Numbers that no code can have are cut to three digits, so that the buffer always does. */
	text[len++] = (char)('0' + code.cls % 10);
	text[len++] = '.';
	len += put_number(text + len, code.subject % 1000);
	text[len++] = '.';
	len += put_number(text + len, code.detail % 1000);
	text[len] = '\0';
	if (size > len)
		memcpy(buffer, text, len + 1);
	return len;
}

bool sst_code_equal(sst_code a, sst_code b)
{
	return a.cls == b.cls && a.subject == b.subject && a.detail == b.detail;
}
