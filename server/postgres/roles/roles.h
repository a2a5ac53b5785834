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

#include "postgres/inside.h"

/* One text of SQL to run. */
struct step {
	STAILQ_ENTRY(step) link;
	char *database, *text; /* where, what */
	char *what, *name; /* is left out of what was agreed when it fails */
};

/* One bringing together of both sides. */
struct role_sync {
	struct cluster *cluster;
	json_t *api, *sql, *agreed; /* as above */
	json_t *changes;	    /* for roles_to_api() */
	uint64_t hash;
	char owner[256];
	STAILQ_HEAD(, step) steps;
	struct sql *session;
	char session_database[256];
	char trouble[512];
	void (*done)(struct cluster *c, const char *why);
};

/* Fills y->steps and y->changes. (roles_diff.c) */
void roles_compare(struct role_sync *y);
void roles_step_free(struct step *s);

/* The attributes that both sides can change. */
extern const char *const role_attributes[]; /* NULL-terminated */

/* What the API has. New reference; NULL with *e. (roles_api.c) */
json_t *roles_of_api(struct pg *pg, struct workspace *ws, const char *branch, struct err *e);

/* The role that the project's owner has on the branch: its name in Postgres, borrowed from `side`;
 * NULL when it has none. (roles_api.c) */
const char *roles_owner(struct pg *pg, struct workspace *ws, const char *branch, const json_t *side);

/*
 * Takes over into the API what SQL has changed: `changes` is a list of {"what":"role"|"database",
 * "name":"x","do":"add"|"remove"|"change","is":{…}}; "is" as above. In a transaction of its own.
 * (roles_api.c)
 */
MUST_CHECK int roles_to_api(struct pg *pg, struct workspace *ws, const char *branch,
	const json_t *changes, struct err *e);

/* The text of a query of roles, to which conditions on `a` (pg_authid) can be added, and what a row
 * of it says as JSON. (roles.c) */
const char *roles_query(void);
json_t *roles_read_role(const struct sql_rows *rows, int i);
