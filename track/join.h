/* SPDX-License-Identifier: MIT
 * track/join.h - the tracker's inside: messages in flight, found by their queue id, in three lists
 * that are sorted by when they were last heard of. */
#ifndef SST_TRACK_JOIN_H
#define SST_TRACK_JOIN_H

#include <smtpstatus/track.h>
#include "track/scan.h"

#define SST__NO_TIME INT64_MIN
#define SST__SECOND ((int64_t)1000000)

/* pool.c: memory in steps of 16 bytes, given back to free lists by size; from 128 bytes on, whole
 * lines of the cache. */
#define SST__POOL_CLASSES 16
typedef struct sst__pool {
	void *free[SST__POOL_CLASSES];
	struct sst__pool_block *blocks;
	char *at[2], *end[2]; /* what is left for small sizes, and for lines */
	uint64_t used;        /* bytes given out */
} sst__pool;
void *sst__pool_take(sst__pool *pool, size_t size);
void sst__pool_give(sst__pool *pool, void *memory, size_t size);
void sst__pool_free(sst__pool *pool);

typedef struct sst__string {
	char *ptr;
	uint32_t len;
} sst__string;
bool sst__string_set(sst__pool *pool, sst__string *string, sst_text text);
static inline sst_text sst__string_text(sst__string string)
{
	return (sst_text){string.ptr, string.len};
}

/* One recipient of a message. */
typedef struct sst__recipient {
	struct sst__recipient *next;
	sst__string address; /* stands behind the recipient itself */
	sst__string original, relay, text, remote_id;
	int64_t first, last;
	uint64_t line;
	uint32_t file;
	uint32_t attempts, not_tried, temporary;
	uint32_t delay, delays[4];
	sst_code status;
	uint16_t reply, flags, next_host; /* next_host: 0 none, else number + 1 */
	int16_t zone;
	sst_attempt result;
	sst_phase phase;
	uint8_t delays_known;
	bool own;       /* had a result of its own since the last one of its group */
	uint32_t group; /* number of its domain within the message, from 1 */
} sst__recipient;

/* In the index of a message's recipients. */
typedef struct sst__place {
	uint32_t hash;
	sst__recipient *recipient;
} sst__place;

enum { SST__ID_SIZE = 24 };

/* Messages that only have a client so far; that are in the queue; that are done and wait for late
 * lines. */
enum { SST__FRESH, SST__RESTING, SST__DONE, SST__LISTS };

enum { /* sst__message.state */
       SST__HAS_CLIENT = 1,
       SST__HAS_SENDER = 2,
       SST__EXPIRED = 4,
       SST__HELD = 8,
       SST__DELETED = 16,
       SST__DISCARDED = 32,
       SST__REQUEUED = 64,
       SST__NOTICE = 128
};

typedef struct sst__message {
	/* What each look-up touches stands together, in two lines of the cache. */
	uint64_t hash;
	char name[SST__ID_SIZE]; /* the queue id if it fits */
	sst__string id;          /* ptr NULL: it is in name */
	uint16_t host, state;
	uint8_t list;
	sst_server server;
	int16_t zone;
	uint32_t total, known; /* recipients: announced, seen */
	uint32_t final;        /* and with a final result */
	uint32_t index_size;
	struct sst__message *newer, *older;
	int64_t heard, done, accepted;
	sst__recipient *recipients, *last_recipient;
	sst__place *index; /* by hash, where there are many; its size is a power of two */
	sst__string sender, message_id, client, notice_id, origin_id, next_id, text;
	uint64_t size, line;
	uint32_t file;
} sst__message;

static inline sst_text sst__message_id(const sst__message *message)
{
	return (sst_text){message->id.ptr == NULL ? message->name : message->id.ptr,
	                  message->id.len};
}

static inline bool sst__has_id(const sst__message *message, sst_text id)
{
	return message->id.len == id.len &&
	       sst__bytes_same(sst__message_id(message).ptr, id.ptr, id.len);
}

typedef struct sst__slot {
	uint64_t hash;
	sst__message *message;
} sst__slot;

typedef struct sst__spilled {
	uint64_t hash; /* of host and id; 0: empty */
	uint64_t token;
	uint64_t size;
} sst__spilled;

enum { SST__HOST_SLOTS = 16384, SST__LAST_HOSTS = 8 };

typedef struct sst__list {
	sst__message *oldest, *newest;
} sst__list;

struct sst_tracker {
	sst_tracker_options options;
	sst_tracker_counts counts;
	sst__pool pool;
	sst__slot *slots;
	size_t slot_count, slots_used; /* slot_count is a power of two */
	sst__spilled *spilled;
	size_t spilled_count, spilled_used;
	sst__list lists[SST__LISTS];
	sst__string *hosts;
	unsigned host_count, host_room;
	unsigned last_host[SST__LAST_HOSTS];  /* seen last, by the last byte of its name */
	uint16_t host_slots[SST__HOST_SLOTS]; /* number + 1, by hash */
	int64_t now;                          /* the newest stamp, without single stray ones */
	unsigned astray;
	bool failed;
	char *buffer; /* for packing */
	size_t buffer_size;
};

/* table.c */
uint64_t sst__hash(sst_text text);
bool sst__table_add(sst_tracker *tracker, sst__message *message);
void sst__table_remove(sst_tracker *tracker, const sst__message *message);
sst__message *sst__table_find(sst_tracker *tracker, uint64_t hash, unsigned host, sst_text id);
/* The message will be looked up soon: fetches its slot (step 0), the message (1), or what hangs on
 * it (2) into the cache. */
void sst__table_expect(const sst_tracker *tracker, uint64_t hash, unsigned step);
/* A message with this id on any host, but not `self`. */
sst__message *sst__table_find_any(sst_tracker *tracker, sst_text id, const sst__message *self);
int sst__host_number(sst_tracker *tracker, sst_text host); /* -1: no memory */
void sst__list_add(sst_tracker *tracker, sst__message *message, unsigned list);
void sst__list_remove(sst_tracker *tracker, sst__message *message);

/* join.c */
sst__message *sst__message_new(sst_tracker *tracker, uint64_t hash, unsigned host, sst_text id);
void sst__message_free(sst_tracker *tracker, sst__message *message);

/* recipient.c */
sst__recipient *sst__recipient_new(sst_tracker *tracker, sst__message *message, sst_text address);
void sst__recipient_free(sst_tracker *tracker, sst__recipient *recipient); /* its texts stay */
sst__recipient *sst__recipient_find(const sst__message *message, sst_text address);

/* emit.c: the message's deliveries are given out and the message is forgotten. */
void sst__emit(sst_tracker *tracker, sst__message *message);
void sst__emit_refusal(sst_tracker *tracker, const sst_event *event);
sst_text sst__remote_id(sst_text text);
void sst__link_next(sst_tracker *tracker, sst__message *message, sst__recipient *recipient,
                    sst_text id);

/* state.c */
bool sst__spill(sst_tracker *tracker, sst__message *message);
sst__message *sst__unspill_at(sst_tracker *tracker, size_t at);
/* NULL if it isn't spilled, or tracker->failed. */
sst__message *sst__unspill(sst_tracker *tracker, uint64_t hash, unsigned host, sst_text id);

#endif
