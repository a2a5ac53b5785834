/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/document/predict.h"
#include "lakebasectl/document/document.h"
#include "lakebasectl/base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is(const struct lakebase_kind *kind, const char *collection)
{
	return kind && strcmp(kind->collection, collection) == 0;
}

void predict_known(struct prediction *here, const struct prediction *above,
	const struct lakebase_kind *kind, const json_t *node, const char *name)
{
	*here = (struct prediction){ .is_new = above->is_new, .kind = kind,
		.project = is(kind, "projects") ? node : above->project };
	here->is_default = above->is_new && is(kind, "branches");
	(void)name;
}

void predict_new(struct prediction *here, const struct prediction *above, const struct lakebase_kind *kind,
	const json_t *node, const char *name, bool dry)
{
	const char *source = json_string_value(at(node, "spec.source_branch"));

	*here = (struct prediction){ .is_new = dry, .kind = kind,
		.project = is(kind, "projects") ? node : above->project };
	if (!is(kind, "branches") || above->is_new)
		return;
	if (source)
		snprintf(here->source, sizeof(here->source), "%s", source);
	else
		snprintf(here->source, sizeof(here->source), "%.*s/branches/production",
			(int)(strstr(name, "/branches/") - name), name);
}

static int wrap(struct lakebase_doc **found, json_t *json)
{
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	int rc = text ? lakebase_doc_parse(found, text, strlen(text)) : LAKEBASE_ENOMEM;

	free(text);
	json_decref(json);
	return rc;
}

/* The branch that every project begins with. */
static int first_branch(struct lakebase_doc **found, const json_t *project)
{
	const json_t *is_protected = at(project, "initial_branch_spec.is_protected");

	return wrap(found, json_pack("{s:{s:b}}", "status", "is_protected", json_is_true(is_protected)));
}

/* The endpoint that every branch begins with: the project's settings, or else the service's own. */
static int first_endpoint(struct lakebase_doc **found, const json_t *project)
{
	json_t *status = json_pack("{s:s, s:b, s:i, s:i, s:s, s:{s:i, s:i, s:b}}", "endpoint_type",
		"ENDPOINT_TYPE_READ_WRITE", "disabled", 0, "autoscaling_limit_min_cu", 1,
		"autoscaling_limit_max_cu", 1, "suspend_timeout_duration", "86400s", "group", "min", 1,
		"max", 1,
		"enable_readable_secondaries", 0);
	const json_t *own = at(project, "spec.default_endpoint_settings");
	const json_t *initial = at(project, "initial_endpoint_spec");

	json_object_update(status, (json_t *)own);
	json_object_update(status, (json_t *)initial);
	if (json_is_true(at(status, "no_suspension")))
		json_object_set_new(status, "suspend_timeout_duration", json_string("0s"));
	return wrap(found, json_pack("{s:o}", "status", status));
}

int predict(struct lakebase_doc **found, struct lakebase *lb, const struct prediction *above,
	const struct lakebase_kind *kind, const json_t *node)
{
	const char *id = document_id(kind, node);
	char name[2048];

	*found = NULL;
	if (is(kind, "branches") && strcmp(id, "production") == 0)
		return first_branch(found, above->project);
	if (is(kind, "endpoints") && strcmp(id, "primary") == 0)
		return first_endpoint(found, above->project);
	if (is(kind, "databases") && strcmp(id, "databricks-postgres") == 0)
		return wrap(found,
			json_pack("{s:{s:s}}", "status", "postgres_database", "databricks_postgres"));
	/* roles and databases come along from the branch that this one is made of */
	if (!*above->source || !(is(kind, "roles") || is(kind, "databases")))
		return LAKEBASE_ENOTFOUND;
	snprintf(name, sizeof(name), "%.900s/%s/%.900s", above->source, kind->collection, id);
	return lakebase_get(found, lb, name);
}

bool predict_is_made_with_parent(const struct lakebase_kind *kind, const struct lakebase_doc *resource)
{
	const char *type = lakebase_doc_string(resource, "status.endpoint_type");
	const char *database = lakebase_doc_string(resource, "status.postgres_database");
	const char *role = lakebase_doc_string(resource, "status.identity_type");

	if (is(kind, "branches"))
		return lakebase_doc_bool(resource, "status.default", false);
	if (is(kind, "endpoints"))
		return type && strcmp(type, "ENDPOINT_TYPE_READ_WRITE") == 0;
	if (is(kind, "databases"))
		return database && strcmp(database, "databricks_postgres") == 0;
	/* identities of people get their role from the service: the project's owner */
	return is(kind, "roles") && role && strcmp(role, "USER") == 0;
}
