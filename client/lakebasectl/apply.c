/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `apply`: a tree of resources as one document, made true. Each node is read first: what is missing is
 * created, what differs is updated with a mask of just that, what matches is left alone.
 */
#include "lakebasectl/apply.h"
#include "lakebasectl/client.h"
#include "lakebasectl/json.h"
#include "lakebasectl/kinds.h"
#include "lakebasectl/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct apply {
	struct ctl *c;
	struct lakebase_call_options wait;
	size_t created, updated, unchanged;
};

static int apply_children(struct apply *a, const char *parent, const char *collection, const json_t *node);

static void say(struct apply *a, const char *what, const char *name, const char *more)
{
	clear_progress(&a->c->out);
	if (!a->c->option[OPT_QUIET])
		fprintf(stderr, "%-10s %s%s%s%s\n", what, name, more ? " (" : "", more ? more : "",
			more ? ")" : "");
}

/* What is sent for the node: its spec, and the inputs that only a creation takes. */
static char *body_of(const json_t *node, bool creating)
{
	json_t *body = json_pack("{s:O?}", "spec", json_object_get(node, "spec")), *value;
	const char *key;
	char *text;

	if (!json_is_object(json_object_get(body, "spec")))
		json_object_set_new(body, "spec", json_object());
	json_object_foreach((json_t *)node, key, value)
		if (creating && strncmp(key, "initial_", 8) == 0)
			json_object_set(body, key, value);
	text = json_dumps(body, JSON_COMPACT);
	json_decref(body);
	return text;
}

static int create(struct apply *a, const char *name, const json_t *node)
{
	char *body = body_of(node, true);
	int rc = EXIT_OK;

	if (!a->c->option[OPT_DRY_RUN] && lakebase_create(NULL, a->c->lb, name, body, &a->wait))
		rc = failed(a->c);
	if (!rc)
		say(a, "created", name, NULL);
	a->created += !rc;
	free(body);
	return rc;
}

static int update(struct apply *a, const char *name, const json_t *node, const struct lakebase_doc *found)
{
	char *body = body_of(node, false), *mask = NULL;
	int rc = EXIT_OK;

	if (lakebase_diff(&mask, body, found)) {
		rc = failed(a->c);
	} else if (!*mask) {
		say(a, "unchanged", name, NULL);
		a->unchanged++;
	} else {
		if (!a->c->option[OPT_DRY_RUN]
			&& lakebase_update(NULL, a->c->lb, name, body, mask, &a->wait))
			rc = failed(a->c);
		if (!rc)
			say(a, "updated", name, mask);
		a->updated += !rc;
	}
	lakebase_string_free(mask);
	free(body);
	return rc;
}

static int grant(struct apply *a, const char *name, const json_t *node)
{
	json_t *permissions = json_object_get(node, "permissions");
	char *body;
	int rc = EXIT_OK;

	if (!permissions || a->c->option[OPT_DRY_RUN])
		return EXIT_OK;
	body = json_dumps(permissions, JSON_COMPACT | JSON_ENCODE_ANY);
	if (lakebase_permissions_update(NULL, a->c->lb, name, body))
		rc = failed(a->c);
	free(body);
	return rc;
}

static int apply_node(struct apply *a, const char *parent, const struct lakebase_kind *kind,
	const json_t *node)
{
	const char *id = json_string_value(json_object_get(node, kind->id_parameter));
	struct lakebase_doc *found = NULL;
	char name[1024];
	int rc;

	if (!id)
		id = json_string_value(json_object_get(node, "id"));
	if (!id) {
		complain("a %s without \"%s\" (below %s)", kind->singular, kind->id_parameter,
			*parent ? parent : "the document");
		return EXIT_USAGE;
	}
	snprintf(name, sizeof(name), "%s%s%s/%s", parent, *parent ? "/" : "", kind->collection, id);
	rc = lakebase_get(&found, a->c->lb, name);
	if (rc == LAKEBASE_ENOTFOUND)
		rc = create(a, name, node);
	else
		rc = rc ? failed(a->c) : update(a, name, node, found);
	lakebase_doc_free(found);
	if (!rc && strcmp(kind->collection, "projects") == 0)
		rc = grant(a, name, node);
	return rc ? rc : apply_children(a, name, kind->collection, node);
}

/* The kinds below `collection` in their order: roles come before the databases that they own. */
static int apply_children(struct apply *a, const char *parent, const char *collection, const json_t *node)
{
	int rc = EXIT_OK;

	for (const struct lakebase_kind *k = lakebase_kinds(); !rc && k->collection; k++) {
		json_t *list = json_object_get(node, k->collection), *child;
		bool below = collection ? k->parent && strcmp(k->parent, collection) == 0 : !k->parent;
		size_t i;

		if (!list)
			continue;
		if (!below || !json_is_array(list)) {
			complain("\"%s\" %s", k->collection,
				below ? "is not a list" : "does not belong there");
			return EXIT_USAGE;
		}
		json_array_foreach(list, i, child)
			if (!rc)
				rc = apply_node(a, parent, k, child);
	}
	return rc;
}

int run_apply(struct ctl *c)
{
	struct apply a = { .c = c, .wait = LAKEBASE_CALL_OPTIONS_INIT };
	char from[1024];
	json_t *document;
	int rc;

	snprintf(from, sizeof(from), "%s%s", strcmp(c->args[0], "-") == 0 ? "" : "@", c->args[0]);
	document = read_json(from);
	if (!document)
		return EXIT_USAGE;
	call_options(c, &a.wait);
	a.wait.flags = LAKEBASE_WAIT;
	rc = connect_client(c);
	if (!rc && json_object_get(document, "project_id"))
		rc = apply_node(&a, "", kind_named("projects"), document);
	else if (!rc)
		rc = apply_children(&a, "", NULL, document);
	if (!rc && a.created + a.updated + a.unchanged == 0) {
		complain("%s holds nothing to apply: expected \"project_id\", or a list under \"projects\"",
			c->args[0]);
		rc = EXIT_USAGE;
	}
	if (!rc && wants_document(&c->out))
		printf("{\"created\":%zu,\"updated\":%zu,\"unchanged\":%zu}\n", a.created, a.updated,
			a.unchanged);
	json_decref(document);
	return rc;
}
