/* SPDX-License-Identifier: Apache-2.0 */
#include "lakebasectl/command/permissions.h"
#include "lakebasectl/request/client.h"
#include "lakebasectl/base/json.h"
#include "lakebasectl/input/kinds.h"
#include "lakebasectl/base/say.h"

#include <stdlib.h>
#include <string.h>

/* user:NAME=LEVEL as an entry of an access control list. NULL after a message. */
static json_t *read_grant(const char *text)
{
	static const char *const types[][2] = { { "user:", "user_name" }, { "group:", "group_name" },
		{ "sp:", "service_principal_name" } };
	const char *equals = strrchr(text, '=');

	for (size_t i = 0; equals && i < ARRAY_SIZE(types); i++) {
		size_t n = strlen(types[i][0]);

		if (strncmp(text, types[i][0], n) == 0 && equals > text + n)
			return json_pack("{s:s%, s:s}", types[i][1], text + n,
				(size_t)(equals - text) - n, "permission_level", equals + 1);
	}
	complain("'%s' is no grant: expected user:NAME=CAN_USE, group:NAME=... or sp:ID=CAN_MANAGE", text);
	return NULL;
}

int run_permission_update(struct ctl *c)
{
	char *project = full_name(c, kind_named("projects"), c->args[0]), *body = NULL;
	json_t *list = json_array(), *whole = json_pack("{s:o}", "access_control_list", list);
	struct lakebase_doc *doc = NULL;
	int rc = project && whole ? 0 : EXIT_USAGE;

	for (size_t i = 1; !rc && i < c->num_args; i++)
		if (json_array_append_new(list, read_grant(c->args[i])))
			rc = EXIT_USAGE;
	if (!rc)
		rc = connect_client(c);
	if (!rc) {
		body = json_dumps(whole, JSON_COMPACT);
		rc = (c->option[OPT_REPLACE_ALL] ? lakebase_permissions_set
						 : lakebase_permissions_update)(&doc, c->lb, project, body)
			? failed(c)
			: show(&c->out, doc);
	}
	lakebase_doc_free(doc);
	free(body);
	json_decref(whole);
	lakebase_string_free(project);
	return rc;
}

int run_permission_get(struct ctl *c)
{
	char *project = full_name(c, kind_named("projects"), c->args[0]);
	struct lakebase_doc *doc = NULL;
	json_t *json = NULL, *entry;
	size_t i;
	int rc;

	if (!project)
		return EXIT_USAGE;
	rc = connect_client(c);
	if (!rc && lakebase_permissions_get(&doc, c->lb, project))
		rc = failed(c);
	if (!rc && wants_document(&c->out)) {
		rc = show(&c->out, doc);
	} else if (!rc) {
		json = json_of(doc);
		/* one level per entry is what people look for */
		json_array_foreach(json_object_get(json, "access_control_list"), i, entry)
			json_object_update(entry,
				json_array_get(json_object_get(entry, "all_permissions"), 0));
		rc = show_list(&c->out, json_object_get(json, "access_control_list"),
			"LEVEL=permission_level,USER=user_name,GROUP=group_name,"
			"SERVICE PRINCIPAL=service_principal_name,INHERITED=inherited");
	}
	json_decref(json);
	lakebase_doc_free(doc);
	lakebase_string_free(project);
	return rc;
}
