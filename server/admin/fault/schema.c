/* SPDX-License-Identifier: Apache-2.0 */
/* GET /_mock/schema/fault: what a fault rule may say, from the tables that read one. */
#include <string.h>

#include "admin/admin.h"
#include "base/text.h"
#include "lab/fault/actions.h"

static const char *const type_names[] = {
	[T_BOOL] = "boolean",
	[T_INT32] = "integer",
	[T_INT64] = "integer",
	[T_DOUBLE] = "number",
	[T_STRING] = "string",
	[T_ENUM] = "choice",
	[T_TIME] = "time",
	[T_DURATION] = "duration",
	[T_MESSAGE] = "object",
	[T_ANY] = "any",
};

static json_t *names_json(const char *const *names)
{
	json_auto_t *list = json_array();

	for (; names && *names; names++)
		if (json_array_append_new(list, json_string(*names)))
			return NULL;
	return STEAL(list);
}

static json_t *field_json(const struct field *f, const char *path)
{
	json_auto_t *doc = json_pack("{s:s, s:s, s:s, s:b, s:b, s:b}", "path", path, "type",
		type_names[f->type], "doc", f->doc ? f->doc : "", "required",
		(f->flags & F_REQUIRED) != 0, "list", (f->flags & F_LIST) != 0, "map",
		(f->flags & F_MAP) != 0);

	if (!doc || (f->choices && json_object_set_new(doc, "choices", names_json(f->choices))) ||
		(f->oneof && json_object_set_new(doc, "one_of", json_string(f->oneof))))
		return NULL;
	if ((f->min != 0 || f->max != 0) && !(f->flags & F_LIST) &&
		(json_object_set_new(doc, "min", json_real(f->min)) ||
			json_object_set_new(doc, "max", json_real(f->max))))
		return NULL;
	return STEAL(doc);
}

/* The fields that a writer may send, those of nested messages by their dotted path. */
static int add_fields(
	json_t *list, const struct message *m, const char *prefix, struct arena *arena)
{
	for (const struct field *f = m->fields; f->name; f++) {
		const char *path = arena_printf(arena, "%s%s", prefix, f->name);
		const char *inner = arena_printf(arena, "%s%s.", prefix, f->name);

		if (!path || !inner)
			return -1;
		if (f->flags & F_OUTPUT)
			continue;
		if (f->type == T_MESSAGE && !(f->flags & (F_LIST | F_MAP))
				? add_fields(list, f->message, inner, arena)
				: json_array_append_new(list, field_json(f, path)))
			return -1;
	}
	return 0;
}

static json_t *action_json(const struct action_kind *k, struct arena *arena)
{
	json_auto_t *fields = json_array(), *phases = json_array();

	for (int p = 0; p < PHASE__N; p++)
		if (k->phases & 1U << p &&
			json_array_append_new(phases, json_string(phase_names[p])))
			return NULL;
	if (!fields || add_fields(fields, k->fields, "action.", arena))
		return NULL;
	return json_pack("{s:s, s:O, s:s, s:b, s:b, s:O}", "type", k->name, "phases", phases,
		"where", k->where, "reads_only", (k->flags & ACT_READS) != 0, "operations_only",
		(k->flags & ACT_STARTS) != 0, "fields", fields);
}

/* What `match.rpc` may name; a rule for what is not implemented never acts. */
static json_t *rpcs_json(const struct app *app)
{
	json_auto_t *list = json_pack("[s, s]", "Any", "Mutating");

	for (size_t i = 0; i < app->routes.num; i++)
		if (app->routes.all[i].fn &&
			json_array_append_new(list, json_string(app->routes.all[i].rpc)))
			return NULL;
	return STEAL(list);
}

int admin_fault_schema(struct admin *a, struct err *e)
{
	json_auto_t *fields = json_array(), *actions = json_array(), *rpcs = rpcs_json(a->app);

	if (add_fields(fields, &fault_rule_message, "", a->arena))
		return err_oom(e);
	for (const struct action_kind *k = action_kinds; k->name; k++)
		if (json_array_append_new(actions, action_json(k, a->arena)))
			return err_oom(e);
	return admin_reply(a,
		json_pack("{s:O, s:O, s:O}", "fields", fields, "actions", actions, "rpcs", rpcs), e);
}
