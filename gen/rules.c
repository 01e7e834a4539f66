/* SPDX-License-Identifier: MIT
 * gen/rules.c - compiles data/rules with the code that compiles a site's rules, and writes the
 * tables down as constants.
 *
 * usage: rules TABLE RULES.tsv... */
#include "core/compile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *text;
static size_t text_len;

/* Which file and line an offset of the joined text is. */
static void say_where(char **paths, int count, const size_t *starts, size_t at, const char *rule)
{
	int file = 0;
	unsigned line = 1;

	while (file + 1 < count && starts[file + 1] <= at)
		file++;
	for (size_t i = starts[file]; i < at; i++)
		line += text[i] == '\n';
	fprintf(stderr, "%s:%u: %s\n", paths[file], line, rule == NULL ? "error" : rule);
}

static void append(const char *path)
{
	FILE *file = fopen(path, "rb");
	size_t got;

	if (file == NULL) {
		perror(path);
		exit(1);
	}
	do {
		text = realloc(text, text_len + 65536);
		if (text == NULL) {
			perror("rules");
			exit(1);
		}
		got = fread(text + text_len, 1, 65535, file);
		text_len += got;
	} while (got > 0);
	if (text_len > 0 && text[text_len - 1] != '\n')
		text[text_len++] = '\n';
	fclose(file);
}

/* What of the set's pool is asked for after compiling: names, ids and tails, each byte string once,
 * shorter ones inside longer ones. */
static char *pool;
static uint32_t pool_len = 1; /* offset 0 is no name */

static uint32_t pooled(const char *bytes, size_t len)
{
	for (const char *at = pool + 1, *end = pool + pool_len; len > 0; at++) {
		at = memchr(at, bytes[0], (size_t)(end - at));
		if (at == NULL || (size_t)(end - at) < len)
			break;
		if (memcmp(at, bytes, len) == 0)
			return (uint32_t)(at - pool);
	}
	memcpy(pool + pool_len, bytes, len);
	pool_len += (uint32_t)len;
	return pool_len - (uint32_t)len;
}

/* A tail that stands in no other. */
struct tail {
	const char *bytes;
	unsigned len;
	bool used;
};

enum { SHARED_MOST = 6 };

static int by_bytes(const void *a, const void *b)
{
	const struct tail *one = a, *other = b;
	unsigned len = one->len < other->len ? one->len : other->len;
	int order = memcmp(one->bytes, other->bytes, len);

	return order != 0 ? order : (one->len > other->len) - (one->len < other->len);
}

static bool begins(const struct tail *tail, const char *bytes, unsigned len)
{
	return tail->len >= len && memcmp(tail->bytes, bytes, len) == 0;
}

/* The unused tail that begins with most of the bytes that the pool ends with; any if none does. */
static struct tail *next_tail(struct tail *tails, unsigned count, unsigned *shared)
{
	struct tail *next = NULL;

	*shared = pool_len < SHARED_MOST ? pool_len : SHARED_MOST;
	while (next == NULL && *shared > 0) {
		const struct tail end = {pool + pool_len - *shared, *shared, false};
		unsigned low = 0, high = count;
		while (low < high) {
			unsigned middle = (low + high) / 2;
			if (by_bytes(&tails[middle], &end) < 0)
				low = middle + 1;
			else
				high = middle;
		}
		while (low < count && tails[low].used && begins(&tails[low], end.bytes, end.len))
			low++;
		if (low < count && begins(&tails[low], end.bytes, end.len))
			next = &tails[low];
		else
			--*shared;
	}
	for (unsigned i = 0; next == NULL && i < count; i++)
		next = tails[i].used ? NULL : &tails[i];
	return next;
}

/* Puts the tails one behind the other so that the end of one is the beginning of the next where
 * that can be: a sixth less. */
static void chain_tails(struct tail *tails, unsigned count)
{
	qsort(tails, count, sizeof *tails, by_bytes);
	for (unsigned left = count; left > 0; left--) {
		unsigned shared;
		struct tail *tail = next_tail(tails, count, &shared);
		tail->used = true;
		memcpy(pool + pool_len, tail->bytes + shared, tail->len - shared);
		pool_len += tail->len - shared;
	}
}

static struct places {
	uint32_t *names, *ids, *tails;
} places;

static void pool_tails(const struct sst_rules *set)
{
	struct tail *tails = calloc(set->end_count + 1u, sizeof *tails);
	uint32_t start = pool_len;
	unsigned count = 0;

	if (tails == NULL) {
		perror("rules");
		exit(1);
	}
	for (unsigned len = SST__LITERAL_BYTES; len > 0; len--)
		for (uint32_t i = 0; i < set->end_count; i++) {
			const char *bytes = set->pool + set->ends[i].tail;
			uint32_t before = pool_len;
			if (set->ends[i].tail_len == len)
				pooled(bytes, len);
			if (pool_len > before)
				tails[count++] = (struct tail){bytes, len, false};
		}
	pool_len = start;
	chain_tails(tails, count);
	for (uint32_t i = 0; i < set->end_count; i++)
		if (set->ends[i].tail_len > 0)
			places.tails[i] =
			        pooled(set->pool + set->ends[i].tail, set->ends[i].tail_len);
	free(tails);
}

static void fill_pool(const struct sst_rules *set)
{
	pool = calloc(set->pool_len + 1u, 1);
	places.names = calloc(set->concepts + 1u, sizeof *places.names);
	places.ids = calloc(set->rule_count + 1u, sizeof *places.ids);
	places.tails = calloc(set->end_count + 1u, sizeof *places.tails);
	if (pool == NULL || places.names == NULL || places.ids == NULL || places.tails == NULL) {
		perror("rules");
		exit(1);
	}
	for (unsigned i = 0; i < set->named; i++)
		if (set->names[i] != 0)
			places.names[i] = pooled(set->pool + set->names[i],
			                         strlen(set->pool + set->names[i]) + 1);
	for (unsigned i = 0; i < set->rule_count; i++)
		places.ids[i] = pooled(set->pool + set->rules[i].id, set->rules[i].id_len + 1u);
	pool_tails(set);
}

/* Bytes as numbers that fit a char, whether it has a sign or not. */
static void write_pool(FILE *out)
{
	fputs("static const char pool[] = {", out);
	for (uint32_t i = 0; i < pool_len; i++)
		fprintf(out, "%s(char)%d,", i % 16 == 0 ? "\n\t" : "", pool[i]);
	fputs("\n};\n", out);
}

static void write_numbers(FILE *out, const char *type, const char *name, const void *list,
                          size_t size, size_t count)
{
	fprintf(out, "static const %s %s[] = {", type, name);
	for (size_t i = 0; i < count; i++) {
		unsigned value = size == 1   ? ((const uint8_t *)list)[i]
		                 : size == 2 ? ((const uint16_t *)list)[i]
		                             : ((const uint32_t *)list)[i];
		fprintf(out, "%s%u,", i % 16 == 0 ? "\n\t" : "", value);
	}
	fputs(count == 0 ? "0};\n" : "\n};\n", out);
}

static void write_bits(FILE *out, const struct sst_rules *set)
{
	unsigned count = SST__KEYS * sst__key_words(set->wordless_count);

	fputs("static const uint64_t wordless_bits[] = {", out);
	for (unsigned i = 0; i < count; i++)
		fprintf(out, "%sUINT64_C(0x%" PRIx64 "),", i % 4 == 0 ? "\n\t" : "",
		        set->wordless_bits[i]);
	fputs(count == 0 ? "0};\n" : "\n};\n", out);
}

static void write_trie(FILE *out, const struct sst_rules *set)
{
	fputs("static const struct sst__edge edges[] = {\n", out);
	for (uint32_t i = 0; i < set->edge_count; i++)
		fprintf(out, "\t{%u, %u},\n", set->edges[i].value, set->edges[i].check);
	fputs("};\nstatic const struct sst__end ends[] = {\n", out);
	for (uint32_t i = 0; i < set->end_count; i++) {
		const struct sst__end *end = &set->ends[i];
		fprintf(out, "\t{%u, %u, %u, %u},\n", places.tails[i], end->outs, end->tail_len,
		        end->bits);
	}
	fputs("\t{0, 0, 0, 0},\n};\n", out);
}

static void write_rules(FILE *out, const struct sst_rules *set)
{
	fputs("static const struct sst__rule rules[] = {\n", out);
	for (unsigned i = 0; i < set->rule_count; i++) {
		const struct sst__rule *r = &set->rules[i];
		fprintf(out,
		        "\t{%u, %u, %u, %u, %u, %u, %u, %u, %u, %u, %u, %u, %u, %u, %u, %u, "
		        "%u, {%u, %u, %u}},\n",
		        places.ids[i], r->id_len, r->category, r->weight, r->speaker, r->says,
		        r->phases, r->atom_count, r->cond_count, r->atoms, r->conds, r->needed,
		        r->permanence, r->act, r->side, r->scope, r->check, r->status.cls,
		        r->status.subject, r->status.detail);
	}
	fputs("};\nstatic const struct sst__atom atoms[] = {\n", out);
	for (uint32_t i = 0; i < set->atom_count; i++)
		fprintf(out, "\t{%u, %u, %u},\n", set->atoms[i].first, set->atoms[i].count,
		        set->atoms[i].gap);
	fputs("\t{0, 0, 0},\n};\nstatic const struct sst__cond conds[] = {\n", out);
	for (uint32_t i = 0; i < set->cond_count; i++) {
		const struct sst__cond *d = &set->conds[i];
		fprintf(out, "\t{%u, %u, %u, %u, %u, %u, %u},\n", d->reply_low, d->reply_high,
		        d->classes, d->subject_low, d->subject_high, d->detail_low, d->detail_high);
	}
	fputs("\t{0, 0, 0, 0, 0, 0, 0},\n};\n", out);
}

static void write_set(FILE *out, const struct sst_rules *set)
{
	fprintf(out,
	        "const struct sst_rules sst__rules = {\n"
	        "\tNULL, edges, ends, outs, rules, atoms, alts, conds, waiting_first, waiting,\n"
	        "\tmember_first, member,\n"
	        "\twordless, wordless_bits, names, flags, pool, 0, %u, %u, %u, %u,\n"
	        "\t%u, %u, %u, %u, %u, %u, %u};\n\n",
	        set->concepts, set->named, set->rule_count, set->wordless_count, set->edge_count,
	        set->end_count, set->out_count, set->atom_count, set->alt_count, set->cond_count,
	        pool_len);
	fputs("const sst_rules *sst_rules_builtin(void)\n{\n\treturn &sst__rules;\n}\n", out);
}

static bool write_table(const char *path, const struct sst_rules *set)
{
	FILE *out = fopen(path, "w");

	if (out == NULL)
		return false;
	fputs("/* Generated from data/rules. */\n#include \"core/rules.h\"\n\n"
	      "extern const struct sst_rules sst__rules;\n\n",
	      out);
	fill_pool(set);
	write_trie(out, set);
	write_rules(out, set);
	write_numbers(out, "uint16_t", "outs", set->outs, 2, set->out_count);
	write_numbers(out, "uint16_t", "alts", set->alts, 2, set->alt_count);
	write_numbers(out, "uint16_t", "waiting_first", set->waiting_first, 2, set->concepts + 1u);
	write_numbers(out, "uint16_t", "waiting", set->waiting, 2,
	              set->waiting_first[set->concepts]);
	write_numbers(out, "uint16_t", "member_first", set->member_first, 2, set->concepts + 1u);
	write_numbers(out, "uint16_t", "member", set->member, 2, set->alt_count);
	write_numbers(out, "uint16_t", "wordless", set->wordless, 2, set->wordless_count);
	write_bits(out, set);
	write_numbers(out, "uint32_t", "names", places.names, 4, set->named);
	write_numbers(out, "uint8_t", "flags", set->flags, 1, set->named);
	write_pool(out);
	write_set(out, set);
	return fclose(out) == 0;
}

int main(int argc, char **argv)
{
	const struct sst_rules *set = NULL;
	size_t *starts = calloc((size_t)argc + 1, sizeof *starts), size;
	sst_result result;
	void *memory;

	if (argc < 3 || starts == NULL) {
		fputs("usage: rules TABLE RULES.tsv...\n", stderr);
		return 2;
	}
	for (int i = 2; i < argc; i++) {
		starts[i - 2] = text_len;
		append(argv[i]);
	}
	size = sst__compile_size(NULL, (sst_text){text, text_len});
	memory = malloc(size);
	result = sst__compile(NULL, (sst_text){text, text_len}, memory, size, &set);
	if (result.err != SST_OK) {
		say_where(argv + 2, argc - 2, starts, result.at, result.rule);
		return 1;
	}
	if (!write_table(argv[1], set)) {
		perror(argv[1]);
		return 1;
	}
	free(memory);
	free(starts);
	free(text);
	return 0;
}
