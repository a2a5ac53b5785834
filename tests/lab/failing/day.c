/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/failing/disturb.h"

#include <stddef.h>

#define P "/api/2.0/postgres/projects"
#define B P "/p/branches/production"
#define D P "/p/branches/dev"

const struct asked day[] = {
	{"POST " P "?project_id=p",
		"{'spec':{'display_name':'P','custom_tags':[{'key':'a','value':'b'}],"
		"'default_endpoint_settings':{'autoscaling_limit_min_cu':1,"
		"'autoscaling_limit_max_cu':2,'pg_settings':{'work_mem':'4MB'}}}}"},
	{"GET " P "/p"},
	{"PATCH " P "/p?update_mask=spec.display_name,spec.custom_tags",
		"{'spec':{'display_name':'Q','custom_tags':[]}}"},
	{"POST " P "/p/branches?branch_id=dev", "{'spec':{'ttl':'3600s'}}"},
	{"GET " P "/p/branches?page_size=1"},
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
		"{'endpoint':'projects/p/branches/production/endpoints/primary','group_name':'admins',"
		"'claims':[{'permission_set':'READ_ONLY'}]}"},
	{"GET /api/2.0/permissions/database-projects/p"},
	{"GET /api/2.0/preview/scim/v2/Me"},
	{"POST /api/2.0/workspace/mkdirs", "{'path':'/Workspace/a/b'}"},
	{"GET /api/2.0/workspace/list?path=/Workspace/a"},
	{"POST /oidc/v1/token", "grant_type=client_credentials&client_id=a&client_secret=b"},
	{"DELETE " D "/databases/shop"},
	{"DELETE " D "/roles/app"},
	{"DELETE " D, NULL},
	{"POST " D "/undelete", "{}"},
	{"PATCH /api/2.0/permissions/database-projects/p",
		"{'access_control_list':[{'user_name':'a@b.c','permission_level':'CAN_USE'}]}"},
	{"POST /api/2.0/workspace-files/import-file/Workspace/a/f", "text"},
	{"POST " B "/databases/databricks-postgres/data-api", "{'spec':{'db_max_rows':10}}"},
	{"POST " B "/databases/databricks-postgres/cdf-configs?cdf_config_id=feed",
		"{'catalog':'main','schema':'history','postgres_schema':'public'}"},
	{"POST /api/2.0/postgres/synced_tables?synced_table_id=main.shop.orders",
		"{'spec':{'branch':'projects/p/branches/production',"
		"'postgres_database':'databricks_postgres','source_table_full_name':'main.raw.orders',"
		"'primary_key_columns':['id'],'scheduling_policy':'CONTINUOUS',"
		"'create_database_objects_if_missing':true}}"},
	{"POST /_mock/clock/advance", "{'by':'33s'}"}, /* it is online */
	{"GET /api/2.0/postgres/synced_tables/main.shop.orders"},
	{"GET " B "/databases/databricks-postgres/cdf-configs"},
	{"GET " P "?page_size=1&show_deleted=true"},
	{"GET " P "/p/snapshots"},
	{"PUT /api/2.0/permissions/database-projects/p",
		"{'access_control_list':[{'group_name':'users','permission_level':'CAN_USE'}]}"},
	{"POST " B "/roles?role_id=app", "{'spec':{'postgres_role':'app'}}"},
	{"POST " B "/roles?role_id=app&replace_existing=true",
		"{'spec':{'postgres_role':'app','attributes':{'createdb':true}}}"},
	{"POST " B "/roles/app/password"},
	{"POST " B "/databases?database_id=own",
		"{'spec':{'postgres_database':'own','role':'projects/p/branches/production/roles/app'}}"},
	{"DELETE " B "/roles/app?reassign_owned_to=projects/p/branches/production/roles/admin"},
	{"PATCH " B "/databases/databricks-postgres/data-api?update_mask=spec",
		"{'spec':{'db_max_rows':20,'server_timing_enabled':true}}"},
	{"DELETE " B "/databases/databricks-postgres/data-api"},
	{"DELETE /api/2.0/postgres/synced_tables/main.shop.orders"},
	{"DELETE /api/2.0/postgres/catalogs/cat"},
	{"GET /api/2.0/workspace/export?path=/Workspace/a/f"},
	{"POST /api/2.0/workspace/delete", "{'path':'/Workspace/a','recursive':true}"},
	{"DELETE " P "/p/snapshots/s"},
	/* what ends by itself: a create, an update, a delete */
	{"PUT /_mock/lro", "{'default':'after:1s'}", .undo = "PUT /_mock/lro", "{'default':'sync'}"},
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
	{"GET " B "/databases/databricks-postgres/cdf-configs/feed/cdf-statuses"}, /* it streams by now */
	{"DELETE " P "/p?purge=true"},
	{"POST /_mock/clock/advance", "{'by':'1s'}"},
	{"GET " P, NULL},
	{"POST /_mock/reset?keep=clock,principals", .undo = "PUT /_mock/lro", "{'default':'after:1s'}"},
	{NULL},
};

#define FIVE(a) "'" a "0':'0','" a "1':'0','" a "2':'0','" a "3':'0','" a "4':'0'"
#define TEN(a) FIVE(a) "," FIVE(a "5")

void set_for_corners(void)
{
	struct err e;

	ck_assert(!settings_set(&r->app->world.settings, "max_active_computes=1", &e));
	ck_assert(!settings_set(&r->app->world.settings, "spec_mask_partial_write=true", &e));
	ck_assert(!settings_set(&r->app->world.settings, "synced_table_linger=30s", &e));
}

const struct asked corners[] = {
	{"POST " P "?project_id=p",
		"{'spec':{'default_endpoint_settings':{'autoscaling_limit_min_cu':1,"
		"'autoscaling_limit_max_cu':2}}}"},
	{"PATCH " P "/p?update_mask=spec", "{'spec':{'display_name':'Q'}}", .status = 500},
	{"POST " P "/p/branches?branch_id=one", "{'spec':{'no_expiry':true}}"},
	{"POST " P "/p/branches?branch_id=two", "{'spec':{'no_expiry':true}}"}, /* its endpoint rests */
	{"POST " P "/p/branches?branch_id=three",
		"{'spec':{'no_expiry':true,'source_branch':'projects/p/branches/one'}}"},
	{"POST " P "/p/branches/one/endpoints?endpoint_id=replica",
		"{'spec':{'endpoint_type':'ENDPOINT_TYPE_READ_ONLY'}}"},
	{"GET " P "/p/branches/one/endpoints/replica"},
	{"DELETE " P "/p/branches/one/endpoints/replica"},
	{"PATCH " P "/p/branches/one/endpoints/primary?update_mask=spec.settings", /* so many are rare */
		"{'spec':{'settings':{'pg_settings':{" TEN("a") "," TEN("b") "," TEN("c") "," TEN("d")
		"}}}}"},
	{"DELETE " P "/p/branches/one/endpoints/primary", .status = 400},
	{"POST " B "/roles", "{'spec':{'postgres_role':'app'}}"},
	{"POST " B "/roles", "{'spec':{'postgres_role':'app'}}", .status = 400}, /* it is taken */
	{"POST " B "/databases",
		"{'spec':{'postgres_database':'shop','role':'projects/p/branches/production/roles/admin'}}"},
	{"POST " B "/databases/databricks-postgres/cdf-configs?cdf_config_id=feed",
		"{'catalog':'main','schema':'history','postgres_schema':'public'}"},
	{"GET " B "/databases/databricks-postgres/cdf-configs/feed/cdf-statuses"},
	{"DELETE " B "/databases/databricks-postgres/cdf-configs/feed"},
	{"GET " B "/databases/databricks-postgres"},
	{"DELETE " B, .status = 400},
	{"PATCH " P "/p?update_mask=spec.default_branch",
		"{'spec':{'default_branch':'projects/p/branches/two'}}"},
	{"POST " P "/p/branches?branch_id=three&replace_existing=true",
		"{'spec':{'no_expiry':true,'source_branch':'projects/p/branches/two'}}"},
	{"DELETE " P "/p/branches/three?purge=true"},
	{"DELETE " P "/p/branches/three?allow_missing=true"},
	{"GET " P "/none", .status = 404},
	{"GET /api/2.0/permissions/database-projects/p/permissionLevels"},
	{"GET /api/2.0/permissions/database-projects/00000000-0000-8000-8000-000000000000", .status = 404},
	{"POST /api/2.0/workspace/mkdirs", "{'path':'/Workspace/a'}"},
	{"POST /api/2.0/workspace-files/import-file/Workspace/a/f", "text"},
	{"POST /api/2.0/workspace-files/import-file/Workspace/a/f?overwrite=true", "other"},
	{"POST /api/2.0/workspace-files/import-file/Workspace/none/f", "text", .status = 404},
	{"GET /api/2.0/workspace/get-status?path=/Workspace/a/f"},
	{"GET /api/2.0/workspace-files/Workspace/a/f"},
	{"POST /api/2.0/workspace/delete", "{'path':'/Workspace/a'}", .status = 400},
	{"POST /api/2.0/postgres/synced_tables?synced_table_id=main.shop.orders",
		"{'spec':{'branch':'projects/p/branches/production',"
		"'postgres_database':'databricks_postgres'}}"},
	{"DELETE /api/2.0/postgres/synced_tables/main.shop.orders"}, /* and is still on its way out */
	{NULL},
};

#define ANN "mock-default.ann"
#define BOB "mock-default.bob"
#define ACL "/api/2.0/permissions/database-projects"
#define CATALOGS "/api/2.0/postgres/catalogs"
#define TABLES "/api/2.0/postgres/synced_tables"
#define CHALLENGE                                                                                  \
	"client_id=cli&redirect_uri=http://localhost:8020&response_type=code&state=a%20b"          \
	"&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"

const struct asked guests[] = {
	{"GET /.well-known/databricks-config"},
	{"GET /_mock/jwks.json"},
	{"GET /oidc/.well-known/oauth-authorization-server"},
	{"GET /oidc/v1/authorize?" CHALLENGE "&login_hint=mock-default.ann&scope=offline_access",
		.status = 302},
	{"GET /oidc/v1/authorize?" CHALLENGE "&login_hint=nobody", .status = 302},
	{"GET /oidc/v1/authorize?client_id=cli", .status = 400},
	{"POST /oidc/v1/token", "grant_type=urn:ietf:params:oauth:grant-type:token-exchange"
		"&subject_token=t&client_id=mock-default.robot"},
	{"POST /oidc/v1/token", "grant_type=refresh_token&refresh_token=none", .status = 400},
	{"POST /oidc/v1/token", "grant_type=authorization_code&code=none", .status = 400},
	{"GET /api/2.0/preview/scim/v2/Me", .as = ANN},
	{"GET /api/2.0/database/instances"},
	{"GET /api/2.0/database/instances/none", .status = 404},
	{"GET /api/2.0/apps"},
	{"GET /api/2.0/apps/none", .status = 404},
	{"POST /telemetry-ext", "{}"},
	{"POST " P "?project_id=p", "{}"},
	{"GET " P "/p"},
	{"GET " ACL "/~"},
	{"GET " P "/p", .as = ANN, .status = 404},
	{"GET " ACL "/p", .as = ANN, .status = 404},
	{"PATCH " ACL "/p", "{'access_control_list':[{'user_name':'ann@example.com',"
		"'permission_level':'CAN_USE'}]}"},
	{"GET " P "/p", .as = ANN},
	{"GET " P, .as = ANN},
	{"GET " ACL "/p", .as = ANN},
	{"GET " ACL "/p/permissionLevels", .as = ANN},
	{"GET " ACL "/~", .as = ANN},
	{"PUT " ACL "/p", "{'access_control_list':[]}", .as = ANN, .status = 403},
	{"PATCH " P "/p?update_mask=spec.display_name", "{'spec':{'display_name':'Q'}}", .as = ANN,
		.status = 403},
	{"DELETE " P "/p", .as = ANN, .status = 403},
	{"POST " P "/p/branches?branch_id=dev", "{'spec':{'no_expiry':true}}", .as = ANN, .status = 403},
	{"POST /api/2.0/postgres/credentials",
		"{'endpoint':'projects/p/branches/production/endpoints/primary'}", .as = ANN},
	{"POST " CATALOGS "?catalog_id=cat",
		"{'spec':{'branch':'projects/p/branches/production',"
		"'postgres_database':'Sales_2026','create_database_if_missing':true}}", .as = ANN},
	{"GET /api/2.0/postgres/*", .as = ANN},
	{"GET /api/2.0/postgres/*", .as = BOB, .status = 404},
	{"GET " CATALOGS "/cat", .as = ANN},
	{"GET " CATALOGS "/cat", .as = BOB, .status = 404},
	{"DELETE " CATALOGS "/cat", .as = BOB, .status = 404},
	{"POST " TABLES "?synced_table_id=cat.shop.orders",
		"{'spec':{'source_table_full_name':'main.raw.orders','primary_key_columns':['id'],"
		"'scheduling_policy':'SNAPSHOT'}}", .as = ANN},
	{"POST " TABLES "?synced_table_id=cat.shop.orders", /* in its place */
		"{'spec':{'source_table_full_name':'main.raw.orders','primary_key_columns':['id'],"
		"'scheduling_policy':'TRIGGERED'}}", .as = ANN},
	{"GET " TABLES "/cat.shop.orders", .as = ANN},
	{"GET " TABLES "/cat.shop.orders", .as = BOB, .status = 404},
	{"DELETE " TABLES "/cat.shop.orders", .as = ANN},
	{"DELETE " CATALOGS "/cat", .as = ANN},
	{"POST " P "?project_id=q", "{}", .as = ANN},
	{"GET " P "/q", .as = BOB, .status = 404},
	{"DELETE " P "/q", .as = ANN},
	{"POST " P "/q/undelete", "{}", .as = ANN},
	{"DELETE " P "/q?purge=true", .as = ANN},
	{NULL},
};
