/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long what was answered lives. The log is written with every commit and synced with every
 * checkpoint (synchronous=NORMAL): what was committed survives the death of the process at any
 * moment, since the kernel has it. After a power failure the last commits may be missing, but the
 * file is whole. A mock need not pay for a sync with each request.
 *
 * The file belongs to one server: locking_mode=EXCLUSIVE keeps its lock from the first access to
 * the close, spares two system calls with each transaction, and lets a second server fail at once.
 */
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory/pool.h"
#include "base/text.h"

enum {
	LOCK_PATIENCE_MS = 1000, /* for the server before us that is about to end */
	CHECKED_BYTES = 2 << 20, /* a file up to this size is checked when it is opened */
};

/* For every database; before anything else. */
static const char before[] = "PRAGMA locking_mode = EXCLUSIVE;"
			     "PRAGMA trusted_schema = OFF;"
			     "PRAGMA cell_size_check = ON";

/* In memory the cache is the database, and a commit that has put pages of a tree in order looks through
 * all of it for one to drop: half as many pages cost half of that, and no file gets longer by it. */
static const char in_memory[] = "PRAGMA page_size = 8192";

/* Once it is known to be ours. */
static const char after[] = "PRAGMA journal_mode = WAL;"
			    "PRAGMA synchronous = NORMAL;"
			    "PRAGMA journal_size_limit = 16777216;" /* a large one is cut back */
			    "PRAGMA foreign_keys = ON;"
			    "PRAGMA temp_store = MEMORY;"
			    "PRAGMA secure_delete = OFF;"
			    "PRAGMA cache_size = -8192"; /* KiB, taken as needed */

/* ---- memory ---- */

static void *take(int size)
{
	return pool_alloc((size_t)size);
}

static void *resize(void *p, int size)
{
	return pool_realloc(p, (size_t)size);
}

static int size_of(void *p)
{
	return (int)pool_size(p);
}

static int round_up(int size)
{
	return (size + 7) & ~7;
}

static int nothing(void *arg)
{
	(void)arg;
	return SQLITE_OK;
}

static void end_nothing(void *arg)
{
	(void)arg;
}

void store_use_pool(void)
{
	static const sqlite3_mem_methods pool = { take, pool_free, resize, size_of, round_up, nothing,
		end_nothing, NULL };

	sqlite3_config(SQLITE_CONFIG_MALLOC, &pool);
}

/* ---- opening ---- */

static int prepare_all(struct store *s, struct err *e)
{
	for (int i = 0; i < STMT__N; i++) {
		int rc = sqlite3_prepare_v3(s->db, store_sql[i], -1, SQLITE_PREPARE_PERSISTENT,
			&s->stmt[i], NULL);

		if (rc != SQLITE_OK)
			return db_fail(s, rc, e);
	}
	return 0;
}

/* Looks through the whole file when that is quick. Larger ones are checked as they are read. */
static int check_file(struct store *s, struct err *e)
{
	sqlite3_stmt *q = NULL;
	int64_t pages, size;
	const char *verdict;
	int rc;

	if (db_int(s, "PRAGMA page_count", &pages, e) || db_int(s, "PRAGMA page_size", &size, e))
		return -1;
	if (pages * size > CHECKED_BYTES)
		return 0;
	rc = sqlite3_prepare_v2(s->db, "PRAGMA quick_check(1)", -1, &q, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(q);
	verdict = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(q, 0) : NULL;
	rc = rc == SQLITE_ROW && !streq(verdict, "ok") ? SQLITE_CORRUPT : rc;
	sqlite3_finalize(q);
	return rc == SQLITE_ROW ? 0 : db_fail(s, rc, e);
}

static int open_connection(struct store *s, struct err *e)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
		    SQLITE_OPEN_EXRESCODE;
	int rc;

	/* Nobody asks how much memory it uses, and counting takes a lock at each allocation. Too
	 * late when the library runs already, and then harmless. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	rc = sqlite3_open_v2(s->path ? s->path : ":memory:", &s->db, flags, NULL);
	if (rc != SQLITE_OK)
		return db_fail(s, rc, e);
	sqlite3_busy_timeout(s->db, LOCK_PATIENCE_MS);
	/* One plan for all values. Otherwise each new value of a column that a partial index names
	 * has the statement planned again, which costs ten times as much as running it. */
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	/* SQLite opens what it cannot write read-only without a word */
	if (sqlite3_db_readonly(s->db, "main") == 1)
		return db_fail(s, SQLITE_READONLY, e);
	return 0;
}

static int set_up(struct store *s, struct err *e)
{
	if (open_connection(s, e) || db_exec(s, before, e) || schema_check(s, e))
		return -1;
	if (!s->path && db_exec(s, in_memory, e))
		return -1;
	if (s->path && check_file(s, e))
		return -1;
	if (db_exec(s, after, e) || schema_migrate(s, e) || prepare_all(s, e))
		return -1;
	db_remember_file(s);
	/* states that were made, committed and never pointed at */
	return db_run(s, STMT_STATE_ORPHANS_FIND, e, "");
}

/* "file:x" would be read as a URI by some builds of SQLite, ":memory:" and "" are no files. */
static int set_path(struct store *s, const char *path, struct err *e)
{
	if (!path)
		return 0;
	if (!path[0] || path[0] == ':')
		return err_set(e, ERR_INTERNAL,
			"'%s' is not the name of a database file; without one, the state is kept"
			" in memory",
			path);
	s->path = sqlite3_mprintf("%s%s", text_starts(path, "file:", NULL) ? "./" : "", path);
	return s->path ? 0 : err_oom(e);
}

int store_open(struct store **ret, const char *path, struct err *e)
{
	struct store *s = calloc(1, sizeof *s);

	if (!s)
		return err_oom(e);
	if (set_path(s, path, e) || set_up(s, e)) {
		store_close(s);
		e->code = ERR_INTERNAL; /* at the start there is nobody to try again */
		return -1;
	}
	*ret = s;
	return 0;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	for (int i = 0; i < STMT__N; i++)
		sqlite3_finalize(s->stmt[i]);
	sqlite3_close(s->db); /* rolls back what is open, and folds the log into the file */
	sqlite3_free(s->path);
	free(s);
}

const char *store_engine(void)
{
	return "SQLite " SQLITE_VERSION;
}

const char *store_library_version(void)
{
	return sqlite3_libversion();
}
