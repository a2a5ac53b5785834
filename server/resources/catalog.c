/* SPDX-License-Identifier: Apache-2.0 */
/* Unity Catalog registrations of databases. */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "core/operation/operation.h"
#include "core/resource/draft.h"
#include "core/resource/permission.h"
#include "resources/shared.h"

static const struct field spec_fields[] = {
	{ "branch", T_STRING, F_IMMUTABLE, VERIFIED, .doc = "Full name of the branch that has the database." },
	{ "create_database_if_missing", T_BOOL, F_IMMUTABLE, TYPED, .doc = "Make the database when the branch lacks it." },
	{ "postgres_database", T_STRING, F_IMMUTABLE | F_REQUIRED, .shape = SHAPE_PG_NAME, VERIFIED, .doc = "Postgres name of the database." },
	{ 0 },
};
static const struct message spec_message = { "CatalogCatalogSpec", spec_fields };

static const struct field status_fields[] = {
	{ "branch", T_STRING, F_OUTPUT, VERIFIED, .doc = "Full name of the branch." },
	{ "postgres_database", T_STRING, F_OUTPUT, VERIFIED, .doc = "Postgres name of the database." },
	{ "project", T_STRING, F_OUTPUT, VERIFIED, .doc = "Full name of the project." },
	{ 0 },
};
static const struct message status_message = { "CatalogCatalogStatus", status_fields };

static const struct field fields[] = {
	{ "catalog_id", T_STRING, F_OUTPUT, VERIFIED, .doc = "The id." },
	FIELD_CREATE_TIME,
	FIELD_NAME,
	FIELD_SPEC(&spec_message, VERIFIED),
	FIELD_STATUS(&status_message, VERIFIED),
	FIELD_UID,
	FIELD_UPDATE_TIME,
	{ 0 },
};
static const struct message message = { "Catalog", fields };

/* One catalog for one database of one branch. */
struct registration {
	const char *branch, *database, *taken_by;
};

static int compare(struct ctx *c, struct draft *d, void *arg, struct err *e)
{
	struct registration *r = arg;

	(void)c, (void)e;
	if (streq(doc_str(d->status, "branch"), r->branch) &&
		streq(doc_str(d->status, "postgres_database"), r->database))
		r->taken_by = d->id;
	return 0;
}

static int refuse_registered(
	struct ctx *c, struct draft *d, const char *branch, const char *database, struct err *e)
{
	struct registration r = { branch, database, NULL };

	if (resource_each_child(c, d->res, "", compare, &r, e))
		return -1;
	return r.taken_by ? err_say(e, SAY_CATALOG_DATABASE_TAKEN, database, r.taken_by) : 0;
}

struct owner {
	const char *role;
};

static int first_role(struct ctx *c, struct draft *d, void *arg, struct err *e)
{
	struct owner *o = arg;

	(void)c, (void)e;
	if (!o->role)
		o->role = d->name;
	return 0;
}

/* Postgres names may hold what ids may not: "Sales_2026" -> "sales-2026". */
static const char *id_of(struct ctx *c, const char *database)
{
	bool letter = isalpha((unsigned char)database[0]);
	char *id = arena_printf(c->arena, "%s%.*s", letter ? "" : "db-", 50, database);

	for (char *p = id; p && *p; p++)
		*p = isalnum((unsigned char)*p) ? (char)tolower((unsigned char)*p) : '-';
	for (size_t n = id ? strlen(id) : 0; n && id[n - 1] == '-'; n--)
		id[n - 1] = '\0';
	return id;
}

/* Another name may have led to the same id. */
static int free_id(struct ctx *c, const char *branch, const char *database, const char **ret,
	struct err *e)
{
	const char *base = id_of(c, database);
	struct draft d;
	int found = 1;

	*ret = base;
	for (int n = 2; *ret && found == 1; n++) {
		const char *name = resource_name(c, &database_resource, branch, *ret);

		found = name ? draft_look(c, &database_resource, name, &d, e) : err_oom(e);
		if (found == 1)
			*ret = arena_printf(c->arena, "%s-%d", base, n);
	}
	return !*ret ? err_oom(e) : found;
}

int database_need(
	struct ctx *c, const char *branch, const char *database, bool make, struct err *e)
{
	struct owner o = { 0 };
	json_auto_t *spec = NULL;
	const char *id;
	struct draft d;
	int found = sibling_with(
		c, &database_resource, branch, "", "postgres_database", database, e);

	if (found)
		return found == 1 ? 0 : -1;
	if (!make)
		return err_say(e, SAY_DATABASE_REF_NOT_FOUND, database, ctx_trace(c));
	if (crud_quota(c, &database_resource, branch, e) ||
		resource_each_child(c, &role_resource, branch, first_role, &o, e) ||
		free_id(c, branch, database, &id, e))
		return -1;
	spec = json_pack("{s:s,s:s}", "postgres_database", database, "role", o.role ? o.role : "");
	if (!spec)
		return err_oom(e);
	return resource_make(c, &database_resource, branch, id, spec, &d, e);
}

int branch_need(struct ctx *c, const char *branch, struct err *e)
{
	const char *project = name_project(c, branch);
	struct draft d;
	int found;

	if (!project[0])
		return err_say(e, SAY_ID_NOT_FOUND, "branch", ctx_trace(c));
	if (permission_need(c, project, LEVEL_CAN_USE, e))
		return -1;
	found = draft_look(c, &project_resource, project, &d, e);
	if (found < 0)
		return -1;
	if (!found)
		return err_say(e, SAY_PROJECT_NOT_FOUND, project);
	found = operation_check_passing(c, branch, e) ? -1
						      : draft_look(c, &branch_resource, branch, &d, e);
	if (found < 0)
		return -1;
	return found ? 0 : err_say(e, SAY_ID_NOT_FOUND, "branch", ctx_trace(c));
}

static int settle(struct ctx *c, struct draft *d, struct err *e)
{
	const char *branch = doc_str(d->status, "branch");
	const char *database = doc_str(d->status, "postgres_database");

	if (!branch || !branch[0])
		return err_say(e, SAY_REQUIRED, "catalog.spec.branch");
	if (branch_need(c, branch, e) || refuse_registered(c, d, branch, database, e))
		return -1;
	if (database_need(c, branch, database, doc_bool(d->aux, "create_database_if_missing"), e))
		return -1;
	return doc_set_str(d->status, "project", name_project(c, branch)) ? err_oom(e) : 0;
}

const struct resource catalog_resource = {
	.kind = "catalog",
	.label = "catalog",
	.collection = "catalogs",
	.noun = "Catalog",
	.plural = "Catalogs",
	.id_field = "catalog_id",
	.message = &message,
	.spec = &spec_message,
	.status = &status_message,
	.verbs = VERB_CREATE | VERB_GET | VERB_DELETE,
	.id_rule = ID_CATALOG,
	.evidence = EVIDENCE_VERIFIED,
	.exists = SAY_CATALOG_EXISTS,
	.quota = SETTING__N,
	.settle = settle,
};
