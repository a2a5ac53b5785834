/* SPDX-License-Identifier: Apache-2.0 */
/* SQL of our own, as the bootstrap superuser, without ever waiting: the one user of libpq. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct pg;
struct sql;      /* a session */
struct sql_rows; /* what a statement gave */

/* `rows` is NULL when it failed, and `why` says so then; both are borrowed. */
typedef void (*sql_fn)(void *arg, const struct sql_rows *rows, const char *why);

/* The last rows of that name were of a statement that gave none: 0. */
int sql_num(const struct sql_rows *rows);
/* NULL: SQL's null. */
const char *sql_text(const struct sql_rows *rows, int row, int column);

/*
 * A session on a database of the server at `port` of the private socket folder. A failure to
 * connect is told to the first statement. Statements run in the order in which they were given;
 * after one that failed the next still runs.
 */
struct sql *sql_open(struct pg *pg, int port, const char *database);

/* Several statements in one text are one transaction. `fn` may be NULL. The text is copied. */
void sql_run(struct sql *s, const char *text, sql_fn fn, void *arg);

/* Nothing is called any more. */
void sql_close(struct sql *s);

/* Statements that were given with this `arg` still run, but nobody is told. */
void sql_forget(struct sql *s, const void *arg);

/* False once the connection is lost: every further statement fails. */
bool sql_alive(const struct sql *s);

/* "it''s" and "a""b", with their quotes, appended. */
struct buf;
void sql_add_literal(struct buf *b, const char *s);
void sql_add_name(struct buf *b, const char *s);
