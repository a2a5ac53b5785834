/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/base/text.h"
#include "lakebasectl/input/fields.h"
#include "lakebasectl/input/kinds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The test of fields compares this table with the OpenAPI document, both ways. */
static const struct field table[] = {
	{ "projects", "initial_branch_spec.is_protected", FIELD_BOOLEAN, NULL },
	{ "projects", "initial_database_spec.postgres_database", FIELD_TEXT, NULL },
	{ "projects", "initial_endpoint_spec.autoscaling_limit_max_cu", FIELD_NUMBER, NULL },
	{ "projects", "initial_endpoint_spec.autoscaling_limit_min_cu", FIELD_NUMBER, NULL },
	{ "projects", "initial_endpoint_spec.group.enable_readable_secondaries", FIELD_BOOLEAN, NULL },
	{ "projects", "initial_endpoint_spec.group.max", FIELD_INTEGER, NULL },
	{ "projects", "initial_endpoint_spec.group.min", FIELD_INTEGER, NULL },
	{ "projects", "initial_endpoint_spec.no_suspension", FIELD_BOOLEAN, NULL },
	{ "projects", "initial_endpoint_spec.suspend_timeout_duration", FIELD_DURATION, NULL },
	{ "projects", "initial_role_spec.attributes.bypassrls", FIELD_BOOLEAN, NULL },
	{ "projects", "initial_role_spec.attributes.createdb", FIELD_BOOLEAN, NULL },
	{ "projects", "initial_role_spec.attributes.createrole", FIELD_BOOLEAN, NULL },
	{ "projects", "initial_role_spec.auth_method", FIELD_TEXT, "LAKEBASE_OAUTH_V1 NO_LOGIN PG_PASSWORD_SCRAM_SHA_256" },
	{ "projects", "initial_role_spec.identity_type", FIELD_TEXT, "GROUP SERVICE_PRINCIPAL USER" },
	{ "projects", "initial_role_spec.membership_roles", FIELD_LIST, "DATABRICKS_SUPERUSER" },
	{ "projects", "initial_role_spec.postgres_role", FIELD_TEXT, NULL },
	{ "projects", "spec.budget_policy_id", FIELD_TEXT, NULL },
	{ "projects", "spec.compute_provisioner", FIELD_TEXT, NULL },
	{ "projects", "spec.custom_tags", FIELD_LIST, NULL },
	{ "projects", "spec.custom_tags.[].key", FIELD_TEXT, NULL },
	{ "projects", "spec.custom_tags.[].value", FIELD_TEXT, NULL },
	{ "projects", "spec.default_branch", FIELD_NAME, "branches" },
	{ "projects", "spec.default_endpoint_settings.autoscaling_limit_max_cu", FIELD_NUMBER, NULL },
	{ "projects", "spec.default_endpoint_settings.autoscaling_limit_min_cu", FIELD_NUMBER, NULL },
	{ "projects", "spec.default_endpoint_settings.no_suspension", FIELD_BOOLEAN, NULL },
	{ "projects", "spec.default_endpoint_settings.pg_settings", FIELD_MAP, NULL },
	{ "projects", "spec.default_endpoint_settings.suspend_timeout_duration", FIELD_DURATION, NULL },
	{ "projects", "spec.display_name", FIELD_TEXT, NULL },
	{ "projects", "spec.enable_pg_native_login", FIELD_BOOLEAN, NULL },
	{ "projects", "spec.history_retention_duration", FIELD_DURATION, NULL },
	{ "projects", "spec.pg_version", FIELD_INTEGER, NULL },

	{ "branches", "spec.expire_time", FIELD_INSTANT, NULL },
	{ "branches", "spec.is_protected", FIELD_BOOLEAN, NULL },
	{ "branches", "spec.no_expiry", FIELD_BOOLEAN, NULL },
	{ "branches", "spec.source_branch", FIELD_NAME, "branches" },
	{ "branches", "spec.source_branch_lsn", FIELD_TEXT, NULL },
	{ "branches", "spec.source_branch_time", FIELD_INSTANT, NULL },
	{ "branches", "spec.source_snapshot", FIELD_NAME, "snapshots" },
	{ "branches", "spec.ttl", FIELD_DURATION, NULL },

	{ "endpoints", "spec.autoscaling_limit_max_cu", FIELD_NUMBER, NULL },
	{ "endpoints", "spec.autoscaling_limit_min_cu", FIELD_NUMBER, NULL },
	{ "endpoints", "spec.disabled", FIELD_BOOLEAN, NULL },
	{ "endpoints", "spec.endpoint_type", FIELD_TEXT, "ENDPOINT_TYPE_READ_ONLY ENDPOINT_TYPE_READ_WRITE" },
	{ "endpoints", "spec.group.enable_readable_secondaries", FIELD_BOOLEAN, NULL },
	{ "endpoints", "spec.group.max", FIELD_INTEGER, NULL },
	{ "endpoints", "spec.group.min", FIELD_INTEGER, NULL },
	{ "endpoints", "spec.no_suspension", FIELD_BOOLEAN, NULL },
	{ "endpoints", "spec.settings.pg_settings", FIELD_MAP, NULL },
	{ "endpoints", "spec.suspend_timeout_duration", FIELD_DURATION, NULL },

	{ "roles", "spec.attributes.bypassrls", FIELD_BOOLEAN, NULL },
	{ "roles", "spec.attributes.createdb", FIELD_BOOLEAN, NULL },
	{ "roles", "spec.attributes.createrole", FIELD_BOOLEAN, NULL },
	{ "roles", "spec.auth_method", FIELD_TEXT, "LAKEBASE_OAUTH_V1 NO_LOGIN PG_PASSWORD_SCRAM_SHA_256" },
	{ "roles", "spec.identity_type", FIELD_TEXT, "GROUP SERVICE_PRINCIPAL USER" },
	{ "roles", "spec.membership_roles", FIELD_LIST, "DATABRICKS_SUPERUSER" },
	{ "roles", "spec.postgres_role", FIELD_TEXT, NULL },

	{ "databases", "spec.postgres_database", FIELD_TEXT, NULL },
	{ "databases", "spec.role", FIELD_NAME, "roles" },

	{ "catalogs", "spec.branch", FIELD_NAME, "branches" },
	{ "catalogs", "spec.create_database_if_missing", FIELD_BOOLEAN, NULL },
	{ "catalogs", "spec.postgres_database", FIELD_TEXT, NULL },

	{ "synced_tables", "spec.accelerated_sync", FIELD_BOOLEAN, NULL },
	{ "synced_tables", "spec.branch", FIELD_NAME, "branches" },
	{ "synced_tables", "spec.create_database_objects_if_missing", FIELD_BOOLEAN, NULL },
	{ "synced_tables", "spec.existing_pipeline_id", FIELD_TEXT, NULL },
	{ "synced_tables", "spec.extra_columns", FIELD_LIST, NULL },
	{ "synced_tables", "spec.extra_columns.[].column_name", FIELD_TEXT, NULL },
	{ "synced_tables", "spec.extra_columns.[].column_type", FIELD_TEXT, NULL },
	{ "synced_tables", "spec.extra_columns.[].compute", FIELD_TEXT, NULL },
	{ "synced_tables", "spec.extra_columns.[].maintenance", FIELD_TEXT, "DEFAULT_VALUE STORED_GENERATED" },
	{ "synced_tables", "spec.extra_index_definitions", FIELD_LIST, NULL },
	{ "synced_tables", "spec.extra_index_definitions.[].creation_point", FIELD_TEXT, "CREATION_POINT_AFTER_DATA_LOAD" },
	{ "synced_tables", "spec.extra_index_definitions.[].definition", FIELD_TEXT, NULL },
	{ "synced_tables", "spec.extra_index_definitions.[].name", FIELD_TEXT, NULL },
	{ "synced_tables", "spec.new_pipeline_spec.budget_policy_id", FIELD_TEXT, NULL },
	{ "synced_tables", "spec.new_pipeline_spec.pipeline_channel", FIELD_TEXT, "CURRENT PREVIEW" },
	{ "synced_tables", "spec.new_pipeline_spec.storage_catalog", FIELD_TEXT, NULL },
	{ "synced_tables", "spec.new_pipeline_spec.storage_schema", FIELD_TEXT, NULL },
	{ "synced_tables", "spec.postgres_database", FIELD_TEXT, NULL },
	{ "synced_tables", "spec.primary_key_columns", FIELD_LIST, NULL },
	{ "synced_tables", "spec.scheduling_policy", FIELD_TEXT, "CONTINUOUS SNAPSHOT TRIGGERED" },
	{ "synced_tables", "spec.source_table_full_name", FIELD_TEXT, NULL },
	{ "synced_tables", "spec.timeseries_key", FIELD_TEXT, NULL },
	{ "synced_tables", "spec.type_overrides", FIELD_LIST, NULL },
	{ "synced_tables", "spec.type_overrides.[].column_name", FIELD_TEXT, NULL },
	{ "synced_tables", "spec.type_overrides.[].pg_type", FIELD_TEXT, "PG_SPECIFIC_TYPE_HALFVEC PG_SPECIFIC_TYPE_VARCHAR PG_SPECIFIC_TYPE_VECTOR" },
	{ "synced_tables", "spec.type_overrides.[].size", FIELD_INTEGER, NULL },

	{ "snapshots", "spec.expire_time", FIELD_INSTANT, NULL },
	{ "snapshots", "spec.no_expiry", FIELD_BOOLEAN, NULL },
	{ "snapshots", "spec.source_branch", FIELD_NAME, "branches" },
	{ "snapshots", "spec.source_branch_lsn", FIELD_TEXT, NULL },
	{ "snapshots", "spec.source_branch_time", FIELD_INSTANT, NULL },
	{ "snapshots", "spec.ttl", FIELD_DURATION, NULL },

	{ "cdf-configs", "catalog", FIELD_TEXT, NULL },
	{ "cdf-configs", "schema", FIELD_TEXT, NULL },
	{ "cdf-configs", "postgres_schema", FIELD_TEXT, NULL },
};

/* ---- looking fields up ---- */

const struct field *fields_next(const struct lakebase_kind *kind, const struct field *after)
{
	for (const struct field *f = after ? after + 1 : table; f < table + ARRAY_SIZE(table); f++)
		if (strcmp(f->collection, kind->collection) == 0)
			return f;
	return NULL;
}

static const struct field *find(const struct lakebase_kind *kind, const char *path)
{
	const struct field *f = NULL;

	while ((f = fields_next(kind, f)) && strcmp(f->path, path) != 0)
		;
	return f;
}

bool fields_has(const struct lakebase_kind *kind, const char *path)
{
	return find(kind, path) != NULL;
}

/* Whether `path` is a field, or an object with fields below it. */
static bool leads_somewhere(const struct lakebase_kind *kind, const char *path)
{
	size_t n = strlen(path);
	const struct field *f = NULL;

	while ((f = fields_next(kind, f)))
		if (strncmp(f->path, path, n) == 0 && (!f->path[n] || f->path[n] == '.'))
			return true;
	return false;
}

void fields_place(char *path, size_t size, const struct lakebase_kind *kind, const char *written)
{
	bool as_is = strncmp(written, "spec.", 5) == 0 || leads_somewhere(kind, written)
		|| strncmp(written, "initial_", 8) == 0;

	snprintf(path, size, "%s%s", as_is ? "" : "spec.", written);
}

/* The name beside `path` that is nearest to its last part. */
static const char *nearest_beside(const struct lakebase_kind *kind, const char *path)
{
	static char words[64][48];
	const char *names[64], *last = strrchr(path, '.');
	size_t above = last ? (size_t)(last + 1 - path) : 0, n = 0;
	const struct field *f = NULL;

	while ((f = fields_next(kind, f)) && n < ARRAY_SIZE(names))
		if (strncmp(f->path, path, above) == 0) {
			snprintf(words[n], sizeof(words[0]), "%.*s", (int)strcspn(f->path + above, "."),
				f->path + above);
			names[n] = words[n];
			n++;
		}
	return nearest(path + above, names, n);
}

/* ---- writing values out ---- */

static int refuse(char *why, size_t size, const char *path, const char *what, const char *near)
{
	snprintf(why, size, "%s: %s%s%s%s", path, what, near ? "; did you mean '" : "", near ? near : "",
		near ? "'?" : "");
	return -1;
}

/* "7d" becomes "604800s"; what is no duration is left for the service to judge. */
static json_t *written_duration(const char *text)
{
	int64_t ms = parse_time(text);
	char out[48];

	if (ms < 0)
		return NULL;
	write_time(out, sizeof(out), ms);
	return json_string(out);
}

/* "shop/dev" becomes "projects/shop/branches/dev"; full names stay. */
static json_t *written_name(const char *text, const char *collection)
{
	char *full = NULL;
	json_t *json = NULL;

	if (lakebase_name_expand(&full, kind_named(collection), text) == 0)
		json = json_string(full);
	lakebase_string_free(full);
	return json;
}

static json_t *written_out(const struct field *f, const json_t *value)
{
	const char *text = json_string_value(value);

	if (f->type == FIELD_DURATION && text)
		return written_duration(text);
	if (f->type == FIELD_DURATION && json_is_integer(value)) {
		char number[32];

		snprintf(number, sizeof(number), "%llds", (long long)json_integer_value(value));
		return json_string(number);
	}
	if (f->type == FIELD_NAME && text)
		return written_name(text, f->of);
	/* a number that reads like text, such as display_name=17 */
	if (f->type == FIELD_TEXT && json_is_integer(value)) {
		char number[32];

		snprintf(number, sizeof(number), "%lld", (long long)json_integer_value(value));
		return json_string(number);
	}
	return NULL;
}

static int tidy(const struct lakebase_kind *kind, json_t *object, const char *prefix, char *why, size_t size)
{
	const char *key;
	json_t *value, *better, *element;
	void *next;
	size_t i;

	json_object_foreach_safe(object, next, key, value) {
		const struct field *f;
		char path[256];

		snprintf(path, sizeof(path), "%s%s%s", prefix, *prefix ? "." : "", key);
		f = find(kind, path);
		if (!f && !leads_somewhere(kind, path) && why)
			return refuse(why, size, path, "there is no such field", nearest_beside(kind, path));
		better = f ? written_out(f, value) : NULL;
		if (better)
			json_object_set_new(object, key, better);
		else if (!f && json_is_object(value) && tidy(kind, value, path, why, size))
			return -1;
		if (!f || f->type != FIELD_LIST)
			continue;
		strncat(path, ".[]", sizeof(path) - strlen(path) - 1);
		json_array_foreach(value, i, element)
			if (json_is_object(element) && tidy(kind, element, path, why, size))
				return -1;
	}
	return 0;
}

void fields_write_out(const struct lakebase_kind *kind, json_t *body)
{
	tidy(kind, body, "", NULL, 0);
}

int fields_check(const struct lakebase_kind *kind, json_t *body, char *why, size_t size)
{
	return tidy(kind, body, "", why, size);
}
