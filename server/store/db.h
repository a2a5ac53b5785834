/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this folder share: one connection, its prepared statements, and the four
 * functions through which every statement runs. All SQL is in sql.c, the schema in schema.c.
 */
#pragma once

#include <sqlite3.h>

#include "core/context/store.h"

enum stmt {
	STMT_BEGIN,
	STMT_COMMIT,
	STMT_ROLLBACK,
	STMT_SAVEPOINT,
	STMT_ROLLBACK_TO,

	STMT_SECRET_GET,
	STMT_SECRET_PUT,

	STMT_STATE_GET,
	STMT_STATE_PUT,
	STMT_STATE_NEW,
	STMT_STATE_COPY,
	STMT_STATE_MEASURE,
	STMT_STATE_ORPHAN,
	STMT_STATE_ORPHANS_OF_WORKSPACE,
	STMT_STATE_ORPHANS_FIND,
	STMT_SWEEP_FIND,
	STMT_SWEEP_OBJECTS,
	STMT_SWEEP_STATE,

	STMT_WORKSPACE_GET,
	STMT_WORKSPACE_SHARED,
	STMT_WORKSPACE_PUT,
	STMT_WORKSPACE_DROP,
	STMT_WORKSPACE_EACH,
	STMT_WORKSPACE_KEPT,
	STMT_WORKSPACE_KEEP,
	STMT_EXPIRY_NEXT,
	STMT_EXPIRY_FIND,

	STMT_SNAPSHOT_ADD,
	STMT_SNAPSHOT_GET,
	STMT_SNAPSHOT_DROP,
	STMT_SNAPSHOT_EACH,

	STMT_GET,
	STMT_GET_ALIAS,
	STMT_GET_DELETED,
	STMT_COPY_DOC,
	STMT_PUT,
	STMT_DROP,
	STMT_DROP_BELOW,
	STMT_PRUNE,
	STMT_MARK,
	STMT_CLEAR,

	STMT_PAGE_LIVE,
	STMT_PAGE_DELETED_TOO,
	STMT_PAGE_ANY,
	STMT_EACH,
	STMT_EACH_BELOW,
	STMT_COUNT,
	STMT_NEXT_DUE,
	STMT_GET_DUE,
	STMT_EACH_DUE,
	STMT_LOCK_ANY,
	STMT_LOCK_AT,
	STMT_LOCK_BELOW,

	STMT__N
};

extern const char *const store_sql[STMT__N];

struct store {
	sqlite3 *db;
	sqlite3_stmt *stmt[STMT__N];
	char *path;  /* NULL: in memory */
	bool in_tx;
	store_listener *wrote; /* NULL: nobody listens */
	void *wrote_arg;
	uint64_t writes; /* of which it was told */
	/* A statement of the transaction failed. SQLite may have rolled it back on its own, and
	 * what follows would then be committed one by one: all that is left to do is roll back. */
	bool broken;
	char trouble[1024]; /* why the last write failed; "" once one has gone through */
	int64_t changes;   /* rows changed before the transaction */
	uint64_t device, inode; /* of the file when it was opened */
};

static inline void stmt_release(sqlite3_stmt **q)
{
	sqlite3_reset(*q);
	sqlite3_clear_bindings(*q);
}

/*
 * A statement in use. It is reset at the end of the scope: a SELECT left open would hold the old
 * snapshot for every other statement and keep the log from being checkpointed.
 */
#define STMT(var, s, id) sqlite3_stmt *var CLEANUP(stmt_release) = (s)->stmt[id]

/*
 * Binds the arguments, one letter of `types` each, and steps once. 1: there is a row. 0: done. -1.
 * i: int64_t; d: usec, NULL when USEC_NEVER; r: double; s: const char *, may be NULL, must outlive
 * the use of the statement.
 */
MUST_CHECK int db_start(struct store *s, sqlite3_stmt *q, struct err *e, const char *types, ...);

/* The next row: 1, 0, -1. */
MUST_CHECK int db_next(struct store *s, sqlite3_stmt *q, struct err *e);

/* Runs a statement that has no rows; 0, -1. */
MUST_CHECK int db_run(struct store *s, enum stmt id, struct err *e, const char *types, ...);

/* Runs SQL without arguments, several statements even; for pragmas and migrations. 0, -1. */
MUST_CHECK int db_exec(struct store *s, const char *sql, struct err *e);

/* The file as it is now is ours. */
void db_remember_file(struct store *s);

/* Describes a failure of SQLite to the user; -1. */
int db_fail(struct store *s, int rc, struct err *e);

/* An integer that a statement like "PRAGMA user_version" answers with. */
MUST_CHECK int db_int(struct store *s, const char *sql, int64_t *ret, struct err *e);

/* Brings an open database to the newest schema; refuses one that is newer or not ours. */
MUST_CHECK int schema_check(struct store *s, struct err *e);
MUST_CHECK int schema_migrate(struct store *s, struct err *e);

/* The version that this program writes. */
int schema_version(void);

/* ---- rows of `object` ---- */

/* The columns of every statement that reads whole objects, in this order. */
enum object_column {
	COL_NAME,
	COL_KIND,
	COL_PARENT,
	COL_SEQ,
	COL_DELETED,
	COL_AUX,
	COL_DUE,
	COL_EVENT,
	COL_SCOPE,
	COL_ALIAS,
	COL_DOC,
};

/* Borrows the strings of the current row. -1 when memory ran out. */
MUST_CHECK int object_borrow(struct store *s, sqlite3_stmt *q, struct object *ret, struct err *e);

/* Copies the current row into the arena; 1, -1. `found` is what db_start() answered: 0 and -1 are
 * passed on. */
MUST_CHECK int object_take(struct store *s, sqlite3_stmt *q, int found, struct arena *a,
	struct object *ret, struct err *e);
