/* SPDX-License-Identifier: MIT
 * gen/model.c - trains the model of core/model.c on labelled texts, and writes it down as
 * constants.
 *
 * usage: model TEXTS.tsv CATEGORIES.tsv TABLE     writes the table
 *        model TEXTS.tsv CATEGORIES.tsv --folds   one line a text: wanted, got, percent, text
 *
 * --folds has each fifth of the texts read by a model of the other four.
 *
 * Multinomial logistic regression by stochastic gradient descent with a rate for each weight
 * (AdaGrad), then the weakest weights are dropped until the table fits, and what is left is trained
 * again. All arithmetic is that of IEEE 754, where sqrt is exact, and nothing in it is random, so
 * that the table is the same wherever it is built. */
#include "core/model.h"
#include "gen/tsv.h"

#include <math.h>
#include <stdlib.h>

enum {
	ROUNDS = 20,
	LEAST_SEEN = 2,       /* texts that a feature must stand in */
	MOST_WEIGHTS = 22000, /* of the table, two bytes each */
	FOLDS = 5,
	CLASSES = SST__MODEL_CLASSES
};

static const double RATE = 0.5, DECAY = 3e-4, BIAS_RATE = 0.02, TINY = 1e-6, SMALL = 1e-4;

/* Four times the square of the length that each text has before anything is known of it. */
static const double LENGTH_LEAST = 12;

struct sample {
	const char *text;
	unsigned category, fold;
	unsigned count;
	unsigned *features; /* numbers of features */
};

struct entry {
	uint32_t hash;
	unsigned seen;
	uint8_t kind;
	bool used;
	double weight[CLASSES], slope[CLASSES];
	bool kept[CLASSES];
};

static struct sample *samples;
static unsigned sample_count;
static struct entry *entries; /* in the order of their hashes */
static unsigned entry_count;
static double bias[CLASSES];
static tsv texts, categories;

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (memory == NULL) {
		perror("model");
		exit(1);
	}
	return memory;
}

/* e to the power of x, x <= 0. libm's differs from system to system. */
static double power(double x)
{
	double y = 1 + x / 4096;

	if (x < -700)
		return 0;
	for (unsigned i = 0; i < 12; i++)
		y *= y;
	return y;
}

/* What a kind counts for beside a word. */
static double value_of(unsigned kind)
{
	static const double values[] = {[1] = 0.5, [4] = 1, [16] = 2};

	return values[sst__feature_squares[kind]];
}

/* What the finder of codes sees in `text`, and its features. */
static void read_features(sst_text text, struct sst__features *features)
{
	struct sst__windows windows;
	sst_codes codes;

	sst_codes_find(text, &codes);
	sst__windows_open(&windows, text, SST_NO_TEXT);
	sst__features_read(&windows, codes.outer.reply, codes.status, features);
}

static int by_hash(const void *a, const void *b)
{
	const struct entry *one = a, *other = b;

	return one->hash < other->hash ? -1 : one->hash > other->hash;
}

static unsigned entry_of(uint32_t hash)
{
	unsigned low = 0, high = entry_count;

	while (low < high) {
		unsigned middle = (low + high) / 2;
		if (entries[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* All features of all texts, each once. */
static void list_entries(struct sst__features *features)
{
	unsigned room = 0, used = 0;

	for (unsigned i = 0; i < sample_count; i++) {
		const char *text = samples[i].text;
		read_features((sst_text){text, strlen(text)}, features);
		if (entry_count + features->count > room) {
			room = (entry_count + features->count) * 2;
			entries = realloc(entries, room * sizeof *entries);
			if (entries == NULL)
				exit(1);
		}
		for (unsigned k = 0; k < features->count; k++) {
			struct entry *entry = &entries[entry_count++];
			memset(entry, 0, sizeof *entry);
			/* What core can tell apart. */
			entry->hash = features->list[k].hash & ~0x3fu;
			entry->kind = features->list[k].kind;
		}
	}
	qsort(entries, entry_count, sizeof *entries, by_hash);
	for (unsigned i = 0; i < entry_count; i++)
		if (i == 0 || entries[i].hash != entries[used - 1].hash)
			entries[used++] = entries[i];
	entry_count = used;
}

static void read_samples(void)
{
	struct sst__features *features = allocate(1, sizeof *features);

	samples = allocate(texts.rows, sizeof *samples);
	for (unsigned row = 0; row < texts.rows; row++) {
		struct sample *sample = &samples[sample_count++];
		const char *name = tsv_cell(&texts, row, "category");
		for (unsigned k = 0; k < categories.rows; k++)
			if (strcmp(tsv_cell(&categories, k, "name"), name) == 0)
				sample->category =
				        tsv_number(&categories, k, "number", CLASSES - 1);
		if (sample->category == 0)
			tsv_fail(&texts, row, "there is no category \"%s\"", name);
		sample->text = tsv_cell(&texts, row, "text");
		for (const char *c = sample->text; *c != '\0'; c++)
			sample->fold = sample->fold * 33 + (unsigned char)*c;
		sample->fold = (sample->fold >> 8) % FOLDS;
	}
	list_entries(features);
	for (unsigned i = 0; i < sample_count; i++) {
		struct sample *sample = &samples[i];
		read_features((sst_text){sample->text, strlen(sample->text)}, features);
		sample->features = allocate(features->count, sizeof *sample->features);
		sample->count = features->count;
		for (unsigned k = 0; k < features->count; k++)
			sample->features[k] = entry_of(features->list[k].hash & ~0x3fu);
	}
	free(features);
}

/* Shares of the categories; the factor that each feature had. */
static double shares_of(const struct sample *sample, double *shares)
{
	double length = LENGTH_LEAST, factor, most = -1e9, all = 0;

	memset(shares, 0, CLASSES * sizeof *shares);
	for (unsigned i = 0; i < sample->count; i++) {
		const struct entry *entry = &entries[sample->features[i]];
		double value = value_of(entry->kind);
		if (!entry->used)
			continue;
		length += sst__feature_squares[entry->kind];
		for (unsigned c = 1; c < CLASSES; c++)
			shares[c] += value * entry->weight[c];
	}
	factor = 2 / sqrt(length);
	for (unsigned c = 1; c < CLASSES; c++) {
		shares[c] = shares[c] * factor + bias[c];
		if (shares[c] > most)
			most = shares[c];
	}
	for (unsigned c = 1; c < CLASSES; c++)
		all += shares[c] = power(shares[c] - most);
	for (unsigned c = 1; c < CLASSES; c++)
		shares[c] /= all;
	return factor;
}

static void learn(const struct sample *sample)
{
	double shares[CLASSES], factor = shares_of(sample, shares);

	shares[sample->category] -= 1;
	for (unsigned c = 1; c < CLASSES; c++)
		bias[c] -= BIAS_RATE * shares[c];
	for (unsigned i = 0; i < sample->count; i++) {
		struct entry *entry = &entries[sample->features[i]];
		double value = value_of(entry->kind) * factor;
		if (!entry->used)
			continue;
		for (unsigned c = 1; c < CLASSES; c++) {
			double slope = shares[c] * value + DECAY * entry->weight[c];
			if (!entry->kept[c] || (slope < SMALL && slope > -SMALL))
				continue;
			entry->slope[c] += slope * slope;
			entry->weight[c] -= RATE * slope / sqrt(entry->slope[c] + TINY);
		}
	}
}

/* Some rounds over the texts in a shuffled order, the texts of one fold left out. */
static void train(unsigned left_out)
{
	unsigned *order = allocate(sample_count, sizeof *order), count = 0;
	uint32_t dice = 1;

	for (unsigned i = 0; i < sample_count; i++)
		if (samples[i].fold != left_out)
			order[count++] = i;
	for (unsigned round = 0; round < ROUNDS; round++) {
		for (unsigned i = count; i-- > 1;) {
			unsigned other, moved = order[i];
			dice = dice * 1664525u + 1013904223u;
			other = (unsigned)((uint64_t)dice * (i + 1) >> 32);
			order[i] = order[other];
			order[other] = moved;
		}
		for (unsigned i = 0; i < count; i++)
			learn(&samples[order[i]]);
	}
	free(order);
}

static void forget(unsigned left_out)
{
	memset(bias, 0, sizeof bias);
	for (unsigned i = 0; i < entry_count; i++) {
		struct entry *entry = &entries[i];
		entry->seen = 0;
		memset(entry->weight, 0, sizeof entry->weight);
		memset(entry->slope, 0, sizeof entry->slope);
		memset(entry->kept, true, sizeof entry->kept);
	}
	for (unsigned i = 0; i < sample_count; i++)
		if (samples[i].fold != left_out)
			for (unsigned k = 0; k < samples[i].count; k++)
				entries[samples[i].features[k]].seen++;
	for (unsigned i = 0; i < entry_count; i++)
		entries[i].used = entries[i].seen >= LEAST_SEEN;
}

static int downwards(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return one > other ? -1 : one < other;
}

static double size_of(double weight)
{
	return weight < 0 ? -weight : weight;
}

/* Keeps the strongest weights only. */
static void prune(void)
{
	double *sizes = allocate((size_t)entry_count * CLASSES, sizeof *sizes), least;
	size_t count = 0;

	for (unsigned i = 0; i < entry_count; i++)
		for (unsigned c = 1; c < CLASSES && entries[i].used; c++)
			sizes[count++] = value_of(entries[i].kind) * size_of(entries[i].weight[c]);
	qsort(sizes, count, sizeof *sizes, downwards);
	least = count > MOST_WEIGHTS ? sizes[MOST_WEIGHTS] : 0;
	for (unsigned i = 0; i < entry_count; i++)
		for (unsigned c = 1; c < CLASSES; c++) {
			struct entry *entry = &entries[i];
			entry->slope[c] = 0;
			entry->kept[c] = value_of(entry->kind) * size_of(entry->weight[c]) > least;
			if (!entry->kept[c])
				entry->weight[c] = 0;
		}
	free(sizes);
}

static void train_all(unsigned left_out)
{
	forget(left_out);
	train(left_out);
	prune();
	train(left_out);
}

static int whole(double number)
{
	return (int)(number < 0 ? number - 0.5 : number + 0.5);
}

/* The table as core reads it, in memory. */
struct table {
	struct sst__model model;
	unsigned features, weights;
	uint16_t bucket[SST__MODEL_BUCKETS + 1], mark[65536], first[65537];
	uint8_t category[MOST_WEIGHTS];
	int8_t weight[MOST_WEIGHTS];
	int16_t bias[CLASSES];
	uint16_t fall[SST__MODEL_FAR];
};

/* Weights in parts of one step, so that the greatest is 127. */
static double step_of(void)
{
	double most = 0;

	for (unsigned i = 0; i < entry_count; i++)
		for (unsigned c = 1; c < CLASSES && entries[i].used; c++) {
			double size = value_of(entries[i].kind) * size_of(entries[i].weight[c]);
			if (size > most)
				most = size;
		}
	return most / 127;
}

static void put_entry(struct table *table, const struct entry *entry, double step)
{
	unsigned before = table->weights;

	for (unsigned c = 1; c < CLASSES; c++) {
		int weight = whole(value_of(entry->kind) * entry->weight[c] / step);
		if (weight == 0 || table->weights >= MOST_WEIGHTS)
			continue;
		table->category[table->weights] = (uint8_t)c;
		table->weight[table->weights++] = (int8_t)weight;
	}
	if (table->weights == before)
		return;
	table->mark[table->features] = (uint16_t)(entry->hash >> 6 & 0xffff);
	table->first[table->features++] = (uint16_t)before;
}

static void put_table(struct table *table)
{
	double step = step_of();
	unsigned bucket = 0;

	memset(table, 0, sizeof *table);
	for (unsigned i = 0; i < entry_count; i++) {
		while (bucket <= entries[i].hash >> 22)
			table->bucket[bucket++] = (uint16_t)table->features;
		if (entries[i].used)
			put_entry(table, &entries[i], step);
	}
	while (bucket <= SST__MODEL_BUCKETS)
		table->bucket[bucket++] = (uint16_t)table->features;
	table->first[table->features] = (uint16_t)table->weights;
	for (unsigned c = 1; c < CLASSES; c++)
		table->bias[c] = (int16_t)whole(bias[c] * SST__MODEL_UNIT);
	for (unsigned i = 0; i < SST__MODEL_FAR; i++)
		table->fall[i] = (uint16_t)whole(65535 * power(-(double)i / SST__MODEL_UNIT));
	/* core divides by the root of 256 times a length in quarters: 32 times the true one. */
	table->model =
	        (struct sst__model){table->bucket, table->mark,
	                            table->first,  table->category,
	                            table->weight, table->bias,
	                            table->fall,   (uint32_t)whole(step * SST__MODEL_UNIT * 32)};
}

static void write_numbers(FILE *out, const char *type, const char *name, const void *list,
                          size_t size, unsigned count)
{
	fprintf(out, "static const %s %s[] = {", type, name);
	for (unsigned i = 0; i < count; i++) {
		int number = type[0] == 'i' ? size == 1 ? ((const int8_t *)list)[i]
		                                        : ((const int16_t *)list)[i]
		             : size == 1 ? ((const uint8_t *)list)[i]
		                            : ((const uint16_t *)list)[i];
		fprintf(out, "%s%d,", i % 24 == 0 ? "\n\t" : "", number);
	}
	fputs("\n};\n", out);
}

static void write_table(const struct table *table, const char *path)
{
	FILE *out = fopen(path, "w");

	if (out == NULL) {
		perror(path);
		exit(1);
	}
	fprintf(out, "/* Made by gen/model.c: %u features, %u weights. */\n", table->features,
	        table->weights);
	fputs("#include \"core/model.h\"\n\n", out);
	write_numbers(out, "uint16_t", "bucket", table->bucket, 2, SST__MODEL_BUCKETS + 1);
	write_numbers(out, "uint16_t", "mark", table->mark, 2, table->features);
	write_numbers(out, "uint16_t", "first", table->first, 2, table->features + 1);
	write_numbers(out, "uint8_t", "category", table->category, 1, table->weights);
	write_numbers(out, "int8_t", "weight", table->weight, 1, table->weights);
	write_numbers(out, "int16_t", "bias", table->bias, 2, CLASSES);
	write_numbers(out, "uint16_t", "fall", table->fall, 2, SST__MODEL_FAR);
	fprintf(out,
	        "const struct sst__model sst__model_table = {bucket, mark, first, category, "
	        "weight, "
	        "bias, fall, %uu};\n",
	        table->model.gain);
	if (fclose(out) != 0) {
		perror(path);
		exit(1);
	}
}

static const char *name_of(unsigned number)
{
	for (unsigned k = 0; k < categories.rows; k++)
		if (tsv_number(&categories, k, "number", CLASSES - 1) == number)
			return tsv_cell(&categories, k, "name");
	return "none";
}

/* Each fifth of the texts as core reads it with a model that has not seen it. */
static void cross_validate(struct table *table)
{
	struct sst__features *features = allocate(1, sizeof *features);

	for (unsigned fold = 0; fold < FOLDS; fold++) {
		train_all(fold);
		put_table(table);
		for (unsigned i = 0; i < sample_count; i++) {
			struct sst__opinion opinion;
			if (samples[i].fold != fold)
				continue;
			read_features((sst_text){samples[i].text, strlen(samples[i].text)},
			              features);
			sst__model_ask(&table->model, features, &opinion);
			printf("%s\t%s\t%u\t%s\n", name_of(samples[i].category),
			       name_of(opinion.category), opinion.sure, samples[i].text);
		}
	}
	free(features);
}

int main(int argc, char **argv)
{
	struct table *table = allocate(1, sizeof *table);

	if (argc != 4) {
		fprintf(stderr, "usage: %s TEXTS.tsv CATEGORIES.tsv TABLE|--folds\n", argv[0]);
		return 1;
	}
	tsv_read(&texts, argv[1]);
	tsv_read(&categories, argv[2]);
	read_samples();
	if (strcmp(argv[3], "--folds") == 0) {
		cross_validate(table);
		return 0;
	}
	train_all(FOLDS);
	put_table(table);
	write_table(table, argv[3]);
	return 0;
}
