/* SPDX-License-Identifier: MIT
 * bench/start.c - how long a process takes from start to end, beside another one.
 *
 * usage: bench-start COUNT PROGRAM [ARGUMENT...] -- PROGRAM [ARGUMENT...]
 *
 * Runs the two in turn, COUNT times each, with output thrown away, and prints the median of each in
 * microseconds, with a tab between. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#define COUNT_MAX 100000

extern char **environ;

static double microseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static double run_once(char **command, posix_spawn_file_actions_t *actions)
{
	double start = microseconds();
	int status;
	pid_t pid;

	if (posix_spawnp(&pid, command[0], actions, NULL, command, environ) != 0) {
		fprintf(stderr, "bench-start: cannot run %s\n", command[0]);
		exit(1);
	}
	if (waitpid(pid, &status, 0) != pid || status != 0) {
		fprintf(stderr, "bench-start: %s failed\n", command[0]);
		exit(1);
	}
	return microseconds() - start;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *times, int count)
{
	qsort(times, (size_t)count, sizeof(*times), by_size);
	return times[count / 2];
}

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t actions;
	int count = argc > 3 ? (int)strtol(argv[1], NULL, 10) : 0, second = 2;
	double *times;

	while (second < argc && strcmp(argv[second], "--") != 0)
		second++;
	if (count < 1 || count > COUNT_MAX || second + 1 >= argc || second == 2) {
		fprintf(stderr, "usage: bench-start COUNT PROGRAM... -- PROGRAM...\n");
		return 2;
	}
	argv[second] = NULL;
	times = calloc((size_t)count * 2, sizeof(*times));
	if (times == NULL)
		return 3;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	for (int i = 0; i < count; i++) {
		times[i] = run_once(argv + 2, &actions);
		times[count + i] = run_once(argv + second + 1, &actions);
	}
	printf("%.1f\t%.1f\n", median(times, count), median(times + count, count));
	free(times);
	return 0;
}
