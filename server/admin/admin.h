/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The routes under /_mock. They are a table (routes.c); admin.c is its only caller and does
 * what all of them need: keys of the query, the workspace, the body, errors.
 */
#pragma once

#include "core/document/doc.h"
#include "core/field/field.h"
#include "lab/refuse.h"
#include "lab/space.h"

enum admin_flag {
	ADMIN_GLOBAL = 1 << 0,	 /* about no single workspace: takes no ?workspace */
	ADMIN_PUBLIC = 1 << 1,	 /* needs no admin token */
	ADMIN_SETTLE = 1 << 2,	 /* what is due is applied first */
	ADMIN_ANY_BODY = 1 << 3, /* the handler checks the body itself */
	ADMIN_LOOK = 1 << 4,	 /* what goes on at the databases is looked at first */
};

enum { ADMIN_ARGS = 2, ADMIN_QUERY = 32 };

struct admin;

struct admin_route {
	const char *method, *path; /* "/_mock/snapshots/{name}/restore" */
	int (*fn)(struct admin *a, struct err *e);
	const char *query;	    /* the keys that it takes, separated by blanks; NULL: none */
	const struct message *body; /* NULL: none, or ADMIN_ANY_BODY */
	unsigned flags;		    /* enum admin_flag */
};

/* Ends with a row without a method. */
extern const struct admin_route admin_routes[];

struct admin {
	struct lab *lab;
	struct app *app;
	const struct request *req;
	struct response *resp;
	struct arena *arena; /* of the response */
	const struct admin_route *route;
	struct workspace *ws; /* NULL with ADMIN_GLOBAL */
	struct space *space;
	const char *args[ADMIN_ARGS];
	struct {
		const char *key, *value;
	} query[ADMIN_QUERY];
	int num_query;
	json_t *body;  /* owned by the arena; an empty object when there was none */
	json_t *reply; /* set by the handler with admin_reply(); `schema` is added */
	enum lab_verdict verdict;
	uint64_t carried; /* job of the data plane that has copied data for it; 0: none */
};

/* Serves a request under /_mock. */
enum lab_verdict admin_serve(struct lab *lab, const struct request *req, struct response *resp);

/* The value of a key of the query; NULL when absent. */
const char *admin_query(const struct admin *a, const char *key);

/* A key that is a number or a switch; *ret keeps its value when the key is absent. */
MUST_CHECK int admin_query_int(const struct admin *a, const char *key, int64_t min, int64_t max,
	int64_t *ret, struct err *e);
MUST_CHECK int admin_query_bool(const struct admin *a, const char *key, bool *ret, struct err *e);

/* Makes `doc` (consumed) the answer. NULL: out of memory. */
MUST_CHECK int admin_reply(struct admin *a, json_t *doc, struct err *e);

/* ---- waiting for the databases (postgres.c) ---- */

/* 1: the request waits for the job, the handler returns 0 at once. 0: the job is done. -1: it
 * failed. */
MUST_CHECK int admin_wait(struct admin *a, uint64_t job, struct err *e);

/* Has the data of a workspace, or of its snapshot, copied; as admin_wait(). */
MUST_CHECK int admin_carry(struct admin *a, const char *ws, const char *snapshot, struct err *e);
/* Puts what was copied where it belongs; NULL `ws`: away. */
void admin_place(struct admin *a, const char *ws, const char *snapshot);

/* ---- the handlers, by file ---- */

int admin_root(struct admin *a, struct err *e);
int admin_health(struct admin *a, struct err *e);
int admin_ready(struct admin *a, struct err *e);
int admin_reset(struct admin *a, struct err *e);
int admin_routes_list(struct admin *a, struct err *e);
int admin_openapi(struct admin *a, struct err *e);
int admin_jwks(struct admin *a, struct err *e);
int admin_warnings(struct admin *a, struct err *e);
int admin_state_get(struct admin *a, struct err *e);
int admin_state_put(struct admin *a, struct err *e);
int admin_snapshot_add(struct admin *a, struct err *e);
int admin_snapshot_list(struct admin *a, struct err *e);
int admin_snapshot_restore(struct admin *a, struct err *e);
int admin_snapshot_drop(struct admin *a, struct err *e);
int admin_workspace_add(struct admin *a, struct err *e);
int admin_workspace_list(struct admin *a, struct err *e);
int admin_workspace_drop(struct admin *a, struct err *e);
int admin_clock_get(struct admin *a, struct err *e);
int admin_clock_put(struct admin *a, struct err *e);
int admin_clock_advance(struct admin *a, struct err *e);
int admin_faults_get(struct admin *a, struct err *e);
int admin_faults_post(struct admin *a, struct err *e);
int admin_faults_put(struct admin *a, struct err *e);
int admin_faults_drop(struct admin *a, struct err *e);
int admin_fault_get(struct admin *a, struct err *e);
int admin_fault_put(struct admin *a, struct err *e);
int admin_fault_drop(struct admin *a, struct err *e);
int admin_maintenance_post(struct admin *a, struct err *e);
int admin_maintenance_drop(struct admin *a, struct err *e);
int admin_scenario_list(struct admin *a, struct err *e);
int admin_scenario_load(struct admin *a, struct err *e);
int admin_lro_get(struct admin *a, struct err *e);
int admin_lro_put(struct admin *a, struct err *e);
int admin_journal_get(struct admin *a, struct err *e);
int admin_journal_drop(struct admin *a, struct err *e);
int admin_calls(struct admin *a, struct err *e);
int admin_explain(struct admin *a, struct err *e);
int admin_grade(struct admin *a, struct err *e);
int admin_report(struct admin *a, struct err *e);
int admin_metrics(struct admin *a, struct err *e);
int admin_ui(struct admin *a, struct err *e);
int admin_ui_file(struct admin *a, struct err *e);
int admin_feed(struct admin *a, struct err *e);
int admin_exchange(struct admin *a, struct err *e);
int admin_fault_patch(struct admin *a, struct err *e);
int admin_fault_schema(struct admin *a, struct err *e);
int admin_postgres(struct admin *a, struct err *e);
int admin_postgres_suspend(struct admin *a, struct err *e);
int admin_postgres_disconnect(struct admin *a, struct err *e);
int admin_ca(struct admin *a, struct err *e);
int admin_postgres_wake(struct admin *a, struct err *e);

/* Bodies (bodies.c); those that fixtures hold as well are in lab/state/settings.h. */
extern const struct message body_none, body_snapshot, body_workspace, body_advance,
	body_maintenance, body_switch, body_endpoint;
