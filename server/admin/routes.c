/* SPDX-License-Identifier: Apache-2.0 */
#include "admin/admin.h"
#include "lab/state/settings.h"

#define FILTERS "rpc method path status caller call fault since limit partial"

const struct admin_route admin_routes[] = {
	/* a browser that was pointed at the server, and probes that only want to see it alive */
	{"GET", "/", admin_root, "workspace", .flags = ADMIN_GLOBAL | ADMIN_PUBLIC},
	{"HEAD", "/", admin_root, "workspace", .flags = ADMIN_GLOBAL | ADMIN_PUBLIC},
	{"GET", "/_mock", admin_root, "workspace", .flags = ADMIN_GLOBAL | ADMIN_PUBLIC},
	{"GET", "/_mock/", admin_root, "workspace", .flags = ADMIN_GLOBAL | ADMIN_PUBLIC},
	/* life */
	{"GET", "/_mock/health", admin_health, .flags = ADMIN_GLOBAL | ADMIN_PUBLIC},
	{"GET", "/_mock/ready", admin_ready, .flags = ADMIN_GLOBAL | ADMIN_PUBLIC},
	{"POST", "/_mock/reset", admin_reset, "all keep"},
	{"GET", "/_mock/routes", admin_routes_list, .flags = ADMIN_GLOBAL},
	{"GET", "/_mock/openapi.json", admin_openapi, .flags = ADMIN_GLOBAL},
	{"GET", "/_mock/jwks.json", admin_jwks, .flags = ADMIN_GLOBAL | ADMIN_PUBLIC},
	{"GET", "/_mock/warnings", admin_warnings},
	{"GET", "/_mock/metrics", admin_metrics, .flags = ADMIN_GLOBAL},
	/* the page; its workspace is read by its script */
	{"GET", "/_mock/ui", admin_ui, "workspace", .flags = ADMIN_GLOBAL | ADMIN_PUBLIC},
	{"GET", "/_mock/ui/{file}", admin_ui_file, .flags = ADMIN_GLOBAL | ADMIN_PUBLIC},
	{"GET", "/_mock/feed", admin_feed, "since timeout rows resources", .flags = ADMIN_SETTLE},
	/* state */
	{"GET", "/_mock/state", admin_state_get, .flags = ADMIN_SETTLE},
	{"PUT", "/_mock/state", admin_state_put, .flags = ADMIN_ANY_BODY},
	{"GET", "/_mock/snapshots", admin_snapshot_list},
	{"POST", "/_mock/snapshots", admin_snapshot_add, NULL, &body_snapshot, ADMIN_SETTLE},
	{"POST", "/_mock/snapshots/{name}/restore", admin_snapshot_restore},
	{"DELETE", "/_mock/snapshots/{name}", admin_snapshot_drop},
	{"GET", "/_mock/workspaces", admin_workspace_list, .flags = ADMIN_GLOBAL},
	{"POST", "/_mock/workspaces", admin_workspace_add, NULL, &body_workspace},
	{"DELETE", "/_mock/workspaces/{name}", admin_workspace_drop, .flags = ADMIN_GLOBAL},
	/* time */
	{"GET", "/_mock/clock", admin_clock_get, .flags = ADMIN_SETTLE},
	{"PUT", "/_mock/clock", admin_clock_put, NULL, &body_clock,
		ADMIN_SETTLE | ADMIN_LOOK},
	{"POST", "/_mock/clock/advance", admin_clock_advance, NULL, &body_advance, ADMIN_LOOK},
	/* faults */
	{"GET", "/_mock/faults", admin_faults_get, "unfired"},
	{"POST", "/_mock/faults", admin_faults_post, .flags = ADMIN_ANY_BODY},
	{"PUT", "/_mock/faults", admin_faults_put, .flags = ADMIN_ANY_BODY},
	{"DELETE", "/_mock/faults", admin_faults_drop},
	{"GET", "/_mock/faults/{id}", admin_fault_get},
	{"PUT", "/_mock/faults/{id}", admin_fault_put, .flags = ADMIN_ANY_BODY},
	{"PATCH", "/_mock/faults/{id}", admin_fault_patch, NULL, &body_switch},
	{"DELETE", "/_mock/faults/{id}", admin_fault_drop},
	{"GET", "/_mock/schema/fault", admin_fault_schema, .flags = ADMIN_GLOBAL},
	{"POST", "/_mock/projects/{id}/maintenance", admin_maintenance_post, NULL,
		&body_maintenance, ADMIN_SETTLE},
	{"DELETE", "/_mock/projects/{id}/maintenance", admin_maintenance_drop,
		.flags = ADMIN_SETTLE},
	{"GET", "/_mock/scenarios", admin_scenario_list, .flags = ADMIN_GLOBAL},
	{"POST", "/_mock/scenarios/{name}", admin_scenario_load},
	{"GET", "/_mock/lro", admin_lro_get},
	{"PUT", "/_mock/lro", admin_lro_put, NULL, &body_lro},
	/* the databases */
	{"GET", "/_mock/postgres", admin_postgres, .flags = ADMIN_SETTLE},
	{"POST", "/_mock/postgres/suspend", admin_postgres_suspend, NULL, &body_endpoint,
		ADMIN_SETTLE},
	{"DELETE", "/_mock/postgres/connections", admin_postgres_disconnect, "endpoint"},
	{"GET", "/_mock/ca.pem", admin_ca, .flags = ADMIN_GLOBAL | ADMIN_PUBLIC},
	{"POST", "/_mock/postgres/wake", admin_postgres_wake, NULL, &body_endpoint, ADMIN_SETTLE},
	/* what happened */
	{"GET", "/_mock/journal", admin_journal_get, FILTERS " wait timeout format"},
	{"DELETE", "/_mock/journal", admin_journal_drop},
	{"GET", "/_mock/calls", admin_calls, FILTERS},
	{"GET", "/_mock/explain/{seq}", admin_explain},
	{"GET", "/_mock/exchange/{seq}", admin_exchange},
	{"GET", "/_mock/grade", admin_grade, FILTERS " final"},
	{"GET", "/_mock/report", admin_report, FILTERS " final format against calls"},
	{"POST", "/_mock/report", admin_report, FILTERS " final format calls", .flags = ADMIN_ANY_BODY},
	{NULL},
};
