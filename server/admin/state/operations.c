/* SPDX-License-Identifier: Apache-2.0 */
/* /_mock/lro and /_mock/projects/{id}/maintenance. */
#include "admin/admin.h"
#include "lab/state/settings.h"

/* ---- how operations go on ---- */

static json_t *plan_text(const struct plan *p)
{
	char text[PLAN_TEXT_SIZE];

	return json_string(plan_format(p, text));
}

int admin_lro_get(struct admin *a, struct err *e)
{
	json_auto_t *list = json_array();

	for (int i = 0; i < a->ws->num_plans; i++) {
		const struct plan_rule *r = &a->ws->plans[i];
		json_auto_t *doc = json_pack("{s:o}", "plan", plan_text(&r->plan));

		if ((r->rpc[0] && json_object_set_new(doc, "rpc", json_string(r->rpc))) ||
			(r->project[0] &&
				json_object_set_new(doc, "project", json_string(r->project))) ||
			json_array_append(list, doc))
			return err_oom(e);
	}
	return admin_reply(
		a, json_pack("{s:o, s:O}", "default", plan_text(&a->ws->plan), "plans", list), e);
}

int admin_lro_put(struct admin *a, struct err *e)
{
	return lro_write(a->app, a->ws, a->arena, a->body, e) ? -1 : admin_lro_get(a, e);
}

/* ---- maintenance ---- */

static const char *project_name(const struct admin *a)
{
	return arena_printf(a->arena, "projects/%s", a->args[0]);
}

int admin_maintenance_post(struct admin *a, struct err *e)
{
	const char *name = project_name(a), *text = doc_str(a->body, "for");

	if (!name)
		return err_oom(e);
	if (maintenance_start(a->app, a->ws, a->arena, name, text, e))
		return -1;
	return admin_reply(a, json_pack("{s:s, s:s}", "name", name, "for", text), e);
}

int admin_maintenance_drop(struct admin *a, struct err *e)
{
	const char *project = project_name(a);
	const char *name = project ? arena_printf(a->arena, "%s/maintenance", project) : NULL;
	struct store *s = a->app->world.store;
	struct object o;
	int found;

	if (!name)
		return err_oom(e);
	if (a->space == &a->lab->nowhere)
		return err_set(e, ERR_NOT_FOUND, "There is no workspace '%s'", a->ws->name);
	if (app_begin(a->app, a->ws, e))
		return -1;
	found = store_get(s, a->ws->state, name, a->arena, &o, e);
	if (found == 0)
		err_set(e, ERR_NOT_FOUND, "No maintenance runs on '%s'", project);
	if (app_end(a->app, a->ws,
		    found == 1 ? store_drop(s, a->ws->state, name, OBJECT_LIVE, e) : -1, e))
		return -1;
	return admin_reply(a, json_pack("{s:s}", "name", project), e);
}
