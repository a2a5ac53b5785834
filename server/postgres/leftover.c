/* SPDX-License-Identifier: Apache-2.0 */
/* What an earlier run has left behind: servers, scratch. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "postgres/inside.h"

/* The process is a database server on that folder, and not somebody who got its number since. */
static bool serves(pid_t pid, const char *data)
{
	char path[64], line[4096];
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, line, sizeof line - 1);
	close(fd);
	if (n <= 0)
		return false;
	line[n] = '\0';
	return memmem(line, (size_t)n, data, strlen(data)) != NULL;
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

void leftover_tidy(struct pg *pg)
{
	static const char *const scratch[] = {"tmp", "trash"};
	char path[PATH_MAX + 16];

	snprintf(path, sizeof path, "%s/ws", pg->dir);
	each_folder(path, end_workspace);
	for (size_t i = 0; i < ARRAY_SIZE(scratch); i++) {
		char gone[PATH_MAX + 48];

		snprintf(path, sizeof path, "%s/%s", pg->dir, scratch[i]);
		each_folder(path, end_one);
		snprintf(gone, sizeof gone, "%s/old-%s.%d", pg->dir, scratch[i], (int)getpid());
		if (!rename(path, gone))
			files_remove(pg, gone);
	}
}
