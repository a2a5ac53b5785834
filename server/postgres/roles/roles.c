/* SPDX-License-Identifier: Apache-2.0 */
/* Roles and databases in both directions: reads both sides, runs what the comparison says. */
#include "postgres/roles/roles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory/buf.h"
#include "base/text.h"
#include "postgres/inside.h"
#include "postgres/roles/sync.h"
#include "postgres/server/server.h"
#include "postgres/server/sql.h"
#include "postgres/server/template.h"

static const char roles_only[] =
	"SELECT 'role', a.rolname, a.rolcanlogin, a.rolcreatedb, a.rolcreaterole, a.rolbypassrls,"
	" EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
	"  WHERE m.member = a.oid AND g.rolname = 'databricks_superuser'),"
	" a.rolpassword, substring(shobj_description(a.oid, 'pg_authid') FROM 'type=(.*)$')"
	" FROM pg_authid a WHERE a.rolname !~ '^pg_' AND NOT a.rolsuper AND a.rolname NOT IN ("
	" 'databricks_superuser', 'databricks_monitor', 'databricks_gateway',"
	" 'databricks_replicator', 'databricks_all_writer_perms',"
	" 'databricks_synced_table_helper')"
	" AND a.rolname !~ '^databricks_(writer|reader)_[0-9]+$'";

static const char databases_too[] =
	" UNION ALL SELECT 'database', datname, datallowconn, false, false, false, false,"
	" pg_get_userbyid(datdba), oid::text FROM pg_database"
	" WHERE NOT datistemplate AND datname <> 'postgres'";

const char *roles_query(void)
{
	return roles_only;
}

static void read_all(struct role_sync *y, sql_fn fn)
{
	struct buf text = {0};

	buf_adds(&text, roles_only);
	buf_adds(&text, databases_too);
	sql_run(y->admin, text.failed ? "" : text.data, fn, y);
	buf_done(&text);
}

/* ---- running ---- */

static void forget(struct role_sync *y)
{
	json_auto_t *api = y->api, *sql = y->sql, *agreed = y->agreed, *changes = y->changes;
	struct step *s;

	(void)api, (void)sql, (void)agreed, (void)changes; /* released here */
	while ((s = STAILQ_FIRST(&y->steps))) {
		STAILQ_REMOVE_HEAD(&y->steps, link);
		roles_step_free(s);
	}
	sql_close(y->session);
	free(y);
}

void roles_forget(struct roles *r)
{
	if (r->sync)
		forget(STEAL(r->sync));
}

static void finish(struct role_sync *y, const char *why)
{
	void (*done)(void *, const char *) = y->done;
	void *arg = y->arg;
	char text[1024] = "";

	if (why || y->trouble[0])
		snprintf(text, sizeof text, "%s", why ? why : y->trouble);
	roles_forget(y->roles);
	done(arg, text[0] ? text : NULL);
}

static void read_rows(json_t *side, const struct sql_rows *rows);

/* Of a role that is still there. */
static int keep_heir(const struct roles *r, const char *name, json_t *now)
{
	json_t *heir = json_object_get(
		json_object_get(json_object_get(r->known, "roles"), name), "heir");

	return heir && now ? json_object_set(now, "heir", heir) : 0;
}

/* All is done: what SQL has now, with the passwords of the API, is what both agree on. */
static void reread(void *arg, const struct sql_rows *rows, const char *why)
{
	struct role_sync *y = arg;
	struct roles *r = y->roles;
	json_auto_t *fresh = json_pack("{s:{},s:{}}", "roles", "databases"), *old = NULL;
	const char *name;
	json_t *is;

	if (why || !fresh) {
		finish(y, why ? why : "out of memory");
		return;
	}
	read_rows(fresh, rows);
	json_object_foreach (json_object_get(y->api, "roles"), name, is) {
		json_t *now = json_object_get(json_object_get(fresh, "roles"), name);

		if (now && doc_str(is, "password") && !y->trouble[0] &&
			json_object_set(now, "password", json_object_get(is, "password")))
			break;
	}
	json_object_foreach (json_object_get(fresh, "roles"), name, is)
		if (keep_heir(r, name, is))
			break;
	old = r->known;
	r->known = STEAL(fresh);
	r->synced = y->hash;
	finish(y, NULL);
}

static void run_next(struct role_sync *y);

static void step_done(void *arg, const struct sql_rows *rows, const char *why)
{
	struct role_sync *y = arg;
	struct step *s = STAILQ_FIRST(&y->steps);

	(void)rows;
	if (why) {
		snprintf(y->trouble, sizeof y->trouble, "%s %s: %s", s->what, s->name, why);
		pg_log("branch %s: %s", y->roles->branch, y->trouble);
	}
	STAILQ_REMOVE_HEAD(&y->steps, link);
	roles_step_free(s);
	run_next(y);
}

static void store_changes(struct role_sync *y)
{
	const struct roles *r = y->roles;
	struct workspace *ws;
	struct err e;

	ws = app_workspace(r->pg->app, r->ws, false, &e);
	if (!ws || roles_to_api(r->pg, ws, r->branch, y->changes, &e))
		text_append(y->trouble, sizeof y->trouble, 0, e.message, strlen(e.message));
	else if (roles_hash(r->pg, ws, r->branch, &y->hash, &e))
		text_append(y->trouble, sizeof y->trouble, 0, e.message, strlen(e.message));
}

static void run_next(struct role_sync *y)
{
	struct step *s = STAILQ_FIRST(&y->steps);

	if (!s) {
		store_changes(y);
		read_all(y, reread);
		return;
	}
	if (streq(s->database, "postgres")) {
		sql_close(STEAL(y->session)); /* a database in use cannot be dropped */
		sql_run(y->admin, s->text, step_done, y);
		return;
	}
	if (!y->session || !streq(y->session_database, s->database)) {
		sql_close(y->session);
		y->session = sql_open(y->roles->pg, y->server->port, s->database);
		snprintf(y->session_database, sizeof y->session_database, "%s", s->database);
	}
	if (y->session)
		sql_run(y->session, s->text, step_done, y);
	else
		step_done(y, NULL, "out of memory");
}

/* ---- reading ---- */

static bool yes(const char *text)
{
	return streq(text, "t");
}

json_t *roles_read_role(const struct sql_rows *rows, int i)
{
	const char *verifier = sql_text(rows, i, 7), *identity = sql_text(rows, i, 8);
	const char *kind = identity			    ? "identity"
			   : !yes(sql_text(rows, i, 2)) ? "no_login"
			   : verifier			    ? "password"
							    : "no_login";

	return json_pack("{s:s,s:s?,s:s?,s:b,s:b,s:b,s:b}", "kind", kind, "identity", identity,
		"verifier", verifier, "createdb", yes(sql_text(rows, i, 3)), "createrole",
		yes(sql_text(rows, i, 4)), "bypassrls", yes(sql_text(rows, i, 5)), "super",
		yes(sql_text(rows, i, 6)));
}

static void read_rows(json_t *side, const struct sql_rows *rows)
{
	for (int i = 0; i < sql_num(rows); i++) {
		bool role = streq(sql_text(rows, i, 0), "role");
		json_t *is = role ? roles_read_role(rows, i)
				  : json_pack("{s:s,s:s}", "owner", sql_text(rows, i, 7), "oid",
					    sql_text(rows, i, 8));

		if (json_object_set_new(json_object_get(side, role ? "roles" : "databases"),
			    sql_text(rows, i, 1), is))
			return;
	}
}

static void sql_read(void *arg, const struct sql_rows *rows, const char *why)
{
	struct role_sync *y = arg;

	if (why) {
		finish(y, why);
		return;
	}
	read_rows(y->sql, rows);
	roles_compare(y);
	run_next(y);
}

static int start(const struct roles *r, struct role_sync *y, struct err *e)
{
	struct workspace *ws = app_workspace(r->pg->app, r->ws, false, e);
	const char *owner;

	if (!ws || roles_hash(r->pg, ws, r->branch, &y->hash, e))
		return -1;
	y->api = roles_of_api(r->pg, ws, r->branch, e);
	if (!y->api)
		return -1;
	y->sql = json_pack("{s:{},s:{}}", "roles", "databases");
	y->changes = json_array();
	/* what a template holds belongs to nobody yet */
	y->agreed = r->known ? json_incref(r->known)
			     : json_pack("{s:{},s:{s:{s:s}}}", "roles", "databases", FIRST_DATABASE,
				       "owner", ADMIN_ROLE);
	if (!y->sql || !y->changes || !y->agreed)
		return err_oom(e);
	owner = roles_owner(r->pg, ws, r->branch, y->api);
	snprintf(y->owner, sizeof y->owner, "%s", owner ? owner : "");
	return 0;
}

void roles_sync(struct roles *r, const struct server *server, struct sql *admin,
	void (*done)(void *arg, const char *why), void *arg)
{
	struct role_sync *y = calloc(1, sizeof *y);
	struct err e;

	if (!y) {
		done(arg, "out of memory");
		return;
	}
	STAILQ_INIT(&y->steps);
	y->roles = r;
	y->server = server;
	y->admin = admin;
	y->done = done;
	y->arg = arg;
	r->sync = y;
	if (start(r, y, &e))
		finish(y, e.message);
	else
		read_all(y, sql_read);
}
