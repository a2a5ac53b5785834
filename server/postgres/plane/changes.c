/* SPDX-License-Identifier: Apache-2.0 */
/* What the control plane has changed, looked at after each transaction. */
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/resource/resource.h"
#include "postgres/cluster/replica.h"
#include "postgres/front/front.h"
#include "postgres/inside.h"
#include "postgres/plane/plane.h"

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

void changes_note(void *arg, struct workspace *ws, const char *name)
{
	const struct pg *pg = arg;

	if (!LIST_EMPTY(&pg->clusters) || strstr(name, "/snapshots/"))
		note(pg->told, ws->name, name);
}

void changes_ended(void *arg, struct workspace *ws, bool committed)
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
		json_auto_t *old = c->roles.known;

		(void)old;
		c->roles.known = json_pack("{s:{},s:{}}", "roles", "databases");
		c->roles.synced = 0;
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
		const char *name;
		bool hit = false;
		json_t *ignored;
		struct workspace *w;
		struct ctx ctx;
		struct err e;

		next = LIST_NEXT(c, link);
		if (!streq(c->ws, ws) || c->gone)
			continue;
		json_object_foreach ((json_t *)names, name, ignored)
			hit |= related(c->branch, name);
		w = hit ? app_workspace(pg->app, ws, false, &e) : NULL;
		if (!w)
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

int changes_open(struct pg *pg, struct err *e)
{
	pg->told = json_object();
	pg->dirty = json_object();
	pg->reconcile = event_new(pg->base, -1, 0, reconcile, pg);
	return pg->told && pg->dirty && pg->reconcile ? 0 : err_oom(e);
}

void changes_close(struct pg *pg)
{
	json_auto_t *told = pg->told, *dirty = pg->dirty;

	(void)told, (void)dirty;
	if (pg->reconcile)
		event_free(pg->reconcile);
}
