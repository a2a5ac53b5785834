/* SPDX-License-Identifier: Apache-2.0 */
/* Which workspaces there are, and the end of one. */
#include "lab/state/workspaces.h"

#include <string.h>

#include "core/resource/data_plane.h"
#include "lab/fault/stale.h"

struct names {
	struct arena *arena;
	const char **all;
	size_t num, cap;
	bool failed;
};

static int collect(void *arg, const char *name)
{
	struct names *n = arg;

	if (n->num == n->cap) {
		const char **all = arena_alloc(n->arena, (n->cap * 2 + 16) * sizeof *all);

		n->failed = !all;
		if (n->failed)
			return 1;
		if (n->num)
			memcpy(all, n->all, n->num * sizeof *all);
		n->all = all;
		n->cap = n->cap * 2 + 16;
	}
	n->all[n->num] = arena_strdup(n->arena, name);
	n->failed = !n->all[n->num++];
	return n->failed;
}

int workspace_names(
	struct app *app, struct arena *arena, const char *const **ret, size_t *num, struct err *e)
{
	struct names n = {.arena = arena};

	if (store_workspace_each(app->world.store, collect, &n, e))
		return -1;
	if (n.failed)
		return err_oom(e);
	*ret = n.all;
	*num = 0;
	for (size_t i = 0; i < n.num; i++)
		if (!stale_is_shadow(n.all[i]))
			n.all[(*num)++] = n.all[i];
	return 0;
}

int workspace_remove(struct lab *lab, const char *name, struct err *e)
{
	struct store *s = lab->app->world.store;
	int rc;

	if (store_begin(s, e))
		return -1;
	rc = store_workspace_drop(s, name, e);
	if (!rc)
		rc = stale_drop(lab->app, name, e);
	if (store_end(s, rc, e))
		return -1;
	app_workspace_forget(lab->app, name);
	data_plane_dropped(&lab->app->world, name);
	space_drop(lab, name);
	return 0;
}

/* ---- those that live for a while ---- */

enum { TRY_AGAIN_AFTER_S = 1 }; /* what a failing disk kept from being dropped */

int workspace_live_until(struct lab *lab, const char *name, usec at, struct err *e)
{
	struct workspace *ws = app_workspace(lab->app, name, false, e);

	if (!ws || app_workspace_expire(lab->app, ws, at, e))
		return -1;
	if (at < lab->next_expiry)
		lab->next_expiry = at;
	return 0;
}

void workspace_expire_all(struct lab *lab)
{
	struct app *app = lab->app;
	usec now = lab->next_expiry == USEC_NEVER ? 0 : app->world.wall(&app->world);
	struct arena scraps = {0};
	const char *name;
	struct err ignored;
	int found;

	if (lab->next_expiry > now)
		return;
	do {
		found = store_get_expired(app->world.store, now, &scraps, &name, &ignored);
	} while (found == 1 && !workspace_remove(lab, name, &ignored));
	if (found || store_next_expiry(app->world.store, &lab->next_expiry, &ignored))
		lab->next_expiry = now + TRY_AGAIN_AFTER_S * USEC_SECOND;
	arena_done(&scraps);
}
