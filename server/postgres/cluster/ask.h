/* SPDX-License-Identifier: Apache-2.0 */
/* What the front asks of the clusters. */
#pragma once

#include "core/context/ctx.h"

struct pg;
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

/* done() is not called. */
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
 * returns.
 */
struct pg_ask *pg_ask_role(struct pg *pg, struct workspace *ws, const char *branch,
	const char *role, pg_role_fn done, void *arg);
void pg_ask_cancel(struct pg_ask *a);

/* A session on that endpoint is established, or is over. */
void pg_session_opened(struct pg *pg, struct workspace *ws, const char *endpoint);
void pg_session_closed(struct pg *pg, struct workspace *ws, const char *endpoint);
