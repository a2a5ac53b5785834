/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The data folder:
 *
 *   lock                        held by the one server that uses it
 *   run/                        sockets
 *   templates/15.18-1/          one cluster per version
 *   ws/<workspace>/<uid>/       a branch: data/ is its cluster, wal/ its past, about.json
 *   saved/<workspace>/<name>/   the same for a snapshot of a workspace
 *   tmp/<n>/                    what is being made
 *   trash/<n>/                  what is being deleted
 */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "postgres/inside.h"
#include "postgres/machine/child.h"
#include "postgres/machine/files.h"
#include "postgres/machine/leftover.h"

enum { SOCKET_PATH = 80 }; /* a socket's path has 107 bytes in all */

bool files_exist(const char *path)
{
	return access(path, F_OK) == 0;
}

static int make_one(const struct pg *pg, const char *path, struct err *e)
{
	if (mkdir(path, 0700)) {
		if (errno == EEXIST)
			return 0;
		return err_set(e, ERR_INVALID, "cannot make the folder %s: %s", path,
			strerror(errno));
	}
	if (pg->other_user && chown(path, pg->uid, pg->gid))
		return err_set(e, ERR_INVALID, "cannot give %s to %s: %s", path, pg->user,
			strerror(errno));
	return 0;
}

int files_make(const struct pg *pg, const char *path, struct err *e)
{
	char part[PATH_MAX];
	size_t base = strlen(pg->dir);

	snprintf(part, sizeof part, "%s", path);
	for (char *p = part + base + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (make_one(pg, part, e))
			return -1;
		*p = '/';
	}
	return make_one(pg, part, e);
}

/* Written as root, for the user that owns the folder. */
static int give(int fd, const char *path)
{
	char folder[PATH_MAX];
	struct stat st;

	if (geteuid() != 0)
		return 0;
	snprintf(folder, sizeof folder, "%s", path);
	*strrchr(folder, '/') = '\0';
	return stat(folder, &st) || fchown(fd, st.st_uid, st.st_gid);
}

int files_write(const char *path, const char *text, struct err *e)
{
	char fresh[PATH_MAX + 8];
	size_t len = strlen(text);
	int fd;
	bool bad;

	snprintf(fresh, sizeof fresh, "%s.new", path);
	fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	bad = fd < 0 || give(fd, path) || write(fd, text, len) != (ssize_t)len;
	if (fd >= 0)
		bad |= close(fd) != 0;
	if (bad || rename(fresh, path)) {
		int why = errno;

		unlink(fresh);
		return err_set(e, ERR_UNAVAILABLE, "cannot write %s: %s", path, strerror(why));
	}
	return 0;
}

size_t files_read(const char *path, char *out, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, out, size - 1);

	if (fd >= 0)
		close(fd);
	out[n > 0 ? n : 0] = '\0';
	return n > 0 ? (size_t)n : 0;
}

void files_fresh(struct pg *pg, char path[static PATH_MAX])
{
	do
		snprintf(path, PATH_MAX, "%.*s/tmp/%lld", PATH_MAX - 64, pg->dir,
			(long long)++pg->last_folder);
	while (files_exist(path));
}

void files_remove(struct pg *pg, const char *path)
{
	const char *const argv[] = {"/bin/rm", "-rf", path, NULL};
	const struct child_options o = {.argv = argv};
	struct err e;

	if (child_start(NULL, pg, &o, &e))
		pg_log("%s", e.message);
}

void files_move_away(struct pg *pg, char path[static PATH_MAX])
{
	char trash[PATH_MAX];

	if (!files_exist(path))
		return;
	do
		snprintf(trash, sizeof trash, "%.*s/trash/%lld", PATH_MAX - 64, pg->dir,
			(long long)++pg->last_folder);
	while (files_exist(trash));
	if (rename(path, trash))
		pg_log("cannot delete %s: %s", path, strerror(errno));
	else
		snprintf(path, PATH_MAX, "%s", trash);
}

void files_drop(struct pg *pg, const char *path)
{
	char where[PATH_MAX];

	if (!files_exist(path))
		return;
	snprintf(where, sizeof where, "%s", path);
	files_move_away(pg, where);
	if (!streq(where, path))
		files_remove(pg, where);
}

/* ---- the user of the servers ---- */

static int find_user(struct pg *pg, struct err *e)
{
	const char *names[] = {"postgres", "nobody", NULL}, *asked[] = {pg->o.user, NULL};
	const struct passwd *who = NULL;

	if (geteuid() != 0 && (who = getpwuid(geteuid())))
		snprintf(pg->user, sizeof pg->user, "%s", who->pw_name);
	who = NULL;
	if (geteuid() != 0)
		return pg->o.user ? err_set(e, ERR_INVALID,
					    "--postgres-user is for a server that runs as root; "
					    "this one does not, and its databases run as itself")
				  : 0;
	for (const char *const *n = pg->o.user ? asked : names; *n && !who; n++)
		who = getpwnam(*n);
	if (!who)
		return err_set(e, ERR_INVALID, "--postgres-user: there is no user '%s'",
			pg->o.user ? pg->o.user : "postgres");
	if (who->pw_uid == 0)
		return err_set(e, ERR_INVALID,
			"--postgres-user: PostgreSQL does not run as '%s'; name another user",
			who->pw_name);
	snprintf(pg->user, sizeof pg->user, "%s", who->pw_name);
	pg->uid = who->pw_uid;
	pg->gid = who->pw_gid;
	pg->other_user = true;
	return 0;
}

/* The longest part of `path` that can be entered, in the child. */
static int find_closed(void *arg)
{
	char *path = arg;

	for (char *p = path + 1;; p++) {
		char was = *p;

		if (was && was != '/')
			continue;
		*p = '\0';
		if (access(path, X_OK))
			return (int)(p - path) > 250 ? 250 : (int)(p - path);
		*p = was;
		if (!was)
			return 0;
	}
}

static int check_open(struct pg *pg, const char *path, struct err *e)
{
	char copy[PATH_MAX];
	int closed;

	snprintf(copy, sizeof copy, "%s", path);
	closed = child_ask(pg, find_closed, copy);
	if (closed == 0)
		return 0;
	if (closed < 0 || closed > 250)
		closed = (int)strlen(path);
	return err_set(e, ERR_INVALID,
		"the folder %.*s is closed to the user '%s' that the databases run as; open it "
		"(chmod o+x), or choose another --postgres-data or --postgres-user",
		closed, path, pg->other_user ? pg->user : "of this server");
}

static int check_user(struct pg *pg, struct err *e)
{
	if (check_open(pg, pg->dir, e))
		return -1;
	for (size_t i = 0; i < pg->num_versions; i++)
		if (check_open(pg, pg->versions[i].bin, e))
			return -1;
	return 0;
}

/* ---- where it is ---- */

static int make_temporary(struct pg *pg, struct err *e)
{
	static const char prefix[] = "lakebase-mock-pg.";
	const char *tmp = getenv("TMPDIR");

	if (!tmp || *tmp != '/')
		tmp = "/tmp";
	leftover_drop_temporary(pg, tmp, prefix);
	snprintf(pg->dir, sizeof pg->dir, "%s/%sXXXXXX", tmp, prefix);
	if (!mkdtemp(pg->dir))
		return err_set(e, ERR_INVALID, "cannot make the folder %s: %s", pg->dir,
			strerror(errno));
	pg->temporary = true;
	return 0;
}

static int find_dir(struct pg *pg, struct err *e)
{
	char given[PATH_MAX];

	if (!pg->o.data && !pg->o.db)
		return make_temporary(pg, e);
	if (pg->o.data)
		snprintf(given, sizeof given, "%s", pg->o.data);
	else
		snprintf(given, sizeof given, "%s.pg", pg->o.db);
	if (mkdir(given, 0700) && errno != EEXIST)
		return err_set(e, ERR_INVALID, "cannot make the folder %s: %s", given,
			strerror(errno));
	if (!realpath(given, pg->dir))
		return err_set(e, ERR_INVALID, "%s: %s", given, strerror(errno));
	return 0;
}

static int take_lock(struct pg *pg, struct err *e)
{
	char path[PATH_MAX + 8];

	snprintf(path, sizeof path, "%s/lock", pg->dir);
	pg->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (pg->lock < 0)
		return err_set(e, ERR_INVALID, "cannot write %s: %s", path, strerror(errno));
	if (flock(pg->lock, LOCK_EX | LOCK_NB))
		return err_set(e, ERR_INVALID,
			"the databases in %s are in use by another lakebase-mock", pg->dir);
	return 0;
}

/* ---- all ---- */

static int make_rest(struct pg *pg, struct err *e)
{
	static const char *const folders[] = {"run", "templates", "ws", "saved", "tmp", "trash"};
	char link[PATH_MAX + 16];

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		char path[PATH_MAX + 16];

		snprintf(path, sizeof path, "%s/%s", pg->dir, folders[i]);
		if (files_make(pg, path, e))
			return -1;
	}
	snprintf(pg->run, sizeof pg->run, "%.*s/run", PATH_MAX - 8, pg->dir);
	if (strlen(pg->run) <= SOCKET_PATH)
		return 0;
	snprintf(pg->run, sizeof pg->run, SOCKETS_APART "XXXXXX");
	snprintf(link, sizeof link, "%s/" SOCKETS_LINK, pg->dir);
	if (!mkdtemp(pg->run) || symlink(pg->run, link) ||
		(pg->other_user && chown(pg->run, pg->uid, pg->gid)))
		return err_set(e, ERR_INVALID, "cannot make the folder %s: %s", pg->run,
			strerror(errno));
	pg->run_apart = true;
	return 0;
}

int files_open(struct pg *pg, struct err *e)
{
	pg->lock = -1;
	if (find_user(pg, e) || find_dir(pg, e) || take_lock(pg, e))
		return -1;
	if (pg->other_user && chown(pg->dir, pg->uid, pg->gid))
		return err_set(e, ERR_INVALID, "cannot give %s to %s: %s", pg->dir, pg->user,
			strerror(errno));
	if (check_user(pg, e))
		return -1;
	leftover_tidy(pg);
	return make_rest(pg, e);
}

static void remove_now(const char *path)
{
	pid_t pid = fork();

	if (pid == 0) {
		execl("/bin/rm", "rm", "-rf", path, (char *)NULL);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

void files_close(struct pg *pg)
{
	if (pg->run_apart) {
		char link[PATH_MAX + 16];

		snprintf(link, sizeof link, "%s/" SOCKETS_LINK, pg->dir);
		unlink(link);
		remove_now(pg->run);
	}
	if (pg->temporary) {
		char certificates[PATH_MAX + 8];

		snprintf(certificates, sizeof certificates, "%s.ca", pg->dir);
		remove_now(certificates);
		remove_now(pg->dir);
	}
	if (pg->lock >= 0)
		close(pg->lock);
}
