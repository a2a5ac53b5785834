/* SPDX-License-Identifier: Apache-2.0 */
/* Routes are a table; the dispatcher (call.c) is its only caller. */
#pragma once

#include "core/crud/crud.h"

struct call;

enum route_flag {
	ROUTE_MUTATES = 1 << 0,   /* runs in a write transaction */
	ROUTE_BOOTSTRAP = 1 << 1, /* asked by clients before their first call: faults only by name */
	ROUTE_OPEN = 1 << 2,      /* no credential needed */
	ROUTE_LRO = 1 << 3,       /* answers an Operation */
	ROUTE_FORM = 1 << 4,      /* the body is a form, not JSON */
	ROUTE_OAUTH = 1 << 12,    /* refuses in the envelope of OAuth, not of the API */
	ROUTE_MASKED = 1 << 5,    /* takes update_mask */
	ROUTE_PAGED = 1 << 6,     /* takes page_size and page_token */
	ROUTE_BODY_OPTIONAL = 1 << 7, /* an empty body counts as {} */
	ROUTE_RAW_BODY = 1 << 8,  /* the handler reads the body itself */
	ROUTE_TAIL = 1 << 9,      /* the last {arg} takes the rest of the path, slashes included */
	ROUTE_DATABASE = 1 << 11, /* no HTTP at all: a connection to a database */
	ROUTE_CUT = 1 << 10,      /* its subject is the path's name without the last segment */
};

/*
 * A handler reads the call, changes the store, appends the reply to call->resp->body and returns
 * 0, or fills *e and returns -1. It neither sends nor logs, and never sees a transaction.
 */
typedef int (*route_fn)(struct call *call, struct err *e);

struct query_param {
	const char *name;
	enum field_type type;
	const char *doc;
};

struct route {
	const char *rpc;    /* "CreateProject" */
	const char *method;
	const char *path;   /* "/api/2.0/postgres/projects/{project_id}" */
	route_fn fn;        /* NULL: answers 501 */
	const struct resource *res; /* of the CRUD routes */
	const struct message *body, *reply; /* NULL: none, unchecked */
	const struct query_param *query;    /* ends with a row without a name */
	unsigned flags;
	enum evidence evidence;
	const char *doc;
	size_t place; /* among the rows of all tables; routes_build() fills it */
};

/* Rows end with one without a method. */
extern const struct route bootstrap_routes[];  /* auth/bootstrap.c */
extern const struct route oauth_routes[];      /* auth/oauth.c */
extern const struct route neighbour_routes[];  /* neighbours.c */
extern const struct route cdf_status_routes[]; /* cdf_statuses.c */
extern const struct route permission_routes[]; /* permissions.c */
extern const struct route credential_routes[]; /* auth/credentials.c */
extern const struct route operation_routes[];  /* operations.c */
extern const struct route password_routes[];   /* passwords.c */
extern const struct route workspace_file_routes[]; /* workspace_files.c */
extern const struct route missing_routes[];    /* missing.c: known and not built */

struct routes {
	struct route *all;
	size_t num;
	unsigned long *hits; /* how often each was called */
};

/* All routes: the CRUD ones of `resources` and those of `tables`; both end with NULL. ERR_INTERNAL
 * when two can match the same path. For routes_done() also when it fails. */
MUST_CHECK int routes_build(struct routes *ret, const struct route *const *tables,
	const struct resource *const *resources, struct err *e);
void routes_done(struct routes *r);

enum { MAX_ARGS = 8 };

struct route_args {
	const char *name[MAX_ARGS]; /* "project_id" */
	const char *value[MAX_ARGS]; /* unescaped, in the arena */
	int num;
};

/*
 * The route of a raw path. NULL when there is none, also when another method would have matched.
 * A bad escape counts as no route.
 */
const struct route *routes_match(const struct routes *r, const char *method, const char *path,
	struct arena *a, struct route_args *args);

/* The route of that rpc name, or NULL. */
const struct route *routes_by_rpc(const struct routes *r, const char *rpc);
