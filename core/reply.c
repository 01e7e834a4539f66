/* SPDX-License-Identifier: MIT
 * core/reply.c - SMTP replies as they come over the wire (RFC 5321 section 4.2, RFC 2034). One
 * pass: a line's end and its bytes above ASCII are found together, eight bytes at a time. */
#include "core/code.h"
#include "core/text.h"

#include <smtpstatus/words.h>

static const char rule_code[] =
        "RFC 5321 section 4.2: a reply begins with three digits, 2 to 5 first";
static const char rule_apart[] =
        "RFC 5321 section 4.2: a blank, a hyphen or the line's end follows the code";

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

/* Non-zero if one of the eight bytes is `c`. */
static inline uint64_t has_byte(uint64_t word, char c)
{
	uint64_t x = word ^ (ONES * (uint8_t)c);

	return (x - ONES) & ~x & HIGHS;
}

/* Offset of the first LF at or after `from`, or in.len; sets notes of bytes that don't belong. */
static inline size_t line_feed(sst_text in, size_t from, sst_notes *notes)
{
	uint64_t word, high = 0;

	for (; in.len - from >= sizeof word; from += sizeof word) {
		uint64_t found;

		memcpy(&word, in.ptr + from, sizeof word);
		found = has_byte(word, '\n');
		if (found != 0) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
			/* The lowest mark is exact; only the bytes below it belong to this line. */
			high |= word & (found ^ (found - 1)) & HIGHS;
			from += (size_t)__builtin_ctzll(found) / 8;
			goto done;
#else
			break;
#endif
		}
		high |= word;
	}
	for (; from < in.len && in.ptr[from] != '\n'; from++)
		high |= (uint8_t)in.ptr[from];
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
done:
#endif
	if (high & HIGHS)
		*notes |= SST_NOTE_NOT_ASCII;
	return from;
}

/* What stands in front of a line's words: the codes and their separators. */
struct lead {
	uint16_t code;
	bool more; /* the separator announces another line */
	sst_code enhanced;
	sst_notes notes;
	size_t words; /* where the words begin */
};

/* An enhanced code at `at` that the strict grammar refuses: is it one that a careless server sent?
 */
static sst_notes oddity_of(sst_text line, size_t at)
{
	unsigned digits = 0;

	for (unsigned part = 0; part < 3; part++) {
		sst__text_number(line, at, 4, &digits);
		if (digits == 0 || digits > (part == 0 ? 1 : 3))
			return 0;
		at += digits;
		if (part < 2 && sst__at(line, at++) != '.')
			return 0;
	}
	return at == line.len || sst__is_space(line.ptr[at]) ? SST_NOTE_LEADING_ZERO : 0;
}

static inline bool is_short_code(sst_text text)
{
	const char *c = text.ptr;

	return text.len > 5 && (c[0] == '5' || c[0] == '2' || c[0] == '4') && c[1] == '.' &&
	       sst__is_digit(c[2]) && c[3] == '.' && sst__is_digit(c[4]) && c[5] == ' ';
}

static void read_enhanced(sst_text line, struct lead *lead)
{
	sst_text rest = sst__text_part(line, lead->words, line.len);
	sst_code code;
	sst_result result;

	if (!sst__is_digit(sst__at(rest, 0)) || sst__at(rest, 1) != '.')
		return;
	if (is_short_code(rest)) {
		/* The form of nearly all codes: "5.1.1 ". */
		code = (sst_code){(uint8_t)(rest.ptr[0] - '0'), (uint16_t)(rest.ptr[2] - '0'),
		                  (uint16_t)(rest.ptr[4] - '0')};
		result = (sst_result){SST_OK, 5, NULL};
	} else {
		result = sst_code_scan(rest, &code);
	}
	if (result.err == SST_E_RANGE && oddity_of(rest, 0) != 0) {
		lead->notes |= SST_NOTE_INVALID_CLASS;
	} else if (result.err != SST_OK) {
		lead->notes |= oddity_of(rest, 0);
	} else if (lead->code / 100 == 3) {
		/* RFC 2034 section 4 ties the classes to 2yz, 4yz and 5yz: here it is just text. */
		lead->notes |= SST_NOTE_INVALID_CLASS;
	} else {
		lead->enhanced = code;
		lead->words += result.at;
		if (sst__is_blank(sst__at(line, lead->words)))
			lead->words++;
		if (code.cls != lead->code / 100)
			lead->notes |= SST_NOTE_CLASS_MISMATCH;
	}
}

static inline bool is_reply_code(const char *digits)
{
	return digits[0] >= '2' && digits[0] <= '5' && sst__is_digit(digits[1]) &&
	       sst__is_digit(digits[2]);
}

static size_t bad_digit(sst_text line)
{
	size_t at = 0;

	if (sst__at(line, 0) >= '2' && sst__at(line, 0) <= '5')
		for (at = 1; at < 2 && sst__is_digit(sst__at(line, at)); at++)
			;
	return at;
}

/* Reads the front of a line that has no line end any more. */
static sst_result read_lead(sst_text line, struct lead *lead)
{
	char apart;

	*lead = (struct lead){0};
	if (line.len < 3 || !is_reply_code(line.ptr))
		return (sst_result){SST_E_SYNTAX, bad_digit(line), rule_code};
	lead->code = (uint16_t)((line.ptr[0] - '0') * 100 + (line.ptr[1] - '0') * 10 + line.ptr[2] -
	                        '0');
	apart = sst__at(line, 3);
	if (line.len == 3)
		lead->words = 3;
	else if (apart == ' ' || apart == '-' || apart == '\t')
		lead->words = 4;
	else
		return (sst_result){SST_E_SYNTAX, 3, rule_apart};
	lead->more = apart == '-';
	if (apart == '\t')
		lead->notes |= SST_NOTE_UNUSUAL_SEPARATOR;
	read_enhanced(line, lead);
	return (sst_result){SST_OK, lead->words, NULL};
}

/* Adds one line to what is known of the reply. */
static void add_line(sst_reply_progress *progress, const struct lead *lead)
{
	if (progress->lines > 0 && lead->code != progress->code)
		progress->notes |= SST_NOTE_MIXED_CODES;
	if (sst__code_is(lead->enhanced)) {
		if (!sst__code_is(progress->first))
			progress->first = lead->enhanced;
		else if (!sst_code_equal(progress->first, lead->enhanced))
			progress->notes |= SST_NOTE_MIXED_CODES;
	}
	progress->last = lead->enhanced;
	progress->code = lead->code; /* the last line is decisive */
	progress->notes |= lead->notes;
	progress->lines++;
}

static void give_out(sst_text in, const sst_reply_progress *progress, sst_reply *out)
{
	out->code = progress->code;
	out->enhanced = sst__code_is(progress->last) ? progress->last : progress->first;
	out->notes = progress->notes;
	if (sst__code_is(out->enhanced) && out->enhanced.cls != out->code / 100)
		out->notes |= SST_NOTE_CLASS_MISMATCH;
	out->lines = progress->lines;
	out->raw = sst__text_part(in, 0, progress->at);
}

/* The line from progress->at up to the LF at `end` (or the end of the text), without its line end.
 */
static sst_text cut_line(sst_text in, sst_reply_progress *progress, size_t end)
{
	sst_text line = {in.ptr + progress->at, end - progress->at};

	if (line.len > 0 && line.ptr[line.len - 1] == '\r')
		line.len--;
	else
		progress->notes |= SST_NOTE_BARE_LF;
	return line;
}

sst_result sst_reply_continue(sst_text in, sst_reply_progress *progress, sst_reply *out)
{
	struct lead lead;
	sst_result result;

	if (in.len < progress->scanned || progress->scanned < progress->at)
		return (sst_result){SST_E_ARGUMENT, 0, NULL};
	for (;;) {
		size_t end = line_feed(in, progress->scanned, &progress->notes);

		progress->scanned = end;
		if (end == in.len)
			return (sst_result){SST_MORE, progress->at, NULL};
		result = read_lead(cut_line(in, progress, end), &lead);
		if (result.err != SST_OK)
			return (sst_result){result.err, progress->at + result.at, result.rule};
		add_line(progress, &lead);
		progress->at = progress->scanned = end + 1;
		if (!lead.more) {
			give_out(in, progress, out);
			return (sst_result){SST_OK, progress->at, NULL};
		}
	}
}

sst_result sst_reply_parse(sst_text in, sst_reply *out)
{
	sst_reply_progress progress = {0};

	return sst_reply_continue(in, &progress, out);
}

sst_result sst_reply_finish(sst_text in, sst_reply *out)
{
	sst_reply_progress progress = {0};
	sst_result result;
	struct lead lead;
	sst_text line;

	if (in.len == 0)
		return (sst_result){SST_END, 0, NULL};
	result = sst_reply_continue(in, &progress, out);
	if (result.err != SST_MORE)
		return result;
	line = sst__text_part(in, progress.at, in.len);
	if (line.len > 0 && line.ptr[line.len - 1] == '\r')
		line.len--;
	if (line.len > 0) {
		result = read_lead(line, &lead);
		if (result.err != SST_OK)
			return (sst_result){result.err, progress.at + result.at, result.rule};
		add_line(&progress, &lead);
	}
	if (progress.lines == 0)
		return (sst_result){SST_E_SYNTAX, 0, rule_code};
	if (line.len == 0 || lead.more)
		progress.notes |= SST_NOTE_TRUNCATED;
	progress.at = in.len;
	give_out(in, &progress, out);
	return (sst_result){SST_OK, in.len, NULL};
}

/* Takes the next line's words off `*rest`. */
static bool next_words(sst_text *rest, sst_text *words)
{
	sst_notes unused = 0;
	struct lead lead;
	size_t end;
	sst_text line;

	if (rest->len == 0)
		return false;
	end = line_feed(*rest, 0, &unused);
	line = sst__text_part(*rest, 0, end);
	*rest = sst__text_part(*rest, end + 1, rest->len);
	if (line.len > 0 && line.ptr[line.len - 1] == '\r')
		line.len--;
	*words = line;
	if (read_lead(line, &lead).err == SST_OK)
		*words = sst__text_part(line, lead.words, line.len);
	return true;
}

sst_text sst_reply_line(const sst_reply *reply, unsigned line)
{
	sst_text rest = reply->raw, words;

	for (unsigned i = 0; next_words(&rest, &words); i++)
		if (i == line)
			return words;
	return SST_NO_TEXT;
}

size_t sst_reply_text(const sst_reply *reply, char *buffer, size_t size)
{
	sst_text rest = reply->raw, words;
	size_t len = 0;

	while (len < size && next_words(&rest, &words)) {
		words = sst__text_trim(words);
		if (words.len == 0)
			continue;
		if (len > 0)
			buffer[len++] = ' ';
		if (words.len > size - len)
			words.len = size - len;
		if (words.len > 0)
			memcpy(buffer + len, words.ptr, words.len);
		len += words.len;
	}
	return len;
}
