/* SPDX-License-Identifier: Apache-2.0 */
/* What an earlier run has left behind: servers, scratch, folders of sockets, all of its data when
 * that was to go away with it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/system.h"
#include "base/text.h"
#include "postgres/inside.h"
#include "postgres/machine/files.h"
#include "postgres/machine/leftover.h"

/* The process is a database server on that folder, and not somebody who got its number since. */
static bool serves(pid_t pid, const char *data)
{
	char path[64], line[4096];

	snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
	return memmem(line, files_read(path, line, sizeof line), data, strlen(data)) != NULL;
}

static void end_leftover(const char *data)
{
	char path[PATH_MAX + 32], line[32] = "";
	int64_t pid;
	FILE *f;

	snprintf(path, sizeof path, "%s/postmaster.pid", data);
	f = fopen(path, "re");
	if (!f)
		return;
	if (!fgets(line, sizeof line, f))
		line[0] = '\0';
	fclose(f);
	line[strcspn(line, "\n")] = '\0';
	if (text_int(line, 2, INT32_MAX, &pid) && serves((pid_t)pid, data)) {
		pg_log("ending a database server that was left running: process %lld",
			(long long)pid);
		kill((pid_t)pid, SIGQUIT);
		for (int i = 0; i < 1000 && kill((pid_t)pid, 0) == 0; i++)
			usleep(2000);
		kill((pid_t)pid, SIGKILL);
	}
	unlink(path);
}

/* Calls each() for every folder in a folder. */
static void each_folder(const char *path, void (*each)(const char *path))
{
	DIR *d = opendir(path);
	const struct dirent *entry;

	while (d && (entry = readdir(d))) {
		char sub[PATH_MAX];

		if (entry->d_name[0] == '.' ||
			snprintf(sub, sizeof sub, "%s/%s", path, entry->d_name) >= (int)sizeof sub)
			continue;
		each(sub);
	}
	if (d)
		closedir(d);
}

static void end_one(const char *cluster)
{
	each_folder(cluster, end_leftover); /* data, replicas */
}

static void end_workspace(const char *ws)
{
	each_folder(ws, end_one);
}

/* By a process that nobody waits for: it may take longer than this server lives. */
static void remove_apart(const char *path)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (fork() == 0) {
			setsid();
			system_close_from(3);
			execl("/bin/rm", "rm", "-rf", "--", path, (char *)NULL);
		}
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static bool is_own_folder(const struct pg *pg, const char *path)
{
	struct stat st;

	return !lstat(path, &st) && S_ISDIR(st.st_mode) &&
	       (st.st_uid == geteuid() || (pg->other_user && st.st_uid == pg->uid));
}

/* Sockets whose folder had to be elsewhere. */
static void drop_sockets(const struct pg *pg, const char *dir)
{
	char link[PATH_MAX], path[PATH_MAX];
	const char *rest;
	ssize_t n;

	if (snprintf(link, sizeof link, "%s/" SOCKETS_LINK, dir) >= (int)sizeof link)
		return;
	n = readlink(link, path, sizeof path - 1);
	if (n <= 0)
		return;
	path[n] = '\0';
	if (text_starts(path, SOCKETS_APART, &rest) && !strchr(rest, '/') && is_own_folder(pg, path))
		remove_apart(path);
	unlink(link);
}

static void end_all(const char *dir)
{
	static const char *const folders[] = {"tmp", "trash"};
	char path[PATH_MAX + 16];

	snprintf(path, sizeof path, "%s/ws", dir);
	each_folder(path, end_workspace);
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		snprintf(path, sizeof path, "%s/%s", dir, folders[i]);
		each_folder(path, end_one);
	}
}

void leftover_tidy(struct pg *pg)
{
	static const char *const scratch[] = {"tmp", "trash"};

	end_all(pg->dir);
	drop_sockets(pg, pg->dir);
	for (size_t i = 0; i < ARRAY_SIZE(scratch); i++) {
		char path[PATH_MAX + 16], gone[PATH_MAX + 48];

		snprintf(path, sizeof path, "%s/%s", pg->dir, scratch[i]);
		snprintf(gone, sizeof gone, "%s/old-%s.%d", pg->dir, scratch[i], (int)getpid());
		if (!rename(path, gone))
			files_remove(pg, gone);
	}
}

/* Whoever uses a data folder holds its lock; one that is being made has none yet. */
static void drop_dead(const struct pg *pg, const char *dir)
{
	char path[PATH_MAX + 8];
	int fd;

	snprintf(path, sizeof path, "%s/lock", dir);
	fd = is_own_folder(pg, dir) ? open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC) : -1;
	if (fd < 0)
		return;
	if (!flock(fd, LOCK_EX | LOCK_NB)) {
		end_all(dir);
		drop_sockets(pg, dir);
		snprintf(path, sizeof path, "%s.ca", dir);
		if (is_own_folder(pg, path))
			remove_apart(path);
		remove_apart(dir);
	}
	close(fd);
}

void leftover_drop_temporary(const struct pg *pg, const char *parent, const char *prefix)
{
	DIR *d = opendir(parent);
	const struct dirent *entry;

	while (d && (entry = readdir(d))) {
		char path[PATH_MAX];

		if (text_starts(entry->d_name, prefix, NULL) && !text_glob("*.ca", entry->d_name) &&
			snprintf(path, sizeof path, "%s/%s", parent, entry->d_name) <
				(int)sizeof path)
			drop_dead(pg, path);
	}
	if (d)
		closedir(d);
}
