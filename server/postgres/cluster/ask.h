/* SPDX-License-Identifier: Apache-2.0 */
/* What the front asks of the clusters, and tells them; and who waits for one. */
#pragma once

#include <stdbool.h>
#include <sys/queue.h>

#include "core/context/ctx.h"

struct cluster;
struct event;
struct pg;
struct pg_ask;
struct pg_wake;

/* Where a server listens: the socket "<folder>/.s.PGSQL.<port>". */
struct pg_address {
	const char *folder;
	int port;
};

/* `where` is NULL when it failed, and *e says why then. */
typedef void (*pg_wake_fn)(void *arg, const struct pg_address *where, const struct err *e);

/*
 * Wakes the server behind an endpoint; `done` is called exactly once, from the loop, never before
 * this returns. `replica`: the readable secondary of a group ("-ro"); a read-only endpoint is one
 * anyway. NULL when out of memory.
 */
struct pg_wake *pg_wake(struct pg *pg, struct workspace *ws, const char *endpoint, bool replica,
	pg_wake_fn done, void *arg);

/* done() is not called; for one that has not been yet. */
void pg_wake_cancel(struct pg_wake *w);

enum pg_role_kind {
	ROLE_UNKNOWN,  /* nobody has that name */
	ROLE_IDENTITY, /* logs in with a token */
	ROLE_PASSWORD, /* logs in with a password */
	ROLE_NO_LOGIN,
};

struct pg_role {
	enum pg_role_kind kind;
	char identity_type[32]; /* "USER", "SERVICE_PRINCIPAL", "GROUP"; "" */
	char verifier[512];	/* "SCRAM-SHA-256$..."; "" when none is known */
	char password[128];	/* while only the API knows of it; "" otherwise */
	bool createrole;
};

typedef void (*pg_role_fn)(void *arg, const struct pg_role *role);

/*
 * What is known of a role of a branch, without waking anything: from the server while it is awake,
 * else what was remembered. `done` is called exactly once, from the loop, never before this
 * returns. NULL when out of memory.
 */
struct pg_ask *pg_ask_role(struct pg *pg, struct workspace *ws, const char *branch,
	const char *role, pg_role_fn done, void *arg);
void pg_ask_cancel(struct pg_ask *a);

/* A session on that endpoint is established, or is over. */
void pg_session_opened(struct pg *pg, struct workspace *ws, const char *endpoint);
void pg_session_closed(struct pg *pg, struct workspace *ws, const char *endpoint);

/* ---- for the files of this room ---- */

struct pg_wake {
	LIST_ENTRY(pg_wake) link;
	struct pg *pg;
	struct cluster *cluster; /* NULL: it cannot be, `e` says why */
	struct event *later;
	char *endpoint;
	bool replica;
	struct err e;
	pg_wake_fn done;
	void *arg;
};

/* Tells one, and frees it: where the server is, or why it is not. */
void wake_tell(struct pg_wake *w, int port, const struct err *e);

/* Tells everybody who waits for the cluster that it failed, or that it is awake. */
void wakes_fail(struct cluster *c, const char *why);
void wakes_tell(struct cluster *c);

/* Its session is about to be closed: who asks gets what is remembered. */
void asks_end(struct cluster *c);
