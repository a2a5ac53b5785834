/* SPDX-License-Identifier: Apache-2.0 */
/* Postgres roles of a branch. */
#include <string.h>

#include "base/text.h"
#include "core/resource/data_plane.h"
#include "core/resource/draft.h"
#include "resources/shared.h"

#define PASSWORD "PG_PASSWORD_SCRAM_SHA_256"
#define OAUTH "LAKEBASE_OAUTH_V1"
#define UNSPECIFIED "IDENTITY_TYPE_UNSPECIFIED"

static const char *const auth_methods[] = { OAUTH, "NO_LOGIN", PASSWORD, NULL };
static const char *const identity_types[] = { "GROUP", "SERVICE_PRINCIPAL", "USER", NULL };
/* the service shows this where none was given; no SDK lists it */
static const char *const shown_identity_types[] = { "GROUP", "SERVICE_PRINCIPAL", "USER", UNSPECIFIED,
	NULL };
static const char *const memberships[] = { "DATABRICKS_SUPERUSER", NULL };

static const struct field attribute_fields[] = {
	{ "bypassrls", T_BOOL, 0, VERIFIED, .doc = "May bypass row-level security." },
	{ "createdb", T_BOOL, 0, VERIFIED, .doc = "May create databases." },
	{ "createrole", T_BOOL, 0, VERIFIED, .doc = "May create roles." },
	{ 0 },
};
static const struct message attributes = { "RoleAttributes", attribute_fields };

static const struct field spec_fields[] = {
	{ "attributes", T_MESSAGE, F_ALONE, &attributes, VERIFIED, .doc = "Merged leaf by leaf." },
	{ "auth_method", T_ENUM, F_IMMUTABLE, .choices = auth_methods, VERIFIED,
		.doc = "A password without an identity, else OAuth; `NO_LOGIN` is refused." },
	{ "identity_type", T_ENUM, F_IMMUTABLE, .choices = identity_types, VERIFIED,
		.doc = "What kind of Databricks identity it stands for." },
	{ "membership_roles", T_ENUM, F_LIST, .choices = memberships, VERIFIED, .doc = "Replaced as a whole." },
	{ "postgres_role", T_STRING, F_IMMUTABLE, .shape = SHAPE_PG_NAME, VERIFIED, .doc = "Its name in Postgres, at most 63 bytes; the role id when omitted." },
	{ 0 },
};
const struct message role_spec = { "RoleRoleSpec", spec_fields };

static const struct field status_fields[] = {
	{ "attributes", T_MESSAGE, F_OUTPUT, &attributes, VERIFIED, .doc = "Always present." },
	{ "auth_method", T_ENUM, F_OUTPUT, .choices = auth_methods, VERIFIED, .doc = "How it logs in." },
	{ "identity_type", T_ENUM, F_OUTPUT, .choices = shown_identity_types, VERIFIED,
		.doc = "`IDENTITY_TYPE_UNSPECIFIED` when it stands for none." },
	{ "membership_roles", T_ENUM, F_LIST | F_OUTPUT, .choices = memberships, VERIFIED, .doc = "Absent when there are none." },
	{ "postgres_role", T_STRING, F_OUTPUT, VERIFIED, .doc = "Its name in Postgres." },
	{ "role_id", T_STRING, F_OUTPUT, VERIFIED, .doc = "The id again." },
	{ 0 },
};
static const struct message status_message = { "RoleRoleStatus", status_fields };

static const struct field fields[] = {
	FIELD_CREATE_TIME,
	FIELD_NAME,
	FIELD_PARENT,
	{ "role_id", T_STRING, F_OUTPUT, VERIFIED, .doc = "The id." },
	FIELD_SPEC(&role_spec, VERIFIED),
	FIELD_STATUS(&status_message, VERIFIED),
	FIELD_UPDATE_TIME,
	{ 0 },
};
static const struct message message = { "Role", fields };

static int fill_new(struct draft *d, struct err *e)
{
	json_t *s = d->status;
	const char *identity = doc_str(s, "identity_type"), *name = doc_str(s, "postgres_role");
	int bad = 0;

	if (!doc_str(s, "auth_method"))
		bad |= doc_set_str(s, "auth_method", identity ? OAUTH : PASSWORD);
	if (!identity)
		bad |= doc_set_str(s, "identity_type", UNSPECIFIED);
	if (!name || !name[0])
		bad |= doc_set_str(s, "postgres_role", d->id);
	return bad ? err_oom(e) : 0;
}

/* The id may have become the name. */
static int check_name(struct draft *d, struct err *e)
{
	if (d->implicit)
		return 0;
	return shape_check(
		SHAPE_PG_NAME, "spec.postgres_role", doc_str(d->status, "postgres_role"), e);
}

struct membership {
	const char *group;
	bool found;
};

static int look_for_group(void *arg, const struct object *o)
{
	struct membership *m = arg;
	struct arena scraps = { 0 };
	struct err ignored;
	json_t *doc, *groups;

	if (doc_load(&doc, o->doc, &scraps, &ignored))
		return 0;
	groups = doc_at(doc, "groups");
	for (size_t i = 0; i < json_array_size(groups); i++)
		m->found |= streq(json_string_value(json_array_get(groups, i)), m->group);
	arena_done(&scraps);
	return m->found;
}

/* 1: some principal is in that group, 0: none, -1. */
static int find_group(struct ctx *c, const char *group, struct err *e)
{
	const struct page_query q = { .parent = "principals", .kind = "principal", .limit = INT64_MAX };
	struct membership m = { group, streq(group, "users") || streq(group, "admins") };

	if (!m.found && store_page(c->world->store, c->ws->state, &q, look_for_group, &m, e))
		return -1;
	return m.found;
}

/* Known principals only where fixtures list any; otherwise every identity is believed. */
static int check_identity(struct ctx *c, struct draft *d, struct err *e)
{
	const char *identity = doc_str(d->status, "identity_type");
	const char *who = doc_str(d->status, "postgres_role");
	int64_t listed;
	struct object o;
	int found;

	if (d->implicit || streq(identity, UNSPECIFIED))
		return 0;
	if (store_count(c->world->store, c->ws->state, "principals", "principal", 1, &listed, e))
		return -1;
	if (!listed)
		return 0;
	found = streq(identity, "GROUP")
			? find_group(c, who, e)
			: store_get(c->world->store, c->ws->state,
				  arena_join(c->arena, "principals/", who, NULL), c->arena, &o, e);
	if (found < 0)
		return -1;
	return found ? 0 : err_say(e, SAY_ROLE_IDENTITY, who);
}

static int refuse_taken(struct ctx *c, struct draft *d, struct err *e)
{
	int taken;

	if (streq(doc_str(d->status, "auth_method"), "NO_LOGIN"))
		return err_say(e, SAY_ROLE_NO_LOGIN);
	if (d->implicit) /* the first of a new branch */
		return 0;
	taken = sibling_with(c, &role_resource, d->parent, d->name, "postgres_role",
		doc_str(d->status, "postgres_role"), e);
	if (taken)
		return taken == 1 ? err_say(e, SAY_ROLE_EXISTS) : -1;
	return check_identity(c, d, e);
}

static int make_password(struct ctx *c, struct draft *d, struct err *e)
{
	if (!streq(doc_str(d->status, "auth_method"), PASSWORD))
		return 0;
	return doc_set_str(d->aux, "password", ctx_slug(c, "mockpw", d->seq)) ? err_oom(e) : 0;
}

/* With `spec` alone, memberships that the request leaves out are cleared; so with a replace. */
static void clear_memberships(struct draft *d)
{
	const json_t *spec = json_object_get(d->body, "spec");
	bool whole = d->mask ? mask_has_spec(d->mask) && mask_len(d->mask) == 1 : !d->creating;

	if (whole && !json_object_get(spec, "membership_roles"))
		doc_unset(d->status, "membership_roles");
}

/* `*`, or `spec` next to other paths, wants all three attributes. */
static int need_attributes(struct draft *d, struct err *e)
{
	bool all = d->mask && (mask_names(d->mask, "*") ||
				      (mask_has_spec(d->mask) && mask_len(d->mask) > 1));

	for (const struct field *f = attribute_fields; all && f->name; f++) {
		char path[64] = "spec.attributes.";

		strncat(path, f->name, sizeof path - sizeof "spec.attributes.");
		if (!doc_at(d->body, path))
			return err_say(e, SAY_MASK_MISSING, path);
	}
	return 0;
}

static int settle(struct ctx *c, struct draft *d, struct err *e)
{
	json_t *has;

	if (d->creating &&
		(fill_new(d, e) || check_name(d, e) || refuse_taken(c, d, e) ||
			make_password(c, d, e)))
		return -1;
	if (need_attributes(d, e))
		return -1;
	if (!d->implicit)
		clear_memberships(d);
	has = doc_object(d->status, "attributes");
	for (const struct field *f = attribute_fields; f->name; f++)
		if (!doc_at(has, f->name) && doc_set_bool(has, f->name, false))
			return err_oom(e);
	return 0;
}

/* ---- deletion ---- */

struct move {
	const char *from, *to; /* to NULL: refuse instead */
};

static int move_database(struct ctx *c, struct draft *d, void *arg, struct err *e)
{
	const struct move *m = arg;

	if (!streq(doc_str(d->status, "role"), m->from))
		return 0;
	if (!m->to)
		return err_say(e, SAY_ROLE_OWNS, m->from);
	if (doc_set_str(d->status, "role", m->to))
		return err_oom(e);
	return draft_store(c, d, e);
}

static int deletable(
	struct ctx *c, struct draft *d, bool purge, const char *reassign, struct err *e)
{
	bool moves = reassign && reassign[0] && !streq(reassign, d->name);
	struct move m = { d->name, moves ? reassign : NULL };
	struct draft heir;
	int found;

	(void)purge;
	if (moves) {
		found = draft_load(c, &role_resource, m.to, &heir, e);
		if (found < 0)
			return -1;
		if (!found || !streq(heir.parent, d->parent))
			return err_say(e, SAY_ROLE_REF_NOT_FOUND, name_id(m.to), ctx_trace(c));
	}
	if (resource_each_child(c, &database_resource, d->parent, move_database, &m, e))
		return -1;
	data_plane_bequeath(c, d, moves ? &heir : NULL);
	return 0;
}

static const struct field memory_fields[] = {
	{ "password", T_STRING },
	{ 0 },
};
static const struct message memory = { "memory", memory_fields };

const struct resource role_resource = {
	.kind = "role",
	.label = "role",
	.collection = "roles",
	.noun = "Role",
	.plural = "Roles",
	.id_field = "role_id",
	.id_prefix = "rol",
	.parent = &branch_resource,
	.message = &message,
	.spec = &role_spec,
	.status = &status_message,
	.verbs = VERB_CREATE | VERB_GET | VERB_LIST | VERB_UPDATE | VERB_DELETE,
	.flags = R_REPLACE | R_ID_OPTIONAL | R_USE_SUFFICES | R_NEEDS_BODY,
	.id_rule = ID_LETTER,
	.evidence = EVIDENCE_VERIFIED,
	.exists = SAY_ROLE_EXISTS,
	.quota = SETTING_MAX_ROLES,
	.quota_noun = "roles on the branch",
	.default_page = 100,
	.max_page = 1000,
	.settle = settle,
	.deletable = deletable,
	.memory = &memory,
};
