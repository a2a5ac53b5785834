/* SPDX-License-Identifier: Apache-2.0 */
/* Databases that know their tables and do nothing else, and such as do nothing at all. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/resource/data_plane.h"
#include "lab/cases.h"

#define BRANCHES PROJECTS "/p/branches"
#define ENDPOINT "projects/p/branches/production/endpoints/primary"
#define GET_ENDPOINT "GET /api/2.0/postgres/" ENDPOINT
#define FEEDS BRANCHES "/production/databases/databricks-postgres/cdf-configs"

/* The table that is called as what was asked. */
static json_t *tables(void *arg, struct workspace *ws, const char *branch, const char *database,
	const char *schema)
{
	char name[256];

	(void)arg;
	snprintf(name, sizeof name, "%s %s %s %s", ws->name, branch, database, schema);
	return json_pack("[s]", name);
}

static const struct data_plane port = {.tables = tables};

static void prepare(void)
{
	rig_want(r, "PUT /_mock/lro", "{'default':'sync'}", 200);
	rig_want(r, CREATE, "{}", 200);
}

START_TEST(a_feed_has_the_tables_of_its_schema)
{
	rig_want(r, "POST " FEEDS "?cdf_config_id=feed",
		"{'catalog':'main','schema':'history','postgres_schema':'shop'}", 200);
	r->app->world.data_plane = &port;
	rig_want(r, "GET " FEEDS "/feed/cdf-statuses", NULL, 200);
	ck_assert_int_eq(json_array_size(rig_at(r, "cdf_statuses")), 1);
	ck_assert_str_eq(rig_str(r, "cdf_statuses.0.postgres_table"),
		"default projects/p/branches/production databricks_postgres shop");
}
END_TEST

/* All that a data plane may do it may leave. */
START_TEST(databases_that_do_nothing_change_nothing)
{
	static const struct data_plane idle = {0};
	char host[256];

	rig_want(r, GET_ENDPOINT, NULL, 200);
	snprintf(host, sizeof host, "%s", rig_str(r, "status.hosts.host"));
	r->app->world.data_plane = &idle;
	rig_want(r, GET_ENDPOINT, NULL, 200);
	ck_assert_str_eq(rig_str(r, "status.hosts.host"), host);
	rig_want(r, "POST " BRANCHES "?branch_id=dev", "{'spec':{'no_expiry':true}}", 200);
	ck_assert(json_is_true(rig_at(r, "done")));
	rig_want(r, "PATCH /api/2.0/postgres/" ENDPOINT "?update_mask=spec.settings",
		"{'spec':{'settings':{'pg_settings':{'nonsense':'1'}}}}", 200);
	rig_want(r, "POST " FEEDS "?cdf_config_id=feed",
		"{'catalog':'main','schema':'history','postgres_schema':'shop'}", 200);
	rig_want(r, "GET " FEEDS "/feed/cdf-statuses", NULL, 200);
	ck_assert_str_eq(rig_str(r, "cdf_statuses.0.postgres_table"), "example");
	rig_want(r, "POST /_mock/clock/advance", "{'by':'23h'}", 200);
	rig_want(r, GET_ENDPOINT, NULL, 200);
	rig_want(r, "DELETE " PROJECTS "/p?purge=true", NULL, 200);
	rig_want(r, "GET /api/2.0/workspace-files/none", NULL, 404);
	rig_want(r, "POST /_mock/reset", NULL, 200);
}
END_TEST

int main(void)
{
	return CASES("lab-feed", prepare, {a_feed_has_the_tables_of_its_schema},
		{databases_that_do_nothing_change_nothing});
}
