/* SPDX-License-Identifier: Apache-2.0 */
/* The journal: one row per request, grouped into calls, and honest about what it lost. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lab/cases.h"

static size_t rows(const char *query)
{
	char what[256];

	snprintf(what, sizeof what, "GET /_mock/journal%s", query);
	rig_want(r, what, NULL, 200);
	return json_array_size(rig_at(r, "requests"));
}

START_TEST(each_request_of_the_api_has_a_row_and_nothing_else)
{
	rig_want(r, CREATE, "{}", 200);
	ck_assert_str_eq(rig_header(r, "X-Mock-Seq"), "1");
	rig_want(r, "GET /_mock/health", NULL, 200);
	ck_assert_ptr_null(rig_header(r, "X-Mock-Seq"));
	rig_want(r, "GET /.well-known/databricks-config", NULL, 200);
	rig_ask(r, "GET /favicon.ico", NULL);
	rig_want(r, GET_IT "?x=1", NULL, 200);
	ck_assert_int_eq(rig_ask_as(r, NULL, GET_IT, NULL), 401);
	ck_assert_uint_eq(rows(""), 4);
	ck_assert_int_eq(rig_int(r, "total"), 4);
	ck_assert_int_eq(rig_int(r, "dropped"), 0);
	ck_assert_str_eq(rig_str(r, "requests.0.rpc"), "CreateProject");
	ck_assert_str_eq(rig_str(r, "requests.0.query"), "project_id=p");
	ck_assert_str_eq(rig_str(r, "requests.0.caller"), "admin@example.com");
	ck_assert(json_is_true(rig_at(r, "requests.0.applied")));
	ck_assert_str_eq(rig_str(r, "requests.0.body_sha256"),
		"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
	ck_assert_str_eq(rig_str(r, "requests.2.query"), "x=1");
	ck_assert_int_eq(rig_int(r, "requests.3.status"), 401);
	ck_assert(json_is_null(rig_at(r, "requests.3.caller")));
}
END_TEST

START_TEST(filters_pick_rows)
{
	rig_want(r, CREATE, "{}", 200);
	rig_want(r, GET_IT, NULL, 200);
	rig_want(r, GET_IT "2", NULL, 404);
	rig_want(r, CREATE, "{}", 409);
	ck_assert_uint_eq(rows("?rpc=CreateProject"), 2);
	ck_assert_uint_eq(rows("?rpc=Get*"), 2);
	ck_assert_uint_eq(rows("?status=409"), 1);
	ck_assert_uint_eq(rows("?status=4xx"), 2);
	ck_assert_uint_eq(rows("?method=GET&status=200"), 1);
	ck_assert_uint_eq(rows("?path=*/p2"), 1);
	ck_assert_uint_eq(rows("?since=3"), 1);
	ck_assert_uint_eq(rows("?caller=nobody"), 0);
	ck_assert_uint_eq(rows("?limit=2"), 2);
	ck_assert_int_eq(rig_int(r, "requests.0.seq"), 3);
	ck_assert_uint_eq(rows("?limit=2&since=0"), 2);
	ck_assert_int_eq(rig_int(r, "requests.0.seq"), 1);
	ck_assert_uint_eq(rows("?limit=0"), 0);
	ck_assert_uint_eq(rows("?call=2"), 1);
}
END_TEST

START_TEST(attempts_of_one_call_are_found_without_help)
{
	rig_want(r, "POST /_mock/scenarios/lost-create", NULL, 201);
	ck_assert_int_eq(rig_ask(r, CREATE, "{}"), 0);
	rig_want(r, CREATE, "{}", 409);
	rig_want(r, GET_IT, NULL, 200);
	rig_want(r, GET_IT, NULL, 200);
	rig_want(r, "GET /_mock/calls", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "calls")), 3);
	ck_assert_int_eq(json_array_size(rig_at(r, "calls.0.attempts")), 2);
	ck_assert_str_eq(rig_str(r, "calls.0.outcome"), "error");
	ck_assert_int_eq(rig_int(r, "calls.0.applied"), 1);
	ck_assert_str_eq(rig_str(r, "calls.0.attempts.0.fault"), "lost-create");
	ck_assert_str_eq(rig_str(r, "calls.0.attempts.0.delivered"), "none");
	ck_assert(json_is_null(rig_at(r, "calls.0.attempts.0.gap_ms")));
	ck_assert(json_is_integer(rig_at(r, "calls.0.attempts.1.gap_ms")));
	ck_assert_str_eq(rig_str(r, "calls.1.outcome"), "ok");
}
END_TEST

START_TEST(a_call_that_may_be_tried_again_is_open)
{
	rig_want(r, "POST /_mock/faults",
		"{'match':{'rpc':'GetProject'},'when':{'times':1},'action':{'type':'unavailable'}}",
		201);
	rig_want(r, GET_IT, NULL, 503);
	rig_want(r, "GET /_mock/calls", NULL, 200);
	ck_assert_str_eq(rig_str(r, "calls.0.outcome"), "open");
	rig_want(r, GET_IT, NULL, 404);
	rig_want(r, "GET /_mock/calls", NULL, 200);
	ck_assert_str_eq(rig_str(r, "calls.0.outcome"), "error");
	ck_assert(json_is_false(rig_at(r, "calls.0.ambiguous")));
}
END_TEST

START_TEST(a_join_across_programs_says_that_it_is_a_guess)
{
	rig_want(r, "POST /_mock/faults",
		"{'match':{'rpc':'GetProject'},'when':{'times':1},'action':{'type':'unavailable'}}",
		201);
	r->user_agent = "one/1";
	rig_want(r, GET_IT, NULL, 503);
	r->user_agent = "two/1";
	rig_want(r, GET_IT, NULL, 404);
	rig_want(r, "GET /_mock/calls", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "calls")), 1);
	ck_assert(json_is_true(rig_at(r, "calls.0.ambiguous")));
}
END_TEST

START_TEST(a_client_may_name_its_calls)
{
	r->mock_call = "my-call";
	rig_want(r, CREATE, "{}", 200);
	rig_want(r, CREATE, "{'spec':{}}", 409);
	r->mock_call = "another";
	rig_want(r, CREATE, "{}", 409);
	rig_want(r, "GET /_mock/calls", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "calls")), 2);
	ck_assert_int_eq(json_array_size(rig_at(r, "calls.0.attempts")), 2);
}
END_TEST

START_TEST(an_answer_that_did_not_arrive_opens_the_call_again)
{
	rig_want(r, CREATE, "{}", 200);
	lab_delivered(r->lab, r->resp.seq, DELIVERED_NONE, 0, 0);
	rig_want(r, CREATE, "{}", 409);
	rig_want(r, "GET /_mock/calls", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "calls.0.attempts")), 2);
}
END_TEST

/* The newest answer has left, `ms` after its request came. */
static void told(uint64_t ticket, enum delivered how, int ms)
{
	rig_told = r->now + ms * 1000;
	lab_delivered(r->lab, ticket, how, how == DELIVERED_NONE ? 0 : 404,
		how == DELIVERED_NONE ? 0 : 10);
}

START_TEST(an_answer_on_its_way_claims_nothing)
{
	rule("{'match':{'rpc':'GetProject'},'action':{'type':'delay','fixed':'2s'}}");
	r->now = monotonic_now();
	r->keep_pending = true;
	rig_ask(r, GET_IT, NULL);
	rig_want(r, "GET /_mock/calls", NULL, 200);
	ck_assert_str_eq(rig_str(r, "calls.0.outcome"), "open");
	rig_want(r, "GET /_mock/journal", NULL, 200);
	ck_assert_str_eq(rig_str(r, "requests.0.delivered"), "pending");
	ck_assert_int_eq(rig_int(r, "requests.0.status"), 404);
	ck_assert(json_is_null(rig_at(r, "requests.0.sent_status")));
	ck_assert_int_eq(rig_int(r, "requests.0.response_bytes"), 0);
	ck_assert(json_is_null(rig_at(r, "requests.0.took_us")));
	ck_assert_int_eq(rig_int(r, "requests.0.injected_us"), 2000000);
}
END_TEST

START_TEST(the_time_it_took_holds_what_was_injected)
{
	static const struct {
		const char *action;
		int took_ms, injected_ms, full;
	} cases[] = {
		{"'type':'delay','fixed':'2s'", 2003, 2000, 1},
		{"'type':'dribble','bytes':1000,'every':'1ms'", 30, 0, 1},
		{"'type':'dribble','bytes':40,'every':'1ms'", 30, 2, 1},
		{"'type':'dribble','bytes':10,'every':'1s','delay':'3s'", 4000, 4000, 0},
		{"'type':'unavailable'", 1, 0, 1},
		{"'type':'hang'", 1500, 1500, 0},
		{"'type':'hang','for':'5s'", 5002, 5000, 0},
		{"'type':'hang','for':'5s'", 700, 700, 0},
	};
	char text[256];

	r->keep_pending = true;
	r->now = monotonic_now();
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		rig_want(r, "DELETE /_mock/faults", NULL, 200);
		snprintf(text, sizeof text, "{'match':{'rpc':'GetProject'},'action':{%s}}",
			cases[i].action);
		rule(text);
		rig_ask(r, GET_IT, NULL);
		told(r->resp.seq, cases[i].full ? DELIVERED_FULL : DELIVERED_NONE,
			cases[i].took_ms);
		rig_ask(r, "GET /_mock/journal?limit=1", NULL);
		ck_assert_int_eq(rig_int(r, "requests.0.took_us"), cases[i].took_ms * 1000);
		ck_assert_msg(rig_int(r, "requests.0.injected_us") == cases[i].injected_ms * 1000,
			"%s: %d", cases[i].action, (int)rig_int(r, "requests.0.injected_us"));
		rig_ask(r, "GET /_mock/journal?limit=1&format=har", NULL);
		ck_assert(json_number_value(rig_at(r, "log.entries.0.time")) == cases[i].took_ms);
	}
}
END_TEST

/* What the transport tells of a first attempt that is held back, before the second or after it. */
static const struct {
	const char *action;
	enum delivered told; /* pending: only after the second attempt */
	int attempts;
	bool ambiguous;
} given_up[] = {
	{"'type':'delay','fixed':'2s'", DELIVERED_PENDING, 2, true},
	{"'type':'delay','fixed':'2s'", DELIVERED_NONE, 2, true},
	{"'type':'delay','fixed':'2s'", DELIVERED_FULL, 1, false},
	{"'type':'dribble'", DELIVERED_PENDING, 2, true},
	{"'type':'dribble'", DELIVERED_PARTIAL, 2, true},
	{"'type':'hang'", DELIVERED_PENDING, 2, true},
	{"'type':'hang'", DELIVERED_NONE, 2, false},
	{"'type':'reset'", DELIVERED_NONE, 2, false},
};

START_TEST(an_attempt_joins_the_one_that_the_client_gave_up)
{
	uint64_t ticket;
	char text[256];

	snprintf(text, sizeof text,
		"{'match':{'rpc':'GetProject','attempt':'1'},'action':{%s}}",
		given_up[_i].action);
	rule(text);
	r->now = monotonic_now();
	r->keep_pending = true;
	rig_ask(r, GET_IT, NULL);
	ticket = r->resp.seq;
	if (given_up[_i].told != DELIVERED_PENDING)
		told(ticket, given_up[_i].told, 40);
	r->now += 50000;
	r->keep_pending = false;
	rig_ask(r, GET_IT, NULL);
	told(ticket, DELIVERED_NONE, 2000); /* learnt late: the call is over */
	rig_want(r, "GET /_mock/calls?limit=1", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "calls.0.attempts")), given_up[_i].attempts);
	ck_assert_int_eq(json_is_true(rig_at(r, "calls.0.ambiguous")), given_up[_i].ambiguous);
	rig_ask(r, GET_IT, NULL);
	rig_want(r, "GET /_mock/calls?limit=1", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "calls.0.attempts")), 1);
}
END_TEST

START_TEST(who_asks_the_same_at_the_same_time_is_another)
{
	r->now = monotonic_now();
	r->keep_pending = true;
	rig_ask(r, GET_IT, NULL);
	r->now += 20000;
	rig_ask(r, GET_IT, NULL);
	rig_want(r, "GET /_mock/calls", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "calls")), 2);
	r->now += 200000; /* but who asks a while later has waited long enough */
	rig_ask(r, GET_IT, NULL);
	rig_ask(r, "GET /_mock/calls", NULL);
	ck_assert_int_eq(json_array_size(rig_at(r, "calls")), 2);
	ck_assert(json_is_true(rig_at(r, "calls.1.ambiguous")));
}
END_TEST

START_TEST(an_answer_that_cannot_be_read_opens_its_call)
{
	static const char *const kinds[] = {"html", "half_json", "wrong_length"};
	char text[256];

	snprintf(text, sizeof text,
		"{'match':{'rpc':'CreateProject','attempt':'1-2'},'phase':'after_commit',"
		"'action':{'type':'garbage','kind':'%s'}}",
		kinds[_i]);
	rule(text);
	rig_ask(r, CREATE, "{}");
	rig_want(r, "GET /_mock/calls", NULL, 200);
	ck_assert_str_eq(rig_str(r, "calls.0.outcome"), "open");
	rig_ask(r, CREATE, "{}");
	rig_want(r, CREATE, "{}", 409);
	rig_want(r, "GET /_mock/calls", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "calls.0.attempts")), 3);
	ck_assert(json_is_false(rig_at(r, "calls.0.ambiguous")));
	ck_assert_str_eq(rig_str(r, "calls.0.outcome"), "error");
}
END_TEST

START_TEST(sixty_four_clients_in_turn_keep_their_calls_apart)
{
	char what[128];

	rig_want(r, "POST /_mock/faults",
		"{'match':{'rpc':'GetProject','attempt':'1-2'},"
		"'action':{'type':'unavailable'}}",
		201);
	for (int attempt = 1; attempt <= 3; attempt++) {
		for (int i = 0; i < 64; i++) {
			snprintf(what, sizeof what, "GET " PROJECTS "/p%d", i);
			rig_want(r, what, NULL, attempt < 3 ? 503 : 404);
		}
	}
	rig_want(r, "GET /_mock/calls", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "calls")), 64);
	for (size_t i = 0; i < 64; i++) {
		const json_t *call = json_array_get(rig_at(r, "calls"), i);

		ck_assert_int_eq(json_array_size(json_object_get(call, "attempts")), 3);
		ck_assert_str_eq(json_string_value(json_object_get(call, "outcome")), "error");
	}
}
END_TEST

START_TEST(what_was_dropped_is_told)
{
	rig_close(r);
	r = rig_open_with(42, 10, NULL, "manual");
	for (int i = 0; i < 25; i++)
		rig_ask(r, GET_IT, NULL);
	rig_want(r, "GET /_mock/journal", NULL, 409);
	ck_assert_str_eq(rig_str(r, "error_code"), "JOURNAL_INCOMPLETE");
	rig_want(r, "GET /_mock/calls", NULL, 409);
	rig_want(r, "GET /_mock/explain/3", NULL, 409);
	ck_assert_uint_eq(rows("?partial=1"), 10);
	ck_assert_int_eq(rig_int(r, "dropped"), 15);
	ck_assert_uint_eq(rows("?since=15"), 10);
	ck_assert_uint_eq(rows("?limit=4"), 4);
	ck_assert_int_eq(rig_int(r, "requests.0.seq"), 22);
	rig_want(r, "DELETE /_mock/journal", NULL, 200);
	ck_assert_uint_eq(rows(""), 0);
	ck_assert_int_eq(rig_int(r, "dropped"), 0);
	rig_ask(r, GET_IT, NULL);
	ck_assert_str_eq(rig_header(r, "X-Mock-Seq"), "26");
}
END_TEST

START_TEST(a_reader_can_wait)
{
	rig_ask(r, "GET /_mock/journal?wait=count:2&timeout=5s", NULL);
	ck_assert_int_eq(r->verdict, LAB_WAIT);
	ck_assert(lab_has_waiters(r->lab));
	rig_ask(r, GET_IT, NULL);
	r->connection = 0; /* the transport asks again: the same poll */
	rig_ask(r, "GET /_mock/journal?wait=count:2&timeout=5s", NULL);
	ck_assert_int_eq(r->verdict, LAB_WAIT);
	r->expired = true;
	rig_want(r, "GET /_mock/journal?wait=count:2&timeout=5s", NULL, 408);
	ck_assert_int_eq(json_array_size(rig_at(r, "requests")), 1);
	r->expired = false;
	rig_ask(r, GET_IT, NULL);
	r->connection = 0;
	rig_want(r, "GET /_mock/journal?wait=count:2&timeout=5s", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "requests")), 2);
}
END_TEST

START_TEST(other_formats_hold_the_same_rows)
{
	char *end;

	rig_want(r, CREATE, "{}", 200);
	rig_want(r, GET_IT "?a=b%20c", NULL, 200);
	rig_want(r, "GET /_mock/journal?format=ndjson", NULL, 200);
	end = strchr(r->resp.body.data, '\n');
	ck_assert_ptr_nonnull(end);
	ck_assert_ptr_nonnull(strchr(end + 1, '\n'));
	rig_want(r, "GET /_mock/journal?format=har", NULL, 200);
	ck_assert_str_eq(rig_str(r, "log.version"), "1.2");
	ck_assert_int_eq(json_array_size(rig_at(r, "log.entries")), 2);
	ck_assert_str_eq(rig_str(r, "log.entries.1.request.queryString.0.value"), "b c");
}
END_TEST

START_TEST(tokens_and_bodies_are_in_no_row)
{
	static const char *const reads[] = {"GET /_mock/journal", "GET /_mock/calls",
		"GET /_mock/explain/1", "GET /_mock/journal?format=har", "GET /_mock/state"};

	ck_assert_int_eq(
		rig_ask_as(r, "dapi-geheim", CREATE, "{'spec':{'display_name':'x'}}"), 200);
	for (size_t i = 0; i < ARRAY_SIZE(reads); i++) {
		rig_want(r, reads[i], NULL, 200);
		ck_assert_ptr_null(strstr(r->resp.body.data, "geheim"));
	}
}
END_TEST

START_TEST(what_nothing_read_is_warned_of)
{
	rig_want(r, CREATE, "{'spec':{'display_nam':'x'}}", 200);
	rig_want(r, GET_IT "?colour=blue", NULL, 200);
	rig_want(r, "GET /_mock/warnings", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "warnings")), 2);
	ck_assert_str_eq(rig_str(r, "warnings.0.kind"), "unread_field");
	ck_assert_str_eq(rig_str(r, "warnings.0.where"), "body.spec.display_nam");
	ck_assert_int_eq(rig_int(r, "warnings.0.seq"), 1);
	ck_assert_str_eq(rig_str(r, "warnings.1.kind"), "unread_query");
}
END_TEST

int main(void)
{
	return CASES("lab-journal", NULL,
		{each_request_of_the_api_has_a_row_and_nothing_else},
		{filters_pick_rows},
		{attempts_of_one_call_are_found_without_help},
		{a_call_that_may_be_tried_again_is_open},
		{a_join_across_programs_says_that_it_is_a_guess},
		{a_client_may_name_its_calls},
		{an_answer_that_did_not_arrive_opens_the_call_again},
		{an_answer_on_its_way_claims_nothing},
		{the_time_it_took_holds_what_was_injected},
		{an_attempt_joins_the_one_that_the_client_gave_up, ARRAY_SIZE(given_up)},
		{who_asks_the_same_at_the_same_time_is_another},
		{an_answer_that_cannot_be_read_opens_its_call, 3},
		{sixty_four_clients_in_turn_keep_their_calls_apart},
		{what_was_dropped_is_told},
		{a_reader_can_wait},
		{other_formats_hold_the_same_rows},
		{tokens_and_bodies_are_in_no_row},
		{what_nothing_read_is_warned_of});
}
