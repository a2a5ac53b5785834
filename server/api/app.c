/* SPDX-License-Identifier: Apache-2.0 */
#include "api/app.h"

#include <stdlib.h>

#include "api/auth/login.h"
#include "api/auth/token.h"
#include "api/workspace/workspace.h"
#include "base/limits.h"

const struct route *const app_routes[] = {bootstrap_routes, oauth_routes, neighbour_routes,
	cdf_status_routes, permission_routes, credential_routes, operation_routes, password_routes,
	workspace_file_routes, missing_routes, NULL};

static usec real_wall(struct world *w)
{
	(void)w;
	return wall_now();
}

static int configure(struct app *a, const struct app_options *o, struct err *e)
{
	a->world = (struct world){
		.seed = o->seed, .strict = o->strict, .wall = real_wall, .resources = resource_all};
	a->auth = o->auth;
	a->check_replies = o->check_replies;
	a->max_workspaces = o->max_workspaces ? o->max_workspaces : MAX_WORKSPACES;
	settings_init(&a->world.settings);
	if (o->profile && settings_profile(&a->world.settings, o->profile, e))
		return -1;
	for (const char *const *s = o->assignments; s && *s; s++)
		if (settings_set(&a->world.settings, *s, e))
			return -1;
	if (plan_parse(o->plan ? o->plan : "first-poll", &a->world.plan, e))
		return -1;
	return clock_parse(o->clock ? o->clock : "real", a->world.wall(&a->world), &a->clock, e);
}

static int collect_workspace(void *names, const char *ws)
{
	return json_object_set_new(names, ws, json_true());
}

/* Does a workspace of an earlier run list principals? */
static int find_principals(struct app *a, struct err *e)
{
	json_auto_t *names = json_object();
	const char *name;
	json_t *ignored;

	if (!app_workspace(a, "default", true, e) ||
		store_workspace_each(a->world.store, collect_workspace, names, e))
		return -1;
	json_object_foreach (names, name, ignored) {
		int64_t state, n = 0;

		if (store_workspace_get(a->world.store, name, &state, e) < 0 ||
			store_count(a->world.store, state, "principals", "principal", 1, &n, e))
			return -1;
		a->principals |= n != 0;
	}
	return 0;
}

int app_open(struct app **ret, const struct app_options *o, struct err *e)
{
	struct app *a = calloc(1, sizeof *a);

	if (!a)
		return err_oom(e);
	a->workspaces = workspace_table_new();
	a->logins = logins_new();
	if (!a->workspaces || !a->logins || configure(a, o, e) ||
		routes_build(&a->routes, app_routes, resource_all, e) ||
		store_open(&a->world.store, o->db, e) ||
		signer_open(&a->signer, a->world.store, e) || find_principals(a, e)) {
		app_close(a);
		return -1;
	}
	*ret = a;
	return 0;
}

void app_close(struct app *a)
{
	if (!a)
		return;
	workspace_table_free(a->workspaces);
	if (a->world.store)
		store_close(a->world.store);
	routes_done(&a->routes);
	signer_close(a->signer);
	logins_free(a->logins);
	free(a);
}
