/* SPDX-License-Identifier: Apache-2.0 */
/* Projects, and what comes with one: branch, endpoint, owner role, database. */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "core/field/path.h"
#include "core/resource/data_plane.h"
#include "core/resource/permission.h"
#include "resources/shared.h"

static const struct field settings_fields[] = {
	{ "autoscaling_limit_max_cu", T_DOUBLE, 0, VERIFIED, .doc = "Largest size in compute units." },
	{ "autoscaling_limit_min_cu", T_DOUBLE, 0, VERIFIED, .doc = "Smallest size in compute units." },
	{ "no_suspension", T_BOOL, 0, .oneof = "suspension", VERIFIED,
		.doc = "`true`: never suspend; `false` is refused." },
	{ "pg_settings", T_STRING, F_MAP | F_WHOLE, VERIFIED, .doc = "Postgres parameters, as strings." },
	{ "suspend_timeout_duration", T_DURATION, 0, .oneof = "suspension", VERIFIED,
		.doc = "Idle time before a compute is suspended, 60s to 604800s." },
	{ 0 },
};
static const struct message settings_message = { "ProjectDefaultEndpointSettings", settings_fields };

static const struct field tag_fields[] = {
	{ "key", T_STRING, 0, TYPED, .doc = "Unique within the project." },
	{ "value", T_STRING, 0, TYPED, .doc = "Free text." },
	{ 0 },
};
static const struct message tag_message = { "ProjectCustomTag", tag_fields };

static const struct field spec_fields[] = {
	{ "budget_policy_id", T_STRING, 0, VERIFIED, .doc = "Budget policy that the project's cost goes to." },
	{ "compute_provisioner", T_STRING, F_IMMUTABLE | F_WITHDRAWN, TYPED, .doc = "Withdrawn in September 2026." },
	{ "custom_tags", T_MESSAGE, F_LIST, &tag_message, VERIFIED, .doc = "Tags; the list is replaced as a whole." },
	{ "default_branch", T_STRING, 0, VERIFIED, .doc = "Name of the branch that is the default one." },
	{ "default_endpoint_settings", T_MESSAGE, 0, &settings_message, VERIFIED,
		.doc = "What new endpoints inherit; existing ones keep what they have." },
	{ "display_name", T_STRING, 0, .min = 1, .max = 256, VERIFIED, .doc = "The project id when omitted." },
	{ "enable_pg_native_login", T_BOOL, 0, VERIFIED, .doc = "Allow roles with a Postgres password to log in." },
	{ "history_retention_duration", T_DURATION, 0, .min = 172800, .max = 3024000, VERIFIED,
		.doc = "How far back branches can be made, 2 to 35 days." },
	{ "pg_version", T_INT32, F_IMMUTABLE, VERIFIED, .doc = "Major version of Postgres; see the settings `pg_versions` and `default_pg_version`." },
	{ 0 },
};
static const struct message spec_message = { "ProjectSpec", spec_fields };

static const struct field status_fields[] = {
	{ "branch_logical_size_limit_bytes", T_INT64, F_OUTPUT, VERIFIED, .doc = "Largest logical size of a branch." },
	{ "budget_policy_id", T_STRING, F_OUTPUT, TYPED, .doc = "Only when set." },
	{ "compute_last_active_time", T_TIME, F_OUTPUT, TYPED, .doc = "Only once a compute was active." },
	{ "compute_provisioner", T_STRING, F_OUTPUT | F_WITHDRAWN, TYPED, .doc = "Only when set." },
	{ "custom_tags", T_MESSAGE, F_LIST | F_OUTPUT, &tag_message, VERIFIED, .doc = "Absent when there are none." },
	{ "default_branch", T_STRING, F_OUTPUT, VERIFIED, .doc = "Name of the default branch." },
	{ "default_endpoint_settings", T_MESSAGE, F_OUTPUT, &settings_message, VERIFIED,
		.doc = "With the defaults filled in field by field." },
	{ "display_name", T_STRING, F_OUTPUT, VERIFIED, .doc = "Shown to users." },
	{ "enable_pg_native_login", T_BOOL, F_OUTPUT, VERIFIED, .doc = "Whether Postgres passwords work." },
	{ "history_retention_duration", T_DURATION, F_OUTPUT, VERIFIED, .doc = "The retention in force." },
	{ "owner", T_STRING, F_OUTPUT, VERIFIED, .doc = "Who made the project." },
	{ "pg_version", T_INT32, F_OUTPUT, VERIFIED, .doc = "Major version of Postgres." },
	{ "project_id", T_STRING, F_OUTPUT, VERIFIED, .doc = "The id again." },
	{ "replication_role", T_STRING, F_OUTPUT | F_WITHDRAWN, TYPED, .doc = "Never set here." },
	{ "synthetic_storage_size_bytes", T_INT64, F_OUTPUT, VERIFIED, .doc = "Storage used." },
	{ 0 },
};
static const struct message status_message = { "ProjectStatus", status_fields };

static const struct field initial_branch_fields[] = {
	{ "is_protected", T_BOOL, 0, TYPED, .doc = "Protect the branch `production` from the start." },
	{ 0 },
};
static const struct message initial_branch = { "InitialBranchSpec", initial_branch_fields };

static const struct field initial_endpoint_fields[] = {
	{ "autoscaling_limit_max_cu", T_DOUBLE, 0, TYPED, .doc = "As in EndpointSpec." },
	{ "autoscaling_limit_min_cu", T_DOUBLE, 0, TYPED, .doc = "As in EndpointSpec." },
	{ "group", T_MESSAGE, 0, &endpoint_group, TYPED, .doc = "As in EndpointSpec." },
	{ "no_suspension", T_BOOL, 0, .oneof = "suspension", TYPED, .doc = "As in EndpointSpec." },
	{ "suspend_timeout_duration", T_DURATION, 0, .oneof = "suspension", TYPED, .doc = "As in EndpointSpec." },
	{ 0 },
};
static const struct message initial_endpoint = { "InitialEndpointSpec", initial_endpoint_fields };

static const struct field initial_database_fields[] = {
	{ "postgres_database", T_STRING, 0, .shape = SHAPE_PG_NAME, TYPED, .doc = "Postgres name of the first database." },
	{ 0 },
};
static const struct message initial_database = { "InitialDatabaseSpec", initial_database_fields };

static const struct field fields[] = {
	FIELD_CREATE_TIME,
	{ "delete_time", T_TIME, F_OUTPUT, VERIFIED, .doc = "When it was soft-deleted." },
	{ "initial_branch_spec", T_MESSAGE, F_INPUT | F_TOLERATED, &initial_branch, TYPED,
		.doc = "How the branch `production` is made; only read when the project is created." },
	{ "initial_database_spec", T_MESSAGE, F_INPUT | F_WITHDRAWN, &initial_database, TYPED,
		.doc = "Withdrawn in September 2026; still read." },
	{ "initial_endpoint_spec", T_MESSAGE, F_INPUT | F_TOLERATED, &initial_endpoint, VERIFIED,
		.doc = "How the endpoint `primary` is made; only read when the project is created." },
	{ "initial_role_spec", T_MESSAGE, F_INPUT | F_WITHDRAWN, &role_spec, TYPED,
		.doc = "Withdrawn in September 2026; still read." },
	FIELD_NAME,
	{ "project_id", T_STRING, F_OUTPUT, VERIFIED, .doc = "The id." },
	{ "purge_time", T_TIME, F_OUTPUT, VERIFIED, .doc = "When a soft-deleted project is gone for good." },
	FIELD_SPEC(&spec_message, VERIFIED),
	FIELD_STATUS(&status_message, VERIFIED),
	FIELD_UID,
	FIELD_UPDATE_TIME,
	{ 0 },
};
static const struct message message = { "Project", fields };

/* ---- defaults and checks ---- */

static int default_settings(struct ctx *c, json_t *status, struct err *e)
{
	json_t *s = doc_object(status, "default_endpoint_settings");
	double min, max;
	int bad = 0;

	max = doc_num(s, "autoscaling_limit_max_cu", 0);
	min = doc_num(s, "autoscaling_limit_min_cu", max == 0.5 ? max : 1);
	if (max == 0)
		max = min > 1 ? min : 1;
	bad |= doc_set_num(s, "autoscaling_limit_max_cu", max);
	bad |= doc_set_num(s, "autoscaling_limit_min_cu", min);
	if (!doc_bool(s, "no_suspension") && !doc_str(s, "suspend_timeout_duration"))
		bad |= doc_set_span(s, "suspend_timeout_duration",
			setting_span(&c->world->settings, SETTING_DEFAULT_SUSPENSION));
	return bad ? err_oom(e) : 0;
}

static int check_tags(json_t *status, struct err *e)
{
	json_t *tags = doc_at(status, "custom_tags");
	json_auto_t *seen = json_object();

	for (size_t i = 0; i < json_array_size(tags); i++) {
		const char *key = doc_str(json_array_get(tags, i), "key");

		if (key && json_object_get(seen, key))
			return err_say(e, SAY_TAG_TWICE, key);
		if (key && json_object_set_new(seen, key, json_true()))
			return err_oom(e);
	}
	return 0;
}

static int check_default_branch(struct ctx *c, struct draft *d, struct err *e)
{
	/* a new project has the one branch, whatever was asked for */
	const char *name = doc_str(d->creating ? d->body : d->doc,
		d->creating ? "spec.default_branch" : "status.default_branch");
	const char *now = doc_str(d->creating ? d->doc : d->before, "status.default_branch");
	struct draft branch;
	int found;

	if (streq(name, now) || (d->creating && (!name || !name[0])))
		return 0;
	if (!name || !streq(name_project(c, name), d->name))
		return err_say(e, SAY_DEFAULT_BRANCH_FOREIGN);
	found = draft_look(c, &branch_resource, name, &branch, e);
	if (found < 0)
		return -1;
	if (!found)
		return err_say(e, SAY_ID_NOT_FOUND, "branch", ctx_trace(c));
	return doc_str(branch.status, "expire_time") ? err_say(e, SAY_DEFAULT_EXPIRES) : 0;
}

/* The live quirk: such a mask writes what it can, and answers 500. */
static int partial_write(struct ctx *c, struct draft *d, struct err *e)
{
	const json_t *s = doc_at(d->before, "status.default_endpoint_settings");
	usec timeout;
	bool customised = doc_num(s, "autoscaling_limit_max_cu", 1) != 1 ||
			  doc_num(s, "autoscaling_limit_min_cu", 1) != 1 ||
			  !doc_span(s, "suspend_timeout_duration", &timeout) ||
			  timeout != setting_span(&c->world->settings, SETTING_DEFAULT_SUSPENSION);

	if (!d->mask || !mask_has_spec(d->mask) || !customised ||
		doc_at(d->body, "spec.default_endpoint_settings") ||
		!setting_bool(&c->world->settings, SETTING_SPEC_MASK_500))
		return 0;
	if (draft_store(c, d, e))
		return -1;
	c->keep = true;
	return err_say(e, SAY_INTERNAL_CONTACT, ctx_trace(c));
}

static int defaults(struct ctx *c, struct draft *d, struct err *e)
{
	const char *who = c->caller ? c->caller->name : "admin@example.com";
	const char *display = doc_str(d->status, "display_name");
	json_t *s = d->status;
	int bad = 0;

	if (!display || !display[0])
		bad |= doc_set_str(s, "display_name", d->id);
	if (!d->creating)
		return bad ? err_oom(e) : 0;
	if (!doc_str(s, "history_retention_duration"))
		bad |= doc_set_str(s, "history_retention_duration", "604800s");
	bad |= doc_set_int(s, "pg_version",
		doc_int(s, "pg_version",
			setting_int(&c->world->settings, SETTING_DEFAULT_PG_VERSION)));
	bad |= doc_set_bool(s, "enable_pg_native_login", doc_bool(s, "enable_pg_native_login"));
	bad |= doc_set_int(s, "branch_logical_size_limit_bytes", INT64_C(8796093022208));
	bad |= doc_set_int(s, "synthetic_storage_size_bytes", 0);
	bad |= doc_set_str(s, "owner", who);
	bad |= doc_set_str(s, "default_branch",
		arena_join(c->arena, d->name, "/branches/production", NULL));
	return bad ? err_oom(e) : 0;
}

static int check_version(struct ctx *c, struct draft *d, struct err *e)
{
	const struct settings *s = &c->world->settings;
	const char *asked = d->creating && doc_at(d->status, "pg_version")
				    ? number(c, doc_num(d->status, "pg_version", 0))
				    : NULL;

	if (!asked || setting_lists(s, SETTING_PG_VERSIONS, asked))
		return 0;
	return err_say(e, SAY_BAD_ENUM, "spec.pg_version", setting_str(s, SETTING_PG_VERSIONS), asked);
}

static int settle(struct ctx *c, struct draft *d, struct err *e)
{
	const json_t *settings;

	if (check_version(c, d, e) || defaults(c, d, e) || default_settings(c, d->status, e) ||
		check_tags(d->status, e) ||
		check_default_branch(c, d, e))
		return -1;
	settings = doc_at(d->status, "default_endpoint_settings");
	if (compute_check(c, "spec.default_endpoint_settings.", settings, settings, e) ||
		data_plane_check_settings(c, (int)doc_int(d->status, "pg_version", 17),
			doc_at(settings, "pg_settings"), e))
		return -1;
	return partial_write(c, d, e);
}

/* ---- what comes with a project ---- */

/* "Jane.Doe@x" -> "jane-doe"; a service principal -> "sp-<application id>". Always a valid id. */
static const char *owner_role_id(struct ctx *c)
{
	const char *name = c->caller ? c->caller->name : "admin@example.com";
	bool sp = c->caller && c->caller->kind == CALLER_SP;
	const char *prefix = sp ? "sp-" : isalpha((unsigned char)name[0]) ? "" : "user-";
	size_t len = sp ? strlen(name) : strcspn(name, "@");
	char *id = arena_printf(c->arena, "%s%.*s", prefix, (int)(len < 58 ? len : 58), name);
	size_t n = id ? strlen(id) : 0;

	for (char *p = id; p && *p; p++)
		*p = isalnum((unsigned char)*p) ? (char)tolower((unsigned char)*p) : '-';
	while (n && id[n - 1] == '-')
		id[--n] = '\0';
	return id;
}

/* What the request says of a companion; what it leaves unset stays as it is. */
static int ask(struct draft *d, const json_t *asked, struct err *e)
{
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)asked, key, v)
		if (!field_zero(v))
			doc_unset(d->status, key); /* it is replaced as a whole */
	return spec_apply(d->res->spec, d->res->status, asked, d->status, d->aux, e);
}

static int make_branch(struct ctx *c, struct draft *d, struct draft *ret, struct err *e)
{
	bool protect = doc_bool(d->body, "initial_branch_spec.is_protected");

	if (resource_begin(c, &branch_resource, d->name, "production", ret, e))
		return -1;
	if (doc_set_bool(ret->aux, "no_expiry", true) ||
		doc_set_bool(ret->status, "is_protected", protect))
		return err_oom(e);
	return resource_finish(c, ret, e);
}

static int make_endpoint(struct ctx *c, struct draft *d, const char *branch, struct err *e)
{
	const json_t *asked = doc_at(d->body, "initial_endpoint_spec");
	struct draft endpoint;

	if (resource_begin(c, &endpoint_resource, branch, "primary", &endpoint, e) ||
		ask(&endpoint, asked, e))
		return -1;
	if (doc_set_str(endpoint.status, "endpoint_type", "ENDPOINT_TYPE_READ_WRITE"))
		return err_oom(e);
	return resource_finish(c, &endpoint, e);
}

static int make_owner(struct ctx *c, struct draft *d, const char *branch, struct draft *ret,
	struct err *e)
{
	const char *name = c->caller ? c->caller->name : "admin@example.com";
	bool sp = c->caller && c->caller->kind == CALLER_SP;
	const json_t *asked = doc_at(d->body, "initial_role_spec");
	json_t *s;

	if (resource_begin(c, &role_resource, branch, owner_role_id(c), ret, e))
		return -1;
	s = ret->status;
	if (doc_set_str(s, "postgres_role", name) ||
		doc_set_str(s, "identity_type", sp ? "SERVICE_PRINCIPAL" : "USER") ||
		doc_set(s, "membership_roles", json_pack("[s]", "DATABRICKS_SUPERUSER")) ||
		doc_set_bool(s, "attributes.bypassrls", true) ||
		doc_set_bool(s, "attributes.createdb", true) ||
		doc_set_bool(s, "attributes.createrole", true))
		return err_oom(e);
	return ask(ret, asked, e) ? -1 : resource_finish(c, ret, e);
}

static int make_database(
	struct ctx *c, struct draft *d, const char *branch, const char *role, struct err *e)
{
	const char *asked = doc_str(d->body, "initial_database_spec.postgres_database");
	struct draft database;

	if (resource_begin(c, &database_resource, branch, "databricks-postgres", &database, e))
		return -1;
	if (doc_set_str(database.status, "role", role) ||
		doc_set_str(database.status, "postgres_database",
			asked && asked[0] ? asked : "databricks_postgres"))
		return err_oom(e);
	return resource_finish(c, &database, e);
}

static int created(struct ctx *c, struct draft *d, struct err *e)
{
	struct draft branch, role;

	if (make_branch(c, d, &branch, e) || make_endpoint(c, d, branch.name, e) ||
		make_owner(c, d, branch.name, &role, e) ||
		make_database(c, d, branch.name, role.name, e))
		return -1;
	return permission_created(c, d->name, e);
}

/* ---- later ---- */

static int set_default(struct ctx *c, struct draft *branch, void *arg, struct err *e)
{
	bool is = streq(branch->name, arg);

	if (is == doc_bool(branch->status, "default"))
		return 0;
	if (doc_set_bool(branch->status, "default", is))
		return err_oom(e);
	return draft_store(c, branch, e);
}

static int updated(struct ctx *c, struct draft *d, struct err *e)
{
	const char *name = doc_str(d->status, "default_branch");

	if (streq(name, doc_str(d->before, "status.default_branch")))
		return 0;
	return resource_each_child(c, &branch_resource, d->name, set_default, (void *)name, e);
}

/* The branch that was the default one may not have come back. */
static int progress(struct ctx *c, struct draft *d, enum verb verb, bool done, struct err *e)
{
	struct draft branch;
	const char *name;
	int found;

	(void)done; /* it is: an undelete shows nothing before */
	if (verb != VERB_UNDELETE)
		return 0;
	found = draft_look(c, &branch_resource, doc_str(d->status, "default_branch"), &branch, e);
	if (found)
		return found == 1 ? 0 : -1;
	name = arena_join(c->arena, d->name, "/branches/production", NULL);
	if (!name || doc_set_str(d->status, "default_branch", name))
		return err_oom(e);
	return resource_each_child(c, &branch_resource, d->name, set_default, (void *)name, e);
}

static int refuse_protected(struct ctx *c, struct draft *branch, void *arg, struct err *e)
{
	(void)c, (void)arg;
	if (!doc_bool(branch->status, "is_protected"))
		return 0;
	return err_say(e, SAY_PROJECT_HAS_PROTECTED, branch->name);
}

static int deletable(
	struct ctx *c, struct draft *d, bool purge, const char *reassign, struct err *e)
{
	(void)purge, (void)reassign;
	if (d->deleted != OBJECT_LIVE)
		return 0;
	return resource_each_child(c, &branch_resource, d->name, refuse_protected, NULL, e);
}

static int deleted(struct ctx *c, struct draft *d, struct err *e)
{
	return permission_dropped(c, d->name, e);
}

const struct resource project_resource = {
	.kind = "project",
	.label = "project",
	.collection = "projects",
	.noun = "Project",
	.plural = "Projects",
	.id_field = "project_id",
	.message = &message,
	.spec = &spec_message,
	.status = &status_message,
	.verbs = VERB_CREATE | VERB_GET | VERB_LIST | VERB_UPDATE | VERB_DELETE | VERB_UNDELETE,
	.flags = R_SOFT_DELETE | R_RESERVES_NAME,
	.id_rule = ID_DNS,
	.evidence = EVIDENCE_VERIFIED,
	.exists = SAY_PROJECT_EXISTS,
	.quota = SETTING_MAX_PROJECTS,
	.quota_noun = "projects in the workspace",
	.default_page = 100,
	.max_page = 100,
	.settle = settle,
	.created = created,
	.progress = progress,
	.updated = updated,
	.deletable = deletable,
	.deleted = deleted,
};
