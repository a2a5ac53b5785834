/* SPDX-License-Identifier: Apache-2.0 */
/* Bad input to every route under /_mock: 400 that names the key, and nothing is changed. */
#include <stdlib.h>
#include <string.h>

#include "admin/admin.h"
#include "base/text.h"
#include "lab/cases.h"

static void prepare(void)
{
	rig_want(r, "POST /api/2.0/postgres/projects?project_id=p", "{}", 200);
	rig_want(r, "POST /_mock/snapshots", "{'name':'base'}", 201);
	rig_want(r, "POST /_mock/faults",
		"{'id':'f','match':{'rpc':'GetBranch'},'action':{'type':'reset'}}", 201);
}

#define RULE(action) "{'action':" action "}"

static const struct {
	const char *what, *body, *names;
} bad[] = {
	/* clock */
	{"POST /_mock/clock/advance", "{'by':'3000000d'}", "9999"},
	/* faults */
	{"POST /_mock/faults", "{}", "action"},
	{"POST /_mock/faults", "[]", "object"},
	{"POST /_mock/faults", "{'action':{'type':'rest'}}", "reset"},
	{"POST /_mock/faults", "{'action':'reset'}", "action"},
	{"POST /_mock/faults", "{'actoin':{'type':'reset'}}", "action"},
	{"POST /_mock/faults", "{'match':{'rpc':'CreateProjekt'},'action':{'type':'reset'}}",
		"CreateProject"},
	{"POST /_mock/faults", "{'match':{'rpc':'Zap*'},'action':{'type':'reset'}}", "Zap*"},
	{"POST /_mock/faults", "{'match':{'rcp':'Any'},'action':{'type':'reset'}}", "match.rpc"},
	{"POST /_mock/faults", "{'match':{'path':'api'},'action':{'type':'reset'}}", "match.path"},
	{"POST /_mock/faults", "{'match':{'call':'0'},'action':{'type':'reset'}}", "match.call"},
	{"POST /_mock/faults", "{'match':{'attempt':'2-1'},'action':{'type':'reset'}}",
		"match.attempt"},
	{"POST /_mock/faults", "{'match':{'attempt':true},'action':{'type':'reset'}}",
		"match.attempt"},
	{"POST /_mock/faults", "{'when':{'times':0},'action':{'type':'reset'}}", "when.times"},
	{"POST /_mock/faults", "{'when':{'skip':-1},'action':{'type':'reset'}}", "when.skip"},
	{"POST /_mock/faults", "{'when':{'probability':1.5},'action':{'type':'reset'}}",
		"when.probability"},
	{"POST /_mock/faults", "{'when':{'time':1},'action':{'type':'reset'}}", "when.times"},
	{"POST /_mock/faults", "{'phase':'after','action':{'type':'reset'}}", "phase"},
	{"POST /_mock/faults", "{'expect':{'fire':1},'action':{'type':'reset'}}", "expect.fired"},
	{"POST /_mock/faults", "{'id':'a/b','action':{'type':'reset'}}", "id"},
	{"POST /_mock/faults", RULE("{'type':'error','status':200}"), "action.status"},
	{"POST /_mock/faults", RULE("{'type':'error','statos':500}"), "action.status"},
	{"POST /_mock/faults", RULE("{'type':'error','details':{}}"), "action.details"},
	{"POST /_mock/faults", RULE("{'type':'error','headers':{'A b':'x'}}"), "A b"},
	{"POST /_mock/faults", RULE("{'type':'error','headers':{'Content-Length':'1'}}"),
		"Content-Length"},
	{"POST /_mock/faults", RULE("{'type':'error','headers':{'X':'a\\r\\nB: c'}}"), "headers.X"},
	{"POST /_mock/faults", RULE("{'type':'throttle','retry_after':'a\\nb'}"), "retry_after"},
	{"POST /_mock/faults", RULE("{'type':'throttle','retry_after':true}"), "retry_after"},
	{"POST /_mock/faults", RULE("{'type':'reset','headers':{}}"), "action.headers"},
	{"POST /_mock/faults", RULE("{'type':'hang','for':'later'}"), "action.for"},
	{"POST /_mock/faults", RULE("{'type':'hang','for':'2h'}"), "1h"},
	{"POST /_mock/faults", RULE("{'type':'truncate','bytes':-1}"), "action.bytes"},
	{"POST /_mock/faults", RULE("{'type':'dribble','bytes':0}"), "action.bytes"},
	{"POST /_mock/faults", RULE("{'type':'delay'}"), "fixed"},
	{"POST /_mock/faults", RULE("{'type':'delay','fixed':'x'}"), "action.fixed"},
	{"POST /_mock/faults", RULE("{'type':'delay','uniform':['2s','1s']}"), "action.uniform"},
	{"POST /_mock/faults", RULE("{'type':'delay','uniform':['1s']}"), "action.uniform"},
	{"POST /_mock/faults", RULE("{'type':'delay','lognormal':{'median':'1s'}}"), "sigma"},
	{"POST /_mock/faults", RULE("{'type':'delay','fixed':'1s','uniform':['1s','2s']}"),
		"uniform"},
	{"POST /_mock/faults", RULE("{'type':'garbage'}"), "kind"},
	{"POST /_mock/faults", RULE("{'type':'garbage','kind':'xml'}"), "action.kind"},
	{"POST /_mock/faults", RULE("{'type':'operation'}"), "plan"},
	{"POST /_mock/faults", RULE("{'type':'operation','plan':'soon'}"), "soon"},
	{"POST /_mock/faults", RULE("{'type':'unavailable','delay':3}"), "action.delay"},
	/* combinations that could never act */
	{"POST /_mock/faults", "{'phase':'before','action':{'type':'truncate'}}", "after_commit"},
	{"POST /_mock/faults", "{'phase':'before','action':{'type':'dribble'}}", "after_commit"},
	{"POST /_mock/faults", "{'phase':'mid_body','action':{'type':'error'}}", "before"},
	{"POST /_mock/faults", "{'phase':'mid_body','action':{'type':'operation','plan':'sync'}}",
		"before"},
	{"POST /_mock/faults", "{'phase':'before','action':{'type':'garbage','kind':'half_json'}}",
		"mid_body"},
	{"POST /_mock/faults", "{'phase':'mid_body','action':{'type':'garbage','kind':'html'}}",
		"before"},
	{"POST /_mock/faults",
		"{'match':{'rpc':'CreateProject'},'phase':'after_commit','action':{'type':'stale'}"
		"}",
		"read"},
	{"POST /_mock/faults",
		"{'match':{'rpc':'GetProject'},'action':{'type':'operation','plan':'sync'}}",
		"operation"},
	{"POST /_mock/faults",
		"{'faults':[{'action':{'type':'reset'}},{'action':{'type':'nope'}}]}", "nope"},
	/* connections to databases */
	{"POST /_mock/faults",
		"{'match':{'rpc':'Connect'},'action':{'type':'error','sqlstate':'abcde'}}",
		"action.sqlstate"},
	{"POST /_mock/faults",
		"{'match':{'rpc':'Connect'},'action':{'type':'error','sqlstate':'1'}}",
		"action.sqlstate"},
	{"POST /_mock/faults",
		"{'match':{'rpc':'Connect'},'action':{'type':'error','status':500}}",
		"action.status"},
	{"POST /_mock/faults",
		"{'match':{'rpc':'Connect'},'action':{'type':'error','severity':'BAD'}}",
		"action.severity"},
	{"POST /_mock/faults", "{'match':{'rpc':'Connect'},'action':{'type':'throttle'}}",
		"requests of the API"},
	{"POST /_mock/faults", "{'match':{'rpc':'Connect'},'action':{'type':'rest'}}", "reset"},
	{"POST /_mock/faults",
		"{'match':{'rpc':'Connect'},'phase':'mid_body','action':{'type':'reset'}}",
		"after_commit"},
	{"POST /_mock/faults", "{'match':{'rpc':'Connect'},'action':{'type':'reset','after':1}}",
		"action.after"},
	{"POST /_mock/faults",
		"{'match':{'rpc':'Session'},'phase':'before','action':{'type':'reset'}}", "phase"},
	{"POST /_mock/faults", "{'match':{'rpc':'Session'},'action':{'type':'reset','after':-1}}",
		"action.after"},
	{"POST /_mock/faults", "{'match':{'rpc':'Session'},'action':{'type':'reset','after':'x'}}",
		"action.after"},
	{"POST /_mock/faults", "{'match':{'rpc':'Session'},'action':{'type':'delay','fixed':'1s'}}",
		"requests of the API"},
	{"POST /_mock/faults", RULE("{'type':'error','sqlstate':'57P01'}"), "action.sqlstate"},
	{"POST /_mock/faults", "{'faults':{}}", "faults"},
	{"POST /_mock/faults", "{'faults':[],'more':1}", "more"},
	{"PUT /_mock/faults", "{'action':{'type':'reset'}}", "faults"},
	{"PUT /_mock/faults", "{'faults':[{'action':{'type':'nope'}}]}", "nope"},
	{"PUT /_mock/faults/f", "{'id':'g','action':{'type':'reset'}}", "id"},
	{"PUT /_mock/faults/f", "{'action':{'type':'nope'}}", "nope"},
	{"GET /_mock/faults?unfired=maybe", NULL, "unfired"},
	{"GET /_mock/faults?unfird=1", NULL, "unfired"},
	/* time */
	{"PUT /_mock/clock", "{'mode':'fast'}", "mode"},
	{"PUT /_mock/clock", "{'mod':'real'}", "mode"},
	{"PUT /_mock/clock", "{'now':'yesterday'}", "now"},
	{"PUT /_mock/clock", "{'mode':'scaled','factor':0}", "factor"},
	{"PUT /_mock/clock", "{'factor':2}", "factor"},
	{"PUT /_mock/clock", "{'mode':'real','now':'2030-01-01T00:00:00Z'}", "now"},
	{"POST /_mock/clock/advance", "{}", "by"},
	{"POST /_mock/clock/advance", "{'by':'1h','to':'2030-01-01T00:00:00Z'}", "by"},
	{"POST /_mock/clock/advance", "{'by':'an hour'}", "by"},
	{"POST /_mock/clock/advance", "{'until':'dawn'}", "until"},
	{"POST /_mock/clock/advance", "{'bye':'1h'}", "by"},
	/* state, snapshots, workspaces */
	{"POST /_mock/reset?keep=fault", NULL, "faults"},
	{"POST /_mock/reset?all=1&workspace=default", NULL, "all"},
	{"POST /_mock/reset?everything=1", NULL, "everything"},
	{"POST /_mock/reset", "{'all':true}", "all"},
	{"POST /_mock/snapshots", "{}", "name"},
	{"POST /_mock/snapshots", "{'name':'a/b'}", "name"},
	{"POST /_mock/snapshots", "{'nam':'x'}", "name"},
	{"POST /_mock/workspaces", "{'name':'a b'}", "name"},
	{"POST /_mock/workspaces", "{}", "name"},
	{"POST /_mock/workspaces", "{'name':'w','ttl':'soon'}", "ttl"},
	{"POST /_mock/workspaces", "{'name':'w','fork':'default'}", "fork_of"},
	{"GET /_mock/state?workspace=a%20b", NULL, "workspace"},
	{"GET /_mock/state?workspace=a&workspace=b", NULL, "workspace"},
	{"GET /_mock/state?x=%zz", NULL, "escape"},
	{"PUT /_mock/state", "{'resources':'all'}", "resources"},
	/* operations, maintenance */
	{"PUT /_mock/lro", "{'default':'sometimes'}", "sometimes"},
	{"PUT /_mock/lro", "{'plans':[{'plan':'sync','rpc':'CreateBrunch'}]}", "CreateBranch"},
	{"PUT /_mock/lro", "{'plans':[{'rpc':'CreateBranch'}]}", "plan"},
	{"PUT /_mock/lro", "{'plan':[]}", "plans"},
	{"POST /_mock/projects/p/maintenance", "{}", "for"},
	{"POST /_mock/projects/p/maintenance", "{'for':'ever'}", "for"},
	{"POST /_mock/projects/p/maintenance", "{'for':'0 calls'}", "for"},
	/* journal */
	{"GET /_mock/journal?status=9xx", NULL, "status"},
	{"GET /_mock/journal?rpc=GetProjekt", NULL, "GetProject"},
	{"GET /_mock/journal?method=get", NULL, "GET"},
	{"GET /_mock/journal?call=zero", NULL, "call"},
	{"GET /_mock/journal?since=-1", NULL, "since"},
	{"GET /_mock/journal?limit=many", NULL, "limit"},
	{"GET /_mock/journal?format=xml", NULL, "xml"},
	{"GET /_mock/journal?wait=3", NULL, "wait"},
	{"GET /_mock/journal?timeout=5s", NULL, "wait"},
	{"GET /_mock/journal?wait=count:1&timeout=x", NULL, "timeout"},
	{"GET /_mock/calls?lmit=1", NULL, "limit"},
	{"GET /_mock/explain/x", NULL, "seq"},
	{"GET /_mock/health?workspace=default", NULL, "workspace"},
};

START_TEST(bad_input_is_named_and_changes_nothing)
{
	char *state = rig_state(r), *faults;

	rig_want(r, "GET /_mock/faults", NULL, 200);
	faults = strdup(r->resp.body.data);
	rig_refuses(r, bad[_i].what, bad[_i].body, bad[_i].names);
	rig_want(r, "GET /_mock/faults", NULL, 200);
	ck_assert_str_eq(r->resp.body.data, faults);
	rig_want(r, "GET /_mock/workspaces", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "workspaces")), 1);
	rig_want(r, "GET /_mock/lro", NULL, 200);
	ck_assert_str_eq(rig_str(r, "default"), "first-poll");
	free(faults);
	faults = rig_state(r);
	ck_assert_str_eq(faults, state);
	free(state);
	free(faults);
}
END_TEST

/* What no route of the table may let pass: unknown keys, a body that is no JSON. */
START_TEST(every_route_is_strict)
{
	const struct admin_route *route = &admin_routes[_i];
	char what[256], path[128], *brace;

	snprintf(path, sizeof path, "%s", route->path);
	brace = strchr(path, '{');
	if (brace) /* "{name}/restore" becomes "x/restore" */
		memmove(brace + 1, strchr(brace, '}') + 1, strlen(strchr(brace, '}')));
	if (brace)
		*brace = '1';
	snprintf(what, sizeof what, "%s %s?nonsense=1", route->method, path);
	rig_refuses(r, what, NULL, "nonsense");
	snprintf(what, sizeof what, "%s %s", route->method, path);
	rig_want(r, what, "{'a':", 400);
	if (!(route->flags & ADMIN_ANY_BODY))
		rig_refuses(r, what, "{'nonsense':1}", "nonsense");
	snprintf(what, sizeof what, "BREW %s", path);
	rig_want(r, what, NULL, 404);
	ck_assert_ptr_nonnull(strstr(rig_str(r, "message"), route->method));
}
END_TEST

START_TEST(a_wrong_path_is_told_the_right_one)
{
	rig_want(r, "GET /_mock/jornal", NULL, 404);
	ck_assert_ptr_nonnull(strstr(rig_str(r, "message"), "/_mock/journal"));
	rig_want(r, "GET /_mock/nothing/alike", NULL, 404);
	ck_assert_ptr_nonnull(strstr(rig_str(r, "message"), "health, ready, reset, "));
	for (size_t i = 0; i < 3; i++) {
		static const char *const roots[] = {"GET /", "GET /_mock", "GET /_mock/"};

		rig_want(r, roots[i], NULL, 302);
		ck_assert_str_eq(rig_header(r, "Location"), "/_mock/ui");
	}
	rig_want(r, "HEAD /", NULL, 200);
	rig_want(r, "DELETE /_mock/faults/g", NULL, 404);
	rig_want(r, "GET /_mock/explain/999", NULL, 404);
	rig_want(r, "DELETE /_mock/workspaces/none", NULL, 404);
}
END_TEST

START_TEST(an_admin_token_locks_the_lab_and_nothing_else)
{
	r->lab->admin_token = strdup("sesame");
	rig_want(r, "GET /_mock/state", NULL, 403);
	ck_assert_ptr_nonnull(strstr(rig_str(r, "message"), "X-Mock-Admin-Token"));
	rig_want(r, "POST /_mock/reset", NULL, 403);
	r->admin_token = "wrong";
	rig_want(r, "POST /_mock/reset", NULL, 403);
	rig_want(r, "GET /_mock/health", NULL, 200);
	rig_want(r, "GET /_mock/ready", NULL, 200);
	rig_want(r, "GET /api/2.0/postgres/projects/p", NULL, 200);
	r->admin_token = "sesame";
	rig_want(r, "GET /_mock/state", NULL, 200);
}
END_TEST

int main(void)
{
	int routes = 0;

	while (admin_routes[routes].method)
		routes++;
	return CASES("lab-refusals", prepare,
		{bad_input_is_named_and_changes_nothing, ARRAY_SIZE(bad)},
		{every_route_is_strict, routes}, {a_wrong_path_is_told_the_right_one},
		{an_admin_token_locks_the_lab_and_nothing_else});
}
