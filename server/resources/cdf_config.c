/* SPDX-License-Identifier: Apache-2.0 */
/* Change data feeds from a Postgres schema to Unity Catalog. The mock keeps them and feeds none. */
#include "base/text.h"
#include "resources/shared.h"

static const struct field fields[] = {
	{ "catalog", T_STRING, F_REQUIRED | F_IMMUTABLE, TYPED, .doc = "Catalog to feed." },
	{ "cdf_config_id", T_STRING, F_OUTPUT, TYPED, .doc = "The id; the Postgres schema when omitted." },
	FIELD_CREATE_TIME,
	FIELD_NAME,
	{ "postgres_schema", T_STRING, F_REQUIRED | F_IMMUTABLE, .shape = SHAPE_IDENTIFIER, TYPED, .doc = "Schema to feed from; one config for each." },
	{ "schema", T_STRING, F_REQUIRED | F_IMMUTABLE, .shape = SHAPE_IDENTIFIER, TYPED, .doc = "Schema of the catalog to feed." },
	{ 0 },
};
static const struct message message = { "CdfConfig", fields };

struct search {
	const char *schema, *taken_by;
};

static int compare(struct ctx *c, struct draft *d, void *arg, struct err *e)
{
	struct search *s = arg;

	(void)c, (void)e;
	if (streq(doc_str(d->doc, "postgres_schema"), s->schema))
		s->taken_by = d->id;
	return 0;
}

static int settle(struct ctx *c, struct draft *d, struct err *e)
{
	struct search s = { doc_str(d->doc, "postgres_schema"), NULL };

	if (resource_each_child(c, d->res, d->parent, compare, &s, e))
		return -1;
	return s.taken_by ? err_say(e, SAY_CDF_SCHEMA_TAKEN, s.schema, s.taken_by) : 0;
}

const struct resource cdf_config_resource = {
	.kind = "cdf_config",
	.label = "cdf config",
	.collection = "cdf-configs",
	.list_key = "cdf_configs",
	.noun = "CdfConfig",
	.plural = "CdfConfigs",
	.id_field = "cdf_config_id",
	.id_from = "postgres_schema",
	.parent = &database_resource,
	.message = &message,
	.spec = &message,
	.status = &message,
	.verbs = VERB_CREATE | VERB_GET | VERB_LIST | VERB_DELETE,
	.flags = R_FLAT_SPEC | R_ID_OPTIONAL | R_DELETE_FORCE | R_USE_SUFFICES | R_EMPTY_IS_MISSING,
	.id_rule = ID_SCHEMA,
	.evidence = EVIDENCE_TYPED,
	.exists = SAY_CDF_EXISTS,
	.orphan = SAY_DATABASE_GONE,
	.quota = SETTING__N,
	.default_page = 100,
	.max_page = 1000,
	.settle = settle,
};
