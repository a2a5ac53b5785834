/* SPDX-License-Identifier: Apache-2.0 */
/* One database server: start, readiness, stop. It belongs to who has it in a struct of theirs. */
#pragma once

#include <limits.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/when.h"

struct child;
struct event;
struct pg;
struct version;

enum server_state { SERVER_DOWN, SERVER_STARTING, SERVER_UP, SERVER_STOPPING };

struct server {
	struct pg *pg;
	const struct version *version;
	char data[PATH_MAX], log[PATH_MAX];
	int port;
	enum server_state state;
	struct child *child;
	struct event *poll;
	usec started;
	/* Called when it is up (`why` NULL), when it has gone down (`why` says how, NULL: it was
	 * told to). */
	void (*changed)(void *arg, const char *why);
	void *arg;
};

/* `data` is a cluster's folder, and copied; nothing is started. changed(arg) is only called from the
 * loop. -1 when out of memory: there is nothing to end then. */
MUST_CHECK int server_init(struct server *s, struct pg *pg, const struct version *v,
	const char *data, void (*changed)(void *arg, const char *why), void *arg, struct err *e);

/* `settings` are lines of postgresql.conf. -1: it stays down, and changed() is not called. */
MUST_CHECK int server_start(struct server *s, const char *settings, struct err *e);

/* Fast: sessions get 57P01. `at_once`: SIGQUIT. changed() says when it is down; of one that is down
 * already it does not. */
void server_stop(struct server *s, bool at_once);

/* Writes the settings, for the next start or server_reload(). */
MUST_CHECK int server_configure(struct server *s, const char *settings, struct err *e);

/* It reads them again, if it is up. */
void server_reload(struct server *s);

/* Ends it, if it runs, and forgets it: changed() is not called any more. */
void server_done(struct server *s);
