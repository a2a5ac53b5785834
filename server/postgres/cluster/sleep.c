/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes on at the servers that are awake, looked at every half second, and what the control
 * plane has changed, looked at after each transaction.
 */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/resource/draft.h"
#include "postgres/cluster/replica.h"

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

void sleep_look(struct cluster *c, bool patient)
{
	struct replica *r;

	if (c->state == CLUSTER_AWAKE)
		look(&c->activity, patient);
	LIST_FOREACH (r, &c->replicas, link)
		look(&r->activity, patient);
}

int sleep_watch(struct activity *a, struct cluster *c, int port)
{
	static const struct timeval half = {0, 500000};
	const struct workspace *ws = workspace_of(c);

	*a = (struct activity){.cluster = c, .last_active = ws ? app_now(c->pg->app, ws) : 0};
	a->admin = sql_open(c->pg, port, "postgres");
	if (!evtimer_pending(c->pg->tick, NULL))
		evtimer_add(c->pg->tick, &half);
	return a->admin ? 0 : -1;
}

void sleep_unwatch(struct activity *a)
{
	sql_close(STEAL(a->admin));
	a->looking = a->busy = false;
}

usec sleep_last_active(void *arg, struct workspace *ws, const char *endpoint, usec now)
{
	struct pg *pg = arg;
	char *branch = plane_branch_of(endpoint);
	struct cluster *c;
	usec last = 0;

	LIST_FOREACH (c, &pg->clusters, link) {
		const struct activity *a = &c->activity;

		if (!streq(c->branch, branch) || !streq(c->ws, ws->name) || c->gone)
			continue;
		if (plane_is_read_only(pg, ws, endpoint)) {
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
		sleep_look(c, false);
		settle(pg, c->ws);
	}
	if (!any)
		event_del(pg->tick);
}

/* ---- on demand ---- */

static int idle_endpoint(struct pg *pg, struct workspace *ws, const char *endpoint, struct err *e)
{
	struct arena arena = {0};
	struct ctx ctx = app_ctx(pg->app, ws, &arena);
	int rc = app_begin(pg->app, ws, e);

	if (!rc)
		rc = app_end(pg->app, ws, resource_happen(&ctx, endpoint, "endpoint_idled", e), e);
	arena_done(&arena);
	return rc;
}

uint64_t sleep_begin(void *arg, struct workspace *ws, const char *endpoint, struct err *e)
{
	struct pg *pg = arg;
	char *branch = plane_branch_of(endpoint);
	struct cluster *c = branch ? cluster_of(pg, ws, branch, e) : NULL;
	struct job *done;
	uint64_t id;

	free(branch);
	if (!c || plane_is_endpoint(pg, ws, endpoint, e) || idle_endpoint(pg, ws, endpoint, e))
		return 0;
	id = waiter_settling(pg, ws);
	if (id)
		return id;
	done = job_new(pg);
	if (!done) {
		err_oom(e);
		return 0;
	}
	id = job_id(done);
	job_end(done, NULL);
	return id;
}

/* ---- what has changed ---- */

static void note(json_t *list, const char *ws, const char *name)
{
	json_t *names = json_object_get(list, ws);

	if (!names) {
		names = json_object();
		if (json_object_set_new(list, ws, names))
			return;
	}
	(void)!json_object_set_new(names, name, json_true());
}

void sleep_changed(void *arg, struct workspace *ws, const char *name)
{
	const struct pg *pg = arg;

	if (!LIST_EMPTY(&pg->clusters) || strstr(name, "/snapshots/"))
		note(pg->told, ws->name, name);
}

void sleep_ended(void *arg, struct workspace *ws, bool committed)
{
	struct pg *pg = arg;
	json_t *names = json_object_get(pg->told, ws->name), *ignored;
	const char *name;

	carry_ended(pg, ws, committed);
	if (!names)
		return;
	if (committed) {
		json_object_foreach (names, name, ignored)
			note(pg->dirty, ws->name, name);
		event_active(pg->reconcile, EV_TIMEOUT, 0);
	}
	json_object_clear(pg->told);
}

/* One lies in the other. */
static bool related(const char *branch, const char *name)
{
	const char *rest;

	if (text_starts(branch, name, &rest) && (!*rest || *rest == '/'))
		return true;
	return text_starts(name, branch, &rest) && *rest == '/';
}

static int is_hidden(struct cluster *c, struct ctx *ctx, struct err *e)
{
	struct object o;
	json_t *doc;
	int found = store_get_deleted(
		ctx->world->store, ctx->ws->state, c->branch, ctx->arena, &o, e);

	if (found <= 0)
		return found;
	if (doc_load(&doc, o.doc, ctx->arena, e))
		return -1;
	return streq(doc_str(doc, "uid"), c->uid);
}

struct wanted {
	struct cluster *cluster;
	bool awake; /* some endpoint that its server is needed for is */
	const char *sleeping; /* the read-write one, when it is not */
};

/* Those whose endpoint is not there any more go. */
static void check_replicas(struct cluster *c)
{
	struct replica *r, *next;

	for (r = LIST_FIRST(&c->replicas); r; r = next) {
		next = LIST_NEXT(r, link);
		if (r->gone)
			replica_end(r);
	}
}

static int look_at_endpoint(struct ctx *ctx, struct draft *d, void *arg, struct err *e)
{
	struct wanted *w = arg;
	bool write = streq(doc_str(d->status, "endpoint_type"), "ENDPOINT_TYPE_READ_WRITE");
	bool awake = !doc_bool(d->status, "disabled") &&
		     !streq(doc_str(d->status, "current_state"), "IDLE");
	int count = replica_count(d->status);
	struct replica *r;

	(void)ctx, (void)e;
	w->awake |= awake && write;
	if (write && !awake)
		w->sleeping = d->name;
	LIST_FOREACH (r, &w->cluster->replicas, link) {
		if (!streq(r->endpoint, d->name))
			continue;
		/* it follows its primary's server, whoever else uses that */
		w->awake |= awake;
		if (r->number >= count)
			continue; /* it is not among those that stay */
		if (awake)
			replica_configure(r);
		else
			replica_sleep(r);
		r->gone = false;
	}
	return 0;
}

static int check(struct cluster *c, struct ctx *ctx, struct err *e)
{
	struct wanted w = {.cluster = c};
	struct replica *r;
	struct draft d;
	int found = draft_load(ctx, resource_by_kind(ctx->world, "branch"), c->branch, &d, e), hidden;

	if (found < 0)
		return -1;
	if (!found || !streq(doc_str(d.doc, "uid"), c->uid)) {
		hidden = is_hidden(c, ctx, e);
		if (hidden < 0)
			return -1;
		if (!hidden) {
			cluster_end(c);
			return 0;
		}
		c->hidden = true;
		cluster_sleep(c);
		return 0;
	}
	if (c->hidden) {
		/* the API has forgotten what users had made: SQL has it */
		json_auto_t *old = c->known;

		(void)old;
		c->known = json_pack("{s:{},s:{}}", "roles", "databases");
		c->synced = 0;
		c->hidden = false;
	}
	if (c->resetting && !streq(doc_str(d.status, "current_state"), "RESETTING"))
		fill_agreed(c);
	LIST_FOREACH (r, &c->replicas, link)
		r->gone = true;
	if (resource_each_child(ctx, resource_by_kind(ctx->world, "endpoint"), c->branch,
		    look_at_endpoint, &w, e))
		return -1;
	check_replicas(c);
	if (!w.awake && LIST_EMPTY(&c->wakes)) {
		cluster_sleep(c);
	} else {
		/* the server goes on for its replicas; the endpoint's own sessions do not */
		if (w.sleeping && LIST_EMPTY(&c->wakes))
			front_end_sessions(c->pg->front, c->ws, w.sleeping, "57P01",
				"terminating connection due to administrator command");
		cluster_step(c);
		cluster_configure(c);
	}
	return 0;
}

static void check_snapshots(struct pg *pg, const char *ws, const json_t *names)
{
	const char *name;
	json_t *ignored;
	struct err e;
	struct workspace *w = app_workspace(pg->app, ws, false, &e);

	json_object_foreach ((json_t *)names, name, ignored)
		if (w && (strstr(name, "/snapshots/") || !strchr(name + strcspn(name, "/") + 1, '/')))
			carry_check_snapshots(pg, w, name);
}

static void check_named(struct pg *pg, const char *ws, const json_t *names)
{
	struct cluster *c, *next;

	check_snapshots(pg, ws, names);
	for (c = LIST_FIRST(&pg->clusters); c; c = next) {
		struct arena arena = {0};
		struct workspace *w = workspace_of(c);
		const char *name;
		bool hit = false;
		json_t *ignored;
		struct ctx ctx;
		struct err e;

		next = LIST_NEXT(c, link);
		if (!streq(c->ws, ws) || c->gone)
			continue;
		json_object_foreach ((json_t *)names, name, ignored)
			hit |= related(c->branch, name);
		if (!hit || !w)
			continue;
		ctx = app_ctx(pg->app, w, &arena);
		if (check(c, &ctx, &e))
			pg_log("branch %s: %s", c->branch, e.message);
		arena_done(&arena);
	}
}

static void reconcile(evutil_socket_t fd, short what, void *arg)
{
	struct pg *pg = arg;
	json_auto_t *dirty = pg->dirty;
	json_t *names;
	const char *ws;

	(void)fd;
	(void)what;
	pg->dirty = json_object();
	json_object_foreach (dirty, ws, names)
		check_named(pg, ws, names);
	waiters_check(pg);
}

int sleep_open(struct pg *pg, struct err *e)
{
	pg->told = json_object();
	pg->dirty = json_object();
	pg->tick = event_new(pg->base, -1, EV_PERSIST, tick, pg);
	pg->reconcile = event_new(pg->base, -1, 0, reconcile, pg);
	return pg->told && pg->dirty && pg->tick && pg->reconcile ? 0 : err_oom(e);
}

void sleep_close(struct pg *pg)
{
	json_auto_t *told = pg->told, *dirty = pg->dirty;

	(void)told, (void)dirty;
	if (pg->tick)
		event_free(pg->tick);
	if (pg->reconcile)
		event_free(pg->reconcile);
}
