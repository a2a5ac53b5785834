/* SPDX-License-Identifier: Apache-2.0 */
#include "postgres/machine/child.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/system.h"
#include "postgres/inside.h"

enum { SAID = 2048 };

struct child {
	LIST_ENTRY(child) link;
	struct pg *pg;
	pid_t pid;
	int pipe; /* -1: none */
	struct event *readable;
	char said[SAID + 1];
	size_t len;
	void (*done)(void *arg, int status, const char *said);
	void (*drop)(void *arg);
	void *arg;
};

/* Of what it says, the end is what tells. */
static void keep(struct child *c, const char *text, size_t n)
{
	if (n > SAID) {
		text += n - SAID;
		n = SAID;
	}
	if (c->len + n > SAID) {
		size_t drop = c->len + n - SAID;

		memmove(c->said, c->said + drop, c->len - drop);
		c->len -= drop;
	}
	memcpy(c->said + c->len, text, n);
	c->len += n;
	c->said[c->len] = '\0';
}

static void hear(evutil_socket_t fd, short what, void *arg)
{
	struct child *c = arg;
	char text[4096];
	ssize_t n;

	(void)what;
	while ((n = read(fd, text, sizeof text)) > 0)
		keep(c, text, (size_t)n);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		event_del(c->readable);
}

static void release(struct child *c)
{
	LIST_REMOVE(c, link);
	if (c->readable)
		event_free(c->readable);
	if (c->pipe >= 0)
		close(c->pipe);
	free(c);
}

static void ended(struct child *c, int status)
{
	if (c->pipe >= 0)
		hear(c->pipe, EV_READ, c);
	if (c->done)
		c->done(c->arg, status, c->said);
	release(c);
}

static void reap(evutil_socket_t fd, short what, void *arg)
{
	struct pg *pg = arg;
	struct child *c, *next;

	(void)fd;
	(void)what;
	/* done() may start or forget others: begin again after each */
	for (c = LIST_FIRST(&pg->children); c; c = next) {
		int status;

		next = LIST_NEXT(c, link);
		if (waitpid(c->pid, &status, WNOHANG) != c->pid)
			continue;
		ended(c, status);
		next = LIST_FIRST(&pg->children);
	}
}

int child_watch(struct pg *pg, struct err *e)
{
	pg->sigchld = event_new(pg->base, SIGCHLD, EV_SIGNAL | EV_PERSIST, reap, pg);
	if (!pg->sigchld || event_add(pg->sigchld, NULL))
		return err_set(e, ERR_INTERNAL, "cannot watch child processes");
	return 0;
}

/* ---- in the child ---- */

static void become_user(const struct pg *pg)
{
	if (pg->other_user && (initgroups(pg->user, pg->gid) || setgid(pg->gid) || setuid(pg->uid)))
		_exit(126);
}

/* The handlers of the parent's loop must not run here. */
static void plain_signals(void)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGCHLD, SIGPIPE, SIGQUIT, SIGHUP};
	sigset_t none;

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		signal(signals[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void settle_in(struct pg *pg, int out, pid_t parent)
{
	int null = open("/dev/null", O_RDWR);

	plain_signals();
	setpgid(0, 0); /* an interrupt at the terminal is ours to pass on */
	dup2(null, 0);
	dup2(out >= 0 ? out : null, 1);
	dup2(out >= 0 ? out : null, 2);
	system_close_from(3);
	become_user(pg);
	/* after setuid, which clears it */
	system_end_with_parent(SIGQUIT);
	if (getppid() != parent)
		_exit(125);
	umask(077);
	if (chdir("/"))
		_exit(125);
}

static void child_main(struct pg *pg, const struct child_options *o, int out, pid_t parent)
{
	settle_in(pg, out, parent);
	if (!o->argv)
		_exit(o->run(o->run_arg));
	setenv("LC_ALL", "C", 1); /* what it says is looked for */
	setenv("TZ", "UTC", 1);
	execv(o->argv[0], (char *const *)o->argv);
	fprintf(stderr, "cannot run %s: %s\n", o->argv[0], strerror(errno));
	fflush(stderr);
	_exit(127);
}

/* ---- starting ---- */

static int open_output(struct child *c, const char *log, int *out, struct err *e)
{
	int ends[2];

	c->pipe = -1;
	if (log) {
		*out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
		return *out < 0 ? err_set(e, ERR_UNAVAILABLE, "cannot write %s: %s", log,
					  strerror(errno))
				: 0;
	}
	if (system_wake_pipe(ends))
		return err_set(e, ERR_UNAVAILABLE, "no pipe: %s", strerror(errno));
	c->pipe = ends[0];
	*out = ends[1];
	fcntl(*out, F_SETFL, 0);
	c->readable = event_new(c->pg->base, c->pipe, EV_READ | EV_PERSIST, hear, c);
	return c->readable && !event_add(c->readable, NULL) ? 0 : err_oom(e);
}

int child_start(struct child **ret, struct pg *pg, const struct child_options *o, struct err *e)
{
	struct child *c = calloc(1, sizeof *c);
	pid_t self = getpid();
	int out = -1;

	if (!c)
		return err_oom(e);
	c->pg = pg;
	c->done = o->done;
	c->drop = o->drop;
	c->arg = o->arg;
	LIST_INSERT_HEAD(&pg->children, c, link);
	if (open_output(c, o->log, &out, e)) {
		release(c);
		return -1;
	}
	fflush(NULL);
	c->pid = fork();
	if (c->pid == 0)
		child_main(pg, o, out, self);
	close(out);
	if (c->pid < 0) {
		err_set(e, ERR_UNAVAILABLE, "cannot start a process: %s", strerror(errno));
		release(c);
		return -1;
	}
	if (ret)
		*ret = c;
	return 0;
}

pid_t child_pid(const struct child *c)
{
	return c->pid;
}

void child_kill(struct child *c, int signal)
{
	kill(c->pid, signal);
}

void child_forget(struct child *c)
{
	c->done = NULL;
}

int child_ask(struct pg *pg, int (*run)(void *arg), void *arg)
{
	pid_t self = getpid(), pid = fork();
	int status = 0;

	if (pid == 0) {
		settle_in(pg, -1, self);
		_exit(run(arg));
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* ---- the end ---- */

void child_end_all(struct pg *pg, int most_ms)
{
	struct child *c, *next;

	LIST_FOREACH (c, &pg->children, link) {
		if (c->done && c->drop)
			c->drop(c->arg);
		c->done = NULL;
		kill(-c->pid, SIGQUIT); /* what a shell has started, too */
		kill(c->pid, SIGQUIT);
	}
	for (int waited = 0; !LIST_EMPTY(&pg->children); waited += 2) {
		for (c = LIST_FIRST(&pg->children); c; c = next) {
			next = LIST_NEXT(c, link);
			if (waited >= most_ms)
				kill(c->pid, SIGKILL);
			if (!waitpid(c->pid, NULL, WNOHANG))
				continue;
			kill(-c->pid, SIGKILL); /* whom it has left behind */
			release(c);
		}
		if (!LIST_EMPTY(&pg->children))
			usleep(2000);
	}
}
