/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that `--set KEY=VALUE` reaches: quotas, durations, and toggles between behaviours
 * that the service had on different dates. A profile is a dated set of them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/when.h"
#include "core/wording/evidence.h"

enum setting_type { SET_BOOL, SET_INT, SET_SPAN, SET_STR, SET_NUMS, SET_NAMES };

/* id, key, type, default, evidence, documentation */
#define SETTING_TABLE(X)                                                                           \
	X(MAX_PROJECTS, "max_projects", INT, "1000", DOCUMENTED, "projects in a workspace")        \
	X(MAX_BRANCHES, "max_branches", INT, "500", DOCUMENTED, "branches in a project")           \
	X(MAX_ROOT_BRANCHES, "max_root_branches", INT, "3", DOCUMENTED, "root branches in a project") \
	X(MAX_PROTECTED, "max_protected_branches", INT, "1", DOCUMENTED,                           \
		"protected branches in a project")                                                 \
	X(MAX_UNARCHIVED, "max_unarchived_branches", INT, "500", INVENTED,                         \
		"unarchived branches in a project; documented as 10, but the service archives "    \
		"idle ones itself, which the mock does not")                                       \
	X(MAX_ROLES, "max_roles", INT, "500", DOCUMENTED, "roles on a branch")                     \
	X(MAX_DATABASES, "max_databases", INT, "500", DOCUMENTED, "databases on a branch")         \
	X(MAX_REPLICAS, "max_read_replicas", INT, "6", DOCUMENTED, "read-only endpoints on a branch") \
	X(MAX_ACTIVE, "max_active_computes", INT, "20", DOCUMENTED,                                \
		"active computes in a project, those of the default branch not counted")           \
	X(MAX_SNAPSHOTS, "max_snapshots", INT, "10", DOCUMENTED, "manual snapshots in a project")  \
	X(MAX_SYNCED, "max_synced_tables_per_source", INT, "20", DOCUMENTED,                       \
		"synced tables of one source table")                                               \
	X(MAX_CU, "max_cu", INT, "64", TYPED, "largest autoscaling limit of an endpoint")          \
	X(MAX_FIXED_CU, "max_fixed_cu", INT, "112", DOCUMENTED,                                    \
		"largest size of an endpoint whose two limits are the same")                       \
	X(MAX_CU_SPREAD, "max_cu_spread", INT, "16", TYPED,                                        \
		"largest distance between the two autoscaling limits")                             \
	X(MAX_BRANCH_TTL, "max_branch_ttl", SPAN, "30d", DOCUMENTED,                               \
		"furthest expiration of a branch; differs between workspaces")                     \
	X(PROJECT_RETENTION, "project_retention", SPAN, "7d", DOCUMENTED,                          \
		"from the deletion of a project to its purge")                                     \
	X(BRANCH_RETENTION, "branch_retention", SPAN, "7d", INVENTED,                              \
		"from the deletion of a branch to its purge")                                      \
	X(SYNC_PROVISION, "synced_table_provision", SPAN, "33s", VERIFIED,                         \
		"from the end of the create operation of a synced table to its first rows")        \
	X(SYNC_LINGER, "synced_table_linger", SPAN, "0s", VERIFIED,                                \
		"how long a deleted synced table is still seen as DELETING")                       \
	X(RECONCILE, "endpoint_reconciliation", SPAN, "0s", VERIFIED,                              \
		"how long an endpoint keeps its pending_state after its operation is done, and "   \
		"answers changes with 409")                                                        \
	X(ENDPOINT_PAGE_MIN, "endpoint_page_size_min", INT, "10", VERIFIED,                        \
		"smallest page_size that the list of endpoints accepts")                           \
	X(ENDPOINT_ID_MIN, "endpoint_id_min", INT, "1", DOCUMENTED,                                \
		"fewest characters of an endpoint id; the service wanted 3 in April 2026")         \
	X(REUSE_BRANCH_ID, "reuse_deleted_branch_id", BOOL, "true", VERIFIED,                      \
		"the id of a soft-deleted branch is free at once")                                 \
	X(MASK_ABSENT, "mask_absent_is_error", BOOL, "true", VERIFIED,                             \
		"a leaf in update_mask that the body lacks is 400; before 28 August 2026 it was "  \
		"ignored")                                                                         \
	X(CLEAR_ABSENT, "clear_absent", BOOL, "true", TYPED,                                       \
		"a list or map in update_mask that the body lacks is cleared, since most clients " \
		"drop empty ones; otherwise it is 400 like any other field")                       \
	X(PG_VERSIONS, "pg_versions", NUMS, "16,17,18", DOCUMENTED,                                \
		"major versions of Postgres that a project can have")                              \
	X(DEFAULT_PG_VERSION, "default_pg_version", INT, "17", DOCUMENTED,                         \
		"major version of Postgres of a project that names none")                          \
	X(DEFAULT_SUSPENSION, "default_suspension", SPAN, "24h", VERIFIED,                         \
		"idle time before a compute is suspended where nothing else says it, 60 seconds "  \
		"to 7 days")                                                                       \
	X(CDF_TABLES, "cdf_tables", NAMES, "example", INVENTED,                                    \
		"tables that each change data feed finds in its schema, without databases")        \
	X(OPEN_ENDPOINTS, "endpoints_open_to_all", BOOL, "false", VERIFIED,                        \
		"a caller without any permission on a project may read its endpoints and get a "   \
		"credential for himself, as was seen")                                             \
	X(LOGIN_PAGE, "login_page", BOOL, "false", INVENTED,                                       \
		"the login in a browser asks for a user instead of going on at once")              \
	X(SPEC_MASK_500, "spec_mask_partial_write", BOOL, "false", VERIFIED,                       \
		"PATCH of a project with mask `spec` that omits customised default settings "      \
		"writes and then answers 500")                                                     \
	X(ECHO_SPEC, "echo_spec", BOOL, "false", VERIFIED,                                         \
		"GET also shows `spec`, as from 20 to 31 July 2026")                               \
	X(MINUTE_500, "source_time_minute_500", BOOL, "false", VERIFIED,                           \
		"a source_branch_time on a whole minute answers 500")                              \
	X(HOST_SUFFIX, "host_suffix", STR, "database.mock.invalid", INVENTED,                      \
		"hosts of endpoints are <uid>.<host_suffix>")                                      \
	X(HOST_OVERRIDE, "host_override", STR, "", INVENTED,                                       \
		"reported as the host of every endpoint, e.g. 127.0.0.1")                          \
	X(WORKSPACE_ID, "workspace_id", STR, "900800700600", INVENTED,                             \
		"numeric id of the Databricks workspace, told by X-Databricks-Org-Id")             \
	X(PG_STRICT, "postgres_strict", BOOL, "false", TYPED,                                      \
		"connections without SNI, with protocol 3.2 or with TLS from the first byte are "  \
		"refused, as the source of the service's front reads")                             \
	X(PG_WORKSPACE_TOKENS, "postgres_workspace_tokens", BOOL, "true", INVENTED,                \
		"the workspace's own bearer token is taken as a password, too")                    \
	X(PG_REPLICA_LAG, "postgres_replica_lag", SPAN, "0s", INVENTED,                            \
		"how long read replicas wait with what their primary has committed")               \
	X(PG_POOLER, "postgres_pooler", STR, "pass", DOCUMENTED,                                   \
		"tokens at pooled hosts: pass or refuse")                                          \
	X(PG_LISTENERS, "postgres_listeners", INT, "4096", INVENTED,                               \
		"addresses of endpoints that are listened on at the same time")                    \
	X(PG_HANDSHAKE, "postgres_handshake_timeout", SPAN, "10s", INVENTED,                       \
		"from the first byte of a connection to a database to its credentials")            \
	X(OPERATIONS_KEPT, "operations_kept", INT, "100000", INVENTED,                             \
		"a finished operation stays readable until so many objects were made after it")

#define X(id, key, type, def, evidence, doc) SETTING_##id,
enum setting { SETTING_TABLE(X) SETTING__N };
#undef X

struct settings {
	struct {
		int64_t i; /* of booleans, integers and spans */
		char s[128];
		const char *origin; /* "default", "profile", "set" */
	} v[SETTING__N];
	const char *profile;
};

/* The newest profile. */
void settings_init(struct settings *s);

/* 400-like ERR_INVALID naming the nearest profile when there is none of that name. */
MUST_CHECK int settings_profile(struct settings *s, const char *name, struct err *e);

/* "key=value"; an unknown key names the nearest one. */
MUST_CHECK int settings_set(struct settings *s, const char *assignment, struct err *e);

bool setting_bool(const struct settings *s, enum setting id);
int64_t setting_int(const struct settings *s, enum setting id);
usec setting_span(const struct settings *s, enum setting id);
const char *setting_str(const struct settings *s, enum setting id);
/* Is it one of the items of a list? */
bool setting_lists(const struct settings *s, enum setting id, const char *item);

struct setting_info {
	const char *key, *def, *doc;
	enum setting_type type;
	enum evidence evidence;
};
const struct setting_info *setting_info(enum setting id);

struct profile {
	const char *name; /* a date */
	const char *doc;
	const char *const *assignments; /* NULL-terminated "key=value" */
};
/* Newest first; ends with a row without a name. */
extern const struct profile profiles[];
