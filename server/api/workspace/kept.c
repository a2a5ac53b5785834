/* SPDX-License-Identifier: Apache-2.0 */
/* What survives a restart of a workspace beside its state: how long it lives, how its operations go. */
#include <stdlib.h>
#include <string.h>

#include "api/workspace/workspace.h"
#include "base/text.h"
#include "core/document/doc.h"

static json_t *plan_json(const struct plan *p)
{
	char text[PLAN_TEXT_SIZE];

	return json_string(plan_format(p, text));
}

/* {"default":"...","plans":[{"rpc":"","project":"","plan":"..."}]} */
static char *plans_text(const struct workspace *ws, struct arena *arena)
{
	json_t *list = json_array();
	json_auto_t *doc = json_pack("{s:o,s:o}", "default", plan_json(&ws->plan), "plans", list);

	for (int i = 0; i < ws->num_plans; i++) {
		const struct plan_rule *r = &ws->plans[i];

		if (json_array_append_new(list, json_pack("{s:s,s:s,s:o}", "rpc", r->rpc, "project",
							r->project, "plan", plan_json(&r->plan))))
			return NULL;
	}
	return doc ? doc_text(doc, arena) : NULL;
}

int workspace_write_kept(struct app *a, const struct workspace *ws, bool own, struct err *e)
{
	struct arena scraps = { 0 };
	struct workspace_kept k = { .expires = ws->expires };
	int rc;

	if (own)
		k.plans = plans_text(ws, &scraps);
	rc = own && !k.plans ? err_oom(e) : store_workspace_keep(a->world.store, ws->name, &k, e);
	arena_done(&scraps);
	return rc;
}

/* The copy is not where the old ones are. */
static int copy_rules(struct workspace *ws, const struct plan_rule *rules, int num, struct err *e)
{
	ws->plans = NULL;
	ws->num_plans = num;
	if (!num)
		return 0;
	ws->plans = malloc((size_t)num * sizeof *rules);
	if (!ws->plans)
		return err_oom(e);
	memcpy(ws->plans, rules, (size_t)num * sizeof *rules);
	return 0;
}

void app_workspace_become(struct workspace *ws, const struct workspace *changed)
{
	if (ws->plans != changed->plans)
		free(ws->plans);
	*ws = *changed;
}

int app_workspace_pace(struct app *a, struct workspace *ws, const struct plan *def,
	const struct plan_rule *rules, int num, struct err *e)
{
	struct workspace changed = *ws;

	changed.plan = def ? *def : a->world.plan;
	if (copy_rules(&changed, rules, num, e))
		return -1;
	if (workspace_write_kept(a, &changed, def || num, e)) {
		free(changed.plans);
		return -1;
	}
	app_workspace_become(ws, &changed);
	return 0;
}

int app_workspace_expire(struct app *a, struct workspace *ws, usec at, struct err *e)
{
	struct workspace changed = *ws;

	changed.expires = at;
	if (workspace_write_kept(a, &changed, true, e))
		return -1;
	ws->expires = at;
	return 0;
}

/* Written by us: what cannot be read is as if it were not there. */
static int read_rules(struct workspace *ws, const json_t *list, struct err *e)
{
	struct err ignored;

	ws->plans = calloc(json_array_size(list) + 1, sizeof *ws->plans);
	if (!ws->plans)
		return err_oom(e);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *in = json_array_get(list, i);
		const char *rpc = doc_str(in, "rpc"), *project = doc_str(in, "project"),
			   *plan = doc_str(in, "plan");
		struct plan_rule *r = &ws->plans[ws->num_plans];

		if (!rpc || !project || !plan || plan_parse(plan, &r->plan, &ignored))
			continue;
		text_append(r->rpc, sizeof r->rpc, 0, rpc, strlen(rpc));
		text_append(r->project, sizeof r->project, 0, project, strlen(project));
		ws->num_plans++;
	}
	return 0;
}

int workspace_read_kept(struct app *a, struct workspace *ws, struct err *e)
{
	struct arena scraps = { 0 };
	struct workspace_kept k;
	struct err ignored;
	json_t *doc;
	int rc = store_workspace_kept(a->world.store, ws->name, &scraps, &k, e);

	if (rc == 1) {
		ws->expires = k.expires;
		rc = 0;
		if (k.plans && !doc_load(&doc, k.plans, &scraps, &ignored)) {
			struct plan plan;

			if (doc_str(doc, "default") &&
				!plan_parse(doc_str(doc, "default"), &plan, &ignored))
				ws->plan = plan;
			rc = read_rules(ws, doc_at(doc, "plans"), e);
		}
	}
	arena_done(&scraps);
	return rc;
}
