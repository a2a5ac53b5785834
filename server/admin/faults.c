/* SPDX-License-Identifier: Apache-2.0 */
/* /_mock/faults, /_mock/lro and /_mock/projects/{id}/maintenance. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/resource.h"
#include "lab/state/parts.h"
#include "lab/fault/stale.h"

/* ---- fault rules ---- */

static json_t *list_of(const struct faults *f, size_t from, bool unfired)
{
	json_auto_t *list = json_array();

	for (size_t i = from; i < f->num; i++)
		if ((!unfired || fault_unfired(f->all[i])) &&
			json_array_append_new(list, fault_doc(f->all[i])))
			return NULL;
	return STEAL(list);
}

int admin_faults_get(struct admin *a, struct err *e)
{
	bool unfired = false;

	if (admin_query_bool(a, "unfired", &unfired, e))
		return -1;
	return admin_reply(
		a, json_pack("{s:o}", "faults", list_of(&a->space->faults, 0, unfired)), e);
}

/* Without a rule that needs it, the past is not kept, and must not be met again later. */
static int forget_the_past(const struct admin *a, struct err *e)
{
	return a->space->faults.stale ? 0 : stale_forget(a->app, a->ws->name, e);
}

static int write_rules(struct admin *a, bool replace, int status, struct err *e)
{
	size_t from;

	if (replace && !json_object_get(a->body, "faults"))
		return err_set(e, ERR_INVALID,
			"PUT replaces the whole list: send {\"faults\":[...]}; POST adds one "
			"rule, PUT /_mock/faults/{id} replaces one");
	if (faults_write(&a->space->faults, a->body, replace, &from, e) || forget_the_past(a, e))
		return -1;
	a->resp->status = status;
	if (json_object_get(a->body, "faults"))
		return admin_reply(a,
			json_pack("{s:o}", "faults", list_of(&a->space->faults, from, false)), e);
	return admin_reply(a, fault_doc(a->space->faults.all[from]), e);
}

int admin_faults_post(struct admin *a, struct err *e)
{
	return write_rules(a, false, 201, e);
}

int admin_faults_put(struct admin *a, struct err *e)
{
	return write_rules(a, true, 200, e);
}

int admin_faults_drop(struct admin *a, struct err *e)
{
	json_t *doc = json_pack("{s:I}", "removed", (json_int_t)a->space->faults.num);

	if (faults_drop(&a->space->faults, NULL, e) || forget_the_past(a, e)) {
		doc_free(doc);
		return -1;
	}
	return admin_reply(a, doc, e);
}

static size_t index_of(const struct faults *f, const char *id)
{
	size_t i = 0;

	while (i < f->num && !streq(f->all[i]->id, id))
		i++;
	return i;
}

int admin_fault_get(struct admin *a, struct err *e)
{
	size_t i = index_of(&a->space->faults, a->args[0]);

	if (i == a->space->faults.num)
		return err_set(e, ERR_NOT_FOUND,
			"There is no fault rule '%s'; GET /_mock/faults lists them", a->args[0]);
	return admin_reply(a, fault_doc(a->space->faults.all[i]), e);
}

/* Replaces a rule where it stands, or adds it; its counters start again. */
int admin_fault_put(struct admin *a, struct err *e)
{
	struct faults *f = &a->space->faults;
	const char *id = doc_str(a->body, "id");
	size_t at = index_of(f, a->args[0]), from;
	struct fault *held;

	if (id && !streq(id, a->args[0]))
		return err_set(e, ERR_INVALID, "'id' is '%s' in the body and '%s' in the path", id,
			a->args[0]);
	if (doc_set_str(a->body, "id", a->args[0]))
		return err_oom(e);
	if (json_object_get(a->body, "faults"))
		return err_set(e, ERR_INVALID, "PUT /_mock/faults/{id} takes one rule, not a list");
	if (at == f->num)
		return write_rules(a, false, 201, e);
	held = f->all[at];
	snprintf(held->id, sizeof held->id, "%s", "\n"); /* no rule can be called that */
	if (faults_write(f, a->body, false, &from, e)) {
		snprintf(held->id, sizeof held->id, "%s", a->args[0]);
		return -1;
	}
	f->all[at] = f->all[from];
	f->all[from] = held;
	if (faults_drop(f, "\n", e) || forget_the_past(a, e))
		return -1;
	return admin_reply(a, fault_doc(f->all[at]), e);
}

int admin_fault_drop(struct admin *a, struct err *e)
{
	if (faults_drop(&a->space->faults, a->args[0], e) || forget_the_past(a, e))
		return -1;
	return admin_reply(a, json_pack("{s:i}", "removed", 1), e);
}

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

static int check_plan_rpc(const struct admin *a, const char *rpc, struct err *e)
{
	const struct routes *all = &a->app->routes;
	const char *names[512];
	size_t n = 0;

	for (size_t i = 0; i < all->num && n < ARRAY_SIZE(names) - 1; i++) {
		if (!(all->all[i].flags & ROUTE_LRO))
			continue;
		if (text_glob(rpc, all->all[i].rpc))
			return 0;
		names[n++] = all->all[i].rpc;
	}
	names[n] = NULL;
	return admin_unknown(e, "rpc with an operation", rpc, names);
}

static int read_plan_rule(
	const struct admin *a, const json_t *doc, struct plan_rule *ret, struct err *e)
{
	const char *rpc = doc_str(doc, "rpc"), *project = doc_str(doc, "project");

	*ret = (struct plan_rule){0};
	if (rpc && check_plan_rpc(a, rpc, e))
		return -1;
	if (project && strlen(project) >= sizeof ret->project)
		return admin_bad(e, "plans.project", "the id of a project", project);
	snprintf(ret->rpc, sizeof ret->rpc, "%s", rpc ? rpc : "");
	snprintf(ret->project, sizeof ret->project, "%s", project ? project : "");
	return plan_parse(doc_str(doc, "plan"), &ret->plan, e);
}

int lro_write(const struct admin *a, const json_t *doc, struct err *e)
{
	const char *def = doc_str(doc, "default");
	const json_t *list = json_object_get(doc, "plans");
	size_t num = json_array_size(list);
	struct plan_rule *rules = arena_alloc(a->arena, (num + 1) * sizeof *rules);
	struct plan plan = a->ws->plan;

	if (!rules)
		return err_oom(e);
	if (def && plan_parse(def, &plan, e))
		return -1;
	for (size_t i = 0; i < num; i++)
		if (read_plan_rule(a, json_array_get(list, i), &rules[i], e))
			return -1;
	a->ws->plan = plan;
	if (!list)
		return 0;
	memcpy(a->ws->plans, rules, num * sizeof *rules);
	a->ws->num_plans = (int)num;
	return 0;
}

int admin_lro_put(struct admin *a, struct err *e)
{
	return lro_write(a, a->body, e) ? -1 : admin_lro_get(a, e);
}

/* ---- maintenance ---- */

/* "5s" or "3 calls" */
static int read_for(const char *text, usec *span, int64_t *calls, struct err *e)
{
	char number[24] = "";
	const char *blank = strchr(text, ' ');

	*calls = 0;
	if (blank && (streq(blank, " calls") || streq(blank, " call")) &&
		(size_t)(blank - text) < sizeof number) {
		memcpy(number, text, (size_t)(blank - text));
		if (text_int(number, 1, 1000000, calls))
			return 0;
	}
	if (span_parse(text, span) && *span > 0)
		return 0;
	return admin_bad(
		e, "for", "a duration like 5s, or a number of refused calls like '3 calls'", text);
}

int maintenance_start(struct app *app, struct workspace *ws, struct arena *arena,
	const char *project, const char *text, struct err *e)
{
	struct ctx c = app_ctx(app, ws, arena);
	struct object o = {.kind = "maintenance",
		.parent = project,
		.scope = project,
		.doc = "{}",
		.due = USEC_NEVER,
		.name = arena_printf(arena, "%s/maintenance", project)};
	struct object found;
	int64_t calls;
	usec span = 0;
	int rc;

	if (read_for(text, &span, &calls, e))
		return -1;
	if (!o.name)
		return err_oom(e);
	if (calls)
		o.aux = arena_printf(arena, "{\"calls\":%lld}", (long long)calls);
	else
		o.due = c.now + span;
	o.event = calls ? NULL : "maintenance_ended";
	if (app_begin(app, ws, e))
		return -1;
	rc = store_get(app->world.store, ws->state, project, false, arena, &found, e);
	if (rc == 0)
		err_set(e, ERR_NOT_FOUND, "There is no project '%s' to maintain", project);
	o.seq = ctx_seq(&c);
	return app_end(app, ws, rc == 1 ? store_put(app->world.store, ws->state, &o, e) : -1, e);
}

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
	if (app_begin(a->app, a->ws, e))
		return -1;
	found = store_get(s, a->ws->state, name, false, a->arena, &o, e);
	if (found == 0)
		err_set(e, ERR_NOT_FOUND, "No maintenance runs on '%s'", project);
	if (app_end(a->app, a->ws,
		    found == 1 ? store_drop(s, a->ws->state, name, OBJECT_LIVE, e) : -1, e))
		return -1;
	return admin_reply(a, json_pack("{s:s}", "name", project), e);
}
