/* SPDX-License-Identifier: Apache-2.0 */
#include "base/system.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "base/text.h"

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

/* ---- who has the port ---- */

/* The inode of the socket that listens on that port of that address, or of all. */
static bool listening_inode(uint32_t address, int port, char inode[static 24])
{
	static const char format[] = " %8X:%4X %*s %2X %*s %*s %*s %*s %*s %u";
	FILE *f = fopen("/proc/net/tcp", "re");
	unsigned have, have_port, state, ino;
	char *line = NULL, *p;
	size_t size = 0;
	bool found = false;

	while (f && !found && getline(&line, &size, f) > 0) {
		/* "0: 0100007F:1388 00000000:0000 0A tx:rx tr:tm retrnsmt uid timeout inode" */
		p = strchr(line, ':');
		if (!p || sscanf(p + 1, format, &have, &have_port, &state, &ino) != 4) /* allowed: kernel */
			continue;
		found = state == 0x0a && (int)have_port == port &&
			(!have || !address || have == address);
		snprintf(inode, 24, "%u", ino);
	}
	free(line);
	if (f)
		fclose(f);
	return found;
}

/* Has that process the socket open? */
static bool has_socket(const char *pid, const char *inode)
{
	char path[600], link[64], want[64];
	DIR *dir;
	bool found = false;

	snprintf(path, sizeof path, "/proc/%s/fd", pid);
	snprintf(want, sizeof want, "socket:[%s]", inode);
	dir = opendir(path);
	for (struct dirent *d; dir && !found && (d = readdir(dir));) {
		ssize_t n;

		snprintf(path, sizeof path, "/proc/%s/fd/%s", pid, d->d_name);
		n = readlink(path, link, sizeof link - 1);
		link[n < 0 ? 0 : n] = '\0';
		found = streq(link, want);
	}
	if (dir)
		closedir(dir);
	return found;
}

void system_who_listens(uint32_t address, int port, char who[static 96])
{
	char inode[24], path[600], name[64] = "";
	DIR *dir = listening_inode(address, port, inode) ? opendir("/proc") : NULL;

	who[0] = '\0';
	for (struct dirent *d; dir && !who[0] && (d = readdir(dir));) {
		FILE *f;

		if (!isdigit((unsigned char)d->d_name[0]) || !has_socket(d->d_name, inode))
			continue;
		snprintf(path, sizeof path, "/proc/%s/comm", d->d_name);
		f = fopen(path, "re");
		if (f && fgets(name, sizeof name, f))
			name[strcspn(name, "\n")] = '\0';
		if (f)
			fclose(f);
		snprintf(who, 96, " (process %.16s, %.60s)", d->d_name, name);
	}
	if (dir)
		closedir(dir);
}
