/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/fault/stale.h"

#include <stdio.h>

#include "base/text.h"

/* A name that no token and no route can select. */
#define SHADOW "~stale~"
#define CANDIDATE "~next~"

enum { SHADOW_NAME = WORKSPACE_NAME_MAX + 16 };

bool stale_is_shadow(const char *name)
{
	return name[0] == '~';
}

static const char *shadow(const char *kind, const char *workspace, char out[static SHADOW_NAME])
{
	snprintf(out, SHADOW_NAME, "%s%s", kind, workspace);
	return out;
}

static int point(struct store *st, const char *name, int64_t state, struct err *e)
{
	if (store_begin(st, e))
		return -1;
	return store_end(st, store_workspace_put(st, name, state, e), e);
}

int stale_before(struct serving *s, struct err *e)
{
	struct app *app = s->lab->app;
	char name[SHADOW_NAME];

	/* what falls due before the request is no write of a client */
	if (app_settle(app, s->call.ws, app_now(app, s->call.ws), NULL, e))
		return -1;
	return point(
		app->world.store, shadow(CANDIDATE, s->space->name, name), s->call.ws->state, e);
}

int stale_after(struct serving *s, struct err *e)
{
	struct store *st = s->lab->app->world.store;
	char name[SHADOW_NAME];
	int64_t state;

	if (!s->call.applied)
		return 0;
	if (store_workspace_get(st, shadow(CANDIDATE, s->space->name, name), &state, e) != 1)
		return -1;
	if (point(st, shadow(SHADOW, s->space->name, name), state, e))
		return -1;
	s->space->faults.kept = true;
	return 0;
}

bool stale_kept(const struct serving *s)
{
	char name[SHADOW_NAME];
	struct err ignored;
	int64_t state;

	return s->space->faults.kept && store_workspace_get(s->lab->app->world.store,
		       shadow(SHADOW, s->space->name, name), &state, &ignored) == 1;
}

int stale_run(struct serving *s, struct err *e)
{
	struct app *app = s->lab->app;
	struct workspace *ws = s->call.ws, present;
	char name[SHADOW_NAME];
	int64_t state;
	int found, rc;

	if (app_settle(app, ws, app_now(app, ws), NULL, e))
		return -1;
	found = store_workspace_get(app->world.store, shadow(SHADOW, ws->name, name), &state, e);
	if (found <= 0)
		return found < 0 ? -1 : api_run(&s->call, e);
	present = *ws;
	ws->state = state;
	ws->next_due = USEC_NEVER; /* the past stands still */
	rc = api_run(&s->call, e);
	*ws = present;
	return rc;
}

/* Is anything remembered? 1, 0, -1. */
static int remembers(struct app *app, const char *workspace, struct err *e)
{
	char name[SHADOW_NAME];
	int64_t state;

	return store_workspace_get(
		app->world.store, shadow(CANDIDATE, workspace, name), &state, e);
}

int stale_drop(struct app *app, const char *workspace, struct err *e)
{
	struct store *st = app->world.store;
	char name[SHADOW_NAME];
	int found = remembers(app, workspace, e);

	if (found <= 0)
		return found;
	return store_workspace_drop(st, shadow(CANDIDATE, workspace, name), e) ||
			       store_workspace_drop(st, shadow(SHADOW, workspace, name), e)
		       ? -1
		       : 0;
}

int stale_forget(struct app *app, const char *workspace, struct err *e)
{
	struct store *st = app->world.store;
	int found = remembers(app, workspace, e);

	if (found <= 0)
		return found;
	if (store_begin(st, e))
		return -1;
	return store_end(st, stale_drop(app, workspace, e), e);
}
