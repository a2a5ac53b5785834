/* SPDX-License-Identifier: Apache-2.0 */
/* The API's half of roles and databases. */
#include <string.h>

#include "base/text.h"
#include "core/resource/draft.h"
#include "postgres/inside.h"
#include "postgres/roles/sync.h"
#include "postgres/server/template.h"

#define PASSWORD "PG_PASSWORD_SCRAM_SHA_256"
#define OAUTH "LAKEBASE_OAUTH_V1"

const char *const role_attributes[] = {"createdb", "createrole", "bypassrls", "super", NULL};

struct reading {
	json_t *side;
	struct arena arena;
	struct err *e;
	bool failed;
};

static json_t *role_json(const char *name, const json_t *doc, const json_t *aux)
{
	const char *method = doc_str(doc, "status.auth_method");
	json_t *is = json_pack("{s:s,s:s,s:s?,s:b,s:b,s:b,s:b}", "id", name, "kind",
		streq(method, OAUTH)	  ? "identity"
		: streq(method, PASSWORD) ? "password"
					  : "no_login",
		"identity", doc_str(doc, "status.identity_type"), "createdb",
		doc_bool(doc, "status.attributes.createdb"), "createrole",
		doc_bool(doc, "status.attributes.createrole"), "bypassrls",
		doc_bool(doc, "status.attributes.bypassrls"), "super",
		json_array_size(doc_at(doc, "status.membership_roles")) > 0);

	if (is && doc_str(aux, "password") &&
		json_object_set_new(is, "password", json_string(doc_str(aux, "password"))))
		return NULL;
	return is;
}

static json_t *database_json(const char *name, const json_t *doc, const json_t *side)
{
	const char *owner = doc_str(doc, "status.role"), *pg_name = NULL, *key;
	json_t *role;

	json_object_foreach (json_object_get(side, "roles"), key, role)
		if (streq(doc_str(role, "id"), owner))
			pg_name = key;
	return json_pack("{s:s,s:s}", "id", name, "owner", pg_name ? pg_name : ADMIN_ROLE);
}

static int add_object(void *arg, const struct object *o)
{
	struct reading *r = arg;
	bool role = streq(o->kind, "role");
	json_t *doc, *aux = NULL, *is;
	const char *name;

	r->failed = doc_load(&doc, o->doc, &r->arena, r->e) ||
		    (o->aux && doc_load(&aux, o->aux, &r->arena, r->e));
	if (r->failed)
		return 1;
	name = doc_str(doc, role ? "status.postgres_role" : "status.postgres_database");
	is = role ? role_json(o->name, doc, aux) : database_json(o->name, doc, r->side);
	r->failed = !name || !is ||
		    json_object_set_new(
			    json_object_get(r->side, role ? "roles" : "databases"), name, is);
	if (r->failed)
		err_oom(r->e);
	return r->failed;
}

static int read_kind(struct pg *pg, struct workspace *ws, const char *branch, const char *kind,
	struct reading *r)
{
	const struct page_query q = {.parent = branch, .kind = kind, .limit = INT64_MAX};

	if (store_page(pg->app->world.store, ws->state, &q, add_object, r, r->e))
		r->failed = true;
	return r->failed ? -1 : 0;
}

json_t *roles_of_api(struct pg *pg, struct workspace *ws, const char *branch, struct err *e)
{
	json_auto_t *side = json_pack("{s:{},s:{}}", "roles", "databases");
	struct reading r = {.side = side, .e = e};
	int rc = side ? read_kind(pg, ws, branch, "role", &r) ||
				read_kind(pg, ws, branch, "database", &r)
		      : err_oom(e);

	arena_done(&r.arena);
	return rc ? NULL : STEAL(side);
}

const char *roles_owner(struct pg *pg, struct workspace *ws, const char *branch, const json_t *side)
{
	struct arena arena = {0};
	struct ctx c = app_ctx(pg->app, ws, &arena);
	const struct resource *res = resource_by_kind(&pg->app->world, "project");
	const char *found = NULL, *key;
	struct draft d;
	struct err e;
	json_t *role;

	if (draft_load(&c, res, name_project(&c, branch), &d, &e) == 1)
		json_object_foreach (json_object_get(side, "roles"), key, role)
			if (streq(key, doc_str(d.status, "owner")))
				found = key;
	arena_done(&arena);
	return found;
}

/* ---- hash ---- */

struct hashing {
	uint64_t at;
};

static int hash_object(void *arg, const struct object *o)
{
	struct hashing *h = arg;

	h->at = text_prf(h->at, o->doc, 0, 0);
	if (o->aux)
		h->at = text_prf(h->at, o->aux, 0, 0);
	return 0;
}

int roles_hash(struct pg *pg, struct workspace *ws, const char *branch, uint64_t *ret, struct err *e)
{
	static const char *const kinds[] = {"role", "database"};
	struct hashing h = {1};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct page_query q = {
			.parent = branch, .kind = kinds[i], .limit = INT64_MAX};

		if (store_page(pg->app->world.store, ws->state, &q, hash_object, &h, e))
			return -1;
	}
	*ret = h.at;
	return 0;
}

bool roles_stale(const struct roles *r)
{
	struct workspace *ws;
	uint64_t hash;
	struct err e;

	ws = app_workspace(r->pg->app, r->ws, false, &e);
	return ws && !roles_hash(r->pg, ws, r->branch, &hash, &e) && hash != r->synced;
}

/* ---- from SQL ---- */

struct taking {
	struct ctx c;
	const char *branch;
	json_t *side; /* the API's, as it was */
};

/* "rol-1a2b-3c4d5e6f70", as the service names what SQL has made. */
static const char *made_id(struct ctx *c, const struct resource *res)
{
	uint64_t n = text_prf(c->world->seed, res->kind, (uint64_t)c->ws->seq, 9);

	return arena_printf(c->arena, "%s-%04x-%010llx", res->id_prefix,
		(unsigned)(n >> 48 & 0xffff), (unsigned long long)(n & 0xffffffffff));
}

static int fill_role(struct draft *d, const char *name, const json_t *is, struct err *e)
{
	const char *kind = doc_str(is, "kind");
	int bad = 0;

	if (d->creating) {
		bad |= doc_set_str(d->status, "postgres_role", name);
		bad |= doc_set_str(d->status, "auth_method",
			streq(kind, "identity")	  ? OAUTH
			: streq(kind, "password") ? PASSWORD
						  : "NO_LOGIN");
		bad |= doc_set_str(d->status, "identity_type",
			streq(kind, "identity") ? doc_str(is, "identity")
						: "IDENTITY_TYPE_UNSPECIFIED");
		bad |= doc_set_bool(d->aux, "sql", true);
	}
	for (int i = 0; i < 3; i++) {
		char path[64] = "attributes.";

		strncat(path, role_attributes[i], sizeof path - sizeof "attributes.");
		bad |= doc_set_bool(d->status, path, doc_bool(is, role_attributes[i]));
	}
	if (doc_bool(is, "super"))
		bad |= doc_set(d->status, "membership_roles",
			json_pack("[s]", "DATABRICKS_SUPERUSER"));
	else
		doc_unset(d->status, "membership_roles");
	return bad ? err_oom(e) : 0;
}

static int fill_database(
	struct taking *t, struct draft *d, const char *name, const json_t *is, struct err *e)
{
	const struct resource *res = resource_by_kind(t->c.world, "role");
	const char *owner = doc_str(is, "owner"), *id = NULL;
	json_auto_t *side = json_pack("{s:O}", "roles", json_object_get(t->side, "roles"));
	json_t *role = doc_at(side, "roles");
	int bad = 0;

	role = owner ? json_object_get(role, owner) : NULL;
	id = doc_str(role, "id");
	if (d->creating) {
		bad |= doc_set_str(d->status, "postgres_database", name);
		bad |= doc_set_bool(d->aux, "sql", true);
	}
	(void)res;
	if (id)
		bad |= doc_set_str(d->status, "role", id);
	return bad ? err_oom(e) : 0;
}

static int add_or_change(struct taking *t, const json_t *change, struct err *e)
{
	const char *what = doc_str(change, "what"), *name = doc_str(change, "name");
	const struct resource *res = resource_by_kind(t->c.world, what);
	const json_t *is = json_object_get(change, "is");
	const char *id = doc_str(is, "id");
	struct draft d;
	int rc;

	if (streq(doc_str(change, "do"), "add")) {
		if (draft_new(&t->c, res, t->branch, made_id(&t->c, res), &d, e))
			return -1;
	} else {
		rc = id ? draft_load(&t->c, res, id, &d, e) : 0;
		if (rc != 1)
			return rc;
		if (draft_touch(&t->c, &d, e))
			return -1;
	}
	rc = streq(what, "role") ? fill_role(&d, name, is, e) : fill_database(t, &d, name, is, e);
	if (rc || draft_store(&t->c, &d, e))
		return -1;
	if (!streq(what, "role"))
		return 0;
	/* a database that comes later may be owned by it */
	return json_object_set_new(json_object_get(t->side, "roles"), name,
		       json_pack("{s:s}", "id", d.name))
		       ? err_oom(e)
		       : 0;
}

static int take_all(struct taking *t, const json_t *changes, struct err *e)
{
	json_t *change;
	size_t i;

	json_array_foreach (changes, i, change) {
		const char *id = doc_str(change, "is.id");

		if (!streq(doc_str(change, "do"), "remove")) {
			if (add_or_change(t, change, e))
				return -1;
		} else if (id && resource_remove(&t->c, id, e)) {
			return -1;
		}
	}
	return 0;
}

int roles_to_api(struct pg *pg, struct workspace *ws, const char *branch, const json_t *changes,
	struct err *e)
{
	json_auto_t *side = NULL;
	struct arena arena = {0};
	struct taking t;
	int rc;

	if (!json_array_size(changes))
		return 0;
	side = roles_of_api(pg, ws, branch, e);
	if (!side || app_begin(pg->app, ws, e))
		return -1;
	t = (struct taking){app_ctx(pg->app, ws, &arena), branch, side};
	rc = app_end(pg->app, ws, take_all(&t, changes, e), e);
	arena_done(&arena);
	return rc;
}
