/* SPDX-License-Identifier: Apache-2.0 */
/* What requests wait for: that the servers of a workspace have settled, or have been looked at. */
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "postgres/cluster/replica.h"
#include "postgres/inside.h"
#include "postgres/machine/jobs.h"

enum waits_for { FOR_SETTLED, FOR_LOOKED };

struct waiter {
	LIST_ENTRY(waiter) link;
	enum waits_for what;
	char ws[WORKSPACE_NAME_MAX + 1];
	struct job *job;
};

static bool unsettled(const struct pg *pg, const char *ws)
{
	const struct cluster *c;

	if (json_object_get(pg->dirty, ws))
		return true;
	LIST_FOREACH (c, &pg->clusters, link)
		if (streq(c->ws, ws) &&
			(c->state == CLUSTER_SYNCING || c->state == CLUSTER_STOPPING ||
				replicas_stopping(c)))
			return true;
	return false;
}

static bool looking(const struct pg *pg, const char *ws)
{
	const struct cluster *c;

	LIST_FOREACH (c, &pg->clusters, link) {
		const struct replica *r;
		bool is = c->activity.looking;

		LIST_FOREACH (r, &c->replicas, link)
			is |= r->activity.looking;
		if (is && streq(c->ws, ws))
			return true;
	}
	return false;
}

void waiters_check(struct pg *pg)
{
	struct waiter *w, *next;

	for (w = LIST_FIRST(&pg->waiters); w; w = next) {
		next = LIST_NEXT(w, link);
		if (w->what == FOR_SETTLED ? unsettled(pg, w->ws) : looking(pg, w->ws))
			continue;
		LIST_REMOVE(w, link);
		job_end(w->job, NULL);
		free(w);
	}
}

void waiters_free(struct pg *pg)
{
	struct waiter *w;

	while ((w = LIST_FIRST(&pg->waiters))) {
		LIST_REMOVE(w, link);
		free(w);
	}
}

static uint64_t wait_for(struct pg *pg, const char *ws, enum waits_for what)
{
	struct waiter *w = calloc(1, sizeof *w);

	if (w)
		w->job = job_new(pg);
	if (!w || !w->job) {
		free(w);
		return 0;
	}
	w->what = what;
	snprintf(w->ws, sizeof w->ws, "%s", ws);
	LIST_INSERT_HEAD(&pg->waiters, w, link);
	return job_id(w->job);
}

uint64_t waiter_settling(void *arg, struct workspace *ws)
{
	struct pg *pg = arg;

	return unsettled(pg, ws->name) ? wait_for(pg, ws->name, FOR_SETTLED) : 0;
}

uint64_t waiter_look(void *arg, struct workspace *ws)
{
	struct pg *pg = arg;
	struct cluster *c;

	LIST_FOREACH (c, &pg->clusters, link)
		if (streq(c->ws, ws->name))
			activity_look(c, true);
	return looking(pg, ws->name) ? wait_for(pg, ws->name, FOR_LOOKED) : 0;
}
