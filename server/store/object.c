/* SPDX-License-Identifier: Apache-2.0 */
#include "store/db.h"

#include <string.h>

/* ---- reading a row ---- */

static const char *text(sqlite3_stmt *q, enum object_column col)
{
	return (const char *)sqlite3_column_text(q, col);
}

int object_borrow(struct store *s, sqlite3_stmt *q, struct object *ret, struct err *e)
{
	bool due = sqlite3_column_type(q, COL_DUE) != SQLITE_NULL;

	*ret = (struct object){ .name = text(q, COL_NAME), .kind = text(q, COL_KIND),
		.parent = text(q, COL_PARENT), .seq = sqlite3_column_int64(q, COL_SEQ),
		.deleted = sqlite3_column_int64(q, COL_DELETED), .doc = text(q, COL_DOC),
		.aux = text(q, COL_AUX),
		.due = due ? sqlite3_column_int64(q, COL_DUE) : USEC_NEVER,
		.event = text(q, COL_EVENT), .scope = text(q, COL_SCOPE),
		.alias = text(q, COL_ALIAS) };
	/* NULL may be a value or a lack of memory; only the connection knows */
	if (!ret->name || !ret->kind || !ret->parent || !ret->doc ||
		sqlite3_errcode(s->db) == SQLITE_NOMEM)
		return db_fail(s, SQLITE_NOMEM, e);
	return 0;
}

int object_take(struct store *s, sqlite3_stmt *q, int found, struct arena *a, struct object *ret,
	struct err *e)
{
	const char **strings[] = { &ret->name, &ret->kind, &ret->parent, &ret->doc, &ret->aux,
		&ret->event, &ret->scope, &ret->alias };

	if (found != 1)
		return found;
	if (object_borrow(s, q, ret, e))
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(strings); i++) {
		if (!*strings[i])
			continue;
		*strings[i] = arena_strdup(a, *strings[i]);
		if (!*strings[i])
			return err_oom(e);
	}
	return 1;
}

/* ---- one object ---- */

static int get_by(struct store *s, enum stmt id, int64_t state, const char *name, int64_t deleted,
	struct arena *a, struct object *ret, struct err *e)
{
	STMT(q, s, id);

	return object_take(s, q, db_start(s, q, e, "isi", state, name, deleted), a, ret, e);
}

/* By its name or its alias; deleted up to that. */
static int get(struct store *s, int64_t state, const char *name, int64_t deleted, struct arena *a,
	struct object *ret, struct err *e)
{
	int found = get_by(s, STMT_GET, state, name, deleted, a, ret, e);

	return found ? found : get_by(s, STMT_GET_ALIAS, state, name, deleted, a, ret, e);
}

int store_get(struct store *s, int64_t state, const char *name, struct arena *a, struct object *ret,
	struct err *e)
{
	return get(s, state, name, OBJECT_LIVE, a, ret, e);
}

int store_get_reserved(struct store *s, int64_t state, const char *name, struct arena *a,
	struct object *ret, struct err *e)
{
	return get(s, state, name, OBJECT_RESERVED, a, ret, e);
}

int store_get_deleted(struct store *s, int64_t state, const char *name, struct arena *a,
	struct object *ret, struct err *e)
{
	STMT(q, s, STMT_GET_DELETED);

	return object_take(s, q, db_start(s, q, e, "is", state, name), a, ret, e);
}

int store_copy_doc(struct store *s, int64_t state, const char *name, const char *kind,
	struct buf *out, struct err *e)
{
	STMT(q, s, STMT_COPY_DOC);
	int found = db_start(s, q, e, "iss", state, name, kind);
	const void *doc;

	if (found != 1)
		return found;
	doc = sqlite3_column_blob(q, 0); /* as a blob, it is handed out where it lies */
	if (!doc)
		return db_fail(s, SQLITE_NOMEM, e);
	buf_add(out, doc, (size_t)sqlite3_column_bytes(q, 0));
	return out->failed ? err_oom(e) : 1;
}

void store_listen(struct store *s, store_listener *wrote, void *arg)
{
	s->wrote = wrote;
	s->wrote_arg = arg;
}

uint64_t store_writes(const struct store *s)
{
	return s->writes;
}

static int tell(struct store *s, int rc, int64_t state, const char *name, bool below)
{
	s->writes += !rc;
	if (!rc && s->wrote)
		s->wrote(s->wrote_arg, state, name, below);
	return rc;
}

int store_put(struct store *s, int64_t state, const struct object *o, struct err *e)
{
	int rc = db_run(s, STMT_PUT, e, "iisssiisdssss", state, (int64_t)strlen(o->doc), o->name,
		o->kind, o->parent, o->seq, o->deleted, o->aux, o->due, o->event, o->scope, o->alias,
		o->doc);

	return tell(s, rc, state, o->name, false);
}

int store_drop(struct store *s, int64_t state, const char *name, int64_t deleted, struct err *e)
{
	return tell(s, db_run(s, STMT_DROP, e, "isi", state, name, deleted), state, name, false);
}

int store_mark(struct store *s, int64_t state, const char *name, int64_t from, int64_t to,
	struct err *e)
{
	return tell(s, db_run(s, STMT_MARK, e, "isii", state, name, from, to), state, name, false);
}

/* ---- many objects ---- */

int store_drop_below(struct store *s, int64_t state, const char *name, struct err *e)
{
	return tell(s, db_run(s, STMT_DROP_BELOW, e, "is", state, name), state, name, true);
}

int store_prune_operations(struct store *s, int64_t state, int64_t upto, struct err *e)
{
	return db_run(s, STMT_PRUNE, e, "ii", state, upto);
}

int store_clear(struct store *s, int64_t state, int64_t *removed, struct err *e)
{
	if (tell(s, db_run(s, STMT_CLEAR, e, "i", state), state, NULL, true))
		return -1;
	if (removed)
		*removed = sqlite3_changes64(s->db);
	return 0;
}
