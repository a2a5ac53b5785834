/* SPDX-License-Identifier: Apache-2.0 */
/* Running statements, transactions, and what SQLite's failures mean to the user. */
#include "store/db.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* ---- failures ---- */

static const struct failure {
	int rc; /* primary result code */
	enum err_code code;
	const char *advice; /* follows "'FILE': what SQLite says; " */
} failures[] = {
	{ SQLITE_FULL, ERR_UNAVAILABLE,
		"nothing was changed: the disk is full; free some space and try again" },
	{ SQLITE_IOERR, ERR_UNAVAILABLE,
		"nothing was changed: the file cannot be read or written; check the disk, its free"
		" space and limits, and try again" },
	{ SQLITE_BUSY, ERR_UNAVAILABLE,
		"another program, perhaps another lakebase-mock, is using the file; stop it or"
		" choose another file" },
	{ SQLITE_LOCKED, ERR_UNAVAILABLE,
		"another program, perhaps another lakebase-mock, is using the file; stop it or"
		" choose another file" },
	{ SQLITE_READONLY, ERR_UNAVAILABLE,
		"nothing was changed: the file or its folder cannot be written; make both writable"
		" for the server's user" },
	{ SQLITE_CANTOPEN, ERR_UNAVAILABLE,
		"the file cannot be opened; its folder must exist, and both must be writable for"
		" the server's user" },
	{ SQLITE_PERM, ERR_UNAVAILABLE, "the server's user may not use the file" },
	{ SQLITE_CORRUPT, ERR_INTERNAL,
		"the file is damaged; restore a copy of it, or remove it to start empty" },
	{ SQLITE_NOTADB, ERR_INTERNAL,
		"the file is no database, or damaged; restore a copy of it, or choose another" },
};

static const struct failure *find_failure(int rc)
{
	for (size_t i = 0; i < ARRAY_SIZE(failures); i++)
		if (failures[i].rc == (rc & 0xff))
			return &failures[i];
	return NULL;
}

int db_fail(struct store *s, int rc, struct err *e)
{
	const struct failure *f = find_failure(rc);
	const char *file = s->path ? s->path : "memory";
	int os = s->db && f && f->code == ERR_UNAVAILABLE ? sqlite3_system_errno(s->db) : 0;

	s->broken = s->in_tx;
	if ((rc & 0xff) == SQLITE_NOMEM)
		return err_oom(e);
	/* the connection may have gone on to something that did not fail */
	err_set(e, f ? f->code : ERR_INTERNAL, "database '%s': %s%s%s (%d)%s%s", file,
		s->db && sqlite3_errcode(s->db) != SQLITE_OK ? sqlite3_errmsg(s->db)
							      : sqlite3_errstr(rc),
		os ? ": " : "", os ? strerror(os) : "", rc, f ? "; " : "", f ? f->advice : "");
	if (s->path && f) /* of the file, and no slip of ours */
		snprintf(s->trouble, sizeof s->trouble, "%s", e->message);
	return -1;
}

/* A file that is gone is still written to, and nobody will ever read it. */
static const char *file_gone(struct store *s)
{
	struct stat st;

	if (!s->path || !s->inode)
		return NULL;
	if (stat(s->path, &st))
		return errno == ENOENT || errno == ENOTDIR ? "is gone" : strerror(errno);
	return st.st_ino == s->inode && (uint64_t)st.st_dev == s->device ? NULL : "has been replaced";
}

void db_remember_file(struct store *s)
{
	struct stat st;

	if (s->path && stat(s->path, &st) == 0) {
		s->device = (uint64_t)st.st_dev;
		s->inode = st.st_ino;
	}
}

const char *store_trouble(struct store *s)
{
	const char *gone = file_gone(s);

	if (gone && !s->trouble[0]) {
		static char text[512];

		snprintf(text, sizeof text,
			"database '%s' %s: what is written is lost when the server ends; export the "
			"state and start again",
			s->path, gone);
		return text;
	}
	return s->trouble[0] ? s->trouble : NULL;
}

/* ---- statements ---- */

static int bind_all(sqlite3_stmt *q, const char *types, va_list ap)
{
	int rc = SQLITE_OK;
	usec due;

	for (int i = 1; *types && rc == SQLITE_OK; i++) {
		switch (*types++) {
		case 'i':
			rc = sqlite3_bind_int64(q, i, va_arg(ap, int64_t));
			break;
		case 'd':
			due = va_arg(ap, usec);
			rc = due == USEC_NEVER ? sqlite3_bind_null(q, i)
					       : sqlite3_bind_int64(q, i, due);
			break;
		case 'r':
			rc = sqlite3_bind_double(q, i, va_arg(ap, double));
			break;
		case 's':
			rc = sqlite3_bind_text(q, i, va_arg(ap, const char *), -1, SQLITE_STATIC);
			break;
		}
	}
	return rc;
}

int db_next(struct store *s, sqlite3_stmt *q, struct err *e)
{
	int rc = sqlite3_step(q);

	if (rc == SQLITE_ROW)
		return 1;
	return rc == SQLITE_DONE ? 0 : db_fail(s, rc, e);
}

static int start(struct store *s, sqlite3_stmt *q, struct err *e, const char *types, va_list ap)
{
	int rc;

	if (s->broken)
		return err_set(e, ERR_INTERNAL, "database: the transaction has failed before");
	if (sqlite3_stmt_busy(q))
		return err_set(e, ERR_INTERNAL, "database: a statement is used inside of itself");
	rc = bind_all(q, types, ap);
	return rc == SQLITE_OK ? db_next(s, q, e) : db_fail(s, rc, e);
}

int db_start(struct store *s, sqlite3_stmt *q, struct err *e, const char *types, ...)
{
	va_list ap;
	int found;

	va_start(ap, types);
	found = start(s, q, e, types, ap);
	va_end(ap);
	return found;
}

int db_run(struct store *s, enum stmt id, struct err *e, const char *types, ...)
{
	STMT(q, s, id);
	va_list ap;
	int found;

	va_start(ap, types);
	found = start(s, q, e, types, ap);
	va_end(ap);
	return found < 0 ? -1 : 0;
}

int db_exec(struct store *s, const char *sql, struct err *e)
{
	int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : db_fail(s, rc, e);
}

int db_int(struct store *s, const char *sql, int64_t *ret, struct err *e)
{
	sqlite3_stmt *q = NULL;
	int rc = sqlite3_prepare_v2(s->db, sql, -1, &q, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(q);
	if (rc == SQLITE_ROW)
		*ret = sqlite3_column_int64(q, 0);
	else
		db_fail(s, rc, e);
	sqlite3_finalize(q);
	return rc == SQLITE_ROW ? 0 : -1;
}

/* ---- transactions ---- */

int store_begin(struct store *s, struct err *e)
{
	if (s->in_tx)
		return err_set(e, ERR_INTERNAL, "database: a transaction inside of a transaction");
	if (db_run(s, STMT_BEGIN, e, ""))
		return -1;
	s->in_tx = true;
	s->changes = sqlite3_total_changes64(s->db);
	return 0;
}

int store_commit(struct store *s, struct err *e)
{
	int rc = 0;

	if (!s->in_tx)
		rc = err_set(e, ERR_INTERNAL, "database: a commit without a transaction");
	else
		rc = db_run(s, STMT_COMMIT, e, "");
	if (rc)
		store_rollback(s);
	else if (sqlite3_total_changes64(s->db) != s->changes)
		s->trouble[0] = '\0';
	s->in_tx = false;
	return rc;
}

int store_savepoint(struct store *s, struct err *e)
{
	return db_run(s, STMT_SAVEPOINT, e, "");
}

int store_rollback_to(struct store *s, struct err *e)
{
	/* a failed statement may have ended the whole transaction: then there is no way back to */
	if (s->broken)
		return err_set(e, ERR_INTERNAL, "database: the transaction has failed before");
	return db_run(s, STMT_ROLLBACK_TO, e, "");
}

void store_rollback(struct store *s)
{
	struct err ignored;

	s->in_tx = s->broken = false;
	/* SQLite has rolled back on its own after a full disk; there is nothing left to end then.
	 * ROLLBACK itself cannot fail in any way that leaves the transaction open. */
	if (!sqlite3_get_autocommit(s->db) && db_run(s, STMT_ROLLBACK, &ignored, ""))
		return;
}

int store_end(struct store *s, int rc, struct err *e)
{
	if (!rc)
		return store_commit(s, e);
	store_rollback(s);
	return -1;
}
