/* SPDX-License-Identifier: Apache-2.0 */
/* Postgres databases of a branch. */
#include "base/text.h"
#include "core/resource/draft.h"
#include "resources/shared.h"

static const struct field spec_fields[] = {
	{ "postgres_database", T_STRING, 0, .shape = SHAPE_PG_NAME, VERIFIED, .doc = "Its name in Postgres; the database id when omitted." },
	{ "role", T_STRING, F_REQUIRED, VERIFIED, .doc = "Full name of the role that owns it, on the same branch." },
	{ 0 },
};
static const struct message spec_message = { "DatabaseDatabaseSpec", spec_fields };

static const struct field status_fields[] = {
	{ "database_id", T_STRING, F_OUTPUT, VERIFIED, .doc = "The id again." },
	{ "postgres_database", T_STRING, F_OUTPUT, VERIFIED, .doc = "Its name in Postgres." },
	{ "role", T_STRING, F_OUTPUT, VERIFIED, .doc = "Full name of the role that owns it." },
	{ 0 },
};
static const struct message status_message = { "DatabaseDatabaseStatus", status_fields };

static const struct field fields[] = {
	FIELD_CREATE_TIME,
	{ "database_id", T_STRING, F_OUTPUT, VERIFIED, .doc = "The id." },
	FIELD_NAME,
	FIELD_PARENT,
	FIELD_SPEC(&spec_message, VERIFIED),
	FIELD_STATUS(&status_message, VERIFIED),
	FIELD_UPDATE_TIME,
	{ 0 },
};
static const struct message message = { "Database", fields };

static int check_role(struct ctx *c, struct draft *d, struct err *e)
{
	const char *name = doc_str(d->status, "role");
	struct draft role;
	int found;

	if (!name || !name[0])
		return err_say(e, SAY_REQUIRED, "database.spec.role");
	found = streq(name_parent(c, name), d->parent) ? draft_look(c, &role_resource, name, &role, e)
						       : 0;
	if (found < 0)
		return -1;
	if (found)
		return 0;
	return err_say(e, SAY_ROLE_REF_NOT_FOUND, name_id(name), ctx_trace(c));
}

static int settle(struct ctx *c, struct draft *d, struct err *e)
{
	const char *name = doc_str(d->status, "postgres_database");
	int taken;

	if ((!name || !name[0]) && doc_set_str(d->status, "postgres_database", name = d->id))
		return err_oom(e);
	if (!d->implicit && shape_check(SHAPE_PG_NAME, "spec.postgres_database", name, e))
		return -1;
	if (check_role(c, d, e))
		return -1;
	if (d->implicit) /* the first of a new branch, or one that was found missing */
		return 0;
	taken = sibling_with(c, &database_resource, d->parent, d->name, "postgres_database", name, e);
	if (taken)
		return taken == 1 ? err_say(e, SAY_DATABASE_EXISTS) : -1;
	return 0;
}

const struct resource database_resource = {
	.kind = "database",
	.label = "database",
	.collection = "databases",
	.noun = "Database",
	.plural = "Databases",
	.id_field = "database_id",
	.id_prefix = "db",
	.parent = &branch_resource,
	.message = &message,
	.spec = &spec_message,
	.status = &status_message,
	.verbs = VERB_CREATE | VERB_GET | VERB_LIST | VERB_UPDATE | VERB_DELETE,
	.flags = R_REPLACE | R_ID_OPTIONAL | R_USE_SUFFICES,
	.id_rule = ID_LETTER,
	.evidence = EVIDENCE_VERIFIED,
	.exists = SAY_DATABASE_EXISTS,
	.quota = SETTING_MAX_DATABASES,
	.quota_noun = "databases on the branch",
	.default_page = 100,
	.max_page = 1000,
	.settle = settle,
};
