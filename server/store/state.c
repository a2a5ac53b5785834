/* SPDX-License-Identifier: Apache-2.0 */
/*
 * States, and the workspaces and snapshots that point at them. How many point at a state is not
 * stored: an index answers it. One that lost its last pointer is marked as an orphan in the same
 * transaction, which costs the same at any size; store_sweep() takes its objects away later.
 */
#include "store/db.h"

/* ---- what the server keeps for itself ---- */

int store_secret_get(
	struct store *s, const char *name, struct arena *a, const char **ret, struct err *e)
{
	STMT(q, s, STMT_SECRET_GET);
	int found = db_start(s, q, e, "s", name);

	if (found != 1)
		return found;
	*ret = arena_strdup(a, (const char *)sqlite3_column_text(q, 0));
	return *ret ? 1 : err_oom(e);
}

int store_secret_put(struct store *s, const char *name, const char *value, struct err *e)
{
	return db_run(s, STMT_SECRET_PUT, e, "ss", name, value);
}

/* ---- states ---- */

enum { STATE_SEQ, STATE_MODE, STATE_FACTOR, STATE_WALL, STATE_NOW };

static int no_state(int64_t state, struct err *e)
{
	return err_set(e, ERR_INTERNAL, "database: there is no state %lld", (long long)state);
}

int store_state_get(struct store *s, int64_t state, struct state_info *ret, struct err *e)
{
	STMT(q, s, STMT_STATE_GET);
	int found = db_start(s, q, e, "i", state);

	if (found != 1)
		return found < 0 ? -1 : no_state(state, e);
	*ret = (struct state_info){ .id = state, .seq = sqlite3_column_int64(q, STATE_SEQ),
		.clock_mode = sqlite3_column_int(q, STATE_MODE),
		.clock_factor = sqlite3_column_double(q, STATE_FACTOR),
		.clock_wall = sqlite3_column_int64(q, STATE_WALL),
		.clock_now = sqlite3_column_int64(q, STATE_NOW) };
	return 0;
}

int store_state_put(struct store *s, const struct state_info *info, struct err *e)
{
	if (db_run(s, STMT_STATE_PUT, e, "iiirii", info->id, info->seq, (int64_t)info->clock_mode,
		    info->clock_factor, info->clock_wall, info->clock_now))
		return -1;
	return sqlite3_changes(s->db) ? 0 : no_state(info->id, e);
}

int store_state_new(struct store *s, struct state_info *info, struct err *e)
{
	if (db_run(s, STMT_STATE_NEW, e, "iirii", info->seq, (int64_t)info->clock_mode,
		    info->clock_factor, info->clock_wall, info->clock_now))
		return -1;
	info->id = sqlite3_last_insert_rowid(s->db);
	return 0;
}

int store_state_measure(
	struct store *s, int64_t state, int64_t *resources, int64_t *bytes, struct err *e)
{
	STMT(q, s, STMT_STATE_MEASURE);

	if (db_start(s, q, e, "i", state) < 0)
		return -1;
	*resources = sqlite3_column_int64(q, 0);
	*bytes = sqlite3_column_int64(q, 1);
	return 0;
}

/* One by one: INSERT ... SELECT within a table would first build a copy of all of it aside. */
static int copy_objects(struct store *s, int64_t from, int64_t to, struct err *e)
{
	STMT(q, s, STMT_EACH);
	int more = db_start(s, q, e, "i", from);

	for (; more == 1; more = db_next(s, q, e)) {
		struct object o;

		if (object_borrow(s, q, &o, e) || store_put(s, to, &o, e))
			return -1;
	}
	return more;
}

int store_unshare(struct store *s, const char *ws, int64_t *ret, struct err *e)
{
	STMT(q, s, STMT_WORKSPACE_SHARED);
	int found = db_start(s, q, e, "s", ws);
	int64_t old, copy;

	if (found != 1)
		return found < 0 ? -1 : err_set(e, ERR_INTERNAL, "database: no workspace '%s'", ws);
	old = sqlite3_column_int64(q, 0);
	if (!sqlite3_column_int(q, 1)) {
		*ret = old;
		return 0;
	}
	if (db_run(s, STMT_STATE_COPY, e, "i", old))
		return -1;
	copy = sqlite3_last_insert_rowid(s->db);
	if (copy_objects(s, old, copy, e) || db_run(s, STMT_WORKSPACE_PUT, e, "si", ws, copy))
		return -1;
	*ret = copy;
	return 0;
}

static int find_orphan(struct store *s, int64_t *ret, struct err *e)
{
	STMT(q, s, STMT_SWEEP_FIND);
	int found = db_start(s, q, e, "");

	if (found == 1)
		*ret = sqlite3_column_int64(q, 0);
	return found;
}

/* Takes at most *left rows of an orphan away, and itself when it is empty then. 0, -1. */
static int sweep_one(struct store *s, int64_t orphan, int64_t *left, struct err *e)
{
	if (db_run(s, STMT_SWEEP_OBJECTS, e, "ii", orphan, *left))
		return -1;
	*left -= sqlite3_changes64(s->db);
	if (*left <= 0)
		return 0;
	--*left;
	return db_run(s, STMT_SWEEP_STATE, e, "i", orphan);
}

int store_sweep(struct store *s, int64_t budget, struct err *e)
{
	int64_t orphan;
	int found = find_orphan(s, &orphan, e);

	if (found != 1)
		return found;
	if (store_begin(s, e))
		return -1;
	while (found == 1 && budget > 0)
		found = sweep_one(s, orphan, &budget, e) ? -1 : find_orphan(s, &orphan, e);
	return store_end(s, found < 0 ? -1 : 0, e) ? -1 : found;
}

/* ---- workspaces ---- */

int store_workspace_get(struct store *s, const char *ws, int64_t *state, struct err *e)
{
	STMT(q, s, STMT_WORKSPACE_GET);
	int found = db_start(s, q, e, "s", ws);

	if (found == 1)
		*state = sqlite3_column_int64(q, 0);
	return found;
}

int store_workspace_put(struct store *s, const char *ws, int64_t state, struct err *e)
{
	int64_t old = state;

	if (store_workspace_get(s, ws, &old, e) < 0 ||
		db_run(s, STMT_WORKSPACE_PUT, e, "si", ws, state))
		return -1;
	if (!sqlite3_changes(s->db))
		return no_state(state, e);
	return old == state ? 0 : db_run(s, STMT_STATE_ORPHAN, e, "i", old);
}

int store_workspace_drop(struct store *s, const char *ws, struct err *e)
{
	if (db_run(s, STMT_STATE_ORPHANS_OF_WORKSPACE, e, "s", ws))
		return -1;
	return db_run(s, STMT_WORKSPACE_DROP, e, "s", ws);
}

int store_workspace_each(
	struct store *s, int (*each)(void *arg, const char *ws), void *arg, struct err *e)
{
	STMT(q, s, STMT_WORKSPACE_EACH);
	int more = db_start(s, q, e, "");

	for (; more == 1; more = db_next(s, q, e)) {
		const char *name = (const char *)sqlite3_column_text(q, 0);

		if (!name)
			return db_fail(s, SQLITE_NOMEM, e);
		if (each(arg, name))
			return 0;
	}
	return more;
}

int store_workspace_kept(
	struct store *s, const char *ws, struct arena *a, struct workspace_kept *ret, struct err *e)
{
	STMT(q, s, STMT_WORKSPACE_KEPT);
	int found = db_start(s, q, e, "s", ws);

	if (found != 1)
		return found;
	*ret = (struct workspace_kept){ .expires = sqlite3_column_type(q, 0) == SQLITE_NULL
						     ? USEC_NEVER
						     : sqlite3_column_int64(q, 0) };
	if (sqlite3_column_type(q, 1) == SQLITE_NULL)
		return 1;
	ret->plans = arena_strdup(a, (const char *)sqlite3_column_text(q, 1));
	return ret->plans ? 1 : err_oom(e);
}

int store_workspace_keep(
	struct store *s, const char *ws, const struct workspace_kept *kept, struct err *e)
{
	return db_run(s, STMT_WORKSPACE_KEEP, e, "sds", ws, kept->expires, kept->plans);
}

int store_next_expiry(struct store *s, usec *ret, struct err *e)
{
	STMT(q, s, STMT_EXPIRY_NEXT);

	if (db_start(s, q, e, "") < 0)
		return -1;
	*ret = sqlite3_column_type(q, 0) == SQLITE_NULL ? USEC_NEVER : sqlite3_column_int64(q, 0);
	return 0;
}

int store_get_expired(
	struct store *s, usec upto, struct arena *a, const char **name, struct err *e)
{
	STMT(q, s, STMT_EXPIRY_FIND);
	int found = db_start(s, q, e, "i", upto);

	if (found != 1)
		return found;
	*name = arena_strdup(a, (const char *)sqlite3_column_text(q, 0));
	return *name ? 1 : err_oom(e);
}

/* ---- snapshots ---- */

static int snapshot_borrow(struct store *s, sqlite3_stmt *q, struct snapshot *ret, struct err *e)
{
	*ret = (struct snapshot){ .name = (const char *)sqlite3_column_text(q, 0),
		.state = sqlite3_column_int64(q, 1), .time = sqlite3_column_int64(q, 2),
		.resources = sqlite3_column_int64(q, 3), .bytes = sqlite3_column_int64(q, 4) };
	return ret->name ? 0 : db_fail(s, SQLITE_NOMEM, e);
}

int store_snapshot_add(struct store *s, const char *ws, const char *name, usec time,
	struct snapshot *ret, struct err *e)
{
	struct arena scraps = { 0 };
	struct snapshot n;
	int64_t state;
	int found = store_snapshot_get(s, ws, name, &scraps, &n, e);

	arena_done(&scraps);
	if (found)
		return found < 0 ? -1
				 : err_set(e, ERR_RES_EXISTS, "Snapshot '%s' already exists.", name);
	found = store_workspace_get(s, ws, &state, e);
	if (found != 1)
		return found < 0 ? -1 : err_set(e, ERR_INTERNAL, "database: no workspace '%s'", ws);
	n = (struct snapshot){ .name = name, .state = state, .time = time };
	if (store_state_measure(s, state, &n.resources, &n.bytes, e) ||
		db_run(s, STMT_SNAPSHOT_ADD, e, "ssiiii", ws, name, state, time, n.resources,
			n.bytes))
		return -1;
	*ret = n;
	return 0;
}

int store_snapshot_get(struct store *s, const char *ws, const char *name, struct arena *a,
	struct snapshot *ret, struct err *e)
{
	STMT(q, s, STMT_SNAPSHOT_GET);
	int found = db_start(s, q, e, "ss", ws, name);

	if (found != 1)
		return found;
	if (snapshot_borrow(s, q, ret, e))
		return -1;
	ret->name = arena_strdup(a, ret->name);
	return ret->name ? 1 : err_oom(e);
}

int store_snapshot_drop(struct store *s, const char *ws, const char *name, struct err *e)
{
	struct arena scraps = { 0 };
	struct snapshot n;
	int found = store_snapshot_get(s, ws, name, &scraps, &n, e);

	arena_done(&scraps);
	if (found != 1)
		return found;
	if (db_run(s, STMT_SNAPSHOT_DROP, e, "ss", ws, name))
		return -1;
	return db_run(s, STMT_STATE_ORPHAN, e, "i", n.state);
}

int store_snapshot_each(struct store *s, const char *ws,
	int (*each)(void *arg, const struct snapshot *), void *arg, struct err *e)
{
	STMT(q, s, STMT_SNAPSHOT_EACH);
	int more = db_start(s, q, e, "s", ws);

	for (; more == 1; more = db_next(s, q, e)) {
		struct snapshot n;

		if (snapshot_borrow(s, q, &n, e))
			return -1;
		if (each(arg, &n))
			return 0;
	}
	return more;
}
