/* SPDX-License-Identifier: Apache-2.0 */
/* Health, readiness, reset, warnings, and what the API says about itself. */
#include <string.h>

#include "admin/admin.h"
#include "api/openapi/openapi.h"
#include "base/text.h"
#include "core/resource/data_plane.h"
#include "lab/fault/stale.h"
#include "lab/state/workspaces.h"

int admin_root(struct admin *a, struct err *e)
{
	const char *query = a->req->query, *where = "/_mock/ui";

	if (query && *query)
		where = arena_printf(&a->resp->arena, "/_mock/ui?%s", query);
	if (!where)
		return err_oom(e);
	a->resp->content_type = "text/plain; charset=utf-8";
	buf_adds(&a->resp->body, "This is lakebase-mock. Its page is /_mock/ui.\n");
	if (streq(a->req->method, "HEAD"))
		return 0;
	a->resp->status = 302;
	response_header(a->resp, "Location", where);
	return 0;
}

int admin_health(struct admin *a, struct err *e)
{
	const struct world *w = &a->app->world;
	const char *trouble = store_trouble(w->store);

	return admin_reply(a,
		json_pack("{s:s, s:s*, s:s, s:I, s:s, s:I, s:i, s:I}", "status",
			trouble ? "degraded" : "ok", "reason", trouble, "version",
			a->lab->version, "seed", (json_int_t)w->seed, "profile",
			w->settings.profile ? w->settings.profile : "", "uptime_ms",
			(json_int_t)((monotonic_now() - a->lab->started) / 1000), "workspaces",
			app_num_workspaces(a->app), "requests", (json_int_t)a->lab->requests),
		e);
}

int admin_ready(struct admin *a, struct err *e)
{
	if (!a->lab->ready)
		a->resp->status = err_status(ERR_UNAVAILABLE);
	return admin_reply(a, json_pack("{s:b}", "ready", a->lab->ready), e);
}

/* ---- reset ---- */

enum keep { KEEP_FAULTS, KEEP_CLOCK, KEEP_PRINCIPALS, KEEP_JOURNAL, KEEP__N };

static const char *const keep_names[] = {"faults", "clock", "principals", "journal", NULL};

static int read_keep(const struct admin *a, bool keep[static KEEP__N], struct err *e)
{
	const char *at = admin_query(a, "keep");

	while (at && *at) {
		size_t len = strcspn(at, ","), i = 0;
		const char *word = arena_strndup(a->arena, at, len);

		if (!word)
			return err_oom(e);
		while (keep_names[i] && !streq(keep_names[i], word))
			i++;
		if (!keep_names[i])
			return refuse_name(e, "thing to keep", word, keep_names);
		keep[i] = true;
		at += len + (at[len] == ',');
	}
	return 0;
}

/* A workspace that is reset, and what becomes of it. */
struct reset {
	struct workspace *ws, fresh;
	struct space *space;
};

static int find_all(struct admin *a, struct reset **ret, size_t *num, struct err *e)
{
	const char *const *names;

	if (workspace_names(a->app, a->arena, &names, num, e))
		return -1;
	*ret = arena_alloc(a->arena, (*num + 1) * sizeof **ret);
	if (!*ret)
		return err_oom(e);
	for (size_t i = 0; i < *num; i++) {
		(*ret)[i].ws = app_workspace(a->app, names[i], false, e);
		if (!(*ret)[i].ws)
			return -1;
	}
	return 0;
}

static int empty_all(const struct admin *a, struct reset *all, size_t num,
	const bool keep[static KEEP__N], int64_t *removed, struct err *e)
{
	for (size_t i = 0; i < num; i++) {
		struct workspace *ws = all[i].ws;
		int64_t n;

		all[i].space = space_of(a->lab, ws->name);
		if (!all[i].space)
			return err_oom(e);
		if (app_workspace_reset(a->app, ws, keep[KEEP_CLOCK], keep[KEEP_PRINCIPALS],
			    &all[i].fresh, &n, e) ||
			stale_drop(a->app, ws->name, e))
			return -1;
		*removed += n;
	}
	return 0;
}

/* What is not in the store. */
static void forget(const struct admin *a, struct reset *r, const bool keep[static KEEP__N])
{
	app_workspace_become(r->ws, &r->fresh);
	data_plane_dropped(&a->app->world, r->ws->name);
	if (!keep[KEEP_FAULTS]) {
		faults_done(&r->space->faults);
		faults_init(&r->space->faults, a->app);
	}
	if (!keep[KEEP_JOURNAL])
		space_renumber(a->lab, r->space);
}

/* All of them or none. */
static int reset(const struct admin *a, struct reset *all, size_t num,
	const bool keep[static KEEP__N], int64_t *removed, struct err *e)
{
	struct store *s = a->app->world.store;

	if (store_begin(s, e) || store_end(s, empty_all(a, all, num, keep, removed, e), e))
		return -1;
	for (size_t i = 0; i < num; i++)
		forget(a, &all[i], keep);
	return 0;
}

int admin_reset(struct admin *a, struct err *e)
{
	bool keep[KEEP__N] = {false}, all = false;
	struct reset one = {.ws = a->ws}, *some = &one;
	int64_t removed = 0;
	size_t num = 1;

	if (admin_query_bool(a, "all", &all, e) || read_keep(a, keep, e))
		return -1;
	if (all && admin_query(a, "workspace"))
		return err_set(e, ERR_INVALID, "'all' and 'workspace' exclude each other");
	if ((all && find_all(a, &some, &num, e)) || reset(a, some, num, keep, &removed, e))
		return -1;
	return admin_reply(a,
		json_pack("{s:s, s:I}", "workspace", all ? "*" : a->ws->name, "removed",
			(json_int_t)removed),
		e);
}

/* ---- the API about itself ---- */

int admin_routes_list(struct admin *a, struct err *e)
{
	return admin_reply(a, routes_document(a->app), e);
}

/* As it is: a key more would break the format. */
int admin_openapi(struct admin *a, struct err *e)
{
	json_t *doc = arena_own(a->arena, openapi_document(a->app), doc_free);

	if (!doc)
		return err_oom(e);
	doc_dump(doc, &a->resp->body);
	return 0;
}

int admin_jwks(struct admin *a, struct err *e)
{
	json_t *doc = arena_own(a->arena, signer_jwks(a->app->signer, e), doc_free);

	if (!doc)
		return -1;
	doc_dump(doc, &a->resp->body);
	return 0;
}

int admin_warnings(struct admin *a, struct err *e)
{
	const struct warnings *w = &a->space->warnings;
	json_auto_t *list = json_array();

	for (size_t i = 0; i < w->num; i++) {
		const struct warning *x = &w->all[i];

		if (json_array_append_new(list,
			    json_pack("{s:I, s:s, s:s, s:s, s:s}", "seq", (json_int_t)x->seq, "rpc",
				    x->rpc, "kind", x->kind, "where", x->where, "text", x->text)))
			return err_oom(e);
	}
	return admin_reply(
		a, json_pack("{s:O, s:I}", "warnings", list, "dropped", (json_int_t)w->dropped), e);
}
