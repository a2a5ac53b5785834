/* SPDX-License-Identifier: Apache-2.0 */
/* One bringing together of both sides: read, compared, run, read again. */
#pragma once

#include <sys/queue.h>

#include "postgres/roles/roles.h"

/* One text of SQL to run. */
struct step {
	STAILQ_ENTRY(step) link;
	char *database, *text; /* where, what */
	char *what, *name; /* is left out of what was agreed when it fails */
};

struct role_sync {
	struct roles *roles;
	const struct server *server;
	struct sql *admin;
	json_t *api, *sql, *agreed; /* as roles.h says */
	json_t *changes;	    /* for roles_to_api() */
	uint64_t hash;
	char owner[256];
	STAILQ_HEAD(, step) steps;
	struct sql *session;
	char session_database[256];
	char trouble[512];
	void (*done)(void *arg, const char *why);
	void *arg;
};

/* Fills y->steps and y->changes. (roles_diff.c) */
void roles_compare(struct role_sync *y);
void roles_step_free(struct step *s);

/* The attributes that both sides can change. */
extern const char *const role_attributes[]; /* NULL-terminated */

/* A hash of the API's roles and databases of the branch. (roles_api.c) */
MUST_CHECK int roles_hash(struct pg *pg, struct workspace *ws, const char *branch, uint64_t *ret,
	struct err *e);

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
