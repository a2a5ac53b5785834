/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long a server takes from exec to its first line of output.
 * Usage: start TIMES PROGRAM [ARGUMENT]... Prints the median in microseconds.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000000) + ts.tv_nsec / 1000;
}

static int64_t once(char **argv)
{
	int out[2];
	int64_t from;
	pid_t pid;
	char c;

	if (pipe(out) < 0)
		return -1;
	from = now();
	pid = fork();
	if (!pid) {
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		close(out[1]);
		execv(argv[0], argv);
		_exit(127);
	}
	close(out[1]);
	if (pid < 0 || read(out[0], &c, 1) != 1)
		return -1;
	from = now() - from;
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	close(out[0]);
	return from;
}

static int ascending(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int main(int argc, char **argv)
{
	int times = argc > 2 ? atoi(argv[1]) : 0;
	int64_t *took = calloc(times > 0 ? (size_t)times : 1, sizeof *took);

	if (times < 1 || !took)
		return 2;
	for (int i = 0; i < times; i++)
		if ((took[i] = once(argv + 2)) < 0) {
			fprintf(stderr, "start: %s does not start\n", argv[2]);
			return 1;
		}
	qsort(took, (size_t)times, sizeof *took, ascending);
	printf("%lld\n", (long long)took[times / 2]);
	free(took);
	return 0;
}
