/* SPDX-License-Identifier: Apache-2.0 */
/* What happens by itself when its time has come, and what settings change. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lab/cases.h"

#define BRANCHES PROJECTS "/p/branches"

static void prepare(void)
{
	rig_want(r, "PUT /_mock/lro", "{'default':'sync'}", 200);
	rig_want(r, CREATE, "{}", 200);
	time_passes("10d"); /* 2026-01-11 */
}

START_TEST(a_workspace_that_is_emptied_makes_room)
{
	struct err e;

	ck_assert(!settings_set(&r->app->world.settings, "max_projects=1", &e));
	rig_want(r, "POST " PROJECTS "?project_id=q", "{}", 400);
	rig_want(r, "POST /_mock/reset", NULL, 200);
	rig_want(r, "POST " PROJECTS "?project_id=q", "{}", 200);
	rig_want(r, "POST " PROJECTS "?project_id=z", "{}", 400);
}
END_TEST

#define SCHEDULE BRANCHES "/production/snapshot-schedule?update_mask=schedule"

/* How many snapshots there are, and the first and the last one of them by the names that they were given. */
static void taken(size_t n, const char *first, const char *last)
{
	char path[64];

	rig_want(r, "GET " PROJECTS "/p/snapshots?page_size=1000", NULL, 200);
	if (!n) {
		ck_assert_ptr_null(json_object_get(r->doc, "snapshots"));
		return;
	}
	ck_assert_uint_eq(json_array_size(rig_at(r, "snapshots")), n);
	ck_assert_msg(text_starts(rig_str(r, "snapshots.0.snapshot_id"), first, NULL), "%s",
		rig_str(r, "snapshots.0.snapshot_id"));
	snprintf(path, sizeof path, "snapshots.%zu.snapshot_id", n - 1);
	ck_assert_msg(text_starts(rig_str(r, path), last, NULL), "%s", rig_str(r, path));
}

/* A clock that goes by itself may come back after a year. */
START_TEST(snapshots_that_would_be_over_are_not_taken)
{
	rig_want(r, "PUT /_mock/clock", "{'mode':'scaled','factor':1}", 200); /* 2026-01-11 */
	rig_want(r, "PATCH " SCHEDULE,
		"{'schedule':[{'retention':'3024000s','daily_schedule':{'hour':3}}]}", 200);
	rig_wall += 365 * 86400 * USEC_SECOND;
	taken(35, "auto-20261207-03-", "auto-20270110-03-");
	rig_wall += 86400 * USEC_SECOND;
	taken(35, "auto-20261208-03-", "auto-20270111-03-");
}
END_TEST

START_TEST(a_schedule_comes_on_its_day_and_never_twice)
{
	rig_want(r, "PATCH " SCHEDULE, /* that of today is over at midnight */
		"{'schedule':[{'retention':'3024000s','monthly_schedule':{'day':11}}]}", 200);
	time_passes("2678399s"); /* 31 days but a second */
	taken(0, "", "");
	time_passes("1s");
	taken(1, "auto-20260211-00-", "auto-20260211-00-");
	rig_want(r, "PATCH " SCHEDULE, /* both of them on Saturday the 28th */
		"{'schedule':[{'retention':'86400s','monthly_schedule':{'day':31,'hour':5}},"
		"{'retention':'172800s','weekly_schedule':{'day_of_week':'SATURDAY','hour':5}}]}",
		200);
	time_passes("1485000s"); /* 17 days, 4 hours and a half */
	taken(1, "auto-20260211-00-", "auto-20260211-00-");
	time_passes("1800s");
	taken(2, "auto-20260211-00-", "auto-20260228-05-");
	ck_assert_str_eq(rig_str(r, "snapshots.1.status.expire_time"), "2026-03-02T05:00:00Z");
	rig_want(r, "PATCH " SCHEDULE, "{'schedule':[]}", 200);
	time_passes("10d");
	taken(1, "auto-20260211-00-", "auto-20260211-00-");
}
END_TEST

START_TEST(a_mask_of_the_whole_spec_fails_where_defaults_were_changed)
{
	static const struct {
		const char *defaults;
		int status;
	} rows[] = {
		{"", 200},
		{"'autoscaling_limit_max_cu':2", 500},
		{"'autoscaling_limit_min_cu':0.5", 500},
		{"'no_suspension':true", 500},
		{"'suspend_timeout_duration':'600s'", 500},
	};
	char what[128], body[256];
	struct err e;

	ck_assert(!settings_set(&r->app->world.settings, "spec_mask_partial_write=true", &e));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		snprintf(what, sizeof what, "POST " PROJECTS "?project_id=q%zu", i);
		snprintf(body, sizeof body, "{'spec':{'default_endpoint_settings':{%s}}}", rows[i].defaults);
		rig_want(r, what, body, 200);
		snprintf(what, sizeof what, "PATCH " PROJECTS "/q%zu?update_mask=spec.display_name", i);
		rig_want(r, what, "{'spec':{'display_name':'A'}}", 200);
		snprintf(what, sizeof what, "PATCH " PROJECTS "/q%zu?update_mask=spec", i);
		rig_want(r, what, "{'spec':{'display_name':'B'}}", rows[i].status);
		snprintf(body, sizeof body,
			"{'spec':{'display_name':'C','default_endpoint_settings':{%s}}}",
			rows[i].defaults[0] ? rows[i].defaults : "'autoscaling_limit_max_cu':1");
		rig_want(r, what, body, 200);
	}
}
END_TEST

/* Written with escapes or not. */
START_TEST(a_name_that_is_taken_is_taken_however_it_is_written)
{
	static const char *const names[] = {"plain", "back\\\\slash", "quo\\\"ted", "\xc3\xa9"};
	char what[128], body[128];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		for (int n = 0; n < 2; n++) {
			snprintf(what, sizeof what, "POST " BRANCHES "/production/roles?role_id=r%zu%d", i,
				n);
			snprintf(body, sizeof body, "{'spec':{'postgres_role':'%s'}}", names[i]);
			rig_want(r, what, body, n ? 400 : 200);
		}
}
END_TEST

START_TEST(a_table_that_is_online_waits_for_nothing)
{
	static const char table[] = "GET /api/2.0/postgres/synced_tables/cat.public.t";

	rig_want(r, "POST /api/2.0/postgres/catalogs?catalog_id=cat",
		"{'spec':{'postgres_database':'databricks_postgres',"
		"'branch':'projects/p/branches/production'}}",
		200);
	rig_want(r, "POST /api/2.0/postgres/synced_tables?synced_table_id=cat.public.t",
		"{'spec':{'source_table_full_name':'main.a.b','primary_key_columns':['id'],"
		"'scheduling_policy':'SNAPSHOT'}}",
		200);
	rig_round_trip(r, "a table is filled");
	time_passes("1d");
	rig_want(r, table, NULL, 200);
	ck_assert_str_eq(rig_str(r, "status.detailed_state"), "SYNCED_TABLE_ONLINE_NO_PENDING_UPDATE");
	ck_assert_str_eq(rig_str(r, "status.unity_catalog_provisioning_state"), "ACTIVE");
	ck_assert_int_eq(rig_int(r, "status.last_processed_commit_version"), 1);
	ck_assert_int_eq(rig_int(r, "status.last_sync.delta_table_sync_info.delta_commit_version"), 1);
	ck_assert_str_eq(rig_str(r, "status.last_sync.sync_end_time"), rig_str(r, "status.last_sync_time"));
	rig_round_trip(r, "a table is online");
	rig_want(r, "GET /_mock/state", NULL, 200);
	ck_assert_ptr_null(strstr(r->resp.body.data, "synced_table_online"));
}
END_TEST

/* Where a branch is forked: at a record of its own, which begins at a multiple of 64 bytes. */
static unsigned long long forked_at(const char *id)
{
	char what[128];
	unsigned long long at;

	snprintf(what, sizeof what, "POST " BRANCHES "?branch_id=%s", id);
	rig_want(r, what, "{'spec':{'no_expiry':true}}", 200);
	ck_assert_int_eq(sscanf(rig_str(r, "response.status.source_branch_lsn"), "0/%llX", &at), 1);
	ck_assert_uint_eq(at % 64, 0);
	return at;
}

START_TEST(a_later_branch_is_forked_at_a_later_position)
{
	unsigned long long first = forked_at("a");

	ck_assert_uint_gt(forked_at("b"), first);
}
END_TEST

START_TEST(an_operation_that_is_done_waits_for_nothing_and_remembers_nothing)
{
	rig_want(r, "PUT /_mock/lro", "{'default':'after:1s'}", 200);
	rig_want(r, "POST " BRANCHES "?branch_id=dev", "{'spec':{'no_expiry':true}}", 200);
	time_passes("1s");
	rig_want(r, "GET /_mock/state", NULL, 200);
	ck_assert_uint_eq(json_array_size(rig_at(r, "operations")), 2);
	for (int i = 0; i < 2; i++) {
		char path[32];

		snprintf(path, sizeof path, "operations.%d", i);
		ck_assert(json_is_true(json_object_get(json_object_get(rig_at(r, path), "doc"), "done")));
		ck_assert_ptr_null(json_object_get(rig_at(r, path), "aux"));
		ck_assert_ptr_null(json_object_get(rig_at(r, path), "due"));
		ck_assert_ptr_null(json_object_get(rig_at(r, path), "scope"));
	}
}
END_TEST

/* Updates of the project; the operation of the first one. */
static void update_often(int times, char first[static 256])
{
	for (int i = 0; i < times; i++) {
		rig_want(r, "PATCH " PROJECTS "/p?update_mask=spec.display_name",
			"{'spec':{'display_name':'x'}}", 200);
		if (i == 0)
			snprintf(first, 256, "GET /api/2.0/postgres/%s", rig_str(r, "name"));
	}
}

/* They are looked for now and then only. */
START_TEST(a_finished_operation_is_kept_until_there_are_so_many)
{
	char first[256], again[256], stuck[256];
	struct err e;

	ck_assert(!settings_set(&r->app->world.settings, "operations_kept=128", &e));
	rig_want(r, "PUT /_mock/lro", "{'default':'stuck'}", 200);
	rig_want(r, "POST " PROJECTS "?project_id=q", "{}", 200);
	snprintf(stuck, sizeof stuck, "GET /api/2.0/postgres/%s", rig_str(r, "name"));
	rig_want(r, "PUT /_mock/lro", "{'default':'sync'}", 200);
	update_often(128, first);
	rig_want(r, first, NULL, 200);
	update_often(64, again);
	rig_want(r, first, NULL, 404);
	rig_want(r, again, NULL, 200);
	rig_want(r, stuck, NULL, 200); /* it is not finished */
}
END_TEST

/* The roles that the server makes by itself, and those with a password, are nobody's. */
START_TEST(where_people_are_listed_others_have_no_role_of_their_own)
{
	static const struct {
		const char *spec;
		int status;
	} rows[] = {{"'identity_type':'USER','postgres_role':'ann@example.com'", 200},
		{"'identity_type':'USER','postgres_role':'bob@example.com'", 400},
		{"'identity_type':'GROUP','postgres_role':'users'", 200},
		{"'identity_type':'GROUP','postgres_role':'nobodies'", 400}, {"'postgres_role':'app'", 200}};
	char what[128], body[128];

	rig_want(r, "PUT /_mock/state",
		"{'resources':[],'principals':[{'name':'principals/ann@example.com','seq':1,"
		"'kind':'principal','parent':'principals','doc':{'name':'ann@example.com','admin':false}}]}",
		200);
	rig_want(r, CREATE, "{}", 200);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		snprintf(what, sizeof what, "POST " BRANCHES "/production/roles?role_id=r%zu", i);
		snprintf(body, sizeof body, "{'spec':{%s}}", rows[i].spec);
		rig_want(r, what, body, rows[i].status);
	}
}
END_TEST

/* The ids that a schedule may come to: users have taken them all, up to some number. */
START_TEST(a_schedule_steps_over_ids_that_are_taken)
{
	char what[128];
	struct err e;
	json_int_t seq;

	ck_assert(!settings_set(&r->app->world.settings, "max_snapshots=1000", &e));
	rig_want(r, "GET /_mock/state", NULL, 200);
	seq = rig_int(r, "counters.seq");
	for (int i = 0; i < 100; i++) {
		snprintf(what, sizeof what, "POST " PROJECTS "/p/snapshots?snapshot_id=auto-20260111-03-%llx",
			(unsigned long long)seq + 150 + (unsigned)i);
		rig_want(r, what, "{'spec':{'source_branch':'projects/p/branches/production'}}", 200);
	}
	rig_want(r, "GET /_mock/state", NULL, 200);
	ck_assert_int_gt(rig_int(r, "counters.seq"), seq + 150);
	ck_assert_int_lt(rig_int(r, "counters.seq"), seq + 240);
	rig_want(r, "PATCH " SCHEDULE,
		"{'schedule':[{'retention':'3024000s','daily_schedule':{'hour':3}}]}", 200);
	time_passes("3h");
	snprintf(what, sizeof what, "auto-20260111-03-%llx", (unsigned long long)seq + 250);
	taken(101, "auto-20260111-03-", what);
}
END_TEST

/* Such a state may be written by hand. */
START_TEST(a_project_without_permissions_can_be_given_some)
{
	static const char acl[] = "/api/2.0/permissions/database-projects/p";
	char *text = rig_state(r), what[128];
	json_t *state = json_loads(text, 0, NULL);

	free(text);
	ck_assert_uint_eq(json_array_size(json_object_get(state, "permissions")), 1);
	json_object_del(state, "permissions");
	text = json_dumps(state, 0);
	ck_assert_int_eq(rig_ask(r, "PUT /_mock/state", text), 200);
	free(text);
	json_decref(state);
	snprintf(what, sizeof what, "GET %s", acl);
	rig_want(r, what, NULL, 200);
	ck_assert_uint_eq(json_array_size(rig_at(r, "access_control_list")), 2); /* what is inherited */
	snprintf(what, sizeof what, "PATCH %s", acl);
	for (int i = 0; i < 2; i++) {
		char body[128];

		snprintf(body, sizeof body,
			"{'access_control_list':[{'user_name':'u%d','permission_level':'CAN_USE'}]}", i);
		rig_want(r, what, body, 200);
		ck_assert_int_eq((int)json_array_size(rig_at(r, "access_control_list")), 3 + i);
	}
}
END_TEST

/* A clock may stand an instant before midnight. */
START_TEST(no_day_of_a_schedule_is_passed_over)
{
	rig_want(r, "PUT /_mock/clock", "{'mode':'manual','now':'2026-01-11T23:59:59.999999Z'}", 200);
	rig_want(r, "PATCH " SCHEDULE,
		"{'schedule':[{'retention':'3024000s','daily_schedule':{'hour':3}}]}", 200);
	time_passes("1d");
	taken(1, "auto-20260112-03-", "auto-20260112-03-");
}
END_TEST

int main(void)
{
	return CASES("lab-corners", prepare, {a_workspace_that_is_emptied_makes_room},
		{snapshots_that_would_be_over_are_not_taken}, {a_schedule_comes_on_its_day_and_never_twice},
		{a_mask_of_the_whole_spec_fails_where_defaults_were_changed},
		{a_name_that_is_taken_is_taken_however_it_is_written},
		{a_table_that_is_online_waits_for_nothing}, {a_later_branch_is_forked_at_a_later_position},
		{an_operation_that_is_done_waits_for_nothing_and_remembers_nothing},
		{a_finished_operation_is_kept_until_there_are_so_many},
		{where_people_are_listed_others_have_no_role_of_their_own},
		{a_project_without_permissions_can_be_given_some}, {a_schedule_steps_over_ids_that_are_taken},
		{no_day_of_a_schedule_is_passed_over});
}
