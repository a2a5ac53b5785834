/* SPDX-License-Identifier: Apache-2.0 */
#include "base/system.h"

#include <fcntl.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif
#ifdef __GLIBC__
#include <malloc.h>
#endif

static int open_pipe(int ends[static 2], int flags)
{
#ifdef __linux__
	return pipe2(ends, flags);
#else
	/* with a gap, in which another thread could start a program */
	if (pipe(ends))
		return -1;
	for (int i = 0; i < 2; i++) {
		fcntl(ends[i], F_SETFD, FD_CLOEXEC);
		fcntl(ends[i], F_SETFL, flags & O_NONBLOCK);
	}
	return 0;
#endif
}

int system_pipe(int ends[static 2])
{
	return open_pipe(ends, O_CLOEXEC);
}

int system_wake_pipe(int ends[static 2])
{
	return open_pipe(ends, O_CLOEXEC | O_NONBLOCK);
}

void system_close_from(int fd)
{
#ifdef __linux__
	/* not every C library has a function for it, and one by one there may be a billion */
	if (syscall(SYS_close_range, (unsigned)fd, ~0U, 0) == 0)
		return;
#endif
	for (int last = getdtablesize(); fd < last; fd++)
		close(fd);
}

void system_end_with_parent(int signal)
{
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, signal);
#else
	(void)signal;
#endif
}

void system_one_heap(void)
{
#ifdef __GLIBC__
	mallopt(M_ARENA_MAX, 1);
#endif
}

void system_give_back_memory(void)
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}
