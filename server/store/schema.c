/* SPDX-License-Identifier: Apache-2.0 */
#include "store/db.h"

#include <stdio.h>

enum { APPLICATION_ID = 0x4c4b424d }; /* "LKBM" */

/*
 * Append only: a line that was released is never edited. Line N brings a database of version N to
 * version N + 1. Each has its dump of the version it makes in fixtures/db/.
 */
static const char *const migrations[] = {
	("CREATE TABLE state("
	 " id INTEGER PRIMARY KEY AUTOINCREMENT," /* never used again: a stale id finds nothing */
	 " seq INTEGER NOT NULL,"
	 " clock_mode INTEGER NOT NULL,"
	 " clock_factor REAL NOT NULL,"
	 " clock_wall INTEGER NOT NULL,"
	 " clock_now INTEGER NOT NULL,"
	 " orphan INTEGER NOT NULL DEFAULT 0" /* nothing points at it; to be swept away */
	 ") STRICT;"
	 "CREATE INDEX state_orphan ON state(orphan) WHERE orphan = 1;"

	 "CREATE TABLE workspace("
	 " name TEXT NOT NULL PRIMARY KEY,"
	 " state INTEGER NOT NULL REFERENCES state(id)"
	 ") STRICT, WITHOUT ROWID;"
	 "CREATE INDEX workspace_state ON workspace(state);"

	 "CREATE TABLE snapshot("
	 " ws TEXT NOT NULL REFERENCES workspace(name) ON DELETE CASCADE,"
	 " name TEXT NOT NULL,"
	 " state INTEGER NOT NULL REFERENCES state(id),"
	 " time INTEGER NOT NULL,"
	 " resources INTEGER NOT NULL,"
	 " bytes INTEGER NOT NULL,"
	 " PRIMARY KEY(ws, name)"
	 ") STRICT, WITHOUT ROWID;"
	 "CREATE INDEX snapshot_state ON snapshot(state);"

	 "CREATE TABLE object("
	 " id INTEGER PRIMARY KEY,"
	 " state INTEGER NOT NULL REFERENCES state(id),"
	 " name TEXT NOT NULL,"
	 " deleted INTEGER NOT NULL,"
	 " kind TEXT NOT NULL,"
	 " parent TEXT NOT NULL,"
	 " seq INTEGER NOT NULL,"
	 " bytes INTEGER NOT NULL," /* of doc */
	 " due INTEGER,"
	 " event TEXT,"
	 " scope TEXT,"
	 " alias TEXT,"
	 " aux TEXT,"
	 " doc TEXT NOT NULL" /* last: the other columns are read without walking through it */
	 ") STRICT;"
	 "CREATE UNIQUE INDEX object_name ON object(state, name, deleted);"
	 /* with all that counting needs, so that it reads no rows */
	 "CREATE INDEX object_live ON object(state, parent, kind, seq, deleted, bytes)"
	 " WHERE deleted = 0;"
	 "CREATE INDEX object_deleted ON object(state, parent, kind, seq) WHERE deleted <> 0;"
	 "CREATE INDEX object_due ON object(state, due, seq) WHERE due IS NOT NULL;"
	 "CREATE INDEX object_scope ON object(state, scope) WHERE scope IS NOT NULL;"
	 "CREATE INDEX object_alias ON object(state, alias, deleted, seq) WHERE alias IS NOT NULL;"
	 "CREATE INDEX object_finished ON object(state, seq)"
	 " WHERE kind = 'operation' AND scope IS NULL"),

	("CREATE TABLE secret(" /* of the server, not of a workspace: signing keys */
	 " name TEXT NOT NULL PRIMARY KEY,"
	 " value TEXT NOT NULL"
	 ") STRICT, WITHOUT ROWID;"
	 "ALTER TABLE workspace ADD COLUMN expires INTEGER;" /* wall time at which it is dropped */
	 "CREATE INDEX workspace_expires ON workspace(expires);"
	 "ALTER TABLE workspace ADD COLUMN plans TEXT"), /* pacing of its operations, as JSON */
};

enum { VERSION = ARRAY_SIZE(migrations) };

int schema_version(void)
{
	return VERSION;
}

int schema_check(struct store *s, struct err *e)
{
	int64_t id, version, tables;

	if (db_int(s, "PRAGMA application_id", &id, e) ||
		db_int(s, "PRAGMA user_version", &version, e) ||
		db_int(s, "SELECT count(*) FROM sqlite_schema", &tables, e))
		return -1;
	if (id != APPLICATION_ID && (id || version || tables))
		return err_set(e, ERR_INTERNAL,
			"'%s' is a database of another program; choose another file", s->path);
	if (version > VERSION)
		return err_set(e, ERR_INTERNAL,
			"'%s' was written by a newer lakebase-mock (schema %d, this one knows %d);"
			" use that version or another file",
			s->path, (int)version, VERSION);
	return 0;
}

static int migrate_one(struct store *s, int from, struct err *e)
{
	char pragmas[96];

	/* both pragmas write the header, so they are a part of the transaction */
	snprintf(pragmas, sizeof pragmas, "PRAGMA application_id = %d; PRAGMA user_version = %d",
		APPLICATION_ID, from + 1);
	if (db_exec(s, "BEGIN IMMEDIATE", e))
		return -1;
	if (db_exec(s, migrations[from], e) || db_exec(s, pragmas, e) || db_exec(s, "COMMIT", e)) {
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
		return -1;
	}
	return 0;
}

int schema_migrate(struct store *s, struct err *e)
{
	int64_t version;

	if (db_int(s, "PRAGMA user_version", &version, e))
		return -1;
	for (; version < VERSION; version++)
		if (migrate_one(s, (int)version, e))
			return -1;
	return 0;
}
