/* SPDX-License-Identifier: Apache-2.0 */
#include "store/db.h"

#include <string.h>

/* ---- lists ---- */

typedef int (*each_fn)(void *arg, const struct object *);

static int each_row(struct store *s, sqlite3_stmt *q, int more, each_fn each, void *arg,
	struct err *e)
{
	for (; more == 1; more = db_next(s, q, e)) {
		struct object o;

		if (object_borrow(s, q, &o, e))
			return -1;
		if (each(arg, &o))
			return 0;
	}
	return more;
}

int store_page(struct store *s, int64_t state, const struct page_query *p, each_fn each, void *arg,
	struct err *e)
{
	enum stmt id = !p->parent || !p->kind ? STMT_PAGE_ANY
		       : p->deleted	      ? STMT_PAGE_DELETED_TOO
					      : STMT_PAGE_LIVE;
	STMT(q, s, id);
	int more = db_start(s, q, e, id == STMT_PAGE_ANY ? "issiii" : "issii", state, p->parent,
		p->kind, p->after, p->limit, (int64_t)p->deleted);

	return each_row(s, q, more, each, arg, e);
}

int store_each_below(struct store *s, int64_t state, const char *name, each_fn each, void *arg,
	struct err *e)
{
	STMT(q, s, name ? STMT_EACH_BELOW : STMT_EACH);
	int more = db_start(s, q, e, name ? "is" : "i", state, name);

	return each_row(s, q, more, each, arg, e);
}

int store_count(struct store *s, int64_t state, const char *parent, const char *kind, int64_t limit,
	int64_t *ret, struct err *e)
{
	STMT(q, s, STMT_COUNT);

	if (db_start(s, q, e, "issi", state, parent, kind, limit) < 0)
		return -1;
	*ret = sqlite3_column_int64(q, 0);
	return 0;
}

/* ---- what is due ---- */

int store_next_due(struct store *s, int64_t state, usec *ret, struct err *e)
{
	STMT(q, s, STMT_NEXT_DUE);
	int found = db_start(s, q, e, "i", state);

	if (found < 0)
		return -1;
	*ret = found ? sqlite3_column_int64(q, 0) : USEC_NEVER;
	return 0;
}

int store_get_due(struct store *s, int64_t state, usec upto, struct arena *a, struct object *ret,
	struct err *e)
{
	STMT(q, s, STMT_GET_DUE);

	return object_take(s, q, db_start(s, q, e, "ii", state, upto), a, ret, e);
}

int store_each_due(struct store *s, int64_t state, each_fn each, void *arg, struct err *e)
{
	STMT(q, s, STMT_EACH_DUE);
	int more = db_start(s, q, e, "i", state);

	return each_row(s, q, more, each, arg, e);
}

/* ---- what is locked ---- */

static int lock_in(struct store *s, enum stmt id, int64_t state, const char *scope, struct arena *a,
	struct object *ret, struct err *e)
{
	STMT(q, s, id);

	return object_take(s, q, db_start(s, q, e, "is", state, scope), a, ret, e);
}

static int any_lock(struct store *s, int64_t state, struct err *e)
{
	STMT(q, s, STMT_LOCK_ANY);

	return db_start(s, q, e, "i", state);
}

int store_get_lock(struct store *s, int64_t state, const char *scope, struct arena *a,
	struct object *ret, struct err *e)
{
	int found = any_lock(s, state, e);
	char *at;

	if (found <= 0) /* nearly always: one question instead of one for each name above */
		return found;
	at = arena_strdup(a, scope);
	found = at ? 0 : err_oom(e);
	/* itself, then what is above it, nearest first */
	while (!found) {
		char *slash = strrchr(at, '/');

		found = lock_in(s, STMT_LOCK_AT, state, at, a, ret, e);
		if (!slash)
			break;
		*slash = '\0';
	}
	return found ? found : lock_in(s, STMT_LOCK_BELOW, state, scope, a, ret, e);
}
