/* SPDX-License-Identifier: MIT
 * cli/tally.c - what `report` counts. */
#include "cli/tally.h"

#include "cli/delivery.h"

#include "core/text.h"

#include <smtpstatus/words.h>

#include <stdlib.h>
#include <string.h>

enum { MOST_WAITS = 4096, NAMES_FIRST = 256, NAMES_MOST = 16384, NAMES_TRIED = 4 };

/* Tables
 * ------------------------------------------------------------------------------------------- */

static uint64_t hash_of(sst_text text)
{
	uint64_t hash = text.len, part;

	for (size_t at = 0; at + 8 < text.len; at += 8) {
		memcpy(&part, text.ptr + at, 8);
		hash = (hash ^ part) * 0x9e3779b97f4a7c15U;
		hash ^= hash >> 32;
	}
	hash = (hash ^ sst__text_tail(text)) * 0x9e3779b97f4a7c15U;
	return hash ^ hash >> 31;
}

static bool table_init(tally_table *table, uint32_t most)
{
	table->most = most;
	table->room = 64;
	table->slot_count = 256;
	table->rows = calloc(table->room, sizeof *table->rows);
	table->slots = calloc(table->slot_count, sizeof *table->slots);
	return table->rows != NULL && table->slots != NULL;
}

static void table_free(tally_table *table)
{
	for (uint32_t i = 0; i < table->count; i++) {
		free(table->rows[i].name);
		free(table->rows[i].categories);
	}
	free(table->rows);
	free(table->slots);
}

static bool table_grow(tally_table *table)
{
	uint32_t room = table->room * 2, slot_count = table->slot_count * 2;
	tally_row *rows = realloc(table->rows, room * sizeof *rows);
	uint32_t *slots;

	if (rows == NULL)
		return false;
	table->rows = rows;
	slots = calloc(slot_count, sizeof *slots);
	if (slots == NULL)
		return false;
	for (uint32_t i = 0; i < table->count; i++) {
		uint32_t at = (uint32_t)rows[i].hash & (slot_count - 1);

		while (slots[at] != 0)
			at = (at + 1) & (slot_count - 1);
		slots[at] = i + 1;
	}
	free(table->slots);
	table->slots = slots;
	table->slot_count = slot_count;
	table->room = room;
	return true;
}

static uint32_t slot_of(const tally_table *table, uint64_t hash, sst_text name)
{
	uint32_t at = (uint32_t)hash & (table->slot_count - 1);

	for (; table->slots[at] != 0; at = (at + 1) & (table->slot_count - 1)) {
		const tally_row *row = &table->rows[table->slots[at] - 1];

		if (row->hash == hash && row->name_len == name.len &&
		    (name.len == 0 || memcmp(row->name, name.ptr, name.len) == 0))
			break;
	}
	return at;
}

tally_row *tally_find(const tally_table *table, sst_text name)
{
	uint32_t at = slot_of(table, hash_of(name), name);

	return table->slots[at] == 0 ? NULL : &table->rows[table->slots[at] - 1];
}

tally_row *tally_row_of(tally_table *table, sst_text name)
{
	uint64_t hash = hash_of(name);
	uint32_t at = slot_of(table, hash, name);
	tally_row *row;

	if (table->slots[at] != 0)
		return &table->rows[table->slots[at] - 1];
	/* The row of all others may be one more than the most: it is made when they are reached. */
	if (table->count >= table->most && !sst__text_same(name, SST_TEXT("(others)")))
		return tally_row_of(table, SST_TEXT("(others)"));
	if (table->count == table->room) {
		if (!table_grow(table))
			return &table->rows[0];
		at = slot_of(table, hash, name);
	}
	row = &table->rows[table->count];
	memset(row, 0, sizeof *row);
	row->name = malloc(name.len + 1);
	if (row->name == NULL)
		return &table->rows[0];
	memcpy(row->name, name.len == 0 ? "" : name.ptr, name.len);
	row->name[name.len] = '\0';
	row->name_len = (uint32_t)name.len;
	row->hash = hash;
	table->slots[at] = ++table->count;
	return row;
}

static uint64_t weight(const tally_row *row)
{
	uint64_t sum = row->attempts + row->refused;

	for (unsigned i = 0; i < SST_FATES; i++)
		sum += row->fates[i];
	return sum;
}

/* As tables show them: by attempts, and what has none by all that is known of it. */
static int by_weight(const void *a, const void *b)
{
	const tally_row *x = *(const tally_row *const *)a, *y = *(const tally_row *const *)b;
	uint64_t wx = weight(x), wy = weight(y);

	if (x->attempts != y->attempts)
		return x->attempts > y->attempts ? -1 : 1;
	if (wx != wy)
		return wx > wy ? -1 : 1;
	return strcmp(x->name, y->name);
}

uint32_t tally_top(const tally_table *table, const tally_row **out, uint32_t max)
{
	const tally_row **all = malloc((table->count + 1) * sizeof(*all));
	uint32_t count = 0;

	if (all == NULL)
		return 0;
	for (uint32_t i = 0; i < table->count; i++)
		if (weight(&table->rows[i]) > 0)
			all[count++] = &table->rows[i];
	qsort(all, count, sizeof(*all), by_weight);
	count = count < max ? count : max;
	memcpy(out, all, count * sizeof(*all));
	free(all);
	return count;
}

uint32_t tally_top_tried(const tally_table *table, const tally_row **out, uint32_t max)
{
	uint32_t count = tally_top(table, out, max);

	while (count > 0 && out[count - 1]->attempts == 0)
		count--;
	return count;
}

/* Delays
 * ------------------------------------------------------------------------------------------- */

/* Step n holds up to 10^(n/16) milliseconds: within 16 % of the truth anywhere. */
static void make_limits(mail_tally *tally)
{
	double limit = 1;

	for (unsigned i = 0; i < TALLY_STEPS; i++) {
		tally->limits[i] = limit >= UINT32_MAX ? UINT32_MAX : (uint32_t)limit;
		limit *= 1.1547819846894583; /* the 16th root of ten */
	}
	for (unsigned i = 0, step = 0; i < TALLY_HINTS; i++) {
		uint32_t least = (8U | (i & 7)) << (i >> 3);

		while (step < TALLY_STEPS - 1 && tally->limits[step] < least)
			step++;
		tally->hints[i] = (uint8_t)step;
	}
}

/* The first four bits of a number say where to look: two steps further at most. */
static unsigned step_of(const mail_tally *tally, uint32_t milliseconds)
{
	unsigned step = 0;

	if (milliseconds >= 8) {
		unsigned shift = 28 - (unsigned)__builtin_clz(milliseconds);

		step = tally->hints[shift << 3 | (milliseconds >> shift & 7)];
	}
	while (step < TALLY_STEPS - 1 && tally->limits[step] < milliseconds)
		step++;
	return step;
}

static void add_delay(const mail_tally *tally, tally_delays *delays, uint32_t milliseconds)
{
	delays->steps[milliseconds == 0 ? 0 : step_of(tally, milliseconds)]++;
	delays->count++;
	if (milliseconds > delays->longest)
		delays->longest = milliseconds;
}

uint32_t tally_percentile(const mail_tally *tally, unsigned stage, unsigned percent)
{
	const tally_delays *delays = &tally->delays[stage];
	uint64_t wanted = (delays->count * percent + 99) / 100, seen = 0;

	if (delays->count == 0)
		return 0;
	for (unsigned i = 0; i < TALLY_STEPS; i++) {
		seen += delays->steps[i];
		if (seen >= wanted && seen > 0) {
			uint32_t limit = i == 0 ? 0 : tally->limits[i];

			return limit > delays->longest ? delays->longest : limit;
		}
	}
	return delays->longest;
}

/* Making
 * ------------------------------------------------------------------------------------------- */

bool tally_init(mail_tally *tally, const cli_settings *settings)
{
	memset(tally, 0, sizeof *tally);
	tally->first = INT64_MAX;
	tally->last = INT64_MIN;
	tally->last_hour = INT64_MIN;
	make_limits(tally);
	tally->patience_attempts = 5;
	tally->patience_time = (int64_t)2 * 86400 * 1000000;
	return cli_wordings_init(&tally->wordings, settings) &&
	       cli_wordings_init(&tally->refusals, settings) &&
	       table_init(&tally->domains, 50000) && table_init(&tally->providers, 1000) &&
	       table_init(&tally->relays, 20000) && table_init(&tally->senders, 20000) &&
	       table_init(&tally->hours, 20000) && table_init(&tally->statuses, 2000) &&
	       table_init(&tally->reported, 2000) && table_init(&tally->refusal_codes, 2000);
}

void tally_free(mail_tally *tally)
{
	cli_wordings_free(&tally->wordings);
	cli_wordings_free(&tally->refusals);
	table_free(&tally->domains);
	table_free(&tally->providers);
	table_free(&tally->relays);
	table_free(&tally->senders);
	table_free(&tally->hours);
	table_free(&tally->statuses);
	table_free(&tally->reported);
	table_free(&tally->refusal_codes);
	for (uint32_t i = 0; i < tally->wait_count; i++)
		free(tally->waits[i].domain);
	free(tally->waits);
	free(tally->domain_names.places);
	free(tally->relay_names.places);
	free(tally->sender_names.places);
}

/* Attempts
 * ----------------------------------------------------------------------------------------- */

static sst_text domain_in(sst_text address)
{
	const char *at = address.len == 0 ? NULL : memrchr(address.ptr, '@', address.len);

	if (address.len == 0) /* a message whose recipients are not in the log */
		return SST_TEXT("(not named)");
	return at == NULL ? SST_TEXT("(local)")
	                  : (sst_text){at + 1, address.len - (size_t)(at + 1 - address.ptr)};
}

/* Lower case, without a dot at the end, in the caller's buffer. */
static sst_text lowered(sst_text text, char *buffer, size_t size)
{
	size_t len = text.len < size ? text.len : size;

	for (size_t i = 0; i < len; i++)
		buffer[i] = sst__lower(text.ptr[i]);
	while (len > 0 && buffer[len - 1] == '.')
		len--;
	return (sst_text){buffer, len};
}

/* The row of a text as it is written, if it was looked up before; 0: it was not. */
static uint32_t name_find(const tally_names *names, sst_text text, uint32_t hash)
{
	for (uint32_t i = 0; i < NAMES_TRIED && names->size > 0; i++) {
		const tally_name *name = &names->places[(hash + i) & (names->size - 1)];

		if (name->hash == hash && name->len == text.len && name->row != 0 &&
		    sst__bytes_same(name->name, text.ptr, text.len))
			return name->row;
	}
	return 0;
}

static void name_put(tally_names *names, const tally_name *name)
{
	tally_name *place = &names->places[name->hash & (names->size - 1)];

	for (uint32_t i = 0; i < NAMES_TRIED; i++) {
		tally_name *next = &names->places[(name->hash + i) & (names->size - 1)];

		if (next->row == 0) {
			place = next;
			names->used++;
			break;
		}
	}
	*place = *name;
}

static void names_grow(tally_names *names)
{
	tally_names larger = {NULL, names->size == 0 ? NAMES_FIRST : names->size * 2, 0};

	larger.places = calloc(larger.size, sizeof *larger.places);
	if (larger.places == NULL)
		return;
	for (uint32_t i = 0; i < names->size; i++)
		if (names->places[i].row != 0)
			name_put(&larger, &names->places[i]);
	free(names->places);
	*names = larger;
}

static void remember(tally_names *names, sst_text text, uint32_t hash, const tally_table *table,
                     const tally_row *row)
{
	tally_name name = {(uint32_t)(row - table->rows) + 1, hash, (uint8_t)text.len, ""};

	if (text.len == 0 || text.len > sizeof name.name)
		return;
	if (names->used * 2 >= names->size && names->size < NAMES_MOST)
		names_grow(names);
	if (names->size == 0)
		return;
	memcpy(name.name, text.ptr, text.len);
	name_put(names, &name);
}

static tally_row *domain_row(mail_tally *tally, sst_text written, uint32_t hash)
{
	sst_text domain;
	uint32_t known = name_find(&tally->domain_names, written, hash);
	char buffer[256];
	tally_row *row;

	if (known > 0)
		return &tally->domains.rows[known - 1];
	domain = lowered(written, buffer, sizeof buffer);
	if (tally->organisation != NULL)
		domain = tally->organisation(domain);
	row = tally_row_of(&tally->domains, domain);
	remember(&tally->domain_names, written, hash, &tally->domains, row);
	return row;
}

/* NULL: nobody was asked. */
static tally_row *relay_row(mail_tally *tally, sst_text relay, uint32_t hash)
{
	uint32_t known = name_find(&tally->relay_names, relay, hash);
	char buffer[256];
	tally_row *row;
	sst_text host;

	if (known > 0)
		return &tally->relays.rows[known - 1];
	host = lowered(cli_relay_host(relay), buffer, sizeof buffer);
	if (host.len == 0)
		return NULL;
	row = tally_row_of(&tally->relays, host);
	remember(&tally->relay_names, relay, hash, &tally->relays, row);
	return row;
}

static tally_row *sender_row(mail_tally *tally, sst_text sender)
{
	sst_text written = sender.len == 0 ? SST_TEXT("<>") : domain_in(sender);
	uint32_t hash = (uint32_t)hash_of(written);
	uint32_t known = name_find(&tally->sender_names, written, hash);
	char buffer[256];
	tally_row *row;

	if (known > 0)
		return &tally->senders.rows[known - 1];
	row = tally_row_of(&tally->senders, lowered(written, buffer, sizeof buffer));
	remember(&tally->sender_names, written, hash, &tally->senders, row);
	return row;
}

#define NO_PROVIDER UINT32_MAX

/* The provider's row of a host or domain, remembered in the row of that host or domain. */
static tally_row *provider_of(mail_tally *tally, tally_row *row)
{
	if (row->provider == 0) {
		sst_text name = sst_provider_of_host((sst_text){row->name, row->name_len});
		tally_row *provider = name.len == 0 ? NULL : tally_row_of(&tally->providers, name);

		row->provider = provider == NULL ? NO_PROVIDER
		                                 : (uint32_t)(provider - tally->providers.rows) + 1;
	}
	return row->provider == NO_PROVIDER ? NULL : &tally->providers.rows[row->provider - 1];
}

static void add_result(tally_row *row, const sst_event *event, sst_category category,
                       uint64_t times)
{
	row->attempts += times;
	row->delivered += event->result == SST_ATTEMPT_DELIVERED ? times : 0;
	row->deferred += event->result == SST_ATTEMPT_DEFERRED ? times : 0;
	row->bounced += event->result == SST_ATTEMPT_BOUNCED ? times : 0;
	if (event->delays_known & 1) {
		row->delay_sum += event->delay;
		row->delay_count++;
	}
	if (event->result == SST_ATTEMPT_DELIVERED || category >= TALLY_CATEGORIES)
		return;
	if (row->categories == NULL)
		row->categories = calloc(TALLY_CATEGORIES, sizeof *row->categories);
	if (row->categories != NULL)
		row->categories[category] += (uint32_t)times;
}

static void count_code(tally_table *table, tally_code *cache, sst_code code, uint64_t times)
{
	uint32_t packed = (uint32_t)code.cls * 1000000 + code.subject * 1000U + code.detail;
	tally_code *cached = &cache[(packed * 2654435761U >> 16) & (TALLY_CODES - 1)];
	char text[SST_CODE_SIZE];

	if (code.cls == 0)
		return;
	if (cached->row == 0 || cached->code != packed) {
		size_t len = sst_code_format(code, text, sizeof text);

		cached->code = packed;
		cached->row =
		        (uint32_t)(tally_row_of(table, (sst_text){text, len}) - table->rows) + 1;
	}
	table->rows[cached->row - 1].attempts += times;
}

static tally_row *hour_row(mail_tally *tally, int64_t time)
{
	int64_t hour = time / 3600000000;
	char text[CLI_MOMENT_SIZE];
	tally_row *row;

	if (hour == tally->last_hour && tally->last_hour_row < tally->hours.count)
		return &tally->hours.rows[tally->last_hour_row];
	row = tally_row_of(&tally->hours, cli_hour_text(cli_moment(hour * 3600000000, 0), text));
	tally->last_hour = hour;
	tally->last_hour_row = (uint32_t)(row - tally->hours.rows);
	return row;
}

static void note_time(mail_tally *tally, int64_t time)
{
	if (time == INT64_MIN)
		return;
	tally->first = time < tally->first ? time : tally->first;
	tally->last = time > tally->last ? time : tally->last;
}

static void add_delays(mail_tally *tally, const sst_event *event)
{
	if (event->delays_known & 1)
		add_delay(tally, &tally->delays[TALLY_TOTAL], event->delay);
	if (event->delays_known & 2)
		for (unsigned i = 0; i < 4; i++)
			add_delay(tally, &tally->delays[TALLY_BEFORE + i], event->delays[i]);
}

static sst_category judge(mail_tally *tally, const sst_event *event, uint64_t times)
{
	cli_wording *wording;

	if (event->result == SST_ATTEMPT_DELIVERED || event->result == SST_ATTEMPT_EXPANDED) {
		count_code(&tally->statuses, tally->status_cache, event->status, times);
		return SST_CATEGORY_DELIVERED;
	}
	wording = cli_wording_of(&tally->wordings, event);
	wording->count += times;
	count_code(&tally->statuses, tally->status_cache, wording->status, times);
	return wording->category;
}

/* An attempt whose names are on their way from memory. */
typedef struct looked_up {
	const sst_event *event;
	sst_text domain;
	uint32_t domain_hash, relay_hash;
} looked_up;

static void add_attempt(mail_tally *tally, const looked_up *attempt)
{
	const sst_event *event = attempt->event;
	uint64_t times = (uint64_t)event->repeated + 1;
	sst_category category = judge(tally, event, times);
	tally_row *domain, *provider = NULL, *relay;

	tally->attempts += times;
	tally->not_tried += event->flags & SST_TRACK_NOT_TRIED ? times : 0;
	tally->possibly += event->flags & SST_TRACK_POSSIBLY ? times : 0;
	tally->results[event->result & 7] += times;
	count_code(&tally->reported, tally->reported_cache, event->status, times);
	add_delays(tally, event);
	if (event->flags & SST_TRACK_NOT_TRIED)
		return; /* the words are about another message's attempt: nobody refused this one */
	if (category < TALLY_CATEGORIES)
		tally->categories[category] += times;
	domain = domain_row(tally, attempt->domain, attempt->domain_hash);
	add_result(domain, event, category, times);
	relay = relay_row(tally, event->relay, attempt->relay_hash);
	if (relay != NULL) {
		add_result(relay, event, category, times);
		provider = provider_of(tally, relay);
	}
	if (provider == NULL && !(event->flags & SST_TRACK_LOCAL))
		provider = provider_of(tally, domain);
	if (provider != NULL)
		add_result(provider, event, category, times);
	if (event->time != INT64_MIN)
		add_result(hour_row(tally, event->time), event, category, times);
}

static void add_refusal(mail_tally *tally, const sst_event *event)
{
	uint64_t times = (uint64_t)event->repeated + 1;
	cli_wording *wording = cli_wording_of(&tally->refusals, event);

	wording->count += times;
	tally->refused += times;
	tally->refused_temporary += event->flags & SST_TRACK_TEMPORARY ? times : 0;
	if (wording->category < TALLY_CATEGORIES)
		tally->refused_categories[wording->category] += times;
	count_code(&tally->refusal_codes, tally->refusal_cache, event->status, times);
	if (event->time != INT64_MIN)
		hour_row(tally, event->time)->refused += times;
}

/* What is not tried is counted for Postfix only as if it had been: it logs it so. */
static bool is_attempt(const sst_event *event)
{
	return event->kind == SST_EVENT_ATTEMPT && event->result != SST_ATTEMPT_EXPIRED &&
	       !(event->flags & SST_TRACK_PROBE);
}

static void expect(const tally_names *names, uint32_t hash)
{
#ifdef __GNUC__
	if (names->size > 0)
		__builtin_prefetch(&names->places[hash & (names->size - 1)]);
#else
	(void)names;
	(void)hash;
#endif
}

static void look_ahead(const mail_tally *tally, looked_up *attempt, const sst_event *event)
{
	attempt->event = event;
	attempt->domain = domain_in(event->recipient);
	attempt->domain_hash = (uint32_t)hash_of(attempt->domain);
	attempt->relay_hash = (uint32_t)hash_of(event->relay);
	expect(&tally->domain_names, attempt->domain_hash);
	expect(&tally->relay_names, attempt->relay_hash);
}

void tally_events(mail_tally *tally, const sst_event *events, size_t count)
{
	enum { TOGETHER = 16 }; /* so many attempts' names are fetched from memory at once */
	looked_up attempts[TOGETHER];
	unsigned waiting = 0;

	for (size_t i = 0; i < count; i++) {
		const sst_event *event = &events[i];

		note_time(tally, event->time);
		if (event->kind == SST_EVENT_REFUSED)
			add_refusal(tally, event);
		if (!is_attempt(event))
			continue;
		if ((event->flags & SST_TRACK_NOT_TRIED) && event->server != SST_SERVER_POSTFIX) {
			tally->not_tried += event->repeated + 1U;
			continue;
		}
		look_ahead(tally, &attempts[waiting++], event);
		for (unsigned at = 0; waiting == TOGETHER && at < TOGETHER; at++)
			add_attempt(tally, &attempts[at]);
		waiting %= TOGETHER;
	}
	for (unsigned at = 0; at < waiting; at++)
		add_attempt(tally, &attempts[at]);
}

/* Deliveries
 * --------------------------------------------------------------------------------------- */

static tally_wait *wait_of(mail_tally *tally, sst_text domain, const cli_wording *wording)
{
	uint64_t hash = hash_of(domain) ^ (uint64_t)wording->category * 0x9e3779b97f4a7c15U;
	uint32_t at = (uint32_t)hash & 8191;
	tally_wait *wait;

	for (; tally->wait_slots[at] != 0; at = (at + 1) & 8191) {
		wait = &tally->waits[tally->wait_slots[at] - 1];
		if (wait->hash == hash && wait->domain_len == domain.len &&
		    memcmp(wait->domain, domain.ptr, domain.len) == 0)
			return wait;
	}
	if (tally->wait_count == MOST_WAITS)
		return NULL;
	if (tally->wait_count == tally->wait_room) {
		uint32_t room = tally->wait_room == 0 ? 64 : tally->wait_room * 2;

		wait = realloc(tally->waits, room * sizeof *wait);
		if (wait == NULL)
			return NULL;
		tally->waits = wait;
		tally->wait_room = room;
	}
	wait = &tally->waits[tally->wait_count];
	memset(wait, 0, sizeof *wait);
	wait->domain = malloc(domain.len + 1);
	if (wait->domain == NULL)
		return NULL;
	memcpy(wait->domain, domain.ptr, domain.len);
	wait->domain[domain.len] = '\0';
	wait->domain_len = (uint32_t)domain.len;
	wait->hash = hash;
	wait->category = wording->category;
	wait->act = wording->act;
	wait->status = wording->status;
	wait->oldest = INT64_MAX;
	tally->wait_slots[at] = ++tally->wait_count;
	return wait;
}

static void add_wait(mail_tally *tally, const sst_delivery *delivery)
{
	sst_event event = {0};
	char buffer[256];
	sst_text domain = lowered(domain_in(delivery->recipient), buffer, sizeof buffer);
	const cli_wording *wording;
	tally_wait *wait;
	int64_t since = delivery->accepted != INT64_MIN ? delivery->accepted : delivery->first;

	event.kind = SST_EVENT_ATTEMPT;
	event.server = delivery->server;
	event.result = SST_ATTEMPT_DEFERRED;
	event.status = delivery->status;
	event.reply = delivery->reply;
	event.text = delivery->text;
	event.relay = delivery->relay;
	event.recipient = delivery->recipient;
	event.host = delivery->host;
	wording = cli_wording_of(&tally->wordings, &event);
	wait = wait_of(tally, domain, wording);
	if (wait == NULL)
		return;
	wait->count++;
	wait->returning +=
	        cli_keeps_coming_back(delivery, tally->patience_attempts, tally->patience_time);
	if (since != INT64_MIN && since < wait->oldest)
		wait->oldest = since;
	if (delivery->attempts >= wait->most_attempts) {
		wait->most_attempts = delivery->attempts;
		wait->sample_len =
		        (uint16_t)(delivery->text.len < sizeof wait->sample ? delivery->text.len
		                                                            : sizeof wait->sample);
		if (wait->sample_len > 0)
			memcpy(wait->sample, delivery->text.ptr, wait->sample_len);
	}
}

void tally_delivery(mail_tally *tally, const sst_delivery *delivery)
{
	sst_text domain;

	if (delivery->fate == SST_FATE_REFUSED)
		return; /* counted as it came */
	if (delivery->next_id.len > 0) {
		tally->handovers++;
		return;
	}
	tally->deliveries++;
	tally->fates[delivery->fate]++;
	domain = domain_in(delivery->recipient);
	domain_row(tally, domain, (uint32_t)hash_of(domain))->fates[delivery->fate]++;
	if (delivery->sender.ptr != NULL)
		sender_row(tally, delivery->sender)->fates[delivery->fate]++;
	if (delivery->fate == SST_FATE_QUEUED && delivery->attempts > 0)
		add_wait(tally, delivery);
}

void tally_message(mail_tally *tally, const sst_delivery *any)
{
	if (any->origin_id.len > 0 && !(any->flags & SST_TRACK_NOTICE))
		tally->continued++; /* the same message again, on its next host */
	else
		tally->messages++;
}

/* Putting together
 * --------------------------------------------------------------------------------- */

static void add_fates(tally_row *row, const tally_row *more)
{
	for (unsigned fate = 0; row != NULL && fate < SST_FATES; fate++)
		row->fates[fate] += more->fates[fate];
}

void tally_add_deliveries(mail_tally *tally, mail_tally *more)
{
	for (uint32_t i = 0; i < more->domains.count; i++) {
		const tally_row *from = &more->domains.rows[i];
		sst_text domain = {from->name, from->name_len};
		tally_row *row;

		if (tally->organisation != NULL)
			domain = tally->organisation(domain);
		row = tally_row_of(&tally->domains, domain);
		add_fates(row, from);
		add_fates(provider_of(tally, row), from);
	}
	for (uint32_t i = 0; i < more->senders.count; i++) {
		const tally_row *from = &more->senders.rows[i];

		add_fates(tally_row_of(&tally->senders, (sst_text){from->name, from->name_len}),
		          from);
	}
	for (unsigned i = 0; i < SST_FATES; i++)
		tally->fates[i] += more->fates[i];
	tally->deliveries += more->deliveries;
	tally->handovers += more->handovers;
	tally->messages += more->messages;
	tally->continued += more->continued;
	tally->waits = more->waits;
	tally->wait_count = more->wait_count;
	tally->wait_room = more->wait_room;
	memcpy(tally->wait_slots, more->wait_slots, sizeof tally->wait_slots);
	more->waits = NULL;
	more->wait_count = more->wait_room = 0;
}
