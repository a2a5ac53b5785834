/* SPDX-License-Identifier: Apache-2.0 */
/* What belongs to a project that the caller may not see is not there for that caller. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lab/cases.h"

#define UC "/api/2.0/postgres/"

static void refused(const char *what)
{
	int status = rig_ask_as(r, "mock-default.eve", what, NULL);

	ck_assert_msg(status == 404, "%s: %d %s", what, status, r->resp.body.data);
	ck_assert_msg(!strstr(r->resp.body.data, "projects/p"), "%s: %s", what, r->resp.body.data);
}

START_TEST(catalogs_and_synced_tables_show_to_those_who_see_the_project)
{
	char operation[256];

	rig_want(r, CREATE, "{}", 200);
	rig_want(r, "POST " UC "catalogs?catalog_id=cat",
		"{'spec':{'postgres_database':'databricks_postgres',"
		"'branch':'projects/p/branches/production'}}",
		200);
	snprintf(operation, sizeof operation, "GET " UC "%s", rig_str(r, "name"));
	rig_want(r, "POST " UC "synced_tables?synced_table_id=cat.public.t",
		"{'spec':{'source_table_full_name':'main.a.b','primary_key_columns':['id'],"
		"'scheduling_policy':'SNAPSHOT'}}",
		200);
	rig_want(r, operation, NULL, 200);
	refused("GET " UC "catalogs/cat");
	refused("DELETE " UC "catalogs/cat");
	refused("GET " UC "synced_tables/cat.public.t");
	refused("DELETE " UC "synced_tables/cat.public.t");
	refused(operation);
	rig_want(r, "PATCH /api/2.0/permissions/database-projects/p",
		"{'access_control_list':[{'user_name':'eve@example.com',"
		"'permission_level':'CAN_USE'}]}",
		200);
	ck_assert_int_eq(rig_ask_as(r, "mock-default.eve", "GET " UC "catalogs/cat", NULL), 200);
	ck_assert_int_eq(rig_ask_as(r, "mock-default.eve",
				 "GET /api/2.0/permissions/database-projects/p", NULL), 200);
	ck_assert_int_eq(rig_ask_as(r, "mock-default.eve", operation, NULL), 200);
	ck_assert_int_eq(
		rig_ask_as(r, "mock-default.eve", "DELETE " UC "synced_tables/cat.public.t", NULL), 200);
	rig_want(r, "GET " UC "catalogs/cat", NULL, 200);
	/* what is gone is not there, for whom it ever was */
	rig_want(r, "DELETE " UC "catalogs/cat", NULL, 200);
	ck_assert_int_eq(rig_ask_as(r, "mock-default.eve", "GET " UC "catalogs/cat", NULL), 404);
	ck_assert_int_eq(rig_ask_as(r, "mock-default.eve", operation, NULL), 200);
	ck_assert_int_eq(rig_ask_as(r, "mock-default.eve", "GET " UC "catalogs/cat/operations/none", NULL),
		404);
}
END_TEST

int main(void)
{
	return CASES("lab-hidden", NULL, {catalogs_and_synced_tables_show_to_those_who_see_the_project});
}
