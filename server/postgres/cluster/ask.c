/* SPDX-License-Identifier: Apache-2.0 */
/* What the front asks about roles, and tells about sessions. */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory/buf.h"
#include "base/text.h"
#include "postgres/cluster/ask.h"
#include "postgres/cluster/cluster.h"
#include "postgres/cluster/endpoint.h"
#include "postgres/inside.h"
#include "postgres/roles/roles.h"
#include "postgres/server/sql.h"

struct pg_ask {
	LIST_ENTRY(pg_ask) link;
	struct event *later;
	struct cluster *cluster; /* that is asked; NULL: nobody is */
	struct pg_role role;
	pg_role_fn done;
	void *arg;
};

static void ask_free(struct pg_ask *a)
{
	if (a->cluster) {
		sql_forget(a->cluster->activity.admin, a);
		LIST_REMOVE(a, link);
	}
	event_free(a->later);
	free(a);
}

void pg_ask_cancel(struct pg_ask *a)
{
	ask_free(a);
}

static void tell(evutil_socket_t fd, short what, void *arg)
{
	struct pg_ask *a = arg;
	struct pg_role role = a->role;
	pg_role_fn done = a->done;

	(void)fd;
	(void)what;
	arg = a->arg;
	ask_free(a);
	done(arg, &role);
}

static enum pg_role_kind kind_of(const char *word)
{
	return streq(word, "identity")	 ? ROLE_IDENTITY
	       : streq(word, "password") ? ROLE_PASSWORD
	       : streq(word, "no_login") ? ROLE_NO_LOGIN
					 : ROLE_UNKNOWN;
}

static void fill(struct pg_role *r, const json_t *is)
{
	const char *identity = doc_str(is, "identity"), *verifier = doc_str(is, "verifier");
	const char *password = doc_str(is, "password");

	r->kind = kind_of(doc_str(is, "kind"));
	snprintf(r->identity_type, sizeof r->identity_type, "%s", identity ? identity : "");
	snprintf(r->verifier, sizeof r->verifier, "%s", verifier ? verifier : "");
	snprintf(r->password, sizeof r->password, "%s", password && !verifier ? password : "");
	r->createrole = doc_bool(is, "createrole");
}

/* From SQL as it is now. */
static void answered(void *arg, const struct sql_rows *rows, const char *why)
{
	struct pg_ask *a = arg;
	json_auto_t *is = NULL;

	if (!why && sql_num(rows) == 1)
		is = roles_read_role(rows, 0);
	if (!why) /* else what is remembered has to do */
		a->role = (struct pg_role){ROLE_UNKNOWN};
	if (is)
		fill(&a->role, is);
	LIST_REMOVE(a, link);
	a->cluster = NULL;
	event_active(a->later, EV_TIMEOUT, 0);
}

void asks_end(struct cluster *c)
{
	struct pg_ask *a;

	while ((a = LIST_FIRST(&c->asks))) {
		LIST_REMOVE(a, link);
		a->cluster = NULL;
		event_active(a->later, EV_TIMEOUT, 0);
	}
}

static void ask_sql(struct pg_ask *a, struct cluster *c, const char *role)
{
	struct buf text = {0};

	a->cluster = c;
	LIST_INSERT_HEAD(&c->asks, a, link);
	buf_adds(&text, roles_query());
	buf_adds(&text, " AND a.rolname = ");
	sql_add_literal(&text, role);
	sql_run(c->activity.admin, text.failed ? "" : text.data, answered, a);
	buf_done(&text);
}

/* What was remembered when it slept; a branch that never woke has what the API has. */
static void remember(struct pg *pg, struct workspace *ws, const struct cluster *c,
	const char *branch, const char *role, struct pg_role *ret)
{
	struct err e;
	json_auto_t *api = roles_of_api(pg, ws, branch, &e);
	const json_t *is = api ? json_object_get(json_object_get(api, "roles"), role) : NULL;
	const json_t *known = c ? json_object_get(json_object_get(c->roles.known, "roles"), role) : NULL;

	if (known && (is || !api))
		fill(ret, known);
	else if (is)
		fill(ret, is);
	/* a password that the API has changed since is the one that will be brought over */
	if (is && known && doc_str(is, "password") &&
		!streq(doc_str(is, "password"), doc_str(known, "password")))
		fill(ret, is);
}

struct pg_ask *pg_ask_role(struct pg *pg, struct workspace *ws, const char *branch,
	const char *role, pg_role_fn done, void *arg)
{
	struct pg_ask *a = calloc(1, sizeof *a);
	struct cluster *c;
	struct err e;

	if (!a)
		return NULL;
	a->done = done;
	a->arg = arg;
	a->later = event_new(pg->base, -1, 0, tell, a);
	if (!a->later) {
		free(a);
		return NULL;
	}
	c = cluster_of(pg, ws, branch, &e);
	remember(pg, ws, c, branch, role, &a->role);
	if (c && c->state == CLUSTER_AWAKE && !roles_stale(&c->roles))
		ask_sql(a, c, role);
	else
		event_active(a->later, EV_TIMEOUT, 0);
	return a;
}

/* ---- sessions ---- */

static void count(struct pg *pg, const struct workspace *ws, const char *endpoint, int by)
{
	char *branch = endpoint_branch(endpoint);
	struct cluster *c;

	LIST_FOREACH (c, &pg->clusters, link) {
		if (!streq(c->branch, branch) || !streq(c->ws, ws->name) || c->gone)
			continue;
		c->sessions += by;
		c->activity.last_active = app_now(pg->app, ws);
	}
	free(branch);
}

void pg_session_opened(struct pg *pg, struct workspace *ws, const char *endpoint)
{
	count(pg, ws, endpoint, 1);
}

void pg_session_closed(struct pg *pg, struct workspace *ws, const char *endpoint)
{
	count(pg, ws, endpoint, -1);
}
