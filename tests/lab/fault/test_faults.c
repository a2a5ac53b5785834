/* SPDX-License-Identifier: Apache-2.0 */
/* Fault rules: what each action does to the state and to the wire, and which request it meets. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/document/doc.h"
#include "lab/cases.h"
#include "lab/fault/faults.h"
#include "support/torture.h"

/* What the journal says about the latest request. */
static void look_back(void)
{
	rig_want(r, "GET /_mock/journal?limit=1", NULL, 200);
}

static bool exists(void)
{
	int status;

	rig_want(r, "DELETE /_mock/faults", NULL, 200);
	status = rig_ask(r, GET_IT, NULL);
	ck_assert(status == 200 || status == 404);
	return status == 200;
}

/* phase x action: what the client sees, and whether the project is there afterwards */
static const struct {
	const char *phase, *action;
	int seen; /* status; 0: no whole answer */
	enum wire_kind kind;
	bool truncated, applied;
} grid[] = {
	{"before", "'type':'error','status':500", 500, WIRE_SEND, false, false},
	{"after_commit", "'type':'error','status':500", 500, WIRE_SEND, false, true},
	{"before", "'type':'conflict'", 409, WIRE_SEND, false, false},
	{"after_commit", "'type':'conflict'", 409, WIRE_SEND, false, true},
	{"before", "'type':'throttle'", 429, WIRE_SEND, false, false},
	{"after_commit", "'type':'throttle'", 429, WIRE_SEND, false, true},
	{"before", "'type':'unavailable'", 503, WIRE_SEND, false, false},
	{"after_commit", "'type':'unavailable'", 503, WIRE_SEND, false, true},
	{"before", "'type':'expire_token'", 403, WIRE_SEND, false, false},
	{"after_commit", "'type':'expire_token'", 403, WIRE_SEND, false, true},
	{"before", "'type':'reset'", 0, WIRE_RESET, false, false},
	{"after_commit", "'type':'reset'", 0, WIRE_RESET, false, true},
	{"mid_body", "'type':'reset'", 0, WIRE_SEND, true, true},
	{"before", "'type':'close'", 0, WIRE_CLOSE, false, false},
	{"after_commit", "'type':'close'", 0, WIRE_CLOSE, false, true},
	{"mid_body", "'type':'close'", 0, WIRE_SEND, true, true},
	{"before", "'type':'hang','for':'5s'", 0, WIRE_HANG, false, false},
	{"after_commit", "'type':'hang','for':'5s'", 0, WIRE_HANG, false, true},
	{"mid_body", "'type':'hang','for':'5s'", 0, WIRE_HANG, true, true},
	{"after_commit", "'type':'truncate','bytes':7", 0, WIRE_SEND, true, true},
	{"mid_body", "'type':'truncate'", 0, WIRE_SEND, true, true},
	{"after_commit", "'type':'dribble'", 200, WIRE_SEND, false, true},
	{"mid_body", "'type':'dribble','bytes':3,'every':'1ms'", 200, WIRE_SEND, false, true},
	{"before", "'type':'delay','fixed':'20ms'", 200, WIRE_SEND, false, true},
	{"after_commit", "'type':'delay','fixed':'20ms'", 200, WIRE_SEND, false, true},
	{"before", "'type':'garbage','kind':'html'", 502, WIRE_SEND, false, false},
	{"after_commit", "'type':'garbage','kind':'html'", 502, WIRE_SEND, false, true},
	{"after_commit", "'type':'garbage','kind':'half_json'", 200, WIRE_SEND, false, true},
	{"mid_body", "'type':'garbage','kind':'half_json'", 200, WIRE_SEND, false, true},
	{"after_commit", "'type':'garbage','kind':'wrong_length'", 0, WIRE_SEND, false, true},
	{"before", "'type':'operation','plan':'stuck'", 200, WIRE_SEND, false, true},
	{"after_commit", "'type':'operation','plan':'sync'", 200, WIRE_SEND, false, true},
};

START_TEST(every_phase_and_action_does_what_it_says)
{
	char text[512];

	snprintf(text, sizeof text,
		"{'id':'f','match':{'rpc':'CreateProject'},'phase':'%s','action':{%s}}",
		grid[_i].phase, grid[_i].action);
	rule(text);
	ck_assert_int_eq(rig_ask(r, CREATE, "{}"), grid[_i].seen);
	ck_assert_int_eq(r->resp.wire.kind, grid[_i].kind);
	ck_assert_int_eq(r->resp.wire.truncate, grid[_i].truncated);
	look_back();
	ck_assert_str_eq(rig_str(r, "requests.0.fault"), "f");
	ck_assert_int_eq(json_is_true(rig_at(r, "requests.0.applied")), grid[_i].applied);
	rig_want(r, "GET /_mock/faults/f", NULL, 200);
	ck_assert_int_eq(rig_int(r, "fired"), 1);
	ck_assert_int_eq(exists(), grid[_i].applied);
}
END_TEST

START_TEST(the_status_of_the_handler_and_that_of_the_wire_are_told_apart)
{
	rule("{'match':{'rpc':'CreateProject'},'phase':'after_commit','action':{'type':'error','"
	     "status':504}}");
	rig_want(r, CREATE, "{}", 504);
	look_back();
	ck_assert_int_eq(rig_int(r, "requests.0.status"), 200);
	ck_assert_int_eq(rig_int(r, "requests.0.sent_status"), 504);
	rig_want(r, "DELETE /_mock/faults", NULL, 200);
	rule("{'match':{'rpc':'GetProject'},'action':{'type':'reset'}}");
	ck_assert_int_eq(rig_ask(r, GET_IT, NULL), 0);
	look_back();
	ck_assert(json_is_null(rig_at(r, "requests.0.status")));
	ck_assert(json_is_null(rig_at(r, "requests.0.sent_status")));
	ck_assert_str_eq(rig_str(r, "requests.0.delivered"), "none");
}
END_TEST

START_TEST(errors_say_what_the_rule_says)
{
	rule("{'match':{'rpc':'GetProject'},'action':{'type':'error','status':418,'error_code':'"
	     "TEAPOT',"
	     "'message':'short and stout','details':[{'@type':'x'}],'headers':{'X-Pot':'tea'}}}");
	rig_want(r, GET_IT, NULL, 418);
	ck_assert_str_eq(r->resp.body.data,
		"{\"error_code\":\"TEAPOT\",\"message\":\"short and stout\","
		"\"details\":[{\"@type\":\"x\"}]}");
	ck_assert_str_eq(rig_header(r, "X-Pot"), "tea");
}
END_TEST

START_TEST(retry_after_is_sent_as_it_is)
{
	static const char *const values[][2] = {{"7", "7"}, {"-5", "-5"}, {"86400", "86400"},
		{"'soon'", "soon"},
		{"'Fri, 31 Dec 1999 23:59:59 GMT'", "Fri, 31 Dec 1999 23:59:59 GMT"}};
	char text[256];

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		rig_want(r, "DELETE /_mock/faults", NULL, 200);
		snprintf(text, sizeof text,
			"{'match':{'rpc':'Any'},'action':{'type':'%s','retry_after':%s}}",
			i % 2 ? "throttle" : "unavailable", values[i][0]);
		rule(text);
		rig_ask(r, GET_IT, NULL);
		ck_assert_str_eq(rig_header(r, "Retry-After"), values[i][1]);
	}
}
END_TEST

START_TEST(the_conflict_is_that_of_the_service)
{
	rule("{'match':{'rpc':'Mutating'},'when':{'times':1},'action':{'type':'conflict'}}");
	rig_want(r, CREATE, "{}", 409);
	ck_assert_str_eq(rig_str(r, "error_code"), "RESOURCE_CONFLICT");
	ck_assert_str_eq(rig_str(r, "message"),
		"project already has running conflicting operations, "
		"scheduling of new ones is prohibited");
	rig_want(r, CREATE, "{}", 200);
}
END_TEST

START_TEST(rules_meet_the_call_and_attempt_they_name)
{
	rule("{'id':'x','match':{'rpc':'CreateProject','call':'2','attempt':'1-2'},"
	     "'action':{'type':'unavailable'},'expect':{'fired':2}}");
	rig_want(r, CREATE "1", "{}", 200);
	rig_want(r, "GET /_mock/faults?unfired=1", NULL, 200);
	ck_assert_str_eq(rig_str(r, "faults.0.id"), "x");
	rig_want(r, CREATE "2", "{}", 503);
	rig_want(r, CREATE "2", "{}", 503);
	rig_want(r, CREATE "2", "{}", 200);
	rig_want(r, CREATE "3", "{}", 200);
	rig_want(r, "GET /_mock/faults?unfired=1", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "faults")), 0);
	ck_assert_int_eq(lab_unfired(r->lab), 0);
}
END_TEST

START_TEST(when_skips_counts_and_stops)
{
	rule("{'id':'w','match':{'rpc':'GetProject'},'when':{'skip':1,'times':2},'action':{'type':'"
	     "conflict'}}");
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(rig_ask(r, GET_IT, NULL), i == 1 || i == 2 ? 409 : 404);
	rig_want(r, "GET /_mock/faults/w", NULL, 200);
	ck_assert_int_eq(rig_int(r, "matched"), 5);
	ck_assert_int_eq(rig_int(r, "skipped"), 3);
	ck_assert_int_eq(rig_int(r, "fired"), 2);
}
END_TEST

START_TEST(the_first_rule_that_matches_and_is_due_acts)
{
	rule("{'faults':[{'id':'one','match':{'rpc':'Get*'},'when':{'times':1},'action':{'type':'"
	     "conflict'}},"
	     "{'id':'two','match':{'path':'/api/*'},'action':{'type':'unavailable'}}]}");
	rig_want(r, GET_IT, NULL, 409);
	rig_want(r, GET_IT, NULL, 503);
	rig_want(r, "GET /_mock/explain/1", NULL, 200);
	ck_assert_str_eq(rig_str(r, "rules.0.verdict"), "fired");
	ck_assert_str_eq(rig_str(r, "rules.1.verdict"), "shadowed");
	rig_want(r, "GET /_mock/explain/2", NULL, 200);
	ck_assert_str_eq(rig_str(r, "rules.0.verdict"), "times");
	ck_assert_str_eq(rig_str(r, "rules.1.verdict"), "fired");
}
END_TEST

START_TEST(globs_narrow_a_rule_and_explain_says_so)
{
	rule("{'id':'path','match':{'rpc':'GetProject','path':'*/"
	     "q'},'action':{'type':'conflict'}}");
	rule("{'id':'agent','match':{'rpc':'GetProject','user_agent':'terraform*'},'action':{'type'"
	     ":'conflict'}}");
	rule("{'id':'who','match':{'rpc':'GetProject','caller':'ann@*'},'action':{'type':'conflict'"
	     "}}");
	rig_want(r, GET_IT, NULL, 404);
	rig_want(r, "GET /_mock/explain/1", NULL, 200);
	ck_assert_str_eq(rig_str(r, "rules.0.verdict"), "path");
	ck_assert_str_eq(rig_str(r, "rules.1.verdict"), "user_agent");
	ck_assert_str_eq(rig_str(r, "rules.2.verdict"), "caller");
	ck_assert_int_eq(rig_ask_as(r, "mock-default.ann", GET_IT, NULL), 409);
	r->user_agent = "terraform/1.9";
	rig_want(r, GET_IT, NULL, 409);
}
END_TEST

START_TEST(bootstrap_routes_are_met_only_by_name)
{
	rule("{'match':{'rpc':'Any'},'action':{'type':'unavailable'}}");
	rule("{'match':{'rpc':'*'},'action':{'type':'unavailable'}}");
	rig_want(r, "GET /.well-known/databricks-config", NULL, 200);
	rig_want(r, "GET /_mock/routes", NULL, 200);
	for (size_t i = 0; i < json_array_size(rig_at(r, "routes")); i++) {
		const json_t *route = json_array_get(rig_at(r, "routes"), i);
		char text[256];

		if (!streq(json_string_value(json_object_get(route, "path")),
			    "/.well-known/databricks-config"))
			continue;
		snprintf(text, sizeof text,
			"{'match':{'rpc':'%s'},'action':{'type':'unavailable'}}",
			json_string_value(json_object_get(route, "rpc")));
		rule(text);
		rig_want(r, "GET /.well-known/databricks-config", NULL, 503);
		return;
	}
	ck_abort_msg("the route is not listed");
}
END_TEST

START_TEST(a_stale_read_shows_the_state_before_the_last_write)
{
	rig_want(r, CREATE, "{'spec':{'display_name':'old'}}", 200);
	rig_want(r, "POST /_mock/faults",
		"{'match':{'rpc':'GetProject'},'when':{'times':2},'action':{'type':'stale'}}", 201);
	rig_want(r, "PATCH " PROJECTS "/p?update_mask=spec.display_name",
		"{'spec':{'display_name':'new'}}", 200);
	rig_want(r, GET_IT, NULL, 200);
	ck_assert_str_eq(rig_str(r, "status.display_name"), "old");
	rig_want(r, CREATE "2", "{}", 200);
	rig_want(r, GET_IT "2", NULL, 404);
	rig_want(r, GET_IT "2", NULL, 200);
	rig_want(r, GET_IT, NULL, 200);
	ck_assert_str_eq(rig_str(r, "status.display_name"), "new");
	rig_want(r, "GET /_mock/workspaces", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "workspaces")), 1);
	/* the past that an earlier rule kept is not that of a later one */
	rig_want(r, "DELETE /_mock/faults", NULL, 200);
	rule("{'match':{'rpc':'GetProject'},'action':{'type':'stale'}}");
	rig_want(r, GET_IT "2", NULL, 200);
}
END_TEST

START_TEST(a_plan_of_a_rule_paces_the_operation)
{
	rule("{'match':{'rpc':'CreateProject'},'action':{'type':'operation','plan':'after:1h'}}");
	rig_want(r, CREATE, "{}", 200);
	ck_assert(json_is_false(rig_at(r, "done")));
	rig_want(r, CREATE "2", "{}", 200);
	rig_want(r, "POST /_mock/clock/advance", "{'by':'1h'}", 200);
	ck_assert_str_eq(rig_str(r, "events.0.event"), "operation_done");
}
END_TEST

static void open_with_seed(uint64_t seed)
{
	rig_close(r);
	r = rig_open_with(seed, 1000, NULL, "manual:2026-01-01T00:00:00Z");
	rule("{'id':'coin','match':{'rpc':'GetProject'},'when':{'probability':0.5},'action':{'type'"
	     ":'conflict'}}");
}

/* One bit per project asked for, in the given order of asking. */
static uint64_t toss(int step)
{
	uint64_t bits = 0;
	char what[128];

	for (int i = 0, n = 0; i < 64; i++, n = (n + step) % 64) {
		snprintf(what, sizeof what, "GET " PROJECTS "/p%d", n);
		bits |= (uint64_t)(rig_ask(r, what, NULL) == 409) << n;
	}
	return bits;
}

START_TEST(chance_follows_from_the_seed_and_the_call_alone)
{
	uint64_t first, again, shuffled, other;

	open_with_seed(42);
	first = toss(1);
	open_with_seed(42);
	again = toss(1);
	open_with_seed(42);
	shuffled = toss(27);
	open_with_seed(43);
	other = toss(1);
	ck_assert(first == again);
	ck_assert(first == shuffled);
	ck_assert(first != other);
	ck_assert_int_gt(__builtin_popcountll(first), 16);
	ck_assert_int_lt(__builtin_popcountll(first), 48);
}
END_TEST

START_TEST(delays_stay_within_what_they_say)
{
	rule("{'match':{'rpc':'GetProject'},'action':{'type':'delay','uniform':['10ms','50ms']}}");
	rule("{'match':{'rpc':'ListProjects'},'action':{'type':'delay','lognormal':{'median':'20ms'"
	     ",'sigma':0.5}}}");
	rule("{'match':{'rpc':'CreateProject'},'action':{'type':'unavailable','delay':'3s'}}");
	for (int i = 0; i < 50; i++) {
		rig_ask(r, GET_IT, NULL);
		ck_assert_int_ge(r->resp.wire.delay, 10000);
		ck_assert_int_le(r->resp.wire.delay, 50000);
		rig_ask(r, "GET " PROJECTS, NULL);
		ck_assert_int_gt(r->resp.wire.delay, 0);
		ck_assert_int_lt(r->resp.wire.delay, 1000000);
	}
	rig_want(r, CREATE, "{}", 503);
	ck_assert_int_eq(r->resp.wire.delay, 3000000);
}
END_TEST

/* Reads, lists and copies a rule that has everything. */
static int read_and_copy(void *arg, struct err *e)
{
	static const char text[] =
		"{\"match\":{\"rpc\":\"Create*\",\"call\":\"1-2\"},\"when\":{\"times\":2},"
		"\"action\":{\"type\":\"error\",\"status\":500,\"details\":[{}],"
		"\"headers\":{\"X-A\":\"b\"},\"delay\":{\"uniform\":[\"1ms\",\"2ms\"]}}}";
	json_auto_t *rule_doc = NULL, *shown = NULL;
	struct faults f, copy;
	size_t from;
	int rc;

	faults_init(&f, arg);
	faults_init(&copy, arg);
	rc = doc_parse(&rule_doc, text, strlen(text), e) ||
			     faults_write(&f, rule_doc, false, &from, e) ||
			     faults_copy(&copy, &f, e)
		     ? -1
		     : 0;
	if (!rc) {
		shown = fault_doc(copy.all[0]);
		rc = shown ? 0 : err_oom(e);
	}
	faults_done(&f);
	faults_done(&copy);
	return rc;
}

START_TEST(running_out_of_memory_is_told_and_leaves_nothing)
{
	ck_assert_int_gt(torture(read_and_copy, r->app, BLAME_ANYTHING), 50);
}
END_TEST

START_TEST(every_scenario_loads_and_lists)
{
	rig_want(r, "GET /_mock/scenarios", NULL, 200);
	ck_assert_int_ge(json_array_size(rig_at(r, "scenarios")), 18);
	json_auto_t *list = json_deep_copy(rig_at(r, "scenarios"));

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *s = json_array_get(list, i);
		char what[128];

		ck_assert_ptr_nonnull(json_object_get(s, "title"));
		ck_assert_ptr_nonnull(json_object_get(s, "teaches"));
		ck_assert_ptr_nonnull(json_object_get(s, "source"));
		ck_assert_ptr_nonnull(json_object_get(s, "outcome"));
		snprintf(what, sizeof what, "POST /_mock/scenarios/%s",
			json_string_value(json_object_get(s, "name")));
		rig_want(r, what, NULL, 201);
	}
	rig_want(r, "POST /_mock/scenarios/lost-creat", NULL, 404);
	ck_assert_ptr_nonnull(strstr(rig_str(r, "message"), "lost-create"));
}
END_TEST

int main(void)
{
	return CASES("lab-faults", NULL,
		{every_phase_and_action_does_what_it_says, ARRAY_SIZE(grid)},
		{the_status_of_the_handler_and_that_of_the_wire_are_told_apart},
		{errors_say_what_the_rule_says},
		{retry_after_is_sent_as_it_is},
		{the_conflict_is_that_of_the_service},
		{rules_meet_the_call_and_attempt_they_name},
		{when_skips_counts_and_stops},
		{the_first_rule_that_matches_and_is_due_acts},
		{globs_narrow_a_rule_and_explain_says_so},
		{bootstrap_routes_are_met_only_by_name},
		{a_stale_read_shows_the_state_before_the_last_write},
		{a_plan_of_a_rule_paces_the_operation},
		{chance_follows_from_the_seed_and_the_call_alone},
		{delays_stay_within_what_they_say},
		{running_out_of_memory_is_told_and_leaves_nothing},
		{every_scenario_loads_and_lists});
}
