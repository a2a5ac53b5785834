/* SPDX-License-Identifier: Apache-2.0 */
/* What is cached of each workspace, and the transactions on its state. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "api/workspace/workspace.h"
#include "base/limits.h"
#include "base/text.h"
#include "core/resource/data_plane.h"

enum { BUCKETS = 1024 };

struct entry {
	struct entry *next;
	struct workspace ws;
};

/* The one that runs. */
struct transaction {
	struct workspace saved;   /* as before it */
	struct workspace settled; /* as at its savepoint: what was due has been applied */
	bool savepoint;
};

struct workspace_table {
	struct entry *buckets[BUCKETS];
	int num;
	struct transaction tx;
};

struct workspace_table *workspace_table_new(void)
{
	return calloc(1, sizeof(struct workspace_table));
}

void workspace_table_free(struct workspace_table *t)
{
	for (size_t i = 0; t && i < BUCKETS; i++)
		for (struct entry *x = t->buckets[i], *next; x; x = next) {
			next = x->next;
			free(x->ws.plans);
			free(x);
		}
	free(t);
}

static struct entry **slot(struct workspace_table *t, const char *name)
{
	struct entry **p = &t->buckets[text_prf(0, name, 0, 0) % BUCKETS];

	while (*p && !streq((*p)->ws.name, name))
		p = &(*p)->next;
	return p;
}

int app_num_workspaces(const struct app *a)
{
	return a->workspaces->num;
}

static bool name_ok(const char *s)
{
	size_t n = 0;

	for (; s[n]; n++)
		if (!isalnum((unsigned char)s[n]) && s[n] != '-' && s[n] != '_')
			return false;
	return n >= 1 && n <= WORKSPACE_NAME_MAX;
}

static int read_state(struct app *a, struct workspace *ws, struct err *e)
{
	struct state_info info;

	if (store_state_get(a->world.store, ws->state, &info, e) ||
		store_next_due(a->world.store, ws->state, &ws->next_due, e))
		return -1;
	ws->seq = info.seq;
	ws->num_projects = -1;
	ws->clock = (struct clock){ .mode = (enum clock_mode)info.clock_mode,
		.factor = info.clock_factor, .wall = info.clock_wall, .now = info.clock_now };
	return 0;
}

static struct state_info state_of(const struct workspace *ws)
{
	return (struct state_info){ .id = ws->state, .seq = ws->seq,
		.clock_mode = (int)ws->clock.mode, .clock_factor = ws->clock.factor,
		.clock_wall = ws->clock.wall, .clock_now = ws->clock.now };
}

/* The clock of the server's options, started now. */
static void fresh_clock(struct app *a, struct workspace *ws)
{
	ws->clock = a->clock;
	ws->clock.wall = a->world.wall(&a->world);
	if (a->clock.mode != CLOCK_MANUAL)
		ws->clock.now = ws->clock.wall;
}

int app_state_new(struct app *a, int64_t *ret, struct err *e)
{
	struct workspace fresh = {0};
	struct state_info info;

	fresh_clock(a, &fresh);
	info = state_of(&fresh);
	if (store_state_new(a->world.store, &info, e))
		return -1;
	*ret = info.id;
	return 0;
}

static int make(struct app *a, struct workspace *ws, struct err *e)
{
	struct workspace made;
	int64_t state;
	int rc;

	if (store_begin(a->world.store, e))
		return -1;
	rc = app_state_new(a, &state, e);
	if (!rc)
		rc = app_workspace_point(a, ws, state, &made, e);
	if (store_end(a->world.store, rc, e))
		return -1;
	app_workspace_become(ws, &made);
	return 0;
}

static int open_entry(struct app *a, struct entry *x, bool create, struct err *e)
{
	int found = store_workspace_get(a->world.store, x->ws.name, &x->ws.state, e);

	if (found < 0)
		return -1;
	if (found) {
		if (read_state(a, &x->ws, e) || workspace_read_kept(a, &x->ws, e))
			return -1;
		x->ws.kept = x->ws.seq > 0;
		return 0;
	}
	if (!create)
		return err_set(e, ERR_NOT_FOUND, "There is no workspace '%s'; a request with the token "
						 "'mock-%s' makes one.",
			x->ws.name, x->ws.name);
	if (a->workspaces->num >= a->max_workspaces)
		return err_set(e, ERR_QUOTA,
			"%d workspaces is the limit; delete some or raise --max-workspaces",
			a->max_workspaces);
	return make(a, &x->ws, e);
}

struct workspace *app_workspace(struct app *a, const char *name, bool create, struct err *e)
{
	struct entry **p = slot(a->workspaces, name), *x;

	if (*p)
		return &(*p)->ws;
	if (!name_ok(name)) {
		err_set(e, ERR_INVALID,
			"A workspace name has 1 to %d letters, digits, '-' or '_', got '%s'.",
			WORKSPACE_NAME_MAX, name);
		return NULL;
	}
	x = calloc(1, sizeof *x);
	if (!x) {
		err_oom(e);
		return NULL;
	}
	strcpy(x->ws.name, name); /* allowed: name_ok() has bounded it */
	x->ws.plan = a->world.plan;
	x->ws.expires = USEC_NEVER;
	if (open_entry(a, x, create, e)) {
		free(x->ws.plans);
		free(x);
		return NULL;
	}
	*p = x;
	a->workspaces->num++;
	return &x->ws;
}

int app_workspace_point(struct app *a, const struct workspace *ws, int64_t state,
	struct workspace *ret, struct err *e)
{
	*ret = *ws;
	ret->state = state;
	return store_workspace_put(a->world.store, ws->name, state, e) ? -1 : read_state(a, ret, e);
}

void app_workspace_forget(struct app *a, const char *name)
{
	struct entry **p = slot(a->workspaces, name), *x = *p;

	if (!x)
		return;
	*p = x->next;
	a->workspaces->num--;
	free(x->ws.plans);
	free(x);
}

int app_workspace_save(struct app *a, struct workspace *ws, struct err *e)
{
	struct state_info info = state_of(ws);

	return store_state_put(a->world.store, &info, e);
}

/* ---- reset ---- */

struct keeper {
	struct app *a;
	int64_t state;
	struct err *e;
	int64_t num;
	bool failed;
};

static int keep_principal(void *arg, const struct object *o)
{
	struct keeper *k = arg;

	k->failed = store_put(k->a->world.store, k->state, o, k->e) != 0;
	return k->failed;
}

static int copy_principals(struct app *a, int64_t from, int64_t to, struct err *e)
{
	struct keeper k = { .a = a, .state = to, .e = e };
	struct page_query q = { .parent = "principals", .kind = "principal", .limit = INT64_MAX };

	if (store_page(a->world.store, from, &q, keep_principal, &k, e))
		return -1;
	return k.failed ? -1 : 0;
}

int app_workspace_reset(struct app *a, const struct workspace *ws, bool keep_clock,
	bool keep_principals, struct workspace *ret, int64_t *removed, struct err *e)
{
	struct store *s = a->world.store;
	struct workspace fresh = { .clock = ws->clock, .kept = ws->kept, .expires = ws->expires,
		.plan = a->world.plan };
	struct state_info info;
	int64_t bytes;

	memcpy(fresh.name, ws->name, sizeof fresh.name);
	if (!keep_clock)
		fresh_clock(a, &fresh);
	info = state_of(&fresh);
	if (store_state_measure(s, ws->state, removed, &bytes, e) || store_state_new(s, &info, e))
		return -1;
	if (keep_principals && copy_principals(a, ws->state, info.id, e))
		return -1;
	return workspace_write_kept(a, &fresh, false, e)
		       ? -1
		       : app_workspace_point(a, &fresh, info.id, ret, e);
}

/* ---- time and transactions ---- */

usec app_now(struct app *a, const struct workspace *ws)
{
	return clock_at(&ws->clock, a->world.wall(&a->world));
}

usec app_now_in(struct app *a, const char *name)
{
	struct err ignored;
	struct workspace *ws = app_workspace(a, name, false, &ignored), fresh;

	if (!ws)
		fresh_clock(a, ws = &fresh);
	return app_now(a, ws);
}

struct ctx app_ctx(struct app *a, struct workspace *ws, struct arena *arena)
{
	return (struct ctx){ .world = &a->world, .ws = ws, .arena = arena, .now = app_now(a, ws) };
}

int app_begin(struct app *a, struct workspace *ws, struct err *e)
{
	struct workspace_table *t = a->workspaces;

	if (store_begin(a->world.store, e))
		return -1;
	t->tx = (struct transaction){ .saved = *ws };
	if (store_unshare(a->world.store, ws->name, &ws->state, e)) {
		store_rollback(a->world.store);
		*ws = t->tx.saved;
		return -1;
	}
	return 0;
}

static int finish(struct app *a, struct workspace *ws, struct err *e)
{
	if (app_workspace_save(a, ws, e) ||
		store_next_due(a->world.store, ws->state, &ws->next_due, e))
		return -1;
	return store_commit(a->world.store, e);
}

/* The request failed, but what was due before it has happened. */
static bool keep_settled(struct app *a, struct workspace *ws)
{
	struct err ignored;

	if (!a->workspaces->tx.savepoint || store_rollback_to(a->world.store, &ignored))
		return false;
	*ws = a->workspaces->tx.settled;
	return !finish(a, ws, &ignored);
}

static void tell_end(struct app *a, struct workspace *ws, bool committed)
{
	const struct data_plane *p = a->world.data_plane;

	if (p && p->ended)
		p->ended(p->arg, ws, committed);
}

int app_end(struct app *a, struct workspace *ws, int rc, struct err *e)
{
	bool committed = !rc && !finish(a, ws, e);

	rc = committed ? 0 : -1;
	if (!committed)
		committed = keep_settled(a, ws);
	if (!committed) {
		store_rollback(a->world.store);
		*ws = a->workspaces->tx.saved;
	}
	tell_end(a, ws, committed);
	return rc;
}

int app_end_keeping(struct app *a, struct workspace *ws, int rc, bool keep, bool *committed,
	struct err *e)
{
	struct err refused = *e;
	int failed = app_end(a, ws, keep ? 0 : rc, e);

	*committed = !failed;
	if (failed)
		return -1;
	*e = refused;
	return rc;
}

static int apply_due(struct app *a, struct workspace *ws, usec upto, struct due_sink *sink,
	struct err *e)
{
	struct arena arena = { 0 };
	struct ctx c = app_ctx(a, ws, &arena);
	int rc = due_apply(&c, upto, sink, e);

	arena_done(&arena);
	return rc;
}

int app_begin_settled(struct app *a, struct workspace *ws, usec now, struct err *e)
{
	if (app_begin(a, ws, e))
		return -1;
	if (ws->next_due > now)
		return 0;
	if (apply_due(a, ws, now, NULL, e) || store_savepoint(a->world.store, e))
		return app_end(a, ws, -1, e);
	a->workspaces->tx.settled = *ws;
	a->workspaces->tx.savepoint = true;
	return 0;
}

int app_settle(
	struct app *a, struct workspace *ws, usec upto, struct due_sink *sink, struct err *e)
{
	if (ws->next_due > upto)
		return 0;
	if (app_begin(a, ws, e))
		return -1;
	return app_end(a, ws, apply_due(a, ws, upto, sink, e), e);
}

int app_look(struct app *a, struct workspace *ws, usec now, struct err *e)
{
	if (!app_settle(a, ws, now, NULL, e))
		return 0;
	return e->code == ERR_UNAVAILABLE ? 0 : -1;
}
