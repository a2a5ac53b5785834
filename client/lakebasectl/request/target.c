/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/request/target.h"
#include "lakebasectl/request/client.h"
#include "lakebasectl/input/kinds.h"
#include "lakebasectl/base/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The default branch of a project. NULL after a message. */
static char *branch_of(struct ctl *c, const char *project)
{
	struct lakebase_doc *doc = NULL;
	const char *branch;
	char *name = NULL;

	if (lakebase_get(&doc, c->lb, project)) {
		failed(c);
		return NULL;
	}
	branch = lakebase_doc_string(doc, "status.default_branch");
	if (branch)
		name = strdup(branch);
	else
		complain("%s has no default branch: name a branch, such as %s/production", project,
			c->args[0]);
	lakebase_doc_free(doc);
	return name;
}

/* The read-write endpoint of a branch, or else its first. NULL after a message. */
static char *endpoint_of(struct ctl *c, const char *branch)
{
	struct lakebase_pages *pages = NULL;
	struct lakebase_doc *item = NULL;
	char collection[1100], *name = NULL;
	bool best = false;
	int rc;

	snprintf(collection, sizeof(collection), "%s/endpoints", branch);
	rc = lakebase_list(&pages, c->lb, collection, NULL);
	while (!rc && !best && (rc = lakebase_pages_next(&item, pages)) == 0 && item) {
		const char *type = lakebase_doc_string(item, "status.endpoint_type");

		best = type && strcmp(type, "ENDPOINT_TYPE_READ_WRITE") == 0;
		if (best || !name) {
			free(name);
			name = strdup(lakebase_doc_string(item, "name"));
		}
		lakebase_doc_free(item);
	}
	lakebase_pages_free(pages);
	if (rc)
		failed(c);
	else if (!name)
		complain("%s has no endpoint: lakebasectl endpoint create makes one", branch);
	return name;
}

const struct lakebase_kind *target_kind(const char *target)
{
	static const char *const by_depth[] = { "projects", "branches", "endpoints" };
	const struct lakebase_kind *kind = lakebase_kind_of(target);
	size_t depth = 0;

	for (const char *p = target; *p; p++)
		depth += *p == '/';
	if (!kind && depth < ARRAY_SIZE(by_depth))
		kind = kind_named(by_depth[depth]);
	return kind;
}

char *target_endpoint(struct ctl *c)
{
	const struct lakebase_kind *kind = target_kind(c->args[0]);
	char *name, *next;

	if (!kind)
		kind = kind_named("endpoints");
	name = full_name(c, kind, c->args[0]);
	if (name && strcmp(kind->collection, "projects") == 0) {
		next = branch_of(c, name);
		free(name);
		name = next;
		kind = kind_named("branches");
	}
	if (name && strcmp(kind->collection, "branches") == 0) {
		next = endpoint_of(c, name);
		free(name);
		name = next;
	}
	return name;
}

