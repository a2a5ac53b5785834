/* SPDX-License-Identifier: Apache-2.0 */
/* The Data API (REST access) of a database. The mock keeps its settings and serves no rows. */
#include "base/text.h"
#include "resources/shared.h"

static const char *const openapi_modes[] = { "OPEN_API_MODE_DISABLED",
	"OPEN_API_MODE_IGNORE_PRIVILEGES", NULL };

static const struct field spec_fields[] = {
	{ "db_aggregates_enabled", T_BOOL, 0, TYPED, .doc = "Allow aggregates; true when omitted." },
	{ "db_anon_role", T_STRING, F_WITHDRAWN, TYPED, .doc = "Withdrawn in September 2026." },
	{ "db_extra_search_path", T_STRING, F_LIST, .shape = SHAPE_IDENTIFIER, TYPED, .doc = "More schemas to look names up in." },
	{ "db_max_rows", T_INT32, 0, .min = 1, .max = INT32_MAX, TYPED, .doc = "Most rows of an answer; 0 counts as unset." },
	{ "db_schemas", T_STRING, F_LIST, .shape = SHAPE_IDENTIFIER, .min = 0, .max = 100, TYPED, .doc = "Schemas to serve; public when omitted." },
	{ "jwt_cache_max_lifetime", T_DURATION, 0, TYPED, .doc = "How long tokens are remembered." },
	{ "jwt_role_claim_key", T_STRING, 0, TYPED, .doc = "Claim that names the role; .sub when omitted." },
	{ "openapi_mode", T_ENUM, 0, .choices = openapi_modes, TYPED, .doc = "What the description shows." },
	{ "server_cors_allowed_origins", T_STRING, F_LIST, TYPED, .doc = "Origins that browsers may come from." },
	{ "server_timing_enabled", T_BOOL, 0, TYPED, .doc = "Send Server-Timing." },
	{ 0 },
};
static const struct message spec_message = { "DataApiDataApiSpec", spec_fields };

static const struct field status_fields[] = {
	{ "available_schemas", T_STRING, F_LIST | F_OUTPUT, TYPED, .doc = "Schemas that the database has." },
	{ "db_aggregates_enabled", T_BOOL, F_OUTPUT, TYPED, .doc = "Allow aggregates." },
	{ "db_anon_role", T_STRING, F_OUTPUT | F_WITHDRAWN, TYPED, .doc = "Only when set." },
	{ "db_extra_search_path", T_STRING, F_LIST | F_OUTPUT, TYPED, .doc = "More schemas to look names up in." },
	{ "db_max_rows", T_INT32, F_OUTPUT, TYPED, .doc = "Most rows of an answer." },
	{ "db_schemas", T_STRING, F_LIST | F_OUTPUT, TYPED, .doc = "Schemas that are served." },
	{ "jwt_cache_max_lifetime", T_DURATION, F_OUTPUT, TYPED, .doc = "How long tokens are remembered." },
	{ "jwt_role_claim_key", T_STRING, F_OUTPUT, TYPED, .doc = "Claim that names the role." },
	{ "openapi_mode", T_ENUM, F_OUTPUT, .choices = openapi_modes, TYPED, .doc = "What the description shows." },
	{ "server_cors_allowed_origins", T_STRING, F_LIST | F_OUTPUT, TYPED, .doc = "Origins that browsers may come from." },
	{ "server_timing_enabled", T_BOOL, F_OUTPUT, TYPED, .doc = "Send Server-Timing." },
	{ "url", T_STRING, F_OUTPUT, TYPED, .doc = "Where it is served; nothing answers there." },
	{ 0 },
};
static const struct message status_message = { "DataApiDataApiStatus", status_fields };

static const struct field fields[] = {
	FIELD_CREATE_TIME,
	FIELD_NAME,
	FIELD_PARENT,
	{ "spec", T_MESSAGE, F_INPUT | F_WHOLE, &spec_message, VERIFIED,
		.doc = "Updated as a whole only; `{}` reloads the schema cache." },
	FIELD_STATUS(&status_message, TYPED),
	FIELD_UPDATE_TIME,
	{ 0 },
};
static const struct message message = { "DataApi", fields };

static int settle(struct ctx *c, struct draft *d, struct err *e)
{
	const char *suffix = setting_str(&c->world->settings, SETTING_HOST_SUFFIX);
	json_t *s = d->status;
	int bad = 0;

	if (!doc_at(s, "db_aggregates_enabled"))
		bad |= doc_set_bool(s, "db_aggregates_enabled", true);
	if (!doc_at(s, "db_schemas"))
		bad |= doc_set(s, "db_schemas", json_pack("[s]", "public"));
	if (!doc_str(s, "jwt_role_claim_key"))
		bad |= doc_set_str(s, "jwt_role_claim_key", ".sub");
	bad |= doc_set_bool(s, "server_timing_enabled", doc_bool(s, "server_timing_enabled"));
	bad |= doc_set(s, "available_schemas", json_pack("[s]", "public"));
	bad |= doc_set_str(s, "url", arena_printf(c->arena, "https://%s/rest/%s", suffix, d->parent));
	return bad ? err_oom(e) : 0;
}

const struct resource data_api_resource = {
	.kind = "data_api",
	.label = "data api",
	.collection = "data-api",
	.noun = "DataApi",
	.plural = "DataApis",
	.parent = &database_resource,
	.message = &message,
	.spec = &spec_message,
	.status = &status_message,
	.verbs = VERB_CREATE | VERB_GET | VERB_UPDATE | VERB_DELETE,
	.flags = R_SINGLETON | R_NEEDS_BODY | R_USE_SUFFICES,
	.evidence = EVIDENCE_TYPED,
	.exists = SAY_DATA_API_EXISTS,
	.orphan = SAY_DATABASE_GONE,
	.quota = SETTING__N,
	.settle = settle,
};
