/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who has changed what: what the API has, what SQL has, and what both had when they last agreed are
 * compared. Who differs from the last has changed it; when both do, the API is followed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory/buf.h"
#include "base/text.h"
#include "core/document/doc.h"
#include "postgres/machine/discover.h"
#include "postgres/roles/sync.h"
#include "postgres/server/server.h"
#include "postgres/server/sql.h"
#include "postgres/server/template.h"

/* ---- steps ---- */

static void add_step(struct role_sync *y, const char *database, const char *what, const char *name,
	struct buf *text)
{
	struct step *s = calloc(1, sizeof *s);

	if (s) {
		s->database = strdup(database);
		s->what = strdup(what);
		s->name = strdup(name);
		s->text = text->failed || !text->data ? NULL : strdup(text->data);
	}
	buf_done(text);
	if (s && s->database && s->what && s->name && s->text) {
		STAILQ_INSERT_TAIL(&y->steps, s, link);
		return;
	}
	snprintf(y->trouble, sizeof y->trouble, "out of memory");
	free(s);
}

void roles_step_free(struct step *s)
{
	free(s->database);
	free(s->text);
	free(s->what);
	free(s->name);
	free(s);
}

static void add_attributes(struct buf *b, const json_t *is)
{
	for (int i = 0; i < 3; i++) {
		buf_adds(b, doc_bool(is, role_attributes[i]) ? " " : " NO");
		buf_adds(b, role_attributes[i]);
	}
	if (doc_str(is, "password")) {
		buf_adds(b, " PASSWORD ");
		sql_add_literal(b, doc_str(is, "password"));
	}
}

/* The owner of the project may grant what its role has, as the service lets it. */
static void add_membership(struct role_sync *y, struct buf *b, const char *name, bool member)
{
	buf_adds(b, member ? "; GRANT databricks_superuser TO "
			   : "; REVOKE databricks_superuser FROM ");
	sql_add_name(b, name);
	if (member && streq(name, y->owner))
		buf_adds(b, " WITH ADMIN OPTION");
}

static void create_role(struct role_sync *y, const char *name, const json_t *is)
{
	bool newer = y->server->version->major >= 16;
	const char *kind = doc_str(is, "kind");
	struct buf b = {0};

	buf_adds(&b, "CREATE ROLE ");
	sql_add_name(&b, name);
	buf_adds(&b, streq(kind, "no_login") ? " NOLOGIN" : " LOGIN");
	if (streq(kind, "identity") && doc_bool(is, "super"))
		buf_adds(&b, " REPLICATION");
	add_attributes(&b, is);
	if (streq(kind, "identity")) {
		char label[64];

		snprintf(label, sizeof label, "id=%llu,type=%s",
			(unsigned long long)text_prf(0, name, 0, 0) >> 1, doc_str(is, "identity"));
		buf_adds(&b, "; COMMENT ON ROLE ");
		sql_add_name(&b, name);
		buf_adds(&b, " IS ");
		sql_add_literal(&b, label);
	}
	if (doc_bool(is, "super"))
		add_membership(y, &b, name, true);
	if (streq(name, y->owner)) {
		buf_adds(&b, "; GRANT pg_read_all_stats TO ");
		sql_add_name(&b, name);
	} else if (y->owner[0]) {
		buf_adds(&b, "; GRANT ");
		sql_add_name(&b, name);
		buf_adds(&b, " TO ");
		sql_add_name(&b, y->owner);
		buf_adds(&b, newer ? " WITH ADMIN TRUE, INHERIT FALSE, SET FALSE"
				   : " WITH ADMIN OPTION");
	}
	add_step(y, "postgres", "roles", name, &b);
}

static void alter_role(struct role_sync *y, const char *name, const json_t *is, const json_t *was)
{
	struct buf b = {0};

	buf_adds(&b, "ALTER ROLE ");
	sql_add_name(&b, name);
	add_attributes(&b, is);
	if (doc_bool(is, "super") != doc_bool(was, "super"))
		add_membership(y, &b, name, doc_bool(is, "super"));
	add_step(y, "postgres", "roles", name, &b);
}

/* What it owns there goes to its heir, if that is still there, else to the owner of the database. */
static void add_reassign(struct buf *b, const char *name, const char *heir)
{
	buf_adds(b, "DO $do$ BEGIN EXECUTE format('REASSIGN OWNED BY %I TO %I', ");
	sql_add_literal(b, name);
	buf_adds(b, ", coalesce((SELECT rolname FROM pg_roles WHERE rolname = ");
	sql_add_literal(b, heir ? heir : "");
	buf_adds(b, "), (SELECT CASE WHEN pg_get_userbyid(datdba) = ");
	sql_add_literal(b, name);
	buf_adds(b, " THEN '" ADMIN_ROLE "' ELSE pg_get_userbyid(datdba) END "
		    "FROM pg_database WHERE datname = current_database()))); END $do$; "
		    "DROP OWNED BY ");
	sql_add_name(b, name);
}

static void drop_role(struct role_sync *y, const char *name, const json_t *agreed)
{
	const char *database, *heir = doc_str(agreed, "heir");
	json_t *ignored;
	struct buf b = {0};

	json_object_foreach (json_object_get(y->sql, "databases"), database, ignored) {
		if (!json_object_get(json_object_get(y->api, "databases"), database))
			continue;
		add_reassign(&b, name, heir);
		add_step(y, database, "", "", &b);
		b = (struct buf){0};
	}
	add_reassign(&b, name, heir);
	buf_adds(&b, "; DROP ROLE ");
	sql_add_name(&b, name);
	add_step(y, "postgres", "roles", name, &b);
}

static void create_database(struct role_sync *y, const char *name, const json_t *is)
{
	struct buf b = {0};

	buf_adds(&b, "CREATE DATABASE ");
	sql_add_name(&b, name);
	buf_adds(&b, " OWNER ");
	sql_add_name(&b, doc_str(is, "owner"));
	add_step(y, "postgres", "databases", name, &b);
	b = (struct buf){0};
	buf_adds(&b, template_database_sql());
	add_step(y, name, "databases", name, &b);
}

static void alter_database(struct role_sync *y, const char *name, const json_t *is)
{
	struct buf b = {0};

	buf_adds(&b, "ALTER DATABASE ");
	sql_add_name(&b, name);
	buf_adds(&b, " OWNER TO ");
	sql_add_name(&b, doc_str(is, "owner"));
	add_step(y, "postgres", "databases", name, &b);
}

static void drop_database(struct role_sync *y, const char *name, const json_t *was)
{
	struct buf b = {0};

	buf_adds(&b, "DROP DATABASE ");
	sql_add_name(&b, name);
	buf_adds(&b, " WITH (FORCE)");
	add_step(y, "postgres", "databases", name, &b);
	b = (struct buf){0};
	buf_addf(&b, "DROP ROLE IF EXISTS databricks_writer_%s, databricks_reader_%s",
		doc_str(was, "oid"), doc_str(was, "oid"));
	add_step(y, "postgres", "", "", &b);
}

/* ---- comparing ---- */

static bool same_role(const json_t *a, const json_t *b)
{
	for (const char *const *f = role_attributes; *f; f++)
		if (doc_bool(a, *f) != doc_bool(b, *f))
			return false;
	return true;
}

static void take_over(struct role_sync *y, const char *what, const char *name, const char *how,
	const json_t *is, const json_t *api)
{
	json_auto_t *copy = json_deep_copy(is);

	if (doc_str(api, "id") &&
		json_object_set_new(copy, "id", json_string(doc_str(api, "id"))))
		return;
	if (json_array_append_new(y->changes, json_pack("{s:s,s:s,s:s,s:O}", "what", what, "name",
						      name, "do", how, "is", copy)))
		snprintf(y->trouble, sizeof y->trouble, "out of memory");
}

static void compare_role(struct role_sync *y, const char *name, const json_t *api,
	const json_t *sql, const json_t *agreed)
{
	if (api && !sql) {
		if (agreed)
			take_over(y, "role", name, "remove", api, api);
		else
			create_role(y, name, api);
	} else if (sql && !api) {
		if (agreed)
			drop_role(y, name, agreed);
		else
			take_over(y, "role", name, "add", sql, NULL);
	} else if (!api) {
		return;
	} else if (agreed && same_role(api, agreed) && !same_role(sql, agreed)) {
		take_over(y, "role", name, "change", sql, api);
	} else if (!same_role(api, sql) ||
		   (doc_str(api, "password") &&
			   !streq(doc_str(api, "password"), doc_str(agreed, "password")))) {
		alter_role(y, name, api, sql);
	}
}

static void compare_database(struct role_sync *y, const char *name, const json_t *api,
	const json_t *sql, const json_t *agreed)
{
	const char *owner = doc_str(api, "owner"), *was = doc_str(agreed, "owner");

	if (api && !sql) {
		if (agreed)
			take_over(y, "database", name, "remove", api, api);
		else
			create_database(y, name, api);
	} else if (sql && !api) {
		if (agreed)
			drop_database(y, name, sql);
		else
			take_over(y, "database", name, "add", sql, NULL);
	} else if (api && !streq(owner, doc_str(sql, "owner"))) {
		if (agreed && streq(owner, was))
			take_over(y, "database", name, "change", sql, api);
		else
			alter_database(y, name, api);
	}
}

typedef void (*compare_fn)(struct role_sync *y, const char *name, const json_t *api,
	const json_t *sql, const json_t *agreed);

static void compare(struct role_sync *y, const char *what, compare_fn one)
{
	json_t *api = json_object_get(y->api, what), *sql = json_object_get(y->sql, what);
	json_t *agreed = json_object_get(y->agreed, what);
	const char *name;
	json_t *is;

	json_object_foreach (api, name, is)
		one(y, name, is, json_object_get(sql, name), json_object_get(agreed, name));
	json_object_foreach (sql, name, is)
		if (!json_object_get(api, name))
			one(y, name, NULL, is, json_object_get(agreed, name));
}

/* Who has to be there first: roles before their databases, and databases go before their owners. */
void roles_compare(struct role_sync *y)
{
	compare(y, "roles", compare_role);
	compare(y, "databases", compare_database);
	/* dropped roles last: what they own moves with the databases */
	STAILQ_HEAD(, step) drops = STAILQ_HEAD_INITIALIZER(drops);
	struct step *s, *next;

	for (s = STAILQ_FIRST(&y->steps); s; s = next) {
		next = STAILQ_NEXT(s, link);
		if (!strstr(s->text, "DROP OWNED BY "))
			continue;
		STAILQ_REMOVE(&y->steps, s, step, link);
		STAILQ_INSERT_TAIL(&drops, s, link);
	}
	while ((s = STAILQ_FIRST(&drops))) {
		STAILQ_REMOVE_HEAD(&drops, link);
		STAILQ_INSERT_TAIL(&y->steps, s, link);
	}
}
