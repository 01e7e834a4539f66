/* SPDX-License-Identifier: MIT
 * core/model.c - the statistical second opinion. */
#include "core/model.h"

enum {
	NOT_KNOWN = 0xffff,
	LENGTH_LEAST =
	        12, /* four times what is added to each text's length: few words say little */
};

/* The text's features that stand in the table, each looked up once. */
struct known {
	unsigned count;
	struct {
		uint16_t feature, place; /* in the text, in the table */
		int16_t weight;          /* for the category that was picked */
	} list[SST__MODEL_FEATURES];
};

/* The feature's place in the table, or NOT_KNOWN. */
static unsigned find(const struct sst__model *model, uint32_t hash)
{
	unsigned bucket = hash >> 22, mark = hash >> 6 & 0xffff;
	unsigned i = model->bucket[bucket], end = model->bucket[bucket + 1];

	while (i < end && model->mark[i] < mark)
		i++;
	return i < end && model->mark[i] == mark ? i : (unsigned)NOT_KNOWN;
}

static uint32_t root(uint32_t square)
{
	uint32_t result = 0;

	for (uint32_t bit = 1u << 15; bit != 0; bit >>= 1)
		if ((result | bit) * (uint64_t)(result | bit) <= square)
			result |= bit;
	return result;
}

/* Sums by category, in SST__MODEL_UNIT; false if nothing in the text is known. */
static bool sum_up(const struct sst__model *model, const struct sst__features *features,
                   struct known *known, int32_t *sums)
{
	uint32_t length = LENGTH_LEAST, words = 0;

	memset(sums, 0, SST__MODEL_CLASSES * sizeof *sums);
	known->count = 0;
	for (unsigned i = 0; i < features->count; i++) {
		unsigned place = find(model, features->list[i].hash);
		if (place == NOT_KNOWN)
			continue;
		known->list[known->count].feature = (uint16_t)i;
		known->list[known->count++].place = (uint16_t)place;
		length += sst__feature_squares[features->list[i].kind];
		words += features->list[i].kind >= SST__FEATURE_WORD;
		for (unsigned k = model->first[place]; k < model->first[place + 1]; k++)
			sums[model->category[k]] += model->weight[k];
	}
	length = root(length << 8);
	for (unsigned c = 1; c < SST__MODEL_CLASSES; c++) {
		if (sums[c] != 0) /* to divide takes long */
			sums[c] = (int32_t)(sums[c] * (int64_t)model->gain / (int64_t)length);
		sums[c] += model->bias[c];
	}
	return words > 0;
}

/* The two highest sums, and how sure that makes: the share that each has of all, in percent. */
static void pick(const struct sst__model *model, const int32_t *sums, struct sst__opinion *opinion)
{
	unsigned best = 1, second = 0;
	uint32_t all = 0, far;

	for (unsigned c = 2; c < SST__MODEL_CLASSES; c++) {
		if (sums[c] > sums[best]) {
			second = best;
			best = c;
		} else if (second == 0 || sums[c] > sums[second]) {
			second = c;
		}
	}
	for (unsigned c = 1; c < SST__MODEL_CLASSES; c++) {
		far = (uint32_t)(sums[best] - sums[c]);
		all += far < SST__MODEL_FAR ? model->fall[far] : 0;
	}
	far = (uint32_t)(sums[best] - sums[second]);
	opinion->category = best;
	opinion->second = second;
	opinion->sure = model->fall[0] * 100u / all;
	opinion->second_sure = (far < SST__MODEL_FAR ? model->fall[far] : 0) * 100u / all;
}

static int weight_for(const struct sst__model *model, unsigned place, unsigned category)
{
	for (unsigned k = model->first[place]; k < model->first[place + 1]; k++)
		if (model->category[k] == category)
			return model->weight[k];
	return 0;
}

/* The words that weighed most: a second place is one that does not touch the first. */
static void tell(const struct sst__model *model, const struct sst__features *features,
                 struct known *known, struct sst__opinion *opinion)
{
	int most = 0, next = 0;

	for (unsigned i = 0; i < known->count; i++) {
		const struct sst__feature *feature = &features->list[known->list[i].feature];
		int weight = feature->from == feature->upto
		                     ? 0
		                     : weight_for(model, known->list[i].place, opinion->category);
		known->list[i].weight = (int16_t)weight;
		if (weight > most) {
			most = weight;
			opinion->from = feature->from;
			opinion->upto = feature->upto;
		}
	}
	for (unsigned i = 0; i < known->count; i++) {
		const struct sst__feature *feature = &features->list[known->list[i].feature];
		if (known->list[i].weight <= next ||
		    (feature->from < opinion->upto && feature->upto > opinion->from))
			continue;
		next = known->list[i].weight;
		opinion->next_from = feature->from;
		opinion->next_upto = feature->upto;
	}
}

void sst__model_ask(const struct sst__model *model, const struct sst__features *features,
                    struct sst__opinion *opinion)
{
	int32_t sums[SST__MODEL_CLASSES];
	struct known known;

	memset(opinion, 0, sizeof *opinion);
	if (!sum_up(model, features, &known, sums))
		return;
	pick(model, sums, opinion);
	tell(model, features, &known, opinion);
}
