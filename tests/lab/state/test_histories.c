/* SPDX-License-Identifier: Apache-2.0 */
/* Random histories: whatever has happened, the state can be exported and imported. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lab/cases.h"

#define FILES "/api/2.0/workspace"

/* {n} is a small number, {t} a time ahead, {o} the operation told of last. */
static const char *const steps[][2] = {
	{"POST " PROJECTS "?project_id=p{n}", "{}"},
	{"POST " PROJECTS "?project_id=p{n}",
		"{'spec':{'display_name':'x','custom_tags':[{'key':'a','value':'b'}],"
		"'default_endpoint_settings':{'autoscaling_limit_min_cu':1,"
		"'autoscaling_limit_max_cu':2,'suspend_timeout_duration':'300s'}}}"},
	{"PATCH " PROJECTS "/p{n}?update_mask=spec.display_name", "{'spec':{'display_name':'y{n}'}}"},
	{"PATCH " PROJECTS "/p{n}?update_mask=spec.default_branch",
		"{'spec':{'default_branch':'projects/p{n}/branches/b{n}'}}"},
	{"DELETE " PROJECTS "/p{n}", NULL},
	{"DELETE " PROJECTS "/p{n}?purge=true", NULL},
	{"POST " PROJECTS "/p{n}/undelete", "{}"},
	{"POST " PROJECTS "/p{n}/branches?branch_id=b{n}", "{'spec':{'ttl':'7200s'}}"},
	{"POST " PROJECTS "/p{n}/branches?branch_id=b{n}", "{'spec':{'no_expiry':true}}"},
	{"POST " PROJECTS "/p{n}/branches?branch_id=b{n}&replace_existing=true",
		"{'spec':{'expire_time':'2026-01-03T00:00:00Z'}}"},
	{"PATCH " PROJECTS "/p{n}/branches/b{n}?update_mask=spec.expiration",
		"{'spec':{'ttl':'3600s'}}"},
	{"PATCH " PROJECTS "/p{n}/branches/production?update_mask=spec.expiration",
		"{'spec':{'ttl':'3600s'}}"},
	{"PATCH " PROJECTS "/p{n}/branches/b{n}?update_mask=spec.is_protected",
		"{'spec':{'is_protected':true}}"},
	{"DELETE " PROJECTS "/p{n}/branches/b{n}", NULL},
	{"DELETE " PROJECTS "/p{n}/branches/b{n}?purge=true", NULL},
	{"POST " PROJECTS "/p{n}/branches/b{n}/undelete", "{}"},
	{"POST " PROJECTS "/p{n}/branches/production/roles?role_id=r{n}",
		"{'spec':{'postgres_role':'app{n}'}}"},
	{"POST " PROJECTS "/p{n}/branches/b{n}/roles?role_id=r{n}", "{'spec':{'postgres_role':'app{n}'}}"},
	{"POST " PROJECTS "/p{n}/branches/production/roles/r{n}/password", "{}"},
	{"POST " PROJECTS "/p{n}/branches/production/databases?database_id=d{n}",
		"{'spec':{'role':'projects/p{n}/branches/production/roles/r{n}',"
		"'postgres_database':'d{n}'}}"},
	{"DELETE " PROJECTS "/p{n}/branches/production/roles/r{n}", NULL},
	{"POST " PROJECTS "/p{n}/branches/production/endpoints?endpoint_id=e{n}",
		"{'spec':{'endpoint_type':'ENDPOINT_TYPE_READ_ONLY'}}"},
	{"PATCH " PROJECTS "/p{n}/branches/production/endpoints/primary?update_mask=spec.suspension",
		"{'spec':{'suspend_timeout_duration':'120s'}}"},
	{"PATCH " PROJECTS "/p{n}/branches/production/endpoints/primary?update_mask=spec.suspension",
		"{'spec':{'no_suspension':true}}"},
	{"PATCH " PROJECTS "/p{n}/branches/production/endpoints/primary?update_mask=spec.disabled",
		"{'spec':{'disabled':true}}"},
	{"DELETE " PROJECTS "/p{n}/branches/production/endpoints/e{n}", NULL},
	{"POST " PROJECTS "/p{n}/snapshots?snapshot_id=s{n}",
		"{'spec':{'source_branch':'projects/p{n}/branches/production','ttl':'86400s'}}"},
	{"POST " PROJECTS "/p{n}/branches?branch_id=from{n}",
		"{'spec':{'source_snapshot':'projects/p{n}/snapshots/s{n}','no_expiry':true}}"},
	{"PATCH " PROJECTS "/p{n}/branches/production/snapshot-schedule?update_mask=schedule",
		"{'schedule':[{'daily_schedule':{'hour':3},'retention':'86400s'},"
		"{'monthly_schedule':{'day':31},'retention':'3600s'}]}"},
	{"PATCH " PROJECTS "/p{n}/branches/production/snapshot-schedule?update_mask=schedule", "{}"},
	{"POST " PROJECTS "/p{n}/branches/production/databases/databricks-postgres/data-api",
		"{'spec':{'db_max_rows':10}}"},
	{"POST /api/2.0/postgres/catalogs?catalog_id=c{n}",
		"{'spec':{'postgres_database':'databricks_postgres',"
		"'branch':'projects/p{n}/branches/production'}}"},
	{"POST /api/2.0/postgres/synced_tables?synced_table_id=c{n}.public.t{n}",
		"{'spec':{'branch':'projects/p{n}/branches/production',"
		"'source_table_full_name':'main.a.b','primary_key_columns':['id'],"
		"'scheduling_policy':'SNAPSHOT'}}"},
	{"DELETE /api/2.0/postgres/synced_tables/c{n}.public.t{n}", NULL},
	{"PUT /api/2.0/permissions/database-projects/p{n}",
		"{'access_control_list':[{'user_name':'u{n}@example.com',"
		"'permission_level':'CAN_USE'},{'group_name':'g','permission_level':'CAN_MANAGE'}]}"},
	{"POST " FILES "/mkdirs", "{'path':'/Workspace/a{n}/b'}"},
	{"POST " FILES "-files/import-file/Workspace/a{n}/f?overwrite=true", "text of {n}"},
	{"POST " FILES "/delete", "{'path':'/Workspace/a{n}','recursive':true}"},
	{"POST /_mock/projects/p{n}/maintenance", "{'for':'5s'}"},
	{"POST /_mock/projects/p{n}/maintenance", "{'for':'3 calls'}"},
	{"PUT /_mock/lro", "{'default':'sync'}"},
	{"PUT /_mock/lro", "{'default':'first-poll'}"},
	{"PUT /_mock/lro", "{'default':'after:30s'}"},
	{"PUT /_mock/lro", "{'default':'after-polls:2'}"},
	{"PUT /_mock/lro", "{'default':'done-not-ready:10h'}"},
	{"PUT /_mock/lro", "{'default':'late-visible:2'}"},
	{"PUT /_mock/lro", "{'default':'vanish:1h'}"},
	{"PUT /_mock/lro", "{'default':'no-response'}"},
	{"PUT /_mock/lro", "{'default':'fail:INTERNAL_ERROR:no luck:10s'}"},
	{"GET /api/2.0/postgres/{o}", NULL},
	{"GET /api/2.0/postgres/{o}", NULL},
	{"POST /_mock/clock/advance", "{'by':'{n}s'}"},
	{"POST /_mock/clock/advance", "{'by':'{n}h'}"},
	{"POST /_mock/clock/advance", "{'by':'{n}d'}"},
	{"POST /_mock/clock/advance", "{'until':'idle'}"},
};

static uint64_t draws, seed;

static uint64_t draw(uint64_t below)
{
	return text_prf(seed, "history", ++draws, 0) % below;
}

static char last_operation[512] = "x";

/* `text` with its holes filled; two of three numbers are the same, so that things meet. */
static const char *filled(const char *text, char *out, size_t size)
{
	size_t n = 0;
	uint64_t number = draw(2);

	for (; *text && n + sizeof last_operation < size;) {
		if (text_starts(text, "{n}", NULL))
			n += (size_t)snprintf(out + n, size - n, "%d", (int)(draw(3) ? number : draw(3)));
		else if (text_starts(text, "{o}", NULL))
			n += (size_t)snprintf(out + n, size - n, "%s", last_operation);
		else {
			out[n++] = *text++;
			continue;
		}
		text += 3;
	}
	out[n] = '\0';
	return out;
}

static void step(void)
{
	const char *const *s = steps[draw(ARRAY_SIZE(steps))];
	char what[4096], body[4096];
	const char *name;
	int status = rig_ask(r, filled(s[0], what, sizeof what),
		s[1] ? filled(s[1], body, sizeof body) : NULL);

	ck_assert_msg(status < 500, "seed %d: %s %s: %d %s", (int)seed, what, s[1] ? body : "", status,
		r->resp.body.data ? r->resp.body.data : "");
	name = json_string_value(json_object_get(r->doc, "name"));
	if (name && strstr(name, "/operations/"))
		snprintf(last_operation, sizeof last_operation, "%s", name);
}

START_TEST(whatever_has_happened_can_be_exported_and_imported)
{
	char about[40];

	for (seed = 1; seed <= 20; seed++) {
		rig_want(r, "POST /_mock/reset", NULL, 200);
		draws = 0;
		for (int i = 0; i < 120; i++) {
			step();
			if (i % 8)
				continue;
			snprintf(about, sizeof about, "seed %d, step %d", (int)seed, i);
			rig_round_trip(r, about);
		}
		rig_want(r, "POST /_mock/clock/advance", "{'by':'40d'}", 200);
		rig_round_trip(r, "forty days later");
	}
}
END_TEST

int main(void)
{
	return CASES("lab-histories", NULL, {whatever_has_happened_can_be_exported_and_imported});
}
