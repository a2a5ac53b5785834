/* SPDX-License-Identifier: Apache-2.0 */
/* Who waits for a server: connections, and requests of /_mock/postgres. */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "postgres/cluster/ask.h"
#include "postgres/cluster/endpoint.h"
#include "postgres/cluster/replica.h"
#include "postgres/inside.h"

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

void wake_tell(struct pg_wake *w, int port, const struct err *e)
{
	const struct pg_address where = {w->pg->run, port};
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

	text_append(c->trouble, sizeof c->trouble, 0, why, strlen(why));
	pg_log("branch %s of workspace %s: %s", c->branch, c->ws, why);
	err_set(&e, ERR_UNAVAILABLE, "%s", why);
	while ((w = LIST_FIRST(&c->wakes)))
		wake_tell(w, 0, &e);
}

void wakes_tell(struct cluster *c)
{
	struct pg_wake *w;

	while (c->state == CLUSTER_AWAKE && (w = LIST_FIRST(&c->wakes))) {
		if (w->replica) {
			LIST_REMOVE(w, link);
			replica_wake(c, w);
			continue;
		}
		endpoint_woken(c, w->endpoint);
		wake_tell(w, c->server.port, NULL);
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
		wake_tell(w, 0, &w->e);
}

struct pg_wake *pg_wake(struct pg *pg, struct workspace *ws, const char *endpoint, bool replica,
	pg_wake_fn done, void *arg)
{
	struct pg_wake *w = calloc(1, sizeof *w);
	char *branch;

	if (!w)
		return NULL;
	w->pg = pg;
	w->replica = replica || endpoint_is_read_only(pg, ws, endpoint);
	w->done = done;
	w->arg = arg;
	w->later = event_new(pg->base, -1, 0, look, w);
	w->endpoint = strdup(endpoint);
	branch = endpoint_branch(endpoint);
	if (!w->later || !w->endpoint || !branch) {
		free(branch);
		free(w->endpoint);
		if (w->later)
			event_free(w->later);
		free(w);
		return NULL;
	}
	w->cluster = endpoint_may_wake(pg, ws, endpoint, &w->e) ? NULL
							    : cluster_of(pg, ws, branch, &w->e);
	free(branch);
	if (w->cluster)
		LIST_INSERT_HEAD(&w->cluster->wakes, w, link);
	event_active(w->later, EV_TIMEOUT, 0);
	return w;
}
