/* SPDX-License-Identifier: Apache-2.0 */
/* Workspaces: apart from each other, copied, put back, thrown away. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "lab/cases.h"

static char *state_of(const char *ws)
{
	char what[128];

	snprintf(what, sizeof what, "GET /_mock/state?workspace=%s", ws);
	rig_want(r, what, NULL, 200);
	return strdup(r->resp.body.data);
}

static void same(char *a, char *b)
{
	ck_assert_str_eq(a, b);
	free(a);
	free(b);
}

static void populate(const char *token)
{
	ck_assert_int_eq(rig_ask_as(r, token, "POST " PROJECTS "?project_id=p", "{}"), 200);
	ck_assert_int_eq(rig_ask_as(r, token, "POST " PROJECTS "/p/branches?branch_id=b",
				 "{'spec':{'source_branch':'projects/p/branches/"
				 "production','ttl':'3600s'}}"),
		200);
	ck_assert_int_eq(rig_ask_as(r, token, "DELETE " PROJECTS "/p/branches/b", NULL), 200);
	ck_assert_int_eq(rig_ask_as(r, token, "PATCH /api/2.0/permissions/database-projects/p",
				 "{'access_control_list':[{'user_name':'ann@example.com','"
				 "permission_level':'CAN_USE'}]}"),
		200);
}

START_TEST(an_export_can_be_read_back_byte_by_byte)
{
	char *before, *quoted;

	populate("any");
	before = rig_state(r);
	same(strdup(before), rig_state(r));
	quoted = strdup(before);
	rig_want(r, "POST /_mock/reset", NULL, 200);
	rig_want(r, "PUT /_mock/state", quoted, 200);
	same(before, rig_state(r));
	rig_want(r, "GET " PROJECTS "/p", NULL, 200);
	rig_want(r, "GET " PROJECTS "/p/branches/b", NULL, 404);
	free(quoted);
}
END_TEST

START_TEST(a_bad_import_changes_nothing)
{
	static const char *const bad[][2] = {
		{"{'schema':1}", "resources"},
		{"{'resources':[{'name':'projects/x','kind':'project','seq':1}]}", "doc"},
		{"{'resources':[{'name':'projects/x','kind':'projekt','seq':1,'doc':{}}]}", "kind"},
		{"{'resources':[{'name':'projects/"
		 "x','kind':'project','seq':1,'doc':{'name':'y'}}]}",
			"name"},
		{"{'resources':[{'name':'projects/"
		 "x','kind':'project','seq':1,'doc':{'name':'projects/x',"
		 "'colour':1}}]}",
			"colour"},
		{"{'resources':[{'name':'projects/"
		 "x','kind':'project','seq':1,'doc':{'name':'projects/x'}},"
		 "{'name':'projects/x','kind':'project','seq':2,'doc':{'name':'projects/x'}}]}",
			"twice"},
		{"{'resources':[{'name':'projects/x/branches/b','kind':'branch','parent':'projects/"
		 "x','seq':2,"
		 "'doc':{'name':'projects/x/branches/b'}}]}",
			"parent"},
		{"{'resources':[],'operations':[{'name':'a/operations/b','kind':'operation','seq':1,"
		 "'parent':'a','scope':'a','doc':{'name':'a/operations/b','done':false},"
		 "'due':'2025-01-01T00:00:00Z','event':'operation_done'}]}",
			"aux"},
		{"{'resources':[],'operations':[{'name':'a/operations/b','kind':'operation','seq':1,"
		 "'doc':{'name':'a/operations/b','done':'soon'}}]}",
			"Operation"},
		{"{'resources':[],'clock':{'mode':'manual'}}", "now"},
		{"{'resources':[],'tables':[]}", "tables"},
	};
	char *before;

	populate("any");
	before = rig_state(r);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		rig_refuses(r, "PUT /_mock/state", bad[i][0], bad[i][1]);
		same(strdup(before), rig_state(r));
	}
	free(before);
}
END_TEST

START_TEST(principals_come_with_the_state)
{
	static const char see[] = "GET " PROJECTS "/p";

	rig_want(r, "POST " PROJECTS "?project_id=p", "{}", 200);
	ck_assert_int_eq(rig_ask_as(r, "mock-default.bob", see, NULL), 404);
	rig_want(r, "PUT /_mock/state",
		"{'resources':[{'name':'projects/p','kind':'project','seq':1,"
		"'doc':{'name':'projects/p'}}],"
		"'principals':[{'name':'principals/bob@example.com','kind':'principal','seq':2,"
		"'parent':'principals','doc':{'name':'bob@example.com','admin':true}}]}",
		200);
	ck_assert_int_eq(rig_ask_as(r, "mock-default.bob", see, NULL), 200);
}
END_TEST

START_TEST(principals_outlive_a_reset_when_they_are_to)
{
	static const char people[] =
		"{'resources':[],'principals':["
		"{'name':'principals/ann@example.com','kind':'principal','seq':1,"
		"'parent':'principals','doc':{'name':'ann@example.com','admin':true}},"
		"{'name':'principals/bob@example.com','kind':'principal','seq':2,"
		"'parent':'principals','doc':{'name':'bob@example.com','admin':true}}]}";
	static const char see[] = "GET " PROJECTS "/p";

	rig_want(r, "PUT /_mock/state", people, 200);
	rig_want(r, "POST " PROJECTS "?project_id=p", "{}", 200);
	rig_want(r, "POST /_mock/reset?keep=principals", NULL, 200);
	ck_assert_int_eq(rig_ask(r, see, NULL), 404);
	rig_want(r, "POST " PROJECTS "?project_id=p", "{}", 200);
	ck_assert_int_eq(rig_ask_as(r, "mock-default.bob", see, NULL), 200);
	ck_assert_int_eq(rig_ask_as(r, "mock-default.ann", see, NULL), 200);
	rig_want(r, "POST /_mock/reset", NULL, 200);
	rig_want(r, "POST " PROJECTS "?project_id=p", "{}", 200);
	ck_assert_int_eq(rig_ask_as(r, "mock-default.bob", see, NULL), 404);
	rig_want(r, "POST /_mock/reset?keep=clock,faults", NULL, 200);
	rig_want(r, "POST " PROJECTS "?project_id=p", "{}", 200);
	ck_assert_int_eq(rig_ask_as(r, "mock-default.ann", see, NULL), 404);
}
END_TEST

/* mock-<workspace>[.<user>]; a token of another form is the admin's. */
START_TEST(tokens_name_a_workspace_and_a_user)
{
	static const char me[] = "GET /api/2.0/preview/scim/v2/Me";
	static const struct {
		const char *token, *user; /* NULL: refused */
	} rows[] = {
		{"any", "admin@example.com"}, {"mock-a", "admin@example.com"},
		{"mock-a.admin", "admin@example.com"}, {"mock-a.", "admin@example.com"},
		{"mock-a_b-C.bob", "bob@example.com"}, {"mock-a.b.c", "b.c@example.com"},
		{"mock-a.x@y.z", "x@y.z"}, {"mock-a.\xc3\xa9", "\xc3\xa9@example.com"},
		{"mock-a.\xc3", NULL}, {"mock-a.b\x7f", NULL},
		{"mock-a.b\x01", NULL}, {"mock-.b", NULL},
		{"mock-a!b.c", NULL},
		{"mock-a123456789b123456789c123456789d123456789e123456789f123456789g12.bob",
			"bob@example.com"},
		{"mock-a123456789b123456789c123456789d123456789e123456789f123456789g123.bob", NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int status = rig_ask_as(r, rows[i].token, me, NULL);

		ck_assert_msg(status == (rows[i].user ? 200 : 403), "%s: %d", rows[i].token, status);
		ck_assert_msg(!rows[i].user || streq(rig_str(r, "userName"), rows[i].user), "%s: %s",
			rows[i].token, rig_str(r, "userName"));
	}
	for (int n = 255; n <= 256; n++) {
		char token[300];

		snprintf(token, sizeof token, "mock-a.%0*d@y", n - 2, 0);
		ck_assert_int_eq(rig_ask_as(r, token, me, NULL), n > 255 ? 403 : 200);
	}
}
END_TEST

START_TEST(a_snapshot_brings_everything_back)
{
	char *before;

	populate("any");
	before = rig_state(r);
	rig_want(r, "POST /_mock/snapshots", "{'name':'base'}", 201);
	rig_want(r, "POST /_mock/snapshots", "{'name':'base'}", 409);
	rig_want(r, "POST " PROJECTS "?project_id=more", "{}", 200);
	rig_want(r, "POST /_mock/clock/advance", "{'by':'30d'}", 200);
	rig_want(r, "POST /_mock/snapshots/base/restore", NULL, 200);
	same(before, rig_state(r));
	rig_want(r, "GET /_mock/snapshots", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "snapshots")), 1);
	rig_want(r, "POST /_mock/snapshots/bas/restore", NULL, 404);
	ck_assert_ptr_nonnull(strstr(rig_str(r, "message"), "base"));
	rig_want(r, "DELETE /_mock/snapshots/base", NULL, 200);
	rig_want(r, "POST /_mock/snapshots/base/restore", NULL, 404);
}
END_TEST

START_TEST(a_fork_is_a_copy_with_its_rules_and_goes_its_own_way)
{
	char *original;

	populate("mock-w1");
	rig_want(r, "POST /_mock/faults?workspace=w1",
		"{'id':'r','match':{'rpc':'GetProject'},'when':{'times':1},'action':{'type':'"
		"conflict'}}",
		201);
	rig_want(r, "PUT /_mock/lro?workspace=w1", "{'default':'after:1h'}", 200);
	original = state_of("w1");
	rig_want(r, "POST /_mock/workspaces", "{'name':'w2','fork_of':'w1'}", 201);
	ck_assert_str_eq(rig_str(r, "token"), "mock-w2");
	ck_assert_int_eq(rig_ask_as(r, "mock-w2", "GET " PROJECTS "/p", NULL), 409);
	ck_assert_int_eq(rig_ask_as(r, "mock-w2", "GET " PROJECTS "/p", NULL), 200);
	ck_assert_int_eq(rig_ask_as(r, "mock-w2", "DELETE " PROJECTS "/p", NULL), 200);
	rig_want(r, "GET /_mock/clock?workspace=w2", NULL, 200);
	ck_assert_str_eq(rig_str(r, "next"), "2026-01-01T01:00:00Z");
	same(original, state_of("w1"));
	rig_want(r, "GET /_mock/faults/r?workspace=w1", NULL, 200);
	ck_assert_int_eq(rig_int(r, "fired"), 0);
	rig_want(r, "POST /_mock/workspaces", "{'name':'w2'}", 409);
	rig_want(r, "POST /_mock/workspaces", "{'name':'w3','fork_of':'nowhere'}", 404);
	rig_want(r, "DELETE /_mock/workspaces/w2", NULL, 200);
	rig_want(r, "DELETE /_mock/workspaces/w2", NULL, 404);
}
END_TEST

START_TEST(a_reset_touches_one_workspace_and_keeps_what_it_should)
{
	char *other;

	populate("mock-a");
	populate("mock-b");
	other = state_of("b");
	rig_want(r, "POST /_mock/faults?workspace=a",
		"{'match':{'rpc':'Any'},'action':{'type':'conflict'}}", 201);
	rig_want(r, "POST /_mock/clock/advance?workspace=a", "{'by':'1h'}", 200);
	rig_want(r, "POST /_mock/reset?workspace=a&keep=faults,clock,journal", NULL, 200);
	ck_assert_int_ge(rig_int(r, "removed"), 4);
	same(other, state_of("b"));
	rig_want(r, "GET /_mock/clock?workspace=a", NULL, 200);
	ck_assert_str_eq(rig_str(r, "now"), "2026-01-01T01:00:00Z");
	rig_want(r, "GET /_mock/faults?workspace=a", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "faults")), 1);
	rig_want(r, "GET /_mock/journal?workspace=a", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "requests")), 4);
	rig_want(r, "POST /_mock/reset?workspace=a", NULL, 200);
	rig_want(r, "GET /_mock/journal?workspace=a", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "requests")), 0);
	rig_want(r, "POST /_mock/reset?all=1", NULL, 200);
	rig_want(r, "GET /_mock/journal?workspace=b", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "requests")), 0);
}
END_TEST

/* Rows without what differs between runs: times, connections, microseconds. */
static char *journal_of(const char *ws)
{
	static const char *const vary[] = {"wall", "at_us", "took_us", "connection", "gap_ms"};
	char what[128];
	size_t i;
	json_t *row;

	snprintf(what, sizeof what, "GET /_mock/journal?workspace=%s", ws);
	rig_want(r, what, NULL, 200);
	json_array_foreach (rig_at(r, "requests"), i, row)
		for (size_t k = 0; k < ARRAY_SIZE(vary); k++)
			json_object_del(row, vary[k]);
	return json_dumps(rig_at(r, "requests"), JSON_SORT_KEYS);
}

static void one_step(int ws, int step)
{
	char token[32], what[128];

	snprintf(token, sizeof token, "mock-w%d", ws);
	snprintf(what, sizeof what,
		step % 2 ? "GET " PROJECTS "/p%d" : "POST " PROJECTS "?project_id=p%d", step / 2);
	ck_assert_int_eq(rig_ask_as(r, token, what, step % 2 ? NULL : "{}"), 200);
}

START_TEST(two_hundred_workspaces_are_each_as_if_alone)
{
	char *alone;
	char name[16];

	for (int step = 0; step < 6; step++)
		one_step(1000, step);
	alone = journal_of("w1000");
	for (int step = 0; step < 6; step++)
		for (int ws = 0; ws < 200; ws++)
			one_step((ws * 7 + step) % 200, step);
	for (int ws = 0; ws < 200; ws++) {
		char *here;

		snprintf(name, sizeof name, "w%d", ws);
		here = journal_of(name);
		ck_assert_str_eq(here, alone);
		free(here);
	}
	free(alone);
	rig_want(r, "GET /_mock/health", NULL, 200);
	ck_assert_int_ge(rig_int(r, "workspaces"), 201);
}
END_TEST

START_TEST(a_workspace_with_a_ttl_goes_away)
{
	rig_want(r, "POST /_mock/workspaces", "{'name':'brief','ttl':'10m'}", 201);
	ck_assert_int_eq(rig_ask_as(r, "mock-brief", "POST " PROJECTS "?project_id=p", "{}"), 200);
	rig_wall += 9 * 60 * USEC_SECOND;
	while (lab_idle(r->lab))
		;
	ck_assert_int_eq(rig_ask_as(r, "mock-brief", "GET " PROJECTS "/p", NULL), 200);
	rig_wall += 2 * 60 * USEC_SECOND;
	while (lab_idle(r->lab))
		;
	rig_want(r, "GET /_mock/workspaces", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "workspaces")), 1);
	ck_assert_int_eq(rig_ask_as(r, "mock-brief", "GET " PROJECTS "/p", NULL), 404);
}
END_TEST

START_TEST(there_is_a_most)
{
	r->app->max_workspaces = 3;
	rig_want(r, "POST /_mock/workspaces", "{'name':'two'}", 201);
	rig_want(r, "POST /_mock/workspaces", "{'name':'three'}", 201);
	rig_want(r, "POST /_mock/workspaces", "{'name':'four'}", 400);
	ck_assert_ptr_nonnull(strstr(rig_str(r, "message"), "--max-workspaces"));
	rig_want(r, "POST /_mock/workspaces", "{'name':'four','fork_of':'two'}", 400);
	ck_assert_int_ge(rig_ask_as(r, "mock-four", "GET " PROJECTS, NULL), 400);
	ck_assert_ptr_nonnull(strstr(r->resp.body.data, "--max-workspaces"));
	ck_assert_int_eq(rig_ask_as(r, "mock-three", "GET " PROJECTS, NULL), 200);
	rig_want(r, "DELETE /_mock/workspaces/two", NULL, 200);
	rig_want(r, "POST /_mock/workspaces", "{'name':'four'}", 201);
}
END_TEST

START_TEST(maintenance_refuses_for_a_while_and_leaves_others_alone)
{
	char *before, *after;

	rig_want(r, "POST " PROJECTS "?project_id=p", "{}", 200);
	rig_want(r, "POST " PROJECTS "?project_id=q", "{}", 200);
	rig_want(r, "GET " PROJECTS "/p", NULL, 200);
	rig_want(r, "POST /_mock/projects/p/maintenance", "{'for':'5s'}", 200);
	before = rig_state(r);
	rig_want(r, "PATCH " PROJECTS "/p?update_mask=spec.display_name",
		"{'spec':{'display_name':'x'}}", 409);
	after = rig_state(r);
	ck_assert_str_eq(before, after);
	free(before);
	free(after);
	rig_want(r, "PATCH " PROJECTS "/p?update_mask=spec.display_name",
		"{'spec':{'display_name':'x'}}", 409);
	rig_want(r, "GET /_mock/journal?limit=1", NULL, 200);
	ck_assert(json_is_false(rig_at(r, "requests.0.applied")));
	rig_want(r, "PATCH " PROJECTS "/q?update_mask=spec.display_name",
		"{'spec':{'display_name':'x'}}", 200);
	rig_want(r, "GET " PROJECTS "/p", NULL, 200);
	rig_want(r, "POST /_mock/clock/advance", "{'by':'5s'}", 200);
	ck_assert_str_eq(rig_str(r, "events.0.event"), "maintenance_ended");
	rig_want(r, "POST /_mock/projects/p/maintenance", "{'for':'2 calls'}", 200);
	for (int i = 0; i < 3; i++)
		rig_want(r, "PATCH " PROJECTS "/p?update_mask=spec.display_name",
			"{'spec':{'display_name':'y'}}", i < 2 ? 409 : 200);
	rig_want(r, "GET /_mock/journal?status=409&limit=1", NULL, 200);
	ck_assert(json_is_false(rig_at(r, "requests.0.applied")));
	rig_want(r, "POST /_mock/projects/p/maintenance", "{'for':'1h'}", 200);
	rig_want(r, "DELETE /_mock/projects/p/maintenance", NULL, 200);
	rig_want(r, "DELETE /_mock/projects/p/maintenance", NULL, 404);
	rig_want(r, "POST /_mock/projects/x/maintenance", "{'for':'1h'}", 404);
}
END_TEST

START_TEST(fixtures_load_whole_or_say_why)
{
	static const char good[] = "{\"workspace\":\"f\",\"clock\":{\"mode\":\"manual\",\"now\":"
				   "\"2027-01-01T00:00:00Z\"},"
				   "\"principals\":[{\"token\":\"geheim\",\"name\":\"ann@example."
				   "com\",\"admin\":false}],"
				   "\"requests\":[{\"method\":\"POST\",\"path\":\"/api/2.0/"
				   "postgres/projects?project_id=p{n}\","
				   "\"body\":{},\"repeat\":3}],\"scenarios\":[\"lost-create\"],"
				   "\"lro\":{\"default\":\"after:1m\"},"
				   "\"maintenance\":[{\"project\":\"p1\",\"for\":\"1h\"}]}";
	struct err e;

	ck_assert_msg(!lab_fixture(r->lab, good, strlen(good), "good.json", &e), "%s", e.message);
	ck_assert_int_eq(rig_ask_as(r, "mock-f", "GET " PROJECTS "/p3", NULL), 200);
	rig_want(r, "GET /_mock/clock?workspace=f", NULL, 200);
	ck_assert_str_eq(rig_str(r, "next"), "2027-01-01T01:00:00Z");
	rig_want(r, "GET /_mock/faults?workspace=f", NULL, 200);
	ck_assert_str_eq(rig_str(r, "faults.0.id"), "lost-create");
	rig_want(r, "GET /_mock/state?workspace=f", NULL, 200);
	ck_assert_ptr_null(strstr(r->resp.body.data, "geheim"));
	ck_assert_int_eq(lab_fixture(r->lab, "{\"fault\":[]}", 12, "bad.json", &e), -1);
	ck_assert_ptr_nonnull(strstr(e.message, "bad.json"));
	ck_assert_ptr_nonnull(strstr(e.message, "faults"));
	ck_assert_msg(!lab_seed(r->lab, "demo", &e), "%s", e.message);
	ck_assert_int_eq(lab_seed(r->lab, "dmo", &e), -1);
	ck_assert_ptr_nonnull(strstr(e.message, "demo"));
}
END_TEST

START_TEST(what_lives_for_a_while_goes_at_the_next_request_after_a_restart_too)
{
	char db[] = "/tmp/spaces-XXXXXX";
	int fd = mkstemp(db);

	ck_assert_int_ge(fd, 0);
	close(fd);
	rig_close(r);
	r = rig_open_with(42, 1000, db, "manual:2026-01-01T00:00:00Z");
	rig_want(r, "POST /_mock/workspaces", "{'name':'short','ttl':'10m'}", 201);
	rig_want(r, "POST /_mock/workspaces", "{'name':'long','ttl':'20m'}", 201);
	rig_want(r, "PUT /_mock/lro?workspace=long",
		"{'default':'after:5s','plans':[{'rpc':'CreateBranch','project':'p','plan':'stuck'}]}",
		200);
	rig_close(r);
	r = rig_open_with(42, 1000, db, "manual:2026-01-01T00:00:00Z");
	rig_want(r, "GET /_mock/lro?workspace=long", NULL, 200);
	ck_assert_str_eq(rig_str(r, "default"), "after:5s");
	ck_assert_str_eq(rig_str(r, "plans.0.plan"), "stuck");
	ck_assert_str_eq(rig_str(r, "plans.0.project"), "p");
	rig_wall += 11 * 60 * USEC_SECOND;
	rig_want(r, "GET /_mock/workspaces", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "workspaces")), 2);
	ck_assert_str_eq(rig_str(r, "workspaces.1.name"), "long");
	rig_want(r, "POST /_mock/reset?workspace=long", NULL, 200);
	rig_want(r, "GET /_mock/lro?workspace=long", NULL, 200);
	ck_assert_str_eq(rig_str(r, "default"), "first-poll");
	rig_wall += 11 * 60 * USEC_SECOND;
	rig_want(r, "POST /_mock/workspaces", "{'name':'long'}", 201); /* it is free again */
	rig_remove(db);
}
END_TEST

/* How many there are, and that `name` is none of them. */
static void is_not_there(const char *name, size_t num)
{
	rig_want(r, "GET /_mock/workspaces", NULL, 200);
	ck_assert_uint_eq(json_array_size(rig_at(r, "workspaces")), num);
	ck_assert_ptr_null(strstr(r->resp.body.data, name));
}

START_TEST(looking_makes_no_workspace_and_brings_none_back)
{
	static const char poll[] = "GET /_mock/journal?workspace=soon&wait=count:1&timeout=5s";

	rig_want(r, "GET /_mock/state?workspace=none", NULL, 200);
	rig_want(r, "HEAD /_mock/journal?workspace=none", NULL, 200);
	is_not_there("\"none\"", 1);
	rig_want(r, "POST /_mock/workspaces", "{'name':'soon'}", 201);
	rig_ask(r, poll, NULL);
	ck_assert_int_eq(r->verdict, LAB_WAIT);
	rig_want(r, "DELETE /_mock/workspaces/soon", NULL, 200);
	rig_ask(r, poll, NULL);
	r->expired = true;
	rig_ask(r, poll, NULL);
	r->expired = false;
	is_not_there("\"soon\"", 1);
}
END_TEST

int main(void)
{
	return CASES("lab-spaces", NULL,
		{an_export_can_be_read_back_byte_by_byte},
		{a_bad_import_changes_nothing},
		{principals_come_with_the_state}, {principals_outlive_a_reset_when_they_are_to},
		{tokens_name_a_workspace_and_a_user},
		{a_snapshot_brings_everything_back},
		{a_fork_is_a_copy_with_its_rules_and_goes_its_own_way},
		{a_reset_touches_one_workspace_and_keeps_what_it_should},
		{two_hundred_workspaces_are_each_as_if_alone},
		{a_workspace_with_a_ttl_goes_away},
		{there_is_a_most},
		{maintenance_refuses_for_a_while_and_leaves_others_alone},
		{fixtures_load_whole_or_say_why},
		{looking_makes_no_workspace_and_brings_none_back},
		{what_lives_for_a_while_goes_at_the_next_request_after_a_restart_too});
}
