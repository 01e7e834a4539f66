/* SPDX-License-Identifier: MIT
 * cli/wording.c - server texts that say the same thing, and their verdict. */
#include "cli/wording.h"

#include "cli/site.h"
#include "cli/vocabulary.h"

#include "core/text.h"

#include <stdlib.h>
#include <string.h>

enum { PLACES = 16384, MOST = PLACES / 2, SAMPLE = 400 };

bool cli_wordings_init(cli_wordings *words, const cli_settings *settings)
{
	memset(words, 0, sizeof *words);
	words->settings = settings;
	words->places = calloc(PLACES, sizeof *words->places);
	return words->places != NULL;
}

void cli_wordings_free(cli_wordings *words)
{
	for (unsigned i = 0; words->places != NULL && i < PLACES; i++)
		free(words->places[i].sample);
	free(words->places);
}

/* Words
 * --------------------------------------------------------------------------------------------- */

/* "550", "550-5.1.1", "5.7.26": codes are what the verdict hangs on. */
static bool is_code(const char *word, size_t len)
{
	return len <= 12 && word[0] >= '2' && word[0] <= '5' &&
	       ((len >= 3 && sst__is_digit(word[1]) && sst__is_digit(word[2]) &&
	         (len == 3 || word[3] == '-' || word[3] == ' ')) ||
	        (len >= 5 && word[1] == '.'));
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15U;
	return hash ^ hash >> 29;
}

/* Digits left out: addresses of pages and hosts that hold numbers. */
static uint64_t hash_letters(uint64_t hash, const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!sst__is_digit(word[i]))
			hash = mix(hash, (unsigned char)word[i]);
	return hash;
}

static bool is_dotted(const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (word[i] == '/' || (word[i] == '.' && i > 0 && sst__is_alpha(word[i - 1])))
			return true;
	return false;
}

/* Up to eight bytes, the first one lowest, whatever the machine's order. */
static uint64_t load(const char *bytes, size_t len)
{
	uint64_t part = 0;

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	if (len == 8) {
		memcpy(&part, bytes, 8);
		return part;
	}
#endif
	while (len-- > 0)
		part = part << 8 | (unsigned char)bytes[len];
	return part;
}

static unsigned count_digits(uint64_t part)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t value = part ^ ones * '0';
	uint64_t others = ((value & ones * 0x7f) + ones * (0x80 - 10)) | value;

	return (unsigned)(((~others >> 7 & ones) * ones) >> 56);
}

/* One word: as it is, without its digits, or only that it is an address or an id. Returns where it
 * ends. */
static size_t hash_word(uint64_t *hash, const char *word, size_t room)
{
	uint64_t sum = *hash;
	unsigned digits = 0;
	bool address = false;
	size_t len = 0, part_len = 8;

	while (part_len == 8 && len < room) {
		uint64_t part, end;

		part_len = room - len < 8 ? room - len : 8;
		part = load(word + len, part_len);
		end = sst__bytes_like(part, ' ');
		if (end != 0)
			part_len = (unsigned)__builtin_ctzll(end) / 8;
		if (part_len == 0)
			break;
		if (part_len < 8)
			part &= (UINT64_C(1) << 8 * part_len) - 1;
		address = address || sst__bytes_like(part, '@') != 0;
		digits += count_digits(part);
		sum = mix(sum, part_len == 8 ? part : part + part_len);
		len += part_len;
	}
	if (address)
		*hash = mix(*hash, '@');
	else if (digits == 0 || is_code(word, len) || (len <= 8 && digits < len - 1))
		*hash = sum;
	else if (is_dotted(word, len))
		*hash = hash_letters(*hash, word, len);
	else
		*hash = mix(*hash, '#');
	return len;
}

static uint64_t hash_words(sst_text text)
{
	uint64_t hash = 1;
	size_t at = 0;

	while (at < text.len) {
		if (text.ptr[at] != ' ')
			at += hash_word(&hash, text.ptr + at, text.len - at);
		at++;
	}
	return hash | 1;
}

/* Unfolding
 * ------------------------------------------------------------------------------------------ */

static bool starts_line(sst_text text, size_t at, sst_text code)
{
	return at + 4 <= text.len && memcmp(text.ptr + at, code.ptr, 3) == 0 &&
	       (text.ptr[at + 3] == '-' || text.ptr[at + 3] == ' ');
}

sst_text cli_words_unfold(sst_server server, sst_text text, char *buffer, size_t size)
{
	sst_text code = {text.ptr, 3};
	bool changed = false;
	size_t len = 0;

	if (text.len < 8 || text.len > size)
		return text;
	if (server != SST_SERVER_EXIM && text.ptr[3] != '-')
		return text;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (server == SST_SERVER_EXIM && c == '\\' && i + 1 < text.len &&
		    text.ptr[i + 1] == 'n') {
			c = '\n';
			i++;
			changed = true;
		} else if (server != SST_SERVER_EXIM && c == ' ' &&
		           starts_line(text, i + 1, code)) {
			c = '\n';
			changed = true;
		}
		buffer[len++] = c;
	}
	return changed ? (sst_text){buffer, len} : text;
}

/* Look-up
 * ------------------------------------------------------------------------------------------- */

static void judge(cli_wordings *words, cli_wording *into, const sst_event *event)
{
	char buffer[4096];
	sst_evidence evidence;
	sst_verdict verdict = {.size = sizeof verdict};

	sst_event_evidence(event, &evidence);
	evidence.text = cli_words_unfold(event->server, evidence.text, buffer, sizeof buffer);
	sst_judge(words->settings->rules, &evidence, &verdict);
	cli_site_judge(words->settings, &verdict);
	into->category = cli_category_first(verdict.category);
	into->permanence = verdict.permanence;
	into->act = verdict.act;
	into->side = verdict.side;
	into->confidence = verdict.confidence;
	into->status = verdict.status;
}

static void remember(cli_wordings *words, cli_wording *place, uint64_t hash, sst_text text)
{
	size_t len = text.len < SAMPLE ? text.len : SAMPLE;

	place->sample = malloc(len == 0 ? 1 : len);
	if (place->sample != NULL && len > 0)
		memcpy(place->sample, text.ptr, len);
	place->sample_len = place->sample == NULL ? 0 : (uint16_t)len;
	place->hash = hash;
	place->count = 0;
	words->count++;
}

/* What the text alone does not say belongs to the key as well. */
static uint64_t key_of(const sst_event *event)
{
	uint64_t hash = hash_words(event->text);

	hash = mix(hash, (uint64_t)event->status.cls << 40 | (uint64_t)event->status.subject << 20 |
	                         event->status.detail);
	hash = mix(hash,
	           (uint64_t)event->result << 32 | (uint64_t)event->reply << 8 | event->server);
	return hash | 1;
}

cli_wording *cli_wording_of(cli_wordings *words, const sst_event *event)
{
	uint64_t hash = key_of(event);
	size_t at = hash >> 20 & (PLACES - 1);

	for (; words->places[at].hash != 0; at = (at + 1) & (PLACES - 1))
		if (words->places[at].hash == hash)
			return &words->places[at];
	if (words->count == MOST) {
		words->others++;
		judge(words, &words->spare, event);
		return &words->spare;
	}
	remember(words, &words->places[at], hash, event->text);
	judge(words, &words->places[at], event);
	return &words->places[at];
}

static int by_count(const void *a, const void *b)
{
	const cli_wording *x = *(const cli_wording *const *)a, *y = *(const cli_wording *const *)b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return x->hash < y->hash ? -1 : x->hash > y->hash;
}

unsigned cli_wordings_top(const cli_wordings *words, const cli_wording **out, unsigned max)
{
	const cli_wording **all = malloc((words->count + 1) * sizeof(*all));
	unsigned count = 0;

	if (all == NULL)
		return 0;
	for (unsigned i = 0; i < PLACES; i++)
		if (words->places[i].hash != 0)
			all[count++] = &words->places[i];
	qsort(all, count, sizeof(*all), by_count);
	count = count < max ? count : max;
	memcpy(out, all, count * sizeof(*all));
	free(all);
	return count;
}
