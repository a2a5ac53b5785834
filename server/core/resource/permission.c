/* SPDX-License-Identifier: Apache-2.0 */
#include "core/resource/permission.h"

#include "base/text.h"
#include "core/document/doc.h"
#include "core/wording/wording.h"

static const char *const levels[] = { "CAN_MANAGE", "CAN_USE", NULL };
static const struct field entry_fields[] = {
	{ "group_name", T_STRING, .oneof = "principal" },
	{ "permission_level", T_ENUM, .choices = levels },
	{ "service_principal_name", T_STRING, .oneof = "principal" },
	{ "user_name", T_STRING, .oneof = "principal" },
	{ 0 },
};
static const struct message entry_message = { "entry", entry_fields };
static const struct field stored_fields[] = {
	{ "entries", T_MESSAGE, F_LIST, &entry_message },
	{ 0 },
};
const struct message permission_stored = { "permission", stored_fields };

static const char *object_name(struct ctx *c, const char *project)
{
	return arena_join(c->arena, "permissions/", project, NULL);
}

bool caller_in_group(const struct caller *who, const char *group)
{
	if (streq(group, "users"))
		return true;
	for (const char *const *g = who->groups; g && *g; g++)
		if (streq(*g, group))
			return true;
	return false;
}

/* Does this direct entry speak of the caller? */
static bool concerns(const struct caller *who, const json_t *entry)
{
	const char *group = doc_str(entry, "group_name");

	if (who->kind == CALLER_USER && streq(doc_str(entry, "user_name"), who->name))
		return true;
	if (who->kind == CALLER_SP && streq(doc_str(entry, "service_principal_name"), who->name))
		return true;
	return group && caller_in_group(who, group);
}

enum level level_parse(const char *s)
{
	return streq(s, "CAN_MANAGE")   ? LEVEL_CAN_MANAGE
	       : streq(s, "CAN_USE")    ? LEVEL_CAN_USE
	       : streq(s, "CAN_CREATE") ? LEVEL_CAN_CREATE
					: LEVEL_NONE;
}

bool caller_is_admin(const struct ctx *c)
{
	return !c->caller || c->caller->admin;
}

int permission_level(struct ctx *c, const char *project, enum level *ret, struct err *e)
{
	struct object o;
	json_t *doc;
	int found;

	*ret = LEVEL_CAN_MANAGE;
	if (caller_is_admin(c))
		return 0;
	*ret = LEVEL_CAN_CREATE; /* every user of the workspace inherits it */
	found = store_get(c->world->store, c->ws->state, object_name(c, project), c->arena,
		&o, e);
	if (found <= 0)
		return found;
	if (doc_load(&doc, o.doc, c->arena, e))
		return -1;
	for (size_t i = 0; i < json_array_size(json_object_get(doc, "entries")); i++) {
		const json_t *entry = json_array_get(json_object_get(doc, "entries"), i);
		enum level level = level_parse(doc_str(entry, "permission_level"));

		if (concerns(c->caller, entry))
			*ret = level > *ret ? level : *ret;
	}
	return 0;
}

int permission_need(struct ctx *c, const char *project, enum level need, struct err *e)
{
	enum level level;

	if (!project[0])
		return 0;
	if (permission_level(c, project, &level, e))
		return -1;
	if (level < LEVEL_CAN_USE)
		return err_say(e, SAY_PROJECT_NOT_FOUND, project);
	if (level >= need)
		return 0;
	return err_say(e, SAY_NEEDS_MANAGE, c->caller->name, project + sizeof "projects/" - 1);
}

int permission_created(struct ctx *c, const char *project, struct err *e)
{
	struct buf doc = { .arena = c->arena };
	struct object o = { .name = object_name(c, project), .kind = "permission", .parent = "",
		.seq = ctx_seq(c), .due = USEC_NEVER };

	if (!c->caller)
		return 0;
	buf_adds(&doc, "{\"entries\":[{\"permission_level\":\"CAN_MANAGE\",");
	buf_adds(&doc, c->caller->kind == CALLER_SP ? "\"service_principal_name\":"
						    : "\"user_name\":");
	buf_add_json_string(&doc, c->caller->name);
	buf_adds(&doc, "}]}");
	if (doc.failed || !o.name)
		return err_oom(e);
	o.doc = doc.data;
	return store_put(c->world->store, c->ws->state, &o, e);
}

int permission_dropped(struct ctx *c, const char *project, struct err *e)
{
	return store_drop(c->world->store, c->ws->state, object_name(c, project), OBJECT_LIVE, e);
}
