/* SPDX-License-Identifier: Apache-2.0 */
/* The last value that is taken and the first that is not, where a range ends at an instant of the
 * clock, at a setting, or at a limit of the server. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "lab/cases.h"

#define BRANCHES PROJECTS "/p/branches"
#define REPLICA BRANCHES "/production/endpoints/r"

static void prepare(void)
{
	rig_want(r, "PUT /_mock/lro", "{'default':'sync'}", 200);
	rig_want(r, CREATE, "{}", 200);
	time_passes("10d"); /* 2026-01-11 */
}

/* One create after the other, each of its own id; the good ones are removed again. */
static void create(const char *what, const char *field, const char *value, int status)
{
	static int n;
	char target[256], body[256];

	snprintf(target, sizeof target, "POST " PROJECTS "/p/%s%d", what, ++n);
	snprintf(body, sizeof body, "{'spec':{'source_branch':'projects/p/branches/production',%s'%s':%s}}",
		streq(field, "source_branch_time") && strstr(what, "branch_id") ? "'no_expiry':true," : "",
		field, value);
	rig_want(r, target, body, status);
	if (status != 200)
		return;
	snprintf(target, sizeof target, "DELETE " PROJECTS "/p/%.*s/%s%d", (int)strcspn(what, "?"), what,
		strchr(what, '=') + 1, n);
	rig_want(r, target, NULL, 200);
}

START_TEST(instants_have_a_first_and_a_last)
{
	static const char branch[] = "branches?branch_id=b", snapshot[] = "snapshots?snapshot_id=s";

	create(branch, "expire_time", "'2026-01-11T00:00:00Z'", 400);
	create(branch, "expire_time", "'2026-01-11T00:00:00.000001Z'", 200);
	create(branch, "expire_time", "'2026-02-10T00:00:00Z'", 200);
	create(branch, "expire_time", "'2026-02-10T00:00:00.000001Z'", 400);
	create(branch, "ttl", "'2592000s'", 200);
	create(branch, "ttl", "'2592001s'", 400);
	create(branch, "source_branch_time", "'2026-01-11T00:00:00Z'", 200);
	create(branch, "source_branch_time", "'2026-01-11T00:00:01Z'", 400);
	create(branch, "source_branch_time", "'2026-01-04T00:00:00Z'", 200); /* seven days */
	create(branch, "source_branch_time", "'2026-01-03T23:59:59Z'", 400);
	create(snapshot, "expire_time", "'2026-01-11T00:00:00Z'", 400);
	create(snapshot, "expire_time", "'2026-01-11T00:00:00.000001Z'", 200);
	create(snapshot, "source_branch_time", "'2026-01-11T00:00:00Z'", 200);
	create(snapshot, "source_branch_time", "'2026-01-11T00:00:01Z'", 400);
}
END_TEST

START_TEST(a_source_is_no_older_than_its_project)
{
	static const char spec[] = "{'spec':{'no_expiry':true,'source_branch_time':'%s'}}";
	char body[128];

	rig_want(r, "POST " PROJECTS "?project_id=q", "{}", 200);
	time_passes("1h");
	snprintf(body, sizeof body, spec, "2026-01-10T23:59:59Z");
	rig_want(r, "POST " PROJECTS "/q/branches?branch_id=b", body, 400);
	snprintf(body, sizeof body, spec, "2026-01-11T00:00:00Z");
	rig_want(r, "POST " PROJECTS "/q/branches?branch_id=b", body, 200);
}
END_TEST

START_TEST(an_undeleted_branch_that_has_expired_stays)
{
	rig_want(r, "POST " BRANCHES "?branch_id=a", "{'spec':{'ttl':'60s'}}", 200);
	rig_want(r, "DELETE " BRANCHES "/a", NULL, 200);
	time_passes("60s");
	rig_want(r, "POST " BRANCHES "/a/undelete", "{}", 200);
	rig_want(r, "GET " BRANCHES "/a", NULL, 200);
	ck_assert_ptr_null(json_object_get(rig_at(r, "status"), "expire_time"));
	rig_want(r, "POST " BRANCHES "?branch_id=b", "{'spec':{'ttl':'60s'}}", 200);
	rig_want(r, "DELETE " BRANCHES "/b", NULL, 200);
	time_passes("59s");
	rig_want(r, "POST " BRANCHES "/b/undelete", "{}", 200);
	rig_want(r, "GET " BRANCHES "/b", NULL, 200);
	ck_assert_str_eq(rig_str(r, "status.expire_time"), "2026-01-11T00:02:00Z");
	time_passes("1s");
	rig_want(r, "GET " BRANCHES "/b", NULL, 404);
	rig_want(r, "GET " BRANCHES "/a", NULL, 200);
}
END_TEST

static void size(const char *spec, int status)
{
	char body[256];

	snprintf(body, sizeof body, "{'spec':{'endpoint_type':'ENDPOINT_TYPE_READ_ONLY',%s}}", spec);
	rig_want(r, "POST " BRANCHES "/production/endpoints?endpoint_id=r", body, status);
	if (status == 200)
		rig_want(r, "DELETE " REPLICA, NULL, 200);
}

START_TEST(computes_have_a_smallest_and_a_largest)
{
	size("'autoscaling_limit_min_cu':0.5,'autoscaling_limit_max_cu':0.5", 200);
	size("'autoscaling_limit_min_cu':0.25,'autoscaling_limit_max_cu':1", 400);
	size("'autoscaling_limit_min_cu':1.5,'autoscaling_limit_max_cu':2", 400);
	size("'autoscaling_limit_min_cu':2,'autoscaling_limit_max_cu':1", 400);
	size("'autoscaling_limit_min_cu':48,'autoscaling_limit_max_cu':64", 200);
	size("'autoscaling_limit_min_cu':47,'autoscaling_limit_max_cu':64", 400);
	size("'autoscaling_limit_min_cu':60,'autoscaling_limit_max_cu':65", 400);
	size("'autoscaling_limit_min_cu':112,'autoscaling_limit_max_cu':112", 200);
	size("'autoscaling_limit_min_cu':113,'autoscaling_limit_max_cu':113", 400);
	size("'suspend_timeout_duration':'60s'", 200);
	size("'suspend_timeout_duration':'59s'", 400);
	size("'suspend_timeout_duration':'604800s'", 200);
	size("'suspend_timeout_duration':'604801s'", 400);
}
END_TEST

START_TEST(a_limit_that_is_not_given_fits_the_other)
{
	static const struct {
		const char *given;
		double min, max;
	} rows[] = { { "", 1, 1 }, { "'autoscaling_limit_min_cu':2", 2, 2 },
		{ "'autoscaling_limit_min_cu':0.5", 0.5, 1 }, { "'autoscaling_limit_max_cu':2", 1, 2 },
		{ "'autoscaling_limit_max_cu':0.5", 0.5, 0.5 } };
	char what[128], body[256];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		snprintf(what, sizeof what, "POST " PROJECTS "?project_id=q%zu", i);
		snprintf(body, sizeof body, "{'spec':{'default_endpoint_settings':{%s}}}", rows[i].given);
		rig_want(r, what, body, 200);
		snprintf(what, sizeof what, "GET " PROJECTS "/q%zu", i);
		rig_want(r, what, NULL, 200);
		json_t *has = rig_at(r, "status.default_endpoint_settings");

		ck_assert(json_number_value(json_object_get(has, "autoscaling_limit_min_cu")) == rows[i].min);
		ck_assert(json_number_value(json_object_get(has, "autoscaling_limit_max_cu")) == rows[i].max);
	}
}
END_TEST

START_TEST(a_group_is_of_one_size_and_never_sleeps)
{
	size("'group':{'min':1,'max':1}", 200);
	size("'group':{'min':1,'max':2},'no_suspension':true", 400);
	size("'group':{'min':2,'max':2},'suspend_timeout_duration':'600s'", 400);
	size("'group':{'min':2,'max':2},'no_suspension':true", 200);
}
END_TEST

/* A path with that many segments, of the API or of a file. */
static void segments(int n, const char *head, int have, int status)
{
	char what[1024];

	snprintf(what, sizeof what, "%s", head);
	for (int i = have; i < n; i++)
		strcat(what, "/x"); /* allowed: there is room for hundreds */
	rig_ask(r, what, NULL);
	ck_assert_msg(r->resp.status == status, "%d segments: %d %s", n, r->resp.status,
		r->resp.body.data);
}

START_TEST(requests_have_limits)
{
	char what[4096] = "GET " PROJECTS "?a0", body[1200];

	segments(MAX_PATH_SEGMENTS, "GET /api", 1, 404);
	segments(MAX_PATH_SEGMENTS + 1, "GET /api", 1, 400);
	segments(MAX_PATH_SEGMENTS, "GET /api/2.0/workspace/get-status?path=", 0, 404);
	segments(MAX_PATH_SEGMENTS + 1, "GET /api/2.0/workspace/get-status?path=", 0, 400);
	for (int i = 1; i < MAX_QUERY_PARAMS; i++)
		sprintf(strchr(what, 0), "&a%d", i); /* allowed: there is room for hundreds */
	rig_want(r, what, NULL, 200);
	strcat(what, "&b"); /* allowed: as above */
	rig_want(r, what, NULL, 400);
	for (int n = 1; n <= 40; n++) { /* of no page */
		snprintf(what, sizeof what, "GET " PROJECTS "?page_token=pt%0*d.00000000", n, 1);
		rig_want(r, what, NULL, 400);
	}
	for (int n = MAX_NAME_BYTES; n <= MAX_NAME_BYTES + 1; n++) {
		snprintf(body, sizeof body, "{'path':'%*s'}", n, "a");
		for (char *p = body; *p; p++)
			*p = *p == ' ' ? 'a' : *p;
		body[9] = '/';
		rig_want(r, "POST /api/2.0/workspace/mkdirs", body, n > MAX_NAME_BYTES ? 400 : 200);
	}
}
END_TEST

/* ---- operations ---- */

static char operation[256];

static void begin(const char *plan)
{
	char body[64];

	snprintf(body, sizeof body, "{'default':'%s'}", plan);
	rig_want(r, "PUT /_mock/lro", body, 200);
	rig_want(r, "PATCH " PROJECTS "/p?update_mask=spec.display_name",
		"{'spec':{'display_name':'x'}}", 200);
	snprintf(operation, sizeof operation, "GET /api/2.0/postgres/%s", rig_str(r, "name"));
}

/* 404 while it is not to be seen. */
static void polled(int status, bool done)
{
	rig_want(r, operation, NULL, status);
	if (status == 200)
		ck_assert_int_eq(json_is_true(json_object_get(r->doc, "done")), done);
}

START_TEST(operations_end_at_their_instant_or_poll)
{
	begin("vanish:10s");
	polled(200, false);
	time_passes("9s");
	polled(200, false);
	time_passes("1s");
	polled(404, false);
	rig_want(r, "POST /_mock/reset", NULL, 200);
	rig_want(r, CREATE, "{}", 200);
	begin("after:10s");
	time_passes("9.999s");
	polled(200, false);
	time_passes("0.001s");
	polled(200, true);
	begin("after-polls:2");
	polled(200, false);
	polled(200, false);
	polled(200, true);
	begin("late-visible:2");
	polled(404, false);
	polled(404, false);
	polled(200, true);
	begin("first-poll");
	polled(200, true);
	begin("stuck");
	time_passes("1d");
	polled(200, false);
	rig_want(r, "DELETE " BRANCHES "/none?allow_missing=true", NULL, 200);
	rig_round_trip(r, "nothing was there to be deleted");
}
END_TEST

/* One that is imported, too. */
START_TEST(a_table_has_a_longest_id)
{
	char what[1200], id[800] = "cat.public.", *state, *longer, *to;
	const char *from;

	rig_want(r, "POST /api/2.0/postgres/catalogs?catalog_id=cat",
		"{'spec':{'postgres_database':'databricks_postgres',"
		"'branch':'projects/p/branches/production'}}",
		200);
	memset(id + strlen(id), 't', 3 * 255 + 3 - strlen(id));
	for (int n = 3 * 255 + 3; n >= 3 * 255 + 2; n--) {
		snprintf(what, sizeof what, "POST /api/2.0/postgres/synced_tables?synced_table_id=%.*s", n,
			id);
		rig_want(r, what,
			"{'spec':{'source_table_full_name':'main.a.b','primary_key_columns':['id'],"
			"'scheduling_policy':'SNAPSHOT'}}",
			n > 3 * 255 + 2 ? 400 : 200);
	}
	rig_round_trip(r, "a table has the longest id");
	state = rig_state(r);
	for (char *at = state; (at = strstr(at, "cat.public.")); at++)
		at[4] = 'P';
	ck_assert_int_eq(rig_ask(r, "PUT /_mock/state", state), 200);
	longer = malloc(2 * strlen(state)); /* a letter more in each place */
	for (from = state, to = longer; *from; from++) {
		*to++ = *from;
		if (text_starts(from, "t.Public.", NULL))
			*to++ = 't';
	}
	*to = '\0';
	ck_assert_int_eq(rig_ask(r, "PUT /_mock/state", longer), 400);
	free(state);
	free(longer);
}
END_TEST

START_TEST(a_plan_is_for_its_project_and_its_call)
{
	rig_want(r, "POST " PROJECTS "?project_id=q", "{}", 200);
	rig_want(r, "PUT /_mock/lro",
		"{'default':'sync','plans':[{'rpc':'CreateBranch','project':'p','plan':'after:5s'}]}", 200);
	rig_want(r, "POST " PROJECTS "/q/branches?branch_id=b", "{'spec':{'no_expiry':true}}", 200);
	ck_assert(json_is_true(rig_at(r, "done")));
	rig_want(r, "POST " PROJECTS "/p/snapshots?snapshot_id=s",
		"{'spec':{'source_branch':'projects/p/branches/production'}}", 200);
	ck_assert(json_is_true(rig_at(r, "done")));
	rig_want(r, "POST " PROJECTS "/p/branches?branch_id=b", "{'spec':{'no_expiry':true}}", 200);
	ck_assert(json_is_false(rig_at(r, "done")));
}
END_TEST

/* The reply is checked without the echo, which its schema does not know. */
START_TEST(a_spec_is_echoed_wherever_the_resource_is)
{
	struct err e;

	ck_assert(!settings_set(&r->app->world.settings, "echo_spec=true", &e));
	rig_want(r, "POST " PROJECTS "?project_id=q", "{'spec':{'display_name':'Q'}}", 200);
	ck_assert_str_eq(rig_str(r, "response.spec.display_name"), "Q");
	rig_want(r, "GET " PROJECTS "/q", NULL, 200);
	ck_assert_str_eq(rig_str(r, "spec.display_name"), "Q");
	for (int i = 0; i < 2; i++) { /* a ttl counts once: it has become an instant */
		static const char *const made[] = {"branches?branch_id=b", "snapshots?snapshot_id=s"};
		char what[128];

		snprintf(what, sizeof what, "POST " PROJECTS "/p/%s", made[i]);
		rig_want(r, what, "{'spec':{'source_branch':'projects/p/branches/production','ttl':'3600s'}}",
			200);
		ck_assert_str_eq(rig_str(r, "response.spec.expire_time"), "2026-01-11T01:00:00Z");
		ck_assert_ptr_null(json_object_get(rig_at(r, "response.spec"), "ttl"));
	}
	rig_want(r, "DELETE " PROJECTS "/p?purge=true", NULL, 200);
	rig_want(r, "GET " PROJECTS, NULL, 200);
	ck_assert_str_eq(rig_str(r, "projects.0.spec.display_name"), "Q");
}
END_TEST

START_TEST(a_feed_may_have_no_more_tables)
{
	static const char feeds[] =
		PROJECTS "/p/branches/production/databases/databricks-postgres/cdf-configs";
	char what[600];
	struct err e;

	ck_assert(!settings_set(&r->app->world.settings, "cdf_tables=a,b", &e));
	snprintf(what, sizeof what, "POST %s?cdf_config_id=feed", feeds);
	rig_want(r, what, "{'catalog':'main','schema':'history','postgres_schema':'public'}", 200);
	snprintf(what, sizeof what, "GET %s/feed/cdf-statuses?page_size=1", feeds);
	rig_want(r, what, NULL, 200);
	ck_assert_str_eq(rig_str(r, "cdf_statuses.0.postgres_table"), "a");
	snprintf(what, sizeof what, "GET %s/feed/cdf-statuses?page_size=1&page_token=%s", feeds,
		rig_str(r, "next_page_token"));
	ck_assert(!settings_set(&r->app->world.settings, "cdf_tables=a", &e));
	rig_want(r, what, NULL, 200);
	ck_assert_str_eq(r->resp.body.data, "{}");
}
END_TEST

START_TEST(a_project_that_is_gone_makes_room)
{
	struct err e;

	ck_assert(!settings_set(&r->app->world.settings, "max_projects=2", &e));
	rig_want(r, "POST " PROJECTS "?project_id=q", "{}", 200);
	rig_want(r, "POST " PROJECTS "?project_id=z", "{}", 400);
	rig_want(r, "DELETE " PROJECTS "/q?purge=true", NULL, 200);
	rig_want(r, "POST " PROJECTS "?project_id=z", "{}", 200);
	rig_want(r, "POST " PROJECTS "?project_id=q", "{}", 400);
	rig_want(r, "PUT /_mock/lro", "{'default':'after:1s'}", 200);
	rig_want(r, "DELETE " PROJECTS "/z", NULL, 200);
	rig_want(r, "POST " PROJECTS "?project_id=q", "{}", 400);
	time_passes("1s");
	rig_want(r, "POST " PROJECTS "?project_id=q", "{}", 200);
}
END_TEST

START_TEST(a_project_that_is_back_takes_room_and_one_that_failed_does_not)
{
	struct err e;

	ck_assert(!settings_set(&r->app->world.settings, "max_projects=3", &e));
	rig_want(r, "POST " PROJECTS "?project_id=q", "{}", 200);
	rig_want(r, "DELETE " PROJECTS "/q", NULL, 200);
	rig_want(r, "POST " PROJECTS "?project_id=z", "{}", 200);
	rig_want(r, "POST " PROJECTS "/q/undelete", "{}", 200);
	rig_want(r, "POST " PROJECTS "?project_id=y", "{}", 400);
	rig_want(r, "DELETE " PROJECTS "/q?purge=true", NULL, 200);
	rig_want(r, "PUT /_mock/lro", "{'default':'fail:INTERNAL_ERROR:no:1s'}", 200);
	rig_want(r, "POST " PROJECTS "?project_id=y", "{}", 200);
	rig_want(r, "POST " PROJECTS "?project_id=y2", "{}", 400);
	time_passes("1s");
	rig_want(r, "POST " PROJECTS "?project_id=y2", "{}", 200);
}
END_TEST

START_TEST(what_is_purged_meanwhile_does_not_come_back)
{
	struct err e;

	ck_assert(!settings_set(&r->app->world.settings, "max_projects=1", &e));
	rig_want(r, "DELETE " PROJECTS "/p", NULL, 200);
	rig_want(r, "PUT /_mock/lro", "{'default':'after:10d'}", 200);
	rig_want(r, "POST " PROJECTS "/p/undelete", "{}", 200);
	snprintf(operation, sizeof operation, "GET /api/2.0/postgres/%s", rig_str(r, "name"));
	time_passes("9d");
	polled(200, false);
	rig_want(r, "GET /_mock/state", NULL, 200);
	ck_assert_ptr_nonnull(strstr(r->resp.body.data, "\"resources\":[]"));
	time_passes("1d");
	polled(200, true);
	ck_assert_ptr_nonnull(json_object_get(r->doc, "error"));
	rig_want(r, "GET " PROJECTS "/p", NULL, 404);
	rig_want(r, "POST " PROJECTS "?project_id=q", "{}", 200); /* nor does it take room */
}
END_TEST

int main(void)
{
	return CASES("lab-edges", prepare, {instants_have_a_first_and_a_last},
		{a_source_is_no_older_than_its_project},
		{an_undeleted_branch_that_has_expired_stays},
		{computes_have_a_smallest_and_a_largest}, {a_limit_that_is_not_given_fits_the_other},
		{a_group_is_of_one_size_and_never_sleeps},
		{requests_have_limits}, {operations_end_at_their_instant_or_poll},
		{a_table_has_a_longest_id}, {a_plan_is_for_its_project_and_its_call},
		{a_spec_is_echoed_wherever_the_resource_is},
		{a_feed_may_have_no_more_tables}, {a_project_that_is_gone_makes_room},
		{a_project_that_is_back_takes_room_and_one_that_failed_does_not},
		{what_is_purged_meanwhile_does_not_come_back});
}
