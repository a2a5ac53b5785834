/* SPDX-License-Identifier: Apache-2.0 */
/* Who waits for a server: connections, and requests of /_mock/postgres. */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres/inside.h"

struct pg_wake {
	LIST_ENTRY(pg_wake) link;
	struct pg *pg;
	struct cluster *cluster; /* NULL: it cannot be, `e` says why */
	struct event *later;
	char *endpoint;
	struct err e;
	pg_wake_fn done;
	void *arg;
};

static void wake_free(struct pg_wake *w)
{
	if (w->cluster)
		LIST_REMOVE(w, link);
	event_free(w->later);
	free(w->endpoint);
	free(w);
}

void pg_wake_cancel(struct pg_wake *w)
{
	wake_free(w);
}

static void tell(struct pg_wake *w, const struct err *e)
{
	struct cluster *c = w->cluster;
	const struct pg_address where = {w->pg->run, c ? c->server.port : 0};
	pg_wake_fn done = w->done;
	void *arg = w->arg;
	struct err kept;

	if (e)
		kept = *e;
	wake_free(w);
	done(arg, e ? NULL : &where, e ? &kept : NULL);
}

void wakes_fail(struct cluster *c, const char *why)
{
	struct err e;
	struct pg_wake *w;

	snprintf(c->trouble, sizeof c->trouble, "%s", why);
	pg_log("branch %s of workspace %s: %s", c->branch, c->ws, why);
	err_set(&e, ERR_UNAVAILABLE, "%s", why);
	while ((w = LIST_FIRST(&c->wakes)))
		tell(w, &e);
}

void wakes_tell(struct cluster *c)
{
	struct pg_wake *w;

	while (c->state == CLUSTER_AWAKE && (w = LIST_FIRST(&c->wakes))) {
		plane_woken(c, w->endpoint);
		tell(w, NULL);
	}
}

static void look(evutil_socket_t fd, short what, void *arg)
{
	struct pg_wake *w = arg;

	(void)fd;
	(void)what;
	if (w->cluster)
		cluster_step(w->cluster);
	else
		tell(w, &w->e);
}

struct pg_wake *pg_wake(struct pg *pg, struct workspace *ws, const char *endpoint, bool replica,
	pg_wake_fn done, void *arg)
{
	struct pg_wake *w = calloc(1, sizeof *w);
	char *branch;

	(void)replica;
	if (!w)
		return NULL;
	w->pg = pg;
	w->done = done;
	w->arg = arg;
	w->later = event_new(pg->base, -1, 0, look, w);
	w->endpoint = strdup(endpoint);
	branch = plane_branch_of(endpoint);
	if (!w->later || !w->endpoint || !branch) {
		free(branch);
		free(w->endpoint);
		if (w->later)
			event_free(w->later);
		free(w);
		return NULL;
	}
	w->cluster = plane_may_wake(pg, ws, endpoint, &w->e) ? NULL
							    : cluster_of(pg, ws, branch, &w->e);
	free(branch);
	if (w->cluster)
		LIST_INSERT_HEAD(&w->cluster->wakes, w, link);
	event_active(w->later, EV_TIMEOUT, 0);
	return w;
}
