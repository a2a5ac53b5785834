/* SPDX-License-Identifier: Apache-2.0 */
/* How operations go on, and the maintenance that stands in their way. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/resource/resource.h"
#include "lab/refuse.h"
#include "lab/state/settings.h"

static const struct field plan_fields[] = {
	{"rpc", T_STRING, .doc = "Only operations of this rpc."},
	{"project", T_STRING, .doc = "Only operations in this project."},
	{"plan", T_STRING, F_REQUIRED, .doc = "How they go on."},
	{0},
};
static const struct message plan_message = {"Plan", plan_fields};

static const struct field lro[] = {
	{"schema", T_INT32, F_OUTPUT},
	{"default", T_STRING, .doc = "Plan of operations that no entry of `plans` matches."},
	{"plans", T_MESSAGE, F_LIST, .message = &plan_message, .min = 0, .max = MAX_PLAN_RULES,
		.doc = "The first that matches wins."},
	{0},
};

const struct message body_lro = {"Lro", lro};

static int check_plan_rpc(const struct app *app, const char *rpc, struct err *e)
{
	const struct routes *all = &app->routes;
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
	return refuse_name(e, "rpc with an operation", rpc, names);
}

static int read_plan_rule(
	const struct app *app, const json_t *doc, struct plan_rule *ret, struct err *e)
{
	const char *rpc = doc_str(doc, "rpc"), *project = doc_str(doc, "project");

	*ret = (struct plan_rule){0};
	if (rpc && strlen(rpc) >= sizeof ret->rpc)
		return refuse_value(e, "plans.rpc", "a name, or a glob of at most 63 characters", rpc);
	if (rpc && check_plan_rpc(app, rpc, e))
		return -1;
	if (project && strlen(project) >= sizeof ret->project)
		return refuse_value(e, "plans.project", "the id of a project", project);
	snprintf(ret->rpc, sizeof ret->rpc, "%s", rpc ? rpc : "");
	snprintf(ret->project, sizeof ret->project, "%s", project ? project : "");
	return plan_parse(doc_str(doc, "plan"), &ret->plan, e);
}

int lro_write(struct app *app, struct workspace *ws, struct arena *arena, const json_t *doc,
	struct err *e)
{
	const char *def = doc_str(doc, "default");
	const json_t *list = json_object_get(doc, "plans");
	size_t num = json_array_size(list);
	struct plan_rule *rules = arena_alloc(arena, (num + 1) * sizeof *rules);
	struct plan plan = ws->plan;

	if (!rules)
		return err_oom(e);
	if (def && plan_parse(def, &plan, e))
		return -1;
	for (size_t i = 0; i < num; i++)
		if (read_plan_rule(app, json_array_get(list, i), &rules[i], e))
			return -1;
	return app_workspace_pace(app, ws, &plan, list ? rules : ws->plans,
		list ? (int)num : ws->num_plans, e);
}

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
	return refuse_value(
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
	rc = store_get(app->world.store, ws->state, project, arena, &found, e);
	if (rc == 0)
		err_set(e, ERR_NOT_FOUND, "There is no project '%s' to maintain", project);
	o.seq = ctx_seq(&c);
	return app_end(app, ws, rc == 1 ? store_put(app->world.store, ws->state, &o, e) : -1, e);
}
