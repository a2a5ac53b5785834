/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The yardstick for durable creates: what SQLite alone takes to commit the rows that the server
 * committed. Reads a database that the server wrote, then inserts its objects, in their order, into
 * a new file with the same tables, indexes and settings. A row of kind KIND begins a transaction,
 * as the create of one such resource did.
 *
 * Usage: bare_sqlite SOURCE.db NEW.db [KIND]. KIND is "project" unless given. NEW.db must not
 * exist. Prints one line of JSON.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MAX_COLUMNS = 32 };

struct row {
	sqlite3_value *column[MAX_COLUMNS];
	int begins;
};

static sqlite3 *source, *target;
static struct row *rows;
static int num_rows, num_columns, num_commits;

static void check(sqlite3 *db, int rc, const char *what)
{
	if (rc == SQLITE_OK || rc == SQLITE_ROW || rc == SQLITE_DONE)
		return;
	fprintf(stderr, "bare_sqlite: %s: %s\n", what, sqlite3_errmsg(db));
	exit(70);
}

static void run(sqlite3 *db, const char *sql)
{
	check(db, sqlite3_exec(db, sql, NULL, NULL, NULL), sql);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *q;

	check(db, sqlite3_prepare_v2(db, sql, -1, &q, NULL), sql);
	return q;
}

/* The schema, and everything but the objects: what they refer to must be there. */
static void copy_schema(const char *path)
{
	sqlite3_stmt *q = prepare(source, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"
					  " AND name NOT LIKE 'sqlite%' ORDER BY rowid");
	char *attach = sqlite3_mprintf("ATTACH %Q AS source", path);

	while (sqlite3_step(q) == SQLITE_ROW)
		run(target, (const char *)sqlite3_column_text(q, 0));
	sqlite3_finalize(q);
	sqlite3_close(source);
	run(target, attach);
	sqlite3_free(attach);
	run(target, "INSERT INTO main.state SELECT * FROM source.state; DETACH source");
}

static void load(const char *kind)
{
	sqlite3_stmt *q = prepare(source, "SELECT kind = ?1, * FROM object ORDER BY id");
	int room = 0;

	sqlite3_bind_text(q, 1, kind, -1, SQLITE_STATIC);
	num_columns = sqlite3_column_count(q) - 1;
	if (num_columns > MAX_COLUMNS)
		num_columns = MAX_COLUMNS;
	while (sqlite3_step(q) == SQLITE_ROW) {
		if (num_rows == room) {
			room = room ? room * 2 : 1024;
			rows = realloc(rows, (size_t)room * sizeof *rows);
			if (!rows)
				exit(70);
		}
		rows[num_rows].begins = sqlite3_column_int(q, 0);
		for (int i = 0; i < num_columns; i++)
			rows[num_rows].column[i] =
				sqlite3_value_dup(sqlite3_column_value(q, i + 1));
		num_rows++;
	}
	sqlite3_finalize(q);
}

static void step(sqlite3_stmt *q)
{
	check(target, sqlite3_step(q), "step");
	sqlite3_reset(q);
}

static void commit_all(void)
{
	sqlite3_stmt *begin = prepare(target, "BEGIN IMMEDIATE"), *end = prepare(target, "COMMIT");
	char sql[128] = "INSERT INTO object VALUES (?";
	sqlite3_stmt *insert;

	for (int i = 1; i < num_columns; i++)
		snprintf(sql + strlen(sql), sizeof sql - strlen(sql), ",?");
	snprintf(sql + strlen(sql), sizeof sql - strlen(sql), ")");
	insert = prepare(target, sql);
	for (int i = 0; i < num_rows; i++) {
		if (i == 0 || rows[i].begins)
			step(begin);
		for (int k = 0; k < num_columns; k++)
			sqlite3_bind_value(insert, k + 1, rows[i].column[k]);
		step(insert);
		if (i + 1 == num_rows || rows[i + 1].begins) {
			step(end);
			num_commits++;
		}
	}
	sqlite3_finalize(begin);
	sqlite3_finalize(end);
	sqlite3_finalize(insert);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	double started, seconds;

	if (argc < 3 || argc > 4 || access(argv[2], F_OK) == 0) {
		fprintf(stderr, "usage: bare_sqlite SOURCE.db NEW.db [KIND]; NEW.db must not exist\n");
		return 2;
	}
	check(source, sqlite3_open_v2(argv[1], &source, SQLITE_OPEN_READONLY, NULL), argv[1]);
	check(target, sqlite3_open(argv[2], &target), argv[2]);
	run(target, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
		    "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;"
		    "PRAGMA cache_size = -8192");
	load(argc == 4 ? argv[3] : "project");
	copy_schema(argv[1]);
	started = now();
	commit_all();
	seconds = now() - started;
	printf("{\"commits\":%d,\"rows\":%d,\"seconds\":%.4f,\"per_second\":%.0f}\n", num_commits,
		num_rows, seconds, seconds > 0 ? num_commits / seconds : 0);
	for (int i = 0; i < num_rows; i++)
		for (int k = 0; k < num_columns; k++)
			sqlite3_value_free(rows[i].column[k]);
	free(rows);
	sqlite3_close(target);
	return 0;
}
