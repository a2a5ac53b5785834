/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every allocation of a request fails in turn, those of the server, of jansson and of SQLite. The
 * answer is then 500, and nothing has changed; or nobody needed it, and the answer is the usual one.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cases.h"
#include "support/starve.h"

static sqlite3_mem_methods real;

static void *sqlite_malloc(int n)
{
	return starve() ? NULL : real.xMalloc(n);
}

static void *sqlite_realloc(void *p, int n)
{
	return starve() ? NULL : real.xRealloc(p, n);
}

static void install(void)
{
	sqlite3_mem_methods mine;

	sqlite3_shutdown();
	sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real);
	mine = real;
	mine.xMalloc = sqlite_malloc;
	mine.xRealloc = sqlite_realloc;
	sqlite3_config(SQLITE_CONFIG_MALLOC, &mine);
	json_set_alloc_funcs(__wrap_malloc, free);
}

#define P "/api/2.0/postgres/projects"
#define B P "/p/branches/production"
#define D P "/p/branches/dev"

/* In this order, so that each finds what it needs. */
static const struct {
	const char *what, *body;
} requests[] = {
	{"POST " P "?project_id=p",
		"{'spec':{'display_name':'P','custom_tags':[{'key':'a','value':'b'}],"
		"'default_endpoint_settings':{'autoscaling_limit_min_cu':1,"
		"'autoscaling_limit_max_cu':2,'pg_settings':{'work_mem':'4MB'}}}}"},
	{"GET " P "/p", NULL},
	{"PATCH " P "/p?update_mask=spec.display_name,spec.custom_tags",
		"{'spec':{'display_name':'Q','custom_tags':[]}}"},
	{"POST " P "/p/branches?branch_id=dev", "{'spec':{'ttl':'3600s'}}"},
	{"GET " P "/p/branches?page_size=1", NULL},
	{"PATCH " D "?update_mask=spec", "{'spec':{'no_expiry':true,'is_protected':false}}"},
	{"POST " D "/endpoints?endpoint_id=replica",
		"{'spec':{'endpoint_type':'ENDPOINT_TYPE_READ_ONLY','autoscaling_limit_max_cu':2}}"},
	{"PATCH " D "/endpoints/replica?update_mask=spec.autoscaling_limit_min_cu,spec.autoscaling_limit_max_cu,"
	 "spec.suspension,spec.disabled,spec.settings",
		"{'spec':{'endpoint_type':'ENDPOINT_TYPE_READ_ONLY','autoscaling_limit_min_cu':0.5,"
		"'autoscaling_limit_max_cu':1,'suspend_timeout_duration':'600s','disabled':false,"
		"'settings':{'pg_settings':{'jit':'off'}}}}"},
	{"POST " D "/roles?role_id=app",
		"{'spec':{'postgres_role':'app','auth_method':'PG_PASSWORD_SCRAM_SHA_256',"
		"'membership_roles':['DATABRICKS_SUPERUSER']}}"},
	{"PATCH " D "/roles/app?update_mask=spec.attributes", "{'spec':{'attributes':{'createdb':true}}}"},
	{"POST " D "/databases?database_id=shop",
		"{'spec':{'postgres_database':'shop','role':'projects/p/branches/dev/roles/app'}}"},
	{"PATCH " D "/databases/shop?update_mask=spec.postgres_database",
		"{'spec':{'postgres_database':'shop2'}}"},
	{"POST " P "/p/snapshots?snapshot_id=s", "{'spec':{'source_branch':'projects/p/branches/production'}}"},
	{"PATCH " B "/snapshot-schedule?update_mask=schedule",
		"{'schedule':[{'retention':'604800s','daily_schedule':{'hour':3}}]}"},
	{"POST " P "/p/branches?branch_id=back",
		"{'spec':{'source_snapshot':'projects/p/snapshots/s','no_expiry':true}}"},
	{"POST /api/2.0/postgres/catalogs?catalog_id=cat",
		"{'spec':{'branch':'projects/p/branches/production',"
		"'postgres_database':'databricks_postgres'}}"},
	{"POST /api/2.0/postgres/credentials",
		"{'endpoint':'projects/p/branches/production/endpoints/primary'}"},
	{"GET /api/2.0/permissions/database-projects/p", NULL},
	{"GET /api/2.0/preview/scim/v2/Me", NULL},
	{"POST /api/2.0/workspace/mkdirs", "{'path':'/Workspace/a/b'}"},
	{"GET /api/2.0/workspace/list?path=/Workspace/a", NULL},
	{"POST /oidc/v1/token", "grant_type=client_credentials&client_id=a&client_secret=b"},
	{"DELETE " D "/databases/shop", NULL},
	{"DELETE " D "/roles/app", NULL},
	{"DELETE " D, NULL},
	{"POST " D "/undelete", "{}"},
	{"PATCH /api/2.0/permissions/database-projects/p",
		"{'access_control_list':[{'user_name':'a@b.c','permission_level':'CAN_USE'}]}"},
	{"POST /api/2.0/workspace-files/import-file/Workspace/a/f", "text"},
	{"POST " B "/databases/databricks-postgres/data-api", "{'spec':{'db_max_rows':10}}"},
	{"POST " B "/databases/databricks-postgres/cdf-configs",
		"{'catalog':'main','schema':'history','postgres_schema':'public'}"},
	{"POST /api/2.0/postgres/synced_tables?synced_table_id=main.shop.orders",
		"{'spec':{'branch':'projects/p/branches/production',"
		"'postgres_database':'databricks_postgres','source_table_full_name':'main.raw.orders',"
		"'primary_key_columns':['id'],'scheduling_policy':'CONTINUOUS',"
		"'create_database_objects_if_missing':true}}"},
	{"GET /api/2.0/postgres/synced_tables/main.shop.orders", NULL},
	{"GET " B "/databases/databricks-postgres/cdf-configs", NULL},
	{"GET " P "?page_size=1&show_deleted=true", NULL},
	{"GET " P "/p/snapshots", NULL},
	{"PUT /api/2.0/permissions/database-projects/p",
		"{'access_control_list':[{'group_name':'users','permission_level':'CAN_USE'}]}"},
	{"POST " B "/roles?role_id=app", "{'spec':{'postgres_role':'app'}}"},
	{"POST " B "/roles?role_id=app&replace_existing=true",
		"{'spec':{'postgres_role':'app','attributes':{'createdb':true}}}"},
	{"POST " B "/roles/app/password", NULL},
	{"POST " B "/databases?database_id=own",
		"{'spec':{'postgres_database':'own','role':'projects/p/branches/production/roles/app'}}"},
	{"DELETE " B "/roles/app?reassign_owned_to=projects/p/branches/production/roles/admin", NULL},
	{"PATCH " B "/databases/databricks-postgres/data-api?update_mask=spec",
		"{'spec':{'db_max_rows':20,'server_timing_enabled':true}}"},
	{"DELETE " B "/databases/databricks-postgres/data-api", NULL},
	{"DELETE /api/2.0/postgres/synced_tables/main.shop.orders", NULL},
	{"DELETE /api/2.0/postgres/catalogs/cat", NULL},
	{"GET /api/2.0/workspace/export?path=/Workspace/a/f", NULL},
	{"POST /api/2.0/workspace/delete", "{'path':'/Workspace/a','recursive':true}"},
	{"DELETE " P "/p/snapshots/s", NULL},
	/* what ends by itself: a create, an update, a delete */
	{"PUT /_mock/lro", "{'default':'after:1s'}"},
	{"POST " P "/p/branches?branch_id=late", "{'spec':{'ttl':'600s'}}"},
	{"POST /_mock/clock/advance", "{'by':'1s'}"},
	{"PATCH " P "/p/branches/late?update_mask=spec.expiration", "{'spec':{'ttl':'900s'}}"},
	{"POST " P "/p/branches?branch_id=later", /* its source is being changed */
		"{'spec':{'no_expiry':true,'source_branch':'projects/p/branches/production'}}"},
	{"PATCH " B "?update_mask=spec.is_protected", "{'spec':{'is_protected':false}}"},
	{"POST " P "/p/branches?branch_id=latest",
		"{'spec':{'no_expiry':true,'source_branch':'projects/p/branches/production'}}"},
	{"POST /_mock/clock/advance", "{'by':'1s'}"},
	{"POST /_mock/clock/advance", "{'by':'900s'}"},
	{"DELETE " P "/p?purge=true", NULL},
	{"POST /_mock/clock/advance", "{'by':'1s'}"},
	{"GET " P, NULL},
	{"POST /_mock/reset?keep=clock,principals", NULL},
};

static void prepare(void)
{
	rig_want(r, "PUT /_mock/lro", "{'default':'sync'}", 200);
	r->app->check_replies = false; /* the check needs memory, too, and takes no for an answer */
}

/* What a request does when nothing fails. */
struct usual {
	char *before, *after; /* the state */
	char *body;
	int status;
};

static struct usual look(size_t i)
{
	struct usual u = {.before = rig_state(r)};

	u.status = rig_ask(r, requests[i].what, requests[i].body);
	ck_assert_msg(u.status == 200, "%s: %d %s", requests[i].what, u.status, r->resp.body.data);
	u.body = strdup(r->resp.body.data);
	u.after = rig_state(r);
	rig_want(r, "PUT /_mock/state", u.before, 200);
	return u;
}

static void same(const char *a, const char *b, size_t i, long n, const char *what)
{
	ck_assert_msg(streq(a, b), "%s, allocation %ld: another %s\n%.900s\n%.900s", requests[i].what, n,
		what, a, b);
}

/* Says of a disturbed request whether it was all right. */
static void check(const struct usual *u, size_t i, long n, int status)
{
	const char *text = r->resp.body.data;
	char *after;

	if (status == 500) {
		ck_assert_msg(strstr(text, "out of memory") || strstr(text, "cannot sign"),
			"%s, allocation %ld: %s", requests[i].what, n, text);
	} else {
		ck_assert_int_eq(status, u->status);
		same(u->body, text, i, n, "answer");
	}
	if (status == 500 && n % 16) /* it costs more than the request */
		return;
	after = rig_state(r);
	if (status != 500)
		same(u->after, after, i, n, "outcome");
	else if (!strstr(requests[i].what, "/_mock")) /* there the answer comes after the deed */
		same(u->before, after, i, n, "state");
	if (!streq(u->before, after)) /* nobody needed that one */
		rig_want(r, "PUT /_mock/state", u->before, 200);
	free(after);
}

static int torture(size_t i)
{
	struct usual u = look(i);
	int failed = 0;

	for (long n = 1 + (requests[i].body != NULL);; n++) { /* the rig's own is the first */
		int status;

		starving = (struct starving){.on = true, .fail_at = n};
		status = rig_ask(r, requests[i].what, requests[i].body);
		starving.on = false;
		if (starving.calls < n)
			break;
		failed += status == 500;
		check(&u, i, n, status);
	}
	free(u.before);
	free(u.after);
	free(u.body);
	return failed;
}

START_TEST(a_request_lives_through_each_allocation_failing)
{
	int failed = 0;

	for (size_t i = 0; i < ARRAY_SIZE(requests); i++)
		failed += torture(i);
	ck_assert_int_gt(failed, 5000);
}
END_TEST

int main(void)
{
	install();
	return CASES("lab-memory", prepare, {a_request_lives_through_each_allocation_failing});
}
