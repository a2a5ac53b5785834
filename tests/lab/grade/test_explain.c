/* SPDX-License-Identifier: Apache-2.0 */
/* Why a request was answered as it was, in words. */
#include "lab/cases.h"

#include <stdio.h>
#include <string.h>

#include "base/macros.h"
#include "base/text.h"

static void explain(void)
{
	char what[64];
	const char *seq = rig_header(r, "X-Mock-Seq");

	snprintf(what, sizeof what, "GET /_mock/explain/%s", seq);
	rig_want(r, what, NULL, 200);
}

static void says(const char *path, const char *part)
{
	ck_assert_msg(strstr(rig_str(r, path), part) != NULL, "%s is '%s', without '%s'", path,
		rig_str(r, path), part);
}

static const struct {
	const char *rule, *effect, *state, *wire;
} effects[] = {
	{"'action':{'type':'error','status':500}",
		"answered 500 with the code of that status, before the handler", "did not run", "whole"},
	{"'phase':'after_commit','action':{'type':'error','status':504,'error_code':'SLOW'}",
		"answered 504 SLOW, after the handler had run", "changed the state", "whole"},
	{"'action':{'type':'throttle','retry_after':'soon'}", "429 with Retry-After soon", "did not run",
		"whole"},
	{"'action':{'type':'reset'}", "reset the connection, before the handler", "did not run",
		"Nothing arrived"},
	{"'phase':'mid_body','action':{'type':'close'}", "closed the connection, in the middle",
		"changed the state", "A part"},
	{"'action':{'type':'hang','for':'5s'}", "was silent for 5s", "did not run", "Nothing"},
	{"'phase':'after_commit','action':{'type':'garbage','kind':'half_json'}",
		"spoiled the body: half_json", "changed the state", "cannot be read"},
	{"'action':{'type':'delay','fixed':'1500ms'}", "held it back for 1.500 s", "changed the state",
		"whole"},
	{"'phase':'mid_body','action':{'type':'dribble','bytes':8}", "8 bytes at a time, 100ms apart",
		"changed the state", "whole"},
	{"'action':{'type':'operation','plan':'after:30s'}", "by the plan after:30s",
		"changed the state", "whole"},
};

START_TEST(what_a_rule_did_is_told)
{
	char text[300];

	snprintf(text, sizeof text, "{'id':'f','match':{'rpc':'CreateProject'},%s}",
		effects[_i].rule);
	rule(text);
	rig_ask(r, CREATE, "{}");
	rig_want(r, "DELETE /_mock/faults", NULL, 200); /* the rule may be gone by then */
	rig_want(r, "GET /_mock/explain/1", NULL, 200);
	says("effect", "Rule 'f' ");
	says("effect", effects[_i].effect);
	says("state", effects[_i].state);
	says("wire", effects[_i].wire);
	says("summary", effects[_i].effect);
	ck_assert_str_eq(rig_str(r, "evidence"), "injected");
	ck_assert_str_eq(rig_str(r, "acted.rule"), "f");
	ck_assert(json_is_string(rig_at(r, "acted.action.type")));
}
END_TEST

START_TEST(a_drawn_delay_is_told)
{
	rule("{'match':{'rpc':'ListProjects'},'action':{'type':'delay','uniform':['10ms','50ms']}}");
	r->now = monotonic_now();
	rig_ask(r, "GET " PROJECTS, NULL);
	rig_want(r, "GET /_mock/explain/1", NULL, 200);
	ck_assert_int_ge(rig_int(r, "acted.delay_us"), 10000);
	ck_assert_int_le(rig_int(r, "acted.delay_us"), 50000);
	ck_assert_int_eq(rig_int(r, "acted.delay_us"), rig_int(r, "request.injected_us"));
}
END_TEST

START_TEST(what_stands_in_the_way_is_named)
{
	rig_want(r, "PUT /_mock/lro", "{'default':'after:30s'}", 200);
	rig_want(r, CREATE, "{}", 200);
	rig_want(r, "PATCH " PROJECTS "/p?update_mask=spec.display_name",
		"{'spec':{'display_name':'x'}}", 409);
	explain();
	ck_assert_str_eq(rig_str(r, "cause.kind"), "operation");
	says("cause.name", "projects/p/operations/");
	ck_assert_str_eq(rig_str(r, "cause.plan"), "after:30s");
	ck_assert_str_eq(rig_str(r, "cause.due"), "2026-01-01T00:00:30Z");
	says("summary", "stood in the way; it ends at 2026-01-01T00:00:30Z");
}
END_TEST

START_TEST(maintenance_is_named)
{
	rig_want(r, CREATE, "{}", 200);
	rig_want(r, "POST /_mock/projects/p/maintenance", "{'for':'3 calls'}", 200);
	rig_want(r, "PATCH " PROJECTS "/p?update_mask=spec.display_name",
		"{'spec':{'display_name':'x'}}", 409);
	explain();
	ck_assert_str_eq(rig_str(r, "cause.kind"), "maintenance");
	ck_assert_int_eq(rig_int(r, "cause.left"), 3);
	rig_want(r, "POST /_mock/projects/p/maintenance", "{'for':'5s'}", 200);
	rig_want(r, "PATCH " PROJECTS "/p?update_mask=spec.display_name",
		"{'spec':{'display_name':'y'}}", 409);
	explain();
	says("cause.text", "it ends at 2026-01-01T00:00:05Z");
}
END_TEST

START_TEST(a_slow_poll_names_its_plan)
{
	char poll[300];

	rig_want(r, "PUT /_mock/lro", "{'default':'after-polls:2'}", 200);
	rig_want(r, CREATE, "{}", 200);
	snprintf(poll, sizeof poll, "GET /api/2.0/postgres/%s", rig_str(r, "name"));
	rig_want(r, poll, NULL, 200);
	explain();
	ck_assert_str_eq(rig_str(r, "cause.kind"), "plan");
	ck_assert_str_eq(rig_str(r, "cause.plan"), "after-polls:2");
	rig_want(r, poll, NULL, 200);
	rig_want(r, poll, NULL, 200);
	ck_assert(json_is_true(rig_at(r, "done")));
	explain();
	ck_assert(json_is_null(rig_at(r, "cause")));
	ck_assert_str_eq(rig_str(r, "evidence"), "verified");
}
END_TEST

START_TEST(rules_that_nearly_acted_are_told_from_the_others)
{
	rule("{'id':'near','match':{'rpc':'GetProject','attempt':'2'},'action':{'type':'reset'}}");
	rule("{'id':'far','match':{'rpc':'ListProjects'},'action':{'type':'reset'}}");
	rule("{'id':'dice','match':{'rpc':'GetProject'},'when':{'probability':1e-9},"
	     "'action':{'type':'reset'}}");
	rig_want(r, GET_IT, NULL, 404);
	rig_wall++;
	rule("{'id':'late','match':{'rpc':'GetProject'},'action':{'type':'reset'}}");
	rig_want(r, "GET /_mock/explain/1", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "rules")), 4);
	says("summary", "Rule 'near' nearly acted: attempt: this was attempt 1");
	ck_assert(json_is_true(rig_at(r, "rules.0.near")));
	says("rules.1.why", "the dice showed 0.");
	ck_assert_str_eq(rig_str(r, "rules.2.id"), "far");
	ck_assert(json_is_false(rig_at(r, "rules.2.near")));
	says("rules.2.why", "this was GetProject, and the rule is for ListProjects");
	ck_assert_str_eq(rig_str(r, "rules.3.verdict"), "later");
}
END_TEST

START_TEST(a_stale_rule_acts_only_when_there_is_something_earlier)
{
	rig_want(r, CREATE, "{}", 200);
	rule("{'id':'s','match':{'rpc':'GetProject'},'when':{'times':1},'action':{'type':'stale'}}");
	rig_want(r, GET_IT, NULL, 200); /* what was before is not known any more */
	explain();
	ck_assert(json_is_null(rig_at(r, "request.fault")));
	says("rules.0.why", "add it before the write that it is to hide");
	rig_want(r, "GET /_mock/faults?unfired=1", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "faults")), 1);
	rig_want(r, "DELETE " PROJECTS "/p", NULL, 200);
	rig_want(r, GET_IT, NULL, 200);
	explain();
	ck_assert_str_eq(rig_str(r, "request.fault"), "s");
	says("effect", "showed the state before the last write");
	rig_want(r, "GET /_mock/faults?unfired=1", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "faults")), 0);
	/* what was kept for a rule that is gone is too old for the next one */
	rig_want(r, "DELETE /_mock/faults", NULL, 200);
	rig_want(r, "POST " PROJECTS "?project_id=q", "{}", 200);
	rule("{'id':'s','match':{'rpc':'GetProject'},'action':{'type':'stale'}}");
	rig_want(r, "GET " PROJECTS "/q", NULL, 200);
}
END_TEST

int main(void)
{
	return CASES("lab-explain", NULL, {what_a_rule_did_is_told, ARRAY_SIZE(effects)},
		{a_drawn_delay_is_told}, {what_stands_in_the_way_is_named}, {maintenance_is_named},
		{a_slow_poll_names_its_plan}, {rules_that_nearly_acted_are_told_from_the_others},
		{a_stale_rule_acts_only_when_there_is_something_earlier});
}
