/* SPDX-License-Identifier: Apache-2.0 */
/* The Permissions API for projects: /api/2.0/permissions/database-projects/{project_id}. */
#include "core/resource/permission.h"

#include <string.h>

#include "api/handlers.h"
#include "base/text.h"

static const char *const levels[] = { "CAN_CREATE", "CAN_MANAGE", "CAN_USE", NULL };
static const char *const principals[] = { "user_name", "group_name", "service_principal_name" };

static const struct field entry_fields[] = {
	{ "group_name", T_STRING, 0, .evidence = EVIDENCE_TYPED, .doc = "A group." },
	{ "permission_level", T_ENUM, 0, .choices = levels, .evidence = EVIDENCE_DOCUMENTED,
		.doc = "CAN_USE or CAN_MANAGE; CAN_CREATE is only inherited." },
	{ "service_principal_name", T_STRING, 0, .evidence = EVIDENCE_TYPED, .doc = "An application id." },
	{ "user_name", T_STRING, 0, .evidence = EVIDENCE_TYPED, .doc = "A user." },
	{ 0 },
};
static const struct message entry_message = { "AccessControlRequest", entry_fields };

static const struct field set_fields[] = {
	{ "access_control_list", T_MESSAGE, F_LIST, &entry_message, .evidence = EVIDENCE_TYPED,
		.doc = "The entries." },
	{ 0 },
};
static const struct message set_message = { "SetObjectPermissions", set_fields };
static const struct message update_message = { "UpdateObjectPermissions", set_fields };

static const struct field permission_fields[] = {
	{ "inherited", T_BOOL, 0, .evidence = EVIDENCE_TYPED, .doc = "Whether it is inherited." },
	{ "inherited_from_object", T_STRING, F_LIST, .evidence = EVIDENCE_TYPED, .doc = "From where." },
	{ "permission_level", T_ENUM, 0, .choices = levels, .evidence = EVIDENCE_TYPED, .doc = "The level." },
	{ 0 },
};
static const struct message permission_message = { "Permission", permission_fields };

static const struct field shown_fields[] = {
	{ "all_permissions", T_MESSAGE, F_LIST, &permission_message, .evidence = EVIDENCE_TYPED,
		.doc = "What the principal may do." },
	{ "display_name", T_STRING, 0, .evidence = EVIDENCE_TYPED, .doc = "Absent for groups." },
	{ "group_name", T_STRING, 0, .evidence = EVIDENCE_TYPED, .doc = "A group." },
	{ "service_principal_name", T_STRING, 0, .evidence = EVIDENCE_TYPED, .doc = "An application id." },
	{ "user_name", T_STRING, 0, .evidence = EVIDENCE_TYPED, .doc = "A user." },
	{ 0 },
};
static const struct message shown_message = { "AccessControlResponse", shown_fields };

static const struct field object_fields[] = {
	{ "access_control_list", T_MESSAGE, F_LIST, &shown_message, .evidence = EVIDENCE_TYPED,
		.doc = "One entry for each principal, those with direct permissions first." },
	{ "object_id", T_STRING, 0, .evidence = EVIDENCE_TYPED, .doc = "/database-projects/{project_id}" },
	{ "object_type", T_STRING, 0, .evidence = EVIDENCE_VERIFIED, .doc = "database-projects" },
	{ 0 },
};
static const struct message object_message = { "ObjectPermissions", object_fields };

static const struct field description_fields[] = {
	{ "description", T_STRING, 0, .evidence = EVIDENCE_INVENTED, .doc = "A name for people." },
	{ "permission_level", T_ENUM, 0, .choices = levels, .evidence = EVIDENCE_TYPED, .doc = "The level." },
	{ 0 },
};
static const struct message description_message = { "PermissionsDescription", description_fields };

static const struct field levels_fields[] = {
	{ "permission_levels", T_MESSAGE, F_LIST, &description_message, .evidence = EVIDENCE_TYPED,
		.doc = "The levels that exist." },
	{ 0 },
};
static const struct message levels_message = { "GetPermissionLevelsResponse", levels_fields };

/* ---- the project ---- */

struct search {
	const char *uid, *name;
	struct arena *arena;
};

static int match_uid(void *arg, const struct object *o)
{
	struct search *s = arg;

	if (!strstr(o->doc, s->uid))
		return 0;
	s->name = arena_strdup(s->arena, o->name);
	return 1;
}

/* Older documents show the project's uid in this path, newer ones its id: both work. */
static int find_project(struct call *call, const char **ret, struct err *e)
{
	struct ctx *c = &call->ctx;
	const char *id = call_arg(call, "project_id");
	struct search s = { .uid = arena_printf(c->arena, "\"uid\":\"%s\"", id), .arena = c->arena };
	struct page_query q = { .parent = "", .kind = "project", .limit = INT64_MAX };
	enum level level = LEVEL_NONE;
	struct object o;
	int found;

	*ret = arena_printf(c->arena, "projects/%s", id);
	found = store_get(c->world->store, c->ws->state, *ret, c->arena, &o, e);
	if (found < 0)
		return -1;
	if (!found && strlen(id) == 36) {
		if (store_page(c->world->store, c->ws->state, &q, match_uid, &s, e))
			return -1;
		if (s.name) {
			*ret = s.name;
			found = 1;
		}
	}
	if (found && permission_level(c, *ret, &level, e))
		return -1;
	return level >= LEVEL_CAN_USE ? 0 : err_say(e, SAY_ACL_PROJECT, id);
}

/* The stored entries; a fresh empty list when there are none. */
static int load(struct ctx *c, const char *project, struct object *o, json_t **doc, struct err *e)
{
	int found;

	*o = (struct object){ .name = arena_printf(c->arena, "permissions/%s", project),
		.kind = "permission", .parent = "", .due = USEC_NEVER };
	found = store_get(c->world->store, c->ws->state, o->name, c->arena, o, e);
	if (found < 0)
		return -1;
	if (found)
		return doc_load(doc, o->doc, c->arena, e);
	o->seq = ctx_seq(c);
	*doc = arena_own(c->arena, json_pack("{s:[]}", "entries"), doc_free);
	return *doc ? 0 : err_oom(e);
}

/* ---- showing ---- */

static json_t *find_entry(json_t *entries, const char *key, const char *who)
{
	for (size_t i = 0; i < json_array_size(entries); i++)
		if (streq(doc_str(json_array_get(entries, i), key), who))
			return json_array_get(entries, i);
	return NULL;
}

/* A principal is one entry, whatever it has and wherever from. */
static json_t *principal(json_t *list, const char *key, const char *who, bool seen)
{
	json_t *entry = seen ? find_entry(list, key, who) : NULL;

	if (entry)
		return entry;
	entry = json_pack(streq(key, "group_name") ? "{s:[],s:s}" : "{s:[],s:s,s:s}", "all_permissions",
		key, who, "display_name", who);
	return json_array_append_new(list, entry) ? NULL : entry;
}

static int add(json_t *list, const char *key, const char *who, const char *level, const char *from)
{
	json_t *permission = json_pack(from ? "{s:s,s:b,s:[s]}" : "{s:s,s:b}", "permission_level", level,
		"inherited", from != NULL, "inherited_from_object", from);

	return json_array_append_new(
		json_object_get(principal(list, key, who, from), "all_permissions"), permission);
}

static int show(struct call *call, const char *project, const json_t *doc, struct err *e)
{
	json_t *list = json_array(), *entries = json_object_get(doc, "entries");
	const char *id = name_id(project);
	int bad = 0;

	for (size_t i = 0; i < json_array_size(entries); i++) {
		const json_t *entry = json_array_get(entries, i);

		for (size_t k = 0; k < ARRAY_SIZE(principals); k++)
			if (doc_str(entry, principals[k]))
				bad |= add(list, principals[k], doc_str(entry, principals[k]),
					doc_str(entry, "permission_level"), NULL);
	}
	bad |= add(list, "group_name", "admins", "CAN_MANAGE", "/database-projects/") ||
	       add(list, "group_name", "users", "CAN_CREATE", "/database-projects/");
	if (bad) {
		json_decref(list); /* allowed: nobody else has it yet */
		return err_oom(e);
	}
	return call_reply(call,
		json_pack("{s:o,s:s,s:s}", "access_control_list", list, "object_id",
			arena_printf(call->ctx.arena, "/database-projects/%s", id), "object_type",
			"database-projects"),
		e);
}

static int get_permissions(struct call *call, struct err *e)
{
	const char *project;
	struct object o;
	json_t *doc;

	if (find_project(call, &project, e) || load(&call->ctx, project, &o, &doc, e))
		return -1;
	return show(call, project, doc, e);
}

/* ---- changing ---- */

/* The one principal of a request's entry. */
static int entry_principal(const json_t *entry, const char **key, const char **who, struct err *e)
{
	int n = 0;

	for (size_t k = 0; k < ARRAY_SIZE(principals); k++) {
		const char *v = doc_str(entry, principals[k]);

		if (v && v[0]) {
			*key = principals[k];
			*who = v;
			n++;
		}
	}
	return n == 1 ? 0 : err_say(e, SAY_ACL_PRINCIPAL);
}

/* The entries by their principals, so that a long list is not looked through for each of its own. */
static const char *place_of(struct ctx *c, const char *key, const char *who)
{
	return arena_printf(c->arena, "%s %s", key, who);
}

static int index_entry(struct ctx *c, json_t *index, json_t *entry, const char *key,
	const char *who, struct err *e)
{
	const char *place = place_of(c, key, who);

	return place && !json_object_set(index, place, entry) ? 0 : err_oom(e);
}

static int index_entries(struct ctx *c, json_t *index, const json_t *entries, struct err *e)
{
	for (size_t i = 0; i < json_array_size(entries); i++) {
		json_t *entry = json_array_get(entries, i);

		for (size_t k = 0; k < ARRAY_SIZE(principals); k++)
			if (doc_str(entry, principals[k]) &&
				index_entry(c, index, entry, principals[k],
					doc_str(entry, principals[k]), e))
				return -1;
	}
	return 0;
}

static int add_entry(struct ctx *c, json_t *entries, json_t *index, const char *key,
	const char *who, const char *level, struct err *e)
{
	json_t *entry = json_pack("{s:s,s:s}", key, who, "permission_level", level);

	if (json_array_append_new(entries, entry))
		return err_oom(e);
	return index_entry(c, index, entry, key, who, e);
}

/* An entry is added; a level that is there already is never lowered. */
static int grant(
	struct ctx *c, json_t *entries, json_t *index, const json_t *entry, struct err *e)
{
	const char *level = doc_str(entry, "permission_level"), *key = NULL, *who = NULL;
	json_t *old;

	if (entry_principal(entry, &key, &who, e))
		return -1;
	if (!level)
		return err_say(e, SAY_REQUIRED, "access_control_list.permission_level");
	if (streq(level, "CAN_CREATE"))
		return err_say(e, SAY_CAN_CREATE);
	old = json_object_get(index, place_of(c, key, who));
	if (!old)
		return add_entry(c, entries, index, key, who, level, e);
	if (level_parse(level) <= level_parse(doc_str(old, "permission_level")))
		return 0;
	return doc_set_str(old, "permission_level", level) ? err_oom(e) : 0;
}

static int change(struct call *call, bool replace, struct err *e)
{
	struct ctx *c = &call->ctx;
	json_t *doc, *entries, *asked = doc_at(call->params.body, "access_control_list");
	json_auto_t *index = json_object();
	const char *project;
	struct object o;

	if (find_project(call, &project, e) ||
		permission_need(c, project, LEVEL_CAN_MANAGE, e) || load(c, project, &o, &doc, e))
		return -1;
	entries = json_object_get(doc, "entries");
	if (replace)
		json_array_clear(entries);
	if (index_entries(c, index, entries, e))
		return -1;
	for (size_t i = 0; i < json_array_size(asked); i++)
		if (grant(c, entries, index, json_array_get(asked, i), e))
			return -1;
	o.doc = doc_text(doc, c->arena);
	if (!o.doc)
		return err_oom(e);
	if (store_put(c->world->store, c->ws->state, &o, e))
		return -1;
	return show(call, project, doc, e);
}

static int update_permissions(struct call *call, struct err *e)
{
	return change(call, false, e);
}

static int set_permissions(struct call *call, struct err *e)
{
	return change(call, true, e);
}

static int get_levels(struct call *call, struct err *e)
{
	const char *project;

	if (find_project(call, &project, e))
		return -1;
	return call_reply(call,
		json_pack("{s:[{s:s,s:s},{s:s,s:s}]}", "permission_levels", "permission_level",
			"CAN_USE", "description",
			"Can see the project, connect to it, make roles and databases",
			"permission_level", "CAN_MANAGE", "description",
			"Can do everything with the project"),
		e);
}

#define PATH "/api/2.0/permissions/database-projects/{project_id}"

const struct route permission_routes[] = {
	{ "GetPermissions", "GET", PATH, get_permissions, .reply = &object_message,
		.evidence = EVIDENCE_TYPED, .doc = "Lists direct and inherited entries." },
	{ "UpdatePermissions", "PATCH", PATH, update_permissions, .body = &update_message,
		.reply = &object_message, .flags = ROUTE_MUTATES, .evidence = EVIDENCE_DOCUMENTED,
		.doc = "Adds entries; never lowers a level." },
	{ "SetPermissions", "PUT", PATH, set_permissions, .body = &set_message,
		.reply = &object_message, .flags = ROUTE_MUTATES, .evidence = EVIDENCE_DOCUMENTED,
		.doc = "Replaces the direct entries; inherited ones stay." },
	{ "GetPermissionLevels", "GET", PATH "/permissionLevels", get_levels,
		.reply = &levels_message, .evidence = EVIDENCE_TYPED,
		.doc = "The levels that can be granted." },
	{ 0 },
};
