/* SPDX-License-Identifier: Apache-2.0 */
/* What the web page and the report are made from: the feed, exchanges, the schema, runs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lab/cases.h"

static void make(const char *id)
{
	char what[100];

	snprintf(what, sizeof what, "POST " PROJECTS "?project_id=%s", id);
	rig_want(r, what, "{'spec':{'display_name':'x'}}", 200);
}

/* Reads the feed since `stamp` (NULL: from nothing) and remembers the new one there. */
static void feed(char stamp[static 200], const char *more)
{
	char what[400];

	snprintf(what, sizeof what, "GET /_mock/feed?%s%s%s", *stamp ? "since=" : "", stamp, more);
	rig_want(r, what, NULL, 200);
	snprintf(stamp, 200, "%s", rig_str(r, "stamp"));
}

static size_t len(const char *path)
{
	return json_array_size(rig_at(r, path));
}

static bool has(const char *list, const char *name)
{
	const json_t *all = rig_at(r, list);

	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *x = json_array_get(all, i);
		const char *s = json_is_string(x) ? json_string_value(x)
						  : json_string_value(json_object_get(x, "name"));

		if (s && streq(s, name))
			return true;
	}
	return false;
}

/* ---- the feed ---- */

START_TEST(the_feed_begins_with_everything)
{
	char stamp[200] = "";

	make("p");
	feed(stamp, "");
	ck_assert(json_is_true(rig_at(r, "whole")));
	ck_assert(has("resources", "projects/p"));
	ck_assert(has("resources", "projects/p/branches/production/endpoints/primary"));
	ck_assert_uint_eq(len("journal.requests"), 1);
	ck_assert_str_eq(rig_str(r, "clock.mode"), "manual");
}
END_TEST

START_TEST(the_feed_tells_what_changed)
{
	char stamp[200] = "";

	make("p");
	feed(stamp, "");
	make("q");
	feed(stamp, "");
	ck_assert(json_is_false(rig_at(r, "whole")));
	ck_assert(has("resources", "projects/q"));
	ck_assert(!has("resources", "projects/p"));
	ck_assert_uint_eq(len("journal.requests"), 1);
	ck_assert_int_eq(rig_int(r, "journal.requests.0.seq"), 2);
	feed(stamp, "");
	ck_assert_uint_eq(len("resources"), 0);
	ck_assert_uint_eq(len("journal.requests"), 0);
	ck_assert_uint_lt(r->resp.body.len, 500);
}
END_TEST

START_TEST(the_feed_waits_for_a_change)
{
	char stamp[200] = "", what[400];

	feed(stamp, "");
	make("p");
	feed(stamp, "");
	snprintf(what, sizeof what, "GET /_mock/feed?since=%s&timeout=5s", stamp);
	rig_ask(r, what, NULL);
	ck_assert_int_eq(r->verdict, LAB_WAIT);
	make("q");
	rig_want(r, what, NULL, 200);
	ck_assert_int_eq(r->verdict, LAB_ANSWER);
	ck_assert(has("resources", "projects/q"));
	r->expired = true;
	snprintf(what, sizeof what, "GET /_mock/feed?since=%s&timeout=5s", rig_str(r, "stamp"));
	rig_want(r, what, NULL, 200);
	ck_assert_uint_eq(len("resources"), 0);
}
END_TEST

START_TEST(the_feed_tells_what_is_gone)
{
	char stamp[200] = "";

	make("p");
	feed(stamp, "");
	rig_want(r, "DELETE " PROJECTS "/p", NULL, 200);
	feed(stamp, "");
	ck_assert(json_is_false(rig_at(r, "whole")));
	ck_assert_int_eq(json_integer_value(json_object_get(
				 json_array_get(rig_at(r, "resources"), 0), "deleted")) > 0,
		1);
	rig_want(r, "POST /_mock/clock/advance", "{'by':'3000h'}", 200);
	feed(stamp, "");
	ck_assert(json_is_true(rig_at(r, "whole")) || has("gone", "projects/p"));
	rig_want(r, "POST /_mock/reset", NULL, 200);
	feed(stamp, "");
	ck_assert(json_is_true(rig_at(r, "whole")));
	ck_assert_uint_eq(len("resources"), 0);
	ck_assert_uint_eq(len("journal.requests"), 0);
}
END_TEST

START_TEST(the_feed_tells_of_rules_and_clock)
{
	char stamp[200] = "", was[200];

	feed(stamp, "");
	snprintf(was, sizeof was, "%s", stamp);
	rig_want(r, "POST /_mock/faults", "{'action':{'type':'unavailable'}}", 201);
	feed(stamp, "");
	ck_assert_str_ne(was, stamp);
	ck_assert_int_eq(rig_int(r, "rules.num"), 1);
	snprintf(was, sizeof was, "%s", stamp);
	rig_want(r, "POST /_mock/clock/advance", "{'by':'1h'}", 200);
	feed(stamp, "");
	ck_assert_str_ne(was, stamp);
	ck_assert_str_eq(rig_str(r, "clock.now"), "2026-01-01T01:00:00Z");
}
END_TEST

START_TEST(too_much_is_told_as_a_whole)
{
	char stamp[200] = "", id[20];

	make("first");
	feed(stamp, "&rows=5");
	for (int i = 0; i < 200; i++) {
		snprintf(id, sizeof id, "p%d", i);
		make(id);
	}
	feed(stamp, "&rows=5&resources=100");
	ck_assert(json_is_true(rig_at(r, "whole")));
	ck_assert_uint_eq(len("resources"), 100);
	ck_assert_int_gt(rig_int(r, "left_out"), 500);
	ck_assert_uint_eq(len("journal.requests"), 5);
	ck_assert_int_eq(rig_int(r, "journal.requests.4.seq"), 201);
}
END_TEST

START_TEST(a_stamp_that_is_none_is_refused)
{
	rig_refuses(r, "GET /_mock/feed?since=x", NULL, "since");
	rig_refuses(r, "GET /_mock/feed?since=1.2.3", NULL, "since");
	rig_refuses(r, "GET /_mock/feed?timeout=2m", NULL, "timeout");
	rig_want(r, "GET /_mock/feed?since=1.2.3.4.5.6", NULL, 200);
	ck_assert(json_is_true(rig_at(r, "whole")));
}
END_TEST

/* ---- watching makes nothing ---- */

START_TEST(looking_makes_no_workspace)
{
	static const char *const looks[] = {"feed", "state", "clock", "faults", "journal", "calls",
		"grade", "report", "warnings", "snapshots", "lro", NULL};
	char what[100];

	for (const char *const *l = looks; *l; l++) {
		snprintf(what, sizeof what, "GET /_mock/%s?workspace=ghost", *l);
		rig_want(r, what, NULL, 200);
	}
	rig_want(r, "DELETE /_mock/journal?workspace=ghost", NULL, 200);
	rig_want(r, "DELETE /_mock/faults?workspace=ghost", NULL, 200);
	rig_want(r, "DELETE /_mock/projects/p/maintenance?workspace=ghost", NULL, 404);
	rig_want(r, "PATCH /_mock/faults/x?workspace=ghost", "{'disabled':true}", 404);
	rig_want(r, "GET /_mock/workspaces", NULL, 200);
	ck_assert(!has("workspaces", "ghost"));
	rig_want(r, "GET /_mock/feed?workspace=ghost", NULL, 200);
	ck_assert(json_is_false(rig_at(r, "exists")));
}
END_TEST

START_TEST(a_watcher_does_not_revive)
{
	char what[400];

	rig_ask_as(r, "mock-w", "GET " PROJECTS, NULL);
	rig_want(r, "GET /_mock/feed?workspace=w", NULL, 200);
	ck_assert(json_is_true(rig_at(r, "exists")));
	snprintf(what, sizeof what, "GET /_mock/feed?workspace=w&timeout=5s&since=%s",
		rig_str(r, "stamp"));
	rig_ask(r, what, NULL);
	ck_assert_int_eq(r->verdict, LAB_WAIT);
	rig_want(r, "DELETE /_mock/workspaces/w", NULL, 200);
	rig_want(r, what, NULL, 200);
	ck_assert(json_is_false(rig_at(r, "exists")));
	snprintf(what, sizeof what, "GET /_mock/feed?workspace=w&timeout=5s&since=%s",
		rig_str(r, "stamp"));
	rig_ask(r, what, NULL);
	ck_assert_int_eq(r->verdict, LAB_WAIT);
	rig_want(r, "GET /_mock/workspaces", NULL, 200);
	ck_assert(!has("workspaces", "w"));
}
END_TEST

/* ---- one request ---- */

START_TEST(an_exchange_is_kept_for_a_while)
{
	make("p");
	rig_want(r, "GET /_mock/exchange/1", NULL, 200);
	ck_assert_str_eq(rig_str(r, "request.body"), "{\"spec\":{\"display_name\":\"x\"}}");
	ck_assert_int_eq(rig_int(r, "response.status"), 200);
	ck_assert_str_eq(rig_str(r, "response.headers.0.name"), "Content-Type");
	rig_want(r, "GET /_mock/exchange/1?workspace=other", NULL, 404);
	for (int i = 0; i < 600; i++)
		rig_ask(r, "GET " PROJECTS, NULL);
	rig_want(r, "GET /_mock/exchange/1", NULL, 404);
	rig_want(r, "GET /_mock/exchange/601", NULL, 200);
	rig_refuses(r, "GET /_mock/exchange/x", NULL, "seq");
}
END_TEST

START_TEST(a_credential_is_left_out)
{
	make("p");
	rig_ask(r, "POST /api/2.0/postgres/credentials",
		"{'endpoint':'projects/p/branches/production/endpoints/primary'}");
	rig_want(r, "GET /_mock/exchange/2", NULL, 200);
	ck_assert(json_is_true(rig_at(r, "response.left_out")));
	ck_assert_str_eq(rig_str(r, "response.body"), "");
}
END_TEST

/* ---- rules ---- */

START_TEST(a_rule_is_switched_off_and_keeps_its_counters)
{
	rig_want(r, "POST /_mock/faults", "{'id':'a','action':{'type':'unavailable'}}", 201);
	ck_assert_int_eq(rig_ask(r, "GET " PROJECTS, NULL), 503);
	rig_want(r, "PATCH /_mock/faults/a", "{'disabled':true}", 200);
	ck_assert_int_eq(rig_int(r, "fired"), 1);
	ck_assert_int_eq(rig_ask(r, "GET " PROJECTS, NULL), 200);
	rig_want(r, "PATCH /_mock/faults/a", "{'disabled':false}", 200);
	ck_assert_int_eq(rig_ask(r, "GET " PROJECTS, NULL), 503);
	rig_want(r, "GET /_mock/faults/a", NULL, 200);
	ck_assert_int_eq(rig_int(r, "fired"), 2);
	rig_refuses(r, "PATCH /_mock/faults/a", "{}", "disabled");
	rig_want(r, "PATCH /_mock/faults/b", "{'disabled':true}", 404);
}
END_TEST

/* What the schema offers is taken by the server: each action in its least form. */
START_TEST(the_schema_is_what_the_reader_takes)
{
	rig_want(r, "GET /_mock/schema/fault", NULL, 200);
	ck_assert(has("rpcs", "CreateBranch"));
	ck_assert_uint_gt(len("actions"), 10);
	ck_assert_uint_gt(len("fields"), 10);
	ck_assert_str_eq(rig_str(r, "actions.0.type"), "error");
	ck_assert_str_eq(rig_str(r, "actions.0.phases.0"), "before");
	rig_want(r, "GET /_mock/scenarios", NULL, 200);
	ck_assert_ptr_nonnull(rig_at(r, "scenarios.0.faults.0.action.type"));
}
END_TEST

/* ---- reports ---- */

static void run_of_a_client(int most)
{
	rig_want(r, "PUT /_mock/faults",
		"{'faults':[{'match':{'rpc':'GetProject','attempt':'1-2'},'action':{'type':'unavailable'}}]}",
		200);
	for (int i = 0; i < most; i++)
		if (rig_ask(r, "GET " PROJECTS "/p", NULL) != 503)
			return;
}

START_TEST(a_report_is_a_page_a_plot_or_a_document)
{
	run_of_a_client(3);
	rig_want(r, "GET /_mock/report?format=svg", NULL, 200);
	ck_assert_str_eq(r->resp.content_type, "image/svg+xml");
	ck_assert_int_eq(strncmp(r->resp.body.data, "<svg ", 5), 0);
	ck_assert_ptr_nonnull(strstr(r->resp.body.data, "xmlns="));
	rig_want(r, "GET /_mock/report?format=json", NULL, 200);
	ck_assert_int_eq(rig_int(r, "run.requests"), 3);
	ck_assert_int_eq(rig_int(r, "run.calls"), 1);
	ck_assert_str_eq(rig_str(r, "calls.0.resource"), "p");
	ck_assert_uint_eq(len("calls.0.attempts"), 3);
	rig_refuses(r, "GET /_mock/report?format=pdf", NULL, "format");
	rig_refuses(r, "GET /_mock/report?against=yesterday", NULL, "against");
	rig_refuses(r, "GET /_mock/report?calls=0", NULL, "calls");
}
END_TEST

START_TEST(a_report_says_what_it_leaves_out)
{
	char what[100];

	for (int i = 0; i < 50; i++) {
		snprintf(what, sizeof what, "GET " PROJECTS "/p%d", i);
		rig_ask(r, what, NULL);
	}
	rig_want(r, "GET /_mock/report", NULL, 200);
	ck_assert_ptr_nonnull(strstr(r->resp.body.data, "40 of 50 calls"));
	rig_want(r, "GET /_mock/report?calls=all", NULL, 200);
	ck_assert_ptr_nonnull(strstr(r->resp.body.data, "All 50 calls"));
}
END_TEST

START_TEST(two_runs_are_compared)
{
	char *saved;

	run_of_a_client(2);
	rig_want(r, "GET /_mock/report?format=json", NULL, 200);
	saved = strdup(r->resp.body.data);
	rig_want(r, "POST /_mock/snapshots", "{'name':'first'}", 201);
	run_of_a_client(3);
	rig_want(r, "GET /_mock/report?against=snapshot:first", NULL, 200);
	ck_assert_ptr_nonnull(strstr(r->resp.body.data, "was 2"));
	ck_assert_ptr_nonnull(strstr(r->resp.body.data, "id=\"was-row-1\""));
	ck_assert_ptr_nonnull(strstr(r->resp.body.data, "id=\"row-3\""));
	ck_assert_ptr_null(strstr(r->resp.body.data, "id=\"row-1\""));
	rig_want(r, "POST /_mock/report", saved, 200);
	ck_assert_ptr_nonnull(strstr(r->resp.body.data, "the run that was sent"));
	rig_want(r, "GET /_mock/report?against=workspace:default", NULL, 200);
	rig_want(r, "GET /_mock/report?against=workspace:ghost", NULL, 404);
	rig_want(r, "GET /_mock/report?against=snapshot:second", NULL, 404);
	rig_want(r, "POST /_mock/report", "{'run':1}", 400);
	rig_want(r, "POST /_mock/reset", NULL, 200);
	rig_want(r, "GET /_mock/report?against=snapshot:first", NULL, 404);
	free(saved);
}
END_TEST

/* Nothing that a client sends is markup in the page. */
START_TEST(a_report_escapes)
{
	r->user_agent = "<script>alert(1)</script>";
	rig_ask(r, "GET " PROJECTS "/%3Cimg%20src=x%3E?project_id=<b>", NULL);
	rig_want(r, "GET /_mock/report", NULL, 200);
	ck_assert_ptr_null(strstr(r->resp.body.data, "<script"));
	ck_assert_ptr_null(strstr(r->resp.body.data, "<b>"));
	ck_assert_ptr_nonnull(strstr(r->resp.body.data, "&lt;script&gt;"));
}
END_TEST

START_TEST(the_page_is_files_under_a_strict_policy)
{
	static const char *const files[] = {"main.js", "api.js", "base.css", "views.css", "icon.svg", NULL};
	char what[100];

	rig_want(r, "GET /_mock/ui?workspace=w", NULL, 200);
	ck_assert_ptr_nonnull(strstr(rig_header(r, "Content-Security-Policy"), "script-src 'self'"));
	ck_assert_ptr_null(strstr(r->resp.body.data, "<script>"));
	ck_assert_ptr_null(strstr(r->resp.body.data, "style=\""));
	for (const char *const *f = files; *f; f++) {
		snprintf(what, sizeof what, "GET /_mock/ui/%s", *f);
		rig_want(r, what, NULL, 200);
		ck_assert_ptr_null(strstr(r->resp.body.data, "https://"));
	}
	rig_want(r, "GET /?workspace=w%20x", NULL, 302);
	ck_assert_str_eq(rig_header(r, "Location"), "/_mock/ui?workspace=w%20x");
	rig_want(r, "GET /", NULL, 302);
	ck_assert_str_eq(rig_header(r, "Location"), "/_mock/ui");
	rig_want(r, "GET /_mock/ui/passwd", NULL, 404);
	rig_want(r, "GET /_mock/ui/..%2Fseeds%2Fdemo.json", NULL, 404);
}
END_TEST

int main(void)
{
	return CASES("lab-page", NULL,
		{the_feed_begins_with_everything},
		{the_feed_tells_what_changed},
		{the_feed_waits_for_a_change},
		{the_feed_tells_what_is_gone},
		{the_feed_tells_of_rules_and_clock},
		{too_much_is_told_as_a_whole},
		{a_stamp_that_is_none_is_refused},
		{looking_makes_no_workspace},
		{a_watcher_does_not_revive},
		{an_exchange_is_kept_for_a_while},
		{a_credential_is_left_out},
		{a_rule_is_switched_off_and_keeps_its_counters},
		{the_schema_is_what_the_reader_takes},
		{a_report_is_a_page_a_plot_or_a_document},
		{a_report_says_what_it_leaves_out},
		{two_runs_are_compared},
		{a_report_escapes},
		{the_page_is_files_under_a_strict_policy});
}
