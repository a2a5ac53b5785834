/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies of a cluster's folder, made by a process of their own. Of a running server files come, go
 * and grow meanwhile: that is no error, a backup is made for it. cp(1) takes it for one.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/fs.h>
#include <sys/ioctl.h>
#endif

#include "base/text.h"
#include "postgres/inside.h"
#include "postgres/machine/child.h"
#include "postgres/machine/copy.h"

enum { SEGMENT_NAME = 24 };

struct copy {
	struct pg *pg;
	char from[PATH_MAX], to[PATH_MAX], base[PATH_MAX];
	char first[32]; /* segment of the log */
	void (*done)(void *arg, const char *why);
	void *arg;
};

/* What belongs to the server that runs, not to the data. */
static const char *const skipped[] = {"postmaster.pid", "postmaster.opts", "recovery.signal",
	"standby.signal", "pg_replslot", "pg_stat_tmp", "pg_dynshmem", "pgsql_tmp", NULL};

/* Of these the folder itself is wanted. */
static bool only_folder(const char *name)
{
	return streq(name, "pg_replslot") || streq(name, "pg_stat_tmp") ||
	       streq(name, "pg_dynshmem") || streq(name, "archive_status");
}

static bool is_skipped(const char *name)
{
	for (const char *const *s = skipped; *s; s++)
		if (streq(*s, name))
			return true;
	return false;
}

static int failed(const char *what, const char *name)
{
	fprintf(stderr, "cannot %s %s: %s\n", what, name, strerror(errno));
	return 1;
}

/* 0 all of it, -1 an error, 1 nothing: this file system or this kernel has no way of its own. */
static int copy_by_kernel(int in, int out)
{
#ifdef __linux__
	ssize_t n;

	if (!ioctl(out, FICLONE, in))
		return 0;
	while ((n = copy_file_range(in, NULL, out, NULL, 1 << 30, 0)) > 0)
		;
	if (n == 0)
		return 0;
	return errno == EXDEV || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP ? 1 : -1;
#else
	(void)in, (void)out;
	return 1;
#endif
}

static int copy_bytes(int in, int out)
{
	char block[65536];
	ssize_t n;
	int rc = copy_by_kernel(in, out);

	if (rc <= 0)
		return rc;
	while ((n = read(in, block, sizeof block)) > 0)
		if (write(out, block, (size_t)n) != n)
			return -1;
	return n < 0 ? -1 : 0;
}

static int copy_file(int from, int to, const char *name, mode_t mode)
{
	int in = openat(from, name, O_RDONLY | O_NOFOLLOW), out, rc;

	if (in < 0)
		return errno == ENOENT ? 0 : failed("read", name);
	out = openat(to, name, O_WRONLY | O_CREAT | O_TRUNC, mode & 0777);
	rc = out < 0 || copy_bytes(in, out) ? failed("write", name) : 0;
	close(in);
	if (out >= 0)
		close(out);
	return rc;
}

static int copy_folder(int from, int to);

static int copy_entry(int from, int to, const char *name)
{
	struct stat st;
	int in, out, rc = 1;

	if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : failed("read", name);
	if (S_ISREG(st.st_mode))
		return is_skipped(name) ? 0 : copy_file(from, to, name, st.st_mode);
	if (!S_ISDIR(st.st_mode))
		return 0; /* sockets; there are no tablespaces */
	if (mkdirat(to, name, 0700) && errno != EEXIST)
		return failed("make", name);
	if (only_folder(name) || is_skipped(name))
		return 0;
	in = openat(from, name, O_RDONLY | O_DIRECTORY);
	out = openat(to, name, O_RDONLY | O_DIRECTORY);
	if (in < 0 || out < 0)
		rc = errno == ENOENT ? 0 : failed("open", name);
	else
		return copy_folder(in, out); /* closes them */
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return rc;
}

static int copy_folder(int from, int to)
{
	DIR *d = fdopendir(from);
	const struct dirent *entry;
	int rc = 0;

	if (!d)
		return failed("read", "a folder");
	while (!rc && (entry = readdir(d)))
		if (!streq(entry->d_name, ".") && !streq(entry->d_name, ".."))
			rc = copy_entry(from, to, entry->d_name);
	closedir(d);
	close(to);
	return rc;
}

/* Both folders of a copy, the second made where there is none. */
static int open_both(const struct copy *c, int *from, int *to)
{
	*from = open(c->from, O_RDONLY | O_DIRECTORY);
	if (*from < 0)
		return failed("read", c->from);
	if (mkdir(c->to, 0700) && errno != EEXIST)
		return failed("make", c->to);
	*to = open(c->to, O_RDONLY | O_DIRECTORY);
	return *to < 0 ? failed("open", c->to) : 0;
}

static int copy_main(void *arg)
{
	int from, to, rc = open_both(arg, &from, &to);

	return rc ? rc : copy_folder(from, to);
}

/* ---- a branch as a whole ---- */

/* What is complete never changes: a second name for it suffices. */
static int link_folder(int from, int to, const char *name)
{
	int in = openat(from, name, O_RDONLY | O_DIRECTORY), out;
	const struct dirent *entry;
	DIR *d;

	if (in < 0)
		return errno == ENOENT ? 0 : failed("read", name);
	if (mkdirat(to, name, 0700) && errno != EEXIST)
		return failed("make", name);
	out = openat(to, name, O_RDONLY | O_DIRECTORY);
	d = fdopendir(in);
	if (out < 0 || !d)
		return failed("open", name);
	while ((entry = readdir(d))) {
		if (entry->d_name[0] == '.' || !linkat(in, entry->d_name, out, entry->d_name, 0))
			continue;
		if (errno != EEXIST && errno != ENOENT)
			return failed("link", entry->d_name);
	}
	closedir(d);
	close(out);
	return 0;
}

static int copy_branch_main(void *arg)
{
	int from, to, rc = open_both(arg, &from, &to);

	if (rc)
		return rc;
	return link_folder(from, to, "wal") || copy_entry(from, to, "about.json") ||
			       copy_entry(from, to, "marks") ||
			       copy_entry(from, to, "snapshot") || copy_entry(from, to, "data")
		       ? 1
		       : 0;
}

/* ---- the log of a backup ---- */

/* A finished segment that the backup needs may have left pg_wal already: it is kept in wal. */
static int copy_kept(int from, int to, const char *first)
{
	DIR *d = fdopendir(from);
	const struct dirent *entry;
	int rc = 0;

	if (!d)
		return failed("read", "wal");
	while (!rc && (entry = readdir(d)))
		if (strlen(entry->d_name) == SEGMENT_NAME && strcmp(entry->d_name, first) >= 0)
			rc = copy_entry(from, to, entry->d_name);
	closedir(d);
	return rc;
}

static int copy_log_main(void *arg)
{
	const struct copy *c = arg;
	char path[PATH_MAX + 32];
	int from, kept, to, to_again;

	snprintf(path, sizeof path, "%s/data/pg_wal", c->from);
	from = open(path, O_RDONLY | O_DIRECTORY);
	snprintf(path, sizeof path, "%s/wal", c->from);
	kept = open(path, O_RDONLY | O_DIRECTORY);
	snprintf(path, sizeof path, "%s/data/pg_wal", c->to);
	to = open(path, O_RDONLY | O_DIRECTORY);
	to_again = open(path, O_RDONLY | O_DIRECTORY);
	if (from < 0 || kept < 0 || to < 0 || to_again < 0)
		return failed("open", path);
	return copy_folder(from, to) || copy_kept(kept, to_again, c->first);
}

/* ---- for a replay ---- */

/* The template, and over its log all that is there of the branch's. */
static int copy_instant_main(void *arg)
{
	struct copy *c = arg;
	struct copy base = *c, log = *c;
	char to[PATH_MAX + 8];
	int from, top;

	snprintf(to, sizeof to, "%s/data", c->to);
	snprintf(base.from, sizeof base.from, "%s", c->base);
	snprintf(base.to, sizeof base.to, "%.*s", PATH_MAX - 1, to);
	if (mkdir(c->to, 0700))
		return failed("make", c->to);
	from = open(c->from, O_RDONLY | O_DIRECTORY);
	top = open(c->to, O_RDONLY | O_DIRECTORY);
	if (from < 0 || top < 0)
		return failed("open", c->from);
	if (copy_main(&base) || link_folder(from, top, "wal") ||
		copy_entry(from, top, "about.json") || copy_entry(from, top, "marks"))
		return 1;
	snprintf(log.first, sizeof log.first, "0");
	return copy_log_main(&log);
}

static void finished(void *arg, int status, const char *said)
{
	struct copy *c = arg;
	char why[256] = "the copy was interrupted";

	if (*said) {
		snprintf(why, sizeof why, "%s", said);
		why[strcspn(why, "\n")] = '\0';
	}
	if (status)
		pg_log("copy of %s to %s: %s", c->from, c->to, why);
	c->done(c->arg, status ? why : NULL);
	free(c);
}

static int start(struct pg *pg, int (*run)(void *arg), const char *more, const char *from,
	const char *to, void (*done)(void *arg, const char *why), void *arg, struct err *e)
{
	struct copy *c = calloc(1, sizeof *c);
	struct child_options o = {.run = run, .done = finished, .drop = free};

	if (!c)
		return err_oom(e);
	*c = (struct copy){.pg = pg, .done = done, .arg = arg};
	snprintf(c->first, sizeof c->first, "%.24s", more);
	snprintf(c->base, sizeof c->base, "%s", more);
	snprintf(c->from, sizeof c->from, "%s", from);
	snprintf(c->to, sizeof c->to, "%s", to);
	o.arg = o.run_arg = c;
	if (!child_start(NULL, pg, &o, e))
		return 0;
	free(c);
	return -1;
}

int copy_start(struct pg *pg, const char *from, const char *to,
	void (*done)(void *arg, const char *why), void *arg, struct err *e)
{
	return start(pg, copy_main, "", from, to, done, arg, e);
}

int copy_branch_start(struct pg *pg, const char *from, const char *to,
	void (*done)(void *arg, const char *why), void *arg, struct err *e)
{
	return start(pg, copy_branch_main, "", from, to, done, arg, e);
}

int copy_log_start(struct pg *pg, const char *first, const char *from, const char *to,
	void (*done)(void *arg, const char *why), void *arg, struct err *e)
{
	return start(pg, copy_log_main, first, from, to, done, arg, e);
}

int copy_instant_start(struct pg *pg, const char *base, const char *from, const char *to,
	void (*done)(void *arg, const char *why), void *arg, struct err *e)
{
	return start(pg, copy_instant_main, base, from, to, done, arg, e);
}
