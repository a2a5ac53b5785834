/* SPDX-License-Identifier: Apache-2.0 */
/* Workspaces, snapshots and forks: named pointers to states. */
#include <stdio.h>
#include <string.h>

#include "admin/admin.h"
#include "base/text.h"
#include "core/resource/data_plane.h"
#include "lab/fault/stale.h"
#include "lab/state/workspaces.h"

static json_t *when_json(usec t)
{
	char text[WHEN_SIZE];

	return json_string(when_format(t, text));
}

/* ---- snapshots ---- */

static json_t *snapshot_json(const struct snapshot *s)
{
	return json_pack("{s:s, s:o, s:I, s:I}", "name", s->name, "time", when_json(s->time),
		"resources", (json_int_t)s->resources, "bytes", (json_int_t)s->bytes);
}

static bool name_ok(const char *s)
{
	static const char ok[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

	return *s && !s[strspn(s, ok)];
}

static int add_snapshot(struct admin *a, const char *name, struct snapshot *ret, struct err *e)
{
	struct store *s = a->app->world.store;

	if (store_begin(s, e))
		return -1;
	return store_end(
		s, store_snapshot_add(s, a->ws->name, name, app_now(a->app, a->ws), ret, e), e);
}

int admin_snapshot_add(struct admin *a, struct err *e)
{
	const char *name = doc_str(a->body, "name");
	struct snapshot snap;
	int rc;

	if (!name_ok(name))
		return refuse_value(e, "name", "letters, digits, '.', '_' and '-'", name);
	rc = store_snapshot_get(a->app->world.store, a->ws->name, name, a->arena, &snap, e);
	if (!rc) /* one of that name is refused below */
		rc = admin_carry(a, a->ws->name, NULL, e);
	else
		rc = rc < 0 ? -1 : 0;
	if (rc)
		return rc < 0 ? -1 : 0;
	rc = add_snapshot(a, name, &snap, e);
	admin_place(a, rc ? NULL : a->ws->name, name);
	if (rc)
		return -1;
	marks_set(&a->space->marks, name, a->space->journal.next);
	a->resp->status = 201;
	return admin_reply(a, snapshot_json(&snap), e);
}

struct listing {
	json_t *all;
	bool failed;
};

static int append_snapshot(void *arg, const struct snapshot *s)
{
	struct listing *l = arg;

	l->failed = json_array_append_new(l->all, snapshot_json(s)) != 0;
	return l->failed;
}

int admin_snapshot_list(struct admin *a, struct err *e)
{
	json_auto_t *list = json_array();
	struct listing l = {.all = list};

	if (store_snapshot_each(a->app->world.store, a->ws->name, append_snapshot, &l, e))
		return -1;
	return l.failed ? err_oom(e) : admin_reply(a, json_pack("{s:O}", "snapshots", list), e);
}

static int collect_name(void *arg, const struct snapshot *s)
{
	return json_object_set_new(arg, s->name, json_true());
}

/* 404 that names the nearest one. */
static int no_snapshot(const struct admin *a, const char *ws, const char *name, struct err *e)
{
	json_auto_t *all = json_object();
	const char *names[64], *key, *near;
	size_t n = 0;
	json_t *v;

	if (store_snapshot_each(a->app->world.store, ws, collect_name, all, e))
		return -1;
	json_object_foreach (all, key, v)
		if (n < ARRAY_SIZE(names) - 1)
			names[n++] = key;
	names[n] = NULL;
	near = text_nearest(name, names);
	return err_set(e, ERR_NOT_FOUND, "Workspace '%s' has no snapshot '%s'%s%s%s", ws, name,
		near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static int get_snapshot(
	const struct admin *a, const char *name, struct snapshot *ret, struct err *e)
{
	int found = store_snapshot_get(a->app->world.store, a->ws->name, name, a->arena, ret, e);

	return found == 0 ? no_snapshot(a, a->ws->name, name, e) : found < 0 ? -1 : 0;
}

static int restore(struct admin *a, int64_t state, struct err *e)
{
	struct store *s = a->app->world.store;
	struct workspace restored;
	int rc;

	if (store_begin(s, e))
		return -1;
	rc = app_workspace_point(a->app, a->ws, state, &restored, e);
	if (!rc)
		rc = stale_drop(a->app, a->ws->name, e);
	if (store_end(s, rc, e))
		return -1;
	app_workspace_become(a->ws, &restored);
	return 0;
}

int admin_snapshot_restore(struct admin *a, struct err *e)
{
	struct snapshot snap;
	int rc;

	if (get_snapshot(a, a->args[0], &snap, e))
		return -1;
	rc = admin_carry(a, a->ws->name, snap.name, e);
	if (rc)
		return rc < 0 ? -1 : 0;
	rc = restore(a, snap.state, e);
	if (!rc)
		data_plane_dropped(&a->app->world, a->ws->name);
	admin_place(a, rc ? NULL : a->ws->name, NULL);
	return rc ? -1 : admin_reply(a, snapshot_json(&snap), e);
}

int admin_snapshot_drop(struct admin *a, struct err *e)
{
	struct store *s = a->app->world.store;
	struct snapshot snap;

	if (get_snapshot(a, a->args[0], &snap, e) || store_begin(s, e) ||
		store_end(s, store_snapshot_drop(s, a->ws->name, a->args[0], e), e))
		return -1;
	if (a->app->world.data_plane && a->app->world.data_plane->forget)
		a->app->world.data_plane->forget(
			a->app->world.data_plane->arg, a->ws->name, a->args[0]);
	return admin_reply(a, json_pack("{s:i}", "removed", 1), e);
}

/* ---- workspaces ---- */

static json_t *workspace_json(struct admin *a, const char *name, struct err *e)
{
	struct workspace *ws = app_workspace(a->app, name, false, e);
	const struct space *s = space_find(a->lab, name);

	if (!ws)
		return NULL;
	return json_pack("{s:s, s:s, s:o, s:I, s:I, s:o}", "name", name, "clock",
		clock_mode_name(ws->clock.mode), "now", when_json(app_now(a->app, ws)), "requests",
		(json_int_t)(s ? s->journal.next - 1 : 0), "faults",
		(json_int_t)(s ? s->faults.num : 0), "expires",
		ws->expires != USEC_NEVER ? when_json(ws->expires) : json_null());
}

int admin_workspace_list(struct admin *a, struct err *e)
{
	json_auto_t *list = json_array();
	const char *const *names;
	size_t num;

	if (workspace_names(a->app, a->arena, &names, &num, e))
		return -1;
	for (size_t i = 0; i < num; i++) {
		json_t *doc = workspace_json(a, names[i], e);

		if (!doc)
			return -1;
		if (json_array_append_new(list, doc))
			return err_oom(e);
	}
	return admin_reply(a, json_pack("{s:O}", "workspaces", list), e);
}

/* What the new workspace starts from: state, and the workspace whose rules it takes. */
static int find_origin(struct admin *a, const char *fork_of, int64_t *state,
	struct workspace **from, struct err *e)
{
	struct snapshot snap;
	const char *name;

	if (text_starts(fork_of, "snapshot:", &name)) {
		if (get_snapshot(a, name, &snap, e))
			return -1;
		*from = a->ws;
		*state = snap.state;
		return 0;
	}
	*from = app_workspace(a->app, fork_of, false, e);
	if (!*from || app_settle(a->app, *from, app_now(a->app, *from), NULL, e))
		return -1;
	*state = (*from)->state;
	return 0;
}

/* Of the workspace `from`; NULL: of none. */
static int furnish(struct admin *a, struct workspace *to, const struct workspace *from, usec life,
	struct err *e)
{
	struct space *space = space_of(a->lab, to->name);

	if (!space || (from && !space_of(a->lab, from->name)))
		return err_oom(e);
	if (from && (app_workspace_pace(a->app, to, &from->plan, from->plans, from->num_plans, e) ||
			    faults_copy(&space->faults, &space_of(a->lab, from->name)->faults, e)))
		return -1;
	return life ? workspace_live_until(
			      a->lab, to->name, a->app->world.wall(&a->app->world) + life, e)
		    : 0;
}

static int fill(struct admin *a, const char *name, int64_t state, const struct workspace *from,
	usec life, struct err *e)
{
	struct workspace *to;

	if ((!from && app_state_new(a->app, &state, e)) ||
		store_workspace_put(a->app->world.store, name, state, e))
		return -1;
	to = app_workspace(a->app, name, false, e);
	return to ? furnish(a, to, from, life, e) : -1;
}

/* One transaction makes it, with all that is in it. */
static int make(struct admin *a, const char *name, const char *fork_of, usec life, struct err *e)
{
	struct store *s = a->app->world.store;
	struct workspace *from = NULL;
	int64_t state = 0;

	if ((fork_of && find_origin(a, fork_of, &state, &from, e)) || store_begin(s, e))
		return -1;
	if (!store_end(s, fill(a, name, state, from, life, e), e))
		return 0;
	app_workspace_forget(a->app, name);
	space_drop(a->lab, name);
	return -1;
}

/* The data of what is forked is copied before. 1: the request waits for that. */
static int carry_origin(struct admin *a, const char *fork_of, struct err *e)
{
	struct workspace *from;
	const char *snapshot = NULL;
	int64_t state;

	if (find_origin(a, fork_of, &state, &from, e))
		return -1;
	(void)text_starts(fork_of, "snapshot:", &snapshot);
	return admin_carry(a, from->name, snapshot, e);
}

static int check_new(struct admin *a, const char *name, struct err *e)
{
	struct err missing;

	if (!app_workspace(a->app, name, false, &missing)) {
		if (missing.code == ERR_NOT_FOUND &&
			app_num_workspaces(a->app) < a->app->max_workspaces)
			return 0;
		*e = missing;
		return missing.code != ERR_NOT_FOUND
			       ? -1
			       : err_set(e, ERR_QUOTA,
					 "%d workspaces is the limit; DELETE some or raise "
					 "--max-workspaces",
					 a->app->max_workspaces);
	}
	return err_set(e, ERR_EXISTS,
		"There is a workspace '%s' already; DELETE /_mock/workspaces/%s first", name, name);
}

int admin_workspace_add(struct admin *a, struct err *e)
{
	const char *name = doc_str(a->body, "name"), *fork_of = doc_str(a->body, "fork_of");
	const char *ttl = doc_str(a->body, "ttl");
	usec life = 0;
	json_t *doc;
	int rc;

	if (ttl && (!span_parse(ttl, &life) || life == 0))
		return refuse_value(e, "ttl", "a duration like 10m", ttl);
	if (check_new(a, name, e))
		return -1;
	rc = fork_of ? carry_origin(a, fork_of, e) : 0;
	if (rc)
		return rc < 0 ? -1 : 0;
	rc = make(a, name, fork_of, life, e);
	admin_place(a, rc ? NULL : name, NULL);
	if (rc)
		return -1;
	a->resp->status = 201;
	doc = workspace_json(a, name, e);
	if (!doc || json_object_set_new(doc, "token", json_sprintf("mock-%s", name)))
		return -1;
	return admin_reply(a, doc, e);
}

int admin_workspace_drop(struct admin *a, struct err *e)
{
	if (!app_workspace(a->app, a->args[0], false, e))
		return -1;
	if (workspace_remove(a->lab, a->args[0], e))
		return -1;
	return admin_reply(a, json_pack("{s:s}", "removed", a->args[0]), e);
}
