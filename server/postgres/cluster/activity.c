/* SPDX-License-Identifier: Apache-2.0 */
/* What goes on at the servers that are awake, looked at every half second; and how large they are. */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "postgres/cluster/endpoint.h"
#include "postgres/cluster/replica.h"
#include "postgres/cluster/transfer.h"
#include "postgres/inside.h"
#include "postgres/machine/child.h"
#include "postgres/server/sql.h"

/* ---- activity ---- */

/* Running, then what changes when something was done; our own sessions do not count. */
static const char look_query[] =
	"SELECT count(*) FILTER (WHERE state = 'active'),"
	" coalesce(max(state_change)::text, '') || ' ' ||"
	" (SELECT sum(xact_commit + xact_rollback + sessions) FROM pg_stat_database"
	"  WHERE datname <> 'postgres'),"
	" CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
	" ELSE pg_current_wal_insert_lsn() END"
	" FROM pg_stat_activity WHERE backend_type IN ('client backend', 'walsender')"
	" AND application_name <> 'lakebase-mock'";

static struct workspace *workspace_of(const struct cluster *c)
{
	struct err ignored;

	return app_workspace(c->pg->app, c->ws, false, &ignored);
}

static void remember(struct activity *a, const struct workspace *ws, const struct sql_rows *rows)
{
	const char *seen = sql_text(rows, 0, 1), *lsn = sql_text(rows, 0, 2);

	a->busy = !streq(sql_text(rows, 0, 0), "0");
	if (a->busy || !streq(seen, a->seen))
		a->last_active = app_now(a->cluster->pg->app, ws);
	snprintf(a->seen, sizeof a->seen, "%s", seen ? seen : "");
	if (lsn && a == &a->cluster->activity)
		instant_note(a->cluster, app_now(a->cluster->pg->app, ws), lsn);
}

static void looked(void *arg, const struct sql_rows *rows, const char *why)
{
	struct activity *a = arg;
	const struct workspace *ws = workspace_of(a->cluster);

	a->looking = false;
	if (!why && ws)
		remember(a, ws, rows);
	waiters_check(a->cluster->pg);
}

/* A session that has just ended counts what it did when it goes: for an exact answer, `patient`. */
static void look(struct activity *a, bool patient)
{
	if (!a->admin || (a->looking && !patient))
		return;
	a->looking = true;
	if (patient)
		sql_run(a->admin, "SELECT pg_sleep(0.03)", NULL, NULL);
	sql_run(a->admin, look_query, looked, a);
}

void activity_look(struct cluster *c, bool patient)
{
	struct replica *r;

	if (c->state == CLUSTER_AWAKE)
		look(&c->activity, patient);
	LIST_FOREACH (r, &c->replicas, link)
		look(&r->activity, patient);
}

int activity_watch(struct activity *a, struct cluster *c, int port)
{
	static const struct timeval half = {0, 500000};
	const struct workspace *ws = workspace_of(c);

	*a = (struct activity){.cluster = c, .last_active = ws ? app_now(c->pg->app, ws) : 0};
	a->admin = sql_open(c->pg, port, "postgres");
	if (!evtimer_pending(c->pg->tick, NULL))
		evtimer_add(c->pg->tick, &half);
	return a->admin ? 0 : -1;
}

void activity_unwatch(struct activity *a)
{
	sql_close(STEAL(a->admin));
	a->looking = a->busy = false;
}

usec activity_last(void *arg, struct workspace *ws, const char *endpoint, usec now)
{
	struct pg *pg = arg;
	char *branch = endpoint_branch(endpoint);
	struct cluster *c;
	usec last = 0;

	LIST_FOREACH (c, &pg->clusters, link) {
		const struct activity *a = &c->activity;

		if (!streq(c->branch, branch) || !streq(c->ws, ws->name) || c->gone)
			continue;
		if (endpoint_is_read_only(pg, ws, endpoint)) {
			/* a group of several never sleeps */
			const struct replica *r = replica_find(c, endpoint, 0);

			a = r ? &r->activity : NULL;
		}
		if (a)
			last = a->busy && a->admin ? now : a->last_active;
	}
	free(branch);
	return last;
}

/* ---- twice a second ---- */

static void settle(struct pg *pg, const char *name)
{
	struct err e;
	struct workspace *ws = app_workspace(pg->app, name, false, &e);

	if (ws && app_settle(pg->app, ws, app_now(pg->app, ws), NULL, &e))
		pg_log("workspace %s: %s", name, e.message);
}

static void tick(evutil_socket_t fd, short what, void *arg)
{
	struct pg *pg = arg;
	struct cluster *c;
	bool any = false;

	(void)fd;
	(void)what;
	LIST_FOREACH (c, &pg->clusters, link) {
		if (c->state != CLUSTER_AWAKE)
			continue;
		any = true;
		activity_look(c, false);
		settle(pg, c->ws);
	}
	if (!any)
		event_del(pg->tick);
}

int activity_open(struct pg *pg, struct err *e)
{
	pg->tick = event_new(pg->base, -1, EV_PERSIST, tick, pg);
	return pg->tick ? 0 : err_oom(e);
}

void activity_close(struct pg *pg)
{
	if (pg->tick)
		event_free(pg->tick);
}

/* ---- its size ---- */

struct measuring {
	struct pg *pg;
	char ws[WORKSPACE_NAME_MAX + 1], uid[64];
};

static void measured(void *arg, int status, const char *said)
{
	struct measuring *m = arg;
	struct cluster *c = cluster_find(m->pg, m->ws, m->uid);
	char number[24] = "";
	int64_t bytes;

	snprintf(number, sizeof number, "%.*s", (int)strcspn(said, "\t"), said);
	if (c && !status && text_int(number, 0, INT64_MAX, &bytes))
		c->bytes = bytes;
	free(m);
}

void cluster_measure(struct cluster *c)
{
	const char *const argv[] = {"/usr/bin/du", "-sb", c->dir, NULL};
	struct measuring *m = calloc(1, sizeof *m);
	const struct child_options o = {.argv = argv, .done = measured, .drop = free, .arg = m};
	struct err ignored;

	if (!m)
		return;
	m->pg = c->pg;
	snprintf(m->ws, sizeof m->ws, "%s", c->ws);
	snprintf(m->uid, sizeof m->uid, "%s", c->uid);
	if (child_start(NULL, c->pg, &o, &ignored))
		free(m);
}
