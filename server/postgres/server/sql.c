/* SPDX-License-Identifier: Apache-2.0 */
#include "postgres/server/sql.h"

#include <event2/event.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory/buf.h"
#include "postgres/inside.h"
#include "postgres/server/template.h"

struct statement {
	STAILQ_ENTRY(statement) link;
	sql_fn fn;
	void *arg;
	char text[];
};

struct sql {
	struct pg *pg;
	PGconn *conn;
	struct event *io, *later;
	STAILQ_HEAD(, statement) queue;
	bool connecting, sent, closed;
	int busy; /* inside of a callback: freed when it returns */
	PGresult *last; /* of the statement that runs */
	char why[512];
};

int sql_num(const struct sql_rows *rows)
{
	return PQntuples((const PGresult *)(const void *)rows);
}

const char *sql_text(const struct sql_rows *rows, int row, int column)
{
	const PGresult *r = (const PGresult *)(const void *)rows;

	return PQgetisnull(r, row, column) ? NULL : PQgetvalue(r, row, column);
}

static void add_quoted(struct buf *b, const char *s, char quote)
{
	buf_add(b, &quote, 1);
	for (; *s; s++) {
		if (*s == quote)
			buf_add(b, s, 1);
		buf_add(b, s, 1);
	}
	buf_add(b, &quote, 1);
}

void sql_add_name(struct buf *b, const char *s)
{
	add_quoted(b, s, '"');
}

/* standard_conforming_strings is on: a backslash is a character like any other. */
void sql_add_literal(struct buf *b, const char *s)
{
	add_quoted(b, s, '\'');
}

/* ---- life ---- */

static void destroy(struct sql *s)
{
	struct statement *st;

	while ((st = STAILQ_FIRST(&s->queue))) {
		STAILQ_REMOVE_HEAD(&s->queue, link);
		free(st);
	}
	PQclear(s->last);
	if (s->io)
		event_free(s->io);
	if (s->later)
		event_free(s->later);
	PQfinish(s->conn);
	free(s);
}

void sql_close(struct sql *s)
{
	if (!s)
		return;
	s->closed = true;
	if (!s->busy)
		destroy(s);
}

void sql_forget(struct sql *s, const void *arg)
{
	struct statement *st;

	STAILQ_FOREACH (st, &s->queue, link)
		if (st->arg == arg)
			st->fn = NULL;
}

bool sql_alive(const struct sql *s)
{
	return s && !s->closed && !s->why[0] &&
	       (s->connecting || PQstatus(s->conn) == CONNECTION_OK);
}

/* One line, without libpq's line feed. */
static void remember(struct sql *s, const char *why)
{
	snprintf(s->why, sizeof s->why, "%s", why && *why ? why : "no memory");
	s->why[strcspn(s->why, "\n")] = '\0';
}

/* Tells the first statement; false when the session was closed by it. */
static bool tell(struct sql *s, const PGresult *r, const char *why)
{
	struct statement *st = STAILQ_FIRST(&s->queue);

	STAILQ_REMOVE_HEAD(&s->queue, link);
	s->sent = false;
	s->busy++;
	if (st->fn)
		st->fn(st->arg, (const struct sql_rows *)(const void *)r, why);
	s->busy--;
	free(st);
	if (!s->closed || s->busy)
		return !s->closed;
	destroy(s);
	return false;
}

static void fail_all(struct sql *s)
{
	while (!STAILQ_EMPTY(&s->queue))
		if (!tell(s, NULL, s->why))
			return;
}

static void lost(struct sql *s, const char *why)
{
	remember(s, why);
	event_del(s->io);
	fail_all(s);
}

/* ---- the loop ---- */

static void on_io(evutil_socket_t fd, short what, void *arg);

static int watch(struct sql *s, short what)
{
	event_del(s->io);
	/* libpq may have moved to another socket while it connects */
	event_assign(s->io, s->pg->base, PQsocket(s->conn), what, on_io, s);
	return event_add(s->io, NULL);
}

static void send_next(struct sql *s)
{
	struct statement *st = STAILQ_FIRST(&s->queue);

	if (!st || s->sent || s->connecting || s->why[0])
		return;
	if (!PQsendQuery(s->conn, st->text)) {
		lost(s, PQerrorMessage(s->conn));
		return;
	}
	s->sent = true;
	(void)!PQflush(s->conn);
	watch(s, EV_READ | EV_WRITE);
}

static void finish_statement(struct sql *s)
{
	PGresult *r = s->last;
	ExecStatusType status = r ? PQresultStatus(r) : PGRES_FATAL_ERROR;
	bool ok = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK ||
		  status == PGRES_EMPTY_QUERY;
	char why[512];
	bool open;

	s->last = NULL;
	snprintf(why, sizeof why, "%s",
		ok ? "" : r ? PQresultErrorMessage(r) : PQerrorMessage(s->conn));
	why[strcspn(why, "\n")] = '\0';
	open = tell(s, ok ? r : NULL, ok ? NULL : why);
	PQclear(r);
	if (!open)
		return;
	watch(s, EV_READ);
	send_next(s);
}

/* The first error of a text is what it failed with. */
static void take(struct sql *s, PGresult *r)
{
	if (s->last && PQresultStatus(s->last) == PGRES_FATAL_ERROR) {
		PQclear(r);
		return;
	}
	PQclear(s->last);
	s->last = r;
}

static void receive(struct sql *s)
{
	if (!PQconsumeInput(s->conn)) {
		lost(s, PQerrorMessage(s->conn));
		return;
	}
	while (s->sent && !PQisBusy(s->conn)) {
		PGresult *r = PQgetResult(s->conn);

		if (!r) {
			finish_statement(s);
			return; /* the session may be gone */
		}
		take(s, r);
	}
	watch(s, PQflush(s->conn) == 1 ? EV_READ | EV_WRITE : EV_READ);
}

static void go_on_connecting(struct sql *s)
{
	switch (PQconnectPoll(s->conn)) {
	case PGRES_POLLING_READING:
		watch(s, EV_READ);
		break;
	case PGRES_POLLING_WRITING:
		watch(s, EV_WRITE);
		break;
	case PGRES_POLLING_OK:
		s->connecting = false;
		watch(s, EV_READ);
		send_next(s);
		break;
	case PGRES_POLLING_FAILED:
	case PGRES_POLLING_ACTIVE:
		lost(s, PQerrorMessage(s->conn));
	}
}

static void on_io(evutil_socket_t fd, short what, void *arg)
{
	struct sql *s = arg;

	(void)fd;
	(void)what;
	if (s->connecting)
		go_on_connecting(s);
	else
		receive(s);
}

static void start(evutil_socket_t fd, short what, void *arg)
{
	struct sql *s = arg;

	(void)fd;
	(void)what;
	if (s->why[0])
		fail_all(s);
	else
		send_next(s);
}

static void quiet(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

struct sql *sql_open(struct pg *pg, int port, const char *database)
{
	const char *keys[] = {"host", "port", "user", "dbname", "application_name", NULL};
	char number[16];
	const char *values[] = {pg->run, number, ADMIN_ROLE, database, "lakebase-mock", NULL};
	struct sql *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	snprintf(number, sizeof number, "%d", port);
	s->pg = pg;
	STAILQ_INIT(&s->queue);
	s->connecting = true;
	s->conn = PQconnectStartParams(keys, values, 0);
	s->io = event_new(pg->base, -1, 0, on_io, s);
	s->later = event_new(pg->base, -1, 0, start, s);
	if (!s->conn || !s->io || !s->later) {
		sql_close(s);
		return NULL;
	}
	PQsetNoticeProcessor(s->conn, quiet, NULL);
	if (PQstatus(s->conn) == CONNECTION_BAD || watch(s, EV_WRITE))
		remember(s, PQerrorMessage(s->conn));
	return s;
}

void sql_run(struct sql *s, const char *text, sql_fn fn, void *arg)
{
	size_t len = strlen(text) + 1;
	struct statement *st = malloc(sizeof *st + len);

	if (!st)
		abort(); /* allowed: nobody could be told */
	st->fn = fn;
	st->arg = arg;
	memcpy(st->text, text, len);
	STAILQ_INSERT_TAIL(&s->queue, st, link);
	/* never at once: the caller is not ready for the answer */
	event_active(s->later, EV_TIMEOUT, 0);
}
