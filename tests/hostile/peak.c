/* SPDX-License-Identifier: MIT
 * tests/hostile/peak.c - runs a program and tells what it took.
 *
 * usage: peak PROGRAM [ARGUMENT...]
 *
 * The last line on stderr is "peak KILOBYTES SECONDS STATUS". A program of its own, since a process
 * inherits the peak of the one that starts it, and that should be small. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct timespec start, end;
	struct rusage usage;
	int status;
	pid_t pid;

	if (argc < 2)
		return 2;
	clock_gettime(CLOCK_MONOTONIC, &start);
	pid = fork();
	if (pid == 0) {
		execv(argv[1], argv + 1);
		perror(argv[1]);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid) {
		perror("peak");
		return 3;
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	fprintf(stderr, "peak %ld %.3f %d\n", usage.ru_maxrss,
	        (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9,
	        WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
	return 0;
}
