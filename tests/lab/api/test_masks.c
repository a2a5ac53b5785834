/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every set of the paths that an update mask may name, for every resource that can be updated. The
 * paths, and what a set of them does, are worked out here from the tables alone: the union of its
 * leaves, each taken from the body. No set is ever answered with 500.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/document/doc.h"
#include "core/resource/resource.h"
#include "lab/cases.h"
#include "support/json.h"

enum { MAX_PATHS = 20, MAX_LEAVES = 32, PATH_SIZE = 96 };

#define SHOP "projects/shop"
#define BRANCH SHOP "/branches/dev"

/* One resource: where it is, and a body that gives every leaf a new value. */
static const struct target {
	const char *kind, *name, *body;
} targets[] = {
	{ "project", SHOP,
		"{'spec':{'budget_policy_id':'bp','custom_tags':[{'key':'k','value':'v'}],"
		"'default_branch':'" SHOP "/branches/production','default_endpoint_settings':{"
		"'autoscaling_limit_max_cu':4,'autoscaling_limit_min_cu':2,'pg_settings':"
		"{'work_mem':'8MB'},'suspend_timeout_duration':'600s'},'display_name':'New',"
		"'enable_pg_native_login':true,'history_retention_duration':'172800s'}}" },
	{ "branch", BRANCH, "{'spec':{'is_protected':false,'expire_time':'2026-01-02T00:00:00Z'}}" },
	{ "endpoint", BRANCH "/endpoints/custom",
		"{'spec':{'autoscaling_limit_max_cu':8,'autoscaling_limit_min_cu':4,'disabled':true,"
		"'group':{'enable_readable_secondaries':false,'max':1,'min':1},'settings':"
		"{'pg_settings':{'jit':'off'}},'suspend_timeout_duration':'900s'}}" },
	{ "role", BRANCH "/roles/app",
		"{'spec':{'attributes':{'bypassrls':true,'createdb':true,'createrole':true},"
		"'membership_roles':['DATABRICKS_SUPERUSER']}}" },
	{ "database", BRANCH "/databases/orders",
		"{'spec':{'postgres_database':'renamed','role':'" BRANCH "/roles/other'}}" },
	{ "data_api", BRANCH "/databases/orders/data-api",
		"{'spec':{'db_aggregates_enabled':false,'db_extra_search_path':['x'],'db_max_rows':7,"
		"'db_schemas':['app'],'jwt_cache_max_lifetime':'60s','jwt_role_claim_key':'.r',"
		"'openapi_mode':'OPEN_API_MODE_DISABLED','server_cors_allowed_origins':['*'],"
		"'server_timing_enabled':true}}" },
	{ "snapshot_schedule", SHOP "/branches/production/snapshot-schedule",
		"{'schedule':[{'retention':'7200s','daily_schedule':{'hour':5}}]}" },
};

struct leaf {
	char path[PATH_SIZE];  /* as a mask names it: a oneof by its group */
	char value[PATH_SIZE]; /* where the body has it, below its spec */
};

/* A path that a mask may hold, and the leaves that it stands for. */
struct path {
	char text[PATH_SIZE];
	uint32_t leaves;
};

struct subject {
	const struct resource *res;
	const char *spec; /* "spec", or "" where the fields are at the top */
	struct leaf leaves[MAX_LEAVES];
	struct path paths[MAX_PATHS];
	size_t num_leaves, num_paths;
	char tolerated[PATH_SIZE]; /* paths without effect, with a comma before each */
};

static struct path *add_path(struct subject *p, const char *text)
{
	for (size_t i = 0; i < p->num_paths; i++)
		if (streq(p->paths[i].text, text))
			return &p->paths[i];
	ck_assert_int_lt(p->num_paths, MAX_PATHS);
	snprintf(p->paths[p->num_paths].text, PATH_SIZE, "%s", text);
	return &p->paths[p->num_paths++];
}

static bool is_group(const struct field *f)
{
	return f->type == T_MESSAGE && f->message->fields && !(f->flags & (F_LIST | F_MAP | F_WHOLE));
}

/* The leaves of `m`, and the paths below `mask` that stand for them. */
static uint32_t walk(struct subject *p, const struct message *m, const json_t *body, const char *mask,
	const char *at)
{
	uint32_t all = 0;

	for (const struct field *f = m->fields; f->name; f++) {
		char path[PATH_SIZE], value[PATH_SIZE];
		uint32_t mine = 0;

		if (f->flags & (F_OUTPUT | F_IMMUTABLE))
			continue;
		snprintf(path, sizeof path, "%s%s%s", mask, *mask ? "." : "", f->oneof ? f->oneof : f->name);
		snprintf(value, sizeof value, "%s%s%s", at, *at ? "." : "", f->name);
		if (is_group(f)) {
			mine = walk(p, f->message, json_object_get(body, f->name), path, value);
		} else if (json_object_get(body, f->name)) {
			struct leaf *leaf = &p->leaves[p->num_leaves];

			ck_assert_int_lt(p->num_leaves, MAX_LEAVES);
			snprintf(leaf->path, PATH_SIZE, "%s", path);
			snprintf(leaf->value, PATH_SIZE, "%s", value);
			mine = UINT32_C(1) << p->num_leaves++;
		}
		if (mine)
			add_path(p, path)->leaves |= mine;
		all |= mine;
	}
	return all;
}

/* What a set of paths may be made of. */
static void prepare(struct subject *p, const struct target *t, const json_t *body)
{
	const struct field *spec;
	uint32_t all;

	*p = (struct subject){ .res = resource_by_kind(&r->app->world, t->kind) };
	spec = field_find(p->res->message, "spec");
	p->spec = spec ? "spec" : "";
	if (spec && spec->flags & F_WHOLE) { /* named as a whole only */
		all = walk(p, p->res->spec, json_object_get(body, "spec"), "spec", "");
		p->num_paths = 0;
	} else {
		all = walk(p, p->res->spec, spec ? json_object_get(body, "spec") : body, p->spec, "");
	}
	if (spec)
		add_path(p, "spec")->leaves = all;
	for (const struct field *f = p->res->message->fields; f->name; f++)
		if (f->flags & F_TOLERATED) {
			size_t len = strlen(p->tolerated);

			snprintf(p->tolerated + len, PATH_SIZE - len, ",%s", f->name);
		}
}

/* ---- what is expected ---- */

static json_t *status_of(json_t *doc)
{
	json_t *status = json_object_get(doc, "status");

	return status ? status : doc;
}

static bool shown(const struct subject *p, const char *path)
{
	const struct message *m = p->res->status;
	const struct field *f = NULL;
	char name[PATH_SIZE];

	for (; *path && m; path += strlen(name) + (path[strlen(name)] == '.')) {
		snprintf(name, sizeof name, "%.*s", (int)strcspn(path, "."), path);
		f = field_find(m, name);
		m = f ? f->message : NULL;
		if (!f)
			return false;
	}
	return f;
}

static void expect(const struct subject *p, const char *mask, json_t *before, json_t *after,
	const json_t *body, uint32_t leaves)
{
	const json_t *spec = *p->spec ? json_object_get(body, p->spec) : body;

	for (size_t i = 0; i < p->num_leaves; i++) {
		const char *at = p->leaves[i].value;
		bool named = leaves >> i & 1;
		const json_t *is = doc_at(status_of(after), at),
			     *should = named ? doc_at(spec, at) : doc_at(status_of(before), at);

		if (!shown(p, at))
			continue;
		/* an endpoint that was given none of the settings shows an empty object of them */
		ck_assert_msg(json_equal((json_t *)is, (json_t *)should) || (!is && !should),
			"%s %s: %s is not what it should be", p->res->kind, mask, at);
	}
}

/* Of a role, a group beside its own leaf is refused; `spec` beside others wants all attributes. */
static bool overlaps(const struct subject *p, uint32_t set)
{
	bool group = false, leaf = false;

	for (size_t i = 0; i < p->num_paths; i++) {
		const char *rest;

		if (!(set >> i & 1) || !text_starts(p->paths[i].text, "spec.attributes", &rest))
			continue;
		group |= !*rest;
		leaf |= *rest == '.';
	}
	return streq(p->res->kind, "role") && group && leaf;
}

static uint32_t union_of(const struct subject *p, uint32_t set, char *mask, size_t size)
{
	uint32_t leaves = 0;
	size_t at = 0;

	mask[0] = '\0';
	for (size_t i = 0; i < p->num_paths; i++) {
		if (!(set >> i & 1))
			continue;
		leaves |= p->paths[i].leaves;
		at += (size_t)snprintf(mask + at, size - at, "%s%s", at ? "," : "", p->paths[i].text);
	}
	if (set % 3 == 0)
		snprintf(mask + at, size - at, "%s", p->tolerated);
	return leaves;
}

/* ---- playing ---- */

static void begin(void)
{
	rig_want(r, "PUT /_mock/lro", "{'default':'sync'}", 200);
	rig_want(r, "POST /api/2.0/postgres/projects?project_id=shop", "{}", 200);
	rig_want(r, "POST /api/2.0/postgres/" SHOP "/branches?branch_id=dev", "{'spec':{'no_expiry':true}}",
		200);
	rig_want(r, "POST /api/2.0/postgres/" BRANCH "/endpoints?endpoint_id=custom",
		"{'spec':{'endpoint_type':'ENDPOINT_TYPE_READ_ONLY','autoscaling_limit_min_cu':4,"
		"'autoscaling_limit_max_cu':4}}",
		200);
	rig_want(r, "POST /api/2.0/postgres/" BRANCH "/roles?role_id=app", "{'spec':{'postgres_role':'app'}}",
		200);
	rig_want(r, "POST /api/2.0/postgres/" BRANCH "/roles?role_id=other",
		"{'spec':{'postgres_role':'other'}}", 200);
	rig_want(r, "POST /api/2.0/postgres/" BRANCH "/databases?database_id=orders",
		"{'spec':{'postgres_database':'orders','role':'" BRANCH "/roles/app'}}", 200);
	rig_want(r, "POST /api/2.0/postgres/" BRANCH "/databases/orders/data-api",
		"{'spec':{'db_max_rows':5}}", 200);
	rig_want(r, "PATCH /api/2.0/postgres/" SHOP "?update_mask=spec.default_endpoint_settings",
		"{'spec':{'default_endpoint_settings':{'autoscaling_limit_min_cu':3,"
		"'autoscaling_limit_max_cu':3,'suspend_timeout_duration':'300s'}}}",
		200);
	rig_want(r, "POST /_mock/snapshots", "{'name':'start'}", 201);
}

static json_t *read(const char *name)
{
	char what[200];

	snprintf(what, sizeof what, "GET /api/2.0/postgres/%s", name);
	rig_want(r, what, NULL, 200);
	return json_deep_copy(r->doc);
}

/* Each set starts from the same state, which is a snapshot of the workspace. */
static void play(const struct target *t, const struct subject *p, uint32_t set, const json_t *body,
	json_t *before)
{
	char mask[1600], what[2000];
	uint32_t leaves = union_of(p, set, mask, sizeof mask);
	json_auto_t *after = NULL;
	int status;

	snprintf(what, sizeof what, "PATCH /api/2.0/postgres/%s?update_mask=%s", t->name, mask);
	status = rig_ask(r, what, t->body);
	ck_assert_msg(status < 500, "%s: %d", what, status);
	if (overlaps(p, set)) {
		ck_assert_int_eq(status, 400);
		return;
	}
	ck_assert_msg(status == 200, "%s: %d %s", what, status, r->resp.body.data);
	after = read(t->name);
	expect(p, mask, before, after, body, leaves);
	rig_want(r, "POST /_mock/snapshots/start/restore", NULL, 200);
}

START_TEST(a_set_of_paths_is_the_union_of_its_leaves)
{
	const struct target *t = &targets[_i];
	json_auto_t *body = json_quoted(t->body), *before = NULL;
	struct subject p;

	prepare(&p, t, body);
	before = read(t->name);
	ck_assert_int_gt(p.num_paths, 0);
	for (uint32_t set = 1; set < UINT32_C(1) << p.num_paths; set++)
		play(t, &p, set, body, before);
}
END_TEST

/* Whatever the body lacks: never 500, and what is refused changes nothing. */
START_TEST(a_body_that_lacks_something_is_refused_and_not_a_failure)
{
	static const char *const bodies[] = { "{}", "{'spec':{}}", "{'spec':{'group':{}}}",
		"{'spec':{'default_endpoint_settings':{},'settings':{},'attributes':{}}}",
		"{'spec':{'display_name':'','role':'','postgres_database':'','is_protected':false}}" };
	const struct target *t = &targets[_i];
	json_auto_t *full = json_quoted(t->body), *before = NULL;
	struct subject p;
	char mask[1600], what[2000];

	prepare(&p, t, full);
	before = read(t->name);
	for (uint32_t set = 1; set < UINT32_C(1) << p.num_paths; set += p.num_paths > 10 ? 37 : 1)
		for (size_t b = 0; b < ARRAY_SIZE(bodies); b++) {
			json_auto_t *after = NULL;
			int status;

			union_of(&p, set, mask, sizeof mask);
			snprintf(what, sizeof what, "PATCH /api/2.0/postgres/%s?update_mask=%s", t->name,
				mask);
			status = rig_ask(r, what, bodies[b]);
			ck_assert_msg(status < 500 && status != 0, "%s %s: %d", what, bodies[b], status);
			if (status == 200)
				rig_want(r, "POST /_mock/snapshots/start/restore", NULL, 200);
			else if ((after = read(t->name)))
				ck_assert_msg(json_equal(after, before), "%s %s", what, bodies[b]);
		}
}
END_TEST

int main(void)
{
	return CASES("lab-masks", begin, {a_set_of_paths_is_the_union_of_its_leaves, ARRAY_SIZE(targets)},
		{a_body_that_lacks_something_is_refused_and_not_a_failure, ARRAY_SIZE(targets)});
}
