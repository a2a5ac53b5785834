/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Roles and databases of a branch as one side sees them, as JSON by their names in Postgres:
 *
 *   {"roles":{"x":{"id":"projects/…/roles/x","kind":"identity","identity":"USER","createdb":true,
 *     "createrole":true,"bypassrls":true,"super":true,"password":"…","verifier":"…"}},
 *    "databases":{"d":{"id":"projects/…/databases/d","owner":"x","oid":"16385"}}}
 *
 * `password` only the API knows, `verifier` and `oid` only SQL.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct pg;
struct role_sync;
struct server;
struct sql;
struct sql_rows;
struct workspace;

/* Those of a branch, whose cluster has them. */
struct roles {
	struct pg *pg;
	const char *ws, *branch; /* names; borrowed */
	json_t *known;		 /* as API and SQL last agreed; NULL: they never did. Owned */
	uint64_t synced;	 /* hash of what the API had then */
	struct role_sync *sync;	 /* is under way */
};

/*
 * Brings both sides together, once at a time: `server` is up, `admin` is a session on it; both are
 * borrowed until then. done(arg, NULL), or with the reason, is called once, perhaps before this
 * returns: r->known and r->synced are new then, as far as it went well.
 */
void roles_sync(struct roles *r, const struct server *server, struct sql *admin,
	void (*done)(void *arg, const char *why), void *arg);

/* Ends that: done() is not called. */
void roles_forget(struct roles *r);

/* What the API has of roles and databases is not what was brought over last. */
bool roles_stale(const struct roles *r);

/* What the API has. New reference; NULL with *e. */
json_t *roles_of_api(struct pg *pg, struct workspace *ws, const char *branch, struct err *e);

/* The text of a query of roles, to which conditions on `a` (pg_authid) can be added, and what a row
 * of it says as JSON: a new reference, NULL when out of memory. */
const char *roles_query(void);
json_t *roles_read_role(const struct sql_rows *rows, int i);
