/* SPDX-License-Identifier: Apache-2.0 */
/* What the API has of an endpoint, and that it is told what has become of it. */
#include <string.h>

#include "base/text.h"
#include "core/resource/resource.h"
#include "postgres/cluster/cluster.h"
#include "postgres/cluster/endpoint.h"
#include "postgres/inside.h"

/* "projects/p/branches/b" of the name of something in it. */
char *endpoint_branch(const char *name)
{
	const char *p = name;

	for (int slashes = 0; *p; p++)
		if (*p == '/' && ++slashes == 4)
			break;
	return strndup(name, (size_t)(p - name));
}

int endpoint_known(struct pg *pg, struct workspace *ws, const char *endpoint, struct err *e)
{
	struct arena arena = {0};
	struct object o;
	int found = store_get(pg->app->world.store, ws->state, endpoint, &arena, &o, e);
	bool is = found == 1 && streq(o.kind, "endpoint");

	arena_done(&arena);
	if (found < 0)
		return -1;
	return is ? 0 : err_set(e, ERR_NOT_FOUND, "there is no endpoint %s", endpoint);
}

bool endpoint_is_read_only(struct pg *pg, struct workspace *ws, const char *endpoint)
{
	struct arena arena = {0};
	struct ctx c = app_ctx(pg->app, ws, &arena);
	struct draft d;
	struct err e;
	bool is = draft_load(&c, resource_by_kind(c.world, "endpoint"), endpoint, &d, &e) == 1 &&
		  streq(doc_str(d.status, "endpoint_type"), "ENDPOINT_TYPE_READ_ONLY");

	arena_done(&arena);
	return is;
}

int endpoint_may_wake(struct pg *pg, struct workspace *ws, const char *endpoint, struct err *e)
{
	struct arena arena = {0};
	struct ctx c = app_ctx(pg->app, ws, &arena);
	struct draft d;
	int found = draft_load(&c, resource_by_kind(c.world, "endpoint"), endpoint, &d, e);
	bool disabled = found == 1 && doc_bool(d.status, "disabled");

	arena_done(&arena);
	if (found < 0)
		return -1;
	if (!found)
		return err_set(e, ERR_NOT_FOUND, "there is no endpoint %s", endpoint);
	return disabled ? err_set(e, ERR_BAD_STATE, "the endpoint %s is disabled", endpoint) : 0;
}

void endpoint_woken(struct cluster *c, const char *endpoint)
{
	struct workspace *ws;
	struct arena arena = {0};
	struct draft d;
	struct ctx ctx;
	struct err e;
	int rc = 0;

	ws = app_workspace(c->pg->app, c->ws, false, &e);
	if (!ws)
		return;
	ctx = app_ctx(c->pg->app, ws, &arena);
	if (draft_load(&ctx, resource_by_kind(ctx.world, "endpoint"), endpoint, &d, &e) == 1 &&
		!streq(doc_str(d.status, "current_state"), "ACTIVE")) {
		if (app_begin(c->pg->app, ws, &e))
			rc = -1;
		else
			rc = app_end(c->pg->app, ws,
				resource_happen(&ctx, endpoint, "endpoint_woken", &e), &e);
	}
	if (rc)
		pg_log("endpoint %s: %s", endpoint, e.message);
	arena_done(&arena);
}
