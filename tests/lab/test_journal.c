/* SPDX-License-Identifier: Apache-2.0 */
/* The journal: one row per request, grouped into calls, and honest about what it lost. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cases.h"

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
		{sixty_four_clients_in_turn_keep_their_calls_apart},
		{what_was_dropped_is_told},
		{a_reader_can_wait},
		{other_formats_hold_the_same_rows},
		{tokens_and_bodies_are_in_no_row},
		{what_nothing_read_is_warned_of});
}
