/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every statement. All are prepared when the database is opened, so a slip fails every test.
 * A range of names below N is [N || '/', N || '0'): '0' is the byte after '/', and names compare
 * byte by byte.
 */
#include "store/db.h"

#define OBJECT "name, kind, parent, seq, deleted, aux, due, event, scope, alias, doc"
#define STATE "seq, clock_mode, clock_factor, clock_wall, clock_now"

/* The objects that users count: not the bookkeeping around them. */
#define IS_RESOURCE "kind NOT IN ('operation', 'permission', 'maintenance', 'principal')"

const char *const store_sql[STMT__N] = {
	[STMT_BEGIN] = "BEGIN IMMEDIATE",
	[STMT_COMMIT] = "COMMIT",
	[STMT_ROLLBACK] = "ROLLBACK",
	[STMT_SAVEPOINT] = "SAVEPOINT request",
	[STMT_ROLLBACK_TO] = "ROLLBACK TO request",

	[STMT_SECRET_GET] = "SELECT value FROM secret WHERE name = ?1",
	[STMT_SECRET_PUT] = ("INSERT INTO secret(name, value) VALUES (?1, ?2)"
			     " ON CONFLICT(name) DO UPDATE SET value = excluded.value"),

	/* ---- states ---- */

	[STMT_STATE_GET] = "SELECT " STATE " FROM state WHERE id = ?1",
	[STMT_STATE_PUT] = ("UPDATE state SET (" STATE ") = (?2, ?3, ?4, ?5, ?6) WHERE id = ?1"),
	[STMT_STATE_NEW] = "INSERT INTO state(" STATE ") VALUES (?1, ?2, ?3, ?4, ?5)",
	[STMT_STATE_COPY] =
		"INSERT INTO state(" STATE ") SELECT " STATE " FROM state WHERE id = ?1",
	/* index only: a document's size is in the index of live objects */
	[STMT_STATE_MEASURE] = ("SELECT count(*), coalesce(sum(bytes), 0) FROM object"
				" WHERE state = ?1 AND deleted = 0 AND " IS_RESOURCE),
	[STMT_STATE_ORPHAN] = ("UPDATE state SET orphan = 1 WHERE id = ?1"
			       " AND NOT EXISTS (SELECT 1 FROM workspace WHERE state = ?1)"
			       " AND NOT EXISTS (SELECT 1 FROM snapshot WHERE state = ?1)"),
	[STMT_STATE_ORPHANS_OF_WORKSPACE] =
		("UPDATE state SET orphan = 1 WHERE id IN"
		 " (SELECT state FROM workspace WHERE name = ?1"
		 "  UNION SELECT state FROM snapshot WHERE ws = ?1)"
		 " AND NOT EXISTS (SELECT 1 FROM workspace w WHERE w.state = id AND w.name <> ?1)"
		 " AND NOT EXISTS (SELECT 1 FROM snapshot n WHERE n.state = id AND n.ws <> ?1)"),
	[STMT_STATE_ORPHANS_FIND] =
		("UPDATE state SET orphan = 1 WHERE orphan = 0"
		 " AND NOT EXISTS (SELECT 1 FROM workspace w WHERE w.state = id)"
		 " AND NOT EXISTS (SELECT 1 FROM snapshot n WHERE n.state = id)"),
	[STMT_SWEEP_FIND] = "SELECT id FROM state WHERE orphan = 1 LIMIT 1",
	[STMT_SWEEP_OBJECTS] = ("DELETE FROM object WHERE id IN"
				" (SELECT id FROM object WHERE state = ?1 LIMIT ?2)"),
	[STMT_SWEEP_STATE] = "DELETE FROM state WHERE id = ?1",

	/* ---- workspaces and snapshots ---- */

	[STMT_WORKSPACE_GET] = "SELECT state FROM workspace WHERE name = ?1",
	[STMT_WORKSPACE_SHARED] =
		("SELECT state,"
		 " (SELECT count(*) FROM workspace o WHERE o.state = w.state) > 1"
		 " OR EXISTS (SELECT 1 FROM snapshot n WHERE n.state = w.state)"
		 " FROM workspace w WHERE name = ?1"),
	/* changes nothing when there is no such state */
	[STMT_WORKSPACE_PUT] = ("INSERT INTO workspace(name, state)"
				" SELECT ?1, id FROM state WHERE id = ?2 AND orphan = 0"
				" ON CONFLICT(name) DO UPDATE SET state = excluded.state"),
	[STMT_WORKSPACE_DROP] = "DELETE FROM workspace WHERE name = ?1",
	[STMT_WORKSPACE_EACH] = "SELECT name FROM workspace ORDER BY name",
	[STMT_WORKSPACE_KEPT] = "SELECT expires, plans FROM workspace WHERE name = ?1",
	[STMT_WORKSPACE_KEEP] = "UPDATE workspace SET expires = ?2, plans = ?3 WHERE name = ?1",
	[STMT_EXPIRY_NEXT] = "SELECT min(expires) FROM workspace",
	[STMT_EXPIRY_FIND] = ("SELECT name FROM workspace WHERE expires <= ?1"
			      " ORDER BY expires LIMIT 1"),

	[STMT_SNAPSHOT_ADD] = ("INSERT INTO snapshot(ws, name, state, time, resources, bytes)"
			       " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"),
	[STMT_SNAPSHOT_GET] = ("SELECT name, state, time, resources, bytes FROM snapshot"
			       " WHERE ws = ?1 AND name = ?2"),
	[STMT_SNAPSHOT_DROP] = "DELETE FROM snapshot WHERE ws = ?1 AND name = ?2",
	[STMT_SNAPSHOT_EACH] = ("SELECT name, state, time, resources, bytes FROM snapshot"
				" WHERE ws = ?1 ORDER BY name"),

	/* ---- objects ---- */

	[STMT_GET] = ("SELECT " OBJECT " FROM object WHERE state = ?1 AND name = ?2"
		      " AND deleted BETWEEN 0 AND ?3 ORDER BY deleted LIMIT 1"),
	[STMT_GET_ALIAS] = ("SELECT " OBJECT " FROM object WHERE state = ?1 AND alias = ?2"
			    " AND deleted BETWEEN 0 AND ?3 ORDER BY deleted, seq LIMIT 1"),
	[STMT_GET_DELETED] = ("SELECT " OBJECT " FROM object WHERE state = ?1 AND name = ?2"
			      " AND deleted > 1 ORDER BY deleted DESC LIMIT 1"),
	[STMT_COPY_DOC] = ("SELECT doc FROM object WHERE state = ?1 AND name = ?2"
			   " AND deleted BETWEEN 0 AND 1 AND kind = ?3 ORDER BY deleted LIMIT 1"),
	[STMT_PUT] = ("INSERT INTO object(state, bytes, " OBJECT ")"
		      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
		      " ON CONFLICT(state, name, deleted) DO UPDATE SET"
		      " (bytes, kind, parent, seq, aux, due, event, scope, alias, doc) ="
		      " (?2, ?4, ?5, ?6, ?8, ?9, ?10, ?11, ?12, ?13)"),
	[STMT_DROP] = "DELETE FROM object WHERE state = ?1 AND name = ?2 AND deleted = ?3",
	[STMT_DROP_BELOW] = ("DELETE FROM object WHERE state = ?1 AND name >= ?2 || '/'"
			     " AND name < ?2 || '0' AND kind <> 'operation'"),
	[STMT_PRUNE] = ("DELETE FROM object WHERE state = ?1 AND kind = 'operation'"
			" AND scope IS NULL AND seq <= ?2"),
	[STMT_MARK] = ("UPDATE object SET deleted = ?4"
		       " WHERE state = ?1 AND name = ?2 AND deleted = ?3"),
	[STMT_CLEAR] = "DELETE FROM object WHERE state = ?1",

	/* ---- lists ---- */

	[STMT_PAGE_LIVE] = ("SELECT " OBJECT " FROM object WHERE state = ?1 AND parent = ?2"
			    " AND kind = ?3 AND seq > ?4 AND deleted = 0 ORDER BY seq LIMIT ?5"),
	/* live and deleted ones have an index each; they are merged without sorting */
	[STMT_PAGE_DELETED_TOO] =
		("SELECT " OBJECT " FROM object WHERE state = ?1 AND parent = ?2"
		 " AND kind = ?3 AND seq > ?4 AND deleted = 0"
		 " UNION ALL SELECT " OBJECT " FROM object WHERE state = ?1 AND parent = ?2"
		 " AND kind = ?3 AND seq > ?4 AND deleted <> 0 ORDER BY seq LIMIT ?5"),
	[STMT_PAGE_ANY] = ("SELECT " OBJECT " FROM object WHERE state = ?1"
			   " AND (?2 IS NULL OR parent = ?2) AND (?3 IS NULL OR kind = ?3)"
			   " AND seq > ?4 AND (?6 OR deleted = 0) ORDER BY seq, id LIMIT ?5"),
	[STMT_EACH] = "SELECT " OBJECT " FROM object WHERE state = ?1 ORDER BY name, deleted",
	[STMT_EACH_BELOW] = ("SELECT " OBJECT " FROM object WHERE state = ?1"
			     " AND name >= ?2 || '/' AND name < ?2 || '0' ORDER BY name, deleted"),
	[STMT_COUNT] = ("SELECT count(*) FROM (SELECT 1 FROM object WHERE state = ?1"
			" AND parent = ?2 AND kind = ?3 AND deleted = 0 LIMIT ?4)"),

	/* ---- what is due, what is locked ---- */

	[STMT_NEXT_DUE] = ("SELECT due FROM object WHERE state = ?1 AND due IS NOT NULL"
			   " ORDER BY due LIMIT 1"),
	[STMT_GET_DUE] = ("SELECT " OBJECT " FROM object WHERE state = ?1 AND due <= ?2"
			  " ORDER BY due, seq LIMIT 1"),
	[STMT_EACH_DUE] = ("SELECT " OBJECT " FROM object WHERE state = ?1 AND due IS NOT NULL"
			   " ORDER BY due, seq"),
	[STMT_LOCK_ANY] = "SELECT 1 FROM object WHERE state = ?1 AND scope IS NOT NULL LIMIT 1",
	[STMT_LOCK_AT] = "SELECT " OBJECT " FROM object WHERE state = ?1 AND scope = ?2 LIMIT 1",
	[STMT_LOCK_BELOW] = ("SELECT " OBJECT " FROM object WHERE state = ?1"
			     " AND scope >= ?2 || '/' AND scope < ?2 || '0' ORDER BY scope LIMIT 1"),
};
