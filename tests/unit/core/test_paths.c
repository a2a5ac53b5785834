/* SPDX-License-Identifier: Apache-2.0 */
/* The paths that the live service takes in an update mask, against the tables of the resources. */
#include <stdio.h>
#include <string.h>

#include "base/memory/arena.h"
#include "base/text.h"
#include "core/field/path.h"
#include "core/mask/mask.h"
#include "core/resource/resource.h"
#include "support/run.h"

static const struct {
	const char *kind;
	const char *const accepted[24], *const refused[24];
} table[] = {
	{ "project",
		{ "spec", "initial_branch_spec", "initial_endpoint_spec", "spec.budget_policy_id",
			"spec.custom_tags", "spec.default_branch", "spec.default_endpoint_settings",
			"spec.default_endpoint_settings.autoscaling_limit_max_cu",
			"spec.default_endpoint_settings.autoscaling_limit_min_cu",
			"spec.default_endpoint_settings.pg_settings",
			"spec.default_endpoint_settings.suspension", "spec.display_name",
			"spec.enable_pg_native_login", "spec.history_retention_duration", "*" },
		{ "status", "uid", "name", "project_id", "spec.pg_version",
			"spec.compute_provisioner", "spec.suspension",
			"spec.project_default_settings.suspension",
			"spec.default_endpoint_settings.no_suspension",
			"spec.default_endpoint_settings.suspend_timeout_duration",
			"spec.default_endpoint_settings.pg_settings.max_connections",
			"initial_branch_spec.is_protected", "initial_role_spec",
			"initial_database_spec", "display_name", "spec.displayName" } },
	{ "branch",
		{ "spec", "spec.is_protected", "spec.expiration", "*" },
		{ "spec.ttl", "spec.no_expiry", "spec.expire_time", "spec.source_branch",
			"spec.source_branch_lsn", "spec.source_branch_time", "spec.source_snapshot",
			"status.is_protected", "branch_id", "expiration" } },
	{ "endpoint",
		{ "spec", "spec.autoscaling_limit_max_cu", "spec.autoscaling_limit_min_cu",
			"spec.disabled", "spec.group", "spec.group.enable_readable_secondaries",
			"spec.group.max",
			"spec.group.min", "spec.settings", "spec.settings.pg_settings",
			"spec.suspension", "*" },
		{ "spec.endpoint_type", "spec.no_suspension", "spec.suspend_timeout_duration",
			"spec.settings.pg_settings.work_mem", "spec.settings.pg_settings[0]",
			"status.hosts", "endpoint_id" } },
	{ "role",
		{ "spec", "spec.attributes", "spec.attributes.bypassrls", "spec.attributes.createdb",
			"spec.attributes.createrole", "spec.membership_roles", "*" },
		{ "spec.postgres_role", "spec.auth_method", "spec.identity_type", "role_id" } },
	{ "database",
		{ "spec", "spec.postgres_database", "spec.role", "*" },
		{ "database_id", "status.role", "spec.roles" } },
};

static const struct resource *find(const char *kind)
{
	for (const struct resource *const *r = resource_all; *r; r++)
		if (streq((*r)->kind, kind))
			return *r;
	ck_abort_msg("no resource %s", kind);
}

/* Whether the path is known; what the body lacks is of no interest here. */
static bool known(const struct resource *r, const char *path)
{
	json_auto_t *body = json_object();
	struct arena a = { 0 };
	struct mask *k;
	struct err e;
	int bad = mask_parse(&k, r->message, path, body, MASK_ABSENT_IGNORED, &a, &e);

	arena_done(&a);
	ck_assert(!bad || strstr(e.message, "Unknown field path in update_mask: '"));
	return !bad;
}

START_TEST(exactly_the_paths_of_the_service_are_accepted)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct resource *r = find(table[i].kind);

		for (const char *const *p = table[i].accepted; *p; p++)
			ck_assert_msg(known(r, *p), "%s: %s is refused", r->kind, *p);
		for (const char *const *p = table[i].refused; *p; p++)
			ck_assert_msg(!known(r, *p), "%s: %s is accepted", r->kind, *p);
	}
}
END_TEST

/* Everything below `spec` that a mask may name is in the list above. */
static void each_leaf(const struct resource *r, const struct message *m, const char *prefix,
	const char *const *accepted)
{
	char path[256];

	for (const struct field *f = m->fields; f->name; f++) {
		bool found = false;

		snprintf(path, sizeof path, "%s.%s", prefix, f->oneof ? f->oneof : f->name);
		for (const char *const *p = accepted; *p; p++)
			found |= streq(*p, path);
		ck_assert_msg(found == known(r, path), "%s: %s", r->kind, path);
		if (f->type == T_MESSAGE && f->message->fields)
			each_leaf(r, f->message, path, accepted);
	}
}

START_TEST(no_path_of_a_spec_is_accepted_that_the_service_refuses)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		each_leaf(find(table[i].kind), find(table[i].kind)->spec, "spec", table[i].accepted);
}
END_TEST

START_TEST(what_was_got_is_quoted_and_cut)
{
	char text[FIELD_GOT_SIZE + 8] = "", out[FIELD_GOT_SIZE];

	for (size_t n = 1; n < FIELD_GOT_SIZE + 4; n++) {
		size_t kept = n <= FIELD_GOT_SIZE - 8 ? n : FIELD_GOT_SIZE - 8;
		json_auto_t *v = NULL;

		text[n - 1] = 'a';
		v = json_string(text);
		ck_assert_uint_eq(strspn(field_got(v, out) + 1, "a"), kept);
		ck_assert_str_eq(out + 1 + kept, kept == n ? "'" : "...'");
	}
}
END_TEST

int main(void)
{
	return RUN_TESTS("paths", exactly_the_paths_of_the_service_are_accepted,
		no_path_of_a_spec_is_accepted_that_the_service_refuses, what_was_got_is_quoted_and_cut);
}
