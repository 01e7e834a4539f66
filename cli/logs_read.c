/* SPDX-License-Identifier: MIT
 * cli/logs_read.c - reads sets of logs in order, goes on where an earlier run stopped, and follows
 * files that grow, are renamed or cut off. */
#include "cli/cli.h"
#include "cli/complaint.h"
#include "cli/conveyor.h"
#include "cli/input.h"
#include "cli/logs.h"
#include "cli/progress.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	REST_BYTES = 8 << 20,
	WAIT_MILLISECONDS = 200,
	MERGED_MOST = 64,
	REFUSALS = 1024,
	THREADS_MOST = 4,
	FEW = 256
};

/* A refusal that was taken: Exim writes it into two files. */
typedef struct refusal {
	uint64_t hash;
	uint32_t file;
} refusal;

typedef struct log_reader {
	cli_logs *logs;
	sst_log *log;
	cli_input in;
	uint64_t since_rest;
	conveyor *belt; /* NULL: one thread does it all */
	bool alone;     /* and is to */
	bool fits;      /* the belt may have the next block */
	unsigned threads;
	refusal refusals[REFUSALS];
	unsigned next_refusal;
	int worst;
} log_reader;

/* One file that is followed. */
typedef struct followed {
	int fd;
	uint32_t number;
	uint64_t offset;
	struct stat info;
	position_set *set;
} followed;

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

static void complain(log_reader *reader, uint32_t number, const uint64_t *offset, const char *what,
                     const char *advice)
{
	cli_complain(reader->logs->files[number].path, what, offset, advice);
	if (reader->worst < EXIT_PARTLY)
		reader->worst = EXIT_PARTLY;
}

/* The refusal was taken from another file a moment ago: Exim writes each into its main log and into
 * its reject log. */
static bool is_twin(log_reader *reader, const sst_event *event)
{
	uint64_t hash = position_print(event->raw.ptr, event->raw.len) ^ (uint64_t)event->time;

	for (unsigned i = 0; i < REFUSALS; i++) {
		refusal *taken = &reader->refusals[i];

		if (taken->hash == hash && taken->file != event->file) {
			taken->hash = 0;
			return true;
		}
	}
	reader->refusals[reader->next_refusal++ % REFUSALS] = (refusal){hash, event->file};
	return false;
}

/* Leaves twins out; *count: how many are left. */
static void drop_twins(log_reader *reader, sst_event *events, size_t *count)
{
	size_t kept = 0;

	for (size_t i = 0; i < *count; i++) {
		if (events[i].kind == SST_EVENT_REFUSED && events[i].server == SST_SERVER_EXIM &&
		    is_twin(reader, &events[i]))
			continue;
		if (kept < i)
			events[kept] = events[i];
		kept++;
	}
	*count = kept;
}

static bool take_events(log_reader *reader, sst_event *events, size_t *count)
{
	if (reader->logs->count > 1)
		drop_twins(reader, events, count);
	return reader->logs->take(reader->logs->context, events, *count);
}

static void note_events(log_reader *reader, const sst_event *events, size_t count)
{
	if (reader->logs->note != NULL)
		reader->logs->note(reader->logs->context, events, count);
}

/* On the belt: work that can be done elsewhere is set aside. */
static bool take_block(void *context, sst_event *events, size_t *count, void **bundle)
{
	log_reader *reader = context;
	cli_logs *logs = reader->logs;
	bool good;

	logs->gathers = logs->shape != NULL;
	good = take_events(reader, events, count);
	if (logs->gathers)
		*bundle = logs->bundle(logs->context);
	logs->gathers = false;
	return good;
}

static void shape_block(void *context, void *bundle)
{
	const log_reader *reader = context;

	reader->logs->shape(reader->logs->context, bundle);
}

static bool note_block(void *context, const sst_event *events, size_t count, void *bundle)
{
	log_reader *reader = context;

	note_events(reader, events, count);
	return bundle == NULL || reader->logs->deliver(reader->logs->context, bundle);
}

static bool drain(log_reader *reader)
{
	reader->fits = false;
	return reader->belt == NULL || conveyor_drain(reader->belt);
}

static bool rest(log_reader *reader, bool idle)
{
	reader->since_rest = 0;
	if (reader->logs->rest == NULL)
		return true;
	return drain(reader) && reader->logs->rest(reader->logs->context, reader->log, idle);
}

static void note_print(log_reader *reader, position_set *set)
{
	const cli_input *in = &reader->in;
	size_t there = in->upto - in->from;

	if (set == NULL || in->offset != 0)
		return;
	set->print_len = (uint32_t)(there < POSITION_PRINT ? there : POSITION_PRINT);
	set->print = position_print(in->window + in->from, set->print_len);
}

/* The belt is started when a first block was full: most runs over small files are over before. */
static void start_belt(log_reader *reader, size_t len)
{
	const conveyor_work work = {take_block, shape_block, note_block, reader};

	if (reader->belt != NULL || reader->alone || len < CLI_WINDOW)
		return;
	reader->belt = conveyor_new(&work, reader->log, reader->threads);
	reader->alone = reader->belt == NULL;
}

/* What can go over the belt of the bytes that are there. */
static size_t whole_lines(const cli_input *in, bool last)
{
	size_t len = in->upto - in->from;
	const char *bytes = in->window + in->from, *end;

	if (last || len == 0)
		return len;
	end = memrchr(bytes, '\n', len);
	return end == NULL ? 0 : (size_t)(end - bytes) + 1;
}

/* One block. The first one of a file is read here, and so are others that do not fit on the belt.
 */
static bool feed(log_reader *reader, bool last, size_t *used)
{
	cli_input *in = &reader->in;
	sst_text block = {in->window + in->from, in->upto - in->from};
	sst_event *events;
	size_t count;
	bool good = true;

	*used = reader->fits ? whole_lines(in, last) : 0;
	if (*used > 0)
		return conveyor_send(reader->belt, in, *used);
	if (!drain(reader))
		return false;
	*used = sst_log_feed(reader->log, block, last).at;
	in->from += *used;
	in->offset += *used;
	while (good && (count = sst_log_events(reader->log, FEW, &events)) > 0) {
		good = take_events(reader, events, &count);
		note_events(reader, events, count);
	}
	if (!good)
		return false;
	start_belt(reader, block.len);
	reader->fits = reader->belt != NULL && conveyor_fits(reader->belt);
	return true;
}

/* Feeds what the input has, block by block. `last`: the file is complete, its end ends the last
 * line. */
static bool feed_all(log_reader *reader, position_set *set, bool last)
{
	cli_input *in = &reader->in;
	bool more = true;

	while (more && !stopped) {
		size_t used = 0;

		more = cli_input_fill(in);
		note_print(reader, set);
		if (!feed(reader, last && (!more || in->ended), &used))
			return false;
		reader->since_rest += used;
		cli_progress_add(0, used);
		if (set != NULL)
			set->offset = in->offset;
		if (in->ended || (!more && used == 0))
			more = false;
		if (reader->since_rest >= reader->logs->rest_bytes && !rest(reader, false))
			return false;
	}
	return true;
}

static int open_log(log_reader *reader, uint32_t number, struct stat *info)
{
	const char *path = reader->logs->files[number].path;
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && fstat(fd, info) == 0 && S_ISDIR(info->st_mode))
		errno = EISDIR;
	else if (fd >= 0)
		return fd;
	complain(reader, number, NULL, strerror(errno), cli_advice(errno));
	if (fd > STDIN_FILENO)
		close(fd);
	return -1;
}

/* No line is newer than the file; a pipe's are not newer than now. */
static int64_t newest_of(const struct stat *info)
{
	return S_ISREG(info->st_mode) ? (int64_t)info->st_mtime : (int64_t)time(NULL);
}

/* Unpacked bytes up to `offset` are walked over. */
static bool skip_to(log_reader *reader, uint64_t offset)
{
	cli_input *in = &reader->in;

	while (in->offset < offset) {
		uint64_t there;

		if (in->upto == in->from && !cli_input_fill(in))
			return false;
		there = in->upto - in->from;
		if (there > offset - in->offset)
			there = offset - in->offset;
		in->from += there;
		in->offset += there;
	}
	return true;
}

static bool read_file(log_reader *reader, uint32_t number, uint64_t offset, position_set *set,
                      bool last)
{
	cli_input *in = &reader->in;
	struct stat info;
	int fd = open_log(reader, number, &info);
	bool good = drain(reader);

	if (fd < 0)
		return good;
	if (offset == 0)
		sst_log_file(reader->log, number, newest_of(&info));
	else
		sst_log_resume(reader->log, number, newest_of(&info));
	cli_input_start(in, fd, S_ISREG(info.st_mode), 0,
	                S_ISREG(info.st_mode) ? (uint64_t)info.st_size : 0);
	if (good && skip_to(reader, offset))
		good = feed_all(reader, set, last);
	if (in->error != NULL)
		complain(reader, number, &in->error_offset, in->error, in->advice);
	if (fd != STDIN_FILENO)
		close(fd);
	return good;
}

/* Where to go on
 * ----------------------------------------------------------------------------------- */

/* The file begins with the bytes of the one that was read last. */
static bool is_known(log_reader *reader, uint32_t number, const position_set *set)
{
	struct stat info;
	int fd = open(reader->logs->files[number].path, O_RDONLY | O_CLOEXEC);
	cli_input *in = &reader->in;
	bool same;

	if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	cli_input_start(in, fd, true, 0, (uint64_t)info.st_size);
	cli_input_fill(in);
	same = in->upto - in->from >= set->print_len &&
	       position_print(in->window + in->from, set->print_len) == set->print;
	close(fd);
	return same;
}

static void find_start(log_reader *reader, uint32_t *from, uint32_t upto, position_set *set,
                       uint64_t *offset)
{
	*offset = 0;
	if (set == NULL || set->print_len == 0)
		return;
	for (uint32_t i = upto; i-- > *from;)
		if (is_known(reader, i, set)) {
			*from = i;
			*offset = set->offset;
			return;
		}
	complain(reader, *from, NULL, "the file that was read last is not there any more",
	         "all of the set is read; name the older files of the set, too");
}

static bool read_set(log_reader *reader, uint32_t from, uint32_t upto)
{
	cli_logs *logs = reader->logs;
	const cli_log_file *file = &logs->files[from];
	position_set *set =
	        logs->where == NULL ? NULL : position_of(logs->where, file->base, file->base_len);
	uint64_t offset;

	find_start(reader, &from, upto, set, &offset);
	for (; from < upto && !stopped; from++) {
		bool newest = from + 1 == upto;

		if (!read_file(reader, from, offset, set,
		               !newest || (set == NULL && !logs->follow)))
			return false;
		offset = 0;
		if (set != NULL && !newest) { /* what follows belongs to the next file */
			set->offset = 0;
			set->print_len = 0;
		}
	}
	return true;
}

/* Follow
 * ------------------------------------------------------------------------------------------- */

static bool begin_again(log_reader *reader, followed *file)
{
	if (!drain(reader))
		return false;
	file->offset = 0;
	if (file->set != NULL) {
		file->set->offset = 0;
		file->set->print_len = 0;
	}
	sst_log_file(reader->log, file->number, (int64_t)time(NULL));
	return true;
}

static bool read_growth(log_reader *reader, followed *file, bool last)
{
	uint64_t before = file->offset;
	bool good = drain(reader);

	sst_log_resume(reader->log, file->number, (int64_t)time(NULL));
	cli_input_start_at(&reader->in, file->fd, 0, file->offset);
	good = good && feed_all(reader, file->set, last);
	file->offset = reader->in.offset;
	return good && (file->offset != before || !last);
}

/* Another file has the name now: what is left of the old one is read to its end. */
static bool change_file(log_reader *reader, followed *file)
{
	struct stat info;
	int fd;

	if (stat(reader->logs->files[file->number].path, &info) != 0 ||
	    (info.st_ino == file->info.st_ino && info.st_dev == file->info.st_dev))
		return true;
	read_growth(reader, file, true);
	fd = open_log(reader, file->number, &info);
	if (fd < 0)
		return true;
	close(file->fd);
	file->fd = fd;
	file->info = info;
	return begin_again(reader, file);
}

static bool follow_file(log_reader *reader, followed *file, bool *moved)
{
	struct stat info;

	if (file->fd < 0 || fstat(file->fd, &info) != 0)
		return true;
	/* Cut off: what was copied away has been read. */
	if ((uint64_t)info.st_size < file->offset && !begin_again(reader, file))
		return false;
	if ((uint64_t)info.st_size > file->offset) {
		uint64_t before = file->offset;

		if (!read_growth(reader, file, false))
			return false;
		*moved = *moved || file->offset != before;
		if (file->offset != before)
			return true;
	}
	return change_file(reader, file);
}

static void start_following(log_reader *reader, followed *file, uint32_t number)
{
	cli_logs *logs = reader->logs;
	const cli_log_file *named = &logs->files[number];

	memset(file, 0, sizeof *file);
	file->number = number;
	file->fd = open_log(reader, number, &file->info);
	file->set =
	        logs->where == NULL ? NULL : position_of(logs->where, named->base, named->base_len);
	file->offset = file->set == NULL ? reader->in.offset : file->set->offset;
}

static bool follow(log_reader *reader, followed *files, unsigned count)
{
	const struct timespec pause = {0, WAIT_MILLISECONDS * 1000000L};

	while (!stopped) {
		bool moved = false;

		for (unsigned i = 0; i < count; i++)
			if (!follow_file(reader, &files[i], &moved))
				return false;
		if (!rest(reader, !moved))
			return false;
		if (!moved)
			nanosleep(&pause, NULL);
	}
	return true;
}

/* Several sets at once
 * --------------------------------------------------------------------------------- */

/* A set that is read beside others. */
typedef struct source {
	log_reader reader;
	uint32_t next, upto; /* files that were not opened yet */
	int fd;
	const sst_event *event; /* the next one; NULL: there are no more */
} source;

static bool open_next(source *from)
{
	log_reader *reader = &from->reader;
	struct stat info;
	uint64_t size;

	from->fd = open_log(reader, from->next, &info);
	if (from->fd < 0)
		return false;
	size = S_ISREG(info.st_mode) ? (uint64_t)info.st_size : 0;
	sst_log_file(reader->log, from->next, newest_of(&info));
	cli_input_start(&reader->in, from->fd, S_ISREG(info.st_mode), 0, size);
	return true;
}

/* One block more, or the next file. False: the set is at its end. */
static bool feed_next(source *from)
{
	cli_input *in = &from->reader.in;
	bool more, last;
	size_t used;

	while (from->fd < 0) {
		if (from->next == from->upto)
			return false;
		if (!open_next(from))
			from->next++;
	}
	more = cli_input_fill(in);
	last = !more || in->ended;
	used = sst_log_feed(from->reader.log,
	                    (sst_text){in->window + in->from, in->upto - in->from}, last)
	               .at;
	in->from += used;
	in->offset += used;
	cli_progress_add(0, used);
	if (!last)
		return true;
	if (in->error != NULL)
		complain(&from->reader, from->next, &in->error_offset, in->error, in->advice);
	close(from->fd);
	from->fd = -1;
	from->next++;
	return true;
}

static void find_event(source *from)
{
	from->event = NULL;
	while (sst_log_next(from->reader.log, &from->event) != SST_OK) {
		from->event = NULL;
		if (stopped || !feed_next(from))
			return;
	}
}

/* The source whose event is the oldest; *bound: the time that the others wait for. */
static source *oldest(source *sources, unsigned count, int64_t *bound)
{
	source *first = NULL;

	*bound = INT64_MAX;
	for (unsigned i = 0; i < count; i++) {
		source *at = &sources[i];

		if (at->event == NULL)
			continue;
		if (first == NULL || at->event->time < first->event->time) {
			if (first != NULL)
				*bound = first->event->time;
			first = at;
		} else if (at->event->time < *bound) {
			*bound = at->event->time;
		}
	}
	return first;
}

static bool start_source(source *from, const log_reader *reader, uint32_t first, uint32_t upto)
{
	from->fd = -1;
	from->next = first;
	from->upto = upto;
	from->reader.logs = reader->logs;
	from->reader.log = sst_log_new(&reader->logs->options);
	if (from->reader.log == NULL || !cli_input_init(&from->reader.in))
		return false;
	from->reader.in.leave_utf16 = true;
	return true;
}

static void add_counts(sst_log_counts *sum, sst_log_counts more)
{
	sum->lines += more.lines;
	sum->used += more.used;
	sum->skipped += more.skipped;
	sum->unknown += more.unknown;
	sum->cut += more.cut;
	sum->backward += more.backward;
	sum->binary += more.binary;
}

static bool take_one(log_reader *reader, const sst_event *event)
{
	sst_event copy = *event;
	size_t count = 1;

	if (!take_events(reader, &copy, &count))
		return false;
	note_events(reader, &copy, count);
	return true;
}

static bool merge(log_reader *reader, source *sources, unsigned count)
{
	bool good = true;
	int64_t bound;
	source *from;

	for (unsigned i = 0; i < count; i++)
		find_event(&sources[i]);
	while (good && !stopped && (from = oldest(sources, count, &bound)) != NULL)
		do {
			good = take_one(reader, from->event);
			find_event(from);
		} while (good && from->event != NULL && from->event->time <= bound);
	return good;
}

/* How many sets there are; 0: they are read one after the other, because some can't wait, or
 * because a position tells of one place only. */
static unsigned sets_to_merge(const cli_logs *logs)
{
	unsigned sets = 0;

	if (logs->follow || logs->where != NULL)
		return 0;
	for (uint32_t i = 0; i < logs->count; i++) {
		if (strcmp(logs->files[i].path, "-") == 0)
			return 0;
		sets += i == 0 || logs->files[i].given != logs->files[i - 1].given;
	}
	return sets > 1 && sets <= MERGED_MOST ? sets : 0;
}

static uint32_t set_end(const cli_logs *logs, uint32_t from)
{
	uint32_t upto = from + 1;

	while (upto < logs->count && logs->files[upto].given == logs->files[from].given)
		upto++;
	return upto;
}

/* The sets of several hosts, or of one server's several logs, in the order of their stamps. */
static bool read_merged(log_reader *reader, unsigned sets)
{
	source *sources = calloc(sets, sizeof *sources);
	bool good = sources != NULL;
	unsigned count = 0;

	for (uint32_t from = 0; good && count < sets; from = set_end(reader->logs, from)) {
		good = start_source(&sources[count], reader, from, set_end(reader->logs, from));
		count++;
	}
	good = good && merge(reader, sources, count);
	for (unsigned i = 0; i < count; i++) {
		log_reader *of = &sources[i].reader;

		if (of->log != NULL)
			add_counts(&reader->logs->counts, sst_log_count(of->log));
		if (of->worst > reader->worst)
			reader->worst = of->worst;
		if (sources[i].fd > STDIN_FILENO)
			close(sources[i].fd);
		sst_log_free(of->log);
		cli_input_free(&of->in);
	}
	free(sources);
	return good && rest(reader, false);
}

static bool read_all(log_reader *reader)
{
	cli_logs *logs = reader->logs;
	followed files[POSITION_SETS];
	unsigned count = 0, merged = sets_to_merge(logs);

	if (merged > 0)
		return read_merged(reader, merged);
	for (uint32_t from = 0, upto; from < logs->count && !stopped; from = upto) {
		upto = set_end(logs, from);
		if (!read_set(reader, from, upto))
			return false;
		if (logs->follow && count < POSITION_SETS &&
		    strcmp(logs->files[upto - 1].path, "-") != 0)
			start_following(reader, &files[count++], upto - 1);
	}
	if (logs->follow && count > 0 && !follow(reader, files, count))
		return false;
	for (unsigned i = 0; i < count; i++)
		if (files[i].fd >= 0)
			close(files[i].fd);
	return rest(reader, false);
}

static void catch_signals(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof action);
	action.sa_handler = stop;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

/* More than a few have nothing to do: messages are followed by one at a time. */
static void find_threads(log_reader *reader)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned jobs = reader->logs->jobs;

	reader->threads = jobs != 0 ? jobs : cores < 1 ? 1 : (unsigned)cores;
	if (reader->threads > THREADS_MOST)
		reader->threads = THREADS_MOST;
	/* Lines that are not understood are told of as they come. */
	reader->alone = reader->threads == 1 || reader->logs->options.unknown != NULL;
}

int cli_logs_read(cli_logs *logs)
{
	log_reader reader = {.logs = logs, .log = sst_log_new(&logs->options)};

	memset(&logs->counts, 0, sizeof logs->counts);
	if (reader.log == NULL || !cli_input_init(&reader.in)) {
		sst_log_free(reader.log);
		return cli_no_memory();
	}
	reader.in.leave_utf16 = true; /* offsets of a log that is followed are those of the file */
	find_threads(&reader);
	if (!logs->follow)
		cli_progress_start(NULL, logs->silent);
	if (logs->rest_bytes == 0)
		logs->rest_bytes = REST_BYTES;
	if (logs->follow || logs->where != NULL)
		catch_signals();
	if (logs->where != NULL && logs->where->loaded &&
	    sst_log_load(reader.log, logs->where->log).err != SST_OK) {
		cli_complain(logs->where->path, "its state of the logs is damaged", NULL,
		             "take it away to begin anew");
		reader.worst = EXIT_SYSTEM;
	} else if ((logs->where != NULL && !logs->where->loaded && !rest(&reader, false)) ||
	           !read_all(&reader)) {
		/* The first position is saved before anything is written: it names the output's
		 * length. */
		reader.worst = EXIT_SYSTEM;
	}
	if (!drain(&reader))
		reader.worst = EXIT_SYSTEM;
	conveyor_free(reader.belt);
	cli_progress_clear();
	add_counts(&logs->counts, sst_log_count(reader.log));
	sst_log_free(reader.log);
	cli_input_free(&reader.in);
	return reader.worst;
}
