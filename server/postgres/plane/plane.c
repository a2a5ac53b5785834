/* SPDX-License-Identifier: Apache-2.0 */
/* What the control plane tells and asks, and what is written back into it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/resource/resource.h"
#include "postgres/cluster/ask.h"
#include "postgres/cluster/endpoint.h"
#include "postgres/cluster/replica.h"
#include "postgres/front/front.h"
#include "postgres/inside.h"
#include "postgres/machine/child.h"
#include "postgres/machine/jobs.h"
#include "postgres/plane/plane.h"

/* ---- on demand ---- */

static void woken(void *arg, const struct pg_address *where, const struct err *e)
{
	job_end(arg, where ? NULL : e->message);
}

static uint64_t wake(void *arg, struct workspace *ws, const char *endpoint, struct err *e)
{
	struct pg *pg = arg;
	struct job *j;

	if (endpoint_may_wake(pg, ws, endpoint, e))
		return 0;
	j = job_new(pg);
	if (j && pg_wake(pg, ws, endpoint, false, woken, j))
		return job_id(j);
	err_oom(e);
	return 0;
}

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

static uint64_t suspend(void *arg, struct workspace *ws, const char *endpoint, struct err *e)
{
	struct pg *pg = arg;
	char *branch = endpoint_branch(endpoint);
	struct cluster *c = branch ? cluster_of(pg, ws, branch, e) : NULL;
	struct job *done;
	uint64_t id;

	free(branch);
	if (!c || endpoint_known(pg, ws, endpoint, e) || idle_endpoint(pg, ws, endpoint, e))
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

/* ---- roles ---- */

/* It is remembered with what both sides agree on: where that has the role, SQL does. */
static void bequeath(
	void *arg, struct workspace *ws, const char *branch, const char *role, const char *heir)
{
	struct err ignored;
	struct cluster *c = cluster_of(arg, ws, branch, &ignored);
	json_t *is = c ? json_object_get(json_object_get(c->roles.known, "roles"), role) : NULL;

	if (!is || (!heir && !doc_str(is, "heir")))
		return;
	if (heir ? json_object_set_new(is, "heir", json_string(heir)) : json_object_del(is, "heir"))
		pg_log("out of memory");
	cluster_save(c);
}

/* ---- hosts ---- */

static const char *host(void *arg, struct workspace *ws, const char *label)
{
	struct pg *pg = arg;

	return front_host(pg->front, ws->name, label);
}

/* ---- connections ---- */

static int disconnect(void *arg, struct workspace *ws, const char *endpoint)
{
	struct pg *pg = arg;

	return front_end_sessions(pg->front, ws->name, endpoint, "57P01",
		"terminating connection due to administrator command");
}

static const char *authority(void *arg)
{
	struct pg *pg = arg;

	return front_ca_pem(pg->front);
}

/* ---- /_mock/postgres ---- */

static json_t *describe_endpoint(
	struct cluster *c, struct workspace *ws, const struct draft *d, int replica)
{
	const char *uid = doc_str(d->doc, "uid");
	const struct replica *r = replica >= 0 ? replica_find(c, d->name, replica) : NULL;
	const struct server *s = replica >= 0 ? (r ? &r->server : NULL) : &c->server;
	bool awake = s && s->state == SERVER_UP;
	char label[128];

	snprintf(label, sizeof label, "%s%s", uid ? uid : "",
		replica >= 0 && streq(doc_str(d->status, "endpoint_type"), "ENDPOINT_TYPE_READ_WRITE")
			? "-ro"
			: "");
	return json_pack("{s:s,s:s?,s:s,s:s,s:o}", "name", d->name, "address",
		front_known_host(c->pg->front, ws->name, label), "role",
		replica >= 0 ? "replica" : "primary", "state", awake ? "awake" : "asleep", "socket",
		awake ? json_sprintf("%s/.s.PGSQL.%d", c->pg->run, s->port) : json_null());
}

struct describing {
	struct cluster *cluster;
	json_t *list;
};

static int add_endpoint(struct ctx *ctx, struct draft *d, void *arg, struct err *e)
{
	const struct describing *k = arg;
	int count = replica_count(d->status);
	/* the primary is before the first replica, where there is one */
	int first = streq(doc_str(d->status, "endpoint_type"), "ENDPOINT_TYPE_READ_WRITE") ? -1 : 0;

	for (int i = first; i < count; i++)
		if (json_array_append_new(
			    k->list, describe_endpoint(k->cluster, ctx->ws, d, i)))
			return err_oom(e);
	return 0;
}

static json_t *describe_cluster(struct cluster *c, struct workspace *ws)
{
	json_auto_t *endpoints = json_array();
	struct describing k = {c, endpoints};
	struct arena arena = {0};
	struct ctx ctx = app_ctx(c->pg->app, ws, &arena);
	struct err ignored;
	json_t *doc;
	int bad = resource_each_child(&ctx, resource_by_kind(ctx.world, "endpoint"), c->branch,
		add_endpoint, &k, &ignored);

	arena_done(&arena);
	doc = bad ? NULL
		  : json_pack("{s:s,s:s,s:s,s:o,s:I,s:i,s:O}", "branch", c->branch, "version",
			    c->version->text, "state", cluster_state_name(c), "pid",
			    c->server.child ? json_integer(child_pid(c->server.child))
					    : json_null(),
			    "bytes", (json_int_t)c->bytes, "connections",
			    front_count_sessions(c->pg->front, c->ws, c->branch), "endpoints",
			    endpoints);
	if (doc && c->state == CLUSTER_AWAKE)
		bad = json_object_set_new(doc, "socket",
			json_sprintf("%s/.s.PGSQL.%d", c->pg->run, c->server.port));
	if (doc && c->trouble[0])
		bad |= json_object_set_new(doc, "trouble", json_string(c->trouble));
	return bad ? NULL : doc;
}

static json_t *describe(void *arg, struct workspace *ws)
{
	struct pg *pg = arg;
	json_auto_t *clusters = json_array();
	struct cluster *c;

	LIST_FOREACH (c, &pg->clusters, link)
		if (streq(c->ws, ws->name) &&
			json_array_insert_new(clusters, 0, describe_cluster(c, ws)))
			return NULL;
	return json_pack("{s:s,s:i,s:o,s:O}", "workspace", ws->name, "port",
		front_port(pg->front), "versions", versions_json(pg),
		"clusters", clusters);
}

/* ---- the start ---- */

struct idling {
	struct pg *pg;
	struct arena arena;
	json_t *names;
};

static int note_active(void *arg, const struct object *o)
{
	const struct idling *k = arg;

	/* documents are compact, and nothing else in them can read so */
	if (o->deleted == OBJECT_LIVE && strstr(o->doc, "\"current_state\":\"ACTIVE\""))
		return json_array_append_new(k->names, json_string(o->name)) != 0;
	return 0;
}

static int idle_all(struct idling *k, struct workspace *ws, struct err *e)
{
	struct ctx c = app_ctx(k->pg->app, ws, &k->arena);
	json_t *name;
	size_t i;

	json_array_foreach (k->names, i, name)
		if (resource_happen(&c, json_string_value(name), "endpoint_idled", e))
			return -1;
	return 0;
}

static int collect_workspace(void *names, const char *ws)
{
	return json_array_append_new(names, json_string(ws));
}

static int idle_workspace(struct pg *pg, const char *name, struct err *e)
{
	const struct page_query q = {.kind = "endpoint", .limit = INT64_MAX};
	struct workspace *ws = app_workspace(pg->app, name, false, e);
	json_auto_t *names = json_array();
	struct idling k = {.pg = pg, .names = names};
	int rc;

	if (!ws || !names)
		return ws ? err_oom(e) : -1;
	if (store_page(pg->app->world.store, ws->state, &q, note_active, &k, e))
		return -1;
	if (!json_array_size(names))
		return 0;
	rc = app_begin(pg->app, ws, e);
	if (!rc)
		rc = app_end(pg->app, ws, idle_all(&k, ws, e), e);
	arena_done(&k.arena);
	return rc;
}

int plane_restart(struct pg *pg, struct err *e)
{
	json_auto_t *names = json_array();
	json_t *name;
	size_t i;

	if (store_workspace_each(pg->app->world.store, collect_workspace, names, e))
		return -1;
	json_array_foreach (names, i, name)
		if (idle_workspace(pg, json_string_value(name), e))
			return -1;
	return 0;
}

void plane_open(struct pg *pg)
{
	pg->plane.arg = pg;
	pg->plane.describe = describe;
	pg->plane.host = host;
	pg->plane.disconnect = disconnect;
	pg->plane.authority = authority;
	pg->plane.changed = changes_note;
	pg->plane.ended = changes_ended;
	pg->plane.last_active = activity_last;
	pg->plane.bequeath = bequeath;
	pg->plane.copies = carry_copies;
	pg->plane.copy = carry_copy;
	pg->plane.copying = carry_copying;
	pg->plane.dropped = workspaces_dropped;
	pg->plane.carry = workspaces_carry;
	pg->plane.place = workspaces_place;
	pg->plane.forget = workspaces_forget;
	pg->plane.check_settings = trial_check;
	pg->plane.settling = waiter_settling;
	pg->plane.prepare = prepare_request;
	pg->plane.look = waiter_look;
	pg->plane.tables = tables_list;
	pg->plane.job = job_look;
	pg->plane.wake = wake;
	pg->plane.suspend = suspend;
	pg->app->world.data_plane = &pg->plane;
}
