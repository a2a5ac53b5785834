/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The API behind front_serve(): workspaces, authentication, routes. A request goes through
 *
 *   workspace -> auth -> route -> [the lab's fault hooks] -> due work -> validate ->
 *   handler in one transaction -> reply check -> [the lab's journal]
 *
 * api_route() is the part before the hooks, api_run() the one after them.
 */
#pragma once

#include "api/message.h"
#include "api/query.h"
#include "api/route/route.h"
#include "core/operation/operation.h"

enum auth_mode {
	AUTH_OPEN,   /* no credential needed */
	AUTH_ANY,    /* a bearer is needed, every bearer is accepted */
	AUTH_STRICT, /* only known ones: mock-*, from fixtures, issued by /oidc/v1/token */
};

struct signer; /* keys of credentials: auth/token.h */
struct workspace_table;

struct app_options {
	const char *db; /* NULL: in memory */
	uint64_t seed;
	const char *profile;            /* NULL: newest */
	const char *const *assignments; /* --set, NULL-terminated; may be NULL */
	const char *clock, *plan;       /* NULL: real, first-poll */
	enum auth_mode auth;
	bool strict;
	bool check_replies; /* abort on a reply that breaks its own schema: test runs */
	int max_workspaces; /* 0: MAX_WORKSPACES */
};

struct app {
	struct world world;
	struct routes routes;
	enum auth_mode auth;
	bool check_replies;
	struct clock clock; /* of new workspaces */
	struct signer *signer;
	struct logins *logins; /* in a browser, not yet finished: auth/login.h */
	struct workspace_table *workspaces;
	bool principals; /* some workspace lists principals: look callers up */
	int max_workspaces;
};

/* The tables of routes that are no resource's; ends with NULL. */
extern const struct route *const app_routes[];

/* Opens the state of `o->db`. ERR_INVALID for an option that is wrong, and what store_open() says. `a` of
 * app_close() may be NULL. */
MUST_CHECK int app_open(struct app **ret, const struct app_options *o, struct err *e);
void app_close(struct app *a);

/* ---- workspaces ---- */

/*
 * The workspace called `name`; with `create`, one is made on first use. NULL with ERR_NOT_FOUND,
 * with ERR_INVALID for a name that is not 1-63 of a-z A-Z 0-9 _ -, or with ERR_QUOTA. Borrowed.
 */
struct workspace *app_workspace(struct app *a, const char *name, bool create, struct err *e);

/*
 * What changes a workspace as a whole is called in a transaction of the store, so that several such
 * changes are made together or not at all. *ret is what becomes of the workspace;
 * app_workspace_become() makes it true once that is committed.
 */

/* An empty state with a clock as the server's; nothing points at it yet. */
MUST_CHECK int app_state_new(struct app *a, int64_t *ret, struct err *e);

/* Points it at another state. */
MUST_CHECK int app_workspace_point(struct app *a, const struct workspace *ws, int64_t state,
	struct workspace *ret, struct err *e);

/* Empties it: as new, clock included unless `keep_clock`; *removed counts resources. */
MUST_CHECK int app_workspace_reset(struct app *a, const struct workspace *ws, bool keep_clock,
	bool keep_principals, struct workspace *ret, int64_t *removed, struct err *e);

/* It is what a change that is committed now has made of it. */
void app_workspace_become(struct workspace *ws, const struct workspace *changed);

/* Takes it out of the cache, after it was dropped from the store, or not made there after all. */
void app_workspace_forget(struct app *a, const char *name);

/* Writes clock and counters of the workspace to the store. In a transaction. */
MUST_CHECK int app_workspace_save(struct app *a, struct workspace *ws, struct err *e);

/* How its operations go on, by default and by rules (copied); def NULL: as the server's. Kept with the
 * state. */
MUST_CHECK int app_workspace_pace(struct app *a, struct workspace *ws, const struct plan *def,
	const struct plan_rule *rules, int num, struct err *e);

/* The wall time at which it is dropped; kept with the state. */
MUST_CHECK int app_workspace_expire(struct app *a, struct workspace *ws, usec at, struct err *e);

/* How many have been used since the start and are not gone. */
int app_num_workspaces(const struct app *a);

/* What its clock shows now. */
usec app_now(struct app *a, const struct workspace *ws);
/* The same by its name, also when it would have to be made first: it is not. */
usec app_now_in(struct app *a, const char *name);

/*
 * Applies what is due at `upto` in a transaction of its own; cheap when nothing is. On success,
 * nothing due at or before `upto` is left.
 */
MUST_CHECK int app_settle(struct app *a, struct workspace *ws, usec upto, struct due_sink *sink,
	struct err *e);

/*
 * As app_settle() for somebody who only looks: a disk that cannot be written is no reason not to
 * answer. What fell due meanwhile is then not seen to have happened yet.
 */
MUST_CHECK int app_look(struct app *a, struct workspace *ws, usec now, struct err *e);

/* A ctx for work on `ws` at its present instant, on behalf of nobody. */
struct ctx app_ctx(struct app *a, struct workspace *ws, struct arena *arena);

/* Begins a write transaction on the workspace's own state (unshared); end it with app_end(). */
MUST_CHECK int app_begin(struct app *a, struct workspace *ws, struct err *e);
/* The same, and what is due at `now` is applied first: it stays even when the rest is rolled back. */
MUST_CHECK int app_begin_settled(struct app *a, struct workspace *ws, usec now, struct err *e);
/* Commits when `rc` is 0, rolls back otherwise; returns rc, or -1 when the commit failed. */
MUST_CHECK int app_end(struct app *a, struct workspace *ws, int rc, struct err *e);
/* As app_end(), but with `keep` a failure commits what was written, and stays the answer if that
 * went well. *committed: what was written is there. */
MUST_CHECK int app_end_keeping(struct app *a, struct workspace *ws, int rc, bool keep,
	bool *committed, struct err *e);

/* ---- requests ---- */

struct call {
	struct app *app;
	const struct request *req;
	struct response *resp;
	struct workspace *ws; /* set by api_route() also when it refuses */
	struct caller caller; /* name NULL while unknown */
	const struct route *route; /* NULL: no such route */
	struct route_args args;
	struct parameters query, form;
	struct params params;
	struct ctx ctx;
	const struct plan *plan; /* set by a fault rule: pacing of the operation of this call */
	bool applied; /* the handler committed a change */
	struct note_sink *notes; /* set by the lab; may be NULL */
};

/*
 * Finds workspace, caller and route. -1 with *e when the request ends here (401, 403, 404, 501);
 * `call` then holds as much as is known.
 */
MUST_CHECK int api_route(struct app *a, const struct request *req, struct response *resp,
	struct call *call, struct err *e);

/* Runs the handler and fills call->resp. -1 with *e: nothing was changed. */
MUST_CHECK int api_run(struct call *call, struct err *e);

/* Both, without hooks, and the error made into a response: for tests. */
void api_call(struct app *a, const struct request *req, struct response *resp);
