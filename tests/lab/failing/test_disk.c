/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every statement of a request fails in turn, as on a disk that cannot be read or written, and as
 * in a file that is damaged. One request is one transaction: the answer tells of it and nothing has
 * changed, or nobody needed it.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/resource/data_plane.h"
#include "lab/failing/disturb.h"

int __real_sqlite3_step(sqlite3_stmt *q);
int __wrap_sqlite3_step(sqlite3_stmt *q);

static long calls, fail_at; /* 0: none */
static const struct {
	int error;
	bool for_good; /* all that come after it fail, too */
} failures[] = {
	{SQLITE_IOERR, false},
	{SQLITE_CORRUPT, false},
	{SQLITE_IOERR, true},
};
static int nth; /* of them is how it fails */

/* It does not fail in any way that leaves the transaction open. */
static bool is_rollback(sqlite3_stmt *q)
{
	return strcmp(sqlite3_sql(q), "ROLLBACK") == 0;
}

int __wrap_sqlite3_step(sqlite3_stmt *q)
{
	if (!fail_at || is_rollback(q))
		return __real_sqlite3_step(q);
	calls++;
	if (failures[nth].for_good ? calls >= fail_at : calls == fail_at)
		return failures[nth].error;
	return __real_sqlite3_step(q);
}

static void arm(long n)
{
	calls = 0;
	fail_at = n;
}

static long used(void)
{
	return calls;
}

/* The text of the failure itself, and not that of a statement which came after it. */
static bool told(int status, const char *text)
{
	return failures[nth].error == SQLITE_IOERR ? status == 503 && strstr(text, "nothing was changed")
				     : status == 500 && strstr(text, "the file is damaged");
}

static const struct disturbance disk = {
	.what = "statement", .arm = arm, .used = used, .told = told, .look_every = 1};

static void prepare(void)
{
	rig_want(r, "PUT /_mock/lro", "{'default':'sync'}", 200);
}

#define P "/api/2.0/postgres/projects"
#define B P "/p/branches/production"
#define WANTS_SECONDS "{'mode':'scaled','factor':1}"
#define PENDING "\"done\":false"

/* What happens by itself, and is seen by whoever comes next. */
static const struct asked passing[] = {
	{"PUT /_mock/clock", WANTS_SECONDS},
	{"POST " P "?project_id=p", "{}"},
	{"PUT /_mock/lro", "{'default':'after:5s'}", .undo = "PUT /_mock/lro", "{'default':'sync'}"},
	{"POST " P "/p/branches?branch_id=dev", "{'spec':{'ttl':'3600s'}}"},
	{"GET /api/2.0/postgres/*", .pass = 5, .old = PENDING},
	{"PATCH " P "/p/branches/dev?update_mask=spec.is_protected", "{'spec':{'is_protected':false}}"},
	{"POST " B "/roles?role_id=app", "{'spec':{'postgres_role':'app'}}", .pass = 5},
	{"GET " B "/roles", .pass = 5, .old = ""},
	{"POST " P "/p/snapshots?snapshot_id=s", "{'spec':{'source_branch':'projects/p/branches/production'}}"},
	{"DELETE " B "/roles/app", .pass = 5},
	{"GET /_mock/state", .pass = 5, .old = PENDING},
	{"PUT /_mock/lro", "{'default':'after-polls:1'}", .undo = "PUT /_mock/lro", "{'default':'after:5s'}"},
	{"PATCH " P "/p?update_mask=spec.display_name", "{'spec':{'display_name':'Q'}}"},
	{"GET /api/2.0/postgres/*", .old = PENDING},
	{"GET /api/2.0/postgres/*", .old = PENDING},
	{"PUT /_mock/lro", "{'default':'late-visible:1'}", .undo = "PUT /_mock/lro",
		"{'default':'after-polls:1'}"},
	{"PATCH " P "/p?update_mask=spec.display_name", "{'spec':{'display_name':'R'}}"},
	{"GET /api/2.0/postgres/*", .old = PENDING, .status = 404},
	{"GET /api/2.0/postgres/*", .old = PENDING},
	{"PUT /_mock/lro", "{'default':'fail:INTERNAL_ERROR:no:1s'}", .undo = "PUT /_mock/lro",
		"{'default':'late-visible:1'}"},
	{"POST " P "/p/branches?branch_id=never", "{'spec':{'no_expiry':true}}"},
	{"GET /api/2.0/postgres/*", .pass = 1, .old = PENDING},
	{"PATCH " P "/p?update_mask=spec.display_name", "{'spec':{'display_name':'S'}}"},
	{"GET /api/2.0/postgres/*", .pass = 1, .old = PENDING},
	{"PUT /_mock/lro", "{'default':'done-not-ready:5s'}", .undo = "PUT /_mock/lro",
		"{'default':'fail:INTERNAL_ERROR:no:1s'}"},
	{"POST " P "/p/branches?branch_id=late", "{'spec':{'no_expiry':true}}"},
	{"GET /api/2.0/postgres/*", .old = PENDING},
	{"GET " P "/p/branches/late", .pass = 5, .old = "INIT"},
	{"PUT /_mock/lro", "{'default':'first-poll'}", .undo = "PUT /_mock/lro",
		"{'default':'done-not-ready:5s'}"},
	{"POST " P "/p/branches?branch_id=brief", "{'spec':{'ttl':'600s'}}"},
	{"GET " P "/p/branches", .pass = 600, .old = "brief"}, /* it has expired */
	{"PATCH " B "/snapshot-schedule?update_mask=schedule",
		"{'schedule':[{'retention':'604800s','daily_schedule':{'hour':3}}]}"},
	{"GET " P "/p/snapshots", .pass = 86400, .old = "snapshots/s"},
	{"PATCH " B "/snapshot-schedule?update_mask=schedule", "{'schedule':[]}"},
	{"DELETE " P "/p"},
	{"POST " P "/p/undelete", "{}", .pass = 3600},
	{"DELETE " P "/p"},
	{"POST " P "?project_id=q", "{}", .pass = 30 * 86400}, /* the other one is gone for good */
	{"DELETE " P "/q?purge=true"},
	{NULL},
};

/* What users of a mock do with workspaces. */
static const struct asked workspaces[] = {
	{"POST " P "?project_id=p", "{}"},
	{"POST /_mock/workspaces", "{'name':'new'}", .undo = "DELETE /_mock/workspaces/new"},
	{"POST /_mock/reset?all=1", .undo = "PUT /_mock/lro", "{'default':'sync'}"}, /* both or none */
	{"DELETE /_mock/workspaces/new", .undo = "POST /_mock/workspaces", "{'name':'new'}"},
	{"PUT /_mock/lro", "{'default':'sync'}", .undo = "POST /_mock/reset"},
	{"POST " P "?project_id=p", "{}"},
	{"POST /_mock/snapshots", "{'name':'s'}", .undo = "DELETE /_mock/snapshots/s"},
	{"PATCH " P "/p?update_mask=spec.display_name", "{'spec':{'display_name':'Q'}}"}, /* a copy */
	{"POST /_mock/snapshots/s/restore"},
	{"POST /_mock/workspaces", "{'name':'fork','fork_of':'default','ttl':'10m'}",
		.undo = "DELETE /_mock/workspaces/fork"},
	{"POST /_mock/workspaces", "{'name':'old','fork_of':'snapshot:s'}",
		.undo = "DELETE /_mock/workspaces/old"},
	{"DELETE /_mock/snapshots/s", .undo = "POST /_mock/snapshots", "{'name':'s'}"},
	{"PUT /_mock/lro",
		"{'default':'after:5s','plans':[{'rpc':'CreateBranch','project':'p','plan':'stuck'}]}",
		.undo = "PUT /_mock/lro", "{'default':'sync','plans':[]}"},
	{"POST /_mock/projects/p/maintenance", "{'for':'3 calls'}"},
	{"PATCH " P "/p?update_mask=spec.display_name", "{'spec':{'display_name':'R'}}", .status = 409},
	{"DELETE /_mock/projects/p/maintenance"},
	{"PUT /_mock/state", "{'resources':[],'counters':{'seq':7}}"},
	{"PUT /_mock/clock", "{'mode':'scaled','factor':2}"},
	{"POST /_mock/reset",
		.undo = "PUT /_mock/lro",
		"{'default':'after:5s','plans':[{'rpc':'CreateBranch','project':'p','plan':'stuck'}]}"},
	{NULL},
};

START_TEST(a_request_lives_through_each_statement_failing)
{
	nth = _i;
	ck_assert_int_gt(disturb(&disk, day), 500);
}
END_TEST

START_TEST(what_happens_by_itself_happens_at_once_or_later)
{
	nth = _i;
	ck_assert_int_gt(disturb(&disk, passing), 500);
}
END_TEST

START_TEST(what_decides_by_looking_around_lives_through_it_too)
{
	nth = _i;
	set_for_corners();
	ck_assert_int_gt(disturb(&disk, corners), 300);
}
END_TEST

START_TEST(others_are_let_in_or_told_of_the_failure)
{
	nth = _i;
	ck_assert_int_gt(disturb(&disk, guests), 200);
}
END_TEST

START_TEST(a_workspace_is_changed_as_a_whole_or_not_at_all)
{
	nth = _i;
	ck_assert_int_gt(disturb(&disk, workspaces), 100);
}
END_TEST

#define BOB "mock-default.bob"

/* Bob, whom a list makes an admin; by his name alone he is nobody. */
static const struct asked listed[] = {
	{"POST " P "?project_id=p", "{}"},
	{"GET " P "/p", .as = BOB},
	{"PATCH " P "/p?update_mask=spec.display_name", "{'spec':{'display_name':'Q'}}", .as = BOB},
	{"POST " B "/roles?role_id=bob",
		"{'spec':{'identity_type':'USER','postgres_role':'bob@example.com'}}"},
	{"POST " B "/roles?role_id=crew", "{'spec':{'identity_type':'GROUP','postgres_role':'crew'}}"},
	{NULL},
};

START_TEST(who_is_listed_is_taken_for_nobody_else)
{
	nth = _i;
	rig_want(r, "PUT /_mock/state",
		"{'resources':[],'principals':[{'name':'principals/bob@example.com','seq':1,"
		"'kind':'principal','parent':'principals',"
		"'doc':{'name':'bob@example.com','admin':true,'groups':['crew']}}]}",
		200);
	ck_assert_int_gt(disturb(&disk, listed), 20);
}
END_TEST

static json_t *two_tables(void *arg, struct workspace *ws, const char *branch, const char *database,
	const char *schema)
{
	(void)arg, (void)ws, (void)branch, (void)database, (void)schema;
	return json_pack("[s,s]", "orders", "lines");
}

/* A feed of a database that is there. */
static const struct asked feed[] = {
	{"GET " B "/databases/databricks-postgres/cdf-configs/feed/cdf-statuses"},
	{"GET " B "/databases/databricks-postgres/cdf-configs/feed/cdf-statuses/lines"},
	{NULL},
};

START_TEST(the_tables_of_a_feed_are_told_or_the_failure)
{
	static const struct data_plane plane = {.tables = two_tables};

	nth = _i;
	rig_want(r, "POST " P "?project_id=p", "{}", 200);
	rig_want(r, "POST " B "/databases/databricks-postgres/cdf-configs?cdf_config_id=feed",
		"{'catalog':'main','schema':'history','postgres_schema':'public'}", 200);
	r->app->world.data_plane = &plane;
	ck_assert_int_gt(disturb(&disk, feed), 6);
}
END_TEST

/* What it holds is asked for in a transaction of its own. */
START_TEST(a_token_makes_its_workspace_as_a_whole_or_not_at_all)
{
	char *before = whole();
	bool made = false;
	long n = 0;

	nth = _i;
	while (!made) {
		int status;
		char *now;

		arm(++n);
		status = rig_ask_as(r, "mock-fresh", "GET " P, NULL);
		arm(0);
		now = whole();
		made = strcmp(now, before) != 0;
		ck_assert_msg(made || told(status, r->resp.body.data), "%ld: %d %s", n, status,
			r->resp.body.data);
		free(now);
	}
	free(before);
	ck_assert_int_gt(n, 4);
	ck_assert_int_eq(rig_ask_as(r, "mock-fresh", "GET " P, NULL), 200);
}
END_TEST

/* ---- a file ---- */

static char file[32];

/* A server on a file, in place of the one in memory. */
static void open_file(void)
{
	rig_close(r);
	r = rig_open_with(42, 100, file, "manual:2026-01-01T00:00:00Z");
}

static void fill_file(void)
{
	int fd;

	snprintf(file, sizeof file, "/tmp/lab-disk-XXXXXX");
	fd = mkstemp(file);
	ck_assert_int_ge(fd, 0);
	close(fd);
	open_file();
	rig_want(r, "POST /_mock/workspaces", "{'name':'w','ttl':'10m'}", 201);
	rig_want(r, "PUT /_mock/lro?workspace=w",
		"{'default':'after:5s','plans':[{'rpc':'CreateBranch','project':'p','plan':'stuck'}]}", 200);
	rig_want(r, "PUT /_mock/clock?workspace=w", "{'mode':'scaled','factor':2}", 200);
	ck_assert_int_eq(rig_ask_as(r, "mock-w", "POST " P "?project_id=p", "{}"), 200);
}

static void remove_file(void)
{
	rig_close(r);
	r = rig_open();
	unlink(file);
}

START_TEST(a_server_starts_with_all_of_a_file_or_says_why_not)
{
	struct app_options o = {.db = file, .clock = "manual:2026-01-01T00:00:00Z"};
	struct app *app = NULL;
	struct err e;
	long n = 1;

	nth = 0;
	fill_file();
	rig_close(r);
	r = rig_open();
	for (;; n++, arm(0)) {
		arm(n);
		if (!app_open(&app, &o, &e))
			break;
		ck_assert_msg(strstr(e.message, "the file cannot be read"), "%ld: %s", n, e.message);
	}
	ck_assert_int_lt(used(), n);
	ck_assert_int_gt(n, 5);
	app_close(app);
	arm(0);
	remove_file();
}
END_TEST

START_TEST(a_workspace_is_read_from_the_file_as_a_whole_or_later)
{
	char *before;
	long n = 1;

	nth = _i;
	fill_file();
	before = whole();
	for (;; n++) {
		int status;
		char *now;

		open_file();
		arm(n);
		status = rig_ask_as(r, "mock-w", "GET " P, NULL);
		if (used() < n)
			break;
		arm(0);
		ck_assert_msg(told(status, r->resp.body.data), "%ld: %d %s", n, status, r->resp.body.data);
		now = whole();
		ck_assert_str_eq(before, now);
		free(now);
	}
	arm(0);
	ck_assert_int_gt(n, 4);
	free(before);
	remove_file();
}
END_TEST

START_TEST(a_copy_that_will_end_keeps_its_pace_as_long)
{
	fill_file();
	rig_want(r, "POST /_mock/workspaces", "{'name':'fork','fork_of':'w','ttl':'10m'}", 201);
	open_file();
	rig_want(r, "GET /_mock/lro?workspace=fork", NULL, 200);
	ck_assert_str_eq(rig_str(r, "default"), "after:5s");
	ck_assert_str_eq(rig_str(r, "plans.0.plan"), "stuck");
	remove_file();
}
END_TEST

/* What is shown of the pace of `w` after a restart, where the server's own is another by then. */
static void paced(const char *plan, int rules)
{
	struct err e;

	open_file();
	ck_assert(!plan_parse("stuck", &r->app->world.plan, &e));
	rig_want(r, "GET /_mock/lro?workspace=w", NULL, 200);
	ck_assert_str_eq(rig_str(r, "default"), plan);
	ck_assert_int_eq(json_array_size(rig_at(r, "plans")), rules);
}

START_TEST(a_pace_of_its_own_is_kept_and_the_servers_is_not)
{
	fill_file();
	paced("after:5s", 1);
	rig_want(r, "PUT /_mock/lro?workspace=w", "{'default':'after:7s','plans':[]}", 200);
	paced("after:7s", 0);
	rig_want(r, "POST /_mock/reset?workspace=w", NULL, 200);
	rig_want(r, "GET /_mock/lro?workspace=w", NULL, 200);
	ck_assert_str_eq(rig_str(r, "default"), "stuck");
	paced("stuck", 0);
	remove_file();
}
END_TEST

START_TEST(what_cannot_be_read_of_a_pace_is_as_if_it_were_not_there)
{
	static const struct {
		const char *kept, *plan;
		int rules;
	} rows[] = {
		{"{'default':'after:9s','plans':[{'rpc':'A','project':'p','plan':'sync'}]}", "after:9s", 1},
		{"{'default':'after:9s','plans':[{'project':'p','plan':'sync'},{'rpc':'A','plan':'sync'},"
		 "{'rpc':'A','project':'p'},{'rpc':'A','project':'p','plan':'never'},"
		 "{'rpc':'B','project':'p','plan':'sync'}]}", "after:9s", 1},
		{"{'default':'never','plans':[]}", "stuck", 0},
		{"{'plans':[{'rpc':'A','project':'p','plan':'sync'}]}", "stuck", 1},
		{"{'default':'after:9s'}", "after:9s", 0},
		{"{'default'", "stuck", 0},
	};
	struct err e;

	fill_file();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char kept[400];
		const struct workspace_kept k = {.expires = USEC_NEVER, .plans = kept};

		snprintf(kept, sizeof kept, "%s", rows[i].kept);
		for (char *p = kept; *p; p++)
			*p = *p == '\'' ? '"' : *p;
		ck_assert(!store_workspace_keep(r->app->world.store, "w", &k, &e));
		paced(rows[i].plan, rows[i].rules);
	}
	remove_file();
}
END_TEST

START_TEST(a_workspace_whose_time_is_over_goes_now_or_soon)
{
	long n = 1;

	nth = _i;
	for (;; n++) {
		int status;
		long uses;

		rig_want(r, "POST /_mock/workspaces", "{'name':'brief','ttl':'10m'}", 201);
		rig_wall += 600 * USEC_SECOND;
		arm(n);
		status = rig_ask(r, "GET " P, NULL);
		uses = used();
		arm(0);
		ck_assert_msg(status == 200 || told(status, r->resp.body.data), "%ld: %d %s", n, status,
			r->resp.body.data);
		rig_wall += USEC_SECOND;
		rig_want(r, "GET /_mock/workspaces", NULL, 200);
		ck_assert_ptr_null(strstr(r->resp.body.data, "brief"));
		if (uses < n)
			break;
	}
	ck_assert_int_gt(n, 6);
}
END_TEST

int main(void)
{
	return CASES("lab-disk", prepare,
		{a_request_lives_through_each_statement_failing, 3},
		{what_happens_by_itself_happens_at_once_or_later, 3},
		{what_decides_by_looking_around_lives_through_it_too, 3},
		{others_are_let_in_or_told_of_the_failure, 3},
		{a_workspace_is_changed_as_a_whole_or_not_at_all, 3},
		{who_is_listed_is_taken_for_nobody_else, 3},
		{the_tables_of_a_feed_are_told_or_the_failure, 3},
		{a_token_makes_its_workspace_as_a_whole_or_not_at_all, 3},
		{a_server_starts_with_all_of_a_file_or_says_why_not},
		{a_workspace_is_read_from_the_file_as_a_whole_or_later, 3},
		{a_copy_that_will_end_keeps_its_pace_as_long},
		{a_pace_of_its_own_is_kept_and_the_servers_is_not},
		{what_cannot_be_read_of_a_pace_is_as_if_it_were_not_there},
		{a_workspace_whose_time_is_over_goes_now_or_soon, 3});
}
