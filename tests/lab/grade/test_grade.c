/* SPDX-License-Identifier: Apache-2.0 */
/* Clients with known habits get the marks that they deserve. Their time is simulated. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lab/cases.h"

static void prepare(void)
{
	r->now = monotonic_now();
	r->user_agent = "client/1";
}

static void wait_s(double s)
{
	r->now += (usec)(s * 1e6);
	rig_wall += (usec)(s * 1e6);
}

static const char *mark(const char *id)
{
	rig_want(r, "GET /_mock/grade", NULL, 200);
	for (size_t i = 0; i < json_array_size(rig_at(r, "rules")); i++) {
		const json_t *rule_doc = json_array_get(rig_at(r, "rules"), i);

		if (streq(json_string_value(json_object_get(rule_doc, "rule")), id))
			return json_string_value(json_object_get(rule_doc, "verdict"));
	}
	return "?";
}

/* Tries until it is answered something else than 429 or 503; waits[i] before attempt i + 2. */
static void retry(const char *what, const double *waits, int most)
{
	for (int i = 0;; i++) {
		int seen = rig_ask(r, what, NULL);

		if ((seen && seen != 429 && seen != 503) || i == most)
			return;
		wait_s(waits[i]);
	}
}

START_TEST(nothing_is_judged_without_evidence)
{
	rig_ask(r, "GET " PROJECTS, NULL);
	ck_assert_str_eq(mark("R1"), "N-A");
	ck_assert_str_eq(mark("R3"), "N-A");
	ck_assert_str_eq(mark("R7"), "N-A");
	ck_assert_int_eq(rig_int(r, "summary.fail"), 0);
}
END_TEST

START_TEST(a_client_that_backs_off_passes)
{
	static const double waits[] = {1, 2.1, 4.3, 8, 16};

	rule("{'match':{'rpc':'GetProject','attempt':'1-5'},'action':{'type':'unavailable'}}");
	retry("GET " PROJECTS "/p", waits, 5);
	wait_s(60);
	ck_assert_str_eq(mark("R1"), "PASS");
	ck_assert_str_eq(mark("R2"), "PASS");
	ck_assert_str_eq(mark("R4"), "PASS");
	ck_assert_str_eq(mark("R6"), "PASS");
}
END_TEST

START_TEST(a_flat_one_does_not)
{
	static const double waits[] = {1.5, 1.5, 1.5, 1.5, 1.5};

	rule("{'match':{'rpc':'GetProject','attempt':'1-5'},'action':{'type':'unavailable'}}");
	retry("GET " PROJECTS "/p", waits, 5);
	ck_assert_str_eq(mark("R4"), "FAIL");
	ck_assert_str_eq(mark("R11"), "FAIL");
}
END_TEST

START_TEST(a_client_that_gives_up_at_once_fails_when_it_has_had_its_time)
{
	rule("{'match':{'rpc':'GetProject'},'action':{'type':'throttle'}}");
	rig_want(r, "GET " PROJECTS "/p", NULL, 429);
	wait_s(5);
	ck_assert_str_eq(mark("R1"), "INCONCLUSIVE");
	wait_s(30);
	ck_assert_str_eq(mark("R1"), "FAIL");
}
END_TEST

START_TEST(a_storm_has_no_bounds)
{
	rule("{'match':{'rpc':'GetProject'},'action':{'type':'unavailable'}}");
	for (int i = 0; i < 150; i++) {
		rig_ask(r, "GET " PROJECTS "/p", NULL);
		wait_s(0.01);
	}
	ck_assert_str_eq(mark("R6"), "FAIL");
}
END_TEST

START_TEST(retrying_a_refusal_is_marked)
{
	rig_want(r, "POST " PROJECTS "?project_id=p", "{}", 200);
	rig_want(r, "POST " PROJECTS "?project_id=p", "{}", 409);
	ck_assert_str_eq(mark("R2"), "PASS");
	wait_s(1);
	rig_want(r, "POST " PROJECTS "?project_id=p", "{}", 409);
	ck_assert_str_eq(mark("R2"), "FAIL");
}
END_TEST

START_TEST(retry_after_is_measured)
{
	static const double exact[] = {3.2}, early[] = {1};

	rule("{'match':{'rpc':'GetProject','attempt':'1'},'action':{'type':'unavailable','retry_"
	     "after':3}}");
	retry("GET " PROJECTS "/p", exact, 1);
	ck_assert_str_eq(mark("R3"), "PASS");
	retry("GET " PROJECTS "/q", early, 1);
	ck_assert_str_eq(mark("R3"), "FAIL");
}
END_TEST

START_TEST(dates_and_junk_of_retry_after_are_measured)
{
	static const double ten[] = {10.5}, one[] = {1};

	rule("{'match':{'rpc':'GetProject','attempt':'1'},'action':{'type':'unavailable',"
	     "'retry_after':'Thu, 01 Jan 2026 00:00:10 GMT'}}");
	rule("{'match':{'rpc':'GetBranch','attempt':'1'},'action':{'type':'unavailable','retry_"
	     "after':-5}}");
	retry("GET " PROJECTS "/p", ten, 1);
	ck_assert_str_eq(mark("R3d"), "PASS");
	rig_ask(r, "GET " PROJECTS "/p/branches/b", NULL);
	ck_assert_str_eq(mark("R3c"), "INCONCLUSIVE");
	wait_s(90);
	ck_assert_str_eq(mark("R3c"), "FAIL");
	retry("GET " PROJECTS "/p/branches/c", one, 1);
	ck_assert_str_eq(mark("R3c"), "WARN"); /* it gave up on b, and lives */
}
END_TEST

START_TEST(clients_in_step_are_seen)
{
	static const double same[] = {1, 2, 4};
	char what[64];

	rule("{'match':{'rpc':'GetProject','attempt':'1-3'},'action':{'type':'unavailable'}}");
	for (int i = 0; i < 4; i++) {
		snprintf(what, sizeof what, "GET " PROJECTS "/p%d", i);
		retry(what, same, 3);
	}
	ck_assert_str_eq(mark("R5"), "FAIL");
}
END_TEST

START_TEST(scattered_clients_are_seen)
{
	static const double waits[4][3] = {
		{1.1, 2.4, 4}, {1.4, 2, 4.9}, {1, 2.8, 4.2}, {1.7, 2.2, 4.6}};
	char what[64];

	rule("{'match':{'rpc':'GetProject','attempt':'1-3'},'action':{'type':'unavailable'}}");
	for (int i = 0; i < 4; i++) {
		snprintf(what, sizeof what, "GET " PROJECTS "/p%d", i);
		retry(what, waits[i], 3);
	}
	ck_assert_str_eq(mark("R5"), "PASS");
}
END_TEST

START_TEST(a_lost_create_must_be_looked_at)
{
	rig_want(r, "POST /_mock/scenarios/lost-create", NULL, 201);
	ck_assert_int_eq(rig_ask(r, "POST " PROJECTS "?project_id=p", "{}"), 0);
	ck_assert_str_eq(mark("R7"), "INCONCLUSIVE");
	wait_s(2);
	rig_want(r, "POST " PROJECTS "?project_id=p", "{}", 409);
	wait_s(60);
	ck_assert_str_eq(mark("R7"), "FAIL");
	rig_want(r, "GET " PROJECTS "/p", NULL, 200);
	ck_assert_str_eq(mark("R7"), "PASS");
	ck_assert_str_eq(mark("R12"), "PASS");
}
END_TEST

START_TEST(waits_for_operations_are_judged)
{
	char poll[256];

	rule("{'match':{'rpc':'GetOperation'},'when':{'times':1},'action':{'type':'error','status':"
	     "500}}");
	rule("{'match':{'rpc':'CreateProject'},'action':{'type':'operation','plan':'stuck'}}");
	rig_want(r, "POST " PROJECTS "?project_id=p", "{}", 200);
	snprintf(poll, sizeof poll, "GET /api/2.0/postgres/%s", rig_str(r, "name"));
	rig_want(r, poll, NULL, 500);
	wait_s(30);
	ck_assert_str_eq(mark("R8"), "FAIL");
	rig_want(r, poll, NULL, 200);
	ck_assert_str_eq(mark("R8"), "PASS");
	ck_assert_str_eq(mark("R9"), "INCONCLUSIVE");
	ck_assert_str_eq(mark("R10"), "PASS");
	for (int i = 0; i < 130; i++) {
		wait_s(10);
		rig_want(r, poll, NULL, 200);
	}
	ck_assert_str_eq(mark("R9"), "FAIL");
	wait_s(0.01);
	rig_want(r, poll, NULL, 200);
	ck_assert_str_eq(mark("R10"), "WARN");
	for (int i = 0; i < 2; i++) {
		wait_s(0.01);
		rig_want(r, poll, NULL, 200);
	}
	ck_assert_str_eq(mark("R10"), "FAIL");
}
END_TEST

START_TEST(what_only_the_client_knows_is_not_guessed)
{
	rule("{'match':{'rpc':'ListProjects'},'phase':'mid_body','action':{'type':'truncate'}}");
	ck_assert_int_eq(rig_ask(r, "GET " PROJECTS, NULL), 0);
	ck_assert_str_eq(mark("R14"), "INCONCLUSIVE");
}
END_TEST

START_TEST(the_report_is_one_page)
{
	static const double waits[] = {1, 2, 3};

	rule("{'match':{'rpc':'GetProject'},'action':{'type':'unavailable'}}");
	retry("GET " PROJECTS "/p", waits, 3);
	rig_want(r, "GET /_mock/report", NULL, 200);
	ck_assert_str_eq(r->resp.content_type, "text/html; charset=utf-8");
	ck_assert_ptr_nonnull(strstr(r->resp.body.data, "<svg"));
	ck_assert_ptr_nonnull(strstr(r->resp.body.data, "R14"));
	ck_assert_ptr_null(strstr(r->resp.body.data, "<script"));
	ck_assert_ptr_null(strstr(r->resp.body.data, "src="));
	ck_assert_ptr_null(strstr(r->resp.body.data, "http://"));
	ck_assert_str_eq(strstr(r->resp.body.data, "</html>"), "</html>\n");
	rig_want(r, "GET /_mock/ui", NULL, 200);
	ck_assert_ptr_null(strstr(r->resp.body.data, "https://"));
}
END_TEST

START_TEST(metrics_count)
{
	rig_ask(r, "GET " PROJECTS, NULL);
	rig_ask(r, "GET " PROJECTS "/p", NULL);
	rig_want(r, "GET /_mock/metrics", NULL, 200);
	ck_assert_ptr_nonnull(strstr(r->resp.body.data,
		"lakebase_mock_requests_total{rpc=\"ListProjects\",status=\"2xx\"} 1\n"));
	ck_assert_ptr_nonnull(strstr(r->resp.body.data,
		"lakebase_mock_requests_total{rpc=\"GetProject\",status=\"4xx\"} 1\n"));
	ck_assert_ptr_nonnull(
		strstr(r->resp.body.data, "lakebase_mock_journal_rows{workspace=\"default\"} 2\n"));
}
END_TEST

int main(void)
{
	return CASES("lab-grade", prepare,
		{nothing_is_judged_without_evidence},
		{a_client_that_backs_off_passes},
		{a_flat_one_does_not},
		{a_client_that_gives_up_at_once_fails_when_it_has_had_its_time},
		{a_storm_has_no_bounds},
		{retrying_a_refusal_is_marked},
		{retry_after_is_measured},
		{dates_and_junk_of_retry_after_are_measured},
		{clients_in_step_are_seen},
		{scattered_clients_are_seen},
		{a_lost_create_must_be_looked_at},
		{waits_for_operations_are_judged},
		{what_only_the_client_knows_is_not_guessed},
		{the_report_is_one_page},
		{metrics_count});
}
