/* SPDX-License-Identifier: Apache-2.0 */
/* Processes that the data plane starts: database servers, initdb, copies of folders. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

struct pg;
struct child;

struct child_options {
	const char *const *argv; /* NULL-terminated, a path first; NULL: `run` instead */
	int (*run)(void *arg);	 /* in the child, without an exec; what it returns is the exit code */
	void *run_arg;
	const char *log; /* file that gets what it says; NULL: the last of it is kept */
	/* Called once, from the loop: wait status, and the last of what it said ("" with `log`). */
	void (*done)(void *arg, int status, const char *said);
	void (*drop)(void *arg); /* in its place when all ends (child_end_all()); may be NULL */
	void *arg;
};

/*
 * Starts it as the user of the databases, without a descriptor of ours but its three, and so that
 * it dies with us (SIGQUIT). *ret is valid until done() returns.
 */
MUST_CHECK int child_start(
	struct child **ret, struct pg *pg, const struct child_options *o, struct err *e);

pid_t child_pid(const struct child *c);
void child_kill(struct child *c, int signal);

/* done() is not called any more; the process goes on until it ends. */
void child_forget(struct child *c);

/* Watches for the end of children. */
MUST_CHECK int child_watch(struct pg *pg, struct err *e);

/* Ends all that are left: SIGQUIT, and SIGKILL to what is there after `most_ms`. Waits. */
void child_end_all(struct pg *pg, int most_ms);

/* Runs `run` as the user of the databases and waits for it: its exit code, -1 when it could not be
 * started. For short things at the start. */
int child_ask(struct pg *pg, int (*run)(void *arg), void *arg);
