/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The yardstick for writes: evhttp and SQLite as their documentation shows them. Each request commits
 * the rows that the server committed for one like it, into the same tables with the same settings, and
 * is answered with as many bytes. Nothing is parsed, checked or made: what the server costs beside
 * this is what it does.
 *
 * Usage: bare_writes PLAN.db TARGET.db, or ":memory:" for the target. writes.py makes the plan: the
 * tables of the server; `plan`, with a row for each change of a step; `answer`, with its text. "PUT
 * /STEP" chooses the step; any other request performs it, for the number of DIGITS digits in its path,
 * which replaces those of the sample in all texts. Prints its port, then serves until killed.
 */
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <ctype.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bare.h"

#define SAMPLE "0000000"

enum { DIGITS = sizeof SAMPLE - 1, MAX_CHANGES = 32, MAX_COLUMNS = 32, MAX_PLACES = 32 };

struct text {
	char *data;
	int len;
	int place[MAX_PLACES], num; /* where the number of the request goes */
};

struct column {
	int type;
	sqlite3_int64 integer;
	struct text text;
};

struct change {
	sqlite3_stmt *run;
	struct column column[MAX_COLUMNS];
	int num;
};

static sqlite3 *target;
static sqlite3_stmt *begin, *commit, *look;
static struct change changes[MAX_CHANGES];
static int num_changes;
static struct text reply;
static const char *plan;

static void check(sqlite3 *db, int rc, const char *what)
{
	if (rc == SQLITE_OK || rc == SQLITE_ROW || rc == SQLITE_DONE)
		return;
	fprintf(stderr, "bare_writes: %s: %s\n", what, sqlite3_errmsg(db));
	exit(70);
}

static void run(sqlite3 *db, const char *sql)
{
	check(db, sqlite3_exec(db, sql, NULL, NULL, NULL), sql);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *q;

	check(db, sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &q, NULL), sql);
	return q;
}

static sqlite3 *open_plan(void)
{
	sqlite3 *db;

	check(NULL, sqlite3_open_v2(plan, &db, SQLITE_OPEN_READONLY, NULL), plan);
	return db;
}

/* ---- the step ---- */

static void read_text(struct text *t, const char *text)
{
	free(t->data);
	t->data = strdup(text);
	t->len = (int)strlen(text);
	t->num = 0;
	for (char *p = t->data; (p = strstr(p, SAMPLE)) && t->num < MAX_PLACES; p += DIGITS)
		t->place[t->num++] = (int)(p - t->data);
}

static void number(struct text *t, const char *digits)
{
	for (int i = 0; i < t->num; i++)
		memcpy(t->data + t->place[i], digits, DIGITS);
}

/* Columns: verb, key, those of `object` but its id, step. A row is found by state, name, and `deleted`,
 * which is the key: state and name are the first two of an object. */
static sqlite3_stmt *statement(sqlite3_stmt *row)
{
	const char *verb = (const char *)sqlite3_column_text(row, 0);
	char names[1024] = "", marks[256] = "", sql[2048];

	for (int i = 2; i < sqlite3_column_count(row) - 1; i++) {
		const char *comma = i > 2 ? "," : "";

		snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", comma,
			sqlite3_column_name(row, i));
		snprintf(marks + strlen(marks), sizeof marks - strlen(marks), "%s?%d", comma, i - 1);
	}
	if (strcmp(verb, "insert") == 0)
		snprintf(sql, sizeof sql, "INSERT INTO object(%s) VALUES (%s)", names, marks);
	else if (strcmp(verb, "update") == 0)
		snprintf(sql, sizeof sql,
			"UPDATE object SET (%s) = (%s) WHERE state = ?1 AND name = ?2 AND deleted = %d",
			names, marks, sqlite3_column_int(row, 1));
	else
		snprintf(sql, sizeof sql,
			"DELETE FROM object WHERE state = ?1 AND name = ?2 AND deleted = %d",
			sqlite3_column_int(row, 1));
	return prepare(target, sql);
}

static void read_change(struct change *c, sqlite3_stmt *row)
{
	c->run = statement(row);
	c->num = sqlite3_bind_parameter_count(c->run);
	for (int i = 0; i < c->num; i++) {
		struct column *k = &c->column[i];

		k->type = sqlite3_column_type(row, i + 2);
		if (k->type == SQLITE_INTEGER)
			k->integer = sqlite3_column_int64(row, i + 2);
		else if (k->type == SQLITE_TEXT)
			read_text(&k->text, (const char *)sqlite3_column_text(row, i + 2));
	}
}

/* What is prepared for a step stays: there are six. */
static void load(const char *step)
{
	sqlite3 *db = open_plan();
	sqlite3_stmt *q = prepare(db, "SELECT body FROM answer WHERE step = ?1");

	sqlite3_bind_text(q, 1, step, -1, SQLITE_STATIC);
	check(db, sqlite3_step(q), "answer");
	read_text(&reply, (const char *)sqlite3_column_text(q, 0));
	sqlite3_finalize(q);
	q = prepare(db, "SELECT * FROM plan WHERE step = ?1");
	sqlite3_bind_text(q, 1, step, -1, SQLITE_STATIC);
	memset(changes, 0, sizeof changes);
	for (num_changes = 0; num_changes < MAX_CHANGES && sqlite3_step(q) == SQLITE_ROW; num_changes++)
		read_change(&changes[num_changes], q);
	sqlite3_finalize(q);
	sqlite3_close(db);
}

/* ---- requests ---- */

static void step(sqlite3_stmt *q)
{
	check(target, sqlite3_step(q), sqlite3_sql(q));
	sqlite3_reset(q);
}

static void perform(struct change *c, const char *digits)
{
	for (int i = 0; i < c->num; i++) {
		struct column *k = &c->column[i];

		number(&k->text, digits);
		if (k->type == SQLITE_INTEGER)
			sqlite3_bind_int64(c->run, i + 1, k->integer);
		else if (k->type == SQLITE_TEXT)
			sqlite3_bind_text(c->run, i + 1, k->text.data, k->text.len, SQLITE_STATIC);
	}
	step(c->run);
}

static void commit_all(const char *digits)
{
	step(begin);
	for (int i = 0; i < num_changes; i++)
		perform(&changes[i], digits);
	step(commit);
}

/* A read: the document is taken from its row. */
static void copy_doc(const char *name, struct evbuffer *out)
{
	sqlite3_bind_text(look, 1, name, -1, SQLITE_STATIC);
	if (sqlite3_step(look) == SQLITE_ROW)
		evbuffer_add(out, sqlite3_column_blob(look, 0), (size_t)sqlite3_column_bytes(look, 0));
	sqlite3_reset(look);
}

/* The run of DIGITS digits in a path; NULL when there is none. */
static const char *digits_in(const char *path)
{
	for (int n = 0; *path; path++) {
		n = isdigit((unsigned char)*path) ? n + 1 : 0;
		if (n == DIGITS && !isdigit((unsigned char)path[1]))
			return path + 1 - DIGITS;
	}
	return NULL;
}

static void answer(struct evhttp_request *req, void *arg)
{
	static const char api[] = "/api/2.0/postgres/";
	struct evkeyvalq *out = evhttp_request_get_output_headers(req);
	struct evbuffer *buf = evbuffer_new();
	const char *path = evhttp_request_get_uri(req), *digits = digits_in(path);

	(void)arg;
	if (!digits) {
		load(path + 1);
	} else if (num_changes) {
		commit_all(digits);
		number(&reply, digits);
		evbuffer_add(buf, reply.data, (size_t)reply.len);
	} else {
		copy_doc(path + sizeof api - 1, buf);
	}
	evhttp_add_header(out, "Content-Type", "application/json");
	evhttp_add_header(out, "X-Mock-Seq", "1234567");
	evhttp_send_reply(req, evbuffer_get_length(buf) || !digits ? HTTP_OK : HTTP_NOTFOUND, "OK", buf);
	evbuffer_free(buf);
}

/* ---- start ---- */

/* The settings of server/store/open.c. */
static void open_target(const char *path)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	check(NULL, sqlite3_open_v2(path, &target,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL),
		path);
	sqlite3_db_config(target, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
	if (strcmp(path, ":memory:") == 0)
		run(target, "PRAGMA page_size = 8192");
	run(target, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
		    "PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 16777216;"
		    "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192");
}

/* The tables, and the states that their rows refer to. */
static void copy_schema(void)
{
	sqlite3 *db = open_plan();
	sqlite3_stmt *q = prepare(db, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"
				      " AND name NOT LIKE 'sqlite%' AND name NOT IN ('plan', 'answer')"
				      " ORDER BY rowid");
	char *attach = sqlite3_mprintf("ATTACH %Q AS plan", plan);

	while (sqlite3_step(q) == SQLITE_ROW)
		run(target, (const char *)sqlite3_column_text(q, 0));
	sqlite3_finalize(q);
	sqlite3_close(db);
	run(target, attach);
	sqlite3_free(attach);
	run(target, "INSERT INTO main.state SELECT * FROM plan.state; DETACH plan");
	begin = prepare(target, "BEGIN IMMEDIATE");
	commit = prepare(target, "COMMIT");
	look = prepare(target, "SELECT doc FROM object WHERE state = (SELECT max(id) FROM state)"
			       " AND name = ?1 AND deleted BETWEEN 0 AND 1 LIMIT 1");
}

int main(int argc, char **argv)
{
	struct event_base *base = event_base_new();
	struct evhttp *http = evhttp_new(base);

	if (argc != 3) {
		fputs("usage: bare_writes PLAN.db TARGET.db\n", stderr);
		return 2;
	}
	plan = argv[1];
	open_target(argv[2]);
	copy_schema();
	evhttp_set_allowed_methods(http, EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_PUT |
						 EVHTTP_REQ_PATCH | EVHTTP_REQ_DELETE);
	evhttp_set_gencb(http, answer, NULL);
	return bare_serve(base, http);
}
