/* SPDX-License-Identifier: Apache-2.0 */
/* For tests with a database in a file: a folder of their own, and ways to open what is in it. */
#pragma once

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/db.h"
#include "support.h"

static char folder[256], file[300];

/* Each test runs in a process of its own. */
static inline void make_folder(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(folder, sizeof folder, "%s/lakebase-store.%d", tmp ? tmp : "/tmp", (int)getpid());
	snprintf(file, sizeof file, "%s/state.db", folder);
	ck_assert_int_eq(mkdir(folder, 0700), 0);
}

static inline void remove_folder(void)
{
	DIR *d;

	chmod(folder, 0700);
	d = opendir(folder);
	ck_assert_ptr_nonnull(d);
	for (struct dirent *entry; (entry = readdir(d));)
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(d), entry->d_name, 0);
	closedir(d);
	ck_assert_int_eq(rmdir(folder), 0);
}

static inline void tear_down(void)
{
	store_close(STEAL(db));
	arena_done(&scraps);
	remove_folder();
}

static inline void open_file(void)
{
	OK(store_open(&db, file, &e_));
	if (!OK(store_workspace_get(db, "w", &st, &e_))) {
		st = new_state();
		OK(store_workspace_put(db, "w", st, &e_));
	}
}

static inline void close_file(void)
{
	store_close(STEAL(db));
}

static inline void reopen(void)
{
	close_file();
	open_file();
}

/* Opening fails with a message that has these words in it. */
static inline void refused_path(const char *path, const char *words)
{
	struct err e = { 0 };
	struct store *s = NULL;

	ck_assert_int_eq(store_open(&s, path, &e), -1);
	ck_assert_ptr_null(s);
	ck_assert_int_eq(e.code, ERR_INTERNAL);
	ck_assert_msg(strstr(e.message, words) != NULL, "'%s' does not say '%s'", e.message, words);
}

static inline void refused(const char *words)
{
	refused_path(file, words);
}

static inline sqlite3 *raw_open(void)
{
	sqlite3 *raw;

	ck_assert_int_eq(sqlite3_open(file, &raw), SQLITE_OK);
	return raw;
}

static inline void raw(const char *sql)
{
	sqlite3 *r = raw_open();

	ck_assert_msg(sqlite3_exec(r, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", sql,
		sqlite3_errmsg(r));
	sqlite3_close(r);
}

static inline void fill(int n)
{
	open_file();
	OK(store_begin(db, &e_));
	for (int i = 0; i < n; i++)
		put(thing(arena_printf(&scraps, "projects/project-%06d", i), "project", "", i));
	OK(store_commit(db, &e_));
	close_file();
}
